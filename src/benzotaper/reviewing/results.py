"""What a review found about one rule, whether it fired or not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property

from benzotaper.entries import Entry
from benzotaper.fact_types import fact_types
from benzotaper.numbers import decimal_text
from benzotaper.observations import microseconds
from benzotaper.profiles import Profile, Threshold
from benzotaper.reviewing.ladders import Directive, Urgency, urgency_of
from benzotaper.reviewing.traces import Trace, fact_reason, missing_of, trace_of, unknown_leaves, would_change
from benzotaper.rulebook import Rule
from benzotaper.rules.arms import Arm
from benzotaper.rules.nodes import Called, Node
from benzotaper.rules.scalar import PersonMachine
from benzotaper.sources import Source, cite, source_ids
from benzotaper.truth import Truth
from benzotaper.unknown import Unknown
from benzotaper.values import NOT_APPLICABLE, Interval, NotApplicable

NOT_CONSIDERED = ("relapse of the original disorder", "another illness", "what nobody has recorded")
"""What no rule weighs: a clinician does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A fact as a rule saw it.

    Attributes:
        name: the fact.
        value: the newest value, as text; "" where there is none.
        unit: its unit.
        form_id: the form it is from; "" where none is named.
        observed_at: when; "" where it was never observed.
        age: how old it is; zero where it was never observed.
        max_age: how long it stays fresh; `timedelta.max` where it does not age.
        by, who: who gave it.
        quality: "ok", or why it is unknown.
    """

    name: str
    value: str
    unit: str
    form_id: str
    observed_at: datetime | str
    age: timedelta
    max_age: timedelta
    by: str
    who: str
    quality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Latch:
    """A red flag that stays until a named clinician clears it: since when, and how urgent it then was."""

    since: datetime
    urgency: Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A named person's decision that a rule does not hold up the taper: until a time, or "" for as long as the plan."""

    by: str
    role: str
    reason: str
    until: datetime | str

    @property
    def until_text(self) -> str:
        """Until when, in words."""
        return f"until {self.until.isoformat()}" if isinstance(self.until, datetime) else "for this plan"


@dataclass(frozen=True, kw_only=True, repr=False)
class Result:
    """What one rule came to, and why.

    Attributes:
        rule: the rule, in words.
        arms: the ways in which it can hold.
        machine: what was found of every part.
        profile: whose thresholds were compared with.
        latch: what is latched, from an earlier review; None where nothing is.
        override: a decision that is in force; None where there is none.
    """

    rule: Rule
    arms: tuple[Arm, ...]
    machine: PersonMachine
    profile: Profile
    latch: Latch | None = None
    override: Override | None = None

    @property
    def id(self) -> str:
        """The id of the rule."""
        return self.rule.id

    @cached_property
    def arm_truths(self) -> dict[str, Truth]:
        """The truth of each arm, by its name."""
        return {arm.name: Truth(self.machine.run(arm.node)) for arm in self.arms}

    @cached_property
    def truth(self) -> Truth:
        """TRUE, FALSE or UNKNOWN; a latched red flag is TRUE."""
        return Truth.TRUE if self.latch else max(self.arm_truths.values())

    @property
    def latched(self) -> bool:
        """Whether an earlier review latched it and nobody has cleared it since."""
        return self.latch is not None

    @cached_property
    def urgency(self) -> Urgency:
        """The highest urgency of its TRUE arms, and of the latch; NONE where it is not TRUE."""
        found = [urgency_of(arm.urgency) for arm in self.arms if self.arm_truths[arm.name] is Truth.TRUE]
        return Urgency.highest(found + ([self.latch.urgency] if self.latch else []), Urgency.NONE)

    @cached_property
    def urgency_not_excluded(self) -> Urgency:
        """The highest urgency of its UNKNOWN arms; NONE where none is."""
        unknown = [urgency_of(arm.urgency) for arm in self.arms if self.arm_truths[arm.name] is Truth.UNKNOWN]
        return Urgency.highest(unknown, Urgency.NONE)

    @property
    def directive(self) -> Directive:
        """What it asks of the taper, where it is TRUE and nobody with the right to has overridden it."""
        asks = self.truth is Truth.TRUE and self.override is None
        return Directive(self.rule.directive) if asks else Directive.NONE

    @property
    def unverified(self) -> bool:
        """Whether it rests on a fact that was recalled and never verified."""
        return self.rule.grade == "recalled"

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is unknown: each fact that is missing, with its reason; empty where it is known."""
        if self.truth is not Truth.UNKNOWN:
            return ()
        return tuple(f"{fact} ({reason})" for fact, reason in self.missing.items())

    @cached_property
    def missing(self) -> dict[str, str]:
        """The facts that leave an arm unknown, each with its reason."""
        leaves = (leaf for arm in self.arms for leaf in unknown_leaves(arm.node, self.machine))
        return {fact: reason for leaf in leaves for fact, reason in missing_of(leaf, self.machine)}

    @cached_property
    def open_facts(self) -> tuple[str, ...]:
        """The facts to ask for next: of each unknown condition, the first that is not known."""
        leaves = (leaf for arm in self.arms for leaf in unknown_leaves(arm.node, self.machine, first=True))
        return tuple(dict.fromkeys(fact for leaf in leaves for fact, _ in missing_of(leaf, self.machine)))

    @cached_property
    def trace(self) -> tuple[tuple[str, Trace], ...]:
        """The name of each arm and its condition, with what was found at each part."""
        return tuple((arm.name, trace_of(arm.node, self.machine)) for arm in self.arms)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts that it reads."""
        return tuple(dict.fromkeys(fact for arm in self.arms for fact in arm.node.facts()))

    @cached_property
    def deciding_facts(self) -> frozenset[str]:
        """The facts of the parts that are TRUE in a TRUE arm: what it fired on."""
        return frozenset(
            fact
            for arm in self.arms
            if self.arm_truths[arm.name] is Truth.TRUE
            for fact in _deciding(arm.node, self.machine)
        )

    @cached_property
    def static_facts(self) -> tuple[str, ...]:
        """The facts of the past that it reports for the first time."""
        called = [node for arm in self.arms for node in _called(arm.node, "newly_recorded")]
        return tuple(fact for node in called if self.machine.run(node) == 2 for fact in node.facts())  # noqa: PLR2004

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """Each fact that it reads, with its newest value and its age."""
        return tuple(_input(fact, self.machine) for fact in self.facts)

    @cached_property
    def thresholds(self) -> tuple[Threshold, ...]:
        """The thresholds that it compares with, with their origin and source."""
        names = dict.fromkeys(name for arm in self.arms for name in arm.node.thresholds())
        return tuple(self.profile.threshold(name) for name in names)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The rule's source, and those of its thresholds."""
        ids = dict.fromkeys([self.rule.source_id, *(threshold.source_id for threshold in self.thresholds)])
        return tuple(map(_cited, ids))

    @property
    def would_change_if(self) -> tuple[str, ...]:
        """Of a TRUE rule, what would make each TRUE arm no longer so; else, what would make each arm TRUE."""
        wanted = self.truth if self.truth is Truth.TRUE and not self.latch else None
        shown = [trace for _, trace in self.trace if wanted is None or trace.truth is wanted]
        return tuple(_with_values(way, self.thresholds) for trace in shown for way in would_change(trace))

    def __repr__(self) -> str:
        return f"<{self.id} {self.truth}{f', {self.urgency}' if self.truth is Truth.TRUE else ''}>"


def _called(node: Node, function: str) -> Iterator[Node]:
    """The calls of a function within a condition."""
    if isinstance(node, Called) and node.function == function:
        yield node
    for part in node.parts:
        yield from _called(part, function)


def _with_values(text: str, thresholds: tuple[Threshold, ...]) -> str:
    """A condition with the values of its thresholds in place of their names."""
    values = {each.name: value_said(each) for each in thresholds}
    return re.sub(r"\bt\.(\w+)", lambda found: values.get(found[1], found[0]), text)


def value_said(threshold: Threshold) -> str:
    """The value of a threshold, as text."""
    value = threshold.value
    if isinstance(value, tuple):
        return ", ".join(decimal_text(each) if isinstance(each, Fraction) else each for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return decimal_text(value)


def _cited(source_id: str) -> Source:
    """The source; one that only a profile of one's own names is shown by its name."""
    if source_id in source_ids():
        return cite(source_id)
    not_here = Unknown("named by the profile")
    return Source(id=source_id, title=source_id, authors=not_here, year=not_here, url=not_here, grade="secondary")


def _deciding(node: Node, machine: PersonMachine) -> set[str]:
    """The facts of the parts that are TRUE."""
    if not node.conditions:
        return set(node.facts())
    return {fact for part in node.conditions if machine.run(part) == 2 for fact in _deciding(part, machine)}  # noqa: PLR2004


def _input(fact: str, machine: PersonMachine) -> Input:
    kind = fact_types()[fact]
    state = machine.state(fact)
    newest = state.newest or next((e for e in machine.entries.get(fact, ()) if e.at <= machine.now_us), None)
    seen = newest.observation if newest else None
    return Input(
        name=fact,
        value=entry_text(newest) if newest else "",
        unit=kind.unit,
        form_id=seen.form_id if seen else "",
        observed_at=seen.at if seen else "",
        age=timedelta(microseconds=machine.now_us - microseconds(seen.at)) if seen else timedelta(0),
        max_age=kind.max_age,
        by=seen.by if seen else "",
        who=seen.who if seen else "",
        quality=fact_reason(fact, machine) or "ok",
    )


def entry_text(entry: Entry) -> str:
    """The observed value, as text; also one that cannot be used, so that a person sees what was given."""
    value = entry.observation.value if entry.observation else ""
    plain = {True: "yes", False: "no", NOT_APPLICABLE: "none"}
    if isinstance(value, Unknown | bool | NotApplicable):
        return "" if isinstance(value, Unknown) else plain[value]
    if isinstance(value, Interval):
        ends = [decimal_text(Fraction(end)) for end in (value.low, value.high)]
        return " to ".join(dict.fromkeys(ends))
    if isinstance(value, int | Fraction):
        return decimal_text(Fraction(value))
    if isinstance(value, tuple | Mapping):
        return f"a list of {len(value)}" if value else "an empty list"
    return str(value)
