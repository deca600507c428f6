"""Levels of many people at once, step by step, with the formulas of `model` on arrays. Imports pandas and numpy."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from benzotaper.errors import BenzotaperError, DoseError
from benzotaper.frame_cells import Bools, DrugNumbers, Ints, People, ids_of, ng_of_cell, read_each, whole_of_cell
from benzotaper.intervals import LONGEST_DAYS
from benzotaper.pharmacokinetics.model import followed, formed, left, moved, rate_per_day, together
from benzotaper.pharmacokinetics.species import Acting, ByDrug, acting, chosen_for
from benzotaper.table_columns import refuse_columns
from benzotaper.unknown import Unknown

Floats: TypeAlias = npt.NDArray[np.float64]
LEVELS = tuple(f"{what}_{day}_day_percent" for what in ("parent", "metabolite", "total") for day in ("first", "last"))
ADDED_COLUMNS = (*LEVELS, "quality", "warning", "problem")
"""The columns that `with_levels` adds."""
OPEN = -1
"""Stands for the days of a step that has no end."""


def with_levels(
    df: pd.DataFrame,
    *,
    id: str,  # noqa: A002  the column's own name
    drug: str,
    dose_mg: str,
    days: str,
    order: str,
    start_mg: str,
    **given: ByDrug,
) -> pd.DataFrame:
    """A copy of a frame with `ADDED_COLUMNS`; see `many.levels_frame`."""
    refuse_columns(df, [id, drug, dose_mg, days, order, start_mg], added=ADDED_COLUMNS)
    people = People(len(df), ids_of(df[id]))
    places, models = _models(people, df[drug], given)
    # before what else is wrong: a drug that enters has no starting dose, and shares its steps with another
    people.refuse(places != places[people.first_row], "several drugs: ask bt.levels(plan) of each plan")
    people.order_by(people.numbers(df[order], _named(order, _whole_of_cell)), what=order)
    doses = people.numbers(df[dose_mg], _named(dose_mg, ng_of_cell))
    lengths = people.numbers(df[days], _named(days, _days_of_cell))
    starts = people.numbers(df[start_mg], _named(start_mg, ng_of_cell))
    people.refuse(
        starts != starts[people.first_row], f"{start_mg} differs between rows; give the one dose that was taken before"
    )
    people.refuse(starts == 0, "the starting dose is 0 mg, so nothing can be relative to it")
    people.refuse((lengths == OPEN) & ~people.is_last, "only the last step of a person may be open")
    good = np.array([not problem for problem in people.problems], dtype=bool)
    out = df.copy()
    found = _levels(people, places, models, doses / np.where(starts == 0, 1, starts), lengths, good)
    for number, name in enumerate(LEVELS):
        out[name] = pd.Series(found[number], index=df.index, dtype="float64").array
    out["quality"] = _said((model.quality if model else None for model in models), places, good, bad=None)
    out["warning"] = _said((" ".join(model.warnings) if model else None for model in models), places, good, bad="")
    out["problem"] = pd.array(people.problems, dtype="string")
    return out


def _models(people: People, drugs: "pd.Series[Any]", given: dict[str, ByDrug]) -> tuple[Ints, list[Acting | None]]:
    """For each row the place of its drug's model, and the models; None where a drug has none."""
    numbers = DrugNumbers()
    places = people.numbers(drugs, numbers)
    chosen = chosen_for(numbers.names, **given)
    models = read_each(numbers.names, lambda name: acting(name, **chosen[name]))
    for place, model in enumerate(models):
        if isinstance(model, str):
            people.refuse(places == place, model)
    return places, [model if isinstance(model, Acting) else None for model in models]


def _named(column: str, read: Callable[[object], int]) -> Callable[[object], int]:
    """Reads a cell; what is wrong with it says in which column."""

    def named(cell: object) -> int:
        try:
            return read(cell)
        except BenzotaperError as error:
            raise DoseError(f"{column}: {error}", value=cell) from error

    return named


def _days_of_cell(cell: object) -> int:
    return OPEN if cell is None else _whole_of_cell(cell)


def _whole_of_cell(cell: object) -> int:
    if cell is None:
        raise DoseError("the number is missing", value=cell)
    if isinstance(cell, date):
        raise DoseError(f"{cell} is a date; give the number of the step, or of the day from the start", value=cell)
    number = whole_of_cell(cell)
    if number > LONGEST_DAYS:
        raise DoseError(f"{cell!r} is above {LONGEST_DAYS}, the days of twenty years", value=cell)
    return number


def _said(words: Iterable[str | None], places: Ints, good: Bools, *, bad: str | None) -> Any:
    """A column of what is said of each row's drug; of a person with a problem `bad`."""
    said = np.array([*words, None], dtype=object)[places]
    said[~good] = bad
    return pd.array(said, dtype="string")


def _levels(
    people: People, places: Ints, models: list[Acting | None], doses: Floats, lengths: Ints, good: Bools
) -> Floats:
    """The columns of `LEVELS`, NaN where a level is unknown; doses are by the starting dose."""
    out = np.full((len(LEVELS), len(doses)), np.nan)
    for place, model in enumerate(models):
        rows = np.flatnonzero(good & (places == place))
        if model and len(rows):
            _follow(out, rows, model, people, doses, lengths)
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
