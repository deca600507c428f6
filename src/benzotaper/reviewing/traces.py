"""Why a rule is TRUE, FALSE or UNKNOWN: its condition with what was found at each part, and what would change it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from benzotaper.entries import SCALE
from benzotaper.numbers import decimal_text
from benzotaper.rules.algebra import FAR, Number, Quotient
from benzotaper.rules.nodes import AllOf, AnyOf, Called, Compared, Node, Not
from benzotaper.rules.scalar import PersonMachine
from benzotaper.truth import Truth

_TURNED = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One part of a condition, with what was found.

    Attributes:
        text: as the rule has it.
        op: "and", "or", "not", a comparison, a function's name, or "" for a fact or switch.
        truth: what it came to.
        reason: why it is unknown; "" where it is known.
        left, right: what a comparison compared, as text; "" elsewhere.
        args: its parts.
    """

    text: str
    op: str
    truth: Truth
    reason: str
    left: str
    right: str
    args: tuple["Trace", ...]

    def lines(self, indent: str = "") -> Iterator[str]:
        """As lines of text, the parts below."""
        why = f" ({self.reason})" if self.reason else ""
        figures = f" [{self.left} {self.op} {self.right}]" if self.left else ""
        what = self.op if self.args and not self.left and self.op in ("and", "or", "not") else self.text
        yield f"{indent}{self.truth}{why}: {what}{figures}"
        for arg in self.args:
            yield from arg.lines(indent + "  ")

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        own: dict[str, Any] = {"op": self.op, "text": self.text, "truth": str(self.truth)}
        if self.reason:
            own["reason"] = self.reason
        if self.left:
            own |= {"left": self.left, "right": self.right}
        return own | ({"args": [arg.to_dict() for arg in self.args]} if self.args else {})


def trace_of(node: Node, machine: PersonMachine) -> Trace:
    """What a machine found at a node and its parts."""
    value = machine.run(node)
    truth = Truth(value)
    left = right = ""
    if isinstance(node, Compared):
        left, right = (value_text(machine.run(side)) for side in (node.left, node.right))
    return Trace(
        text=node.text,
        op=_op(node),
        truth=truth,
        reason=reason_of(node, machine) if truth is Truth.UNKNOWN else "",
        left=left,
        right=right,
        args=tuple(trace_of(part, machine) for part in node.conditions),
    )


def _op(node: Node) -> str:
    if isinstance(node, Compared):
        return node.op
    names = {AllOf: "and", AnyOf: "or", Not: "not"}
    return node.function if isinstance(node, Called) else names.get(type(node), "")


def reason_of(node: Node, machine: PersonMachine) -> str:
    """Why a node is unknown: its own reason, or that of the first unknown fact in it."""
    noted = (machine.reasons.get(part.place, "") for part in (node, *node.operands))
    return next((reason for reason in noted if reason), "") or next(
        (reason for leaf in unknown_leaves(node, machine) for _, reason in missing_of(leaf, machine)), PARTIAL
    )


PARTIAL = "partial"
"""What is said of an unknown where each fact is known, but not enough of it: some items, some days, one reading."""


def unknown_leaves(node: Node, machine: PersonMachine, *, first: bool = False) -> Iterator[Node]:
    """The smallest unknown conditions within an unknown one.

    Args:
        node: the condition.
        machine: what was found of it.
        first: of conditions that must all hold, only the first unknown one: what follows is asked when that is known.
    """
    unknown = [part for part in node.conditions if machine.run(part) == 1]
    if not unknown and machine.run(node) == 1:
        yield node
    for part in unknown[: 1 if first and isinstance(node, AllOf) else None]:
        yield from unknown_leaves(part, machine, first=first)


def missing_of(leaf: Node, machine: PersonMachine) -> list[tuple[str, str]]:
    """The facts that leave a condition unknown, each with the reason."""
    facts = list(dict.fromkeys(leaf.facts()))
    found = [(fact, reason) for fact in facts if (reason := fact_reason(fact, machine))]
    return found or [(fact, PARTIAL) for fact in facts]


def fact_reason(fact: str, machine: PersonMachine) -> str:
    """Why a fact is unknown or left open; "" where it is known."""
    state = machine.state(fact)
    if state.values:
        spread = any(entry.low != entry.high for entry in state.values if not isinstance(entry.high, tuple))
        return state.reason or (PARTIAL if spread else "")
    return "" if machine.by_day.get(fact) else state.reason


def value_text(value: Any) -> str:
    """An operand as text: a number, a range, or that it is unknown."""
    if isinstance(value, Quotient):
        return f"{value_text(value.above)} / {value_text(value.below)}"
    if not isinstance(value, Number):
        return str(value)
    if not value.exists:
        return "not applicable"
    low, high = (_number(end) if abs(end) < FAR // 2 else "" for end in value[:2])
    if low and high:
        return low if low == high else f"{low} to {high}"
    return f"{low} or more" if low else f"{high} or less" if high else "unknown"


def _number(scaled: Any) -> str:
    return decimal_text(Fraction(scaled) / SCALE)


# ---- what would change it


def would_change(trace: Trace) -> list[str]:
    """What would have to be otherwise for the part not to be TRUE any more; or, where it is not, to become so.

    >>> fact = Trace(text="akathisia", op="", truth=Truth.TRUE, reason="", left="", right="", args=())
    >>> would_change(fact)
    ['not akathisia']
    """
    if trace.truth is Truth.TRUE:
        return [_joined(_undone(trace))]
    return [_joined(_done(trace))]


def _joined(ways: list[str]) -> str:
    return " or ".join(ways)


def _undone(trace: Trace) -> list[str]:
    """The ways in which what is TRUE would not be."""
    if trace.op == "or":
        parts = [_joined(_undone(arg)) for arg in trace.args if arg.truth is Truth.TRUE]
        return [" and ".join(f"({part})" if " or " in part else part for part in parts)]
    if trace.op == "and":
        return [way for arg in trace.args for way in _undone(arg)]
    if trace.op == "not":
        return [way for arg in trace.args for way in _done(arg)]
    return [_opposite(trace)]


def _done(trace: Trace) -> list[str]:
    """The ways in which what is not TRUE would be."""
    if trace.op == "and":
        parts = [_joined(_done(arg)) for arg in trace.args if arg.truth is not Truth.TRUE]
        return [" and ".join(f"({part})" if " or " in part else part for part in parts)]
    if trace.op == "or":
        return [way for arg in trace.args for way in _done(arg)]
    if trace.op == "not":
        return [way for arg in trace.args for way in _undone(arg)]
    return [trace.text]


def _opposite(trace: Trace) -> str:
    if trace.left:
        left, _, right = trace.text.partition(f" {trace.op} ")
        return f"{left} {_TURNED[trace.op]} {right}"
    for op in ("==", "!="):
        if f" {op} " in trace.text:
            return trace.text.replace(f" {op} ", f" {_TURNED[op]} ")
    return f"not {trace.text}"
