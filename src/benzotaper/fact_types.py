"""What can be observed: each fact with its type, unit, range, how long it stays fresh, and who may give it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from functools import cache
from typing import Final

from benzotaper import datafiles
from benzotaper.datafiles import Row
from benzotaper.errors import UnknownFactError, did_you_mean, hint, refuse_faults

FILE = "facts.csv"
KINDS = ("bool", "int", "number", "date", "list", "enum")
GIVERS = ("patient", "collateral", "clinician", "device", "record", "plan")
"""Who may give a fact; "plan" stands for what is derived from plan, course and record."""
NEVER_US: Final = 10**17
"""Stands for what does not age: 3000 years, in microseconds."""
AMBIGUOUS: Final[Mapping[str, tuple[str, ...]]] = {"sds": ("sevdep_sds_total",)}
"""Names that mean two instruments, and the facts of that name that exist here."""
MUST_NAME_FORM = ("ciwab_total",)
"""Facts whose form must be named although only one is known: other forms of the scale circulate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactType:
    """One fact that can be observed.

    Attributes:
        name: its name.
        kind: one of `KINDS`.
        unit: UCUM unit of its numbers; "" where it has none.
        low, high: the ends of its range, both included; unbounded where the data give none.
        levels: the values of an enum, from the least to the most.
        max_age: how long it stays fresh; `timedelta.max` where it does not age.
        forms: the forms (instruments) that it may come from.
        asked_of: who may give it, out of `GIVERS`.
        meaning: what it says, in words.
        rules: the rules that use it.
        max_age_us: how long it stays fresh (microseconds); `NEVER_US` where it does not age.
    """

    name: str
    kind: str
    unit: str
    low: Fraction
    high: Fraction
    levels: tuple[str, ...]
    max_age: timedelta
    forms: tuple[str, ...]
    asked_of: tuple[str, ...]
    meaning: str
    rules: tuple[str, ...]
    max_age_us: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        age = NEVER_US if self.max_age == timedelta.max else self.max_age // timedelta(microseconds=1)
        object.__setattr__(self, "max_age_us", age)

    @property
    def needs_form(self) -> bool:
        """Whether a value without a named form cannot be used."""
        return len(self.forms) > 1 or self.name in MUST_NAME_FORM


UNBOUNDED: Final = Fraction(10**12)
"""Stands for a range without an end: beyond every number that a fact can hold."""


def fact_type(name: str) -> FactType:
    """The fact that has this name.

    Raises:
        UnknownFactError: no such fact, or a name that means two instruments; near names are suggested.

    >>> fact_type("gad7_total").max_age.days, fact_type("gad7_total").forms
    (14, ('GAD7',))
    """
    known = fact_types()
    if isinstance(name, str) and name in known:
        return known[name]
    word = str(name).casefold()
    for short, meant in AMBIGUOUS.items():
        if word == short or word.startswith(f"{short}_"):
            message = (
                f"fact {name!r} names two instruments, the Sheehan Disability Scale and the Severity of Dependence "
                f"Scale; write {' or '.join(meant)} (the Sheehan scale has no rule here)"
            )
            raise UnknownFactError(message, name=name, suggestions=meant)
    near = did_you_mean(word, known)
    message = f"no fact {name!r}{hint(near)}; bt.fact_names() lists them"
    raise UnknownFactError(message, name=name, suggestions=near)


def fact_names() -> tuple[str, ...]:
    """The names of all facts, in the order of the file.

    >>> len(fact_names())
    219
    """
    return tuple(fact_types())


@cache
def fact_types() -> Mapping[str, FactType]:
    """All facts, by name."""
    return read_fact_types(datafiles.shipped(FILE))


def _range_end(cell: str) -> Fraction | None:
    return Fraction(cell) if cell else None


def _kind(cell: str) -> tuple[str, tuple[str, ...]]:
    kind, _, levels = cell.partition(":")
    datafiles.one_of(*KINDS)(kind)
    return kind, tuple(levels.split("|")) if levels else ()


def _givers(cell: str) -> tuple[str, ...]:
    one = datafiles.one_of(*GIVERS)
    return tuple(one(part) for part in cell.split("|"))


_COLUMNS: dict[str, datafiles.Reader] = {
    "fact": datafiles.word,
    "type": _kind,
    "unit": datafiles.text,
    "low": _range_end,
    "high": _range_end,
    "max_age_h": _range_end,
    "form_ids": lambda cell: tuple(cell.split("|")) if cell else (),
    "asked_of": _givers,
    "meaning": datafiles.word,
    "rules": lambda cell: tuple(cell.split()),
}


def read_fact_types(text: str) -> dict[str, FactType]:
    """The facts of a CSV text, by name.

    Raises:
        DataError: with all faults and their rows.
    """
    facts: dict[str, FactType] = {}
    faults = []
    for number, row in enumerate(datafiles.read_csv(text, _COLUMNS, file=FILE), start=2):
        if row["fact"] in facts:
            faults.append(f"row {number}: fact {row['fact']!r} is already there")
        facts[row["fact"]] = _fact_type(row)
    refuse_faults(FILE, faults)
    return facts


def _fact_type(row: Row) -> FactType:
    kind, levels = row["type"]
    age = row["max_age_h"]
    return FactType(
        name=row["fact"],
        kind=kind,
        unit=row["unit"],
        low=-UNBOUNDED if row["low"] is None else row["low"],
        high=UNBOUNDED if row["high"] is None else row["high"],
        levels=levels,
        max_age=timedelta.max if age is None else timedelta(hours=int(age)),
        forms=row["form_ids"],
        asked_of=row["asked_of"],
        meaning=row["meaning"],
        rules=row["rules"],
    )
