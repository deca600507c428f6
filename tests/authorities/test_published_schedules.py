"""Published schedules in mg, made again from strategy values: days, daily totals, split over the day, tablets."""

import csv
import hashlib
from fractions import Fraction

import pytest

import benzotaper as bt
from printed import FOLDER, Departure, at_night, days, doses, planned, planned_days, read, stock, tablet_faults

START = "2026-12-01"
DIAZEPAM = {("diazepam", "10 mg"): 1, ("diazepam", "5 mg"): 1, ("diazepam", "2 mg"): 2}
CLONAZEPAM = {("clonazepam", "0.5 mg"): 2}

ASHTON_2, ASHTON_5 = "ashton_schedule_02_diazepam_40mg.csv", "ashton_schedule_05_clonazepam_1_5mg.csv"
NOVADIC, SCOTLAND = "novadic_kentron_diazepam_10mg_5wk.csv", "nhs_scotland_2024_lorazepam_to_diazepam.csv"
ZOPICLONE = "nhs_zopiclone_7_5mg_direct.csv"
NICE = {speed: f"nice_cks_diazepam_40mg_{speed}.csv" for speed in ("fastest", "slowest")}


def test_the_schedules_are_as_received() -> None:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(FOLDER.glob("*.csv"))))
    assert digest.hexdigest() == "3bf37d9140913b8e5daa89e39325ce84bddc5abfdf743a44a1677c3c88a9c904"


def test_the_index_names_each_schedule_and_its_length_where_days_are_printed() -> None:
    index = {line["file"]: line for line in csv.DictReader((FOLDER / "index.csv").read_text("utf-8").splitlines())}
    assert set(index) == {path.name for path in FOLDER.glob("*.csv")} - {"index.csv"}
    lengths = {name: line["total_days"] for name, line in index.items() if line["total_days"].isdigit()}
    assert {name: read(name)[-1].day - 1 for name in lengths} == {name: int(days) for name, days in lengths.items()}
    assert len(lengths) == 8


# ---- Ashton 2: no departure


def ashton_2() -> bt.Plan:
    return bt.taper(
        "diazepam 20 mg twice daily",
        [bt.Linear("2 mg", every="2 weeks", down_to="14 mg"), bt.Linear("1 mg", every="2 weeks")],
        reduce=[("16 mg", "in turn"), ("0 mg", ("morning", "night"))],
        lead_in="2 weeks",
        start=START,
        products=stock(DIAZEPAM),
        splitting="whole",
    )


def test_ashton_2_is_2_mg_to_14_mg_then_1_mg_every_2_weeks_on_every_day() -> None:
    assert planned_days(ashton_2()) == days(read(ASHTON_2))


def test_ashton_2_falls_in_turn_to_16_mg_then_in_the_morning_then_at_night() -> None:
    assert doses(planned(ashton_2())) == doses(read(ASHTON_2))
    assert tablet_faults(ashton_2(), DIAZEPAM) == []


# ---- Ashton 5: one departure

LAST_PORTION = Departure(
    step=6,
    printed="day 43, 14 days: 10 morning + 8 noon + 10 night",
    ours="day 43, 7 days: 10 morning + 10 noon + 10 night",
    why="the printed table replaces the last 0.25 mg of clonazepam (5 mg of diazepam) by 3 mg, so it reduces when the "
    "cross-over ends; ours keeps the last portion for its week like the others, never under 7 days, and is a week late",
)


def ashton_5() -> bt.Plan:
    return bt.taper(
        "clonazepam 0.5 mg three times daily",
        [
            bt.Substitution(
                "diazepam",
                table="ashton-2002",
                order=("night", "night", "morning", "noon", "morning", "noon"),
                portions=2,
                every="1 week",
            ),
            bt.Linear("2 mg", every="2 weeks", down_to="12 mg"),
            bt.Linear("2 mg", every="1 week", down_to="10 mg"),  # step 15 lasts one week; no rule says why
            bt.Linear("1 mg", every="2 weeks"),
        ],
        reduce=("noon", "morning", "night"),
        lead_in="1 week",
        start=START,
        products=stock(DIAZEPAM | CLONAZEPAM),
        splitting="whole",
    )


def test_ashton_5_departs_only_by_a_week_without_reduction_after_the_last_portion() -> None:
    printed, ours = read(ASHTON_5), planned(ashton_5())
    step = LAST_PORTION.step
    assert (str(printed[step]), str(ours[step])) == (LAST_PORTION.printed, LAST_PORTION.ours)
    lines = [*map(str, printed[:step]), LAST_PORTION.ours, *(str(row.later(7)) for row in printed[step:])]
    assert [str(row) for row in ours] == lines
    assert doses(ours[:step] + ours[step + 1 :]) == doses(printed)


def test_ashton_5_has_the_printed_totals_of_both_drugs_on_every_day() -> None:
    printed = read(ASHTON_5)
    before = {day: totals for day, totals in days(printed).items() if day < 43}
    settling = {day: {"diazepam": Fraction(30)} for day in range(43, 50)}
    after = {day + 7: totals for day, totals in days(printed).items() if day >= 43}
    assert planned_days(ashton_5()) == before | settling | after


def test_ashton_5_is_30_mg_of_diazepam_by_its_own_table_throughout_the_cross_over() -> None:
    frame = ashton_5().to_frame()
    crossing = frame[frame["step"] <= 6].groupby("step")[["diazepam_low_mg", "diazepam_high_mg"]].sum()
    assert crossing.to_numpy().tolist() == [[30, 30]] * 7
    assert tablet_faults(ashton_5(), DIAZEPAM | CLONAZEPAM) == []


# ---- NICE CKS: no departure; the source prints no times, so any of ours will do

LADDERS = {
    "fastest": (["4 mg", "2 mg", "1 mg"], ["20 mg", "10 mg", "0 mg"], "1 week", DIAZEPAM),
    # its 0.5 mg is a quarter of 2 mg
    "slowest": (["2 mg", "1 mg", "0.5 mg"], ["20 mg", "5 mg", "0 mg"], "2 weeks", DIAZEPAM | {("diazepam", "2 mg"): 4}),
}


@pytest.mark.parametrize("regimen", ["diazepam 40 mg at night", "diazepam 20 mg twice daily"])
@pytest.mark.parametrize("speed", LADDERS)
def test_the_nice_ladder_is_three_linear_phases_on_every_day(speed: str, regimen: str) -> None:
    steps, ends, every, pieces = LADDERS[speed]
    plan = bt.taper(
        regimen,
        [bt.Linear(step, every=every, down_to=end) for step, end in zip(steps, ends, strict=True)],
        start=START,
        products=stock(pieces),
        splitting="whole",
    )
    assert planned_days(plan) == days(read(NICE[speed]))
    assert tablet_faults(plan, pieces) == []


# ---- Novadic-Kentron: its own departures from its percentages

QUARTERS = [bt.Linear("25 %", every="1 week", down_to="25 %"), bt.Linear("12.5 %", every="1 week")]
TWO_MG = {("diazepam", "2 mg"): 2}
ROUNDED_UP = (
    Departure(1, "8", "7.5", "75 % of 10 mg; halves of 2 mg make whole mg only"),
    Departure(3, "3", "2.5", "25 % of 10 mg; as step 1"),
    Departure(4, "2", "1.25", "12.5 % of 10 mg; as step 1"),
)


def novadic() -> bt.Plan:
    return bt.taper(
        "diazepam 10 mg at night", QUARTERS, lead_in="1 week", start=START, products=stock(TWO_MG), splitting="whole"
    )


def test_novadic_is_quarters_of_the_start_then_half_a_quarter_rounded_up_to_whole_mg() -> None:
    plan = novadic()
    assert planned_days(plan) == days(read(NOVADIC))
    assert doses(planned(plan)) == doses(at_night(read(NOVADIC)))
    assert tablet_faults(plan, TWO_MG) == []


def test_novadic_prints_more_than_its_percentages_where_it_rounds_up() -> None:
    ideal = [Fraction(10), *(point.mean.mg for point in novadic().record.ideal)]
    unequal = [
        (row.step, f"{float(row.total):g}", f"{float(dose):g}")
        for row, dose in zip(read(NOVADIC), ideal, strict=True)
        if row.total != dose
    ]
    assert unequal == [departure[:3] for departure in ROUNDED_UP]


def test_novadic_begins_with_a_conversion_at_once_on_day_1_by_its_own_table() -> None:
    plan = bt.taper(
        "lorazepam 2 mg at night",
        [bt.Substitution("diazepam", table="novadic", at_once=True, hold="1 week"), *QUARTERS],
        start=START,
        products=stock(TWO_MG | {("lorazepam", "1 mg"): 1}),
        splitting="whole",
        acknowledge="a test: the published schedule converts at once",
    )
    assert planned_days(plan) == days(read(NOVADIC))


# ---- NHS Scotland: no departure; no days are printed


def test_nhs_scotland_crosses_the_night_dose_first_then_takes_1_mg_off_the_morning_then_the_night() -> None:
    pieces = DIAZEPAM | {("lorazepam", "1 mg"): 1}
    plan = bt.taper(
        "lorazepam 1 mg twice daily",
        [
            bt.Substitution("diazepam", table="scotland-2024", order=("night", "morning"), every="1 week"),
            bt.Linear("1 mg", every="1 week"),
        ],
        reduce=("morning", "night"),
        start=START,
        products=stock(pieces),
        splitting="whole",
    )
    printed = read(SCOTLAND)
    assert {row.day for row in printed} == {-1}
    assert doses(planned(plan)) == doses(printed)
    assert tablet_faults(plan, pieces) == []


# ---- zopiclone: the source contradicts itself

HALVES = {("zopiclone", "3.75 mg"): 2}
PRINTED_WEEKS = (16, 20)  # of the leaflet, not in the table; its rule, a quarter every 2 weeks, takes 8


def zopiclone(every: str, lead_in: str = "") -> bt.Plan:
    return bt.taper(
        "zopiclone 7.5 mg at night",
        bt.Linear("25 %", every=every),
        lead_in=lead_in,
        start=START,
        products=stock(HALVES),
        splitting="whole",
    )


def test_zopiclone_is_a_quarter_of_the_start_every_2_weeks_on_every_day() -> None:
    plan = zopiclone("2 weeks")
    assert planned_days(plan) == days(read(ZOPICLONE))
    assert doses(planned(plan)) == doses(read(ZOPICLONE))
    assert tablet_faults(plan, HALVES) == []


@pytest.mark.parametrize(
    ("every", "weeks"), [("2 weeks", 8), ("4 weeks", PRINTED_WEEKS[0]), ("5 weeks", PRINTED_WEEKS[1])]
)
def test_zopiclone_takes_8_weeks_by_its_rule_and_the_printed_16_to_20_only_every_4_to_5_weeks(
    every: str, weeks: int
) -> None:
    plan = zopiclone(every, lead_in=every)
    assert plan.stops_on is not None
    assert (plan.stops_on - plan.start).days == 7 * weeks
    assert doses(planned(plan)) == doses(read(ZOPICLONE))
