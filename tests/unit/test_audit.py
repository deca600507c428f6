"""An audit finds what is wrong, says where, with which figure and rule; and what is unclear it never guesses."""

import json
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import benzotaper as bt
from benzotaper.errors import BenzotaperError, ProductError, ScheduleError
from benzotaper.unknown import Unknown

CLEAN = "week 1-2: 1.1 mg\nweek 3-4: 1 mg\nweek 5: 0 mg"
SLOW = "week 1-2: 10 mg\nweek 3-4: 9 mg\nweek 5-6: 8 mg"


def kinds(found: bt.Audit) -> list[str]:
    return [each.kind for each in found.findings]


def of_kind(found: bt.Audit, kind: str) -> list[bt.AuditFinding]:
    return [each for each in found.findings if each.kind == kind]


def only(source: Any, kind: str, **asked: Any) -> bt.AuditFinding:
    """The only finding of a kind."""
    (found,) = of_kind(bt.audit(source, drug="diazepam", **asked), kind)
    return found


# ---- the same schedule, however it comes

WAYS: dict[str, Any] = {
    "lines": "week 1-2: 10 mg\nweek 3-4: 8 mg\nweek 5: 0 mg",
    "a list of lines": ["week 1-2: 10 mg", "week 3-4: 8 mg", "week 5: stop"],
    "days as lines": "days 1-14: 10 mg daily\ndays 15-28: 8 mg daily\nday 29: nothing",
    "durations": "10 mg for 2 weeks\n8 mg for 14 days\n0 mg",
    "CSV": "start,days,dose_mg\n1,14,10\n15,14,8\n29,,0\n",
    "CSV with ends": "From;To;Dose (mg)\n1;14;10,0\n15;28;8\n29;;0\n",
    "CSV with units in its cells": "day\tdose\n1\t10 mg\n15\t8 mg\n29\t0 mg\n",
    "CSV by week": "week,dose_mg\n1,10\n2,10\n3,8\n4,8\n5,0\n",
    "CSV by time of day": "start,days,morning_mg,night_mg,total_mg\n1,14,4,6,10\n15,14,2,6,8\n29,,0,0,0\n",
    "CSV with tablets": "start,days,tablets,strength_mg\n1,14,2,5\n15,14,4,2\n29,,0,\n",
    "pairs": [(1, "10 mg"), (15, "8 mg"), (29, "0 mg")],
    "pairs with labels": [("week 1-2", "10 mg"), ("week 3-4", "8 mg"), ("week 5", "0 mg")],
    "pairs of doses by time": [(1, {"am": "4 mg", "pm": "6 mg"}), (15, {"am": "2 mg", "pm": "6 mg"}), (29, {})],
    "pairs of doses": [(1, bt.Dose(mg=10)), (15, bt.Dose(mg=8)), (29, bt.Dose(mg=0))],
    "dicts": [{"day": 1, "dose_mg": 10}, {"day": 15, "dose_mg": Decimal("8.0")}, {"day": 29, "dose_mg": 0.0}],
    "a frame": pd.DataFrame({"start": [1, 15, 29], "days": [14, 14, None], "dose_mg": [10.0, 8.0, 0.0]}),
    "micrograms": "day,dose_mcg\n1,10000\n15,8000\n29,0\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_schedule_is_read_alike_however_it_comes(way: str) -> None:
    found = bt.audit(WAYS[way], drug="diazepam")
    assert found.summary == bt.AuditSummary(
        steps=2,
        days=28,
        rises=0,
        worst_fall_percent_of_current=Fraction(20),
        worst_14_day_fall_percent=Fraction(20),
        last_fall_mg=Fraction(8),
        ends_at_mg=Fraction(0),
    )
    assert [(each.kind, each.rule) for each in found.findings] == [("last_fall", "PL-04"), ("jump", "PL-02")]


DATES = {
    "ISO": ["2026-12-01", "2026-12-15", "2026-12-29"],
    "words": ["1 Dec 2026", "Tue 15 December 2026", "Dec 29, 2026"],
    "slashes that fit one order": ["01/12/2026", "15/12/2026", "29/12/2026"],
    "dates": [date(2026, 12, 1), date(2026, 12, 15), date(2026, 12, 29)],
    "timestamps": list(pd.to_datetime(["2026-12-01", "2026-12-15", "2026-12-29"])),
}


@pytest.mark.parametrize("way", DATES)
def test_dates_are_read_in_every_plain_form(way: str) -> None:
    doses = ["10 mg", "9 mg", "8.5 mg"]
    for source in (list(zip(DATES[way], doses, strict=True)), pd.DataFrame({"date": DATES[way], "dose": doses})):
        found = bt.audit(source, drug="diazepam")
        assert kinds(found) == ["no_end"]
        assert "2026-12-29" in found.findings[0].where
        assert found.summary.days == 28


def test_a_file_is_read_by_its_path_or_its_name(tmp_path: Path) -> None:
    path = tmp_path / "schedule.csv"
    path.write_text("﻿week,dose_mg\n1,10\n2,9\n", encoding="utf-8")
    assert bt.audit(path, drug="diazepam") == bt.audit(str(path), drug="diazepam")
    assert kinds(bt.audit(path, drug="diazepam")) == ["no_end"]


# ---- what is found, and where


def test_a_rise_says_where_and_from_what_to_what() -> None:
    found = only("week 1: 10 mg\nweek 2: 9 mg\nweek 3: 9.5 mg", "rise")
    assert (found.severity, found.where) == ("red", "line 3 (day 15)")
    assert found.figures == (("before", "9 mg"), ("after", "9.5 mg"))
    assert "9 mg to 9.5 mg" in found.message
    assert found.fix


def test_a_time_of_day_that_rises_is_found_where_the_total_does_not() -> None:
    found = only("week 1: 5 mg morning, 5 mg night\nweek 2: 3 mg morning, 6 mg night", "rise")
    assert found.severity == "warning"
    assert "night dose" in found.message
    assert "5 to 6 mg" in found.message


def test_a_rise_of_the_highest_day_of_a_step_is_a_rise() -> None:
    rows = "date,step,dose_mg\n" + "".join(
        f"2026-12-{day:02},{step},{dose}\n"
        for day, step, dose in [(1, 0, 6), (2, 0, 6), (3, 1, 8), (4, 1, 4), (5, 2, 5)]
    )
    assert "on its highest day" in only(rows, "rise").message


def test_days_that_take_turns_within_a_step_are_no_rise() -> None:
    rows = "date,step,dose_mg\n" + "".join(f"2026-12-{day:02},1,{6 if day % 2 else 5}\n" for day in range(1, 9))
    assert kinds(bt.audit(rows, drug="diazepam")) == ["no_end"]


def test_a_jump_has_its_rule_its_source_and_the_origin_of_its_threshold() -> None:
    found = only("week 1-2: 10 mg\nweek 3-4: 9 mg\nweek 5-6: 6 mg", "jump")
    assert (found.rule, found.severity, found.origin) == ("PL-01", "red", "mixed")
    assert found.figures == (
        ("before", "9 mg"),
        ("after", "6 mg"),
        ("fall, % of current", "33.3"),
        ("within, days", "14"),
    )
    assert bt.cite(found.sources[0])


def test_small_falls_that_add_up_within_14_days_are_a_jump() -> None:
    found = bt.audit("day,dose_mg\n" + "".join(f"{day},{20 - day}\n" for day in range(1, 12)), drug="diazepam")
    assert of_kind(found, "jump")[0].figures[0] == ("before", "19 mg")
    assert found.summary.worst_fall_percent_of_current == Fraction(100, 10)
    assert found.summary.worst_14_day_fall_percent == Fraction(1000, 19)


def test_a_fall_of_a_quarter_exactly_is_no_jump_and_one_that_is_larger_is() -> None:
    begin = "week 1-2: 10 mg\nweek 3-4: 9 mg\nweek 5-6: 8 mg\nweek 7-8: "
    assert not of_kind(bt.audit(f"{begin}6 mg", drug="diazepam"), "jump")
    assert of_kind(bt.audit(f"{begin}5.999999 mg", drug="diazepam"), "jump")


def test_up_to_1_mg_of_diazepam_is_no_jump_and_tables_that_differ_are_named() -> None:
    assert kinds(bt.audit("week 1-2: 2 mg\nweek 3-4: 1.9 mg\nweek 5-6: 0.9 mg", drug="diazepam")) == ["no_end"]
    (found,) = of_kind(bt.audit("week 1-2: 0.2 mg\nweek 3-4: 0.19 mg\nweek 5-6: 0.11 mg", drug="clonazepam"), "jump")
    assert "above 25 %; whether also above 1 mg of diazepam depends on the table: yes by" in found.message
    assert "vadod-2021" in found.message


def test_a_profile_asks_for_more() -> None:
    weekly = "week 1: 10 mg\nweek 2: 9.5 mg\nweek 3: 9 mg"
    assert not of_kind(bt.audit(weekly, drug="diazepam"), "jump")
    assert only(weekly, "jump", profile="asam-2025").rule == "PL-03"
    uk = bt.audit("week 1: 20 mg\nweek 2: 18 mg\nweek 3: 15.5 mg", drug="diazepam", profile="uk")
    assert "PL-08" in [each.rule for each in uk.findings]


def test_alprazolam_has_its_labels_cap() -> None:
    found = bt.audit("day 1: 4 mg\nday 8: 3.4 mg\nday 15: 3 mg", drug="alprazolam")
    assert "PL-09" in [each.rule for each in found.findings]


def test_a_dose_that_no_tablet_makes_is_found_once_with_all_its_places() -> None:
    source = "week 1: 3.3 mg\nweek 2: 3.3 mg\nweek 3: 3 mg"
    found = only(source, "unmakeable", products="UK", splitting="halves")
    assert found.where == "line 1"  # equal neighbours are one stretch
    assert found.figures == (("dose, mg", "3.3"), ("nearest", "3 mg and 3.5 mg"))
    assert kinds(bt.audit("week 1: 3 mg", drug="diazepam", products="UK", splitting="halves")) == ["no_end"]


def test_tablets_that_do_not_make_the_printed_dose_are_found() -> None:
    found = only("week 1: 7.5 mg, 1 x 5 mg tablet", "miscount")
    assert "7.5 mg, but 1 × 5 mg makes 5 mg" in found.message
    assert found.fix == "1.5 × 5 mg makes 7.5 mg"
    assert not of_kind(bt.audit("week 1: 7.5 mg, 1½ x 5 mg tablets", drug="diazepam"), "miscount")


@pytest.mark.parametrize(
    "words", ["1½ x 5 mg", "1 1/2 tablets of 5 mg", "one and a half 5 mg tablets", "1.5 × 5 mg tablets"]
)
def test_counts_of_tablets_are_read_as_people_write_them(words: str) -> None:
    assert bt.audit(
        f"week 1: {words}\nweek 2: 7 mg", drug="diazepam"
    ).summary.worst_fall_percent_of_current == Fraction(20, 3)


def test_a_strength_that_is_not_printed_comes_from_the_products_or_stays_open() -> None:
    five = [bt.Product("diazepam", strength="5 mg", form="tablet")]
    asked: dict[str, Any] = {"products": five, "splitting": "halves"}
    assert "makes 5 mg" in only("week 1: 7.5 mg, take 1 tablet", "miscount", **asked).message
    found = only("week 1: take 1 tablet\nweek 2: 4 mg", "ambiguous")
    assert "without their strength" in found.message


def test_a_missing_day_is_a_gap_and_a_double_one_an_overlap() -> None:
    found = only("days 1-14: 10 mg\ndays 16-28: 9 mg", "gap")
    assert (found.where, found.figures) == ("line 2 (day 15)", (("missing, days", "1"),))
    found = only("days 1-14: 10 mg\ndays 14-28: 9 mg", "overlap")
    assert (found.where, found.figures) == ("line 2 (day 14)", (("twice, days", "1"),))


def test_a_total_that_does_not_add_up_is_found() -> None:
    found = only("date,morning_mg,night_mg,total_mg\n2026-12-01,5,10,15\n2026-12-02,5,9,15\n", "total")
    assert found.where == "row 3"
    assert found.figures == (("printed, mg", "15"), ("added, mg", "14"))
    assert only("week 1: 5 mg morning, 10 mg night = 14 mg", "total").figures[1] == ("added, mg", "15")


def test_days_without_a_dose_between_days_with_one_are_found_once() -> None:
    found = only([(day, "4 mg" if day % 2 else "0 mg") for day in range(1, 8)], "zero_day")
    assert (found.rule, found.severity) == ("PL-07", "warning")
    assert found.figures == (("places", "3"),)
    assert not of_kind(bt.audit("week 1: 1 mg\nweek 2: 0 mg", drug="diazepam"), "zero_day")


def test_a_rise_after_a_day_without_a_dose_is_counted_from_the_dose_before() -> None:
    assert not of_kind(bt.audit([(1, "4 mg"), (2, "0 mg"), (3, "4 mg")], drug="diazepam"), "rise")
    assert only([(1, "4 mg"), (2, "0 mg"), (3, "5 mg")], "rise").figures[0] == ("before", "4 mg")


def test_what_does_not_end_is_said_and_no_dose_is_proposed() -> None:
    found = only(SLOW, "no_end")
    assert found.figures == (("ends at", "8 mg"),)
    assert bt.audit(SLOW, drug="diazepam").summary.ends_at_mg == 8


def test_a_last_fall_above_the_limit_is_found_and_a_small_one_is_only_in_the_figures() -> None:
    small = bt.audit(CLEAN, drug="diazepam")
    assert (kinds(small), small.summary.last_fall_mg) == ([], 1)
    large = only("week 1-2: 1.5 mg\nweek 3: 0 mg", "last_fall")
    assert (large.rule, large.severity, large.origin) == ("PL-04", "red", "house")


# ---- several drugs


def test_a_cross_over_is_no_rise_by_its_own_table_and_in_doubt_by_all() -> None:
    source = "drug,start,days,dose_mg\nlorazepam,1,7,2\ndiazepam,8,7,20\ndiazepam,15,7,19\n"
    ashton = bt.audit(source, table="ashton-2002")
    assert kinds(ashton) == ["no_end"]
    assert ashton.summary.worst_fall_percent_of_current == 5
    every = bt.audit(source)
    assert "ambiguous" in kinds(every)
    assert "It depends on the table" in of_kind(every, "ambiguous")[0].message
    assert isinstance(every.summary.worst_fall_percent_of_current, Unknown)
    assert "rise" in kinds(bt.audit(source, table="vadod-2021"))


def test_within_a_change_of_drug_the_total_before_it_counts() -> None:
    change = "week 2: lorazepam 1 mg, diazepam 9 mg\nweek 3: diazepam 20 mg\n"
    whole = bt.audit(f"week 1: lorazepam 2 mg\n{change}", table="ashton-2002")
    assert kinds(whole) == ["no_end"]
    cut = bt.audit(change, table="ashton-2002")
    assert "within a change of drug" in of_kind(cut, "ambiguous")[0].message
    assert not of_kind(cut, "rise")


def test_a_second_drug_that_comes_on_top_is_a_rise_by_any_table() -> None:
    source = "week 1: diazepam 5 mg\nweek 2: diazepam 5 mg, lorazepam 1 mg"
    assert kinds(bt.audit(source)).count("rise") == 1


# ---- what is unclear is never guessed

UNCLEAR = {
    "a bare number": ([(1, 10), (8, 9)], "no unit"),
    "a percentage": ("week 1: 100 %\nweek 2: 90 %", "of what it is"),
    "a reduction": ("week 1: 10 mg\nweek 2: reduce by 25 %", "not understood"),
    "a thousand": ("week 1: 10 mg\nweek 2: 1,000 mg", "ambiguous"),
    "an unknown unit": ("week 1: 10 mg\nweek 2: 5 ml", "not understood"),
    "as needed": ("week 1: 10 mg\nweek 2: 5 mg as needed", "not understood"),
    "every other day": ("week 1: 10 mg\nweek 2: 5 mg every other day", "not understood"),
    "no dose": ("week 1: 10 mg\nweek 2:", "no dose"),
    "an unknown drug": ("week 1: 10 mg\nweek 2: diazepan 5 mg", "not understood"),
    "two formats of dates": ("date,dose_mg\n2026-12-01,10\n15/12/2026,9\n", "could be a day of two months"),
    "dates of two months": ("date,dose_mg\n01/02/2026,10\n02/03/2026,9\n", "could be a day of two months"),
    "dates and numbers": ("day,dose_mg\n1,10\n2026-12-08,9\n", "some days are dates and some are day numbers"),
    "no such day": ("date,dose_mg\n2026-02-01,10\n2026-02-30,9\n", "no day of the calendar"),
    "months": ([("1 Jan 2026", "10 mg"), ("February", "9 mg")], "no date"),
    "an end before its beginning": ("start,end,dose_mg\n2026-12-01,2026-11-30,10\n2026-12-15,,9\n", "0 days"),
    "days that do not fit": ("start,end,days,dose_mg\n1,14,15,10\n15,,,9\n", "15 days are printed"),
    "an empty cell": ("week,dose_mg\n1,10\n2,\n3,9\n", "no dose"),
    "a negative dose": ("week,dose_mg\n1,10\n2,-5\n3,9\n", "sign"),
    "too fine a dose": ("week,dose_mg\n1,10\n2,9.12345678\n", "finer than a nanogram"),
    "too many cells": ("week,dose_mg\n1,10\n2,9,8\n", "3 cells"),
    "a duration of what": ("start,duration,dose_mg\n1,2,10\n15,2,9\n", "no unit of time"),
    "an unknown time": ("week,time,dose_mg\n1,moonrise,10\n2,moonrise,9\n", "no time of the day"),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_could_mean_two_things_is_ambiguous(name: str) -> None:
    source, why = UNCLEAR[name]
    found = of_kind(bt.audit(source, drug="diazepam"), "ambiguous")
    assert why in " ".join(each.message for each in found).lower()
    assert all(each.fix and each.where for each in found)


def test_percents_of_the_start_are_judged_and_a_base_in_mg_makes_them_mg() -> None:
    alone = bt.audit("week 1: 100 % of start\nweek 3: 75 % of start\nweek 5: 45 % of start", drug="diazepam")
    assert not of_kind(alone, "ambiguous")
    assert alone.summary.worst_fall_percent_of_current == 40
    based = bt.audit("week 1: 20 mg\nweek 3: 75 % of start\nweek 5: 80 % of current", drug="diazepam")
    assert based.summary.ends_at_mg == 12
    assert not of_kind(based, "ambiguous")


def test_what_is_unknown_says_why() -> None:
    summary = bt.audit([(1, 10), (8, 9)], drug="diazepam").summary
    assert summary.ends_at_mg == Unknown("the schedule gives no dose in mg")
    assert bt.audit(["10 mg", "9 mg"], drug="diazepam").summary.days == Unknown("the schedule does not say its days")


def test_without_a_drug_the_floor_in_diazepam_is_not_taken_for_met() -> None:
    found = bt.audit("week 1-2: 2 mg\nweek 3-4: 1.9 mg\nweek 5-6: 0.9 mg\nweek 7: 0 mg")
    assert [each.rule for each in found.findings] == ["PL-01", "PL-04"]
    assert "not known" in found.findings[0].message


def test_columns_that_are_not_read_are_named() -> None:
    assert bt.audit("week,dose_mg,colour,note\n1,10,red,x\n", drug="diazepam").unread == ("colour",)


# ---- what cannot be read at all is refused

REFUSED = {
    "nothing": "",
    "an empty list": [],
    "a header alone": "week,dose_mg\n",
    "no dose column": "week,colour\n1,red\n2,blue\n",
    "unknown columns": "alpha,beta,gamma\na,b,c\n",
    "two dose columns": "week,dose_mg,dose_mcg\n1,10,10000\n",
    "swapped columns": "date,dose_mg\n10,2026-12-01\n9,2026-12-08\n",
    "prose": "take care of yourself",
    "a number": 5,
    "bytes": b"week 1: 5 mg",
    "a dict": {"week": 1},
    "triples": [(1, 2, 3)],
    "no such file": "nowhere.csv",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_schedule_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        bt.audit(REFUSED[name], drug="diazepam")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x00\x00", "no text file"),
        ("week,dose_mg\n1,10 ½".encode("latin-1"), "UTF-8"),
        ("week,dose_mg\n1,10".encode("utf-16"), "UTF-8"),
    ],
)
def test_a_file_that_is_no_utf_8_text_is_refused(data: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "schedule.csv"
    path.write_bytes(data)
    with pytest.raises(ScheduleError, match=why):
        bt.audit(path)


def test_products_need_a_splitting_policy_and_the_other_way_round() -> None:
    with pytest.raises(ProductError, match="splitting must be given"):
        bt.audit(SLOW, drug="diazepam", products="UK")
    with pytest.raises(ProductError, match="give products="):
        bt.audit(SLOW, drug="diazepam", splitting="halves")
    with pytest.raises(ProductError, match="no product"):
        bt.audit(SLOW, drug="diazepam", products=["5 mg"], splitting="halves")  # type: ignore[list-item]  # what is refused


@pytest.mark.parametrize("asked", [{"drug": "diazepan"}, {"profile": "mars"}, {"table": "mars"}])
def test_unknown_names_are_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(BenzotaperError):
        bt.audit(SLOW, **asked)


# ---- what it gives


def test_the_frame_and_the_json_say_what_the_findings_say() -> None:
    found = bt.audit("week 1: 10 mg\nweek 2: 12 mg\nweek 3: 2 mg", drug="diazepam")
    frame = found.to_frame()
    assert list(frame.columns) == ["kind", "severity", "where", "message", "fix", "rule", "figures"]
    assert frame["kind"].tolist() == kinds(found)
    document = json.loads(found.to_json())
    assert [each["kind"] for each in document["findings"]] == kinds(found)
    assert document["summary"]["worst_fall_percent_of_current"] == "250/3"
    assert document["summary"]["last_fall_mg"] == {"unknown": "it does not end"}
    assert bt.audit(CLEAN, drug="diazepam").to_frame().empty


def test_the_text_has_every_finding_with_its_fix() -> None:
    found = bt.audit("week 1: 10 mg\nweek 2: 12 mg", drug="diazepam")
    assert all(each.message in str(found) and each.fix in str(found) for each in found.findings)
    assert "nothing was found" in str(bt.audit(CLEAN, drug="diazepam"))


EVIL = "=cmd|'/c calc'!A1<script>alert(1)</script>\x1b[31m"


def test_cells_that_a_program_would_obey_are_inert() -> None:
    found = bt.audit([{"drug": EVIL, "day": 1, "dose_mg": 10}, {"drug": EVIL, "day": 8, "dose_mg": EVIL}])
    assert "<script" not in found._repr_html_()
    assert "\x1b" not in str(found)
    for column in found.to_frame():
        assert not found.to_frame()[column].str.startswith(("=", "+", "@", "-")).any()


def test_an_audit_is_the_same_each_time() -> None:
    source = "week 1: 10 mg\nweek 2: 12 mg\nweek 3: 25 %"
    assert bt.audit(source, drug="diazepam").to_json() == bt.audit(source, drug="diazepam").to_json()


def test_a_hundred_thousand_rows_are_read() -> None:
    rows = "day,time,dose_mg\n" + "".join(
        f"{n // 2 + 1},{'night' if n % 2 else 'morning'},{5 - n // 25000}\n" for n in range(100_000)
    )
    found = bt.audit(rows, drug="diazepam")
    assert (found.summary.steps, found.summary.days) == (3, 50_000)


def test_a_missing_day_is_found_by_calendar_days_not_hours() -> None:
    days = [date(2026, 10, 20) + timedelta(days=n) for n in range(10) if n != 5]
    assert only([(day, "5 mg") for day in days], "gap").where == "item 6 (2026-10-25)"


# ---- more ways in which people write

MORE: dict[str, tuple[Any, int, int]] = {
    "stop in words": ("weeks 1 to 2 = 10mg\nweeks 3 to 4 = 9mg\nthen stop", 2, 28),
    "one sentence": ("Take 10 mg for 7 days, then 9 mg for 7 days, then stop", 2, 14),
    "a table of a page": ("| week | dose |\n|---|---|\n| 1 | 10 mg |\n| 2 | 9 mg |\n| 3 | 0 mg |\n", 2, 14),
    "a heading that names the drug": (
        "Valium plan\nDo not stop suddenly\nWeek 1: 10mg\nWeek 2: 9mg\nWeek 3: 0mg",
        2,
        14,
    ),
    "dates with a clock": (
        [(f"2026-12-{day:02} {clock}", "5 mg") for day in (1, 2) for clock in ("08:00", "20:00")]
        + [("2026-12-03", "0 mg")],
        1,
        2,
    ),
    "steps with their length": (
        "Step 1 (2 weeks): 10 mg am and 5 mg pm\nStep 2 (2 weeks): 5 mg pm\nStep 3: nothing",
        2,
        28,
    ),
    "spans of dates": ("1 Dec 2026 - 14 Dec 2026: 10 mg\n15 Dec 2026 - 28 Dec 2026: 9mg\n29 Dec 2026: 0 mg", 2, 28),
    "a liquid": ("week 1: 1 mL (0.4 mg) of 0.4 mg/mL\nweek 2: 0.5 mL of 0.4 mg/mL\nweek 3: 0 mg", 2, 14),
}


@pytest.mark.parametrize("name", MORE)
def test_further_ways_of_writing_are_read(name: str) -> None:
    source, steps, days = MORE[name]
    found = bt.audit(source, drug="diazepam")
    assert (found.summary.steps, found.summary.days, found.summary.ends_at_mg) == (steps, days, 0)
    assert not of_kind(found, "ambiguous")


def test_an_audit_loads_neither_pandas_nor_numpy() -> None:
    asked = "drug='diazepam', products='UK', splitting='halves'"
    code = f"import sys, benzotaper as bt; str(bt.audit('week 1: 5 mg', {asked}))"
    heavy = "; assert not {'pandas', 'numpy', 'pint', 'click'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code + heavy], check=True)


# ---- lines that say two things, or nothing that can be read


@pytest.mark.parametrize("end", ["then stop", ", then stop", "and then stop", "then 0 mg", "then nothing.", ", stop"])
def test_a_dose_that_is_followed_by_stop_is_kept(end: str) -> None:
    found = bt.audit(f"week 1-2: 5 mg\nweek 3-4: 2.5 mg {end}", drug="diazepam")
    assert (found.summary.days, found.summary.steps) == (28, 2)
    assert found.summary.last_fall_mg == Fraction(5, 2)
    assert found.summary.ends_at_mg == 0
    assert not of_kind(found, "ambiguous")
    assert of_kind(found, "last_fall")[0].where == "line 2 (day 29)"


@pytest.mark.parametrize("line", ["2.5 mg stop tomorrow", "2.5 mg nothing", "nothing 2.5 mg", "stop 1 x 2 mg tablet"])
def test_a_dose_beside_stop_in_one_breath_is_ambiguous_and_nothing_is_derived(line: str) -> None:
    found = bt.audit(f"week 1-2: 5 mg\nweek 3-4: {line}", drug="diazepam")
    assert kinds(found) == ["no_end", "ambiguous"]
    assert found.summary.ends_at_mg == found.summary.last_fall_mg == Unknown("line 2 could not be read")


@pytest.mark.parametrize("line", ["do not stop, 2 mg", "never stop, 2 mg", "don't stop then 2 mg", "2 mg; do not stop"])
def test_a_line_that_says_not_is_one_doubt_and_nothing_is_derived_from_it(line: str) -> None:
    found = bt.audit(f"week 1-2: 5 mg\nweek 3-4: 4.9 mg\nweek 5: {line}", drug="diazepam")
    assert kinds(found) == ["no_end", "ambiguous"]
    assert found.findings[1].where == "line 3"
    assert "The last dose that could be read is 4.9 mg; line 3 could not be read." in found.findings[0].message
    assert found.summary.steps == 1


def test_no_fall_is_stated_across_lines_that_cannot_be_read() -> None:
    text = "week 1-2: 10 mg\nweek 3-4: 5-7.5 mg\nweek 5-6: 5 mg prn\nweek 7: nil"
    found = bt.audit(text, drug="diazepam", profile="asam-2025")
    assert kinds(found) == ["ambiguous", "ambiguous"]
    unknown = Unknown("lines 2–3 could not be read")
    assert found.summary.worst_fall_percent_of_current == unknown
    assert found.summary.worst_14_day_fall_percent == unknown
    assert found.summary.last_fall_mg == unknown
    assert found.summary.ends_at_mg == 0


def test_falls_beside_a_line_that_cannot_be_read_are_stated_but_not_as_the_first() -> None:
    text = "week 1: 10 mg\nweek 2: as before, 9ish\nweek 3: 8 mg\nweek 4: 4 mg\nweek 5: 0 mg"
    found = bt.audit(text, drug="diazepam")
    assert [(each.kind, each.rule) for each in found.findings[:-1]] == [("jump", "PL-01"), ("last_fall", "PL-04")]
    assert found.findings[0].figures[:2] == (("before", "8 mg"), ("after", "4 mg"))
    assert found.summary.last_fall_mg == 4
    assert found.summary.worst_fall_percent_of_current == Unknown("line 2 could not be read")


def test_a_percentage_of_the_current_dose_after_an_unread_line_is_not_guessed() -> None:
    found = bt.audit("week 1: 80 % of start\nweek 2: 5 mg prn?\nweek 3: 50 % of current", drug="diazepam")
    assert found.summary.ends_at_mg == Unknown("lines 2–3 could not be read")


def test_the_drug_that_the_rows_name_counts_as_the_drug() -> None:
    named = bt.audit("week 1: zopiclone 7.5 mg\nweek 2: zopiclone 3.75 mg\nweek 3: 0 mg")
    assert named == bt.audit("week 1: 7.5 mg\nweek 2: 3.75 mg\nweek 3: 0 mg", drug="zopiclone")
    assert named == bt.audit("week 1: zopiclone 7.5 mg\nweek 2: 3.75 mg\nweek 3: stop")
    assert "above 25 % and 1 mg of diazepam" in of_kind(named, "jump")[0].message


def test_a_fall_whose_size_in_diazepam_is_not_known_is_not_called_above_it() -> None:
    (found,) = of_kind(bt.audit("week 1: 10 mg\nweek 2: 5 mg"), "jump")[:1]
    assert "above 25 %; whether also above 1 mg of diazepam is not known." in found.message


def test_a_semicolon_before_a_label_is_a_line_break() -> None:
    steps = ["week 1: 10mg", "week 2: 8mg", "week 3: 6mg", "week 4: 4mg", "week 5: 2mg", "week 6: stop"]
    one, many = bt.audit("; ".join(steps), drug="diazepam"), bt.audit("\n".join(steps), drug="diazepam")
    assert one.summary == many.summary
    assert kinds(one) == kinds(many)
    dated = bt.audit("2026-12-01: 5 mg; 2026-12-08: 4.8 mg; 2026-12-15: 0", drug="diazepam")
    assert dated.summary.last_fall_mg == Fraction(24, 5)


def test_the_fix_of_a_miscount_can_be_done_with_the_products_and_splitting() -> None:
    asked = {"products": "UK", "splitting": "halves"}
    found = only("week 1-2: 9 mg\nweek 3-4: 8.5 mg, 2 x 2 mg tablets", "miscount", **asked)
    assert "tablets of 2 mg do not make 8.5 mg" in found.fix
    assert "makes it" in found.fix
    assert "4.25" not in found.fix
    units = [term.split(" × ") for term in found.fix.split("; ")[1].removesuffix(" makes it").split(" + ")]
    assert sum(Fraction(count) * Fraction(mg.removesuffix(" mg")) for count, mg in units) == Fraction(17, 2)
    assert all(Fraction(count) % Fraction(1, 2) == 0 for count, _ in units)
    assert "nor do the other tablets" in only("week 1: 8.3 mg, 2 x 2 mg tablets", "miscount", **asked).fix
    assert only("week 1: 3 mg, 1 x 2 mg tablets", "miscount", **asked).fix == "1.5 × 2 mg makes 3 mg"
    whole = only("week 1: 3 mg, 1 x 2 mg tablets", "miscount", products="UK", splitting="whole").fix
    assert "1.5" not in whole


def test_the_json_of_a_plan_is_sent_to_verify(tmp_path: Path) -> None:
    plan = bt.Plan.from_schedule(
        [(14, "2 mg"), (1, "0 mg")],
        time="night",
        drug="diazepam",
        start="2026-12-01",
        products="UK",
        splitting="halves",
    )
    with pytest.raises(ScheduleError, match=r"JSON of a benzotaper plan.*verify.*CSV"):
        bt.audit(plan.to_json())
    path = tmp_path / "p.json"
    path.write_text(plan.to_json(), encoding="utf-8")
    with pytest.raises(ScheduleError, match="JSON of a benzotaper plan"):
        bt.audit(path)


def test_what_cannot_be_in_a_plan_is_said_so() -> None:
    with pytest.raises(ScheduleError, match="item 2 cannot be in a plan: the dose rises"):
        bt.Plan.from_schedule(
            [(14, "2 mg"), (14, "3 mg"), (1, "0 mg")],
            time="night",
            drug="diazepam",
            start="2026-12-01",
            products="UK",
            splitting="halves",
        )


def test_a_drug_that_is_named_too_late_is_not_that_of_the_lines_before() -> None:
    found = bt.audit("week 1: 5 mg\nweek 2: zopiclone 3 mg\nweek 3: 0")
    assert of_kind(found, "jump")[0].figures[:2] == (("before", "5 mg"), ("after", "3 mg of zopiclone"))
    assert of_kind(found, "ambiguous")


def test_a_fall_over_a_day_without_a_dose_is_a_fall_from_the_dose_before_it() -> None:
    lines = "days 1-28: 20 mg\nday 29: 0 mg\ndays 30-57: 10 mg\ndays 58-85: 9 mg\nday 86: stop"
    found = bt.audit(lines, drug="diazepam")
    assert found.summary.worst_fall_percent_of_current == 50
    assert [f.rule for f in found.findings if f.kind == "jump"] == ["PL-01", "PL-02"]
    assert [f.kind for f in found.findings].count("zero_day") == 1


@pytest.mark.parametrize("pause", [1, 12, 13, 14, 60])
def test_no_pause_is_so_long_that_it_makes_a_fall_milder(pause: int) -> None:
    lines = f"days 1-7: 20 mg\ndays 8-{7 + pause}: 0 mg\ndays {8 + pause}-{14 + pause}: 0.5 mg\nday {15 + pause}: stop"
    found = bt.audit(lines, drug="diazepam")
    assert found.summary.worst_14_day_fall_percent == Fraction(195, 2)
    (jump,) = [f for f in found.findings if f.rule == "PL-01"]
    assert jump.severity == "red"
    assert ("within 14 days" in jump.message) == (pause < 14)


def test_a_schedule_that_only_stops_has_no_first_reduction() -> None:
    found = bt.audit("days 1-7: 20 mg\nday 8: 0 mg", drug="diazepam")
    assert "PL-02" not in [f.rule for f in found.findings]
    assert "PL-04" in [f.rule for f in found.findings]
