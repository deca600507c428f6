"""What a plan alone tells the rules: the values of a day, of several drugs, and what is unknown or does not apply."""

import csv
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import benzotaper as bt
from benzotaper.day_lists import ONLY_REDUCTION_DAYS
from benzotaper.errors import IntervalError, UnknownTableError
from benzotaper.plan_facts import index_drugs, plan_facts
from benzotaper.values import NOT_APPLICABLE, Interval
from real_plans import SHAPES

ZONE = timezone(timedelta(hours=1))
FROM_OBSERVATIONS = {"pre_step_baseline", "last_symptom_report", "due_dose_not_taken_h"}
STEADY: dict[str, Any] = {
    "regimen": "diazepam 10 mg at night",
    "strategy": bt.Linear("2 mg", every="2 weeks"),
    "start": "2026-12-01",
    "products": "UK",
    "splitting": "halves",
}


def facts_on(day: date | str, *, by: str = "ashton-2002", index_drug: str = "", **asked: Any) -> dict[str, Any]:
    now = datetime.combine(date.fromisoformat(str(day)), datetime.min.time(), tzinfo=ZONE)
    return dict(plan_facts(bt.taper(**(STEADY | asked)), now=now, table=by, index_drug=index_drug))


def shape(name: str) -> dict[str, Any]:
    return {**SHAPES[name]}


def interval(mg: int | str) -> Interval:
    return Interval(low=Fraction(mg), high=Fraction(mg))


def test_every_fact_that_only_a_plan_tells_is_there_and_no_other() -> None:
    path = Path(bt.__file__ or "").parent / "data" / "facts.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        named = {row["fact"] for row in csv.DictReader(lines) if "plan" in row["asked_of"].split("|")}
    assert set(facts_on("2026-12-01")) == named - FROM_OBSERVATIONS


def test_a_plan_in_the_middle_says_what_is_taken_and_what_comes() -> None:
    facts = facts_on("2026-12-20")
    assert facts["index_drug"] == "diazepam"
    assert facts["target_drug"] is NOT_APPLICABLE
    assert facts["tdd_mg"] == 6
    assert facts["starting_tdd_mg"] == facts["starting_total_mg"] == 10
    assert facts["deq_mg"] == interval(6)
    assert facts["starting_deq_mg"] == interval(10)
    assert facts["last_reduction"] == date(2026, 12, 15)
    assert facts["next_reduction_due"] is False
    assert facts["next_step_fraction"] == Fraction(1, 3)
    assert facts["next_interval_d"] == 14
    assert facts["all_drugs_stopped"] is False
    assert facts["stopped_on"] is facts["days_since_stop"] is NOT_APPLICABLE
    assert list(facts["planned_mg"].values()) == [8] * 14 + [6] * 6
    assert facts["rule_half_life_h"] == bt.drug_named("diazepam").rule_half_life_h


def test_the_lists_run_from_the_day_before_the_first_change_to_the_first_day_of_the_last_step() -> None:
    facts = facts_on("2026-12-01", lead_in="3 weeks")
    assert facts["daily_total"] == (10, *(dose for dose in (8, 6, 4, 2) for _ in range(14)), 0)
    assert facts["daily_dose"] == facts["index_daily_mg"] == facts["daily_total"]
    assert facts["step_mg"] == (2, 2, 2, 2, 2)
    assert facts["step_fraction"] == (Fraction(1, 5), Fraction(1, 4), Fraction(1, 3), Fraction(1, 2), 1)
    assert facts["interval_d"] == (14,) * 5
    assert facts["plan.ends_at_zero"] is True
    assert facts["last_fall_mg"] == 2
    assert facts["last_fall_is_first"] is False
    assert facts["rounding_mg"] == 1


def test_a_reduction_is_due_on_its_day_and_made_from_the_day_after() -> None:
    due, made = facts_on("2026-12-15"), facts_on("2026-12-16")
    assert (due["next_reduction_due"], due["last_reduction"]) == (True, date(2026, 12, 1))
    assert (made["next_reduction_due"], made["last_reduction"]) == (False, date(2026, 12, 15))


def test_before_the_start_nothing_is_reduced_yet() -> None:
    facts = facts_on("2026-11-20")
    assert facts["tdd_mg"] == 10
    assert facts["last_reduction"] is facts["last_completed_checkin"] is NOT_APPLICABLE
    assert facts["planned_mg"] == {}
    assert facts["index_drug"] == "diazepam"


def test_after_the_end_everything_is_at_zero_since_its_day() -> None:
    facts = facts_on("2027-02-20")
    assert facts["all_drugs_stopped"] is True
    assert facts["stopped_on"] == date(2027, 2, 9) - timedelta(days=14)
    assert facts["days_since_stop"] == 25
    assert facts["deq_mg"] == interval(0)
    assert facts["index_drug"] == "diazepam"
    assert facts["next_step_fraction"] is facts["next_interval_d"] is NOT_APPLICABLE


def test_a_single_reduction_counts_as_the_long_interval() -> None:
    facts = facts_on("2026-12-01", strategy=bt.Linear(steps=1, every="1 week"))
    assert facts["interval_d"] == (ONLY_REDUCTION_DAYS,)
    assert facts["last_fall_is_first"] is True


def test_a_cycle_counts_as_its_mean_but_its_days_are_unrolled() -> None:
    facts = facts_on("2026-12-04", strategy=bt.AlternateDay("2 mg", low_days=(2, 4, 6), every="1 week"))
    assert facts["daily_total"][1] == facts["tdd_mg"] == Fraction(10 * 5 + 8 * 2, 7)
    assert sorted(facts["daily_dose"][1:8]) == [8, 8, 10, 10, 10, 10, 10]
    assert list(facts["planned_mg"].values()) == list(facts["daily_dose"][1:5])


def test_a_maintenance_dose_is_no_end_at_zero() -> None:
    facts = facts_on("2026-12-01", target="4 mg")
    assert facts["plan.ends_at_zero"] is facts["last_fall_is_first"] is False
    assert facts["last_fall_mg"] is NOT_APPLICABLE
    assert facts["daily_total"][-1] == 4


CROSSING = shape("cross-over")


@pytest.mark.parametrize(
    ("day", "index", "switched"),
    [
        ("2026-11-30", "lorazepam", NOT_APPLICABLE),
        ("2026-12-01", "lorazepam", date(2026, 12, 1)),
        ("2026-12-14", "lorazepam", date(2026, 12, 8)),
        ("2026-12-15", "diazepam", date(2026, 12, 15)),
        ("2027-02-01", "diazepam", date(2026, 12, 15)),
    ],
)
def test_in_a_cross_over_the_drug_that_leaves_is_reduced_until_it_is_gone(
    day: str, index: str, switched: object
) -> None:
    facts = facts_on(day, **CROSSING)
    assert facts["index_drug"] == index
    assert facts["last_switch"] == facts["last_switch_to_diazepam"] == switched
    assert facts["target_drug"] == "diazepam"
    assert facts["plan.switches_to_diazepam"] is True


def test_the_total_of_a_cross_over_is_of_what_enters_and_the_new_drug_starts_from_its_own_dose() -> None:
    facts = facts_on("2026-12-20", **CROSSING)
    assert facts["starting_total_mg"] == facts["starting_tdd_mg"] == facts["tdd_mg"] == 40
    assert facts["starting_deq_mg"] == interval(40)
    assert bt.taper(**CROSSING).steps[3].mean_ng("diazepam") == 40 * 10**6
    assert index_drugs(bt.taper(**CROSSING)) == ("lorazepam", "diazepam")


def test_the_finest_fall_of_a_drug_that_is_replaced_counts_as_what_replaces_it() -> None:
    # halves of 0.5 mg lorazepam are 0.25 mg, by Ashton 2.5 mg of diazepam
    assert facts_on("2026-12-01", **shape("cross-over after a taper"))["rounding_mg"] == Fraction(5, 2)


def test_several_drugs_count_as_diazepam_and_each_is_asked_in_turn() -> None:
    asked = shape("several, one after the other")
    facts = facts_on("2026-12-02", **asked)
    assert facts["index_drug"] == "zopiclone"
    assert facts["starting_total_mg"] == 15
    assert facts_on("2026-12-02", index_drug="Valium", **asked)["tdd_mg"] == 10
    assert index_drugs(bt.taper(**asked)) == ("zopiclone", "diazepam")


def test_a_drug_that_the_table_lacks_is_unknown_in_diazepam() -> None:
    facts = facts_on("2026-12-02", **shape("a drug of no table"))
    assert facts["deq_mg"] == facts["starting_deq_mg"] == bt.Unknown("not in table ashton-2002: bentazepam")


def test_a_range_of_a_table_stays_an_interval() -> None:
    taken = facts_on("2026-11-30", by="norway-2021", regimen="clonazepam 2 mg at night")["deq_mg"]
    range_ = bt.convert("clonazepam 2 mg", to="diazepam", table="norway-2021")
    assert (taken.low, taken.high) == (range_.low_mg, range_.high_mg)
    assert taken.low < taken.high


def test_what_a_plan_alone_cannot_know_is_not_asked() -> None:
    facts = facts_on("2026-12-20")
    assert facts["plan.checkin_interval_d"] == bt.Unknown("not_asked")
    assert facts["plan.hard_end_date"] is facts["plan.final_dose_mg"] is NOT_APPLICABLE
    assert facts["plan.allow_hold"] is True
    assert (facts["last_known_urgency"], facts["risk_tier"], facts["hold_days"]) == ("NONE", "low", 0)


def test_not_applicable_is_neither_yes_nor_no() -> None:
    with pytest.raises(TypeError, match="not applicable"):
        bool(NOT_APPLICABLE)
    assert repr(NOT_APPLICABLE) == "NOT_APPLICABLE"


def test_the_day_is_that_of_the_zone_of_now() -> None:
    plan = bt.taper(**STEADY)
    late = datetime(2026, 12, 14, 23, 30, tzinfo=UTC)
    assert plan_facts(plan, now=late, table="ashton-2002")["next_reduction_due"] is False
    assert plan_facts(plan, now=late.astimezone(ZONE), table="ashton-2002")["next_reduction_due"] is True


def test_a_time_without_a_zone_and_an_unknown_table_are_refused() -> None:
    plan = bt.taper(**STEADY)
    with pytest.raises(IntervalError, match="with its zone"):
        plan_facts(plan, now=datetime(2026, 12, 1), table="ashton-2002")  # noqa: DTZ001  that is the fault
    with pytest.raises(UnknownTableError, match="ashton-2002"):
        plan_facts(plan, now=datetime(2026, 12, 1, tzinfo=UTC), table="ashton")
