"""The checker tells each fault in words, with its place and its figures, and says what it did not look at.

What it must say is in `tests/cases/verify_*.json`, a sentence a fault.
"""

import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest

import benzotaper as bt
from benzotaper.errors import PlanFormatError
from benzotaper.verification.certificate import Certificate, Check, checked, sha256_of
from benzotaper.verification.reading import Part, Ware, read_paper
from benzotaper.verification.tablets import in_hand, pieces_of
from benzotaper.verification.words import day_text, number_text
from plants import redate, refigure, seal
from real_plans import SHAPES, document

CASES = Path(__file__).parent.parent / "cases"
SCHEMA = json.loads((Path(bt.__file__).parent / "data" / "plan.schema.json").read_text(encoding="utf-8"))
SMALL = bt.taper(
    "diazepam 2 mg at night", bt.Linear("1 mg", every="2 weeks"), start="2026-12-01", products="UK", splitting="halves"
)
Document = dict[str, Any]
Change = Callable[[Document], None]


def said(name: str) -> dict[str, Any]:
    """What the checker must say, from a case file."""
    found: dict[str, Any] = json.loads((CASES / f"verify_{name}.json").read_text(encoding="utf-8"))
    return found


def put(*path: str | int, to: object) -> Change:
    """A change of one value."""

    def change(content: Any) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = copy.deepcopy(to)

    return change


def both(*changes: Change) -> Change:
    """Several changes."""

    def change(content: Document) -> None:
        for each in changes:
            each(content)

    return change


def add(*path: str | int, to: object) -> Change:
    """One more entry of a list."""

    def change(content: Any) -> None:
        for key in path:
            content = content[key]
        content.append(copy.deepcopy(to))

    return change


def anew(change: Change) -> Change:
    """A change, and the figures that follow from it."""
    return both(change, refigure)


def morning(mg: str, *, drug: str = "diazepam", time: str = "morning", units: int = 1, product: int = 2) -> Document:
    """An administration of whole units of one product."""
    taken = [{"product": product, "pieces": units, "pieces_per_unit": 1}]
    return {"drug": drug, "time": time, "dose_mg": mg, "taken": taken}


FIRST = ("steps", 1, "cycle", 0, 0)
PART = (*FIRST, "taken", 0)
OWN_WARE = {
    "drug": "diazepam", "strength_mg": "7", "form": "tablet", "region": "own", "name": "own", "release": "IR",
    "split_ok": "unknown", "pieces": "by policy", "drops_per_ml": 0, "smallest_ml": "0.1", "offered": "by name"
}  # fmt: skip
ANY = {"products": "any dose", "splitting": ""}


def requested(**changes: object) -> Change:
    """A request with other words."""

    def change(content: Document) -> None:
        content["request"] |= changes

    return change


def ware(number: int, **changes: object) -> Change:
    """A product with other facts."""

    def change(content: Document) -> None:
        content["products"][number] |= changes

    return change


def crossover(**changes: object) -> Change:
    """A change of drug with other facts."""

    def change(content: Document) -> None:
        content["crossovers"][0] |= changes

    return change


def days_of(number: int, cycle: list[list[Document]]) -> Change:
    """Other days of a step, and the figures that follow."""
    return anew(put("steps", number, "cycle", to=cycle))


FAULTS: dict[str, tuple[str, Change]] = {
    # products
    "any dose with products": ("twice a day", put("request", "products", to="any dose")),
    "any dose with a policy": ("any dose", put("request", "splitting", to="whole")),
    "no products": ("any dose", put("request", "products", to="UK")),
    "no policy": ("twice a day", put("request", "splitting", to="")),
    "a product twice": ("twice a day", lambda d: d["products"].append(d["products"][0])),
    "no such form": ("own products", ware(0, form="pill")),
    "three pieces a unit": ("own products", ware(0, pieces=3)),
    "another strength than in the data": (
        "any dose, kept",
        both(
            requested(products="by hand", splitting="whole"),
            put("products", to=[OWN_WARE | {"region": "UK", "name": "generic", "offered": "yes"}]),
        ),
    ),
    "another name than in the data": ("many pieces", ware(0, name="brand")),
    "another form than in the data": ("many pieces", ware(0, form="capsule")),
    "another release than in the data": ("many pieces", ware(0, release="ER")),
    "another score than in the data": ("many pieces", ware(0, split_ok="yes")),
    "drops that the data do not have": ("many pieces", ware(0, drops_per_ml=20)),
    "offered otherwise than in the data": (
        "many pieces",
        both(ware(0, offered="by name"), requested(products="by hand")),
    ),
    "a product of no region where one was asked for": ("many pieces", ware(0, region="own")),
    "pieces where a region was asked for": ("many pieces", ware(0, pieces=2)),
    "a product by name where a region was asked for": ("many pieces", add("products", to=OWN_WARE | {"region": "UK"})),
    "another liquid than was asked for": ("a liquid by name", ware(-1, strength_mg="2")),
    "a tablet asked for as a liquid": (
        "many pieces",
        both(requested(liquids="diazepam 7 mg tablet (own, own)"), add("products", to=OWN_WARE)),
    ),
    "a liquid of no region": ("a liquid", ware(-1, region="own")),
    "a tablet by the name of a liquid": ("a liquid by name", ware(-1, form="tablet")),
    "a liquid where none was asked for": ("a liquid", put("request", "liquids", to="")),
    # releases and liquids
    "another release": ("own products", ware(1, release="ODT")),
    "another release than the regimen": ("own products", put("request", "regimen", "release", to="ER")),
    "an entering drug of another release": ("cross-over", ware(-1, release="ER")),
    "a leaving drug of another release": ("cross-over", put("request", "regimen", "release", to="ER")),
    "two liquids": ("a liquid", add("products", to=OWN_WARE | {"form": "oral drops"})),
    # pieces
    "a dose that the pieces do not make": ("twice a day", put(*FIRST, "dose_mg", to="9.000001")),
    "a quarter too much": ("twice a day", put(*FIRST, "taken", 1, "pieces_per_unit", to=4)),
    "nothing that makes a dose": ("twice a day", put(*FIRST, "taken", to=[])),
    "a product twice in a dose": (
        "twice a day",
        put(*FIRST, "taken", 1, to={"product": 1, "pieces": 4, "pieces_per_unit": 5}),
    ),
    "a product of another drug": ("cross-over", put(*FIRST, "taken", 0, "product", to=0)),
    "nothing made before a slow change of drug": ("cross-over", put("steps", 0, "cycle", 0, 0, "taken", to=[])),
    "nothing made on a first day that counts": ("cross-over at once, not made", both(put("steps", 0, "days", to=7))),
    "products in a plan of any dose": (
        "any dose",
        both(
            add("products", to=OWN_WARE), put(*FIRST, "taken", to=[{"product": 0, "pieces": 1, "pieces_per_unit": 1}])
        ),
    ),
    "a half where none is allowed": ("twice a day", put("request", "splitting", to="whole")),
    "a half of what the data say not to split": ("twice a day", put("request", "splitting", to="scored")),
    "an own tablet that is not to be split": ("own products", ware(1, pieces=1)),
    "quarters of what gives halves": (
        "own products",
        both(
            put("request", "splitting", to="halves"),
            ware(1, pieces=2),
            put("steps", 2, "cycle", 0, 0, "taken", 0, "pieces_per_unit", to=4),
        ),
    ),
    "a third": ("twice a day", both(put(*PART, "pieces", to=3), put(*PART, "pieces_per_unit", to=3))),
    "a half capsule": ("many pieces", both(*(ware(number, form="capsule") for number in range(3)))),
    "a volume that is not measured": ("a liquid by name", ware(-1, smallest_ml="0.7")),
    "a volume between two measures": ("a liquid by name", ware(-1, smallest_ml="0.2")),
    "a volume of nothing": ("a liquid by name", ware(-1, smallest_ml="0")),
    "drops of another count": ("only drops", ware(0, drops_per_ml=20)),
    "more pieces than allowed": ("many pieces", put("request", "max_pieces", to=8)),
    "three quarters are two pieces": ("quarters", put("request", "max_pieces", to=1)),
    "a volume is one piece": ("a liquid", put("request", "max_pieces", to=1)),
    # beginning
    "another dose now": ("twice a day", put("request", "regimen", "intakes", 0, "dose_mg", to="11")),
    "another time now": ("twice a day", put("request", "regimen", "intakes", 0, "time", to="noon")),
    "another drug now": ("twice a day", put("request", "regimen", "intakes", 0, "drug", to="lorazepam")),
    "a first step of two days": ("twice a day", lambda d: d["steps"][0]["cycle"].append(d["steps"][0]["cycle"][0])),
    "a short lead-in": ("lead-in", put("request", "lead_in_days", to=11)),
    # dates
    "a wrong number": ("twice a day", put("steps", 2, "number", to=1)),
    "open in the middle": ("twice a day", put("steps", 2, "days", to=None)),
    "open in a course of short steps": ("every 13 days", put("steps", 2, "days", to=None)),
    "closed at the end": ("twice a day", put("steps", 20, "days", to=1)),
    "no day": ("twice a day", put("steps", 2, "days", to=0)),
    "a day too early": ("twice a day", put("steps", 2, "start", to="2026-12-14")),
    "no first day": ("twice a day", put("steps", 2, "start", to=None)),
    "a last day of step 0 that has none": ("twice a day", put("steps", 0, "end", to="2026-11-30")),
    "a day too late": ("twice a day", put("steps", 2, "end", to="2026-12-29")),
    "a last day of the open step": ("twice a day", put("steps", 20, "end", to="2028-05-01")),
    "a day more": ("twice a day", put("steps", 2, "days", to=15)),
    "another start": ("twice a day", put("request", "start", to="2026-12-02")),
    "beyond twenty years": ("twice a day", put("steps", 19, "days", to=7305)),
    "beyond the calendar": ("twice a day", both(put("request", "start", to="9999-12-01"))),
    # order
    "twice at one time": ("twice a day", lambda d: d["steps"][1]["cycle"][0].insert(0, d["steps"][1]["cycle"][0][0])),
    "noon before morning": (
        "four times a day",
        lambda d: d["steps"][0]["cycle"][0].insert(0, d["steps"][0]["cycle"][0].pop(1)),
    ),
    "night before morning": ("twice a day", lambda d: d["steps"][1]["cycle"][0].reverse()),
    # ending
    "nothing before the end": ("twice a day", days_of(-2, [[]])),
    "nothing in the middle": ("twice a day", days_of(2, [[]])),
    "another day of nothing": ("twice a day", put("stops_on", to="2028-04-05")),
    "no day of nothing": ("twice a day", put("stops_on", to=None)),
    "a day of nothing in maintenance": ("maintenance", put("stops_on", to="2028-04-05")),
    "strategies behind zero": ("twice a day", put("remaining", to=["linear 1 mg every 2 weeks"])),
    "none behind a gate": ("gate", put("remaining", to=[])),
    "nothing taken at a gate": ("gate", days_of(-1, [[]])),
    "something at zero": ("twice a day", days_of(-1, [[morning("1", units=1, product=0)]])),
    "two days of nothing": ("twice a day", put("steps", 20, "cycle", to=[[], []])),
    "a maintenance dose of zero": ("twice a day", put("request", "target_mg", to="2")),
    "another last dose": ("last dose", put("request", "last_dose_mg", to="5")),
    "a last dose of a cycle": ("every other day", put("request", "last_dose_mg", to="0.5")),
    "zero at once from a last dose": ("last dose", lambda d: d["steps"].__delitem__(slice(0, -1))),
    "another maintenance dose": ("maintenance", put("request", "target_mg", to="9")),
    "no maintenance dose": ("maintenance", both(put("request", "target_mg", to="0"), days_of(-1, [[]]))),
    "a maintenance of two days": ("maintenance", lambda d: d["steps"][-1]["cycle"].append(d["steps"][-1]["cycle"][0])),
    # course
    "a total that rises": (
        "nearest",
        days_of(3, [[morning("9", units=9, product=1), morning("9", time="night", units=9, product=1)]]),
    ),
    "a dose that rises": ("in turn", days_of(1, [[morning("11", units=1), morning("9", time="night")]])),
    "a dose that comes back": ("in turn", days_of(8, [[morning("1", units=1, product=1)]])),
    "a mean that rises": ("a week of days", days_of(3, [[morning("12", time="night")]])),
    "a highest day that rises": (
        "a week of days",
        days_of(1, [[morning("13", time="night")], [morning("5", time="night")]]),
    ),
    "too much enters": ("cross-over", days_of(2, [[morning("50", units=1)]])),
    "the old drug rises": (
        "cross-over",
        days_of(
            1, [[morning("2", drug="lorazepam", product=1), morning("1", drug="lorazepam", time="noon", product=1)]]
        ),
    ),
    "the new drug rises after it": ("cross-over", days_of(5, [[morning("40", units=4)]])),
    "the old drug stays": ("cross-over", lambda d: d["steps"][3]["cycle"][0].append(d["steps"][0]["cycle"][0][2])),
    "the old drug comes back": ("cross-over", lambda d: d["steps"][4]["cycle"][0].append(d["steps"][0]["cycle"][0][2])),
    "a new drug that nobody declared": ("cross-over", put("crossovers", to=[])),
    "an earlier first portion": (
        "cross-over after a taper",
        lambda d: d["crossovers"][0].update(first_step=d["crossovers"][0]["first_step"] - 1),
    ),
    "a later last portion": ("cross-over", crossover(last_step=5)),
    "a whole plan said to be a change of drug": (
        "cross-over",
        lambda d: d["crossovers"][0].update(last_step=len(d["steps"]) - 1),
    ),
    "no last portion": ("cross-over", crossover(last_step=2)),
    "portions upside down": ("cross-over", crossover(first_step=3, last_step=1)),
    "portions behind the end": ("cross-over", crossover(last_step=99)),
    "portions at the end": ("cross-over", lambda d: d["crossovers"][0].update(last_step=len(d["steps"]))),
    "portions at the very end": ("two cross-overs", lambda d: d["crossovers"][1].update(first_step=2)),
    "a change from another drug": ("cross-over", crossover(drug="oxazepam")),
    "a change to another drug": ("cross-over", crossover(to="oxazepam")),
    "a change to itself": ("cross-over", crossover(to="lorazepam")),
    "a factor of nothing": ("cross-over", crossover(factor="0")),
    "totals of another drug": ("twice a day", put("totals_in", to="lorazepam")),
    "a kept drug that is lowered": (
        "several, one kept",
        days_of(-1, [[morning("3.75", drug="zopiclone", time="night", units=1, product=3)]]),
    ),
    "a kept drug that is not kept": ("several, one kept", days_of(-1, [[]])),
    "a kept drug for two days": (
        "several, one kept",
        lambda d: d["steps"][-1]["cycle"].append(d["steps"][-1]["cycle"][0]),
    ),
    "a kept drug and a maintenance dose": ("several, one kept", put("request", "target_mg", to="7")),
    "two drugs that fall at once": (
        "several, one kept",
        days_of(
            1,
            [
                [
                    morning("4", units=2, product=0),
                    morning("4", units=2, product=0, time="night"),
                    morning("3.75", drug="zopiclone", time="night", product=3),
                ]
            ],
        ),
    ),
    "reductions too near": ("several, together", put("request", "apart_days", to=15)),
    "the last reductions too near": ("several, together", both(put("steps", -2, "days", to=3), redate)),
    "reductions open and near": (
        "several, together",
        both(put("request", "apart_days", to=1), put("steps", 2, "days", to=None)),
    ),
    "totals of several in the first of them": ("several without diazepam", put("totals_in", to="alprazolam")),
    "nothing said of days apart": ("several, together", lambda d: d["request"].__delitem__("apart_days")),
    "a high pick for several": (
        "several, together",
        both(put("factors", 1, "low", to="0.5"), put("request", "pick", to="high")),
    ),
    "reductions open in the middle": ("several, together", put("steps", 2, "days", to=None)),
    "totals of several in one of them": ("several, together", put("totals_in", to="zopiclone")),
    "another pick for several": (
        "several, together",
        both(put("factors", 1, "low", to="0.5"), put("request", "pick", to="low")),
    ),
    "a middle pick for several": (
        "several, together",
        both(put("factors", 1, "low", to="0.5"), put("request", "pick", to="midpoint")),
    ),
    "no such pick": ("several, together", put("request", "pick", to="most")),
    "days apart in words": ("several, together", put("request", "apart_days", to="7 days")),
    "days apart below none": ("several, together", put("request", "apart_days", to=-1)),
    "one of several of another release": ("several, together", put("request", "regimen", "release", to="ODT")),
    "a change to a drug that is taken beside it": ("several, one crosses over", crossover(to="zopiclone")),
    "two other drugs": (
        "twice a day",
        lambda d: d["steps"][1]["cycle"][0].extend(
            [morning("1", drug="zopiclone", time="night"), morning("1", drug="oxazepam", time="night")]
        ),
    ),
    # figures
    "another total": ("twice a day", put("steps", 2, "total_mg", to="16")),
    "another mean": ("twice a day", put("steps", 2, "falls", 0, "mean_mg", to="16")),
    "another fall": ("twice a day", put("steps", 2, "falls", 0, "fall_mg", to="1")),
    "another % of current": ("twice a day", put("steps", 2, "falls", 0, "percent_of_current", to="8.3")),
    "another % of start": ("twice a day", put("steps", 2, "falls", 0, "percent_of_start", to=None)),
    "a % of what enters": ("cross-over", put("steps", 2, "falls", 1, "percent_of_current", to="0")),
    "a row of another drug": ("twice a day", put("steps", 2, "falls", 0, "drug", to="lorazepam")),
    "no row": ("twice a day", put("steps", 2, "falls", to=[])),
    "another fall in 14 days": ("every 13 days", put("steps", 2, "worst_fall_in_14_days_mg", to="2.5")),
    "another equivalent": ("lead-in", put("steps", 2, "falls", 0, "diazepam_low_mg", to="1")),
    "no equivalent": ("lead-in", put("steps", 2, "falls", 0, "diazepam_high_mg", to=None)),
    "an equivalent of a drug of no table": (
        "a drug of no table",
        put("steps", 2, "falls", 0, "diazepam_low_mg", to="1"),
    ),
    "diazepam worth half": ("lead-in", anew(put("factors", 0, "low", to="0.5"))),
    "diazepam worth more": ("lead-in", anew(put("factors", 0, "high", to="1.5"))),
    "diazepam worth nothing said": ("lead-in", anew(put("factors", to=[]))),
    "a range upside down": ("cross-over of a range", anew(put("factors", 0, "low", to="21"))),
    "a factor from nothing": ("cross-over of a range", anew(put("factors", 0, "low", to="0"))),
    "a factor of no drug of the plan": ("lead-in", anew(put("factors", 0, "drug", to="lorazepam"))),
    "a factor twice": ("lead-in", lambda d: d["factors"].append(d["factors"][0])),
    "no factor of what leaves": ("cross-over", anew(lambda d: d["factors"].pop(0))),
    "no factor of what enters": ("cross-over", anew(lambda d: d["factors"].pop(1))),
    "what enters is worth nothing": ("cross-over", anew(put("factors", 1, "low", to="0"))),
    "another table": ("cross-over", crossover(table="denmark")),
    "no table of the change": ("cross-over", crossover(table="")),
    "no table of the plan": ("cross-over", put("request", "table", to="")),
    "another factor": ("cross-over", anew(crossover(factor="10.5"))),
    "the low end for the middle": ("cross-over of a range", crossover(pick="low")),
    "the high end for the middle": ("cross-over of a range", crossover(pick="high")),
    "nothing picked of a range": ("cross-over of a range", crossover(pick="")),
    "a range on both sides": (
        "two cross-overs",
        anew(both(put("factors", 1, "low", to="8"), put("factors", 1, "high", to="16"))),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_with_its_place_and_figures(name: str) -> None:
    shape, change = FAULTS[name]
    content = document(shape)
    change(content)
    seal(content)
    found = bt.verify(content)
    assert {check.name: check.evidence for check in found.failures} == said("faults")[name]
    assert not found.ok


@pytest.mark.parametrize("shape", SHAPES)
def test_each_sound_plan_is_certified_in_words(shape: str) -> None:
    found = bt.verify(document(shape))
    assert [str(check) for check in found.checks] == said("sound")[shape]["checks"]
    assert list(found.not_checked) == said("sound")[shape]["not checked"]


def test_twenty_years_are_the_longest_plan() -> None:
    content = document("twice a day")
    for days, verdict in ((7305, "holds"), (7306, "fails")):
        content["steps"][19]["days"] += days - sum(step["days"] or 0 for step in content["steps"])
        redate(content)
        assert bt.verify(content)["calendar"].verdict == verdict


def test_a_plan_of_no_dose_has_no_piece() -> None:
    content = document("twice a day")
    for step in content["steps"]:
        step |= {"cycle": [[]], "falls": []}
    told = "0 rows; before the last step the largest fall is 0 % of current"
    assert bt.verify(content)["falls"].evidence == told
    assert bt.verify(content)["number of pieces"].evidence == "no limit was given; at most 0 at one time"


# ---- pieces

TABLET = Ware(
    drug="diazepam",
    strength=2 * 10**6,
    form="tablet",
    region="own",
    name="own",
    release="IR",
    split_ok="yes",
    pieces=0,
    drops_per_ml=0,
    smallest_ml=Fraction(1, 10),
    offered="by name",
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [1, 2, 2, 4]),
        ({"split_ok": "quarters"}, [1, 4, 2, 4]),
        ({"split_ok": "no"}, [1, 1, 2, 4]),
        ({"split_ok": "unknown"}, [1, 1, 2, 4]),
        ({"pieces": 1}, [1, 1, 1, 1]),
        ({"pieces": 4}, [4, 4, 4, 4]),
        ({"form": "capsule", "pieces": 4}, [1, 1, 1, 1]),
        ({"release": "ER"}, [1, 1, 1, 1]),
    ],
)
def test_a_unit_gives_the_pieces_of_its_form_its_release_its_policy_or_a_word(
    changes: dict[str, Any], expected: list[int]
) -> None:
    policies = ("whole", "scored", "halves", "quarters")
    assert [pieces_of(replace(TABLET, **changes), policy) for policy in policies] == expected


@pytest.mark.parametrize(
    ("pieces", "per_unit", "expected"),
    [(1, 1, 1), (3, 1, 3), (1, 2, 1), (3, 2, 2), (1, 4, 1), (2, 4, 1), (3, 4, 2), (7, 4, 3)],
)
def test_three_quarters_are_a_half_and_a_quarter_in_the_hand(pieces: int, per_unit: int, expected: int) -> None:
    assert in_hand(Part(product=TABLET, pieces=pieces, per_unit=per_unit)) == expected
    assert in_hand(Part(product=replace(TABLET, form="oral drops"), pieces=pieces, per_unit=per_unit)) == 1


# ---- form


def leaves(content: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a document, of lists the first entry only."""
    yield path
    entries = (
        content.items() if isinstance(content, dict) else enumerate(content[:1]) if isinstance(content, list) else ()
    )
    for key, value in entries:
        yield from leaves(value, (*path, key))


def crossed() -> Document:
    """A document with all that a document can have, each thing first of its list."""
    content = document("cross-over")
    content["steps"] = content["steps"][1:]
    return content


WRONG = {"null": None, "minus one": -1, "yes": True, "x": "x", "one and a half": 1.5, "nothing": [], "left out": ...}
UNREAD = {"findings", "ideal", "other_tables", "content_sha256", "schema_version", "benzotaper", "strategies"}
PLACES = [path for path in leaves(crossed()) if path and path[0] not in UNREAD and not UNREAD.intersection(path)]


def told_of_form(path: tuple[str | int, ...]) -> dict[str, str]:
    """What the checker says of each wrong value at a place: nothing where it is as good as another."""
    told = {}
    for name, value in WRONG.items():
        content = crossed()
        holder: Any = content
        for key in path[:-1]:
            holder = holder[key]
        if value is ...:
            del holder[path[-1]]
        else:
            holder[path[-1]] = value
        seal(content)
        failed = [check for check in bt.verify(content).failures if check.name == "form"]
        told[name] = failed[0].evidence if failed else ""
    return told


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_a_value_of_a_wrong_type_is_told_with_its_place(path: tuple[str | int, ...]) -> None:
    not_read = dict.fromkeys(WRONG, "")  # what the checks do not speak of, the strict reader refuses
    assert told_of_form(path) == said("form").get(".".join(map(str, path)), not_read)


NUMBERS = {
    "9" * 400: True,
    "1/3": True,
    "2/6": True,
    "-1": True,
    **dict.fromkeys(["9" * 401, "1/0", "0.10", "00.1", "01", "1.", ".5", "--1", "1e3", "1 ", " 1", "1\n", "٢"], False),
}


@pytest.mark.parametrize("number", NUMBERS)
def test_exact_numbers_are_decimals_or_fractions_of_a_plain_form(number: str) -> None:
    content = document("twice a day")
    content["steps"][0]["total_mg"] = number
    assert (bt.verify(content)["form"].verdict == "holds") == NUMBERS[number]


@pytest.mark.parametrize("dose", ["0", "-1", "0.0000001", "1/3000000000"])
def test_a_dose_is_whole_nanograms_above_nothing(dose: str) -> None:
    content = document("twice a day")
    content["steps"][0]["cycle"][0][0]["dose_mg"] = dose
    told = "plan.steps[0].cycle[0][0].dose_mg: must be whole nanograms, at least 1"
    assert bt.verify(content)["form"].evidence == told


def test_a_content_that_was_changed_is_told() -> None:
    content = document("twice a day")
    content["request"]["acknowledge"] = "x"
    told = "the content is not what was sealed: something was changed since"
    assert [(check.name, check.evidence) for check in bt.verify(content).failures] == [("seal", told)]


def test_what_is_taken_now_is_at_least_a_nanogram() -> None:
    content = document("twice a day")
    content["request"]["regimen"]["intakes"][0]["dose_mg"] = "0"
    told = "plan.request.regimen.intakes[0].dose_mg: must be whole nanograms, at least 1"
    assert bt.verify(content)["form"].evidence == told
    content["request"]["regimen"]["intakes"][0]["dose_mg"] = "0.000001"
    assert bt.verify(content)["form"].verdict == "holds"


@pytest.mark.parametrize("strength", ["0", "0.0000001"])
def test_a_strength_is_whole_nanograms_above_nothing(strength: str) -> None:
    content = document("twice a day")
    content["products"][0]["strength_mg"] = strength
    told = "plan.products[0].strength_mg: must be whole nanograms, at least 1"
    assert bt.verify(content)["form"].evidence == told
    content["products"][0]["strength_mg"] = "0.000001"
    assert bt.verify(content)["form"].verdict == "holds"


def test_one_nanogram_is_a_dose() -> None:
    content = document("twice a day")
    content["steps"][0]["cycle"][0][0]["dose_mg"] = "0.000001"
    assert bt.verify(content)["form"].verdict == "holds"


@pytest.mark.parametrize("day", ["2026-02-30", "20261201", "2026-W49-2", "2026-12-1", "2026-12-01\n", "٢026-12-01"])
def test_a_date_is_a_calendar_day(day: str) -> None:
    content = document("twice a day")
    content["request"]["start"] = day
    assert bt.verify(content)["form"].evidence == f"plan.request.start: {day!r} is no date"


def test_what_cannot_be_read_names_its_place() -> None:
    content = document("twice a day")
    content["ending"] = "never"
    with pytest.raises(PlanFormatError) as caught:
        read_paper(content)
    assert caught.value.path == "plan.ending"


def test_a_product_that_is_not_listed_is_no_form() -> None:
    content = document("twice a day")
    content["steps"][1]["cycle"][0][0]["taken"][0]["product"] = 3
    assert bt.verify(content)["form"].evidence == "plan.steps[1].cycle[0][0].taken[0].product: there is no products[3]"


def test_what_cannot_be_read_is_not_checked_and_says_so() -> None:
    content = document("twice a day")
    del content["ending"]
    found = bt.verify(content)
    assert [check.name for check in found.checks] == ["seal", "form", "carried certificate"]
    assert found.not_checked[0] == "everything else: no further check can read this form"
    assert found.not_checked[1:] == bt.verify(SMALL).not_checked


def test_facts_of_another_edition_are_named() -> None:
    content = document("twice a day") | {"data_version": "0123456789ab"}
    these = bt.verify(SMALL).verified_by[-12:]
    told = f"the facts of products that the plan was made with (0123456789ab); these are {these}"
    assert bt.verify(content).not_checked[0] == told


# ---- what may be given


def test_a_plan_its_text_and_its_dict_have_the_same_certificate() -> None:
    assert bt.verify(SMALL) == bt.verify(SMALL.to_json()) == bt.verify(SMALL.to_dict()) == SMALL.certificate


REFUSED: dict[str, tuple[Any, str]] = {
    "bytes": (b"{}", "verify: it must be a plan, its JSON text or that as a dict, but is bytes; "),
    "a number": (5, "verify: it must be a plan, its JSON text or that as a dict, but is int; "),
    "a class": (bt.Regimen, "verify: it must be a plan, its JSON text or that as a dict, but is type; "),
    "no JSON": ("diazepam", "verify: it is no JSON: Expecting value: line 1 column 1 (char 0); "),
    "nothing": ("", "verify: it is no JSON: Expecting value: line 1 column 1 (char 0); "),
    "a list": ("[]", "verify: it is no JSON object; "),
    "too deep": ("[" * 100_000, "verify: it is no JSON: maximum recursion depth exceeded"),
    "a number of thousands of digits": (
        '{"a": ' + "9" * 5000 + "}",
        "verify: it is no JSON: Exceeds the limit (4300 digits) for integer string conversion: value has 5000 di; ",
    ),
    "a field twice": (
        '{"b": 1, "a": 1, "c": 1, "d": 1, "b": 2}',
        "verify: a field of the object with a, b, c stands twice; ",
    ),
    "a date": (
        {"schema_version": 1, "a": date(2026, 12, 1)},
        "verify: a value is no JSON: Object of type date is not JSON serializable; ",
    ),
    "no version": ({}, "verify: schema_version is None, but this checker reads version 1 of the plan format; "),
    "version true": ({"schema_version": True}, "verify: schema_version is True, but this checker reads version 1 "),
    "a later version": ({"schema_version": 2}, "verify: schema_version is 2, but this checker reads version 1 "),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plan_document_is_refused(name: str) -> None:
    source, message = REFUSED[name]
    with pytest.raises(PlanFormatError) as caught:
        bt.verify(source)
    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith("; give it a plan, or the document as it was written")
    assert caught.value.path == ""
    assert (caught.value.__cause__ is not None) == ("is no JSON:" in message)


def test_a_text_that_is_not_valid_unicode_has_a_hash_too() -> None:
    content = document("twice a day")
    content["request"]["acknowledge"] = "\ud800"
    assert [check.name for check in bt.verify(content).failures] == ["seal"]


def test_what_was_given_is_not_changed() -> None:
    content = SMALL.to_dict()
    before = copy.deepcopy(content)
    bt.verify(content)
    assert content == before


# ---- the certificate


def test_a_check_names_three_faults_and_counts_the_rest() -> None:
    assert checked("x", ["a", "b", "c"], held="").evidence == "a; b; c"
    assert checked("x", ["a", "b", "c", "d", "e"], held="").evidence == "a; b; c; and 2 more"
    assert checked("x", [], held="all is well") == Check(name="x", verdict="holds", evidence="all is well")


SOME = Certificate(
    checks=(
        Check(name="seal", verdict="holds", evidence="whole"),
        Check(name="<b>", verdict="fails", evidence="<i>&"),
        Check(name="pieces", verdict="does not apply", evidence="not dispensed"),
    ),
    content_sha256="ab" * 32,
    verified_by="<somebody>",
    not_checked=("the <person>", "the rest"),
)
GOOD = replace(SOME, checks=SOME.checks[:1])


def test_a_certificate_reads_as_text() -> None:
    assert str(SOME).splitlines() == [
        "Certificate: FAULTS FOUND; 3 checks: 1 hold, 1 fail, 1 do not apply",
        "  holds          seal: whole",
        "  fails          <b>: <i>&",
        "  does not apply pieces: not dispensed",
        "Not checked:",
        "  - the <person>",
        "  - the rest",
        f"Content SHA-256 {'ab' * 32}",
        "Verified by <somebody>",
    ]
    assert str(GOOD).splitlines()[0] == "Certificate: no fault found; 1 checks: 1 hold, 0 fail"


def test_a_certificate_shows_as_html_with_all_text_escaped() -> None:
    head = "<thead><tr><th>verdict</th><th>check</th><th>evidence</th></tr></thead>"
    rows = (
        "<tr><td>holds</td><td>seal</td><td>whole</td></tr>"
        "<tr><td>fails</td><td>&lt;b&gt;</td><td>&lt;i&gt;&amp;</td></tr>"
        "<tr><td>does not apply</td><td>pieces</td><td>not dispensed</td></tr>"
    )
    assert SOME._repr_html_() == (
        "<div><p><strong>Faults found: 3 checks: 1 hold, 1 fail, 1 do not apply</strong></p>"
        f"<table>{head}<tbody>{rows}</tbody></table><p>Not checked:</p>"
        "<ul><li>the &lt;person&gt;</li><li>the rest</li></ul>"
        f"<p>Content SHA-256 <code>{'ab' * 32}</code>; verified by &lt;somebody&gt;</p></div>"
    )
    assert GOOD._repr_html_().startswith("<div><p><strong>No fault found: 1 checks: 1 hold, 0 fail</strong>")


def test_a_certificate_is_json_with_a_seal_of_its_own() -> None:
    content = SOME.to_dict()
    assert content == {
        "verified_by": "<somebody>",
        "content_sha256": "ab" * 32,
        "ok": False,
        "checks": [
            {"name": "seal", "verdict": "holds", "evidence": "whole"},
            {"name": "<b>", "verdict": "fails", "evidence": "<i>&"},
            {"name": "pieces", "verdict": "does not apply", "evidence": "not dispensed"},
        ],
        "not_checked": ["the <person>", "the rest"],
        "certificate_sha256": "4e",
    } | {"certificate_sha256": content["certificate_sha256"]}
    assert content["certificate_sha256"] == sha256_of({k: v for k, v in content.items() if k != "certificate_sha256"})
    assert SOME.to_json() == json.dumps(content, indent=1) + "\n"
    assert replace(SOME, verified_by="é").to_json().splitlines()[1] == ' "verified_by": "é",'
    assert (SOME.ok, GOOD.ok, SOME.failures) == (False, True, SOME.checks[1:2])


def test_a_check_is_found_by_its_name() -> None:
    assert SOME["pieces"] is SOME.checks[2]
    with pytest.raises(KeyError):
        SOME["nothing"]


def test_a_hash_is_over_the_canonical_form() -> None:
    assert sha256_of({"b": [1, "é"], "a": None}) == hashlib.sha256('{"a":null,"b":[1,"é"]}'.encode()).hexdigest()
    assert sha256_of("\ud800") != sha256_of("")


def test_the_hash_of_the_content_is_that_of_the_document() -> None:
    assert SMALL.certificate.content_sha256 == SMALL.to_dict()["content_sha256"]


# ---- what a plan carries


def test_a_plan_carries_its_certificate_and_makes_it_once() -> None:
    assert SMALL.certificate is SMALL.certificate
    assert SMALL.certificate.ok
    assert SMALL.to_dict()["certificate"] == SMALL.certificate.to_dict()
    assert list(SMALL.to_dict())[-1] == "certificate"
    jsonschema.validate(SMALL.to_dict(), SCHEMA, cls=jsonschema.Draft202012Validator)


def test_a_plan_of_any_dose_is_certified_as_not_dispensed() -> None:
    plan = bt.taper(**SHAPES["any dose"])
    assert plan.certificate.ok
    assert "not dispensed" in str(plan.certificate)
    assert "tablets: not dispensed: the plan takes any dose and names no product" in plan.certificate.not_checked


def test_a_document_without_a_certificate_reads_too() -> None:
    content = SMALL.to_dict()
    del content["certificate"]
    assert bt.Plan.from_json(json.dumps(content)) == SMALL


def carried(**changes: object) -> str:
    """A plan whose certificate says something else, under a seal that belongs to it."""
    content: Document = SMALL.to_dict()
    own = {n: v for n, v in content["certificate"].items() if n != "certificate_sha256"} | changes
    return json.dumps(content | {"certificate": own | {"certificate_sha256": sha256_of(own)}})


CARRIED = "the certificate that the document carries"
CHANGED = f"{CARRIED} was changed after it was written"
FOREIGN = f"{CARRIED} is that of another content"
OTHER = f"{CARRIED} says other than what this checker finds"
NO_OBJECT = f"{CARRIED} is no object"
OTHER_CERTIFICATES = {
    "of another content": (carried(content_sha256="0" * 64), f"{FOREIGN}; {OTHER}"),
    "that says something else": (carried(not_checked=[]), OTHER),
    "with a field more": (carried(more=[]), OTHER),
    "with another seal": (SMALL.to_json().replace('"certificate_sha256": "', '"certificate_sha256": "0'), CHANGED),
    "without a seal": (json.dumps(SMALL.to_dict() | {"certificate": {}}), f"{CHANGED}; {FOREIGN}"),
    "that is null": (json.dumps(SMALL.to_dict() | {"certificate": None}), NO_OBJECT),
    "that is a list": (json.dumps(SMALL.to_dict() | {"certificate": []}), NO_OBJECT),
    "of another checker and content": (carried(verified_by="another", content_sha256="0" * 64), FOREIGN),
}


@pytest.mark.parametrize("name", OTHER_CERTIFICATES)
def test_a_certificate_that_does_not_match_is_refused(name: str) -> None:
    text, message = OTHER_CERTIFICATES[name]
    assert [(check.name, check.evidence) for check in bt.verify(text).failures] == [("carried certificate", message)]
    with pytest.raises(PlanFormatError) as caught:
        bt.Plan.from_json(text)
    assert str(caught.value) == f"plan JSON, certificate: {message}; ask for the plan again, or leave it out"
    assert caught.value.path == "certificate"


def test_the_certificate_of_another_checker_is_kept_out_of_judgement_but_must_be_whole() -> None:
    text = carried(verified_by="another checker", ok=False)
    assert bt.verify(text).ok
    assert bt.Plan.from_json(text) == SMALL


def test_a_changed_byte_anywhere_is_found() -> None:
    text, chance = SMALL.to_json(), Random(1)  # noqa: S311  the same each time, not secret
    for _ in range(300):
        place = chance.randrange(len(text))
        changed = text[:place] + chance.choice('0123456789aeinrst "{}[],:.-') + text[place + 1 :]
        try:
            same = json.loads(changed) == json.loads(text)
        except ValueError:
            same = False
        if same:
            continue
        with pytest.raises(PlanFormatError):
            bt.Plan.from_json(changed)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Fraction(0), "0"),
        (Fraction(-5, 2), "-2.5"),
        (Fraction(1, 10**12), "0.000000000001"),
        (Fraction(1, 10**13), "1/10000000000000"),
        (Fraction(100), "100"),
    ],
)
def test_numbers_are_written_exactly(value: Fraction, words: str) -> None:
    assert number_text(value) == words


def test_days_are_written_as_dates() -> None:
    assert day_text(date.max.toordinal()) == "9999-12-31"
    assert day_text(date.max.toordinal() + 1) == "a day beyond the calendar"
