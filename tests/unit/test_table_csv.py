"""The CSV of a plan: the cells of the frame, exact, as text."""

import csv
import io
from collections import Counter
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given

from benzotaper.errors import PlanError
from benzotaper.exports.frames import plan_frame
from benzotaper.exports.rows import Per
from benzotaper.exports.table_csv import to_csv
from benzotaper.steps import PlanRecord
from plan_records import PLANS
from strategies import plan_records

GRAINS: tuple[Per, ...] = ("step", "day", "administration")


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def same(cell: str, framed: object) -> bool:
    """Whether a cell of the CSV says what a cell of the frame says."""
    if framed is pd.NaT or framed is pd.NA or framed != framed:  # noqa: PLR0124  only NaN differs from itself
        return cell == ""
    if isinstance(framed, pd.Timestamp):
        return date.fromisoformat(cell) == framed.date()
    # a float holds 15 digits; the CSV 12 places
    return cell == framed if isinstance(framed, str) else float(cell) == pytest.approx(framed, rel=1e-15, abs=1e-12)


def assert_same(plan: PlanRecord, per: Per) -> None:
    frame = plan_frame(plan, per=per)
    header, *lines = csv.reader(io.StringIO(to_csv(plan, per=per), newline=""))
    assert header == list(frame.columns)
    for line, row in zip(lines, frame.itertuples(index=False, name=None), strict=True):
        assert all(same(cell, framed) for cell, framed in zip(line, row, strict=True)), (line, row)


@pytest.mark.parametrize("per", GRAINS)
@pytest.mark.parametrize("name", PLANS)
def test_every_cell_is_that_of_the_frame(name: str, per: Per) -> None:
    assert_same(PLANS[name], per)


@given(plan_records())
def test_every_cell_is_that_of_the_frame_in_any_plan(plan: PlanRecord) -> None:
    for per in GRAINS:
        assert_same(plan, per)


def test_a_plan_as_csv_is_this_text() -> None:
    assert to_csv(PLANS["cycle"]) == (
        "step,start,end,days,drug,dose_mg,fall_mg,fall_percent_of_current,fall_percent_of_start,"
        "diazepam_low_mg,diazepam_high_mg\n"
        "0,,,0,diazepam,2,0,0,0,2,2\n"
        "1,2026-12-01,2026-12-07,7,diazepam,1,1,50,50,1,1\n"
        "2,2026-12-08,2026-12-14,7,diazepam,0.666666666667,0.333333333333,33.333333333333,16.666666666667,"
        "0.666666666667,0.666666666667\n"
        "3,2026-12-15,,,diazepam,0,0.666666666667,100,33.333333333333,0,0\n"
    )


def test_products_with_commas_and_quotes_are_quoted() -> None:
    text = to_csv(PLANS["liquids"], per="administration")
    assert '0,0,diazepam,night,"diazepam 0.4 mg/mL oral solution (generic, UK)",0.4,5,10,0.5,0.2\n' in text


def test_another_grain_is_refused() -> None:
    with pytest.raises(PlanError, match="per='week' is not known"):
        to_csv(PLANS["simple"], per="week")  # type: ignore[arg-type]  # the slip under test


@given(plan_records())
def test_the_days_of_a_step_add_up_exactly_to_its_mean_where_its_cycles_are_whole(plan: PlanRecord) -> None:
    sums = Counter[tuple[str, str]]()
    for row in read(to_csv(plan, per="day")):
        sums[row["step"], row["drug"]] += Fraction(row["dose_mg"])  # type: ignore[assignment]  # it counts exact mg
    for step in plan.steps:
        if step.days and step.days % len(step.cycle) == 0:
            for drug in plan.drugs:
                doses = [a.dose.mg for day in step.cycle for a in day if a.drug == drug]
                whole = sum(doses, Fraction(0)) * (step.days // len(step.cycle))
                assert sums[str(step.number), drug] == whole


@given(plan_records())
def test_units_times_strength_is_the_dose_exactly(plan: PlanRecord) -> None:
    for row in read(to_csv(plan, per="administration")):
        if row["product"]:
            units = Fraction(int(row["pieces"]), int(row["pieces_per_unit"]))
            assert abs(Fraction(row["units"]) - units) < Fraction(1, 10**12)
            assert Fraction(row["dose_mg"]) == units * Fraction(row["strength_mg"])
