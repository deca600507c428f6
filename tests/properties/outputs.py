"""What the frames and the JSON of a plan must show, worked out from its record once more."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pandas as pd

import benzotaper as bt
from benzotaper.exports.rows import rows
from benzotaper.steps import PlanRecord, Step

Row = dict[str, Any]
NG = 10**6


def check_json(plan: bt.Plan) -> None:
    """The document says what the record says, and is read back to the same plan."""
    text = plan.to_json()
    assert bt.Plan.from_json(text) == plan
    document = json.loads(text)
    steps = document["steps"]
    told = [(s["number"], s["start"], s["days"], [[_told(a) for a in day] for day in s["cycle"]]) for s in steps]
    assert told == [
        (
            step.number,
            step.start and step.start.isoformat(),
            step.days,
            [[(a.drug, a.time, a.dose.mg, [t.units for t in a.taken]) for a in day] for day in step.cycle],
        )
        for step in plan.record.steps
    ]
    assert document["stops_on"] == (plan.stops_on and plan.stops_on.isoformat())


def _told(a: dict[str, Any]) -> tuple[str, str, Fraction, list[Fraction]]:
    units = [Fraction(taken["pieces"], taken["pieces_per_unit"]) for taken in a["taken"]]
    return a["drug"], a["time"], Fraction(a["dose_mg"]), units


def check_rows(plan: bt.Plan) -> None:
    """The exact rows behind the frames per step and per administration."""
    assert list(rows(plan.record, per="step")) == list(step_rows(plan.record))
    assert list(rows(plan.record, per="administration")) == list(administration_rows(plan.record))


def check_day_rows(plan: bt.Plan) -> None:
    """The exact rows behind the frame per day."""
    assert list(rows(plan.record, per="day")) == list(day_rows(plan.record))


def check_frames(plan: bt.Plan) -> None:
    """The frames show these rows, each exact number as the nearest float."""
    _same(plan.to_frame(), list(step_rows(plan.record)))
    _same(plan.to_frame(per="day"), list(day_rows(plan.record)))
    _same(plan.to_frame(per="administration"), list(administration_rows(plan.record)))


def _same(frame: pd.DataFrame, expected: list[Row]) -> None:
    assert len(frame) == len(expected)
    for name in expected[0] if expected else ():
        shown = [None if pd.isna(cell) else cell for cell in frame[name].tolist()]
        wanted = [_cell(row[name]) for row in expected]
        assert shown == wanted, f"column {name}"
    assert list(frame.columns) == list(expected[0] if expected else frame.columns)


def _cell(value: object) -> object:
    if isinstance(value, Fraction):
        return float(value)
    return pd.Timestamp(value) if isinstance(value, date) else value


def doses_by_drug(step: Step) -> dict[str, Fraction]:
    """Mean daily dose of each drug (mg)."""
    found: dict[str, Fraction] = {}
    for day in step.cycle:
        for a in day:
            found[a.drug] = found.get(a.drug, Fraction(0)) + Fraction(a.dose.ng, NG * len(step.cycle))
    return found


def shown(record: PlanRecord) -> Iterator[tuple[Step, str, Fraction, Fraction]]:
    """Each step and drug with its dose and the one before (mg): from its first dose to its first 0."""
    drugs = list(dict.fromkeys(drug for step in record.steps for day in step.cycle for drug in (a.drug for a in day)))
    before: dict[str, Fraction] = {}
    for step in record.steps:
        now = doses_by_drug(step)
        for drug in drugs:
            dose, last = now.get(drug, Fraction(0)), before.get(drug, Fraction(0))
            if dose or last:
                yield step, drug, dose, dose if step.number == 0 else last
        before = now


def step_rows(record: PlanRecord) -> Iterator[Row]:
    per_mg = {factor.drug: (factor.low, factor.high) for factor in record.factors}
    highest: dict[str, Fraction] = {}
    for step in record.steps:
        for drug, dose in doses_by_drug(step).items():
            highest[drug] = max(highest.get(drug, Fraction(0)), dose)
    for step, drug, dose, last in shown(record):
        falls = last >= dose
        low, high = per_mg.get(drug, (None, None))
        end = step.start + timedelta(days=step.days - 1) if step.start and step.days else None
        yield {
            "step": step.number,
            "start": step.start,
            "end": end,
            "days": step.days,
            "drug": drug,
            "dose_mg": dose,
            "fall_mg": last - dose,
            "fall_percent_of_current": (last - dose) * 100 / last if falls else None,
            "fall_percent_of_start": (last - dose) * 100 / highest[drug] if falls else None,
            "diazepam_low_mg": None if low is None else dose * low,
            "diazepam_high_mg": None if high is None else dose * high,
        }


def day_rows(record: PlanRecord) -> Iterator[Row]:
    of_step: dict[int, list[tuple[str, Fraction]]] = {}
    for step, drug, dose, _ in shown(record):
        of_step.setdefault(step.number, []).append((drug, dose))
    for step in record.steps:
        totals = [
            {drug: Fraction(sum(a.dose.ng for a in day if a.drug == drug), NG) for drug in record.drugs}
            for day in step.cycle
        ]
        for number in range(step.days if step.days is not None else 1):
            for drug, dose in of_step[step.number]:
                if step.start is not None and (dose or not number):
                    taken = totals[number % len(totals)][drug]
                    yield {
                        "date": step.start + timedelta(days=number),
                        "step": step.number,
                        "drug": drug,
                        "dose_mg": taken,
                    }


def administration_rows(record: PlanRecord) -> Iterator[Row]:
    for step in record.steps:
        for number, day in enumerate(step.cycle):
            for a in day:
                place: Row = {
                    "step": step.number,
                    "cycle_day": number + 1 if len(step.cycle) > 1 else 0,
                    "drug": a.drug,
                    "time": a.time,
                }
                made = Fraction(0)
                for t in a.taken:
                    strength = Fraction(t.product.strength.ng, NG)
                    units = Fraction(t.pieces, t.pieces_per_unit)
                    made += units * strength
                    what: Row = {"product": str(t.product), "strength_mg": strength}
                    count: Row = {"pieces": t.pieces, "pieces_per_unit": t.pieces_per_unit, "units": units}
                    yield place | what | count | {"dose_mg": units * strength}
                if a.taken:
                    assert made == a.dose.mg
                else:
                    names = ("product", "strength_mg", "pieces", "pieces_per_unit", "units")
                    yield place | dict.fromkeys(names) | {"dose_mg": a.dose.mg}
