"""Fills become daily doses, by assumptions that the caller states. Imports pandas and numpy.

Doses are whole nanograms: the amounts of all fills of a day, each divided by its days, are added up and rounded down.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from benzotaper.errors import PlanError
from benzotaper.frame_cells import Ints
from benzotaper.observing.fill_frames import PER_UNIT, Fills, read_fills
from benzotaper.observing.ways import Ways
from benzotaper.table_columns import refuse_columns

NEEDED = ("person", "date", "drug", "strength_mg", "quantity")
STATES = ("supplied", "carried over", "overlap", "bridged", "gap")
"""How a day is supplied; of several that hold, the later one."""
LEAST = 1e-12
"""Less than two fills can lack to a whole nanogram, and more than floats of them err."""
_FAR = 10**8
"""More days than lie between any two."""


def daily_doses(df: pd.DataFrame, ways: Ways) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The daily doses, and the fills that cannot be read; see `daily.dispensing_to_daily`."""
    known = isinstance(df, pd.DataFrame) and "days_supply" in df.columns
    refuse_columns(df, [*NEEDED, *(["days_supply"] if known else [])])
    if not (known or ways.lasts or ways.until_next):
        raise PlanError("the frame has no column 'days_supply': say how long a fill lasts with lasts=", value="")
    fills, refused = read_fills(df, ways)
    days = _observed(_bridged(_by_day(_Taken.of(fills, ways)), ways), ways)
    return _daily(df, fills, days), refused


@dataclass(slots=True, kw_only=True)
class _Taken:
    """Fills with the days on which they are taken, in the order of queues and days.

    Attributes:
        fills: the fills.
        group: the number of the collection: all fills of a queue on one day.
        first, after: the first day, and the day after the last one (ordinals).
        ng: the dose of each day, without what is less than a nanogram (ng).
        rest: what is less than a nanogram, as a share of one.
        carried: whether it begins after the day of collection.
    """

    fills: Fills
    group: Ints
    first: Ints
    after: Ints
    ng: Ints
    rest: npt.NDArray[np.float64]
    carried: Ints

    @classmethod
    def of(cls, unsorted: Fills, ways: Ways) -> "_Taken":
        """When each fill is taken, by the caller's assumptions."""
        fills = unsorted.take(np.lexsort((unsorted.row, unsorted.day, unsorted.queue)))
        new = np.ones(len(fills.row), dtype=bool)
        new[1:] = (np.diff(fills.queue) != 0) | (np.diff(fills.day) != 0)
        heads, group = np.flatnonzero(new), np.cumsum(new) - 1
        queue, day = fills.queue[heads], fills.day[heads]
        same = np.zeros(len(heads), dtype=bool)  # whether the next collection is of the same queue
        same[:-1] = np.diff(queue) == 0
        following = np.where(same, np.roll(day, -1), _FAR)
        lasts = fills.lasts
        if ways.until_next:
            lasts = np.where(lasts == 0, np.where(same, following - day, ways.last_lasts)[group], lasts)
        longest = np.maximum.reduceat(lasts, heads) if len(heads) else lasts
        start = _carried_over(queue, day, longest) if ways.overlap == "carry over" else day
        first = start[group]
        after = first + lasts
        if ways.overlap == "replace":
            after = np.minimum(after, following[group])
        parts = PER_UNIT * np.maximum(lasts, 1)
        ng, rest = np.divmod(fills.amount, parts)
        return cls(
            fills=fills, group=group, first=first, after=after, ng=ng, rest=rest / parts, carried=(start > day)[group]
        )


def _carried_over(queue: Ints, day: Ints, lasts: Ints) -> Ints:
    """When each collection of a queue begins, if it waits for the end of those before it.

    It begins on its own day or when the one before ends, whichever is later: the latest, over the collections up to it,
    of their day and all that lasts between.
    """
    number = np.cumsum(np.append(0, np.diff(queue) != 0)[: len(queue)])
    before = np.cumsum(lasts) - lasts
    # in one sweep over all queues: each is lifted above the one before it
    latest = np.maximum.accumulate(day - before + number * (2 * _FAR)) - number * (2 * _FAR)
    begins: Ints = latest + before
    return begins


@dataclass(slots=True, kw_only=True)
class _Days:
    """Days as arrays: of which stream, which day (ordinal), how much (ng), and how it is supplied (place in STATES)."""

    stream: Ints
    day: Ints
    ng: Ints
    state: Ints


def _by_day(taken: _Taken) -> _Days:
    """What is taken on each day of each stream that has a supply."""
    lengths = np.maximum(taken.after - taken.first, 0)
    line = np.repeat(np.arange(len(lengths)), lengths)
    number = np.arange(len(line)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    day, stream = taken.first[line] + number, taken.fills.stream[line]
    order = np.lexsort((taken.group[line], taken.fills.queue[line], day, stream))
    line, day, stream = line[order], day[order], stream[order]
    queue, group = taken.fills.queue[line], taken.group[line]
    new = np.ones(len(line), dtype=bool)
    new[1:] = (np.diff(day) != 0) | (np.diff(stream) != 0)
    several = np.zeros(len(line), dtype=np.int64)
    several[1:] = ~new[1:] & (np.diff(queue) == 0) & (np.diff(group) != 0)
    heads = np.flatnonzero(new)
    if not len(heads):
        return _Days(stream=stream, day=day, ng=day, state=day)
    state = np.maximum(taken.carried[line] * STATES.index("carried over"), several * STATES.index("overlap"))
    return _Days(
        stream=stream[heads],
        day=day[heads],
        ng=np.add.reduceat(taken.ng[line], heads) + _whole(np.add.reduceat(taken.rest[line], heads)),
        state=np.maximum.reduceat(state, heads),
    )


def _whole(rests: npt.NDArray[np.float64]) -> Ints:
    """The whole nanograms in sums of shares of one: thirds of two fills are a whole one, though not as floats."""
    whole: Ints = np.floor(rests + LEAST).astype(np.int64)
    return whole


def _bridged(days: _Days, ways: Ways) -> _Days:
    """The same with the days in between, and those up to the end of observation."""
    last = np.ones(len(days.day), dtype=bool)
    last[:-1] = np.diff(days.stream) != 0
    until = np.maximum(ways.until + 1, days.day + 1)
    next_day = np.where(last, until, np.roll(days.day, -1))
    missing = next_day - days.day - 1
    bridged = ~last & (missing <= ways.bridge)
    line = np.repeat(np.arange(len(missing)), missing + 1)
    number = np.arange(len(line)) - np.repeat(np.cumsum(missing + 1) - (missing + 1), missing + 1)
    between = number > 0
    gap = np.where(bridged, STATES.index("bridged"), STATES.index("gap"))[line]
    return _Days(
        stream=days.stream[line],
        day=days.day[line] + number,
        ng=np.where(between & ~bridged[line], 0, days.ng[line]),
        state=np.where(between, gap, days.state[line]),
    )


def _observed(days: _Days, ways: Ways) -> _Days:
    """The days up to the end of observation."""
    seen = days.day <= ways.until if ways.until else np.ones(len(days.day), dtype=bool)
    return _Days(stream=days.stream[seen], day=days.day[seen], ng=days.ng[seen], state=days.state[seen])


def _daily(df: pd.DataFrame, fills: Fills, days: _Days) -> pd.DataFrame:
    """The days as a frame, people as the caller's frame has them."""
    streams, first = np.unique(fills.stream, return_index=True)
    place = first[np.searchsorted(streams, days.stream)]
    epoch = date(1970, 1, 1).toordinal()
    drugs = pd.Categorical.from_codes(fills.drug[place], categories=pd.Index(fills.names, dtype="object"))
    return pd.DataFrame(
        {
            "person": df["person"].take(fills.row[place]).reset_index(drop=True),
            "date": (days.day - epoch).astype("datetime64[D]").astype("datetime64[s]"),
            "drug": drugs,
            "dose_mg": days.ng / 10**6,
            "dose_ng": days.ng,
            "state": pd.Categorical.from_codes(days.state, categories=pd.Index(STATES, dtype="object")),
        }
    )
