"""A prescriber's own steps become a plan like any other; what is no plan is refused by name."""

from datetime import date, timedelta
from typing import Any

import pytest

import benzotaper as bt
from benzotaper.errors import NotMakeableError, PlanError, ProductError, ScheduleError
from benzotaper.steps import AS_GIVEN

ASKED: dict[str, Any] = {"drug": "diazepam", "start": "2026-12-01", "products": "UK", "splitting": "halves"}
ROWS = [
    (14, "10 mg morning, 5 mg night"),
    ("2 weeks", {"morning": "9 mg", "night": "5 mg"}),
    (timedelta(days=7), {"am": bt.Dose(mg=8), "pm": "5 mg"}),
    (7, "4 mg at night"),
    (14, "1 mg at night"),
    (1, "0 mg"),
]


def given(rows: Any = ROWS, **asked: Any) -> bt.Plan:
    return bt.Plan.from_schedule(rows, **ASKED | asked)


def doses(plan: bt.Plan) -> list[tuple[Any, Any, dict[str, str]]]:
    return [(step.start, step.days, {a.time: str(a.dose) for a in step.cycle[0]}) for step in plan.steps]


def test_the_steps_are_those_that_were_given() -> None:
    assert doses(given()) == [
        (date(2026, 12, 1), 14, {"morning": "10 mg", "night": "5 mg"}),
        (date(2026, 12, 15), 14, {"morning": "9 mg", "night": "5 mg"}),
        (date(2026, 12, 29), 7, {"morning": "8 mg", "night": "5 mg"}),
        (date(2027, 1, 5), 7, {"night": "4 mg"}),
        (date(2027, 1, 12), 14, {"night": "1 mg"}),
        (date(2027, 1, 26), None, {}),
    ]


def test_the_plan_says_that_its_steps_are_as_given() -> None:
    plan = given()
    request = plan.record.request
    assert (request.strategies, request.fit, request.reduce) == ((AS_GIVEN,), AS_GIVEN, AS_GIVEN)
    assert plan.strategies == ()
    assert (request.lead_in_days, str(plan.regimen)) == (14, "diazepam 10 mg morning, 5 mg night")
    assert "as given" in plan.to_text()


def test_every_output_of_a_plan_is_there() -> None:
    plan = given()
    assert plan.certificate.ok
    assert bt.Plan.from_json(plan.to_json()) == plan
    assert plan.stops_on == date(2027, 1, 26)
    assert len(plan.to_frame()) == len(plan.steps)
    assert "as given" in plan.to_html()
    assert "<html" in plan.to_html()
    assert plan.to_csv(per="administration").count("\n") > len(plan.steps)
    assert all(a.taken for step in plan.steps for day in step.cycle for a in day)


def test_its_findings_call_the_given_course_chosen() -> None:
    found = {finding.code: finding for finding in given().findings}
    assert found["PL-01"].cause == "chosen"
    assert found["PL-01"].steps == (3, 4)
    assert not [each for each in given().findings if each.cause == "products"]


def test_a_current_regimen_goes_before_the_first_step() -> None:
    plan = given(ROWS[1:], regimen="diazepam 10 mg twice daily")
    assert doses(plan)[0] == (None, 0, {"morning": "10 mg", "night": "10 mg"})
    assert doses(plan)[1] == (date(2026, 12, 1), 14, {"morning": "9 mg", "night": "5 mg"})
    assert plan.record.request.lead_in_days == 0


def test_a_course_may_end_on_a_dose_that_is_kept() -> None:
    plan = given(ROWS[:4], target="4 mg")
    assert plan.record.ending == "maintenance"
    assert plan.stops_on is None
    assert plan.certificate.ok


SOURCES: dict[str, Any] = {
    "lines": "week 1-2: 5 mg at night\nweek 3-4: 4.5 mg at night\nweek 5: 0",
    "dates": "2026-12-01: 5 mg at night\n2026-12-15: 4.5 mg at night\n2026-12-29: 0",
    "CSV": "start,days,time,dose_mg\n2026-12-01,14,night,5\n2026-12-15,14,night,4.5\n2026-12-29,,night,0\n",
}


@pytest.mark.parametrize("name", SOURCES)
def test_all_that_audit_reads_becomes_the_same_plan(name: str) -> None:
    assert doses(given(SOURCES[name])) == [
        (date(2026, 12, 1), 14, {"night": "5 mg"}),
        (date(2026, 12, 15), 14, {"night": "4.5 mg"}),
        (date(2026, 12, 29), None, {}),
    ]


def test_a_frame_becomes_the_same_plan_again() -> None:
    first = bt.Plan.from_schedule([(14, "5 mg at night"), (14, "4 mg at night"), (1, "0 mg")], **ASKED)
    again = given(first.to_frame(), time="night")
    assert again.steps == first.steps


def test_rows_may_come_one_by_one() -> None:
    assert given(row for row in ROWS) == given()


def test_days_that_take_turns_become_a_cycle() -> None:
    rows = "date,step,time,dose_mg\n" + "".join(
        f"2026-12-{day:02},{step},night,{dose}\n"
        for day, step, dose in [(1, 0, 5), (2, 0, 5), (3, 1, 5), (4, 1, 4), (5, 2, 0)]
    )
    plan = given(rows)
    assert [len(step.cycle) for step in plan.steps] == [1, 2, 1]
    assert plan.certificate.ok


REFUSED: dict[str, tuple[Any, dict[str, Any], str]] = {
    "a rise": ([(7, "5 mg night"), (7, "6 mg night"), (1, "0 mg")], {}, "item 2.*rises from 5 to 6 mg"),
    "a rise at one time": ([(7, "5 mg am, 5 mg pm"), (7, "3 mg am, 6 mg pm"), (1, "0 mg")], {}, "night dose rises"),
    "a rise above what is taken": ([(7, "5 mg night"), (1, "0 mg")], {"regimen": "diazepam 4 mg at night"}, "rises"),
    "a new time": ([(7, "5 mg night"), (7, "3 mg morning"), (1, "0 mg")], {}, "morning dose rises"),
    "no end": ([(7, "5 mg night"), (7, "4 mg night")], {}, "target='4 mg'"),
    "another end": ([(7, "5 mg night"), (7, "4 mg night")], {"target": "3 mg"}, "target='4 mg'"),
    "an end below a target": ([(7, "5 mg night"), (1, "0 mg")], {"target": "3 mg"}, "ends at 0 mg"),
    "no time": ([(7, "5 mg"), (1, "0 mg")], {}, "which time of the day"),
    "a pause": ([(7, "5 mg night"), (7, "0 mg"), (7, "4 mg night"), (1, "0 mg")], {}, "later something is"),
    "a gap": ("days 1-7: 5 mg night\ndays 9-14: 4 mg night\nday 15: 0", {}, "missing"),
    "an overlap": ("days 1-7: 5 mg night\ndays 7-14: 4 mg night\nday 15: 0", {}, "twice"),
    "no days": (["5 mg night", "4 mg night", "0 mg"], {}, "how long"),
    "two drugs": ("week 1: diazepam 5 mg night, lorazepam 1 mg night\nweek 2: 0", {}, "several drugs"),
    "no drug": ([(7, "5 mg night"), (1, "0 mg")], {"drug": ""}, "no drug is named"),
    "no unit": ([(7, {"night": 5}), (1, {"night": 0})], {}, "no unit"),
    "a percentage": ("week 1: 100 % of start night\nweek 2: 0", {}, "no doses in mg"),
    "what is not understood": ([(7, "5 mg as needed"), (7, "4 mg night"), (1, "0 mg")], {}, "not understood"),
    "tablets that do not add up": ([(7, "5 mg night, 2 x 2 mg"), (1, "0 mg")], {}, "tablets do not make"),
    "another start": ("2026-12-02: 5 mg night\n2026-12-09: 0", {}, "another day than start=2026-12-01"),
    "nothing": ([], {}, "no line"),
    "nothing taken": ([(7, "0 mg"), (1, "0 mg")], {}, "what is taken now"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plan_is_refused_by_name(name: str) -> None:
    rows, asked, why = REFUSED[name]
    with pytest.raises(ScheduleError, match=why):
        given(rows, **asked)


def test_a_refusal_points_to_the_audit() -> None:
    for rows in (
        [(7, "5 mg night"), (7, "6 mg night"), (1, "0 mg")],
        [(7, "5 mg night"), (7, "3.3 mg night"), (1, "0 mg")],
    ):
        with pytest.raises(bt.BenzotaperError, match=r"bt\.audit"):
            given(rows)


def test_a_dose_that_no_product_makes_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotMakeableError, match=r"night dose of item 2, 3\.3 mg.*3 mg and 3\.5 mg"):
        given([(7, "5 mg night"), (7, "3.3 mg night"), (1, "0 mg")])


def test_more_pieces_than_usual_are_taken_only_where_no_limit_is_set() -> None:
    two = [bt.Product("diazepam", strength="2 mg", form="tablet")]
    rows = [(14, "16 mg night"), (1, "0 mg")]
    assert given(rows, products=two).steps[0].cycle[0][0].taken[0].pieces == 8
    with pytest.raises(NotMakeableError):
        given(rows, products=two, max_pieces=6)


def test_any_dose_needs_no_products_and_no_splitting() -> None:
    plan = given([(14, "3.3 mg night"), (1, "0 mg")], products=bt.ANY_DOSE, splitting="")
    assert "not-dispensed" in [finding.code for finding in plan.findings]
    assert bt.Plan.from_json(plan.to_json()) == plan
    with pytest.raises(PlanError, match="splitting"):
        given(products=bt.ANY_DOSE)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"splitting": ""}, PlanError),
        ({"splitting": "thirds"}, PlanError),
        ({"products": [5]}, ProductError),
        ({"products": "Mars"}, ProductError),
        ({"drug": "diazepan"}, bt.BenzotaperError),
        ({"start": "1 Dec 2026"}, bt.BenzotaperError),
        ({"time": "moonrise"}, bt.BenzotaperError),
        ({"profile": "mars"}, bt.BenzotaperError),
        ({"table": "mars"}, bt.BenzotaperError),
        ({"max_pieces": -1}, PlanError),
        ({"acknowledge": 5}, bt.BenzotaperError),
    ],
)
def test_bad_choices_are_refused_as_by_taper(asked: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        given(**asked)


def test_a_short_half_life_and_a_dose_of_the_day_that_ends_first_is_a_gap() -> None:
    products = [bt.Product("lorazepam", strength="0.5 mg", form="tablet", pieces=2)]
    rows = [(14, "1 mg am, 1 mg pm"), (14, "1 mg pm"), (14, "0.5 mg pm"), (1, "0 mg")]
    even = [(14, "1 mg am, 1 mg pm"), (14, "0.5 mg am, 0.5 mg pm"), (1, "0 mg")]
    assert "gap" in [f.code for f in given(rows, drug="lorazepam", products=products).findings]
    assert "gap" not in [f.code for f in given(even, drug="lorazepam", products=products).findings]
