"""What is collected when, what is left over, and what is refused."""

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import holidays
import pytest

import benzotaper as bt
from benzotaper.errors import BenzotaperError, IntervalError, PlanError, ProductError
from plan_records import PLANS

TEN = bt.Product("diazepam", strength="10 mg", form="tablet")
TWO = bt.Product("diazepam", strength="2 mg", form="tablet", split_ok="yes")
DAY = timedelta(days=1)


def plan(mg: int, **changes: Any) -> bt.Plan:
    """Down by 1 mg every two weeks, in halves of 2 mg tablets, from a Tuesday on."""
    asked = {"start": "2026-12-01", "products": [TWO], "splitting": "halves"} | changes
    return bt.taper(f"diazepam {mg} mg at night", bt.Linear("1 mg", every="2 weeks"), **asked)


def units(fills: bt.Fills) -> list[int]:
    return [supply.units for fill in fills for supply in fill.supplies]


# ---- quantities


def test_40_mg_for_5_days_then_30_20_and_10_mg_for_3_days_each_is_38_tablets() -> None:
    """A public help page says 17 and 30."""
    taper = bt.taper(
        "diazepam 40 mg at night",
        bt.Linear("10 mg", every="3 days"),
        start="2026-12-01",
        lead_in="5 days",
        products=[TEN],
        splitting="whole",
    )
    assert units(taper.fills(every="28 days")) == [38]
    assert [total.units for total in taper.totals()] == [38]
    assert [total.dose_mg for total in taper.totals()] == [380]


def test_a_half_that_is_left_is_carried_over_and_taken_later() -> None:
    fills = plan(4).fills(every="7 days")
    assert units(fills) == [11, 10, 7, 7, 4, 3]
    first = fills[0].supplies[0]
    assert (first.taken, first.use.wholes, first.use.halves) == (Fraction(21, 2), 7, 7)
    assert (first.left_whole, first.left_broken) == (0, Fraction(1, 2))
    assert fills[1].supplies[0].before == Fraction(1, 2)


def test_a_half_that_the_data_say_is_discarded_is_never_kept() -> None:
    discarded = TWO.replace(note="an unused half is discarded")
    fills = plan(4, products=[discarded]).fills(every="14 days")
    assert units(fills) == [28, 14, 14]
    assert [supply.discarded for fill in fills for supply in fill.supplies] == [7, 0, 7]
    total = fills.totals[0]
    assert (total.dispensed, total.taken, total.discarded, total.returned, total.on_hand) == (56, 42, 14, 0, 0)


def test_whole_packs_are_dispensed_and_what_is_left_is_returned_at_the_end() -> None:
    fills = plan(4).fills(every="14 days", whole_packs=28)
    assert units(fills) == [28, 28, 0]
    assert [supply.packs for fill in fills for supply in fill.supplies] == [1, 1, 0]
    total = fills.totals[0]
    assert (total.dispensed, total.taken, total.returned) == (56, 42, 14)


def test_what_is_in_hand_is_used_first() -> None:
    fills = plan(4).fills(every="14 days", on_hand={TWO: "10.5"})
    assert units(fills) == [11, 14, 7]
    fills = plan(4).fills(every="14 days", on_hand={str(TWO): 100})
    assert units(fills) == [0, 0, 0]
    assert fills.totals[0].returned == 58
    assert "nothing" in str(fills)


def test_a_product_in_hand_that_is_not_taken_is_to_be_returned() -> None:
    fills = plan(4, products=[TWO, TEN]).fills(every="28 days", on_hand={TEN: 20})
    assert {total.product: total.returned for total in fills.totals} == {TEN: 20, TWO: 0}


def test_liquids_are_dispensed_in_whole_ml_or_whole_bottles() -> None:
    liquid = bt.Product("diazepam", strength="0.4 mg", form="oral solution")
    course = bt.taper(
        "diazepam 1 mg at night",
        bt.Linear("0.5 mg", every="3 days"),
        start="2026-12-01",
        products=[liquid],
        splitting="whole",
    )
    assert [total.units for total in course.totals()] == [Fraction(39, 10)]
    assert units(course.fills(every="7 days")) == [4]
    bottles = course.fills(every="7 days", whole_packs={liquid: 100})
    assert bottles[0].supplies[0].packs == 1
    assert bottles.totals[0].returned == 100 - Fraction(39, 10)
    assert "100 mL (1 pack)" in str(bottles)
    with pytest.raises(ProductError, match="give the pack of each product"):
        course.fills(every="7 days", whole_packs=100)


def test_totals_say_what_is_needed_if_halves_are_kept_and_if_not() -> None:
    total = next(iter(plan(4).totals()))
    assert (total.units, total.units_if_halves_kept, total.units_if_halves_discarded) == (42, 42, 56)


# ---- dates


def test_a_fill_that_is_due_in_a_closure_is_collected_on_the_last_open_day_before_it() -> None:
    fills = plan(4).fills(every="7 days", is_closed=lambda day: day.weekday() in (0, 1))  # Monday and Tuesday
    second = fills[1]
    assert (second.due, second.collected) == (date(2026, 12, 8), date(2026, 12, 6))
    assert second.earliest == date(2026, 12, 4)  # 3 days before Monday
    assert fills[0].last_day == date(2026, 12, 5)
    assert second.first_day == second.collected


def test_the_early_window_may_be_set() -> None:
    asked: dict[str, Any] = {"every": "7 days", "is_closed": lambda day: day.weekday() in (0, 1)}
    assert plan(4).fills(**asked, early="1 day")[1].earliest == date(2026, 12, 6)
    assert plan(4).fills(**asked, early="2 days")[1].earliest == date(2026, 12, 5)


def test_two_fills_that_are_due_in_one_closure_are_one() -> None:
    closed = [date(2026, 12, 6) + DAY * number for number in range(14)]
    fills = plan(4).fills(every="7 days", is_closed=lambda day: day in closed)
    assert [fill.collected.day for fill in fills] == [1, 5, 22, 29, 5]
    assert fills[1].days == 17


def test_public_holidays_come_from_their_package() -> None:
    english = holidays.country_holidays("GB", subdiv="ENG")
    fills = plan(4).fills(every="25 days", is_closed=lambda day: day in english or day.weekday() == 6)
    assert [fill.due.isoformat() for fill in fills] == ["2026-12-01", "2026-12-26"]
    assert [fill.collected.isoformat() for fill in fills] == ["2026-12-01", "2026-12-24"]


def test_the_run_out_day_is_the_first_that_is_not_covered() -> None:
    assert [fill.run_out for fill in plan(4).fills(every="28 days")] == [date(2026, 12, 29), None]
    assert [fill.run_out for fill in plan(4).fills(every="28 days", whole_packs=28)] == [None, None]
    few = plan(4, target="2 mg").fills(every="7 days", until="2026-12-31", whole_packs=28)
    assert few[0].run_out == date(2026, 12, 22)  # 28 tablets: 14 days of 1½, then 7 days of 1
    assert few[-1].run_out == date(2027, 1, 19)  # beyond the last day covered


def test_an_open_last_step_is_left_out_and_said_or_covered_until_a_day() -> None:
    stays = plan(4, target="2 mg")
    fills = stays.fills(every="28 days")
    assert fills.until == date(2026, 12, 14)
    assert fills.notes == (
        "the maintenance dose from Tue 15 Dec 2026 on has no end and is not covered; give until= to cover it",
    )
    longer = stays.fills(every="28 days", until="2027-01-31")
    assert not longer.notes
    assert longer.totals[0].taken == 21 + 48
    assert longer.totals[0].returned == 0


def test_a_course_may_be_covered_for_a_while_only() -> None:
    fills = plan(4).fills(every="7 days", until="2026-12-10", whole_packs=30)
    assert (fills.until, len(fills)) == (date(2026, 12, 10), 2)
    assert (fills.totals[0].returned, fills.totals[0].on_hand) == (0, 15)


# ---- limits


BY = "Local rules, dated 2026-05-01; confirm that it still holds"


def test_a_limit_is_a_notice_with_its_source_and_date() -> None:
    by = {"source": "Local rules", "dated": "2026-05-01"}
    limits = [
        bt.FillLimit(**by, longest="20 days"),
        bt.FillLimit(**by, valid_for="28 days", issued="2026-11-30"),
        bt.FillLimit(**by, most_fills=1),
    ]
    fills = plan(4).fills(every="28 days", limits=limits)
    assert fills.notes == (
        f"fill 1 covers 28 days; at most 20 by {BY}",
        f"fill 2 is collected on 2026-12-29; the prescription of 2026-11-30 holds for 4 weeks by {BY}",
        f"there are 2 fills; at most 1 by {BY}",
    )
    assert "Note: fill 1 covers 28 days" in str(fills)
    assert not plan(4).fills(every="28 days").notes, "no limit is assumed"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"source": " ", "dated": "2026-05-01", "most_fills": 1}, "needs source="),
        ({"source": "x", "dated": "2026-05-01"}, "limits nothing"),
        ({"source": "x", "dated": "2026-05-01", "valid_for": "28 days"}, "go together"),
        ({"source": "x", "dated": "2026-05-01", "issued": "2026-05-01"}, "go together"),
        ({"source": "x", "dated": "2026-05-01", "most_fills": -1}, "at least 1"),
        ({"source": "x", "dated": "May 2026", "most_fills": 1}, "is no date"),
    ],
)
def test_a_limit_without_source_date_or_content_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(BenzotaperError, match=words):
        bt.FillLimit(**given)


# ---- refused


def test_a_plan_with_any_dose_has_no_fills_and_no_totals() -> None:
    free = plan(4, products=bt.ANY_DOSE, splitting="", last_dose="1 mg")
    for ask in (lambda: free.fills(every="28 days"), free.totals):
        with pytest.raises(ProductError, match="names no products"):
            ask()


def test_a_day_without_supply_before_the_first_fill_is_refused_by_its_date() -> None:
    with pytest.raises(PlanError, match="2026-12-03 would be without"):
        plan(4).fills(every="7 days", first="2026-12-05", on_hand={TWO: 3})
    assert plan(4).fills(every="7 days", first="2026-12-05", on_hand={TWO: 6})[0].first_day == date(2026, 12, 5)


REFUSED: list[tuple[dict[str, Any], type[BenzotaperError], str]] = [
    ({"every": 28}, IntervalError, "needs a unit"),
    ({"every": "1 month"}, IntervalError, "a month is not"),
    ({"early": "0 days"}, IntervalError, "out of range"),
    ({"first": "2027-03-01"}, PlanError, "must not lie after 2027-01-11"),
    ({"first": "1990-01-01"}, PlanError, "must lie|must not"),
    ({"until": "2026-11-30"}, PlanError, "must lie between"),
    ({"until": "2060-01-01"}, PlanError, "must lie between"),
    ({"is_closed": ["2026-12-25"]}, PlanError, "must be a function"),
    ({"is_closed": lambda _: None}, IntervalError, "gave no answer"),
    ({"is_closed": lambda _: True}, IntervalError, "all days of the year"),
    ({"on_hand": [3]}, ProductError, "must be a mapping"),
    ({"on_hand": {"diazepam 2 mg tablet": 3}}, ProductError, "did you mean diazepam 2 mg tablet .own, own."),
    ({"on_hand": {TWO: 3, str(TWO): 3}}, ProductError, "twice"),
    ({"on_hand": {TWO: 2.5}}, ProductError, "not exact"),
    ({"on_hand": {TWO: -1}}, ProductError, "between 0 and"),
    ({"on_hand": {TWO: "0.3"}}, ProductError, "quarters"),
    ({"on_hand": {TWO: 10_001}}, ProductError, "between 0 and"),
    ({"whole_packs": 0}, ProductError, "from 1 to"),
    ({"whole_packs": {TWO: 28.0}}, ProductError, "from 1 to"),
    ({"whole_packs": {TEN: 28}}, ProductError, "does not draw on"),
]


@pytest.mark.parametrize(("given", "error", "words"), REFUSED)
def test_what_cannot_be_filled_is_refused(given: dict[str, Any], error: type[BenzotaperError], words: str) -> None:
    with pytest.raises(error, match=words):
        plan(4).fills(**{"every": "28 days"} | given)


def test_part_of_a_tablet_that_may_not_be_kept_cannot_be_in_hand() -> None:
    discarded = TWO.replace(note="an unused half is discarded")
    with pytest.raises(ProductError, match="an unused part of it is discarded"):
        plan(4, products=[discarded]).fills(every="28 days", on_hand={discarded: "2.5"})


def test_a_plan_that_is_open_from_its_first_day_needs_a_last_day() -> None:
    record = PLANS["simple"]
    kept = replace(record.steps[1], days=None)
    opened = bt.Plan(replace(record, steps=(record.steps[0], kept), ending="maintenance"))
    with pytest.raises(PlanError, match="open from its first day on: give until="):
        opened.fills(every="28 days")
    assert opened.fills(every="28 days", until=opened.start).totals


# ---- how it is shown


def test_frames_have_a_row_per_fill_and_product_and_one_per_product() -> None:
    fills = plan(4).fills(every="14 days")
    frame = fills.to_frame()
    assert frame["units"].tolist() == [21, 14, 7]
    assert str(frame["run_out"].dtype) == "datetime64[s]"
    assert (frame["before"] + frame["units"] == frame["taken"] + frame["discarded"] + frame["left"]).all()
    products = fills.to_frame(per="product")
    assert products["dispensed"].tolist() == [42]
    assert plan(4).totals().to_frame()["units_if_halves_discarded"].tolist() == [56]
    with pytest.raises(PlanError, match="per fill, product"):
        fills.to_frame(per="day")  # type: ignore[arg-type]  # the slip that is asked about


def test_json_has_exact_numbers_as_text() -> None:
    document = json.loads(plan(4).fills(every="7 days").to_json())
    assert document["fills"][0]["taken"] == "10.5"
    assert document["fills"][0]["collected"] == "2026-12-01"
    assert document["totals"][0]["dispensed"] == 42
    assert json.loads(plan(4).totals().to_json())["products"][0]["units"] == "42"


def test_a_notebook_shows_tables_whose_text_is_escaped() -> None:
    named = plan(4, products=[TWO.replace(name="<b>")])
    for shown in (named.fills(every="28 days"), named.totals()):
        assert "<table>" in shown._repr_html_()
        assert "&lt;b&gt;" in shown._repr_html_()
        assert "<b>" not in shown._repr_html_()


def test_an_open_end_is_named_with_the_totals() -> None:
    stays = plan(4, target="2 mg").totals()
    assert not stays.whole
    assert "The open last step is not counted." in str(stays)
    assert "not counted" in stays._repr_html_()
