"""Fills: what is collected when, what is used and left over, and when it runs out. Records and how they are shown."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from benzotaper.errors import PlanError
from benzotaper.exports.plain_tables import html_table, plain_table
from benzotaper.exports.rows import Cell, Kind, Row
from benzotaper.exports.words import amount_text, date_words, units_text
from benzotaper.intervals import days_text, read_date, read_days
from benzotaper.numbers import number_text
from benzotaper.product import Product
from benzotaper.usage import Use

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Mapping[str, Mapping[str, Kind]] = {
    "fill": {
        "fill": "number",
        "due": "date",
        "earliest": "date",
        "collected": "date",
        "first_day": "date",
        "last_day": "date",
        "days": "number",
        "drug": "text",
        "product": "text",
        "units": "number",
        "packs": "number",
        "wholes": "number",
        "halves": "number",
        "quarters": "number",
        "measures": "number",
        "before": "exact",
        "taken": "exact",
        "discarded": "exact",
        "left": "exact",
        "run_out": "date",
    },
    "product": {
        "drug": "text",
        "product": "text",
        "opening": "exact",
        "dispensed": "number",
        "taken": "exact",
        "discarded": "exact",
        "returned": "exact",
        "on_hand": "exact",
    },
}
"""The columns of each grain, in order, and what each holds; amounts in whole units (tablets, capsules, mL)."""


@dataclass(frozen=True, slots=True, kw_only=True, init=False)
class FillLimit:
    """A legal or contractual limit, as the caller knows it; this package has none of its own.

    Args:
        source: where it is from, for the reader.
        dated: the day of that source.
        longest: the time that one fill may cover at most; any, when left out.
        valid_for: how long after `issued` a fill may be collected; `issued` must then be given.
        issued: the day of the prescription.
        most_fills: how many fills there may be at most; 0 for any.

    Raises:
        PlanError: no source, or nothing that it limits.
        IntervalError: no date, no duration.

    >>> FillLimit(source="local formulary", dated="2026-01-15", longest="30 days").longest
    30
    """

    source: str
    dated: date
    longest: int
    valid_for: int
    issued: date | None
    most_fills: int

    def __init__(
        self,
        *,
        source: str,
        dated: date | str,
        longest: str | timedelta = "",
        valid_for: str | timedelta = "",
        issued: date | str = "",
        most_fills: int = 0,
    ) -> None:
        values = {
            "source": source.strip() if isinstance(source, str) else "",
            "dated": read_date(dated, what="dated"),
            "longest": 0 if longest == "" else read_days(longest, what="longest"),
            "valid_for": 0 if valid_for == "" else read_days(valid_for, what="valid_for"),
            "issued": None if issued == "" else read_date(issued, what="issued"),
            "most_fills": most_fills,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)
        self._check()

    def _check(self) -> None:
        if not self.source:
            raise PlanError("a limit needs source=: who says so; no limit is assumed here", value=self.source)
        if type(self.most_fills) is not int or self.most_fills < 0:
            message = f"most_fills {self.most_fills!r} must be a whole number of at least 1, or left out"
            raise PlanError(message, value=self.most_fills)
        if bool(self.valid_for) != (self.issued is not None):
            raise PlanError("valid_for= and issued= go together: give both, or neither", value=self.valid_for)
        if not (self.longest or self.valid_for or self.most_fills):
            message = "a limit that limits nothing is none: give longest=, valid_for= with issued=, or most_fills="
            raise PlanError(message, value=self.source)

    def notices(self, fills: "tuple[Fill, ...]") -> Iterator[str]:
        """What of these fills goes beyond it, in words that name source and date."""
        by = f"{self.source}, dated {self.dated}; confirm that it still holds"
        for fill in fills:
            if self.longest and fill.days > self.longest:
                yield f"fill {fill.number} covers {fill.days} days; at most {self.longest} by {by}"
            if self.issued and fill.collected > self.issued + timedelta(days=self.valid_for):
                yield (
                    f"fill {fill.number} is collected on {fill.collected}; the prescription of {self.issued} holds for "
                    f"{days_text(self.valid_for)} by {by}"
                )
        if self.most_fills and len(fills) > self.most_fills:
            yield f"there are {len(fills)} fills; at most {self.most_fills} by {by}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """One product in one fill; amounts in units: whole tablets, capsules or mL.

    ``before + units = taken + discarded + left``.

    Attributes:
        product: the product.
        units: what is dispensed (whole units).
        packs: how many packs that is; 0 where packs are not asked for.
        use: what is taken on the days that the fill covers.
        before: what is in hand before the fill (units).
        left: what is in hand after its last day (units).
        run_out: the first day for which no more of it is in hand, if nothing more were collected; None where the plan
            needs no more of it.
    """

    product: Product
    units: int
    packs: int
    use: Use
    before: Fraction
    left: Fraction
    run_out: date | None

    @property
    def taken(self) -> Fraction:
        """What is taken (units)."""
        return self.use.taken

    @property
    def discarded(self) -> Fraction:
        """Parts of broken tablets that may not be kept (units)."""
        return self.use.drawn - self.use.taken

    @property
    def left_whole(self) -> int:
        """Unbroken units that are carried over."""
        return int(self.left)

    @property
    def left_broken(self) -> Fraction:
        """What is carried over of a broken unit: 1/2 is half a tablet."""
        return self.left % 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One collection, and the days that it covers.

    Attributes:
        number: from 1.
        due: the day that the calendar of fills gives.
        earliest: the first day on which it may be collected; before the due day only where that falls in a closure.
        collected: the day counted on: the due day, or the last open day before the closure that it falls in.
        first_day, last_day: the days that it covers, inclusive: until the day before the next one is collected.
        supplies: what of each product that these days need, or that is dispensed.
        run_out: the first day that is not covered, if nothing more were collected; None where the plan needs no more.
    """

    number: int
    due: date
    earliest: date
    collected: date
    first_day: date
    last_day: date
    supplies: tuple[Supply, ...]
    run_out: date | None

    @property
    def days(self) -> int:
        """How many days it covers."""
        return (self.last_day - self.first_day).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FillTotal:
    """One product over all fills, in units; ``opening + dispensed = taken + discarded + returned + on_hand``.

    Attributes:
        product: the product.
        opening: what was in hand at the beginning.
        dispensed: what is dispensed (whole units).
        taken: what is taken.
        discarded: parts of broken tablets that may not be kept.
        returned: what is left when the plan has ended, to be returned.
        on_hand: what is in hand after the last day, where the plan goes on.
    """

    product: Product
    opening: Fraction
    dispensed: int
    taken: Fraction
    discarded: Fraction
    returned: Fraction
    on_hand: Fraction


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fills:
    """All fills of a plan. See `Plan.fills`.

    Attributes:
        every: days between the days on which fills are due.
        until: the last day covered.
        fills: in order.
        totals: a line per product.
        notes: what a person must know: days left out, limits that the caller named.
    """

    every: int
    until: date
    fills: tuple[Fill, ...]
    totals: tuple[FillTotal, ...]
    notes: tuple[str, ...]

    def __iter__(self) -> Iterator[Fill]:
        return iter(self.fills)

    def __len__(self) -> int:
        return len(self.fills)

    def __getitem__(self, place: int) -> Fill:
        return self.fills[place]

    def rows(self, *, per: Literal["fill", "product"] = "fill") -> Iterator[Row]:
        """Exact rows: one for each fill and product, or one for each product.

        Raises:
            PlanError: another grain.
        """
        if per not in COLUMNS:
            raise PlanError(f"per={per!r} is not known; fills have rows per {', '.join(COLUMNS)}", value=per)
        return self._supply_rows() if per == "fill" else self._total_rows()

    def _supply_rows(self) -> Iterator[Row]:
        for fill in self.fills:
            for supply in fill.supplies:
                own: Row = {"fill": fill.number, "drug": supply.product.drug, "product": str(supply.product)}
                yield {name: _cell(own, (supply.use, supply, fill), name) for name in COLUMNS["fill"]}

    def _total_rows(self) -> Iterator[Row]:
        for total in self.totals:
            own: Row = {"drug": total.product.drug, "product": str(total.product)}
            yield {name: _cell(own, (total,), name) for name in COLUMNS["product"]}

    def to_frame(self, *, per: Literal["fill", "product"] = "fill") -> "pd.DataFrame":
        """The rows as a DataFrame.

        Raises:
            PlanError: another grain.
        """
        from benzotaper.exports.frames import frame_of  # noqa: PLC0415  pandas loads at the first frame

        return frame_of(self.rows(per=per), COLUMNS[per])

    def to_json(self) -> str:
        """All of it as JSON; exact numbers as text, dates as YYYY-MM-DD, null for none."""
        document = {
            "every_days": self.every,
            "until": self.until.isoformat(),
            "fills": [_plain(row) for row in self.rows()],
            "totals": [_plain(row) for row in self.rows(per="product")],
            "notes": list(self.notes),
        }
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    def __str__(self) -> str:
        table = plain_table(_HEADS, self._lines(), right=("fill", "days"))
        return "\n".join([self._title, "", table, "", *self._total_lines(), *(f"Note: {note}." for note in self.notes)])

    def __repr__(self) -> str:
        return f"<Fills every {days_text(self.every)}: {len(self.fills)}, until {self.until}>"

    def _repr_html_(self) -> str:
        body = html_table(self._title, _HEADS, self._lines())
        return body + html_table("In all", ("in all",), ([line] for line in (*self._total_lines(), *self.notes)))

    @property
    def _title(self) -> str:
        return f"Fills every {days_text(self.every)}, until {date_words(self.until)}"

    def _lines(self) -> Iterator[list[str]]:
        for fill in self.fills:
            when = [str(fill.number), date_words(fill.collected), date_words(fill.last_day), str(fill.days)]
            for number, supply in enumerate(fill.supplies):
                yield [
                    *(when if number == 0 else [""] * len(when)),
                    f"{supply.product.drug} {supply.product.label}",
                    _dispensed(supply),
                    units_text(supply.taken),
                    units_text(supply.left) or "0",
                    date_words(supply.run_out) if supply.run_out else "–",
                ]

    def _total_lines(self) -> Iterator[str]:
        for total in self.totals:
            parts = (
                ("opening", "in hand before"),
                ("dispensed", "dispensed"),
                ("taken", "taken"),
                ("discarded", "discarded"),
                ("returned", "to return"),
                ("on_hand", "in hand after"),
            )
            said = (
                f"{words} {amount_text(Fraction(getattr(total, name)), total.product)}"
                for name, words in parts
                if getattr(total, name) or name in ("dispensed", "taken")
            )
            yield f"{total.product}: {', '.join(said)}."


_HEADS = ("fill", "collect", "lasts to", "days", "product", "dispense", "taken", "left", "runs out")


def _dispensed(supply: Supply) -> str:
    """How much is handed out, and in how many packs."""
    if not supply.units:
        return "nothing"
    packs = f" ({supply.packs} pack{'' if supply.packs == 1 else 's'})" if supply.packs else ""
    return amount_text(Fraction(supply.units), supply.product) + packs


def _cell(own: Mapping[str, Cell], records: tuple[object, ...], name: str) -> Cell:
    """A value by its name: of the row's own, else of the first record that has it."""
    if name in own:
        return own[name]
    found: Cell = next(getattr(record, name) for record in records if hasattr(record, name))
    return found


def _plain(row: Row) -> dict[str, Any]:
    return {name: _plain_cell(value) for name, value in row.items()}


def _plain_cell(value: Cell) -> Any:
    if isinstance(value, Fraction):
        return number_text(value)
    return value.isoformat() if isinstance(value, date) else value
