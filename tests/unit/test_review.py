"""A review: every rule with its reasons, what follows from all of them, what stands from before, and what is said."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import benzotaper as bt
from benzotaper.errors import BenzotaperError, CourseError, DataError, ReviewError, UnknownIdError
from benzotaper.journal import OVERRIDE_REASONS

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FALSE, UNKNOWN, TRUE = bt.Truth.FALSE, bt.Truth.UNKNOWN, bt.Truth.TRUE
HERE = bt.Contacts(emergency_number="112", crisis_line="0800 111 0 111", prescriber="Dr Berger")


def told(
    values: Mapping[str, Any], *, at: datetime = NOW, drill: bool = False, facts: bt.Facts | None = None
) -> bt.Facts:
    """Facts by their first giver and on their first form."""
    found = facts or bt.Facts(drill=drill)
    for fact, value in values.items():
        kind = bt.fact_type(fact)
        form = kind.forms[0] if kind.forms else ""
        found = found.observe(fact, value, at=at, by=kind.asked_of[0], form_id=form)
    return found


def look(values: Mapping[str, Any], *, now: datetime = NOW, profile: Any = "asam-2025", **more: Any) -> bt.Review:
    return bt.review(told(values), profile=profile, now=now, **more)


def course(regimen: str = "diazepam 10 mg at night", **more: Any) -> bt.Course:
    plan = bt.taper(regimen, bt.Linear("1 mg", every="4 weeks"), start="2026-11-01", products="UK", splitting="halves")
    return bt.Course(plan, checkin_every="7 days", **more)


def one_line(text: str) -> str:
    return " ".join(text.split())


# ---- cases that public tools get wrong


def test_a_suicide_plan_with_intent_is_an_emergency_and_no_pause() -> None:
    review = look({"cssrs_item5_past_month": True})
    assert review["RF-04"].truth is TRUE
    assert (review.urgency_known, review.directive, review.may_step) == ("EMERGENCY_NOW", "HOLD", FALSE)


def test_phq9_up_by_20_in_3_days_holds_and_asks_for_a_suicide_screen() -> None:
    facts = told({"phq9_total": 4, "phq9_baseline": 4}, at=NOW - timedelta(days=3))
    review = bt.review(told({"phq9_total": 24}, facts=facts), profile="asam-2025", now=NOW)
    assert (review["PA-04"].truth, review["PA-04"].directive, review.may_step) == (TRUE, "HOLD", FALSE)
    assert {"phq9_item9", "cssrs_item4_past_month", "cssrs_item5_past_month"} <= set(review.questions("ASK_NOW"))
    assert review.urgency_not_excluded == "EMERGENCY_NOW"


def test_an_unknown_scale_is_refused_and_is_not_green() -> None:
    with pytest.raises(BenzotaperError, match="no fact 'hama_total'"):
        bt.Facts().observe("hama_total", 3, at=NOW, by="patient")
    with pytest.raises(BenzotaperError, match="no such form"):
        bt.Facts().observe("withdrawal_scale_total", 3, at=NOW, by="patient", form_id="MYSCALE")
    assert look({}).may_step is UNKNOWN


@pytest.mark.parametrize(
    ("low", "truth"), [(16, TRUE), (15, TRUE), (14, UNKNOWN), (13, UNKNOWN), (12, UNKNOWN), (11, FALSE), (9, FALSE)]
)
def test_six_of_seven_items_decide_what_they_can(low: int, truth: bt.Truth) -> None:
    assert look({"gad7_total": bt.Interval(low, low + 3)})["PA-03"].arm_truths["severe"] is truth


def test_a_score_of_items_goes_straight_into_a_review() -> None:
    total = bt.score("GAD7", [3, 3, 3, 3, 2, 2, bt.Unknown("declined")])
    assert look({"gad7_total": total})["PA-03"].truth is TRUE


def test_a_negative_item_9_clears_nothing() -> None:
    before, after = look({}), look({"phq9_item9": 0})
    assert after["RF-06"].truth is FALSE
    for rule_id in ("RF-04", "RF-05", "RF-07"):
        assert before[rule_id].truth is after[rule_id].truth is UNKNOWN
    assert look({"phq9_item9": 0, "cssrs_item4_past_month": True})["RF-04"].truth is TRUE


@pytest.mark.parametrize("dose", ["0.5", "0.125", "10"])
def test_a_low_dose_never_lowers_an_urgency(dose: str) -> None:
    review = look({"new_immobility": True, "index_drug": "clonazepam", "tdd_mg": dose, "deq_mg": dose})
    assert (review["RF-10"].truth, review.urgency_known) == (TRUE, "EMERGENCY_NOW")


# ---- one result a rule


def test_there_is_a_result_for_each_rule_fired_or_not() -> None:
    review = look({"age_y": 70})
    assert [each.id for each in review] == list(bt.rule_ids())
    assert len(review) == 80
    assert review["CA-04"].truth is TRUE
    with pytest.raises(UnknownIdError, match=r"CA-04"):
        review["CA-4"]


def test_a_result_says_what_was_read_how_old_it_was_and_by_whom() -> None:
    facts = bt.Facts().observe("gad7_total", 16, at=NOW - 49 * HOUR, by="patient", form_id="GAD7", who="Ann")
    result = bt.review(facts, profile="asam-2025", now=NOW)["PA-03"]
    seen = {each.name: each for each in result.inputs}
    total = seen["gad7_total"]
    assert (total.value, total.unit, total.form_id, total.by, total.who) == ("16", "{score}", "GAD7", "patient", "Ann")
    assert (total.observed_at, total.age, total.max_age) == (NOW - 49 * HOUR, 49 * HOUR, timedelta(days=14))
    assert (total.quality, seen["gad7_baseline"].quality) == ("ok", "not_asked")
    assert set(seen) == {"gad7_total", "gad7_baseline", "baseline_accepted", "cannot_self_care"}


def test_a_result_names_its_thresholds_with_their_origin_and_its_sources() -> None:
    result = look({"gad7_total": 16})["PA-03"]
    assert {each.name: each.value for each in result.thresholds} == {"pa03_gad7": 15, "pa03_rise": 4}
    assert all(each.origin and each.source_id for each in result.thresholds)
    assert "GAD7_BANDS" in [source.id for source in result.sources]


def test_the_trace_shows_every_part_with_its_truth() -> None:
    (arm, trace), *_ = look({"akathisia": True, "distress_nrs": 6})["RF-08"].trace
    assert (arm, trace.op, trace.truth) == ("akathisia", "and", FALSE)
    assert [(part.text, part.truth) for part in trace.args] == [
        ("akathisia", TRUE),
        ("distress_nrs >= t.rf08_distress_nrs", FALSE),
    ]
    assert (trace.args[1].left, trace.args[1].op, trace.args[1].right) == ("6", ">=", "7")


def test_an_unknown_rule_says_which_facts_are_missing_and_why() -> None:
    review = bt.review(bt.Facts().unknown("crisis_button", "declined", at=NOW), profile="uk", now=NOW)
    assert review["RF-07"].reasons == ("crisis_button (declined)", "self_harm_intent_reported (not_asked)")
    assert review["RF-07"].urgency_not_excluded == "EMERGENCY_NOW"
    assert {"crisis_button", "self_harm_intent_reported"} <= set(review.data_required)
    assert not set(review.data_required) & set(review.data_requested)


def test_a_rule_on_recalled_facts_alone_asks_for_nothing_above_the_next_review() -> None:
    used = {"all_drugs_stopped": True, "use_after_stop": True}
    assert (look(used)["FU-07"].urgency, look(used)["FU-07"].unverified) == ("NEXT_REVIEW", True)
    assert look({**used, "profile_confirmed": True})["FU-07"].urgency == "WITHIN_72H"


CHANGES = [
    ("RF-08", {"akathisia": True, "distress_nrs": 8}, "distress_nrs < 7", {"distress_nrs": 6}),
    ("RF-08", {"akathisia": True, "distress_nrs": 8}, "not akathisia", {"akathisia": False}),
    ("RF-08", {"akathisia": True, "distress_nrs": 6}, "distress_nrs >= 7", {"distress_nrs": 7}),
    ("RF-13", {"chest_pain": True, "new_breathlessness_at_rest": False, "syncope": False}, "not chest_pain",
     {"chest_pain": False}),
    ("RF-06", {"phq9_item9": 2}, "phq9_item9 < 1", {"phq9_item9": 0}),
    ("RF-06", {"phq9_item9": 0}, "phq9_item9 >= 1", {"phq9_item9": 1}),
    ("FU-03", {"last_risk_benefit_review": "2026-08-01"}, "days_since(last_risk_benefit_review) <= 90",
     {"last_risk_benefit_review": "2026-08-27"}),
    ("FU-03", {"last_risk_benefit_review": "2026-11-01"}, "days_since(last_risk_benefit_review) > 90",
     {"last_risk_benefit_review": "2026-08-26"}),
    ("SL-06", {"holds_at_level": 2}, "holds_at_level < 2", {"holds_at_level": 1}),
    ("SL-03", {"tdd_mg": 8, "starting_tdd_mg": 10, "deq_mg": 4}, "deq_mg > 5", {"deq_mg": "5.01"}),
    ("SL-03", {"tdd_mg": 8, "starting_tdd_mg": 10, "deq_mg": 6}, "ratio(tdd_mg, starting_tdd_mg) <= 0.25",
     {"tdd_mg": "2.5"}),
    ("CA-04", {"age_y": 65, "frailty": False}, "age_y < 65", {"age_y": 64}),
    ("CA-08", {"deq_mg": 16}, "deq_mg <= 15", {"deq_mg": 15}),
    ("CI-10", {"age_y": 17, "palliative_or_end_of_life": False}, "age_y >= 18", {"age_y": 18}),
    ("PL-10", {"plan.hard_end_date": "2027-01-01", "plan.allow_hold": False}, "plan.allow_hold",
     {"plan.allow_hold": True}),
    ("RF-20", {"pregnancy_status": "positive"}, "pregnancy_status != 'positive'", {"pregnancy_status": "negative"}),
    ("RS-04", {"unplanned_stop": True, "supply_gap": True, "significant_symptoms": True},
     "not significant_symptoms", {"significant_symptoms": False}),
    ("PA-03", {"gad7_total": 14, "gad7_baseline": 3}, "gad7_total >= 15", {"gad7_total": 15}),
]  # fmt: skip


@pytest.mark.parametrize(("rule_id", "values", "change", "changed"), CHANGES, ids=[f"{c[0]}: {c[2]}" for c in CHANGES])
def test_what_would_change_a_rule_does_change_it(
    rule_id: str, values: dict[str, Any], change: str, changed: dict[str, Any]
) -> None:
    before = look(values)[rule_id]
    assert change in " or ".join(before.would_change_if)
    after = look(values | changed)[rule_id]
    assert (before.truth is TRUE) is not (after.truth is TRUE)
    assert after.truth is not UNKNOWN


# ---- all together


def test_alerts_put_rules_with_one_cause_together_the_most_urgent_first() -> None:
    review = look({"fall_since_last_checkin": True, "new_myoclonus": True, "head_strike": True, "age_y": 70})
    together = next(alert for alert in review.alerts if "RF-12" in alert.rule_ids)
    assert set(together.rule_ids) == {"RF-11", "RF-12"}
    assert "fall_since_last_checkin" in together.facts
    rungs = [list(bt.Urgency).index(alert.urgency) for alert in review.alerts]
    assert rungs == sorted(rungs, reverse=True)
    assert sorted(rule_id for alert in review.alerts for rule_id in alert.rule_ids) == sorted(r.id for r in review.true)


@pytest.mark.parametrize(
    ("values", "urgency", "interrupts"),
    [
        ({"crisis_button": True}, "EMERGENCY_NOW", True),
        ({"phq9_item9": 1}, "SAME_DAY", True),
        ({"cssrs_item1": True}, "WITHIN_72H", False),
        ({"age_y": 70}, "NEXT_REVIEW", False),
        ({"deq_mg": 16}, "INFO", False),
    ],
)
def test_only_same_day_and_above_interrupt(values: dict[str, Any], urgency: str, *, interrupts: bool) -> None:
    alerts = look(values).alerts
    assert {(alert.urgency, alert.interrupts) for alert in alerts} == {(urgency, interrupts)}


def test_resuming_may_be_offered_but_is_no_finding() -> None:
    review = look({"hold_days": 21, "clinician_clearance": True})
    assert review.offers == ()
    assert {"RS-01", "RS-02"}.isdisjoint(result.id for result in review.true)


def test_a_review_takes_a_plan_or_a_course_and_no_drill_with_a_real_course() -> None:
    followed = course()
    with pytest.raises(ReviewError, match="not both"):
        bt.review(bt.Facts(), profile="uk", now=NOW, plan=followed.plan, course=followed)
    with pytest.raises(ReviewError, match="never with a real one"):
        bt.review(bt.Facts(drill=True), profile="uk", now=NOW, course=followed)
    with pytest.raises(ReviewError, match="are no Facts"):
        bt.review({"age_y": 70}, profile="uk", now=NOW)  # type: ignore[arg-type]
    for wrong in ({"plan": "diazepam"}, {"course": followed.plan}, {"contacts": None}):
        with pytest.raises(BenzotaperError):
            bt.review(bt.Facts(), profile="uk", now=NOW, **wrong)  # type: ignore[arg-type]
    with pytest.raises(BenzotaperError, match="no offset from UTC"):
        bt.review(bt.Facts(), profile="uk", now=datetime(2026, 11, 25, 12))  # noqa: DTZ001
    with pytest.raises(UnknownIdError, match="uk"):
        bt.review(bt.Facts(), profile="ukk", now=NOW)
    with pytest.raises(UnknownIdError):
        bt.review(bt.Facts(), profile="default", now=NOW)


def test_a_plan_tells_what_it_knows() -> None:
    plan = course().plan
    review = bt.review(bt.Facts(), profile="asam-2025", now=NOW, plan=plan)
    assert review["PL-03"].truth is FALSE
    assert review["PL-10"].truth is FALSE
    assert bt.review(bt.Facts(), profile="asam-2025", now=NOW)["PL-03"].truth is UNKNOWN


# ---- contacts, drills, expiry


def test_contacts_fill_the_texts() -> None:
    with_them = look({"crisis_button": True}, contacts=HERE)
    for role in ("coach", "patient"):
        assert {"112", "0800 111 0 111", "Dr Berger"} <= set(
            re.findall(r"112|0800 111 0 111|Dr Berger", with_them.to_text(role=role))
        )
        assert "{" not in with_them.to_text(role=role)
        without = one_line(look({"crisis_button": True}).to_text(role=role))
        assert "your local emergency number" in without
        assert "{" not in without


@pytest.mark.parametrize(
    ("contacts", "truth"),
    [
        (None, TRUE),
        (bt.Contacts(emergency_number="112"), TRUE),
        (bt.Contacts(crisis_line="116 123"), TRUE),
        (bt.Contacts(emergency_number=" ", crisis_line=" "), TRUE),
        (HERE, FALSE),
    ],
)
def test_a_remote_step_waits_for_an_emergency_number_and_a_crisis_line(
    contacts: bt.Contacts | None, truth: bt.Truth
) -> None:
    values = {"remote_session": True, "current_location": True, "emergency_contact": True}
    review = look(values, **({} if contacts is None else {"contacts": contacts}))
    assert review["CI-12"].truth is truth
    assert truth is FALSE or review.may_step is FALSE


def test_a_drill_is_marked_on_every_output() -> None:
    facts = told({"chest_pain": True}, drill=True)
    review = bt.review(facts, profile="uk", now=NOW)
    real = bt.review(told({"chest_pain": True}), profile="uk", now=NOW)
    for role in ("clinician", "coach", "patient"):
        assert review.to_text(role=role).startswith("DRILL")
        assert "DRILL" in review.to_html(role=role)
        assert "DRILL" not in real.to_text(role=role)
    assert json.loads(review.to_json())["drill"] is True
    assert "DRILL" in repr(review)
    assert "DRILL" in review._repr_html_()
    assert review.entry(by="Dr A").drill
    with pytest.raises(CourseError):
        course().record(review.entry(by="Dr A"))
    assert [(each.id, each.truth) for each in review] == [(each.id, each.truth) for each in real]


def test_past_its_last_day_the_rule_set_still_runs_and_says_so() -> None:
    last = bt.ruleset().expires
    for day, expired in ((last, False), (last + timedelta(days=1), True)):
        now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        review = bt.review(told({"chest_pain": True}, at=now), profile="uk", now=now)
        assert (review["RF-13"].truth, review.expired) == (TRUE, expired)
        assert ("EXPIRED" in review.to_text()) is expired
        assert ("EXPIRED" in review.to_html()) is expired
        assert json.loads(review.to_json())["ruleset_expired"] is expired


# ---- views

BUSY = {
    "cannot_be_woken": True,
    "sbp": 190,
    "chest_pain": True,
    "gad7_total": 16,
    "age_y": 70,
    "deq_mg": 16,
    "tdd_mg": 16,
}


def test_a_clinician_sees_everything() -> None:
    text = one_line(look(BUSY).to_text())
    for rule_id in ("RF-13", "RF-14", "RF-17", "PA-03", "CA-04", "CA-08"):
        assert rule_id in text
    for words in ("sbp 190", "would change if", "project default, confirm", "Ask now", "Not excluded", "not permitted"):
        assert words in text
    assert len(re.findall("<details", look(BUSY).to_html())) == 80


@pytest.mark.parametrize("role", ["coach", "patient"])
def test_coach_and_patient_see_no_rule_no_score_and_no_dose(role: str) -> None:
    review = look(BUSY)
    for text in (
        review.to_text(role=role),
        re.sub(r"<style.*?</style>", "", review.to_html(role=role), flags=re.DOTALL),
    ):
        assert not re.search(r"\b(PL|PA|SL|RS|RF|CI|CA|FU)-\d\d\b", text)
        assert not re.search(r"\b(gad7|sbp|deq|tdd)", text, re.IGNORECASE)
        assert not re.search(r"\d\s*mg\b", text)
        assert not re.search(r"\b(16|190)\b", text)


def test_no_view_is_without_whom_to_call_and_another_role_is_refused() -> None:
    for role in ("clinician", "coach", "patient"):
        assert "Whom to call" in look({}).to_text(role=role)
    for show in (look({}).to_text, look({}).to_html):
        with pytest.raises(ReviewError, match="role 'nurse' is not one of clinician, coach, patient"):
            show(role="nurse")


def test_nobody_is_told_that_it_is_safe() -> None:
    for role in ("clinician", "coach", "patient"):
        assert not re.search(r"\b(is|are) safe\b|\ball clear\b|no risk", look({}).to_text(role=role), re.IGNORECASE)


def test_the_frame_of_a_review_has_a_row_a_rule() -> None:
    frame = look(BUSY).to_frame()
    assert list(frame["rule"]) == list(bt.rule_ids())
    assert frame.set_index("rule").loc["RF-17", ["truth", "urgency", "directive"]].to_list() == [
        "TRUE",
        "EMERGENCY_NOW",
        "HOLD",
    ]
    assert len(json.loads(look(BUSY).to_json())["results"]) == 80


# ---- what stands from before


def test_an_override_lifts_the_directive_but_not_the_urgency() -> None:
    followed = course()
    facts = told({"phq9_total": 22})
    before = bt.review(facts, profile="uk", now=NOW, course=followed)
    made = followed.override(
        "PA-04", by="Dr A", role="prescriber", code="already managed", at=NOW - HOUR, until=NOW + HOUR
    )  # fmt: skip
    after = bt.review(facts, profile="uk", now=NOW, course=made)
    assert (before["PA-04"].directive, after["PA-04"].directive) == ("HOLD", "NONE")
    assert (before["PA-04"].urgency, after["PA-04"].urgency) == ("WITHIN_72H", "WITHIN_72H")
    assert after.urgency_known == before.urgency_known
    assert "overridden by Dr A (prescriber)" in one_line(after.to_text())
    assert json.loads(after.to_json())["results"][list(bt.rule_ids()).index("PA-04")]["override"]["by"] == "Dr A"
    over = bt.review(facts, profile="uk", now=NOW + HOUR, course=made)
    assert over["PA-04"].directive == "HOLD"
    assert "already managed" in OVERRIDE_REASONS


def test_a_red_flag_is_never_overridden() -> None:
    with pytest.raises(CourseError, match="never overridden"):
        course().override("RF-06", by="Dr A", role="prescriber", code="already managed", at=NOW, until=NOW + HOUR)


def test_a_latch_stays_and_says_since_when_until_it_is_cleared() -> None:
    followed = course()
    first = bt.review(told({"phq9_item9": 1}), profile="uk", now=NOW, course=followed)
    after = followed.record(first.entry(by="Dr A"))
    later = told({"phq9_item9": 0}, at=NOW + HOUR, facts=told({"phq9_item9": 1}))
    second = bt.review(later, profile="uk", now=NOW + 2 * HOUR, course=after)
    assert (second["RF-06"].truth, second["RF-06"].latched, second["RF-06"].urgency) == (TRUE, True, "SAME_DAY")
    assert second.latched_now == ()
    assert f"latched since {NOW.isoformat(timespec='minutes')}" in one_line(second.to_text())
    assert json.loads(second.to_json())["results"][list(bt.rule_ids()).index("RF-06")]["latch"]["urgency"] == "SAME_DAY"
    free = after.clear("RF-06", by="Dr A", role="clinician", reason="screened", at=NOW + 2 * HOUR)
    third = bt.review(later, profile="uk", now=NOW + 3 * HOUR, course=free)
    assert (third["RF-06"].latched, third["RF-06"].truth is TRUE) == (False, False)
    again = told({"phq9_item9": 1}, at=NOW + 3 * HOUR, facts=later)
    assert bt.review(again, profile="uk", now=NOW + 4 * HOUR, course=free)["RF-06"].truth is TRUE


def test_a_clearance_does_not_free_another_rule_that_reads_the_same_fact() -> None:
    facts = told({"fall_since_last_checkin": True, "new_myoclonus": True})
    after = course().record(bt.review(facts, profile="uk", now=NOW, course=course()).entry(by="Dr A"))
    free = after.clear("RF-12", by="Dr A", role="prescriber", reason="seen", at=NOW + HOUR, rebaselined=True)
    found = bt.review(facts, profile="uk", now=NOW + 2 * HOUR, course=free)
    assert (found["RF-11"].latched, found["RF-12"].latched) == (True, False)


# ---- tables


def test_what_the_other_tables_would_give_stands_beside() -> None:
    plan = bt.taper(
        "alprazolam 4 mg at night",
        bt.Linear("0.5 mg", every="4 weeks"),
        start="2026-11-26",
        products="US",
        splitting="halves",
    )
    review = bt.review(bt.Facts(), profile="germany", now=NOW, plan=plan)
    assert review.table == bt.profile("germany").equivalence_table
    assert review.table not in review.beside
    assert set(review.beside) == {each.id for each in bt.default_tables()} - {review.table}
    for table, truths in review.beside.items():
        for rule_id, truth in truths.items():
            assert review[rule_id].truth is not truth
            assert table in one_line(review.to_text())
    with pytest.raises(KeyError):
        review.beside["no such table"]
    assert dict(look({"deq_mg": 20}).beside) == {}


# ---- a profile of one's own


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "clinic.toml"
    path.write_text(text, encoding="utf-8")
    return path


CLINIC = """
[my-clinic]
title = "Our clinic"
source_id = "OUR_SOP"
date = "2026-10"
equivalence_table = "ashton-2002"

[my-clinic.thresholds.pa03_gad7]
value = 12
unit = "{score}"
origin = "house"
source_id = "OUR_SOP"
"""


def test_a_profile_of_ones_own_judges_by_its_own_thresholds_and_else_by_the_defaults(tmp_path: Path) -> None:
    mine = bt.load_profile(own(tmp_path, CLINIC))
    assert look({"gad7_total": 12}, profile=mine)["PA-03"].truth is TRUE
    assert look({"gad7_total": 11}, profile=mine)["PA-03"].truth is FALSE
    assert look({"gad7_total": 12})["PA-03"].truth is FALSE
    assert mine.threshold("pa03_rise").value == Fraction(4)
    result = look({"gad7_total": 12}, profile=mine)["PA-03"]
    assert "OUR_SOP" in [source.id for source in result.sources]
    assert "Our clinic" in look({}, profile=mine).to_text()
    again = replace(mine, id="uk")  # a name of the package does not make it the package's
    assert look({"gad7_total": 12}, profile=again)["PA-03"].truth is TRUE


def test_every_fault_of_a_profile_is_said_at_once(tmp_path: Path) -> None:
    text = CLINIC.replace('date = "2026-10"', "").replace("value = 12", 'value = "twelve"').replace('"house"', '"me"')
    text = text.replace('unit = "{score}"', 'unit = "mg"\nnoted = "x"')
    text += '[my-clinic.thresholds.pa99_x]\nvalue = 1\nunit = "1"\norigin = "house"\nsource_id = "OUR_SOP"\n'
    with pytest.raises(DataError) as caught:
        bt.load_profile(own(tmp_path, text))
    said = str(caught.value)
    for fault in (
        "'date' is missing",
        "'twelve'",
        "origin 'me'",
        "'noted' is not known",
        "pa99_x",
        "unit 'mg' must be",
    ):
        assert fault in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it has 0 sections"),
        (CLINIC + CLINIC.replace("my-clinic", "other"), "it has 2 sections"),
        (CLINIC.replace("my-clinic", "uk"), "is a name of the package"),
        (CLINIC.replace("my-clinic", "default"), "is a name of the package"),
        ("[my-clinic", "cannot be read"),
        (CLINIC.replace("value = 12", "value = true"), "of another type"),
        ('my-clinic = "text"', "it needs one"),
        (CLINIC.replace("ashton-2002", "no-such-table"), "no-such-table"),
        ("[my-clinic]\nthresholds = 3", "thresholds"),
        ("[my-clinic.thresholds]\npa03_gad7 = 12", "pa03_gad7"),
    ],
)
def test_a_file_that_is_no_profile_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(BenzotaperError, match=re.escape(why)):
        bt.load_profile(own(tmp_path, text))


UNFIT = [
    ("ca02_conjugated_drugs", '["lorazepm"]', ""),  # no drug
    ("cyp_enzymes", '["9Z9"]', ""),  # no enzyme of the data
    ("fu01_short_d", "[2.5, 7]", "d"),  # half a day
    ("fu01_short_d", "[7, 2]", "d"),  # not in order
    ("pa01_window_d", "0", "d"),  # no day
    ("pa01_window_d", "2.5", "d"),
    ("fu01_then_every_d", "0", "d"),
    ("rf14_repeat_min", "-5", "min"),
    ("pa03_gad7", "1e30", "{score}"),  # beyond what is counted exactly
    ("pl01_max_fraction_14_d", "-1", "1"),
]


@pytest.mark.parametrize(("name", "value", "unit"), UNFIT, ids=[f"{name} {value}" for name, value, _ in UNFIT])
def test_a_threshold_with_which_no_rule_can_work_is_refused(tmp_path: Path, name: str, value: str, unit: str) -> None:
    text = CLINIC.replace("pa03_gad7", name).replace("value = 12", f"value = {value}").replace("{score}", unit)
    with pytest.raises(DataError, match=name):
        bt.load_profile(own(tmp_path, text))


def test_a_profile_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        bt.load_profile(tmp_path / "none.toml")
