"""A plan in progress: the plan, and a journal of what was done about it. Every change gives a new course."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from benzotaper import course_json
from benzotaper.course_checks import check_entry, new_reds, refuse_early
from benzotaper.course_diff import DoseChange, differences
from benzotaper.course_plans import Next, planned_again
from benzotaper.course_rows import COLUMNS, course_html, rows
from benzotaper.course_state import State, reds_of, state_after
from benzotaper.course_steps import kept
from benzotaper.doses import DoseLike, read_dose
from benzotaper.errors import AcknowledgementError, BenzotaperError, CourseError, PlanFormatError
from benzotaper.exports.json_values import Place
from benzotaper.falls import unit_drug
from benzotaper.intervals import read_date, read_days
from benzotaper.journal import (
    Accepted,
    Change,
    CheckedIn,
    Cleared,
    Entry,
    FinalDoseAllowed,
    Overridden,
    Paused,
    Replanned,
    Resumed,
    Slowed,
    SteppedBack,
    TierSet,
)
from benzotaper.journal_state import clearances_of, latched_of, overrides_of
from benzotaper.plan import Plan
from benzotaper.regimen import Regimen
from benzotaper.steps import PlanRecord, Step

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, init=False, repr=False)
class Course:
    """A plan in progress. It is a value: every method that changes something gives a new course.

    Args:
        plan: the plan that was accepted.
        checkin_every: the time agreed between check-ins, such as "7 days"; unknown, when left out.
        drill: whether this is a drill, which takes only reviews that are drills.
        accepted_by: who accepts it; needed where the plan has a red finding.
        reason: why, in spite of its red findings.

    Attributes:
        first_plan: the plan that was accepted.
        journal: what was done, in the order in which it was written down. Entries are only ever added.
        checkin_days: days between check-ins; 0: unknown.
        drill: as given.

    Raises:
        AcknowledgementError: the plan has a red finding, and nobody says why it is accepted.
        IntervalError: `checkin_every` is no duration.

    Limits: it records what people decide. It never raises a dose, goes faster, or resumes by itself, and it knows no
        clock: every day and time is given.

    >>> from benzotaper import Linear, Percentage, taper
    >>> course = Course(taper("diazepam 10 mg at night", Linear("1 mg", every="2 weeks"),
    ...                       start="2026-12-01", products="UK", splitting="halves"))
    >>> course = course.pause(on="2027-01-05", by="Dr A", reason="insomnia")
    >>> course = course.resume(on="2027-01-26", by="Dr A")
    >>> course
    <Course diazepam 10 mg night, from 2026-12-01: 3 entries, first day without a dose 2027-04-27>
    """

    first_plan: Plan
    journal: tuple[Entry, ...]
    checkin_days: int
    drill: bool

    def __init__(
        self,
        plan: Plan,
        *,
        checkin_every: str | timedelta = "",
        drill: bool = False,
        accepted_by: str = "",
        reason: str = "",
    ) -> None:
        if not isinstance(plan, Plan):
            raise CourseError(f"{plan!r} is no plan; a course begins with one, such as taper(...) gives", value=plan)
        reds = reds_of(plan)
        accepted = Accepted(at=plan.start, by=accepted_by, reason=reason, findings=reds)
        if reds and not (accepted.by and accepted.reason):
            message = (
                f"the plan has red findings ({', '.join(reds)}): give accepted_by= and reason=, which the course keeps"
            )
            raise AcknowledgementError(message, what=", ".join(reds))
        self._set(
            plan, (accepted,), 0 if checkin_every == "" else read_days(checkin_every, what="checkin_every"), drill
        )

    def _set(self, plan: Plan, journal: tuple[Entry, ...], checkin_days: int, drill: bool) -> None:
        values = {"first_plan": plan, "journal": journal, "checkin_days": checkin_days, "drill": bool(drill)}
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _with(self, journal: tuple[Entry, ...]) -> Self:
        course = object.__new__(type(self))
        course._set(self.first_plan, journal, self.checkin_days, self.drill)
        return course

    # ---- what is planned

    @cached_property
    def state(self) -> State:
        """Where it stands after all of its changes."""
        return state_after(self.first_plan, (entry for entry in self.journal if isinstance(entry, Change)))

    @property
    def plan(self) -> Plan:
        """The plan in force, for what is to come; during a hold the one that it interrupts."""
        return self.state.plan

    @property
    def plans(self) -> tuple[tuple[date, Plan], ...]:
        """Every plan, with the day from which it holds."""
        return self.state.plans

    @property
    def whole(self) -> PlanRecord:
        """The whole course, from what was taken at first on; a hold that is not over is its open last step."""
        return self.state.record

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the whole course: those that were taken, holds included, and those that are planned."""
        return self.whole.steps

    @property
    def on_hold_since(self) -> date | None:
        """The first day of the hold that is not over; None where there is none."""
        return self.state.hold.since if self.state.hold else None

    @property
    def stops_on(self) -> date | None:
        """The first day without any dose; None during a hold, and of a plan that ends in maintenance or at a gate."""
        return self.whole.stops_on

    def doses_on(self, day: date | str) -> dict[str, Fraction]:
        """What is planned for a day, holds included: mg of each drug, exact; nothing once all of it has ended.

        >>> from benzotaper import Linear, taper
        >>> course = Course(taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
        ...                       start="2026-12-01", products="UK", splitting="halves"))
        >>> course.doses_on("2026-12-01")
        {'diazepam': Fraction(1, 1)}
        """
        on = read_date(day, what="day")
        step = self.steps[len(kept(self.state.stretches, on + timedelta(days=1))) - 1]
        taken = step.day((on - (step.start or on)).days if step.number else 0)
        drugs = dict.fromkeys(a.drug for a in taken)
        return {drug: sum((a.dose.mg for a in taken if a.drug == drug), Fraction(0)) for drug in drugs}

    def diff(self, other: "Course") -> tuple[DoseChange, ...]:
        """The days on which this course takes something else than another one, and what; this one is `after`."""
        return differences(other.whole, self.whole)

    @property
    def changes(self) -> tuple[DoseChange, ...]:
        """What the newest change did: the days on which something else is taken than was planned before it."""
        last = max(number for number, entry in enumerate(self.journal) if isinstance(entry, Change))
        return self.diff(self._with(self.journal[: last or 1]))

    # ---- changes of the plan

    def pause(self, *, on: date | str, by: str, reason: str) -> Self:
        """Hold: from a day on, the dose of the day before is kept, in a cycle of days or a cross-over that of each.

        Args:
            on: the first day of the hold; a reduction planned for it is not made.
            by: who decides.
            reason: why.

        Raises:
            CourseError: it is on hold already, no reduction is left, or the day lies before what was written down.
        """
        return self.record(Paused(at=read_date(on, what="on"), by=by, reason=reason))

    def resume(
        self, *, on: date | str, by: str, strategy: Next | None = None, reason: str = "", acknowledge: str = ""
    ) -> Self:
        """Go on after a hold, or open the gate of a plan.

        Args:
            on: the day on which it goes on; with a strategy, that of its first reduction.
            by: who decides.
            strategy: what follows, from what is taken now; when left out, the rest of the plan, moved by the hold, or
                behind a gate what remains.
            reason: why; needed where the new plan has red findings.
            acknowledge: who owns something unusual in the new plan, and why, as `taper` asks for it.

        Raises:
            CourseError: there is no hold, or after a step back no strategy.
            AcknowledgementError: the new plan has red findings, and no reason is given.
            BenzotaperError: the strategy cannot be planned from what is taken now; as `taper`.
        """
        day = read_date(on, what="on")
        refuse_early(day, self.journal)
        self.state.refuse_resuming(day)
        if strategy is None and self.state.hold:
            plan = self.state.with_hold(day)
        else:
            rest = self.plan.record.remaining
            plan = self._planned_again(rest if strategy is None else strategy, day, acknowledge)
        return self._replanned(Resumed(at=day, by=by, reason=reason, plan=plan))

    def slow(self, *, on: date | str, by: str, reason: str, strategy: Next, acknowledge: str = "") -> Self:
        """Go on with smaller or rarer reductions, without a hold.

        Args:
            on: the day of the first reduction of the new strategy; what was planned from then on falls away.
            by: who decides.
            reason: why.
            strategy: what follows, from what is taken on the day before.
            acknowledge: who owns something unusual in the new plan, and why, as `taper` asks for it.

        Raises:
            CourseError: it is on hold, no reduction is left, or the new plan would end before the present one.
            BenzotaperError: as `taper`.
        """
        day = read_date(on, what="on")
        refuse_early(day, self.journal)
        plan = self._planned_again(strategy, day, acknowledge)
        return self._replanned(Slowed(at=day, by=by, reason=reason, plan=plan))

    def step_back(self, *, on: date | str, by: str, role: str, reason: str, to: int | str | Regimen) -> Self:
        """Return to a higher dose that was taken earlier in this course, and hold there. Never automatic.

        Args:
            on: the first day of that dose.
            by: the prescriber, by name.
            role: "prescriber".
            reason: why.
            to: the step, as `steps` counts them; or what was taken, such as "diazepam 8 mg at night".

        Raises:
            CourseError: somebody else asks; that dose was not taken before, or is not higher.

        Limits: whether tolerance is still there is for the prescriber to judge.
        """
        day = read_date(on, what="on")
        step = to if type(to) is int else self.state.step_taken(to, day)
        return self.record(SteppedBack(at=day, by=by, role=role, reason=reason, step=step))

    def _planned_again(self, strategy: Next, day: date, acknowledge: str) -> Plan:
        regimen = self.state.taken_before(day)
        return planned_again(self.state.records, regimen, strategy, start=day, acknowledge=acknowledge)

    def _replanned(self, entry: Replanned) -> Self:
        self.state.after(entry)  # what cannot be is said before it is judged
        return self.record(replace(entry, findings=new_reds(entry, self.journal, self.state)))

    # ---- the journal

    def record(self, entry: Entry) -> Self:
        """Add an entry, such as a `journal.Reviewed`; the methods beside it make the others.

        Raises:
            CourseError: it cannot follow what is written down already.
            AcknowledgementError: it brings a plan with red findings, and no reason.
        """
        check_entry(entry, self.journal, self.state, drill=self.drill)
        return self._with((*self.journal, entry))

    def clear(self, rule_id: str, *, by: str, role: str, reason: str, at: datetime, rebaselined: bool = False) -> Self:
        """Clear a latched red flag, as a named clinician.

        Args:
            rule_id: the rule.
            by: who clears it, by name.
            role: "clinician" or "prescriber".
            reason: why.
            at: when.
            rebaselined: whether the prescriber set the baseline anew; EMERGENCY_NOW asks for it.

        Raises:
            CourseError: the rule is not latched, or EMERGENCY_NOW without a prescriber who set the baseline anew.
        """
        cleared = Cleared(at=at, by=by, rule_id=rule_id, role=role, reason=reason, rebaselined=rebaselined)
        return self.record(cleared)

    def override(
        self, rule_id: str, *, by: str, role: str, code: str, at: datetime, until: datetime, note: str = ""
    ) -> Self:
        """Set a rule that is no red flag aside for a while; the rule is still judged and shown.

        Args:
            rule_id: the rule.
            by: who does, by name.
            role: "clinician" or "prescriber".
            code: the reason, one of `journal.OVERRIDE_REASONS`.
            at: when.
            until: the time from which it counts again.
            note: what else is to be said.

        Raises:
            CourseError: a red flag, another reason, or a time that is past.
        """
        entry = Overridden(at=at, by=by, rule_id=rule_id, role=role, code=code, until=until, note=note)
        return self.record(entry)

    def check_in(self, at: datetime, *, by: str) -> Self:
        """A check-in was completed."""
        return self.record(CheckedIn(at=at, by=by))

    def allow_final_dose(self, dose: DoseLike, *, by: str, reason: str, at: datetime) -> Self:
        """A named prescriber allows a last fall to zero of up to this dose, in the drug that the totals count in."""
        drug = unit_drug(self.whole)
        return self.record(FinalDoseAllowed(at=at, by=by, dose=read_dose(dose), drug=drug, reason=reason))

    def set_tier(self, tier: str, *, by: str, reason: str, at: datetime) -> Self:
        """A clinician sets the risk tier: "low", "moderate" or "high"; the highest that was set counts."""
        return self.record(TierSet(at=at, by=by, tier=tier, reason=reason))

    @property
    def latched(self) -> Mapping[str, tuple[str, datetime]]:
        """The red flags that are not cleared: each with its highest urgency, and since when."""
        return latched_of(self.journal)

    @property
    def clearances(self) -> Mapping[str, datetime]:
        """When each rule was cleared last."""
        return clearances_of(self.journal)

    def overrides_at(self, now: datetime) -> Mapping[str, Overridden]:
        """The overrides that count at a time, by rule."""
        return overrides_of(self.journal, now)

    # ---- outputs

    def to_json(self) -> str:
        """The course as JSON (schema in the package); `from_json` reads it back to an equal course."""
        plan, journal = self.first_plan, self.journal
        return course_json.to_json(plan, journal, checkin_days=self.checkin_days, drill=self.drill)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a course from JSON, strictly: every entry is checked again as it was when it was written down.

        Raises:
            PlanFormatError: it is not what it says, or an entry cannot follow those before it; it names the place.
        """
        plan, journal, days, drill = course_json.from_json(text)
        first = journal[0]
        place = Place(None, "journal[0]", course_json.DOCUMENT)
        try:
            course = cls(plan, drill=drill, accepted_by=first.by, reason=getattr(first, "reason", ""))
            if course.journal[0] != first:
                place.refuse(f"the first entry must be of {plan.start}, the start of the plan, with its red findings")
            course._set(plan, course.journal, days, drill)
            for number, entry in enumerate(journal[1:], start=1):
                place = Place(None, f"journal[{number}]", course_json.DOCUMENT)
                course = course.record(entry)
        except PlanFormatError:
            raise
        except BenzotaperError as error:
            place.refuse(str(error), cause=error)
        return course

    def to_dict(self) -> dict[str, Any]:
        """The JSON document as a dict."""
        return course_json.as_dict(self.to_json())

    def to_frame(self) -> "pd.DataFrame":
        """The journal, a row an entry: ``number, kind, at, by, reason, what``."""
        from benzotaper.exports.frames import frame_of  # noqa: PLC0415  pandas loads at the first frame

        return frame_of(rows(self.journal), COLUMNS)

    def __repr__(self) -> str:
        hold = self.on_hold_since
        end = f"on hold since {hold}" if hold else repr(self.plan).rpartition("steps, ")[2].rstrip(">")
        start, entries = self.first_plan.start, len(self.journal)
        return f"<Course {self.first_plan.regimen}, from {start}: {entries} entries, {end}>"

    def _repr_html_(self) -> str:
        return course_html(repr(self).strip("<>"), self.journal)
