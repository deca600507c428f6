"""Whatever is asked, what comes back is a plan that keeps every promise, or a refusal that says why."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from math import floor
from typing import Any

import pytest
from calls import FAMILIES, REGION_DRUGS, SPLITTINGS, calls
from hypothesis import HealthCheck, event, given, settings, strategies as st
from invariants import check_plan, plain_stop
from outputs import check_day_rows, check_frames, check_json, check_rows

import benzotaper as bt
from benzotaper.errors import BenzotaperError
from tablets import doses_of

EXAMPLES = settings().max_examples


def promised(asked: dict[str, Any]) -> bt.Plan | None:
    """The plan, checked; or nothing where it is refused by name."""
    try:
        plan = bt.taper(**asked)
    except BenzotaperError as error:
        event(f"refused: {type(error).__name__}")
        return None
    event(f"plan to {plan.record.ending}")
    check_plan(plan)
    assert plan.stops_on == plain_stop(plan.record)
    return plan


@pytest.mark.parametrize("family", FAMILIES)
def test_a_call_of_the_front_door_gives_a_plan_that_keeps_its_promises(family: str) -> None:
    results: Counter[str] = Counter()

    @settings(suppress_health_check=[HealthCheck.too_slow])  # building shelves is the work
    @given(calls(family))
    def each(asked: dict[str, Any]) -> None:
        results["plan" if promised(asked) else "refused"] += 1

    each()
    assert results["plan"] * 2 > results["refused"], "the examples are mostly refusals, so they show little"


@settings(max_examples=EXAMPLES // 2, suppress_health_check=[HealthCheck.too_slow])  # as above
@given(st.sampled_from(FAMILIES).flatmap(calls))
def test_frames_and_json_show_the_plan(asked: dict[str, Any]) -> None:
    try:
        plan = bt.taper(**asked)
    except BenzotaperError:
        event("refused")
        return
    event(f"plan to {plan.record.ending}")
    check_json(plan)
    check_rows(plan)
    check_day_rows(plan)
    check_frames(plan)


@pytest.mark.parametrize(("region", "drug"), REGION_DRUGS)
def test_each_drug_of_each_complete_region_has_plans(region: str, drug: str) -> None:
    offered = tuple(p for p in bt.products(drug, region=region) if p.offered == "yes")
    for splitting, fit, times in product(SPLITTINGS, ("up", "nearest"), (("night",), ("morning", "night"))):
        doses = doses_of(offered, splitting, 6, 3 * offered[-1].strength.ng)
        asked: dict[str, Any] = {time: bt.Dose.of_ng(doses[-1 - place]) for place, time in enumerate(times)}
        plan = bt.taper(
            bt.Regimen(drug, **asked),
            bt.Percentage("15 %", of="current", every="10 days"),
            start="2027-03-01",
            products=region,
            splitting=splitting,
            fit=fit,
        )
        check_plan(plan)
        assert plan.record.ending == "zero"


UK = {"start": "2026-12-01", "products": "UK", "splitting": "whole"}
ONCE_BROKEN: dict[str, dict[str, Any]] = {
    "a target that the first step reaches": UK
    | {"regimen": "diazepam 10 mg at night", "strategy": bt.Linear("5 mg", every="1 week"), "target": "5 mg"},
    "times in turn where the first cannot fall further": UK
    | {
        "regimen": "oxazepam 10 mg morning, 15 mg night",
        "strategy": bt.Linear("5 mg", every="1 week"),
        "reduce": ("morning", "night"),
    },
    "a last dose above what an earlier phase goes down to": UK
    | {
        "regimen": "diazepam 6 mg at night",
        "strategy": [bt.Linear("2 mg", every="1 week", down_to="1 mg"), bt.Linear("0.5 mg", every="1 week")],
        "last_dose": "2 mg",
    },
    "alternate days with a last dose": UK
    | {
        "regimen": "diazepam 10 mg at night",
        "strategy": bt.AlternateDay("2 mg", low_days="every other day", every="1 week"),
        "last_dose": "8 mg",
    },
    "alternate days from the largest dose": UK
    | {
        "regimen": "diazepam 12 mg morning, 29 mg noon",
        "strategy": bt.AlternateDay("4.1 mg", low_days=(2, 4), zero_days=True, every="1 week"),
        "fit": "nearest",
        "reduce": "in turn",
    },
    "a gate below the last dose": UK
    | {
        "regimen": "diazepam 3 mg at night",
        "strategy": [
            bt.HoldAndStep(
                bt.Linear("1.5 mg", every="1 week", down_to="1 mg"), at="every step", hold="1 week", gated=True
            ),
            bt.Percentage("5 %", of="current", every="1 week"),
        ],
        "last_dose": "2 mg",
    },
    "days without a dose, with a last dose": UK
    | {
        "regimen": "lorazepam 5 mg at night",
        "strategy": bt.AlternateDay("5 mg", low_days=(2, 6, 7), zero_days=True, every="1 week"),
        "last_dose": "2.5 mg",
        "acknowledge": "Dr A: agreed",
    },
    "a week of as many low days at each level": UK
    | {
        "regimen": "diazepam 10 mg at night",
        "strategy": bt.AlternateDay("0.5 mg", low_days=(4,), every="1 week", down_to="6 mg"),
        "target": "6 mg",
    },
    "alternate days down to less than a tablet": UK
    | {
        "regimen": "diazepam 4 mg at night",
        "strategy": [
            bt.AlternateDay("2 mg", low_days="every other day", every="1 week", down_to="1 mg"),
            bt.Linear("0.5 mg", every="1 week"),
        ],
    },
}


@pytest.mark.parametrize("case", ONCE_BROKEN)
def test_what_once_broke_a_promise_keeps_it_now(case: str) -> None:
    try:
        plan = bt.taper(**ONCE_BROKEN[case])
    except BenzotaperError as error:
        refusal = str(error)
    else:
        check_plan(plan)
        return
    assert "20 years" not in refusal, "a course that never ends is no fault of the caller"


SIMPLE = st.one_of(
    st.integers(100, 6000).map(lambda cut: bt.Percentage(bt.Percent(cut), of="current", every="9 days")),
    st.integers(100, 20_000).map(lambda mcg: bt.Linear(bt.Dose.of_ng(mcg * 1000), every="9 days")),
    st.integers(1, 30).map(lambda steps: bt.Linear(steps=steps, every="9 days")),
    st.builds(
        lambda half, steps: bt.Hyperbolic(bt.Dose.of_ng(half * 1000), steps=steps, every="9 days"),
        st.integers(100, 100_000),
        st.integers(1, 30),
    ),
)


def formula(strategy: Any, start: int) -> Iterator[int]:
    """The ideal doses (ng), in exact arithmetic, each rounded down to a nanogram."""
    dose, number = start, 0
    while dose:
        number += 1
        if isinstance(strategy, bt.Percentage):
            dose = floor(dose * (1 - Fraction(strategy.cut.hundredths, 10_000)))
        elif isinstance(strategy, bt.Hyperbolic):
            occupied = Fraction(start, start + strategy.half.ng) * Fraction(strategy.steps - number, strategy.steps)
            dose = floor(strategy.half.ng * occupied / (1 - occupied))
        elif strategy.steps:
            dose = floor(start * Fraction(strategy.steps - number, strategy.steps))
        else:
            dose = max(dose - strategy.step.ng, 0)
        yield dose


@given(SIMPLE, st.integers(1, 40), st.booleans())
def test_the_ideal_course_and_its_end_are_those_of_the_formula(strategy: Any, halves: int, given_last: bool) -> None:
    """2 mg tablets in halves, once at night: the smallest dose is 1 mg, and so is the last dose where it is given."""
    tablet, start, lowest = bt.Product("diazepam", strength="2 mg", form="tablet"), halves * 10**6, 10**6
    plan = bt.taper(
        bt.Regimen("diazepam", night=bt.Dose.of_ng(start)),
        strategy,
        start="2027-01-01",
        products=[tablet],
        splitting="halves",
        max_pieces=40,
        last_dose="1 mg" if given_last else bt.Dose(mg=0),
    )
    rests = given_last or not isinstance(strategy, bt.Linear)  # at the last dose, until the ideal is below half of it
    doses = range(lowest, start + 1, 10**6)
    expected: list[int] = []
    taken: list[int] = []
    for ideal in formula(strategy, start):
        if (rests and lowest in taken and 2 * ideal < lowest) or (not rests and not ideal):
            break
        expected.append(ideal)
        taken.append(min(dose for dose in doses if dose >= ideal))
    day = timedelta(days=9)
    assert [(entry.start, entry.mean.ng) for entry in plan.record.ideal] == [
        (date(2027, 1, 1) + day * number, ideal) for number, ideal in enumerate([*expected, 0])
    ]
    for number, dose in enumerate(taken):
        on = date(2027, 1, 1) + day * number
        step = next(s for s in reversed(plan.steps) if s.start is not None and s.start <= on)
        assert step.mean_ng("diazepam") == dose
