"""The rules in words: what each asks, what it leads to, and what it does when something is not known."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from benzotaper import datafiles
from benzotaper.datafiles import Row
from benzotaper.errors import look_up, refuse_faults

KINDS = ("pace_limit", "contraindication", "caution", "slow", "pause", "red_flag", "resume", "followup")
DIRECTIVES = ("NONE", "SLOW", "HOLD", "BLOCK_START")
"""From the mildest to the strictest; none of them stops a drug, goes faster or raises a dose."""
IF_UNKNOWN = ("NOTE", "REVIEW", "ASK_NOW", "HOLD_UNTIL_KNOWN", "BLOCK_START")
GATES = ("plan", "start", "step")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, in words.

    Attributes:
        id: such as "PL-01".
        kind: one of `KINDS`.
        condition: when it holds, in words.
        urgency: how soon somebody must act, in words; "PLAN_CHECK" = looked at when a plan is made.
        directive: what it asks of the taper, one of `DIRECTIVES`.
        gate: the permissions that it guards, out of `GATES`; may be empty.
        latched: whether it stays until a named clinician clears it.
        prescriber_decides_dose: whether not even the current dose may be taken for safe.
        action: what to do, in words.
        source_id: its source.
        grade: "seen", "secondary" or "recalled" (unverified).
        threshold_origin: who gives its numbers; "house" = the project, to be confirmed by a clinician.
        if_unknown: what happens where a fact is missing, one of `IF_UNKNOWN`.
    """

    id: str
    kind: str
    condition: str
    urgency: str
    directive: str
    gate: tuple[str, ...]
    latched: bool
    prescriber_decides_dose: bool
    action: str
    source_id: str
    grade: str
    threshold_origin: str
    if_unknown: str

    @property
    def severity(self) -> Literal["red", "warning"]:
        """How grave it is where it is found in a schedule: red where it blocks the start."""
        return "red" if self.directive == "BLOCK_START" else "warning"


def rule(rule_id: str) -> Rule:
    """The rule that has this id.

    Raises:
        UnknownIdError: no such rule; near ids are suggested.

    >>> rule("PL-02").directive, rule("PL-02").source_id
    ('NONE', 'ASAM_PATIENT_2025')
    """
    return look_up(rule_id, _shipped(), kind="rule", where="bt.rule_ids()")


def rule_ids() -> tuple[str, ...]:
    """The ids of all rules, in the order of the file.

    >>> len(rule_ids())
    80
    """
    return tuple(_shipped())


def _yes(cell: str) -> bool:
    return bool(datafiles.one_of("yes", "no")(cell) == "yes")


def _gate(cell: str) -> tuple[str, ...]:
    one_gate = datafiles.one_of(*GATES)
    return tuple(one_gate(part) for part in cell.split())


_COLUMNS: dict[str, datafiles.Reader] = {
    "rule_id": datafiles.word,
    "kind": datafiles.one_of(*KINDS),
    "condition": datafiles.word,
    "urgency": datafiles.word,
    "directive": datafiles.one_of(*DIRECTIVES),
    "gate": _gate,
    "latched": _yes,
    "prescriber_decides_dose": _yes,
    "action": datafiles.word,
    "source_id": datafiles.word,
    "grade": datafiles.one_of("seen", "secondary", "recalled"),
    "threshold_origin": datafiles.one_of("guideline", "label", "instrument", "mixed", "house"),
    "if_unknown": datafiles.one_of(*IF_UNKNOWN),
}


@cache
def _shipped() -> Mapping[str, Rule]:
    return read_rules(datafiles.shipped("rules.csv"))


def read_rules(text: str) -> dict[str, Rule]:
    """The rules of a CSV text, by id.

    Raises:
        DataError: with all faults and their rows.
    """
    rules: dict[str, Rule] = {}
    faults = []
    for number, row in enumerate(datafiles.read_csv(text, _COLUMNS, file="rules.csv"), start=2):
        if row["rule_id"] in rules:
            faults.append(f"row {number}: rule {row['rule_id']!r} is already there")
        rules[row["rule_id"]] = _rule(row)
    refuse_faults("rules.csv", faults)
    return rules


def _rule(row: Row) -> Rule:
    return Rule(id=row["rule_id"], **{name: value for name, value in row.items() if name != "rule_id"})
