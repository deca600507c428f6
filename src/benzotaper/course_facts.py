"""The facts that only a course can tell: holds, check-ins, reviews, and what follows after a hold."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property

from benzotaper.course import Course
from benzotaper.course_state import Hold, State
from benzotaper.falls import totals, unit_drug
from benzotaper.journal import Change, Entry
from benzotaper.journal_state import allowed_final_dose_of, last_checkin_of, tier_of, until, urgency_of
from benzotaper.pace import Fall, Pace
from benzotaper.values import NOT_APPLICABLE, NotApplicable, Value


@dataclass(frozen=True)
class CourseFacts:
    """A course at a time.

    Attributes:
        course: the course.
        now: the time, with its zone.
        falls: the reductions of the whole course.
    """

    course: Course
    now: datetime
    falls: list[Fall]

    @property
    def today(self) -> date:
        """The day."""
        return self.now.date()

    @property
    def state(self) -> State:
        """Where it stands after all of its changes."""
        return self.course.state

    @cached_property
    def said(self) -> tuple[Entry, ...]:
        """What was written down by now."""
        return until((e for e in self.course.journal if not isinstance(e, Change)), self.now)

    @cached_property
    def holds(self) -> list[Hold]:
        """The holds that have begun, the last one possibly over or ending on a day to come; a gate is one too."""
        begun = [hold for hold in self.state.holds if hold.since <= self.today]
        since = self.state.gate_since(self.today)
        if since is None:
            return begun
        here = len(self.state.stretches) - 1
        return [*begun, Hold(since=since, until=None, step=here, plan=len(self.state.plans) - 1, kind="gate")]

    def facts(self) -> dict[str, Value]:
        """All of them, by name."""
        checked_in = last_checkin_of(self.said, self.now.tzinfo)
        found: dict[str, Value] = {
            "plan.final_dose_mg": allowed_final_dose_of(self.said, unit_drug(self.course.whole)),
            "last_known_urgency": urgency_of(self.said),
            "risk_tier": tier_of(self.said),
        }
        if self.course.checkin_days:
            found["plan.checkin_interval_d"] = self.course.checkin_days
        if checked_in is not None:
            found["last_completed_checkin"] = checked_in
        return found | self._hold_facts()

    def _hold_facts(self) -> dict[str, Value]:
        hold = self.holds[-1] if self.holds else None
        over = hold is not None and hold.until is not None and hold.until <= self.today
        return {
            "hold_days": (self.today - hold.since).days if hold and not over else 0,
            "hold_cleared": hold is not None and hold.until is not None and not self._reduced_since(hold.until),
            "holds_at_level": self._holds_near(),
            "step_fraction_before_hold": self._fraction_before(hold) if hold else NOT_APPLICABLE,
            "interval_before_hold_d": self._interval_before(hold) if hold else NOT_APPLICABLE,
        }

    def _reduced_since(self, day: date) -> bool:
        return any(day <= fall.day < self.today for fall in self.falls)

    def _holds_near(self) -> int:
        """The holds at the present dose or at the next higher or lower one; planned gates are none."""
        doses = totals(self.course.whole)
        levels = sorted(set(doses))
        present = levels.index(doses[self._present_step()])
        return sum(hold.kind != "gate" and abs(levels.index(doses[hold.step]) - present) <= 1 for hold in self.holds)

    def _present_step(self) -> int:
        starts = [step.number for step in self.course.steps if step.start is not None and step.start <= self.today]
        return max(starts, default=0)

    def _fraction_before(self, hold: Hold) -> Fraction | NotApplicable:
        before = [fall for fall in self.falls if fall.day < hold.since]
        return before[-1].fraction if before else NOT_APPLICABLE

    def _interval_before(self, hold: Hold) -> Fraction | NotApplicable:
        """Days between the last two reductions before it; after one alone, to the next as the plan then had it."""
        before = [fall.day for fall in self.falls if fall.day < hold.since]
        if len(before) > 1:
            return Fraction((before[-1] - before[-2]).days)
        planned = Pace(self.state.records[hold.plan]).falls
        after = [fall.day for fall in planned if before and fall.day > before[-1]]
        return Fraction((after[0] - before[-1]).days) if after else NOT_APPLICABLE
