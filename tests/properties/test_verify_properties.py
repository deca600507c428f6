"""The checker accepts what the front door makes, and finds each of many kinds of planted fault, every time.

A run of the whole suite plants 40 faults of each kind; the deep run (`make deep`) 1,000.
"""

import os
from collections.abc import Callable

import pytest
from calls import FAMILIES, calls
from hypothesis import HealthCheck, event, given, settings, strategies as st

import benzotaper as bt
from benzotaper.errors import BenzotaperError
from planted import KINDS, planted
from real_plans import SHAPES, plans, texts

EXAMPLES = settings().max_examples
PLANTS = 1000 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 40


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])  # building shelves is the work
@given(st.sampled_from(FAMILIES).flatmap(calls))
def test_every_plan_of_the_front_door_is_accepted(asked: dict[str, object]) -> None:
    try:
        plan = bt.taper(**asked)  # type: ignore[arg-type]  # calls of the front door
    except BenzotaperError:
        event("refused")
        return
    event(f"plan to {plan.record.ending}")
    found = bt.verify(plan)
    assert found.ok, str(found)
    assert found == plan.certificate == bt.verify(plan.to_dict())


def test_plans_of_every_shape_are_accepted() -> None:
    assert len(plans()) == len(SHAPES) + 44
    for text in texts():
        assert bt.verify(text).ok, str(bt.verify(text))


def test_there_are_many_kinds_of_fault() -> None:
    assert len(KINDS) >= 25


@pytest.mark.parametrize("name", KINDS)
def test_a_planted_fault_is_found(name: str, record_property: Callable[[str, object], None]) -> None:
    found = 0
    for document in planted(name, PLANTS):
        failed = {check.name for check in bt.verify(document).failures}
        found += failed >= set(KINDS[name].found_by)
    record_property("planted", {"fault": name, "planted": PLANTS, "found": found})
    assert found == PLANTS
