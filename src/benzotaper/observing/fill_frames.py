"""Reads the fills of a frame into arrays, with what is wrong by row. Imports pandas and numpy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from benzotaper.errors import DoseError
from benzotaper.frame_cells import (
    DrugNumbers,
    Ints,
    People,
    day_of_cell,
    ids_of,
    ng_of_cell,
    number_of_cell,
    whole_numbers,
    whole_of_cell,
)
from benzotaper.intervals import LONGEST_DAYS
from benzotaper.observing.ways import Ways

MOST_UNITS = 10_000  # plausibility of a typed number, not a limit: project default, confirm
PER_UNIT = 1000
"""Quantities are counted in thousandths of a unit."""
NO_DAYS = "days_supply is missing, and lasts= does not say how long such a fill lasts"


@dataclass(slots=True, kw_only=True)
class Fills:
    """Fills as arrays, a place for each row that can be read.

    Attributes:
        row: the place in the caller's frame.
        stream: its person and drug, as a number.
        queue: the fills that follow each other, as a number.
        day: of collection (ordinal).
        lasts: days; 0 where it lasts until the next.
        amount: in all (ng × 1000).
        drug: the number of its drug.
        names: the names of the drugs.
    """

    row: Ints
    stream: Ints
    queue: Ints
    day: Ints
    lasts: Ints
    amount: Ints
    drug: Ints
    names: list[str]

    def take(self, places: Ints) -> "Fills":
        """Some of them, in this order."""
        arrays = ("row", "stream", "queue", "day", "lasts", "amount", "drug")
        return Fills(names=self.names, **{name: getattr(self, name)[places] for name in arrays})


def read_fills(df: pd.DataFrame, ways: Ways) -> tuple[Fills, pd.DataFrame]:
    """The fills of people all of whose fills can be read, and what is wrong with the others.

    Args:
        df: the frame; its columns are there.
        ways: what the caller assumes.

    Returns:
        The fills, and a frame with `row`, `person` and `problem`.

    Raises:
        DataError: a person is missing.
    """
    reader = _Reader(df)
    day, drug = reader.column("date", day_of_cell), reader.column("drug", reader.drugs)
    strength, units = reader.column("strength_mg", _strength), reader.column("quantity", _quantity)
    known = "days_supply" in df.columns
    lasts = reader.column("days_supply", _days) if known else np.zeros(len(df), dtype=np.int64)
    if not (ways.lasts or ways.until_next):
        reader.refuse(np.flatnonzero(lasts == 0), NO_DAYS)
    if ways.until:
        first = np.full(len(df), day.max(initial=0))
        np.minimum.at(first, reader.people.ids, day)
        late = f"no fill of this person is up to {date.fromordinal(ways.until)}, where observation ends"
        reader.refuse(np.flatnonzero(first[reader.people.ids] > ways.until), late)
    stream = reader.people.ids * max(len(reader.drugs.names), 1) + drug
    fills = Fills(
        row=np.arange(len(df)),
        stream=stream,
        queue=stream if ways.per == "drug" else _numbered(stream, strength),
        day=day,
        lasts=np.where(lasts == 0, ways.lasts, lasts),
        amount=strength * units,
        drug=drug,
        names=reader.drugs.names,
    )
    return fills.take(np.flatnonzero(~np.isin(reader.people.ids, list(reader.people.wrong)))), reader.refused()


class _Reader:
    """Reads columns, and keeps what is wrong with each row."""

    def __init__(self, df: pd.DataFrame) -> None:
        self.df = df
        self.people = People(len(df), ids_of(df["person"]))
        self.drugs = DrugNumbers()
        self.wrong: dict[int, str] = {}

    def column(self, name: str, read: Callable[[object], int]) -> Ints:
        """A column of whole numbers; 0 where a cell cannot be read."""
        places, found = self.people.read(self.df[name], read)
        for place, value in enumerate(found):
            if isinstance(value, str):
                self.refuse(np.flatnonzero(places == place), f"{name}: {value}")
        return whole_numbers(places, found)

    def refuse(self, rows: Ints, why: str) -> None:
        """Say what is wrong with some rows; the first reason stays."""
        for row in rows.tolist():
            self.wrong.setdefault(row, why)
            self.people.wrong.setdefault(int(self.people.ids[row]), why)

    def refused(self) -> pd.DataFrame:
        """A row for each row that cannot be read."""
        rows = sorted(self.wrong)
        return pd.DataFrame(
            {
                "row": pd.Series(rows, dtype="int64"),
                "person": self.df["person"].take(rows).reset_index(drop=True),
                "problem": pd.Series([self.wrong[row] for row in rows], dtype="string"),
            }
        )


def _numbered(stream: Ints, strength: Ints) -> Ints:
    """A number for each stream and strength."""
    order = np.lexsort((strength, stream))
    new = np.zeros(len(order), dtype=np.int64)
    new[1:] = (np.diff(stream[order]) != 0) | (np.diff(strength[order]) != 0)
    codes = np.empty(len(order), dtype=np.int64)
    codes[order] = np.cumsum(new)
    return codes


def _quantity(cell: object) -> int:
    """Thousandths of a unit."""
    number = number_of_cell(cell) * PER_UNIT
    if number.denominator != 1 or not 0 < number <= MOST_UNITS * PER_UNIT:
        message = f"{cell!r} is no number above 0 and up to {MOST_UNITS}, with at most three places"
        raise DoseError(message, value=cell)
    return int(number)


def _days(cell: object) -> int:
    if cell is None:
        return 0
    days = whole_of_cell(cell)
    if not 0 < days <= LONGEST_DAYS:
        raise DoseError(f"{cell!r} must lie between 1 and {LONGEST_DAYS} days", value=cell)
    return days


def _strength(cell: object) -> int:
    ng = ng_of_cell(cell)
    if not ng:
        raise DoseError("it is 0 mg; give the strength of one unit", value=cell)
    return ng
