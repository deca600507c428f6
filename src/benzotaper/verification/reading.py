"""Reads plan JSON for the checker: plain records in whole nanograms and whole days, by a reader of its own.

It needs the fields that the checks speak of, each of its type; `from_json` is the strict reader that refuses more.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, NoReturn, TypeVar

from benzotaper.drugs import drug_names
from benzotaper.errors import PlanFormatError
from benzotaper.verification.words import MG, mg_text

T = TypeVar("T")
TIMES = ("morning", "noon", "evening", "night")
DIAZEPAM = "diazepam"
PICKS = ("", "low", "midpoint", "high")
LIQUIDS = ("oral solution", "oral suspension", "oral drops")
_NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]*[1-9])|/([1-9][0-9]*))?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_LONGEST = 400  # characters of a number, as the format allows
_KINDS = {str: "text", int: "a whole number", list: "a list", dict: "an object"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ware:
    """A product as the plan names it; strength in ng per unit (mL of a liquid), `pieces` 0 where policy decides."""

    drug: str
    strength: int
    form: str
    region: str
    name: str
    release: str
    split_ok: str
    pieces: int
    drops_per_ml: int
    smallest_ml: Fraction
    offered: str

    @property
    def liquid(self) -> bool:
        """Whether it is measured or counted in drops."""
        return self.form in LIQUIDS

    def __str__(self) -> str:
        per = "/mL" if self.liquid else ""
        return f"{self.drug} {mg_text(self.strength)} mg{per} {self.form} ({self.name}, {self.region})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Pieces of one product."""

    product: Ware
    pieces: int
    per_unit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One dose (ng) of one drug at one time."""

    drug: str
    time: str
    ng: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """A row of figures as the plan states them: mg and %; None where the plan states none."""

    drug: str
    mean_mg: Fraction
    fall_mg: Fraction
    percent_of_current: Fraction | None
    percent_of_start: Fraction | None
    diazepam_low_mg: Fraction | None
    diazepam_high_mg: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A step as the plan states it; days as ordinals."""

    number: int
    start: int | None
    end: int | None
    days: int | None
    cycle: tuple[tuple[Given, ...], ...]
    falls: tuple[Fall, ...]
    total_mg: Fraction
    worst_mg: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A declared change of drug."""

    drug: str
    to: str
    table: str
    pick: str
    factor: Fraction
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Equal:
    """The diazepam (mg) that 1 mg of a drug is said to equal."""

    drug: str
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a plan document says, as far as the checks look."""

    release: str
    now: tuple[Given, ...]
    start: int
    choice: str
    splitting: str
    max_pieces: int
    liquids: str
    lead_in_days: int
    target: int
    last_dose: int
    table: str
    apart_days: int
    pick: str
    wares: tuple[Ware, ...]
    totals_in: str
    steps: tuple[Stretch, ...]
    ending: str
    stops_on: int | None
    remaining: int
    factors: tuple[Equal, ...]
    crossings: tuple[Crossing, ...]
    data_version: str

    @property
    def drugs_now(self) -> tuple[str, ...]:
        """The drugs of the current regimen."""
        return tuple(dict.fromkeys(given.drug for given in self.now))

    @property
    def drugs_kept(self) -> tuple[str, ...]:
        """The drugs that no change of drug replaces, in order."""
        taken = dict.fromkeys([*self.drugs_now, *(cross.to for cross in self.crossings)])
        return tuple(drug for drug in taken if drug not in {cross.drug for cross in self.crossings})

    @property
    def any_dose(self) -> bool:
        """Whether no products were named, so that nothing is dispensed."""
        return self.choice == "any dose"


# ---------------------------------------------------------------------------------------------------------------------
# Values and where they stand
# ---------------------------------------------------------------------------------------------------------------------


def malformed(where: str, why: str) -> NoReturn:
    """Say what no check can read.

    Raises:
        PlanFormatError: always.
    """
    raise PlanFormatError(f"{where}: {why}", path=where)


def _get(holder: Any, name: str, kind: type[T], where: str) -> T:
    """The field of an object, of exactly this type."""
    value = holder.get(name) if type(holder) is dict else malformed(where, "must be an object")
    if type(value) is not kind:  # True is an int too
        malformed(f"{where}.{name}", f"must be {_KINDS[kind]}")
    return value


def _word(holder: Any, name: str, among: tuple[str, ...], where: str) -> str:
    text = _get(holder, name, str, where)
    if text not in among:
        malformed(f"{where}.{name}", f"{text!r} is not known")
    return text


def _drug(holder: Any, name: str, where: str) -> str:
    return _word(holder, name, drug_names(), where)


def _count(holder: Any, name: str, where: str, *, least: int = 0) -> int:
    value = _get(holder, name, int, where)
    if value < least:
        malformed(f"{where}.{name}", f"{value} is below {least}")
    return value


@lru_cache(maxsize=4096)
def _exact(text: str) -> Fraction | None:
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    sign, whole, decimals, denominator = match.groups(default="")
    return Fraction(int(sign + whole + decimals), int(denominator) if denominator else 10 ** len(decimals))


def _number(holder: Any, name: str, where: str) -> Fraction:
    value = _exact(_get(holder, name, str, where))
    return malformed(f"{where}.{name}", "is no exact number") if value is None else value


def _ng(holder: Any, name: str, where: str, *, least: int = 0) -> int:
    """A dose that is written in mg, in ng."""
    ng = _number(holder, name, where) * MG
    if ng.denominator != 1 or ng < least:
        malformed(f"{where}.{name}", f"must be whole nanograms, at least {least}")
    return int(ng)


def _or_none(read: Callable[..., T], holder: Any, name: str, where: str) -> T | None:
    """A value that may be null, but is there."""
    if type(holder) is dict and name in holder and holder[name] is None:
        return None
    return read(holder, name, where)


def _day(holder: Any, name: str, where: str) -> int:
    text = _get(holder, name, str, where)
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text).toordinal()
    except ValueError:  # such as 2026-02-30
        pass
    return malformed(f"{where}.{name}", f"{text!r} is no date")


def _each(holder: Any, name: str, where: str, read: Callable[[Any, str], T], *, least: int = 0) -> tuple[T, ...]:
    """The entries of a list, each read."""
    entries = _get(holder, name, list, where)
    if len(entries) < least:
        malformed(f"{where}.{name}", f"has fewer than {least} entries")
    return tuple(read(entry, f"{where}.{name}[{number}]") for number, entry in enumerate(entries))


# ---------------------------------------------------------------------------------------------------------------------
# The parts of a plan
# ---------------------------------------------------------------------------------------------------------------------


def read_paper(document: Mapping[str, Any]) -> Paper:
    """What a plan document says.

    Args:
        document: the JSON object.

    Raises:
        PlanFormatError: a field that the checks need is missing or of another type; the error names the place.
    """
    asked = _get(document, "request", dict, "plan")
    regimen = _get(asked, "regimen", dict, "plan.request")
    wares = _each(document, "products", "plan", _ware)
    return Paper(
        release=_get(regimen, "release", str, "plan.request.regimen"),
        now=_each(regimen, "intakes", "plan.request.regimen", _given, least=1),
        start=_day(asked, "start", "plan.request"),
        choice=_get(asked, "products", str, "plan.request"),
        splitting=_word(asked, "splitting", ("", "whole", "scored", "halves", "quarters"), "plan.request"),
        max_pieces=_count(asked, "max_pieces", "plan.request"),
        liquids=_get(asked, "liquids", str, "plan.request"),
        lead_in_days=_count(asked, "lead_in_days", "plan.request"),
        target=_ng(asked, "target_mg", "plan.request"),
        last_dose=_ng(asked, "last_dose_mg", "plan.request"),
        table=_get(asked, "table", str, "plan.request"),
        apart_days=_count(asked, "apart_days", "plan.request") if "apart_days" in asked else 0,
        pick=_word(asked, "pick", PICKS, "plan.request") if "pick" in asked else "",
        wares=wares,
        totals_in=_drug(document, "totals_in", "plan"),
        steps=_each(document, "steps", "plan", lambda step, where: _stretch(step, where, wares), least=1),
        ending=_word(document, "ending", ("zero", "maintenance", "gate"), "plan"),
        stops_on=_or_none(_day, document, "stops_on", "plan"),
        remaining=len(_get(document, "remaining", list, "plan")),
        factors=_each(document, "factors", "plan", _equal),
        crossings=_each(document, "crossovers", "plan", _crossing),
        data_version=_get(document, "data_version", str, "plan"),
    )


def _given(entry: Any, where: str) -> Given:
    return Given(
        drug=_drug(entry, "drug", where),
        time=_word(entry, "time", TIMES, where),
        ng=_ng(entry, "dose_mg", where, least=1),
    )


def _ware(entry: Any, where: str) -> Ware:
    by_policy = type(entry) is dict and entry.get("pieces") == "by policy"
    return Ware(
        drug=_drug(entry, "drug", where),
        strength=_ng(entry, "strength_mg", where, least=1),
        form=_get(entry, "form", str, where),
        region=_get(entry, "region", str, where),
        name=_get(entry, "name", str, where),
        release=_get(entry, "release", str, where),
        split_ok=_get(entry, "split_ok", str, where),
        pieces=0 if by_policy else _count(entry, "pieces", where, least=1),
        drops_per_ml=_count(entry, "drops_per_ml", where),
        smallest_ml=_number(entry, "smallest_ml", where),
        offered=_get(entry, "offered", str, where),
    )


def _stretch(entry: Any, where: str, wares: tuple[Ware, ...]) -> Stretch:
    return Stretch(
        number=_count(entry, "number", where),
        start=_or_none(_day, entry, "start", where),
        end=_or_none(_day, entry, "end", where),
        days=_or_none(_count, entry, "days", where),
        cycle=_each(entry, "cycle", where, lambda day, there: _taken_on(day, there, wares), least=1),
        falls=_each(entry, "falls", where, _fall),
        total_mg=_number(entry, "total_mg", where),
        worst_mg=_number(entry, "worst_fall_in_14_days_mg", where),
    )


def _taken_on(day: Any, where: str, wares: tuple[Ware, ...]) -> tuple[Given, ...]:
    if type(day) is not list:
        malformed(where, "must be a list")
    return tuple(_administration(entry, f"{where}[{number}]", wares) for number, entry in enumerate(day))


def _administration(entry: Any, where: str, wares: tuple[Ware, ...]) -> Given:
    return Given(
        drug=_drug(entry, "drug", where),
        time=_word(entry, "time", TIMES, where),
        ng=_ng(entry, "dose_mg", where, least=1),
        parts=_each(entry, "taken", where, lambda part, there: _part(part, there, wares)),
    )


def _part(entry: Any, where: str, wares: tuple[Ware, ...]) -> Part:
    number = _count(entry, "product", where)
    if number >= len(wares):
        malformed(f"{where}.product", f"there is no products[{number}]")
    return Part(
        product=wares[number],
        pieces=_count(entry, "pieces", where, least=1),
        per_unit=_count(entry, "pieces_per_unit", where, least=1),
    )


def _fall(entry: Any, where: str) -> Fall:
    return Fall(
        drug=_drug(entry, "drug", where),
        mean_mg=_number(entry, "mean_mg", where),
        fall_mg=_number(entry, "fall_mg", where),
        percent_of_current=_or_none(_number, entry, "percent_of_current", where),
        percent_of_start=_or_none(_number, entry, "percent_of_start", where),
        diazepam_low_mg=_or_none(_number, entry, "diazepam_low_mg", where),
        diazepam_high_mg=_or_none(_number, entry, "diazepam_high_mg", where),
    )


def _equal(entry: Any, where: str) -> Equal:
    return Equal(drug=_drug(entry, "drug", where), low=_number(entry, "low", where), high=_number(entry, "high", where))


def _crossing(entry: Any, where: str) -> Crossing:
    return Crossing(
        drug=_drug(entry, "drug", where),
        to=_drug(entry, "to", where),
        table=_get(entry, "table", str, where),
        pick=_word(entry, "pick", PICKS, where),
        factor=_number(entry, "factor", where),
        first=_count(entry, "first_step", where, least=1),
        last=_count(entry, "last_step", where, least=1),
    )
