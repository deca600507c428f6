"""The figures of a comparison are those of a plain count over the days of a plan's frames."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import ceil

import pandas as pd
import pytest

import benzotaper as bt
from benzotaper.comparing.asking import measured_by
from benzotaper.comparing.measuring import metrics_of
from benzotaper.comparing.metrics import Metrics
from benzotaper.falls import totals
from benzotaper.profiles import number_for, profile
from real_plans import plans

DAY = timedelta(days=1)
PLANS = range(len(plans()))
BY = measured_by(every="9 days", half_occupancy="24.7 mg")


def exact(cell: float) -> Fraction:
    """What a cell of a frame stands for: doses have at most six places, means are ratios of small numbers."""
    return Fraction(cell).limit_denominator(10**9)


@cache
def measured(number: int, profile_id: str = "") -> Metrics:
    record = plans()[number].record
    asked = replace(record.request, profile=profile_id or record.request.profile)
    return metrics_of(replace(record, request=asked), BY)


class Days:
    """A plan, day by day."""

    def __init__(self, plan: bt.Plan) -> None:
        self.plan, self.end = plan, plan.steps[-1].start or plan.start
        frame = plan.to_frame(per="day")
        self.taken: dict[date, dict[str, Fraction]] = {}
        for row in frame.itertuples():
            day = row.date.date()
            if day < self.end:
                self.taken.setdefault(day, {})[str(row.drug)] = exact(row.dose_mg)
        # the mean of the step that each day is in, and what was taken before the course
        means = totals(plan.record)
        self.mean = {day: means[int(step)] for day, step in zip(frame["date"].dt.date, frame["step"], strict=True)}
        self.mean[self.end] = means[-1]
        self.mean |= {plan.start - n * DAY: means[0] for n in range(1, 15)}

    def falls(self) -> Iterator[tuple[date, Fraction, Fraction]]:
        """Each reduction: its day, and the totals before and after."""
        for day in sorted(self.mean)[1:]:
            before, after = self.mean[day - DAY], self.mean[day]
            if after < before:
                yield day, before, after


@cache
def days_of(number: int) -> Days:
    return Days(plans()[number])


@pytest.mark.parametrize("number", PLANS)
def test_days_and_steps_and_falls(number: int) -> None:
    days, found = days_of(number), measured(number)
    assert found.days == len(days.taken)
    assert found.steps == plans()[number].to_frame()["step"].max()
    falls = [1 - after / before for _, before, after in days.falls() if after]
    assert found.worst_fall_percent_of_current == 100 * max(falls, default=Fraction(0))
    pairs = [
        1 - days.mean[day] / days.mean[day - n * DAY]
        for day in days.mean
        for n in range(1, 15)
        if day - n * DAY in days.mean and days.mean[day] < days.mean[day - n * DAY] and days.mean[day]
    ]
    assert found.worst_14_day_fall_percent == 100 * max(pairs, default=Fraction(0))


@pytest.mark.parametrize("number", PLANS)
def test_what_is_taken_in_all(number: int) -> None:
    days, found = days_of(number), measured(number)
    drugs = plans()[number].record.drugs
    if len(drugs) == 1:
        assert found.cumulative_mg == sum(mg for doses in days.taken.values() for mg in doses.values())
    else:
        assert isinstance(found.cumulative_mg, bt.Unknown)
    sums, below = [], []
    for table in bt.default_tables():
        if all(table.has(drug) for drug in drugs):
            for end in ("low_mg", "high_mg"):
                each = [
                    sum((getattr(in_diazepam(drug, mg, table), end) for drug, mg in doses.items() if mg), Fraction(0))
                    for doses in days.taken.values()
                ]
                sums.append(sum(each))
                below.append(sum(mg < 5 for mg in each))
    if sums:
        assert (found.cumulative_diazepam_mg_low, found.cumulative_diazepam_mg_high) == (min(sums), max(sums))
        assert (found.days_below_5_mg_low, found.days_below_5_mg_high) == (min(below), max(below))
    else:
        assert isinstance(found.cumulative_diazepam_mg_low, bt.Unknown)
        assert isinstance(found.days_below_5_mg_high, bt.Unknown)


@cache
def in_diazepam(drug: str, mg: Fraction, table: bt.Table) -> bt.Equivalent:
    return bt.convert((drug, bt.Dose(mg=mg)), to="diazepam", table=table)


@pytest.mark.parametrize("number", PLANS)
def test_tablets_pieces_strengths_and_visits(number: int) -> None:
    plan, days, found = plans()[number], days_of(number), measured(number)
    if not plan.record.shelf:
        assert isinstance(found.tablets, bt.Unknown)
        return
    rows = plan.to_frame(per="administration")
    liquid = {str(p): p.liquid for p in plan.record.shelf}
    tablets = ml = Fraction(0)
    split, strengths = 0, set()
    for step in plan.steps:
        for n in range((step.days or 0) if step.start else 0):
            today = rows[(rows["step"] == step.number) & rows["cycle_day"].isin([0, n % len(step.cycle) + 1])]
            for row in today.itertuples():
                units = Fraction(int(row.pieces), int(row.pieces_per_unit))
                strengths.add((row.drug, row.strength_mg))
                if liquid[str(row.product)]:
                    ml += units
                else:
                    tablets += units
                    split += {Fraction(0): 0, Fraction(3, 4): 2}.get(units % 1, 1)
    assert (found.tablets, found.liquid_ml, found.pieces_split) == (tablets, ml, split)
    assert found.distinct_strengths == len(strengths)
    if days.taken:
        assert found.pharmacy_visits == len(plan.fills(every="9 days", until=max(days.taken)))


@pytest.mark.parametrize("number", PLANS)
def test_the_area_and_the_falls_of_occupancy(number: int) -> None:
    plan, days, found = plans()[number], days_of(number), measured(number)
    if len(plan.record.drugs) > 1:
        assert isinstance(found.worst_occupancy_fall_points, bt.Unknown)
        return
    half = Fraction(247, 10) * 10**6
    now = days.mean[plan.start - DAY]
    ideal = {}
    points = {point.start: Fraction(point.mean.ng) for point in plan.record.ideal}
    for day in sorted(days.taken):
        now = points.get(day, now)
        ideal[day] = now
    if points:
        area = sum(max(days.mean[day] - ideal[day], Fraction(0)) for day in days.taken)
        assert found.area_above_ideal_mg_days == area / 10**6
    else:
        assert isinstance(found.area_above_ideal_mg_days, bt.Unknown)
    falls = [(100 * (a / (a + half) - b / (b + half)), b) for _, a, b in days.falls()]
    assert found.worst_occupancy_fall_points == max((fall for fall, after in falls if after), default=Fraction(0))
    last = next((fall for fall, after in falls if not after), None)
    assert (
        None if isinstance(found.last_occupancy_fall_points, bt.Unknown) else found.last_occupancy_fall_points
    ) == last


def flagged(days: Days, number: Callable[[str], Fraction], *, pl08: bool) -> set[date]:
    """The days on which a reduction of diazepam is above PL-01, PL-03 or PL-08."""
    found, before, falls = set(), None, list(days.falls())
    for day, was, now in falls:
        for n in range(1, int(number("pl01_window_d")) + 1):
            earlier = days.mean[day - n * DAY]
            limit = max(ceil(number("pl01_max_fraction_14_d") * earlier), number("pl01_floor_diazepam_mg") * 10**6)
            if now and earlier - now > limit:
                found.add(day)
        other = before or (falls[1][0] if len(falls) > 1 else None)
        apart = abs((day - other).days) if other else 0
        if before and apart < number("pl03_min_interval_d"):
            found.add(day)
        if pl08 and was - now > number("pl08_floor_diazepam_mg") * 10**6:
            apart = apart or int(number("pl08_long_interval_d"))
            short = apart < number("pl08_long_interval_d")
            most = number("pl08_max_fraction_short" if short else "pl08_max_fraction_long")
            if apart < number("pl08_short_interval_d") or (was - now) / was > most:
                found.add(day)
        before = day
    return found


@pytest.mark.parametrize("profile_id", ["asam-2025", "uk"])
@pytest.mark.parametrize("number", PLANS)
def test_the_share_of_days_within_the_pace(number: int, profile_id: str) -> None:
    days, found = days_of(number), measured(number, profile_id)
    low, high = found.days_within_pace_percent_low, found.days_within_pace_percent_high
    if isinstance(low, bt.Unknown) or isinstance(high, bt.Unknown):
        assert not days.taken or set(plans()[number].record.drugs) - {"diazepam"}
        return
    assert 0 <= low <= high <= 100
    if plans()[number].record.drugs == ("diazepam",):
        applies = profile(profile_id).threshold("pl08_applies").value is True
        outside = flagged(days, lambda name: number_for(name, profile_id=profile_id), pl08=applies)
        within = [day for day in days.taken if not any(day - n * DAY in outside for n in range(14))]
        assert low == high == 100 * Fraction(len(within), len(days.taken))


def test_the_frame_of_days_is_what_is_counted() -> None:
    # a slip of this test itself would be to count no day at all
    assert sum(len(days_of(number).taken) for number in PLANS) > 5000
    assert pd.Series([measured(number).days for number in PLANS]).gt(0).mean() > 0.9
