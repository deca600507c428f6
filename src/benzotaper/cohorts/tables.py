"""Tables of people and of plans in files, a chunk at a time: CSV, and Parquet with pyarrow. Imports pandas."""

import csv
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from benzotaper.errors import DataError


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
        message = f"{str(path)!r}: the ending must be one of {', '.join(FORMATS)}"
        raise DataError(message, file=str(path), faults=(message,))
    if found is FORMATS[".parquet"]:
        _parquet()  # which refuses where there is no pyarrow
    return found


# ---- CSV: every cell stays text, so that a dose is read as strictly as text in a frame


def _csv_columns(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(_records(file), [])


def _csv_chunks(path: Path, columns: Sequence[str], rows: int) -> Iterator[pd.DataFrame]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        records = _records(file)
        header = next(records, [])
        places = {name: header.index(name) for name in columns}
        while some := list(islice(records, rows)):
            yield pd.DataFrame({name: _csv_column([record[at] for record in some]) for name, at in places.items()})


def _records(file: TextIO) -> Iterator[list[str]]:
    """The lines of a file that are not blank, the header first; all have as many cells as that.

    Raises:
        ValueError: with the number of the line. A decimal comma makes a cell more, and must not make another dose.
    """
    lines = csv.reader(file, strict=True)
    cells = 0
    while True:
        number = lines.line_num + 1
        try:
            record = next(lines, None)
        except csv.Error as error:
            message = f"line {number}: {error}; look there for a quotation mark that is not closed, or not doubled"
            raise ValueError(message) from error
        if record is None:
            return
        if not record:
            continue
        cells = cells or len(record)
        if len(record) != cells:
            message = f"line {number}, {','.join(record)!r}, has {len(record)} cells where the header has {cells}"
            raise ValueError(message)
        yield record


def _csv_column(cells: list[str]) -> "pd.Series[Any]":
    return pd.Series([cell if cell.strip() else None for cell in cells], dtype="string")


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


def _dtypes() -> dict[Any, Any]:
    """The dtypes in which a cell that is missing changes no other: no whole number becomes a float."""
    import pyarrow as pa  # noqa: PLC0415  as above

    return dict.fromkeys((pa.string(), pa.large_string()), pd.StringDtype()) | {
        getattr(pa, name.lower())(): getattr(pd, f"{name}Dtype")()
        for name in ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")
    }


def _parquet_columns(path: Path) -> list[str]:
    with _parquet().ParquetFile(path) as file:
        return [*_ranges(file), *file.schema_arrow.names]


def _parquet_chunks(path: Path, columns: Sequence[str], rows: int) -> Iterator[pd.DataFrame]:
    with _parquet().ParquetFile(path) as file:
        noted = {name: numbers for name, numbers in _ranges(file).items() if name in columns}
        begin = 0
        for batch in file.iter_batches(batch_size=rows, columns=[name for name in columns if name not in noted]):
            # what pandas noted in the file would make an index of a column, which is then not there
            frame = batch.to_pandas(types_mapper=_dtypes().get, ignore_metadata=True)
            some = slice(begin, begin + len(frame))
            yield frame.assign(**{name: list(numbers[some]) for name, numbers in noted.items()})
            begin = some.stop


def _ranges(file: Any) -> dict[str, range]:
    """Indices of even numbers: columns to whoever wrote them, though pandas only notes where they begin and end."""
    indices = (file.schema_arrow.pandas_metadata or {}).get("index_columns", ())
    named = (each for each in indices if isinstance(each, dict) and each.get("kind") == "range" and each.get("name"))
    return {each["name"]: range(each["start"], each["stop"], each["step"]) for each in named}


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
    import pyarrow as pa  # noqa: PLC0415  as above

    parquet = _parquet()
    # a part without rows may not know of what kind its texts are
    schema = pa.unify_schemas([parquet.read_schema(part) for part in parts], promote_options="permissive")
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
            yield nobody(columns)


def nobody(columns: Sequence[str]) -> pd.DataFrame:
    """A frame without rows."""
    return pd.DataFrame({name: pd.Series([], dtype="string") for name in columns})


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as error:  # of pandas, pyarrow and the system alike
        message = f"{path.name} cannot be read: {_why(path, error)}"
        raise DataError(message, file=str(path), faults=(message,)) from error


def _why(path: Path, error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"line {_line_of_bytes(path)} is not UTF-8; save the file as CSV UTF-8"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return " ".join(str(error).split())


def _line_of_bytes(path: Path) -> int:
    """The first line that is not UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1


def ids_of(path: Path, *, rows: int) -> "pd.Series[Any]":
    """All ids of a file."""
    return pd.concat([chunk["id"] for chunk in chunks_of(path, ["id"], rows=rows)], ignore_index=True)
