"""What is known in one review: the observations of a world, read by the words of the rules.

Truth is 0 (FALSE), 1 (UNKNOWN) or 2 (TRUE). A plain name stands for alternatives: the values that the sources give,
and `UNSURE` where a doubt stands beside them. Which of them counts is the atom's matter: the worse one.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple, Protocol

FACTS_CSV = Path(__file__).parents[1] / "src" / "benzotaper" / "data" / "facts.csv"

FALSE, UNKNOWN, TRUE = 0, 1, 2
INFINITE = float("inf")
CAN_CLEAR = frozenset({"patient", "clinician", "record", "plan"})  # a collateral or a device can only raise
READINGS = frozenset({"sbp", "dbp", "pulse", "temp", "rr", "spo2", "at_rest"})
FORM_ALWAYS_NAMED = frozenset({"ciwab_total"})
MAY_LIE_AHEAD = frozenset({"plan.hard_end_date"})
WITH_ITEM_9 = frozenset({"phq9_total", "phq9_baseline"})
ITEM_9_MAX, PHQ9_MAX = 3, 27


class _Sign:
    """A value that is no value: equal to nothing but itself."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


NA = _Sign("NA")  # not applicable, or known not to exist
UNSURE = _Sign("UNSURE")  # not known


class Entry(NamedTuple):
    """A medicine of a dated list: None is a date that is not known, NA a medicine that was not stopped."""

    name: str
    start: date | None
    stop: object = NA


@dataclass(frozen=True, slots=True)
class Obs:
    """One observation: a value, or the reason why there is none."""

    fact: str
    value: object
    at: datetime
    by: str
    form: str = ""
    high: Decimal | int | None = None
    unknown: str = ""


@dataclass(frozen=True)
class World:
    """All that a review is given."""

    observations: tuple[Obs, ...]
    now: datetime
    thresholds: Mapping[str, object]
    equal_to_diazepam: Callable[[Fraction], tuple[Fraction, Fraction] | None]
    enzymes: Mapping[str, frozenset[str] | None]


class Span(NamedTuple):
    """A number, or all that it may be."""

    low: Fraction | int | float
    high: Fraction | int | float
    form: str = ""


class Spec(NamedTuple):
    """A row of the table of facts."""

    kind: str
    low: Fraction | None
    high: Fraction | None
    max_age: timedelta | None
    forms: tuple[str, ...]
    levels: tuple[str, ...]
    asked_of: tuple[str, ...]


class Read(NamedTuple):
    """An observation as it can be used: `value` is UNSURE where it cannot."""

    at: datetime
    by: str
    value: object
    form: str


def read_facts(path: Path) -> dict[str, Spec]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["fact"]: Spec(
            kind=row["type"].partition(":")[0],
            low=Fraction(row["low"]) if row["low"] else None,
            high=Fraction(row["high"]) if row["high"] else None,
            max_age=timedelta(hours=int(row["max_age_h"])) if row["max_age_h"] else None,
            forms=tuple(row["form_ids"].split("|")) if row["form_ids"] else (),
            levels=tuple(row["type"].partition(":")[2].split("|")) if row["type"].startswith("enum:") else (),
            asked_of=tuple(row["asked_of"].split("|")),
        )
        for row in rows
    }


FACTS = read_facts(FACTS_CSV)


def exact(number: object) -> Fraction | int:
    if isinstance(number, int | Fraction):
        return number
    if isinstance(number, Decimal):
        return Fraction(number)
    raise TypeError(f"{number!r} is not an exact number")


def alternatives(reads: Sequence[Read]) -> tuple[object, ...]:
    """What a plain name may be, by these fresh reads (newest first): a value per source, and UNSURE if doubt stands.

    The newest instant of each source counts. If it cannot be used, the source's newest older answer that can still
    raises, and the doubt stands unless another source that can clear has answered.
    """
    if len(reads) == 1:
        return (reads[0].value,)
    sources: dict[str, dict[datetime, list[object]]] = {}
    for read in reads:
        sources.setdefault(read.by, {}).setdefault(read.at, []).append(read.value)
    found: list[object] = []
    answered, doubtful = set(), False
    for source, instants in sources.items():
        answers = [_agreed(values) for values in instants.values()]
        if answers[0] is UNSURE or UNSURE in next(iter(instants.values())):
            doubtful = True
        else:
            answered.add(source)
        found += [answer for answer in answers if answer is not UNSURE][:1]
    if not found or (doubtful and not answered & CAN_CLEAR):
        found.append(UNSURE)
    return tuple(found)


def _agreed(values: Sequence[object]) -> object:
    """The answer of one source at one instant: different values contradict each other."""
    given = [value for value in values if value is not UNSURE]
    return given[0] if given and all(value == given[0] for value in given) else UNSURE


class View(Protocol):
    """Where atoms look facts up: the whole case, or one set of readings taken together."""

    @property
    def case(self) -> "Case": ...

    def plain(self, fact: str) -> tuple[object, ...]: ...

    def reads(self, fact: str) -> Sequence[Read]: ...


class Case:
    """A world, indexed for one review."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = world.now.astimezone(UTC)
        self.today = world.now.date()
        self.truths: dict[object, int] = {}  # what was judged already, by atom, arm or rule
        self._given: dict[str, list[tuple[datetime, Obs]]] = {}
        self._reads: dict[str, list[Read]] = {}
        self._plain: dict[str, tuple[object, ...]] = {}
        self._days: dict[str, dict[date, list[object]]] = {}
        for obs in world.observations:
            at = obs.at.astimezone(UTC)
            if at <= self.now:
                self._given.setdefault(obs.fact, []).append((at, obs))

    @property
    def case(self) -> "Case":
        return self

    def limit(self, name: str) -> Span:
        """A threshold that is a number."""
        value = exact(self.world.thresholds[name])
        return Span(value, value)

    def count(self, name: str) -> int:
        """A threshold that counts days, minutes or the like."""
        return int(exact(self.world.thresholds[name]))

    def several(self, name: str) -> tuple[object, ...]:
        """A threshold that is a list."""
        return tuple(self.world.thresholds[name])  # type: ignore[arg-type]

    # Observations

    def reads(self, fact: str) -> list[Read]:
        """Every observation of the fact up to now, newest first, whatever its age."""
        reads = self._reads.get(fact)
        if reads is None:
            given = self._given.get(fact, ())
            reads = [Read(at, obs.by, self._usable(at, obs), obs.form) for at, obs in given]
            reads.sort(key=lambda read: read.at, reverse=True)
            self._reads[fact] = reads
        return reads

    def fresh(self, fact: str) -> list[Read]:
        """Those that are not older than the table allows; exactly that age is fresh."""
        max_age = FACTS[fact].max_age
        reads = self.reads(fact)
        return reads if max_age is None else [read for read in reads if self.now - read.at <= max_age]

    def plain(self, fact: str) -> tuple[object, ...]:
        """The alternatives of a plain name."""
        found = self._plain.get(fact)
        if found is None:
            fresh = self.fresh(fact) if fact in self._given else ()
            found = self._plain[fact] = alternatives(fresh) if fresh else (UNSURE,)
        return found

    def _usable(self, at: datetime, obs: Obs) -> object:
        """The value as the rules read it, or UNSURE where it cannot be used."""
        value, spec = obs.value, FACTS[obs.fact]
        if obs.unknown:
            return UNSURE
        if not obs.form and (len(spec.forms) > 1 or obs.fact in FORM_ALWAYS_NAMED):
            return UNSURE
        if value is NA:
            return NA
        if spec.kind in {"int", "number"}:
            return UNSURE if self._contradicted(at, obs) else self._number(obs, spec)
        if spec.kind == "date":
            day = value.astimezone(self.world.now.tzinfo).date() if isinstance(value, datetime) else value
            return UNSURE if day > self.today and obs.fact not in MAY_LIE_AHEAD else day  # type: ignore[operator]
        return value

    @staticmethod
    def _number(obs: Obs, spec: Spec) -> object:
        low = exact(obs.value)
        high = low if obs.high is None else exact(obs.high)
        if (spec.low is not None and low < spec.low) or (spec.high is not None and high > spec.high):
            return UNSURE
        if obs.fact in WITH_ITEM_9 and obs.form == "PHQ8":
            high = min(high + ITEM_9_MAX, PHQ9_MAX)
        return Span(low, high, obs.form or "".join(spec.forms[:1]))

    def _contradicted(self, at: datetime, obs: Obs) -> bool:
        """A systolic pressure that is not above the diastolic one of the same instant and source."""
        if obs.fact not in {"sbp", "dbp"}:
            return False
        for when, other in self._given.get("dbp" if obs.fact == "sbp" else "sbp", ()):
            if when == at and other.by == obs.by and not other.unknown and other.value is not NA:
                sbp, dbp = (obs, other) if obs.fact == "sbp" else (other, obs)
                if exact(sbp.value) <= exact(dbp.value):
                    return True
        return False

    def newest_list(self, fact: str) -> object:
        """A dated list or a list of the plan: only the newest observation that can be used, if it is fresh."""
        return next((read.value for read in self.fresh(fact) if read.value is not UNSURE), UNSURE)

    # Days

    def by_day(self, fact: str) -> dict[date, list[object]]:
        """The values that can be used, by calendar day, whatever their age."""
        days = self._days.get(fact)
        if days is None:
            days = self._days[fact] = {}
            for read in self.reads(fact):
                if read.value is not UNSURE:
                    days.setdefault(read.at.astimezone(self.world.now.tzinfo).date(), []).append(read.value)
        return days

    def window(self, fact: str, days: int) -> list[date]:
        """So many days, oldest first, that end today, or yesterday while today has no value yet."""
        back = 0 if self.today in self.by_day(fact) else 1
        return [self.today - timedelta(days=back + gone) for gone in reversed(range(days))]


class ReadingSet:
    """The readings of one instant; everything else as in the whole case."""

    def __init__(self, case: Case, at: datetime) -> None:
        self.case = case
        self.at = at

    def reads(self, fact: str) -> list[Read]:
        return [read for read in self.case.reads(fact) if read.at == self.at]

    def plain(self, fact: str) -> tuple[object, ...]:
        if fact not in READINGS:
            return self.case.plain(fact)
        return alternatives(self.reads(fact)) or (UNSURE,)


def reading_sets(case: Case, facts: Iterable[str]) -> list[ReadingSet]:
    """The sets in which one of these facts was observed, oldest first."""
    return [ReadingSet(case, at) for at in sorted({read.at for fact in facts for read in case.fresh(fact)})]


# Truth

any_of: Callable[..., int] = max
all_of: Callable[..., int] = min


def no(truth: int) -> int:
    return TRUE - truth


def established(truth: int) -> int:
    return TRUE if truth == TRUE else FALSE


def possible(truth: int) -> int:
    return FALSE if truth == FALSE else TRUE


def with_permission(consent: int, truth: int) -> int:
    """Requires_consent: nothing can be said without consent, whatever the values are."""
    return truth if consent == TRUE else UNKNOWN


def number_true(least: int, *truths: int) -> int:
    """At least so many of them are TRUE."""
    if truths.count(TRUE) >= least:
        return TRUE
    return UNKNOWN if len(truths) - truths.count(FALSE) >= least else FALSE


def compare(left: object, op: str, right: object) -> int:
    """Compare what may be intervals: an answer only if all values give it. Nothing compares with what is not there."""
    if left is NA or right is NA:
        return FALSE
    if not isinstance(left, Span) or not isinstance(right, Span):
        return UNKNOWN
    if op == ">=":
        return TRUE if left.low >= right.high else FALSE if left.high < right.low else UNKNOWN
    if op == ">":
        return TRUE if left.low > right.high else FALSE if left.high <= right.low else UNKNOWN
    if op == "<=":
        return TRUE if left.high <= right.low else FALSE if left.low > right.high else UNKNOWN
    if op == "<":
        return TRUE if left.high < right.low else FALSE if left.low >= right.high else UNKNOWN
    raise ValueError(op)


def minus(left: object, right: object) -> object:
    """A change on the same form."""
    if left is NA or right is NA:
        return NA
    if not isinstance(left, Span) or not isinstance(right, Span) or left.form != right.form:
        return UNSURE
    return Span(left.low - right.high, left.high - right.low)


def divided(left: object, right: object) -> object:
    """A share; there is none of nothing."""
    if left is NA or right is NA or (isinstance(right, Span) and right.high == 0):
        return NA
    if not isinstance(left, Span) or not isinstance(right, Span) or right.low == 0:
        return UNSURE
    return Span(Fraction(left.low) / Fraction(right.high), Fraction(left.high) / Fraction(right.low))
