"""A plan as CSV: the rows and columns of the frame, with exact numbers as text."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from benzotaper.exports.rows import COLUMNS, Cell, Per, Row, rows
from benzotaper.numbers import decimal_text
from benzotaper.steps import PlanRecord

PLACES = 12
"""Decimal places of a number that no decimal writes exactly, such as a third; doses never need so many."""


def to_csv(record: PlanRecord, *, per: Per = "step") -> str:
    """The rows of a plan as CSV text.

    Args:
        record: the plan.
        per: "step", "day" or "administration", as in `frames.plan_frame`.

    Returns:
        A header and a line per row, each ended by a line feed; dates as YYYY-MM-DD, doses in mg, an empty cell for NA.
        A number that no decimal writes exactly is rounded half up at 12 places.

    Raises:
        PlanError: another grain.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> print(to_csv(plan.record, per="administration"), end="")
    step,cycle_day,drug,time,product,strength_mg,pieces,pieces_per_unit,units,dose_mg
    0,0,diazepam,night,"diazepam 2 mg tablet (generic, UK)",2,1,1,1,2
    1,0,diazepam,night,"diazepam 2 mg tablet (generic, UK)",2,1,2,0.5,1
    """
    return csv_of(rows(record, per=per), COLUMNS[per])


def csv_of(found: Iterable[Row], columns: Iterable[str]) -> str:
    r"""Rows as CSV text, as `to_csv` writes them.

    Args:
        found: the rows; each has these columns.
        columns: their names, in order.

    >>> csv_of([{"units": Fraction(1, 2)}], ["units"])
    'units\n0.5\n'
    """
    text, names = io.StringIO(), list(columns)
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(names)
    lines.writerows([_cell(row[name]) for name in names] for row in found)
    return text.getvalue()


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, Fraction):
        return decimal_text(value, places=PLACES)
    return value.isoformat() if isinstance(value, date) else str(value)
