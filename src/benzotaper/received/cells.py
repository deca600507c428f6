"""Single values as people write them: doses, percents, tablets, dates and lengths of time, read exactly or refused.

Nothing is guessed: what could mean two things raises `ScheduleError`, whose text says what to write instead.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from numbers import Number
from typing import Any, NamedTuple

from benzotaper.doses import LARGEST_MG, NG_PER_MG, NG_PER_UNIT, Dose, read_dose
from benzotaper.errors import ScheduleError
from benzotaper.intervals import DAYS_PER_WEEK, LONGEST_DAYS, YEARS
from benzotaper.numbers import exact, read_decimal
from benzotaper.received.entries import Amount, Unit

MISSING = frozenset({"", "-", "–", "—", "na", "n/a", "nan", "nat", "none", "null", "<na>"})
SIGNS = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3)}
WORDS = {
    "no": Fraction(0),
    "zero": Fraction(0),
    "one": Fraction(1),
    "two": Fraction(2),
    "three": Fraction(3),
    "four": Fraction(4),
    "five": Fraction(5),
    "six": Fraction(6),
    "half": Fraction(1, 2),
    "a half": Fraction(1, 2),
    "half a": Fraction(1, 2),
    "a quarter": Fraction(1, 4),
    "quarter": Fraction(1, 4),
    "a": Fraction(1),
    "one and a half": Fraction(3, 2),
}
NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
COUNT = rf"(?:[0-9]+\s*[½¼¾⅓⅔]|[½¼¾⅓⅔]|[0-9]+\s+[0-9]+\s*/\s*[0-9]+|[0-9]+\s*/\s*[0-9]+|{NUMBER})"
UNITS = "mg|mcg|ug|µg|μg|g"
LONGEST_TEXT = 40  # characters of a cell's number: a longer one is a slip
_MIXED = re.compile(r"(?:([0-9]+)\s+)?([0-9]+)\s*/\s*([0-9]+)")
_SIGNED = re.compile(r"([0-9]*)\s*([½¼¾⅓⅔])")
_DOSE = re.compile(rf"(.*?)\s*({UNITS})(?:\s*(?:/\s*day|a day|per day|daily))?", re.DOTALL)
_PERCENT = re.compile(r"(.*?)\s*%(?:\s*of\s*(?:the\s*)?(.+))?", re.DOTALL)
_ISO = re.compile(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?)?")
_SLASHED = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})")
_MONTHS = {
    name: n
    for n, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_DAY_FIRST = re.compile(rf"{_WEEKDAY}([0-9]{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+([0-9]{{4}})")
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}{_MONTH}\s+([0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+([0-9]{{4}})")
_LENGTH = re.compile(r"([0-9]+)\s*(days?|d|nights?|weeks?|wks?|w)", re.IGNORECASE)
START_WORDS = frozenset(
    {"start", "baseline", "original", "start dose", "starting dose", "original dose", "initial dose"}
)
CURRENT_WORDS = frozenset({"current", "current dose", "present dose", "previous dose", "the dose before", "previous"})


class When(NamedTuple):
    """A day: its ordinal, or a day number; and the time of day that stood beside it, or ''."""

    day: int
    dated: bool
    clock: str


def refuse(value: object, why: str) -> ScheduleError:
    """The error for a value, which is shown short and harmless."""
    shown = str(value)[:LONGEST_TEXT]
    safe = "".join("�" if unicodedata.category(c).startswith("C") else c for c in shown)
    return ScheduleError(f"{safe!r} {why}", value=value)


def is_missing(value: object) -> bool:
    """Whether a cell holds nothing: empty, a dash, None, NaN, NaT or NA."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(value, str):
        bare = value.strip()
        return bare.casefold() in MISSING or not bare.strip("-:")  # a rule of dashes between rows
    return isinstance(value, float) and value != value  # noqa: PLR0124  only NaN differs from itself


def number(value: object) -> Fraction:
    """A number given by hand or in a cell; a float counts as its shortest decimal.

    Raises:
        ScheduleError: no finite number, negative, or ambiguous text.

    >>> number("1,5"), number(0.1)
    (Fraction(3, 2), Fraction(1, 10))
    """
    if isinstance(value, str):
        return _number_in(value)
    if isinstance(value, bool) or not isinstance(value, Number | Decimal):
        raise refuse(value, "is no number")
    found = exact(value if isinstance(value, int | Fraction) else Decimal(str(value)), error=ScheduleError)
    if found < 0:
        raise refuse(value, "is negative; a dose, a count or a time is 0 or more")
    return found


@lru_cache(maxsize=4096)
def _number_in(text: str) -> Fraction:
    if len(text) > LONGEST_TEXT:
        raise refuse(text, "is too long for a number")
    return read_decimal(text, error=ScheduleError)


def amount(value: object, *, unit: str = "") -> Amount:
    """A dose or a percentage.

    Args:
        value: text, a number, a `Dose` or a pint quantity.
        unit: the unit that the column names: "mg", "mcg" or "g", "percent", "percent of start", "percent of current";
            "" where it names none.

    Raises:
        ScheduleError: not readable, above 1000 mg, or ambiguous.

    >>> amount("7.5 mg").value, amount("75 % of start").unit, amount(20).unit
    (Fraction(7500000, 1), 'percent of start', 'number')
    """
    if isinstance(value, Dose) or (hasattr(value, "magnitude") and hasattr(value, "units")):
        return Amount(Fraction(read_dose(value, zero=True).ng), "ng")
    if isinstance(value, str):
        return _amount_in(value.strip(), unit)
    return _with_unit(number(value), unit, value)


@lru_cache(maxsize=4096)
def _amount_in(text: str, unit: str) -> Amount:
    if match := _PERCENT.fullmatch(text):
        own = base_unit(match[2] or "") if match[2] else unit
        return _with_unit(_number_in(match[1].strip()), own if own.startswith("percent") else "percent", text)
    if match := _DOSE.fullmatch(text):
        return _with_unit(_number_in(match[1].strip()), match[2], text)
    if count := _count_or_none(text):
        return _with_unit(count, unit, text)
    if re.search(r"[a-zA-Zµμ]", text):
        raise refuse(text, "is no dose: write a number and a unit, such as '5 mg'")
    return _with_unit(_number_in(text), unit, text)


def base_unit(words: str) -> Unit:
    """What a percentage is of.

    Raises:
        ScheduleError: neither the start nor the current dose.
    """
    said = " ".join(words.casefold().split())
    if said in START_WORDS:
        return "percent of start"
    if said in CURRENT_WORDS:
        return "percent of current"
    raise refuse(words, "says of what the percentage is, but not as 'start' or 'current'")


def _with_unit(value: Fraction, unit: str, said: object) -> Amount:
    if unit in NG_PER_UNIT:
        ng = value * NG_PER_UNIT[unit]
        if ng > LARGEST_MG * NG_PER_MG:
            raise refuse(said, f"is above {LARGEST_MG} mg, more than any dose; check the number and the unit")
        return Amount(ng, "ng")
    if unit.startswith("percent"):
        return Amount(value, unit)  # type: ignore[arg-type]  # one of the percent units
    return Amount(value, "number")


def count(value: object) -> Fraction:
    """How many tablets: 1, 0.5, ½, 1½, 1 1/2, half, one and a half.

    Raises:
        ScheduleError: no such number.

    >>> count("1 1/2"), count("½"), count("half a")
    (Fraction(3, 2), Fraction(1, 2), Fraction(1, 2))
    """
    if not isinstance(value, str):
        return number(value)
    found = _count_or_none(value)
    return _number_in(value.strip()) if found is None else found


def _count_or_none(text: str) -> Fraction | None:
    bare = " ".join(text.casefold().split())
    if bare in WORDS:
        return WORDS[bare]
    if match := _SIGNED.fullmatch(bare):
        return int(match[1] or 0) + SIGNS[match[2]]
    match = _MIXED.fullmatch(bare)
    if match and int(match[3]):
        return int(match[1] or 0) + Fraction(int(match[2]), int(match[3]))
    return None


def length(value: object, *, days: int = 0) -> int:
    """How long something lasts (days).

    Args:
        value: "14 days", "2 weeks", or a number where the column says of what.
        days: the days of one unit of a bare number; 0 where nothing says it.

    Raises:
        ScheduleError: no whole number of days, months, or a number of nobody knows what.

    >>> length("2 weeks"), length(14, days=1)
    (14, 14)
    """
    if isinstance(value, str) and (match := _LENGTH.fullmatch(value.strip())):
        weeks = match[2].lower().startswith("w")
        found = Fraction(int(match[1]) * (DAYS_PER_WEEK if weeks else 1))
    elif hasattr(value, "days") and hasattr(value, "seconds"):  # a timedelta, also that of a frame
        found = Fraction(int(value.days))
    elif days:
        found = number(value) * days
    else:
        raise refuse(value, "says no unit of time; write '14 days' or '2 weeks', or name the column 'days'")
    if found.denominator != 1 or found > LONGEST_DAYS:
        raise refuse(value, f"is no whole number of days up to {LONGEST_DAYS}")
    return int(found)


def when(value: object, *, order: str) -> When:
    """A day.

    Args:
        value: a date, a day number, or text; ISO text and written months are plain.
        order: what dates with slashes mean here: "dmy" or "mdy"; "" where that is not known.

    Raises:
        ScheduleError: no day, or one that could be two.

    >>> when("2026-12-01", order="") == when("Tue 1 Dec 2026", order="") == when(date(2026, 12, 1), order="")
    True
    """
    if isinstance(value, datetime):
        clock = value.strftime("%H:%M")
        return _dated(value.date(), "" if clock == "00:00" else clock, value)
    if isinstance(value, date):
        return _dated(value, "", value)
    if isinstance(value, str):
        return _when_in(value.strip(), order)
    if hasattr(value, "astype") and "datetime64" in str(getattr(value, "dtype", "")):  # a value of a frame
        return _when_in(str(value)[:16], order)
    day = number(value)
    if day.denominator != 1 or day > LONGEST_DAYS * 20:
        raise refuse(value, "is no day: write a date such as 2026-12-01, or a day number")
    return When(int(day), False, "")  # noqa: FBT003  a record


@lru_cache(maxsize=200_000)
def _when_in(text: str, order: str) -> When:
    low = text.casefold()
    if match := _ISO.fullmatch(text):
        clock = match[4] or ""
        return _dated(_day(match[1], match[2], match[3], text), "" if clock == "00:00" else clock, text)
    if match := _DAY_FIRST.fullmatch(low):
        return _dated(_day(match[3], _MONTHS[match[2]], match[1], text), "", text)
    if match := _MONTH_FIRST.fullmatch(low):
        return _dated(_day(match[3], _MONTHS[match[1]], match[2], text), "", text)
    if match := _SLASHED.fullmatch(text):
        if not order or len(match[3]) < 4:  # noqa: PLR2004  a year in full
            raise refuse(text, "could be a day of two months; write dates as YYYY-MM-DD")
        day, month = (match[1], match[2]) if order == "dmy" else (match[2], match[1])
        return _dated(_day(match[3], month, day, text), "", text)
    if match := re.fullmatch(r"(?:day\s*)?([0-9]{1,6})(?:\.0+)?", low):
        return When(int(match[1]), False, "")  # noqa: FBT003  a record
    raise refuse(text, "is no day: write a date such as 2026-12-01, or a day number")


def _day(year: object, month: object, day: object, text: str) -> date:
    try:
        return date(int(str(year)), int(str(month)), int(str(day)))
    except ValueError as error:
        raise refuse(text, "is no day of the calendar") from error


def _dated(day: date, clock: str, value: object) -> When:
    if day.year not in YEARS:
        raise refuse(value, f"is not of our time; check the year (from {YEARS.start} to {YEARS.stop - 1})")
    return When(day.toordinal(), True, clock)  # noqa: FBT003  a record


def date_order(values: Iterable[object]) -> str:
    """What dates with slashes mean in a column: "dmy" or "mdy" where only one of them fits every date; else "".

    >>> date_order(["13/01/2026", "02/02/2026"]), date_order(["01/02/2026"]), date_order(["2026-12-01", "13/01/2026"])
    ('dmy', '', '')
    """
    texts = {value.strip() for value in values if isinstance(value, str) and not is_missing(value)}
    slashed = [match for text in texts if (match := _SLASHED.fullmatch(text))]
    if len(slashed) != len(texts):
        return ""
    months = {order: [int(match[place]) for match in slashed] for order, place in (("dmy", 2), ("mdy", 1))}
    days = {"dmy": [int(match[1]) for match in slashed], "mdy": [int(match[2]) for match in slashed]}
    fits = [order for order in ("dmy", "mdy") if all(m <= 12 for m in months[order])]  # noqa: PLR2004  months
    fits = [order for order in fits if all(d <= 31 for d in days[order])]  # noqa: PLR2004  days
    return fits[0] if len(fits) == 1 else ""


def plain(value: Any) -> str:
    """A cell as text."""
    return "" if is_missing(value) else " ".join(str(value).split())
