"""The words of a review that have an order: how soon somebody must act, and what is asked of the taper."""

from enum import StrEnum
from typing import Self


class Ladder(StrEnum):
    """Words from the least to the most; each equals its text."""

    @property
    def rung(self) -> int:
        """Its place, from 0."""
        return list(type(self)).index(self)

    def __lt__(self, other: str) -> bool:
        return self.rung < type(self)(other).rung

    def __le__(self, other: str) -> bool:
        return self.rung <= type(self)(other).rung

    def __gt__(self, other: str) -> bool:
        return self.rung > type(self)(other).rung

    def __ge__(self, other: str) -> bool:
        return self.rung >= type(self)(other).rung

    @classmethod
    def highest(cls, words: "list[Self]", least: Self) -> Self:
        """The highest of them, or the least where there is none."""
        return max(words, default=least)


class Urgency(Ladder):
    """How soon somebody must act.

    NONE: no rule is TRUE. INFO: one is, and nobody needs to act. PLAN_CHECK is no rung: it is said of a rule that is
    asked when a plan is made, and counts as INFO in a review.

    >>> Urgency.SAME_DAY > Urgency.NEXT_REVIEW, Urgency.SAME_DAY == "SAME_DAY"
    (True, True)
    """

    NONE = "NONE"
    INFO = "INFO"
    NEXT_REVIEW = "NEXT_REVIEW"
    WITHIN_72H = "WITHIN_72H"
    SAME_DAY = "SAME_DAY"
    EMERGENCY_NOW = "EMERGENCY_NOW"


class Directive(Ladder):
    """What is asked of the taper; none of them stops a drug, goes faster or raises a dose.

    >>> max(Directive.SLOW, Directive.HOLD)
    <Directive.HOLD: 'HOLD'>
    """

    NONE = "NONE"
    SLOW = "SLOW"
    HOLD = "HOLD"
    BLOCK_START = "BLOCK_START"


INTERRUPTS = Urgency.SAME_DAY
"""From here on an alert may interrupt; what is below waits until it is looked at."""


def urgency_of(arm_urgency: str) -> Urgency:
    """The rung of an arm's urgency."""
    return Urgency.INFO if arm_urgency == "PLAN_CHECK" else Urgency(arm_urgency)
