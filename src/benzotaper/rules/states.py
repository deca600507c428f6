"""What stands for a fact of one person: what its sources say together, and what their doubts leave open."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from benzotaper.entries import CLEARING, Entry
from benzotaper.fact_types import GIVERS
from benzotaper.rules.algebra import FAR, NOT_KNOWN, Number

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
READINGS_LAST_US = 24 * HOUR_US
"""How long a set of readings counts: the freshness of what was measured."""
MAY_LIE_AHEAD = ("plan.hard_end_date",)
"""Dates that may be after today."""


Equal: TypeAlias = Callable[[str, Fraction], tuple[Fraction, Fraction] | None]
"""A drug and mg of diazepam → the lowest and the highest equal dose of the drug (mg); None where no table says."""


class State(NamedTuple):
    """What stands for a fact now.

    Attributes:
        values: what each source says, where it can be used.
        open: 1 where a source may say something worse.
        reason: why it is unknown, or left open.
        newest: the newest one that can be used.
    """

    values: tuple[Entry, ...]
    open: int
    reason: str
    newest: Entry | None


NOT_ASKED = State((), 1, "not_asked", None)


def combined(fresh: list[Entry]) -> State:
    """What the sources say together: each one's newest answer, and what an unusable one leaves open."""
    newest: dict[str, list[Entry]] = {}
    older: dict[str, list[Entry]] = {}
    for entry in fresh:
        held = newest.setdefault(entry.by, [])
        (held if not held or held[0].at == entry.at else older.setdefault(entry.by, [])).append(entry)
    values: list[Entry] = []
    unusable: dict[str, Entry] = {}
    for by, same in newest.items():
        usable = _agreed(same)
        if usable is None or any(entry.reason for entry in same):
            unusable[by] = same[0]
        if usable is None:
            usable = _newest_agreed(older.get(by, []))
        if usable is not None:
            values.append(usable)
    clear = {by for by in newest if by not in unusable and by in CLEARING}
    left_open = any(clear <= {by} for by in unusable)
    newest_value = max(values, key=lambda entry: (entry.at, -GIVERS.index(entry.by)), default=None)
    left_open = left_open or not values
    reason = _reason(max(unusable.values(), key=lambda entry: entry.at), newest) if left_open else ""
    return State(tuple(values), int(left_open), reason, newest_value)


def _agreed(same: list[Entry]) -> Entry | None:
    """The one value of a source at one moment; None where it gives none, or two that differ."""
    usable = [entry for entry in same if not entry.reason]
    differ = any(
        (entry.low, entry.high, entry.exists) != (usable[0].low, usable[0].high, usable[0].exists) for entry in usable
    )
    return None if differ or not usable else usable[0]


def _newest_agreed(older: list[Entry]) -> Entry | None:
    """The newest older value that can be used: it can still raise."""
    for moment in dict.fromkeys(entry.at for entry in older):
        found = _agreed([entry for entry in older if entry.at == moment])
        if found is not None:
            return found
    return None


def _reason(entry: Entry, newest: Mapping[str, list[Entry]]) -> str:
    return entry.reason or next((each.reason for each in newest[entry.by] if each.reason), "conflicting")


def range_of(state: State, worse: bool) -> Number:
    """What the sources say together about a number: the worse one, as far as another could be worse still."""
    values = [entry for entry in state.values if entry.exists]
    if len(values) == 1 and not state.open:
        return Number(values[0].low, values[0].high, 1)
    if not values:
        return Number(0, 0, 0) if state.values and not state.open else NOT_KNOWN
    if worse:
        return Number(max(v.low for v in values), FAR if state.open else max(v.high for v in values), 1)
    return Number(-FAR if state.open else min(v.low for v in values), min(v.high for v in values), 1)


def value_of_day(entries: Sequence[Entry], place: int | None, *, highest: bool) -> Number:
    """The value of a day: the highest or the lowest given."""
    if not entries:
        return NOT_KNOWN
    if place is None and len(entries) == 1:
        return Number(entries[0].low, entries[0].high, entries[0].exists)
    if place is not None:
        values = [Number(2 * (entry.low == place), 2 * (entry.low == place), 1) for entry in entries]
    else:
        values = [Number(entry.low, entry.high, entry.exists) for entry in entries]
    worst = max if highest else min
    return Number(worst(v.low for v in values), worst(v.high for v in values), max(v.exists for v in values))


def rises_of(values: list[Entry]) -> Number:
    """The rises of values at different moments, the newest first."""
    sure, surely = 0, True
    for rises, (later, before) in enumerate(pairwise(values)):
        if later.form != before.form or later.form == 0:
            break
        if later.high <= before.low:
            return Number(sure, rises, 1)
        surely = surely and later.low > before.high
        sure += surely
    return Number(sure, FAR, 1)
