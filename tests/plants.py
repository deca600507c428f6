"""Faults, planted in the JSON of real plans: each a change of one kind, and the checks that must find it.

What follows from the doses (totals, falls, equivalents) is worked out anew where a fault is to be found by the rule
that it breaks, not by a figure that no longer fits; every document is sealed again, so that no seal finds it either.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

from real_plans import texts

Document = dict[str, Any]
Plant = Callable[[Document, Random], bool]
TIMES = ("morning", "noon", "evening", "night")


def mg(value: Fraction | int) -> str:
    """An exact number as the format writes it."""
    value = Fraction(value)
    for places in range(20):
        if (value * 10**places).denominator == 1:
            sign, digits = "-" * (value < 0), str(abs(int(value * 10**places))).zfill(places + 1)
            return sign + digits[: len(digits) - places] + ("." + digits[-places:]) * bool(places)
    return str(value)


# ---- what follows from the doses, once more


def seal(document: Document) -> None:
    """Put the seal that belongs to the content."""
    content = {name: value for name, value in document.items() if name not in ("content_sha256", "certificate")}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    document["content_sha256"] = hashlib.sha256(canonical.encode()).hexdigest()


def means(step: Document) -> dict[str, Fraction]:
    """The mean daily dose of each drug (mg)."""
    found: dict[str, Fraction] = {}
    for day in step["cycle"]:
        for a in day:
            found[a["drug"]] = found.get(a["drug"], Fraction(0)) + Fraction(a["dose_mg"]) / len(step["cycle"])
    return found


def refigure(document: Document) -> None:
    """Write the totals, falls and equivalents that follow from the doses as they now are."""
    steps = document["steps"]
    worth = {document["totals_in"]: Fraction(1)}
    if len({intake["drug"] for intake in document["request"]["regimen"]["intakes"]}) > 1:
        worth = {factor["drug"]: Fraction(factor["high"]) for factor in document["factors"]}
    for cross in reversed(document["crossovers"]):
        worth[cross["drug"]] = Fraction(cross["factor"]) * worth.get(cross["to"], 1)
    doses = [means(step) for step in steps]
    totals = [sum((dose * worth.get(drug, 1) for drug, dose in each.items()), Fraction(0)) for each in doses]
    drugs = list(dict.fromkeys(a["drug"] for step in steps for day in step["cycle"] for a in day))
    for place, step in enumerate(steps):
        step["total_mg"] = mg(totals[place])
        step["worst_fall_in_14_days_mg"] = mg(largest_fall(steps, totals, place))
        before = doses[max(place - 1, 0)]
        step["falls"] = [
            fall_row(document, drug, doses[place].get(drug, Fraction(0)), before.get(drug, Fraction(0)), doses)
            for drug in drugs
            if drug in doses[place] or drug in before
        ]


def fall_row(
    document: Document, drug: str, dose: Fraction, was: Fraction, doses: list[dict[str, Fraction]]
) -> Document:
    """One row of falls."""
    falls = was >= dose
    factor = next((f for f in document["factors"] if f["drug"] == drug), None)
    highest = max(each.get(drug, Fraction(0)) for each in doses)
    return {
        "drug": drug,
        "mean_mg": mg(dose),
        "fall_mg": mg(was - dose),
        "percent_of_current": mg((was - dose) / was * 100) if falls else None,
        "percent_of_start": mg((was - dose) / highest * 100) if falls else None,
        "diazepam_low_mg": mg(dose * Fraction(factor["low"])) if factor else None,
        "diazepam_high_mg": mg(dose * Fraction(factor["high"])) if factor else None,
    }


def largest_fall(steps: list[Document], totals: list[Fraction], place: int) -> Fraction:
    """The largest fall to a step from a total still taken in the 14 days before it, by counting days."""
    day, worst = 0, Fraction(0)
    for earlier in range(place - 1, -1, -1):
        if day < 14:
            worst = max(worst, totals[earlier] - totals[place])
        day += steps[earlier]["days"] or 0
    return worst


def move(step: Document, days: int) -> None:
    """Move a step by so many days."""
    for name in ("start", "end"):
        if step[name] is not None:
            step[name] = (date.fromisoformat(step[name]) + timedelta(days=days)).isoformat()


def redate(document: Document) -> None:
    """Number and date the steps by their lengths."""
    day = date.fromisoformat(document["request"]["start"])
    for number, step in enumerate(document["steps"]):
        days = step["days"]
        step["number"] = number
        step["start"] = None if days == 0 else day.isoformat()
        step["end"] = (day + timedelta(days=days - 1)).isoformat() if days else None
        day += timedelta(days=days or 0)
    if document["ending"] == "zero":
        document["stops_on"] = document["steps"][-1]["start"]


# ---- places in a plan


def crossing(document: Document, step: Document) -> bool:
    """Whether a step belongs to a change of drug."""
    return any(c["first_step"] <= step["number"] <= c["last_step"] for c in document["crossovers"])


def administrations(document: Document, *, since: int = 0) -> list[tuple[Document, list[Document], Document]]:
    """Each administration that products make, with its step and its day."""
    return [(step, day, a) for step in document["steps"][since:] for day in step["cycle"] for a in day if a["taken"]]


def quiet(document: Document, *, since: int = 1) -> list[Document]:
    """The steps in which something is taken, and no drug crosses over."""
    return [s for s in document["steps"][since:] if any(s["cycle"]) and not crossing(document, s)]


def one(chance: Random, found: Iterable[Any]) -> Any:
    """One of these, or None where there is none."""
    listed = list(found)
    return chance.choice(listed) if listed else None


def copied(value: Any) -> Any:
    """A copy that shares nothing."""
    return json.loads(json.dumps(value))


def parts(document: Document, *, liquid: bool | None = None) -> list[tuple[Document, Document, Document]]:
    """Each part of a dose with its administration and product; of solids or of liquids only, if that is said."""
    wares = document["products"]
    return [
        (a, part, wares[part["product"]])
        for _, _, a in administrations(document)
        for part in a["taken"]
        if liquid is None or (wares[part["product"]]["form"] in ("oral solution", "oral drops")) == liquid
    ]


def highest(step: Document) -> dict[tuple[str, str], Fraction]:
    """The highest dose of each drug at each time (mg)."""
    found: dict[tuple[str, str], Fraction] = {}
    for day in step["cycle"]:
        for a in day:
            at = (a["drug"], a["time"])
            found[at] = max(found.get(at, Fraction(0)), Fraction(a["dose_mg"]))
    return found


# ---- kinds of fault

KINDS: "dict[str, Kind]" = {}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of fault: what plants it, and the checks of which each must find it."""

    plant: Plant
    found_by: tuple[str, ...]
    refigured: bool
    sealed: bool


def kind(name: str, *found_by: str, refigured: bool = False, sealed: bool = True) -> Callable[[Plant], Plant]:
    """Register a kind of fault."""

    def register(plant: Plant) -> Plant:
        assert name not in KINDS, name
        KINDS[name] = Kind(plant=plant, found_by=found_by, refigured=refigured, sealed=sealed)
        return plant

    return register


def planted(name: str, count: int) -> Iterator[Document]:
    """So many documents with a fault of one kind, in plans by chance that is the same each time."""
    chance = Random(name)  # noqa: S311  the same each time, not secret
    fertile = list(_fertile(name))
    assert fertile, f"no plan has an occasion for {name!r}"
    made = 0
    while made < count:
        text = chance.choice(fertile)
        document = spoiled(name, text, chance)
        if document is not None:
            made += 1
            yield document


@cache
def _fertile(name: str) -> tuple[str, ...]:
    """The plans that have an occasion for a kind of fault."""
    return tuple(t for t in texts() if any(spoiled(name, t, Random(n)) is not None for n in range(6)))  # noqa: S311  as above


def spoiled(name: str, text: str, chance: Random) -> Document | None:
    """A plan with one fault of a kind; None where this one has no occasion for it."""
    document: Document = json.loads(text)
    found = KINDS[name]
    if "carried certificate" not in found.found_by:
        del document["certificate"]
    if not found.plant(document, chance):
        return None
    if found.refigured:
        refigure(document)
    if found.sealed:
        seal(document)
    return document
