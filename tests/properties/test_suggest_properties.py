"""Whatever is planned, what is suggested for it is true: planned again here, with figures counted here."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

import pytest
from calls import FAMILIES, SPLITTINGS, calls
from hypothesis import HealthCheck, event, given, settings

import benzotaper as bt
from benzotaper.errors import BenzotaperError
from benzotaper.steps import PlanRecord, Step
from tablets import is_liquid

EXAMPLES = settings().max_examples


def total(record: PlanRecord, step: Step) -> Fraction:
    """The mean daily total (ng), what leaves counted as what replaces it."""
    drugs = [a.drug for each in record.steps for day in each.cycle for a in day]
    counted = {list(dict.fromkeys(drugs))[-1]: Fraction(1)}
    for cross in reversed(record.crossovers):
        counted[cross.drug] = cross.factor * counted[cross.to]
    return sum((a.dose.ng * counted[a.drug] for day in step.cycle for a in day), Fraction(0)) / len(step.cycle)


def figures(record: PlanRecord) -> tuple[Fraction, int, int]:
    """The worst fall as a share, the last fall (ng) and the days of a plan."""
    totals = [total(record, step) for step in record.steps]
    falls = [(a, b) for a, b in pairwise(totals) if b < a]
    shares = [1 - b / a for a, b in falls if b] or [Fraction(1)] * len(falls) or [Fraction(0)]
    last = ceil(falls[-1][0]) if record.ending == "zero" else 0
    ends = record.steps[-1].start or record.request.start
    return max(shares), last, (ends - record.request.start).days


def stock(record: PlanRecord) -> list[bt.Product]:
    """What the plan could use: the region's offer and its shelf, or the shelf alone."""
    region, drugs = record.request.products, {p.drug for p in record.shelf}
    offered = [p for d in sorted(drugs) for p in bt.products(d, region=region)] if region in bt.regions() else []
    return list(dict.fromkeys([*(p for p in offered if p.offered == "yes"), *record.shelf]))


def others(record: PlanRecord) -> Iterator[bt.Product]:
    """Every product that may be suggested."""
    region = record.request.products
    places = {region} if region in bt.regions() else {p.region for p in record.shelf} & bt.regions().keys()
    had = {(p.drug, p.region, p.name, p.label) for p in stock(record)}
    releases = {(p.drug, p.release) for p in record.shelf}
    for drug, release in releases:
        for place in places:
            for product in bt.products(drug, region=place):
                assert product.offered in ("yes", "by name")
                if product.release == release and (drug, place, product.name, product.label) not in had:
                    yield product


def again(asked: dict[str, Any], record: PlanRecord, what: bt.Product | str) -> PlanRecord | None:
    """The plan with one thing changed; nothing where it cannot be made, or ends in another way."""
    given = {name: value for name, value in asked.items() if name != "liquids"} | {"products": stock(record)}
    if isinstance(what, str):
        given["splitting"] = what
    else:
        mixed = [p for p in given["products"] if is_liquid(p) and is_liquid(what) and p.drug == what.drug]
        given["products"] = [p for p in given["products"] if p not in mixed] + [what]
    try:
        changed = bt.taper(**given).record
    except BenzotaperError:
        return None
    return changed if changed.ending == record.ending else None


def helps(record: PlanRecord, changed: PlanRecord) -> bool:
    before, after = figures(record)[:2], figures(changed)[:2]
    return before != after and after[0] <= before[0] and after[1] <= before[1]


def splits_more(record: PlanRecord, changed: PlanRecord) -> bool:
    """Whether a tablet is taken in more parts than the plan's splitting allows."""
    taken = [
        t for step in changed.steps for day in step.cycle for a in day for t in a.taken if not is_liquid(t.product)
    ]
    return any(t.pieces_per_unit > t.product.pieces_under(record.request.splitting) for t in taken)


def helping(asked: dict[str, Any], record: PlanRecord) -> dict[bt.Product | str, PlanRecord]:
    """Every product that helps, and the next finer splitting that does, with the plan that it gives."""
    found: dict[bt.Product | str, PlanRecord] = {}
    for product in others(record):
        changed = again(asked, record, product)
        if changed and helps(record, changed):
            found[product] = changed
    for policy in SPLITTINGS[SPLITTINGS.index(record.request.splitting) + 1 :]:
        changed = again(asked, record, policy)
        if changed and helps(record, changed) and splits_more(record, changed):
            return found | {policy: changed}
    return found


def doses_by_day(record: PlanRecord, days: int) -> list[tuple[int, object]]:
    """The step and the doses of each day from the start date on."""
    found: list[tuple[int, object]] = []
    for step in record.steps:
        lasts = days - len(found) if step.days is None else step.days
        cycle = [[(a.drug, a.time, a.dose) for a in day] for day in step.cycle]
        found += [(step.number, cycle[n % len(cycle)]) for n in range(lasts)]
    return found[:days]


def check_dates(record: PlanRecord, changed: PlanRecord, suggestion: bt.Suggestion) -> None:
    days = max(figures(record)[2], figures(changed)[2]) + 60
    before, after = doses_by_day(record, days), doses_by_day(changed, days)
    different = [n for n in range(days) if before[n][1] != after[n][1]]
    assert suggestion.steps == tuple(dict.fromkeys(before[n][0] for n in different))
    first_day = record.request.start + timedelta(days=different[0])
    starts = {step.start for plan in (record, changed) for step in plan.steps}
    assert suggestion.from_date == max(day for day in starts if isinstance(day, date) and day <= first_day)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_suggested_is_all_that_helps_with_exactly_the_stated_figures(family: str) -> None:
    @settings(max_examples=EXAMPLES // 2, suppress_health_check=[HealthCheck.too_slow])  # several plans an example
    @given(calls(family))
    def each(asked: dict[str, Any]) -> None:
        try:
            plan = bt.taper(**asked)
        except BenzotaperError:
            event("refused")
            return
        suggestions = bt.suggest(plan)
        event(f"{len(suggestions)} suggestions")
        if asked["products"] is bt.ANY_DOSE:
            assert len(suggestions) == 0
            assert suggestions.note
            return
        assert [s.what for s in suggestions] == list(dict.fromkeys(s.what for s in suggestions))
        expected = helping(asked, plan.record)
        assert {s.what for s in suggestions} == set(expected)
        for s in suggestions:
            changed = expected[s.what]
            assert (s.worst_fall_before, s.last_fall_before.ng, s.days_before) == figures(plan.record)
            assert (s.worst_fall_after, s.last_fall_after.ng, s.days_after) == figures(changed)
            check_dates(plan.record, changed, s)
        effects = [(s.worst_fall_after, s.last_fall_after) for s in suggestions]
        assert effects == sorted(effects)
        assert bt.suggest(bt.Plan.from_json(plan.to_json())) == suggestions == bt.suggest(plan)

    each()
