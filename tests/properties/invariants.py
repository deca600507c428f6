"""What every plan promises, checked over its record in plain loops: code that shares nothing with the planner."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

import benzotaper as bt
from benzotaper import Product
from benzotaper.steps import Administration, CrossOver, PlanRecord, Step
from tablets import (
    LIQUID_FORMS,
    TIMES,
    USUAL_PIECES,
    doses_of,
    fewest_pieces,
    is_liquid,
    measure,
    most_parts,
    piece_sizes,
    way_down,
)

DATA = Path(bt.__file__).parent / "data"
LONGEST_DAYS = 20 * 365 + 5
SPECIAL_FORMS = {"orally disintegrating tablet", "sublingual tablet", "oral film", "oral spray"}
FORMS = {"tablet", "capsule", *LIQUID_FORMS, *SPECIAL_FORMS}


def check_plan(plan: bt.Plan) -> None:
    """Assert every promise that the record of one plan can break."""
    record = plan.record
    check_dates(record)
    check_start(record)
    check_ending(record)
    check_shelf(record)
    check_administrations(record)
    check_cycles(record)
    check_totals_fall(record)
    check_no_dose_rises(record)
    check_every_step_changes(record)
    for crossover in record.crossovers:
        check_crossover(record, crossover)
    if record.request.fit == "up":
        check_never_ahead(record)
    if record.request.fit != "smoothest":
        check_smallest_change(record)  # a smoothest plan answers to all its falls at once
    check_ideal_falls(record)


# ---- dates, start, end


def check_dates(record: PlanRecord) -> None:
    steps, start = record.steps, record.request.start
    assert [step.number for step in steps] == list(range(len(steps)))
    assert len(steps) <= 2001
    day = start
    for step in steps:
        opens = step is steps[-1]
        waits = step.number == 0 and step.start is None
        assert step.start == (None if waits else day), f"step {step.number} does not begin where the last one ends"
        if opens:
            assert step.days is None, "the last step is open"
        else:
            assert step.days is not None
            assert (step.days == 0) if waits else (step.days >= 1), f"step {step.number} lasts {step.days} days"
            day += timedelta(days=step.days)
    assert (day - start).days <= LONGEST_DAYS


def check_start(record: PlanRecord) -> None:
    """Step 0 is what is taken now, and is kept for the lead-in."""
    first, request = record.steps[0], record.request
    assert len(first.cycle) == 1
    taken = {(a.drug, a.time): a.dose.ng for a in first.cycle[0]}
    assert taken == {(i.drug, i.time): i.dose.ng for i in request.regimen.intakes}
    assert first.days is None or first.days >= request.lead_in_days
    if request.lead_in_days:
        assert first.start == request.start


def check_ending(record: PlanRecord) -> None:
    request, steps = record.request, record.steps
    taken = [max(map(day_total, step.cycle)) for step in steps]
    assert all(taken[:-1]), "nothing is taken before the end"
    if record.ending == "zero":
        assert steps[-1].cycle == ((),)
        assert plain_stop(record) == steps[-1].start
        assert not request.target.ng
        if request.last_dose.ng:
            assert taken[-2] == request.last_dose.ng, "it goes to zero from another dose than the last one asked for"
        return
    assert record.stops_on is None
    assert taken[-1]
    if record.ending == "gate":
        assert record.remaining
        return
    assert record.ending == "maintenance"
    assert request.target.ng
    assert taken[-1] == request.target.ng
    assert len(steps[-1].cycle) == 1
    last_drug = record.drugs[-1]
    for step in steps:
        if step.drugs == (last_drug,) and crossing(record, step) is None:
            assert all(day_total(day) >= request.target.ng for day in step.cycle), "the maintenance dose is passed"


def plain_stop(record: PlanRecord) -> date | None:
    """The first day after which nothing is taken any more, by counting days."""
    if record.steps[-1].cycle != ((),):
        return None
    return record.request.start + timedelta(days=sum(step.days or 0 for step in record.steps))


def day_total(day: Sequence[Administration]) -> int:
    return sum(a.dose.ng for a in day)


# ---- what is taken


@cache
def marketed() -> frozenset[tuple[str, ...]]:
    """Drug, region, product, form and strength (mg, per mL of a liquid) of the rows offered, or liquids by name."""
    found = set()
    with (DATA / "products.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            strength = Fraction(row["strength_mg"] or row["conc_mg_per_ml"])
            if row["offered"] == "yes" or (row["conc_mg_per_ml"] and row["offered"] == "by name"):
                found.add((row["drug"], row["region"], row["product"], row["form"], str(strength), row["release"]))
    return frozenset(found)


@cache
def known_drugs() -> frozenset[str]:
    with (DATA / "drugs.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["drug"] for row in csv.DictReader(file))


def check_shelf(record: PlanRecord) -> None:
    """No combination, no mix of releases or of liquids, no form without a name."""
    request = record.request
    for product in record.shelf:
        assert product.drug in known_drugs(), f"{product} is no single drug"
        assert product.form in FORMS
        assert product.release == (request.regimen.release if product.drug in request.regimen.drugs else "IR")
        if request.products not in ("by hand", "any dose"):
            strength = str(Fraction(product.strength.ng, 10**6))
            row = (product.drug, request.products, product.name, product.form, strength, product.release)
            assert row in marketed(), f"{product} is not offered in {request.products}"
            assert request.liquids or not is_liquid(product)
    for drug in {product.drug for product in record.shelf}:
        liquids = [p for p in record.shelf if p.drug == drug and is_liquid(p)]
        assert len(liquids) <= 1


def check_administrations(record: PlanRecord) -> None:
    """Each day names its doses once and in order, and what makes each."""
    for step in record.steps:
        for day in step.cycle:
            places = [(TIMES.index(a.time), a.drug) for a in day]
            assert len(set(places)) == len(places), "two doses of one drug at one time"
            assert [place for place, _ in places] == sorted(place for place, _ in places), "doses out of order"
            for administration in day:
                check_administration(record, step, administration)


def check_administration(record: PlanRecord, step: Step, administration: Administration) -> None:
    """Pieces times strength equals the dose, and the pieces may be made and are few enough."""
    assert administration.dose.ng > 0
    if not record.shelf:
        assert not administration.taken
        return
    if replaced_untouched(record, step):
        return
    made = Fraction(0)
    pieces = 0
    shelf = [p for p in record.shelf if p.drug == administration.drug]
    assert administration.taken, f"step {step.number}: nothing makes {administration.dose}"
    for taken in administration.taken:
        assert taken.product in shelf, f"{taken.product} is not on the shelf"
        units = Fraction(taken.pieces, taken.pieces_per_unit)
        assert units > 0
        made += units * taken.product.strength.ng
        pieces += physical_pieces(taken.product, units, record.request.splitting)
        if is_liquid(taken.product):
            solids = [size for p in shelf if not is_liquid(p) for size in piece_sizes(p, record.request.splitting)]
            assert not solids or units * taken.product.strength.ng < min(solids), "liquid where a tablet piece would do"
    assert made == administration.dose.ng, f"step {step.number}: the pieces do not make {administration.dose}"
    assert len({taken.product for taken in administration.taken}) == len(administration.taken)
    assert pieces <= most_pieces(record, administration.drug), f"step {step.number}: {pieces} pieces at one time"


def replaced_untouched(record: PlanRecord, step: Step) -> bool:
    """Step 0 of a drug that is replaced at once need not be makeable."""
    return step.number == 0 and step.days == 0 and "at once" in record.request.strategies[0]


def physical_pieces(product: Product, units: Fraction, splitting: str) -> int:
    """Wholes, halves and quarters that are put in the hand; one measure of a liquid is one."""
    if is_liquid(product):
        assert not units * product.strength.ng % measure(product), f"{product}: {units} mL cannot be measured"
        return 1
    whole, part = divmod(units, 1)
    parts = most_parts(product, splitting)
    assert not part * parts % 1, f"{product}: {units} is not made of {parts} parts"
    assert not part or product.strength.ng % part.denominator == 0
    return int(whole) + {Fraction(0): 0, Fraction(3, 4): 2}.get(part, 1)


def most_pieces(record: PlanRecord, drug: str) -> int:
    """The piece limit: as given, else 6, or what is taken now if that needs more."""
    request = record.request
    if request.max_pieces or drug not in request.regimen.drugs or replaced_untouched(record, record.steps[0]):
        return request.max_pieces or USUAL_PIECES
    products = tuple(p for p in record.shelf if p.drug == drug)
    doses = [i.dose.ng for i in request.regimen.intakes if i.drug == drug]
    most = USUAL_PIECES
    while not fewest_pieces(products, request.splitting, most, max(doses)).keys() >= set(doses):
        most += 1
        assert most <= 100, "the current regimen is not makeable"
    return most


# ---- never up


def check_cycles(record: PlanRecord) -> None:
    """A cycle is a week or two days, of a high day and a low day, the low ones as even as can be."""
    for step in record.steps:
        if len(step.cycle) == 1:
            continue
        assert any("alternate-day" in text for text in record.request.strategies)
        totals = [day_total(day) for day in step.cycle]
        assert len(set(step.cycle)) == 2
        assert len(step.cycle) in (2, 7)
        low = min(totals)
        count = totals.count(low)
        spread = [(day + 1) * count // len(totals) > day * count // len(totals) for day in range(len(totals))]
        assert [total == low for total in totals] == spread, f"step {step.number}: low days are not evenly spread"
        high_day, low_day = step.cycle[0], step.cycle[totals.index(low)]
        high_doses = {a.time: a.dose.ng for a in high_day}
        assert all(a.dose.ng <= high_doses.get(a.time, 0) for a in low_day), "a dose is larger on a low day"


def check_totals_fall(record: PlanRecord) -> None:
    """Outside a cross-over, no mean total and no highest day is above that of the step before."""
    for before, after in pairwise(record.steps):
        if crossing(record, after) is None:
            assert sum(mean(after).values()) <= sum(mean(before).values()), f"step {after.number}: the mean rises"
            assert max(map(day_total, after.cycle)) <= max(map(day_total, before.cycle))


def check_no_dose_rises(record: PlanRecord) -> None:
    """No dose rises or comes back, except of a drug that is crossing in."""
    for before, after in pairwise(record.steps):
        cross = crossing(record, after)
        highest, means = worst(before), mean(before)
        for place, dose in worst(after).items():
            if cross is None or place[0] != cross.to:
                assert dose <= highest.get(place, 0), f"step {after.number}: {place} rises"
                assert mean(after)[place] <= means.get(place, 0), f"step {after.number}: the mean of {place} rises"


def check_every_step_changes(record: PlanRecord) -> None:
    for before, after in pairwise(record.steps):
        same = [day_doses(d) for d in before.cycle] == [day_doses(d) for d in after.cycle]
        assert not same, f"step {after.number} is that before it"


def crossing(record: PlanRecord, step: Step) -> CrossOver | None:
    return next((c for c in record.crossovers if c.first_step <= step.number <= c.last_step), None)


def day_doses(day: Sequence[Administration]) -> list[tuple[str, str, int]]:
    return [(a.drug, a.time, a.dose.ng) for a in day]


def worst(step: Step) -> dict[tuple[str, str], int]:
    """The highest dose of each drug at each time."""
    found: dict[tuple[str, str], int] = {}
    for day in step.cycle:
        for a in day:
            found[a.drug, a.time] = max(found.get((a.drug, a.time), 0), a.dose.ng)
    return found


def mean(step: Step) -> dict[tuple[str, str], Fraction]:
    """The mean dose of each drug at each time."""
    found: dict[tuple[str, str], Fraction] = {}
    for day in step.cycle:
        for a in day:
            found[a.drug, a.time] = found.get((a.drug, a.time), Fraction(0)) + Fraction(a.dose.ng, len(step.cycle))
    return found


# ---- cross-overs


def check_crossover(record: PlanRecord, cross: CrossOver) -> None:
    """What enters is the equivalent of what has left at that time, rounded down; the total never exceeds the start."""
    assert 1 <= cross.first_step <= cross.last_step < len(record.steps)
    before = worst(record.steps[cross.first_step - 1])
    assert {drug for drug, _ in before} == {cross.drug}
    start = sum(before.values()) * cross.factor
    products = tuple(p for p in record.shelf if p.drug == cross.to)
    largest = int(max(before.values()) * cross.factor)
    makes = doses_of(products, record.request.splitting, most_pieces(record, cross.to), largest) if products else ()
    for step in record.steps[cross.first_step : cross.last_step + 1]:
        assert len(step.cycle) == 1
        now = worst(step)
        for (drug, time), dose in before.items():
            wanted = int((dose - now.get((drug, time), 0)) * cross.factor)
            made = max(d for d in makes if d <= wanted) if makes else wanted
            assert now.get((cross.to, time), 0) == made, f"step {step.number}: {time} does not replace what has left"
            assert made or not wanted
        assert set(now) <= {(drug, time) for _, time in before for drug in (cross.drug, cross.to)}
        total = sum(dose * (cross.factor if drug == cross.drug else 1) for (drug, _), dose in now.items())
        assert total <= start, f"step {step.number}: the total exceeds that before the cross-over"
    last = record.steps[cross.last_step]
    assert last.drugs == (cross.to,)
    assert last.days is None or last.days >= 7, "something is reduced in the week after the last portion"
    assert all(cross.drug not in step.drugs for step in record.steps[cross.last_step :])


# ---- against the ideal course


def check_never_ahead(record: PlanRecord) -> None:
    """No day's mean total is below the ideal of that day."""
    entries = record.ideal
    for number, entry in enumerate(entries):
        until = entries[number + 1].start if number + 1 < len(entries) else None
        for step in record.steps:
            if step.start is None or (until is not None and step.start >= until):
                continue
            if step.days is None or step.start + timedelta(days=step.days) > entry.start:
                taken = sum((dose for (drug, _), dose in mean(step).items() if drug == entry.drug), Fraction(0))
                assert taken >= entry.mean.ng, f"step {step.number} is ahead of the ideal course"


def check_ideal_falls(record: PlanRecord) -> None:
    """The ideal course itself never rises, except of a drug that is crossing in."""
    entries = record.ideal
    assert all(a.start <= b.start for a, b in pairwise(entries))
    for before, after in pairwise(entries):
        entering = any(after.drug == c.to and _within(record, c, after.start) for c in record.crossovers)
        assert entering or before.drug != after.drug or after.mean.ng <= before.mean.ng, "the ideal rises"


def _within(record: PlanRecord, cross: CrossOver, day: date) -> bool:
    first, last = record.steps[cross.first_step], record.steps[cross.last_step]
    return first.start is not None and last.start is not None and first.start <= day <= last.start


def check_smallest_change(record: PlanRecord) -> None:
    """Every step is the state on the chain that fits the ideal: the smallest total at or above it, or the nearest."""
    if any("alternate-day" in text for text in record.request.strategies):
        return  # the record keeps the mean of a cycle, not its two levels; cycles have their own checks
    for drug, first, last in stretches(record):
        state = tuple(worst(record.steps[first]).values())
        places = list(worst(record.steps[first]))
        fall = None
        if record.shelf:
            products = tuple(p for p in record.shelf if p.drug == drug)
            doses = doses_of(products, record.request.splitting, most_pieces(record, drug), max(state))
            fall = way_down(record.request.reduce, [time for _, time in places], doses, state)
        asked = list(ideals(record, drug, first))
        for number, (day, ideal) in enumerate(asked, start=1):
            step = next(s for s in reversed(record.steps[first:last]) if s.start is not None and s.start <= day)
            found = tuple(worst(step).get(place, 0) for place in places)
            least = max(ideal, record.request.last_dose.ng, 1)  # nothing between the last dose and zero
            if record.ending == "zero" and last == len(record.steps) and number == len(asked):
                assert not any(found)
            elif fall is None:
                assert sum(found) == least
            else:
                state = fall(state, least, record.request.fit == "nearest")
                assert found == state, f"step {step.number}: {found} is taken where {state} fits {ideal}"


def stretches(record: PlanRecord) -> Iterator[tuple[str, int, int]]:
    """Each drug that is tapered: from the step at which it is fully taken, to the step before it crosses over."""
    first = 0
    for cross in record.crossovers:
        yield cross.drug, first, cross.first_step
        first = cross.last_step
    yield record.drugs[-1], first, len(record.steps)


def ideals(record: PlanRecord, drug: str, first: int) -> Iterator[tuple[date, int]]:
    """What the ideal course asks of a drug after its step `first`."""
    begins = record.steps[first].start
    crossing_in = any(c.to == drug for c in record.crossovers)
    for entry in record.ideal:
        if entry.drug == drug and (not crossing_in or (begins is not None and entry.start > begins)):
            yield entry.start, entry.mean.ng
