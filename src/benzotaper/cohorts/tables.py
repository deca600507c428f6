"""Tables of people and of plans in files, a chunk at a time: CSV, and Parquet with pyarrow. Imports pandas."""

import csv
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from benzotaper.errors import DataError, OutputError

EXACT = "dose_mg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How tables of one kind are read and written.

    Attributes:
        columns: the names of the columns of a file.
        chunks: the rows of a file, some columns, so many rows at a time.
        write: writes a frame.
        merge: puts files of the same columns together.
    """

    columns: Callable[[Path], list[str]]
    chunks: Callable[[Path, Sequence[str], int], Iterator[pd.DataFrame]]
    write: Callable[[pd.DataFrame, Path], None]
    merge: Callable[[Sequence[Path], Path], None]


def format_of(path: Path) -> Format:
    """The format of a file, by the ending of its name.

    Raises:
        DataError: another ending.
    """
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        message = f"{path.name!r}: the ending must be one of {', '.join(FORMATS)}"
        raise DataError(message, file=str(path), faults=(message,))
    if found is FORMATS[".parquet"]:
        _parquet()  # which refuses where there is no pyarrow
    return found


# ---- CSV: texts stay texts, and doses are the floats that stand for what is written


def _csv_columns(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file), [])


def _csv_chunks(path: Path, columns: Sequence[str], rows: int) -> Iterator[pd.DataFrame]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, strict=True)
        header = next(lines, [])
        places = {name: header.index(name) for name in columns}
        while some := _lines(lines, header, rows):
            cells = [line for line in some if line]
            yield pd.DataFrame({name: _csv_column(name, [line[at] for line in cells]) for name, at in places.items()})


def _lines(lines: Any, header: list[str], rows: int) -> list[list[str]]:
    """Lines with a cell a column, or blank: a decimal comma makes a cell more, and must not make another dose."""
    try:
        some = list(islice(lines, rows))
    except csv.Error as error:
        raise ValueError(error) from error
    for line in some:
        if line and len(line) != len(header):
            message = f"the line {','.join(line)!r} has {len(line)} cells where the header has {len(header)}"
            raise ValueError(message)
    return some


def _csv_column(name: str, cells: list[str]) -> "pd.Series[Any]":
    if name == EXACT:
        return pd.Series([_number(cell) for cell in cells])
    return pd.Series([cell if cell.strip() else None for cell in cells], dtype="string")


def _number(cell: str) -> Any:
    """A number as a float, a blank as missing, anything else as it is: whoever reads it refuses it in words."""
    try:
        return float(cell.replace("_", "?")) if cell.strip() else None  # Python reads 1_000, people do not
    except ValueError:
        return cell


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, lineterminator="\n")


def _merge_csv(parts: Sequence[Path], path: Path) -> None:
    with path.open("wb") as out:
        for number, part in enumerate(parts):
            with part.open("rb") as file:
                if number:
                    file.readline()  # the header stands once
                shutil.copyfileobj(file, out)


# ---- Parquet


def _parquet() -> Any:
    try:
        from pyarrow import parquet  # noqa: PLC0415  loaded only where there is such a file
    except ImportError as error:
        message = "a .parquet file needs pyarrow: pip install benzotaper[parquet], or use .csv"
        raise DataError(message, file=".parquet", faults=(message,)) from error
    return parquet


def _whole_numbers() -> dict[Any, Any]:
    import pyarrow as pa  # noqa: PLC0415  as above

    return {
        getattr(pa, name.lower())(): getattr(pd, f"{name}Dtype")()
        for name in ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")
    }


def _parquet_columns(path: Path) -> list[str]:
    with _parquet().ParquetFile(path) as file:
        return list(file.schema_arrow.names)


def _parquet_chunks(path: Path, columns: Sequence[str], rows: int) -> Iterator[pd.DataFrame]:
    with _parquet().ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=rows, columns=list(columns)):
            yield batch.to_pandas(types_mapper=_whole_numbers().get)  # else a missing id makes floats of the others


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415  as above

    parquet = _parquet()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    if "drug" in frame:
        place = table.schema.get_field_index("drug")
        kind = pa.dictionary(pa.int8(), pa.string())
        table = table.set_column(place, "drug", table.column(place).cast(kind))
    parquet.write_table(table, path)


def _merge_parquet(parts: Sequence[Path], path: Path) -> None:
    parquet = _parquet()
    schema = parquet.read_schema(parts[0])
    with parquet.ParquetWriter(path, schema) as out:
        for part in parts:
            with parquet.ParquetFile(part) as file:
                for group in range(file.num_row_groups):
                    out.write_table(file.read_row_group(group).cast(schema))


FORMATS = {
    ".csv": Format(columns=_csv_columns, chunks=_csv_chunks, write=_write_csv, merge=_merge_csv),
    ".parquet": Format(columns=_parquet_columns, chunks=_parquet_chunks, write=_write_parquet, merge=_merge_parquet),
}
"""What a file of people or of plans may be, by the ending of its name."""


def columns_of(path: Path) -> list[str]:
    """The names of the columns of a file.

    Raises:
        DataError: it is no such file.
    """
    with _readable(path):
        return format_of(path).columns(path)


def chunks_of(path: Path, columns: Sequence[str], *, rows: int) -> Iterator[pd.DataFrame]:
    """The rows of a file, so many at a time; one frame at least.

    Raises:
        DataError: it is no such file.
    """
    with _readable(path):
        none = True
        for chunk in format_of(path).chunks(path, columns, rows):
            yield chunk
            none = False
        if none:
            yield pd.DataFrame({name: pd.Series([], dtype="string") for name in columns})


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except ValueError as error:  # of pandas, pyarrow and the codecs alike
        message = f"{path.name} cannot be read: {' '.join(str(error).split())}"
        raise DataError(message, file=str(path), faults=(message,)) from error


def ids_of(path: Path, *, rows: int) -> "pd.Series[Any]":
    """All ids of a file."""
    return pd.concat([chunk["id"] for chunk in chunks_of(path, ["id"], rows=rows)], ignore_index=True)


def refuse_unreadable(path: Path) -> None:
    """Refuse a file that is not there, or is no file.

    Raises:
        DataError: it cannot be read.
    """
    if not path.is_file():
        message = f"{str(path)!r} is no file that can be read; give a .csv or .parquet file of people"
        raise DataError(message, file=str(path), faults=(message,))


def unwritable(path: Path, error: OSError) -> OutputError:
    """What to say where a file cannot be written."""
    why = (error.strerror or str(error)).lower()
    message = (
        f"{str(path)!r} cannot be written: {why}; mend this, and run the same command again: it goes on from there"
    )
    return OutputError(message, path=str(path))
