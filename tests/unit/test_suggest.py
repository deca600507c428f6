"""Which products and splitting would help: cases worked out by hand, and what a suggestion shows."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import benzotaper as bt
from benzotaper.errors import PlanError
from benzotaper.steps import Request

TENTH = bt.Percentage("10 %", of="current", every="2 weeks")
HALF = Fraction(1, 2)


def planned(regimen: Any, strategy: Any = TENTH, **asked: Any) -> bt.Plan:
    return bt.taper(regimen, strategy, **{"start": "2026-12-01", "products": "UK", "splitting": "whole"} | asked)


def any_dose() -> bt.Plan:
    return bt.taper("diazepam 10 mg at night", TENTH, start="2026-12-01", products=bt.ANY_DOSE, last_dose="2 mg")


def picked(drug: str, region: str, *labels: str) -> list[bt.Product]:
    return [product for product in bt.products(drug, region=region) if product.label in labels]


def found(plan: bt.Plan) -> list[tuple[Any, ...]]:
    """Kind, what, worst fall after, last fall after, days after, from date and steps of each suggestion."""
    return [
        (
            s.kind,
            s.what if isinstance(s.what, str) else s.what.label,
            s.worst_fall_after,
            str(s.last_fall_after),
            s.days_after,
            s.from_date.isoformat(),
            s.steps,
        )
        for s in bt.suggest(plan)
    ]


def test_diazepam_in_whole_tablets_is_helped_by_the_solution_and_by_halves() -> None:
    """10 × 0.9ⁿ mg: taken 9, 8, 7, 6, 5, 4, 2 mg; zero where n is 22 (below 1), 29 (below 0.5) or 59 (below 0.02)."""
    plan = planned("diazepam 10 mg at night")
    assert found(plan) == [
        ("liquid", "0.4 mg/mL oral solution", HALF, "0.04 mg", 58 * 14, "2026-12-15", (1, 2, 3, 4, 5, 6, 7, 8)),
        ("splitting", "halves", HALF, "1 mg", 28 * 14, "2026-12-15", (1, 2, 4, 5, 6, 8)),
    ]
    for suggestion in bt.suggest(plan):
        assert suggestion.worst_fall_before == HALF  # from 4 to 2 mg
        assert suggestion.last_fall_before == bt.Dose(mg=2)
        assert suggestion.days_before == 21 * 14


def test_lorazepam_in_the_us_is_helped_by_the_solution_and_by_halves() -> None:
    """2 × 0.9ⁿ mg a day: zero where n is 20 (below 0.25), 27 (below 0.125) or 29 (below 0.1)."""
    plan = planned("lorazepam 1 mg twice daily", products="US")
    assert found(plan) == [
        ("liquid", "2 mg/mL oral solution", HALF, "0.2 mg", 28 * 14, "2026-12-01", (0, 1, 2, 3, 4)),
        ("splitting", "halves", HALF, "0.25 mg", 26 * 14, "2026-12-15", (0, 1, 2, 3, 4)),
    ]
    assert bt.suggest(plan)[0].last_fall_before == bt.Dose(mg="0.5")
    assert bt.suggest(plan)[0].days_before == 19 * 14


def test_zopiclone_is_helped_by_halves_of_the_smaller_tablet() -> None:
    """7.5 × 0.9ⁿ mg: 5.625 mg from n = 3 on; zero where n is 20 (below 0.9375)."""
    plan = planned("zopiclone 7.5 mg at night")
    assert found(plan) == [("splitting", "halves", HALF, "1.875 mg", 19 * 14, "2026-12-29", (0, 2))]
    assert "zopiclone 3.75 mg tablet in halves (the data do not say" in bt.suggest(plan)[0].question


def test_a_plan_that_only_falls_to_zero_is_helped_by_what_comes_between() -> None:
    plan = planned("zopiclone 7.5 mg at night", products=picked("zopiclone", "UK", "7.5 mg tablet"))
    assert found(plan) == [
        ("product", "3.75 mg tablet", HALF, "3.75 mg", 13 * 14, "2027-02-23", (1,)),
        ("splitting", "halves", HALF, "3.75 mg", 13 * 14, "2027-02-23", (1,)),
    ]
    assert bt.suggest(plan)[0].worst_fall_before == 1


def test_the_worst_fall_shrinks_where_only_the_products_made_it() -> None:
    """20 to 10 mg by 2 mg: 15 to 10 mg in 5 mg tablets, 12 to 10 mg with 2 mg tablets beside them."""
    products = picked("diazepam", "UK", "5 mg tablet", "10 mg tablet")
    plan = planned("diazepam 20 mg at night", bt.Linear("2 mg", every="1 week"), products=products, target="10 mg")
    assert [int(step.mean_ng("diazepam") / 10**6) for step in plan.steps] == [20, 15, 10]
    first = bt.suggest(plan)[0]
    assert (first.kind, str(first.what)) == ("product", "diazepam 2 mg tablet (generic, UK)")
    assert (first.worst_fall_before, first.worst_fall_after) == (Fraction(1, 3), Fraction(1, 6))
    assert first.last_fall_before == first.last_fall_after == bt.Dose(mg=0)


@pytest.mark.parametrize("regimen", ["diazepam 8 mg at night", "lorazepam 4 mg at night"])
def test_falls_that_were_chosen_bring_no_suggestion_of_a_product(regimen: str) -> None:
    plan = planned(regimen, bt.Linear("25 %", every="1 week"))
    assert {finding.cause for finding in plan.findings} <= {"", "chosen"}
    assert list(bt.suggest(plan)) == []
    assert bt.suggest(plan).note.startswith("No other product or splitting")


def test_a_product_that_is_not_offered_is_not_suggested() -> None:
    assert [p.offered for p in bt.products("zopiclone", region="CA")] == ["yes", "yes"]
    plan = planned("zopiclone 7.5 mg at night", products="CA")  # 3.75 mg is not offered there
    assert {s.kind for s in bt.suggest(plan)} == {"splitting"}


def test_two_liquids_are_each_suggested_alone() -> None:
    plan = planned("diazepam 10 mg at night", products="US")
    liquids = [s for s in bt.suggest(plan) if s.kind == "liquid"]
    assert [(str(s.what), str(s.last_fall_after)) for s in liquids] == [
        ("diazepam 1 mg/mL oral solution (generic, US)", "0.1 mg"),
        ("diazepam 5 mg/mL oral solution (generic, US)", "0.5 mg"),
    ]


def test_a_liquid_takes_the_place_of_the_one_that_the_plan_has() -> None:
    products = picked("diazepam", "US", "2 mg tablet", "5 mg tablet", "10 mg tablet")
    (liquid,) = picked("diazepam", "US", "5 mg/mL oral solution")
    plan = planned("diazepam 10 mg at night", products=products, liquids=liquid)
    (first,) = [s for s in bt.suggest(plan) if s.kind == "liquid"]
    assert str(first.last_fall_before), str(first.last_fall_after) == ("0.5 mg", "0.1 mg")
    assert first.question == (
        "Ask the pharmacist whether diazepam 1 mg/mL oral solution (generic, US) can be supplied in place of "
        "diazepam 5 mg/mL oral solution (generic, US) (two liquids are never mixed) and measured to 0.1 mL."
    )


def test_drops_are_counted_not_measured() -> None:
    (first,) = [s for s in bt.suggest(planned("diazepam 10 mg at night", products="FR")) if s.kind == "liquid"]
    assert first.question.endswith("can be supplied and counted in drops.")
    assert first.last_fall_after == bt.Dose(mg=1)  # 3 drops of 10 mg in 30


def test_extended_release_is_helped_only_by_its_own_kind() -> None:
    regimen = bt.Regimen("lorazepam", morning="3 mg", release="ER")
    products = picked("lorazepam", "US", "3 mg extended-release capsule")
    suggestions = bt.suggest(planned(regimen, products=products))
    assert [str(s.what) for s in suggestions] == [
        "lorazepam 2 mg extended-release capsule (generic, US)",  # 3, 2, 0 mg
        "lorazepam 1 mg extended-release capsule (generic, US)",  # 3, 2, 1, 0 mg
    ]


def test_a_tablet_made_by_hand_is_not_suggested_to_itself() -> None:
    products = [p.replace(pieces=1) for p in bt.products("diazepam", region="UK")]
    assert list(bt.suggest(planned("diazepam 10 mg at night", products=products, splitting="halves"))) == []


def test_own_products_of_no_region_are_only_asked_about_splitting() -> None:
    own = [bt.Product("diazepam", strength="2 mg", form="tablet", split_ok="yes")]
    suggestions = bt.suggest(planned("diazepam 10 mg at night", products=own, max_pieces=10))
    assert [(s.kind, s.what) for s in suggestions] == [("splitting", "scored")]
    assert suggestions[0].question == (
        "Ask the pharmacist whether these may be taken so: diazepam 2 mg tablet in halves (the data say that it may)."
    )
    assert suggestions.note == (
        "The products are of no region in the data, so no other product was looked at, only how tablets are split."
    )


def test_a_new_tablet_that_would_be_split_is_asked_about() -> None:
    products = picked("diazepam", "UK", "5 mg tablet", "10 mg tablet")
    suggestions = bt.suggest(planned("diazepam 10 mg at night", products=products, splitting="halves"))
    (tablet,) = [s for s in suggestions if s.kind == "product"]
    assert tablet.question == (
        "Ask the pharmacist whether diazepam 2 mg tablet (generic, UK) can be supplied and whether it may be taken in "
        "halves (the data say that it must not be split)."
    )


def test_both_drugs_of_a_cross_over_are_looked_at() -> None:
    phases = [bt.Substitution("diazepam", table="ashton-2002", every="1 week"), TENTH]
    plan = planned("lorazepam 1 mg twice daily", phases)
    assert {s.what.drug for s in bt.suggest(plan) if isinstance(s.what, bt.Product)} >= {"diazepam"}
    assert all(s.last_fall_before == bt.Dose(mg=2) for s in bt.suggest(plan))


def test_several_drugs_in_turn_are_planned_again_with_their_order_and_time_apart() -> None:
    plan = planned(
        "diazepam 10 mg at night + zopiclone 7.5 mg at night",
        {"zopiclone": bt.Linear("25 %", every="2 weeks"), "diazepam": TENTH},
        table="ashton-2002",
        apart="10 days",
    )
    assert {str(s.what) for s in bt.suggest(plan)} == {"diazepam 0.4 mg/mL oral solution (generic, UK)", "halves"}
    assert {str(s.last_fall_before) for s in bt.suggest(plan)} == {"2 mg"}


def test_everything_that_was_asked_for_is_asked_for_again() -> None:
    plan = planned(
        "diazepam 10 mg morning, 20 mg night",
        [bt.Linear("2 mg", every="1 week", down_to="20 mg"), TENTH],
        splitting="scored",
        fit="nearest",
        reduce=[("16 mg", "in turn"), ("0 mg", ("morning", "night"))],
        max_pieces=5,
        lead_in="2 weeks",
        last_dose="2 mg",
        profile="uk",
        table="ashton-2002",
        align="on Monday",
        acknowledge="Dr A",
    )
    assert all(s.last_fall_after == s.last_fall_before == bt.Dose(mg=2) for s in bt.suggest(plan))
    assert set(Request.__slots__) == {  # a new one must be passed on too, in suggesting/alternatives.py
        *("regimen", "strategies", "start", "products", "splitting", "fit", "reduce", "max_pieces", "liquids"),
        *("lead_in_days", "target", "last_dose", "profile", "table", "align", "apart_days", "pick", "acknowledge"),
    }


def test_a_plan_that_waits_for_a_review_is_compared_up_to_there() -> None:
    held = bt.HoldAndStep(TENTH, at=["5 mg"], hold="4 weeks", gated=True)
    plan = planned("diazepam 10 mg at night", held)
    assert plan.record.ending == "gate"
    assert all(s.last_fall_after == bt.Dose(mg=0) for s in bt.suggest(plan))


def test_any_dose_has_nothing_to_suggest_and_says_so() -> None:
    suggestions = bt.suggest(any_dose())
    assert len(suggestions) == 0
    assert suggestions.note == "No products were given, so no product limits this plan: there is nothing to suggest."
    assert str(suggestions).startswith(suggestions.note)
    assert "<table" not in suggestions._repr_html_()
    assert suggestions.to_frame().empty


@pytest.mark.parametrize("what", [None, "diazepam 10 mg at night", 5])
def test_what_is_no_plan_is_refused(what: Any) -> None:
    with pytest.raises(PlanError, match="is no plan; give what taper"):
        bt.suggest(what)


def test_a_plan_whose_steps_are_not_those_of_its_request_is_refused() -> None:
    record = planned("diazepam 10 mg at night").record
    longer = replace(record.steps[1], days=(record.steps[1].days or 0) + 1)
    plan = bt.Plan(replace(record, steps=(record.steps[0], longer, *record.steps[2:])))
    with pytest.raises(PlanError, match="its steps are not those that its request gives"):
        bt.suggest(plan)


def test_a_plan_that_cannot_be_planned_again_says_why() -> None:
    record = planned("diazepam 10 mg at night").record
    plan = bt.Plan(replace(record, request=replace(record.request, fit="sideways")))
    with pytest.raises(PlanError, match="cannot be planned again: fit 'sideways' must be one of"):
        bt.suggest(plan)


def test_a_table_of_ones_own_must_be_given_again(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    columns = "table_id,drug,dose_low_mg,dose_high_mg,diazepam_mg,route,grade"
    file.write_text(f"{columns}\nown,lorazepam,1,1,10,oral,seen\n", encoding="utf-8")
    table = bt.load_table(file, id="own", title="own", complete=False)
    plan = planned("lorazepam 1 mg at night", table=table)
    with pytest.raises(PlanError, match="cannot be planned again: no equivalence table 'own'"):
        bt.suggest(plan)
    assert list(bt.suggest(plan, table=table)) == list(bt.suggest(planned("lorazepam 1 mg at night")))


def test_findings_that_only_the_products_force_point_to_it_once() -> None:
    plan = planned("diazepam 10 mg at night")
    causes = {finding.cause: finding.message for finding in plan.findings}
    assert "products" in causes
    for finding in plan.findings:
        pointing = finding.message.count("bt.suggest(plan) says whether another product would help.")
        assert pointing == (1 if finding.cause == "products" else 0)
        assert not pointing or finding.message.endswith("would help.")


def test_it_shows_as_json_frame_text_and_table() -> None:
    suggestions = bt.suggest(planned("diazepam 10 mg at night"))
    document = json.loads(suggestions.to_json())
    assert document["plan"] == "diazepam 10 mg night, from 2026-12-01"
    assert document["suggestions"][1] == {
        "what": "halves",
        "kind": "splitting",
        "question": suggestions[1].question,
        "worst_fall_before": "0.5",
        "worst_fall_after": "0.5",
        "last_fall_before_mg": "2",
        "last_fall_after_mg": "1",
        "days_before": 294,
        "days_after": 392,
        "from_date": "2026-12-15",
        "steps": [1, 2, 4, 5, 6, 8],
    }
    frame = suggestions.to_frame()
    assert frame["what"].tolist() == ["diazepam 0.4 mg/mL oral solution (generic, UK)", "halves"]
    assert frame["worst_fall_after_percent"].tolist() == [50.0, 50.0]
    assert frame["from_date"].dt.date.tolist() == [date(2026, 12, 15)] * 2
    assert frame.dtypes.tolist() == bt.suggest(any_dose()).to_frame().dtypes.tolist()
    assert "last fall: 2 mg now, then 1 mg" in str(suggestions)
    assert "worst fall, of current: 50 %, as now" in str(suggestions)
    assert suggestions._repr_html_().count("<tr>") == 3
    assert repr(suggestions) == "<Suggestions 2 for diazepam 10 mg night, from 2026-12-01>"


def test_no_word_of_it_tells_anybody_to_stop_or_to_go_faster() -> None:
    for region, regimen in (("UK", "diazepam 10 mg at night"), ("US", "lorazepam 1 mg twice daily")):
        said = str(bt.suggest(planned(regimen, products=region))).lower()
        assert not {"stop", "faster", "quicker", "sooner", "increase"}.intersection(said.split())


def test_the_front_door_gives_the_function_and_no_module() -> None:
    assert callable(bt.suggest)


def test_the_steps_of_a_prescriber_get_no_suggestion_but_a_word() -> None:
    plan = bt.Plan.from_schedule(
        [("2 weeks", "2 mg at night"), ("2 weeks", "1 mg at night"), ("1 day", "0 mg")],
        start="2026-12-01",
        products="UK",
        splitting="halves",
        drug="diazepam",
    )
    found = bt.suggest(plan)
    assert len(found) == 0
    assert "a prescriber's own" in found.note
