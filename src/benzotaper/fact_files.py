"""Facts as JSON: written exactly, read strictly, every fault with its place."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from benzotaper.errors import BenzotaperError, FactError
from benzotaper.fact_types import fact_type
from benzotaper.intervals import read_date
from benzotaper.numbers import number_text
from benzotaper.observations import Medicine, Observation, read_observation
from benzotaper.unknown import Unknown
from benzotaper.values import NOT_APPLICABLE, Interval, NotApplicable

FORMAT = "benzotaper-facts"
SCHEMA_VERSION = 1
NONE_TEXT = "not_applicable"
_KEYS = {"fact", "value", "unknown", "at", "by", "who", "form_id", "unit"}
_REQUIRED = {"fact", "at", "by"}


def facts_to_json(observations: Iterable[Observation], *, drill: bool) -> str:
    """The observations as JSON text."""
    document = {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "drill": drill,
        "observations": [_written(each) for each in observations],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _written(observation: Observation) -> dict[str, Any]:
    value = observation.value
    said = {"unknown": value.reason} if isinstance(value, Unknown) else {"value": _plain(value)}
    found = {"fact": observation.fact, **said, "at": observation.at.isoformat(), "by": observation.by}
    if unit := fact_type(observation.fact).unit:
        found["unit"] = unit
    for name in ("form_id", "who"):
        if given := getattr(observation, name):
            found[name] = given
    return found


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    return next(write(value) for kind, write in _WRITERS if isinstance(value, kind))


def _number_written(value: int | Fraction) -> int | str:
    """A whole number, or exact text."""
    number = Fraction(value)
    return int(number) if number.denominator == 1 else number_text(number)


def _medicine_written(medicine: Medicine) -> dict[str, str]:
    found = {"name": medicine.name}
    if not isinstance(medicine.start, Unknown):
        found["start"] = medicine.start.isoformat()
    if medicine.stop is not NOT_APPLICABLE:
        found["stop"] = "unknown" if isinstance(medicine.stop, Unknown) else medicine.stop.isoformat()
    return found


_WRITERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (NotApplicable, lambda _: NONE_TEXT),
    ((bool, str), lambda value: value),
    ((int, Fraction), _number_written),
    (date, lambda value: value.isoformat()),
    (Interval, lambda value: {"low": _plain(value.low), "high": _plain(value.high)}),
    (Medicine, _medicine_written),
    (Mapping, lambda value: {day.isoformat(): _plain(mg) for day, mg in value.items()}),
    (tuple, lambda value: [_plain(each) for each in value]),
)
"""How a value of each type is written; the first that fits counts."""


# ---- reading


def facts_from_json(text: str) -> tuple[tuple[Observation, ...], bool]:
    """The observations of a JSON text, and whether they are a drill's.

    Raises:
        FactError: with every fault and its place.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise FactError(f"facts cannot be read: no JSON ({error})", fact="", value=text[:40]) from error
    faults = list(_faults_of_form(document))
    observations = []
    for place, entry in enumerate(document["observations"] if not faults else ()):
        try:
            observations.append(_read(entry))
        except BenzotaperError as error:
            faults.append(f"observation {place}: {error}")
    if faults:
        raise FactError(f"facts have {len(faults)} fault(s): {'; '.join(faults)}", fact="", value=tuple(faults))
    return tuple(observations), document["drill"]


def _faults_of_form(document: Any) -> Iterable[str]:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        yield f"it is no {FORMAT} document (format is missing or another)"
        return
    if document.get("schema_version") != SCHEMA_VERSION:
        yield f"schema_version {document.get('schema_version')!r} is not {SCHEMA_VERSION}"
    if not isinstance(document.get("drill"), bool):
        yield "drill is missing; write true for an exercise, false for a person"
    if not isinstance(document.get("observations"), list):
        yield "observations is no list"
    if unknown := sorted(set(document) - {"format", "schema_version", "drill", "observations"}):
        yield f"{', '.join(unknown)} is not known"


def _read(entry: Any) -> Observation:
    if not isinstance(entry, dict):
        raise FactError(f"{entry!r} is no object", fact="", value=entry)
    wrong = sorted(set(entry) - _KEYS) or sorted(_REQUIRED - set(entry))
    if wrong or ("value" in entry) == ("unknown" in entry):
        message = (
            f"it has {sorted(entry)}; it needs {', '.join(sorted(_REQUIRED))}, either value or unknown, and no other"
        )
        raise FactError(message, fact=str(entry.get("fact", "")), value=tuple(wrong))
    fact = entry["fact"]
    value = read_json_value(fact, entry["value"]) if "value" in entry else Unknown(entry["unknown"])
    texts = {name: entry.get(name, "") for name in ("form_id", "who", "unit")}
    for name in ("unknown",) if "unknown" in entry else ():
        if not isinstance(entry[name], str):
            raise FactError(f"{name} {entry[name]!r} is no text", fact=str(fact), value=entry[name])
    return read_observation(fact, value, at=entry["at"], by=entry["by"], **texts)


def read_json_value(fact: str, value: Any) -> Any:
    """A value from its JSON form, as `read_observation` takes it."""
    kind = fact_type(fact)
    if value == NONE_TEXT and NONE_TEXT not in kind.levels:
        return NOT_APPLICABLE
    if kind.kind == "list" and "plan" not in kind.asked_of and isinstance(value, list):
        return [medicine_from(each) if isinstance(each, dict) else each for each in value]
    if kind.kind == "list" and isinstance(value, list):
        return [_number_from(each) for each in value]
    if isinstance(value, dict) and set(value) == {"low", "high"}:
        return Interval(_number_from(value["low"]), _number_from(value["high"]))
    if isinstance(value, dict):
        return {read_date(day, what=fact): _number_from(mg) for day, mg in value.items()}
    return _number_from(value) if kind.kind in ("int", "number") else value


def _number_from(value: Any) -> Any:
    """An exact number: also a fraction such as "1/3", as a plan's facts have it."""
    if not isinstance(value, str) or "/" not in value:
        return value
    try:
        return Fraction(value)
    except (ValueError, ZeroDivisionError):
        return value  # which is refused as no number


def medicine_from(entry: Mapping[str, Any]) -> Medicine:
    """A medicine from its JSON form: a stop that is left out means that it is taken.

    >>> medicine_from({"name": "omeprazole", "start": "2026-11-01"})
    Medicine(name='omeprazole', start=datetime.date(2026, 11, 1), stop=NOT_APPLICABLE)
    """
    if not isinstance(entry.get("name"), str) or not entry["name"] or set(entry) - {"name", "start", "stop"}:
        message = f"{dict(entry)!r} is no medicine; it has a name, and start and stop where they are known"
        raise FactError(message, fact="", value=entry)
    stop: Any = NOT_APPLICABLE
    if "stop" in entry:
        stop = Unknown("not_asked") if entry["stop"] == "unknown" else read_date(entry["stop"], what="stop")
    start = read_date(entry["start"], what="start") if entry.get("start") else Unknown("not_asked")
    return Medicine(str(entry["name"]), start, stop)
