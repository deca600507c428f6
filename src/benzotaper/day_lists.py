"""A course day by day, as the rules read it: totals, doses, reductions, and which drug is being reduced.

Every list covers the whole course, from the day before its first change to the first day of its last step.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

from benzotaper.doses import NG_PER_MG
from benzotaper.entries import Run, runs_of
from benzotaper.equivalence import Table, mg_range_in_diazepam
from benzotaper.falls import weights
from benzotaper.pace import Fall, Pace
from benzotaper.steps import Day, PlanRecord, Step
from benzotaper.unknown import Unknown
from benzotaper.values import Interval

Made = TypeVar("Made")
ONLY_REDUCTION_DAYS = 36_500
"""The interval of a reduction that has no other beside it: longer than any limit, so it counts as the long interval."""


@dataclass(frozen=True)
class DayLists:
    """A record, day by day. Doses are mg: of the one drug, or of diazepam where there are several."""

    record: PlanRecord

    @cached_property
    def pace(self) -> Pace:
        """The same record as the pace rules see it."""
        return Pace(self.record)

    @cached_property
    def weights(self) -> dict[str, Fraction]:
        """What one ng of each drug counts in the total."""
        return weights(self.record)

    def _once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What is made when it is first asked for: each review of a plan asks again."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[no-any-return]  # as it was made

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}

    @property
    def falls(self) -> list[Fall]:
        """The reductions of the total."""
        return self.pace.falls

    # ---- one day

    def step_on(self, day: date) -> Step:
        """The step of a day; before the course, the current regimen."""
        return self.record.steps[max(bisect_right(self.pace.days, day) - 1, 0)]

    def mg_on(self, day: date, drug: str) -> Fraction:
        """What is planned of a drug for a day (mg), its cycle unrolled."""
        step = self.step_on(day)
        place = (day - step.start).days % len(step.cycle) if step.number and step.start else 0
        key = "mg on", step.number, place, drug  # one answer for many days
        return self._once(key, lambda: Fraction(sum(a.dose.ng for a in step.cycle[place] if a.drug == drug), NG_PER_MG))

    def total_mg(self, day: Day) -> Fraction:
        """The total of what is taken on one day, all drugs."""
        return sum((a.dose.ng * self.weights[a.drug] for a in day), Fraction(0)) / NG_PER_MG

    def in_diazepam(self, step: Step, table: Table) -> Interval | Unknown:
        """All drugs of a step in diazepam mg a day, a cycle as its mean."""
        return self._once(("in diazepam", step.number, table), lambda: _in_diazepam(step, table))

    # ---- every day

    def _every_day(self, of_day: Callable[[Step, Day], Fraction]) -> tuple[Fraction, ...]:
        """A number for each day; of step 0 only its last day. Each day of a cycle is counted once, then repeated."""
        found: list[Fraction] = []
        for step in self.record.steps:
            lasts = 1 if not step.number else len(step.cycle) if step.days is None else step.days
            cycle = [of_day(step, day) for day in step.cycle]
            found += [cycle[number % len(cycle)] for number in range(lasts)]
        return tuple(found)

    @cached_property
    def daily_total(self) -> tuple[Fraction, ...]:
        """The total of each day; a cycle counts as its mean."""
        return self._every_day(lambda step, _: self.pace.doses[step.number] / NG_PER_MG)

    @cached_property
    def daily_dose(self) -> tuple[Fraction, ...]:
        """The total of each day as it is really taken, cycles unrolled."""
        return self._every_day(lambda _, day: self.total_mg(day))

    def daily_mg_of(self, drug: str) -> tuple[Fraction, ...]:
        """The daily dose of one drug on each day; a cycle counts as its mean."""
        return self._once(("daily mg", drug), lambda: self._every_day(lambda step, _: step.mean_ng(drug) / NG_PER_MG))

    @cached_property
    def rounding_mg(self) -> Fraction:
        """The coarsest gap between doses that can be made, of all steps on which something is taken."""
        gaps = zip(self.record.steps, self.pace.finest, strict=True)
        return max(gap for step, gap in gaps if any(step.cycle)) / NG_PER_MG

    def runs(self, index_drug: str) -> dict[str, tuple[Run, ...]]:
        """The lists that do not change from day to day, as the rules read them, by the names of the facts."""
        names = ("daily_total", "daily_dose", "step_mg", "step_fraction", "interval_d")

        def runs() -> dict[str, tuple[Run, ...]]:
            lists = {name: getattr(self, name) for name in names} | {"index_daily_mg": self.daily_mg_of(index_drug)}
            return {name: runs_of(values) for name, values in lists.items()}

        return self._once(("runs", index_drug), runs)

    # ---- reductions

    @cached_property
    def step_mg(self) -> tuple[Fraction, ...]:
        """How far the total falls at each reduction."""
        return tuple(fall.ng / NG_PER_MG for fall in self.falls)

    @cached_property
    def step_fraction(self) -> tuple[Fraction, ...]:
        """The same as a share of the total before it."""
        return tuple(fall.fraction for fall in self.falls)

    @cached_property
    def interval_d(self) -> tuple[Fraction, ...]:
        """Days since the reduction before; at the first, to the next; of a single one, `ONLY_REDUCTION_DAYS`."""
        return tuple(Fraction(fall.interval_days or ONLY_REDUCTION_DAYS) for fall in self.falls)

    # ---- which drug

    @cached_property
    def drug_falls(self) -> list[tuple[date, str]]:
        """Each day on which a drug falls, and the drug, in order of days."""
        steps, days = self.record.steps, self.pace.days
        return [
            (days[n], drug)
            for n in range(1, len(steps))
            for drug in self.record.drugs
            if steps[n].mean_ng(drug) < steps[n - 1].mean_ng(drug)
        ]

    def index_drug(self, day: date) -> str:
        """The drug that is being reduced on a day.

        It is the one that fell last, while some of it is taken; else the one that falls next; at the end the last one.
        """
        made = [drug for fell, drug in self.drug_falls if fell <= day]
        coming = [drug for falls, drug in self.drug_falls if falls > day]
        if made and (self.step_on(day).mean_ng(made[-1]) or not coming):
            return made[-1]
        return coming[0] if coming else self.record.drugs[0]

    def index_drugs(self) -> tuple[str, ...]:
        """Every drug that falls, in the order in which they begin to."""
        return tuple(dict.fromkeys(drug for _, drug in self.drug_falls))

    def before_reduction_ng(self, drug: str) -> Fraction:
        """The daily dose of a drug before its own first reduction; the first where it never falls (ng)."""
        first = next((day for day, fell in self.drug_falls if fell == drug), None)
        step = self.record.steps[0] if first is None else self.step_on(first - timedelta(days=1))
        return step.mean_ng(drug)


def _in_diazepam(step: Step, table: Table) -> Interval | Unknown:
    if lacking := [drug for drug in step.drugs if not table.has(drug)]:
        return Unknown(f"not in table {table.id}: {', '.join(lacking)}")
    ranges = [mg_range_in_diazepam(drug, step.mean_ng(drug), table) for drug in step.drugs]
    return Interval(
        low=sum((low for low, _ in ranges), Fraction(0)), high=sum((high for _, high in ranges), Fraction(0))
    )
