"""Exact doses: whole nanograms, read from what people write and printed as they should read it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol, Self, TypeAlias

from benzotaper.errors import DoseError
from benzotaper.numbers import decimal_text, exact, read_decimal

NG_PER_MG = 1_000_000
# Plausibility of a typed number, not a clinical limit: project default, confirm.
LARGEST_MG = 1000

NG_PER_UNIT = {"mg": NG_PER_MG, "mcg": 1000, "ug": 1000, "µg": 1000, "μg": 1000, "g": 1000 * NG_PER_MG}
_WHY_NOT = {
    "Mg": "'Mg' is megagram; milligram is 'mg'",
    "MG": "'MG' is not a unit; milligram is 'mg'",
    "mG": "'mG' is not a unit; milligram is 'mg'",
    "G": "'G' is not a unit; gram is 'g'",
    "ng": "nanograms are not how doses are written; use 'mcg' or 'mg'",
    "ml": "a volume is not a dose; give the amount of drug in 'mg'",
    "mL": "a volume is not a dose; give the amount of drug in 'mg'",
    "mg/mL": "a concentration is not a dose; give the amount of drug in 'mg'",
}
_NUMBER_AND_UNIT = re.compile(r"\s*([-−+]?[0-9.,]*(?:nan|inf(?:inity)?)?)\s*(.*?)\s*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, order=True, init=False)
class Dose:
    """An exact amount of drug.

    Args:
        mg: milligrams, as text, whole number, `Decimal` or `Fraction`; zero or more.

    Attributes:
        ng: whole nanograms.

    Raises:
        DoseError: not exact, negative, above 1000 mg or finer than a nanogram.

    >>> Dose(mg="0.5")
    Dose(mg='0.5')
    >>> print(Dose(mg="0.5"))
    0.5 mg
    """

    ng: int

    def __init__(self, *, mg: str | int | Decimal | Fraction) -> None:
        object.__setattr__(self, "ng", _whole_ng(exact(mg, error=DoseError) * NG_PER_MG, mg))

    @classmethod
    def of_ng(cls, ng: int) -> Self:
        """The dose of so many whole nanograms, which must be zero or more; unchecked, for exact arithmetic."""
        dose = object.__new__(cls)
        object.__setattr__(dose, "ng", ng)
        return dose

    @property
    def mg(self) -> Fraction:
        """Milligrams, exact."""
        return Fraction(self.ng, NG_PER_MG)

    def __str__(self) -> str:
        return f"{mg_text(self.ng)} mg"

    def __repr__(self) -> str:
        return f"Dose(mg='{mg_text(self.ng)}')"


class QuantityLike(Protocol):
    """A pint quantity of any registry."""

    @property
    def magnitude(self) -> Any:
        """The number."""

    @property
    def units(self) -> Any:
        """The unit."""


DoseLike: TypeAlias = Dose | str | QuantityLike


def mg_text(ng: int | Fraction) -> str:
    """Milligrams of so many nanograms, for reading: no noise, no trailing zeros.

    >>> mg_text(1_250_000)
    '1.25'
    """
    if type(ng) is int and ng >= 0:
        whole, rest = divmod(ng, NG_PER_MG)
        return f"{whole}.{rest:06d}".rstrip("0") if rest else str(whole)
    return decimal_text(Fraction(ng) / NG_PER_MG)


def read_dose(value: DoseLike, *, zero: bool = False) -> Dose:
    """Read a dose: text with its unit, a pint quantity of any registry, or a `Dose`.

    Args:
        value: such as ``"0.5 mg"``, ``"500 mcg"``, ``"0,5 mg"``.
        zero: whether 0 is allowed.

    Raises:
        DoseError: no unit, unknown unit, not a number, ambiguous, zero, negative, above 1000 mg, too fine.

    >>> read_dose("500 µg") == read_dose("0,5 mg") == Dose(mg="0.5")
    True
    """
    if isinstance(value, Dose):
        dose = value
    elif isinstance(value, str):
        dose = _read_text(value)
    elif hasattr(value, "magnitude") and hasattr(value, "units"):
        from benzotaper.units import ng_of_quantity  # noqa: PLC0415  pint loads only when a quantity comes in

        dose = Dose.of_ng(_whole_ng(ng_of_quantity(value), value))
    else:
        raise DoseError(f"{value!r}: a dose needs a unit; write it as text, such as '5 mg'", value=value)
    if not dose.ng and not zero:
        raise DoseError(f"{value!r} is zero; a dose here is above 0 mg", value=value)
    return dose


def _read_text(text: str) -> Dose:
    """Read number and unit; the unit is judged first, because a wrong one is the graver slip."""
    number, unit = _NUMBER_AND_UNIT.fullmatch(text).groups()  # type: ignore[union-attr]  # the pattern takes any text
    if not unit and number:
        raise DoseError(f"{text!r}: a dose needs a unit, such as '{number} mg'", value=text)
    if not number:
        raise DoseError(f"{text!r} is no dose; write a number and a unit, such as '5 mg'", value=text)
    if unit not in NG_PER_UNIT:
        why = _WHY_NOT.get(unit, f"{unit!r} is not a unit of dose; use mg, mcg or g")
        raise DoseError(f"{text!r} cannot be read: {why}", value=text)
    return Dose.of_ng(_whole_ng(read_decimal(number, error=DoseError, said=text) * NG_PER_UNIT[unit], text))


def _whole_ng(ng: Fraction, value: object) -> int:
    """Check range and fineness of an amount in nanograms."""
    whole = ng.numerator
    if ng.denominator == 1 and 0 <= whole <= LARGEST_MG * NG_PER_MG:
        return whole
    if ng < 0:
        raise DoseError(f"{value!r} is negative; a dose is 0 mg or more", value=value)
    if ng > LARGEST_MG * NG_PER_MG:
        message = f"{value!r} is above {LARGEST_MG} mg, more than any dose here; check the number and the unit"
        raise DoseError(message, value=value)
    raise DoseError(f"{value!r} is finer than a nanogram (0.000001 mg); give fewer digits", value=value)
