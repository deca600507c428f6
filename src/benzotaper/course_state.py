"""Where a course stands after the changes in its journal, and which change may come next."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from benzotaper.course_plans import taken
from benzotaper.course_steps import (
    Stretches,
    doses_of,
    followed,
    held,
    kept,
    step_before,
    stepped_back,
    stretches_of,
    whole_record,
)
from benzotaper.errors import CourseError
from benzotaper.falls import totals
from benzotaper.journal import Accepted, Change, Paused, Replanned, Resumed, Slowed, SteppedBack
from benzotaper.pace_rules import pace_findings
from benzotaper.plan import Plan
from benzotaper.regimen import Regimen, read_regimen
from benzotaper.steps import Finding, PlanRecord, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Days without reductions that were not planned, or at the gate of a plan.

    Attributes:
        since: its first day.
        until: the day on which the course went on; None while it lasts.
        step: the step of the course that is held.
        plan: the number of the plan that was in force, in the order of the plans.
        kind: "pause", "step back" (to an earlier dose) or "gate" (planned).
    """

    since: date
    until: date | None
    step: int
    plan: int
    kind: str


@dataclass(frozen=True)
class State:
    """A course after some changes.

    Attributes:
        stretches: what is taken when.
        plans: each plan, and the day from which it holds.
        holds: every hold so far; the last one may be open.
    """

    stretches: Stretches
    plans: tuple[tuple[date, Plan], ...]
    holds: tuple[Hold, ...] = ()

    @property
    def records(self) -> list[PlanRecord]:
        """The records of the plans."""
        return [plan.record for _, plan in self.plans]

    @property
    def plan(self) -> Plan:
        """The plan in force."""
        return self.plans[-1][1]

    @property
    def hold(self) -> Hold | None:
        """The hold that is not over."""
        return self.holds[-1] if self.holds and self.holds[-1].until is None else None

    @cached_property
    def record(self) -> PlanRecord:
        """The whole course; a hold that is not over is its open last step."""
        return whole_record(self.stretches, self.records, is_open=self.hold is not None)

    def gate_since(self, day: date) -> date | None:
        """The day from which the plan has waited at its gate, where it waits on that day."""
        since = self.plan.steps[-1].start or self.plan.start
        waits = self.plan.record.ending == "gate" and self.hold is None and since < day
        return since if waits else None

    def expected(self, day: date) -> PlanRecord:
        """The whole course as if an open pause ended on a day; after a step back nothing is expected."""
        hold = self.hold
        if hold is None or hold.kind != "pause":
            return self.record
        until = max(day, hold.since + timedelta(days=1))
        return self.followed_by(until, Plan(held(self.plan.record, since=hold.since, until=until))).record

    def followed_by(self, day: date, plan: Plan) -> "State":
        """The course with another plan from a day on."""
        stretches = followed(self.stretches, day, plan.record, len(self.plans))
        return State(stretches, (*self.plans, (day, plan)), self._ended(day))

    def _ended(self, day: date) -> tuple[Hold, ...]:
        if self.hold:
            over = () if self.hold.since == day else (replace(self.hold, until=day),)
            return (*self.holds[:-1], *over)
        since = self.gate_since(day)
        return self.holds if since is None else (*self.holds, self._new_hold(since, "gate", until=day))

    def _new_hold(self, since: date, kind: str, *, until: date | None = None, step: int | None = None) -> Hold:
        number = len(kept(self.stretches, since)) - 1 if step is None else step
        return Hold(since=since, until=until, step=number, plan=len(self.plans) - 1, kind=kind)

    # ---- the changes, each checked

    def after(self, change: Change) -> "State":
        """The course after one more change.

        Raises:
            CourseError: this change cannot be made here; the sentence says why.
        """
        if change.day < self.plans[0][1].start:
            message = f"on {change.day} the course has not begun: it begins on {self.plans[0][1].start}; plan it anew"
            raise CourseError(message, value=change.day)
        if isinstance(change, Paused):
            return self._paused(change)
        if isinstance(change, SteppedBack):
            return self._stepped_back(change)
        assert isinstance(change, Replanned)  # noqa: S101  there is no other change
        return self._replanned(change)

    def _refuse_if_over(self, day: date) -> None:
        """After the last change of dose nothing is left to hold or to slow."""
        last = self.record.steps[-1].start or self.plan.start
        if self.hold is None and day > last:
            words = {"zero": "nothing is taken", "maintenance": "the maintenance dose is taken", "gate": "it waits"}
            message = f"on {day} no reduction is left: {words[self.record.ending]} since {last}" + (
                "; resume opens the gate" if self.record.ending == "gate" else ""
            )
            raise CourseError(message, value=day)

    def _paused(self, change: Paused) -> "State":
        if self.hold:
            raise CourseError(f"the course is on hold since {self.hold.since} already; resume it first", value=change)
        self._refuse_if_over(change.day)
        return State(kept(self.stretches, change.day), self.plans, (*self.holds, self._new_hold(change.day, "pause")))

    def _stepped_back(self, change: SteppedBack) -> "State":
        present, number = len(kept(self.stretches, change.day)) - 1, change.step
        if not 0 <= number < present:
            message = (
                f"step {number} is not one that was taken before step {present}, that of the day before {change.day}"
            )
            raise CourseError(message, value=number)
        doses = totals(self.record)
        if not any(self.stretches[present].step.cycle):
            message = (
                f"on {change.day} nothing is taken any more: to begin again is a new course, with a plan of its own"
            )
            raise CourseError(message, value=change.day)
        if doses[number] <= doses[present]:
            message = f"step {number} is no higher dose than step {present}; to stay where it is, pause the course"
            raise CourseError(message, value=number)
        stretches = stepped_back(self.stretches, change.day, number)
        before = self._ended(change.day) if self.hold else self.holds
        hold = self._new_hold(change.day, "step back", step=len(stretches) - 1)
        return State(stretches, self.plans, (*before, hold))

    def _replanned(self, change: Replanned) -> "State":
        day = change.day
        if isinstance(change, Slowed):
            self._refuse_slowing(change)
        else:
            self.refuse_resuming(day)
        after = self.followed_by(day, change.plan)
        if not self.goes_on(change):
            self._refuse_another_beginning(change)
            self._refuse_rise(change, after)
        return after

    def refuse_resuming(self, day: date) -> None:
        """Only a hold that has begun is resumed, or a gate.

        Raises:
            CourseError: there is none.
        """
        if self.hold is None and self.gate_since(day) is None:
            message = f"on {day} the course is not on hold, so it cannot be resumed; slow it, or pause it first"
            raise CourseError(message, value=day)
        if self.hold and day <= self.hold.since:
            raise CourseError(f"the hold begins on {self.hold.since}; resume it on a later day", value=day)

    def with_hold(self, day: date) -> Plan:
        """The plan in force, moved by a pause that ends on a day.

        Raises:
            CourseError: after a step back; or nothing in the plan makes what is kept.
        """
        hold, record = self.hold, self.plan.record
        if hold is None or hold.kind != "pause":
            message = "after a step back the plan does not go on by itself: give strategy=, what follows from this dose"
            raise CourseError(message, value=day)
        kept_now = (a for each in record.steps[step_before(record, hold.since)].cycle for a in each)
        undispensed = {a.drug for a in kept_now if not a.taken} if record.shelf else set()
        if undispensed:
            drugs = " and ".join(sorted(undispensed))
            message = f"no product of the plan makes the {drugs} that is kept; give strategy=, or plan it anew"
            raise CourseError(message, value=day)
        return Plan(held(record, since=hold.since, until=day))

    def taken_before(self, day: date) -> Regimen:
        """What is taken on the day before; in a cycle of days, each dose as on its highest day."""
        step = self.record.steps[len(kept(self.stretches, day)) - 1]
        return taken(step, first=self.plans[0][1].regimen)

    def step_taken(self, to: object, day: date) -> int:
        """The newest step before a day in which this regimen was taken.

        Raises:
            CourseError: there is none.
        """
        if not isinstance(to, str | Regimen):
            raise CourseError(f"to={to!r} must be the number of a step, or what was taken in it, as text", value=to)
        asked = sorted((i.drug, i.time, i.dose.ng) for i in read_regimen(to).intakes)
        before = self.record.steps[: len(kept(self.stretches, day))]
        found = [step.number for step in before if sorted(doses_of(step)[0]) == asked and len(step.cycle) == 1]
        if not found:
            taken = "; ".join(f"{step.number}: {_told(step)}" for step in before)
            raise CourseError(f"{to!s} was not taken in this course before {day}; its steps are {taken}", value=to)
        return found[-1]

    def goes_on(self, change: Replanned) -> bool:
        """Whether the plan is the one before with the hold in it."""
        hold, record = self.hold, change.plan.record
        paused = hold is not None and hold.kind == "pause" and isinstance(change, Resumed)
        return paused and hold is not None and record == held(self.plan.record, since=hold.since, until=change.day)

    def _refuse_slowing(self, change: Slowed) -> None:
        if self.hold:
            message = f"the course is on hold since {self.hold.since}: resume it, with a strategy"
            raise CourseError(message, value=change.day)
        self._refuse_if_over(change.day)
        before, after = self.plan.stops_on, change.plan.stops_on
        if before and after and after < before:
            message = (
                f"that would end on {after}, before {before} as planned now, so it is not slower; "
                "give smaller or rarer reductions"
            )
            raise CourseError(message, value=after)

    def _refuse_another_beginning(self, change: Replanned) -> None:
        """A plan goes on from that day and from what is taken then."""
        regimen = self.taken_before(change.day)
        if change.plan.start != change.day or change.plan.regimen != regimen:
            message = (
                f"the plan begins on {change.plan.start} with {change.plan.regimen}; on {change.day} it is {regimen}"
            )
            raise CourseError(message, value=change.plan)

    def _refuse_rise(self, change: Replanned, after: "State") -> None:
        """Only a prescriber's step back raises a dose; a new strategy never does, also after a cycle of days."""
        number = len(kept(self.stretches, change.day))
        doses = totals(after.record)
        if any(dose > doses[number - 1] for dose in doses[number:]):
            message = (
                f"from {change.day} on more would be taken than the mean of the days before; "
                "give a larger first reduction, or wait for a step in which every day is the same"
            )
            raise CourseError(message, value=change.plan)

    def reds(self, change: Replanned) -> tuple[str, ...]:
        """The codes of the red findings of a plan that is to follow, and of the pace of the whole course with it."""
        number = len(kept(self.stretches, change.day))
        whole = pace_findings(self.followed_by(change.day, change.plan).record)
        across = [f for f in _red(whole) if any(step >= number for step in f.steps)]
        return _codes((*_red(change.plan.findings), *across))


def _told(step: Step) -> str:
    return ", ".join(f"{a.drug} {a.dose} {a.time}" for a in step.cycle[0]) + (" ..." if step.cycle[1:] else "")


def reds_of(plan: Plan) -> tuple[str, ...]:
    """The codes of a plan's red findings."""
    return _codes(_red(plan.findings))


def _red(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "red"]


def _codes(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for finding in findings for code in finding.code.split()))


def state_after(plan: Plan, changes: Iterable[Change]) -> State:
    """A course after its changes, which were checked when they were made."""
    first, *later = stretches_of(plan.record, 0)
    state = State((replace(first, start=None), *later), ((plan.start, plan),))  # it was taken before, too
    for change in changes:
        state = state if isinstance(change, Accepted) else state.after(change)
    return state
