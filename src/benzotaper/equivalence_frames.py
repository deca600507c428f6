"""Conversion of whole columns, and results as frames. Imports pandas; it is itself imported on use.

The dtypes are those of the plan's frames: texts "string"; exact numbers the nearest float64, NaN for NA.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real
from typing import Any, TypeAlias, cast

import pandas as pd

from benzotaper.doses import Dose
from benzotaper.drugs import drug_named
from benzotaper.equivalence_results import Rate, rate
from benzotaper.equivalence_tables import Table, TableLike, table_named
from benzotaper.errors import BenzotaperError, DoseError
from benzotaper.table_columns import refuse_columns

RESULT_COLUMNS = ("table", "year", "region", "drug", "given_mg", "to", "low_mg", "high_mg", "grade", "missing")
ADDED_COLUMNS = ("low_mg", "high_mg", "table", "problem")
"""The columns that `converted` adds."""
_NA = float("nan")  # for display only
_Ends: TypeAlias = tuple[float, float, str]


def results(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Equivalents as a frame with the columns of `RESULT_COLUMNS`; what a row does not say is NA.

    Args:
        rows: cells by column; exact numbers become the nearest floats.
    """
    columns = {name: [row.get(name, pd.NA) for row in rows] for name in RESULT_COLUMNS}
    return pd.DataFrame({name: _column(name, cells) for name, cells in columns.items()})


def _column(name: str, cells: Sequence[object]) -> "pd.Series[Any]":
    if name.endswith("_mg"):
        values = [float(cell) if isinstance(cell, Fraction) else _NA for cell in cells]
        return pd.Series(values, dtype="float64")
    return pd.Series(cells, dtype="string")


def converted(df: pd.DataFrame, *, drug: str, dose_mg: str, to: str, table: TableLike) -> pd.DataFrame:
    """A copy of a frame with `ADDED_COLUMNS`; see `equivalence.convert_frame`."""
    refuse_columns(df, (drug, dose_mg), added=ADDED_COLUMNS)
    source, target = table_named(table), drug_named(to).name
    source.row(target)  # a target that the table lacks is a fault of the call, not of every row
    column = _Column(target, source)
    cells = zip(df[drug].array, df[dose_mg].array, strict=True)  # .array keeps the width of a float
    ends = [column.ends(name, dose) for name, dose in cells]
    out = df.copy()
    for position, added in enumerate(("low_mg", "high_mg")):
        out[added] = pd.Series([end[position] for end in ends], index=df.index, dtype="float64").array
    out["table"] = pd.array([source.id] * len(df), dtype="string")
    out["problem"] = pd.array([end[2] for end in ends], dtype="string")
    out.attrs = {**df.attrs, "unmatched": list(column.unmatched)}
    return out


class _Column:
    """Converts cell by cell, each pair of cells once."""

    def __init__(self, to: str, table: Table) -> None:
        self.unmatched: dict[str, None] = {}
        self._to = to
        self._table = table
        self._rates: dict[str, Rate | str] = {}
        self._ends: dict[tuple[object, type, object], _Ends] = {}

    def ends(self, name: object, dose: object) -> _Ends:
        """Lowest and highest dose in mg, and what is wrong, which is empty where nothing is."""
        key = (name, type(dose), dose)
        try:
            return self._ends[key]
        except TypeError:  # a cell that is a list or the like
            return self._fresh(name, dose)
        except KeyError:
            return self._ends.setdefault(key, self._fresh(name, dose))

    def _fresh(self, name: object, dose: object) -> _Ends:
        found = self._rate(name)
        if isinstance(found, str):
            return _NA, _NA, found
        try:
            mg = mg_of_cell(dose)
        except DoseError as error:
            return _NA, _NA, str(error)
        return float(mg * found.low), float(mg * found.high), ""

    def _rate(self, name: object) -> Rate | str:
        """What the table says of a drug, or why it says nothing."""
        if not isinstance(name, str):
            return "the drug's name is missing" if _is_missing(name) else f"{name!r} is no drug name"
        if name not in self._rates:
            try:
                self._rates[name] = rate(drug_named(name).name, self._to, self._table)
            except BenzotaperError as error:
                self.unmatched[name] = None
                self._rates[name] = str(error)
        return self._rates[name]


def mg_of_cell(cell: object) -> Fraction:
    """The exact mg in a cell of a frame: a whole number, float, `Decimal`, `Fraction`, or a number as text.

    Args:
        cell: mg, 0 or more; a float of any width is read by the shortest decimal that stands for it.

    Raises:
        DoseError: missing, no number, negative, above 1000 mg, or finer than 0.000001 mg.

    >>> mg_of_cell(0.1)
    Fraction(1, 10)
    """
    if _is_missing(cell):
        raise DoseError("the dose is missing", value=cell)
    if isinstance(cell, Rational) and not isinstance(cell, bool):
        number = Fraction(int(cell.numerator), int(cell.denominator))
        return Dose(mg=int(number) if number.denominator == 1 else number).mg  # as people read it in an error
    if isinstance(cell, Real) and not isinstance(cell, bool):
        return Dose(mg=f"{Decimal(str(cell)):f}").mg  # str, not float: a 32-bit float has its own shortest decimal
    return Dose(mg=cast("str | Decimal", cell)).mg  # Dose refuses all else


def _is_missing(cell: Any) -> bool:
    return cell is None or (pd.api.types.is_scalar(cell) and bool(pd.isna(cell)))
