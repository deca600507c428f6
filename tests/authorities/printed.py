"""Reads the published schedules, and lays a plan beside them. It takes nothing from the package but a finished plan."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import benzotaper as bt

FOLDER = Path(__file__).parent / "schedules"
TIMES = {"am": "morning", "pm": "night", "midday": "noon"}

Doses = dict[tuple[str, str], Fraction]
"""mg a day (or % of start) by drug and time of day; what is not taken is not in it."""
Pieces = Mapping[tuple[str, str], int]
"""The tablets that a source names, drug and strength, and the parts that it takes of one: 1, 2 or 4."""


class Departure(NamedTuple):
    """Where a plan is not what is printed."""

    step: int
    printed: str
    ours: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One step, as printed or as planned; `day` 0 is "before day 1", and -1 where no day is printed."""

    step: int
    day: int
    days: int
    doses: Doses
    note: str = ""

    @property
    def total(self) -> Fraction:
        """The daily dose, where all of it is of one drug."""
        return sum(self.doses.values(), Fraction(0))

    def later(self, days: int) -> "Row":
        """The same, some days later."""
        return replace(self, step=self.step + 1, day=self.day + days)

    def __str__(self) -> str:
        """Such as 'day 8, 7 days: 0.5 morning + 10 night'."""
        doses = " + ".join(" ".join([f"{float(dose):g}", time]).strip() for (_, time), dose in self.doses.items())
        return f"day {self.day}, {self.days} days: {doses or 0}"


def read(name: str) -> list[Row]:
    """The steps of a file."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    rows: dict[int, Row] = {}
    for line in lines:
        number, dose = int(line["step"]), Fraction(line["dose_mg_per_day"])
        new = Row(
            step=number,
            day=int(line["start_day"] or -1),
            days=int(line["duration_days"] or 0),
            doses={},
            note=line["note"],
        )
        row = rows.setdefault(number, new)
        time = TIMES.get(line["time_of_day"], line["time_of_day"])
        if dose:
            row.doses[line["drug"], time] = dose
    return list(rows.values())


def in_mg(rows: list[Row], drug: str, time: str, whole_mg: str) -> list[Row]:
    """Percents of the starting dose as mg of a drug at a time."""
    return [
        replace(row, doses={(drug, time): row.total * Fraction(whole_mg) / 100} if row.doses else {}) for row in rows
    ]


def at_night(rows: list[Row]) -> list[Row]:
    """A schedule that names no time of day, taken at night."""
    return [replace(row, doses={(drug, "night"): dose for (drug, _), dose in row.doses.items()}) for row in rows]


def days(rows: list[Row]) -> dict[int, dict[str, Fraction]]:
    """Daily totals by drug for each printed day, to the first day at 0."""
    found: dict[int, dict[str, Fraction]] = {}
    for row in rows:
        for day in range(row.day, row.day + (row.days if row.doses else 1)):
            totals = found.setdefault(day, {})
            for (drug, _), dose in row.doses.items():
                totals[drug] = totals.get(drug, Fraction(0)) + dose
    return {day: totals for day, totals in found.items() if day > 0}


def planned_days(plan: bt.Plan) -> dict[int, dict[str, Fraction]]:
    """Daily totals by drug for each day of a plan's frame; day 1 is its start."""
    found: dict[int, dict[str, Fraction]] = {}
    for row in plan.to_frame(per="day").to_dict("records"):
        totals = found.setdefault((row["date"].date() - plan.start).days + 1, {})
        if row["dose_mg"]:
            totals[row["drug"]] = Fraction(str(row["dose_mg"]))
    return found


def planned(plan: bt.Plan) -> list[Row]:
    """The steps of a plan without cycles."""
    rows = []
    for step in plan.steps:
        (day,) = step.cycle
        rows.append(
            Row(
                step=step.number,
                day=0 if step.start is None else (step.start - plan.start).days + 1,
                days=step.days or 0,
                doses={(a.drug, a.time): a.dose.mg for a in day},
            )
        )
    return rows


def doses(rows: list[Row]) -> list[Doses]:
    """What is taken, step by step."""
    return [row.doses for row in rows]


def stock(pieces: Pieces) -> list[bt.Product]:
    """The tablets that a source names, by hand."""
    return [
        bt.Product(drug, strength=strength, form="tablet", pieces=parts) for (drug, strength), parts in pieces.items()
    ]


def tablet_faults(plan: bt.Plan, pieces: Pieces) -> list[str]:
    """Every administration whose tablets do not add up to its dose, or are not those of the source."""
    faults = []
    for step in plan.steps:
        for administration in (a for day in step.cycle for a in day):
            made = Fraction(0)
            for taken in administration.taken:
                units = Fraction(taken.pieces, taken.pieces_per_unit)
                parts = pieces.get((taken.product.drug, str(taken.product.strength)), 0)
                if taken.product.drug != administration.drug or not parts or (units * parts).denominator != 1:
                    faults.append(f"step {step.number}: {units} of {taken.product}")
                made += units * taken.product.strength_mg
            if made != administration.dose.mg:
                faults.append(f"step {step.number}: {made} mg for {administration}")
    return faults
