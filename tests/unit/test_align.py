"""Changes of dose fall on the days that are asked for, and no step is ever shorter for it."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

import benzotaper as bt
from benzotaper.align import WEEKDAYS, read_align
from benzotaper.errors import IntervalError, NotMakeableError, PlanError, PlanFormatError

ASKED: dict[str, Any] = {
    "regimen": "diazepam 4 mg at night",
    "strategy": bt.Linear("1 mg", every="2 weeks"),
    "start": "2026-12-01",  # a Tuesday
    "products": "UK",
    "splitting": "halves",
}


def starts(plan: bt.Plan) -> list[str]:
    return [str(step.start) for step in plan.steps]


def test_each_change_moves_to_the_next_such_weekday_and_later_ones_move_along() -> None:
    plan = bt.taper(**ASKED, align=bt.Align(weekday="Monday"))
    assert starts(plan) == ["2026-12-01", "2026-12-07", "2026-12-21", "2027-01-04", "2027-01-18"]
    assert [step.days for step in plan.steps] == [6, 14, 14, 14, None]


def test_a_listed_day_is_avoided_and_the_step_before_it_is_longer() -> None:
    plan = bt.taper(**ASKED, align=bt.Align(avoid=["2026-12-15", date(2026, 12, 16)]))
    assert starts(plan) == ["None", "2026-12-01", "2026-12-17", "2026-12-31", "2027-01-14"]
    assert [step.days for step in plan.steps] == [0, 16, 14, 14, None]


def test_changes_fall_on_days_of_fills() -> None:
    plan = bt.taper(**ASKED, align=bt.Align(fill_every="28 days"))
    fills = plan.fills(every="28 days")
    assert [step.start for step in plan.steps[1:-1]] == [fill.due for fill in fills]
    assert [step.days for step in plan.steps] == [0, 28, 28, 28, None]


def test_fills_may_be_counted_from_a_day_of_their_own() -> None:
    plan = bt.taper(**ASKED, align=bt.Align(fill_every="4 weeks", first_fill="2026-12-07", weekday="Monday"))
    assert starts(plan) == ["2026-12-01", "2026-12-07", "2027-01-04", "2027-02-01", "2027-03-01"]


def test_the_ideal_course_keeps_its_own_dates_and_nothing_else_changes() -> None:
    plain, moved = bt.taper(**ASKED), bt.taper(**ASKED, align="on Friday")
    assert moved.record.ideal == plain.record.ideal
    assert [step.cycle for step in moved.steps] == [step.cycle for step in plain.steps]
    assert moved.record.request.align == "on Friday"


@pytest.mark.parametrize(
    "align",
    [
        bt.Align(weekday="sunday"),
        bt.Align(avoid=["2026-12-25", "2026-12-24"]),
        bt.Align(fill_every="10 days"),
        bt.Align(weekday="Monday", fill_every="28 days", first_fill="2026-11-30", avoid=[date(2026, 12, 28)]),
    ],
    ids=str,
)
def test_its_text_reads_back_to_an_equal_value_and_plan_json_keeps_it(align: bt.Align) -> None:
    assert read_align(str(align)) == align
    plan = bt.taper(**ASKED, align=align)
    assert bt.Plan.from_json(plan.to_json()) == plan
    assert json.loads(plan.to_json())["request"]["align"] == str(align)
    assert str(align) in plan.to_html()


def test_a_plan_without_it_has_no_such_field() -> None:
    assert "align" not in json.loads(bt.taper(**ASKED).to_json())["request"]


@pytest.mark.parametrize("text", ["on Moonday", "on monday", "", "on Monday; avoiding 2026-12-25, 2026-12-24"])
def test_plan_json_with_another_text_is_refused_at_its_place(text: str) -> None:
    plan = bt.taper(**ASKED, align="on Monday")
    changed = plan.to_json().replace('"align": "on Monday"', f'"align": "{text}"')
    with pytest.raises(PlanFormatError) as caught:
        bt.Plan.from_json(changed)
    assert caught.value.path == "request.align"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "asks for nothing"),
        ({"weekday": "Wensday"}, "did you mean Wednesday"),
        ({"weekday": 1}, "is not one of Monday"),
        ({"avoid": "2026-12-25"}, "must be a list of days"),
        ({"avoid": date(2026, 12, 25)}, "must be a list of days"),
        ({"avoid": ["25.12.2026"]}, "is no date"),
        ({"fill_every": 28}, "needs a unit"),
        ({"weekday": "Monday", "first_fill": "2026-12-07"}, "says nothing without fill_every"),
        ({"weekday": "Friday", "fill_every": "4 weeks", "first_fill": "2026-12-07"}, "a Monday, never are on a Friday"),
    ],
)
def test_what_is_no_alignment_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(IntervalError, match=words):
        bt.Align(**given)


@pytest.mark.parametrize("text", ["Monday", "on Monday; on Monday", "on Monday, avoiding 2026-12-25", " ", 7, None])
def test_a_text_that_is_none_is_refused(text: Any) -> None:
    with pytest.raises(IntervalError, match="align"):
        bt.taper(**ASKED, align=text)


def test_fills_from_the_start_that_never_meet_the_weekday_are_refused() -> None:
    with pytest.raises(IntervalError, match="from 2026-12-01, a Tuesday, never are on a Monday"):
        bt.taper(**ASKED, align="on Monday; with fills every 4 weeks")


def test_a_plan_that_outgrows_20_years_is_refused() -> None:
    long = ASKED | {"strategy": bt.Linear(steps=8, every="52 weeks"), "regimen": "diazepam 8 mg at night"}
    assert bt.taper(**long).stops_on
    with pytest.raises(PlanError, match="more than 20 years"):
        bt.taper(**long, align="with fills every 1100 days")
    with pytest.raises(PlanError, match="allows no day within 20 years"):
        bt.taper(**ASKED, align="with fills every 4 weeks from 2190-01-01")


def test_a_drug_that_is_replaced_at_once_must_be_dispensed_where_the_change_moves() -> None:
    asked = ASKED | {
        "regimen": "lorazepam 0.3 mg at night",
        "strategy": [
            bt.Substitution("diazepam", table="ashton-2002", at_once=True, hold="2 weeks"),
            bt.Linear("1 mg", every="2 weeks"),
        ],
        "acknowledge": "Dr A",
    }
    assert starts(bt.taper(**asked, align="on Tuesday"))[:2] == ["None", "2026-12-01"]
    with pytest.raises(NotMakeableError):
        bt.taper(**asked, align="on Monday")


def test_every_weekday_has_its_name() -> None:
    monday = date(2026, 11, 30)
    for number, name in enumerate(WEEKDAYS):
        assert bt.Align(weekday=name).allows(monday + timedelta(days=number), start=monday)
        assert not bt.Align(weekday=name).allows(monday + timedelta(days=number + 1), start=monday)
