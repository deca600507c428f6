"""Reads a frame of people: each distinct cell once; what is wrong with a row stays with that row. Imports pandas."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pandas as pd

from benzotaper.errors import StrategyError
from benzotaper.frame_faults import Coded, Faults, coded
from benzotaper.intervals import read_date
from benzotaper.schedules import STRATEGIES, read_phases
from benzotaper.schedules.base import Strategy
from benzotaper.taken_frames import ID, TakenColumns, check_ids, check_taken_columns, read_taken, same

START = "start"
PHASE_MARK, DRUG_MARK = ";", ": "
"""Between phases in one text, and after the drug that a phase is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """A frame of people, read.

    Attributes:
        ids: as given.
        taken: what they take.
        phases: the strategies.
        faults: what is wrong with a row.
    """

    ids: "pd.Series[Any]"
    taken: TakenColumns
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
    check_ids(frame[ID], faults, doubled=doubled)
    taken = read_taken(frame, times, faults)
    phases = _phases(frame, strategy, faults)
    if START in frame:
        faults.add_column(coded(frame[START], _read_start), missing="the start is missing")
    return People(ids=frame[ID], taken=taken, phases=phases, faults=faults)


def _copied(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """A copy of the columns that are read, rows counted from 0."""
    needed = check_taken_columns(frame)
    wanted = dict.fromkeys([*needed, *(name for name in (START, *names) if name in frame)])
    return frame[list(wanted)].reset_index(drop=True).copy()


# ---- strategies and start


def _phases(frame: pd.DataFrame, strategy: Any, faults: Faults) -> Coded:
    by_row = isinstance(strategy, str) and strategy in frame
    phases = coded(frame[strategy], read_phases_text) if by_row else same(_for_all(strategy, frame), len(frame))
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
