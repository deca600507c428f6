"""Fills as daily doses, and the pace of many people: what must be stated, and what cannot be read."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import benzotaper as bt
from benzotaper.errors import DataError, IntervalError, PlanError, UnknownTableError

STATED: dict[str, Any] = {"overlap": "carry over", "per": "drug", "bridge": "none"}
FILLS = pd.DataFrame(
    {
        "person": ["a", "a", "a", "b"],
        "date": ["2026-01-01", "2026-01-20", "2026-03-01", "2026-01-05"],
        "drug": ["diazepam", "Valium", "diazepam", "lorazepam"],
        "strength_mg": [5.0, 5.0, 2.0, 1.0],
        "quantity": [56, 56, 56, 28],
        "days_supply": [28, 28, 28, 28],
    }
)


def stretches(daily: pd.DataFrame, person: object = "a") -> list[tuple[str, int, float, str]]:
    """First day, length, dose and state of each stretch of a person."""
    mine = daily[daily["person"] == person]
    new = (mine["dose_ng"].diff() != 0) | (mine["state"] != mine["state"].shift())
    parts = [part for _, part in mine.groupby(new.cumsum())]
    return [(f"{p['date'].iloc[0]:%m-%d}", len(p), p["dose_mg"].iloc[0], str(p["state"].iloc[0])) for p in parts]


@pytest.mark.parametrize(
    ("overlap", "want"),
    [
        (
            "carry over",
            [
                ("01-01", 28, 10, "supplied"),
                ("01-29", 28, 10, "carried over"),
                ("02-26", 3, 0, "gap"),
                ("03-01", 28, 4, "supplied"),
            ],
        ),
        (
            "add",
            [
                ("01-01", 19, 10, "supplied"),
                ("01-20", 9, 20, "overlap"),
                ("01-29", 19, 10, "supplied"),
                ("02-17", 12, 0, "gap"),
                ("03-01", 28, 4, "supplied"),
            ],
        ),
        ("replace", [("01-01", 47, 10, "supplied"), ("02-17", 12, 0, "gap"), ("03-01", 28, 4, "supplied")]),
    ],
)
def test_overlaps_are_as_the_caller_says(overlap: Any, want: list[Any]) -> None:
    found = bt.dispensing_to_daily(FILLS, **STATED | {"overlap": overlap})
    assert stretches(found.daily) == want
    assert stretches(found.daily, "b") == [("01-05", 28, 1, "supplied")]
    assert found.refused.empty


def test_a_short_gap_is_bridged_and_observation_may_go_on() -> None:
    found = bt.dispensing_to_daily(FILLS, **STATED | {"bridge": "3 days", "until": "2026-04-01"})
    assert stretches(found.daily)[2:] == [
        ("02-26", 3, 10, "bridged"),
        ("03-01", 28, 4, "supplied"),
        ("03-29", 4, 0, "gap"),
    ]
    cut = bt.dispensing_to_daily(FILLS, **STATED | {"until": "2026-01-10"})
    assert stretches(cut.daily) == [("01-01", 10, 10, "supplied")]


def test_strengths_of_one_day_are_taken_together_and_follow_each_other_apart() -> None:
    both = FILLS.iloc[[0, 0, 2]].assign(date=["2026-01-01", "2026-01-01", "2026-01-15"], strength_mg=[5.0, 2.0, 2.0])
    by_drug = bt.dispensing_to_daily(both, **STATED)
    assert stretches(by_drug.daily) == [("01-01", 28, 14, "supplied"), ("01-29", 28, 4, "carried over")]
    by_strength = bt.dispensing_to_daily(both, **STATED | {"per": "strength", "overlap": "replace"})
    assert stretches(by_strength.daily) == [("01-01", 28, 14, "supplied"), ("01-29", 14, 4, "supplied")]


def test_days_of_supply_that_are_not_known_are_stated() -> None:
    bare = FILLS.drop(columns="days_supply")
    with pytest.raises(PlanError, match="say how long a fill lasts with lasts="):
        bt.dispensing_to_daily(bare, **STATED)
    same = bt.dispensing_to_daily(bare, **STATED, lasts="28 days")
    pd.testing.assert_frame_equal(same.daily, bt.dispensing_to_daily(FILLS, **STATED).daily)
    until_next = bt.dispensing_to_daily(bare, **STATED, lasts="until next", last_lasts="2 weeks")
    assert stretches(until_next.daily) == [
        ("01-01", 19, 280 / 19 // 1e-6 / 1e6, "supplied"),
        ("01-20", 40, 7, "supplied"),
        ("03-01", 14, 8, "supplied"),
    ]
    with pytest.raises(PlanError, match="go together"):
        bt.dispensing_to_daily(bare, **STATED, lasts="until next")
    with pytest.raises(PlanError, match="go together"):
        bt.dispensing_to_daily(bare, **STATED, lasts="4 weeks", last_lasts="4 weeks")


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"overlap": "sum"}, PlanError, "must be one of carry over, add, replace"),
        ({"per": "strengths"}, PlanError, r"did you mean strength\?"),
        ({"bridge": "7"}, IntervalError, "bridge '7' cannot be read"),
        ({"lasts": "4"}, IntervalError, "lasts '4' cannot be read"),
        ({"until": "soon"}, IntervalError, "until 'soon' is no date"),
    ],
)
def test_assumptions_that_cannot_be_read_are_refused(wrong: Any, error: Any, said: str) -> None:
    with pytest.raises(error, match=said):
        bt.dispensing_to_daily(FILLS, **STATED | wrong)


def test_nothing_is_assumed_by_default() -> None:
    for name in STATED:
        with pytest.raises(TypeError, match=name):
            bt.dispensing_to_daily(FILLS, **{k: v for k, v in STATED.items() if k != name})
    words = bt.dispensing_to_daily(
        FILLS, **STATED | {"bridge": "3 days", "until": "2026-04-01"}, lasts="4 weeks"
    ).assumptions
    assert len(words) == 5
    assert any("begins when that one has" in each for each in words)


def test_a_person_with_a_fill_that_cannot_be_read_has_no_doses_but_a_reason() -> None:
    bad = pd.DataFrame(
        {
            "person": list("abcdefgh"),
            "date": ["2026-01-01", "2026-13-01", None, *["2026-01-01"] * 5],
            "drug": ["diazepam", "diazepam", "diazepam", "diazepan", *["diazepam"] * 4],
            "strength_mg": [5, 5, 5, 5, float("nan"), 5, 5, 0],
            "quantity": [28, 28, 28, 28, 28, -1, 28.0001, 28],
            "days_supply": [28, 28, 28, 28, 28, 28, 28, 28],
        }
    )
    found = bt.dispensing_to_daily(pd.concat([bad, bad.iloc[:1].assign(person="b")], ignore_index=True), **STATED)
    assert set(found.daily["person"]) == {"a"}
    assert found.refused["row"].tolist() == list(range(1, 8))
    assert found.refused["person"].tolist() == list("bcdefgh")
    columns = ["date", "date", "drug", "strength_mg", "quantity", "quantity", "strength_mg"]
    assert [text.partition(":")[0] for text in found.refused["problem"]] == columns
    missing = bt.dispensing_to_daily(FILLS.assign(days_supply=[28, None, 28, 28]), **STATED)
    assert missing.refused["problem"].str.startswith("days_supply is missing").tolist() == [True]
    assert set(missing.daily["person"]) == {"b"}
    filled = bt.dispensing_to_daily(FILLS.assign(days_supply=[28, None, 28, 28]), **STATED, lasts="28 days")
    pd.testing.assert_frame_equal(filled.daily, bt.dispensing_to_daily(FILLS, **STATED).daily)


def test_times_of_the_day_and_zones_are_no_dates() -> None:
    stamps = pd.to_datetime(FILLS["date"])
    for wrong in (stamps + pd.Timedelta(hours=3), stamps.dt.tz_localize("UTC")):
        assert len(bt.dispensing_to_daily(FILLS.assign(date=wrong), **STATED).refused) == 4
    same = bt.dispensing_to_daily(FILLS.assign(date=stamps), **STATED).daily
    pd.testing.assert_frame_equal(same, bt.dispensing_to_daily(FILLS, **STATED).daily)


@pytest.mark.parametrize(
    "dtypes",
    [
        {"person": "category", "drug": "category", "strength_mg": "category"},
        {"drug": "string[pyarrow]", "strength_mg": "double[pyarrow]", "quantity": "int64[pyarrow]"},
        {"strength_mg": "float32", "quantity": "float32", "days_supply": "Int64"},
        {"strength_mg": object, "drug": object, "days_supply": object},
    ],
)
def test_other_dtypes_give_the_same(dtypes: Any) -> None:
    want = bt.dispensing_to_daily(FILLS, **STATED).daily
    got = bt.dispensing_to_daily(FILLS.astype(dtypes), **STATED).daily
    pd.testing.assert_frame_equal(got.drop(columns="person"), want.drop(columns="person"))
    assert got["person"].astype(str).tolist() == want["person"].tolist()


def test_order_does_not_matter_and_the_frame_is_not_changed() -> None:
    before = FILLS.copy()
    want = bt.dispensing_to_daily(FILLS, **STATED).daily
    got = bt.dispensing_to_daily(FILLS.iloc[[2, 0, 1, 3]], **STATED).daily
    pd.testing.assert_frame_equal(got, want, check_categorical=False)
    pd.testing.assert_frame_equal(FILLS, before)


def test_empty_frames_and_missing_columns() -> None:
    empty = bt.dispensing_to_daily(FILLS.iloc[:0], **STATED)
    assert empty.daily.empty
    assert list(empty.daily.columns) == list(bt.dispensing_to_daily(FILLS, **STATED).daily.columns)
    with pytest.raises(DataError, match="column 'quantity' is missing"):
        bt.dispensing_to_daily(FILLS.drop(columns="quantity"), **STATED)
    with pytest.raises(DataError, match="'person' is missing in row 0"):
        bt.dispensing_to_daily(FILLS.assign(person=[None, "a", "a", "b"]), **STATED)


def test_what_it_gives_is_shown_and_written() -> None:
    found = bt.dispensing_to_daily(FILLS, **STATED)
    assert repr(found) == "<DailyDoses of 2 people, 115 days, 0 fills refused>"
    document = json.loads(found.to_json())
    assert document["daily"][0] == {
        "person": "a",
        "date": "2026-01-01",
        "drug": "diazepam",
        "dose_ng": 10_000_000,
        "state": "supplied",
    }
    assert document["assumptions"] == list(found.assumptions)
    assert found.to_frame() is found.daily
    assert "<table" in found._repr_html_()


# ---- the pace


def days_of(*doses: float, person: object = 1, drug: str = "diazepam") -> pd.DataFrame:
    dates = pd.date_range("2026-01-01", periods=len(doses))
    return pd.DataFrame({"person": person, "date": dates, "drug": drug, "dose_mg": list(doses)})


def test_a_fall_to_zero_is_left_out_of_the_worst_and_shown_as_the_last_dose() -> None:
    row = bt.audit_frame(days_of(10, 10, 8, 8, 0, 0)).iloc[0]
    assert row[["days", "rises"]].tolist() == [4, 0]
    assert row[["worst_fall_percent_of_current", "last_dose_mg", "first_dose_mg"]].tolist() == [20, 8, 10]
    assert row["ends_at_zero"]
    assert row["mean_pace_percent_of_start_per_14_days"] == 100


def test_a_pause_is_neither_a_fall_nor_a_rise() -> None:
    row = bt.audit_frame(days_of(10, 10, 0, 0, 10, 8)).iloc[0]
    assert (row["rises"], row["worst_fall_percent_of_current"], row["days"], row["pause_days"]) == (0, 20, 6, 2)
    more = bt.audit_frame(days_of(10, 0, 12)).iloc[0]
    assert (more["rises"], more["worst_fall_percent_of_current"]) == (1, 0)
    assert pd.isna(more["mean_pace_percent_of_start_per_14_days"])


def test_a_fall_over_a_pause_is_counted_from_the_dose_before_it() -> None:
    """A fill that is collected a day late must not hide that the dose was halved."""
    row = bt.audit_frame(days_of(*[20] * 28, 0, *[10] * 28, *[9] * 28)).iloc[0]
    assert (row["worst_fall_percent_of_current"], row["worst_14_day_fall_percent"]) == (50, 50)
    assert row["mean_pace_percent_of_start_per_14_days"] == pytest.approx(100 * 11 / 20 / 4)
    long = bt.audit_frame(days_of(*[20] * 28, *[0] * 14, 5)).iloc[0]
    assert (long["worst_fall_percent_of_current"], long["worst_14_day_fall_percent"], long["pause_days"]) == (
        75,
        75,
        14,
    )


def test_a_pace_is_never_more_than_what_was_lost() -> None:
    """A fall on the last day of observation is no pace of 140 % in 14 days."""
    row = bt.audit_frame(days_of(*[10] * 365, 9)).iloc[0]
    assert row["mean_pace_percent_of_start_per_14_days"] == 10
    assert row["mean_pace_percent_of_current_per_14_days"] == pytest.approx(10)


def test_a_table_of_too_many_digits_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "table_id,drug,dose_low_mg,dose_high_mg,diazepam_mg,route,grade\n"
        "mine,lorazepam,0.999983,0.999983,10,oral,seen\nmine,clonazepam,0.499979,0.499979,10,oral,seen\n",
        encoding="utf-8",
    )
    table = bt.load_table(path, id="mine", title="Our table", complete=False)
    both = pd.concat([days_of(10, 10), days_of(1, 0.5, drug="lorazepam"), days_of(1, 1, drug="clonazepam")])
    assert "too many digits" in bt.audit_frame(both, table=table).iloc[0]["problem"]


def test_the_amounts_of_one_collection_are_added_before_they_are_divided() -> None:
    """Each rounded down by itself, they made a fall of a nanogram, and a stable month a part of the taper."""
    fills = pd.DataFrame(
        {
            "person": "a",
            "date": ["2026-01-01", "2026-01-31", "2026-01-31", "2026-03-02"],
            "drug": "diazepam",
            "strength_mg": [1, 2, 1, 1],
            "quantity": [30, 10, 10, 15],
            "days_supply": 30,
        }
    )
    daily = bt.dispensing_to_daily(fills, **STATED).daily
    assert daily["dose_ng"].unique().tolist() == [1_000_000, 500_000]
    assert bt.audit_frame(daily).iloc[0]["worst_fall_percent_of_current"] == 50


def test_nobody_is_dropped_by_the_end_of_observation() -> None:
    found = bt.dispensing_to_daily(FILLS, **STATED, until="2026-01-03")
    assert {*found.daily["person"], *found.refused["person"]} == set(FILLS["person"])
    assert "where observation ends" in found.refused["problem"].iloc[0]


def test_a_gap_is_bridged_to_a_fill_after_the_end_of_observation() -> None:
    late = FILLS.iloc[:1].assign(date="2026-02-01")
    fills = pd.concat([FILLS.iloc[:1].assign(date="2026-01-01", days_supply=28), late])
    found = bt.dispensing_to_daily(fills, **STATED | {"bridge": "7 days"}, until="2026-01-31").daily
    assert found["state"].tolist() == ["supplied"] * 28 + ["bridged"] * 3


def test_the_window_is_fourteen_days() -> None:
    inside = bt.audit_frame(days_of(10, *[9] * 13, 8)).iloc[0]["worst_14_day_fall_percent"]
    outside = bt.audit_frame(days_of(10, *[9] * 14, 8)).iloc[0]["worst_14_day_fall_percent"]
    assert (inside, outside) == (20, 100 / 9)


def test_who_cannot_be_judged_stays_with_the_reason() -> None:
    frames = [
        days_of(10, 9, person="good"),
        days_of(10, 9, 8, person="lost").iloc[[0, 2]],
        pd.concat([days_of(10, 9, person="twice"), days_of(5, person="twice")]),
        days_of(10, float("nan"), person="missing"),
        days_of(10, 9, person="name", drug="diazepan"),
        pd.concat([days_of(10, person="both"), days_of(1, person="both", drug="lorazepam")]),
    ]
    found = bt.audit_frame(pd.concat(frames, ignore_index=True)).set_index("person")
    assert found.index.tolist() == ["good", "lost", "twice", "missing", "name", "both"]
    said = found["problem"]
    for person, part in {
        "lost": "1 days are missing",
        "twice": "there twice",
        "missing": "the dose is missing",
        "name": "did you mean diazepam",
        "both": "name the equivalence table",
    }.items():
        assert part in said[person]
    assert found["days"].isna().tolist() == found["unit"].isna().tolist() == [False, *[True] * 5]
    assert found.loc["good", "days"] == 2


def test_a_table_counts_several_drugs_and_a_range_must_be_picked() -> None:
    both = pd.concat([days_of(10, 10, 10), days_of(1, 0.5, 0, drug="lorazepam")])
    for table, first in (("ashton-2002", 20), ("vadod-2021", 15)):
        row = bt.audit_frame(both, table=table).iloc[0]
        assert (row["unit"], row["first_dose_mg"], row["last_dose_mg"]) == ("diazepam", first, 10)
    ranged = pd.concat([days_of(10, 10), days_of(1, 0.5, drug="clonazepam")])
    assert "pick=" in bt.audit_frame(ranged, table="norway-2021").iloc[0]["problem"]
    picked = {p: bt.audit_frame(ranged, table="norway-2021", pick=p).iloc[0]["first_dose_mg"] for p in ("low", "high")}
    assert picked == {"low": 20, "high": 30}
    with pytest.raises(UnknownTableError):
        bt.audit_frame(both, table="nobody")
    with pytest.raises(DataError, match="must be one of"):
        bt.audit_frame(both, pick="lowest")


def test_names_of_one_drug_are_one_drug() -> None:
    frame = days_of(10, 9, 8).assign(drug=["diazepam", "Valium", "DIAZEPAM"])
    assert bt.audit_frame(frame).iloc[0][["unit", "problem", "days"]].tolist() == ["diazepam", "", 3]


def test_a_plan_and_daily_doses_are_judged_alike() -> None:
    plan = bt.taper(
        "diazepam 10 mg at night",
        bt.Percentage("10 %", of="current", every="2 weeks"),
        start="2026-12-01",
        products="UK",
        splitting="halves",
        lead_in="2 weeks",
    )
    (metrics,) = bt.compare(
        plan.regimen, plan.strategies, start=plan.start, products="UK", splitting="halves", lead_in="2 weeks"
    ).metrics.values()
    row = bt.audit_frame(plan.to_frame(per="day").assign(person=1)).iloc[0]
    assert row["days"] == metrics.days
    assert row["worst_fall_percent_of_current"] == float(metrics.worst_fall_percent_of_current)
    assert row["worst_14_day_fall_percent"] == float(metrics.worst_14_day_fall_percent)
    assert row["last_dose_mg"] == float(metrics.last_fall_mg)  # type: ignore[arg-type]  # it ends
    daily = bt.dispensing_to_daily(FILLS, **STATED)
    assert bt.audit_frame(daily.to_frame())["problem"].tolist() == ["", ""]


def test_an_empty_frame_and_one_without_columns() -> None:
    assert bt.audit_frame(days_of(10).iloc[:0]).empty
    assert list(bt.audit_frame(days_of(10).iloc[:0]).columns) == list(bt.audit_frame(days_of(10)).columns)
    with pytest.raises(DataError, match="column 'dose_mg' is missing"):
        bt.audit_frame(days_of(10).drop(columns="dose_mg"))


def test_many_people_at_once_and_a_fault_in_the_last_row() -> None:
    many = pd.concat([days_of(10, 9, 8, person=n) for n in range(300)], ignore_index=True)
    many.loc[len(many) - 1, "drug"] = "diazepan"
    found = bt.audit_frame(many)
    assert (found["problem"] != "").tolist() == [False] * 299 + [True]
    assert np.allclose(found["worst_fall_percent_of_current"].iloc[:299].astype(float), 100 / 9)
