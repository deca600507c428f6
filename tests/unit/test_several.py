"""Several sedatives in one regimen: one after the other, kept, or together on one curve."""

import html
import json
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

import pytest

import benzotaper as bt
from benzotaper.errors import BenzotaperError, PickError, PlanError, RegimenError, StrategyError
from plants import seal

BOTH = "diazepam 10 mg twice daily + zopiclone 7.5 mg at night"
GIVEN = {"start": "2026-12-01", "products": "UK", "splitting": "halves", "table": "ashton-2002"}
BY_QUARTERS = bt.Linear("25 %", every="2 weeks")
BY_TENTHS = bt.Percentage("10 %", of="current", every="2 weeks")


def falls(plan: bt.Plan) -> list[tuple[object, str]]:
    """The day and the drug of every reduction."""
    found = []
    for before, step in pairwise(plan.steps):
        found += [(step.start, drug) for drug in plan.record.drugs if step.mean_ng(drug) < before.mean_ng(drug)]
    return found


def test_a_regimen_of_two_drugs_reads_as_it_is_printed() -> None:
    both = bt.Regimen("diazepam", morning="10 mg", night="10 mg") + bt.Regimen("zopiclone", night="7.5 mg")
    assert str(both) == "diazepam 10 mg morning, 10 mg night + zopiclone 7.5 mg night"
    plan = bt.taper(BOTH, {"zopiclone": BY_QUARTERS, "diazepam": BY_TENTHS}, **GIVEN)
    assert plan.regimen == both
    assert both.of("Imovane") == bt.Regimen("zopiclone", night="7.5 mg")
    assert bt.Plan.from_json(plan.to_json()) == plan


def test_drugs_are_reduced_in_the_order_that_is_stated() -> None:
    plan = bt.taper(BOTH, {"zopiclone": BY_QUARTERS, "diazepam": BY_TENTHS}, **GIVEN)
    drugs = [drug for _, drug in falls(plan)]
    assert drugs == sorted(drugs, reverse=True)
    assert drugs.count("zopiclone") == 4
    other = bt.taper(BOTH, {"diazepam": BY_TENTHS, "zopiclone": BY_QUARTERS}, **GIVEN)
    drugs = [drug for _, drug in falls(other)]
    assert drugs == sorted(drugs)


@pytest.mark.parametrize(
    "strategy", [{"zopiclone": BY_QUARTERS, "diazepam": BY_TENTHS}, BY_TENTHS], ids=["in order", "together"]
)
@pytest.mark.parametrize("apart", [7, 14])
def test_no_two_reductions_come_within_the_window(strategy: object, apart: int) -> None:
    plan = bt.taper(BOTH, strategy, apart=timedelta(days=apart), **GIVEN)
    days = [day for day, _ in falls(plan)]
    assert all((after - before).days >= apart for before, after in pairwise(days))
    assert plan.record.ending == "zero"


def test_the_window_may_be_longer_than_the_default() -> None:
    plan = bt.taper(BOTH, {"zopiclone": BY_QUARTERS, "diazepam": BY_TENTHS}, apart="2 weeks", **GIVEN)
    (gone, _), (first, drug) = falls(plan)[3:5]
    assert drug == "diazepam"
    assert (first - gone).days == 14


def test_a_drug_may_be_kept() -> None:
    plan = bt.taper(BOTH, {"zopiclone": BY_QUARTERS, "diazepam": "keep"}, **GIVEN)
    assert plan.record.ending == "maintenance"
    assert plan.stops_on is None
    assert {step.mean_ng("diazepam") for step in plan.steps} == {20_000_000}
    assert plan.steps[-1].mean_ng("zopiclone") == 0


def test_together_the_total_is_never_ahead_of_one_curve_in_diazepam() -> None:
    plan = bt.taper(BOTH, BY_TENTHS, **GIVEN)
    # by Ashton zopiclone 15 mg is 10 mg of diazepam
    totals = [step.mean_ng("diazepam") + step.mean_ng("zopiclone") * Fraction(2, 3) for step in plan.steps]
    assert totals[0] == 25_000_000
    assert all(after < before for before, after in pairwise(totals))
    for point in plan.record.ideal[:-1]:
        step = max((s for s in plan.steps[1:] if s.start <= point.start), key=lambda s: s.number)
        total = step.mean_ng("diazepam") + step.mean_ng("zopiclone") * Fraction(2, 3)
        assert total >= point.mean.ng


def test_together_one_drug_falls_at_a_time_until_both_are_at_zero() -> None:
    plan = bt.taper(BOTH, bt.Linear("5 mg", every="2 weeks"), **GIVEN)
    days = [day for day, _ in falls(plan)]
    assert len(days) == len(set(days))
    assert not plan.steps[-1].drugs


def test_one_of_the_drugs_may_cross_over() -> None:
    plan = bt.taper(
        "lorazepam 1 mg twice daily + zopiclone 7.5 mg at night",
        {
            "zopiclone": BY_QUARTERS,
            "lorazepam": [bt.Substitution("diazepam", table="ashton-2002", every="1 week"), BY_TENTHS],
        },
        **GIVEN,
    )
    assert plan.record.drugs == ("lorazepam", "zopiclone", "diazepam")
    assert not plan.steps[-1].drugs
    assert bt.Plan.from_json(plan.to_json()) == plan
    for text in (plan.to_html(), plan.to_text(), plan.to_csv()):
        assert "zopiclone" in text


def test_courses_read_back_from_their_texts() -> None:
    plan = bt.taper(BOTH, {"zopiclone": BY_QUARTERS, "diazepam": "keep"}, **GIVEN)
    assert plan.record.request.strategies == ("zopiclone: linear 25 % of start every 2 weeks", "diazepam: keep")
    assert bt.taper(BOTH, list(plan.record.request.strategies), **GIVEN) == plan
    both = bt.taper(BOTH, BY_TENTHS, **GIVEN)
    assert both.record.request.strategies == ("together: percentage 10 % of current every 2 weeks",)
    assert bt.taper(BOTH, both.record.request.strategies[0], **GIVEN) == both


def test_the_frames_have_a_row_for_each_drug() -> None:
    plan = bt.taper(BOTH, {"zopiclone": BY_QUARTERS, "diazepam": BY_TENTHS}, **GIVEN)
    frame = plan.to_frame()
    assert set(frame["drug"]) == {"diazepam", "zopiclone"}
    assert not frame.duplicated(["step", "drug"]).any()
    made = plan.to_frame(per="administration").groupby(["step", "drug"])["dose_mg"].sum()
    taken = frame[frame["dose_mg"] > 0].set_index(["step", "drug"])["dose_mg"]
    assert dict(made) == pytest.approx(dict(taken))


@pytest.mark.parametrize("drug", ["diazepam", "zopiclone"])
def test_the_certificate_covers_every_drug(drug: str) -> None:
    plan = bt.taper(BOTH, {"zopiclone": BY_QUARTERS, "diazepam": BY_TENTHS}, **GIVEN)
    assert bt.verify(plan).ok
    document = json.loads(plan.to_json())
    given = next(a for day in document["steps"][1]["cycle"] for a in day if a["drug"] == drug)
    given["dose_mg"] = str(Fraction(given["dose_mg"]) * 2)
    seal(document)
    assert not bt.verify(document).ok


@pytest.mark.parametrize(
    ("regimen", "strategy", "changes", "error", "words"),
    [
        (BOTH, {"zopiclone": BY_QUARTERS}, {}, StrategyError, "nothing is said about diazepam"),
        (BOTH, {"lorazepam": BY_QUARTERS}, {}, StrategyError, "the regimen has diazepam, zopiclone"),
        (BOTH, {"zopiclone": "keep", "diazepam": "keep"}, {}, StrategyError, "nothing is reduced"),
        (BOTH, BY_TENTHS, {"table": ""}, PlanError, "give table="),
        (BOTH, BY_TENTHS, {"target": "5 mg"}, PlanError, "are for one drug"),
        (BOTH, bt.Linear("1 mg", every="3 days"), {}, PlanError, "more often than every 1 week"),
        (BOTH, bt.AlternateDay("1 mg", low_days=(2, 7), every="1 week"), {}, PlanError, "is for one drug"),
        (BOTH, BY_TENTHS, {"table": "norway-2021"}, PickError, "pick"),
        ("diazepam 5 mg at night + Valium 5 mg morning", BY_TENTHS, {}, RegimenError, "given twice"),
    ],
)
def test_what_is_not_whole_is_refused(
    regimen: str, strategy: object, changes: dict[str, str], error: type[BenzotaperError], words: str
) -> None:
    with pytest.raises(error, match=words):
        bt.taper(regimen, strategy, **{**GIVEN, **changes})


def test_a_range_counts_as_it_is_picked() -> None:
    low = bt.taper(BOTH, BY_TENTHS, **{**GIVEN, "table": "norway-2021"}, pick="low")
    high = bt.taper(BOTH, BY_TENTHS, **{**GIVEN, "table": "norway-2021"}, pick="high")
    # zopiclone 7.5 to 10 mg is 10 mg of diazepam there
    assert [plan.record.ideal[0].mean.mg for plan in (low, high)] == [Fraction("24.75"), Fraction(27)]
    assert bt.Plan.from_json(low.to_json()) == low


def test_the_strategies_of_a_plan_come_back_as_values() -> None:
    plan = bt.taper(BOTH, {"zopiclone": BY_QUARTERS, "diazepam": "keep"}, **GIVEN)
    assert plan.strategies == (BY_QUARTERS,)
    assert bt.taper(BOTH, BY_TENTHS, **GIVEN).strategies == (BY_TENTHS,)


def test_the_page_names_the_table_by_which_the_drugs_are_counted() -> None:
    plan = bt.taper(BOTH, {"zopiclone": BY_QUARTERS, "diazepam": BY_TENTHS}, **GIVEN)
    assert "as diazepam, by the plan's own table (ashton-2002)" in html.unescape(plan.to_html())
