"""`fit="smoothest"` by hand: sequences, dates, endings, the proof, and what is refused."""

from itertools import pairwise
from typing import Any

import pytest

import benzotaper as bt
from benzotaper.dispensing.smoothest import Proof, best_totals, proof
from benzotaper.errors import PlanError
from benzotaper.steps import Finding

TWO_MG = (bt.Product("diazepam", strength="2 mg", form="tablet"),)


def plan(regimen: Any, strategy: Any, **more: Any) -> bt.Plan:
    given: dict[str, Any] = {"start": "2026-12-01", "products": TWO_MG, "splitting": "halves", "fit": "smoothest"}
    made = bt.taper(regimen, strategy, **given | more)
    assert bt.Plan.from_json(made.to_json()) == made
    return made


def mg_of(made: bt.Plan) -> list[float]:
    return [float(step.mean_ng("diazepam") / 10**6) for step in made.steps]


def days_of(made: bt.Plan) -> list[int | None]:
    return [step.days for step in made.steps]


def record_of(made: bt.Plan) -> Finding:
    found = [finding for finding in made.findings if finding.code == "smoothest"]
    assert len(found) == 1
    return found[0]


# ---- sequences


@pytest.mark.parametrize(
    ("totals", "intervals", "last", "expected"),
    [
        ((5,), 3, 5, (5,)),  # nothing falls
        ((5, 4, 3), 0, 5, (5,)),
        ((5, 4, 3), 1, 3, (5, 3)),
        ((8, 7, 6, 5, 4, 3, 2, 1), 3, 1, (8, 4, 2, 1)),  # halves each time
        ((8, 7, 6, 5, 4, 3, 2, 1), 99, 1, (8, 7, 6, 5, 4, 3, 2, 1)),  # each total there is
        ((8, 7, 6, 5, 4, 3, 2, 1), 3, 4, (8, 6, 5, 4)),  # 1/4 is the cap; 1/16 + 1/36 + 1/25 is the least sum
        ((10, 9, 8, 1), 2, 1, (10, 8, 1)),  # the cap is the gap above 1; then 1/25 of 10 against 1/100
        ((36, 6, 3, 1), 3, 1, (36, 6, 3, 1)),  # equal to 36, 6, 1 in both; the higher dose first
        ((36, 6, 3, 1), 2, 1, (36, 6, 1)),
    ],
)
def test_the_best_sequence_by_hand(
    totals: tuple[int, ...], intervals: int, last: int, expected: tuple[int, ...]
) -> None:
    assert best_totals(totals, intervals=intervals, last=last) == expected


def test_a_scale_changes_nothing() -> None:
    totals = [13, 11, 9, 8, 6, 5, 3]
    scaled = best_totals([total * 250_000 for total in totals], intervals=4, last=3 * 250_000)
    assert scaled == tuple(total * 250_000 for total in best_totals(totals, intervals=4, last=3))


@pytest.mark.parametrize(("intervals", "last"), [(3, 2), (0, 1), (3, 11)])
def test_a_last_dose_that_cannot_be_reached_is_refused(intervals: int, last: int) -> None:
    with pytest.raises(PlanError, match=f"a last dose of {last} ng cannot be reached in {intervals} falls"):
        best_totals([10, 5, 1], intervals=intervals, last=last)


# ---- the proof


def test_the_proof_says_how_many_falls_a_smaller_largest_fall_needs() -> None:
    proved = proof([8, 7, 6, 5, 4, 3, 2, 1], [8, 4, 2, 1], intervals=3)
    # 8, 5, 3, 2, and from 2 to 1 it is a half: no smaller fall leads on
    assert proved == Proof(before=8, after=4, intervals=3, needed=0, gap=(2, 1))
    proved = proof([8, 7, 6, 5, 4, 3, 2], [8, 4, 2], intervals=2)
    assert proved == Proof(before=8, after=4, intervals=2, needed=3, gap=())


def test_the_proof_of_nothing_that_falls_is_empty() -> None:
    assert proof([5, 4], [5], intervals=3) == Proof(before=5, after=5, intervals=3, needed=0, gap=())


@pytest.mark.parametrize(
    "sequence", [(8, 9, 1), (8, 8, 1), (7, 4, 1), (8, 3.5, 1), (8, 6, 4, 2, 1), (8, 4, 6, 1)], ids=str
)
def test_a_sequence_that_is_not_allowed_has_no_proof(sequence: tuple[int, ...]) -> None:
    with pytest.raises(PlanError, match="no falling sequence of this chain within 3 falls"):
        proof([8, 7, 6, 5, 4, 3, 2, 1], sequence, intervals=3)


def test_a_sequence_that_falls_further_than_need_be_has_no_proof() -> None:
    with pytest.raises(PlanError, match="3 falls, each smaller than from 8 to 3 ng, reach 1 ng too"):
        proof([8, 7, 6, 5, 4, 3, 2, 1], [8, 3, 2, 1], intervals=3)


# ---- whole plans


def test_a_plan_spreads_its_falls_over_the_dates_of_the_strategy() -> None:
    made = plan("diazepam 9 mg at night", bt.Linear("2 mg", every="2 weeks"))
    # up: 9, 7, 5, 3, 1, 0; from 2 to 1 mg it is a half whatever comes before, and 9, 5, 3, 2, 1 has the least sum
    assert mg_of(made) == [9, 5, 3, 2, 1, 0]
    assert days_of(made) == [0, 14, 14, 14, 14, None]
    assert str(made.stops_on) == "2027-01-26"


def test_a_chain_of_fewer_totals_than_dates_keeps_to_the_ideal_course() -> None:
    asked = ("diazepam 4 mg at night", bt.Percentage("10 %", of="current", every="1 week"))
    made, up = plan(*asked), plan(*asked, fit="up")
    assert made.steps == up.steps
    assert mg_of(made) == [4, 3, 2, 1, 0]


def test_a_total_is_reached_on_the_day_on_which_the_ideal_course_is_at_it() -> None:
    asked = ("diazepam 4 mg at night", bt.Linear("0.5 mg", every="1 week"))
    made, up = plan(*asked), plan(*asked, fit="up")
    assert made.steps == up.steps
    assert (mg_of(made), days_of(made)) == ([4, 3, 2, 1, 0], [7, 14, 14, 14, None])
    assert "ahead" not in record_of(made).message


def test_a_fall_comes_before_the_ideal_course_only_where_the_rest_would_be_late() -> None:
    made = plan("diazepam 4 mg at night", bt.Linear(steps=5, every="1 week", down_to="1 mg"), last_dose="1 mg")
    # ideal: 3.4, 2.8, 2.2, 1.6, 1 mg
    assert [str(step.start) for step in made.steps[1:]] == ["2026-12-08", "2026-12-22", "2026-12-29", "2027-01-05"]
    assert mg_of(made) == [4, 3, 2, 1, 0]
    late = plan(
        "diazepam 4 mg at night", [bt.Linear("0.1 mg", every="1 week", down_to="3.6 mg"), "linear 2.6 mg every 1 week"]
    )
    # ideal: 3.9, 3.8, 3.7, 3.6, 1 mg
    assert mg_of(late) == [4, 3, 2, 1, 0]
    assert days_of(late) == [14, 7, 7, 7, None]


def test_several_phases_give_their_dates_and_the_ideal_course_stays_true() -> None:
    phases = [bt.Linear("4 mg", every="1 week", down_to="6 mg"), bt.Percentage("40 %", of="current", every="3 weeks")]
    made, up = plan("diazepam 14 mg at night", phases), plan("diazepam 14 mg at night", phases, fit="up")
    assert made.record.ideal == up.record.ideal
    assert (mg_of(up), days_of(up)) == ([14, 10, 6, 4, 3, 2, 1, 0], [0, 7, 7, 21, 21, 21, 21, None])
    assert (mg_of(made), days_of(made)) == ([14, 9, 6, 4, 3, 2, 1, 0], [0, 7, 7, 21, 21, 21, 21, None])
    assert made.stops_on == up.stops_on


def test_the_present_dose_is_kept_for_the_lead_in() -> None:
    made = plan("diazepam 9 mg at night", bt.Linear("2 mg", every="2 weeks"), lead_in="3 weeks")
    assert mg_of(made) == [9, 5, 3, 2, 1, 0]
    assert days_of(made) == [21, 14, 14, 14, 14, None]
    assert made.steps[0].start == made.start


def test_it_ends_on_the_target() -> None:
    made = plan("diazepam 10 mg at night", bt.Linear("2 mg", every="2 weeks"), target="3 mg")
    # up: 10, 8, 6, 4, 3
    assert mg_of(made) == [10, 7, 5, 4, 3]
    assert made.record.ending == "maintenance"
    assert days_of(made) == [0, 14, 14, 14, None]


def test_it_ends_from_the_last_dose() -> None:
    made = plan("diazepam 10 mg at night", bt.Linear("2 mg", every="2 weeks"), last_dose="4 mg")
    assert mg_of(made)[-2:] == [4, 0]


def test_doses_of_two_times_fall_along_the_chain() -> None:
    asked = ("diazepam 3 mg morning, 5 mg night", bt.Linear("2 mg", every="2 weeks"))
    for reduce in ("evenly", ("morning", "night"), [("5 mg", ("morning", "night")), ("0 mg", "evenly")]):
        made = plan(*asked, reduce=reduce)
        # up: 8, 6, 4, 2, 0
        assert mg_of(made) == [8, 5, 3, 2, 0]
    in_turn = plan(*asked, reduce=("morning", "night"))
    assert [tuple(a.time for a in step.cycle[0]) for step in in_turn.steps] == [
        ("morning", "night"),
        *[("night",)] * 3,
        (),
    ]


def test_aligned_days_move_and_the_totals_stay() -> None:
    asked = ("diazepam 9 mg at night", bt.Linear("2 mg", every="2 weeks"))
    aligned, made = plan(*asked, align="on Monday"), plan(*asked)
    assert mg_of(aligned) == mg_of(made)
    assert [str(step.start) for step in aligned.steps[1:3]] == ["2026-12-07", "2026-12-21"]


def test_a_plan_without_a_fall_before_the_last_says_so() -> None:
    made = plan("diazepam 1 mg at night", bt.Percentage("20 %", of="current", every="1 week"))
    assert (mg_of(made), days_of(made)) == ([1, 0], [21, None])
    assert "no fall before the last" in record_of(made).message


def test_a_plan_whose_first_date_is_its_end_has_a_record_too() -> None:
    made = plan("diazepam 2 mg at night", bt.Linear("3 mg", every="1 week"))
    assert mg_of(made) == [2, 0]
    assert record_of(made).steps == ()


def test_the_record_names_the_fall_that_no_more_dates_would_shrink() -> None:
    made = plan("diazepam 4 mg at night", bt.Percentage("10 %", of="current", every="1 week"))
    record = record_of(made)
    assert record.severity == "notice"
    assert record.steps == (3,)
    assert "from 2 to 1 mg" in record.message
    assert "below 2 mg the next total that can be made is 1 mg" in record.message
    assert "ahead" not in record.message
    figures = dict(record.figures)
    assert figures["the same with fit up, of the current total"] == "1/2"
    assert figures["falls that a smaller largest fall needs"] == "no number is enough"


def test_the_record_says_by_how_many_falls_a_smaller_one_is_too_long_and_is_in_the_json() -> None:
    made = plan("diazepam 10 mg at night", bt.Linear("2 mg", every="2 weeks"), target="3 mg")
    document: Any = made.to_dict()
    (record,) = (finding for finding in document["findings"] if finding["code"] == "smoothest")
    assert {figure["name"]: figure["text"] for figure in record["figures"]} == {
        "largest fall, of the current total": "3/10",
        "largest fall, % of current": "30",
        "from, mg": "10",
        "to, mg": "7",
        "the same with fit up, of the current total": "1/3",
        "the same with fit up, % of current": "33.3",
        "falls that there are dates for": "4",
        "falls that a smaller largest fall needs": "5",
        "too many by": "1",
    }
    assert record["steps"] == [1]
    assert "ahead of the ideal course" in record["message"]
    again = bt.Plan.from_json(made.to_json())
    assert again.findings == made.findings


def test_other_fits_have_no_such_record() -> None:
    for fit in ("up", "nearest"):
        made = plan("diazepam 9 mg at night", bt.Linear("2 mg", every="2 weeks"), fit=fit)
        assert not [finding for finding in made.findings if finding.code == "smoothest"]


def test_a_fall_that_only_the_fit_makes_is_not_blamed_on_the_products() -> None:
    made = plan("diazepam 20 mg at night", bt.Linear("2 mg", every="2 weeks"), max_pieces=20)
    (first,) = (finding for finding in made.findings if finding.code == "PL-02")
    assert first.cause == ""
    assert "the smoothest fit does" in first.message
    falls = [a - b for a, b in pairwise(mg_of(made))]
    assert falls[0] > 2 > falls[-2]


# ---- what is refused


@pytest.mark.parametrize(
    ("strategy", "more", "words"),
    [
        (bt.AlternateDay("2 mg", low_days="every other day", every="1 week"), {}, "not for 'alternate-day 2 mg"),
        (
            bt.HoldAndStep(bt.Linear("2 mg", every="1 week"), at="every step", hold="2 weeks"),
            {},
            "not for 'hold-and-step",
        ),
        (
            [
                bt.Linear("2 mg", every="1 week", down_to="6 mg"),
                bt.Substitution(to="lorazepam", table="ashton-2002", order=("night",), every="1 week"),
                bt.Linear("0.5 mg", every="1 week"),
            ],
            {},
            "linear, percentage, hyperbolic, not for 'substitution",
        ),
        (bt.Linear("2 mg", every="1 week"), {"reduce": "in turn"}, "reduce 'in turn' has no fixed chain of totals"),
        (
            bt.Linear("2 mg", every="1 week"),
            {"reduce": [("4 mg", "in turn"), ("0 mg", "evenly")]},
            "reduce 'in turn' has no fixed chain of totals",
        ),
        (
            bt.Linear("2 mg", every="1 week"),
            {"products": bt.ANY_DOSE, "splitting": "", "last_dose": "2 mg"},
            "with ANY_DOSE give 'up' or 'nearest'",
        ),
        (
            bt.Linear("2 mg", every="1 week"),
            {"products": bt.ANY_DOSE, "splitting": "", "last_dose": "2 mg", "reduce": "in turn"},
            "with ANY_DOSE give 'up' or 'nearest'",
        ),
        (bt.Linear("2 mg", every="1 week"), {"fit": "smoothes"}, "must be one of up, nearest, smoothest"),
    ],
)
def test_what_has_no_smoothest_plan_is_refused_by_name(strategy: Any, more: dict[str, Any], words: str) -> None:
    with pytest.raises(PlanError) as refused:
        plan("diazepam 10 mg at night", strategy, **more)
    assert words in str(refused.value)
