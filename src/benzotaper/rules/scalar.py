"""The machine for one person: exact numbers, and a record of every value that it found."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from benzotaper.entries import SCALE, Entry, local_day, scaled
from benzotaper.fact_types import fact_types
from benzotaper.observations import BY_DAY, microseconds
from benzotaper.rules.algebra import FAR, NONE_BIT, NOT_KNOWN, Choice, Number
from benzotaper.rules.arms import Arms
from benzotaper.rules.exact import ExactArithmetic
from benzotaper.rules.machine import Window
from benzotaper.rules.nodes import Called, Node
from benzotaper.rules.readings import MEASURED, measured_in
from benzotaper.rules.states import (
    HOUR_US,
    MAY_LIE_AHEAD,
    MINUTE_US,
    NOT_ASKED,
    READINGS_LAST_US,
    Equal,
    State,
    combined,
    range_of,
    rises_of,
    value_of_day,
)
from benzotaper.rules.thresholds import Limits
from benzotaper.unknown import Unknown
from benzotaper.values import NOT_APPLICABLE


class PersonMachine(ExactArithmetic):
    """One person at one moment.

    Args:
        entries: the observations of each fact, the newest first.
        now: the moment; its time zone gives the calendar days.
        limits: the profile's thresholds.
        arms: the rules.
        equal: mg of diazepam and a drug → the lowest and the highest equal dose of it; None where no table says.
        unit_drug: the drug in whose mg the total counts; the index drug, where it is left out.
        latched: the rules that are latched.
        reported: the facts that a completed review has reported.
    """

    def __init__(
        self,
        *,
        entries: Mapping[str, tuple[Entry, ...]],
        now: datetime,
        limits: Limits,
        arms: Arms,
        equal: Equal,
        unit_drug: str = "",
        latched: Iterable[str] = (),
        reported: Iterable[str] = (),
    ) -> None:
        self.entries = entries
        self.now = now
        self.now_us = microseconds(now)
        self.kinds = fact_types()
        self.today = now.toordinal()
        self.thresholds, self.units = limits.values, limits.units
        self.arms = arms
        self.equal, self.unit_drug = equal, unit_drug
        self.latched, self.facts_reported = frozenset(latched), frozenset(reported)
        self.own: Mapping[str, Number] = {}
        self._clear()
        self.rules: dict[str, int] = {}

    def _clear(self) -> None:
        self.tape = [None] * self.arms.size
        self.states: dict[tuple[str, bool], State] = {}
        self.by_day: dict[str, dict[int, list[Entry]]] = {}
        self.reasons: dict[int, str] = {}
        self.sets: dict[int, PersonMachine] = {}

    # ---- finding values

    def state(self, fact: str, *, device: bool = True) -> State:
        """What stands for a fact now, with or without what a device says."""
        if fact not in self.entries:
            return NOT_ASKED
        key = (fact, device)
        found = self.states.get(key)
        if found is None:
            found = self.states[key] = self._state(fact, device=device)
        return found

    def _state(self, fact: str, *, device: bool) -> State:
        kind = self.kinds[fact]
        oldest = self.now_us - kind.max_age_us
        entries = [e for e in self.entries[fact] if e.at <= self.now_us and (device or e.by != "device")]
        if not entries:
            return NOT_ASKED
        fresh = [entry for entry in entries if entry.at >= oldest]
        if kind.kind == "date":
            fresh = [self._dated(entry) for entry in fresh]
        if len(fresh) == 1 and not fresh[0].reason:
            return State((fresh[0],), 0, "", fresh[0])
        return combined(fresh) if fresh else State((), 1, "stale", None)

    def _dated(self, entry: Entry) -> Entry:
        """A date as the calendar day in the time zone of now; one that lies ahead cannot be used."""
        if entry.reason or not entry.exists:
            return entry
        day = local_day(entry.low, self.now)
        fact = entry.observation.fact if entry.observation else ""
        ahead = day > self.today and fact not in MAY_LIE_AHEAD
        return entry._replace(low=day, high=day, reason="out_of_range" if ahead else "")

    def truth(self, fact: str, worse: bool) -> int:
        """The truth of a yes-or-no fact."""
        state = self.state(fact)
        if not state.values:
            return 1
        if worse:
            return 2 if any(entry.low for entry in state.values) else state.open
        return 2 - state.open if all(entry.low for entry in state.values) else 0

    def number(self, fact: str, worse: bool, consent: int | None = None) -> Number:
        """The range of a number."""
        if fact in self.own:
            return self.own[fact]
        return range_of(self.state(fact, device=consent in (None, 2)), worse)

    def date(self, fact: str, worse: bool) -> Number:
        """A date as a range of ordinals."""
        return range_of(self.state(fact), worse)

    def choice(self, fact: str) -> Choice:
        """The words that a fact may be."""
        state = self.state(fact)
        known = 0
        for entry in state.values:
            known |= 1 << entry.low if entry.exists else NONE_BIT
        return Choice(known, state.open)

    def form(self, fact: str) -> int:
        """The form of the newest value that can be used."""
        newest = self.state(fact).newest
        return newest.form if newest else 0

    def accepted(self, fact: str, form: int) -> int:
        """Whether a clinician said so, naming this form."""
        named = [entry for entry in self.entries.get(fact, ()) if entry.form == form and entry.by == "clinician"]
        seen = [entry for entry in named if entry.at <= self.now_us]
        state = combined(seen) if seen else NOT_ASKED
        if not state.values:
            return 1
        return 2 - state.open if all(entry.low for entry in state.values) else 0

    def reported(self, fact: str) -> int:
        """Whether a completed review has reported the fact."""
        return int(fact in self.facts_reported)

    def newest(self, fact: str) -> int:
        """The truth of the newest answer that can be used."""
        state = self.state(fact)
        if state.newest is None:
            return 1
        return int(max(state.newest.low, state.open))

    def seen_within_hours(self, fact: str, hours: int) -> int:
        """Whether it was TRUE in the hours up to now."""
        since = self.now_us - hours * HOUR_US
        return int(any(entry.low == 2 and not entry.reason for entry in self._between(fact, since)))  # noqa: PLR2004

    def _between(self, fact: str, since: int) -> Iterable[Entry]:
        return (entry for entry in self.entries.get(fact, ()) if since <= entry.at <= self.now_us)

    def rises(self, fact: str) -> Number:
        """How many of the newest values in a row are higher than the one before."""
        usable = [entry for entry in self.entries.get(fact, ()) if entry.at <= self.now_us and not entry.reason]
        if not usable or self.now_us - usable[0].at > self.kinds[fact].max_age_us:
            return Number(0, FAR, 1)
        highest: dict[int, Entry] = {}
        for entry in usable:
            if entry.at not in highest or entry.high > highest[entry.at].high:
                highest[entry.at] = entry
        return rises_of(list(highest.values()))

    def entries_in_force(self, fact: str) -> Any:
        """The list of the newest observation that can be used."""
        state = self.state(fact)
        if state.newest is None:
            return Unknown(state.reason)
        return state.newest.low if state.newest.exists else NOT_APPLICABLE

    # ---- days

    def days(self, fact: str, window: Window, highest: bool, *, by: str = "", level: str = "") -> list[Number]:
        """The value of each day of the window."""
        values = self._days_of(fact)
        ends = self.today if self.today in self._days_of(by or fact) else self.today - 1
        place = self.kinds[fact].levels.index(level) if level else None
        begun = self._window_begins(window, ends)
        days = [
            Number(0, 0, 0) if day < begun else value_of_day(values.get(day, ()), place, highest=highest)
            for day in range(ends, ends - window.days, -1)
        ]
        if ends < begun:  # the reduction was made today, and nothing is known since
            days[0] = NOT_KNOWN
        return days

    def _window_begins(self, window: Window, ends: int) -> int:
        begun = ends - window.days + 1
        if window.since:
            reduced = self.date("last_reduction", worse=True)
            if reduced.exists and reduced.low == reduced.high:
                return max(begun, int(reduced.low))
        return begun

    def _days_of(self, fact: str) -> Mapping[int, list[Entry]]:
        """What can be used of each calendar day."""
        if fact not in self.by_day:
            days = self.by_day[fact] = {}
            for entry in self.entries.get(fact, ()):
                if entry.reason or entry.at > self.now_us:
                    continue
                by_day = fact in BY_DAY and isinstance(entry.low, Mapping)
                for day, each in _planned(entry.low, entry) if by_day else self._day_of(entry):
                    days.setdefault(day, []).append(each)
        return self.by_day[fact]

    def _day_of(self, entry: Entry) -> Iterable[tuple[int, Entry]]:
        return ((local_day(entry.observation.at, self.now), entry),) if entry.observation else ()

    # ---- readings, lists, other rules

    def repeated(self, node: Node, apart_min: int) -> int:
        """Whether a condition holds in two sets of readings."""
        named = measured_in(node)
        since = self.now_us - READINGS_LAST_US
        moments = sorted({entry.at for fact in named for entry in self._between(fact, since)})
        truths = {moment: self._at(moment).run(node) for moment in moments}
        high = [moment for moment, truth in truths.items() if truth == 2]  # noqa: PLR2004
        if len(high) > 1 and high[-1] - high[0] >= apart_min * MINUTE_US:
            return 2
        last = max((moment for moment, truth in truths.items() if truth), default=None)
        lows = [moment for moment, truth in truths.items() if not truth]
        cleared = last is None or (lows and lows[-1] > last and lows[-1] - last >= apart_min * MINUTE_US)
        return 0 if moments and cleared else 1

    def _at(self, moment: int) -> "PersonMachine":
        """The same person, of whom only what was measured at one moment is seen; made once for each moment."""
        if moment not in self.sets:
            seen = {
                fact: tuple(e for e in self.entries[fact] if e.at == moment)
                for fact in MEASURED
                if fact in self.entries
            }
            other = self.sets[moment] = self.fresh_copy()
            other.entries = {**self.entries, **seen}
        return self.sets[moment]

    def take(self, condition: Node, values: Mapping[str, Number]) -> None:
        """Look at a condition again, with these values of one reduction."""
        self.own = values
        self._forget(condition)

    def _forget(self, node: Node) -> None:
        self.tape[node.place] = None
        for part in node.operands:
            self._forget(part)

    def fresh_copy(self) -> "PersonMachine":
        """The same person, nothing found yet."""
        other = copy(self)
        other._clear()  # noqa: SLF001  its own kind
        return other

    def by_person(self, called: Called) -> Any:
        """A function of lists."""
        return called.value(self, called, *called.args)

    def equal_to_diazepam(self, diazepam: Number) -> Number:
        """That much diazepam in the unit of the total."""
        drug = self.unit_drug
        if not drug:
            index_drug = self.state("index_drug").newest
            if index_drug is None or not index_drug.exists:
                return NOT_KNOWN
            drug = fact_types()["index_drug"].levels[index_drug.low]
        found = self.equal(drug, Fraction(diazepam.low, SCALE))
        return NOT_KNOWN if found is None else Number(scaled(found[0]), scaled(found[1]), 1)

    def rule(self, rule_id: str) -> int:
        """The truth of another rule, latch included."""
        truth = self.rules.get(rule_id)
        if truth is None:
            truth = 2 if rule_id in self.latched else self.greatest_of(self.arms.nodes[rule_id])
            self.rules[rule_id] = truth
        return truth

    def because(self, node: Node, reason: str, holds: Any = True) -> None:  # noqa: FBT002  mostly it does
        """Note why a node is unknown, where that holds."""
        if holds:
            self.reasons[node.place] = reason


def _planned(mg_by_day: Mapping[date, Fraction], entry: Entry) -> Iterable[tuple[int, Entry]]:
    """Doses that were planned for each day."""
    doses = ((day.toordinal(), scaled(mg)) for day, mg in mg_by_day.items())
    return ((day, entry._replace(low=dose, high=dose)) for day, dose in doses)
