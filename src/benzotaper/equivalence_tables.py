"""The published tables of equivalent doses, and those that users bring: read, checked and found by name.

A row says that `low_mg` to `high_mg` of a drug equal a stated dose of diazepam. That reference dose differs by table
and even by row (5, 10, 12.5, 15 mg): to forget it is a factor of two. Diazepam itself is in every table.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from benzotaper import datafiles
from benzotaper.datafiles import NOT_CAPTURED, Row
from benzotaper.drugs import drug_named
from benzotaper.equivalence_rows import DIAZEPAM, GRADES, EquivalentDose, read_rows
from benzotaper.errors import DataError, NotInTableError, UnknownTableError, did_you_mean, hint, refuse_faults
from benzotaper.unknown import Unknown

ALIKE = 0.8  # project default: how alike two names are (0 to 1) before one is shown beside the other


ITSELF = EquivalentDose(
    low_mg=Fraction(1),
    high_mg=Fraction(1),
    diazepam_mg=Fraction(1),
    route="by definition",
    grade="by definition",
)
"""Diazepam in a table that does not print it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of equivalent doses.

    Attributes:
        id: what `table=` takes.
        title: its title.
        publisher: its authors or publisher.
        year: year or version, as text.
        region: where it is used: a country code or "international".
        tier: what kind of source it is, such as "guideline".
        grade: "seen", or "secondary" (read in someone else's copy).
        complete: whether all rows of the source are here; a drug missing from a complete table is not in the source.
        shown_by_default: whether `compare_equivalents` shows it unasked.
        url: its address.
        note: what a reader should know of it.
        rows: the equivalent dose of each drug that it prints; a copy, read-only.
    """

    id: str
    title: str
    publisher: str
    year: str | Unknown
    region: str
    tier: str
    grade: str
    complete: bool
    shown_by_default: bool
    url: str | Unknown
    note: str
    rows: Mapping[str, EquivalentDose]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", MappingProxyType(dict(self.rows)))

    def __hash__(self) -> int:
        return hash(self.id)

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], "Table"], tuple[dict[str, Any]]]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return _made_again, (values | {"rows": dict(self.rows)},)  # a read-only mapping cannot be pickled

    def __str__(self) -> str:
        return f"{self.id}: {self.title} ({self.publisher}, {self.year_text})"

    def __repr__(self) -> str:
        return f"<Table {self.id}, {len(self.rows)} rows>"

    @property
    def year_text(self) -> str:
        """The year for reading."""
        return "no date" if isinstance(self.year, Unknown) else self.year

    def has(self, drug: str) -> bool:
        """Whether the table can convert a drug, given by its own name; diazepam always.

        >>> table_named("who-2009").has("midazolam")
        False
        """
        return drug in self.rows or drug == DIAZEPAM

    def row(self, drug: str) -> EquivalentDose:
        """The equivalent dose of a drug, given by its own name.

        Raises:
            NotInTableError: the table lacks it; the tables that have it are named.

        >>> table_named("novadic").row("lorazepam").diazepam_mg
        Fraction(25, 2)
        """
        found = self.rows.get(drug)
        if found is None and drug != DIAZEPAM:
            raise not_in(drug, self)
        return found or ITSELF

    @property
    def lacks(self) -> str:
        """What the absence of a drug means: "not in" a complete table, "not captured" in another."""
        return "not in" if self.complete else "not captured"


TableLike: TypeAlias = str | Table


def _made_again(values: dict[str, Any]) -> Table:
    return Table(**values)


def tables() -> tuple[Table, ...]:
    """All tables of the package, in the order of their file.

    >>> len(tables())
    14
    """
    return tuple(_shipped().values())


@cache
def default_tables() -> tuple[Table, ...]:
    """The tables that a comparison shows unasked: those with a known publisher of standing.

    >>> [table.id for table in default_tables()][:3]
    ['vadod-2021', 'ashton-2002', 'scotland-2024']
    """
    return tuple(table for table in tables() if table.shown_by_default)


def table_named(table: TableLike) -> Table:
    """The table that has this id; a user's own `Table` is given back.

    Args:
        table: an id, such as "ashton-2002", or a `Table`.

    Raises:
        UnknownTableError: no such id; near ids are suggested, none is chosen.
        DataError: a table that carries the id of another one of the package.

    >>> table_named("ashton-2002").publisher
    'C. H. Ashton'
    """
    shipped = _shipped()
    if isinstance(table, Table):
        known = shipped.get(table.id, table)
        if known is not table and known != table:
            refuse_faults(table.id, [f"id {table.id!r} is that of a table of this package; choose another"])
        return table
    if not isinstance(table, str) or table not in shipped:
        near = did_you_mean(table, shipped) if isinstance(table, str) else ()
        message = f"no equivalence table {table!r}{hint(near)}; the tables are {', '.join(shipped)}"
        raise UnknownTableError(message, table=table, known=tuple(shipped), suggestions=near)
    return shipped[table]


def tables_for(drug: str) -> tuple[Table, ...]:
    """The tables of the package that have a drug.

    Args:
        drug: any name of it.

    Raises:
        UnknownDrugError, ReleaseError: as `drug_named`.

    >>> [table.id for table in tables_for("midazolam")]
    ['germany-2020']
    """
    name = drug_named(drug).name
    return tuple(table for table in tables() if table.has(name))


def not_in(drug: str, table: Table) -> NotInTableError:
    """The error for a drug that a table lacks."""
    if table.complete:
        what = f"{drug} is not in {table.id}, a complete table"
    else:
        what = f"{drug} is not captured in {table.id}, whose rows here are not complete"
    alike = difflib.get_close_matches(drug, table.rows, n=3, cutoff=ALIKE)
    others = f" (names like it there are other drugs: {', '.join(alike)})" if alike else ""
    having = tuple(table.id for table in tables_for(drug))
    message = f"{what}{others}; {where_else(having)}"
    return NotInTableError(
        message, drug=drug, table=table.id, complete=table.complete, tables=having, suggestions=tuple(alike)
    )


def not_in_any(drug: str, to: str, asked: Iterable[Table]) -> NotInTableError:
    """The error for two drugs that none of several tables has together."""
    asked = tuple(asked)
    missing = to if any(table.has(drug) for table in asked) else drug
    having = tuple(table.id for table in tables_for(drug) if table.has(to))
    ids = ", ".join(table.id for table in asked)
    message = f"none of the tables asked ({ids}) has {drug} together with {to}; {where_else(having)}"
    complete = all(table.complete for table in asked)
    return NotInTableError(message, drug=missing, table=ids, complete=complete, tables=having, suggestions=())


def where_else(having: Iterable[str]) -> str:
    """What to do about a missing drug, for the end of an error."""
    ids = ", ".join(having)
    return f"tables that have it: {ids}" if ids else "no table of the package has it; bring your own with bt.load_table"


def load_table(  # noqa: PLR0913  a table says where it comes from: every field has a name
    path: str | Path,
    *,
    id: str,  # noqa: A002  the field's own name
    title: str,
    complete: bool,
    publisher: str = "own table",
    year: str | Unknown = NOT_CAPTURED,
    region: str = "own",
    tier: str = "own",
    url: str | Unknown = NOT_CAPTURED,
    note: str = "",
) -> Table:
    """Read a table of one's own from a CSV file in UTF-8; use it as ``table=`` wherever an id is taken.

    Args:
        path: a file with the columns ``table_id, drug, dose_low_mg, dose_high_mg, diazepam_mg, route, grade``.
        id: its id, which each row repeats and no table of the package has.
        title: its title.
        complete: whether all rows of the source are there.
        publisher: its authors or publisher.
        year: year or version, as text.
        region: where it is used.
        tier: what kind of source it is.
        url: its address.
        note: what a reader should know of it.

    Raises:
        DataError: with every fault of the file and its row: a missing column, another table's id, an unknown or
            repeated drug, a dose that is no number above 0, low above high, another route or grade, no rows.
    """
    file = Path(path).name
    if not isinstance(id, str) or not id.strip() or id in _shipped():
        refuse_faults(file, [f"id {id!r} is empty or that of a table of this package; choose another"])
    rows = read_rows(_text_of(Path(path), file), table_ids=[id], file=file)[id]
    grade = "secondary" if any(row.grade == "secondary" for row in rows.values()) else "seen"
    return Table(
        id=id,
        title=title,
        publisher=publisher,
        year=year,
        region=region,
        tier=tier,
        grade=grade,
        complete=complete,
        shown_by_default=False,
        url=url,
        note=note,
        rows=rows,
    )


def _text_of(path: Path, file: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # spreadsheets put a mark before the first cell
    except (OSError, ValueError) as error:
        message = f"{file} cannot be read as a UTF-8 text: {error}"
        raise DataError(message, file=file, faults=(str(error),)) from error


@cache
def _shipped() -> Mapping[str, Table]:
    described = list(datafiles.shipped_rows("equivalence_tables.csv", _COLUMNS))
    ids = [row["table_id"] for row in described]
    refuse_faults("equivalence_tables.csv", [f"{id_!r} is there twice" for id_ in set(ids) if ids.count(id_) > 1])
    rows = read_rows(datafiles.shipped("equivalence.csv"), table_ids=ids, file="equivalence.csv")
    return MappingProxyType({row["table_id"]: _table(row, rows[row["table_id"]]) for row in described})


def _table(row: Row, rows: Mapping[str, EquivalentDose]) -> Table:
    return Table(
        id=row["table_id"],
        title=row["title"],
        publisher=row["publisher"],
        year=row["year_or_version"],
        region=row["region"],
        tier=row["tier"],
        grade=row["grade"],
        complete=row["complete"],
        shown_by_default=row["shown_by_default"],
        url=row["url"],
        note=row["note"],
        rows=rows,
    )


def _yes(cell: str) -> bool:
    return bool(datafiles.one_of("yes", "no")(cell) == "yes")


_COLUMNS: Mapping[str, datafiles.Reader] = {
    "table_id": datafiles.word,
    "title": datafiles.word,
    "publisher": datafiles.word,
    "year_or_version": lambda cell: Unknown("no date") if cell in ("n/d", "undated") else datafiles.word(cell),
    "region": datafiles.word,
    "tier": datafiles.word,
    "grade": datafiles.one_of(*GRADES),
    "shown_by_default": _yes,
    "complete": _yes,
    "url": lambda cell: cell or NOT_CAPTURED,
    "note": datafiles.text,
}
