"""Percentage: the same share of the current dose off each time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Literal, Self

from benzotaper.doses import DoseLike
from benzotaper.errors import StrategyError
from benzotaper.intervals import days_text, read_days
from benzotaper.numbers import WHOLE, Percent, read_percent
from benzotaper.schedules.base import DOWN_TO, EVERY, ZERO, Amount, Steady, fixed, read_down_to


def fall(dose: Any, cut: Any) -> Any:
    """The next dose (ng, `int` or `int64` array): `cut` hundredths of a percent lower, rounded down."""
    return dose * (WHOLE - cut) // WHOLE


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Percentage(Steady):
    """The same share of the current dose off each time: d × (1 − p).

    It comes near zero without reaching it; the plan's last dose ends it.

    Args:
        cut: the share, with its sign.
        of: "current", given and never assumed. A percentage of the starting dose is `Linear`.
        every: the time between falls.
        down_to: where it ends; 0 mg when left out.

    Raises:
        StrategyError: another base, or a cut of 100 %.
        PercentError, IntervalError: as they say.

    Sources: ASAM 2025: 5 to 10 % of the current dose every 2 to 4 weeks.

    >>> print(Percentage("10 %", of="current", every="2 weeks"))
    percentage 10 % of current every 2 weeks
    """

    NAME: ClassVar[str] = "percentage"
    WRITTEN: ClassVar[str] = "<percent> of current every <days or weeks> [down to <dose>]"
    PATTERN: ClassVar[str] = rf"(?P<cut>[\d.,]+ ?%) of (?P<of>\w+) {EVERY}{DOWN_TO}"
    fades: ClassVar[bool] = True
    cut: Percent
    every: int
    down_to: Amount

    def __init__(
        self, cut: str | Percent, *, of: Literal["current"], every: str | timedelta, down_to: DoseLike | Percent = ZERO
    ) -> None:
        share = read_percent(cut)
        if of != "current":
            linear = f"Linear({str(share)!r}, every=...)"
            message = f"of={of!r}: a percentage is of the 'current' dose; of the starting dose it is {linear}"
            raise StrategyError(message, value=of)
        if share.hundredths == WHOLE:
            raise StrategyError("a cut of 100 % is no taper; give less", value=cut)
        self._set(cut=share, every=read_days(every, what="every"), down_to=read_down_to(down_to))

    @classmethod
    def _from_groups(cls, groups: dict[str, Any]) -> Self:
        return cls(groups.pop("cut"), **groups)

    def __str__(self) -> str:
        return f"{self.NAME} {self.cut} of current every {days_text(self.every)}{self._down_to_text()}"

    def doses(self, start: int, now: int, *, floor: int) -> Iterator[int]:  # noqa: ARG002  one signature
        """See `Steady.doses`."""
        cut = self.cut.hundredths
        if now <= floor:
            return
        while (now := fall(now, cut)) > floor:
            yield now
        yield floor

    def in_mg(self, start: int) -> "Percentage":
        """See `Taper.in_mg`."""
        return Percentage(self.cut, of="current", every=timedelta(days=self.every), down_to=fixed(self.down_to, start))
