"""The arithmetic of the rules, written once: it runs on whole numbers and on arrays of them alike.

Truth is 0 (FALSE), 1 (UNKNOWN) or 2 (TRUE): `and` is the lesser, `or` the greater, `not` is 2 minus it. A number is a
range, because a partial score is one; what is not known is the widest range of all, so that no comparison decides it.
"""

from typing import Any, Final, NamedTuple

FAR: Final = 10**12
"""Beyond every number here, in half-millionths; times a threshold it still fits 64 bits."""


class Number(NamedTuple):
    """A number as a range: `low` to `high`; `exists` is 0 where there is known to be none."""

    low: Any
    high: Any
    exists: Any


class Choice(NamedTuple):
    """One of a few words: bit n of `known` stands for the n-th; `open` is 1 where another one is possible."""

    known: Any
    open: Any


class Quotient(NamedTuple):
    """A number divided by another; it is compared without dividing."""

    above: Number
    below: Number


NOT_KNOWN: Final = Number(-FAR, FAR, 1)
NONE_BIT: Final = 1 << 62
"""The bit of a `Choice` that says: none."""


def established(truth: Any) -> Any:
    """TRUE where it is TRUE, else FALSE.

    >>> [established(truth) for truth in (0, 1, 2)]
    [0, 0, 2]
    """
    return truth // 2 * 2


def possible(truth: Any) -> Any:
    """FALSE where it is FALSE, else TRUE.

    >>> [possible(truth) for truth in (0, 1, 2)]
    [0, 2, 2]
    """
    return (truth + 1) // 2 * 2


def surely(truth: Any) -> Any:
    """1 where it is TRUE, else 0."""
    return truth // 2


def maybe(truth: Any) -> Any:
    """1 where it is TRUE or UNKNOWN, else 0."""
    return (truth + 1) // 2


def compare(op: str, left: Number, right: Number) -> Any:
    """Whether every pair of values, some pair or none meets the comparison; FALSE where there is no value.

    >>> [compare(">=", Number(low, high, 1), Number(15, 15, 1)) for low, high in ((9, 14), (13, 16), (15, 16))]
    [0, 1, 2]
    """
    exists = left.exists * right.exists
    return surely_meets(op, left, right) * exists + may_meet(op, left, right) * exists


def surely_meets(op: str, left: Number, right: Number) -> Any:
    """Whether every pair of values meets the comparison."""
    if op == ">=":
        return left.low >= right.high
    if op == ">":
        return left.low > right.high
    return left.high <= right.low if op == "<=" else left.high < right.low


def may_meet(op: str, left: Number, right: Number) -> Any:
    """Whether some pair of values meets the comparison."""
    if op == ">=":
        return left.high >= right.low
    if op == ">":
        return left.high > right.low
    return left.low <= right.high if op == "<=" else left.low < right.high


def minus(left: Number, right: Number) -> Number:
    """The difference of two ranges."""
    return Number(left.low - right.high, left.high - right.low, left.exists * right.exists)


def times(number: Number, factor: int) -> Number:
    """A range times a whole number above 0."""
    return Number(number.low * factor, number.high * factor, number.exists)


def product(left: Number, right: Number) -> Number:
    """A range of any sign times a range of zero or more; exact, for what neither end of can be below zero."""
    return Number(left.low * right.low, left.high * right.high, left.exists * right.exists)
