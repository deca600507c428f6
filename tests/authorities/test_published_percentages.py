"""Published schedules in percent of the start or of the current dose, made again with drugs that tablets allow."""

from fractions import Fraction
from itertools import pairwise

import pytest

import benzotaper as bt
from printed import Departure, Pieces, at_night, days, doses, in_mg, planned, planned_days, read, stock, tablet_faults

START = "2026-12-01"
VISSERS, SEMERGEN = "cfp2018_trial_vissers_2007_percent.csv", "semergen_alternate_day_alprazolam_percent.csv"
BELLEVILLE = "belleville_morin_2009_hypnotic_percent.csv"
US = "us_tapering_schedules_2014_diazepam_15mg_26wk.csv"

# ---- Vissers 2007: no departure; the table names neither drug, tablets nor base

QUARTERS = [bt.Linear("25 %", every="2 weeks", down_to="25 %"), bt.Linear("12.5 %", every="2 weeks")]


@pytest.mark.parametrize(
    ("mg", "pieces"),
    [
        ("8", {("diazepam", "2 mg"): 2}),
        ("20", {("diazepam", "10 mg"): 2, ("diazepam", "5 mg"): 2, ("diazepam", "2 mg"): 2}),
    ],
)
def test_vissers_is_quarters_of_the_start_every_2_weeks_then_half_a_quarter(mg: str, pieces: Pieces) -> None:
    plan = bt.taper(
        f"diazepam {mg} mg at night",
        QUARTERS,
        lead_in="2 weeks",
        start=START,
        products=stock(pieces),
        splitting="whole",
    )
    printed = in_mg(read(VISSERS), "diazepam", "night", mg)
    assert planned_days(plan) == days(printed)
    assert doses(planned(plan)) == doses(printed)
    assert tablet_faults(plan, pieces) == []


def test_vissers_counts_its_percents_from_the_diazepam_after_the_switch() -> None:
    pieces = {("diazepam", "5 mg"): 2, ("lorazepam", "1 mg"): 1}
    plan = bt.taper(
        "lorazepam 2 mg at night",
        [bt.Substitution("diazepam", table="ashton-2002", at_once=True, hold="2 weeks"), *QUARTERS],
        start=START,
        products=stock(pieces),
        splitting="whole",
        acknowledge="a test: the trial switched at once",
    )
    assert planned_days(plan) == days(in_mg(read(VISSERS), "diazepam", "night", "20"))


# ---- Semergen: no departure; no days are printed, and each step lasts "as many weeks as needed"

ALPRAZOLAM = {("alprazolam", "0.5 mg"): 2}
HALF_ON_ALTERNATE_DAYS = bt.AlternateDay("50 %", low_days="every other day", zero_days=True, every="4 weeks")


def semergen(acknowledge: str) -> bt.Plan:
    return bt.taper(
        "alprazolam 0.5 mg at night",
        HALF_ON_ALTERNATE_DAYS,
        start=START,
        products=stock(ALPRAZOLAM),
        splitting="whole",
        acknowledge=acknowledge,
    )


def test_semergen_takes_half_on_even_days_then_every_day_then_nothing_on_even_days() -> None:
    plan = semergen("a test: the published schedule is for alprazolam")
    taken = [[sum((a.dose.mg for a in day), Fraction(0)) for day in step.cycle] for step in plan.steps]
    printed = []
    for row in read(SEMERGEN):
        by_day = {day: dose * Fraction("0.5") / 100 for (_, day), dose in row.doses.items()}
        every_day = by_day.get("every day")
        alternate = [by_day.get("odd days", Fraction(0)), by_day.get("even days", Fraction(0))]
        printed.append([every_day] if every_day else alternate if any(alternate) else [Fraction(0)])
    assert taken == printed
    assert tablet_faults(plan, ALPRAZOLAM) == []


def test_semergen_days_alternate_in_the_frame_from_the_first_day_of_each_step() -> None:
    ours = planned_days(semergen("a test"))
    pattern = {1: ("0.5", "0.25"), 29: ("0.25", "0.25"), 57: ("0.25", "0")}
    for first, (odd, even) in pattern.items():
        found = [ours[day].get("alprazolam", Fraction(0)) for day in range(first, first + 28)]
        assert found == [Fraction(odd), Fraction(even)] * 14
    assert (max(ours), ours[85]) == (85, {})


def test_semergen_needs_somebodys_word_because_alprazolam_wears_off_within_a_day() -> None:
    with pytest.raises(bt.BenzotaperError, match="half-life"):
        semergen("")


# ---- Belleville and Morin 2009: the number of drug-free nights is not printed

HYPNOTICS = [
    ("zopiclone", "7.5", {("zopiclone", "3.75 mg"): 2}),
    ("temazepam", "20", {("temazepam", "10 mg"): 2}),
]
FREE_NIGHTS = (2, 4, 6)  # ours: the source prints "begin", "more", and "only on nights fixed in advance"
WHICH_NIGHTS = (
    Departure(4, "easy nights, chosen in advance", "nights 4, 7", "a rule cannot know which nights are easy"),
    Departure(5, "more nights", "nights 2, 4, 6, 7", "as step 4"),
    Departure(6, "nights fixed in advance, no end printed", "nights 2, 3, 4, 5, 6, 7", "as step 4; a week, so it ends"),
)


def belleville(drug: str, mg: str, pieces: Pieces) -> bt.Plan:
    return bt.taper(
        f"{drug} {mg} mg at night",
        [
            bt.Linear("25 %", every="2 weeks", down_to="25 %"),
            bt.AlternateDay("25 %", low_days=(*FREE_NIGHTS, 7), zero_days=True, every="1 week"),
        ],
        lead_in="2 weeks",
        start=START,
        products=stock(pieces),
        splitting="whole",
    )


@pytest.mark.parametrize(("drug", "mg", "pieces"), HYPNOTICS)
def test_belleville_is_quarters_of_the_start_on_each_of_its_first_8_weeks(drug: str, mg: str, pieces: Pieces) -> None:
    plan = belleville(drug, mg, pieces)
    printed = days(in_mg(read(BELLEVILLE)[:4], drug, "night", mg))
    assert {day: doses for day, doses in planned_days(plan).items() if day < 57} == printed
    assert tablet_faults(plan, pieces) == []


@pytest.mark.parametrize(("drug", "mg", "pieces"), HYPNOTICS)
def test_belleville_then_takes_the_last_quarter_or_nothing_with_more_free_nights_each_week(
    drug: str, mg: str, pieces: Pieces
) -> None:
    ours = planned_days(belleville(drug, mg, pieces))
    printed = in_mg(read(BELLEVILLE), drug, "night", mg)
    for free, row in zip(FREE_NIGHTS, printed[4:7], strict=True):
        week = [ours[day].get(drug, Fraction(0)) for day in range(row.day, row.day + 7)]
        assert sorted(week) == [Fraction(0)] * free + [row.total] * (7 - free)
    assert [row.day for row in printed[4:7]] == [57, 64, 71]
    assert (max(ours), ours[78]) == (78, {})


def test_belleville_leaves_the_choice_of_nights_to_people_and_ours_are_spread_evenly() -> None:
    plan = belleville(*HYPNOTICS[0])
    for departure in WHICH_NIGHTS:
        free = [number for number, day in enumerate(plan.steps[departure.step].cycle, start=1) if not day]
        assert f"nights {', '.join(map(str, free))}" == departure.ours


# ---- US handout: about 25 to 33 % of the current dose, rounded to what can be made

TABLETS = {("diazepam", "10 mg"): 1, ("diazepam", "5 mg"): 1, ("diazepam", "2 mg"): 1}
SOLUTION = bt.Product("diazepam", strength="1 mg", form="oral solution", smallest_ml="0.25")
MADE = TABLETS | {("diazepam", "1 mg"): 4}  # of the solution, quarters of 1 mL
SMALLEST = Fraction("0.25")
LEAST, MOST = Fraction(1, 4), Fraction(1, 3)
OUTSIDE = {2: "22.7", 4: "20.8", 7: "20.0", 12: "50.0", 13: "100.0"}
"""Printed falls, in % of the dose before, that are not 25 to 33 %."""
CLOSEST = (
    Departure(
        1,
        "day 8, 14 days: 11 night",
        "day 8, 14 days: 11.25 night",
        "the printed first fall is 26.7 %, ours 25.25 % like all others",
    ),
    Departure(3, "day 36, 14 days: 6 night", "day 36, 14 days: 6.25 night", "the printed fall is 29.4 %"),
    Departure(
        11,
        "day 148, 14 days: 0.5 night",
        "day 148, 28 days: 0.5 night",
        "the printed table halves 0.5 mg; 25.25 % of it rounds to 0.5 mg once more",
    ),
    Departure(
        12,
        "day 162, 14 days: 0.25 night",
        "day 176, 56 days: 0.25 night",
        "a share of the current dose never ends: the last dose is kept until the ideal is below half of it",
    ),
    Departure(13, "day 176, 0 days: 0", "day 232, 0 days: 0", "as steps 11 and 12: 8 weeks later"),
)
DAYS_APART = 14 + 14 + 14 + 56
"""Of the closest: two steps of 0.25 mg too much, 2 weeks at 0.5 for 0.25 mg, 8 weeks at 0.25 mg for nothing."""


def handout(strategy: list[bt.Linear] | bt.Percentage, fit: str = "up") -> bt.Plan:
    return bt.taper(
        "diazepam 15 mg at night",
        strategy,
        fit=fit,
        lead_in="1 week",
        start=START,
        products=[*stock(TABLETS), SOLUTION],
        splitting="whole",
    )


def test_the_us_handout_never_rises_and_goes_from_its_floor_of_0_25_mg_to_nothing() -> None:
    totals = [row.total for row in read(US)]
    assert all(a > b for a, b in pairwise(totals))
    assert totals[-2:] == [SMALLEST, 0]
    assert all((total / SMALLEST).denominator == 1 for total in totals)


def test_the_us_handout_falls_by_25_to_33_percent_of_the_current_dose_but_for_five_steps() -> None:
    falls = {b.step: 1 - b.total / a.total for a, b in pairwise(read(US))}
    assert {step: f"{float(fall):.1%}"[:-1] for step, fall in falls.items() if not LEAST <= fall <= MOST} == OUTSIDE


def test_each_dose_of_the_us_handout_lies_within_0_25_mg_of_a_fall_by_25_to_33_percent() -> None:
    for before, now in pairwise(read(US)):
        least, most = before.total * (1 - MOST), before.total * (1 - LEAST)
        assert least - SMALLEST <= now.total <= most + SMALLEST


def test_the_us_handout_is_six_linear_phases_on_every_day_in_tablets_and_1_mg_per_ml_solution() -> None:
    falls = (("4", "11"), ("2.5", "6"), ("1.25", "3.5"), ("1", "2.5"), ("0.5", "1"), ("0.25", "0"))
    plan = handout([bt.Linear(f"{fall} mg", every="2 weeks", down_to=f"{end} mg") for fall, end in falls])
    assert planned_days(plan) == days(read(US))
    assert tablet_faults(plan, MADE) == []


def days_apart(plan: bt.Plan) -> int:
    """On how many days a plan is not what the handout prints."""
    ours, printed = planned_days(plan), days(read(US))
    return sum(ours.get(day, {}) != printed.get(day, {}) for day in ours.keys() | printed.keys())


def test_the_percentage_that_comes_closest_to_the_us_handout_departs_in_five_lines() -> None:
    plan = handout(bt.Percentage("25.25 %", of="current", every="2 weeks"), fit="nearest")
    lines = [(row.step, str(row), str(ours)) for row, ours in zip(at_night(read(US)), planned(plan), strict=True)]
    assert [line for line in lines if line[1] != line[2]] == [departure[:3] for departure in CLOSEST]
    assert days_apart(plan) == DAYS_APART
    assert tablet_faults(plan, MADE) == []


@pytest.mark.parametrize("fit", ["up", "nearest"])
def test_no_other_percentage_comes_closer_to_the_us_handout(fit: str) -> None:
    cuts = [f"{quarters / 4:g} %" for quarters in range(4 * 20, 4 * 34)]
    plans = [handout(bt.Percentage(cut, of="current", every="2 weeks"), fit=fit) for cut in cuts]
    assert min(days_apart(plan) for plan in plans) >= DAYS_APART
