"""What the value of a fact can be: known, an interval, known not to exist, or unknown. Never None, never a float."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Final, Literal, NoReturn, TypeAlias

from benzotaper.unknown import Unknown


class NotApplicable(Enum):
    """The type of `NOT_APPLICABLE`."""

    NOT_APPLICABLE = "not applicable"

    def __bool__(self) -> NoReturn:
        msg = "this value is not applicable; ask `value is NOT_APPLICABLE` instead of using it as yes or no"
        raise TypeError(msg)

    def __repr__(self) -> str:
        return self.name


NOT_APPLICABLE: Final[Literal[NotApplicable.NOT_APPLICABLE]] = NotApplicable.NOT_APPLICABLE
"""What is known not to exist, or known not to apply: no target drug, no hold. That is not unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Every value from low to high, both included.

    Attributes:
        low: the lowest value.
        high: the highest value, not below the lowest.

    >>> Interval(low=Fraction(5), high=Fraction(10)).high
    Fraction(10, 1)
    """

    low: Fraction
    high: Fraction


Value: TypeAlias = (
    bool
    | int
    | Fraction
    | str
    | date
    | tuple[Fraction, ...]
    | Mapping[date, Fraction]
    | Interval
    | NotApplicable
    | Unknown
)
"""The value of a fact; a mapping holds one number a calendar day."""
