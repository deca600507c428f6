"""Whatever is asked, what comes back is a plan that keeps every promise, or a refusal that says why."""

from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import benzotaper as bt
from benzotaper.errors import BenzotaperError
from calls import FAMILIES, REGION_DRUGS, SPLITTINGS, calls
from invariants import check_plan, plain_stop
from outputs import check_day_rows, check_frames, check_json, check_rows
from tablets import doses_of


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
    assert results["plan"] > results["refused"], "the examples are mostly refusals, so they show little"


@settings(max_examples=settings.default.max_examples // 2, suppress_health_check=[HealthCheck.too_slow])  # as above
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
        asked = {time: bt.Dose.of_ng(doses[-1 - place]) for place, time in enumerate(times)}
        plan = promised(
            {
                "regimen": bt.Regimen(drug, **asked),
                "strategy": bt.Percentage("15 %", of="current", every="10 days"),
                "start": "2027-03-01",
                "products": region,
                "splitting": splitting,
                "fit": fit,
            }
        )
        assert plan is not None
        assert plan.record.ending == "zero"
