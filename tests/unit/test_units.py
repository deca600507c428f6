"""Quantities of pint come in exactly or not at all, and the registry knows only the units of this package."""

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pint
import pytest

from benzotaper.doses import Dose, read_dose
from benzotaper.errors import DoseError
from benzotaper.units import ng_of_quantity, quantity_of, registry

REGISTRIES = {
    "pint's own": pint.UnitRegistry(),
    "decimal": pint.UnitRegistry(non_int_type=Decimal),
    "fraction": pint.UnitRegistry(non_int_type=Fraction),
    "symbols printed": pint.UnitRegistry(),
    "closed": registry(),
}
REGISTRIES["symbols printed"].formatter.default_format = "~P"


@pytest.mark.parametrize("name", REGISTRIES)
@pytest.mark.parametrize(
    ("text", "ng"), [("0.5 mg", 500_000), ("125 ug", 125_000), ("0.001 g", 1_000_000), ("3 mg", 3_000_000)]
)
def test_a_quantity_of_any_registry_is_read_exactly(name: str, text: str, ng: int) -> None:
    assert ng_of_quantity(REGISTRIES[name].Quantity(text)) == ng


@pytest.mark.parametrize(
    ("magnitude", "mg"),
    [
        (3, Fraction(3)),
        (0.1, Fraction(1, 10)),
        (1e-06, Fraction(1, 1_000_000)),
        (Decimal("0.3"), Fraction(3, 10)),
        (Fraction(1, 3), Fraction(1, 3)),
        (np.int64(2), Fraction(2)),
        (np.float64(0.7), Fraction(7, 10)),
        (np.float32(0.7), Fraction(7, 10)),
        (-1, Fraction(-1)),
    ],
)
def test_a_magnitude_is_taken_exactly_and_a_float_by_its_shortest_decimal(magnitude: Any, mg: Fraction) -> None:
    assert ng_of_quantity(REGISTRIES["pint's own"].Quantity(magnitude, "mg")) == mg * 1_000_000


@pytest.mark.parametrize(
    "magnitude",
    [
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("-Infinity"),
        np.bool_(True),  # noqa: FBT003  the value itself
        np.array([1.0, 2.0]),
        1 + 2j,
        Decimal("1e999999999"),
        Decimal("1e-999999999"),
    ],
)
def test_what_is_no_single_finite_number_is_refused(magnitude: Any) -> None:
    with pytest.raises(DoseError, match="is no dose"):
        ng_of_quantity(REGISTRIES["pint's own"].Quantity(magnitude, "mg"))


@pytest.mark.parametrize(
    ("unit", "why"),
    [
        ("Mg", "'Mg' is megagram; milligram is 'mg'"),
        ("kg", "kilogram is not a unit of dose here"),
        ("ng", "nanogram is not a unit of dose here"),
        ("mL", "milliliter is not a unit of dose here"),
        ("mg/mL", "is no mass"),
        ("mg**2", r"milligram\^2 is not a unit of dose here"),
        ("1/mg", r"milligram\^-1 is not a unit of dose here"),
        ("day", "day is not a unit of dose here"),
        ("", "it has no unit"),
    ],
)
def test_another_unit_is_refused_with_the_reason_and_what_is_allowed(unit: str, why: str) -> None:
    quantity = REGISTRIES["pint's own"].Quantity(1, unit)
    with pytest.raises(DoseError, match=f"{why}; give gram, milligram or microgram$") as caught:
        ng_of_quantity(quantity)
    assert caught.value.value is quantity


@pytest.mark.parametrize("text", ["1 Mg", "1 MG", "1 mG", "1 kg", "1 ng", "1 ml", "1 G", "1 hour", "1 count", "1 mol"])
def test_the_closed_registry_knows_no_other_unit(text: str) -> None:
    with pytest.raises(pint.UndefinedUnitError):
        registry().Quantity(text)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("1 mg", "1000 mcg"),
        ("1 mg", "1000 ug"),
        ("1 mg", "1000 \N{MICRO SIGN}g"),
        ("1 mg", "1000 \N{GREEK SMALL LETTER MU}g"),
        ("1 gram", "1000 milligrams"),
        ("1 microgram", "0.001 mg"),
        ("2 weeks", "14 days"),
        ("1 mL", "1 milliliter"),
        ("1 mL", "1 millilitre"),
    ],
)
def test_the_closed_registry_converts_its_own_units_exactly(text: str, other: str) -> None:
    assert registry().Quantity(text) == registry().Quantity(other)


def test_a_volume_times_a_concentration_is_an_exact_dose() -> None:
    dose = registry().Quantity("0.4 mg/mL") * registry().Quantity("2.5 mL")
    assert ng_of_quantity(dose) == 1_000_000


def test_a_dose_goes_out_as_a_quantity_and_comes_back() -> None:
    dose = Dose(mg="0.000001")
    quantity = quantity_of(dose)
    assert quantity.magnitude == Fraction(1, 1_000_000)
    assert read_dose(quantity) == dose


def test_the_closed_registry_is_made_once() -> None:
    assert registry() is registry()


def test_pint_loads_only_when_a_quantity_is_used() -> None:
    code = (
        "import sys; from benzotaper import units; print('pint' in sys.modules); "
        "units.registry(); print('pint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
