"""Reviews a person by the rules: what is known, what is not excluded, and what that asks of the taper.

The rules are data: words in `rules.csv`, conditions in `rule_conditions.csv`, thresholds in `profiles.toml`. The
language of the conditions is in `rules`, what a review says and to whom in `reviewing`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from benzotaper.course import Course
from benzotaper.doses import NG_PER_MG
from benzotaper.edition import ruleset
from benzotaper.entries import Entry, Run, entry_of
from benzotaper.equivalence import DIAZEPAM, default_tables, mg_range_in_diazepam, table_named
from benzotaper.errors import ReviewError
from benzotaper.fact_types import fact_types
from benzotaper.facts import Facts
from benzotaper.falls import unit_drug
from benzotaper.journal import Accepted, Replanned, Reviewed
from benzotaper.observations import Observation, read_moment
from benzotaper.plan import Plan
from benzotaper.plan_facts import index_drugs, plan_facts
from benzotaper.profiles import Profile, profile as profile_named, profile_ids
from benzotaper.reviewing.ladders import Urgency
from benzotaper.reviewing.results import Latch, Override, Result
from benzotaper.reviewing.review import Review
from benzotaper.reviewing.symptom_facts import told_by_observations
from benzotaper.reviewing.texts import NO_CONTACTS, Contacts
from benzotaper.rulebook import Rule, rule
from benzotaper.rules.arms import Arm, compiled
from benzotaper.rules.scalar import PersonMachine
from benzotaper.rules.states import Equal
from benzotaper.rules.thresholds import Limits, limits_of
from benzotaper.steps import PlanRecord
from benzotaper.truth import Truth
from benzotaper.unknown import Unknown

if TYPE_CHECKING:
    import pandas as pd

BY_INDEX_DRUG = ("PL-09",)
"""Rules that look at each drug that a plan reduces, in turn."""
COUNTED_IN_DIAZEPAM = ("deq_mg", "starting_deq_mg")


def review(
    facts: Facts,
    *,
    profile: str | Profile,
    now: datetime | str,
    plan: Plan | None = None,
    course: Course | None = None,
    contacts: Contacts = NO_CONTACTS,
) -> Review:
    """Review a person by all rules.

    Args:
        facts: what was observed.
        profile: whose thresholds judge: an id of `bt.profile_ids()`, or a `Profile` of one's own.
        now: the moment (aware); its time zone gives the calendar days.
        plan: the plan, taken as planned.
        course: the course, with its holds, reviews and clearances; instead of a plan.
        contacts: whom to call where the person is; without them a remote step is not permitted (CI-12).

    Returns:
        One result for each rule, fired or not, and what follows from all of them.

    Raises:
        ReviewError: both plan and course; an observation after `now`; a drill and a real course together.
        FactError: a moment without an offset from UTC.
        UnknownIdError: no such profile.

    Limits: it sees what was recorded, and nothing else. It proposes; a named clinician decides.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    >>> facts = Facts().observe("cssrs_item5_past_month", True, at=now, by="patient")
    >>> found = review(facts, profile="asam-2025", now=now)
    >>> found.urgency_known, found.directive, found.may_step
    (<Urgency.EMERGENCY_NOW: 'EMERGENCY_NOW'>, <Directive.HOLD: 'HOLD'>, Truth.FALSE)
    """
    moment = read_moment(now, what="now")
    judged = profile if isinstance(profile, Profile) else profile_named(profile)
    _refuse(facts, moment, plan, course, contacts)
    followed = course or plan
    record = _Record.of(course, moment)
    table = judged.equivalence_table
    case = _Case(facts, moment, judged, followed, contacts, record)
    return Review(
        results=tuple(_results(case, table)),
        now=moment,
        profile=judged,
        ruleset=ruleset(),
        contacts=contacts,
        drill=facts.drill,
        table=table,
        beside=_Beside(case, table),
    )


def _refuse(facts: Facts, now: datetime, plan: Plan | None, course: Course | None, contacts: Contacts) -> None:
    if not isinstance(facts, Facts):
        raise ReviewError(f"{facts!r} are no Facts; make them by bt.Facts().observe(...)", value=facts)
    for name, given, kind in (("plan", plan, Plan), ("course", course, Course), ("contacts", contacts, Contacts)):
        if not (isinstance(given, kind) or (given is None and kind is not Contacts)):
            message = f"{name} {given!r} is no {kind.__name__}; give one, or leave it out"
            raise ReviewError(message, value=given)
    if plan is not None and course is not None:
        raise ReviewError("give a plan or a course, not both: a course holds its plan", value="plan, course")
    late = next((each for each in facts if each.at > now), None)
    if late is not None:
        message = (
            f"{late.fact} was observed at {late.at.isoformat()}, after now ({now.isoformat()}); check the two times"
        )
        raise ReviewError(message, value=late.at)
    if course is not None and course.drill != facts.drill:
        raise ReviewError("a drill is reviewed with a course of its own, never with a real one", value=facts.drill)


@dataclass(frozen=True, slots=True)
class _Record:
    """What earlier reviews and named people have left behind."""

    latches: Mapping[str, Latch]
    clearances: Mapping[str, datetime]
    overrides: Mapping[str, Override]
    reported: frozenset[str]

    @classmethod
    def of(cls, course: Course | None, now: datetime) -> "_Record":
        if course is None:
            return cls({}, {}, {}, frozenset())
        latches = {
            rule_id: Latch(since=at, urgency=Urgency(urgency)) for rule_id, (urgency, at) in course.latched.items()
        }
        overrides = {
            rule_id: Override(by=made.by, role=made.role, reason=made.code, until=made.until)
            for rule_id, made in course.overrides_at(now).items()
        }
        reported = (fact for entry in course.journal if isinstance(entry, Reviewed) for fact in entry.reported_facts)
        return cls(latches, course.clearances, _accepted(course) | overrides, frozenset(reported))


def _accepted(course: Course) -> dict[str, Override]:
    """The findings about the plan that a named prescriber has accepted with a reason: they hold it up no longer."""
    found: dict[str, Override] = {}
    for entry in course.journal:
        if isinstance(entry, Accepted | Replanned) and entry.by and entry.findings:
            decided = Override(by=entry.by, role="prescriber", reason=entry.reason, until="")
            found |= {rule_id: decided for code in entry.findings for rule_id in code.split()}
    return found


@dataclass(frozen=True, slots=True)
class _Case:
    """What a review looks at."""

    facts: Facts
    now: datetime
    profile: Profile
    followed: Plan | Course | None
    contacts: Contacts
    record: _Record

    @property
    def record_followed(self) -> PlanRecord | None:
        """The plan in force, as data; None where there is none."""
        plan = self.followed.plan if isinstance(self.followed, Course) else self.followed
        return plan.record if plan else None

    def machine(self, table: str, *, index_drug: str = "", since: datetime | None = None) -> PersonMachine:
        """The person at the moment, diazepam mg by a table.

        Args:
            table: the equivalence table.
            index_drug: the drug that is asked about; the one being reduced, when left out.
            since: what ages counts only if it was observed after this.
        """
        record = self.record_followed
        own = record.request.table if record else ""
        return PersonMachine(
            entries=self._entries(table, index_drug, since),
            now=self.now,
            limits=_limits(self.profile),
            arms=compiled(),
            equal=equal_by(own or table),
            unit_drug=unit_drug(record) if record else "",
            reported=self.record.reported,
        )

    def _entries(self, table: str, index_drug: str, since: datetime | None) -> dict[str, tuple[Entry, ...]]:
        entries = self.facts.entries
        if since is not None:
            entries = {fact: _after(fact, found, since) for fact, found in entries.items()}
        return {**entries, **self._told(table, index_drug)}

    def _told(self, table: str, index_drug: str) -> dict[str, tuple[Entry, ...]]:
        """What plan, course and contacts tell; what they cannot tell may still be observed."""
        told: dict[str, Any] = {}
        if self.followed is not None:
            told = plan_facts(self.followed, now=self.now, table=table, index_drug=index_drug)
            told |= told_by_observations(self.facts, now=self.now, last_reduction=told["last_reduction"])
        plan = self.followed if isinstance(self.followed, Plan) else None
        runs = plan.day_lists.runs(told["index_drug"]) if plan else {}
        found: dict[str, tuple[Entry, ...]] = {
            fact: (_entry(fact, value, self.now, "plan", runs.get(fact, ())),)
            for fact, value in told.items()
            if not (isinstance(value, Unknown) and fact in self.facts.entries)
        }
        if self.contacts is not NO_CONTACTS:
            number = self.contacts.complete
            found["local_emergency_number"] = (_entry("local_emergency_number", number, self.now, "record"),)
        return found


def _entry(fact: str, value: Any, now: datetime, by: str, runs: tuple[Run, ...] = ()) -> Entry:
    """What is told, as the rules read it; of a list whose runs are known already, those."""
    observed = Observation(fact=fact, value=value, at=now, by=by)
    if runs:
        return Entry(observed.at_us, by, "", runs, (), 1, 0, observed)
    return entry_of(observed, fact_types()[fact])


def _after(fact: str, entries: tuple[Entry, ...], since: datetime) -> tuple[Entry, ...]:
    """What was observed after a clearance; what does not age stays."""
    if fact_types()[fact].max_age == fact_types()["age_y"].max_age:
        return entries
    return tuple(entry for entry in entries if entry.observation and entry.observation.at > since)


@lru_cache(maxsize=32)
def _limits_by_id(profile_id: str) -> Limits:
    return limits_of(profile_named(profile_id))


def _limits(judged: Profile) -> Limits:
    """The thresholds of a profile; those of the package are read once."""
    shipped = judged.id in profile_ids() and profile_named(judged.id) is judged
    return _limits_by_id(judged.id) if shipped else limits_of(judged)


@cache
def equal_by(table: str) -> Equal:
    """The dose of a drug that equals so much diazepam by a table: lowest and highest; None where the table lacks it."""
    named = table_named(table)

    @cache
    def equal(drug: str, diazepam_mg: Fraction) -> tuple[Fraction, Fraction] | None:
        if drug == DIAZEPAM:
            return diazepam_mg, diazepam_mg
        if not named.has(drug):
            return None
        low, high = mg_range_in_diazepam(drug, NG_PER_MG, named)
        return diazepam_mg / high, diazepam_mg / low

    return equal


def _results(case: _Case, table: str) -> Iterable[Result]:
    machine, record = case.machine(table), case.record
    machine.latched = frozenset(record.latches)
    apart = {*BY_INDEX_DRUG, *record.clearances}
    for judged, arms in _rules():
        own = _own_machine(case, table, judged.id, arms) if judged.id in apart else None
        found = Result(
            rule=judged,
            arms=arms,
            machine=own or machine,
            profile=case.profile,
            latch=record.latches.get(judged.id),
            override=record.overrides.get(judged.id),
        )
        if own:
            machine.rules[judged.id] = found.truth.value
        else:
            machine.rule(judged.id)
        yield found


@cache
def _rules() -> tuple[tuple[Rule, tuple[Arm, ...]], ...]:
    """Each rule with the ways in which it can hold."""
    return tuple((rule(rule_id), arms) for rule_id, arms in compiled().by_rule.items())


def _own_machine(case: _Case, table: str, rule_id: str, arms: tuple[Arm, ...]) -> PersonMachine | None:
    """A machine for a rule alone: one that was cleared, or one that looks at each drug of the plan in turn."""
    cleared = case.record.clearances.get(rule_id)
    if cleared is not None and rule_id not in case.record.latches:
        return case.machine(table, since=cleared)
    if rule_id not in BY_INDEX_DRUG or case.followed is None:
        return None
    drugs = index_drugs(case.followed)
    machines = [case.machine(table, index_drug=drug) for drug in drugs if len(drugs) > 1]
    return max(machines, key=lambda each: max(each.run(arm.node) for arm in arms), default=None)


@cache
def _concerned() -> tuple[str, ...]:
    """The rules that count in diazepam."""
    return tuple(
        rule_id
        for rule_id, arms in compiled().by_rule.items()
        if any(set(COUNTED_IN_DIAZEPAM) & set(arm.node.facts()) or "dose_equal" in arm.node.text for arm in arms)
    )


class _Beside(Mapping[str, Mapping[str, Truth]]):
    """What the other default tables would give, found when it is asked for."""

    def __init__(self, case: _Case, table: str) -> None:
        self._case, self._table = case, table
        self._found: dict[str, Mapping[str, Truth]] = {}

    def _tables(self) -> list[str]:
        plan = self._case.followed is not None
        return [each.id for each in default_tables() if each.id != self._table] if plan else []

    def __getitem__(self, table: str) -> Mapping[str, Truth]:
        if table not in self._tables():
            raise KeyError(table)
        if table not in self._found:
            self._found[table] = {
                rule_id: Truth(other) for rule_id, (here, other) in self._truths(table).items() if here != other
            }
        return self._found[table]

    def _truths(self, table: str) -> dict[str, tuple[int, int]]:
        there = self._case.machine(table)
        return {rule_id: (self._here.rule(rule_id), there.rule(rule_id)) for rule_id in _concerned()}

    @cached_property
    def _here(self) -> PersonMachine:
        return self._case.machine(self._table)

    def __iter__(self) -> Any:
        return iter(self._tables())

    def __len__(self) -> int:
        return len(self._tables())


def review_frame(
    observations: "pd.DataFrame", checkins: "pd.DataFrame", *, profile: str | Profile, chunk: int = 16_384
) -> "pd.DataFrame":
    """Review many check-ins at once, by the same rules.

    Args:
        observations: a row an observation: `person, fact, value, at, by`, and, where there are any, `form` (of a
            score), `high` (upper end of a partial score) and `unknown` (why there is no value). `at` has a time zone.
        checkins: a row a check-in: `person, now`; `now` has a time zone, which gives the calendar days. What was
            observed after `now` is not yet known at that check-in.
        profile: as for `review`.
        chunk: check-ins that are looked at together; no result depends on it.

    Returns:
        A row a check-in, with the index of `checkins`: `person, now`; a column a rule (int8: 0 FALSE, 1 UNKNOWN,
        2 TRUE); `urgency_known, urgency_not_excluded, directive` (ordered categories); `may_step` (int8, as a rule).

    Raises:
        ReviewError: missing columns, moments without a time zone, unknown facts, givers, forms or values, with the row.

    Limits: there is no course behind a frame: nothing is latched, cleared or overridden, and static history fires each
    time. What a plan tells is given as observations by "plan".
    """
    from benzotaper.reviewing.frames import review_many  # noqa: PLC0415  pandas loads at the first frame

    judged = profile if isinstance(profile, Profile) else profile_named(profile)
    return review_many(
        observations, checkins, limits=_limits(judged), equal=equal_by(judged.equivalence_table), chunk=chunk
    )
