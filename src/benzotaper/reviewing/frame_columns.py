"""A long frame of observations as columns, every fault said with its row."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benzotaper.errors import BenzotaperError, ReviewError, did_you_mean, hint
from benzotaper.fact_types import GIVERS, FactType, fact_type
from benzotaper.observations import REASONS
from benzotaper.reviewing.frame_values import Rows, values_of
from benzotaper.rules.fact_columns import FactColumn, Ints, local_days

OBSERVED = ("person", "fact", "value", "at", "by")
MAY_BE_LEFT_OUT = ("form", "high", "unknown")
_CONFLICTING, _PARTIAL = (REASONS.index(reason) + 1 for reason in ("conflicting", "partial"))


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
    if 0 in places:
        wrong = names[places.index(0)]
        known = ", ".join(kind.forms) or "none"
        raise ReviewError(f"observations: {kind.name} has no form {wrong!r}; its forms: {known}", value=wrong)
    return np.array([*places, alone], np.int8)[codes]


# ---- values


def _column(kind: FactType, rows: Rows, persons: int, zone: Any) -> FactColumn:
    _refuse_givers(kind, rows)
    low, high, exists, reason, lists = values_of(kind, rows, zone)
    if kind.needs_form:
        reason = np.where((rows.form == 0) & (reason == 0), _PARTIAL, reason)
    parts: tuple[Any, ...] = (rows.person, rows.at, rows.by, reason, low, high, exists, rows.form, lists)
    moment = rows.at
    same = (rows.person[1:] == rows.person[:-1]) & (moment[1:] == moment[:-1])
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
