"""A plan, or other rows, as a pandas frame. Of the exports only this imports pandas; it is itself imported on use.

The dtypes are chosen to be the same on every supported pandas: whole numbers int64, or Int64 where they may be NA;
dates datetime64[s] (no zone; seconds hold every date); texts "string"; exact numbers the nearest float64, NaN for NA.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from benzotaper.exports.rows import COLUMNS, Cell, Kind, Per, Row, rows
from benzotaper.steps import PlanRecord

DTYPES: Mapping[Kind, str] = {
    "number": "int64",
    "number or NA": "Int64",
    "date": "datetime64[s]",
    "text": "string",
    "exact": "float64",
}
"""The dtype of each kind of column."""


def plan_frame(record: PlanRecord, *, per: Per) -> pd.DataFrame:
    """The rows of a plan as a frame.

    Args:
        record: the plan.
        per: "step", a row per step and drug; "day", a row per date and drug from the start date to the first day
            without any dose, or to the first day of the maintenance dose or of the step that waits for a review;
            "administration", a row per product taken.

    Returns:
        A frame with the columns of ``rows.COLUMNS[per]``: doses in mg, falls in mg and %, days whole, `end` inclusive.

    Raises:
        PlanError: another grain.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> plan_frame(plan.record, per="step")["dose_mg"].tolist()
    [2.0, 1.0, 0.0]
    """
    return frame_of(rows(record, per=per), COLUMNS[per])


def frame_of(found: Iterable[Row], columns: Mapping[str, Kind]) -> pd.DataFrame:
    """Rows as a frame.

    Args:
        found: the rows; each has these columns.
        columns: their names, in order, and what each holds.

    >>> frame_of([{"units": Fraction(1, 2)}], {"units": "exact"})["units"].tolist()
    [0.5]
    """
    listed = list(found)
    return pd.DataFrame({name: _column([row[name] for row in listed], kind) for name, kind in columns.items()})


def _column(cells: list[Cell], kind: Kind) -> "pd.Series[Any]":
    # exact numbers become floats only here, to be looked at
    values = [float(cell) if isinstance(cell, Fraction) else cell for cell in cells]
    return pd.Series(values, dtype=DTYPES[kind])
