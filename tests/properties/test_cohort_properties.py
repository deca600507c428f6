"""A cohort is what `taper` plans, row by row; order and splitting of the frame change nothing."""

import os
from typing import Any

import numpy as np
import pandas as pd
import pytest
from calls import FAMILIES, calls
from hypothesis import HealthCheck, given, settings, strategies as st

import benzotaper as bt
from benzotaper.cohorts.records import RECORD
from benzotaper.cohorts.steady import BLOCK, SPACING
from benzotaper.doses import LARGEST_MG, NG_PER_MG
from benzotaper.intervals import LONGEST_DAYS
from benzotaper.planning.draft import MOST_STEPS
from cohorts import by_cohort, by_taper, differences, people

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
PEOPLE = 111_112 if DEEP else 400  # nine times as many rows in all: a million
NOT_IN_COHORTS = ("start", "profile", "align", "regimen", "strategy")


@pytest.mark.parametrize("fit", ["up", "nearest", "smoothest"])
@pytest.mark.parametrize("times", [("night",), ("morning", "night"), ("morning", "noon", "night")])
def test_every_row_is_what_taper_plans(fit: str, times: tuple[str, ...]) -> None:
    seed = len(times) * 10 + len(fit)
    checked, refused = differences(
        people(PEOPLE, seed=seed),
        times=times,
        fit=fit,
        products="US",
        splitting="halves",
        **({"acknowledge": "Dr A: agreed"} if fit == "nearest" else {}),
    )
    assert checked == PEOPLE
    assert 0 < refused < checked * 0.95


@pytest.mark.parametrize("family", FAMILIES)
def test_any_call_of_taper_is_the_same_in_a_cohort(family: str) -> None:
    @settings(suppress_health_check=[HealthCheck.too_slow])  # building shelves is the work
    @given(calls(family))
    def each(asked: dict[str, Any]) -> None:
        choices = {name: value for name, value in asked.items() if name not in NOT_IN_COHORTS}
        regimen = asked["regimen"]
        if regimen.release != "IR":
            return
        frame = pd.DataFrame({"id": ["a"], "regimen": [str(regimen)]})
        found = by_cohort(bt.cohort(frame, asked["strategy"], **choices))
        assert found["a"] == by_taper(regimen, asked["strategy"], **choices)

    each()


STEPS = st.sampled_from([1, 2, 12, 7304, 7305, 7306, 1_844_674_407_372, 10**19])
INTERVALS = st.sampled_from([1, 7, 14, 2435, 3652, 3653, 7304, 7305])
EDGES = st.one_of(
    st.builds("linear in {} steps every {} days".format, STEPS, INTERVALS),
    st.builds("linear {} mg every {} days".format, st.sampled_from(["0.000001", "0.001", "0.5", "999"]), INTERVALS),
    st.builds("percentage {} % of current every {} days".format, st.sampled_from([0.01, 10, 50, 99.99]), INTERVALS),
    st.builds(
        "hyperbolic {} mg in {} steps every {} days".format, st.sampled_from([0.000001, 1, 999]), STEPS, INTERVALS
    ),
    st.builds("hyperbolic 1 mg in {} % points every {} days".format, st.sampled_from([0.01, 5, 99]), INTERVALS),
)
"""Steady strategies at the edges of what a plan, and 64 bits, can hold."""


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.sampled_from(["0.5", "1", "4", "7", "10", "500"]), EDGES), min_size=1, max_size=4), st.data()
)
def test_strategies_at_the_edges_are_what_taper_plans(people: list[tuple[str, str]], data: st.DataObject) -> None:
    asked = {"products": "UK", "splitting": "halves", "fit": data.draw(st.sampled_from(["up", "nearest"]))}
    asked["acknowledge"] = "Dr A: agreed"
    frame = pd.DataFrame(
        {
            "id": range(len(people)),
            "regimen": [f"diazepam {mg} mg at night" for mg, _ in people],
            "strategy": [strategy for _, strategy in people],
        }
    )
    found = by_cohort(bt.cohort(frame, "strategy", **asked))
    for person, (mg, strategy) in enumerate(people):
        assert found[person] == by_taper(f"diazepam {mg} mg at night", strategy, **asked)


def test_the_numbers_of_a_row_hold_all_that_a_plan_may_have() -> None:
    most = {
        "step": MOST_STEPS + 1,
        "day": 2 * LONGEST_DAYS,
        "days": LONGEST_DAYS,
        "drug": len(bt.drug_names()),
        "over": 14,
    }
    for name, number in most.items():
        assert number <= np.iinfo(RECORD[name]).max
    assert LARGEST_MG * NG_PER_MG < SPACING
    assert np.iinfo(np.int16).max >= BLOCK - 1


def plans_of(frame: pd.DataFrame) -> dict[Any, Any]:
    return by_cohort(bt.cohort(frame, "strategy", products="US", splitting="halves", times="night"))


@settings(max_examples=20)
@given(st.randoms(use_true_random=False), st.integers(0, 200))
def test_order_and_splitting_of_the_frame_change_nothing(random: Any, cut: int) -> None:
    frame = people(200, seed=7)
    whole = plans_of(frame)
    order = list(range(200))
    random.shuffle(order)
    assert plans_of(frame.iloc[order]) == whole
    assert plans_of(frame.iloc[:cut]) | plans_of(frame.iloc[cut:]) == whole


def test_permuted_rows_give_permuted_rows_and_an_index_is_of_no_matter() -> None:
    frame = people(300, seed=3)
    frame.index = pd.Index(np.arange(300) % 7)
    order = np.random.default_rng(0).permutation(300)
    choices: dict[str, Any] = {"products": "US", "splitting": "halves", "times": "night"}
    one, other = (bt.cohort(f, "strategy", **choices) for f in (frame, frame.iloc[order]))
    for name in ("plans", "refused"):
        by_order = [getattr(one, name)[getattr(one, name)["id"] == person] for person in frame["id"].iloc[order]]
        expected = pd.concat(by_order, ignore_index=True)
        found = getattr(other, name)
        pd.testing.assert_frame_equal(
            found.drop(columns="row", errors="ignore"), expected.drop(columns="row", errors="ignore")
        )


@pytest.mark.parametrize("chunk", [1, 7, 100, 10**6])
def test_the_size_of_a_chunk_changes_nothing(chunk: int) -> None:
    frame = people(100, seed=5)
    choices: dict[str, Any] = {"products": "US", "splitting": "halves", "times": "night"}
    one = bt.cohort(frame, "strategy", **choices)
    other = bt.cohort(frame, "strategy", chunk=chunk, **choices)
    pd.testing.assert_frame_equal(one.plans, other.plans)
    pd.testing.assert_frame_equal(one.refused, other.refused)
    parts = list(bt.cohort_chunks([frame.iloc[:30], frame.iloc[30:30], frame.iloc[30:]], "strategy", **choices))
    pd.testing.assert_frame_equal(one.plans, pd.concat([part.plans for part in parts], ignore_index=True))
    pd.testing.assert_frame_equal(one.refused, pd.concat([part.refused for part in parts], ignore_index=True))
