"""A plan as rows of exact values, in three grains: what the frame and the CSV show.

Doses are in mg, percents in %, all of them fractions; None stands for NA. The columns are a contract: names, order and
meaning stay.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, TypeAlias

from benzotaper.doses import NG_PER_MG
from benzotaper.errors import PlanError, did_you_mean, hint
from benzotaper.falls import DrugRow, drug_rows
from benzotaper.steps import Administration, PlanRecord, Taken

Per: TypeAlias = Literal["step", "day", "administration"]
Cell: TypeAlias = int | str | date | Fraction | None
Row: TypeAlias = dict[str, Cell]
Kind: TypeAlias = Literal["number", "number or NA", "date", "text", "exact"]

COLUMNS: Mapping[str, Mapping[str, Kind]] = {
    "step": {
        "step": "number",
        "start": "date",
        "end": "date",
        "days": "number or NA",
        "drug": "text",
        "dose_mg": "exact",
        "fall_mg": "exact",
        "fall_percent_of_current": "exact",
        "fall_percent_of_start": "exact",
        "diazepam_low_mg": "exact",
        "diazepam_high_mg": "exact",
    },
    "day": {"date": "date", "step": "number", "drug": "text", "dose_mg": "exact"},
    "administration": {
        "step": "number",
        "cycle_day": "number",
        "drug": "text",
        "time": "text",
        "product": "text",
        "strength_mg": "exact",
        "pieces": "number or NA",
        "pieces_per_unit": "number or NA",
        "units": "exact",
        "dose_mg": "exact",
    },
}
"""The columns of each grain, in order, and what each holds."""


def rows(record: PlanRecord, *, per: Per) -> Iterator[Row]:
    """The rows of a plan.

    Args:
        record: the plan.
        per: "step" (a row per step and drug), "day" (per date and drug) or "administration" (per product taken).

    Returns:
        Rows with the keys of ``COLUMNS[per]``, in time order.

    Raises:
        PlanError: another grain.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> [str(row["dose_mg"]) for row in rows(plan.record, per="step")]
    ['2', '1', '0']
    """
    if per not in COLUMNS:
        near = hint(did_you_mean(str(per), COLUMNS))
        raise PlanError(f"per={per!r} is not known{near}; a plan has rows per {', '.join(COLUMNS)}", value=per)
    return {"step": _step_rows, "day": _day_rows, "administration": _administration_rows}[per](record)


def _step_rows(record: PlanRecord) -> Iterator[Row]:
    for row in drug_rows(record):
        low, high = row.diazepam_mg or (None, None)
        yield {
            "step": row.step.number,
            "start": row.step.start,
            "end": row.step.end,
            "days": row.step.days,
            "drug": row.drug,
            "dose_mg": row.mean_ng / NG_PER_MG,
            "fall_mg": row.fall_ng / NG_PER_MG,
            "fall_percent_of_current": row.percent_of_current,
            "fall_percent_of_start": row.percent_of_start,
            "diazepam_low_mg": low,
            "diazepam_high_mg": high,
        }


def _day_rows(record: PlanRecord) -> Iterator[Row]:
    of_step: dict[int, list[DrugRow]] = {}
    for row in drug_rows(record):
        of_step.setdefault(row.step.number, []).append(row)
    for step in record.steps:
        # the last step is open: it is shown on its first day
        for day in range(1 if step.days is None else step.days):
            for row in of_step[step.number]:
                # a drug that has left is shown once, on its first day at 0
                if step.start and (row.mean_ng or day == 0):
                    yield {
                        "date": step.start + timedelta(days=day),
                        "step": step.number,
                        "drug": row.drug,
                        "dose_mg": sum((a.dose.mg for a in step.day(day) if a.drug == row.drug), Fraction(0)),
                    }


def _administration_rows(record: PlanRecord) -> Iterator[Row]:
    for step in record.steps:
        cycles = len(step.cycle) > 1
        for number, day in enumerate(step.cycle, start=1):
            for administration in day:
                for taken in administration.taken or (None,):
                    yield {
                        "step": step.number,
                        "cycle_day": number if cycles else 0,
                        "drug": administration.drug,
                        "time": administration.time,
                        **_taken(administration, taken),
                    }


def _taken(administration: Administration, taken: Taken | None) -> Row:
    """What of one product is taken; NA where the plan names no product."""
    return {
        "product": str(taken.product) if taken else None,
        "strength_mg": taken.product.strength_mg if taken else None,
        "pieces": taken.pieces if taken else None,
        "pieces_per_unit": taken.pieces_per_unit if taken else None,
        "units": taken.units if taken else None,
        "dose_mg": taken.dose.mg if taken else administration.dose.mg,
    }
