"""Everything about a plan that a person must see: the pace, and what is unusual, forced, unknown or not checked."""

from collections.abc import Iterator
from fractions import Fraction

from benzotaper.dispensing.reduce import EVEN_LEVELS, EVENLY, IN_TURN
from benzotaper.doses import NG_PER_MG, mg_text
from benzotaper.drugs import Drug, drug_named
from benzotaper.formulary import regions
from benzotaper.max_doses import label_notices
from benzotaper.numbers import decimal_text
from benzotaper.pace_rules import pace_findings
from benzotaper.product import PARTS, SMALLEST_ML, Product
from benzotaper.schedules.hyperbolic import Hyperbolic, presets
from benzotaper.steps import SEVERITIES, CrossOver, Finding, PlanRecord, phase_texts
from benzotaper.unknown import Unknown

# Each is a choice of the project: project default, confirm.
WIDE_SPREAD = 2
LARGE_TARGET_MG = 40
LARGEST_LOSS = Fraction(1, 10)
LONG_PLAN_DAYS = 731
SHORT_HALF_LIFE_H = 24

HOUSE = "house"


def findings_of(record: PlanRecord) -> tuple[Finding, ...]:
    """All findings of a plan, the gravest first.

    Args:
        record: the plan.

    Returns:
        Findings by severity; within one, cross-over, pace, then the rest.
    """
    found = [
        *(finding for cross in record.crossovers for finding in _crossover(record, cross)),
        *pace_findings(record),
        *_pieces(record),
        *_reduce_gap(record),
        *_label_maximum(record),
        *_kind_of_plan(record),
        *record.notes,
    ]
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))


def _crossover(record: PlanRecord, cross: CrossOver) -> Iterator[Finding]:
    """What the other tables say of a change of drug, what rounding lost, and what was not looked at."""
    steps = tuple(range(cross.first_step, cross.last_step + 1))
    left = record.steps[cross.first_step - 1].mean_ng(cross.drug)
    whole = left * cross.factor
    made = record.steps[cross.last_step].mean_ng(cross.to)
    low = min((each[1] for each in cross.other_tables), default=Fraction(0))
    high = max((each[2] for each in cross.other_tables), default=Fraction(0))
    said = (
        "; ".join(f"{table} {_range(lowest, highest)} mg" for table, lowest, highest in cross.other_tables)
        or "none has both"
    )
    pick = f", {cross.pick} of its range" if cross.pick else ""
    wide = high >= WIDE_SPREAD * low or not cross.other_tables
    large = _diazepam_ng(record, cross, made) > LARGE_TARGET_MG * NG_PER_MG
    warning = " The tables differ twofold or more." if wide else ""
    warning += f" The target is above {LARGE_TARGET_MG} mg of diazepam." if large else ""
    yield Finding(
        code="cross-over",
        severity="red" if wide or large else "notice",
        message=(
            f"{cross.drug} {mg_text(left)} mg a day to {mg_text(made)} mg of {cross.to} by {cross.table}{pick}. "
            f"By the default tables: {said}.{warning} "
            "Too much can sedate, too little can bring withdrawal: the prescriber decides the dose."
        ),
        steps=steps,
        figures=(("lowest, mg", decimal_text(low, places=3)), ("highest, mg", decimal_text(high, places=3))),
        origin=HOUSE if wide or large else "",
    )
    if whole - made > LARGEST_LOSS * whole:
        lost = decimal_text((whole - made) / whole * 100, places=1)
        message = (
            f"Rounding down to what can be made loses {lost} % of the equivalent dose; finer products would lose less."
        )
        yield Finding(code="cross-over-loss", severity="warning", message=message, steps=steps, origin=HOUSE)
    yield Finding(
        code="not-checked",
        severity="notice",
        message="Age, liver and interactions change how a cross-over works; they were not checked.",
        steps=steps,
    )


def _diazepam_ng(record: PlanRecord, cross: CrossOver, ng: Fraction) -> Fraction:
    factor = next((f for f in record.factors if f.drug == cross.to), None)
    return ng * factor.high if factor else Fraction(0)


def _range(low: Fraction, high: Fraction) -> str:
    ends = [decimal_text(low, places=2), decimal_text(high, places=2)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _pieces(record: PlanRecord) -> Iterator[Finding]:
    """Tablets that are split although the data do not say that they may be, and liquids that are measured."""
    taken = [(s.number, t) for s in record.steps for day in s.cycle for a in day for t in a.taken]
    for product in record.shelf:
        split = sorted({n for n, t in taken if t.product == product and t.pieces_per_unit > 1 and not product.liquid})
        finest = max((t.pieces_per_unit for n, t in taken if t.product == product), default=1)
        if split and not product.allows(finest):
            said = product.said_of(finest)
            message = f"The {product.label} is taken in {PARTS[finest]}; {said}: confirm with the pharmacist."
            yield Finding(
                code="splitting", severity="warning", message=message, steps=tuple(split), sources=product.source_ids
            )
        measured = sorted({n for n, t in taken if t.product == product and product.liquid})
        if measured:
            yield Finding(
                code="liquid",
                severity="notice",
                message=f"{product.label}: {_how_measured(product)}",
                steps=tuple(measured),
                sources=product.source_ids,
            )


def _how_measured(product: Product) -> str:
    if product.drops_per_ml:
        return f"counted in drops, {product.drops_per_ml} a mL of this product only."
    ours = " (project default, confirm)" if product.smallest_ml == SMALLEST_ML else ""
    return f"measured: mind mL and mg. The smallest volume here is {decimal_text(product.smallest_ml)} mL{ours}."


def _reduce_gap(record: PlanRecord) -> Iterator[Finding]:
    """A day that empties one dose at a time leaves a long gap, which a short half-life does not bridge."""
    reduce, drug = record.request.reduce, drug_named(record.drugs[-1])
    times = {a.time for step in record.steps for day in step.cycle for a in day}
    short = isinstance(drug.rule_half_life_h, Unknown) or drug.rule_half_life_h < SHORT_HALF_LIFE_H
    apart = reduce not in (EVENLY, EVEN_LEVELS, IN_TURN) and _ends_apart(record, times)
    if short and len(times) > 1 and apart:
        message = (
            f"Some doses of the day end before the others (reduce: {reduce}). The half-life of {drug.name} "
            f"{half_life_words(drug)}: the gap between doses may be felt."
        )
        yield Finding(code="gap", severity="warning", message=message, origin=HOUSE)


def half_life_words(drug: Drug) -> str:
    """What is known of a half-life: "is 14.3 h" or "is unknown"."""
    hours = drug.rule_half_life_h
    return "is unknown" if isinstance(hours, Unknown) else f"is {decimal_text(hours)} h"


def _ends_apart(record: PlanRecord, times: set[str]) -> bool:
    """Whether something is still taken on a day on which not every time of the day has its dose."""
    taken = [{a.time for day in step.cycle for a in day} for step in record.steps]
    return any(0 < len(each) < len(times) for each in taken)


def _label_maximum(record: PlanRecord) -> Iterator[Finding]:
    """Label maxima as notices: check the number that was typed; never a limit."""
    regimen, region = record.request.regimen, record.request.products
    if region not in regions():
        return
    for drug in regimen.drugs:
        total = regimen.of(drug).total
        limits = {n: n.max_mg_day for n in label_notices(drug, region=region) if isinstance(n.max_mg_day, Fraction)}
        if limits and total.mg > max(limits.values()):
            said = "; ".join(f"{decimal_text(most)} mg ({notice.indication})" for notice, most in limits.items())
            message = (
                f"{total} of {drug} a day is above every label maximum in the data for {region}: {said}. "
                "Check the number; no limit here."
            )
            sources = tuple(dict.fromkeys(notice.source_id for notice in limits))
            yield Finding(code="label-maximum", severity="notice", message=message, steps=(0,), sources=sources)


def _kind_of_plan(record: PlanRecord) -> Iterator[Finding]:
    """What the reader must know about this plan as a whole."""
    request = record.request
    first, last = request.start, record.steps[-1].start
    if last is not None and (last - first).days > LONG_PLAN_DAYS:
        yield Finding(
            code="long", severity="notice", message=f"The plan takes more than two years: {(last - first).days} days."
        )
    if record.ending == "gate":
        then = "; ".join(record.remaining)
        message = f"The plan waits at step {record.steps[-1].number} until a review opens it; then: {then}."
        yield Finding(code="gate", severity="notice", message=message, steps=(record.steps[-1].number,))
    if any(text.startswith(f"{Hyperbolic.NAME} ") for text in phase_texts(request.strategies)):
        sources = tuple(p.source_id for p in presets().values() if any(p.name in text for text in request.strategies))
        message = "The occupancy curve is illustrative: it is not measured over doses in people."
        yield Finding(code="illustrative", severity="notice", message=message, sources=sources)
    if EVEN_LEVELS in request.reduce:
        message = (
            "Which dose of the day falls was chosen for the most even modelled level: one compartment, the drug's own "
            "half-life, clock times of ours (project default, confirm). It is no measured level."
        )
        yield Finding(code="even-levels", severity="notice", message=message, origin=HOUSE)
    if request.acknowledge:
        yield Finding(code="acknowledged", severity="notice", message=f"Acknowledged: {request.acknowledge}")
    if request.products == "any dose":
        message = "No products were given: nothing says that these doses can be made, and nothing is dispensed."
        yield Finding(code="not-dispensed", severity="notice", message=message)
