"""Takes a schedule from wherever it comes: a file, text, a frame, or a list; and finds out which it is."""

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from benzotaper.errors import BenzotaperError, ScheduleError
from benzotaper.received import cells
from benzotaper.received.columns import is_header
from benzotaper.received.entries import Amount, Doubts, Entry, Received
from benzotaper.received.files import text_of
from benzotaper.received.lines import read_label, read_lines
from benzotaper.received.names import time_word
from benzotaper.received.phrases import read_phrase
from benzotaper.received.ruled import read_ruled, rule_of
from benzotaper.received.tables import read_table

ENDINGS = (".csv", ".tsv", ".txt", ".md", ".json", ".html", ".xlsx", ".xls", ".pdf", ".docx")
SEPARATORS = (",", ";", "\t", "|")
PAIR = 2
OPENING = 200  # characters in which a plan's JSON names the package


def receive(source: object, *, durations: bool = False) -> Received:
    r"""Read a schedule from a path, text, a DataFrame, or a list.

    Args:
        source: a path of a CSV or text file; text, CSV or lines; a DataFrame; a list of dicts, of lines, or of pairs
            of a date, day number or label and what is taken: text, a dose, or a dict of doses by time.
        durations: whether the first of a pair is how long it lasts, not when it begins.

    Raises:
        ScheduleError: nothing there, not a text file, or not to be read as any of these.

    >>> receive("week 1: 10 mg\nweek 2: 8 mg").noun
    'line'
    """
    if isinstance(source, Path | os.PathLike) or (isinstance(source, str) and _names_file(source)):
        return _of_text(text_of(Path(source)))
    if isinstance(source, str):
        return _of_text(source)
    if hasattr(source, "columns") and hasattr(source, "itertuples"):
        return _checked(_of_frame(source))
    if isinstance(source, Mapping) or not isinstance(source, Iterable) or isinstance(source, bytes):
        message = (
            f"a schedule is a path, text, a DataFrame or a list, not {type(source).__name__}; "
            "of a plan give plan.to_frame() or plan.to_csv()"
        )
        raise ScheduleError(message, value=source)
    return _checked(_of_list(list(source), durations=durations))


def are_durations(items: object) -> bool:
    """Whether the first of every pair says how long, not when: a number of days, a `timedelta`, or '2 weeks'.

    >>> are_durations([(14, "10 mg at night"), ("2 weeks", "5 mg at night")])
    True
    """
    if isinstance(items, str) or not isinstance(items, Sequence) or not items:
        return False
    pairs = [item for item in items if isinstance(item, list | tuple) and len(item) == PAIR]
    return len(pairs) == len(items) and all(_is_duration(item[0]) for item in pairs)


def _is_duration(value: object) -> bool:
    if isinstance(value, bool | date):
        return False
    try:
        cells.length(value, days=1)
    except BenzotaperError:
        return False
    return True


def _names_file(text: str) -> bool:
    one_line = "\n" not in text.strip() and len(text) < 1000  # noqa: PLR2004  no path is longer
    return one_line and "\0" not in text and (text.strip().lower().endswith(ENDINGS) or os.path.isfile(text))  # noqa: PTH113  never raises


def _of_text(text: str) -> Received:
    if not text.strip():
        raise ScheduleError("the schedule is empty; give its rows or lines", value=text)
    text = text.removeprefix("\ufeff")
    if text.lstrip().startswith("{") and '"benzotaper"' in text[:OPENING]:
        message = (
            "this is the JSON of a benzotaper plan, no schedule; check it with benzotaper verify (bt.verify), "
            "or audit the plan's CSV (plan.to_csv())"
        )
        raise ScheduleError(message, value=text[:OPENING])
    rule = rule_of(text.splitlines())
    if rule > 0:
        return _checked(read_ruled(text.splitlines(), rule))
    separator = _separator(text)
    if not separator:
        return _checked(read_lines(text.splitlines()))
    rows = _rows(text, separator)
    start = next(number for number, row in enumerate(rows) if any(cell.strip() for cell in row))
    header, *body = [[cell.strip() for cell in row] for row in rows[start:]]
    return _checked(read_table(header, body, noun="row", first_place=start + 2))


def _rows(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise ScheduleError(f"the table cannot be read: {error}; save it again as CSV", value="") from error


def _separator(text: str) -> str:
    """What parts the columns of a table; '' where the text is no table."""
    first = next(line for line in text.splitlines() if line.strip())
    found = [sep for sep in SEPARATORS if is_header(next(csv.reader([first], delimiter=sep)))]
    if found:
        return found[0]
    wide = [sep for sep in SEPARATORS if len(next(csv.reader([first], delimiter=sep))) > PAIR]
    if wide and not any(c.isdigit() for c in first):
        message = (
            f"the columns {first[:200]!r} are not known: name those of the dose ('dose_mg') and of the time "
            "('start' and 'days', 'date' or 'week')"
        )
        raise ScheduleError(message, value=first)
    return ""


def _of_frame(frame: Any) -> Received:
    """A frame, of pandas or anything that has its columns and itertuples."""
    rows = frame.itertuples(index=False, name=None)
    return read_table(list(frame.columns), rows, noun="row", first_place=1)


def _of_list(items: Sequence[Any], *, durations: bool) -> Received:
    if all(isinstance(item, str) for item in items):
        return read_lines([line for item in items for line in str(item).splitlines()])
    if all(isinstance(item, Mapping) for item in items):
        headers = list(dict.fromkeys(name for item in items for name in item))
        rows = [[item.get(name) for name in headers] for item in items]
        return read_table(headers, rows, noun="item", first_place=1)
    received = Received(noun="item", entries=[], doubts=Doubts())
    dates = [item[0] for item in items if isinstance(item, list | tuple) and item]
    order = cells.date_order(dates)
    kinds = set()
    for place, item in enumerate(items, start=1):
        if not isinstance(item, list | tuple) or len(item) != PAIR:
            message = f"item {place} is no pair of when and what, such as ('2026-12-01', '10 mg'); give such pairs"
            raise ScheduleError(message, value=item)
        label, dated = _label(item[0], place, received.doubts, order=order, durations=durations)
        kinds |= {dated} if label.get("first") is not None else set()
        clock = label.get("time", "")
        for said in _what(item[1], place, received.doubts):
            received.entries.append(Entry(**label | said | {"time": said.get("time") or clock}))
    received.dated = True in kinds
    if len(kinds) > 1:
        received.doubts.add(0, "some days are dates and some are day numbers", "write all of them as dates")
    return received


def _label(given: object, place: int, doubts: Doubts, *, order: str, durations: bool) -> tuple[dict[str, Any], bool]:
    """The first of a pair: when, or for how long."""
    try:
        if durations:
            return {"place": place, "days": cells.length(given, days=1)}, False
        try:
            found = cells.when(given, order=order)
        except ScheduleError:
            if not isinstance(given, str):
                raise
            return _read_label(given, place, doubts, order=order)
    except BenzotaperError as error:
        if durations:
            raise
        doubts.add(place, str(error), "write a date as YYYY-MM-DD, or a day number")
        return {"place": place}, False
    return {"place": place, "first": found.day, "span": 1, "time": found.clock}, found.dated


def _read_label(given: str, place: int, doubts: Doubts, *, order: str) -> tuple[dict[str, Any], bool]:
    """A label in words: 'week 1-2', 'days 1-14'."""
    label, rest = read_label(given, place=place, doubts=doubts, order=order)
    if rest.strip() or not label.given:
        raise ScheduleError(f"{given[:40]!r} is no date, day or week", value=given)
    found = {"place": place, "step": label.step, "first": label.first, "span": label.span, "days": label.days}
    return found, label.dated


def _what(given: object, place: int, doubts: Doubts) -> list[dict[str, Any]]:
    """The second of a pair: what is taken."""
    if isinstance(given, Mapping):
        return (
            [{"amount": Amount(Fraction(0), "ng")}]
            if not given
            else [
                said | {"time": time_word(str(time), place, doubts)}
                for time, dose in given.items()
                for said in _what(dose, place, doubts)
            ]
        )
    if isinstance(given, str):
        parts = read_phrase(given, place=place, doubts=doubts)
        return [
            {
                "drug": p.drug,
                "time": p.time,
                "amount": p.amount,
                "pieces": p.pieces,
                "total": p.total,
                "unread": p.unread,
            }
            for p in parts
        ] or [{"unread": True}]
    try:
        return [{"amount": cells.amount(given)}]
    except BenzotaperError as error:
        doubts.add(place, str(error), "write the dose with its unit, such as '5 mg'")
        return [{"unread": True}]


def _checked(received: Received) -> Received:
    if not received.entries:
        raise ScheduleError(f"the schedule has no {received.noun} with a dose; give its rows or lines", value="")
    return received
