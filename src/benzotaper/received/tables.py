"""Reads the rows of a table: a CSV file, a frame, or a list of dicts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

from benzotaper.errors import BenzotaperError
from benzotaper.intervals import DAYS_PER_WEEK, TIMES
from benzotaper.received import cells
from benzotaper.received.columns import WIDE, Columns, find_columns
from benzotaper.received.entries import Amount, Doubts, Entry, Pieces, Received
from benzotaper.received.names import drug_word, time_word
from benzotaper.received.phrases import read_phrase

CYCLES = {"odd days": 1, "even days": 2, "every day": 0, "daily": 0}
"""What some schedules write for the time of day: every other day."""
OF_START = "percent_of_start:"


def read_table(headers: Sequence[object], rows: Iterable[Sequence[Any]], *, noun: str, first_place: int) -> Received:
    """Read rows under headers.

    Args:
        headers: the names of the columns.
        rows: the cells of each row.
        noun: what a row is called.
        first_place: the number of the first row.

    Raises:
        ScheduleError: no column holds a dose, or two hold the same.

    >>> read_table(["week", "dose_mg"], [["1", "10"]], noun="row", first_place=2).entries[0].days is None
    True
    """
    columns = find_columns(headers)
    received = Received(noun=noun, entries=[], doubts=Doubts(), unread=columns.unread)
    reader = _Rows(columns, received, len(headers))
    listed = list(rows)
    reader.find_order(listed)
    for place, row in enumerate(listed, start=first_place):
        received.entries.extend(reader.entries(place, row))
    _check_days(reader, received)
    return received


@dataclass(slots=True)
class _Rows:
    """Reads one row after the other."""

    columns: Columns
    received: Received
    width: int
    order: str = ""
    lasts: bool = False
    dates: int = 0
    numbers: int = 0

    def __post_init__(self) -> None:
        self.lasts = any(name in self.columns.places for name in ("end", "days", "duration", "duration_weeks"))

    def find_order(self, rows: Sequence[Sequence[Any]]) -> None:
        """Learn from all dates of the first-day column what slashes mean in it."""
        for name in ("start", "date", "day"):
            if name in self.columns.places:
                place = self.columns.places[name]
                self.order = cells.date_order(row[place] for row in rows if place < len(row))

    def entries(self, place: int, row: Sequence[Any]) -> Iterator[Entry]:
        """What one row says."""
        cell = {name: row[at] for name, at in self.columns.places.items() if at < len(row) and not _is_missing(row[at])}
        if not cell:
            return
        if len(row) != self.width:
            self.received.doubts.add(
                place, f"it has {len(row)} cells, but the header {self.width}", "quote cells that hold the separator"
            )
        common = self._common(place, cell)
        wide = [time for time in WIDE if time in self.columns.places]
        for time in wide:
            amount = self._amount(place, cell, time)
            yield Entry(**common | {"time": time, "amount": amount, "unread": time in cell and amount is None})
        if not wide:
            yield from self._tall(place, cell, common)

    def _tall(self, place: int, cell: Mapping[str, Any], common: dict[str, Any]) -> Iterator[Entry]:
        """A row that says one dose, or several in words."""
        said = cell.get("dose")
        if isinstance(said, str) and _is_phrase(said):
            for part in read_phrase(said, place=place, doubts=self.received.doubts):
                own = {"time": part.time or common["time"], "drug": part.drug or common["drug"]}
                own |= {"amount": part.amount, "unread": part.unread, "pieces": part.pieces + common["pieces"]}
                yield Entry(**common | own | {"total": common["total"] if part.total is None else part.total})
            return
        amount = self._amount(place, cell, "dose") or self._amount(place, cell, "percent")
        given = "dose" in cell or "percent" in cell
        if amount and amount.unit == "percent" and "of_start" in common:
            amount = Amount(amount.value, "percent of start")
        lacks = amount is None and not common["pieces"]
        if lacks and not given:
            self.received.doubts.add(place, "no dose stands there", "write the dose, 0 mg where nothing is taken")
        yield Entry(**common | {"amount": amount, "unread": lacks})

    def _common(self, place: int, cell: Mapping[str, Any]) -> dict[str, Any]:
        first, span, clock = self._first(place, cell)
        drug = cells.plain(cell.get("drug"))
        time = cells.plain(cell.get("time")) or clock
        return {
            "place": place,
            "step": cells.plain(cell.get("step")).removesuffix(".0"),
            "first": first,
            "span": span,
            "days": self._days(place, cell, first) if self.lasts else None,
            "drug": drug if drug.startswith(OF_START) else drug_word(drug, place, self.received.doubts),
            "time": "" if time.casefold() in CYCLES else time_word(time, place, self.received.doubts),
            "cycle_day": CYCLES.get(time.casefold(), 0) or int(self._read(place, cell, "cycle_day", cells.number) or 0),
            "pieces": self._pieces(place, cell),
            "product": cells.plain(cell.get("product")),
            "total": self._total(place, cell),
        }

    def _read(self, place: int, cell: Mapping[str, Any], name: str, reader: Callable[[Any], Any]) -> Any:
        """A cell as its reader gives it; None where there is none, or it leaves a doubt."""
        if name not in cell:
            return None
        try:
            return reader(cell[name])
        except BenzotaperError as error:
            self.received.doubts.add(place, f"{name}: {error}", f"write the {name} so that it can mean one thing only")
            return None

    def _amount(self, place: int, cell: Mapping[str, Any], name: str) -> Amount | None:
        unit = self.columns.units.get(name, "")
        if name not in cell:
            return None
        found: Amount | None = self._read(place, cell, name, lambda value: cells.amount(value, unit=unit))
        if found and name == "dose" and cells.plain(cell.get("drug")).startswith(OF_START):
            return Amount(found.value / (1 if found.unit == "number" else 10**6), "percent of start")
        return found

    def _total(self, place: int, cell: Mapping[str, Any]) -> Fraction | None:
        found = self._amount(place, cell, "total")
        return found.value if found and found.unit == "ng" else None

    def _first(self, place: int, cell: Mapping[str, Any]) -> tuple[int | None, int, str]:
        """The first day; what its label spans; a time of day that stood beside it."""
        if "week" in cell:
            weeks = self._read(place, cell, "week", cells.number)
            return (None if weeks is None else int((weeks - 1) * DAYS_PER_WEEK) + 1), DAYS_PER_WEEK, ""
        name = next((n for n in ("start", "date", "day") if n in cell), "")
        found = self._read(place, cell, name, lambda value: cells.when(value, order=self.order)) if name else None
        if found is None:
            return None, 0, ""
        self.dates += found.dated
        self.numbers += not found.dated
        return found.day, 0 if name == "start" or self.lasts else 1, found.clock

    def _days(self, place: int, cell: Mapping[str, Any], first: int | None) -> int | None:
        said = [
            self._read(place, cell, name, partial(cells.length, days=unit))
            for name, unit in (("days", 1), ("duration_weeks", DAYS_PER_WEEK), ("duration", 0))
        ]
        days: int | None = next((each for each in said if each is not None), None)
        end = self._read(place, cell, "end", lambda value: cells.when(value, order=self.order))
        if end is None or first is None:
            return days
        span = end.day - first + 1
        if span < 1 or (days is not None and days != span):
            said_days = "" if days is None else f", but {days} days are printed"
            self.received.doubts.add(
                place,
                f"from its first to its last day there are {max(span, 0)} days{said_days}",
                "correct the last day",
            )
            return days
        return int(span)

    def _parts(self, place: int, cell: Mapping[str, Any]) -> Fraction | None:
        """Whole units from the pieces of a unit: exact, where units alone may be rounded."""
        if "pieces" not in cell or "pieces_per_unit" not in cell:
            return None
        parts = self._read(place, cell, "pieces_per_unit", cells.number)
        pieces = self._read(place, cell, "pieces", cells.number)
        return Fraction(pieces, parts) if parts and pieces is not None else None

    def _pieces(self, place: int, cell: Mapping[str, Any]) -> tuple[Pieces, ...]:
        if "tablets" not in cell and "pieces" not in cell:
            return ()
        said = cell.get("tablets")
        if isinstance(said, str) and _is_phrase(said):
            found = read_phrase(said, place=place, doubts=self.received.doubts)
            return tuple(pieces for part in found for pieces in part.pieces)
        units = self._parts(place, cell)
        if units is None:
            units = self._read(place, cell, "tablets", cells.count)
        if units is None:
            return ()
        strength = self._amount(place, cell, "strength")
        return (Pieces(units=units, strength=strength.value if strength and strength.unit == "ng" else None),)


def _is_missing(value: object) -> bool:
    """As `cells.is_missing`; the same few texts stand in many rows."""
    return _is_missing_text(value) if type(value) is str else cells.is_missing(value)


_is_missing_text = lru_cache(maxsize=4096)(cells.is_missing)


@lru_cache(maxsize=4096)
def _is_phrase(text: str) -> bool:
    """Whether a cell says more than a number with its unit."""
    low = text.casefold()
    return any(word in low for word in ("tab", "take", "×", " x ", "capsule", ",", "+", ";", *TIMES)) and (
        sum(c.isalpha() for c in low) > 3  # noqa: PLR2004  more than a unit
    )


def _check_days(reader: _Rows, received: Received) -> None:
    """Dates and day numbers in one column cannot be laid on one calendar."""
    received.dated = bool(reader.dates)
    if reader.dates and reader.numbers:
        received.doubts.add(0, "some days are dates and some are day numbers", "write all of them as dates")
