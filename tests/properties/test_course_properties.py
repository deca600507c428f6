"""Whatever is done about a course: it never goes up by itself, the past stays, the journal grows, no day is lost."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, event, given, settings, strategies as st

import benzotaper as bt
from benzotaper.course_steps import doses_of
from benzotaper.errors import BenzotaperError
from benzotaper.falls import totals
from benzotaper.journal import Entry, SteppedBack
from benzotaper.plan_facts import plan_facts
from real_plans import plans

EXAMPLES = settings().max_examples
DR: dict[str, Any] = {"by": "Dr A", "reason": "agreed"}
STRATEGIES = (
    "percentage 5 % of current every 3 weeks",
    "percentage 20 % of current every 1 week",
    "linear 1 mg every 4 weeks",
    "linear 10 % of start every 10 days",
    "linear 25 % of start every 3 weeks",
)
Act = Callable[[bt.Course, date], bt.Course]


def begun(number: int) -> bt.Course:
    made = plans()
    return bt.Course(made[number % len(made)], accepted_by="Dr A", reason="agreed", checkin_every="7 days")


@st.composite
def acts(draw: st.DrawFn) -> tuple[str, Act]:
    kind = draw(st.sampled_from(["pause", "pause", "go on", "go on", "resume", "slow", "step back", "check in"]))
    strategy, step = draw(st.sampled_from(STRATEGIES)), draw(st.integers(0, 6))
    doing: dict[str, Act] = {
        "pause": lambda course, on: course.pause(on=on, **DR),
        "go on": lambda course, on: course.resume(on=on, **DR),
        "resume": lambda course, on: course.resume(on=on, strategy=strategy, **DR),
        "slow": lambda course, on: course.slow(on=on, strategy=strategy, **DR),
        "step back": lambda course, on: course.step_back(on=on, role="prescriber", to=step, **DR),
        "check in": lambda course, on: course.check_in(datetime.combine(on, time(9), tzinfo=UTC), by="Ms P"),
    }
    return kind, doing[kind]


def courses() -> st.SearchStrategy[tuple[int, list[tuple[int, tuple[str, Act]]]]]:
    """A plan, and what is done some days after what was done before."""
    return st.tuples(
        st.integers(0, len(plans()) - 1), st.lists(st.tuples(st.integers(0, 40), acts()), min_size=1, max_size=6)
    )


def check_the_past_stays(before: bt.Course, after: bt.Course, on: date) -> None:
    assert after.journal[: len(before.journal)] == before.journal
    assert len(after.journal) == len(before.journal) + 1
    start = before.first_plan.start
    for number in range(min((on - start).days + 1, 80)):
        day = on - timedelta(days=1 + number)
        assert after.doses_on(day) == before.doses_on(day)


def check_never_up(course: bt.Course) -> None:
    whole, doses = course.whole, totals(course.whole)
    back = {entry.at for entry in course.journal if isinstance(entry, SteppedBack)}
    inside = {n: c.first_step - 1 for c in whole.crossovers for n in range(c.first_step, c.last_step + 1)}
    entering = {(n, c.to) for c in whole.crossovers for n in range(c.first_step, c.last_step + 1)}
    for number in range(1, len(doses)):
        if whole.steps[number].start in back:
            continue
        assert doses[number] <= doses[inside.get(number, number - 1)]
        before, now = highest(course, number - 1), highest(course, number)
        for (drug, when), ng in now.items():
            assert ng <= before.get((drug, when), 0) or (number, drug) in entering


def highest(course: bt.Course, number: int) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for day in doses_of(course.steps[number]):
        for drug, when, ng in day:
            found[drug, when] = max(found[drug, when], ng)
    return found


def check_no_day_is_lost(course: bt.Course) -> None:
    steps, start = course.steps, course.first_plan.start
    last = steps[-1].start or start
    assert sum(step.days or 0 for step in steps) == (last - start).days
    assert [step.number for step in steps] == list(range(len(steps)))
    assert all(step.days for step in steps[1:-1])
    by_step = sum(
        (
            administration.dose.mg
            for step in steps[:-1]
            for n in range(step.days or 0)
            for administration in step.day(n)
        ),
        Fraction(0),
    )
    by_day = sum(
        (sum(course.doses_on(start + timedelta(days=n)).values(), Fraction(0)) for n in range((last - start).days)),
        Fraction(0),
    )
    assert by_step == by_day


def check_facts(course: bt.Course, on: date) -> None:
    facts: dict[str, Any] = dict(
        plan_facts(course, now=datetime.combine(on, time(12), tzinfo=UTC), table="ashton-2002")
    )
    assert (facts["hold_days"] > 0) <= (facts["next_reduction_due"] is False)
    taken = sum((mg for drug, mg in course.doses_on(on).items() if drug == facts["index_drug"]), Fraction(0))
    assert facts["planned_mg"].get(on, taken) == taken


@settings(max_examples=2 * EXAMPLES, suppress_health_check=[HealthCheck.too_slow])  # planning is the work
@given(courses())
def test_a_course_keeps_its_promises_whatever_is_done_about_it(asked: tuple[int, list[tuple[int, Any]]]) -> None:
    number, doing = asked
    course = begun(number)
    on = course.first_plan.start
    for days, (kind, act) in doing:
        on += timedelta(days=days)
        journal: tuple[Entry, ...] = course.journal
        try:
            after = act(course, on)
        except BenzotaperError as error:
            event(f"{kind}: refused, {type(error).__name__}")
            assert course.journal == journal
            continue
        event(kind)
        check_the_past_stays(course, after, on)
        course = after
        check_facts(course, on)
    check_never_up(course)
    check_no_day_is_lost(course)
    assert bt.Course.from_json(course.to_json()) == course
    for _, plan in course.plans:
        assert plan.certificate.ok, plan.certificate.failures


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(plans()) - 1), st.integers(0, 200), st.integers(1, 400))
def test_a_hold_moves_every_later_date_by_exactly_its_days(number: int, after: int, days: int) -> None:
    course = begun(number)
    on = course.first_plan.start + timedelta(days=after)
    try:
        moved = course.pause(on=on, **DR).resume(on=on + timedelta(days=days), **DR)
    except BenzotaperError as error:
        event(f"refused, {type(error).__name__}")
        return
    if course.first_plan.record.request.align:
        return  # its changes move on to allowed days
    hold = timedelta(days=days)
    assert [s.start and s.start + (hold if s.start >= on else timedelta()) for s in course.plan.steps[1:]] == [
        s.start for s in moved.plan.steps[1:]
    ]
    assert [doses_of(s) for s in course.plan.steps] == [doses_of(s) for s in moved.plan.steps]
    assert sum(s.days or 0 for s in moved.plan.steps) == sum(s.days or 0 for s in course.plan.steps) + days
    assert moved.whole.steps == moved.plan.steps
    assert moved.stops_on == (course.stops_on and course.stops_on + hold)
