"""What conversion gives: the rate between two drugs, an equivalent dose, and the spread of several tables."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from html import escape
from math import floor
from typing import TYPE_CHECKING, Any

from benzotaper.doses import NG_PER_MG, Dose
from benzotaper.equivalence_tables import Table
from benzotaper.errors import PickError
from benzotaper.numbers import decimal_text, number_text
from benzotaper.sources import Source

if TYPE_CHECKING:
    import pandas as pd

NOT_INDEPENDENT = "tables copy from each other: that they agree is no evidence"
HEADER = ("table", "year", "region", "mg", "grade")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What one table says of two drugs.

    Attributes:
        drug: the drug that is converted.
        to: the drug that it becomes.
        table: the table.
        low: fewest mg of `to` for one mg of `drug`.
        high: most mg of `to` for one mg of `drug`.
    """

    drug: str
    to: str
    table: Table
    low: Fraction
    high: Fraction

    def picked(self, pick: str) -> Fraction:
        """The mg of `to` for one mg of `drug`: "low", "midpoint" or "high"; "" where low and high are the same.

        Raises:
            PickError: a range and nothing picked, or another word.
        """
        if pick == "low" or (not pick and self.low == self.high):
            return self.low
        if pick == "high":
            return self.high
        if pick == "midpoint":
            return (self.low + self.high) / 2
        words = f"1 mg of {self.drug} is {mg_words(self.low, self.high)} of {self.to} by {self.table.id}"
        what = f"pick {pick!r} is not known" if pick else f"{words}: a range, not one dose"
        message = f"{what}; say pick='low', 'midpoint' or 'high'"
        raise PickError(message, low_mg=self.low, high_mg=self.high)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The table as a source, graded by the weaker of the rows used."""
        grades = {self.table.row(drug).grade for drug in (self.drug, self.to)}
        return (
            Source(
                id=self.table.id,
                title=self.table.title,
                authors=self.table.publisher,
                year=self.table.year,
                url=self.table.url,
                grade="secondary" if "secondary" in grades else self.table.grade,
            ),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of the rows and the table."""
        unsaid = [drug for drug in (self.drug, self.to) if self.table.row(drug).route == "not stated"]
        routes = [f"{self.table.id} does not state the route of {' and '.join(dict.fromkeys(unsaid))}: read as oral"]
        return tuple(routes if unsaid else ()) + ((self.table.note,) if self.table.note else ())


@lru_cache(maxsize=4096)
def rate(drug: str, to: str, table: Table) -> Rate:
    """What a table says of two drugs, each by its own name; kept, because a frame or a plan asks again and again.

    Raises:
        NotInTableError: the table lacks one of them.

    >>> from benzotaper.equivalence_tables import table_named
    >>> rate("bromazepam", "diazepam", table_named("ashton-2002")).low
    Fraction(5, 3)
    """
    a, b = table.row(drug), table.row(to)
    if drug == to:
        return Rate(drug=drug, to=to, table=table, low=Fraction(1), high=Fraction(1))
    low = a.diazepam_mg / a.high_mg * b.low_mg / b.diazepam_mg
    high = a.diazepam_mg / a.low_mg * b.high_mg / b.diazepam_mg
    return Rate(drug=drug, to=to, table=table, low=low, high=high)


@dataclass(frozen=True, slots=True, repr=False)
class Equivalent:
    """A dose of one drug as doses of another, by one table.

    Attributes:
        given: the dose that was converted.
        rate: what the table says of the two drugs.

    >>> from benzotaper.equivalence import convert
    >>> convert("bromazepam 6 mg", to="diazepam", table="ashton-2002")
    <Equivalent bromazepam 6 mg is 10 to 12 mg of diazepam (ashton-2002)>
    """

    given: Dose
    rate: Rate

    @property
    def drug(self) -> str:
        """The drug that was converted."""
        return self.rate.drug

    @property
    def to(self) -> str:
        """The drug that it becomes."""
        return self.rate.to

    @property
    def table(self) -> str:
        """The id of the table."""
        return self.rate.table.id

    @property
    def low_mg(self) -> Fraction:
        """The lowest equivalent dose [mg], exact."""
        return Fraction(self.given.ng * self.rate.low.numerator, self.rate.low.denominator * NG_PER_MG)

    @property
    def high_mg(self) -> Fraction:
        """The highest equivalent dose [mg], exact."""
        return Fraction(self.given.ng * self.rate.high.numerator, self.rate.high.denominator * NG_PER_MG)

    @property
    def low(self) -> Dose:
        """The lowest dose, rounded down to whole nanograms: `low` to `high` still encloses the exact range."""
        return Dose.of_ng(floor(self.given.ng * self.rate.low))

    @property
    def high(self) -> Dose:
        """The highest dose, rounded up to whole nanograms."""
        return Dose.of_ng(-floor(-self.given.ng * self.rate.high))

    def pick(self, which: str) -> Dose:
        """One dose of the range, rounded down to whole nanograms.

        Args:
            which: "low", "midpoint" or "high".

        Raises:
            PickError: another word.

        >>> from benzotaper.equivalence import convert
        >>> print(convert("bromazepam 6 mg", to="diazepam", table="ashton-2002").pick("midpoint"))
        11 mg
        """
        return Dose.of_ng(floor(self.given.ng * self.rate.picked(which)))

    @property
    def dose(self) -> Dose:
        """The equivalent dose, where the table gives one and not a range; rounded down to whole nanograms.

        Raises:
            PickError: a range.
        """
        return self.pick("")

    @property
    def sources(self) -> tuple[Source, ...]:
        """The table as a source, graded by the weaker of the rows used."""
        return self.rate.sources

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of the rows and the table."""
        return self.rate.notes

    def __str__(self) -> str:
        words = mg_words(self.low_mg, self.high_mg)
        return f"{self.drug} {self.given} is {words} of {self.to} ({self.table})"

    def __repr__(self) -> str:
        return f"<Equivalent {self}>"

    def to_dict(self) -> dict[str, Any]:
        """Plain values; exact numbers as text that `Fraction` reads, such as "0.5" or "20/3"."""
        return {
            "drug": self.drug,
            "given_mg": number_text(self.given.mg),
            "to": self.to,
            "table": self.table,
            "low_mg": number_text(self.low_mg),
            "high_mg": number_text(self.high_mg),
            "sources": [str(source) for source in self.sources],
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """`to_dict` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def to_frame(self) -> "pd.DataFrame":
        """One row: ``table, year, region, drug, given_mg, to, low_mg, high_mg, grade, missing``."""
        return _frame([_cells(self)])

    def _repr_html_(self) -> str:
        return _html(f"{self.drug} {self.given} in {self.to}", [self], self.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A table that cannot convert.

    Attributes:
        table: its id.
        drug: the drug that it lacks.
        reason: "not in" a complete table, or "not captured" in one whose rows here are not complete.
    """

    table: str
    drug: str
    reason: str

    def __str__(self) -> str:
        return f"{self.drug} is {self.reason} {'' if self.reason == 'not in' else 'in '}{self.table}"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Spread:
    """A dose of one drug as doses of another, by each of several tables.

    Attributes:
        drug: the drug that was converted.
        given: its dose.
        to: the drug that it becomes.
        equivalents: one a table, in the order of the tables.
        missing: the tables that cannot convert, and why.

    Limits: the tables are not independent of each other; `low_mg` to `high_mg` is what they say together, and no
    middle of it means anything.
    """

    drug: str
    given: Dose
    to: str
    equivalents: tuple[Equivalent, ...]
    missing: tuple[Missing, ...]

    @property
    def low_mg(self) -> Fraction:
        """The lowest dose that any of the tables gives [mg], exact."""
        return min(equivalent.low_mg for equivalent in self.equivalents)

    @property
    def high_mg(self) -> Fraction:
        """The highest dose that any of the tables gives [mg], exact."""
        return max(equivalent.high_mg for equivalent in self.equivalents)

    @property
    def title(self) -> str:
        """What was asked, and the whole range, in words."""
        words = mg_words(self.low_mg, self.high_mg)
        count = len(self.equivalents)
        return f"{self.drug} {self.given} is {words} of {self.to} by {count} {'table' if count == 1 else 'tables'}"

    def __getitem__(self, table: str) -> Equivalent:
        """What one table says, by its id.

        Raises:
            KeyError: it is not among the tables that can convert.
        """
        return {equivalent.table: equivalent for equivalent in self.equivalents}[table]

    def __str__(self) -> str:
        lines = [HEADER, *map(_line, self.equivalents)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        rows = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]
        return "\n".join([self.title, *rows, *map(str, self.missing), NOT_INDEPENDENT])

    def __repr__(self) -> str:
        return f"<Spread {self.title}>"

    def to_dict(self) -> dict[str, Any]:
        """Plain values; exact numbers as text that `Fraction` reads, such as "0.5" or "20/3"."""
        return {
            "drug": self.drug,
            "given_mg": number_text(self.given.mg),
            "to": self.to,
            "low_mg": number_text(self.low_mg),
            "high_mg": number_text(self.high_mg),
            "equivalents": [equivalent.to_dict() for equivalent in self.equivalents],
            "missing": [{"table": gap.table, "drug": gap.drug, "reason": gap.reason} for gap in self.missing],
            "notes": [NOT_INDEPENDENT],
        }

    def to_json(self) -> str:
        """`to_dict` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def to_frame(self) -> "pd.DataFrame":
        """A row a table: ``table, year, region, drug, given_mg, to, low_mg, high_mg, grade, missing``.

        A table that cannot convert has NA doses, and why in `missing`, which is empty for the others.
        """
        cells = [_cells(equivalent) for equivalent in self.equivalents]
        asked = {"drug": self.drug, "given_mg": self.given.mg, "to": self.to}
        return _frame(cells + [{"table": gap.table, **asked, "missing": str(gap)} for gap in self.missing])

    def _repr_html_(self) -> str:
        return _html(self.title, self.equivalents, (*self.missing, NOT_INDEPENDENT))


def mg_words(low: Fraction, high: Fraction) -> str:
    """A range for reading, to 6 places; "about" where that is not exact.

    >>> mg_words(Fraction(10), Fraction(12)), mg_words(Fraction(20, 3), Fraction(20, 3))
    ('10 to 12 mg', 'about 6.666667 mg')
    """
    texts = [decimal_text(value) for value in dict.fromkeys((low, high))]
    about = "" if all(Fraction(text) in (low, high) for text in texts) else "about "
    return f"{about}{' to '.join(texts)} mg"


def _line(equivalent: Equivalent) -> tuple[str, ...]:
    """The cells of a text table, as `HEADER` names them."""
    table = equivalent.rate.table
    words = mg_words(equivalent.low_mg, equivalent.high_mg).removesuffix(" mg")
    year = table.year_text.removeprefix("published ").partition(" (")[0]  # the frame and the source have all of it
    return table.id, year, table.region, words, equivalent.sources[0].grade


def _cells(equivalent: Equivalent) -> dict[str, object]:
    """The cells of a frame's row."""
    table = equivalent.rate.table
    return {
        "table": table.id,
        "year": table.year_text,
        "region": table.region,
        "drug": equivalent.drug,
        "given_mg": equivalent.given.mg,
        "to": equivalent.to,
        "low_mg": equivalent.low_mg,
        "high_mg": equivalent.high_mg,
        "grade": equivalent.sources[0].grade,
        "missing": "",
    }


def _frame(rows: Sequence[Mapping[str, object]]) -> "pd.DataFrame":
    from benzotaper.equivalence_frames import results  # noqa: PLC0415  pandas loads only for frames

    return results(rows)


def _html(title: str, equivalents: Iterable[Equivalent], below: Iterable[object]) -> str:
    """A table for notebooks."""
    head = "".join(f"<th scope='col'>{name}</th>" for name in HEADER)
    body = "".join(f"<tr>{_html_cells(equivalent)}</tr>" for equivalent in equivalents)
    notes = "".join(f"<p>{escape(str(note))}</p>" for note in below)
    return (
        f"<table><caption>{escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"
    )


def _html_cells(equivalent: Equivalent) -> str:
    return "".join(f"<td>{escape(cell)}</td>" for cell in _line(equivalent))
