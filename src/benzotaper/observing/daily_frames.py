"""Fills become daily doses, by assumptions that the caller states. Imports pandas and numpy.

Amounts are whole nanograms: that of a fill is divided by its days and rounded down.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from benzotaper.errors import PlanError
from benzotaper.exports.markup import element
from benzotaper.frame_cells import Ints, refuse_columns
from benzotaper.observing.fill_frames import PER_UNIT, Fills, read_fills
from benzotaper.observing.ways import Overlap, PerQueue, Ways

NEEDED = ("person", "date", "drug", "strength_mg", "quantity")
STATES = ("supplied", "carried over", "overlap", "bridged", "gap")
"""How a day is supplied; of several that hold, the later one."""
_FAR = 10**8
"""More days than lie between any two."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class DailyDoses:
    """What people had to take, day by day.

    Attributes:
        daily: a row for each person, drug and day from the first fill of the drug on: `person`, `date`, `drug`,
            `dose_mg`, `dose_ng` (whole nanograms), `state` ("supplied", "carried over" from an earlier collection,
            "overlap" of several, "bridged" gap, or "gap").
        refused: a row for each fill that cannot be read: `row` (its place in the frame, from 0), `person`, `problem`. A
            person with such a fill has no daily doses: they would be wrong.
        assumptions: what was assumed, in words.
    """

    daily: pd.DataFrame
    refused: pd.DataFrame
    assumptions: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """The daily doses."""
        return self.daily

    def to_json(self) -> str:
        """All of it as JSON: days as text, doses in whole nanograms."""
        days = self.daily.assign(date=self.daily["date"].dt.strftime("%Y-%m-%d")).drop(columns="dose_mg")
        tables = (json.loads(frame.to_json(orient="records")) for frame in (days, self.refused))
        document = dict(zip(("daily", "refused"), tables, strict=True)) | {"assumptions": list(self.assumptions)}
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    def __repr__(self) -> str:
        people = self.daily["person"].nunique()
        return f"<DailyDoses of {people} people, {len(self.daily)} days, {len(self.refused)} fills refused>"

    def _repr_html_(self) -> str:
        said = "".join(element("p", text) for text in self.assumptions)
        return f"{said}{self.daily.head(10).to_html()}"


def dispensing_to_daily(
    df: pd.DataFrame,
    *,
    overlap: Overlap,
    per: PerQueue,
    bridge: str | timedelta,
    lasts: str | timedelta = "",
    last_lasts: str | timedelta = "",
    until: date | str = "",
) -> DailyDoses:
    """Turn fills into daily doses. How, is for the caller to say: nothing is assumed.

    Args:
        df: a row for each product of each fill: `person`, `date` (of collection), `drug`, `strength_mg`, `quantity`
            (units: tablets, mL), and `days_supply` (days) where it is known. It is not changed.
        overlap: what happens where a fill is collected before the one before it has run out: it begins when that has
            ("carry over"), both are taken together ("add"), or the rest of the earlier one is not taken ("replace").
        per: which fills follow each other so: all of a drug ("drug"), or those of one strength of it ("strength").
            Fills of one day are taken together.
        bridge: up to how many days without supply, between two fills, the dose before them is taken on; "none" for
            none. A longer gap counts as 0 mg.
        lasts: how long a fill lasts whose `days_supply` is not known: a duration, or "until next": until the next one.
        last_lasts: with "until next", how long the last fill lasts.
        until: the last day of observation: later days are left out, and days without supply up to it are a gap.

    Returns:
        The daily doses, the fills that cannot be read, and what was assumed.

    Raises:
        DataError: columns that are not there, a person that is missing.
        PlanError, IntervalError: an assumption that is not stated, or cannot be read.

    Limits: what was collected is not what was taken. A dose is the mean over the days of a fill.

    >>> fills = pd.DataFrame({"person": [1, 1], "date": ["2026-01-01", "2026-01-29"], "drug": "diazepam",
    ...                       "strength_mg": [5, 2], "quantity": [56, 56], "days_supply": [28, 28]})
    >>> found = dispensing_to_daily(fills, overlap="carry over", per="drug", bridge="none")
    >>> found.daily["dose_mg"].iloc[[0, 27, 28, 55]].tolist()
    [10.0, 10.0, 4.0, 4.0]
    """
    ways = Ways.of(overlap, per=per, bridge=bridge, lasts=lasts, last_lasts=last_lasts, until=until)
    known = isinstance(df, pd.DataFrame) and "days_supply" in df.columns
    refuse_columns(df, [*NEEDED, *(["days_supply"] if known else [])])
    if not known and lasts == "":
        raise PlanError("the frame has no column 'days_supply': say how long a fill lasts with lasts=", value=lasts)
    fills, refused = read_fills(df, ways)
    days = _bridged(_by_day(_Taken.of(fills, ways), ways), ways)
    return DailyDoses(daily=_daily(df, fills, days), refused=refused, assumptions=ways.words())


@dataclass(slots=True, kw_only=True)
class _Taken:
    """Fills with the days on which they are taken, in the order of queues and days.

    Attributes:
        fills: the fills.
        group: the number of the collection: all fills of a queue on one day.
        first, after: the first day, and the day after the last one (ordinals).
        ng: the dose of each day (ng).
        carried: whether it begins after the day of collection.
    """

    fills: Fills
    group: Ints
    first: Ints
    after: Ints
    ng: Ints
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
        ng = fills.amount // (PER_UNIT * np.maximum(lasts, 1))
        return cls(fills=fills, group=group, first=first, after=after, ng=ng, carried=(start > day)[group])


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


def _by_day(taken: _Taken, ways: Ways) -> _Days:
    """What is taken on each day of each stream that has a supply."""
    after = np.minimum(taken.after, ways.until + 1) if ways.until else taken.after
    lengths = np.maximum(after - taken.first, 0)
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
        ng=np.add.reduceat(taken.ng[line], heads),
        state=np.maximum.reduceat(state, heads),
    )


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
