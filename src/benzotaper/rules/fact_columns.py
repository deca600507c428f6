"""Observations of many people as columns: one `FactColumn` a fact, by person and time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benzotaper.fact_types import FactType

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.int8]
DAY_US = 86_400_000_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class FactColumn:
    """All observations of one fact, by person, then time, then giver; of one moment the usable ones last.

    Attributes:
        kind: the fact.
        person: place of the person (int64).
        at: microseconds since 1970 UTC (int64).
        day: its calendar day as an ordinal (int64).
        by: place of the giver in `GIVERS` (int8).
        reason: place in `REASONS` plus 1 where it cannot be used, else 0 (int8).
        doubted: whether the same giver also said at the same moment what cannot be used (bool).
        good: whether it can be used, and no other value of the same giver and moment contradicts it (bool).
        low, high: half-millionths of a number, 0 or 2 of a bool, the place of a level, the ordinal of a date (int64).
        exists: 0 where there is known to be none (int8).
        form: 1 for the first form, and so on; 0 where none is named (int8).
        lists: of a list, what was observed; else empty (object).
        begins: where each person's rows begin, and one more (int64).
    """

    kind: FactType
    person: Ints
    at: Ints
    day: Ints
    by: Bytes
    reason: Bytes
    doubted: npt.NDArray[np.bool_]
    good: npt.NDArray[np.bool_]
    low: Ints
    high: Ints
    exists: Bytes
    form: Bytes
    lists: npt.NDArray[Any]
    begins: Ints

    @property
    def givers(self) -> list[int]:
        """Who gave any of them."""
        counts = np.bincount(self.by, minlength=1)
        return [int(giver) for giver in np.flatnonzero(counts)]

    def until(self, person: Ints, moment: Ints) -> tuple[Ints, Ints]:
        """For each check-in: where its person's rows begin, and the row after the last that is not after the moment."""
        first, end = self.begins[person], self.begins[person + 1]
        if not self.at.size:
            return first, end
        late = (end > first) & (self.at[np.maximum(end, 1) - 1] > moment)
        if late.any():
            end = end.copy()
            end[late] = self._after(first[late], end[late], moment[late])
        return first, end

    def since(self, first: Ints, end: Ints, moment: Ints) -> Ints:
        """The first row of each check-in that is not before the moment."""
        if not self.at.size:
            return first
        early = (end > first) & (self.at[np.minimum(first, self.at.size - 1)] < moment)
        if not early.any():
            return first
        found = first.copy()
        found[early] = self._after(first[early], end[early], moment[early] - 1)
        return found

    def _after(self, low: Ints, high: Ints, moment: Ints) -> Ints:
        """The first row after the moment, by halving."""
        low, high = low.copy(), high.copy()
        while (open_ := low < high).any():
            middle = (low + high) // 2
            later = self.at[np.minimum(middle, self.at.size - 1)] > moment
            high = np.where(open_ & later, middle, high)
            low = np.where(open_ & ~later, middle + 1, low)
        return low


def last_of(where: npt.NDArray[np.bool_]) -> Ints:
    """For each row, the newest row up to it at which the condition holds; -1 where there is none.

    >>> last_of(np.array([False, True, False, True])).tolist()
    [-1, 1, 1, 3]
    """
    return np.maximum.accumulate(np.where(where, np.arange(where.size), -1))


Columns = Mapping[str, FactColumn]


def local_days(at_us: Ints, zone: Any) -> Ints:
    """The calendar day of each moment in a time zone, as an ordinal."""
    if str(zone) == "UTC":
        return at_us // DAY_US + _EPOCH_DAY
    local = pd.DatetimeIndex(at_us.view("datetime64[us]"), tz="UTC").tz_convert(zone).tz_localize(None)
    return np.asarray(local.to_numpy("datetime64[D]").astype(np.int64)) + _EPOCH_DAY
