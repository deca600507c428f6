"""Observations as the rules read them: whole numbers, usable or not, the newest first."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby
from typing import Any, Final, NamedTuple, TypeAlias

from benzotaper.fact_types import FactType, fact_types
from benzotaper.observations import BY_DAY, Observation, in_range
from benzotaper.unknown import Unknown
from benzotaper.values import NOT_APPLICABLE, Interval

SCALE: Final = 2_000_000
"""Numbers are counted in half-millionths: six decimals, and the mean of two of them, are whole."""
CLEARING = ("patient", "clinician", "record", "plan")
"""Whose answers can clear; those of a collateral or a device can only raise."""
PHQ8_MISSING = 3
"""What the ninth item of PHQ-9 can add to a PHQ-8 total."""


class Entry(NamedTuple):
    """One observation, coded.

    Attributes:
        at: microseconds since 1970 UTC.
        by: who gave it.
        reason: why it cannot be used; "" where it can.
        low, high: its ends: half-millionths of a number, 0 or 2 of a bool, the place of a level; a date stays one, a
            list of medicines or of doses by day too, and a list of numbers is its `runs_of`.
        exists: 0 where there is known to be none.
        form: 1 for the first form of the fact, and so on; 0 where none is named.
        observation: what it was made of; None of a row of a frame.
    """

    at: int
    by: str
    reason: str
    low: Any
    high: Any
    exists: int
    form: int
    observation: Observation | None


Run: TypeAlias = tuple[int | Fraction, int]
"""A number of a list, in half-millionths, and how often it stands there in a row."""


def runs_of(values: Iterable[Fraction]) -> tuple[Run, ...]:
    """A list of numbers with equal neighbours put together.

    >>> runs_of([Fraction(1), Fraction(1), Fraction(0)])
    ((2000000, 2), (0, 1))
    """
    return tuple((scaled(value), sum(1 for _ in same)) for value, same in groupby(values))


def scaled(value: int | Fraction) -> int | Fraction:
    """A number in half-millionths: a whole number where it can be.

    >>> scaled(Fraction(1, 4)), scaled(Fraction(1, 3))
    (500000, Fraction(2000000, 3))
    """
    whole, rest = divmod(value.numerator * SCALE, value.denominator)
    return value * SCALE if rest else whole


def entries_of(observations: Iterable[Observation]) -> dict[str, tuple[Entry, ...]]:
    """The entries of each fact, the newest first."""
    kinds = fact_types()
    found: dict[str, list[Entry]] = {}
    for observation in observations:
        found.setdefault(observation.fact, []).append(entry_of(observation, kinds[observation.fact]))
    _refuse_crossed_pressure(found)
    return {fact: tuple(sorted(entries, key=_newest_first)) for fact, entries in found.items()}


def _newest_first(entry: Entry) -> int:
    return -entry.at


def entry_of(observation: Observation, kind: FactType) -> Entry:
    """One observation as the rules read it."""
    form = kind.forms.index(observation.form_id) + 1 if observation.form_id else int(len(kind.forms) == 1)
    value = observation.value
    low: Any = 0
    high: Any = 0
    reason = ""
    if isinstance(value, Unknown):
        reason = value.reason
    elif kind.needs_form and not observation.form_id:
        reason = "partial"
    elif value is not NOT_APPLICABLE:
        low, high, reason = _ends(observation, kind)
    return Entry(
        observation.at_us, observation.by, reason, low, high, int(value is not NOT_APPLICABLE), form, observation
    )


def _ends(observation: Observation, kind: FactType) -> tuple[Any, Any, str]:
    value: Any = observation.value
    if isinstance(value, bool):
        return 2 * value, 2 * value, ""
    if isinstance(value, tuple) and "plan" in kind.asked_of:
        return runs_of(value), (), ""
    if kind.kind in ("date", "list") or (kind.name in BY_DAY and isinstance(value, Mapping)):
        return value, value, ""
    if isinstance(value, str):
        place = kind.levels.index(value)
        return place, place, ""
    low, high = (value.low, value.high) if isinstance(value, Interval) else (value, value)
    if not (in_range(kind, low) and (high is low or in_range(kind, high))):
        return 0, 0, "out_of_range"
    if observation.form_id == "PHQ8":
        high = min(high + PHQ8_MISSING, kind.high)
    lowest = scaled(low)
    return lowest, lowest if high is low else scaled(high), ""


def _refuse_crossed_pressure(found: dict[str, list[Entry]]) -> None:
    """A systolic pressure that does not exceed the diastolic one taken with it: neither can be right."""
    diastolic = {(entry.at, entry.by): entry for entry in found.get("dbp", ()) if not entry.reason}
    crossed = {
        (entry.at, entry.by)
        for entry in found.get("sbp", ())
        if not entry.reason and (other := diastolic.get((entry.at, entry.by))) and entry.low <= other.low
    }
    for fact in ("sbp", "dbp") if crossed else ():
        found[fact] = [
            entry._replace(reason="conflicting") if (entry.at, entry.by) in crossed else entry for entry in found[fact]
        ]


def local_day(value: date, now: datetime) -> int:
    """The calendar day of a date, or of a moment in the time zone of `now`, as its ordinal."""
    if isinstance(value, datetime):
        return value.astimezone(now.tzinfo).toordinal()
    return value.toordinal()
