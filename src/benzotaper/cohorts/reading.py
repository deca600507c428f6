"""Reads a frame of people: each distinct cell once; what is wrong with a row stays with that row. Imports pandas."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from benzotaper.errors import StrategyError, refuse_faults
from benzotaper.frame_cells import day_of_cell
from benzotaper.frame_faults import Coded, Faults, coded
from benzotaper.schedules import STRATEGIES, read_phases
from benzotaper.schedules.base import Strategy
from benzotaper.table_columns import column_faults, refuse_no_frame
from benzotaper.taken_frames import FRAME, ID, Said, TakenColumns, check_ids, check_taken_columns, read_taken, same

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
        DataError: it is no frame, or as `check_people`.
        StrategyError, IntervalError: a strategy or a time for everybody that cannot be read.
    """
    refuse_no_frame(frame)
    columns = check_people(list(frame.columns), strategy, times)
    frame = frame[columns].reset_index(drop=True).copy()
    faults = Faults(len(frame))
    check_ids(frame[ID], faults, doubled=doubled)
    taken = read_taken(frame, times, faults)
    phases = _phases(frame, strategy, faults)
    if START in frame:
        faults.add_column(coded(frame[START], partial(day_of_cell, what=START)), missing="the start is missing")
    return People(ids=frame[ID], taken=taken, phases=phases, faults=faults)


def check_people(present: Sequence[object], strategy: Any, times: Any, *, said: Said = FRAME) -> list[str]:
    """The columns that are read.

    Args:
        present: the names of the columns that are there.
        strategy: as `read_people`.
        times: as `read_people`.
        said: how messages name what the caller gave.

    Raises:
        DataError: as `check_taken_columns`.
        StrategyError: one word that is neither a strategy nor a column.
    """
    needed = check_taken_columns(present, times, said=said)
    named = [name for name in (START, strategy, times) if isinstance(name, str) and name in present]
    refuse_faults(said.table, column_faults(present, named))
    if isinstance(strategy, str) and strategy not in present and _is_a_name(strategy):
        columns = ", ".join(map(str, present))
        message = f"{strategy!r} is neither a strategy nor a column; {said.table} has {columns}"
        raise StrategyError(message, value=strategy)
    return list(dict.fromkeys([*needed, *named]))


# ---- strategies and start


def _phases(frame: pd.DataFrame, strategy: Any, faults: Faults) -> Coded:
    by_row = isinstance(strategy, str) and strategy in frame
    phases = coded(frame[strategy], read_phases_text) if by_row else same(_for_all(strategy), len(frame))
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


def _is_a_name(strategy: str) -> bool:
    """Whether a text is one word that is no strategy: people then mean a column."""
    words = strategy.split()
    return len(words) == 1 and words[0] not in STRATEGIES


def _for_all(strategy: Any) -> Any:
    """One strategy for everybody."""
    if isinstance(strategy, str):
        return read_phases_text(strategy)
    if isinstance(strategy, Mapping):
        if not strategy:
            raise StrategyError("no strategy is given; give one for each drug", value=strategy)
        return strategy
    several = () if isinstance(strategy, Strategy) or not isinstance(strategy, Iterable) else tuple(strategy)
    by_drug = any(isinstance(phase, str) and DRUG_MARK in phase for phase in several)
    return several if by_drug else read_phases(several or strategy)
