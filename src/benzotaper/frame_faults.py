"""Columns of a frame as distinct values, and what is wrong with their cells. Imports numpy and pandas."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from benzotaper.errors import BenzotaperError
from benzotaper.frame_cells import Ints, coded_cells


class Refusal(NamedTuple):
    """Why a cell, or a person, gives nothing, in words."""

    reason: str


class Coded(NamedTuple):
    """A column as places in a list of its distinct values.

    Attributes:
        codes: the place of each row's value; -1 where the cell is missing.
        distinct: the values, or why one cannot be read.
    """

    codes: Ints
    distinct: list[Any]


class Faults:
    """What is wrong with each row; what is found first is what is told.

    Attributes:
        places: for each row the place of its fault in `reasons`; -1 where there is none.
        reasons: the faults, in words.
    """

    def __init__(self, rows: int) -> None:
        self.places: Ints = np.full(rows, -1, dtype=np.int64)
        self.reasons: list[str] = []

    def add(self, rows: npt.NDArray[np.bool_], reason: str) -> None:
        """Say this of these rows."""
        if rows.any():
            self.places[rows & (self.places < 0)] = len(self.reasons)
            self.reasons.append(reason)

    def add_column(self, column: Coded, *, missing: str) -> None:
        """Say what is wrong with the cells of a column."""
        wrong = [place for place, value in enumerate(column.distinct) if isinstance(value, Refusal)]
        if wrong:
            reason_of = np.full(
                len(column.distinct) + 1, -1, dtype=np.int64
            )  # the last place is that of a missing cell
            reason_of[wrong] = np.arange(len(self.reasons), len(self.reasons) + len(wrong))
            self.places = np.where(self.places < 0, reason_of[column.codes], self.places)
            self.reasons += [column.distinct[place].reason for place in wrong]
        self.add(column.codes < 0, missing)

    def add_part(self, rows: npt.NDArray[np.bool_], part: "Faults") -> None:
        """Take over the faults of some rows, which stand in `part` one after the other."""
        found = np.full(len(rows), -1, dtype=np.int64)
        found[rows] = np.where(part.places < 0, -1, part.places + len(self.reasons))
        self.places = np.where(self.places < 0, found, self.places)
        self.reasons += part.reasons


def coded(column: "pd.Series[Any]", read: Callable[[Any], Any]) -> Coded:
    """A column, each of its distinct values read once.

    Args:
        column: of any dtype: text, categorical, Arrow, numbers, objects.
        read: makes something of a cell; a `BenzotaperError` that it raises is kept as a `Refusal`.
    """
    codes, cells = coded_cells(column)
    return Coded(codes, [_read(cell, read) for cell in cells])


def _read(cell: Any, read: Callable[[Any], Any]) -> Any:
    try:
        return read(cell)
    except BenzotaperError as error:
        return Refusal(str(error))
