"""Substitution: a cross-over to another drug, one administration or part of it at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Literal, Self

from benzotaper.drugs import drug_named
from benzotaper.errors import StrategyError
from benzotaper.intervals import days_text, read_days, read_time
from benzotaper.schedules.base import EVERY, Strategy

PICKS = ("low", "midpoint", "high")
DEFAULT_ORDER = ("night", "morning", "evening", "noon")


def incoming(dose: Any, numerator: Any, denominator: Any) -> Any:
    """What replaces a dose (ng, `int` or `int64` array), rounded down."""
    return dose * numerator // denominator


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Substitution(Strategy):
    """A cross-over: the doses of the day change to another drug in turn.

    Args:
        to: the drug that enters.
        table: the equivalence table, by id.
        pick: "low", "midpoint" or "high", where the table gives a range.
        order: the times of day in turn (night, morning, evening, noon when left out), or one entry a portion.
        portions: the parts in which one dose crosses over.
        every: the time between portions.
        hold: how long after the last portion before anything is reduced; at least 7 days in any case (FU-02).
        at_once: everything on the first day, instead of `every`.

    Raises:
        StrategyError: an order that does not fit the portions, `every` together with `at_once`, or neither.
        UnknownDrugError, IntervalError: as they say.

    Sources: Ashton schedules 1, 3 to 6, 8; NHS Scotland 2024; Novadic-Kentron (at once).

    >>> print(Substitution("diazepam", table="ashton-2002", every="1 week"))
    substitution to diazepam by ashton-2002 every 1 week
    """

    NAME: ClassVar[str] = "substitution"
    WRITTEN: ClassVar[str] = (
        "to <drug> by <table> [pick <low, midpoint or high>] [order <times>] "
        "[in N portions] every <days or weeks>, or at once [hold <days or weeks>]"
    )
    PATTERN: ClassVar[str] = (
        r"to (?P<to>[\w() -]+?) by (?P<table>[\w.-]+)(?: pick (?P<pick>\w+))?(?: order (?P<order>[a-z ]+?))?"
        rf"(?: in (?P<portions>\d+) portions)?(?: {EVERY}| (?P<at_once>at once))"
        r"(?: hold (?P<hold>\d+ (?:days?|weeks?)))?"
    )
    to: str
    table: str
    pick: str
    order: tuple[str, ...]
    portions: int
    every: int
    hold: int
    at_once: bool

    def __init__(
        self,
        to: str,
        *,
        table: str,
        pick: Literal["", "low", "midpoint", "high"] = "",
        order: Iterable[str] = (),
        portions: int = 1,
        every: str | timedelta = "",
        hold: str | timedelta = "",
        at_once: bool = False,
    ) -> None:
        if pick not in ("", *PICKS):
            raise StrategyError(f"pick {pick!r} must be one of {', '.join(PICKS)}", value=pick)
        if at_once == bool(every):
            message = "a substitution needs every=, the time between portions, or at_once=True; one of them"
            raise StrategyError(message, value=every)
        if type(portions) is not int or portions < 1 or (at_once and portions > 1):
            raise StrategyError(f"portions {portions!r} must be 1 or more, and 1 when at once", value=portions)
        named = getattr(table, "id", table)
        if not isinstance(named, str) or not named.strip():
            raise StrategyError(
                f"table {table!r} must be the id of an equivalence table, such as 'ashton-2002'", value=table
            )
        times = tuple(read_time(time) for time in order)
        repeats = {times.count(time) for time in times}
        if times and repeats not in ({1}, {portions}):
            message = f"order {times!r} must name each time once, or once a portion ({portions})"
            raise StrategyError(message, value=times)
        self._set(
            to=drug_named(to).name,
            table=named.strip(),
            pick=pick,
            order=times,
            portions=portions,
            every=read_days(every, what="every") if every else 0,
            hold=read_days(hold, what="hold") if hold else 0,
            at_once=bool(at_once),
        )

    @classmethod
    def _from_groups(cls, groups: dict[str, Any]) -> Self:
        return cls(
            groups.pop("to"),
            order=groups.pop("order", "").split(),
            portions=int(groups.pop("portions", "1")),
            at_once=bool(groups.pop("at_once", "")),
            **groups,
        )

    def __str__(self) -> str:
        return (
            f"{self.NAME} to {self.to} by {self.table}"
            + (f" pick {self.pick}" if self.pick else "")
            + (f" order {' '.join(self.order)}" if self.order else "")
            + (f" in {self.portions} portions" if self.portions > 1 else "")
            + (" at once" if self.at_once else f" every {days_text(self.every)}")
            + (f" hold {days_text(self.hold)}" if self.hold else "")
        )

    def __repr__(self) -> str:
        return f"<{self}>"

    def portions_in_turn(self, times: Iterable[str]) -> Iterator[str]:
        """The times of day, in the order in which one portion of each crosses over.

        Raises:
            StrategyError: the order leaves out a time at which something is taken.
        """
        taken = set(times)
        order = self.order or DEFAULT_ORDER
        if missing := taken - set(order):
            left_out = ", ".join(sorted(missing))
            message = f"order {' '.join(order)} leaves out {left_out}; name each time once, or once a portion"
            raise StrategyError(message, value=order)
        repeat = 1 if len(order) > len(set(order)) else self.portions
        for time in order:
            if time in taken:
                yield from [time] * repeat
