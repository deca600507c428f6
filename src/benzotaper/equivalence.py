"""Conversion between drugs: an interval from one named table; several tables side by side, never blended.

Equivalent doses are approximate and tables disagree, threefold and more. What comes out here is what a table says, as
exact numbers; which dose a person is given is for a prescriber to decide.
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from benzotaper.doses import NG_PER_MG, Dose, DoseLike, read_dose
from benzotaper.drugs import drug_named
from benzotaper.equivalence_results import Equivalent, Missing, Rate, Spread, rate
from benzotaper.equivalence_rows import DIAZEPAM, EquivalentDose
from benzotaper.equivalence_tables import (
    Table,
    TableLike,
    default_tables,
    load_table,
    not_in_any,
    table_named,
    tables,
    tables_for,
)
from benzotaper.errors import DoseError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DIAZEPAM",
    "Equivalent",
    "EquivalentDose",
    "Missing",
    "Rate",
    "Spread",
    "Table",
    "TableLike",
    "compare_equivalents",
    "convert",
    "convert_frame",
    "default_tables",
    "factor",
    "load_table",
    "mg_range_in_diazepam",
    "rate",
    "table_named",
    "tables",
    "tables_for",
]

_DRUG_AND_DOSE = re.compile(r"\s*(\S.*?)\s+([-−+]?(?:[.,]?[0-9]|nan\b|inf\b).*)", re.DOTALL | re.IGNORECASE)


def convert(what: str | tuple[str, DoseLike], *, to: str, table: TableLike) -> Equivalent:
    """Convert a dose to another drug by one named table.

    Args:
        what: drug and dose, such as ``"alprazolam 1 mg"`` or ``("alprazolam", "1 mg")``.
        to: any name of the other drug.
        table: the id of a table, or a `Table` of one's own.

    Returns:
        An interval ``[d*ref_a/high_a*low_b/ref_b, d*ref_a/low_a*high_b/ref_b]`` in exact mg, with its source.

    Raises:
        UnknownDrugError, ReleaseError: a name that is no drug here, or that of a special product.
        DoseError: no dose, or one that cannot be read.
        UnknownTableError: no such table.
        NotInTableError: the table lacks one of the drugs; the tables that have it are named.

    Limits: equivalent doses are approximate, for oral plain products; liver disease, age, interactions and use of
    other drugs change them, and no table knows the person.

    Sources: the table; see `Equivalent.sources`.

    >>> print(convert("alprazolam 1 mg", to="diazepam", table="ashton-2002"))
    alprazolam 1 mg is 20 mg of diazepam (ashton-2002)
    """
    drug, dose = _read(what)
    return Equivalent(dose, rate(drug, drug_named(to).name, table_named(table)))


def compare_equivalents(
    what: str | tuple[str, DoseLike],
    *,
    to: str,
    tables: TableLike | Iterable[TableLike] = "default",  # the data say which
) -> Spread:
    """Convert a dose by several tables, side by side; nothing is averaged.

    Args:
        what: drug and dose, as `convert` takes them.
        to: any name of the other drug.
        tables: an id, a table of one's own, or several of them; "default" for those that `default_tables` gives.

    Returns:
        An `Equivalent` for each table that has both drugs, in the order of the tables, and which tables lack one.

    Raises:
        NotInTableError: none of the tables has both drugs.
        UnknownDrugError, ReleaseError, DoseError, UnknownTableError: as `convert`.

    >>> spread = compare_equivalents("alprazolam 1 mg", to="diazepam")
    >>> float(spread.low_mg), float(spread.high_mg)
    (6.25, 20.0)
    """
    drug, dose = _read(what)
    target = drug_named(to).name
    asked = _asked(tables)
    lacking = {table: next((name for name in (drug, target) if not table.has(name)), "") for table in asked}
    found = tuple(Equivalent(dose, rate(drug, target, table)) for table in asked if not lacking[table])
    if not found:
        raise not_in_any(drug, target, asked)
    missing = tuple(Missing(table=t.id, drug=name, reason=t.lacks) for t, name in lacking.items() if name)
    return Spread(drug=drug, given=dose, to=target, equivalents=found, missing=missing)


def _asked(given: TableLike | Iterable[TableLike]) -> tuple[Table, ...]:
    """The tables to compare, each once."""
    if given == "default":
        return default_tables()
    several = (given,) if isinstance(given, str | Table) else given
    return tuple(dict.fromkeys(table_named(table) for table in several))


def convert_frame(df: "pd.DataFrame", *, drug: str, dose_mg: str, to: str, table: TableLike) -> "pd.DataFrame":
    """Convert a column of doses by one named table.

    Args:
        df: a frame; it is not changed.
        drug: the column with drug names, as people write them.
        dose_mg: the column with doses in mg: numbers, or numbers as text; a float is read by its shortest decimal.
        to: any name of the other drug.
        table: the id of a table, or a `Table` of one's own.

    Returns:
        A copy with `low_mg` and `high_mg` (the nearest floats to the exact mg), `table` (its id) and `problem`. A row
        that cannot be converted stays, with NA doses and the reason in `problem`, which is empty elsewhere;
        ``attrs["unmatched"]`` lists the names that are no drug or not in the table, each once.

    Raises:
        DataError: a column that is not there, or one of the new columns that already is.
        UnknownDrugError, ReleaseError, UnknownTableError, NotInTableError: `to` or `table`, as in `convert`.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"drug": ["Xanax", "aspirin"], "mg": [0.5, 100.0]})
    >>> found = convert_frame(frame, drug="drug", dose_mg="mg", to="diazepam", table="ashton-2002")
    >>> list(found.low_mg), found.attrs["unmatched"]
    ([10.0, nan], ['aspirin'])
    """
    from benzotaper.equivalence_frames import converted  # noqa: PLC0415  pandas loads only for frames

    return converted(df, drug=drug, dose_mg=dose_mg, to=to, table=table)


def mg_range_in_diazepam(drug: str, ng: int | Fraction, table: TableLike) -> tuple[Fraction, Fraction]:
    """The diazepam [mg, exact] that equals an amount of a drug: lowest and highest by one table.

    Args:
        drug: any name of it.
        ng: nanograms of it, 0 or more.
        table: the id of a table, or a `Table` of one's own.

    Raises:
        NotInTableError: the table lacks it.

    >>> mg_range_in_diazepam("lorazepam", 1_000_000, "ashton-2002")
    (Fraction(10, 1), Fraction(10, 1))
    """
    found = rate(drug_named(drug).name, DIAZEPAM, table_named(table))
    mg = Fraction(ng) / NG_PER_MG
    return mg * found.low, mg * found.high


def factor(from_drug: str, to_drug: str, *, table: TableLike, pick: str = "") -> Fraction:
    """The mg of one drug that replace one mg of another, exact, for a cross-over.

    Args:
        from_drug: the drug that leaves.
        to_drug: the drug that enters.
        table: the id of a table, or a `Table` of one's own.
        pick: "low", "midpoint" or "high"; may be left out only where the table gives no range.

    Raises:
        PickError: a range and nothing picked.
        NotInTableError: the table lacks one of them.

    >>> factor("temazepam", "diazepam", table="ashton-2002")
    Fraction(1, 2)
    """
    return rate(drug_named(from_drug).name, drug_named(to_drug).name, table_named(table)).picked(pick)


def _read(what: str | tuple[str, DoseLike]) -> tuple[str, Dose]:
    """The drug's own name, and the dose."""
    if isinstance(what, str):
        found = _DRUG_AND_DOSE.fullmatch(what)
        if not found:
            message = f"{what!r} cannot be converted: write the drug and then its dose, such as 'alprazolam 1 mg'"
            raise DoseError(message, value=what)
        return drug_named(found[1]).name, read_dose(found[2].rstrip())
    if not isinstance(what, tuple) or len(what) != 2:  # noqa: PLR2004  drug and dose
        message = f"{what!r} cannot be converted: give text such as 'alprazolam 1 mg', or a drug and a dose in a tuple"
        raise DoseError(message, value=what)
    return drug_named(what[0]).name, read_dose(what[1])
