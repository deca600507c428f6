"""Reads the CSV files of facts: every cell checked, every fault reported by file and row."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

from benzotaper.errors import refuse_faults
from benzotaper.numbers import is_plain
from benzotaper.unknown import Unknown

FOLDER = Path(__file__).parent / "data"
Reader: TypeAlias = Callable[[str], Any]
Row: TypeAlias = dict[str, Any]
NOT_CAPTURED = Unknown("not captured")


def shipped(file: str) -> str:
    """The text of a data file of the package."""
    return (FOLDER / file).read_text(encoding="utf-8")


def read_csv(
    text: str, columns: Mapping[str, Reader], *, file: str, check: Callable[[Row], str] | None = None
) -> list[Row]:
    r"""Read a CSV text whose header is exactly `columns`.

    Args:
        text: the file's content.
        columns: name and reader of each column, in any order in the file.
        file: its name, for faults.
        check: what must hold within a row; returns a fault or an empty text.

    Returns:
        A dict a row, each cell as its reader gives it.

    Raises:
        DataError: with all faults of the file, each with its row (the header is row 1) and column.

    >>> read_csv("drug,mg\ndiazepam,5\n", {"drug": word, "mg": positive}, file="x.csv")
    [{'drug': 'diazepam', 'mg': Fraction(5, 1)}]
    """
    lines = csv.reader(io.StringIO(text))
    header = next(lines, [])
    faults = [f"row 1: column {name!r} is missing" for name in columns if name not in header]
    faults += [f"row 1: column {name!r} is not known" for name in header if name not in columns]
    rows: list[Row] = []
    if not faults:
        for number, cells in enumerate(lines, start=2):
            row, wrong = _read_row(header, cells, columns)
            if not wrong and check and (fault := check(row)):
                wrong = [fault]
            faults += [f"row {number}: {fault}" for fault in wrong]
            rows.append(row)
    refuse_faults(file, faults)
    return rows


def _read_row(header: list[str], cells: list[str], columns: Mapping[str, Reader]) -> tuple[Row, list[str]]:
    if len(cells) != len(header):
        return {}, [f"{len(cells)} cells where the header has {len(header)}"]
    row, faults = {}, []
    for name, cell in zip(header, cells, strict=True):
        try:
            row[name] = columns[name](cell)
        except ValueError as error:
            faults.append(f"column {name!r}: {error}")
    return row, faults


def shipped_rows(file: str, columns: Mapping[str, Reader]) -> Iterator[Row]:
    """The rows of a data file of the package."""
    yield from read_csv(shipped(file), columns, file=file)


def text(cell: str) -> str:
    """Any text, also none."""
    return cell


def word(cell: str) -> str:
    """A text that must be there."""
    if not cell.strip():
        msg = "is empty"
        raise ValueError(msg)
    return cell


def one_of(*allowed: str) -> Reader:
    """One of a few words."""

    def read(cell: str) -> str:
        if cell not in allowed:
            msg = f"{cell!r} is not one of {', '.join(repr(word) for word in allowed)}"
            raise ValueError(msg)
        return cell

    return read


def positive(cell: str) -> Fraction:
    """A number above 0, exact."""
    try:
        number = Decimal(cell)
    except InvalidOperation:
        number = Decimal("NaN")
    if not is_plain(number) or number <= 0:
        msg = f"{cell!r} is not a number above 0"
        raise ValueError(msg)
    return Fraction(number)


def positive_or_unknown(cell: str) -> Fraction | Unknown:
    """A number above 0, or a blank, which means not captured."""
    return positive(cell) if cell else NOT_CAPTURED


def ids(cell: str) -> tuple[str, ...]:
    """Source ids, `;` between."""
    return tuple(part.strip() for part in cell.split(";") if part.strip())
