"""The frames of a plan: columns, dtypes and meaning are a contract."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given

from benzotaper.errors import PlanError
from benzotaper.exports.frames import plan_frame
from benzotaper.exports.rows import Per
from benzotaper.steps import PlanRecord
from plan_records import PLANS
from strategies import plan_records

NA = None
GRAINS: tuple[Per, ...] = ("step", "day", "administration")
DTYPES = {
    "step": {
        "step": "int64",
        "start": "datetime64[s]",
        "end": "datetime64[s]",
        "days": "Int64",
        "drug": "string",
        "dose_mg": "float64",
        "fall_mg": "float64",
        "fall_percent_of_current": "float64",
        "fall_percent_of_start": "float64",
        "diazepam_low_mg": "float64",
        "diazepam_high_mg": "float64",
    },
    "day": {"date": "datetime64[s]", "step": "int64", "drug": "string", "dose_mg": "float64"},
    "administration": {
        "step": "int64",
        "cycle_day": "int64",
        "drug": "string",
        "time": "string",
        "product": "string",
        "strength_mg": "float64",
        "pieces": "Int64",
        "pieces_per_unit": "Int64",
        "units": "float64",
        "dose_mg": "float64",
    },
}


def cells(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    """The rows as plain values, None for NA."""
    return [tuple(NA if pd.isna(cell) else cell for cell in row) for row in frame.itertuples(index=False, name=None)]


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


@pytest.mark.parametrize("per", GRAINS)
@pytest.mark.parametrize("name", PLANS)
def test_columns_their_order_and_dtypes_are_those_of_the_contract(name: str, per: Per) -> None:
    frame = plan_frame(PLANS[name], per=per)
    assert list(frame.columns) == list(DTYPES[per])
    assert all(frame[column].dtype == dtype for column, dtype in DTYPES[per].items())
    assert list(frame.index) == list(range(len(frame)))


def test_another_grain_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        PlanError, match=r"per='days' is not known \(did you mean day\?\); a plan has rows per step, day"
    ):
        plan_frame(PLANS["simple"], per="days")  # type: ignore[arg-type]  # the slip under test


def test_a_step_of_no_day_has_no_dates_and_the_last_step_is_open() -> None:
    assert cells(plan_frame(PLANS["simple"], per="step")) == [
        (0, NA, NA, 0, "diazepam", 13, 0, 0, 0, 13, 13),
        (1, day("2026-12-01"), day("2026-12-14"), 14, "diazepam", 12, 1, 100 / 13, 100 / 13, 12, 12),
        (2, day("2026-12-15"), day("2026-12-21"), 7, "diazepam", 2, 10, 250 / 3, 1000 / 13, 2, 2),
        (3, day("2026-12-22"), NA, NA, "diazepam", 0, 2, 100, 200 / 13, 0, 0),
    ]


def test_a_current_dose_that_is_kept_has_its_days_in_step_0() -> None:
    frame = plan_frame(PLANS["merged"], per="step")
    assert cells(frame[["step", "start", "end", "days", "dose_mg"]]) == [
        (0, day("2026-12-01"), day("2026-12-21"), 21, 13),
        (1, day("2026-12-22"), day("2026-12-28"), 7, 12),
        (2, day("2026-12-29"), NA, NA, 0),
    ]
    days = plan_frame(PLANS["merged"], per="day")
    assert cells(days[["date", "step", "dose_mg"]])[19:22] == [
        (day("2026-12-20"), 0, 13),
        (day("2026-12-21"), 0, 13),
        (day("2026-12-22"), 1, 12),
    ]


def test_a_cycle_shows_its_mean_per_step_and_its_real_days_per_day() -> None:
    frame = plan_frame(PLANS["cycle"], per="step")
    assert cells(frame[["step", "dose_mg", "fall_mg"]]) == [(0, 2, 0), (1, 1, 1), (2, 2 / 3, 1 / 3), (3, 0, 2 / 3)]
    days = plan_frame(PLANS["cycle"], per="day")
    assert list(days["dose_mg"]) == [*(2, 0, 2, 0, 2, 0, 2), *(2, 0, 0, 2, 0, 0, 2), 0]
    assert list(days["date"]) == list(pd.date_range("2026-12-01", "2026-12-15"))


def test_the_days_of_a_cycle_are_counted_from_1_and_without_a_cycle_it_is_0() -> None:
    frame = plan_frame(PLANS["cycle"], per="administration")
    assert cells(frame[["step", "cycle_day", "dose_mg"]]) == [(0, 0, 2), (1, 1, 2), (2, 1, 2)]


def test_a_drug_has_rows_from_its_first_dose_to_its_first_0_and_no_percents_while_it_enters() -> None:
    frame = plan_frame(PLANS["crossing"], per="step")
    assert cells(frame.drop(columns=["start", "end", "days"])) == [
        (0, "lorazepam", 2, 0, 0, 0, 10, 20),
        (1, "lorazepam", 1, 1, 50, 50, 5, 10),
        (1, "diazepam", 10, -10, NA, NA, 10, 10),
        (2, "lorazepam", 0, 1, 100, 50, 0, 0),
        (2, "diazepam", 20, -10, NA, NA, 20, 20),
        (3, "diazepam", 4, 16, 80, 80, 4, 4),
        (4, "diazepam", 0, 4, 100, 20, 0, 0),
    ]
    days = plan_frame(PLANS["crossing"], per="day")
    assert cells(days[days["drug"] == "lorazepam"]) == [
        *((day(f"2026-12-0{n}"), 1, "lorazepam", 1) for n in range(1, 8)),
        (day("2026-12-08"), 2, "lorazepam", 0),
    ]
    assert cells(days.tail(2)) == [
        (day("2026-12-13"), 3, "diazepam", 4),
        (day("2026-12-14"), 4, "diazepam", 0),
    ]


@pytest.mark.parametrize("name", ["maintenance", "gate"])
def test_a_plan_that_keeps_a_dose_goes_to_the_first_day_of_it(name: str) -> None:
    assert cells(plan_frame(PLANS[name], per="day")) == [(day("2026-12-01"), 1, "diazepam", 12)]
    assert cells(plan_frame(PLANS[name], per="step"))[-1][:6] == (1, day("2026-12-01"), NA, NA, "diazepam", 12)


def test_the_day_frame_goes_to_the_first_day_without_a_dose_and_shows_0_there() -> None:
    assert PLANS["simple"].stops_on == date(2026, 12, 22)
    assert cells(plan_frame(PLANS["simple"], per="day"))[-1] == (day("2026-12-22"), 3, "diazepam", 0)


def test_a_row_per_product_taken_says_how_much_of_it_and_its_own_dose() -> None:
    solution, drops = "diazepam 0.4 mg/mL oral solution (generic, UK)", "diazepam 10 mg/mL oral drops (Valium, FR)"
    assert cells(plan_frame(PLANS["liquids"], per="administration")) == [
        (0, 0, "diazepam", "night", "diazepam 2 mg tablet (generic, UK)", 2, 1, 1, 1, 2),
        (0, 0, "diazepam", "night", solution, 0.4, 5, 10, 0.5, 0.2),
        (1, 0, "diazepam", "night", drops, 10, 6, 30, 0.2, 2),
    ]


def test_any_dose_has_no_product_and_a_drug_in_no_table_no_equivalent() -> None:
    assert cells(plan_frame(PLANS["any_dose"], per="administration")) == [
        (0, 0, "estazolam", "night", NA, NA, NA, NA, NA, 1),
        (1, 0, "estazolam", "night", NA, NA, NA, NA, NA, 0.333333),
    ]
    frame = plan_frame(PLANS["any_dose"], per="step")
    assert frame[["diazepam_low_mg", "diazepam_high_mg"]].isna().all(axis=None)


def test_a_dose_replaced_at_once_and_never_dispensed_has_no_product() -> None:
    first = cells(plan_frame(PLANS["at_once"], per="administration"))[0]
    assert first == (0, 0, "lorazepam", "night", NA, NA, NA, NA, NA, 0.3)


@given(plan_records())
def test_frames_show_every_day_and_every_dose_of_any_plan(plan: PlanRecord) -> None:
    days = plan_frame(plan, per="day")
    taken: dict[tuple[int, str], Fraction] = {}
    shown: set[date] = set()
    for step in plan.steps:
        for number in range(step.days if step.days is not None else 1):
            assert step.start is not None
            shown.add(step.start + timedelta(days=number))
            for a in step.cycle[number % len(step.cycle)]:
                taken[step.number, a.drug] = taken.get((step.number, a.drug), Fraction(0)) + a.dose.mg
    assert set(days["date"].dt.date) == shown
    assert not days.duplicated(["date", "drug"]).any()
    sums = days.groupby(["step", "drug"])["dose_mg"].sum()
    assert {key: total for key, total in sums.items() if total} == pytest.approx(
        {key: float(total) for key, total in taken.items()}
    )


@given(plan_records())
def test_steps_and_administrations_of_a_frame_agree_in_any_plan(plan: PlanRecord) -> None:
    steps = plan_frame(plan, per="step")
    means = {(row.step, row.drug): row.dose_mg for row in steps.itertuples() if row.dose_mg}
    rows = plan_frame(plan, per="administration")
    lengths = [len(step.cycle) for step in plan.steps]
    sums = Counter[tuple[int, str]]()
    for step, drug, dose_mg in zip(rows["step"], rows["drug"], rows["dose_mg"], strict=True):
        sums[step, drug] += dose_mg
    assert means == pytest.approx({key: total / lengths[key[0]] for key, total in sums.items()})
    made = rows[rows["product"].notna()]
    assert list(made["units"]) == pytest.approx(list(made["pieces"] / made["pieces_per_unit"]))
    assert list(made["dose_mg"]) == pytest.approx(list(made["units"] * made["strength_mg"]))
    assert rows["product"].isna().all() == (plan.request.products == "any dose")
