"""A course: holds, re-plans and steps back, its journal, what it refuses, its JSON, and what it tells the rules."""

import copy
import json
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest

import benzotaper as bt
from benzotaper.course_steps import doses_of
from benzotaper.errors import (
    AcknowledgementError,
    BenzotaperError,
    CourseError,
    IntervalError,
    PlanFormatError,
    StrategyError,
    UnknownIdError,
)
from benzotaper.journal import KINDS, Accepted, Paused, Resumed, Reviewed
from benzotaper.plan_facts import plan_facts
from benzotaper.values import NOT_APPLICABLE
from benzotaper.verification.certificate import sha256_of
from documents import Document, drop, set_
from real_plans import SHAPES

SCHEMA = json.loads((Path(bt.__file__).parent / "data" / "course.schema.json").read_text(encoding="utf-8"))
ACCEPTS = jsonschema.Draft202012Validator(SCHEMA).is_valid
UK: dict[str, Any] = {"start": "2026-12-01", "products": "UK", "splitting": "halves"}
DR: dict[str, Any] = {"by": "Dr A", "reason": "insomnia"}
SLOWER = bt.Percentage("5 %", of="current", every="3 weeks")
EMERGENCY = ("RF-02", "EMERGENCY_NOW")


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2027, 1, day, hour, tzinfo=UTC)


def plan(regimen: str = "diazepam 10 mg at night", strategy: Any = "linear 1 mg every 2 weeks", **more: Any) -> bt.Plan:
    return bt.taper(regimen, strategy, **(UK | more))


def shape(name: str) -> bt.Course:
    return bt.Course(bt.taper(**SHAPES[name]), accepted_by="Dr A", reason="agreed")


@pytest.fixture
def course() -> bt.Course:
    return bt.Course(plan(), checkin_every="7 days")


@pytest.fixture
def held(course: bt.Course) -> bt.Course:
    return course.pause(on="2027-01-05", **DR)


def review(day: int, **more: Any) -> Reviewed:
    return Reviewed(**({"at": at(day), "by": "Dr A", "urgency": "NONE"} | more))


def alarmed(course: bt.Course) -> bt.Course:
    return course.record(review(3, urgency="EMERGENCY_NOW", true_rules=[EMERGENCY], latched=["RF-02"]))


def mg_on(course: bt.Course, day: str) -> Fraction:
    return sum(course.doses_on(day).values(), Fraction(0))


# ---- holds


def test_a_pause_keeps_the_dose_of_the_day_before(held: bt.Course) -> None:
    assert [mg_on(held, day) for day in ("2026-11-30", "2026-12-20", "2027-01-04", "2027-01-05", "2029-01-01")] == [
        *(10, 8, 7, 7, 7)
    ]
    assert held.on_hold_since == date(2027, 1, 5)
    assert held.stops_on is None


def test_a_reduction_of_the_first_day_of_a_hold_is_not_made(course: bt.Course) -> None:
    paused = course.pause(on="2026-12-29", **DR)
    assert mg_on(paused, "2026-12-29") == mg_on(paused, "2026-12-28") == 8
    resumed = paused.resume(on="2027-01-05", by="Dr A")
    assert (mg_on(resumed, "2027-01-04"), mg_on(resumed, "2027-01-05")) == (8, 7)


def test_a_hold_from_the_first_day_keeps_what_was_taken_before(course: bt.Course) -> None:
    resumed = course.pause(on="2026-12-01", **DR).resume(on="2026-12-11", by="Dr A")
    assert [mg_on(resumed, day) for day in ("2026-12-01", "2026-12-10", "2026-12-11")] == [10, 10, 9]
    assert resumed.plan.steps[0].days == 10
    assert resumed.plan.certificate.ok


def test_a_course_goes_on_moved_by_the_hold(course: bt.Course, held: bt.Course) -> None:
    resumed = held.resume(on="2027-01-26", by="Dr A")
    assert course.plan.stops_on is not None
    assert resumed.stops_on == course.plan.stops_on + timedelta(days=21)
    assert [(s.days, doses_of(s)) for s in resumed.plan.steps if s.number != 3] == [
        (s.days, doses_of(s)) for s in course.plan.steps if s.number != 3
    ]
    assert resumed.plan.steps[3].days == 35
    assert resumed.plan.certificate.ok
    assert bt.Plan.from_json(resumed.plan.to_json()) == resumed.plan


def test_a_course_goes_on_with_another_strategy_from_what_is_taken_then(held: bt.Course) -> None:
    resumed = held.resume(on=date(2027, 1, 26), by="Dr A", strategy=SLOWER)
    assert resumed.plan.start == date(2027, 1, 26)
    assert str(resumed.plan.regimen) == "diazepam 7 mg night"
    assert resumed.plan.strategies == (SLOWER,)
    assert resumed.plan.record.request.splitting == "halves"
    assert [day for day, _ in resumed.plans] == [date(2026, 12, 1), date(2027, 1, 26)]
    assert mg_on(resumed, "2027-01-25") == 7
    assert resumed.plan.certificate.ok


def test_a_cycle_of_days_goes_on_in_a_hold() -> None:
    course = shape("every other day")
    day = course.first_plan.start + timedelta(days=5)
    held = course.pause(on=day, **DR)
    for number in range(30):
        on = course.first_plan.start + timedelta(days=number)
        assert held.doses_on(on).get("diazepam", 0) == (6 if number % 2 else 12)
    resumed = held.resume(on=day + timedelta(days=7), by="Dr A")
    assert resumed.plan.steps[1].days == 16
    assert resumed.plan.certificate.ok


def test_a_strategy_after_a_cycle_of_days_never_raises_its_mean() -> None:
    held = shape("every other day").pause(on="2026-12-06", **DR)
    with pytest.raises(CourseError, match="more would be taken"):
        held.resume(on="2026-12-20", by="Dr A", strategy=SLOWER, reason="agreed")
    resumed = held.resume(on="2026-12-20", by="Dr A", strategy="linear 4 mg every 3 weeks", reason="agreed")
    assert mg_on(resumed, "2026-12-20") == 8


def test_an_open_cross_over_stays_as_it_is_and_then_goes_on() -> None:
    held = shape("cross-over").pause(on="2026-12-08", **DR)
    assert held.doses_on("2027-02-01") == {"lorazepam": Fraction(2), "diazepam": Fraction(20)}
    resumed = held.resume(on="2026-12-22", by="Dr A")
    assert resumed.doses_on("2026-12-22") == {"lorazepam": Fraction(1), "diazepam": Fraction(30)}
    assert resumed.plan.certificate.ok


def test_an_open_cross_over_may_go_on_drug_by_drug() -> None:
    held = shape("cross-over").pause(on="2026-12-08", **DR)
    strategy = {"lorazepam": "linear 0.5 mg every 2 weeks", "diazepam": "linear 2 mg every 2 weeks"}
    resumed = held.resume(on="2026-12-22", by="Dr A", strategy=strategy, reason="agreed")
    assert resumed.plan.record.drugs == ("lorazepam", "diazepam")
    assert resumed.whole.ending == "zero"
    with pytest.raises(StrategyError, match="nothing is said about"):
        held.resume(on="2026-12-22", by="Dr A", strategy={"diazepam": "linear 2 mg every 2 weeks"})


def test_drugs_that_fell_together_may_go_on_one_after_the_other() -> None:
    held = shape("several without diazepam").pause(on="2026-12-20", **DR)
    strategy = {"zolpidem": "linear 2.5 mg every 2 weeks", "alprazolam": "linear 0.25 mg every 2 weeks"}
    resumed = held.resume(on="2027-01-10", by="Dr A", strategy=strategy, reason="agreed")
    told = facts(resumed, "2027-01-12")
    assert told["index_drug"] == "zolpidem"
    assert told["starting_total_mg"] == 45  # of diazepam, by ashton-2002
    assert told["daily_total"][-1] == 0


def test_a_cross_over_may_begin_after_a_hold(held: bt.Course) -> None:
    crossing = [bt.Substitution("lorazepam", table="ashton-2002", every="1 week"), "linear 25 % every 2 weeks"]
    resumed = held.resume(on="2027-01-26", by="Dr A", strategy=crossing, reason="agreed")
    assert resumed.doses_on("2027-01-26").keys() == {"lorazepam"}
    assert [c.first_step for c in resumed.whole.crossovers] == [4]


def test_holds_of_an_aligned_plan_end_in_changes_on_allowed_days() -> None:
    course = bt.Course(plan(align="on Tuesday")).pause(on="2027-01-05", **DR).resume(on="2027-01-20", by="Dr A")
    assert {step.start.weekday() for step in course.plan.steps[1:] if step.start} == {1}


def test_the_gate_of_a_plan_is_opened_with_what_remains_or_with_a_strategy() -> None:
    course = shape("gate")
    since = course.plan.steps[-1].start
    assert since is not None
    opened = course.resume(on=since + timedelta(weeks=7), by="Dr A", reason="agreed")
    assert opened.plan.start == since + timedelta(weeks=7)
    assert opened.plan.strategies == course.plan.remaining
    other = course.resume(on=since + timedelta(weeks=7), by="Dr A", strategy=SLOWER)
    assert other.plan.strategies == (SLOWER,)
    with pytest.raises(CourseError, match="not on hold"):
        course.resume(on=since, by="Dr A")
    with pytest.raises(CourseError, match="resume opens the gate"):
        course.pause(on=since + timedelta(days=1), **DR)


def test_what_no_product_of_the_plan_makes_is_not_kept_by_it() -> None:
    held = shape("cross-over at once").pause(on="2026-12-01", **DR)
    with pytest.raises(CourseError, match="no product of the plan makes the temazepam"):
        held.resume(on="2026-12-10", by="Dr A")
    assert facts(held, "2026-12-05")["tdd_mg"] == 10


def test_several_holds_add_up(course: bt.Course) -> None:
    for pause, resume in (("2026-12-20", "2026-12-25"), ("2027-01-10", "2027-01-20"), ("2027-01-20", "2027-01-22")):
        course = course.pause(on=pause, **DR).resume(on=resume, by="Dr A")
    assert course.stops_on == date(2027, 4, 6) + timedelta(days=17)


def test_products_by_hand_liquids_and_any_dose_are_kept() -> None:
    for name in ("own products", "a liquid", "a liquid by name", "only drops", "any dose", "times in turn"):
        held = shape(name).pause(on="2026-12-17", **DR)
        course = held.resume(on="2027-01-10", by="Dr A", strategy=SLOWER, reason="agreed")
        before, after = course.first_plan.record.request, course.plan.record.request
        assert (before.products, before.liquids, before.reduce) == (after.products, after.liquids, after.reduce), name
        assert course.plan.record.ending == "zero"


def test_a_plan_of_given_steps_goes_on_with_a_strategy() -> None:
    rows = [(14, "4 mg at night"), (14, "2 mg at night"), (1, "0 mg")]
    given = bt.Plan.from_schedule(rows, drug="diazepam", **UK)
    course = bt.Course(given, accepted_by="Dr A", reason="agreed").pause(on="2026-12-20", **DR)
    assert course.resume(on="2027-01-01", by="Dr A").stops_on == date(2027, 1, 10)
    resumed = course.resume(on="2027-01-01", by="Dr A", strategy="linear 0.5 mg every 2 weeks", reason="agreed")
    assert resumed.plan.record.request.fit == "up"


# ---- slower, and back


def test_slowing_needs_no_hold_and_never_ends_sooner(course: bt.Course) -> None:
    slowed = course.slow(on="2026-12-29", strategy="linear 0.5 mg every 2 weeks", **DR)
    assert (mg_on(slowed, "2026-12-28"), mg_on(slowed, "2026-12-29")) == (8, Fraction(15, 2))
    assert slowed.on_hold_since is None
    with pytest.raises(CourseError, match="not slower"):
        course.slow(on="2026-12-29", strategy="linear 2 mg every 1 week", **DR)


def test_a_prescriber_may_return_to_an_earlier_dose_and_hold_there(held: bt.Course) -> None:
    asked = {"on": "2027-01-10", "by": "Dr A", "role": "prescriber", "reason": "severe"}
    by_number, by_text = held.step_back(to=2, **asked), held.step_back(to="diazepam 8 mg at night", **asked)
    assert by_number == by_text
    assert [mg_on(by_text, day) for day in ("2027-01-09", "2027-01-10", "2028-01-01")] == [7, 8, 8]
    assert by_text.on_hold_since == date(2027, 1, 10)
    resumed = by_text.resume(on="2027-02-01", by="Dr A", strategy=SLOWER)
    assert str(resumed.plan.regimen) == "diazepam 8 mg night"


def test_after_a_step_back_the_plan_does_not_go_on_by_itself(held: bt.Course) -> None:
    back = held.step_back(on="2027-01-10", by="Dr A", role="prescriber", reason="severe", to=1)
    with pytest.raises(CourseError, match="does not go on by itself"):
        back.resume(on="2027-02-01", by="Dr A")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"role": "clinician"}, "named prescriber decides"),
        ({"role": "patient"}, "role 'patient' is not known"),
        ({"by": " "}, "who did it, by name"),
        ({"reason": ""}, "reason='' must be text"),
        ({"to": 3}, "not one that was taken before"),
        ({"to": 9}, "not one that was taken before"),
        ({"to": -1}, "not one that was taken before"),
        ({"to": "diazepam 8.5 mg at night"}, "was not taken in this course"),
        ({"to": 2.0}, "must be the number of a step"),
        ({"on": "2027-01-01"}, "lies before 2027-01-05"),
    ],
)
def test_nobody_else_and_nothing_else_goes_up(held: bt.Course, changes: dict[str, Any], words: str) -> None:
    asked = {"on": "2027-01-10", "by": "Dr A", "role": "prescriber", "reason": "severe", "to": 2}
    with pytest.raises(CourseError, match=words):
        held.step_back(**(asked | changes))  # type: ignore[arg-type]  # that is the fault


def test_a_course_that_has_ended_is_not_begun_again(course: bt.Course) -> None:
    with pytest.raises(CourseError, match="a new course"):
        course.step_back(on="2027-06-01", by="Dr A", role="prescriber", reason="relapse", to=2)


# ---- what is refused


REFUSED: dict[str, tuple[Callable[[bt.Course], object], str]] = {
    "a pause in a hold": (lambda c: c.pause(on="2027-01-06", **DR), "on hold since 2027-01-05 already"),
    "slowing in a hold": (lambda c: c.slow(on="2027-01-06", strategy=SLOWER, **DR), "resume it, with a strategy"),
    "resuming on the first day": (lambda c: c.resume(on="2027-01-05", by="Dr A"), "on a later day"),
    "resuming before the pause": (lambda c: c.resume(on="2027-01-04", by="Dr A"), "lies before 2027-01-05"),
    "nobody's name": (lambda c: c.resume(on="2027-01-09", by=""), "who did it, by name"),
    "a name that is no text": (lambda c: c.resume(on="2027-01-09", by=None), "who did it, by name"),  # type: ignore[arg-type]
    "a plan from elsewhere": (
        lambda c: c.record(Resumed(at=date(2027, 1, 9), by="Dr A", plan=plan(start="2027-01-09"))),
        "on 2027-01-09 it is diazepam 7 mg night",
    ),
    "a plan of another day": (
        lambda c: c.record(Resumed(at=date(2027, 1, 9), by="Dr A", plan=plan("diazepam 7 mg at night"))),
        "the plan begins on 2026-12-01",
    ),
    "no entry": (lambda c: c.record("paused"), "no entry that a course takes"),  # type: ignore[arg-type]
    "a second acceptance": (
        lambda c: c.record(Accepted(at=date(2027, 1, 9), by="Dr A")),
        "no entry that a course takes",
    ),
    "a drill in a real course": (lambda c: c.record(review(9, drill=True)), "a drill is no review"),
    "an unlatched rule": (
        lambda c: c.clear("RF-02", by="Dr A", role="prescriber", reason="x", at=at(9)),
        "RF-02 is not latched",
    ),
    "an earlier review": (lambda c: c.check_in(at(9), by="Ms P").record(review(8)), "lies before 2027-01-09"),
    "an unknown urgency": (lambda c: c.record(review(9, urgency="SOON")), "urgency 'SOON' is not known"),
    "a rule that does not latch": (
        lambda c: c.record(review(9, true_rules=[("PA-01", "WITHIN_72H")], latched=["PA-01"])),
        "cannot be latched",
    ),
    "a latch that was not true": (lambda c: c.record(review(9, latched=["RF-02"])), "cannot be latched"),
    "a time without a zone": (lambda c: c.check_in(datetime(2027, 1, 9), by="P"), "a time with its zone"),  # noqa: DTZ001
    "an unknown tier": (lambda c: c.set_tier("very high", by="Dr A", reason="x", at=at(9)), "tier 'very high'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_follow_is_refused_by_name_and_nothing_is_lost(held: bt.Course, case: str) -> None:
    call, words = REFUSED[case]
    before = held.to_json()
    with pytest.raises(CourseError) as caught:
        call(held)
    assert words in str(caught.value)
    assert hasattr(caught.value, "value")
    assert held.to_json() == before


def test_a_course_needs_a_plan_and_its_days(course: bt.Course) -> None:
    with pytest.raises(CourseError, match="no plan"):
        bt.Course("diazepam")  # type: ignore[arg-type]  # that is the fault
    with pytest.raises(IntervalError, match="checkin_every"):
        bt.Course(plan(), checkin_every="often")
    with pytest.raises(CourseError, match="lies before 2026-12-01, for which 'accepted'"):
        course.pause(on="2026-11-30", **DR)
    with pytest.raises(CourseError, match="not on hold"):
        course.resume(on="2027-01-05", by="Dr A")
    with pytest.raises(CourseError, match="nothing is taken since"):
        course.pause(on="2027-06-01", **DR)
    with pytest.raises(CourseError, match="maintenance dose is taken"):
        shape("maintenance").pause(on="2029-06-01", **DR)
    with pytest.raises(UnknownIdError, match="RF-99"):
        course.record(review(9, true_rules=[("RF-99", "INFO")]))


def test_a_course_of_more_than_20_years_is_refused(held: bt.Course) -> None:
    with pytest.raises(CourseError, match="more than 7305 days"):
        held.resume(on="2047-01-01", by="Dr A")


# ---- red findings


def test_a_plan_with_a_red_finding_is_accepted_only_with_a_name_and_a_reason() -> None:
    fast = plan(strategy="linear 5 mg every 1 week")
    for given in ({}, {"accepted_by": "Dr A"}, {"reason": "agreed"}):
        with pytest.raises(AcknowledgementError, match="PL-01") as caught:
            bt.Course(fast, **given)
        assert "PL-01" in caught.value.what
    accepted = bt.Course(fast, accepted_by="Dr A", reason="short use").journal[0]
    assert isinstance(accepted, Accepted)
    assert (accepted.by, accepted.reason) == ("Dr A", "short use")
    assert "PL-01" in accepted.findings


def test_a_new_plan_with_a_red_finding_needs_a_reason(held: bt.Course) -> None:
    fast: dict[str, Any] = {"on": "2027-01-26", "by": "Dr A", "strategy": "linear 3 mg every 1 week"}
    with pytest.raises(AcknowledgementError, match="PL-01"):
        held.resume(**fast)
    entry = held.resume(reason="travel", **fast).journal[-1]
    assert isinstance(entry, Resumed)
    assert "PL-01" in entry.findings


def test_a_pace_that_is_too_fast_only_across_the_change_needs_a_reason_too() -> None:
    course = bt.Course(plan("diazepam 20 mg at night", "linear 3 mg every 2 weeks"), accepted_by="Dr A", reason="x")
    fine = plan("diazepam 17 mg at night", "linear 3 mg every 4 weeks", start="2026-12-05")
    held = course.pause(on="2026-12-04", **DR)
    assert 1 not in {step for f in fine.findings if f.code == "PL-01" for step in f.steps}
    with pytest.raises(AcknowledgementError, match="PL-01"):
        held.resume(on="2026-12-05", by="Dr A", strategy="linear 3 mg every 4 weeks")


def test_what_was_accepted_before_needs_no_second_reason_when_the_plan_only_goes_on() -> None:
    course = bt.Course(plan(strategy="linear 5 mg every 1 week"), accepted_by="Dr A", reason="short use")
    resumed = course.pause(on="2026-12-03", **DR).resume(on="2026-12-20", by="Dr A")
    assert resumed.journal[-1].reason == ""  # type: ignore[attr-defined]


# ---- reviews, flags, overrides


def test_a_red_flag_stays_until_a_prescriber_clears_it_with_a_new_baseline(course: bt.Course) -> None:
    flagged = alarmed(course)
    assert flagged.latched == {"RF-02": ("EMERGENCY_NOW", at(3))}
    assert flagged.record(review(4)).latched == flagged.latched
    asked: dict[str, Any] = {"by": "Dr A", "reason": "recovered", "at": at(5)}
    for role, rebaselined in (("clinician", True), ("prescriber", False)):
        with pytest.raises(CourseError, match="a prescriber clears it"):
            flagged.clear("RF-02", role=role, rebaselined=rebaselined, **asked)
    cleared = flagged.clear("RF-02", role="prescriber", rebaselined=True, **asked)
    assert cleared.latched == {}
    assert cleared.clearances == {"RF-02": at(5)}
    assert flagged.latched


def test_a_milder_red_flag_is_cleared_by_a_clinician_and_may_latch_again(course: bt.Course) -> None:
    fires: dict[str, Any] = {"urgency": "SAME_DAY", "true_rules": [("RF-08", "SAME_DAY")], "latched": ["RF-08"]}
    flagged = course.record(review(3, **fires))
    cleared = flagged.clear("RF-08", by="Nurse B", role="clinician", reason="gone", at=at(4))
    assert cleared.record(review(6, **fires)).latched == {"RF-08": ("SAME_DAY", at(6))}


def test_a_latched_rule_that_grows_worse_keeps_the_higher_urgency(course: bt.Course) -> None:
    mild = course.record(review(3, urgency="SAME_DAY", true_rules=[("RF-12", "SAME_DAY")], latched=["RF-12"]))
    worse = mild.record(review(4, urgency="EMERGENCY_NOW", true_rules=[("RF-12", "EMERGENCY_NOW")]))
    assert worse.latched == {"RF-12": ("EMERGENCY_NOW", at(3))}


def test_an_override_counts_until_its_time_and_never_for_a_red_flag(course: bt.Course) -> None:
    asked: dict[str, Any] = {"by": "Dr A", "role": "prescriber", "code": "already managed", "at": at(3), "until": at(9)}
    overridden = course.override("PA-05", note="sleep clinic", **asked)
    assert list(overridden.overrides_at(at(8))) == ["PA-05"]
    assert overridden.overrides_at(at(9)) == overridden.overrides_at(at(2)) == {}
    for rule_id, changes, words in (
        ("RF-02", {}, "never overridden"),
        ("PA-05", {"code": "because"}, "code 'because' is not known"),
        ("PA-05", {"until": at(3)}, "must be after"),
        ("PA-05", {"role": "patient"}, "role 'patient'"),
    ):
        with pytest.raises(CourseError, match=words):
            course.override(rule_id, **(asked | changes))


def test_a_drill_takes_only_drills(course: bt.Course) -> None:
    drill = bt.Course(course.first_plan, drill=True)
    assert drill.record(review(3, drill=True)).journal[-1] == review(3, drill=True)
    with pytest.raises(CourseError, match="only reviews that are drills"):
        drill.record(review(3))


# ---- JSON, frame, notebook


def everything() -> bt.Course:
    course = alarmed(bt.Course(plan(strategy="linear 3 mg every 2 weeks"), accepted_by="Dr <A>", reason="“x” & y"))
    course = course.clear("RF-02", by="Dr A", role="prescriber", reason="recovered", at=at(4), rebaselined=True)
    course = course.override(
        "PA-05", by="Dr A", role="clinician", code="measurement error", at=at(4), until=at(20), note="form"
    )
    course = course.check_in(datetime(2027, 1, 4, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=2))), by="Ms P")
    course = course.allow_final_dose("1.5 mg", by="Dr A", reason="smallest", at=at(5))
    course = course.set_tier("high", by="Dr A", reason="alone", at=at(5))
    course = course.slow(on="2027-01-12", strategy=SLOWER, **DR).pause(on="2027-02-12", **DR)
    course = course.step_back(on="2027-02-13", by="Dr A", role="prescriber", reason="severe", to=0)
    return course.resume(on="2027-04-01", by="Dr A", strategy=SLOWER, reason="better")


def test_every_kind_of_entry_comes_back_from_json_and_the_schema_accepts_it() -> None:
    course = everything()
    assert {entry.KIND for entry in course.journal} == set(KINDS)
    text = course.to_json()
    back = bt.Course.from_json(text)
    assert back == course
    assert back.to_json() == text
    assert ACCEPTS(json.loads(text))
    assert json.loads(text) == course.to_dict()
    assert (back.checkin_days, back.drill) == (0, False)


def test_checkins_and_drills_are_in_the_json(held: bt.Course) -> None:
    for course in (held, bt.Course(held.first_plan, drill=True)):
        back = bt.Course.from_json(course.to_json())
        assert (back, back.checkin_days, back.drill) == (course, course.checkin_days, course.drill)


SPOILED: dict[str, tuple[Callable[[Document], None], str, bool]] = {
    "a later version": (set_("course_schema_version", to=2), "course_schema_version", False),
    "a field too many": (set_("colour", to="red"), "colour", False),
    "a field missing": (drop("journal", 1, "by"), "journal[1].by", False),
    "a field too many in an entry": (set_("journal", 1, "colour", to="red"), "journal[1].colour", False),
    "an unknown kind": (set_("journal", 1, "kind", to="stopped"), "journal[1].kind", False),
    "no acceptance": (drop("journal", 0), "journal", False),
    "an empty journal": (set_("journal", to=[]), "journal", False),
    "acceptance on another day": (set_("journal", 0, "at", to="2026-12-02"), "journal[0]", True),
    "acceptance without its reason": (set_("journal", 0, "reason", to=""), "journal[0]", True),
    "a day that is none": (set_("journal", 9, "at", to="2027-02-30"), "journal[9].at", True),
    "a time without a zone": (set_("journal", 1, "at", to="2027-01-03T09:00:00"), "journal[1].at", False),
    "a time in other words": (set_("journal", 1, "at", to="2027-01-03T09:00:00Z"), "journal[1].at", False),
    "no time": (set_("journal", 1, "at", to="soon"), "journal[1].at", False),
    "no flag": (set_("journal", 1, "drill", to="no"), "journal[1].drill", False),
    "a drill in a real course": (set_("journal", 1, "drill", to=True), "journal[1]", True),
    "nobody's name": (set_("journal", 1, "by", to=" "), "journal[1]", False),
    "a clearance of another rule": (set_("journal", 2, "rule_id", to="RF-01"), "journal[2]", True),
    "a step that is none": (set_("journal", 9, "step", to=70), "journal[9]", True),
    "a role that may not": (set_("journal", 9, "role", to="clinician"), "journal[9]", False),
    "a resumption without a hold": (lambda content: content["journal"].__delitem__(slice(8, 10)), "journal[8]", True),
    "days that are none": (set_("checkin_days", to=0), "checkin_days", False),
    "too many days": (set_("checkin_days", to=7306), "checkin_days", False),
    "no plan": (set_("plan", to=[]), "plan", False),
    "a plan that was changed": (set_("plan", "steps", 1, "days", to=15), "plan.steps[2].start", True),
    "a new plan that was changed": (set_("journal", 7, "plan", "stops_on", to=None), "journal[7].plan.stops_on", True),
    "a dose that is none": (set_("journal", 5, "dose_mg", to="1.50"), "journal[5].dose_mg", False),
}


@pytest.mark.parametrize("case", SPOILED)
def test_a_document_that_was_changed_is_refused_with_its_place(case: str) -> None:
    change, path, schema_accepts = SPOILED[case]
    document = copy.deepcopy(everything().to_dict())
    change(document)
    rest = {name: value for name, value in document.items() if name != "content_sha256"}
    sealed = rest | {"content_sha256": sha256_of(rest)}
    with pytest.raises(PlanFormatError, match="course JSON") as caught:
        bt.Course.from_json(json.dumps(sealed))
    assert caught.value.path == path
    assert ACCEPTS(sealed) == schema_accepts


def test_a_changed_text_breaks_the_seal(held: bt.Course) -> None:
    with pytest.raises(PlanFormatError, match="content_sha256"):
        bt.Course.from_json(held.to_json().replace("insomnia", "nausea"))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1, "a": 2}', None, "[" * 100_000])
def test_what_is_no_course_json_is_refused(text: Any) -> None:
    with pytest.raises(PlanFormatError, match="course JSON"):
        bt.Course.from_json(text)


def test_a_text_that_is_no_unicode_is_refused_when_it_is_written(course: bt.Course) -> None:
    with pytest.raises(PlanFormatError, match="not valid Unicode"):
        course.pause(on="2027-01-05", by="Dr \ud800", reason="x").to_json()


def test_the_journal_is_a_frame_and_a_small_table() -> None:
    course = everything()
    frame = course.to_frame()
    assert list(frame.columns) == ["number", "kind", "at", "by", "reason", "what"]
    assert list(frame["kind"]) == [entry.KIND for entry in course.journal]
    assert "RF-02, " not in course._repr_html_()
    assert "Dr &lt;A&gt;" in course._repr_html_()
    assert "<script" not in course._repr_html_()


def test_a_course_is_a_value(held: bt.Course) -> None:
    assert pickle.loads(pickle.dumps(held)) == held  # noqa: S301  our own bytes
    assert held == bt.Course(plan(), checkin_every="7 days").pause(on="2027-01-05", **DR)
    assert hash(held.journal[1]) == hash(Paused(at=date(2027, 1, 5), by="Dr A", reason="insomnia"))
    with pytest.raises(AttributeError):
        held.journal = ()  # type: ignore[misc]  # that is the fault
    assert repr(held) == "<Course diazepam 10 mg night, from 2026-12-01: 2 entries, on hold since 2027-01-05>"


# ---- what changed


def test_the_changes_are_those_of_the_newest_change_of_plan(held: bt.Course) -> None:
    assert [str(change) for change in held.changes[:1]] == [
        "Tue 12 Jan 2027 to Mon 25 Jan 2027: diazepam 7 mg instead of diazepam 6 mg"
    ]
    last = held.changes[-1]
    assert (last.end, last.days, last.after) == (None, None, {"diazepam": 7})
    assert str(last) == "Tue 6 Apr 2027 on: diazepam 7 mg instead of nothing"
    assert held.check_in(at(6), by="Ms P").changes == held.changes
    assert bt.Course(plan()).changes == ()
    assert held.diff(held) == ()
    assert all(one.end < other.start for one, other in pairwise(held.changes) if one.end)


# ---- what it tells the rules


def facts(course: bt.Course, day: str) -> dict[str, Any]:
    now = datetime.combine(date.fromisoformat(day), datetime.min.time(), tzinfo=UTC) + timedelta(hours=12)
    return dict(plan_facts(course, now=now, table="ashton-2002"))


def test_a_hold_is_counted_and_nothing_is_due_in_it(held: bt.Course) -> None:
    during = facts(held, "2027-01-12")
    assert during["hold_days"] == 7
    assert during["hold_cleared"] is during["next_reduction_due"] is False
    assert during["tdd_mg"] == 7
    assert during["last_reduction"] == date(2026, 12, 29)
    assert during["step_fraction_before_hold"] == Fraction(1, 8)
    assert during["interval_before_hold_d"] == 14
    assert during["next_step_fraction"] == Fraction(1, 7)
    assert during["next_interval_d"] == 14
    assert during["holds_at_level"] == 1
    assert during["plan.ends_at_zero"] is True
    assert facts(held, "2027-01-04")["hold_days"] == 0


def test_after_a_hold_the_first_reduction_ends_its_count(held: bt.Course) -> None:
    resumed = held.resume(on="2027-01-26", by="Dr A", strategy="linear 0.5 mg every 3 weeks")
    waiting, due, made = (facts(resumed, day) for day in ("2027-01-20", "2027-01-26", "2027-01-27"))
    assert (waiting["hold_days"], waiting["hold_cleared"]) == (15, True)
    assert (due["hold_days"], due["hold_cleared"], due["next_reduction_due"]) == (0, True, True)
    assert (made["hold_cleared"], made["last_reduction"]) == (False, date(2027, 1, 26))
    assert due["next_step_fraction"] == Fraction(1, 14)
    assert due["next_interval_d"] == 21
    assert due["interval_before_hold_d"] == 14
    assert list(made["planned_mg"].values())[-3:] == [7, Fraction(13, 2), Fraction(13, 2)]


def test_the_lists_of_a_course_cover_all_of_it_with_its_holds(held: bt.Course) -> None:
    lists = facts(held.resume(on="2027-01-26", by="Dr A"), "2027-01-12")
    assert lists["daily_total"][:64] == (10, *(9,) * 14, *(8,) * 14, *(7,) * 35)
    assert lists["interval_d"][3] == 35
    assert lists["daily_total"][-1] == 0


def test_a_second_hold_at_the_same_or_the_next_dose_is_counted(held: bt.Course) -> None:
    again = held.resume(on="2027-01-12", by="Dr A").pause(on="2027-01-26", **DR)
    assert facts(again, "2027-01-27")["holds_at_level"] == 2
    far = held.resume(on="2027-01-12", by="Dr A").pause(on="2027-03-10", **DR)
    assert facts(far, "2027-03-11")["holds_at_level"] == 1


def test_a_step_back_is_a_hold_after_which_nothing_is_known(held: bt.Course) -> None:
    back = held.step_back(on="2027-01-10", by="Dr A", role="prescriber", reason="severe", to=1)
    told = facts(back, "2027-01-15")
    assert (told["hold_days"], told["tdd_mg"]) == (5, 9)
    assert told["next_step_fraction"] is told["next_interval_d"] is NOT_APPLICABLE
    assert told["plan.ends_at_zero"] is False


def test_a_gate_is_a_hold_but_no_sign_of_trouble() -> None:
    course = shape("gate")
    since = course.plan.steps[-1].start
    assert since is not None
    told = facts(course, str(since + timedelta(days=20)))
    assert (told["hold_days"], told["holds_at_level"]) == (20, 0)
    opened = course.resume(on=since + timedelta(days=49), by="Dr A", reason="agreed")
    assert facts(opened, str(since + timedelta(days=49)))["hold_cleared"] is True


def test_after_one_reduction_the_interval_before_a_hold_is_the_planned_one(course: bt.Course) -> None:
    told = facts(course.pause(on="2026-12-10", **DR), "2026-12-20")
    assert told["interval_before_hold_d"] == 14
    early = facts(course.pause(on="2026-12-01", **DR), "2026-12-20")
    assert early["interval_before_hold_d"] is early["step_fraction_before_hold"] is NOT_APPLICABLE


def test_the_journal_tells_check_ins_urgency_tier_and_last_dose(course: bt.Course) -> None:
    said = alarmed(course).check_in(datetime(2027, 1, 4, 23, 30, tzinfo=UTC), by="Ms P")
    said = said.allow_final_dose("2 mg", by="Dr A", reason="smallest", at=at(6)).record(review(7))
    before, after = facts(said, "2027-01-02"), facts(said, "2027-01-08")
    assert (before["last_known_urgency"], before["plan.final_dose_mg"]) == ("NONE", NOT_APPLICABLE)
    assert before["last_completed_checkin"] == date(2026, 12, 1)
    assert after["last_known_urgency"] == "EMERGENCY_NOW"  # the newest review found nothing, but the flag is latched
    assert after["last_completed_checkin"] == date(2027, 1, 4)
    assert after["plan.final_dose_mg"] == 2
    assert after["plan.checkin_interval_d"] == 7
    assert facts(bt.Course(plan()), "2027-01-08")["plan.checkin_interval_d"] == bt.Unknown("not_asked")


def test_the_tier_is_the_highest_that_was_set(course: bt.Course) -> None:
    assert facts(course, "2027-01-09")["risk_tier"] == "low"
    moderate = course.record(review(3, reported_facts=["cssrs_behavior_lifetime"]))
    assert facts(moderate, "2027-01-09")["risk_tier"] == "moderate"
    high = moderate.record(review(4, true_rules=[("CA-08", "PLAN_CHECK")]))
    lowered = high.set_tier("low", by="Dr A", reason="x", at=at(5))
    assert facts(lowered, "2027-01-09")["risk_tier"] == "high"


def test_a_course_that_crosses_over_later_counts_in_the_drug_that_is_left(held: bt.Course) -> None:
    crossing = [bt.Substitution("lorazepam", table="ashton-2002", every="1 week"), "linear 25 % every 2 weeks"]
    told = facts(held.resume(on="2027-01-26", by="Dr A", strategy=crossing, reason="agreed"), "2027-02-01")
    assert told["starting_total_mg"] == 1  # 10 mg of diazepam
    assert told["last_switch"] == date(2027, 1, 26)
    assert told["last_switch_to_diazepam"] is NOT_APPLICABLE
    assert told["target_drug"] == "lorazepam"


def test_every_shape_of_plan_can_be_held_and_told() -> None:
    for name in SHAPES:
        course = shape(name)
        first = next(step.start for step in course.steps if step.number and step.start)
        on = first + timedelta(days=1) if first != course.steps[-1].start else first
        try:
            resumed = course.pause(on=on, **DR).resume(on=on + timedelta(days=9), by="Dr A")
        except BenzotaperError as error:
            raise AssertionError(name) from error
        assert resumed.plan.certificate.ok, (name, resumed.plan.certificate.failures)
        assert bt.Course.from_json(resumed.to_json()) == resumed
        assert facts(resumed, str(on))["hold_days"] == 0
        assert facts(resumed, str(on + timedelta(days=8)))["hold_days"] == 8
