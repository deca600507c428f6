"""`audit` on published schedules, and on schedules with the known defects of public tools: the right finding each."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

import benzotaper as bt
from benzotaper.unknown import Unknown
from printed import FOLDER, read

Places = set[tuple[str, str, int]]
"""Kind, rule and step of a finding."""

# worked out by hand from the printed doses: falls above a quarter and above 1 mg of diazepam within 14 days, first
# falls above 10 %, last falls above 1 mg of diazepam, days without a dose
TRUE_FALLS: dict[str, Places] = {
    "ashton_schedule_02_diazepam_40mg.csv": set(),
    "nice_cks_diazepam_40mg_slowest.csv": set(),
    "nice_cks_diazepam_40mg_fastest.csv": {("jump", "PL-01", step) for step in (5, 10, 15, 16, 17, 18, 19)},
    "novadic_kentron_diazepam_10mg_5wk.csv": {
        *(("jump", "PL-01", step) for step in (2, 3, 4)),
        ("jump", "PL-02", 1),
        ("last_fall", "PL-04", 5),
    },
    "us_tapering_schedules_2014_diazepam_15mg_26wk.csv": {
        *(("jump", "PL-01", step) for step in (1, 3, 5)),
        ("jump", "PL-02", 1),
    },
    "nhs_zopiclone_7_5mg_direct.csv": {
        ("jump", "PL-01", 2),
        ("jump", "PL-01", 3),
        ("jump", "PL-02", 1),
        ("last_fall", "PL-04", 4),
    },
    "maudsley_2024_diazepam_A_faster.csv": set(),
    "cfp2018_trial_vissers_2007_percent.csv": {
        *(("jump", "PL-01", step) for step in (2, 3, 4)),
        ("jump", "PL-02", 1),
        ("last_fall", "PL-04", 5),
    },
    "belleville_morin_2009_hypnotic_percent.csv": {
        ("jump", "PL-01", 2),
        ("jump", "PL-01", 3),
        ("jump", "PL-02", 1),
        ("last_fall", "PL-04", 7),
    },
    "semergen_alternate_day_alprazolam_percent.csv": {
        ("jump", "PL-01", 2),
        ("jump", "PL-01", 3),
        ("jump", "PL-02", 1),
        ("last_fall", "PL-04", 4),
        ("zero_day", "PL-07", 3),
    },
    "ashton_schedule_05_clonazepam_1_5mg.csv": set(),
    "nhs_scotland_2024_lorazepam_to_diazepam.csv": set(),
}
OWN_TABLE = {
    "ashton_schedule_05_clonazepam_1_5mg.csv": "ashton-2002",
    "nhs_scotland_2024_lorazepam_to_diazepam.csv": "scotland-2024",
}


def step_of(where: str) -> int:
    return int(where.partition("step ")[2].rstrip(")").partition(",")[0])


def places(found: bt.Audit) -> Places:
    return {(each.kind, each.rule, step_of(each.where)) for each in found.findings}


@pytest.mark.parametrize("name", TRUE_FALLS)
def test_a_published_schedule_has_its_true_falls_and_nothing_else(name: str) -> None:
    assert places(bt.audit(FOLDER / name, table=OWN_TABLE.get(name, ""))) == TRUE_FALLS[name]


def test_every_published_schedule_is_audited() -> None:
    assert set(TRUE_FALLS) == {path.name for path in FOLDER.glob("*.csv")} - {"index.csv"}


@pytest.mark.parametrize("name", [name for name in TRUE_FALLS if "percent" not in name and name not in OWN_TABLE])
def test_the_figures_are_those_of_the_printed_doses(name: str) -> None:
    rows = read(name)
    totals = [row.total for row in rows]
    falls = [(a - b) / a * 100 for a, b in pairwise(totals) if b]
    summary = bt.audit(FOLDER / name).summary
    assert summary.worst_fall_percent_of_current == max(falls)
    assert summary.last_fall_mg == totals[-2]
    assert (summary.steps, summary.rises, summary.ends_at_mg) == (len(rows) - 1, 0, 0)
    printed_days = rows[-1].day - max(rows[0].day, 1)
    assert summary.days == printed_days if rows[-1].day > 0 else isinstance(summary.days, Unknown)


def test_ashton_2_in_its_tablets_is_clean() -> None:
    stock = [bt.Product("diazepam", strength=f"{mg} mg", form="tablet") for mg in (10, 5, 2)]
    assert bt.audit(FOLDER / "ashton_schedule_02_diazepam_40mg.csv", products=stock, splitting="halves").ok
    whole = bt.audit(FOLDER / "ashton_schedule_02_diazepam_40mg.csv", products=stock, splitting="whole")
    assert {dict(each.figures)["dose, mg"] for each in whole.findings} == {"3", "1"}
    assert {each.kind for each in whole.findings} == {"unmakeable"}


def test_the_quarters_of_a_tablet_that_a_handout_needs_are_found() -> None:
    name = "us_tapering_schedules_2014_diazepam_15mg_26wk.csv"
    found = bt.audit(FOLDER / name, products="UK", splitting="quarters")
    assert {dict(each.figures)["dose, mg"] for each in found.findings if each.kind == "unmakeable"} == {"0.75", "0.25"}


# ---- known defects of public tools


def kinds(source: Any, **asked: Any) -> list[tuple[str, str]]:
    found = bt.audit(source, **{"drug": "diazepam"} | asked)
    return [(each.kind, each.where) for each in found.findings]


def test_an_alternating_plan_rises_twice() -> None:
    found = bt.audit([(7 * n + 1, f"{mg} mg") for n, mg in enumerate((12, 6, 11, 6, 10))], drug="diazepam")
    rises = [each for each in found.findings if each.kind == "rise"]
    assert [each.figures for each in rises] == [
        (("before", "6 mg"), ("after", "11 mg")),
        (("before", "6 mg"), ("after", "10 mg")),
    ]
    assert [each.where for each in rises] == ["item 3 (day 15)", "item 5 (day 29)"]
    assert found.summary.rises == 2


def test_one_and_a_half_tablets_printed_as_one_is_a_miscount() -> None:
    source = "week 1: 7.5 mg, 1 x 5 mg tablet\nweek 2: 7 mg, 1 x 5 mg tablet + 1 x 2 mg tablet"
    assert [place for place in kinds(source) if place[0] == "miscount"] == [("miscount", "line 1")]
    table = "week,dose_mg,tablets,strength_mg\n1,7.5,1,5\n2,7.5,1.5,5\n"
    assert [place for place in kinds(table) if place[0] == "miscount"] == [("miscount", "row 2")]


def test_a_calendar_that_says_take_0_tablets_is_found() -> None:
    day = date(2026, 12, 1)
    lines = [f"{day + timedelta(days=n)}: 2.5 mg, take {0 if n == 4 else 1} tablets of 2.5 mg" for n in range(7)]
    assert [place for place in kinds(lines) if place[0] == "miscount"] == [("miscount", "line 5")]
    bare = [f"{day + timedelta(days=n)}: take {0 if n == 4 else 1} tablets of 2.5 mg" for n in range(7)]
    assert [place for place in kinds(bare) if place[0] == "zero_day"] == [("zero_day", "line 5 (2026-12-05)")]


def test_a_plan_that_ends_at_2_mg_does_not_end() -> None:
    found = bt.audit("week 1-2: 2.2 mg\nweek 3-4: 2 mg", drug="diazepam")
    assert [each.kind for each in found.findings] == ["no_end"]
    assert found.summary.ends_at_mg == 2


def test_unchanged_steps_before_a_fall_by_half_do_not_hide_it() -> None:
    lines = [f"week {week}: 10 mg" for week in range(1, 9)] + ["week 9: 5 mg"]
    found = bt.audit(lines, drug="diazepam")
    (jump,) = [each for each in found.findings if each.rule == "PL-01"]
    assert (jump.where, jump.figures[2]) == ("line 9 (day 57)", ("fall, % of current", "50"))
    assert found.summary.worst_fall_percent_of_current == Fraction(50)
    assert found.summary.steps == 1


@pytest.mark.parametrize("change", [date(2026, 10, 25), date(2027, 3, 28), date(2026, 11, 1)])
def test_a_day_that_is_missing_or_double_at_a_clock_change_is_found(change: date) -> None:
    days = [change + timedelta(days=n) for n in range(-5, 6)]
    missing = [(day, "5 mg") for day in days if day != change]
    assert ("gap", f"item 6 ({change})") in kinds(missing)
    double = [(day, "5 mg") for day in sorted([*days, change])]
    assert ("overlap", f"item 7 ({change})") in kinds(double)
    assert [kind for kind, _ in kinds([(day, "5 mg") for day in days])] == ["no_end"]


def test_four_percentages_in_one_week_overlap_jump_and_have_no_base() -> None:
    found = bt.audit([f"week 1: {percent} %" for percent in (100, 75, 50, 25)], drug="diazepam")
    by_kind = {kind: [each.where for each in found.findings if each.kind == kind] for kind in ("overlap", "ambiguous")}
    assert by_kind == {"overlap": [f"line {n} (day 1)" for n in (2, 3, 4)], "ambiguous": ["lines 1–4"]}
    worst = [each for each in found.findings if each.rule == "PL-01"][-1]
    assert "at least 75 %" in worst.message
