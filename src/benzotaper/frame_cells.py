"""Cells of a caller's frame: each different cell of a column is read once, whatever its dtype. Imports pandas."""

from collections.abc import Callable, Sequence
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from benzotaper.drugs import drug_named
from benzotaper.equivalence_frames import mg_of_cell
from benzotaper.errors import BenzotaperError, DoseError, refuse_faults
from benzotaper.intervals import read_date
from benzotaper.numbers import exact

Ints: TypeAlias = npt.NDArray[np.int64]
Cell = TypeVar("Cell")
Read = TypeVar("Read")
Bools: TypeAlias = npt.NDArray[np.bool_]
MOST_NAMED = 5
"""How many rows a fault names."""


def distinct(column: "pd.Series[Any]") -> tuple[Ints, list[object]]:
    """The place of each cell among the different cells of a column; what is missing is one cell, None.

    Args:
        column: of any dtype: also categorical, Arrow, or objects of several kinds.

    >>> places, cells = distinct(pd.Series(["a", None, "a"]))
    >>> places.tolist(), cells
    ([0, 1, 0], ['a', None])
    """
    places, cells = coded_cells(column)
    if (places < 0).any():
        places = np.where(places < 0, len(cells), places)
        cells.append(None)
    return places, cells


def coded_cells(column: "pd.Series[Any]") -> tuple[Ints, list[Any]]:
    """The place of each cell among the different cells of a column, in order of appearance; -1 where it is missing.

    >>> places, cells = coded_cells(pd.Series([1, True, None], dtype=object))
    >>> places.tolist(), cells
    ([0, 1, -1], [1, True])
    """
    if column.dtype == object and pd.api.types.infer_dtype(column, skipna=True) != "string":
        return _coded_objects(column)
    places, cells = pd.factorize(column)
    # a 32-bit float keeps its own shortest decimal; all else becomes what people would write
    return places.astype(np.int64), list(cells.array if cells.dtype == np.float32 else cells)


def _coded_objects(column: "pd.Series[Any]") -> tuple[Ints, list[Any]]:
    """As `coded_cells`: 1, True and "1" are three cells, and a cell that is a list is one by itself."""
    places: dict[object, int] = {}
    cells: list[Any] = []
    found = np.empty(len(column), dtype=np.int64)
    missing = column.isna().to_numpy()
    for row, cell in enumerate(column.array):
        try:
            place = -1 if missing[row] else places.setdefault((type(cell), cell), len(cells))
        except TypeError:
            place = len(cells)
        if place == len(cells):
            cells.append(cell)
        found[row] = place
    return found, cells


def read_each(cells: Sequence[Cell], read: Callable[[Cell], Read]) -> list[Read | str]:
    """Each cell as `read` gives it, or what is wrong with it, in words.

    Args:
        cells: different cells.
        read: raises a `BenzotaperError` for a cell that cannot be read, and never gives a text.

    >>> read_each(["0.5", "x"], ng_of_cell)[0]
    500000
    """
    found: list[Read | str] = []
    for cell in cells:
        try:
            found.append(read(cell))
        except BenzotaperError as error:
            found.append(str(error))
    return found


def whole_numbers(places: Ints, found: Sequence[int | str]) -> Ints:
    """A column of whole numbers from its different cells, as `read_each` gives them; 0 where one cannot be read.

    >>> whole_numbers(np.array([1, 0, 1]), ["no number", 5]).tolist()
    [5, 0, 5]
    """
    values = np.array([0 if isinstance(value, str) else value for value in found], dtype=np.int64)
    return values[places] if len(values) else np.zeros(0, dtype=np.int64)


def ng_of_cell(cell: object) -> int:
    """Nanograms of a cell that holds mg: a number, a `Decimal`, or a number as text.

    Raises:
        DoseError: missing, no number, negative, above 1000 mg, or finer than 0.000001 mg.

    >>> ng_of_cell(0.1)
    100000
    """
    return int(mg_of_cell(cell) * 10**6)


def number_of_cell(cell: object) -> Fraction:
    """The exact number in a cell; a float is read by its shortest decimal.

    Raises:
        DoseError: missing, or no number.

    >>> number_of_cell(10.5)
    Fraction(21, 2)
    """
    if isinstance(cell, Rational) and not isinstance(cell, bool):
        return Fraction(int(cell.numerator), int(cell.denominator))
    if isinstance(cell, Real) and not isinstance(cell, bool):
        return exact(Decimal(str(cell)), error=DoseError)
    return exact(cell, error=DoseError)


def whole_of_cell(cell: object) -> int:
    """A whole number of a cell, such as days.

    Raises:
        DoseError: missing, not whole, or negative.

    >>> whole_of_cell(14.0)
    14
    """
    number = number_of_cell(cell)
    if number.denominator != 1 or number < 0:
        raise DoseError(f"{cell!r} is no whole number", value=cell)
    return int(number)


def day_of_cell(cell: object, *, what: str = "date") -> int:
    """The calendar day of a cell, as its ordinal: a date, a midnight without a zone, or ISO text.

    Args:
        cell: the cell.
        what: its name in an error.

    Raises:
        IntervalError: missing, no date, a time of the day, or a year that is not of our time.

    >>> day_of_cell("2026-12-01")
    739951
    """
    if isinstance(cell, datetime) and cell.tzinfo is None and cell.time() == time():
        cell = cell.date()
    return read_date(cell, what=what).toordinal()  # type: ignore[arg-type]  # which refuses what is no date


class DrugNumbers:
    """Reads the drug of a cell as a number: two names of one drug have one.

    Attributes:
        names: the drugs that were read, each at the place of its number.

    >>> drugs = DrugNumbers()
    >>> [drugs(cell) for cell in ("diazepam", "lorazepam", "Valium")], drugs.names
    ([0, 1, 0], ['diazepam', 'lorazepam'])
    """

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, cell: object) -> int:
        """The number of a drug.

        Raises:
            UnknownDrugError: it is none.
        """
        name = drug_named(cell).name  # type: ignore[arg-type]  # what is no text is refused
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)


def ids_of(column: "pd.Series[Any]") -> Ints:
    """The ids of rows as numbers, in the order of appearance.

    Raises:
        DataError: an id is missing.

    >>> ids_of(pd.Series(["x", "y", "x"])).tolist()
    [0, 1, 0]
    """
    places, cells = distinct(column)
    if None in cells:
        rows = np.flatnonzero(places == cells.index(None))
        refuse_faults("frame", [f"{column.name!r} is missing in {rows_words(rows)}; every row needs one"])
    return places


def rows_words(rows: Sequence[int] | Ints) -> str:
    """Some rows of many, by their places from 0.

    >>> rows_words([3])
    'row 3'
    """
    named = ", ".join(str(row) for row in rows[:MOST_NAMED])
    more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
    return f"row{'s' if len(rows) > 1 else ''} {named}{more}"


class People:
    """Whose each row is, and what is wrong with them.

    Args:
        length: the number of rows.
        ids: the person of each row, as `ids_of` gives them.

    Attributes:
        place: the place of each row among those of its person, from 0.
        is_last: whether a row is the last one of its person.
        first_row: the place in the frame of the first row of the same person.
        wrong: what is wrong, by person.
    """

    def __init__(self, length: int, ids: Ints) -> None:
        self.ids = ids
        self.wrong: dict[int, str] = {}
        self._place_by(np.arange(length))

    def order_by(self, numbers: Ints, *, what: str) -> None:
        """Count the rows of each person in the order of some numbers; who has a number twice is refused.

        Args:
            numbers: a number a row.
            what: the column that they are from.
        """
        self._place_by(numbers)
        follows = np.lexsort((numbers, self.ids))
        twice = np.zeros(len(numbers), dtype=bool)
        twice[follows[1:]] = (np.diff(self.ids[follows]) == 0) & (np.diff(numbers[follows]) == 0)
        self.refuse(twice, f"{what} is the same in two rows, so their order is not known; number the rows of a person")

    def _place_by(self, numbers: Ints) -> None:
        order, length = np.lexsort((numbers, self.ids)), len(numbers)
        new = np.ones(length, dtype=bool)
        new[1:] = np.diff(self.ids[order]) != 0
        begins = np.maximum.accumulate(np.where(new, np.arange(length), 0)) if length else order
        self.place = np.empty(length, dtype=np.int64)
        self.place[order] = np.arange(length) - begins
        last = np.ones(length, dtype=bool)
        last[:-1] = new[1:]
        self.is_last = np.empty(length, dtype=bool)
        self.is_last[order] = last
        self.first_row = np.empty(length, dtype=np.int64)
        self.first_row[order] = order[begins]

    @property
    def problems(self) -> list[str]:
        """What is wrong with the person of each row; '' where nothing is."""
        return [self.wrong.get(person, "") for person in self.ids.tolist()]

    def refuse(self, rows: Bools, why: str) -> None:
        """Say what is wrong with the people of some rows; the first reason stays."""
        for person in np.unique(self.ids[rows]).tolist():
            self.wrong.setdefault(person, why)

    def read(self, column: "pd.Series[Any]", read: Any) -> tuple[Ints, list[Any]]:
        """The different cells of a column, read; people with one that cannot be read are refused."""
        places, cells = distinct(column)
        found = read_each(cells, read)
        for place, value in enumerate(found):
            if isinstance(value, str):
                self.refuse(places == place, value)
        return places, found

    def numbers(self, column: "pd.Series[Any]", read: Any) -> Ints:
        """A column of whole numbers; 0 where one cannot be read."""
        return whole_numbers(*self.read(column, read))
