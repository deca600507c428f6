"""The pace at which people really came down, from daily doses, for all of them at once. Imports pandas and numpy.

Totals are whole numbers (nanograms, or parts of them where a table's factor asks for it); the figures are the floats
next to exact ones.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import pandas as pd

from benzotaper.doses import LARGEST_MG, NG_PER_MG
from benzotaper.equivalence import DIAZEPAM, TableLike, factor, table_named
from benzotaper.errors import BenzotaperError, refuse_faults
from benzotaper.falls import WINDOW_DAYS
from benzotaper.frame_cells import Bools, DrugNumbers, Ints, People, day_of_cell, ids_of, ng_of_cell
from benzotaper.schedules.substitution import PICKS
from benzotaper.table_columns import refuse_columns

NEEDED = ("person", "date", "drug", "dose_mg")
FIGURES = (
    "days",
    "pause_days",
    "rises",
    "worst_fall_percent_of_current",
    "worst_14_day_fall_percent",
    "mean_pace_percent_of_start_per_14_days",
    "mean_pace_percent_of_current_per_14_days",
    "first_dose_mg",
    "last_dose_mg",
)
SEVERAL = "several drugs: name the equivalence table with table="
LARGEST = 2**53 // 100
"""Totals above this would not be exact in the figures."""


def paces(df: pd.DataFrame, *, table: TableLike | str, pick: str) -> pd.DataFrame:
    """A row for each person; see `paces.audit_frame`."""
    refuse_columns(df, NEEDED)
    if pick not in ("", *PICKS):
        refuse_faults("frame", [f"pick={pick!r} must be one of {', '.join(PICKS)}"])
    people = People(len(df), ids_of(df["person"]))
    days, doses = people.numbers(df["date"], day_of_cell), people.numbers(df["dose_mg"], ng_of_cell)
    drugs = DrugNumbers()
    number = people.numbers(df["drug"], drugs)
    weights, scales, units = _weights(people, number, drugs.names, table_named(table) if table else None, pick)
    course = _Course.of(people, days, number, doses, weights)
    return _frame(df, people, course, scales, units)


def _weights(people: People, number: Ints, names: list[str], table: Any, pick: str) -> tuple[Ints, Ints, list[str]]:
    """What one ng of each row counts, by how much the sum of a person must be divided, and in whose mg it is."""
    pairs = pd.DataFrame({"person": people.ids, "drug": number}).drop_duplicates()
    count = len(np.unique(people.ids))
    kinds = np.bincount(pairs["person"], minlength=count)
    first = np.zeros(count, dtype=np.int64)
    first[pairs["person"].to_numpy()[::-1]] = pairs["drug"].to_numpy()[::-1]
    mixed = kinds > 1
    factors, wrong = _factors(names, set(pairs["drug"][mixed[pairs["person"]]]), table, pick)
    for drug, why in wrong.items():
        people.refuse(mixed[people.ids] & (number == drug), why)
    scale = lcm(*(each.denominator for each in factors.values()))
    if max(factors.values(), default=0) * scale * LARGEST_MG * NG_PER_MG > LARGEST or scale > LARGEST:
        people.refuse(mixed[people.ids], f"the doses of table {table.id} have too many digits to be counted exactly")
        factors, scale = {}, 1
    own = np.array([int(factors.get(drug, Fraction(0)) * scale) for drug in range(len(names))], dtype=np.int64)
    weights = np.where(mixed[people.ids], own[number] if len(own) else 0, 1)
    units = [DIAZEPAM if several else [*names, ""][drug] for several, drug in zip(mixed, first, strict=True)]
    return weights, np.where(mixed, scale, 1), units


def _factors(names: list[str], mixed: set[int], table: Any, pick: str) -> tuple[dict[int, Fraction], dict[int, str]]:
    """Mg of diazepam for one mg of each drug that somebody takes beside another; and why it cannot be said."""
    found: dict[int, Fraction] = {}
    wrong: dict[int, str] = {}
    for drug in sorted(mixed):
        try:
            if table is None:
                wrong[drug] = SEVERAL
            else:
                found[drug] = factor(names[drug], DIAZEPAM, table=table, pick=pick)
        except BenzotaperError as error:
            wrong[drug] = str(error)
    return found, wrong


@dataclass(slots=True, kw_only=True)
class _Course:
    """The totals of people who can be judged, day by day.

    Attributes:
        person: whose day it is; the days of one are together, in order.
        day: the day (ordinal).
        total: what is taken (ng times the scale).
        begins: whether it is the first day of its person.
        taken: the place of the last day with a dose up to it; -1 for none.
        before: the total of the last day with a dose before it; 0 where there is none.
        last: for each person the place of the last day with a dose; -1 for none.
    """

    person: Ints
    day: Ints
    total: Ints
    begins: Bools
    taken: Ints
    before: Ints
    last: Ints

    @classmethod
    def of(cls, people: People, days: Ints, number: Ints, doses: Ints, weights: Ints) -> "_Course":
        """Add up the drugs of each day; refuse who has a day twice or not at all."""
        order = np.lexsort((number, days, people.ids))
        person, day, drug = people.ids[order], days[order], number[order]
        same = np.zeros(len(order), dtype=bool)
        same[1:] = (np.diff(person) == 0) & (np.diff(day) == 0)
        again = same.copy()
        again[1:] &= np.diff(drug) == 0
        people.refuse(_back(again, order, len(people.ids)), "a day is there twice for one drug")
        heads = np.flatnonzero(~same)
        parts = doses[order] * weights[order]
        total = np.add.reduceat(parts, heads) if len(heads) else parts
        person, day = person[heads], day[heads]
        begins = np.ones(len(heads), dtype=bool)
        begins[1:] = np.diff(person) != 0
        lost = np.zeros(len(heads), dtype=bool)
        lost[1:] = ~begins[1:] & (np.diff(day) != 1)
        for who, missing in pd.Series(np.diff(day, prepend=0)[lost] - 1).groupby(person[lost]).sum().items():
            people.wrong.setdefault(int(str(who)), f"{missing} days are missing between its first and last")
        people.refuse(
            _back(total > LARGEST, order[heads], len(people.ids)), "the doses are too large to be counted exactly"
        )
        good = ~np.isin(person, list(people.wrong))
        return cls._placed(person[good], day[good], total[good], count=len(np.unique(people.ids)))

    @classmethod
    def _placed(cls, person: Ints, day: Ints, total: Ints, *, count: int) -> "_Course":
        begins = np.ones(len(person), dtype=bool)
        begins[1:] = np.diff(person) != 0
        place = np.arange(len(person))
        first = np.maximum.accumulate(np.where(begins, place, 0)) if len(place) else place
        taken = np.maximum.accumulate(np.where(total > 0, place, -1)) if len(place) else place
        taken = np.where(taken < first, -1, taken)
        last = np.full(count, -1, dtype=np.int64)
        last[person] = taken  # the last day of each person stays
        earlier = np.where(begins, -1, np.roll(taken, 1))
        before = np.where(earlier >= 0, total[earlier], 0)
        return cls(person=person, day=day, total=total, begins=begins, taken=taken, before=before, last=last)

    @property
    def falls(self) -> Bools:
        """Whether a day begins with a fall to a dose above zero, perhaps after days without any."""
        return (self.total > 0) & (self.total < self.before)

    @property
    def ends(self) -> Bools:
        """Whether it is the first day without a dose, and none comes after."""
        place = np.arange(len(self.total))
        first_zero: Bools = (self.total == 0) & (self.taken == self.last[self.person]) & (self.taken == place - 1)
        return first_zero & (self.taken >= 0)

    @property
    def pauses(self) -> Bools:
        """Whether a day without a dose lies between days with one."""
        pauses: Bools = (self.total == 0) & (self.taken >= 0) & (self.taken < self.last[self.person])
        return pauses

    @property
    def rises(self) -> Bools:
        """Whether a day has more than the last day with a dose; after days without any, only if nothing was before."""
        rises: Bools = ~self.begins & (self.total > self.before)
        return rises

    def highest_before(self) -> Ints:
        """The highest total of the days of a window before each day, of the same person."""
        highest = np.zeros(len(self.total), dtype=np.int64)
        for shift in range(1, min(WINDOW_DAYS, len(self.total) - 1) + 1):
            same = self.person[shift:] == self.person[:-shift]
            np.maximum(highest[shift:], np.where(same, self.total[:-shift], 0), out=highest[shift:])
        return np.where(highest, highest, self.before)  # a pause makes no fall smaller, however long it is


def _back(rows: Bools, order: Ints, length: int) -> Bools:
    """Marks in sorted order as marks of the frame's rows."""
    marked = np.zeros(length, dtype=bool)
    marked[order[rows]] = True
    return marked


def _frame(df: pd.DataFrame, people: People, course: _Course, scales: Ints, units: list[str]) -> pd.DataFrame:
    """A row for each person."""
    count = len(units)
    known = np.array([person not in people.wrong for person in range(count)], dtype=bool)
    first_rows = np.flatnonzero(people.place == 0)
    first_rows = first_rows[np.argsort(people.ids[first_rows], kind="stable")]
    figures = _figures(course, count, scales)
    out = pd.DataFrame({"person": df["person"].take(first_rows).reset_index(drop=True)})
    out["unit"] = pd.Series(units, dtype="string").where(known)
    for name in FIGURES:
        whole = name in ("days", "pause_days", "rises")
        values = pd.Series(figures[name]).where(known)
        out[name] = values.astype("Int64" if whole else "float64")
    out["ends_at_zero"] = pd.Series(figures["ends_at_zero"]).astype("boolean").where(known)
    out["problem"] = pd.array([people.wrong.get(person, "") for person in range(count)], dtype="string")
    return out


def _figures(course: _Course, count: int, scales: Ints) -> dict[str, Any]:
    person, total, day = course.person, course.total, course.day
    has = course.last >= 0
    first, last = np.zeros(count, dtype=np.int64), np.maximum(course.last, 0)
    first[person[course.begins]] = np.flatnonzero(course.begins)
    if not len(person):
        return dict.fromkeys((*FIGURES, "ends_at_zero"), np.zeros(count))
    final = np.zeros(count, dtype=np.int64)
    final[person] = total  # the last day of each person stays
    ends = final == 0
    mg = 10.0**6 * scales
    found: dict[str, Any] = {
        "days": np.where(has, day[last] - day[first] + 1, 0),
        "pause_days": np.bincount(person[course.pauses], minlength=count),
        "rises": np.bincount(person[course.rises], minlength=count),
        "worst_fall_percent_of_current": _worst(course, course.before, count),
        "worst_14_day_fall_percent": _worst(course, course.highest_before(), count),
        "first_dose_mg": total[first] / mg,
        "last_dose_mg": np.where(has, total[last], 0) / mg,
        "ends_at_zero": ends,
    }
    starts = np.flatnonzero(course.falls | course.ends)
    fall = np.full(count, -1, dtype=np.int64)
    fall[person[starts][::-1]] = starts[::-1]  # the first one of each person stays
    length = np.where(fall >= 0, day[last] + 1 - day[fall], 0)
    paced = length > 0
    before = np.where(paced, course.before[fall], 1)
    # over fewer days it would say a pace that nobody can go on at: all of a dose and more
    windows = WINDOW_DAYS / np.maximum(length, WINDOW_DAYS)
    found["mean_pace_percent_of_start_per_14_days"] = np.where(paced, (before - final) * 100 / before * windows, np.nan)
    kept = (total[last] / before) ** windows
    found["mean_pace_percent_of_current_per_14_days"] = np.where(paced, 100 * (1 - kept), np.nan)
    return found


def _worst(course: _Course, before: Ints, count: int) -> Any:
    """The largest fall of each person (%), that to zero left out."""
    rows = np.flatnonzero(course.falls & (before > 0))
    worst = np.zeros(count)
    # both sides are whole numbers below 2**53, so the quotient is the float next to the exact one
    np.maximum.at(worst, course.person[rows], (before[rows] - course.total[rows]) * 100 / before[rows])
    return worst
