"""Whole days: how intervals, dates and times of day are read and printed."""

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache

from benzotaper.errors import IntervalError, did_you_mean, hint

DAYS_PER_WEEK = 7
YEARS = range(1900, 2200)  # plausibility of a typed date
LONGEST_DAYS = 7305  # 20 years, the longest plan
TIMES = ("morning", "noon", "evening", "night")
"""The times of day, in the order of the day."""
_SPELLINGS = {"midday": "noon", "am": "morning", "pm": "night", "bedtime": "night"}
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTERVAL = re.compile(r"([0-9]+)\s*(days?|d|weeks?|wks?|w)", re.IGNORECASE)


def read_days(value: str | timedelta, *, what: str = "interval") -> int:
    """Read a duration of at least one whole day.

    Args:
        value: such as ``"2 weeks"``, ``"14 days"`` or a `timedelta` of whole days.
        what: its name in an error.

    Raises:
        IntervalError: no unit, months, zero, negative, not whole days or above 20 years.

    >>> read_days("2 weeks")
    14
    """
    if isinstance(value, timedelta):
        if value % timedelta(days=1):
            raise IntervalError(f"{what} {value} is not a whole number of days", value=value)
        days = value.days
    elif isinstance(value, str):
        match = _INTERVAL.fullmatch(value.strip())
        if not match:
            raise IntervalError(f"{what} {value!r} cannot be read: {_why_no_interval(value)}", value=value)
        number, unit = match.groups()
        days = int(number) * (DAYS_PER_WEEK if unit.lower().startswith("w") else 1)
    else:
        message = f"{what} {value!r} needs a unit: write it as text, such as '2 weeks' or '14 days'"
        raise IntervalError(message, value=value)
    if not 0 < days <= LONGEST_DAYS:
        message = f"{what} {value!r} is out of range: it must be at least 1 day and at most {LONGEST_DAYS} days"
        raise IntervalError(message, value=value)
    return days


def _why_no_interval(text: str) -> str:
    if "month" in text.lower():
        return "a month is not a fixed number of days; write weeks or days, such as '4 weeks'"
    if text.strip().lstrip("+-").replace(".", "", 1).isdigit():
        return "a duration needs a unit, such as '2 weeks' or '14 days'"
    return "write a whole number of days or weeks, such as '2 weeks' or '14 days'"


def days_text(days: int) -> str:
    """Print a duration; whole weeks as weeks.

    >>> days_text(14), days_text(10), days_text(1)
    ('2 weeks', '10 days', '1 day')
    """
    number, unit = divmod(days, DAYS_PER_WEEK)[0], "week"
    if not days or days % DAYS_PER_WEEK:
        number, unit = days, "day"
    return f"{number} {unit}" + ("" if number == 1 else "s")


def read_date(value: date | str, *, what: str = "start") -> date:
    """Read a calendar day: a `date` (not a datetime: a day has no time zone here) or ISO text.

    Raises:
        IntervalError: a datetime, or text that is no ISO date.

    >>> read_date("2026-12-01")
    datetime.date(2026, 12, 1)
    """
    if isinstance(value, datetime):
        raise IntervalError(
            f"{what} {value!r} is a datetime; give the calendar day, such as {value.date()}", value=value
        )
    day = value if isinstance(value, date) else _iso_date(value) if isinstance(value, str) else None
    if day is None:
        raise IntervalError(f"{what} {value!r} is no date; write it as YYYY-MM-DD, such as 2026-12-01", value=value)
    if day.year not in YEARS:
        message = f"{what} {day} is not of our time; check the year (from {YEARS.start} to {YEARS.stop - 1})"
        raise IntervalError(message, value=value)
    return day


@lru_cache(maxsize=4096)
def _iso_date(text: str) -> date | None:
    """The day of an ISO text; None where it is none."""
    if _ISO_DATE.fullmatch(text.strip()):
        with suppress(ValueError):
            return date.fromisoformat(text.strip())
    return None


def read_time(value: str) -> str:
    """Read a time of day: morning, noon (midday), evening, night (bedtime).

    Raises:
        IntervalError: another word.

    >>> read_time("midday")
    'noon'
    """
    word = value.strip().lower() if isinstance(value, str) else value
    word = _SPELLINGS.get(word, word)
    if word not in TIMES:
        near = hint(did_you_mean(str(word), [*TIMES, *_SPELLINGS]))
        raise IntervalError(f"time {value!r} is not one of {', '.join(TIMES)}{near}", value=value)
    return word
