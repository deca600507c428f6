"""Whatever plan we make, its audit finds none of the faults of arithmetic; and every fault that is planted is found."""

import contextlib
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from calls import FAMILIES, calls
from hypothesis import HealthCheck, assume, event, given, settings, strategies as st

import benzotaper as bt
from benzotaper.errors import BenzotaperError

NEVER = {"rise", "unmakeable", "miscount", "gap", "overlap", "total"}
EXAMPLES = settings().max_examples
SOURCES: dict[str, Callable[[bt.Plan], Any]] = {
    "frame per step": lambda plan: plan.to_frame(),
    "frame per day": lambda plan: plan.to_frame(per="day"),
    "frame per administration": lambda plan: plan.to_frame(per="administration"),
    "CSV per step": lambda plan: plan.to_csv(),
    "CSV per day": lambda plan: plan.to_csv(per="day"),
    "CSV per administration": lambda plan: plan.to_csv(per="administration"),
    "text": lambda plan: plan.to_text(),
}
OF_STEPS = ("frame per step", "CSV per step", "text")
"""Sources that give the mean of a cycle, which no tablet need make."""


def faults(found: bt.Audit) -> list[str]:
    return [f"{each.kind} {each.where}: {each.message}" for each in found.findings if each.kind in NEVER]


def plan_of(asked: dict[str, Any]) -> bt.Plan | None:
    try:
        return bt.taper(**asked)
    except BenzotaperError:
        event("refused")
        return None


@pytest.mark.parametrize("name", SOURCES)
@settings(max_examples=EXAMPLES // 4, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(asked=st.sampled_from(FAMILIES).flatmap(calls))
def test_no_plan_of_ours_has_a_fault_of_arithmetic(name: str, asked: dict[str, Any]) -> None:
    plan = plan_of(asked)
    assume(plan is not None)
    assert plan
    cycles = any(len(step.cycle) > 1 for step in plan.steps)
    dispensed = plan.record.shelf and all(a.taken for step in plan.steps for day in step.cycle for a in day)
    shelf: dict[str, Any] = {}
    if dispensed and not (cycles and name in OF_STEPS):
        shelf = {"products": plan.record.shelf, "splitting": plan.record.request.splitting}
    event(f"with products: {bool(shelf)}")
    found = bt.audit(SOURCES[name](plan), table=plan.record.request.table, **shelf)
    assert faults(found) == []


@st.composite
def courses(draw: st.DrawFn) -> list[tuple[int, int]]:
    """A falling course: days and quarter milligrams, the last one 0."""
    doses = draw(st.lists(st.integers(1, 400), min_size=3, max_size=12, unique=True))
    days = draw(st.lists(st.integers(1, 30), min_size=len(doses), max_size=len(doses)))
    return [*zip(days, sorted(doses, reverse=True), strict=True), (1, 0)]


def rows_of(course: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """The course with first days."""
    rows, first = [], 1
    for days, quarters in course:
        rows.append({"start": first, "days": days, "dose_mg": str(quarters / 4)})
        first += days
    return rows


def kinds_of(rows: Any) -> set[str]:
    return {each.kind for each in bt.audit(rows, drug="diazepam").findings}


def rise(course: list[tuple[int, int]], at: int) -> list[dict[str, Any]]:
    """One dose above the one before."""
    rows = rows_of(course)
    rows[at]["dose_mg"] = str(course[at - 1][1] / 4 + 0.25)
    return rows


def gap(course: list[tuple[int, int]], at: int) -> list[dict[str, Any]]:
    """From one step on, everything a day later."""
    rows = rows_of(course)
    for row in rows[at:]:
        row["start"] += 1
    return rows


def overlap(course: list[tuple[int, int]], at: int) -> list[dict[str, Any]]:
    """One step a day longer than there is room for."""
    rows = rows_of(course)
    rows[at - 1]["days"] += 1
    return rows


def miscount(course: list[tuple[int, int]], at: int) -> list[dict[str, Any]]:
    """Tablets of a quarter milligram, one too many."""
    rows = [
        row | {"tablets": quarters, "strength_mg": "0.25"}
        for row, (_, quarters) in zip(rows_of(course), course, strict=True)
    ]
    rows[at]["tablets"] += 1
    return rows


def total(course: list[tuple[int, int]], at: int) -> list[dict[str, Any]]:
    """A total that is not the dose."""
    rows = [row | {"total_mg": row["dose_mg"]} for row in rows_of(course)]
    rows[at]["total_mg"] = str(course[at][1] / 4 + 1)
    return rows


def zero_day(course: list[tuple[int, int]], at: int) -> list[dict[str, Any]]:
    """One step without a dose, before another with one."""
    rows = rows_of(course)
    rows[at - 1]["dose_mg"] = "0"
    return rows


def no_end(course: list[tuple[int, int]], at: int) -> list[dict[str, Any]]:
    """The end is cut off."""
    return rows_of(course)[: at + 1]


PLANTS = {each.__name__: each for each in (rise, gap, overlap, miscount, total, zero_day, no_end)}


@given(courses())
def test_a_falling_course_without_a_fault_has_none(course: list[tuple[int, int]]) -> None:
    assert not kinds_of(rows_of(course)) & {*NEVER, "no_end", "zero_day", "ambiguous"}


@pytest.mark.parametrize("name", PLANTS)
@given(data=st.data())
def test_a_planted_fault_is_found(name: str, data: st.DataObject) -> None:
    course = data.draw(courses())
    at = data.draw(st.integers(2, len(course) - 2))
    assert name in kinds_of(PLANTS[name](course, at))


@given(courses(), st.integers(1, 28))
def test_the_figures_are_those_of_the_doses(course: list[tuple[int, int]], longer: int) -> None:
    rows = rows_of([(days + longer, dose) for days, dose in course])
    summary = bt.audit(rows, drug="diazepam").summary
    doses = [dose for _, dose in course]
    worst = max((a - b) / a * 100 for a, b in pairwise(doses) if b)
    assert float(summary.worst_fall_percent_of_current) == pytest.approx(worst)  # type: ignore[arg-type]  # it is known
    assert (summary.last_fall_mg, summary.ends_at_mg, summary.steps) == (doses[-2] / 4, 0, len(doses) - 1)
    assert summary.days == rows[-1]["start"] - 1


@given(courses(), st.dates(date(1990, 1, 1), date(2150, 1, 1)))
def test_days_and_dates_are_judged_alike(course: list[tuple[int, int]], start: date) -> None:
    rows = rows_of(course)
    dated = [row | {"start": start + timedelta(days=row["start"] - 1)} for row in rows]
    by_day, by_date = (bt.audit(each, drug="diazepam") for each in (rows, dated))
    assert by_day.summary == by_date.summary
    assert [each.message for each in by_day.findings] == [each.message for each in by_date.findings]


@given(st.text(max_size=60) | st.lists(st.text("week 123dosemg:%,.½×-\n", max_size=30)).map("\n".join))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    assume(not text.strip().endswith((".csv", ".txt")))
    with contextlib.suppress(BenzotaperError):
        found = bt.audit(text)
        assert str(found)
        assert found.to_json()


UNREADABLE = ["5 mg prn", "5-7.5 mg", "do not stop, 2 mg", "2 mg stop tomorrow", "as the doctor said, 3 mg", "daily"]


@given(
    doses=st.lists(st.integers(1, 200), min_size=3, max_size=8, unique=True).map(lambda d: sorted(d, reverse=True)),
    place=st.integers(1, 7),
    unclear=st.sampled_from(UNREADABLE),
    ends=st.booleans(),
)
def test_nothing_is_stated_across_a_line_that_cannot_be_read(
    doses: list[int], place: int, unclear: str, *, ends: bool
) -> None:
    place = min(place, len(doses) - 1)
    said = [f"{dose} mg" for dose in doses[:-1]] + ["0 mg" if ends else f"{doses[-1]} mg"]
    lines = [*said[:place], unclear, *said[place + 1 :]]
    found = bt.audit("\n".join(f"week {n}: {line}" for n, line in enumerate(lines, start=1)), drug="diazepam")
    above, below = set(said[:place]), {*said[place + 1 :], "nothing"}
    for each in found.findings:
        figures = dict(each.figures)
        assert not (figures.get("before") in above and figures.get("after") in below), each.message
        assert not (each.kind == "last_fall" and figures["last fall"] in above), each.message
    unknown = bt.Unknown(f"line {place + 1} could not be read")
    assert found.summary.worst_fall_percent_of_current == unknown
    assert found.summary.worst_14_day_fall_percent == unknown
    last = place == len(doses) - 1
    assert (found.summary.ends_at_mg == unknown) == last
    assert [each.where for each in found.findings if each.kind == "ambiguous"] == [f"line {place + 1}"]
