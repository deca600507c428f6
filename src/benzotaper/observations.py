"""One observation of a fact: its value or why that is unknown, when, by whom and on which form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from benzotaper.errors import FactError, IntervalError, did_you_mean, hint
from benzotaper.fact_types import FactType, fact_type
from benzotaper.intervals import YEARS, read_date
from benzotaper.numbers import LARGEST_EXPONENT
from benzotaper.unknown import Unknown
from benzotaper.values import NOT_APPLICABLE, Interval, NotApplicable, Value

REASONS = (
    *("not_asked", "declined", "stale", "partial"),
    *("out_of_range", "conflicting", "no_consent", "device_unreliable"),
)
"""Why a fact can be unknown."""
BY_DAY = ("planned_mg",)
"""Facts that may hold a number for each calendar day."""
PLACES = 6
"""Decimals that a number may have: a nanogram, if it is in mg."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine with the days on which it was started and stopped.

    Attributes:
        name: what it is called; compared with nothing, the integrator codes the lists.
        start: its first day (a date or ISO text), or `Unknown`.
        stop: its last day; `NOT_APPLICABLE` while it is taken, or `Unknown`.

    >>> Medicine("omeprazole", start=date(2026, 11, 1))
    Medicine(name='omeprazole', start=datetime.date(2026, 11, 1), stop=NOT_APPLICABLE)
    """

    name: str
    start: date | Unknown
    stop: date | Unknown | NotApplicable = NOT_APPLICABLE

    def __post_init__(self) -> None:
        for end in ("start", "stop"):
            day = getattr(self, end)
            if not isinstance(day, Unknown | NotApplicable):
                object.__setattr__(self, end, read_day(day, what=f"{self.name}: {end}"))
        if isinstance(self.start, date) and isinstance(self.stop, date) and self.stop < self.start:
            message = f"{self.name} was stopped on {self.stop}, before it was started on {self.start}; list it twice"
            raise FactError(message, fact=self.name, value=self.stop)


Observed: TypeAlias = Value | tuple[Medicine, ...]
"""What can be observed: the value of a fact, or a list of medicines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was observed of one fact.

    Attributes:
        fact: its name.
        value: what was observed, exact; `Unknown` with one of `REASONS` where nothing was.
        at: when (aware).
        by: who gave it, out of the fact's `asked_of`.
        who: the name of that person or device; may be empty.
        form_id: the form (instrument) it is from; "" where none was named.
    """

    fact: str
    value: Observed
    at: datetime
    by: str
    who: str = ""
    form_id: str = ""

    @property
    def at_us(self) -> int:
        """When, in microseconds since 1970 UTC."""
        return microseconds(self.at)


def microseconds(moment: datetime) -> int:
    """An aware moment in microseconds since 1970 UTC.

    >>> microseconds(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def read_observation(
    fact: str, value: object, *, at: datetime | str, by: str, who: str = "", form_id: str = "", unit: str = ""
) -> Observation:
    """Check an observation; see `Facts.observe`."""
    kind = fact_type(fact)
    if isinstance(unit, str) and unit and unit != kind.unit:
        wanted = f"in {kind.unit}" if kind.unit else "without a unit"
        _refuse(kind, value, f"it is given {wanted}, not in {unit!r}; convert it first")
    for name, text in (("who", who), ("form_id", form_id), ("unit", unit)):
        if not isinstance(text, str):
            _refuse(kind, text, f"{name} is text; leave it out where there is none")
    return Observation(
        fact=fact,
        value=_known_reason(fact, value) if isinstance(value, Unknown) else read_value(kind, value),
        at=read_moment(at, what=f"{fact}: at"),
        by=_read_giver(kind, by),
        who=who,
        form_id=_read_form(kind, form_id),
    )


def _known_reason(fact: str, value: Unknown) -> Unknown:
    """Refuse an unknown with a reason that nobody knows."""
    if value.reason not in REASONS:
        near = hint(did_you_mean(value.reason, REASONS))
        message = f"{fact}: reason {value.reason!r} is not one of {', '.join(REASONS)}{near}"
        raise FactError(message, fact=fact, value=value.reason)
    return value


def read_day(value: object, *, what: str) -> date:
    """Read a calendar day.

    Raises:
        FactError: no day.
    """
    try:
        return read_date(value, what=what)  # type: ignore[arg-type]  # which refuses what is no day
    except IntervalError as error:
        raise FactError(str(error), fact=what, value=value) from error


def read_moment(value: object, *, what: str) -> datetime:
    """Read a moment: an aware datetime, or its ISO text with an offset.

    Raises:
        FactError: no moment, or one without an offset from UTC.

    >>> read_moment("2026-11-25T08:10+01:00", what="at").isoformat()
    '2026-11-25T08:10:00+01:00'
    """
    moment = value
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
    if not isinstance(moment, datetime):
        message = f"{what} {value!r} is no moment; write one such as 2026-11-25T08:10:00+01:00"
        raise FactError(message, fact=what, value=value)
    if moment.year not in YEARS:
        message = f"{what} {moment.isoformat()} is not of our time; check the year"
        raise FactError(message, fact=what, value=value)
    if moment.utcoffset() is None:
        message = f"{what} {moment.isoformat()} has no offset from UTC; add it, as in {moment.isoformat()}+01:00"
        raise FactError(message, fact=what, value=value)
    return moment


def read_value(kind: FactType, value: object) -> Observed:
    """A value as the fact's type has it, exact.

    Raises:
        FactError: of another type. A number out of range is kept as it is: it counts as unknown, and is never clipped.
    """
    if value is NOT_APPLICABLE:
        return NOT_APPLICABLE
    if type(value).__module__ == "numpy" and hasattr(value, "item"):
        value = value.item()  # a number of numpy, as a number
    return _READERS[kind.kind](kind, value)


def _refuse(kind: FactType, value: object, why: str) -> Any:
    raise FactError(f"{kind.name} {value!r} cannot be taken: {why}", fact=kind.name, value=value)


def _bool(kind: FactType, value: object) -> bool:
    if not isinstance(value, bool):
        _refuse(kind, value, "it is a yes-or-no fact; give True, False or NOT_APPLICABLE, or record why it is unknown")
    return bool(value)


def _number(kind: FactType, value: object) -> Observed:
    if isinstance(value, Mapping) and kind.name in BY_DAY:
        return {read_day(day, what=kind.name): _at_least_0(kind, _exact(kind, mg)) for day, mg in value.items()}
    if isinstance(value, Interval):
        low, high = _exact(kind, value.low), _exact(kind, value.high)
        if low > high:
            _refuse(kind, value, "its low end is above its high end")
        return Interval(low, high)
    return _exact(kind, value)


def _at_least_0(kind: FactType, number: Fraction) -> Fraction:
    return number if number >= 0 else _refuse(kind, str(number), "its numbers are 0 or more")


def _exact(kind: FactType, value: object) -> Fraction:
    number: Fraction | None = None
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        number = Fraction(value)
    elif isinstance(value, float | str | Decimal):
        number = _decimal(value)
    if number is None:
        unit = f" in {kind.unit}" if kind.unit and not kind.unit.startswith("{") else ""
        _refuse(kind, value, f"it is a number{unit}; give one such as 5 or '0.5'")
    assert number is not None  # noqa: S101  refused above
    if kind.kind == "int" and number.denominator != 1:
        _refuse(kind, value, "it is a whole number")
    if "plan" not in kind.asked_of and (number * 10**PLACES).denominator != 1:
        _refuse(kind, value, f"it has more than {PLACES} decimals")
    return number


def _decimal(value: float | str | Decimal) -> Fraction | None:
    """The exact decimal: of a float the shortest one that it prints as."""
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except ArithmeticError:
        return None
    return Fraction(number) if number.is_finite() and abs(number.adjusted()) <= LARGEST_EXPONENT else None


def _date(kind: FactType, value: object) -> date:
    if isinstance(value, datetime) or (isinstance(value, str) and "T" in value):
        return read_moment(value, what=kind.name)
    return read_day(value, what=kind.name)


def _enum(kind: FactType, value: object) -> str:
    if not isinstance(value, str) or value not in kind.levels:
        near = hint(did_you_mean(str(value), kind.levels))
        allowed = ", ".join(kind.levels) if len(kind.levels) < 10 else "the drugs of bt.drug_names()"  # noqa: PLR2004
        _refuse(kind, value, f"it is one of {allowed}{near}")
    return str(value)


def _list(kind: FactType, value: object) -> Observed:
    if isinstance(value, str) or not isinstance(value, Iterable):
        _refuse(kind, value, "it is a list; an empty one says that there is none")
    items = list(value)  # type: ignore[call-overload]
    if "plan" in kind.asked_of:
        return tuple(_at_least_0(kind, _exact(kind, item)) for item in items)
    for item in items:
        if not isinstance(item, Medicine):
            _refuse(kind, item, "its entries are Medicine(name, start=..., stop=...)")
    return tuple(items)


_READERS = {"bool": _bool, "int": _number, "number": _number, "date": _date, "enum": _enum, "list": _list}


def _read_giver(kind: FactType, by: str) -> str:
    if by not in kind.asked_of:
        _refuse(kind, by, f"it may be given by {' or '.join(kind.asked_of)}")
    return by


def _read_form(kind: FactType, form_id: str) -> str:
    if form_id and form_id not in kind.forms:
        known = ", ".join(kind.forms) or "none"
        _refuse(kind, form_id, f"no such form{hint(did_you_mean(form_id, kind.forms))}; its forms: {known}")
    return form_id


def in_range(kind: FactType, value: int | Fraction) -> bool:
    """Whether a number lies in the fact's range, its ends included."""
    return kind.low <= value <= kind.high
