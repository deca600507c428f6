"""The figures by which strategies are compared: each exact, each defined once, none of them weighed against another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, TypeAlias

from benzotaper.exports.rows import Cell, Kind
from benzotaper.numbers import decimal_text, number_text
from benzotaper.unknown import Unknown

Value: TypeAlias = int | Fraction | Unknown
LOW_DOSE_MG = 5
"""Below this much diazepam a day counts as a low dose; part of the name of `days_below_5_mg_low` and `..._high`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """One plan in figures; what is not known, or not asked for, says why.

    The days of a plan are those from its start date to the day before its open last step. Its total is that of the pace
    rules: mg of its one drug, of the drug crossed over to, or of diazepam where several are taken beside each other.
    Where tables differ, `low` and `high` enclose what all of them say.

    Attributes:
        days: from the start date to the first day without a dose, or to the first day of the open last step (days).
        steps: changes of the dose.
        worst_fall_percent_of_current: the largest fall of the total from one step to the next (%), that to zero left
            out.
        worst_14_day_fall_percent: the largest fall of the total within any 14 days (%), that to zero left out.
        days_within_pace_percent_low: the share of days (%) that every judging table finds within the profile's pace: no
            reduction that PL-01, PL-03 or PL-08 flags was made in the 14 days up to it, itself included.
        days_within_pace_percent_high: the share that at least one table finds so (%).
        cumulative_mg: all that is taken of the one drug (mg).
        cumulative_diazepam_mg_low: all that is taken, as diazepam (mg): the least that the tables say.
        cumulative_diazepam_mg_high: the most that they say (mg).
        days_below_5_mg_low: days on which less than 5 mg of diazepam is taken by every table (days).
        days_below_5_mg_high: days on which that holds by at least one (days).
        last_fall_mg: the fall to zero, from the mean of the last dose (mg of its drug).
        distinct_strengths: different strengths of different drugs that are taken.
        pieces_split: halves and quarters of tablets that are taken.
        tablets: whole tablets and capsules that are taken; 1/2 is half a tablet.
        liquid_ml: liquid that is taken (mL).
        pharmacy_visits: collections, one on the start date and then one every so often.
        area_above_ideal_mg_days: how far the plan's total lies above that of the ideal course, day by day, summed up
            (mg × days); days below it do not count.
        worst_occupancy_fall_points: the largest fall of d / (d + K) from one step to the next (percentage points), that
            to zero left out.
        last_occupancy_fall_points: the fall of it to zero (percentage points).
    """

    days: int
    steps: int
    worst_fall_percent_of_current: Fraction
    worst_14_day_fall_percent: Fraction
    days_within_pace_percent_low: Fraction | Unknown
    days_within_pace_percent_high: Fraction | Unknown
    cumulative_mg: Fraction | Unknown
    cumulative_diazepam_mg_low: Fraction | Unknown
    cumulative_diazepam_mg_high: Fraction | Unknown
    days_below_5_mg_low: int | Unknown
    days_below_5_mg_high: int | Unknown
    last_fall_mg: Fraction | Unknown
    distinct_strengths: int | Unknown
    pieces_split: int | Unknown
    tablets: Fraction | Unknown
    liquid_ml: Fraction | Unknown
    pharmacy_visits: int | Unknown
    area_above_ideal_mg_days: Fraction | Unknown
    worst_occupancy_fall_points: Fraction | Unknown
    last_occupancy_fall_points: Fraction | Unknown

    def to_dict(self) -> dict[str, Any]:
        """Plain values; exact numbers as text, what is unknown with its reason."""
        return {name: _plain(getattr(self, name)) for name in METRICS}

    def value(self, name: str) -> Value:
        """One figure, by its name."""
        found: Value = getattr(self, name)
        return found


METRICS: tuple[str, ...] = tuple(field.name for field in fields(Metrics))
"""The names of the figures, in order."""
WHOLE = frozenset(
    {
        "days",
        "steps",
        "days_below_5_mg_low",
        "days_below_5_mg_high",
        "distinct_strengths",
        "pieces_split",
        "pharmacy_visits",
    }
)
KINDS: Mapping[str, Kind] = {name: "number or NA" if name in WHOLE else "exact" for name in METRICS}
"""What a column of each figure holds; what is unknown is NA there."""
OCCUPANCY = ("worst_occupancy_fall_points", "last_occupancy_fall_points")
"""Absent from tables where no half occupancy is given."""


def columns_of(figures: Iterable[str]) -> dict[str, Kind]:
    """The columns of a row a strategy: its name, these figures, and why there are none."""
    return {"strategy": "text", **{name: KINDS[name] for name in figures}, "problem": "text"}


def cell_of(value: Value) -> Cell:
    """A figure as a cell of a row; None for what is unknown."""
    return None if isinstance(value, Unknown) else value


def words_of(value: Value) -> str:
    """A figure for reading; a dash for what is unknown.

    >>> words_of(Fraction(100, 9)), words_of(Unknown("why"))
    ('11.11', '–')
    """
    return "–" if isinstance(value, Unknown) else decimal_text(value, places=2)


def _plain(value: Value) -> Any:
    if isinstance(value, Unknown):
        return {"unknown": value.reason}
    return value if isinstance(value, int) else number_text(value)
