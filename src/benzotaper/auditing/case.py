"""A schedule with all that an audit asks of it: its levels, totals, thresholds, and words for its places."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from benzotaper.auditing.counting import OneDrug, SeveralDrugs, joint
from benzotaper.auditing.records import AuditFinding, Kind
from benzotaper.numbers import decimal_text
from benzotaper.profiles import Threshold, number_for, threshold_for
from benzotaper.received.entries import Received, places_words
from benzotaper.received.levels import Arranged, Level
from benzotaper.rulebook import rule
from benzotaper.steps import Severity


@dataclass(frozen=True)
class Case:
    """A schedule with all that its questions need."""

    received: Received
    arranged: Arranged
    count: OneDrug | SeveralDrugs
    levels: Sequence[Level]
    profile: str
    near: dict[tuple[int, int], Sequence[int]] = field(default_factory=dict)

    def where(self, place: int, day: int | None = None, step: str = "") -> str:
        """A place for reading: 'row 5 (step 3, 2026-12-29)'."""
        said = [f"step {step}"] if step else []
        if day is not None:
            said.append(date.fromordinal(day).isoformat() if self.received.dated else f"day {day}")
        return f"{self.received.noun} {place}" + (f" ({', '.join(said)})" if said else "")

    def where_level(self, level: Level) -> str:
        """Where a level begins."""
        return self.where(level.place, level.first, level.step)

    def where_levels(self, numbers: Sequence[int]) -> str:
        """Where several levels begin; of one, with its day."""
        first = self.levels[numbers[0]]
        if len(numbers) == 1:
            return self.where_level(first)
        return places_words(self.received.noun, [self.levels[number].place for number in numbers])

    def threshold(self, name: str) -> Threshold:
        """A threshold of the named profile, or the default one."""
        return threshold_for(name, profile_id=self.profile)

    def number(self, name: str) -> Fraction:
        """The value of a numeric threshold."""
        return number_for(name, profile_id=self.profile)

    @cached_property
    def unread(self) -> list[tuple[int, ...]]:
        """The places that could not be read just before each level, and last those after all levels.

        What stands before the first level counts only where it has a day or step of its own: it may be a heading.
        """
        found: list[tuple[int, ...]] = [()]
        for level in self.arranged.levels:
            if level.known:
                found.append(())
            elif len(found) > 1 or level.first is not None or level.step:
                found[-1] += (level.place,)
        return found

    def unread_words(self, first: int = 0) -> str:
        """Which places just before a level or later could not be read; '' for none."""
        places = [place for each in self.unread[first:] for place in each]
        return f"{places_words(self.received.noun, places)} could not be read" if places else ""

    @cached_property
    def falls(self) -> list[int]:
        """The levels that begin with a fall of the total; a day without a dose, before another with one, is none.

        Nor is one after a place that could not be read: from which dose it falls is not known.
        """
        return [
            n
            for n in range(1, len(self.levels))
            if not self.is_pause(n)
            and not any(self.unread[self.before(n) + 1 : n + 1])
            and self.count.falls(self.before(n), n)
        ]

    def before(self, number: int) -> int:
        """The level that a fall is counted from: the one before; after days without a dose, the one before those."""
        return next((n for n in range(number - 1, 0, -1) if not self.is_pause(n)), 0)

    @cached_property
    def last_taken(self) -> int:
        """The last level on which anything is taken; -1 for none."""
        return max((n for n, level in enumerate(self.levels) if level.takes), default=-1)

    def is_pause(self, number: int) -> bool:
        """Whether nothing is taken, but later something is."""
        return not self.levels[number].takes and number < self.last_taken

    def is_end(self, number: int) -> bool:
        """Whether nothing is taken from here on."""
        return number > self.last_taken

    def apart(self, earlier: int, now: int) -> int | None:
        """Days from the last day of one level to the first of another; 1 of neighbours; None where not known."""
        last, first = self.levels[earlier].last, self.levels[now].first
        if now == earlier + 1 and (last is None or first is None or first <= last):
            return 1
        return None if last is None or first is None else first - last

    def is_near(self, earlier: int, now: int, window: int) -> bool:
        """Whether a level was still taken so many days before another; not where the days are not known."""
        apart = self.apart(earlier, now)
        return apart is not None and apart <= window

    def within(self, now: int, window: int) -> Sequence[int]:
        """The levels with a dose that were still taken so many days before one; those that may matter most.

        After a longer time without a dose the level before it: a pause makes no fall smaller. None from before a place
        that could not be read.
        """
        if (now, window) not in self.near:
            found, before = [], self.before(now)
            for earlier in range(now - 1, -1, -1):
                near = self.is_near(earlier, now, window) or before <= earlier < now - 1
                if self.unread[earlier + 1] or not near:
                    break
                if self.levels[earlier].takes:
                    found.append(earlier)
            self.near[now, window] = self.count.candidates(found)
        return self.near[now, window]

    @cached_property
    def risen(self) -> frozenset[tuple[int, int]]:
        """As `rises`, to look up."""
        return frozenset(self.rises)

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """Each level with a dose, after the level that it is compared with for a rise.

        That is the level before; after days without a dose, the one before them; and within a change of drug the level
        before it began, because what is rounded down at one portion may come back with the next.
        """
        found = []
        before = base = 0
        for now in range(1, len(self.levels)):
            if self.is_pause(now) and self.levels[before].takes:
                continue
            crosses = self.count.crosses(before, now)
            if self.levels[now].takes:
                found.append((base if crosses else before, now))
            before, base = now, base if crosses else now
        return found

    @cached_property
    def rises(self) -> list[tuple[int, int]]:
        """The levels before and after each certain rise of the total."""
        if self.arranged.unsure:
            return []
        return [
            pair
            for pair in self.pairs
            if joint(self.count.rises(*pair)) == "yes" and not self.begins_within_change(*pair)
        ]

    def begins_within_change(self, before: int, now: int) -> bool:
        """Whether the schedule begins within a change of drug, so that the total before it is not known."""
        taken = {drug for day in self.levels[0].cycle for drug, _ in day}
        return before == 0 and len(taken) > 1 and self.count.crosses(before, now)


def finding(
    kind: Kind,
    where: str,
    message: str,
    fix: str,
    *,
    severity: Severity = "red",
    rule_id: str = "",
    figures: tuple[tuple[str, str], ...] = (),
) -> AuditFinding:
    """A finding; of a rule with that rule's severity, source and origin."""
    if not rule_id:
        return AuditFinding(kind=kind, severity=severity, where=where, message=message, fix=fix, figures=figures)
    known = rule(rule_id)
    return AuditFinding(
        kind=kind,
        severity=known.severity,
        where=where,
        message=message,
        fix=fix,
        figures=figures,
        rule=rule_id,
        sources=(known.source_id,),
        origin=known.threshold_origin,
    )


def percent_words(share: Fraction | None) -> str:
    """A percentage with one decimal place."""
    return "an unknown share" if share is None else f"{decimal_text(share, places=1)} %"


def figures(case: Case, before: int, now: int) -> tuple[tuple[str, str], ...]:
    """The doses before and after a fall, and its size where it is known."""
    found = [("before", case.count.words(before)), ("after", case.count.words(now))]
    share = case.count.percent(before, now) if case.levels[before].takes else None
    if share is not None and share >= 0:
        found.append(("fall, % of current", decimal_text(share, places=1)))
    return tuple(found)
