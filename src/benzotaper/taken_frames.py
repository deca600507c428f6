"""What the people of a frame take: regimens as text, or daily doses at times. Imports numpy and pandas.

Each distinct cell is read once; what is wrong with a row stays with that row.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from benzotaper.doses import LARGEST_MG, NG_PER_MG
from benzotaper.drugs import drug_named
from benzotaper.errors import DataError, IntervalError, RegimenError, refuse_faults
from benzotaper.frame_cells import Ints, ng_of_cell, read_each
from benzotaper.frame_faults import Coded, Faults, Refusal, coded
from benzotaper.intervals import TIMES, read_time
from benzotaper.regimen import Regimen, Taken, regimen_of
from benzotaper.schedules.base import INT64
from benzotaper.table_columns import column_faults, refuse_no_frame

ID, REGIMEN, DRUG, DOSE = "id", "regimen", "drug", "dose_mg"
DOUBLED = "the id stands in more than one row; give each person one row and one id"


class TakenColumns(NamedTuple):
    """What people take, a row a person.

    Attributes:
        words: texts of regimens, or drugs.
        times: the times at which a daily dose is taken; one empty tuple where the regimen's text says it.
        doses: the daily dose (ng); 0 where the regimen's text says it.
    """

    words: Coded
    times: Coded
    doses: Coded

    def at(self, rows: Ints) -> list[Taken]:
        """What is taken in some rows, in which nothing is wrong."""
        listed = zip(*(column.codes[rows].tolist() for column in self), strict=True)
        words, times, doses = (column.distinct for column in self)
        return [(words[word], doses[dose], times[at]) if times[at] else words[word] for word, at, dose in listed]


class Said(NamedTuple):
    """How messages name what the caller gave.

    Attributes:
        table: the frame or file.
        times: the argument that says when daily doses are taken.
        at_night: an example of it.
    """

    table: str
    times: str
    at_night: str


FRAME = Said(table="frame", times="times=", at_night="times='night'")
"""For what is called in Python."""


def check_taken_columns(present: Sequence[object], times: Any, *, said: Said = FRAME) -> list[str]:
    """The columns that say who takes what.

    Args:
        present: the names of the columns that are there.
        times: the times at which a daily dose is taken, or the name of a column of them.
        said: how messages name these.

    Raises:
        DataError: a column that is missing or double, both a regimen and a daily dose, times without daily doses, or
            daily doses without times.
    """
    needed = [ID, REGIMEN] if REGIMEN in present else [ID, DRUG, DOSE]
    beside = [name for name in (DRUG, DOSE) if REGIMEN in present and name in present]
    both = [f"column {name!r} stands beside 'regimen'; give one of the two" for name in beside]
    refuse_faults(said.table, column_faults(present, needed) + both)
    if _blank(times) and DOSE in needed:
        message = f"a daily dose needs the times at which it is taken: give {said.at_night}, or a column of regimens"
        raise DataError(message, file=said.table, faults=(message,))
    if REGIMEN in needed and not _blank(times):
        message = f"{said.times} stands beside regimens, which say their own times; leave it out"
        raise DataError(message, file=said.table, faults=(message,))
    return needed


def check_ids(ids: "pd.Series[Any]", faults: Faults, *, doubled: Any = ()) -> None:
    """Find the people without an id, and those whose id is not theirs alone.

    Args:
        ids: the id of each row.
        faults: takes what is wrong with a row.
        doubled: ids that also stand in other frames.

    Raises:
        DataError: ids that cannot be compared, such as lists.
    """
    faults.add(ids.isna().to_numpy(), "the id is missing")
    numbers = ids.to_numpy() if isinstance(ids.dtype, np.dtype) and ids.dtype.kind in "iu" else None
    # where they rise, as they mostly do, none stands twice here
    rise = numbers is not None and (numbers[1:] > numbers[:-1]).all()
    for several in (doubled, () if rise else doubled_ids(ids)):
        if len(several):
            faults.add(ids.isin(several).to_numpy(dtype=bool), DOUBLED)


def doubled_ids(ids: "pd.Series[Any]") -> Any:
    """The ids that stand in more than one row.

    Raises:
        DataError: ids that cannot be compared.

    >>> doubled_ids(pd.Series([1, 2, 1])).tolist()
    [1]
    """
    try:
        return ids[ids.duplicated(keep=False)].unique()
    except TypeError as error:
        message = "column 'id' holds lists or the like; give whole numbers or text"
        raise DataError(message, file="frame", faults=(message,)) from error


def read_taken(frame: pd.DataFrame, times: Any, faults: Faults) -> TakenColumns:
    """Read what people take.

    Args:
        frame: with `regimen`, or `drug` and `dose_mg`, as `check_taken_columns` lets it pass.
        times: the times at which a daily dose is taken, or the name of a column of them.
        faults: takes what is wrong with a row.

    Raises:
        IntervalError: a time for everybody that cannot be read.
    """
    return _texts(frame, faults) if REGIMEN in frame else _daily(frame, times, faults)


def same(value: Any, rows: int) -> Coded:
    """The same for every row."""
    return Coded(np.zeros(rows, dtype=np.int64), [value])


def numbered(columns: Iterable[Coded], rows: Ints) -> tuple[Ints, Ints]:
    """Rows with equal values get one number, in order of appearance; and for each number the first place that has it.

    Args:
        columns: the values; none of them is missing in these rows.
        rows: the rows.
    """
    numbers, size = np.zeros(len(rows), dtype=np.int64), 1
    for codes, distinct in columns:
        if size * len(distinct) >= INT64:  # fewer numbers, so that they stay whole numbers of 64 bits
            numbers, size = pd.factorize(numbers)[0], len(rows)
        numbers, size = numbers * len(distinct) + codes[rows], size * len(distinct)
    numbers = pd.factorize(numbers)[0]
    return numbers, np.flatnonzero(np.diff(np.maximum.accumulate(numbers), prepend=-1))


def read_regimens(frame: pd.DataFrame, times: Any) -> tuple[Ints, list[Regimen | str]]:
    """For each row the place of its regimen among the different ones; and those, or why there is none.

    Args:
        frame: with `id`, and `regimen` or `drug` and `dose_mg`.
        times: the times at which a daily dose is taken, or the name of a column of them.

    Raises:
        DataError: it is no frame, or as `check_taken_columns` and `check_ids`.
        IntervalError: as `read_taken`.
    """
    refuse_no_frame(frame)
    check_taken_columns(list(frame.columns), times)
    faults = Faults(len(frame))
    check_ids(frame[ID], faults)
    taken = read_taken(frame, times, faults)
    sound = np.flatnonzero(faults.places < 0)
    places = faults.places.copy()
    numbers, first = numbered(taken, sound)
    places[sound] = len(faults.reasons) + numbers
    return places, [*faults.reasons, *read_each(taken.at(sound[first]), regimen_of)]


_FLOATS = ("float64", "Float64", "double[pyarrow]")
"""Dtypes of 64-bit floats."""


def _texts(frame: pd.DataFrame, faults: Faults) -> TakenColumns:
    words = coded(frame[REGIMEN], _read_cell)
    faults.add_column(words, missing="the regimen is missing")
    return TakenColumns(words, same((), len(frame)), same(0, len(frame)))


def _read_cell(cell: Any) -> str | Regimen:
    if not isinstance(cell, str | Regimen):
        raise RegimenError(f"regimen {cell!r} is no text; write it such as 'diazepam 10 mg twice daily'", text=cell)
    return cell


def _daily(frame: pd.DataFrame, times: Any, faults: Faults) -> TakenColumns:
    words = coded(frame[DRUG], lambda cell: drug_named(cell).name)
    faults.add_column(words, missing="the drug is missing")
    codes, doses = pd.factorize(read_mg(frame[DOSE], faults))
    by_row = isinstance(times, str) and times in frame
    at = coded(frame[times], read_times) if by_row else same(read_times(times), len(frame))
    faults.add_column(at, missing="the times are missing")
    return TakenColumns(words, at, Coded(codes, doses.tolist()))


def _blank(times: Any) -> bool:
    return isinstance(times, str | Sequence) and not len(times)


def read_times(value: Any) -> tuple[str, ...]:
    """Times of the day: one, several with commas between, or a sequence of them.

    Raises:
        IntervalError: no time, or one twice.

    >>> read_times("night, morning")
    ('morning', 'night')
    """
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, Iterable):
        raise IntervalError(f"times {value!r} are none; write them such as 'night' or 'morning, night'", value=value)
    found = [read_time(word) for word in words]
    if not found or len(set(found)) < len(found):
        raise IntervalError(f"times {value!r} must name each time once, such as 'morning, night'", value=value)
    return tuple(time for time in TIMES if time in found)


def read_mg(doses: "pd.Series[Any]", faults: Faults) -> Ints:
    """Daily doses in mg as whole nanograms; a float counts as the shortest decimal that stands for it.

    Args:
        doses: numbers, or numbers as text.
        faults: takes what cannot be read; there the dose is 0.
    """
    if str(doses.dtype) in _FLOATS:
        # the nearest nanogram is meant if it is that very float: decimals of so few digits all differ
        mg = doses.to_numpy(dtype=np.float64, na_value=np.nan)
        with np.errstate(invalid="ignore", over="ignore"):
            ng = np.rint(mg * NG_PER_MG)
            exact = (ng / NG_PER_MG == mg) & (mg >= 0) & (mg <= LARGEST_MG)
        if exact.all():
            return np.asarray(ng, dtype=np.int64)
    else:
        ng, exact = np.zeros(len(doses)), np.zeros(len(doses), dtype=bool)
    rest = ~exact
    cells = coded(doses[rest], ng_of_cell)
    given = np.array([0 if isinstance(value, Refusal) or value is None else value for value in (*cells.distinct, 0)])
    out = np.where(exact, ng, 0).astype(np.int64)
    out[rest] = given[cells.codes]
    part = Faults(len(cells.codes))
    part.add_column(cells, missing="the dose is missing")
    faults.add_part(rest, part)
    return out
