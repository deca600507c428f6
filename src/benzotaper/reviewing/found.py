"""What a review found: every rule, what it came to, and what follows from all of them together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from benzotaper.edition import Ruleset
from benzotaper.errors import look_up
from benzotaper.fact_types import fact_types
from benzotaper.journal import Reviewed
from benzotaper.profiles import Profile
from benzotaper.reviewing.alerts import Alert, alerts_of
from benzotaper.reviewing.ladders import Directive, Urgency
from benzotaper.reviewing.results import Result
from benzotaper.reviewing.texts import Contacts
from benzotaper.rules.arms import PERMITTING
from benzotaper.truth import Truth

SUICIDE_RULES = ("RF-04", "RF-05", "RF-06")
"""The rules whose facts are answers about suicide."""
BLOCKING = ("ASK_NOW", "HOLD_UNTIL_KNOWN", "BLOCK_START")
"""The policies under which a gate stays shut while a rule is unknown."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Found:
    """What the rules found about one person at one moment, as all outputs read it.

    Attributes:
        results: one for each rule, fired or not, in the order of the rules.
        now: the moment.
        profile: whose thresholds were compared with.
        ruleset: the rule set.
        contacts: whom to call.
        drill: whether it is an exercise.
        table: the equivalence table by which diazepam mg counted.
        beside: by the id of each other default table, the rules that come out otherwise by it, and their truth there.
    """

    results: tuple[Result, ...]
    now: datetime
    profile: Profile
    ruleset: Ruleset
    contacts: Contacts
    drill: bool
    table: str
    beside: Mapping[str, Mapping[str, Truth]]

    # ---- one rule

    def __getitem__(self, rule_id: str) -> Result:
        """The result of a rule.

        Raises:
            UnknownIdError: no such rule; near ids are suggested.
        """
        return look_up(rule_id, self._by_id, kind="rule", where="bt.rule_ids()")

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    @cached_property
    def _by_id(self) -> dict[str, Result]:
        return {result.id: result for result in self.results}

    # ---- all of them

    @cached_property
    def true(self) -> tuple[Result, ...]:
        """The rules that are TRUE, offers to resume apart."""
        return tuple(each for each in self.results if each.truth is Truth.TRUE and each.id not in PERMITTING)

    @cached_property
    def not_excluded(self) -> tuple[Result, ...]:
        """The rules that are UNKNOWN: what was not ruled out."""
        return tuple(each for each in self.results if each.truth is Truth.UNKNOWN)

    @property
    def offers(self) -> tuple[Result, ...]:
        """The rules by which resuming may be offered. They ask for nothing, so no urgency comes from them."""
        return tuple(each for each in self.results if each.truth is Truth.TRUE and each.id in PERMITTING)

    @cached_property
    def urgency_known(self) -> Urgency:
        """The highest urgency of the rules that are TRUE; NONE where none is."""
        return Urgency.highest([result.urgency for result in self.true], Urgency.NONE)

    @cached_property
    def urgency_not_excluded(self) -> Urgency:
        """The highest urgency of what is UNKNOWN: it may be so."""
        found = [result.urgency_not_excluded for result in self.results if result.id not in PERMITTING]
        return Urgency.highest(found, Urgency.NONE)

    @cached_property
    def directive(self) -> Directive:
        """The strictest of what the TRUE rules ask of the taper."""
        return Directive.highest([result.directive for result in self.true], Directive.NONE)

    @property
    def prescriber_decides_dose(self) -> bool:
        """Whether not even the current dose may be taken for right: holding is then not the neutral answer."""
        return any(result.rule.prescriber_decides_dose for result in self.true)

    @property
    def may_step(self) -> Truth:
        """Whether a rule stands against the next reduction: FALSE if one does, UNKNOWN if one may, else TRUE.

        TRUE means that no rule against the step was found on these data, and no more than that.
        """
        return self.permitted("step")

    @property
    def may_start(self) -> Truth:
        """The same for the start of the plan."""
        return self.permitted("start") & self.permitted("plan")

    def permitted(self, gate: str) -> Truth:
        """Whether a rule guards this gate: "plan", "start" or "step"."""
        guards = [result for result in self.results if gate in result.rule.gate and result.override is None]
        if any(result.truth is Truth.TRUE for result in guards):
            return Truth.FALSE
        shut = any(result.truth is Truth.UNKNOWN and result.rule.if_unknown in BLOCKING for result in guards)
        return Truth.UNKNOWN if shut else Truth.TRUE

    @property
    def latched_now(self) -> tuple[Result, ...]:
        """The red flags that latch by this review: TRUE, and not latched before."""
        return tuple(result for result in self.true if result.rule.latched and not result.latched)

    @cached_property
    def alerts(self) -> tuple[Alert, ...]:
        """The TRUE rules, those with one cause together, the most urgent first."""
        return alerts_of(self.true)

    def questions(self, policy: str) -> tuple[str, ...]:
        """The facts to ask for next, of the rules that are unknown and have this policy ("ASK_NOW", "REVIEW", ...).

        Details of what is not known to have happened are asked for once it has.
        """
        unknown = [result for result in self.not_excluded if result.rule.if_unknown == policy]
        facts = dict.fromkeys(fact for result in unknown for fact in result.open_facts)
        return tuple(fact for fact in facts if fact_types()[fact].asked_of != ("plan",))

    @property
    def data_required(self) -> tuple[str, ...]:
        """The facts without which a gate stays shut."""
        return tuple(dict.fromkeys(fact for policy in BLOCKING for fact in self.questions(policy)))

    @property
    def data_requested(self) -> tuple[str, ...]:
        """The facts that a clinician would want to see, though no gate waits for them."""
        asked = dict.fromkeys(fact for policy in ("REVIEW", "NOTE") for fact in self.questions(policy))
        return tuple(fact for fact in asked if fact not in self.data_required)

    @cached_property
    def contact_same_day(self) -> tuple[str, ...]:
        """The suicide items that were declined: somebody talks with the person the same day."""
        items = {fact: result for result in self.results if result.id in SUICIDE_RULES for fact in result.facts}
        return tuple(fact for fact, result in items.items() if result.missing.get(fact) == "declined")

    @property
    def expired(self) -> bool:
        """Whether the rule set is past its last day."""
        return self.ruleset.expired_on(self.now.date())

    def entry(self, *, by: str) -> Reviewed:
        """The review as an entry of a course's journal: `course.record(review.entry(by="Dr A"))`.

        What is TRUE and latches stays until a named clinician clears it; what was reported of the past does not fire
        again.
        """
        return Reviewed(
            at=self.now,
            by=by,
            urgency=str(self.urgency_known),
            true_rules=tuple((result.id, str(result.urgency)) for result in self.true),
            latched=tuple(result.id for result in self.latched_now),
            reported_facts=tuple(dict.fromkeys(fact for result in self.true for fact in result.static_facts)),
            drill=self.drill,
        )
