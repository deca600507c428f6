"""Levels of many people at once, step by step, with the formulas of `model` on arrays. Imports pandas and numpy."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from benzotaper.frame_cells import Ints, distinct, ids_of, ng_of_cell, read_each, refuse_columns, whole_of_cell
from benzotaper.pharmacokinetics.facts import USUAL
from benzotaper.pharmacokinetics.model import followed, formed, left, moved, rate_per_day, together
from benzotaper.pharmacokinetics.species import Acting, acting
from benzotaper.unknown import Unknown

Floats: TypeAlias = npt.NDArray[np.float64]
LEVELS = tuple(f"{what}_{day}_day_percent" for what in ("parent", "metabolite", "total") for day in ("first", "last"))
ADDED_COLUMNS = (*LEVELS, "quality", "problem")
"""The columns that `levels_frame` adds."""
OPEN = -1
"""Stands for the days of a step that has no end."""


def levels_frame(  # noqa: PLR0913  every column and choice is the caller's, by name
    df: pd.DataFrame,
    *,
    id: str,  # noqa: A002  the column's own name
    drug: str,
    dose_mg: str,
    days: str,
    start_mg: str = "",
    half_life: str = USUAL,
    metabolite_half_life: str = USUAL,
    potency: str = "",
) -> pd.DataFrame:
    """Model how the average level of many people follows their doses, in % of the steady state of the starting dose.

    Args:
        df: a frame with a row for each person and step, in order; it is not changed.
        id: the column that says whose the row is.
        drug: the column with drug names; one drug for each person.
        dose_mg: the column with the daily dose (mg) of the step.
        days: the column with the days that it lasts; missing in a last, open step.
        start_mg: the column with the dose (mg) whose steady state is 100 %; that of the person's first row, when left
            out.
        half_life: as `levels` takes it.
        metabolite_half_life: as `levels` takes it.
        potency: as `levels` takes it.

    Returns:
        A copy with the levels on the first and last day of each step, `quality` and `problem`; what is unknown is NA. A
        person with a row that cannot be read stays, with NA levels, and the reason in `problem` of every row.

    Raises:
        DataError: a column that is not there, an id that is missing, or one of the new columns that already is.

    Limits: as `levels`.

    >>> frame = pd.DataFrame({"id": 1, "drug": "clonazepam", "mg": [1.0, 0.5], "days": [0, 14]})
    >>> found = levels_frame(frame, id="id", drug="drug", dose_mg="mg", days="days")
    >>> found.parent_last_day_percent.round().tolist()
    [100.0, 50.0]
    """
    refuse_columns(df, [id, drug, dose_mg, days, *([start_mg] if start_mg else [])], added=ADDED_COLUMNS)
    table = _Table(len(df), ids_of(df[id]))
    models = table.read(
        df[drug],
        lambda cell: acting(
            cell,  # what is no text is refused
            half_life=half_life,
            metabolite_half_life=metabolite_half_life,
            potency=potency,
        ),
    )
    doses = table.numbers(df[dose_mg], ng_of_cell)
    lengths = table.numbers(df[days], _days_of_cell)
    starts = table.numbers(df[start_mg], ng_of_cell) if start_mg else doses[table.first_row]
    table.refuse(starts == 0, "the starting dose is 0 mg, so nothing can be relative to it")
    table.refuse((lengths == OPEN) & ~table.is_last, "only the last step of a person may be open")
    out = df.copy()
    found = _levels(table, models, doses, lengths, starts)
    for number, name in enumerate(LEVELS):
        out[name] = pd.Series(found[number], index=df.index, dtype="float64").array
    out["quality"] = pd.array(
        [
            None if problem else models[1][place].quality
            for place, problem in zip(models[0], table.problems, strict=True)
        ],
        dtype="string",
    )
    out["problem"] = pd.array(table.problems, dtype="string")
    return out


def _days_of_cell(cell: object) -> int:
    return OPEN if cell is None else whole_of_cell(cell)


class _Table:
    """The rows of the people, and what is wrong with them."""

    def __init__(self, length: int, ids: Ints) -> None:
        self.ids = ids
        self.wrong: dict[int, str] = {}
        order = np.argsort(ids, kind="stable")
        new = np.ones(length, dtype=bool)
        new[1:] = ids[order][1:] != ids[order][:-1]
        place = np.arange(length) - np.maximum.accumulate(np.where(new, np.arange(length), 0))
        self.place = np.empty(length, dtype=np.int64)
        self.place[order] = place
        last = np.ones(length, dtype=bool)
        last[:-1] = new[1:]
        self.is_last = np.empty(length, dtype=bool)
        self.is_last[order] = last
        first = order[np.maximum.accumulate(np.where(new, np.arange(length), 0))] if length else order
        self.first_row = np.empty(length, dtype=np.int64)
        self.first_row[order] = first

    @property
    def problems(self) -> list[str]:
        """What is wrong with the person of each row; '' where nothing is."""
        return [self.wrong.get(person, "") for person in self.ids.tolist()]

    def refuse(self, rows: "npt.NDArray[np.bool_]", why: str) -> None:
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
        places, found = self.read(column, read)
        values = np.array([0 if isinstance(value, str) else value for value in found], dtype=np.int64)
        return values[places] if len(values) else np.zeros(0, dtype=np.int64)


def _levels(table: _Table, models: tuple[Ints, list[Any]], doses: Ints, lengths: Ints, starts: Ints) -> Floats:
    """The columns of `LEVELS`, NaN where a level is unknown."""
    places, found = models
    table.refuse(places != places[table.first_row], "several drugs: ask bt.levels(plan) of each plan")
    out = np.full((len(LEVELS), len(doses)), np.nan)
    good = np.array([not problem for problem in table.problems], dtype=bool)
    full = np.where(starts == 0, 1, starts)[table.first_row]
    for place, model in enumerate(found):
        rows = np.flatnonzero(good & (places == place))
        if len(rows):
            _follow(out, rows, model, table, doses / full, lengths)
    return out


def _follow(out: Floats, rows: Ints, model: Acting, table: _Table, doses: Floats, lengths: Ints) -> None:
    """Fill in the levels of one drug: first that of every person's first step, then of the second, and so on."""
    rate = rate_per_day(model.half_life_h)
    own = None if isinstance(model.metabolite_half_life_h, Unknown) else rate_per_day(model.metabolite_half_life_h)
    people = table.ids[rows]
    parent, metabolite = np.zeros(people.max() + 1), np.zeros(people.max() + 1)
    begins = rows[table.place[rows] == 0]
    parent[table.ids[begins]] = metabolite[table.ids[begins]] = 1.0
    for number in range(int(table.place[rows].max()) + 1):
        now = rows[table.place[rows] == number]
        who, dose = table.ids[now], doses[now]
        before, after = parent[who], metabolite[who]
        for column, days in enumerate((np.minimum(lengths[now], 1), lengths[now])):
            known = np.where(days == OPEN, 1 - column, days)  # of an open step the first day is known, no last one
            parent[who] = moved(before, dose, left(known, rate, lib=np))
            shown = np.where((days == OPEN) & (column == 1), np.nan, 100 * parent[who])
            out[column, now] = shown
            if own is not None:
                new = formed(known, rate, own, lib=np)
                metabolite[who] = followed(after, before, dose, left(known, own, lib=np), new)
                out[2 + column, now] = np.where(np.isnan(shown), np.nan, 100 * metabolite[who])
            out[4 + column, now] = _total(model, out[column, now], out[2 + column, now])


def _total(model: Acting, parent: Floats, metabolite: Floats) -> Floats:
    if not model.metabolite:
        return parent
    if isinstance(model.weight, Unknown):
        return np.full_like(parent, np.nan)
    total: Floats = together(parent, metabolite, model.weight)
    return total
