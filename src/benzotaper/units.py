"""Quantities of pint at the edge: the only module that imports pint, and only when a quantity comes in or goes out."""

from decimal import Decimal
from fractions import Fraction
from functools import cache
from numbers import Integral, Rational, Real
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from benzotaper.errors import DoseError

if TYPE_CHECKING:
    import pint

NG_PER_UNIT_NAME = {"gram": 1_000_000_000, "milligram": 1_000_000, "microgram": 1000}
"""Nanograms in each unit of dose, by the name that pint gives it."""
MOST_PLACES = 30  # digits before and after the point: above this a number is a slip, and would take hours to expand

# No prefixes: what is not written here does not exist, so that a megagram cannot be read for a milligram.
DEFINITIONS = (
    "gram = [mass] = g",
    "milligram = gram / 1000 = mg",
    "microgram = milligram / 1000 = mcg = ug = µg = μg",
    "milliliter = [volume] = mL = millilitre",
    "day = [time]",
    "week = 7 * day",
)
"""All units of the registry. The micro sign and the Greek letter mu look alike and are both read."""


class HasMilligrams(Protocol):
    """A dose: anything that knows its exact milligrams."""

    @property
    def mg(self) -> Fraction:
        """Milligrams, exact."""


@cache
def registry() -> "pint.UnitRegistry[Any]":
    """The closed registry: g, mg, mcg (ug, µg), mL, day and week, their long names, and nothing else; exact numbers.

    Names are case-sensitive and there are no prefixes: ``"1 Mg"`` and ``"1 MG"`` are refused by pint.

    >>> print(registry().Quantity("500 mcg").to("mg"))
    1/2 milligram
    >>> "Mg" in registry(), "mg" in registry()
    (False, True)
    """
    import pint  # noqa: PLC0415  pint loads only when it is used

    units: pint.UnitRegistry[Any] = pint.UnitRegistry(None, non_int_type=Fraction, case_sensitive=True)
    for definition in DEFINITIONS:
        units.define(definition)
    return units


def quantity_of(dose: HasMilligrams) -> "pint.Quantity[Any]":
    """A dose as a pint quantity of the closed registry, in mg.

    Args:
        dose: a `Dose`.

    >>> from benzotaper.doses import Dose
    >>> print(quantity_of(Dose(mg="0.5")))
    1/2 milligram
    """
    return registry().Quantity(dose.mg, "milligram")


def ng_of_quantity(quantity: Any) -> Fraction:
    """Nanograms of a pint quantity of any registry.

    Args:
        quantity: a mass in gram, milligram or microgram. A whole number, `Decimal` or `Fraction` is taken exactly,
            a float by the shortest decimal that stands for it (0.1 is one tenth).

    Returns:
        Nanograms, exact, of either sign.

    Raises:
        DoseError: another unit, or a magnitude that is no single finite number.

    >>> ng_of_quantity(registry().Quantity("0.5 mg"))
    Fraction(500000, 1)
    """
    powers = dict(quantity.unit_items())
    name, power = next(iter(powers.items()), ("", 0))
    if len(powers) != 1 or power != 1 or name not in NG_PER_UNIT_NAME:
        _refuse_unit(quantity, powers, str(name))
    return _exact(quantity.magnitude, quantity) * NG_PER_UNIT_NAME[name]


def _refuse_unit(quantity: Any, powers: dict[str, Any], name: str) -> NoReturn:
    said = " ".join(unit if power == 1 else f"{unit}^{power}" for unit, power in powers.items())
    if not powers:
        why = "it has no unit"
    elif name == "megagram":
        why = "'Mg' is megagram; milligram is 'mg'"
    elif len(powers) > 1:
        why = f"{said} is no mass"
    else:
        why = f"{said} is not a unit of dose here"
    message = f"{_shown(quantity)} is no dose: {why}; give gram, milligram or microgram"
    raise DoseError(message, value=quantity)


def _exact(magnitude: Any, quantity: Any) -> Fraction:
    """The magnitude as an exact number."""
    if isinstance(magnitude, bool) or not isinstance(magnitude, Real | Decimal):
        _refuse(quantity, "its magnitude is not a single number")
    if isinstance(magnitude, Integral):
        return Fraction(int(magnitude))
    if isinstance(magnitude, Rational):
        return Fraction(int(magnitude.numerator), int(magnitude.denominator))
    # str and not float(): a 32-bit float also has its own shortest decimal
    number = magnitude if isinstance(magnitude, Decimal) else Decimal(str(magnitude))
    if not number.is_finite():
        _refuse(quantity, "it is not a finite number")
    if number.adjusted() > MOST_PLACES or int(number.as_tuple().exponent) < -MOST_PLACES:
        _refuse(quantity, f"its number has more than {MOST_PLACES} digits on one side of the point")
    return Fraction(number)


def _refuse(quantity: Any, why: str) -> NoReturn:
    message = f"{_shown(quantity)} is no dose: {why}; give one number of gram, milligram or microgram"
    raise DoseError(message, value=quantity)


def _shown(quantity: Any) -> str:
    return f"the quantity {quantity.magnitude} {quantity.units}".rstrip()
