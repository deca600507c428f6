"""Functions of daily values: how many days, how long in a row, the middle, the sum."""

from collections.abc import Iterable
from typing import Any

from benzotaper.entries import SCALE
from benzotaper.errors import RuleError
from benzotaper.rules.algebra import FAR, Number, compare, maybe, minus, product, surely, times
from benzotaper.rules.machine import Machine, Window
from benzotaper.rules.nodes import Node

UPWARD = (">=", ">")
"""The comparisons that a higher value meets sooner."""


def since_reduction(machine: Machine, _: Node, days: Node) -> Window:
    """So many days, but none before the day of the last reduction."""
    return Window(whole(machine.run(days)), since=True)


def window_of(machine: Machine, node: Node) -> Window:
    """The days of a window: of a threshold, or of `since_reduction`."""
    found = machine.run(node)
    return found if isinstance(found, Window) else Window(whole(found), since=False)


def whole(limit: Number) -> int:
    """A threshold that must be a whole number, such as a number of days.

    Raises:
        RuleError: it is none.
    """
    number, rest = divmod(int(limit.low), SCALE)
    if rest:
        message = f"a threshold of {int(limit.low) / SCALE} stands where a whole number must; change the profile"
        raise RuleError(message, condition="", value=limit.low)
    return number


def counted(machine: Machine, truths: Iterable[Any]) -> Number:
    """How many are TRUE: at least and at most."""
    sure = possible = 0
    for truth in truths:
        sure = sure + surely(truth)
        possible = possible + maybe(truth)
    return Number(machine.number_of(sure), machine.number_of(possible), 1)


def _daily(machine: Machine, node: Node, fact: str, op: str, value: Any, window: Node) -> list[Any]:
    """The truth of each day: whether its value meets the comparison."""
    if op == "==":  # a word: its truth by day is whether it is this one
        return [day_truth(day) for day in machine.days(fact, window_of(machine, window), node.worse, level=value)]
    limit = machine.run(value)
    days = machine.days(fact, window_of(machine, window), (op in UPWARD) == node.worse)
    return [compare(op, day, limit) for day in days]


def days_meeting(machine: Machine, node: Node, fact: str, op: str, value: Any, window: Node) -> Number:
    """The number of days whose value meets the comparison."""
    return counted(machine, _daily(machine, node, fact, op, value, window))


def any_day_meeting(machine: Machine, node: Node, fact: str, op: str, value: Any, window: Node) -> Any:
    """Whether some day meets it; FALSE only if no day is unknown."""
    found: Any = 0
    for truth in _daily(machine, node, fact, op, value, window):
        found = machine.greater(found, truth)
    return found


def days_true(machine: Machine, node: Node, fact: str, window: Node) -> Number:
    """The number of days on which it was TRUE."""
    return counted(machine, (day_truth(day) for day in machine.days(fact, window_of(machine, window), node.worse)))


def day_truth(day: Number) -> Any:
    """The truth of a day by its yes or no: UNKNOWN where there is none, FALSE outside a window."""
    return ((day.low > 1) * 1 + (day.high > 0)) * day.exists


def days_changed(
    machine: Machine, node: Node, fact: str, baseline: Node, op: str, amount: Node, window: Node
) -> Number:
    """The number of days on which the value differs from the baseline as the comparison says."""
    before, limit = machine.run(baseline), machine.run(amount)
    days = machine.days(fact, window_of(machine, window), (op in UPWARD) == node.worse)
    return counted(machine, (compare(op, minus(day, before), limit) for day in days))


def days_above(machine: Machine, node: Node, fact: str, other: str, window: Node) -> Number:
    """The number of days on which one is above the other."""
    days = window_of(machine, window)
    pairs = zip(
        machine.days(fact, days, node.worse),
        machine.days(other, days, not node.worse, by=fact),
        strict=True,
    )
    return counted(machine, (compare(">", one, another) for one, another in pairs))


def any_day_differs(machine: Machine, _: Node, fact: str, other: str, fraction: Node, window: Node) -> Any:
    """Whether on some day they differ by more than a share of the other one."""
    days, share = window_of(machine, window), machine.run(fraction)
    found: Any = 0
    for highest in (True, False):
        for one, another in zip(
            machine.days(fact, days, highest), machine.days(other, days, not highest, by=fact), strict=True
        ):
            found = machine.greater(found, _differs(machine, one, another, share))
    return found


def _differs(machine: Machine, one: Number, other: Number, share: Number) -> Any:
    known = (one.low == one.high) & (other.low == other.high)
    apart = machine.greater(one.low - other.low, other.low - one.low)
    more = compare(">", times(Number(apart, apart, 1), SCALE), product(share, other))
    return machine.where(known, more, 1) * one.exists * other.exists


def longest_run(machine: Machine, node: Node, fact: str, op: str, value: Any, window: Node) -> Number:
    """The longest run of days in a row that meet the comparison."""
    sure = possible = longest_sure = longest_possible = 0
    for truth in _daily(machine, node, fact, op, value, window):
        sure, possible = (sure + 1) * surely(truth), (possible + 1) * maybe(truth)
        longest_sure = machine.greater(longest_sure, sure)
        longest_possible = machine.greater(longest_possible, possible)
    return Number(machine.number_of(longest_sure), machine.number_of(longest_possible), 1)


def median_of(machine: Machine, node: Node, fact: str, window: Node, least: Node) -> Number:
    """The median of the known values."""
    days = machine.days(fact, window_of(machine, window), node.worse)
    found = machine.middle(days, whole(machine.run(least)))
    machine.because(node, "partial", found.low != found.high)
    return found


def sum_within(machine: Machine, node: Node, fact: str, window: Node) -> Number:
    """The sum of the daily values; a day that is not known has no upper limit."""
    low: Any = 0
    high: Any = 0
    for day in machine.days(fact, window_of(machine, window), node.worse):
        known = machine.where(day.low == day.high, day.exists, 0)
        low = low + day.low * known
        high = machine.lesser(high + machine.where(known == day.exists, day.high * known, FAR), FAR)
    return Number(low, high, 1)


def rises_in_a_row(machine: Machine, _: Node, fact: str) -> Number:
    """How many of the newest values in a row are higher than the one before."""
    return times(machine.rises(fact), SCALE)
