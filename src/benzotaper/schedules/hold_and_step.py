"""Hold-and-step: a taper that rests at chosen doses."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Literal, Self

from benzotaper.doses import DoseLike
from benzotaper.errors import StrategyError
from benzotaper.intervals import days_text, read_days
from benzotaper.numbers import Percent
from benzotaper.schedules.base import Amount, Level, Taper, amount_text, fixed, read_amount, resolve

EVERY_STEP = "every step"


@dataclass(frozen=True, slots=True, init=False, repr=False)
class HoldAndStep(Taper):
    """Step, hold, step: the inner taper, with rests.

    Args:
        inner: a `Linear` or a `Percentage`.
        at: the doses (mg or % of start) to hold at, or ``"every step"``. No step passes a dose to hold at.
        hold: how long to hold, at least.
        gated: whether a hold ends only by a cleared review; the plan then ends open at the first one.

    Raises:
        StrategyError: another inner strategy, or nowhere to hold.

    Sources: half the dose over 2 to 4 weeks, a hold of 1 to 2 months, then 25 % every 2 weeks (VA, read second-hand).

    >>> from benzotaper.schedules.linear import Linear
    >>> print(HoldAndStep(Linear("25 %", every="2 weeks"), at="50 %", hold="6 weeks"))
    hold-and-step (linear 25 % of start every 2 weeks) at 50 % of start hold 6 weeks
    """

    NAME: ClassVar[str] = "hold-and-step"
    WRITTEN: ClassVar[str] = "(<linear or percentage>) at <doses or every step> hold <days or weeks> [gated]"
    PATTERN: ClassVar[str] = (
        r"\((?P<inner>[^()]+)\) at (?P<at>.+?) hold (?P<hold>\d+ (?:days?|weeks?))(?P<gated> gated)?"
    )
    inner: Taper
    at: tuple[Amount, ...]
    hold: int
    gated: bool

    def __init__(
        self,
        inner: Taper,
        *,
        at: DoseLike | Percent | Iterable[DoseLike | Percent],
        hold: str | timedelta,
        gated: bool = False,
    ) -> None:
        if getattr(inner, "NAME", "") not in ("linear", "percentage"):
            raise StrategyError(f"hold-and-step takes a Linear or a Percentage, not {inner!r}", value=inner)
        self._set(inner=inner, at=_read_at(at), hold=read_days(hold, what="hold"), gated=bool(gated))

    @property
    def fades(self) -> bool:  # type: ignore[override]  # as its inner strategy
        """Whether the inner strategy comes near zero without reaching it."""
        return self.inner.fades

    @property
    def down_to(self) -> Amount:  # type: ignore[override]  # as its inner strategy
        """Where the inner strategy ends."""
        return self.inner.down_to

    @classmethod
    def _from_groups(cls, groups: dict[str, Any]) -> Self:
        at = groups["at"] if groups["at"] == EVERY_STEP else groups["at"].split(" and ")
        return cls(groups["inner"], at=at, hold=groups["hold"], gated="gated" in groups)

    def __str__(self) -> str:
        at = " and ".join(amount_text(amount) for amount in self.at) or EVERY_STEP
        gated = " gated" if self.gated else ""
        return f"{self.NAME} ({self.inner}) at {at} hold {days_text(self.hold)}{gated}"

    def levels(self, start: int, now: int, *, floor: int, lowest: int) -> Iterator[Level]:
        """See `Taper.levels`."""
        holds = sorted({resolve(amount, start) for amount in self.at}, reverse=True)
        for stop in [dose for dose in holds if floor < dose < now] + [floor]:
            for level in self.inner.levels(start, now, floor=stop, lowest=lowest):
                held = level.high == stop if self.at else True
                yield self._held(level) if held and level.high > floor else level
            now = stop

    def _held(self, level: Level) -> Level:
        return level._replace(days=max(level.days, self.hold), gated=self.gated)

    def in_mg(self, start: int) -> "HoldAndStep":
        """See `Taper.in_mg`."""
        return HoldAndStep(
            self.inner.in_mg(start),
            at=[fixed(amount, start) for amount in self.at] or EVERY_STEP,
            hold=timedelta(days=self.hold),
            gated=self.gated,
        )

    def rest(self, start: int, now: int) -> Taper:
        """What is left once the hold at `now` (ng) is over, for a course that started from `start` (ng)."""
        whole = self.in_mg(start)
        left = [amount for amount in whole.at if resolve(amount, start) < now]
        if self.at and not left:
            return whole.inner
        return HoldAndStep(whole.inner, at=left or EVERY_STEP, hold=timedelta(days=self.hold), gated=self.gated)


def _read_at(value: DoseLike | Percent | Iterable[DoseLike | Percent] | Literal["every step"]) -> tuple[Amount, ...]:
    """The doses to hold at; none for every step."""
    if value == EVERY_STEP:
        return ()
    many: Any = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    amounts = tuple(read_amount(amount, what="at") for amount in many)
    if not amounts:
        raise StrategyError(
            "at= names no dose to hold at; give doses, percentages of start, or 'every step'", value=value
        )
    return amounts
