"""What is written down in a course: who did what when, and why. Entries are added, never changed or taken away."""

from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any, ClassVar

from benzotaper.doses import Dose
from benzotaper.errors import CourseError, did_you_mean, hint
from benzotaper.intervals import read_date
from benzotaper.plan import Plan
from benzotaper.rulebook import rule

URGENCIES = ("NONE", "INFO", "NEXT_REVIEW", "WITHIN_72H", "SAME_DAY", "EMERGENCY_NOW")
"""From none to the highest."""
PLAN_CHECK = "PLAN_CHECK"
"""Stands outside the ladder of urgencies: looked at when a plan is made."""
ROLES = ("clinician", "prescriber")
TIERS = ("low", "moderate", "high")
"""Risk tiers, from the lowest to the highest."""
OVERRIDE_REASONS = {
    "benefit outweighs": "the benefit for this person is judged to outweigh the risk",
    "already managed": "what the rule asks for is done or arranged",
    "not applicable to this person": "the rule's reason does not hold for this person",
    "measurement error": "the value behind it is wrong or was measured wrongly",
}
"""Why a rule that is no red flag may be set aside for a while, by code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry.

    Attributes:
        at: the calendar day of a change of the plan; the time, with its zone, of anything else.
        by: who did it, by name.
    """

    KIND: ClassVar[str] = ""
    TIMED: ClassVar[bool] = True
    """Whether `at` is a time; otherwise it is a calendar day."""
    REASONED: ClassVar[bool] = False
    """Whether a reason must be given."""
    NAMED: ClassVar[bool] = True
    """Whether somebody must be named."""

    at: date | datetime
    by: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", read_moment(self.at) if self.TIMED else read_date(self.at, what="on"))
        if self.NAMED or self.by:
            object.__setattr__(self, "by", named(self.by, "by", "who did it, by name"))
        reason = getattr(self, "reason", "")
        if self.REASONED or reason:
            object.__setattr__(self, "reason", named(reason, "reason", "why, in words; it stays in the journal"))
        self._check()

    def _check(self) -> None:
        """What only this kind of entry asks."""

    @property
    def day(self) -> date:
        """Its calendar day, in the zone in which it was written down."""
        return self.at.date() if isinstance(self.at, datetime) else self.at


def named(text: object, name: str, what: str) -> str:
    """A text that says something.

    Raises:
        CourseError: it is none.

    >>> named(" Dr A ", "by", "who")
    'Dr A'
    """
    if not isinstance(text, str) or not text.strip():
        raise CourseError(f"{name}={text!r} must be text that says {what}", value=text)
    return text.strip()


def read_moment(value: object, *, what: str = "at") -> datetime:
    """A time with its zone; the zone is kept as its distance from UTC then.

    Raises:
        CourseError: no time, or one without a zone.

    >>> from datetime import UTC
    >>> read_moment(datetime(2027, 1, 5, 9, tzinfo=UTC)).isoformat()
    '2027-01-05T09:00:00+00:00'
    """
    offset = value.utcoffset() if isinstance(value, datetime) else None
    if not isinstance(value, datetime) or offset is None:
        message = (
            f"{what}={value!r} must be a time with its zone, such as datetime(2027, 1, 5, 9, tzinfo=ZoneInfo(...))"
        )
        raise CourseError(message, value=value)
    return value.replace(tzinfo=timezone(offset), fold=0)


def one_of(value: object, known: Any, name: str) -> None:
    """Refuse what is not among a few texts.

    Raises:
        CourseError: it is another value.
    """
    if not isinstance(value, str) or value not in known:
        near = hint(did_you_mean(str(value), known))
        raise CourseError(f"{name} {value!r} is not known{near}; it is one of {', '.join(known)}", value=value)


# ---------------------------------------------------------------------------------------------------------------------
# Changes of the plan: `at` is the day from which it holds
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Entry):
    """An entry from whose day on something else is taken than was planned."""

    TIMED: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Change):
    """The plan was accepted: `at` is its first day.

    Attributes:
        reason: why in spite of its red findings; "" where it has none.
        findings: the codes of those.
    """

    KIND: ClassVar[str] = "accepted"
    NAMED: ClassVar[bool] = False
    reason: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Change):
    """From that day on the dose of the day before is kept."""

    KIND: ClassVar[str] = "paused"
    REASONED: ClassVar[bool] = True
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned(Change):
    """From that day on another plan holds.

    Attributes:
        plan: that plan.
        reason: why; it must be there where the plan has red findings.
        findings: the codes of those.
    """

    plan: Plan
    reason: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Replanned):
    """A hold ended, or the gate of a plan was opened."""

    KIND: ClassVar[str] = "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slowed(Replanned):
    """Without a hold, smaller or rarer reductions follow."""

    KIND: ClassVar[str] = "slowed"
    REASONED: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SteppedBack(Change):
    """From that day on the dose of an earlier step is taken again, and kept.

    Attributes:
        role: "prescriber": nobody else may.
        reason: why.
        step: the step of the course, as `Course.steps` counted it before this entry.
    """

    KIND: ClassVar[str] = "stepped_back"
    REASONED: ClassVar[bool] = True
    role: str
    reason: str
    step: int

    def _check(self) -> None:
        one_of(self.role, ROLES, "role")
        if self.role != "prescriber":
            message = f"role {self.role!r} cannot return to an earlier dose: a named prescriber decides that"
            raise CourseError(message, value=self.role)


# ---------------------------------------------------------------------------------------------------------------------
# What else is written down: `at` is a time
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(Entry):
    """A review was completed.

    Attributes:
        urgency: the highest urgency of its TRUE rules.
        true_rules: those rules, each with its urgency.
        latched: the rules that it latched anew.
        reported_facts: facts that it reported, so that they do not count as newly recorded again.
        drill: whether it was a drill.
    """

    KIND: ClassVar[str] = "reviewed"
    urgency: str
    true_rules: tuple[tuple[str, str], ...] = ()
    latched: tuple[str, ...] = ()
    reported_facts: tuple[str, ...] = ()
    drill: bool = False

    def _check(self) -> None:
        one_of(self.urgency, URGENCIES, "urgency")
        object.__setattr__(self, "true_rules", tuple((rule_id, urgency) for rule_id, urgency in self.true_rules))
        object.__setattr__(self, "latched", tuple(self.latched))
        object.__setattr__(self, "reported_facts", tuple(self.reported_facts))
        for rule_id, urgency in self.true_rules:
            rule(rule_id)
            one_of(urgency, (*URGENCIES, PLAN_CHECK), f"urgency of {rule_id}")
        for rule_id in self.latched:
            if not rule(rule_id).latched or dict(self.true_rules).get(rule_id) not in URGENCIES:
                message = f"{rule_id} cannot be latched: only a rule that latches, true in this review with an urgency"
                raise CourseError(message, value=rule_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared(Entry):
    """A latched rule was cleared by a named clinician.

    Attributes:
        rule_id: the rule.
        role: "clinician" or "prescriber".
        reason: why.
        rebaselined: whether the prescriber set the baseline anew, as EMERGENCY_NOW asks.
    """

    KIND: ClassVar[str] = "cleared"
    REASONED: ClassVar[bool] = True
    rule_id: str
    role: str
    reason: str
    rebaselined: bool = False

    def _check(self) -> None:
        one_of(self.role, ROLES, "role")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overridden(Entry):
    """A rule that is no red flag was set aside for a while.

    Attributes:
        rule_id: the rule.
        role: "clinician" or "prescriber".
        code: the reason, one of `OVERRIDE_REASONS`.
        note: what else is to be said.
        until: the time from which it counts again.
    """

    KIND: ClassVar[str] = "overridden"
    rule_id: str
    role: str
    code: str
    until: datetime
    note: str = ""

    def _check(self) -> None:
        one_of(self.role, ROLES, "role")
        one_of(self.code, OVERRIDE_REASONS, "code")
        object.__setattr__(self, "until", read_moment(self.until, what="until"))
        judged = rule(self.rule_id)
        if judged.kind == "red_flag" or judged.latched:
            message = (
                f"{self.rule_id} is a red flag: it is never overridden; a named clinician clears it once it latched"
            )
            raise CourseError(message, value=self.rule_id)
        if not isinstance(self.at, datetime) or self.until <= self.at:
            raise CourseError(f"until={self.until} must be after at={self.at}", value=self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn(Entry):
    """A check-in was completed."""

    KIND: ClassVar[str] = "checked_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalDoseAllowed(Entry):
    """A named prescriber allowed a last fall to zero of this size.

    Attributes:
        dose: the largest fall to zero.
        drug: the drug that it counts in, as the course's totals do.
        reason: why.
    """

    KIND: ClassVar[str] = "final_dose_allowed"
    REASONED: ClassVar[bool] = True
    dose: Dose
    drug: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierSet(Entry):
    """A clinician set the risk tier; it never falls.

    Attributes:
        tier: one of `TIERS`.
        reason: why.
    """

    KIND: ClassVar[str] = "tier_set"
    REASONED: ClassVar[bool] = True
    tier: str
    reason: str

    def _check(self) -> None:
        one_of(self.tier, TIERS, "tier")


_KINDS: tuple[type[Entry], ...] = (
    Accepted,
    Paused,
    Resumed,
    Slowed,
    SteppedBack,
    Reviewed,
    Cleared,
    Overridden,
    CheckedIn,
    FinalDoseAllowed,
    TierSet,
)
KINDS: dict[str, type[Entry]] = {kind.KIND: kind for kind in _KINDS}
"""Every kind of entry, by its name."""
