"""The records of an audit: what was found, and the schedule in figures."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from benzotaper.steps import Severity
from benzotaper.unknown import Unknown

Kind: TypeAlias = Literal[
    "rise", "jump", "unmakeable", "miscount", "gap", "overlap", "no_end", "last_fall", "zero_day", "total", "ambiguous"
]
KINDS: tuple[Kind, ...] = (
    "rise",
    "jump",
    "unmakeable",
    "miscount",
    "gap",
    "overlap",
    "no_end",
    "last_fall",
    "zero_day",
    "total",
    "ambiguous",
)
"""What can be found, in the order in which it is listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFinding:
    """Something in a schedule that a person must see.

    Attributes:
        kind: one of `KINDS`.
        severity: "red", "warning" or "notice".
        where: the row, line or item, and its day.
        message: what, in a sentence or two.
        fix: what would settle it, for whoever wrote the schedule; the prescriber decides.
        figures: names and exact texts of the numbers behind it.
        rule: the id of the rule, such as "PL-01"; "" where there is none.
        sources: ids of sources, for `cite`.
        origin: whose the threshold is; "house" is "project default, confirm".
    """

    kind: Kind
    severity: Severity
    where: str
    message: str
    fix: str
    figures: tuple[tuple[str, str], ...] = ()
    rule: str = ""
    sources: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSummary:
    """A schedule in figures; what is not known, or hangs on a line that could not be read, says why.

    Attributes:
        steps: changes of the dose.
        days: days from the first day to the first day of the last, open step (days).
        rises: how many rises were found.
        worst_fall_percent_of_current: the largest fall from one step to the next (%), that to zero left out; over
            days without a dose it is counted from the dose before them.
        worst_14_day_fall_percent: the largest fall within 14 days, or over a longer pause (%), that to zero left out.
        last_fall_mg: the fall to zero (mg).
        ends_at_mg: the last dose (mg); 0 where it ends.
    """

    steps: int
    days: int | Unknown
    rises: int
    worst_fall_percent_of_current: Fraction | Unknown
    worst_14_day_fall_percent: Fraction | Unknown
    last_fall_mg: Fraction | Unknown
    ends_at_mg: Fraction | Unknown
