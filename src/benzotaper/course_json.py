"""Course JSON: the plan and the journal as one document, sealed like a plan; reading is strict and names the place."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, TypeAlias

from benzotaper.doses import Dose
from benzotaper.errors import BenzotaperError, PlanFormatError
from benzotaper.exports.json_values import Place, read_json
from benzotaper.intervals import LONGEST_DAYS
from benzotaper.journal import KINDS, Accepted, Entry
from benzotaper.numbers import number_text
from benzotaper.plan import Plan
from benzotaper.verification.certificate import sha256_of
from benzotaper.version import COURSE_SCHEMA_VERSION, DATA_VERSION, VERSION

SEAL = "content_sha256"
DOCUMENT = "course JSON"
Object: TypeAlias = dict[str, Any]
Parts: TypeAlias = tuple[Plan, tuple[Entry, ...], int, bool]
"""The plan, its journal, the days between check-ins (0: unknown), and whether it is a drill."""


def to_json(plan: Plan, journal: tuple[Entry, ...], *, checkin_days: int, drill: bool) -> str:
    """A course as JSON text, an entry a line; the same course gives the same text."""
    content: Object = {
        "course_schema_version": COURSE_SCHEMA_VERSION,
        "benzotaper": VERSION,
        "data_version": DATA_VERSION,
        "drill": drill,
        "checkin_days": checkin_days or None,
        "plan": plan.to_dict(),
        "journal": [_written(entry) for entry in journal],
    }
    sealed = content | {SEAL: sha256_of(content)}
    text = "{\n" + ",\n".join(f"{_line(name)}: {_lines(value)}" for name, value in sealed.items()) + "\n}\n"
    try:
        text.encode()
    except UnicodeEncodeError as error:
        faulty = error.object[error.start : error.end]
        message = f"{DOCUMENT}: a text is not valid Unicode, at {faulty!a}; write it without that"
        raise PlanFormatError(message, path="journal") from error
    return text


def as_dict(text: str) -> Object:
    """The document as a dict."""
    document: Object = json.loads(text)
    return document


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(value: object) -> str:
    return (
        "[\n" + ",\n".join(f" {_line(entry)}" for entry in value) + "\n]" if isinstance(value, list) else _line(value)
    )


def _written(entry: Entry) -> Object:
    return {"kind": entry.KIND} | {
        _name(field.name): _plain(field.name, getattr(entry, field.name)) for field in fields(entry)
    }


def _name(field: str) -> str:
    return "dose_mg" if field == "dose" else field


def _plain(name: str, value: object) -> object:
    """The value of a field as JSON has it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Dose):
        return number_text(value.mg)
    if isinstance(value, Plan):
        return value.to_dict()
    if name == "true_rules" and isinstance(value, tuple):
        return [{"rule_id": rule_id, "urgency": urgency} for rule_id, urgency in value]
    return list(value) if isinstance(value, tuple) else value


# ---------------------------------------------------------------------------------------------------------------------
# Reading
# ---------------------------------------------------------------------------------------------------------------------


def from_json(text: str) -> Parts:
    """What course JSON holds, each part strictly read; whether the entries follow each other is for the course.

    Raises:
        PlanFormatError: it is not what it says; `path` says where.
    """
    place = Place(read_json(text, document=DOCUMENT), document=DOCUMENT)
    _check_version(place.field("course_schema_version"))
    names = ("course_schema_version", "benzotaper", "data_version", "drill", "checkin_days", "plan", "journal", SEAL)
    found = place.fields(*names)
    for name in ("benzotaper", "data_version"):
        found[name].text()
    checkins = found["checkin_days"]
    plan, journal = _plan(found["plan"]), found["journal"].each(_entry)
    if not journal or not isinstance(journal[0], Accepted) or any(isinstance(e, Accepted) for e in journal[1:]):
        found["journal"].refuse("the first entry, and no other, says that the plan was accepted")
    content = {name: value for name, value in place.value.items() if name != SEAL}
    if found[SEAL].text() != sha256_of(content):
        found[SEAL].refuse("the content is not what was written: something was changed since; ask for it again")
    return plan, journal, 0 if checkins.value is None else _days(checkins), _flag(found["drill"])


def _check_version(place: Place) -> None:
    if type(place.value) is not int or place.value != COURSE_SCHEMA_VERSION:
        place.refuse(f"{place.value!r} is not the version that this benzotaper reads: {COURSE_SCHEMA_VERSION}")


def _plan(place: Place) -> Plan:
    if not isinstance(place.value, dict):
        place.refuse("it must be a plan, as plan JSON has it")
    try:
        return Plan.from_json(json.dumps(place.value, ensure_ascii=False))
    except PlanFormatError as error:
        Place(None, f"{place.path}.{error.path}".rstrip("."), DOCUMENT).refuse(str(error), cause=error)


def _entry(place: Place) -> Entry:
    kind = KINDS[place.field("kind").word(KINDS)]
    names = [field.name for field in fields(kind)]
    found = place.fields("kind", *map(_name, names))
    read: Mapping[str, Callable[[Place], object]] = _READERS | {"at": _moment if kind.TIMED else Place.day}
    values: dict[str, Any] = {name: read.get(name, Place.text)(found[_name(name)]) for name in names}
    try:
        return kind(**values)
    except BenzotaperError as error:
        place.refuse(str(error), cause=error)


def _moment(place: Place) -> datetime:
    text = place.text()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        place.refuse(f"{text!r} is no time; write it such as 2027-01-05T09:00:00+00:00", cause=error)
    if moment.isoformat() != text or moment.utcoffset() is None:
        place.refuse(f"{text!r} is not in canonical form, with its zone; write it such as 2027-01-05T09:00:00+00:00")
    return moment


def _flag(place: Place) -> bool:
    if not isinstance(place.value, bool):
        place.refuse(f"must be true or false, but is {place.value!r}")
    return place.value


def _days(place: Place) -> int:
    days = place.whole(least=1)
    if days > LONGEST_DAYS:
        place.refuse(f"{days} days is longer than any course; at most {LONGEST_DAYS}")
    return days


def _texts(place: Place) -> tuple[str, ...]:
    return place.each(Place.text)


def _true_rule(place: Place) -> tuple[str, str]:
    found = place.fields("rule_id", "urgency")
    return found["rule_id"].text(), found["urgency"].text()


_READERS: dict[str, Callable[[Place], object]] = {
    "plan": _plan,
    "step": Place.whole,
    "dose": Place.dose,
    "drill": _flag,
    "rebaselined": _flag,
    "until": _moment,
    "findings": _texts,
    "latched": _texts,
    "reported_facts": _texts,
    "true_rules": lambda place: place.each(_true_rule),
}
"""How each field is read; any other is text."""
