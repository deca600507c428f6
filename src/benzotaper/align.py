"""On which days a dose may change: a weekday, the days of fills, never a listed day. A step is never shortened."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from benzotaper.errors import IntervalError, PlanError, did_you_mean, hint
from benzotaper.intervals import DAYS_PER_WEEK, LONGEST_DAYS, days_text, read_date, read_days
from benzotaper.steps import Step

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WRITTEN = "[on <weekday>] [; with fills every <days or weeks> [from <date>]] [; avoiding <date>, <date>]"
_ON = re.compile(r"on (\w+)")
_WITH_FILLS = re.compile(r"with fills every (\d+ \w+)(?: from (\S+))?")
_AVOIDING = re.compile(r"avoiding (.+)")


@dataclass(frozen=True, slots=True, kw_only=True, init=False, repr=False)
class Align:
    """The days on which a dose may change.

    Each change that would fall on another day moves to the next one that is allowed, and all later ones move along: no
    step is ever shorter than the strategy asks. The ideal course keeps its own dates.

    Args:
        weekday: such as "Monday"; any, when left out.
        avoid: days on which nothing changes.
        fill_every: the time between fills; changes fall on days of fills only.
        first_fill: the day of the first fill; the plan's start, when left out.

    Attributes:
        weekday: its English name; "" for any.
        avoid: the days, in order.
        fill_every: days between fills; 0 where changes need not fall on fills.
        first_fill: the day of the first fill; None for the plan's start.

    Raises:
        IntervalError: no such weekday, no date, no duration; nothing asked for; or no day can ever be allowed.

    >>> print(Align(weekday="Monday", avoid=["2026-12-28"], fill_every="4 weeks", first_fill="2026-11-30"))
    on Monday; with fills every 4 weeks from 2026-11-30; avoiding 2026-12-28
    """

    weekday: str
    avoid: tuple[date, ...]
    fill_every: int
    first_fill: date | None

    def __init__(
        self,
        *,
        weekday: str = "",
        avoid: Iterable[date | str] = (),
        fill_every: str | timedelta = "",
        first_fill: date | str = "",
    ) -> None:
        values = {
            "weekday": _read_weekday(weekday) if weekday else "",
            "avoid": _read_avoid(avoid),
            "fill_every": 0 if fill_every == "" else read_days(fill_every, what="fill_every"),
            "first_fill": None if first_fill == "" else read_date(first_fill, what="first_fill"),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)
        self._check()

    def _check(self) -> None:
        if not (self.weekday or self.avoid or self.fill_every):
            message = (
                "an alignment that asks for nothing is none: give weekday=, avoid= or fill_every=, or leave it out"
            )
            raise IntervalError(message, value=self)
        if self.first_fill and not self.fill_every:
            message = f"first_fill={self.first_fill} says nothing without fill_every=, the time between fills"
            raise IntervalError(message, value=self.first_fill)
        if self.first_fill:
            self._check_meets(self.first_fill)

    def _check_meets(self, first_fill: date) -> None:
        """Refuse fills that never fall on the weekday."""
        same = WEEKDAYS[first_fill.weekday()]
        if self.weekday and self.fill_every and not self.fill_every % DAYS_PER_WEEK and same != self.weekday:
            message = (
                f"fills every {days_text(self.fill_every)} from {first_fill}, a {same}, never are on a {self.weekday}: "
                f"give weekday='{same}', or first_fill= on a {self.weekday}"
            )
            raise IntervalError(message, value=self.weekday)

    def __str__(self) -> str:
        since = f" from {self.first_fill}" if self.first_fill else ""
        parts = (
            f"on {self.weekday}" if self.weekday else "",
            f"with fills every {days_text(self.fill_every)}{since}" if self.fill_every else "",
            f"avoiding {', '.join(map(str, self.avoid))}" if self.avoid else "",
        )
        return "; ".join(filter(None, parts))

    def __repr__(self) -> str:
        return f"<Align {self}>"

    def allows(self, day: date, *, start: date) -> bool:
        """Whether a dose may change on this day.

        Args:
            day: the day.
            start: the plan's start, from which fills are counted where no first fill is given.

        >>> Align(weekday="Tuesday").allows(date(2026, 12, 1), start=date(2026, 12, 1))
        True
        """
        since = (day - (self.first_fill or start)).days
        on_fill = not self.fill_every or (since >= 0 and since % self.fill_every == 0)
        return on_fill and day not in self.avoid and self.weekday in ("", WEEKDAYS[day.weekday()])

    def first_allowed(self, day: date, *, start: date) -> date:
        """This day, or the next one that is allowed.

        Raises:
            PlanError: there is none within 20 years.
        """
        for number in range(LONGEST_DAYS):
            if self.allows(day + timedelta(days=number), start=start):
                return day + timedelta(days=number)
        raise PlanError(f"align '{self}' allows no day within 20 years from {day}; give other days", value=str(self))


def read_align(value: str | Align) -> Align:
    """Read an alignment: an `Align`, or its text, the exact inverse of ``str``.

    Raises:
        IntervalError: it is no alignment.

    >>> read_align("on Monday; avoiding 2026-12-28") == Align(weekday="Monday", avoid=["2026-12-28"])
    True
    """
    if isinstance(value, Align):
        return value
    if not isinstance(value, str) or not value.strip():
        raise IntervalError(f"align {value!r} is no alignment; give an Align, or text: {WRITTEN}", value=value)
    rest = " ".join(value.split())
    given: dict[str, str | list[str]] = {}
    for part in rest.split("; "):
        given |= _read_part(part, value, already=given)
    return Align(**given)  # type: ignore[arg-type]  # its constructor reads and refuses each


def _read_part(part: str, text: str, *, already: Iterable[str]) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    if match := _ON.fullmatch(part):
        found = {"weekday": match[1]}
    elif match := _WITH_FILLS.fullmatch(part):
        found = {"fill_every": match[1], "first_fill": match[2] or ""}
    elif match := _AVOIDING.fullmatch(part):
        found = {"avoid": match[1].split(", ")}
    if not found or set(found) & set(already):
        why = "stands twice" if found else "is not understood"
        raise IntervalError(f"align {text!r} cannot be read: {part!r} {why}; it is written {WRITTEN}", value=text)
    return found


def _read_weekday(weekday: str) -> str:
    word = weekday.strip().capitalize() if isinstance(weekday, str) else weekday
    if word not in WEEKDAYS:
        near = hint(did_you_mean(str(word), WEEKDAYS))
        raise IntervalError(f"weekday {weekday!r} is not one of {', '.join(WEEKDAYS)}{near}", value=weekday)
    return word


def _read_avoid(avoid: Iterable[date | str]) -> tuple[date, ...]:
    if isinstance(avoid, str | date) or not isinstance(avoid, Iterable):
        raise IntervalError(f"avoid={avoid!r} must be a list of days, such as ['2026-12-25']", value=avoid)
    return tuple(sorted({read_date(day, what="avoid") for day in avoid}))


def aligned(steps: tuple[Step, ...], align: Align, *, start: date) -> tuple[Step, ...]:
    """The steps with their changes on allowed days; none is shorter than it was, and only dates and lengths differ.

    Args:
        steps: the steps of a plan, from the current regimen on.
        align: the days that are allowed.
        start: the plan's first day; a first change that moves lets the current regimen be kept from here.

    Raises:
        PlanError: no day is ever allowed, or the plan would outgrow 20 years.
    """
    if align.fill_every and not align.first_fill:
        align._check_meets(start)  # noqa: SLF001  its own module
    days = list(_first_days(steps, align, start))
    if (days[-1] - start).days > LONGEST_DAYS:
        message = f"with align '{align}' this course would take more than 20 years; give larger falls or other days"
        raise PlanError(message, value=str(align))
    lasts = [(later - day).days for day, later in pairwise(days)]
    return tuple(_moved(step, day, length) for step, day, length in zip(steps, days, [*lasts, 0], strict=True))


def _moved(step: Step, day: date, length: int) -> Step:
    """The step from this day on, for so many days; the last step stays open."""
    if step.days is None:
        return replace(step, start=day)
    return replace(step, start=day if length else None, days=length)


def _first_days(steps: tuple[Step, ...], align: Align, start: date) -> Iterator[date]:
    """The first day of each step: of the current regimen the plan's start, of every other an allowed day."""
    day = start
    for step in steps:
        if step.number:
            day = align.first_allowed(day, start=start)
        yield day
        day += timedelta(days=step.days or 0)
