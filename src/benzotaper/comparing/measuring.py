"""Measures a plan, from its record alone; everything is counted in whole numbers and exact fractions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import lcm

from benzotaper.comparing.metrics import LOW_DOSE_MG, METRICS, OCCUPANCY, Metrics
from benzotaper.doses import NG_PER_MG, Dose
from benzotaper.equivalence import Table, mg_range_in_diazepam
from benzotaper.falls import WINDOW_DAYS, unit_drug
from benzotaper.pace import Fall, Pace, too_fast, verdicts
from benzotaper.steps import PlanRecord
from benzotaper.unknown import Unknown
from benzotaper.usage import plan_use

NO_END = Unknown("it does not end at zero")
NOT_DISPENSED = Unknown("any dose: no products are named")
SEVERAL = Unknown("several drugs: their mg do not add up")
NO_PROFILE = Unknown("no rule profile is named: give profile=")
NO_VISITS = Unknown("give every=, the time between collections")
NO_HALF = Unknown("half_occupancy= is not given")
AS_GIVEN = Unknown("the steps are a prescriber's own, so there is no ideal course")
NO_DAY = Unknown("the plan has no day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a comparison counts by.

    Attributes:
        tables: the equivalence tables.
        every: days between collections; 0 where not given.
        half: the dose at 50 % occupancy; 0 mg where not given.
        half_drug: the drug that it is of; "" for any.
    """

    tables: tuple[Table, ...]
    every: int
    half: Dose
    half_drug: str

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of the figures that tables show."""
        return tuple(name for name in METRICS if self.half.ng or name not in OCCUPANCY)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMg:
    """All that a plan takes, as diazepam by one table (mg), and days below 5 mg of it, certain and possible."""

    table: str
    low: Fraction
    high: Fraction
    days_below_low: int
    days_below_high: int


def metrics_of(record: PlanRecord, by: Measured) -> Metrics:
    """A plan in figures; see `Metrics` for each of them.

    Args:
        record: the plan.
        by: what the comparison counts by.
    """
    pace, found = Pace(record), by_table(record, by.tables)
    lows, highs = within_pace(pace)
    lacking = Unknown(f"none of the tables has all of {', '.join(record.drugs)}")
    falls = occupancy_falls(record, by)
    products = plan_use(record)
    solid = [(product, use) for product, use in products.items() if not product.liquid]
    return Metrics(
        days=length(record),
        steps=record.steps[-1].number,
        worst_fall_percent_of_current=100 * max((f.fraction for f in pace.falls if f.after), default=Fraction(0)),
        worst_14_day_fall_percent=100 * worst_within(pace.days, pace.doses),
        days_within_pace_percent_low=lows,
        days_within_pace_percent_high=highs,
        cumulative_mg=_cumulative(record),
        cumulative_diazepam_mg_low=min((each.low for each in found), default=lacking),
        cumulative_diazepam_mg_high=max((each.high for each in found), default=lacking),
        days_below_5_mg_low=min((each.days_below_low for each in found), default=lacking),
        days_below_5_mg_high=max((each.days_below_high for each in found), default=lacking),
        last_fall_mg=_last_fall(record),
        distinct_strengths=len({(p.drug, p.strength) for p in products}) if record.shelf else NOT_DISPENSED,
        pieces_split=sum(use.halves + use.quarters for _, use in solid) if record.shelf else NOT_DISPENSED,
        tablets=sum((use.taken for _, use in solid), Fraction(0)) if record.shelf else NOT_DISPENSED,
        liquid_ml=sum((use.taken for p, use in products.items() if p.liquid), Fraction(0))
        if record.shelf
        else NOT_DISPENSED,
        pharmacy_visits=_visits(record, by.every),
        area_above_ideal_mg_days=_area(pace),
        worst_occupancy_fall_points=falls
        if isinstance(falls, Unknown)
        else max((fall for fall, ends in falls if not ends), default=Fraction(0)),
        last_occupancy_fall_points=falls
        if isinstance(falls, Unknown)
        else next((fall for fall, ends in falls if ends), NO_END),
    )


def length(record: PlanRecord) -> int:
    """The days of a plan that have an end."""
    return ((record.steps[-1].start or record.request.start) - record.request.start).days


def daily_doses(record: PlanRecord) -> Iterator[tuple[dict[str, int], int]]:
    """What is taken of each drug on a day (ng), and on how many days of the plan that is so."""
    for step in record.steps:
        full, rest = divmod(step.days or 0, len(step.cycle))
        for number, day in enumerate(step.cycle):
            if times := full + (number < rest):
                doses: dict[str, int] = {}
                for administration in day:
                    doses[administration.drug] = doses.get(administration.drug, 0) + administration.dose.ng
                yield doses, times


def worst_within(days: Sequence[date], doses: Sequence[Fraction], *, window: int = WINDOW_DAYS) -> Fraction:
    """The largest fall to a total above zero within a window, as a share of the total before.

    Args:
        days: the first day of each step.
        doses: its total, in any unit.
        window: from the last day of one total to the first day of the other (days).

    >>> first = date(2026, 12, 1)
    >>> worst_within([first, first + timedelta(days=7)], [Fraction(20), Fraction(15)])
    Fraction(1, 4)
    """
    worst = Fraction(0)
    for number, (day, dose) in enumerate(zip(days, doses, strict=True)):
        for earlier in range(number - 1, -1, -1):
            # a step's total was taken up to the day before the next one begins
            if not dose or (day - days[earlier + 1]).days + 1 > window:
                break
            if doses[earlier] > dose:
                worst = max(worst, 1 - dose / doses[earlier])
    return worst


# ---- by the profile


def within_pace(pace: Pace) -> tuple[Fraction | Unknown, Fraction | Unknown]:
    """The share of days (%) within the profile's pace, certain and possible.

    Args:
        pace: the plan, as the pace rules see it.
    """
    start, days = pace.record.request.start, length(pace.record)
    if not pace.record.request.profile or not days:
        why = NO_DAY if pace.record.request.profile else NO_PROFILE
        return why, why
    if not pace.limits("pl01_floor_diazepam_mg"):
        why = Unknown(f"no table used here has {unit_drug(pace.record)}")
        return why, why
    window, outside = int(pace.number("pl01_window_d")), _flagged(pace)
    shares = []
    for answers in (("yes", "depends"), ("yes",)):
        flagged = [fall.day for fall, said in outside if said in answers]
        spoilt = {(day - start).days + n for day in flagged for n in range(window)}
        shares.append(100 * (1 - Fraction(len(spoilt & set(range(days))), days)))
    return shares[0], shares[1]


def _flagged(pace: Pace) -> list[tuple[Fall, str]]:
    """Each reduction, and whether PL-01, PL-03 or PL-08 flags it by the tables: "yes", "no" or "depends"."""
    window, share = int(pace.number("pl01_window_d")), pace.number("pl01_max_fraction_14_d")
    floors = pace.limits("pl01_floor_diazepam_mg")
    smallest = pace.limits("pl08_floor_diazepam_mg") if pace.judges_interval_and_size else []
    shortest = pace.number("pl03_min_interval_d")
    found = []
    for place, fall in enumerate(pace.falls):

        def fast(floor: Fraction, number: int = fall.step) -> bool:
            return too_fast(pace.days, pace.doses, number, window=window, share=share, floor=floor)

        def large(floor: Fraction, this: Fall = fall) -> bool:
            return this.ng > floor and pace.too_soon(this)

        judged = [verdicts(floors, fast), verdicts(smallest, large) or {"": "no"}]
        if place and fall.interval_days < shortest:
            judged.append({"": "yes"})
        rules = [set(each.values()) for each in judged]
        found.append((fall, "yes" if {"yes"} in rules else "no" if rules == [{"no"}] * len(rules) else "depends"))
    return found


# ---- amounts


def by_table(record: PlanRecord, tables: Sequence[Table]) -> tuple[TableMg, ...]:
    """What each table says that has all drugs of a plan.

    Args:
        record: the plan.
        tables: the tables that are asked.
    """
    days, drugs = list(daily_doses(record)), record.drugs
    return tuple(_by_one(table, drugs, days) for table in tables if all(map(table.has, drugs)))


def _by_one(table: Table, drugs: Sequence[str], days: Sequence[tuple[dict[str, int], int]]) -> TableMg:
    sums, below = [], []
    factors = {drug: mg_range_in_diazepam(drug, 1, table) for drug in drugs}  # mg of diazepam for 1 ng
    for end in (0, 1):
        # whole numbers of the finest part that occurs: a plan of hundreds of days is summed in no time
        scale = lcm(*(factor[end].denominator for factor in factors.values()))
        parts = {drug: int(factor[end] * scale) for drug, factor in factors.items()}
        each = [(sum(parts[drug] * ng for drug, ng in doses.items()), times) for doses, times in days]
        sums.append(Fraction(sum(mg * times for mg, times in each), scale))
        below.append(sum(times for mg, times in each if mg < LOW_DOSE_MG * scale))
    return TableMg(table=table.id, low=sums[0], high=sums[1], days_below_low=below[1], days_below_high=below[0])


def _cumulative(record: PlanRecord) -> Fraction | Unknown:
    if len(record.drugs) > 1:
        return SEVERAL
    return Fraction(sum(ng * times for doses, times in daily_doses(record) for ng in doses.values()), NG_PER_MG)


def _last_fall(record: PlanRecord) -> Fraction | Unknown:
    if record.ending != "zero":
        return NO_END
    last = record.steps[-2]
    return SEVERAL if len(last.drugs) > 1 else sum(map(last.mean_ng, last.drugs), Fraction(0)) / NG_PER_MG


def _visits(record: PlanRecord, every: int) -> int | Unknown:
    if not record.shelf:
        return NOT_DISPENSED
    return -(-length(record) // every) if every else NO_VISITS


def _area(pace: Pace) -> Fraction | Unknown:
    """The sum over the days of what the plan's total is above the ideal one (mg × days)."""
    if not pace.record.ideal:
        return AS_GIVEN
    start = pace.record.request.start
    end = start + timedelta(days=length(pace.record))
    courses = ((pace.days, pace.doses), pace.ideal)
    edges = sorted({start, end, *(day for days, _ in courses for day in days if start < day < end)})
    area = Fraction(0)
    for day, until in pairwise(edges):
        planned, ideal = (_in_force(days, doses, day) for days, doses in courses)
        area += max(planned - ideal, Fraction(0)) * (until - day).days
    return area / NG_PER_MG


def _in_force(days: Sequence[date], doses: Sequence[Fraction], day: date) -> Fraction:
    return next(dose for first, dose in zip(reversed(days), reversed(doses), strict=True) if first <= day)


def occupancy_falls(record: PlanRecord, by: Measured) -> list[tuple[Fraction, bool]] | Unknown:
    """Each fall of d / (d + K) in percentage points, and whether it is the one to zero.

    Args:
        record: the plan.
        by: with K.
    """
    if not by.half.ng:
        return NO_HALF
    if len(record.drugs) > 1:
        return Unknown("several drugs: half occupancy is of one")
    if by.half_drug not in ("", record.drugs[0]):
        return Unknown(f"the preset is of {by.half_drug}, not of {record.drugs[0]}")
    doses = [step.mean_ng(record.drugs[0]) for step in record.steps]
    shares = [100 * dose / (dose + by.half.ng) for dose in doses]
    return [
        (before - after, not dose)
        for before, after, dose in zip(shares, shares[1:], doses[1:], strict=False)
        if after < before
    ]
