"""When fills are collected: on the day that they are due, or before a closure, never after the supply has ended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from benzotaper.errors import IntervalError

DAY = timedelta(days=1)
LONGEST_CLOSURE = 366
"""Days; a pharmacy that is closed for longer is a slip of whoever says so."""
EARLY = "3 days"  # project default, confirm: how long before a closure a fill may be collected


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One collection.

    Attributes:
        due: the day that the calendar of fills gives.
        earliest: the first day of the early window; the due day where that is open.
        collected: the day counted on: the due day, or the last open day before the closure that it falls in.
        first_day, last_day: the days that it covers, inclusive.
    """

    due: date
    earliest: date
    collected: date
    first_day: date
    last_day: date


def never_closed(day: date) -> bool:  # noqa: ARG001  the signature of every calendar
    """A pharmacy that is always open."""
    return False


def visits(
    first: date, every: int, *, start: date, until: date, early: int, is_closed: Callable[[date], bool]
) -> list[Visit]:
    """The collections that cover every day from the first of them on.

    Args:
        first: the day on which the first fill is due.
        every: days between the days on which fills are due.
        start: the first day that needs supply.
        until: the last day that needs supply.
        early: how long before a closure a fill may be collected (days).
        is_closed: whether the pharmacy is closed on a day.

    Returns:
        In order. Each covers the days until the day before the next one is collected; two that fall before the same
        closure are one.

    Raises:
        IntervalError: the pharmacy is closed for more than a year.
    """
    found: list[Visit] = []
    for due in _due_days(first, every, until):
        visit = _visit(due, early, is_closed)
        if found and visit.collected <= found[-1].collected:
            continue  # one collection before the closure serves both
        if found and visit.earliest <= found[-1].collected:
            visit = replace(visit, earliest=_first_open(found[-1].collected + DAY, is_closed))
        found.append(visit)
    ends = [later.collected - DAY for _, later in pairwise(found)] + [until]
    dated = (replace(v, first_day=max(v.collected, start), last_day=end) for v, end in zip(found, ends, strict=True))
    return [visit for visit in dated if visit.first_day <= visit.last_day]


def _due_days(first: date, every: int, until: date) -> Iterator[date]:
    for number in range((until - first).days // every + 1):
        yield first + timedelta(days=number * every)


def _visit(due: date, early: int, is_closed: Callable[[date], bool]) -> Visit:
    """The collection for a due day; what it covers is not known yet."""
    collected = _last_open(due, is_closed)
    earliest = due
    if collected != due:
        earliest = _first_open(collected + DAY - timedelta(days=early), is_closed)
    return Visit(due=due, earliest=earliest, collected=collected, first_day=due, last_day=due)


def _last_open(day: date, is_closed: Callable[[date], bool]) -> date:
    """This day, or the last open one before the closure that it falls in."""
    for number in range(LONGEST_CLOSURE):
        if not _closed(day - timedelta(days=number), is_closed):
            return day - timedelta(days=number)
    message = f"is_closed says that all days of the year before {day} are closed; no fill could be collected"
    raise IntervalError(message, value=day)


def _first_open(day: date, is_closed: Callable[[date], bool]) -> date:
    while _closed(day, is_closed):
        day += DAY
    return day


def _closed(day: date, is_closed: Callable[[date], bool]) -> bool:
    """What the caller says; an answer that is none is never taken for 'open'."""
    answer = is_closed(day)
    if answer is None:
        message = f"is_closed({day}) gave no answer; return True where the pharmacy is closed, False where it is open"
        raise IntervalError(message, value=day)
    return bool(answer)
