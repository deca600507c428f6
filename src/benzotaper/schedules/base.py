"""What every strategy is: a value that says which ideal daily dose follows which, and after how long.

A strategy knows no tablets, no dates and no patient. Its arithmetic is a kernel: integer operations that run
unchanged on a Python `int` and on a numpy `int64` array.
"""

import re
from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple, Self, TypeAlias

from benzotaper.doses import Dose, DoseLike, read_dose
from benzotaper.errors import StrategyError
from benzotaper.numbers import WHOLE, Percent, read_percent

INT64 = 2**63
Amount: TypeAlias = Dose | Percent
"""A dose, or a percentage of the dose that the course started from."""


class Level(NamedTuple):
    """An ideal dose and how long it is taken.

    Attributes:
        high: ideal daily dose (ng).
        days: how long (days).
        low: ideal dose of the low days of a cycle (ng); unused without one.
        cycle: which days of a repeating cycle are low days; empty where all days are the same.
        gated: whether only a cleared review opens the next level.
    """

    high: int
    days: int
    low: int = 0
    cycle: tuple[bool, ...] = ()
    gated: bool = False

    @property
    def mean(self) -> int:
        """The mean daily dose (ng), rounded down."""
        lows = sum(self.cycle)
        return (self.high * (len(self.cycle) - lows) + self.low * lows) // (len(self.cycle) or 1) if lows else self.high


class Strategy:  # no ABC: `isinstance` of one is Python code, and a plan asks it eleven times
    """Base of the six strategies.

    Class attributes:
        NAME: its first word as text.
        PATTERN: the rest of its text, with a named group for each argument.
        WRITTEN: the same for people; what stands in [brackets] may be left out.
        fades: whether it comes near zero without reaching it.
    """

    __slots__ = ()
    NAME: ClassVar[str]
    PATTERN: ClassVar[str]
    WRITTEN: ClassVar[str]
    fades: ClassVar[bool] = False

    @abstractmethod
    def __str__(self) -> str:
        """Its text, which `strategy` reads back to an equal value."""

    @classmethod
    @abstractmethod
    def _from_groups(cls, groups: dict[str, Any]) -> Self:
        """The value for the matched groups of PATTERN."""

    @classmethod
    def read(cls, text: str, *, inner: "Callable[[str], Strategy]") -> Self:
        """Read the text of this strategy.

        Args:
            text: as `str` gives it.
            inner: reads the text of a strategy within it.

        Raises:
            StrategyError: the text is not of this strategy.
        """
        match = re.fullmatch(f"{cls.NAME} {cls.PATTERN}", " ".join(text.split()))
        if not match:
            message = f"{text!r} is not a whole {cls.NAME} strategy; it is written: {cls.NAME} {cls.WRITTEN}"
            raise StrategyError(message, value=text)
        groups: dict[str, Any] = {name: found for name, found in match.groupdict().items() if found is not None}
        if "inner" in groups:
            groups["inner"] = inner(groups["inner"])
        return cls._from_groups(groups)

    def _set(self, **values: Any) -> None:
        """Fill the fields of this frozen value; used once, by its constructor."""
        for name, value in values.items():
            object.__setattr__(self, name, value)


class Taper(Strategy):
    """A strategy that lowers the dose of one drug: five of the six."""

    __slots__ = ()
    down_to: Amount

    @abstractmethod
    def levels(self, start: int, now: int, *, floor: int, lowest: int) -> Iterator[Level]:
        """The levels after the present one.

        Args:
            start: the daily dose that percentages of start refer to (ng).
            now: the present ideal dose (ng).
            floor: the dose that no level passes (ng); the last level is this.
            lowest: the smallest dose above zero that can be made (ng); 0 where any can.
        """

    def floor(self, start: int) -> int:
        """The dose that it ends at (ng)."""
        return resolve(self.down_to, start)

    @abstractmethod
    def in_mg(self, start: int) -> "Taper":
        """The same strategy with every percentage of start as a dose, for a course that goes on from here."""

    def _down_to_text(self) -> str:
        return "" if self.down_to == ZERO else f" down to {amount_text(self.down_to)}"

    def __repr__(self) -> str:
        return f"<{self}>"


class Steady(Taper):
    """A taper whose doses are each taken as long, every day the same."""

    __slots__ = ()
    every: int

    @abstractmethod
    def doses(self, start: int, now: int, *, floor: int) -> Iterator[int]:
        """The ideal doses (ng) after the present one; the arguments are those of `levels`."""

    def levels(self, start: int, now: int, *, floor: int, lowest: int) -> Iterator[Level]:  # noqa: ARG002  one signature
        """See `Taper.levels`."""
        for dose in self.doses(start, now, floor=floor):
            yield Level(dose, self.every)


ZERO = Dose.of_ng(0)
DOWN_TO = r"(?: down to (?P<down_to>.+))?"
EVERY = r"every (?P<every>\d+ (?:days?|weeks?))"


def read_amount(value: DoseLike | Percent, *, what: str, zero: bool = False) -> Amount:
    """Read a dose, or a percentage of start: ``"2 mg"``, ``"25 %"``, ``"25 % of start"``.

    >>> read_amount("25 % of start", what="step")
    Percent(hundredths=2500)
    """
    if isinstance(value, Percent):
        return value
    if isinstance(value, str) and "%" in value:
        percent, _, base = value.partition("%")
        if base.strip() not in ("", "of start"):
            message = (
                f"{what} {value!r}: a percentage here is of the starting dose; write '{percent.strip()} % of start'"
            )
            raise StrategyError(message, value=value)
        return read_percent(f"{percent}%")
    return read_dose(value, zero=zero)


def amount_text(amount: Amount) -> str:
    """A dose, or a percentage with its base."""
    return f"{amount} of start" if isinstance(amount, Percent) else str(amount)


def resolve(amount: Amount, start: int) -> int:
    """The dose (ng) of an amount, for a course that started from `start` (ng)."""
    return amount.of(start) if isinstance(amount, Percent) else amount.ng


def resolve_step(amount: Amount, start: int) -> int:
    """The fall (ng) of a step.

    Raises:
        StrategyError: it is less than a nanogram of this dose.
    """
    step = resolve(amount, start)
    if not step:
        raise StrategyError(f"{amount_text(amount)} is nothing of this dose; give a larger step", value=amount)
    return step


def fixed(amount: Amount, start: int) -> Dose:
    """The amount as a dose."""
    return Dose.of_ng(resolve(amount, start))


def read_down_to(value: DoseLike | Percent) -> Amount:
    """Read where a strategy ends; below the whole dose."""
    amount = read_amount(value, what="down_to", zero=True)
    if isinstance(amount, Percent) and amount.hundredths == WHOLE:
        raise StrategyError("down_to 100 % of start is where the course begins; give less", value=value)
    return amount
