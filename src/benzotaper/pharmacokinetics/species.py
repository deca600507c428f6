"""What acts of one drug: its own level and that of its active metabolite, with the half-lives that were chosen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any, TypeAlias

from benzotaper.drugs import drug_named
from benzotaper.errors import KineticsError
from benzotaper.numbers import decimal_text, number_text, read_decimal
from benzotaper.pharmacokinetics.facts import NO_METABOLITE, USUAL, kinetics_of
from benzotaper.pharmacokinetics.model import followed, formed, left, moved, rate_per_day, together
from benzotaper.unknown import Unknown

LIMITS = (
    "Levels are relative averages of a one-compartment model: 100 % is the steady state of the starting dose. No "
    "absolute level, no peak and no effect is modelled, and half-lives differ several-fold between people."
)
ByDrug: TypeAlias = str | Mapping[str, str]
"""What is chosen for all drugs alike, or by drug."""
Level: TypeAlias = tuple[float, float | Unknown, float | Unknown]
"""The levels of the drug, of its metabolite, and of both, in %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """The model of one drug, with what was chosen for it.

    Attributes:
        drug: the drug.
        species: what its half-life is of.
        which: what the caller named: "usual", "low", "high", "elderly" or hours.
        half_life_h: its half-life (h).
        metabolite: the active metabolite; "" for none.
        metabolite_half_life_h: its half-life (h).
        weight: the metabolite's level at steady state times its potency, both by those of the drug.
        quality: "A", "B" or "C".
        source_ids: sources, for `cite`.
        warnings: what a reader must know.
    """

    drug: str
    species: str
    which: str
    half_life_h: Fraction
    metabolite: str
    metabolite_half_life_h: Fraction | Unknown
    weight: Fraction | Unknown
    quality: str
    source_ids: tuple[str, ...]
    warnings: tuple[str, ...]

    def along(self, doses: Sequence[float], *, begins: float) -> Iterator[Level]:
        """The levels day by day.

        Args:
            doses: the dose of each day, by the full one.
            begins: the dose before them, whose steady state is the level at the beginning.
        """
        rate = rate_per_day(self.half_life_h)
        own = None if isinstance(self.metabolite_half_life_h, Unknown) else rate_per_day(self.metabolite_half_life_h)
        parent = metabolite = begins
        for dose, run in groupby(doses):
            first, after = parent, metabolite
            for days, _ in enumerate(run, start=1):  # each day from the beginning of its run: no error adds up
                parent = moved(first, dose, left(days, rate))
                if own is not None:
                    metabolite = followed(after, first, dose, left(days, own), formed(days, rate, own))
                yield self._level(parent, metabolite)

    def _level(self, parent: float, metabolite: float) -> Level:
        if isinstance(self.metabolite_half_life_h, Unknown):
            why = self.metabolite_half_life_h
            # without an active metabolite the drug itself is all that acts
            return 100 * parent, why, why if self.metabolite else 100 * parent
        if isinstance(self.weight, Unknown):
            return 100 * parent, 100 * metabolite, self.weight
        return 100 * parent, 100 * metabolite, 100 * together(parent, metabolite, self.weight)

    def __str__(self) -> str:
        whose = "" if self.species == self.drug else f" ({self.species})"
        said = f"{self.drug}{whose}: half-life {decimal_text(self.half_life_h)} h, {self.which}"
        if self.metabolite:
            known = self.metabolite_half_life_h
            length = f"half-life {known.reason}" if isinstance(known, Unknown) else f"half-life {decimal_text(known)} h"
            said += f"; {self.metabolite}: {length}"
        return f"{said}; quality {self.quality}."

    def to_dict(self) -> dict[str, Any]:
        """Plain values; exact numbers as text, what is unknown with its reason."""
        return {
            "drug": self.drug,
            "species": self.species,
            "half_life": self.which,
            "half_life_h": number_text(self.half_life_h),
            "metabolite": self.metabolite,
            "metabolite_half_life_h": _plain(self.metabolite_half_life_h),
            "weight": _plain(self.weight),
            "quality": self.quality,
            "sources": list(self.source_ids),
        }


def _plain(value: Fraction | Unknown) -> Any:
    return {"unknown": value.reason} if isinstance(value, Unknown) else number_text(value)


def acting(drug: str, *, half_life: str, metabolite_half_life: str, potency: str) -> Acting:
    """The model of one drug.

    Args:
        drug: any name of it.
        half_life: "usual", "low", "high", "elderly" or hours such as "60 h".
        metabolite_half_life: the same of its active metabolite.
        potency: the metabolite's potency by that of the drug, such as "0.5"; "" for that of the data.

    Raises:
        KineticsError: the half-life is not known, or something cannot be read.

    >>> acting("clobazam", half_life="usual", metabolite_half_life="usual", potency="").weight
    Fraction(2, 1)
    """
    known = kinetics_of(drug)
    own = known.metabolite_half_life_h(metabolite_half_life)
    strength = _potency(potency, known.metabolite, drug=known.drug) if potency else known.potency
    warnings = [known.warning] if known.warning else []
    if known.metabolite and isinstance(own, Unknown):
        warnings.append(
            f"{known.metabolite} acts too, but its half-life is {own.reason}: the level of {known.drug} is shown alone."
        )
    return Acting(
        drug=known.drug,
        species=known.species,
        which=half_life,
        half_life_h=known.half_life_h(half_life),
        metabolite=known.metabolite,
        metabolite_half_life_h=own,
        weight=_weight(known.metabolite, known.ratio, strength),
        quality=known.quality,
        source_ids=known.source_ids,
        warnings=tuple(warnings),
    )


def chosen_for(
    drugs: Sequence[str], *, half_life: ByDrug, metabolite_half_life: ByDrug, potency: ByDrug
) -> dict[str, dict[str, str]]:
    """What is chosen for each of some drugs, as `acting` takes it.

    Args:
        drugs: the drugs, by their own names.
        half_life: for all of them alike, or by drug.
        metabolite_half_life: the same.
        potency: the same.

    Raises:
        KineticsError: a number for several drugs, a drug that is not among them, or one that is given twice.
        UnknownDrugError: a name that is none.

    >>> chosen_for(["diazepam"], half_life={"Valium": "60 h"}, metabolite_half_life="usual", potency="")
    {'diazepam': {'half_life': '60 h', 'metabolite_half_life': 'usual', 'potency': ''}}
    """
    given = {"half_life": half_life, "metabolite_half_life": metabolite_half_life, "potency": potency}
    by_drug = {what: _by_drug(value, drugs, what=what) for what, value in given.items()}
    defaults = {"half_life": USUAL, "metabolite_half_life": USUAL, "potency": ""}
    return {drug: {what: by_drug[what].get(drug, default) for what, default in defaults.items()} for drug in drugs}


def _by_drug(given: object, drugs: Sequence[str], *, what: str) -> dict[str, str]:
    if isinstance(given, Mapping):
        found: dict[str, str] = {}
        for name, value in given.items():
            drug = drug_named(name).name
            if drug in found or drug not in drugs:
                why = "is given twice" if drug in found else f"is not among the drugs here: {', '.join(drugs)}"
                raise KineticsError(f"{what}={given!r}: {drug} {why}; leave it out", drug=drug)
            found[drug] = str(value)
        return found
    if not isinstance(given, str):
        raise KineticsError(f"{what}={given!r} must be text with its unit", drug=", ".join(drugs))
    if len(drugs) > 1 and any(c.isdecimal() for c in given):
        message = f"{what}={given!r} cannot stand for several drugs; give it by drug, such as {{{drugs[0]!r}: ...}}"
        raise KineticsError(message, drug=", ".join(drugs))
    return dict.fromkeys(drugs, given)


def _potency(given: str, metabolite: str, *, drug: str) -> Fraction:
    if not metabolite:
        message = f"potency={given!r} is given, but the data have no active metabolite of {drug}; leave it out"
        raise KineticsError(message, drug=drug)
    return read_decimal(given, error=KineticsError)


def _weight(metabolite: str, ratio: Fraction | Unknown, potency: Fraction | Unknown) -> Fraction | Unknown:
    if not metabolite:
        return NO_METABOLITE
    if isinstance(ratio, Unknown):
        return Unknown(f"the level of {metabolite} at steady state is {ratio.reason}")
    if isinstance(potency, Unknown):
        return Unknown(f"the potency of {metabolite} is {potency.reason}; give potency=")
    return ratio * potency
