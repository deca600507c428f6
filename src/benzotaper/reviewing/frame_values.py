"""The values of one fact in a long frame: read as whole numbers, every fault said with its row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benzotaper.entries import PHQ8_MISSING, SCALE, runs_of
from benzotaper.errors import BenzotaperError, FactError, ReviewError, did_you_mean, hint
from benzotaper.fact_files import NONE_TEXT, medicine_from
from benzotaper.fact_types import FactType
from benzotaper.observations import REASONS, microseconds, read_value
from benzotaper.rules.fact_columns import Ints, local_days
from benzotaper.values import NOT_APPLICABLE

_OUT_OF_RANGE, _NOT_ASKED = (REASONS.index(reason) + 1 for reason in ("out_of_range", "not_asked"))
_LARGEST = 1e9  # beyond every range: out of it, whatever its decimals
_YES_NO = {"true": 1.0, "yes": 1.0, "1": 1.0, "false": 0.0, "no": 0.0, "0": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of one fact, before they are ordered.

    Attributes:
        row: their places in the frame.
        person, at, by, form: as `FactColumn` has them.
        value, high, unknown: as the frame has them; of the last two None where the frame has no such column.
    """

    row: Ints
    person: Ints
    at: Ints
    by: npt.NDArray[np.int8]
    form: npt.NDArray[Any]
    value: npt.NDArray[Any]
    high: npt.NDArray[Any] | None
    unknown: npt.NDArray[Any] | None


def values_of(kind: FactType, rows: Rows, zone: Any) -> tuple[Any, Any, Any, Any, Any]:
    """Low, high, exists, reason and lists of the rows."""
    size = rows.row.size
    missing = pd.isna(rows.value) if kind.kind != "list" else np.array([_is_missing(v) for v in rows.value], bool)
    reason = np.where(missing, _NOT_ASKED, 0)
    if rows.unknown is not None:
        given = _reasons(rows.unknown)
        reason = np.where(given > 0, given, reason)
    none = _is_none(rows.value)
    exists = np.where(none, 0, 1)
    use = (reason == 0) & ~none
    low, high = np.zeros(size, np.int64), np.zeros(size, np.int64)
    lists: npt.NDArray[Any] = np.zeros(0, object)
    if kind.kind == "list":
        lists = np.empty(size, object)
        for place, value in zip(np.flatnonzero(use), _each(kind, rows, use, _list), strict=True):
            lists[place] = value
        return low, high, exists, reason, lists
    low[use] = _READERS[kind.kind](kind, rows, use, zone)
    high[:] = low
    if kind.kind in ("int", "number"):
        if rows.high is not None:
            upper = use & ~pd.isna(rows.high)
            high[upper] = _scaled(kind, rows, upper, rows.high)
        wrong = use & ~((low >= _end(kind.low)) & (high <= _end(kind.high)) & (low <= high))
        reason = np.where(wrong, _OUT_OF_RANGE, reason)
        if "PHQ8" in kind.forms:
            phq8 = use & (rows.form == kind.forms.index("PHQ8") + 1)
            high[phq8] = np.minimum(high[phq8] + PHQ8_MISSING * SCALE, _end(kind.high))
    return low, high, exists, reason, lists


def _end(value: Fraction) -> int:
    return int(value * SCALE)


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or str(value) in ("nan", "NaT")


def _is_none(values: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    if values.dtype != object:
        return np.zeros(values.size, bool)
    return np.array([v is NOT_APPLICABLE or (isinstance(v, str) and v == NONE_TEXT) for v in values], bool)


def _reasons(unknown: npt.NDArray[Any]) -> npt.NDArray[np.int8]:
    codes, names = pd.factorize(pd.Series(unknown, dtype=object).replace("", None))
    for name in names:
        if name not in REASONS:
            raise ReviewError(f"observations: unknown {name!r} is not one of {', '.join(REASONS)}", value=name)
    return np.array([*(REASONS.index(name) + 1 for name in names), 0], np.int8)[codes]


def _refuse_value(kind: FactType, rows: Rows, at: Any, value: object, why: str) -> None:
    message = f"observations, row {int(rows.row[at])}: {kind.name} {value!r} cannot be taken: {why}"
    raise ReviewError(message, value=value)


def _floats(kind: FactType, rows: Rows, use: Any, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    chosen = values[use]
    if chosen.dtype == bool or (chosen.dtype == object and any(isinstance(value, bool | np.bool_) for value in chosen)):
        first = next(n for n in np.flatnonzero(use) if isinstance(values[n], bool | np.bool_))
        _refuse_value(kind, rows, first, bool(values[first]), "it is a number, not yes or no")
    try:
        numbers: npt.NDArray[np.float64] = chosen.astype(np.float64)
    except (TypeError, ValueError):
        for place, value in zip(np.flatnonzero(use), chosen, strict=True):
            try:
                float(value)
            except (TypeError, ValueError):
                _refuse_value(kind, rows, place, value, "it is no number")
        raise
    return numbers


def _scaled(kind: FactType, rows: Rows, use: Any, values: npt.NDArray[Any]) -> Ints:
    """Numbers in half-millionths: a float is read by its shortest decimal, which has six places at most."""
    numbers = _floats(kind, rows, use, values)
    millionths = np.rint(np.clip(numbers, -1e12, 1e12) * 1e6)
    wrong = (millionths / 1e6 != numbers) & (np.abs(numbers) < _LARGEST)
    if kind.kind == "int":
        wrong |= np.rint(numbers) != numbers
    if wrong.any():
        place = int(np.flatnonzero(use)[wrong][0])
        why = "it is a whole number" if kind.kind == "int" else "it has more than 6 decimals"
        _refuse_value(kind, rows, place, values[place], why)
    return (millionths * 2).astype(np.int64)


def _number(kind: FactType, rows: Rows, use: Any, _: Any) -> Ints:
    return _scaled(kind, rows, use, rows.value)


def _yes_no(kind: FactType, rows: Rows, use: Any, _: Any) -> Ints:
    chosen = rows.value[use]
    if chosen.dtype == object:
        chosen = np.array(
            [_YES_NO.get(str(v).casefold(), v) if isinstance(v, str | bool) else v for v in chosen], object
        )
    try:
        numbers = chosen.astype(np.float64)
    except (TypeError, ValueError):
        numbers = np.full(chosen.size, np.nan)
    wrong = ~((numbers == 0) | (numbers == 1))
    if wrong.any():
        place = int(np.flatnonzero(use)[wrong][0])
        _refuse_value(kind, rows, place, rows.value[place], "it is a yes-or-no fact; give True or False")
    doubled: Ints = (numbers * 2).astype(np.int64)
    return doubled


def _word(kind: FactType, rows: Rows, use: Any, _: Any) -> Ints:
    for n in np.flatnonzero(use):
        if not isinstance(rows.value[n], str):
            _refuse_value(kind, rows, n, rows.value[n], "it is one of a few words")
    codes, names = pd.factorize(pd.Series(rows.value[use], dtype=object))
    for name in names:
        if name not in kind.levels:
            place = int(np.flatnonzero(use)[codes == list(names).index(name)][0])
            near = hint(did_you_mean(str(name), kind.levels))
            _refuse_value(kind, rows, place, name, f"no such word{near}")
    places: Ints = np.array([*(kind.levels.index(name) for name in names), 0], np.int64)
    return places[codes]


def _day(kind: FactType, rows: Rows, use: Any, zone: Any) -> Ints:
    def read(value: Any) -> int:
        if isinstance(value, np.datetime64):
            value = pd.Timestamp(value)
        if isinstance(value, pd.Timestamp):
            value = value.to_pydatetime() if value.tzinfo else value.date()
        found: Any = read_value(kind, value)
        if isinstance(found, datetime):
            return int(local_days(np.array([microseconds(found)]), zone)[0])
        return int(found.toordinal())

    return np.array(list(_each(kind, rows, use, read)), np.int64)


def _each(kind: FactType, rows: Rows, use: Any, read: Any) -> list[Any]:
    """Values that are read one by one."""
    found = []
    for place in np.flatnonzero(use):
        try:
            found.append(read(rows.value[place]) if read is not _list else _list(kind, rows.value[place]))
        except BenzotaperError as error:
            raise ReviewError(f"observations, row {int(rows.row[place])}: {error}", value=rows.value[place]) from error
    return found


def _list(kind: FactType, value: Any) -> Any:
    """A list: as Python has it, or as JSON text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise FactError(f"{kind.name} {value!r} is no list", fact=kind.name, value=value) from error
    if not isinstance(value, list | tuple | np.ndarray):
        raise FactError(f"{kind.name} {value!r} is no list", fact=kind.name, value=value)
    if "plan" in kind.asked_of:
        return runs_of(read_value(kind, value))  # type: ignore[arg-type]  # a tuple of numbers
    return read_value(kind, [medicine_from(each) if isinstance(each, Mapping) else each for each in value])


_READERS = {"int": _number, "number": _number, "bool": _yes_no, "enum": _word, "date": _day}
