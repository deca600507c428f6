"""Plan JSON: a plan as a document that any program can read, and back to the same plan.

The format is described by `data/plan.schema.json`. Exact numbers are text, days are whole numbers, dates are
YYYY-MM-DD. The document carries the SHA-256 of its content in the canonical form of RFC 8785, so that a change which
no arithmetic shows is found too; it is a seal against accidents, not a signature.
"""

import hashlib
import json

from benzotaper.errors import PlanFormatError
from benzotaper.exports.json_check import check_record
from benzotaper.exports.json_read import read_record
from benzotaper.exports.json_values import PLAN_JSON, Place, read_json
from benzotaper.exports.json_write import Object, document
from benzotaper.steps import PlanRecord
from benzotaper.version import SCHEMA_VERSION

SEAL = "content_sha256"


CERTIFICATE = "certificate"
"""What a checker found in the content: beside it, and not under its seal."""


def sealed(record: PlanRecord) -> Object:
    """The content of a plan as a JSON object, with its seal.

    Raises:
        PlanFormatError: as `to_json`.
    """
    content = document(record)
    return content | {SEAL: _seal(content)}


def to_json(record: PlanRecord, *, certificate: Object | None = None) -> str:
    """A plan as JSON text.

    Args:
        record: the plan.
        certificate: what a checker found in it, to be written beside the content; left out where there is none.

    Returns:
        The text, ended by a line feed; the same record gives the same text. A step, product or finding a line.

    Raises:
        PlanFormatError: a product is taken that is not on the plan's shelf, or a text is not valid Unicode.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> print(to_json(plan.record)[:22])
    {
    "schema_version": 1,
    """
    content = sealed(record) | ({} if certificate is None else {CERTIFICATE: certificate})
    return "{\n" + ",\n".join(f"{_compact(name)}: {_lines(value)}" for name, value in content.items()) + "\n}\n"


def from_json(text: str) -> PlanRecord:
    """Read plan JSON, strictly; the exact inverse of `to_json`.

    A certificate beside the content is left to who can check it: `Plan.from_json` does.

    Args:
        text: the document.

    Returns:
        The record, findings included.

    Raises:
        PlanFormatError: no JSON, another format version, a field missing, unknown or of another type, dates or numbers
            that do not follow, products that do not make the dose, a value that does not follow from the doses, or
            content that is not what was sealed. `path` says where, such as ``steps[3].cycle[0][1].dose_mg``.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> from_json(to_json(plan.record)) == plan.record
    True
    """
    parsed = read_json(text, document=PLAN_JSON)
    place = Place({n: v for n, v in parsed.items() if n != CERTIFICATE} if isinstance(parsed, dict) else parsed)
    _check_version(place.field("schema_version"))
    record = read_record(place)
    check_record(record, place)
    seal = place.field(SEAL)
    content = {name: value for name, value in place.value.items() if name != SEAL}
    if seal.text() != _seal(content):
        seal.refuse("the content is not what was written: something was changed since; ask for the plan again")
    return record


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(value: object) -> str:
    """A list with an entry a line, an object with a field a line; what is in them stays on the line."""
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f" {_compact(entry)}" for entry in value) + "\n]"
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f" {_compact(name)}: {_compact(entry)}" for name, entry in value.items()) + "\n}"
    return _compact(value)


def _seal(content: Object) -> str:
    """The SHA-256 of the content in the canonical form of RFC 8785; all numbers in it are whole, all names plain."""
    try:
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        faulty = error.object[error.start : error.end]
        message = f"plan JSON: a text is not valid Unicode, at {faulty!a}; write it without that"
        raise PlanFormatError(message, path="") from error
    return hashlib.sha256(canonical).hexdigest()


def _check_version(place: Place) -> None:
    version = place.value
    if type(version) is not int or version < 1:
        place.refuse(f"{version!r} is no version of the plan format; this benzotaper reads version {SCHEMA_VERSION}")
    if version > SCHEMA_VERSION:
        why = f"{version} is newer than this benzotaper reads ({SCHEMA_VERSION}); install a newer benzotaper to read it"
        place.refuse(why)
