"""A course as one record: the steps that were taken, holds and changes of plan included, and those that are planned.

Such a record is for counting, not for handing over: after a step back its doses rise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from benzotaper.align import aligned, read_align
from benzotaper.doses import Dose
from benzotaper.errors import CourseError
from benzotaper.falls import finest_falls, kept_drugs, unit_drug, weights
from benzotaper.intervals import LONGEST_DAYS
from benzotaper.steps import CrossOver, DiazepamFactor, PlanRecord, Step


def step_before(record: PlanRecord, day: date) -> int:
    """The number of the step that is taken on the day before; the current regimen where that is before the plan.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> step_before(plan.record, date(2026, 12, 1)), step_before(plan.record, date(2026, 12, 2))
    (0, 1)
    """
    return max((step.number for step in record.steps if step.start is not None and step.start < day), default=0)


def held(record: PlanRecord, *, since: date, until: date) -> PlanRecord:
    """The same plan with a hold: the step of the day before lasts longer, and all later ones move along.

    Args:
        record: the plan.
        since: the first day of the hold.
        until: the day on which the plan goes on.

    Raises:
        CourseError: it would take more than 20 years.
    """
    number, days = step_before(record, since), (until - since).days
    steps = tuple(_moved(step, number, days, since) for step in record.steps)
    if record.request.align:
        steps = aligned(steps, read_align(record.request.align), start=record.request.start)
    last = steps[-1].start
    if last is not None and (last - record.request.start).days > LONGEST_DAYS:
        message = f"with this hold the course would take more than {LONGEST_DAYS} days; give a strategy instead"
        raise CourseError(message, value=days)
    ideal = tuple(replace(i, start=i.start + timedelta(days=days)) if i.start >= since else i for i in record.ideal)
    return replace(record, steps=steps, ideal=ideal, notes=(), findings=())


def _moved(step: Step, number: int, days: int, since: date) -> Step:
    if step.number < number:
        return step
    if step.number == number:
        return replace(step, start=step.start or since, days=(step.days or 0) + days)
    return replace(step, start=(step.start or since) + timedelta(days=days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days from one on, on which a step of a plan is taken.

    Attributes:
        start: its first day; None of the regimen before the course.
        step: the step; its cycle runs from `start` on.
        plan: the number of the plan that it is from, in the order of the plans.
    """

    start: date | None
    step: Step
    plan: int

    def begins_before(self, day: date) -> bool:
        """Whether some of it lies before a day."""
        return self.start is None or self.start < day


Stretches = tuple[Stretch, ...]


def stretches_of(record: PlanRecord, plan: int) -> Stretches:
    """The steps of a plan as stretches."""
    return tuple(Stretch(start=step.start, step=step, plan=plan) for step in record.steps)


def kept(stretches: Stretches, day: date) -> Stretches:
    """What was taken before a day; the last of it goes on."""
    return tuple(stretch for stretch in stretches if stretch.begins_before(day))


def followed(stretches: Stretches, day: date, record: PlanRecord, plan: int) -> Stretches:
    """What was taken before a day, and from then on another plan."""
    before = kept(stretches, day)
    after = [s for s in stretches_of(record, plan) if s.start is not None and s.start >= day]
    if after and same_doses(after[0].step, before[-1].step):
        after = after[1:]
    return (*before, *after)


def stepped_back(stretches: Stretches, day: date, number: int) -> Stretches:
    """What was taken before a day, and from then on the dose of an earlier stretch."""
    return (*kept(stretches, day), replace(stretches[number], start=day))


def doses_of(step: Step) -> tuple[tuple[tuple[str, str, int], ...], ...]:
    """The doses of each day of a step's cycle, whatever makes them."""
    return tuple(tuple((a.drug, a.time, a.dose.ng) for a in day) for day in step.cycle)


def same_doses(one: Step, other: Step) -> bool:
    """Whether two steps take the same."""
    return doses_of(one) == doses_of(other)


def whole_record(stretches: Stretches, records: Sequence[PlanRecord], *, is_open: bool) -> PlanRecord:
    """One record of a whole course.

    Args:
        stretches: what is taken when.
        records: every plan of the course, in order.
        is_open: whether it ends with a hold, after which nothing is known.
    """
    first, last = records[0], records[-1]
    whole = replace(
        last,
        request=replace(last.request, regimen=first.request.regimen, start=first.request.start),
        steps=tuple(_numbered(stretches, first.request.start)),
        ending="gate" if is_open else last.ending,
        remaining=() if is_open else last.remaining,
        ideal=(),  # each plan has its own, in its own unit
        factors=_factors(records),
        crossovers=_crossovers(stretches, records),
        notes=(),
        findings=(),
    )
    gaps = [_finest(stretch, records, whole) for stretch in stretches]
    steps = (replace(step, finest_fall=gap) for step, gap in zip(whole.steps, gaps, strict=True))
    return replace(whole, steps=tuple(steps))


def _numbered(stretches: Stretches, start: date) -> Iterable[Step]:
    """The steps, numbered in order, each until the next one begins; the last is open."""
    starts = [stretch.start or start for stretch in stretches]
    for number, stretch in enumerate(stretches):
        days = (starts[number + 1] - starts[number]).days if number + 1 < len(starts) else None
        first = starts[number] if days != 0 else None
        yield replace(stretch.step, number=number, start=first, days=days)


def _factors(records: Sequence[PlanRecord]) -> tuple[DiazepamFactor, ...]:
    """The factor of each drug, as the first plan that has it counts."""
    found: dict[str, DiazepamFactor] = {}
    for record in records:
        for factor in record.factors:
            found.setdefault(factor.drug, factor)
    return tuple(found.values())


def _crossovers(stretches: Stretches, records: Sequence[PlanRecord]) -> tuple[CrossOver, ...]:
    """The changes of drug that were begun or are planned, at the steps of the whole course."""
    found: dict[tuple[str, str], CrossOver] = {}
    for plan, record in enumerate(records):
        for cross in record.crossovers:
            inside = [
                number
                for number, stretch in enumerate(stretches)
                if stretch.plan == plan and cross.first_step <= stretch.step.number <= cross.last_step
            ]
            if inside:
                known = found.get((cross.drug, cross.to))
                first = min(inside[0], known.first_step) if known else inside[0]
                found[cross.drug, cross.to] = replace(cross, first_step=first, last_step=inside[-1])
    return tuple(sorted(found.values(), key=lambda cross: cross.first_step))


def _finest(stretch: Stretch, records: Sequence[PlanRecord], whole: PlanRecord) -> Dose:
    """The smallest fall that could be made from there, in the unit in which the whole course counts it."""
    if len(kept_drugs(whole)) == 1:  # each step in its own drug, as in a plan
        return stretch.step.finest_fall
    record = records[stretch.plan]
    fall = finest_falls(record)[stretch.step.number]
    return Dose.of_ng(ceil(weights(whole).get(unit_drug(record), Fraction(1)) * fall))
