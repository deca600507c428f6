"""The facts that only a plan or a course can tell, as the rules ask for them. Names are those of the rules' facts.

A reduction counts as made from the day after its own; on its own day it is due. A portion of a cross-over counts as
made on its day. What a plan alone cannot tell is unknown, with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property

from benzotaper.course import Course
from benzotaper.course_facts import CourseFacts
from benzotaper.day_lists import DayLists
from benzotaper.doses import NG_PER_MG
from benzotaper.drugs import drug_named
from benzotaper.equivalence import DIAZEPAM, TableLike, table_named
from benzotaper.errors import IntervalError
from benzotaper.pace import Fall
from benzotaper.plan import Plan
from benzotaper.steps import PlanRecord, Step
from benzotaper.unknown import Unknown
from benzotaper.values import NOT_APPLICABLE, NotApplicable, Value

PLANNED_DAYS = 30
"""How many days of planned doses are given, today the last."""
NOT_ASKED = Unknown("not_asked")


def plan_facts(plan: Plan | Course, *, now: datetime, table: TableLike, index_drug: str = "") -> dict[str, Value]:
    """Every fact that a plan or a course can tell, as it stands at a time.

    Args:
        plan: a plan, taken as planned; or a course, with its holds and its journal up to that time. A pause that is
            not over counts as if the plan went on tomorrow.
        now: the time, with its zone; days are those of that zone.
        table: the equivalence table by which diazepam mg count, such as that of the profile.
        index_drug: the drug whose doses are asked about; the one being reduced that day, when left out. When a plan
            is checked, each of `index_drugs` in turn.

    Returns:
        Values by the names of the facts: doses in mg, exact; dates in the zone of `now`.

    Raises:
        IntervalError: `now` has no time zone.
        UnknownTableError, UnknownDrugError: as they say.

    >>> from datetime import UTC
    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> facts = plan_facts(plan, now=datetime(2026, 12, 9, 8, tzinfo=UTC), table="ashton-2002")
    >>> facts["tdd_mg"], facts["last_reduction"], facts["next_reduction_due"]
    (Fraction(1, 1), datetime.date(2026, 12, 1), False)
    """
    at = _At(_lists(plan, local_day(now)), local_day(now), index_drug)
    own = CourseFacts(plan, now, at.lists.falls).facts() if isinstance(plan, Course) else {}
    parts = _whole_plan(at), _drugs(at), _doses(at, table), _reductions(at), _switches(at), _end(at)
    return {name: value for part in (*parts, own) for name, value in part.items()}


def _lists(plan: Plan | Course, today: date) -> DayLists:
    """What is looked at: the plan, or the whole course with an open pause that ends tomorrow."""
    if isinstance(plan, Course):
        return DayLists(plan.state.expected(today + timedelta(days=1)))
    return plan.day_lists


def index_drugs(plan: Plan | Course) -> tuple[str, ...]:
    """Every drug that a plan or course reduces, in the order in which their reductions begin.

    >>> from benzotaper import Linear, taper
    >>> index_drugs(taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...                   start="2026-12-01", products="UK", splitting="halves"))
    ('diazepam',)
    """
    return (DayLists(plan.whole) if isinstance(plan, Course) else plan.day_lists).index_drugs()


def local_day(now: datetime) -> date:
    """The calendar day of a time, in its own zone.

    Raises:
        IntervalError: it is no time with a zone.

    >>> from datetime import UTC
    >>> local_day(datetime(2026, 12, 1, 23, 30, tzinfo=UTC))
    datetime.date(2026, 12, 1)
    """
    if not isinstance(now, datetime) or now.utcoffset() is None:
        message = f"now={now!r} must be a time with its zone, such as datetime(2026, 12, 1, 9, tzinfo=ZoneInfo(...))"
        raise IntervalError(message, value=now)
    return now.date()


@dataclass(frozen=True)
class _At:
    """A course on one of its days."""

    lists: DayLists
    today: date
    asked_drug: str

    @property
    def record(self) -> PlanRecord:
        return self.lists.record

    @cached_property
    def step(self) -> Step:
        return self.lists.step_on(self.today)

    @cached_property
    def index(self) -> str:
        return drug_named(self.asked_drug).name if self.asked_drug else self.lists.index_drug(self.today)

    @cached_property
    def made(self) -> list[Fall]:
        return [fall for fall in self.lists.falls if fall.day < self.today]

    @cached_property
    def coming(self) -> list[Fall]:
        return [fall for fall in self.lists.falls if fall.day >= self.today]


def _whole_plan(at: _At) -> dict[str, Value]:
    """What does not change from day to day."""
    lists, falls, zero = at.lists, at.lists.falls, at.record.ending == "zero"
    return {
        "plan.ends_at_zero": zero,
        "plan.final_dose_mg": NOT_APPLICABLE,
        "plan.hard_end_date": NOT_APPLICABLE,
        "plan.allow_hold": True,
        "plan.checkin_interval_d": NOT_ASKED,
        "daily_total": lists.daily_total,
        "daily_dose": lists.daily_dose,
        "index_daily_mg": lists.daily_mg_of(at.index),
        "step_mg": lists.step_mg,
        "step_fraction": lists.step_fraction,
        "interval_d": lists.interval_d,
        "rounding_mg": lists.rounding_mg,
        "last_fall_mg": falls[-1].ng / NG_PER_MG if zero else NOT_APPLICABLE,
        "last_fall_is_first": zero and len(falls) == 1,
        "starting_total_mg": lists.pace.doses[0] / NG_PER_MG,
    }


def _drugs(at: _At) -> dict[str, Value]:
    """Which drug is reduced, and which replaces it."""
    crossings = at.record.crossovers
    days = at.lists.pace.days
    open_ones = [cross for cross in crossings if days[cross.last_step] >= at.today]
    return {
        "index_drug": at.index,
        "target_drug": (open_ones or crossings[-1:])[0].to if crossings else NOT_APPLICABLE,
        "rule_half_life_h": drug_named(at.index).rule_half_life_h,
        "plan.switches_to_diazepam": any(cross.to == DIAZEPAM for cross in crossings),
    }


def _doses(at: _At, table: TableLike) -> dict[str, Value]:
    """What is taken now, what was taken at first, and what was planned for the last days."""
    return {
        "tdd_mg": at.step.mean_ng(at.index) / NG_PER_MG,
        "starting_tdd_mg": at.lists.before_reduction_ng(at.index) / NG_PER_MG,
        "deq_mg": at.lists.in_diazepam(at.step, table_named(table)),
        "starting_deq_mg": at.lists.in_diazepam(at.record.steps[0], table_named(table)),
        "planned_mg": _planned(at),
    }


def _planned(at: _At) -> Mapping[date, Fraction]:
    """What was planned of the index drug of each of the last days, from the first day of the course on."""
    days = [at.today - timedelta(days=ago) for ago in range(PLANNED_DAYS - 1, -1, -1)]
    alone = at.index if at.asked_drug or len(at.record.drugs) == 1 else ""
    start = at.record.request.start
    return {day: at.lists.mg_on(day, alone or at.lists.index_drug(day)) for day in days if day >= start}


def _reductions(at: _At) -> dict[str, Value]:
    """The last reduction and the next ones; a plan alone has no holds and no check-ins."""
    start = at.record.request.start
    return {
        "next_reduction_due": any(fall.day == at.today for fall in at.coming),
        "last_reduction": at.made[-1].day if at.made else NOT_APPLICABLE,
        "last_completed_checkin": start if start <= at.today else NOT_APPLICABLE,
        "last_known_urgency": "NONE",
        "risk_tier": "low",
        "hold_days": 0,
        "hold_cleared": False,
        "holds_at_level": 0,
        "step_fraction_before_hold": NOT_APPLICABLE,
        "next_step_fraction": at.coming[0].fraction if at.coming else NOT_APPLICABLE,
        "interval_before_hold_d": NOT_APPLICABLE,
        "next_interval_d": Fraction((at.coming[1].day - at.coming[0].day).days) if at.coming[1:] else NOT_APPLICABLE,
    }


def _switches(at: _At) -> dict[str, Value]:
    """The newest portion of a cross-over that was made."""
    return {"last_switch": _last_portion(at, ""), "last_switch_to_diazepam": _last_portion(at, DIAZEPAM)}


def _last_portion(at: _At, to: str) -> date | NotApplicable:
    days = at.lists.pace.days
    made = [
        days[n]
        for cross in at.record.crossovers
        if to in ("", cross.to)
        for n in range(cross.first_step, cross.last_step + 1)
        if days[n] <= at.today
    ]
    return max(made) if made else NOT_APPLICABLE


def _end(at: _At) -> dict[str, Value]:
    """Whether every drug is at 0, since when."""
    stops = at.record.stops_on
    stopped = stops is not None and stops <= at.today
    return {
        "all_drugs_stopped": stopped,
        "stopped_on": stops if stopped and stops else NOT_APPLICABLE,
        "days_since_stop": (at.today - stops).days if stopped and stops else NOT_APPLICABLE,
    }
