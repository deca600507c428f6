"""A plan as the pace rules see it: its reductions, its ideal course, and thresholds in the unit of its total.

A threshold in diazepam mg is judged by the plan's table and the profile's, or without either by every default table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import ceil

from benzotaper import equivalence
from benzotaper.doses import NG_PER_MG
from benzotaper.equivalence_rows import EVERY_TABLE
from benzotaper.falls import finest_falls, ideal_totals, starts, totals, unit_drug
from benzotaper.profiles import Threshold, number_for, profile, threshold_for
from benzotaper.steps import PlanRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """One reduction of the total.

    Attributes:
        step: the step that begins with it.
        day: its first day.
        before, after: the totals (ng).
        interval_days: days since the reduction before; of the first one, to the next; 0 where there is no other.
    """

    step: int
    day: date
    before: Fraction
    after: Fraction
    interval_days: int

    @property
    def ng(self) -> Fraction:
        """How far it falls (ng)."""
        return self.before - self.after

    @property
    def fraction(self) -> Fraction:
        """How far it falls, as a share of the total before it."""
        return self.ng / self.before


@dataclass(frozen=True, slots=True)
class Limit:
    """The dose (ng of `falls.unit_drug`) that equals so much diazepam by one table: lowest and highest."""

    table: str
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Pace:
    """A plan as the pace rules see it."""

    record: PlanRecord

    @cached_property
    def doses(self) -> list[Fraction]:
        """The total of each step (ng of `falls.unit_drug`)."""
        return totals(self.record)

    @cached_property
    def days(self) -> list[date]:
        """The first day of each step."""
        return starts(self.record)

    @cached_property
    def finest(self) -> list[Fraction]:
        """The smallest fall that the products could make from each step on (ng of `falls.unit_drug`)."""
        return finest_falls(self.record)

    @cached_property
    def falls(self) -> list[Fall]:
        """The reductions of the total, the fall to zero included."""
        down = [n for n in range(1, len(self.doses)) if self.doses[n] < self.doses[n - 1]]
        apart = [(self.days[b] - self.days[a]).days for a, b in pairwise(down)]
        intervals = (apart[:1] or [0]) + apart
        return [
            Fall(step=n, day=self.days[n], before=self.doses[n - 1], after=self.doses[n], interval_days=interval)
            for n, interval in zip(down, intervals, strict=False)
        ]

    @cached_property
    def ideal(self) -> tuple[list[date], list[Fraction]]:
        """The ideal course: its days and totals, the current dose first."""
        points = self.record.ideal
        return [self.days[0], *(point.start for point in points)], [self.doses[0], *ideal_totals(self.record)]

    def threshold(self, name: str) -> Threshold:
        """A threshold of the plan's profile, or the default one."""
        return threshold_for(name, profile_id=self.record.request.profile)

    def number(self, name: str) -> Fraction:
        """The value of a numeric threshold."""
        return number_for(name, profile_id=self.record.request.profile)

    def limits(self, name: str) -> list[Limit]:
        """The doses that equal a threshold in diazepam mg, by each table that judges."""
        request, drug = self.record.request, unit_drug(self.record)
        scale = self.number(name) * NG_PER_MG
        if drug == equivalence.DIAZEPAM:
            return [Limit(EVERY_TABLE, scale, scale)]
        theirs = profile(request.profile).equivalence_table if request.profile else ""
        tables = [factor for factor in self.record.factors if factor.drug == drug and factor.low_table == request.table]
        own = [Limit(f.low_table, 1 / f.high, 1 / f.low) for f in tables]
        listed = [equivalence.table_named(theirs)] if theirs not in ("", request.table) else []
        judging = listed if request.table or theirs else list(equivalence.default_tables())
        ranges = [(t.id, equivalence.mg_range_in_diazepam(drug, NG_PER_MG, t)) for t in judging if t.has(drug)]
        all_limits = own + [Limit(table, 1 / high, 1 / low) for table, (low, high) in ranges]
        return [Limit(limit.table, limit.low * scale, limit.high * scale) for limit in all_limits]

    @property
    def judges_interval_and_size(self) -> bool:
        """Whether the plan's profile turns PL-08 on."""
        return bool(self.record.request.profile) and self.threshold("pl08_applies").value is True

    def too_soon(self, fall: Fall) -> bool:
        """PL-08, but for its floor: whether a reduction is larger or sooner than the profile has it."""
        short, long = self.number("pl08_short_interval_d"), self.number("pl08_long_interval_d")
        # a single reduction counts as the long interval
        days = fall.interval_days or long
        most = self.number("pl08_max_fraction_short" if days < long else "pl08_max_fraction_long")
        return days < short or fall.fraction > most


def verdicts(limits: Sequence[Limit], exceeds: Callable[[Fraction], bool]) -> dict[str, str]:
    """Whether a limit is exceeded, by table: "yes", "no", or "depends" within the table's range.

    >>> verdicts([Limit("a", Fraction(1), Fraction(3))], lambda limit: limit < 2)
    {'a': 'depends'}
    """
    return {
        limit.table: "yes" if exceeds(limit.high) else "depends" if exceeds(limit.low) else "no" for limit in limits
    }


def too_fast(
    days: Sequence[date], doses: Sequence[Fraction], number: int, *, window: int, share: Fraction, floor: Fraction
) -> bool:
    """PL-01 at one step: a fall within the window above the larger of a share of the total and the floor.

    >>> too_fast([date(2026, 12, 1), date(2026, 12, 2)], [Fraction(10), Fraction(6)], 1,
    ...          window=14, share=Fraction(1, 4), floor=Fraction(1))
    True
    """
    later = any(dose > 0 for dose in doses[number:])
    for earlier in range(number - 1, -1, -1):
        if (days[number] - days[earlier + 1]).days + 1 > window:
            return False
        # the share is counted as doses are, in whole nanograms
        if later and doses[earlier] - doses[number] > max(Fraction(ceil(share * doses[earlier])), floor):
            return True
    return False
