"""Puts the plans of a cohort together: rows of distinct plans, repeated for each person. Imports numpy and pandas.

Each column of the result is written once, in pieces that stay in the processor's cache.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from benzotaper.cohorts.cells import Codes
from benzotaper.cohorts.columns import PLAN_DTYPES
from benzotaper.cohorts.steady import Plans
from benzotaper.cohorts.templates import FIELDS, OPEN
from benzotaper.doses import NG_PER_MG
from benzotaper.drugs import drug_names

Array: TypeAlias = npt.NDArray[Any]


class Rows(NamedTuple):
    """The rows of distinct plans, one plan after the other.

    Attributes:
        columns: the arrays that make up the columns of the result; a mask for NA as "open".
        first: where each plan begins.
        number: how many rows it has.
    """

    columns: dict[str, Array]
    first: Codes
    number: Codes


def rows_of_plans(together: Plans, single: Sequence[bytes]) -> Rows:
    """Plans that were made together, and then those that `templates.Planner` made one by one, as columns."""
    rest = np.frombuffer(b"".join(single), dtype=np.int64).reshape(-1, len(FIELDS))
    numbers = np.concatenate([together.numbers, rest])
    step, day, days, drug, total, over = (np.ascontiguousarray(column) for column in numbers.T)
    lengths = np.array([len(plan) for plan in single], dtype=np.int64) // (len(FIELDS) * numbers.itemsize)
    number = np.concatenate([together.counts, lengths])
    columns = {
        "step": step,
        "day": day,
        "days": np.where(days == OPEN, 1, days),  # the value under an NA is seen by nobody
        "open": days == OPEN,
        "drug": drug.astype(np.int8),
        "dose_mg": total / (over * NG_PER_MG),  # both are whole and below 2**53: the nearest float to the exact mean
        "dose_ng": total // over,
    }
    return Rows(columns, np.cumsum(number) - number, number)


def frame_of_plans(ids: "pd.Series[Any]", plan: Codes, rows: Rows, *, chunk: int) -> pd.DataFrame:
    """The plans of all people, in their order.

    Args:
        ids: of the people.
        plan: which plan each person has.
        rows: the distinct plans.
        chunk: people at a time.
    """
    number = rows.number[plan]
    ends = np.cumsum(number)
    whole = int(ends[-1]) if len(ends) else 0
    out = {name: np.empty(whole, dtype=column.dtype) for name, column in rows.columns.items()}
    plain = isinstance(ids.dtype, np.dtype)
    given = ids.to_numpy() if plain else np.arange(len(ids))
    person = np.empty(whole, dtype=given.dtype)
    for some in _pieces(len(plan), chunk):
        begin, end = int(ends[some.start] - number[some.start]), int(ends[some.stop - 1])
        counts = number[some]
        # the place of each row in the distinct plans: where its plan begins there, less where it begins here
        place = np.repeat(rows.first[plan[some]] - (ends[some] - counts), counts)
        place += np.arange(begin, end)
        for name, column in rows.columns.items():
            np.take(column, place, out=out[name][begin:end], mode="clip")  # in range; so named, it is not checked again
        person[begin:end] = np.repeat(given[some], counts)
    return _frame(person if plain else ids.array.take(person), out)


def _pieces(people: int, chunk: int) -> Iterator[slice]:
    for first in range(0, people, chunk):
        yield slice(first, min(first + chunk, people))


def _frame(ids: Any, out: dict[str, Array]) -> pd.DataFrame:
    """Columns as a frame, none of them copied."""
    drug = pd.CategoricalDtype(list(drug_names()))
    columns = {
        "id": ids,
        **out,
        "days": pd.arrays.IntegerArray(out["days"], out.pop("open")),
        "drug": pd.Categorical.from_codes(out["drug"], dtype=drug),
    }
    return pd.DataFrame({name: columns[name] for name in ("id", *PLAN_DTYPES)}, copy=False)


def frame_of_refused(ids: "pd.Series[Any]", faults: Codes, reasons: Sequence[str], *, first_row: int) -> pd.DataFrame:
    """The people without a plan, in their order, with the reason."""
    rows = np.flatnonzero(faults >= 0)
    said = np.array([*reasons, ""], dtype=object)
    return pd.DataFrame(
        {
            "id": ids.iloc[rows].array,
            "row": rows + first_row,
            "reason": pd.array(said[faults[rows]], dtype="string"),
        }
    )
