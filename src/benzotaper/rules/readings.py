"""Readings that must be taken again before they count."""

from functools import cache
from typing import Any

from benzotaper.rules.days import whole
from benzotaper.rules.machine import Machine
from benzotaper.rules.nodes import Node

MEASURED = ("sbp", "dbp", "pulse", "temp", "rr", "spo2", "at_rest")
"""The facts that belong to a set of readings: what was measured at one moment."""


@cache
def measured_in(node: Node) -> frozenset[str]:
    """Those of them that a condition reads."""
    return frozenset(node.facts()) & frozenset(MEASURED)


def repeated(machine: Machine, _: Node, condition: Node, apart: Node | None = None) -> Any:
    """Whether the condition holds in two sets of readings, so many minutes apart."""
    return machine.repeated(condition, 0 if apart is None else whole(machine.run(apart)))
