"""What can be wrong with an input, said so that a person can mend it.

Every error is a `BenzotaperError`. Its text is one lower-case sentence: what, which value, what is
allowed, what to do next. The facts behind the sentence are attributes, so that a program need not read it.
"""

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

Entry = TypeVar("Entry")


class BenzotaperError(Exception):
    """Base of every error this package raises on purpose.

    Args:
        message: the sentence for a person.
        facts: the values behind it; each becomes an attribute.
    """

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.facts = facts
        for name, value in facts.items():
            setattr(self, name, value)


class DoseError(BenzotaperError):
    """A dose or concentration that cannot be read exactly. Attribute: `value`."""

    value: object


class PercentError(BenzotaperError):
    """A percentage without sign, out of range or too fine. Attribute: `value`."""

    value: object


class IntervalError(BenzotaperError):
    """A duration or date that cannot be read. Attribute: `value`."""

    value: object


class DataError(BenzotaperError):
    """A data file with faults. Attributes: `file`, and `faults`, every one of them with its row."""

    file: str
    faults: tuple[str, ...]


class UnknownDrugError(BenzotaperError):
    """A name that is no drug here. Attributes: `name`, `suggestions` (never chosen for you)."""

    name: str
    suggestions: tuple[str, ...]


class UnknownIdError(BenzotaperError):
    """An id of a source, rule, profile or threshold that does not exist. Attributes: `kind`, `id`, `suggestions`."""

    kind: str
    id: str
    suggestions: tuple[str, ...]


class ReleaseError(BenzotaperError):
    """Extended-release or otherwise special products mixed with plain ones. Attribute: `value`."""

    value: object


class RegimenError(BenzotaperError):
    """A regimen that does not say what is taken when. Attribute: `text`."""

    text: str


class StrategyError(BenzotaperError):
    """A strategy that is not whole or not possible. Attribute: `value`."""

    value: object


class UnknownTableError(BenzotaperError):
    """An equivalence table that does not exist. Attributes: `table`, `known`, `suggestions`."""

    table: str
    known: tuple[str, ...]
    suggestions: tuple[str, ...]


class NotInTableError(BenzotaperError):
    """A drug that a table lacks.

    Attributes: `drug`, `table`, `complete`, `tables` (those that have it), `suggestions` (other drugs it has).
    """

    drug: str
    table: str
    complete: bool
    tables: tuple[str, ...]
    suggestions: tuple[str, ...]


class PickError(BenzotaperError):
    """A range that must become one dose without anybody saying which. Attributes: `low_mg`, `high_mg`."""

    low_mg: object
    high_mg: object


class ProductError(BenzotaperError):
    """Products that are unknown, incomplete or do not go together. Attribute: `value`."""

    value: object


class NotMakeableError(BenzotaperError):
    """A dose that the products cannot make.

    Attributes: `dose_mg`, and `nearest_mg`, the nearest makeable doses (below, above) as exact numbers.
    """

    dose_mg: object
    nearest_mg: tuple[object, ...]


class KineticsError(BenzotaperError):
    """Levels that cannot be modelled, because something about the drug is not known. Attribute: `drug`."""

    drug: str


class PlanError(BenzotaperError):
    """A plan that cannot be made from what was asked. Attribute: `value`."""

    value: object


class AcknowledgementError(BenzotaperError):
    """Something unusual that a prescriber must own in writing. Attribute: `what`."""

    what: str


class CourseError(BenzotaperError):
    """A change or entry that a course cannot take; nothing is lost by it. Attribute: `value`."""

    value: object


class ScheduleError(BenzotaperError):
    """A schedule from elsewhere that cannot be read, or is no plan. Attribute: `value`."""

    value: object


class UnknownFactError(BenzotaperError):
    """A name that is no fact, or that could mean two. Attributes: `name`, `suggestions` (never chosen for you)."""

    name: str
    suggestions: tuple[str, ...]


class FactError(BenzotaperError):
    """An observation that cannot be taken as it is. Attributes: `fact`, `value`."""

    fact: str
    value: object


class ReviewError(BenzotaperError):
    """A review that cannot be made from what was given. Attribute: `value`."""

    value: object


class RuleError(BenzotaperError):
    """A condition of a rule that is not in the rule language. Attributes: `condition`, `value`."""

    condition: str
    value: object


class OutputError(BenzotaperError):
    """A file that cannot be written. Attribute: `path`."""

    path: str


class MissingExtraError(BenzotaperError):
    """Something that needs a package which is not installed. Attribute: `extra`, the name to install it by."""

    extra: str


class PlanFormatError(BenzotaperError):
    """Plan or course JSON that is not what it says. Attribute: `path`, where in the document."""

    path: str


def did_you_mean(word: str, known: Iterable[str], *, most: int = 3) -> tuple[str, ...]:
    """The known words that `word` may be a slip of, nearest first; to be shown, never chosen.

    >>> did_you_mean("ashton", ["ashton-2002", "denmark"])
    ('ashton-2002',)
    """
    as_written = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(str(word).casefold(), as_written, n=most, cutoff=0.6)
    return tuple(as_written[each] for each in near)


def hint(suggestions: Iterable[str]) -> str:
    """The tail of an error: ' (did you mean a or b?)', or nothing.

    >>> hint(["diazepam"])
    ' (did you mean diazepam?)'
    """
    words = " or ".join(suggestions)
    return f" (did you mean {words}?)" if words else ""


def look_up(given: object, known: Mapping[str, Entry], *, kind: str, where: str) -> Entry:
    """The entry that has this id.

    Args:
        given: the id as it was given.
        known: all entries by id.
        kind: what the id should name, such as "source".
        where: what lists the ids, for the reader.

    Raises:
        UnknownIdError: no such id; near ones are suggested.

    >>> look_up("S1", {"S1": "one"}, kind="source", where="bt.source_ids()")
    'one'
    """
    if isinstance(given, str) and given in known:
        return known[given]
    spelled = {name.casefold(): name for name in known}
    near = tuple(spelled[found] for found in did_you_mean(given.casefold(), spelled)) if isinstance(given, str) else ()
    message = f"no {kind} {given!r}{hint(near)}; {where} lists them"
    raise UnknownIdError(message, kind=kind, id=given, suggestions=near)


def refuse_faults(file: str, faults: Collection[str]) -> None:
    """Refuse a data file that has faults, naming all of them.

    Raises:
        DataError: there is a fault.

    >>> refuse_faults("drugs.csv", [])
    """
    if faults:
        raise DataError(f"{file} has {len(faults)} fault(s): " + "; ".join(faults), file=file, faults=tuple(faults))
