"""What the sources say of each fact, at many check-ins at once."""

from typing import Any

import numpy as np
import numpy.typing as npt

from benzotaper.entries import CLEARING
from benzotaper.fact_types import GIVERS
from benzotaper.rules.algebra import FAR, NONE_BIT, Choice, Number
from benzotaper.rules.arms import Arms
from benzotaper.rules.arrays import ArrayArithmetic
from benzotaper.rules.fact_columns import Bytes, Columns, FactColumn, Ints, last_of
from benzotaper.rules.readings import MEASURED
from benzotaper.rules.states import HOUR_US, MAY_LIE_AHEAD, Equal
from benzotaper.rules.thresholds import Limits

Flags = npt.NDArray[np.bool_]


class Said:
    """What one source says of a fact at each check-in: the row, and whether it counts."""

    __slots__ = ("counts", "row")

    def __init__(self, row: Ints, counts: Flags) -> None:
        self.row, self.counts = row, counts


class ColumnFacts(ArrayArithmetic):
    """What is known of each fact at many check-ins, each of one person at one moment.

    Args:
        columns: the observations of each fact.
        person: place of the person of each check-in.
        now_us: its moment, in microseconds since 1970 UTC.
        today: its calendar day, as an ordinal.
        limits, arms, equal: as `PersonMachine` takes them.
        moment: of a set of readings: only what was measured at that moment is seen.
    """

    def __init__(
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
        self.states: dict[str, tuple[list[Said], Bytes]] = {}

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
        """What each source says, and 1 where something worse is possible; a device with consent, if that is asked."""
        if consent is None and fact in self.states:
            return self.states[fact]
        said, unusable, clear = [], np.zeros(self.size, bool), np.zeros(self.size, bool)
        first, end = self._rows(column)
        oldest = self.now_us - column.kind.max_age_us
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
        ahead: Flags = (column.low[row] > self.today) & (column.exists[row] == 1)
        return ahead

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
        wanted, ever = (column.form == form) & (column.by == GIVERS.index("clinician")), np.full(self.size, -FAR * FAR)
        newest, said = self._last(column, wanted, ever), self._last(column, wanted & column.good, ever)
        truth = np.where(said.counts, column.low[said.row], 1)
        doubted = newest.counts & ((newest.row != said.row) | column.doubted[said.row])
        return np.where(doubted, np.minimum(truth, 1), truth).astype(np.int8)

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
        said = self._last(column, (column.low == 2) & (column.reason == 0), self.now_us - hours * HOUR_US)  # noqa: PLR2004
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
        alive = (place >= begin) & (column.at[newest] >= self.now_us - column.kind.max_age_us)
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


def _one_a_moment(column: FactColumn) -> Ints:
    """The usable rows, of each moment the one with the highest value."""
    rows = np.flatnonzero(column.reason == 0)
    order = np.lexsort((column.high[rows], column.at[rows], column.person[rows]))
    rows = rows[order]
    last = np.ones(rows.size, bool)
    last[:-1] = (column.person[rows[1:]] != column.person[rows[:-1]]) | (column.at[rows[1:]] != column.at[rows[:-1]])
    return rows[last]
