"""The figures of several strategies for many people: each different regimen is planned once. Imports pandas."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from benzotaper.comparing.measuring import Measured
from benzotaper.comparing.metrics import columns_of
from benzotaper.comparing.strategies import planned, refused
from benzotaper.exports.frames import frame_of
from benzotaper.exports.rows import Row
from benzotaper.taken_frames import ID, read_regimens


def measured_cohort(
    frame: pd.DataFrame,
    chosen: Mapping[str, Any],
    by: Measured,
    *,
    times: str | Sequence[str],
    **given: Any,
) -> pd.DataFrame:
    """A row for each person and strategy; see `cohorts.compare_cohort`."""
    places, regimens = read_regimens(frame, times)
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
