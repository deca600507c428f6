"""Puts the plans of a cohort together: rows of distinct plans, repeated for each person. Imports numpy and pandas.

A row is fetched at a stroke, and written into the columns of the result in pieces that stay in the processor's cache:
column after column fetched from tables of their own took twice as long.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from benzotaper.cohorts.columns import PLAN_DTYPES
from benzotaper.cohorts.records import Records, records_of
from benzotaper.cohorts.steady import Plans
from benzotaper.cohorts.templates import OPEN
from benzotaper.doses import NG_PER_MG
from benzotaper.drugs import drug_names
from benzotaper.frame_cells import Ints

Array: TypeAlias = npt.NDArray[Any]
COLUMNS = {"step": "i8", "day": "i8", "days": "i8", "open": "?", "drug": "i1", "dose_mg": "f8", "dose_ng": "i8"}
"""The arrays that make up the columns of the result; `open` says where `days` is NA."""


class Rows(NamedTuple):
    """The rows of distinct plans, one plan after the other.

    Attributes:
        records: the rows.
        first: where each plan begins.
        number: how many rows it has.
    """

    records: Records
    first: Ints
    number: Ints


def rows_of_plans(together: Sequence[Plans], single: Sequence[bytes]) -> Rows:
    """Plans that were made together, and then those that `templates.Planner` made one by one."""
    records, lengths = records_of(single)
    number = np.concatenate([*(plans.counts for plans in together), lengths])
    return Rows(np.concatenate([*(plans.records for plans in together), records]), np.cumsum(number) - number, number)


def frame_of_plans(ids: "pd.Series[Any]", plan: Ints, rows: Rows, *, chunk: int) -> pd.DataFrame:
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
    out = {name: np.empty(whole, dtype=dtype) for name, dtype in COLUMNS.items()}
    plain = isinstance(ids.dtype, np.dtype)
    given = ids.to_numpy() if plain else np.arange(len(ids))
    person = np.empty(whole, dtype=given.dtype)
    for some in _pieces(len(plan), chunk):
        begin, end = int(ends[some.start] - number[some.start]), int(ends[some.stop - 1])
        counts = number[some]
        # the place of each row in the distinct plans: where its plan begins there, less where it begins here
        place = np.repeat(rows.first[plan[some]] - (ends[some] - counts), counts)
        place += np.arange(begin, end)
        _fill({name: column[begin:end] for name, column in out.items()}, rows.records.take(place, mode="clip"))
        person[begin:end] = np.repeat(given[some], counts)
    return _frame(person if plain else ids.array.take(person), out)


def _fill(out: Mapping[str, Array], records: Records) -> None:
    """Write some records into the columns; a mean over a cycle of days is the nearest float to the exact one."""
    for name in ("step", "day", "days", "drug"):
        out[name][:] = records[name]
    np.equal(records["days"], OPEN, out=out["open"])
    total, dose_ng, dose_mg = records["sum"], out["dose_ng"], out["dose_mg"]
    dose_ng[:] = total
    np.divide(total, NG_PER_MG, out=dose_mg)
    if len(cycles := np.flatnonzero(records["over"] > 1)):
        over = records["over"][cycles].astype(np.int64)
        dose_ng[cycles] = total[cycles] // over
        dose_mg[cycles] = total[cycles] / (over * NG_PER_MG)  # both whole and below 2**53


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


def frame_of_refused(ids: "pd.Series[Any]", faults: Ints, reasons: Sequence[str], *, first_row: int) -> pd.DataFrame:
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
