"""The machine for many check-ins at once: the same rules, on arrays of whole numbers."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt

from benzotaper.entries import CLEARING, SCALE, Entry
from benzotaper.fact_types import GIVERS, fact_types
from benzotaper.observations import REASONS
from benzotaper.rules.algebra import FAR, NONE_BIT, NOT_KNOWN, Choice, Number
from benzotaper.rules.arms import Arms
from benzotaper.rules.fact_columns import DAY_US, Bytes, Columns, FactColumn, Ints, last_of
from benzotaper.rules.machine import Machine, Window
from benzotaper.rules.nodes import Called, Node
from benzotaper.rules.readings import MEASURED
from benzotaper.rules.scalar import MAY_LIE_AHEAD, READINGS_LAST_US, Equal, PersonMachine
from benzotaper.rules.thresholds import Limits

Flags = npt.NDArray[np.bool_]
_HOUR_US, _MINUTE_US = 3_600_000_000, 60_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()


class Said:
    """What one source says of a fact at each check-in: the row, and whether it counts."""

    __slots__ = ("counts", "row")

    def __init__(self, row: Ints, counts: Flags) -> None:
        self.row, self.counts = row, counts


class ColumnMachine(Machine):
    """Many check-ins, each of one person at one moment.

    Args:
        columns: the observations of each fact.
        person: place of the person of each check-in.
        now_us: its moment, in microseconds since 1970 UTC.
        today: its calendar day, as an ordinal.
        limits, arms, equal: as `PersonMachine` takes them.
        moment: of a set of readings: only what was measured at that moment is seen.
    """

    def __init__(  # noqa: PLR0913  what a review of many is made of
        self,
        *,
        columns: Columns,
        person: Ints,
        now_us: Ints,
        today: Ints,
        limits: Limits,
        arms: Arms,
        equal: Equal,
        moment: Ints | None = None,
    ) -> None:
        self.columns, self.person, self.now_us, self.today = columns, person, now_us, today
        self.limits, self.arms, self.equal, self.moment = limits, arms, equal, moment
        self.thresholds, self.units = limits.values, limits.units
        self.size = person.size
        self.tape: list[Any] = [None] * arms.size
        self.rules: dict[str, Any] = {}
        self.states: dict[str, tuple[list[Said], Bytes]] = {}
        self.tables: dict[tuple[str, int, bool, str], tuple[Ints, Ints, Bytes]] = {}
        self.sets: dict[frozenset[str], tuple[Ints, ColumnMachine]] = {}

    # ---- putting values together

    def run(self, node: Node) -> Any:
        """The value of a node, found once."""
        value = self.tape[node.place]
        if value is None:
            value = self.tape[node.place] = node.evaluate(self)
        return value

    lesser = staticmethod(np.minimum)
    greater = staticmethod(np.maximum)

    def least(self, values: Sequence[Any]) -> Any:
        """The smallest of several."""
        found = values[0]
        for value in values[1:]:
            found = np.minimum(found, value)
        return found

    def greatest(self, values: Sequence[Any]) -> Any:
        """The largest of several."""
        found = values[0]
        for value in values[1:]:
            found = np.maximum(found, value)
        return found

    def where(self, condition: Any, one: Any, other: Any) -> Any:
        """`one` where the condition holds."""
        return np.where(condition, one, other)

    def middle(self, values: list[Number], least: int) -> Number:
        """The median of the known values."""
        low = np.stack([np.broadcast_to(value.low, self.size) for value in values])
        known = np.stack(
            [np.broadcast_to((value.low == value.high) & (value.exists == 1), self.size) for value in values]
        )
        count = known.sum(axis=0)
        low = np.sort(np.where(known, low, FAR), axis=0)
        ends = [
            np.take_along_axis(low, each[None, :], axis=0)[0]
            for each in (np.maximum(count - 1, 0) // 2, np.minimum(count // 2, len(values) - 1))
        ]
        median = (ends[0] + ends[1]) // 2
        enough = count >= max(least, 1)
        return Number(np.where(enough, median, -FAR), np.where(enough, median, FAR), 1)

    def add_months(self, day: Any, months: int) -> Any:
        """The day so many months later, at most the last of its month."""
        date = (np.asarray(day, dtype=np.int64) - _EPOCH_DAY).astype("datetime64[D]")
        month = date.astype("datetime64[M]")
        place = (date - month.astype("datetime64[D]")).astype(np.int64)
        later = month + months
        last = ((later + 1).astype("datetime64[D]") - np.timedelta64(1, "D")).astype(np.int64)
        return np.minimum(later.astype("datetime64[D]").astype(np.int64) + place, last) + _EPOCH_DAY

    def months_between(self, day: Any, later: Any) -> Any:
        """The completed months between two days."""
        one, other = (
            (np.asarray(each) - _EPOCH_DAY).astype("datetime64[D]").astype("datetime64[M]") for each in (day, later)
        )
        months = (other - one).astype(np.int64)
        # a month is not complete before its own day, which may be the last of a shorter month
        date = (np.asarray(day) - _EPOCH_DAY).astype("datetime64[D]")
        place = (date - one.astype("datetime64[D]")).astype(np.int64)
        last = ((other + 1).astype("datetime64[D]") - np.timedelta64(1, "D")).astype(np.int64)
        completed = np.minimum(other.astype("datetime64[D]").astype(np.int64) + place, last)
        return months - (completed > np.asarray(later) - _EPOCH_DAY)

    # ---- what the sources say

    def _column(self, fact: str) -> FactColumn | None:
        return self.columns.get(fact)

    def _rows(self, column: FactColumn) -> tuple[Ints, Ints]:
        """Where the rows of each check-in begin and end: up to now, or of the moment of a set."""
        if self.moment is not None and column.kind.name in MEASURED:
            first, end = column.until(self.person, self.moment)
            return column.since(first, end, self.moment), end
        return column.until(self.person, self.now_us)

    def state(self, fact: str, column: FactColumn, consent: Any = None) -> tuple[list[Said], Bytes]:
        """What each source says, and 1 where something worse is possible; a device only with consent, if that is asked."""
        if consent is None and fact in self.states:
            return self.states[fact]
        said, unusable, clear = [], np.zeros(self.size, bool), np.zeros(self.size, bool)
        first, end = self._rows(column)
        oldest = self.now_us - max_age_us(column)
        for giver in column.givers:
            newest = self._of_giver(column, giver, first, end, oldest, usable=False)
            if GIVERS[giver] == "device" and consent is not None:
                newest.counts &= consent == 2  # noqa: PLR2004
            usable = newest.counts & self._usable(column, newest.row)
            doubted = usable & column.doubted[newest.row]
            if column.good.all() and column.kind.kind != "date":
                said.append(Said(newest.row, usable))
            else:
                older = self._of_giver(column, giver, first, newest.row + 1, oldest, usable=True)
                counts = np.where(usable, usable, newest.counts & older.counts)
                said.append(Said(np.where(usable, newest.row, older.row), counts))
            unusable |= newest.counts & (~usable | doubted)
            if GIVERS[giver] in CLEARING:
                clear |= usable & ~doubted
        found = np.logical_or.reduce([each.counts for each in said])
        left_open = (~found | (unusable & ~clear)).astype(np.int8)
        if consent is None:
            self.states[fact] = said, left_open
        return said, left_open

    def _of_giver(self, column: FactColumn, giver: int, first: Ints, end: Ints, oldest: Ints, *, usable: bool) -> Said:
        """The newest row of a giver before `end`: any, or one that can be used."""
        wanted = column.by == giver
        if usable:
            wanted &= column.good
        last = end - 1 if wanted.all() else last_of(wanted)[np.maximum(end - 1, 0)]
        counts = (end > first) & (last >= first)
        row = np.where(counts, last, 0)
        if usable and column.kind.kind == "date":
            while (ahead := counts & self._ahead(column, row)).any():
                before = last_of(wanted)[np.maximum(row - 1, 0)]
                counts &= ~ahead | ((row - 1 >= first) & (before >= first))
                row = np.where(ahead & counts, before, row)
        return Said(row, counts & (column.at[row] >= oldest))

    def _usable(self, column: FactColumn, row: Ints) -> Flags:
        good: Flags = column.good[row]
        return good & ~self._ahead(column, row) if column.kind.kind == "date" else good

    def _ahead(self, column: FactColumn, row: Ints) -> Flags:
        if column.kind.name in MAY_LIE_AHEAD:
            return np.zeros(row.size, bool)
        return (column.low[row] > self.today) & (column.exists[row] == 1)

    # ---- finding values

    def truth(self, fact: str, worse: bool) -> Any:
        """The truth of a yes-or-no fact."""
        column = self._column(fact)
        if column is None:
            return np.ones(self.size, np.int8)
        said, left_open = self.state(fact, column)
        yes = [each.counts & (column.low[each.row] == 2) for each in said]  # noqa: PLR2004
        if worse:
            return np.where(np.logical_or.reduce(yes), 2, left_open).astype(np.int8)
        no = [each.counts & ~true for each, true in zip(said, yes, strict=True)]
        return np.where(np.logical_or.reduce(no), 0, 2 - left_open).astype(np.int8)

    def number(self, fact: str, worse: bool, consent: Any = None) -> Number:
        """The range of a number."""
        column = self._column(fact)
        return self._unknown() if column is None else self._range(column, *self.state(fact, column, consent), worse)

    def date(self, fact: str, worse: bool) -> Number:
        """A date as a range of ordinals."""
        return self.number(fact, worse)

    def _unknown(self) -> Number:
        return Number(np.full(self.size, -FAR), np.full(self.size, FAR), np.ones(self.size, np.int8))

    def _range(self, column: FactColumn, said: list[Said], left_open: Bytes, worse: bool) -> Number:
        """What the sources say together: the worse one, as far as another could be worse still."""
        far = FAR if worse else -FAR
        worst = np.maximum if worse else np.minimum
        low = high = np.full(self.size, -far)
        given, none = np.zeros(self.size, bool), np.zeros(self.size, bool)
        for each in said:
            exists = each.counts & (column.exists[each.row] == 1)
            low = np.where(exists, worst(low, column.low[each.row]), low)
            high = np.where(exists, worst(high, column.high[each.row]), high)
            given |= exists
            none |= each.counts & ~exists
        nothing = ~given & none & (left_open == 0)
        unknown = ~given & ~nothing
        low = np.where(unknown | (~nothing & (left_open == 1) & (not worse)), -FAR, np.where(nothing, 0, low))
        high = np.where(unknown | (~nothing & (left_open == 1) & worse), FAR, np.where(nothing, 0, high))
        return Number(low, high, (~nothing).astype(np.int8))

    def choice(self, fact: str) -> Choice:
        """The words that a fact may be."""
        column = self._column(fact)
        if column is None:
            return Choice(np.zeros(self.size, np.int64), np.ones(self.size, np.int8))
        said, left_open = self.state(fact, column)
        known = np.zeros(self.size, np.int64)
        for each in said:
            bit = np.where(column.exists[each.row] == 1, np.int64(1) << column.low[each.row], np.int64(NONE_BIT))
            known |= np.where(each.counts, bit, 0)
        return Choice(known, left_open)

    def _newest_row(self, fact: str, column: FactColumn) -> Said:
        """The newest row that can be used, of whoever gave it."""
        said, _ = self.state(fact, column)
        row, counts = said[0].row, said[0].counts
        for each in said[1:]:  # in the order of GIVERS, so that of two at one moment the first counts
            newer = each.counts & (~counts | (column.at[each.row] > column.at[row]))
            row, counts = np.where(newer, each.row, row), counts | newer
        return Said(row, counts)

    def form(self, fact: str) -> Any:
        """The form of the newest value that can be used."""
        column = self._column(fact)
        if column is None:
            return np.zeros(self.size, np.int8)
        newest = self._newest_row(fact, column)
        return np.where(newest.counts, column.form[newest.row], 0)

    def newest(self, fact: str) -> Any:
        """The truth of the newest answer that can be used."""
        column = self._column(fact)
        if column is None:
            return np.ones(self.size, np.int8)
        newest, left_open = self._newest_row(fact, column), self.state(fact, column)[1]
        truth = np.where(newest.counts, column.low[newest.row], 1).astype(np.int8)
        return np.maximum(truth, left_open)

    def accepted(self, fact: str, form: int) -> Any:
        """Whether a clinician said so, naming this form."""
        column = self._column(fact)
        if column is None:
            return np.ones(self.size, np.int8)
        wanted = (column.form == form) & (column.by == GIVERS.index("clinician")) & column.good
        said = self._last(column, wanted, np.full(self.size, -FAR * FAR))
        return np.where(said.counts, column.low[said.row], 1).astype(np.int8)

    def _last(self, column: FactColumn, wanted: Flags, since: Ints) -> Said:
        """The newest row at which a condition holds."""
        first, end = column.until(self.person, self.now_us)
        last = last_of(wanted)[np.maximum(end - 1, 0)]
        counts = (end > first) & (last >= first)
        row = np.where(counts, last, 0)
        return Said(row, counts & (column.at[row] >= since))

    def reported(self, fact: str) -> int:  # noqa: ARG002  a frame has no record of reviews
        """Never: a frame has no record of reviews."""
        return 0

    def seen_within_hours(self, fact: str, hours: int) -> Any:
        """1 where it was TRUE in the hours up to now."""
        column = self._column(fact)
        if column is None:
            return np.zeros(self.size, np.int8)
        said = self._last(column, (column.low == 2) & (column.reason == 0), self.now_us - hours * _HOUR_US)  # noqa: PLR2004
        return said.counts.astype(np.int8)

    def rises(self, fact: str) -> Number:
        """How many of the newest values in a row are higher than the one before."""
        column = self._column(fact)
        if column is None:
            return Number(np.zeros(self.size, np.int64), np.full(self.size, FAR), 1)
        rows = _one_a_moment(column)
        first, end = column.until(self.person, self.now_us)
        place, begin = np.searchsorted(rows, end) - 1, np.searchsorted(rows, first)
        newest = rows[np.maximum(place, 0)]
        alive = (place >= begin) & (column.at[newest] >= self.now_us - max_age_us(column))
        sure, possible = np.zeros(self.size, np.int64), np.where(alive, 0, FAR)
        surely = alive.copy()
        while alive.any():
            later, before = rows[np.maximum(place, 0)], rows[np.maximum(place - 1, 0)]
            ends = alive & (
                (place - 1 < begin) | (column.form[later] != column.form[before]) | (column.form[later] == 0)
            )
            possible = np.where(ends, FAR, possible)
            alive &= ~ends & (column.high[later] > column.low[before])
            surely &= alive & (column.low[later] > column.high[before])
            possible, sure, place = possible + alive, sure + surely, place - 1
        return Number(sure, np.minimum(possible, FAR), 1)

    # ---- days

    def days(self, fact: str, window: Window, highest: bool, *, by: str = "", level: str = "") -> list[Number]:
        """The value of each day of the window."""
        low, high, has = self._table(fact, window.days, highest, level)
        today = has[0] if by in ("", fact) else self._table(by, 1, highest, "")[2][0]
        late = today == 0
        ends = self.today - late
        begun = self._window_begins(window, ends)
        days = []
        for place in range(window.days):
            number = [np.where(late, each[place + 1], each[place]) for each in (low, high, has)]
            exists = np.where(number[2] == 2, 0, 1)  # noqa: PLR2004  there is known to be none on that day
            days.append(Number(number[0], number[1], (exists * (ends - place >= begun)).astype(np.int8)))
        left_empty = ends < begun
        if left_empty.any():
            days[0] = self.range_where(left_empty, NOT_KNOWN, days[0])
        return days

    def _window_begins(self, window: Window, ends: Ints) -> Ints:
        begun = ends - window.days + 1
        if not window.since:
            return begun
        reduced = self.date("last_reduction", worse=True)
        known = (reduced.exists == 1) & (reduced.low == reduced.high)
        return np.where(known, np.maximum(begun, reduced.low), begun)

    def _table(self, fact: str, days: int, highest: bool, level: str) -> tuple[Ints, Ints, Bytes]:
        """Lowest and highest value of each day back from today, and whether there is one: 2 where it is none."""
        key = (fact, days, highest, level)
        if key not in self.tables:
            self.tables[key] = self._make_table(fact, days + 1, highest, level)
        return self.tables[key]

    def _make_table(self, fact: str, days: int, highest: bool, level: str) -> tuple[Ints, Ints, Bytes]:
        low, high = np.full((days, self.size), -FAR), np.full((days, self.size), FAR)
        has = np.zeros((days, self.size), np.int8)
        column = self._column(fact)
        if column is None or not column.at.size:
            return low, high, has
        checkin, row = self._pairs(column, self.now_us - (days + 1) * DAY_US)
        back = self.today[checkin] - column.day[row]
        keep = (back >= 0) & (back < days) & (column.reason[row] == 0)
        checkin, row, back = checkin[keep], row[keep], back[keep]
        values = (column.low[row], column.high[row])
        if level:
            values = (2 * (values[0] == column.kind.levels.index(level)),) * 2
        place = back * self.size + checkin
        none = column.exists[row] == 0
        has.ravel()[place] = 1 + none
        if np.count_nonzero(has) < place.size:  # several values of one day
            has.ravel()[place[~none]] = 1
            worst, start = (np.maximum, -FAR) if highest else (np.minimum, FAR)
            for table, value in zip((low, high), values, strict=True):
                table.ravel()[place] = start
                worst.at(table.ravel(), place, value)
        else:
            low.ravel()[place], high.ravel()[place] = values
        return low, high, has

    def _pairs(self, column: FactColumn, since: Ints) -> tuple[Ints, Ints]:
        """Every check-in with each of its rows that is not before a moment."""
        first, end = column.until(self.person, self.now_us)
        first = column.since(first, end, since)
        counts = end - first
        checkin = np.repeat(np.arange(self.size), counts)
        begins = np.cumsum(counts) - counts
        return checkin, np.arange(checkin.size) - np.repeat(begins - first, counts)

    # ---- readings, lists, other rules

    def repeated(self, node: Node, apart_min: int) -> Any:
        """Whether a condition holds in two sets of readings."""
        checkin, sets = self._sets(frozenset(fact for fact in node.facts() if fact in MEASURED))
        at = sets.moment
        assert at is not None  # noqa: S101  a machine of sets has one
        truth = np.broadcast_to(sets.run(node), checkin.size)
        apart = apart_min * _MINUTE_US
        high, maybe, low = truth == 2, truth > 0, truth == 0  # noqa: PLR2004
        last_high, last_maybe, last_low = (self._last_moment(checkin, at, each) for each in (high, maybe, low))
        first_high = -self._last_moment(checkin[::-1], -at[::-1], high[::-1])
        twice = np.bincount(checkin[high], minlength=self.size) > 1
        found = twice & (last_high - first_high >= apart)
        any_set = np.bincount(checkin, minlength=self.size) > 0
        no_maybe = np.bincount(checkin[maybe], minlength=self.size) == 0
        cleared = no_maybe | ((last_low > last_maybe) & (last_low - last_maybe >= apart))
        return np.where(found, 2, np.where(any_set & cleared, 0, 1)).astype(np.int8)

    def _last_moment(self, checkin: Ints, at: Ints, wanted: Flags) -> Ints:
        """The last moment of each check-in at which a condition holds; long ago where there is none."""
        last = np.full(self.size, -FAR * 1000)
        last[checkin[wanted]] = at[wanted]  # in order of time, so that the last one stays
        return last

    def _sets(self, named: frozenset[str]) -> tuple[Ints, "ColumnMachine"]:
        """Every check-in with each moment of its readings, as a machine of its own."""
        if named not in self.sets:
            since = self.now_us - READINGS_LAST_US
            pairs = [(column, self._pairs(column, since)) for fact in sorted(named) if (column := self._column(fact))]
            checkin = np.concatenate([each[0] for _, each in pairs]) if pairs else np.zeros(0, np.int64)
            at = np.concatenate([column.at[each[1]] for column, each in pairs]) if pairs else np.zeros(0, np.int64)
            order = np.lexsort((at, checkin))
            checkin, at = checkin[order], at[order]
            new = np.ones(at.size, bool)
            new[1:] = (checkin[1:] != checkin[:-1]) | (at[1:] != at[:-1])
            self.sets[named] = checkin[new], self._of(checkin[new], at[new])
        return self.sets[named]

    def _of(self, checkin: Ints, moment: Ints) -> "ColumnMachine":
        return ColumnMachine(
            columns=self.columns,
            person=self.person[checkin],
            now_us=self.now_us[checkin],
            today=self.today[checkin],
            limits=self.limits,
            arms=self.arms,
            equal=self.equal,
            moment=moment,
        )

    def by_person(self, called: Called) -> Any:
        """A function of lists, one person at a time where there is one."""
        facts = sorted(set(called.facts()) | {"index_drug", "plan.ends_at_zero"})
        columns = {fact: column for fact in facts if (column := self._column(fact)) is not None}
        lists = [column for column in columns.values() if column.kind.kind == "list"]
        nothing = called.value(self._person(0, {}), called, *called.args)
        known = np.zeros(self.size, bool)
        for column in lists:
            first, end = column.until(self.person, self.now_us)
            known |= end > first
        values = {
            int(n): called.value(self._person(int(n), columns), called, *called.args) for n in np.flatnonzero(known)
        }
        if isinstance(nothing, Number):
            ends = [np.full(self.size, end, np.int64) for end in nothing]
            for n, value in values.items():
                for end, found in zip(ends, value, strict=True):
                    end[n] = found
            return Number(*ends)
        truth = np.full(self.size, nothing, np.int8)
        truth[list(values)] = list(values.values())
        return truth

    def _person(self, n: int, columns: Columns) -> PersonMachine:
        """One check-in as a machine of its own."""
        found = {}
        for fact, column in columns.items():
            first, end = (int(each[0]) for each in column.until(self.person[n : n + 1], self.now_us[n : n + 1]))
            found[fact] = tuple(_entry(column, row) for row in range(end - 1, first - 1, -1))
        person = PersonMachine(
            entries=found,
            now=_EPOCH + timedelta(microseconds=int(self.now_us[n]) if self.size else 0),
            limits=self.limits,
            arms=self.arms,
            equal=self.equal,
        )
        person.today = int(self.today[n]) if self.size else person.today
        return person

    def entries_in_force(self, fact: str) -> Any:
        """Lists are looked at one person at a time."""
        raise NotImplementedError(fact)

    def equal_to_diazepam(self, diazepam: Number) -> Number:
        """That much diazepam in mg of the index drug."""
        drugs = self.choice("index_drug").known
        low, high, exists = self._unknown()
        for bit in np.unique(drugs):
            found = self._equal(int(bit), diazepam)
            low[drugs == bit], high[drugs == bit] = found.low, found.high
        return Number(low, high, exists)

    def _equal(self, bit: int, diazepam: Number) -> Number:
        """By whole half-millionths, rounded outwards, so that the range stays one."""
        levels = fact_types()["index_drug"].levels
        place = bit.bit_length() - 1
        found = self.equal(levels[place], Fraction(diazepam.low, SCALE)) if 0 <= place < len(levels) else None
        return NOT_KNOWN if found is None else Number(floor(found[0] * SCALE), ceil(found[1] * SCALE), 1)

    def rule(self, rule_id: str) -> Any:
        """The truth of another rule."""
        if rule_id not in self.rules:
            truths = [self.run(arm.node) for arm in self.arms.by_rule[rule_id]]
            self.rules[rule_id] = np.broadcast_to(self.greatest(truths), self.size)
        return self.rules[rule_id]

    def because(self, node: Node, reason: str) -> None:
        """A frame gives truths; the reasons are asked for one person."""

    def number_of(self, count: Any) -> Any:
        """A count as a number."""
        return np.asarray(count, dtype=np.int64) * SCALE


def max_age_us(column: FactColumn) -> int:
    """How long a fact stays fresh, in microseconds."""
    age = column.kind.max_age
    return FAR * 1000 if age == timedelta.max else age // timedelta(microseconds=1)


def _one_a_moment(column: FactColumn) -> Ints:
    """The usable rows, of each moment the one with the highest value."""
    rows = np.flatnonzero(column.reason == 0)
    order = np.lexsort((column.high[rows], column.at[rows], column.person[rows]))
    rows = rows[order]
    last = np.ones(rows.size, bool)
    last[:-1] = (column.person[rows[1:]] != column.person[rows[:-1]]) | (column.at[rows[1:]] != column.at[rows[:-1]])
    return rows[last]


def _entry(column: FactColumn, row: int) -> Entry:
    """One row as an entry."""
    is_list = column.kind.kind == "list"
    return Entry(
        at=int(column.at[row]),
        by=GIVERS[column.by[row]],
        reason=("", *REASONS)[column.reason[row]],
        low=column.lists[row] if is_list else int(column.low[row]),
        high=() if is_list else int(column.high[row]),
        exists=int(column.exists[row]),
        form=int(column.form[row]),
        observation=None,
    )
