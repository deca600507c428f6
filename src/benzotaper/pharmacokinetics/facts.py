"""What the data know about how fast the level of each drug, and of its active metabolite, follows a change of dose."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from types import MappingProxyType

from benzotaper import datafiles
from benzotaper.datafiles import Row
from benzotaper.drugs import drug_named
from benzotaper.errors import KineticsError, did_you_mean, hint
from benzotaper.numbers import decimal_text, read_decimal
from benzotaper.unknown import Unknown

FILE = "pharmacokinetics.csv"
WHICH = ("usual", "low", "high", "elderly")
"""The half-lives that the data may have."""
USUAL = "usual"
POOR = "C"
"""The quality that is shown with a warning."""
NO_METABOLITE = Unknown("the data have no active metabolite with a half-life")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinetics:
    """What the data know about one drug.

    Attributes:
        drug: its own name.
        species: what its half-life is of, in words: the drug ("parent") or an active metabolite.
        half_lives_h: its half-lives by `WHICH` (h).
        metabolite: the active metabolite; "" where there is none of importance, or it is what `species` says.
        metabolite_half_lives_h: those of the metabolite (h).
        ratio: the metabolite's level by that of the parent, at steady state.
        potency: the metabolite's potency by that of the parent.
        quality: "A", "B", or "C": one compartment describes it poorly.
        grade: "seen" or "secondary".
        source_ids: sources, for `cite`.
        note: how it was checked, and its limits.
    """

    drug: str
    species: str
    half_lives_h: Mapping[str, Fraction | Unknown]
    metabolite: str
    metabolite_half_lives_h: Mapping[str, Fraction | Unknown]
    ratio: Fraction | Unknown
    potency: Fraction | Unknown
    quality: str
    grade: str
    source_ids: tuple[str, ...]
    note: str

    @property
    def warning(self) -> str:
        """What a reader must know before believing its levels; "" where that is nothing.

        >>> kinetics_of("estazolam").warning[:63]
        'estazolam is of quality C: one compartment describes it poorly.'
        """
        if self.quality != POOR:
            return ""
        return f"{self.drug} is of quality {POOR}: one compartment describes it poorly. {self.note}"

    def half_life_h(self, given: str) -> Fraction:
        """The half-life that a caller means (h).

        Args:
            given: one of `WHICH`, or hours such as "60 h".

        Raises:
            KineticsError: it is not known, or cannot be read.

        >>> kinetics_of("diazepam").half_life_h("elderly")
        Fraction(72, 1)
        """
        found = _read_half_life(given, self.half_lives_h, of=self.drug)
        if isinstance(found, Unknown):
            known = [f"{name} {decimal_text(v)} h" for name, v in self.half_lives_h.items() if isinstance(v, Fraction)]
            message = (
                f"the {given} half-life of {self.drug} is {found.reason}; known are {', '.join(known)}; give one of "
                "them, or hours such as '60 h'"
            )
            raise KineticsError(message, drug=self.drug)
        return found

    def metabolite_half_life_h(self, given: str) -> Fraction | Unknown:
        """The half-life of the active metabolite (h); unknown where the data have none."""
        if not self.metabolite:
            return NO_METABOLITE
        return _read_half_life(given, self.metabolite_half_lives_h, of=self.metabolite)


def _read_half_life(given: object, known: Mapping[str, Fraction | Unknown], *, of: str) -> Fraction | Unknown:
    if isinstance(given, str) and given in known:
        return known[given]
    number = given.strip().removesuffix("h").strip() if isinstance(given, str) else ""
    if not isinstance(given, str) or not given.strip().endswith("h") or not number[:1].isdecimal():
        near = hint(did_you_mean(str(given), WHICH))
        message = f"half-life {given!r} of {of} cannot be read{near}; give one of {', '.join(WHICH)}, or such as '60 h'"
        raise KineticsError(message, drug=of)
    hours = read_decimal(number, error=KineticsError, said=given)
    if not hours:
        raise KineticsError(f"half-life {given!r} of {of} must be above 0 h", drug=of)
    return hours


def kinetics_of(drug: str) -> Kinetics:
    """What the data know about a drug.

    Args:
        drug: any name of it.

    Raises:
        UnknownDrugError, ReleaseError: as `drug_named`.
        KineticsError: the data have nothing about it.

    >>> kinetics_of("Klonopin").quality
    'A'
    """
    name = drug_named(drug).name
    known = _shipped()
    if name not in known:
        message = (
            f"levels of {name} cannot be modelled: its kinetics are not captured; the data have {', '.join(known)}"
        )
        raise KineticsError(message, drug=name)
    return known[name]


def _species(cell: str) -> str:
    return datafiles.word(cell).removesuffix(" (active species)")


_COLUMNS: Mapping[str, datafiles.Reader] = {
    "drug": datafiles.word,
    "input_species": _species,
    "F": datafiles.positive_or_unknown,
    "lag_h": datafiles.text,
    "ka_per_h": datafiles.positive_or_unknown,
    "ka_basis": datafiles.text,
    "t_half_h": datafiles.positive,
    "t_half_low": datafiles.positive_or_unknown,
    "t_half_high": datafiles.positive_or_unknown,
    "t_half_elderly": datafiles.positive_or_unknown,
    "V_F_L_per_kg": datafiles.positive_or_unknown,
    "CL_F_mL_min_kg": datafiles.positive_or_unknown,
    "effect_species": datafiles.word,
    "metabolite": datafiles.word,
    "met_t_half_h": datafiles.positive_or_unknown,
    "met_t_half_low": datafiles.positive_or_unknown,
    "met_t_half_high": datafiles.positive_or_unknown,
    "met_Css_ratio": datafiles.positive_or_unknown,
    "met_rel_potency": datafiles.positive_or_unknown,
    "quality": datafiles.one_of("A", "B", "C"),
    "grade": datafiles.one_of("seen", "secondary"),
    "source_ids": datafiles.ids,
    "check_note": datafiles.text,
}


@cache
def _shipped() -> Mapping[str, Kinetics]:
    return MappingProxyType({row["drug"]: _kinetics(row) for row in datafiles.shipped_rows(FILE, _COLUMNS)})


def _kinetics(row: Row) -> Kinetics:
    usual = row["met_t_half_h"], row["met_t_half_low"], row["met_t_half_high"]
    return Kinetics(
        drug=row["drug"],
        species=row["drug"] if row["input_species"] == "parent" else row["input_species"],
        half_lives_h=_by_which(row["t_half_h"], row["t_half_low"], row["t_half_high"], row["t_half_elderly"]),
        # only where the data say that it acts
        metabolite=row["metabolite"] if "+" in row["effect_species"] else "",
        metabolite_half_lives_h=_by_which(*usual, Unknown("not captured")),
        ratio=row["met_Css_ratio"],
        potency=row["met_rel_potency"],
        quality=row["quality"],
        grade=row["grade"],
        source_ids=row["source_ids"],
        note=row["check_note"],
    )


def _by_which(*values: Fraction | Unknown) -> Mapping[str, Fraction | Unknown]:
    return MappingProxyType(dict(zip(WHICH, values, strict=True)))
