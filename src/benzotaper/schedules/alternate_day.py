"""Alternate-day: low days come in among the high days until all days are low."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any, ClassVar, Literal, Self

from benzotaper.doses import DoseLike
from benzotaper.errors import StrategyError
from benzotaper.intervals import DAYS_PER_WEEK, days_text, read_days
from benzotaper.numbers import WHOLE, Percent
from benzotaper.schedules.base import (
    DOWN_TO,
    EVERY,
    ZERO,
    Amount,
    Level,
    Taper,
    amount_text,
    fixed,
    read_amount,
    read_down_to,
    resolve_step,
)

EVERY_OTHER_DAY: Literal["every other day"] = "every other day"


def is_low(day: Any, low_days: Any) -> Any:
    """Whether day 0 to 6 of a week with so many low days is one (`int` or `int64` arrays): as even as can be."""
    return (day + 1) * low_days // DAYS_PER_WEEK > day * low_days // DAYS_PER_WEEK


@dataclass(frozen=True, slots=True, init=False, repr=False)
class AlternateDay(Taper):
    """Low days among high days, ever more of them; then the low dose becomes the new high dose.

    Args:
        step: between a high and a low day (mg), or a percentage of the starting dose.
        low_days: low days a week in turn, such as ``(1, 2, 3, 4, 5, 6, 7)``, or ``"every other day"``.
        zero_days: whether the low dose may be nothing at all, where the high dose is at or below `step` or is the
            lowest that can be made.
        every: the time between changes.
        down_to: where it ends; 0 mg when left out.

    Raises:
        StrategyError: low days that do not rise, or are not 1 to 7.

    Sources: Semergen (half dose on alternate days); Belleville and Morin 2009 (nights chosen in advance).
    When not to use: drugs with a short half-life, which wear off on a low day.

    >>> print(AlternateDay("0.5 mg", low_days=(2, 4, 7), every="1 week"))
    alternate-day 0.5 mg with 2 4 7 low days a week every 1 week
    """

    NAME: ClassVar[str] = "alternate-day"
    WRITTEN: ClassVar[str] = (
        "<dose or % of start> with <numbers> low days a week, or low every "
        "other day [and zero days] every <days or weeks> [down to <dose>]"
    )
    PATTERN: ClassVar[str] = (
        r"(?P<step>[\d.,]+ ?(?:\S+|% of start)) with (?:(?P<low_days>[\d ]+) low days a week|low every other day)"
        rf"(?P<zero_days> and zero days)? {EVERY}{DOWN_TO}"
    )
    step: Amount
    low_days: tuple[int, ...]
    zero_days: bool
    every: int
    down_to: Amount

    def __init__(
        self,
        step: DoseLike | Percent,
        *,
        low_days: Iterable[int] | Literal["every other day"],
        zero_days: bool = False,
        every: str | timedelta,
        down_to: DoseLike | Percent = ZERO,
    ) -> None:
        amount = read_amount(step, what="step")
        if amount == Percent(WHOLE) and not zero_days:
            raise StrategyError("a step of 100 % of start needs zero_days=True", value=step)
        self._set(
            step=amount,
            low_days=_read_low_days(low_days),
            zero_days=bool(zero_days),
            every=read_days(every, what="every"),
            down_to=read_down_to(down_to),
        )

    @classmethod
    def _from_groups(cls, groups: dict[str, Any]) -> Self:
        days = groups.pop("low_days", "")
        low_days: Any = tuple(int(day) for day in days.split()) if days else EVERY_OTHER_DAY
        zero_days = bool(groups.pop("zero_days", ""))
        return cls(groups.pop("step"), low_days=low_days, zero_days=zero_days, **groups)

    def __str__(self) -> str:
        low = f"{' '.join(map(str, self.low_days))} low days a week" if self.low_days else f"low {EVERY_OTHER_DAY}"
        zero = " and zero days" if self.zero_days else ""
        return (
            f"{self.NAME} {amount_text(self.step)} with {low}{zero} every {days_text(self.every)}{self._down_to_text()}"
        )

    def levels(self, start: int, now: int, *, floor: int, lowest: int) -> Iterator[Level]:
        """See `Taper.levels`."""
        step = resolve_step(self.step, start)
        if not self.zero_days and now <= max(step, lowest) and not floor:
            message = (
                f"the dose is not above the step {amount_text(self.step)} or the smallest that can be made, "
                "so a low day would be a day without: give a smaller step, or zero_days=True"
            )
            raise StrategyError(message, value=self.step)
        high, settled = now, True
        while high > floor:
            last = high <= max(step, lowest) and not floor
            low = 0 if last else max(high - step, floor or lowest)
            if last and not self.zero_days:
                if not settled:
                    yield Level(high, self.every)
                yield Level(0, self.every)
                return
            yield from self._cycles(high, low)
            settled = not self.low_days or self.low_days[-1] == DAYS_PER_WEEK
            high = low
        if not settled:
            yield Level(floor, self.every)

    def _cycles(self, high: int, low: int) -> Iterator[Level]:
        if not self.low_days:
            yield Level(high, self.every, low, (False, True))
            yield Level(low, self.every)
        for number in self.low_days:
            if number == DAYS_PER_WEEK:
                yield Level(low, self.every)
            else:
                yield Level(high, self.every, low, tuple(is_low(day, number) for day in range(DAYS_PER_WEEK)))

    def in_mg(self, start: int) -> "AlternateDay":
        """See `Taper.in_mg`."""
        return AlternateDay(
            fixed(self.step, start),
            low_days=self.low_days or EVERY_OTHER_DAY,
            zero_days=self.zero_days,
            every=timedelta(days=self.every),
            down_to=fixed(self.down_to, start),
        )


def _read_low_days(value: Iterable[int] | str) -> tuple[int, ...]:
    """The low days a week in turn; none for every other day."""
    if isinstance(value, str):
        if not re.fullmatch(r"\s*every other day\s*", value):
            message = f"low_days {value!r} must be a row of numbers such as (1, 2, 3, 4, 5, 6, 7), or 'every other day'"
            raise StrategyError(message, value=value)
        return ()
    days = tuple(value) if isinstance(value, Iterable) else ()
    whole = days and all(type(day) is int and 1 <= day <= DAYS_PER_WEEK for day in days)
    if not whole or any(a >= b for a, b in pairwise(days)):
        message = f"low_days {value!r} must be whole numbers from 1 to 7, each higher than the one before"
        raise StrategyError(message, value=value)
    return days
