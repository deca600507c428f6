"""Reads a frame of people: each distinct cell once; what is wrong with a row stays with that row. Imports pandas."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pandas as pd

from benzotaper.cohorts.cells import Coded, Codes, Faults, Refusal, coded
from benzotaper.doses import LARGEST_MG, NG_PER_MG
from benzotaper.drugs import drug_named
from benzotaper.equivalence_frames import mg_of_cell
from benzotaper.errors import DataError, IntervalError, RegimenError, StrategyError, refuse_faults
from benzotaper.intervals import TIMES, read_date, read_time
from benzotaper.schedules import STRATEGIES, read_phases
from benzotaper.schedules.base import Strategy

ID, REGIMEN, DRUG, DOSE, START = "id", "regimen", "drug", "dose_mg", "start"
DOUBLED = "the id stands in more than one row; give each person one row and one id"
PHASE_MARK, DRUG_MARK = ";", ": "
"""Between phases in one text, and after the drug that a phase is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """A frame of people, read.

    Attributes:
        ids: as given.
        taken: texts of regimens, or drugs.
        times: the times at which a daily dose is taken; one empty tuple where the regimen's text says it.
        daily_ng: the daily dose (ng); zeros where the regimen's text says it.
        phases: the strategies.
        faults: what is wrong with a row.
    """

    ids: "pd.Series[Any]"
    taken: Coded
    times: Coded
    daily_ng: Codes
    phases: Coded
    faults: Faults


def read_people(frame: pd.DataFrame, strategy: Any, times: Any, *, doubled: Any = ()) -> People:
    """Read a frame of people.

    Args:
        frame: with `id`, and `regimen` or `drug` and `dose_mg`; perhaps `start`. It is copied first, so that what
            changes in it later changes nothing here.
        strategy: as `taper` takes it, or the name of a column of texts.
        times: the times at which a daily dose is taken, or the name of a column of them.
        doubled: ids that also stand in other frames.

    Raises:
        DataError: a column is missing or double; times without daily doses, or daily doses without times.
        StrategyError, IntervalError: a strategy or a time for everybody that cannot be read.
    """
    frame = _copied(frame, [name for name in (strategy, times) if isinstance(name, str) and name])
    faults = Faults(len(frame))
    _check_ids(frame[ID], doubled, faults)
    taken, at, daily_ng = _texts(frame, times, faults) if REGIMEN in frame else _daily(frame, times, faults)
    phases = _phases(frame, strategy, faults)
    if START in frame:
        faults.add_column(coded(frame[START], _read_start), missing="the start is missing")
    return People(ids=frame[ID], taken=taken, times=at, daily_ng=daily_ng, phases=phases, faults=faults)


def _copied(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """A copy of the columns that are read, rows counted from 0."""
    if not isinstance(frame, pd.DataFrame):
        message = f"frame is a {type(frame).__name__}; give a pandas DataFrame with a row a person"
        raise DataError(message, file="frame", faults=(message,))
    present = list(frame.columns)
    basis = [REGIMEN] if REGIMEN in present else [DRUG, DOSE]
    faults = [f"column {name!r} is not there exactly once" for name in (ID, *basis) if present.count(name) != 1]
    if REGIMEN in present:
        faults += [
            f"column {name!r} stands beside 'regimen'; give one of the two" for name in {DRUG, DOSE} & {*present}
        ]
    refuse_faults("frame", sorted(faults))
    wanted = dict.fromkeys([ID, *basis, *(name for name in (START, *names) if name in present)])
    return frame[list(wanted)].reset_index(drop=True).copy()


def _same(value: Any, rows: int) -> Coded:
    """The same for every row."""
    return Coded(np.zeros(rows, dtype=np.int64), [value])


def _check_ids(ids: "pd.Series[Any]", doubled: Any, faults: Faults) -> None:
    faults.add(ids.isna().to_numpy(), "the id is missing")
    if len(doubled):
        faults.add(ids.isin(doubled).to_numpy(dtype=bool), DOUBLED)
    numbers = ids.to_numpy() if isinstance(ids.dtype, np.dtype) and ids.dtype.kind in "iu" else None
    if numbers is not None and (numbers[1:] > numbers[:-1]).all():
        return  # they rise, as they mostly do: none stands twice
    try:
        double = ids.duplicated(keep=False).to_numpy()
    except TypeError as error:
        message = "column 'id' holds lists or the like; give whole numbers or text"
        raise DataError(message, file="frame", faults=(message,)) from error
    faults.add(double, DOUBLED)


# ---- what is taken

_FLOATS = ("float64", "Float64", "double[pyarrow]")
"""Dtypes of 64-bit floats."""


def _texts(frame: pd.DataFrame, times: Any, faults: Faults) -> tuple[Coded, Coded, Codes]:
    if not _blank(times):
        raise DataError(
            "times= stands beside regimens, which say their own times; leave it out", file="frame", faults=()
        )
    taken = coded(frame[REGIMEN], _read_text)
    faults.add_column(taken, missing="the regimen is missing")
    return taken, _same((), len(frame)), np.zeros(len(frame), dtype=np.int64)


def _read_text(cell: Any) -> str:
    if not isinstance(cell, str):
        raise RegimenError(f"regimen {cell!r} is no text; write it such as 'diazepam 10 mg twice daily'", text=cell)
    return cell


def _daily(frame: pd.DataFrame, times: Any, faults: Faults) -> tuple[Coded, Coded, Codes]:
    if _blank(times):
        message = "a daily dose needs the times at which it is taken: give times='night', or a column of regimens"
        raise DataError(message, file="frame", faults=(message,))
    drugs = coded(frame[DRUG], lambda cell: drug_named(cell).name)
    faults.add_column(drugs, missing="the drug is missing")
    daily_ng = read_mg(frame[DOSE], faults)
    by_row = isinstance(times, str) and times in frame
    at = coded(frame[times], read_times) if by_row else _same(read_times(times), len(frame))
    faults.add_column(at, missing="the times are missing")
    return drugs, at, daily_ng


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


def read_mg(doses: "pd.Series[Any]", faults: Faults) -> Codes:
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
    cells = coded(doses[rest], lambda cell: int(mg_of_cell(cell) * NG_PER_MG))
    given = np.array([0 if isinstance(value, Refusal) or value is None else value for value in (*cells.distinct, 0)])
    out = np.where(exact, ng, 0).astype(np.int64)
    out[rest] = given[cells.codes]
    part = Faults(len(cells.codes))
    part.add_column(cells, missing="the dose is missing")
    faults.add_part(rest, part)
    return out


# ---- strategies and start


def _phases(frame: pd.DataFrame, strategy: Any, faults: Faults) -> Coded:
    by_row = isinstance(strategy, str) and strategy in frame
    phases = coded(frame[strategy], read_phases_text) if by_row else _same(_for_all(strategy, frame), len(frame))
    faults.add_column(phases, missing="the strategy is missing")
    return phases


def read_phases_text(cell: Any) -> Any:
    """The phases in one text, with semicolons between; those of several drugs stay text, for the regimen to sort.

    Raises:
        StrategyError: one of them cannot be read.

    >>> read_phases_text("linear 2 mg every 2 weeks down to 4 mg; linear 1 mg every 2 weeks")
    (<linear 2 mg every 2 weeks down to 4 mg>, <linear 1 mg every 2 weeks>)
    """
    texts = tuple(part.strip() for part in cell.split(PHASE_MARK)) if isinstance(cell, str) else (cell,)
    return texts if any(isinstance(text, str) and DRUG_MARK in text for text in texts) else read_phases(texts)


def _for_all(strategy: Any, frame: pd.DataFrame) -> Any:
    """One strategy for everybody."""
    if isinstance(strategy, str):
        words = strategy.split()
        if len(words) == 1 and words[0] not in STRATEGIES:
            columns = ", ".join(map(str, frame.columns))
            message = f"{strategy!r} is neither a strategy nor a column of the frame, which has {columns}"
            raise StrategyError(message, value=strategy)
        return read_phases_text(strategy)
    if isinstance(strategy, Mapping):
        return strategy
    several = () if isinstance(strategy, Strategy) or not isinstance(strategy, Iterable) else tuple(strategy)
    by_drug = any(isinstance(phase, str) and DRUG_MARK in phase for phase in several)
    return several if by_drug else read_phases(several or strategy)


def _read_start(cell: Any) -> date:
    """A start; days stored as timestamps are days."""
    midnight = isinstance(cell, datetime) and cell.tzinfo is None and cell.time() == time.min
    return read_date(cell.date() if midnight else cell)
