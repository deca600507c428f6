"""The machine for many check-ins at once: the same rules, on arrays of whole numbers."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np

from benzotaper.entries import SCALE, Entry
from benzotaper.fact_types import GIVERS, fact_types
from benzotaper.observations import REASONS
from benzotaper.rules.algebra import FAR, NOT_KNOWN, Number
from benzotaper.rules.column_facts import ColumnFacts, Flags
from benzotaper.rules.fact_columns import DAY_US, Bytes, Columns, FactColumn, Ints
from benzotaper.rules.machine import Window
from benzotaper.rules.nodes import Called, Node
from benzotaper.rules.readings import MEASURED
from benzotaper.rules.scalar import PersonMachine
from benzotaper.rules.states import MINUTE_US, READINGS_LAST_US

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ColumnMachine(ColumnFacts):
    """Many check-ins, each of one person at one moment; see `ColumnFacts` for its arguments."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.tape = [None] * self.arms.size
        self.rules: dict[str, Any] = {}
        self.tables: dict[tuple[str, int, bool, str], tuple[Ints, Ints, Bytes]] = {}
        self.sets: dict[frozenset[str], tuple[Ints, ColumnMachine]] = {}

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
        apart = apart_min * MINUTE_US
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

    def because(self, node: Node, reason: str, holds: Any = True) -> None:  # noqa: FBT002  as the other machine
        """A frame gives truths; the reasons are asked for one person."""


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
