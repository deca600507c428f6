"""The figures of several strategies for many people: each different regimen is planned once. Imports pandas."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from benzotaper.comparing.measuring import Measured
from benzotaper.comparing.metrics import columns_of
from benzotaper.comparing.strategies import planned, refused
from benzotaper.errors import refuse_faults
from benzotaper.exports.frames import frame_of
from benzotaper.exports.rows import Row
from benzotaper.frame_cells import ids_of, read_each, rows_words
from benzotaper.frame_faults import Codes, Faults
from benzotaper.regimen import Regimen, regimen_of
from benzotaper.table_columns import refuse_no_frame
from benzotaper.taken_frames import ID, check_taken_columns, numbered, read_taken


def measured_cohort(
    frame: pd.DataFrame,
    chosen: Mapping[str, Any],
    by: Measured,
    *,
    times: str | Sequence[str],
    **given: Any,
) -> pd.DataFrame:
    """A row for each person and strategy; see `cohorts.compare_cohort`."""
    places, regimens = _regimens(frame, times)
    rows: list[Row] = []
    for regimen in regimens:
        for name, strategy in chosen.items():
            if isinstance(regimen, str):
                found = refused(name, regimen)
            else:
                found = planned(name, by, regimen, strategy, **given)
            rows.append({"strategy": name, **found.cells(by.figures)})
    table = frame_of(rows, columns_of(by.figures))
    many = len(chosen)
    taken = np.repeat(places * many, many) + np.tile(np.arange(many), len(places))
    out = table.take(taken).reset_index(drop=True)
    out.insert(0, ID, frame[ID].take(np.repeat(np.arange(len(frame)), many)).reset_index(drop=True))
    return out


def _regimens(frame: pd.DataFrame, times: str | Sequence[str]) -> tuple[Codes, list[Regimen | str]]:
    """For each row the place of its regimen among the different ones; and those, or why they cannot be read."""
    refuse_no_frame(frame)
    check_taken_columns(list(frame.columns), times)
    ids = ids_of(frame[ID])
    if len(np.unique(ids)) < len(ids):
        twice = np.flatnonzero(pd.Series(ids).duplicated())
        refuse_faults("frame", [f"an id is there again in {rows_words(twice)}; each person has one row"])
    faults = Faults(len(frame))
    taken = read_taken(frame, times, faults)
    sound = np.flatnonzero(faults.places < 0)
    places = faults.places.copy()
    numbers, first = numbered(taken, sound)
    places[sound] = len(faults.reasons) + numbers
    return places, [*faults.reasons, *read_each(taken.at(sound[first]), regimen_of)]
