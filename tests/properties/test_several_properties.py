"""Several sedatives, in order or together: no dose rises, no two reductions come close, the order is kept."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st
from invariants import check_administrations, check_no_dose_rises, check_totals_fall
from outputs import check_frames, check_json

import benzotaper as bt
from benzotaper.errors import BenzotaperError

UK = {"start": "2026-12-01", "products": "UK", "splitting": "halves", "table": "ashton-2002"}
# Drugs of the UK list that Ashton's table counts without a range, with doses that the tablets make.
TAKEN = {
    "diazepam": ("5 mg at night", "10 mg twice daily", "5-0-10 mg"),
    "zopiclone": ("7.5 mg at night", "3.75 mg at night"),
    "lorazepam": ("1 mg twice daily", "0.5-0.5-1 mg"),
    "nitrazepam": ("10 mg at night",),
    "temazepam": ("20 mg at night", "10 mg at night"),
}
TAPERS = (
    bt.Linear("25 %", every="2 weeks"),
    bt.Linear(steps=6, every="10 days"),
    bt.Percentage("15 %", of="current", every="1 week"),
    bt.HoldAndStep(bt.Linear("25 %", every="2 weeks"), at="50 %", hold="4 weeks"),
)


@st.composite
def regimens(draw: st.DrawFn) -> dict[str, str]:
    drugs = draw(st.lists(st.sampled_from(sorted(TAKEN)), min_size=2, max_size=3, unique=True))
    return {drug: draw(st.sampled_from(TAKEN[drug])) for drug in drugs}


def text(taken: dict[str, str]) -> str:
    return " + ".join(f"{drug} {doses}" for drug, doses in taken.items())


def reductions(plan: bt.Plan) -> list[tuple[int, str]]:
    """The day from the start, and the drug, of every fall."""
    found = []
    for before, step in pairwise(plan.steps):
        assert step.start is not None
        found += [
            ((step.start - plan.start).days, drug)
            for drug in plan.record.drugs
            if step.mean_ng(drug) < before.mean_ng(drug)
        ]
    return found


def check_several(plan: bt.Plan, apart: int) -> None:
    check_administrations(plan.record)
    check_no_dose_rises(plan.record)
    check_json(plan)
    check_frames(plan)
    days = [day for day, _ in reductions(plan)]
    assert all(after - before >= apart for before, after in pairwise(days))


@given(regimens(), st.data(), st.sampled_from([7, 10]), st.sampled_from(["up", "nearest"]))
def test_one_after_the_other_keeps_the_order(taken: dict[str, str], data: st.DataObject, apart: int, fit: str) -> None:
    courses = {drug: data.draw(st.sampled_from(TAPERS)) for drug in data.draw(st.permutations(sorted(taken)))}
    if apart > 7 and TAPERS[2] in courses.values():
        with pytest.raises(BenzotaperError, match="more often than every"):
            bt.taper(text(taken), courses, apart=f"{apart} days", fit=fit, **UK)
        return
    plan = bt.taper(text(taken), courses, apart=f"{apart} days", fit=fit, **UK)
    check_several(plan, apart)
    check_totals_fall(plan.record)
    drugs = [drug for _, drug in reductions(plan)]
    assert list(dict.fromkeys(drugs)) == list(courses)
    assert drugs == [drug for each in courses for drug in drugs if drug == each]
    assert not plan.steps[-1].drugs


@given(regimens(), st.sampled_from(TAPERS), st.sampled_from(["up", "nearest"]))
def test_together_one_drug_falls_at_a_time_to_zero(taken: dict[str, str], strategy: bt.Linear, fit: str) -> None:
    plan = bt.taper(text(taken), strategy, fit=fit, **UK)
    check_several(plan, 7)
    assert len(reductions(plan)) == len({day for day, _ in reductions(plan)})
    assert not plan.steps[-1].drugs


@given(regimens(), st.data(), st.sampled_from(TAPERS))
def test_a_drug_that_is_kept_never_changes(taken: dict[str, str], data: st.DataObject, strategy: bt.Linear) -> None:
    kept = data.draw(st.sampled_from(sorted(taken)))
    plan = bt.taper(text(taken), {drug: "keep" if drug == kept else strategy for drug in taken}, **UK)
    check_several(plan, 7)
    assert len({step.mean_ng(kept) for step in plan.steps}) == 1
    assert plan.steps[-1].drugs == (kept,)
    assert plan.record.ending == "maintenance"
