"""Three-valued truth: what is not known is neither yes nor no, and stays so until it is known."""

from enum import Enum
from typing import NoReturn


class Truth(Enum):
    """FALSE < UNKNOWN < TRUE, by Kleene's logic: `&` is the lesser, `|` the greater, `~` turns it round.

    It has no yes or no of its own: `if truth:` raises, because UNKNOWN would otherwise pass for one of them.

    >>> Truth.TRUE & Truth.UNKNOWN, Truth.TRUE | Truth.UNKNOWN, ~Truth.UNKNOWN
    (Truth.UNKNOWN, Truth.TRUE, Truth.UNKNOWN)
    >>> max(Truth.FALSE, Truth.UNKNOWN)
    Truth.UNKNOWN
    """

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    def __and__(self, other: "Truth") -> "Truth":
        return min(self, other) if isinstance(other, Truth) else NotImplemented

    def __or__(self, other: "Truth") -> "Truth":
        return max(self, other) if isinstance(other, Truth) else NotImplemented

    def __invert__(self) -> "Truth":
        return Truth(2 - self.value)

    def __lt__(self, other: "Truth") -> bool:
        return self.value < other.value if isinstance(other, Truth) else NotImplemented

    def __le__(self, other: "Truth") -> bool:
        return self.value <= other.value if isinstance(other, Truth) else NotImplemented

    def __gt__(self, other: "Truth") -> bool:
        return self.value > other.value if isinstance(other, Truth) else NotImplemented

    def __ge__(self, other: "Truth") -> bool:
        return self.value >= other.value if isinstance(other, Truth) else NotImplemented

    def __bool__(self) -> NoReturn:
        msg = f"{self} is neither yes nor no by itself; compare it, as in `truth is Truth.TRUE`"
        raise TypeError(msg)

    def __repr__(self) -> str:
        return f"Truth.{self.name}"

    def __str__(self) -> str:
        return self.name
