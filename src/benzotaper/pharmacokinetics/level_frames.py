"""Levels of many people at once, step by step, with the formulas of `model` on arrays. Imports pandas and numpy."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from benzotaper.frame_cells import Ints, People, ids_of, ng_of_cell, whole_of_cell
from benzotaper.pharmacokinetics.model import followed, formed, left, moved, rate_per_day, together
from benzotaper.pharmacokinetics.species import Acting, acting
from benzotaper.table_columns import refuse_columns
from benzotaper.unknown import Unknown

Floats: TypeAlias = npt.NDArray[np.float64]
LEVELS = tuple(f"{what}_{day}_day_percent" for what in ("parent", "metabolite", "total") for day in ("first", "last"))
ADDED_COLUMNS = (*LEVELS, "quality", "problem")
"""The columns that `with_levels` adds."""
OPEN = -1
"""Stands for the days of a step that has no end."""


def with_levels(  # noqa: PLR0913  every column and choice is the caller's, by name
    df: pd.DataFrame,
    *,
    id: str,  # noqa: A002  the column's own name
    drug: str,
    dose_mg: str,
    days: str,
    start_mg: str,
    half_life: str,
    metabolite_half_life: str,
    potency: str,
) -> pd.DataFrame:
    """A copy of a frame with `ADDED_COLUMNS`; see `many.levels_frame`."""
    refuse_columns(df, [id, drug, dose_mg, days, *([start_mg] if start_mg else [])], added=ADDED_COLUMNS)
    people = People(len(df), ids_of(df[id]))
    models = people.read(
        df[drug],
        lambda cell: acting(
            cell,  # what is no text is refused
            half_life=half_life,
            metabolite_half_life=metabolite_half_life,
            potency=potency,
        ),
    )
    doses = people.numbers(df[dose_mg], ng_of_cell)
    lengths = people.numbers(df[days], _days_of_cell)
    starts = people.numbers(df[start_mg], ng_of_cell) if start_mg else doses[people.first_row]
    people.refuse(starts == 0, "the starting dose is 0 mg, so nothing can be relative to it")
    people.refuse((lengths == OPEN) & ~people.is_last, "only the last step of a person may be open")
    out = df.copy()
    found = _levels(people, models, doses, lengths, starts)
    for number, name in enumerate(LEVELS):
        out[name] = pd.Series(found[number], index=df.index, dtype="float64").array
    out["quality"] = pd.array(
        [
            None if problem else models[1][place].quality
            for place, problem in zip(models[0], people.problems, strict=True)
        ],
        dtype="string",
    )
    out["problem"] = pd.array(people.problems, dtype="string")
    return out


def _days_of_cell(cell: object) -> int:
    return OPEN if cell is None else whole_of_cell(cell)


def _levels(people: People, models: tuple[Ints, list[Any]], doses: Ints, lengths: Ints, starts: Ints) -> Floats:
    """The columns of `LEVELS`, NaN where a level is unknown."""
    places, found = models
    people.refuse(places != places[people.first_row], "several drugs: ask bt.levels(plan) of each plan")
    out = np.full((len(LEVELS), len(doses)), np.nan)
    good = np.array([not problem for problem in people.problems], dtype=bool)
    full = np.where(starts == 0, 1, starts)[people.first_row]
    for place, model in enumerate(found):
        rows = np.flatnonzero(good & (places == place))
        if len(rows):
            _follow(out, rows, model, people, doses / full, lengths)
    return out


def _follow(out: Floats, rows: Ints, model: Acting, people: People, doses: Floats, lengths: Ints) -> None:
    """Fill in the levels of one drug: first that of every person's first step, then of the second, and so on."""
    rate = rate_per_day(model.half_life_h)
    own = None if isinstance(model.metabolite_half_life_h, Unknown) else rate_per_day(model.metabolite_half_life_h)
    size = int(people.ids[rows].max()) + 1
    parent, metabolite = np.zeros(size), np.zeros(size)
    begins = rows[people.place[rows] == 0]
    parent[people.ids[begins]] = metabolite[people.ids[begins]] = 1.0
    for number in range(int(people.place[rows].max()) + 1):
        now = rows[people.place[rows] == number]
        who, dose = people.ids[now], doses[now]
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
