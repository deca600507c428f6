"""Observed use in columns is what a plain walk over the days of each person gives, and what `audit` says of them."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given, settings, strategies as st

import benzotaper as bt
from benzotaper.observing.ways import Ways

DAY = timedelta(days=1)
FIRST = date(2026, 1, 1)
Fill = tuple[str, int, str, int, int, int]
"""Person, day, drug, strength (mg), quantity, days of supply."""


@st.composite
def fills(draw: st.DrawFn) -> list[Fill]:
    """Some fills of a few people."""
    one = st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.integers(0, 60),
        st.sampled_from(["diazepam", "zopiclone"]),
        st.sampled_from([1, 2, 5]),
        st.integers(1, 60),
        st.integers(1, 30),
    )
    return draw(st.lists(one, min_size=1, max_size=12))


Supply = dict[int, list[tuple[int, Fraction, bool]]]
"""For each day which collections supply it: their number, the dose (ng), and whether it began late."""


def supplied(mine: list[Fill], ways: dict[str, Any]) -> Supply:
    """What supplies each day of one person and drug."""
    supply: Supply = {}
    for queue in {f[3] if ways["per"] == "strength" else 0 for f in mine}:
        of_queue = [f for f in mine if ways["per"] == "drug" or f[3] == queue]
        days, free = sorted({f[1] for f in of_queue}), -1
        for place, day in enumerate(days):
            start = max(day, free) if ways["overlap"] == "carry over" else day
            for _, _, _, strength, quantity, lasts in [f for f in of_queue if f[1] == day]:
                cut = ways["overlap"] == "replace" and place + 1 < len(days)
                end = min(start + lasts, days[place + 1]) if cut else start + lasts
                for n in range(start, end):
                    supply.setdefault(n, []).append(
                        (queue * 1000 + place, Fraction(strength * 10**6 * quantity, lasts), start > day)
                    )
                free = max(free, start + lasts)
    return supply


def by_hand(found: list[Fill], ways: dict[str, Any]) -> Iterator[tuple[str, str, date, int, str]]:
    """Each person, drug and day in turn: the dose (ng) and how it is supplied."""
    until = ways["until_day"]
    for person, drug in dict.fromkeys((f[0], f[2]) for f in found):
        taken = supplied([f for f in found if (f[0], f[2]) == (person, drug)], ways)
        last_dose = 0
        for n in range(min(taken), (max(taken) if until is None else until) + 1):
            later, earlier = [m for m in taken if m > n], [m for m in taken if m < n]
            if n in taken:
                last_dose = floor(sum(ng for _, ng, _ in taken[n]))
                yield person, drug, FIRST + n * DAY, last_dose, state_of(taken[n])
            elif later and min(later) - max(earlier) - 1 <= ways["bridge_days"]:
                yield person, drug, FIRST + n * DAY, last_dose, "bridged"
            else:
                yield person, drug, FIRST + n * DAY, 0, "gap"


def state_of(supplies: list[tuple[int, int, bool]]) -> str:
    """How a day is supplied."""
    groups = [group for group, _, _ in supplies]
    if any(a != b and a // 1000 == b // 1000 for a in groups for b in groups):
        return "overlap"
    return "carried over" if any(late for _, _, late in supplies) else "supplied"


@given(
    fills(),
    st.sampled_from(["carry over", "add", "replace"]),
    st.sampled_from(["drug", "strength"]),
    st.integers(0, 20),
    st.none() | st.integers(0, 100),
)
def test_daily_doses_are_those_of_a_walk_over_the_days(
    found: list[Fill], overlap: Any, per: Any, bridge: int, until: int | None
) -> None:
    frame = pd.DataFrame(found, columns=["person", "date", "drug", "strength_mg", "quantity", "days_supply"])
    frame["date"] = [FIRST + n * DAY for n in frame["date"]]
    result = bt.dispensing_to_daily(
        frame,
        overlap=overlap,
        per=per,
        bridge=f"{bridge} days" if bridge else "none",
        until="" if until is None else FIRST + until * DAY,
    )
    daily = result.daily
    assert {*daily["person"], *result.refused["person"]} == set(frame["person"])
    ways = {"overlap": overlap, "per": per, "bridge_days": bridge, "until_day": until}
    want = sorted(by_hand(found, ways))
    got = zip(daily["person"], daily["drug"], daily["date"].dt.date, daily["dose_ng"], daily["state"], strict=True)
    assert sorted(got) == want
    assert (daily["dose_mg"] * 10**6).round().astype("int64").equals(daily["dose_ng"])


DOSES = st.lists(
    st.tuples(st.sampled_from([0, 0, 0.1, 0.25, 1, 2.5, 3, 5, 10, 20]), st.integers(1, 20)), min_size=1, max_size=9
)


@given(st.lists(DOSES, min_size=1, max_size=5))
@settings(max_examples=150)
def test_the_pace_of_each_person_is_that_of_an_audit(courses: list[list[tuple[float, int]]]) -> None:
    people = [
        pd.DataFrame({"person": number, "dose_mg": [float(mg) for mg, days in course for _ in range(days)]})
        for number, course in enumerate(courses)
    ]
    frame = pd.concat(
        [each.assign(date=pd.date_range(FIRST, periods=len(each)), drug="diazepam") for each in people],
        ignore_index=True,
    )
    found = bt.audit_frame(frame.sample(frac=1, random_state=1)).set_index("person")
    for number, each in enumerate(people):
        row = found.loc[number]
        if len(each) < 3 or not each["dose_mg"].any():
            continue  # too short to be told from a list of steps
        days = frame.loc[frame["person"] == number, ["date", "dose_mg"]]
        summary = bt.audit(days, drug="diazepam").summary
        assert row["problem"] == ""
        assert row["rises"] == summary.rises
        assert row["days"] == summary.days
        assert row["worst_fall_percent_of_current"] == float(summary.worst_fall_percent_of_current)  # type: ignore[arg-type]
        assert row["worst_14_day_fall_percent"] == float(summary.worst_14_day_fall_percent)  # type: ignore[arg-type]
        if row["ends_at_zero"]:
            assert row["last_dose_mg"] == float(summary.last_fall_mg)  # type: ignore[arg-type]  # it ends
        else:
            assert row["last_dose_mg"] == float(summary.ends_at_mg)  # type: ignore[arg-type]  # in mg
        assert row["ends_at_zero"] == (summary.ends_at_mg == 0)


@given(st.integers(1, 30), st.integers(1, 60), st.integers(1, 14))
def test_an_even_pace_is_found_again(percent: int, weeks: int, falls: int) -> None:
    assume(weeks * falls > 1)  # over less than 14 days there is no pace to be found
    doses, dose = [100.0] * 3, Fraction(100)
    for _ in range(falls):
        dose = dose * (100 - percent) / 100
        doses += [float(round(dose, 6))] * (7 * weeks)
    days = pd.DataFrame({"person": "x", "date": pd.date_range(FIRST, periods=len(doses) + 1), "drug": "diazepam"})
    row = bt.audit_frame(days.assign(dose_mg=[*doses, 0.0])).iloc[0]
    want = 100 * (1 - (1 - percent / 100) ** (2 / weeks))
    assert row["mean_pace_percent_of_current_per_14_days"] == pytest.approx(want, abs=1e-3)
    assert row["mean_pace_percent_of_start_per_14_days"] == pytest.approx(100 * 2 / (weeks * falls))


def test_several_drugs_count_by_the_named_table() -> None:
    plan = bt.taper(
        "lorazepam 1 mg twice daily",
        [bt.Substitution("diazepam", table="ashton-2002", every="1 week"), bt.Linear("2 mg", every="2 weeks")],
        start="2026-12-01",
        products="UK",
        splitting="halves",
        max_pieces=12,
    )
    days = plan.to_frame(per="day").assign(person=1)
    found = bt.audit_frame(days, table="ashton-2002").iloc[0]
    metrics = bt.compare(
        plan.regimen, [plan.strategies], start=plan.start, products="UK", splitting="halves", max_pieces=12
    ).strategies[0]
    assert found["unit"] == "diazepam"
    assert found["days"] == metrics.figure("days")
    assert found["worst_fall_percent_of_current"] == float(metrics.figure("worst_fall_percent_of_current"))  # type: ignore[arg-type]
    unnamed = bt.audit_frame(days).iloc[0]
    assert "name the equivalence table" in unnamed["problem"]
    assert pd.isna(unnamed["days"])
    assert Ways.of("add", per="drug", bridge="none", lasts="4 weeks", last_lasts="", until="").lasts == 28
