"""Linear: the same step off each time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Self

from benzotaper.doses import DoseLike
from benzotaper.errors import StrategyError
from benzotaper.intervals import days_text, read_days
from benzotaper.numbers import WHOLE, Percent
from benzotaper.schedules.base import (
    DOWN_TO,
    EVERY,
    ZERO,
    Amount,
    Steady,
    amount_text,
    fixed,
    read_amount,
    read_down_to,
    resolve_step,
)


def fall(dose: Any, step: Any, floor: Any) -> Any:
    """The next dose (ng, `int` or `int64` array): one step lower, but never below `floor`."""
    return floor + (dose - step - floor) * (dose - step > floor)


def rung(first: Any, number: Any, steps: Any, floor: Any) -> Any:
    """Dose `number` (ng, `int` or `int64` array) of `steps` equal falls from `first` to `floor`, rounded down."""
    return (first * (steps - number) + floor * number) // steps


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Linear(Steady):
    """The same step off each time: d − s.

    Args:
        step: the fall (mg), or a percentage of the starting dose; or leave it out and give `steps`.
        steps: the number of equal falls.
        every: the time between falls.
        down_to: where it ends; 0 mg when left out.

    Raises:
        StrategyError: neither or both of `step` and `steps`; a step of the whole dose.
        DoseError, PercentError, IntervalError: as they say.

    Sources: Ashton schedule 2; NICE CKS ladder; trials that took 25 % of the start (see the documentation).

    >>> print(Linear("2 mg", every="2 weeks", down_to="20 mg"))
    linear 2 mg every 2 weeks down to 20 mg
    """

    NAME: ClassVar[str] = "linear"
    WRITTEN: ClassVar[str] = "<dose or % of start, or in N steps> every <days or weeks> [down to <dose>]"
    PATTERN: ClassVar[str] = rf"(?:in (?P<steps>\d+) steps|(?P<step>[\d.,]+ ?(?:\S+|% of start))) {EVERY}{DOWN_TO}"
    step: Amount
    steps: int
    every: int
    down_to: Amount

    def __init__(
        self,
        step: DoseLike | Percent = ZERO,
        *,
        steps: int = 0,
        every: str | timedelta,
        down_to: DoseLike | Percent = ZERO,
    ) -> None:
        if (step == ZERO) == (steps == 0):
            message = (
                "linear needs a step such as '2 mg' or '25 %' of start, or steps=, the number of falls; one of them"
            )
            raise StrategyError(message, value=step)
        if type(steps) is not int or steps < 0:
            raise StrategyError(f"steps {steps!r} must be a whole number of at least 1", value=steps)
        amount = ZERO if steps else read_amount(step, what="step")
        if amount == Percent(WHOLE):
            raise StrategyError("a step of 100 % of start is no taper; give less", value=step)
        self._set(step=amount, steps=steps, every=read_days(every, what="every"), down_to=read_down_to(down_to))

    @classmethod
    def _from_groups(cls, groups: dict[str, Any]) -> Self:
        steps = int(groups.pop("steps", "0"))
        return cls(groups.pop("step", ZERO), steps=steps, **groups)

    def __str__(self) -> str:
        what = f"in {self.steps} steps" if self.steps else amount_text(self.step)
        return f"{self.NAME} {what} every {days_text(self.every)}{self._down_to_text()}"

    def doses(self, start: int, now: int, *, floor: int) -> Iterator[int]:
        """See `Steady.doses`."""
        if self.steps:
            for number in range(1, self.steps + 1):
                yield rung(now, number, self.steps, floor)
            return
        step = resolve_step(self.step, start)
        while now > floor:
            now = fall(now, step, floor)
            yield now

    def in_mg(self, start: int) -> "Linear":
        """See `Taper.in_mg`."""
        every, down_to = timedelta(days=self.every), fixed(self.down_to, start)
        if self.steps:
            return Linear(steps=self.steps, every=every, down_to=down_to)
        return Linear(fixed(self.step, start), every=every, down_to=down_to)
