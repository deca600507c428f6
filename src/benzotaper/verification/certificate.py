"""What a checker found: one record a check, and the certificate that holds them all."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["holds", "fails", "does not apply"]
SHOWN = 3
"""So many faults a check names; it counts the rest."""
OWN_SEAL = "certificate_sha256"
"""The field by which a change of a certificate is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question about a plan, and its answer.

    Attributes:
        name: what was asked, such as "no dose rises".
        verdict: "holds", "fails" or "does not apply".
        evidence: the figures behind it, in words; of a failure each place, up to three.
    """

    name: str
    verdict: Verdict
    evidence: str

    def __str__(self) -> str:
        return f"{self.verdict:14} {self.name}: {self.evidence}"


def checked(name: str, faults: Iterable[str], *, held: str) -> Check:
    """The check as it came out: it fails where there is a fault.

    Args:
        name: what was asked.
        faults: each fault, in words.
        held: the evidence where there is none.

    >>> checked("ending", ["it goes on"], held="it ends").verdict
    'fails'
    """
    found = list(faults)
    if not found:
        return Check(name=name, verdict="holds", evidence=held)
    more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return Check(name=name, verdict="fails", evidence="; ".join(found[:SHOWN] + more))


def not_applicable(name: str, why: str) -> Check:
    """A check that this plan gives no occasion for, and why.

    >>> str(not_applicable("number of pieces", "not dispensed"))
    'does not apply number of pieces: not dispensed'
    """
    return Check(name=name, verdict="does not apply", evidence=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What an independent checker found in a plan. It proves arithmetic; a named prescriber decides.

    Attributes:
        checks: every check, in order, with its verdict and its evidence.
        content_sha256: SHA-256 (hex) of the plan's content, as the checker worked it out itself.
        verified_by: name and version of the checker, of the package and of its facts.
        not_checked: what was not looked at, in words.

    >>> from benzotaper import Linear, taper, verify
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> verify(plan).ok
    True
    """

    checks: tuple[Check, ...]
    content_sha256: str
    verified_by: str
    not_checked: tuple[str, ...]

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that fail."""
        return tuple(check for check in self.checks if check.verdict == "fails")

    @property
    def ok(self) -> bool:
        """Whether no check fails."""
        return not self.failures

    def __getitem__(self, name: str) -> Check:
        """The check of this name.

        Raises:
            KeyError: there is none.
        """
        found = {check.name: check for check in self.checks}
        return found[name]

    def to_dict(self) -> dict[str, object]:
        """The certificate as a JSON document, with a seal of its own."""
        content: dict[str, object] = {
            "verified_by": self.verified_by,
            "content_sha256": self.content_sha256,
            "ok": self.ok,
            "checks": [{"name": c.name, "verdict": c.verdict, "evidence": c.evidence} for c in self.checks],
            "not_checked": list(self.not_checked),
        }
        return content | {OWN_SEAL: sha256_of(content)}

    def to_json(self) -> str:
        """The certificate as JSON text, ended by a line feed."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n"

    def _summary(self) -> str:
        verdicts = [check.verdict for check in self.checks]
        counts = f"{verdicts.count('holds')} hold, {len(self.failures)} fail"
        idle = verdicts.count("does not apply")
        return f"{len(verdicts)} checks: {counts}" + (f", {idle} do not apply" if idle else "")

    def __str__(self) -> str:
        lines = [
            f"Certificate: {'no fault found' if self.ok else 'FAULTS FOUND'}; {self._summary()}",
            *(f"  {check}" for check in self.checks),
            "Not checked:",
            *(f"  - {what}" for what in self.not_checked),
            f"Content SHA-256 {self.content_sha256}",
            f"Verified by {self.verified_by}",
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(c.verdict)}</td><td>{escape(c.name)}</td><td>{escape(c.evidence)}</td></tr>"
            for c in self.checks
        )
        rest = "".join(f"<li>{escape(what)}</li>" for what in self.not_checked)
        told = f"{'No fault found' if self.ok else 'Faults found'}: {escape(self._summary())}"
        head = "<thead><tr><th>verdict</th><th>check</th><th>evidence</th></tr></thead>"
        return (
            f"<div><p><strong>{told}</strong></p><table>{head}<tbody>{rows}</tbody></table>"
            f"<p>Not checked:</p><ul>{rest}</ul><p>Content SHA-256 <code>{escape(self.content_sha256)}</code>; "
            f"verified by {escape(self.verified_by)}</p></div>"
        )


def sha256_of(content: object) -> str:
    """The SHA-256 (hex) of JSON values in the canonical form of RFC 8785; all numbers are whole, all names plain.

    >>> sha256_of({})[:12]
    '44136fa355b3'
    """
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
