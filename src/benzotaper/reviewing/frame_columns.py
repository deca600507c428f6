"""A long frame of observations as columns, every fault said with its row."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benzotaper.entries import PHQ8_MISSING, SCALE, runs_of
from benzotaper.errors import BenzotaperError, FactError, ReviewError, did_you_mean, hint
from benzotaper.fact_files import NONE_TEXT, medicine_from
from benzotaper.fact_types import GIVERS, FactType, fact_type
from benzotaper.observations import REASONS, read_value
from benzotaper.rules.columns import FactColumn
from benzotaper.rules.fact_columns import DAY_US, Ints
from benzotaper.values import NOT_APPLICABLE

OBSERVED = ("person", "fact", "value", "at", "by")
MAY_BE_LEFT_OUT = ("form", "high", "unknown")
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_CONFLICTING, _OUT_OF_RANGE, _PARTIAL, _NOT_ASKED = (
    REASONS.index(reason) + 1 for reason in ("conflicting", "out_of_range", "partial", "not_asked")
)
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


def need_columns(frame: pd.DataFrame, names: Iterable[str], *, what: str) -> None:
    """Refuse a frame that lacks columns.

    Raises:
        ReviewError: with the names of all that are missing.
    """
    if not isinstance(frame, pd.DataFrame):
        raise ReviewError(f"{what} {type(frame).__name__} is no DataFrame", value=frame)
    missing = [name for name in names if name not in frame.columns]
    if missing:
        message = f"{what}: column {', '.join(map(repr, missing))} is missing; it needs {', '.join(names)}"
        raise ReviewError(message, value=tuple(missing))


def moments(series: "pd.Series[Any]", *, what: str) -> Ints:
    """Aware moments in microseconds since 1970 UTC.

    Raises:
        ReviewError: no moments, without an offset from UTC, or missing ones.
    """
    if not isinstance(series.dtype, pd.DatetimeTZDtype):
        message = (
            f"{what} is of type {series.dtype}; give moments with a time zone, as from pd.to_datetime(..., utc=True)"
        )
        raise ReviewError(message, value=str(series.dtype))
    if series.isna().any():
        raise ReviewError(f"{what} is missing in row {int(np.flatnonzero(series.isna())[0])}", value=what)
    return np.asarray(series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[us]").astype(np.int64))


def local_days(at_us: Ints, zone: Any) -> Ints:
    """The calendar day of each moment in a time zone, as an ordinal."""
    if str(zone) == "UTC":
        return at_us // DAY_US + _EPOCH_DAY
    local = pd.DatetimeIndex(at_us.view("datetime64[us]"), tz="UTC").tz_convert(zone).tz_localize(None)
    return np.asarray(local.to_numpy("datetime64[D]").astype(np.int64)) + _EPOCH_DAY


def read_columns(frame: pd.DataFrame, persons: pd.Index, zone: Any) -> dict[str, FactColumn]:
    """The observations of the persons, by fact.

    Args:
        frame: `OBSERVED` columns, and any of `MAY_BE_LEFT_OUT`.
        persons: those that have a check-in.
        zone: the time zone that gives the calendar days.

    Raises:
        ReviewError: with the first faults of the frame, each with its row.
    """
    need_columns(frame, OBSERVED, what="observations")
    names, facts = _codes(frame["fact"])
    kinds = [_kind(name) for name in names]
    person = _places(frame["person"], persons)
    at = moments(frame["at"], what="observations: at")
    order = _order(person, at, facts)
    starts = np.searchsorted(facts[order], np.arange(len(kinds) + 1))
    by = _coded(frame["by"], GIVERS, what="observations: by")
    optional = {name: frame[name].to_numpy() if name in frame else None for name in MAY_BE_LEFT_OUT}
    value = frame["value"].to_numpy()
    found: dict[str, FactColumn] = {}
    for n, kind in enumerate(kinds):
        row = order[starts[n] : starts[n + 1]]
        row = row[person[row] >= 0]
        rows = Rows(
            row=row,
            person=person[row],
            at=at[row],
            by=by[row],
            form=_forms(kind, optional["form"], row),
            value=value[row],
            high=None if optional["high"] is None else optional["high"][row],
            unknown=None if optional["unknown"] is None else optional["unknown"][row],
        )
        found[kind.name] = _column(kind, rows, len(persons), zone)
    _refuse_crossed_pressure(found)
    return found


# ---- keys


def _codes(series: "pd.Series[Any]") -> tuple[list[str], npt.NDArray[np.int16]]:
    codes, names = pd.factorize(series)
    if (codes < 0).any():
        raise ReviewError(f"observations: fact is missing in row {int(np.argmax(codes < 0))}", value="fact")
    return [str(name) for name in names], codes.astype(np.int16)


def _kind(name: str) -> FactType:
    try:
        return fact_type(name)
    except BenzotaperError as error:
        raise ReviewError(f"observations: {error}", value=name) from error


def _places(series: "pd.Series[Any]", persons: pd.Index) -> Ints:
    """The place of each person; -1 of one without a check-in. Persons in a row are looked up once."""
    values = series.to_numpy()
    new = np.ones(values.size, bool)
    new[1:] = values[1:] != values[:-1]
    heads = np.flatnonzero(new)
    return np.repeat(persons.get_indexer(pd.Index(series.iloc[heads])), np.diff(np.append(heads, values.size)))


def _order(person: Ints, at: Ints, facts: npt.NDArray[np.int16]) -> Ints:
    """The rows by fact, person and time."""
    sorted_already = (person[1:] > person[:-1]) | ((person[1:] == person[:-1]) & (at[1:] >= at[:-1]))
    if sorted_already.all():
        return np.argsort(facts, kind="stable")
    return np.lexsort((at, person, facts))


def _coded(series: "pd.Series[Any]", words: tuple[str, ...], *, what: str) -> npt.NDArray[np.int8]:
    codes, names = pd.factorize(series)
    for name in names:
        if name not in words:
            message = f"{what} {name!r} is not one of {', '.join(words)}{hint(did_you_mean(str(name), words))}"
            raise ReviewError(message, value=name)
    if (codes < 0).any():
        raise ReviewError(f"{what} is missing in row {int(np.argmax(codes < 0))}", value=what)
    return np.array([words.index(name) for name in names], np.int8)[codes] if codes.size else np.zeros(0, np.int8)


def _forms(kind: FactType, forms: npt.NDArray[Any] | None, row: Ints) -> npt.NDArray[np.int8]:
    """The place of each row's form; the only one where none is named and no other is possible."""
    alone = int(len(kind.forms) == 1 and not kind.needs_form)
    if forms is None:
        return np.full(row.size, alone, np.int8)
    codes, names = pd.factorize(pd.Series(forms[row], dtype=object).replace("", None))
    places = [kind.forms.index(name) + 1 if name in kind.forms else 0 for name in names]
    if kind.forms and 0 in places:
        wrong = names[places.index(0)]
        known = ", ".join(kind.forms)
        raise ReviewError(f"observations: {kind.name} has no form {wrong!r}; its forms: {known}", value=wrong)
    return np.array([*places, alone], np.int8)[codes]


# ---- values


def _column(kind: FactType, rows: Rows, persons: int, zone: Any) -> FactColumn:
    _refuse_givers(kind, rows)
    low, high, exists, reason, lists = _values(kind, rows, zone)
    if kind.needs_form:
        reason = np.where((rows.form == 0) & (reason == 0), _PARTIAL, reason)
    parts = (rows.person, rows.at, rows.by, reason, low, high, exists, rows.form, lists)
    same = (rows.person[1:] == rows.person[:-1]) & (rows.at[1:] == rows.at[:-1])
    good, doubted = reason == 0, np.zeros(rows.row.size, bool)
    if same.any():  # by giver, the usable ones last
        order = np.lexsort((good, rows.by, rows.at, rows.person))
        parts = tuple(part[order] if part.size else part for part in parts)
        good, doubted = _contradictions(*parts[:7])
    person, at, by, reason, low, high, exists, form, lists = parts
    return FactColumn(
        kind=kind,
        person=person,
        at=at,
        day=local_days(at, zone),
        by=by,
        reason=reason.astype(np.int8),
        doubted=doubted,
        good=good,
        low=low,
        high=high,
        exists=exists.astype(np.int8),
        form=form,
        lists=lists,
        begins=np.append(0, np.cumsum(np.bincount(person, minlength=persons))).astype(np.int64),
    )


def _refuse_givers(kind: FactType, rows: Rows) -> None:
    allowed = [GIVERS.index(giver) for giver in kind.asked_of]
    wrong = ~np.isin(rows.by, allowed)
    if wrong.any():
        giver = GIVERS[rows.by[wrong][0]]
        message = (
            f"observations, row {int(rows.row[wrong][0])}: {kind.name} cannot be given by {giver}; it may be given by "
            f"{' or '.join(kind.asked_of)}"
        )
        raise ReviewError(message, value=giver)


def _values(kind: FactType, rows: Rows, zone: Any) -> tuple[Any, Any, Any, Any, Any]:
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
        lists[use] = _each(kind, rows, use, _list)
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
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)  # noqa: PLR0124


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


def _refuse_value(kind: FactType, rows: Rows, at: int, value: object, why: str) -> None:
    message = f"observations, row {int(rows.row[at])}: {kind.name} {value!r} cannot be taken: {why}"
    raise ReviewError(message, value=value)


def _floats(kind: FactType, rows: Rows, use: Any, values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    chosen = values[use]
    try:
        return chosen.astype(np.float64)
    except (TypeError, ValueError):
        for place, value in zip(np.flatnonzero(use), chosen, strict=True):
            try:
                float(value)
            except (TypeError, ValueError):
                _refuse_value(kind, rows, place, value, "it is no number")
        raise


def _scaled(kind: FactType, rows: Rows, use: Any, values: npt.NDArray[Any]) -> Ints:
    """Numbers in half-millionths: a float is read by its shortest decimal, which has six places at most."""
    numbers = _floats(kind, rows, use, values)
    millionths = np.rint(np.clip(numbers, -1e12, 1e12) * 1e6)
    wrong = (millionths / 1e6 != numbers) & (np.abs(numbers) < 1e9)
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
    return (numbers * 2).astype(np.int64)


def _word(kind: FactType, rows: Rows, use: Any, _: Any) -> Ints:
    codes, names = pd.factorize(pd.Series(rows.value[use], dtype=object))
    for name in names:
        if name not in kind.levels:
            place = int(np.flatnonzero(use)[codes == list(names).index(name)][0])
            near = hint(did_you_mean(str(name), kind.levels))
            _refuse_value(kind, rows, place, name, f"no such word{near}")
    return (
        np.array([kind.levels.index(name) for name in names], np.int64)[codes] if codes.size else np.zeros(0, np.int64)
    )


def _day(kind: FactType, rows: Rows, use: Any, zone: Any) -> Ints:
    def read(value: Any) -> int:
        if isinstance(value, pd.Timestamp):
            value = value.to_pydatetime() if value.tzinfo else value.date()
        if isinstance(value, np.datetime64):
            value = pd.Timestamp(value).date()
        found: Any = read_value(kind, value)
        if isinstance(found, datetime):
            return int(local_days(np.array([pd.Timestamp(found).value // 1000]), zone)[0])
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
    if "plan" in kind.asked_of:
        return runs_of(read_value(kind, value))  # type: ignore[arg-type]  # a tuple of numbers
    return read_value(kind, [medicine_from(each) if isinstance(each, Mapping) else each for each in value])


_READERS = {"int": _number, "number": _number, "bool": _yes_no, "enum": _word, "date": _day}


# ---- what cannot be true together


def _contradictions(person: Any, at: Any, by: Any, reason: Any, low: Any, high: Any, exists: Any) -> tuple[Any, Any]:
    """Whether each row can be used and no other of its giver at its moment differs; and whether one cannot be used."""
    new = np.ones(person.size, bool)
    new[1:] = (person[1:] != person[:-1]) | (at[1:] != at[:-1]) | (by[1:] != by[:-1])
    group = np.cumsum(new) - 1
    usable = reason == 0
    differ = np.zeros(person.size, bool)
    differ[1:] = (
        ~new[1:]
        & usable[1:]
        & usable[:-1]
        & ((low[1:] != low[:-1]) | (high[1:] != high[:-1]) | (exists[1:] != exists[:-1]))
    )
    good = usable & (np.bincount(group, weights=differ) == 0)[group]
    return good, (np.bincount(group, weights=~usable) > 0)[group]


def _refuse_crossed_pressure(found: dict[str, FactColumn]) -> None:
    """Mark a systolic pressure that does not exceed the diastolic one of the same moment and giver, and that one."""
    if not {"sbp", "dbp"} <= set(found):
        return
    keys = ["person", "at", "by"]
    upper, lower = (
        pd.DataFrame({"person": c.person, "at": c.at, "by": c.by, "value": c.low, "place": np.arange(c.at.size)})[
            (c.reason == 0)
        ]
        for c in (found["sbp"], found["dbp"])
    )
    both = upper.merge(lower, on=keys)
    crossed = both[both["value_x"] <= both["value_y"]]
    for fact, side in (("sbp", "place_x"), ("dbp", "place_y")):
        places = crossed[side].to_numpy()
        found[fact].reason[places], found[fact].good[places] = _CONFLICTING, False
