"""Maudsley 2024, diazepam A: its doses by phases of `Linear`; its occupancies by `Hyperbolic` with K = 24.7 mg."""

import re
from fractions import Fraction
from itertools import pairwise

import pytest

import benzotaper as bt
from benzotaper.schedules.hyperbolic import occupancy
from printed import Departure, doses, planned, read, stock, tablet_faults

MAUDSLEY = "maudsley_2024_diazepam_A_faster.csv"
TABLETS = {("diazepam", "10 mg"): 1, ("diazepam", "5 mg"): 1, ("diazepam", "2 mg"): 4}
K_MG = Fraction("24.7")
SPLIT = [("40 mg", "in turn"), ("8 mg", "evenly"), ("2 mg", "in turn"), ("0 mg", "evenly")]
NO_QUARTER = (
    "with quarters at hand an even split takes 0.5 mg off each dose; the source keeps quarters for its last step"
)
EVENLY = (
    Departure(1, "25 + 30", "27.5 + 27.5", "the source takes each 5 mg from one dose, in whole 5 mg tablets"),
    Departure(3, "20 + 25", "22.5 + 22.5", "as step 1"),
    Departure(16, "3 + 4", "3.5 + 3.5", NO_QUARTER),
    Departure(18, "2 + 3", "2.5 + 2.5", NO_QUARTER),
    Departure(20, "1 + 2", "1.5 + 1.5", NO_QUARTER),
)


def regimen_a(every: str, reduce: object = SPLIT) -> bt.Plan:
    falls = (("5 mg", "40 mg"), ("4 mg", "20 mg"), ("2 mg", "8 mg"), ("1 mg", "0 mg"))
    return bt.taper(
        "diazepam 30 mg twice daily",
        [bt.Linear(fall, every=every, down_to=end) for fall, end in falls],
        reduce=reduce,
        lead_in=every,
        start="2026-12-01",
        products=stock(TABLETS),
        splitting="whole",
    )


def hyperbolic() -> bt.Plan:
    return bt.taper(
        "diazepam 30 mg twice daily",
        bt.Hyperbolic("24.7 mg", points="5 %", every="2 weeks"),
        start="2026-12-01",
        products=stock(TABLETS),
        splitting="whole",
    )


def percent(dose_mg: Fraction) -> Fraction:
    """Occupancy (%) at a daily dose."""
    return 100 * dose_mg / (dose_mg + K_MG)


def printed_percents() -> list[Fraction]:
    found = [re.match(r"RO=([\d.]+)%", row.note) for row in read(MAUDSLEY)]
    return [Fraction(match[1]) for match in found if match]


@pytest.mark.parametrize(("every", "total_days"), [("1 week", 161), ("4 weeks", 644)])
def test_maudsley_a_is_four_linear_phases_and_takes_the_printed_161_to_644_days(every: str, total_days: int) -> None:
    plan = regimen_a(every)
    assert doses(planned(plan)) == doses(read(MAUDSLEY))
    assert plan.stops_on is not None
    assert (plan.stops_on - plan.start).days == total_days
    assert tablet_faults(plan, TABLETS) == []


def test_no_quarter_tablet_is_needed_before_the_last_dose_of_maudsley_a() -> None:
    quartered = [
        step.number
        for step in regimen_a("1 week").steps
        for administration in step.cycle[0]
        for taken in administration.taken
        if taken.pieces_per_unit == 4
    ]
    assert quartered == [22, 22]


def test_maudsley_a_splits_the_day_by_no_single_rule() -> None:
    unequal = [
        (ours.step, *(" + ".join(f"{float(mg):g}" for mg in row.doses.values()) for row in (printed, ours)))
        for printed, ours in zip(read(MAUDSLEY), planned(regimen_a("1 week", reduce="evenly")), strict=True)
        if printed.doses != ours.doses
    ]
    assert unequal == [departure[:3] for departure in EVENLY]


def test_24_7_mg_gives_each_printed_occupancy_to_0_05_points() -> None:
    totals = [row.total for row in read(MAUDSLEY)]
    half = bt.Hyperbolic("maudsley-2024-diazepam", points="5 %", every="2 weeks").half
    assert half.mg == K_MG
    for total, printed in zip(totals, printed_percents(), strict=True):
        assert abs(percent(total) - printed) <= Fraction("0.05")
        assert occupancy(bt.Dose(mg=total), half) == pytest.approx(float(percent(total)) / 100)


def test_no_printed_fall_of_occupancy_is_above_5_points_nor_is_ours() -> None:
    printed = [a - b for a, b in pairwise(printed_percents())]
    ours = [percent(a.total) - percent(b.total) for a, b in pairwise(planned(regimen_a("1 week")))]
    assert max(printed) == Fraction("4.6")
    assert max(ours) <= 5


def test_hyperbolic_at_5_points_falls_by_15_equal_parts_where_maudsley_a_takes_23() -> None:
    """The source keeps to tablets and to falls of 1.8 to 4.6 points, so it needs 8 falls more."""
    ideal = [Fraction(60), *(point.mean.mg for point in hyperbolic().record.ideal[:14])]
    falls = [percent(a) - percent(b) for a, b in pairwise([*ideal, Fraction(0)])]
    # the ideal dose is cut to whole nanograms, the last but one to 0.5 mg at least
    assert all(abs(fall - percent(Fraction(60)) / 15) < Fraction("0.0001") for fall in falls)
    assert max(falls) <= 5
    assert (len(falls), len(printed_percents()) - 1) == (15, 23)


def test_hyperbolic_in_tablets_is_never_ahead_of_its_ideal_and_no_fall_passes_5_11_points() -> None:
    plan = hyperbolic()
    totals = [row.total for row in planned(plan)]
    *before, last = list(zip(totals[1:-1], plan.record.ideal, strict=False))
    for total, point in before:
        assert point.mean.mg <= total < point.mean.mg + Fraction("0.5")
    # the ideal course reaches 0; the plan stays one interval at the smallest dose, 0.5 mg, before it does
    assert (last[0], last[1].mean.mg) == (Fraction("0.5"), 0)
    falls = [percent(a) - percent(b) for a, b in pairwise(totals)]
    assert round(float(max(falls)), 2) == 5.11  # 5 points and what rounding up to 0.5 mg adds
    assert tablet_faults(plan, TABLETS) == []
