"""Hypothesis strategies that several test modules share."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from benzotaper import drugs
from benzotaper.align import WEEKDAYS, Align
from benzotaper.doses import Dose
from benzotaper.equivalence_tables import Table, tables
from benzotaper.errors import IntervalError
from benzotaper.intervals import TIMES
from benzotaper.numbers import Percent
from benzotaper.product import SPLITTINGS, Product
from benzotaper.regimen import Regimen
from benzotaper.schedules import STRATEGIES
from benzotaper.schedules.alternate_day import AlternateDay
from benzotaper.schedules.base import Strategy
from benzotaper.schedules.hold_and_step import HoldAndStep
from benzotaper.schedules.hyperbolic import Hyperbolic
from benzotaper.schedules.linear import Linear
from benzotaper.schedules.percentage import Percentage
from benzotaper.schedules.substitution import Substitution
from benzotaper.steps import (
    SEVERITIES,
    Administration,
    CrossOver,
    Day,
    DiazepamFactor,
    Ending,
    Finding,
    IdealDose,
    PlanRecord,
    Request,
    Step,
    Taken,
)

# ---------------------------------------------------------------------------------------------------------------------
# Plan records: whole plans, made without a planner; their doses need not fall
# ---------------------------------------------------------------------------------------------------------------------

SHELVES = {
    "diazepam": (
        Product("diazepam", strength="2 mg", form="tablet", split_ok="yes"),
        Product("diazepam", strength="5 mg", form="tablet", name="Brand “5”, scored", source_ids=("P01", "P02")),
        Product("diazepam", strength="10 mg", form="oral drops", drops_per_ml=30),
        Product("diazepam", strength="0.4 mg", form="oral solution", smallest_ml=Fraction(1, 4)),
    ),
    "lorazepam": (
        Product("lorazepam", strength="0.5 mg", form="tablet", pieces=4),
        Product("lorazepam", strength="1 mg", form="capsule"),
        Product("lorazepam", strength="3 mg", form="tablet", release="ER"),
        Product("lorazepam", strength="2 mg", form="tablet", note="an unused half is discarded"),
    ),
    "zopiclone": (Product("zopiclone", strength="7.5 mg", form="tablet", note="=1+1"),),
}
"""Products from which plan records are made: tablets, a capsule, extended release, drops, a solution."""
PLAIN_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
"""Any text that UTF-8 can write."""


@st.composite
def takings(draw: st.DrawFn, drug: str) -> Taken:
    """An amount of one product that is a whole number of nanograms."""
    product = draw(st.sampled_from(SHELVES[drug]))
    if product.liquid:
        group, per_unit = product.smallest_measure
        return Taken(product=product, pieces=group * draw(st.integers(1, 8)), pieces_per_unit=per_unit)
    per_unit = draw(st.sampled_from((1, 2, 4))) if product.splits else 1
    return Taken(product=product, pieces=draw(st.integers(1, 8)), pieces_per_unit=per_unit)


@st.composite
def administrations(draw: st.DrawFn, drug: str, time: str, *, any_dose: bool) -> Administration:
    """A dose of a drug at a time, with what makes it unless any dose may be taken."""
    if any_dose:
        return Administration(drug=drug, time=time, dose=Dose.of_ng(draw(st.integers(1, 10**8))), taken=())
    taken = tuple(draw(st.lists(takings(drug), min_size=1, max_size=2)))
    dose = Dose.of_ng(sum(part.product.strength.ng * part.pieces // part.pieces_per_unit for part in taken))
    return Administration(drug=drug, time=time, dose=dose, taken=taken)


@st.composite
def days(draw: st.DrawFn, drugs: Sequence[str], *, least: int, any_dose: bool) -> Day:
    """What is taken on a day, in its order; at least so many administrations."""
    places = [(time, drug) for time in TIMES for drug in drugs]
    chosen = draw(st.lists(st.sampled_from(places), min_size=least, max_size=3, unique=True))
    return tuple(draw(administrations(drug, t, any_dose=any_dose)) for t, drug in sorted(chosen, key=places.index))


@st.composite
def plan_requests(draw: st.DrawFn, now: Day, *, any_dose: bool) -> Request:
    """A request that asks for nothing in particular about what is taken now."""
    doses: dict[str, Any] = {administration.time: administration.dose for administration in now}
    return Request(
        regimen=Regimen(now[0].drug, **doses),
        strategies=tuple(draw(st.lists(PLAIN_TEXT, max_size=2))),
        start=draw(st.dates(date(1990, 1, 1), date(2200, 1, 1))),
        products="any dose" if any_dose else draw(st.sampled_from(["UK", "by hand"])),
        splitting="" if any_dose else draw(st.sampled_from(list(SPLITTINGS))),
        fit=draw(st.sampled_from(["up", "nearest", "smoothest"])),
        reduce=draw(PLAIN_TEXT),
        max_pieces=draw(st.integers(0, 12)),
        liquids=draw(PLAIN_TEXT),
        lead_in_days=draw(st.integers(0, 7305)),
        target=Dose.of_ng(draw(st.integers(0, 10**9))),
        last_dose=Dose.of_ng(draw(st.integers(0, 10**9))),
        profile=draw(PLAIN_TEXT),
        table=draw(PLAIN_TEXT),
        acknowledge=draw(PLAIN_TEXT),
        align=draw(st.just("") | alignments().map(str)),
    )


@st.composite
def alignments(draw: st.DrawFn) -> Align:
    """Days on which doses may change; often enough that a plan can follow them."""
    given: dict[str, Any] = {
        "weekday": draw(st.sampled_from(["", *WEEKDAYS])),
        "avoid": draw(st.lists(st.dates(date(2020, 1, 1), date(2060, 1, 1)), max_size=4)),
        "fill_every": draw(st.sampled_from(["", "7 days", "4 weeks", "30 days"])),
    }
    if given["fill_every"] and draw(st.booleans()):
        given["first_fill"] = draw(st.dates(date(2019, 1, 1), date(2020, 1, 1)))
    try:
        return Align(**given)
    except IntervalError:  # nothing asked for, or fills that never fall on the weekday
        return Align(weekday="Monday")


@st.composite
def plan_findings(draw: st.DrawFn, steps: int) -> Finding:
    """A finding about some of so many steps."""
    return Finding(
        code=draw(st.sampled_from(["PL-01", "splitting"])),
        severity=draw(st.sampled_from(SEVERITIES)),
        message=draw(PLAIN_TEXT),
        steps=tuple(draw(st.lists(st.integers(0, steps - 1), max_size=2))),
        cause=draw(st.sampled_from(["", "chosen", "products"])),
        figures=tuple(draw(st.lists(st.tuples(PLAIN_TEXT, PLAIN_TEXT), max_size=2))),
        sources=tuple(draw(st.lists(PLAIN_TEXT, max_size=2))),
        origin=draw(PLAIN_TEXT),
    )


@st.composite
def plan_steps(
    draw: st.DrawFn, now: Day, drugs: Sequence[str], start: date, *, ending: str, any_dose: bool
) -> list[Step]:
    """Steps that follow each other from a start date on, the last one open."""
    cycles: list[tuple[Day, ...]] = [(now,)]
    for _ in range(draw(st.integers(0 if ending != "zero" else 1, 4))):
        rest = draw(st.lists(days(drugs, least=0, any_dose=any_dose), max_size=3))
        cycles.append((draw(days(drugs, least=1, any_dose=any_dose)), *rest))
    if ending == "zero":
        cycles[-1] = ((),)
    steps = []
    for number, cycle in enumerate(cycles):
        last = number == len(cycles) - 1
        lasts = None if last else draw(st.integers(min(number, 1), 40))
        first = None if lasts == 0 else start
        finest = Dose.of_ng(draw(st.integers(0, 10**6)))
        steps.append(Step(number=number, start=first, days=lasts, cycle=cycle, finest_fall=finest))
        start += timedelta(days=lasts or 0)
    return steps


@st.composite
def plan_records(draw: st.DrawFn, *, dispensed: bool = False) -> PlanRecord:
    """A whole plan: dates in a row, doses made by products or (if not dispensed) by none, perhaps a change of drug."""
    any_dose = not dispensed and draw(st.booleans())
    drugs = draw(st.permutations(list(SHELVES)))[: draw(st.integers(1, 2))]
    now = draw(days(drugs[:1], least=1, any_dose=any_dose))
    asked = draw(plan_requests(now, any_dose=any_dose))
    ending: Ending = draw(st.sampled_from(["zero", "maintenance", "gate"]))
    steps = draw(plan_steps(now, drugs, asked.start, ending=ending, any_dose=any_dose))
    taken = {administration.drug for step in steps for day in step.cycle for administration in day}
    ratios = st.fractions(Fraction(1, 100), 100, max_denominator=1000)
    crossover = CrossOver(
        drug=drugs[0],
        to=drugs[-1],
        table=draw(PLAIN_TEXT),
        pick=draw(st.sampled_from(["", "low", "midpoint", "high"])),
        factor=draw(ratios),
        first_step=1,
        last_step=len(steps) - 1,
        other_tables=tuple((draw(PLAIN_TEXT), low, low * 2) for low in draw(st.lists(ratios, max_size=2))),
    )
    return PlanRecord(
        request=asked,
        shelf=() if any_dose else tuple(product for drug in drugs for product in SHELVES[drug]),
        steps=tuple(steps),
        ending=ending,
        remaining=tuple(draw(st.lists(PLAIN_TEXT, max_size=2))) if ending == "gate" else (),
        ideal=tuple(IdealDose(start=asked.start, drug=d, mean=Dose.of_ng(draw(st.integers(0, 10**9)))) for d in drugs),
        factors=tuple(
            DiazepamFactor(drug=drug, low=low, low_table="a", high=low * 3, high_table="b")
            for drug, low in zip(drugs, draw(st.lists(ratios, max_size=2)), strict=False)
        ),
        crossovers=(crossover,) if len(taken) > 1 else (),
        findings=tuple(draw(st.lists(plan_findings(len(steps)), max_size=2))),
    )


# ---------------------------------------------------------------------------------------------------------------------
# Drugs, doses and equivalence tables
# ---------------------------------------------------------------------------------------------------------------------


def drug_names() -> st.SearchStrategy[str]:
    """A drug, by its own name."""
    return st.sampled_from(drugs.drug_names())


def doses(*, most_mg: int = 1000) -> st.SearchStrategy[Dose]:
    """A dose above 0 in whole nanograms, round ones and ragged ones."""
    quarters = st.integers(1, most_mg * 4).map(lambda n: Dose(mg=Fraction(n, 4)))
    return quarters | st.integers(1, most_mg * 1_000_000).map(Dose.of_ng)


def equivalence_tables() -> st.SearchStrategy[Table]:
    """A table of the package."""
    return st.sampled_from(tables())


def table_ids() -> st.SearchStrategy[str]:
    """The id of a table of the package."""
    return equivalence_tables().map(lambda table: table.id)


@st.composite
def drugs_of_a_table(draw: st.DrawFn, *, count: int = 2) -> tuple[Table, tuple[str, ...]]:
    """A table, and so many drugs that it has, the same one possibly twice."""
    table = draw(equivalence_tables())
    return table, tuple(draw(st.sampled_from(sorted({*table.rows, "diazepam"}))) for _ in range(count))


# ---------------------------------------------------------------------------------------------------------------------
# Strategy values: any of the six, with arguments that their constructors accept
# ---------------------------------------------------------------------------------------------------------------------


def intervals() -> st.SearchStrategy[timedelta]:
    """A whole number of days up to 20 years."""
    return st.integers(1, 7305).map(lambda days: timedelta(days=days))


def percentages(*, below: int = 10_000) -> st.SearchStrategy[Percent]:
    """A percentage above 0 and below so many hundredths of a percent."""
    return st.integers(1, below - 1).map(Percent)


def amounts() -> st.SearchStrategy[Dose | Percent]:
    """A dose, or a percentage of start."""
    return doses() | percentages()


@st.composite
def strategy_values(draw: st.DrawFn) -> Strategy:
    """Any strategy."""
    kind = draw(st.sampled_from(sorted(STRATEGIES)))
    if kind == "substitution":
        return draw(substitutions())
    if kind == "hold-and-step":
        inner = draw(ladders("linear") | ladders("percentage"))
        at: Any = draw(st.just("every step") | st.lists(amounts(), min_size=1, max_size=4))
        return HoldAndStep(inner, at=at, hold=draw(intervals()), gated=draw(st.booleans()))
    value: Strategy = draw(ladders(kind))
    return value


@st.composite
def ladders(draw: st.DrawFn, kind: str) -> Any:
    """A linear, percentage, alternate-day or hyperbolic strategy."""
    more: dict[str, Any] = {"every": draw(intervals())}
    if draw(st.booleans()):
        more["down_to"] = draw(amounts())
    if kind == "percentage":
        return Percentage(draw(percentages()), of="current", **more)
    if kind == "alternate-day":
        weekly = st.sets(st.integers(1, 7), min_size=1).map(sorted)
        low: Any = draw(st.just("every other day") | weekly)
        return AlternateDay(draw(amounts()), low_days=low, zero_days=draw(st.booleans()), **more)
    steps = draw(st.integers(0, 2000))
    if kind == "linear":
        return Linear(steps=steps, **more) if steps else Linear(draw(amounts()), **more)
    half: Any = draw(doses() | st.sampled_from(["maudsley-2024-diazepam", "alprazolam-spect"]))
    return Hyperbolic(half, steps=steps, **more) if steps else Hyperbolic(half, points=draw(percentages()), **more)


@st.composite
def substitutions(draw: st.DrawFn) -> Substitution:
    """A cross-over; whether a table has both drugs is another question."""
    portions = draw(st.integers(1, 4))
    times = draw(st.lists(st.sampled_from(TIMES), unique=True))
    order = draw(st.permutations(times * draw(st.sampled_from([1, portions]))))
    at_once = portions == 1 and draw(st.booleans())
    more: dict[str, Any] = {"at_once": True} if at_once else {"every": draw(intervals())}
    if draw(st.booleans()):
        more["hold"] = draw(intervals())
    return Substitution(
        draw(drug_names()),
        table=draw(table_ids()),
        pick=draw(st.sampled_from(("", "low", "midpoint", "high"))),
        order=order,
        portions=portions,
        **more,
    )
