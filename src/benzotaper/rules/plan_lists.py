"""Functions of a whole plan: its reductions, and its doses day by day. One person at a time, in exact numbers."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from benzotaper.entries import SCALE, Run
from benzotaper.rules.algebra import NOT_KNOWN, Number, compare
from benzotaper.rules.days import whole
from benzotaper.rules.machine import Machine
from benzotaper.rules.nodes import Node
from benzotaper.unknown import Unknown
from benzotaper.values import NOT_APPLICABLE

PER_REDUCTION = ("step_mg", "step_fraction", "interval_d")
"""The facts that stand for one reduction's own value within `first_reduction` and `any_reduction`."""


def _runs(machine: Machine, node: Node, fact: str) -> tuple[Run, ...] | None:
    """The numbers of a list, equal neighbours together; None where they are unknown."""
    found = machine.entries_in_force(fact)
    if isinstance(found, Unknown):
        machine.because(node, found.reason)
        return None
    return () if found is NOT_APPLICABLE else found


def _list(machine: Machine, node: Node, fact: str) -> list[Any] | None:
    """The numbers of a list; None where they are unknown."""
    found = _runs(machine, node, fact)
    return None if found is None else [value for value, many in found for _ in range(many)]


def _falls(runs: Iterable[Run], apart: int) -> Iterator[tuple[Any, Any]]:
    """The dose before and after, for every fall between two days that are at most so far apart."""
    earlier: list[tuple[int, Any]] = []  # the last day of each run, and its dose
    day = 0
    for later, many in runs:
        yield from ((before, later) for last, before in earlier if before > later and day - last <= apart)
        day += many
        earlier = [*(each for each in earlier if day - each[0] <= apart), (day - 1, later)]


def first_reduction(machine: Any, node: Node, condition: Node) -> Any:
    """Whether it holds at the first reduction."""
    return _at_reductions(machine, node, condition, most=1)


def any_reduction(machine: Any, node: Node, condition: Node) -> Any:
    """Whether it holds at some reduction."""
    return _at_reductions(machine, node, condition, most=None)


def _at_reductions(machine: Any, node: Node, condition: Node, *, most: int | None) -> int:
    named = [fact for fact in PER_REDUCTION if fact in condition.facts()]
    lists = {fact: _list(machine, node, fact) for fact in named}
    known = [values for values in lists.values() if values is not None]
    if not known:
        return 1
    at_reduction, truth = machine.fresh_copy(), 0
    for n in range(max(map(len, known)))[:most]:
        at_reduction.take(condition, {fact: _at(values, n) for fact, values in lists.items()})
        truth = max(truth, at_reduction.run(condition))
    return truth


def _at(values: list[Any] | None, n: int) -> Number:
    return NOT_KNOWN if values is None or n >= len(values) else Number(values[n], values[n], 1)


def any_growth(machine: Machine, node: Node, fact: str, margin: Node) -> Any:
    """Whether some entry exceeds the one before by more than the margin; the fall to zero is not counted."""
    values, most = _list(machine, node, fact), machine.run(margin)
    if values is None:
        return 1
    grown = [compare(">", Number(later - before, later - before, 1), most) for before, later in pairwise(values)]
    if not grown:
        return 0
    ends_at_zero = machine.truth("plan.ends_at_zero", node.worse)
    return max(max(grown[:-1], default=0), min(grown[-1], 2 - ends_at_zero))


def fall_within_days(machine: Machine, node: Node, fact: str, window: Node) -> Number:
    """The largest fall between two days that are at most so far apart."""
    runs = _runs(machine, node, fact)
    if runs is None:
        return NOT_KNOWN
    fall = max((before - after for before, after in _falls(runs, whole(machine.run(window)))), default=0)
    return Number(fall, fall, 1)


def falls_faster(machine: Machine, node: Node, fact: str, window: Node, fraction: Node, floor: Node) -> Any:
    """Whether some fall is larger than a share of the dose before it, and than the floor; one to 0 is not counted."""
    runs = _runs(machine, node, fact)
    if runs is None:
        return 1
    share, least = machine.run(fraction).low, machine.run(floor)
    falls = [
        before - after
        for before, after in _falls(runs, whole(machine.run(window)))
        if after > 0 and (before - after) * SCALE > share * before
    ]
    fall = max(falls, default=0)
    return compare(">", Number(fall, fall, 1), least) if falls else 0


def zero_then_dose(machine: Machine, node: Node, fact: str) -> Any:
    """Whether a day without a dose is followed by one with a dose."""
    runs = _runs(machine, node, fact)
    if runs is None:
        return 1
    first = next((n for n, (value, _) in enumerate(runs) if not value), len(runs))
    return 2 * any(value for value, _ in runs[first:])
