"""The invariants I1 to I8 of the rules, on random people and on courses."""

import csv
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

import benzotaper as bt
from benzotaper.errors import CourseError, FactError
from benzotaper.observations import Observation
from rule_machines import PROFILES, facts_of
from rule_oracle import thresholds_of
from rule_worlds import random_world

DATA = Path(bt.__file__).parent / "data"
BLOCKING = {"ASK_NOW", "HOLD_UNTIL_KNOWN", "BLOCK_START"}
TRUE, UNKNOWN, FALSE = bt.Truth.TRUE, bt.Truth.UNKNOWN, bt.Truth.FALSE
SEEDS = st.integers(0, 10**9)
NOW = datetime(2027, 1, 20, 12, tzinfo=UTC)

BETTER_IF_TRUE = frozenset({
    *("has_social_support", "can_attend_reviews", "patient_agrees", "current_location", "emergency_contact"),
    *("local_emergency_number", "refill_arranged", "naloxone_at_home", "known_epilepsy", "hypercapnia_recorded"),
    *("seizure_typical_and_recovered", "baseline_accepted", "plan.allow_hold"),
})  # fmt: skip
MIXED = frozenset({
    *("plan.ends_at_zero",),  # it excuses the growth of the last step
    *("consent_remote_sleep", "consent_remote_pulse"),  # it makes known, for better or worse
    *("clinician_clearance", "hold_cause_mild_only"),  # they permit, and ask for nothing
})  # fmt: skip
HIGHER_IS_WORSE = (
    *("days_use", "days_per_week", "doses_missed", "doses_not_kept_down_h", "gad7_total", "phq9_total", "phq9_item9"),
    *("isi_total", "wsas_total", "sevdep_sds_total", "ciwab_total", "withdrawal_nrs", "distress_nrs", "sedation_nrs"),
    *("seizure_duration_min", "use_after_stop_deq_mg", "last_fall_mg", "due_dose_not_taken_h", "holds_at_level"),
    *("hold_days", "days_since_stop", "starting_tdd_mg", "next_step_fraction"),
)
LOWER_IS_WORSE = (*("supply_days_left", "tdd_mg", "spo2", "rounding_mg", "next_interval_d", "plan.final_dose_mg"),)
WORST_WORD = {
    "hepatic_impairment": "severe",
    "risk_tier": "high",
    "last_known_urgency": "EMERGENCY_NOW",
    "function_floor": "breached",
}
# Not here: numbers that are worse in both directions (age_y, temp, sbp, rr, pulse, deq_mg, rule_half_life_h), what
# others are compared with, which can clear once it is known (baselines, plan.checkin_interval_d), and values by night
# whose window would move with a new one (sleep_h, taken_mg).


def worst_values() -> dict[str, Any]:
    """The value of each fact that is a positive finding."""
    found: dict[str, Any] = dict(WORST_WORD)
    for fact in bt.fact_names():
        if bt.fact_type(fact).kind == "bool" and fact not in MIXED:
            found[fact] = fact not in BETTER_IF_TRUE
    found |= {fact: bt.fact_type(fact).high for fact in HIGHER_IS_WORSE}
    return found | {fact: bt.fact_type(fact).low for fact in LOWER_IS_WORSE}


WORST = worst_values()


@cache
def rows_of(file: str) -> tuple[dict[str, str], ...]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def person(seed: int) -> tuple[bt.Facts, datetime, str]:
    """A random person at a moment, what was observed by then, and a profile."""
    profile_id = PROFILES[seed % len(PROFILES)]
    world = random_world(random.Random(seed), thresholds_of(profile_id))  # noqa: S311  chance, not secrets
    seen = tuple(each for each in facts_of(world) if each.at <= world.now)
    return bt.Facts(observations=seen), world.now, profile_id


def without_now(facts: bt.Facts, fact: str, now: datetime) -> bt.Facts:
    """Without what was observed of a fact at this very moment: two answers at once would contradict each other."""
    return replace(facts, observations=tuple(each for each in facts if not (each.fact == fact and each.at == now)))


def added(facts: bt.Facts, fact: str, value: object, now: datetime) -> bt.Facts:
    kind = bt.fact_type(fact)
    form = kind.forms[0] if kind.forms else ""
    return facts.observe(fact, value, at=now, by=kind.asked_of[0], form_id=form)


# ---- I1


@given(seed=SEEDS, fact=st.sampled_from(sorted(WORST)))
def test_i1_a_positive_finding_never_lowers(seed: int, fact: str) -> None:
    facts, now, profile_id = person(seed)
    facts = without_now(facts, fact, now)
    before = bt.review(facts, profile=profile_id, now=now)
    after = bt.review(added(facts, fact, WORST[fact], now), profile=profile_id, now=now)
    assert after.urgency_known >= before.urgency_known
    assert after.directive >= before.directive
    assert after.may_step <= before.may_step


@given(seed=SEEDS)
def test_i1_what_is_asked_overall_is_the_most_that_a_rule_asks(seed: int) -> None:
    facts, now, profile_id = person(seed)
    review = bt.review(facts, profile=profile_id, now=now)
    true = [each for each in review if each.truth is TRUE and each.id not in ("RS-01", "RS-02")]
    ladder = ["NONE", "INFO", "NEXT_REVIEW", "WITHIN_72H", "SAME_DAY", "EMERGENCY_NOW"]
    assert review.urgency_known == max((str(each.urgency) for each in true), default="NONE", key=ladder.index)
    strictness = ["NONE", "SLOW", "HOLD", "BLOCK_START"]
    words = {row["rule_id"]: row["directive"] for row in rows_of("rules.csv")}
    assert review.directive == max((words[each.id] for each in true), default="NONE", key=strictness.index)


# ---- I2

MOVES = re.compile(
    r"\b(stop|raise (the|your)|increase|double|faster|higher dose|more than planned|speed up)\b", re.IGNORECASE
)
DENIED = re.compile(r"\b(not|never|no|without|before|until|may want to)\b", re.IGNORECASE)


def words_of(review: bt.Review) -> set[str]:
    """Each word that a program would act on."""
    said = {str(review.directive), str(review.urgency_known), str(review.urgency_not_excluded)}
    said |= {str(review.may_step), str(review.may_start)}
    for each in review:
        said |= {str(each.directive), str(each.urgency), str(each.urgency_not_excluded), str(each.truth)}
    return said


ALL_WORDS = {
    *("NONE", "SLOW", "HOLD", "BLOCK_START", "INFO", "NEXT_REVIEW", "WITHIN_72H", "SAME_DAY", "EMERGENCY_NOW"),
    *("TRUE", "FALSE", "UNKNOWN"),
}


@given(seed=SEEDS)
def test_i2_no_output_means_stop_faster_or_more(seed: int) -> None:
    facts, now, profile_id = person(seed)
    review = bt.review(facts, profile=profile_id, now=now)
    assert words_of(review) <= ALL_WORDS
    for role in ("coach", "patient"):
        sentences = re.split(r"(?<=[.!?])\s+", " ".join(review.to_text(role=role).split()))
        assert [each for each in sentences if MOVES.search(each) and not DENIED.search(each)] == []


def test_i2_no_word_of_any_ladder_means_stop_faster_or_more() -> None:
    assert [str(each) for each in bt.Directive] == ["NONE", "SLOW", "HOLD", "BLOCK_START"]
    assert {str(each) for each in bt.Urgency} <= ALL_WORDS
    assert {row["directive"] for row in rows_of("rules.csv")} == {"NONE", "SLOW", "HOLD", "BLOCK_START"}


# ---- I3


def permitted_by_hand(review: bt.Review) -> bt.Truth:
    """Whether a step is permitted, from the table of the rules and their truths alone."""
    guards = [row for row in rows_of("rules.csv") if "step" in row["gate"].split()]
    if any(review[row["rule_id"]].truth is TRUE for row in guards):
        return FALSE
    unknown = [row for row in guards if review[row["rule_id"]].truth is UNKNOWN]
    return UNKNOWN if any(row["if_unknown"] in BLOCKING for row in unknown) else TRUE


@given(seed=SEEDS, fact=st.sampled_from(bt.fact_names()), reason=st.sampled_from(["declined", "partial", "not_asked"]))
def test_i3_unknown_never_permits_a_step(seed: int, fact: str, reason: str) -> None:
    facts, now, profile_id = person(seed)
    before = bt.review(facts, profile=profile_id, now=now)
    assert before.may_step is permitted_by_hand(before)
    form = (bt.fact_type(fact).forms or ("",))[0]
    after = bt.review(facts.unknown(fact, reason, at=now, form_id=form), profile=profile_id, now=now)
    if not fact.startswith("consent"):  # without consent a measurement is not judged, and is listed as not excluded
        assert after.may_step <= before.may_step


@pytest.mark.parametrize("profile_id", PROFILES)
def test_i3_who_was_asked_nothing_may_not_step(profile_id: str) -> None:
    review = bt.review(bt.Facts(), profile=profile_id, now=NOW)
    assert (review.may_step, review.may_start) == (UNKNOWN, UNKNOWN)
    assert review.urgency_known == "NONE"
    assert review.urgency_not_excluded == "EMERGENCY_NOW"


# ---- I4

RED_FLAGS: Mapping[str, Mapping[str, Any]] = {
    "RF-01": {"seizure_since_last_checkin": True},
    "RF-02": {"acute_confusion": True},
    "RF-03": {"new_paranoia": True},
    "RF-04": {"cssrs_item5_past_month": True},
    "RF-05": {"cssrs_item1": True},
    "RF-06": {"phq9_item9": 1},
    "RF-07": {"crisis_button": True},
    "RF-08": {"akathisia": True, "distress_nrs": 8},
    "RF-09": {"sudden_facial_droop": True},
    "RF-10": {"new_mutism": True},
    "RF-11": {"new_myoclonus": True},
    "RF-12": {"new_ataxia": True},
    "RF-13": {"syncope": True},
    "RF-14": {"sbp": 190, "chest_pain": True},
    "RF-15": {"not_fully_alert": True},
    "RF-17": {"cannot_be_woken": True},
    "RF-18": {"alcohol_last_24_h": True, "sedation_nrs": 6},
    "RF-19": {"supply_days_left": 1},
    "RF-20": {"pregnancy_status": "possible"},
    "RF-21": {"temp": "39.5"},
    "RF-22": {"ciwab_total": 50},
}
HARMLESS: Mapping[str, Any] = {
    "phq9_item9": 0,
    "distress_nrs": 0,
    "sbp": 120,
    "sedation_nrs": 0,
    "supply_days_left": 30,
    "temp": "36.8",
    "ciwab_total": 0,
    "pregnancy_status": "negative",
}


def course(**more: Any) -> bt.Course:
    plan = bt.taper(
        "diazepam 10 mg at night", bt.Linear("1 mg", every="4 weeks"), start="2026-12-01", products="UK",
        splitting="halves",
    )  # fmt: skip
    return bt.Course(plan, checkin_every="7 days", **more)


def told(values: Mapping[str, Any], at: datetime) -> bt.Facts:
    facts = bt.Facts()
    for fact, value in values.items():
        facts = added(facts, fact, value, at)
    return facts


def reviewed(facts: bt.Facts, followed: bt.Course, now: datetime) -> bt.Review:
    return bt.review(facts, profile="uk", course=followed, now=now)


def cleared(followed: bt.Course, rule_id: str, at: datetime) -> bt.Course:
    return followed.clear(rule_id, by="Dr A", role="prescriber", reason="seen today", at=at, rebaselined=True)


@pytest.mark.parametrize("rule_id", RED_FLAGS)
def test_i4_red_flags_latch_until_cleared_by_a_named_person(rule_id: str) -> None:
    found = told(RED_FLAGS[rule_id], NOW)
    first = reviewed(found, course(), NOW)
    assert rule_id in [each.id for each in first.latched_now]
    after = course().record(first.entry(by="Dr A"))
    hour = timedelta(hours=1)
    well = found + told({fact: HARMLESS.get(fact, False) for fact in RED_FLAGS[rule_id]}, NOW + hour)
    second = reviewed(well, after, NOW + 2 * hour)
    assert (second[rule_id].truth, second[rule_id].latched) == (TRUE, True)
    assert second[rule_id].urgency == first[rule_id].urgency
    assert (second.directive, second.may_step) == ("HOLD", FALSE)
    for nobody in ("", "  "):
        with pytest.raises(CourseError, match="by"):
            after.clear(rule_id, by=nobody, role="prescriber", reason="seen", at=NOW + hour, rebaselined=True)
        with pytest.raises(CourseError, match="reason"):
            after.clear(rule_id, by="Dr A", role="prescriber", reason=nobody, at=NOW + hour, rebaselined=True)
    free = cleared(after, rule_id, NOW + 3 * hour)
    third = reviewed(well, free, NOW + 4 * hour)
    assert (third[rule_id].truth is TRUE, third[rule_id].latched) == (False, False)
    again = well + told(RED_FLAGS[rule_id], NOW + 5 * hour)
    assert reviewed(again, free, NOW + 6 * hour)[rule_id].truth is TRUE


@pytest.mark.parametrize("rule_id", ["RF-02", "RF-04", "RF-17"])
def test_i4_an_emergency_is_cleared_only_by_a_prescriber_who_set_the_baseline_anew(rule_id: str) -> None:
    after = course().record(reviewed(told(RED_FLAGS[rule_id], NOW), course(), NOW).entry(by="Dr A"))
    for role, anew in (("clinician", True), ("clinician", False), ("prescriber", False)):
        with pytest.raises(CourseError, match="prescriber clears it"):
            after.clear(rule_id, by="Dr A", role=role, reason="seen", at=NOW + timedelta(hours=1), rebaselined=anew)


def test_i4_every_red_flag_latches_and_none_is_left_out_here_but_one_that_needs_readings() -> None:
    latching = {row["rule_id"] for row in rows_of("rules.csv") if row["latched"] == "yes"}
    assert latching == {row["rule_id"] for row in rows_of("rules.csv") if row["kind"] == "red_flag"}
    assert latching - set(RED_FLAGS) == {"RF-16"}


# ---- I5


@given(seed=SEEDS)
def test_i5_same_input_same_output(seed: int) -> None:
    facts, now, profile_id = person(seed)
    first = bt.review(facts, profile=profile_id, now=now).to_json()
    assert bt.review(facts, profile=profile_id, now=now).to_json() == first
    assert bt.review(bt.Facts.from_json(facts.to_json()), profile=profile_id, now=now).to_json() == first


@given(seed=SEEDS)
def test_i5_the_order_in_which_facts_were_recorded_decides_nothing(seed: int) -> None:
    facts, now, profile_id = person(seed)
    turned = replace(facts, observations=facts.observations[::-1])
    one, other = (bt.review(each, profile=profile_id, now=now) for each in (facts, turned))
    assert [(each.id, each.arm_truths) for each in one] == [(each.id, each.arm_truths) for each in other]


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_i5_another_process_says_the_same(hash_seed: str) -> None:
    facts, now, profile_id = person(11)
    code = (
        "import sys, benzotaper as bt; facts = bt.Facts.from_json(sys.stdin.read());"
        f"print(bt.review(facts, profile={profile_id!r}, now={now.isoformat()!r}).to_json(), end='')"
    )
    told_there = subprocess.run(
        [sys.executable, "-c", code],
        input=facts.to_json(), capture_output=True, text=True, check=True, encoding="utf-8",
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Pacific/Auckland", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert json.loads(told_there.stdout) == json.loads(
        bt.review(facts, profile=profile_id, now=now.isoformat()).to_json()
    )


# ---- I6

OVERSEDATION: Mapping[str, Mapping[str, Any]] = {
    "RF-17": {"gurgling": True},
    "RF-18": {"opioid_last_24_h": True, "sedation_nrs": 7},
    "CA-03": {"index_drug": "lorazepam", "takes_valproate": True},
    "RS-03": {"hold_days": 9, "symptoms_intolerable": True},
    "RS-04": {"unplanned_stop": True, "significant_symptoms": True},
}


@pytest.mark.parametrize("rule_id", OVERSEDATION)
@pytest.mark.parametrize("beside", [{}, {"seizure_since_last_checkin": True}, {"supply_days_left": 1}])
def test_i6_oversedation_says_that_the_prescriber_decides(rule_id: str, beside: dict[str, Any]) -> None:
    review = bt.review(told({**OVERSEDATION[rule_id], **beside}, NOW), profile="uk", now=NOW)
    assert review[rule_id].truth is TRUE
    assert review.prescriber_decides_dose
    texts = {row["role"]: row["text"] for row in rows_of("rule_texts.csv") if row["key"] == "prescriber_decides_dose"}
    for role, text in texts.items():
        shown = " ".join(review.to_text(role=role).split())
        assert review.contacts.fill(text) in shown
        assert role == "clinician" or "keep taking" not in shown.casefold()


def test_i6_these_are_the_rules_that_leave_the_dose_to_the_prescriber() -> None:
    assert {row["rule_id"] for row in rows_of("rules.csv") if row["prescriber_decides_dose"] == "yes"} == set(
        OVERSEDATION
    )


# ---- I7

TEXTS = st.sampled_from(["I want to kill myself", "had a seizure", "suicide", "cannot be woken", ""]) | st.text(
    max_size=40
)


def retold(observation: Observation, text: str) -> Observation:
    """The same observation, with other words wherever words are free."""
    value = observation.value
    if isinstance(value, tuple) and value and isinstance(value[0], bt.Medicine):
        value = tuple(replace(each, name=text or "a medicine") for each in value)
    return replace(observation, who=text, value=value)


@given(seed=SEEDS, text=TEXTS)
def test_i7_free_text_is_never_read(seed: int, text: str) -> None:
    facts, now, profile_id = person(seed)
    other = replace(facts, observations=tuple(retold(each, text) for each in facts))
    one, two = (bt.review(each, profile=profile_id, now=now) for each in (facts, other))
    assert [(each.id, each.arm_truths) for each in one] == [(each.id, each.arm_truths) for each in two]


@pytest.mark.parametrize("fact", bt.fact_names())
def test_i7_no_fact_takes_free_text(fact: str) -> None:
    giver = bt.fact_type(fact).asked_of[0]
    with pytest.raises((FactError, bt.BenzotaperError)):
        bt.Facts().observe(fact, "I want to kill myself", at=NOW, by=giver)


# ---- I8


def test_i8_static_history_fires_once() -> None:
    history = told(
        {"cssrs_behavior_lifetime": True, "cssrs_item1": False, "cssrs_item2": False, "cssrs_item3_past_month": False},
        NOW,
    )
    first = reviewed(history, course(), NOW)
    assert (first["RF-05"].truth, first["RF-05"].urgency) == (TRUE, "SAME_DAY")
    after = cleared(course().record(first.entry(by="Dr A")), "RF-05", NOW + timedelta(hours=1))
    again = replace(history, observations=tuple(replace(e, at=e.at + timedelta(hours=2)) for e in history))
    for facts in (history, again, history + again):
        second = reviewed(facts, after, NOW + timedelta(hours=3))
        assert second["RF-05"].truth is not TRUE
        assert dict(second["SL-05"].arm_truths)["raised_tier"] is TRUE
    assert reviewed(again, after, NOW + timedelta(hours=3))["RF-05"].truth is FALSE


def test_i8_history_that_no_review_has_reported_still_fires() -> None:
    history = told({"cssrs_behavior_lifetime": True}, NOW)
    for days in (0, 1, 6):
        assert reviewed(history, course(), NOW + timedelta(days=days))["RF-05"].urgency == "SAME_DAY"
