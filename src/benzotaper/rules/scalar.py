"""The machine for one person: exact numbers, and a record of every value that it found."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from benzotaper.entries import CLEARING, SCALE, Entry, local_day, scaled
from benzotaper.fact_types import GIVERS, fact_types
from benzotaper.observations import microseconds
from benzotaper.rules.algebra import FAR, NONE_BIT, NOT_KNOWN, Choice, Number
from benzotaper.rules.arms import Arms
from benzotaper.rules.machine import Machine, Window
from benzotaper.rules.nodes import Called, Node
from benzotaper.rules.readings import MEASURED
from benzotaper.rules.thresholds import Limits
from benzotaper.unknown import Unknown
from benzotaper.values import NOT_APPLICABLE

_NEVER = timedelta.max
_MICROSECOND = timedelta(microseconds=1)
_MINUTE_US = 60_000_000
_HOUR_US = 60 * _MINUTE_US
READINGS_LAST_US = 24 * _HOUR_US
"""How long a set of readings counts: the freshness of what was measured."""
MAY_LIE_AHEAD = ("plan.hard_end_date",)
"""Dates that may be after today."""


Equal: TypeAlias = Callable[[str, Fraction], tuple[Fraction, Fraction] | None]
"""A drug and mg of diazepam → the lowest and the highest equal dose of the drug (mg); None where no table says."""


class State(NamedTuple):
    """What stands for a fact now.

    Attributes:
        values: what each source says, where it can be used.
        open: 1 where a source may say something worse.
        reason: why it is unknown, where no source says anything.
        newest: the newest one that can be used.
    """

    values: tuple[Entry, ...]
    open: int
    reason: str
    newest: Entry | None


_NOT_ASKED = State((), 1, "not_asked", None)


class PersonMachine(Machine):
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

    def __init__(  # noqa: PLR0913  what a review is made of
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
        self.today = now.toordinal()
        self.thresholds, self.units = limits.values, limits.units
        self.arms = arms
        self.equal, self.unit_drug = equal, unit_drug
        self.latched, self.facts_reported = frozenset(latched), frozenset(reported)
        self.own: Mapping[str, Number] = {}
        self._clear()
        self.rules: dict[str, int] = {}

    def _clear(self) -> None:
        self.tape: list[Any] = [None] * self.arms.size
        self.states: dict[tuple[str, bool], State] = {}
        self.by_day: dict[str, dict[int, list[Entry]]] = {}
        self.reasons: dict[int, str] = {}

    # ---- putting values together

    def run(self, node: Node) -> Any:
        """The value of a node, kept on the tape."""
        value = self.tape[node.place]
        if value is None:
            value = self.tape[node.place] = node.evaluate(self)
        return value

    lesser = staticmethod(min)
    greater = staticmethod(max)
    least = staticmethod(min)
    greatest = staticmethod(max)

    def where(self, condition: Any, one: Any, other: Any) -> Any:
        """One or the other."""
        return one if condition else other

    def range_where(self, condition: Any, one: Number, other: Number) -> Number:
        """One or the other."""
        return one if condition else other

    def middle(self, values: list[Number], least: int) -> Number:
        """The median of the known values."""
        known = sorted(value.low for value in values if value.exists and value.low == value.high)
        if len(known) < least:
            return NOT_KNOWN
        middle = (known[(len(known) - 1) // 2] + known[len(known) // 2]) // 2
        return Number(middle, middle, 1)

    def number_of(self, count: int) -> int:
        """A count as a number."""
        return count * SCALE

    def add_months(self, day: int, months: int) -> int:
        """The day so many months later, at most the last of its month."""
        begun = date.fromordinal(day)
        years, month = divmod(begun.month - 1 + months, 12)
        first = date(begun.year + years, month + 1, 1)
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return min(first.toordinal() + begun.day - 1, after.toordinal() - 1)

    def months_between(self, day: int, later: int) -> int:
        """The completed months between two days."""
        one, other = date.fromordinal(day), date.fromordinal(later)
        months = (other.year - one.year) * 12 + other.month - one.month
        return months - (self.add_months(day, months) > later)

    # ---- finding values

    def state(self, fact: str, *, device: bool = True) -> State:
        """What stands for a fact now, with or without what a device says."""
        key = (fact, device)
        found = self.states.get(key)
        if found is None:
            found = self.states[key] = self._state(fact, device=device)
        return found

    def _state(self, fact: str, *, device: bool) -> State:
        entries = [
            entry
            for entry in self.entries.get(fact, ())
            if entry.at <= self.now_us and (device or entry.by != "device")
        ]
        if not entries:
            return _NOT_ASKED
        kind = fact_types()[fact]
        oldest = self.now_us - kind.max_age // _MICROSECOND if kind.max_age is not _NEVER else -FAR * FAR
        fresh = [entry for entry in entries if entry.at >= oldest]
        if kind.kind == "date":
            fresh = [self._dated(entry) for entry in fresh]
        if len(fresh) == 1 and not fresh[0].reason:
            return State((fresh[0],), 0, "", fresh[0])
        return _combined(fresh) if fresh else State((), 1, "stale", None)

    def _dated(self, entry: Entry) -> Entry:
        """A date as the calendar day in the time zone of now; one that lies ahead cannot be used."""
        if entry.reason or not entry.exists:
            return entry
        day = local_day(entry.low, self.now)
        ahead = day > self.today and entry.observation.fact not in MAY_LIE_AHEAD
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
        return _range(self.state(fact, device=consent in (None, 2)), worse)

    def date(self, fact: str, worse: bool) -> Number:
        """A date as a range of ordinals."""
        return _range(self.state(fact), worse)

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
        found = _newest_agreed([entry for entry in named if entry.at <= self.now_us])
        return found.low if found else 1

    def reported(self, fact: str) -> int:
        """Whether a completed review has reported the fact."""
        return int(fact in self.facts_reported)

    def newest(self, fact: str) -> int:
        """The truth of the newest answer that can be used."""
        state = self.state(fact)
        if state.newest is None:
            return 1
        return max(state.newest.low, state.open)

    def seen_within_hours(self, fact: str, hours: int) -> int:
        """Whether it was TRUE in the hours up to now."""
        since = self.now_us - hours * _HOUR_US
        return int(any(entry.low == 2 and not entry.reason for entry in self._between(fact, since)))  # noqa: PLR2004

    def _between(self, fact: str, since: int) -> Iterable[Entry]:
        return (entry for entry in self.entries.get(fact, ()) if since <= entry.at <= self.now_us)

    def rises(self, fact: str) -> Number:
        """How many of the newest values in a row are higher than the one before."""
        usable = [entry for entry in self.entries.get(fact, ()) if entry.at <= self.now_us and not entry.reason]
        if not usable or self.now_us - usable[0].at > fact_types()[fact].max_age // _MICROSECOND:
            return Number(0, FAR, 1)
        highest: dict[int, Entry] = {}
        for entry in usable:
            if entry.at not in highest or entry.high > highest[entry.at].high:
                highest[entry.at] = entry
        return _rises(list(highest.values()))

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
        place = fact_types()[fact].levels.index(level) if level else None
        begun = self._window_begins(window, ends)
        days = [
            Number(0, 0, 0) if day < begun else _of_day(values.get(day, ()), place, highest=highest)
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
                return max(begun, reduced.low)
        return begun

    def _days_of(self, fact: str) -> Mapping[int, list[Entry]]:
        """What can be used of each calendar day."""
        if fact not in self.by_day:
            days = self.by_day[fact] = {}
            for entry in self.entries.get(fact, ()):
                if entry.reason or entry.at > self.now_us:
                    continue
                for day, each in self._each_day(entry):
                    days.setdefault(day, []).append(each)
        return self.by_day[fact]

    def _each_day(self, entry: Entry) -> Iterable[tuple[int, Entry]]:
        if isinstance(entry.low, Mapping):  # doses planned for each day
            return ((day.toordinal(), entry._replace(low=scaled(mg), high=scaled(mg))) for day, mg in entry.low.items())
        return ((local_day(entry.observation.at, self.now), entry),)

    # ---- readings, lists, other rules

    def repeated(self, node: Node, apart_min: int) -> int:
        """Whether a condition holds in two sets of readings."""
        named = {fact for fact in node.facts() if fact in MEASURED}
        since = self.now_us - READINGS_LAST_US
        moments = sorted({entry.at for fact in named for entry in self._between(fact, since)})
        truths = {moment: self._at(moment).run(node) for moment in moments}
        high = [moment for moment, truth in truths.items() if truth == 2]  # noqa: PLR2004
        if len(high) > 1 and high[-1] - high[0] >= apart_min * _MINUTE_US:
            return 2
        last = max((moment for moment, truth in truths.items() if truth), default=None)
        lows = [moment for moment, truth in truths.items() if not truth]
        cleared = last is None or (lows and lows[-1] > last and lows[-1] - last >= apart_min * _MINUTE_US)
        return 0 if moments and cleared else 1

    def _at(self, moment: int) -> "PersonMachine":
        """The same person, of whom only what was measured at one moment is seen."""
        seen = {fact: tuple(entry for entry in self.entries.get(fact, ()) if entry.at == moment) for fact in MEASURED}
        other = self.fresh_copy()
        other.entries = {**self.entries, **seen}
        return other

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
            truth = 2 if rule_id in self.latched else max(self.run(arm.node) for arm in self.arms.by_rule[rule_id])
            self.rules[rule_id] = truth
        return truth

    def because(self, node: Node, reason: str) -> None:
        """Note why a node may be unknown."""
        self.reasons[node.place] = reason


def _combined(fresh: list[Entry]) -> State:
    """What the sources say together: each one's newest answer, and what an unusable one leaves open."""
    newest: dict[str, list[Entry]] = {}
    older: dict[str, list[Entry]] = {}
    for entry in fresh:
        held = newest.setdefault(entry.by, [])
        (held if not held or held[0].at == entry.at else older.setdefault(entry.by, [])).append(entry)
    values: list[Entry] = []
    unusable: dict[str, Entry] = {}
    for by, same in newest.items():
        usable = _agreed(same)
        if usable is None or any(entry.reason for entry in same):
            unusable[by] = same[0]
        if usable is None:
            usable = _newest_agreed(older.get(by, []))
        if usable is not None:
            values.append(usable)
    clear = {by for by in newest if by not in unusable and by in CLEARING}
    left_open = any(clear <= {by} for by in unusable)
    newest_value = max(values, key=lambda entry: (entry.at, -GIVERS.index(entry.by)), default=None)
    reason = "" if values else _reason(max(unusable.values(), key=lambda entry: entry.at), newest)
    return State(tuple(values), int(left_open or not values), reason, newest_value)


def _agreed(same: list[Entry]) -> Entry | None:
    """The one value of a source at one moment; None where it gives none, or two that differ."""
    usable = [entry for entry in same if not entry.reason]
    differ = any(
        (entry.low, entry.high, entry.exists) != (usable[0].low, usable[0].high, usable[0].exists) for entry in usable
    )
    return None if differ or not usable else usable[0]


def _newest_agreed(older: list[Entry]) -> Entry | None:
    """The newest older value that can be used: it can still raise."""
    for moment in dict.fromkeys(entry.at for entry in older):
        found = _agreed([entry for entry in older if entry.at == moment])
        if found is not None:
            return found
    return None


def _reason(entry: Entry, newest: Mapping[str, list[Entry]]) -> str:
    return entry.reason or next((each.reason for each in newest[entry.by] if each.reason), "conflicting")


def _range(state: State, worse: bool) -> Number:
    """What the sources say together about a number: the worse one, as far as another could be worse still."""
    values = [entry for entry in state.values if entry.exists]
    if not values:
        return Number(0, 0, 0) if state.values and not state.open else NOT_KNOWN
    if worse:
        return Number(max(v.low for v in values), FAR if state.open else max(v.high for v in values), 1)
    return Number(-FAR if state.open else min(v.low for v in values), min(v.high for v in values), 1)


def _of_day(entries: Sequence[Entry], place: int | None, *, highest: bool) -> Number:
    """The value of a day: the highest or the lowest given."""
    if not entries:
        return NOT_KNOWN
    if place is not None:
        values = [Number(2 * (entry.low == place), 2 * (entry.low == place), 1) for entry in entries]
    else:
        values = [Number(entry.low, entry.high, entry.exists) for entry in entries]
    if len(values) == 1:
        return values[0]
    worst = max if highest else min
    return Number(worst(v.low for v in values), worst(v.high for v in values), max(v.exists for v in values))


def _rises(values: list[Entry]) -> Number:
    """The rises of values at different moments, the newest first."""
    sure = possible = 0
    surely = True
    for later, before in zip(values, values[1:], strict=False):
        if later.form != before.form or later.form == 0:
            return Number(sure, FAR, 1)
        if later.high <= before.low:
            return Number(sure, possible, 1)
        possible += 1
        surely = surely and later.low > before.high
        sure += surely
    return Number(sure, FAR, 1)
