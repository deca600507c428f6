"""What random worlds are made of: values near the thresholds, and what pulls each arm towards firing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from rule_oracle import NA

Recipe = Mapping[str, object]
D = Decimal


@dataclass(frozen=True)
class Ago:
    """A date so many days before today."""

    days: tuple[int, ...]


@dataclass(frozen=True)
class Meds:
    """A dated list: so many entries that started and stopped so many days ago; None is not known."""

    start: tuple[int | None, ...] = (0, 5, 13, 14, 27, 28, 400, -1, None)
    stop: tuple[object, ...] = (NA, NA, NA, 0, 5, 13, 14, -2, None)
    many: tuple[int, ...] = (0, 1, 1, 2)


@dataclass(frozen=True)
class Daily:
    """One value a day: one of `often` with the probability `share`, else one of `seldom`."""

    often: tuple[object, ...]
    seldom: tuple[object, ...]
    share: float = 0.4
    gaps: float = 0.12
    twice: float = 0.06
    days: int = 8

    def calm(self) -> "Daily":
        return replace(self, share=0, gaps=0, twice=0, days=9)

    def firing(self, share: float = 0.9) -> "Daily":
        return replace(self, share=share)


@dataclass(frozen=True)
class Vitals:
    """Sets of readings; a set is alarming with the probability `share`."""

    alarming: Mapping[str, tuple[object, ...]]
    share: float = 0.9
    sets: tuple[int, int] = (1, 4)
    gaps: float = 0.15
    doubt: float = 0.03
    by: tuple[str, ...] = ("patient", "clinician", "device")


@dataclass(frozen=True)
class Plan:
    """Levels in hundredths of a milligram, and days between falls."""

    start: tuple[int, ...] = (50, 200, 400, 1000)
    falls: tuple[int, ...] = (5, 10, 25, 26, 50, 51, 100, 101, 125, 200, 400)
    intervals: tuple[int, ...] = (3, 6, 7, 8, 13, 14, 15, 28)
    skipping: float = 0.2


USUALLY_TRUE = frozenset({
    "has_social_support", "can_attend_reviews", "patient_agrees", "current_location", "emergency_contact",
    "local_emergency_number", "refill_arranged", "plan.allow_hold", "naloxone_at_home", "consent_remote_sleep",
    "consent_remote_pulse", "plan.ends_at_zero", "remote_session",
})  # fmt: skip

DAILY: dict[str, Daily] = {
    "sleep_h": Daily(
        (D("2.5"), D("2.99"), 3, D("3.99"), 4, D("4.99"), 5, D("5.05"), D("5.5"), D("6.05")), (D("6.5"), 7)
    ),
    "withdrawal_nrs": Daily((4, 5, 6, 7, 8), (0, 1, 2, 3)),
    "doses_missed": Daily((1, 2), (0,), share=0.2),
    "taken_mg": Daily((8, D("7.99"), 12, D("12.01"), 11, 0), (10,), share=0.25),
    "planned_mg": Daily((8, 0, D("9.5")), (10,), share=0.1),
    "prescribed_mg": Daily((9, 11), (10,), share=0.1),
    "interdose_symptoms": Daily((True,), (False,)),
    "function_floor": Daily(("breached",), ("kept",)),
}

NEAR: dict[str, tuple[object, ...]] = {
    "age_y": (15, 16, 17, 18, 40, 64, 65, 66, 80),
    "days_use": (29, 30, 31, 89, 90, 91, 364, 365),
    "days_per_week": (D("3.99"), 4, 5, 7, 2),
    "supply_days_left": (0, D("2.5"), 3, D("3.01"), 4, 20),
    "doses_not_kept_down_h": (0, 0, D("11.9"), 12, 13),
    "gad7_total": (10, 13, 14, 15, 16, 19),
    "gad7_baseline": (8, 11, 12, 14, 15, 16),
    "phq9_total": (6, 7, 9, 10, 11, 14, 15, 17, 19, 20),
    "phq9_baseline": (2, 4, 5, 6, 10, 14),
    "phq9_item9": (0, 0, 1, 3),
    "isi_total": (12, 14, 15, 16, 21, 22, 25),
    "isi_baseline": (8, 9, 10, 16, 21, 22, 23),
    "wsas_total": (12, 19, 20, 21, 28, 29),
    "wsas_baseline": (4, 12, 13, 20, 21, 22),
    "sevdep_sds_total": (3, 5, 6, 7),
    "ciwab_total": (20, 38, 40, 41, 42),
    "distress_nrs": (2, 6, 7, 8),
    "sedation_nrs": (1, 4, 5, 6),
    "seizure_duration_min": (1, D("4.99"), 5, D("5.01"), 7),
    "sbp_baseline": (120, 129, 130, 131, 140),
    "dbp_baseline": (70, 75, 89, 90, 91),
    "pulse_baseline": (60, 70, 90, 91, 92),
    "baseline_sleep_h": (6, D("6.5"), 7, D("5.01"), 8),
    "use_after_stop_deq_mg": (1, 5, D("4.99"), 10),
    "rule_half_life_h": (12, D("23.9"), 24, D("24.1"), 100),
    "plan.final_dose_mg": (D("0.25"), D("0.5"), 1, 2),
    "plan.checkin_interval_d": (1, 7, 14, 28),
    "rounding_mg": (0, D("0.05"), D("0.25"), D("0.5")),
    "last_fall_mg": (D("0.05"), D("0.5"), 1, D("1.01"), D("2.5"), D("2.500001"), 5),
    "starting_total_mg": (10, D("9.99"), 4, 2, 0, 20),
    "tdd_mg": (D("2.5"), D("2.499999"), D("2.500001"), 0, 8),
    "starting_tdd_mg": (10, 8, 0, 20),
    "deq_mg": (0, 5, D("5.01"), 15, D("15.01"), 20, D("19.99"), 30, D("30.01"), 40, D("40.01")),
    "starting_deq_mg": (5, 10, D("10.01"), 15, D("15.01"), 20, 0),
    "due_dose_not_taken_h": (0, 0, D("23.9"), 24, 30, 47, D("47.95"), 48, 60),
    "pre_step_baseline": (0, 1, 2, D("1.5"), 4),
    "hold_days": (0, 6, 7, 8, 13, 14, 15),
    "holds_at_level": (0, 1, 2, 3),
    "step_fraction_before_hold": (D("0.1"), D("0.2"), 0),
    "next_step_fraction": (D("0.05"), D("0.0505"), D("0.06"), D("0.1"), D("0.11")),
    "interval_before_hold_d": (7, 14, 0),
    "next_interval_d": (7, 14, 28, 27),
    "days_since_stop": (0, 29, 30, 31, 400),
}

CALM: dict[str, object] = {
    "age_y": 40, "days_use": 25, "days_per_week": 3, "supply_days_left": 20, "doses_not_kept_down_h": 0,
    "gad7_total": 5, "gad7_baseline": 5, "phq9_total": 5, "phq9_baseline": 5, "phq9_item9": 0, "isi_total": 5,
    "isi_baseline": 5, "wsas_total": 5, "wsas_baseline": 5, "sevdep_sds_total": 3, "ciwab_total": 10,
    "distress_nrs": 2, "sedation_nrs": 1, "seizure_duration_min": 1, "sbp_baseline": 124, "dbp_baseline": 78,
    "pulse_baseline": 70, "baseline_sleep_h": 7, "use_after_stop_deq_mg": NA, "rule_half_life_h": 40,
    "plan.final_dose_mg": NA, "plan.checkin_interval_d": 7, "rounding_mg": D("0.5"), "last_fall_mg": D("0.5"),
    "starting_total_mg": 20, "tdd_mg": 10, "starting_tdd_mg": 20, "deq_mg": 9, "starting_deq_mg": 9,
    "due_dose_not_taken_h": 0, "pre_step_baseline": 2, "hold_days": 0, "holds_at_level": 0,
    "step_fraction_before_hold": NA, "next_step_fraction": D("0.05"), "interval_before_hold_d": NA,
    "next_interval_d": 14, "days_since_stop": NA, "hepatic_impairment": "none", "pregnancy_status": "negative",
    "last_known_urgency": "INFO", "risk_tier": "low", "index_drug": "diazepam", "target_drug": NA,
    "cyp_inhibitors": (), "cyp_inducers": (), "seizure_threshold_medicines": (), "last_missed_dose": NA,
    "switch_reviewed_on": NA, "last_risk_benefit_review": Ago((30,)), "plan.hard_end_date": NA,
    "last_reduction": Ago((30,)), "last_switch": NA, "last_switch_to_diazepam": NA, "last_completed_checkin": Ago((0,)),
    "last_symptom_report": Ago((0,)), "stopped_on": NA,
}  # fmt: skip


def any_true(*facts: str, **also: object) -> tuple[Recipe, ...]:
    """One of these facts TRUE, beside the others."""
    return tuple({fact: True, **also} for fact in facts)


def both(*options: tuple[Recipe, ...]) -> tuple[Recipe, ...]:
    """Every pair of an option of the first with one of the second."""
    first, second = options
    return tuple({**one, **other} for one in first for other in second)


RECENT = Ago((0, 1, 13, 14))
SLEEPLESS: tuple[Recipe, ...] = (
    {"isi_total": (15, 16, 22)},
    {"sleep_h": DAILY["sleep_h"].firing(), "baseline_sleep_h": (7, 8)},
)
USED_LONG: tuple[Recipe, ...] = (
    {"days_per_week": (4, 7), "days_use": (90, 400)},
    {"days_per_week": (4, 7), "days_use": (30, 89), "starting_deq_mg": (D("10.01"), 20)},
)
CHECKIN_LATE: Recipe = {
    "last_completed_checkin": Ago((9, 10, 16, 17, 60)),
    "plan.checkin_interval_d": (7, 14),
    "last_reduction": Ago((4, 9, 12, 13, 40)),
}
CONCERN = {"last_known_urgency": ("WITHIN_72H", "SAME_DAY", "EMERGENCY_NOW")}
SEDATED = any_true("opioid_last_24_h", "alcohol_last_24_h", "other_sedative_last_24_h", sedation_nrs=(5, 6, 9))
DROWSY: tuple[Recipe, ...] = (
    {"new_marked_drowsiness": True, "age_y": (65, 80)},
    {"new_marked_drowsiness": True, "last_switch": Ago((1, 400))},
    {"new_marked_drowsiness": True, "cyp_inhibitors": Meds(start=(0, 27), many=(1, 2))},
)
SIGNS_OF_OVERDOSE = any_true("cannot_be_woken", "very_slow_weak_or_stopped_breathing", "blue_or_grey_lips", "gurgling")
PREGNANT: Recipe = {"pregnancy_status": ("positive", "possible")}
RED_FLAGS = any_true("cssrs_item1", "chest_pain", "crisis_button", "new_mutism", "supply_gap")
CRISIS = Vitals({"sbp": (179, 180, 200), "dbp": (119, 120, 121)})
FEVER = Vitals({"temp": (D("38.3"), D("39"), D("39.1"))})
STOPPED: Recipe = {"all_drugs_stopped": True}
DUE: Recipe = {**STOPPED, "stopped_on": Ago((7, 8, 14, 30, 56, 90, 184, 185, 366, 740)),
               "last_completed_checkin": Ago((1, 10, 40, 200))}  # fmt: skip
USED: Recipe = {**STOPPED, "use_after_stop": True}
CONFIRMED: Recipe = {"profile_confirmed": True}
THRESHOLD_MEDICINES: Recipe = {"seizure_threshold_medicines": Meds(start=(0, 13, 27), many=(1, 2))}
REACHED: Recipe = {"last_switch_to_diazepam": Ago((0, 4, 5, 6)), "switch_reviewed_on": Ago((0, 1, 30))}
CIWAB: Recipe = {"ciwab_total": (41, 42, 60)}
CLEARED: Recipe = {"index_drug": ("alprazolam", "diazepam"), "target_drug": ("diazepam", "lorazepam")}
RESUMED: Recipe = {
    "withdrawal_nrs": Daily((3, 2), (0, 1), gaps=0.01, days=9),
    "pre_step_baseline": 2,
    "clinician_clearance": True,
}

PULLS: dict[tuple[str, str], tuple[Recipe, ...]] = {
    ("PL-01", "pace"): ({"plan": Plan(falls=(100, 200, 300))},),
    ("PL-02", "first_reduction"): ({"plan": Plan(falls=(100, 125, 200))},),
    ("PL-03", "interval"): ({"plan": Plan(intervals=(3, 6, 7, 13))},),
    ("PL-04", "last_fall"): (
        {"plan.ends_at_zero": True, "last_fall_mg": (D("1.01"), 2, 5), "plan.final_dose_mg": (NA, D("0.5"), 1)},
    ),
    ("PL-05", "abrupt_stop"): both(
        (
            {"plan.ends_at_zero": True, "last_fall_is_first": True},
            {"plan.ends_at_zero": True, "last_fall_mg": (D("2.51"), 5), "starting_total_mg": 10},
        ),
        USED_LONG,
    ),
    ("PL-06", "growing_steps"): ({"plan": Plan(), "rounding_mg": (0, D("0.05"))},),
    ("PL-07", "zero_days"): ({"plan": Plan(skipping=1)},),
    ("PL-08", "interval_and_size"): ({"plan": Plan(falls=(101, 125, 200, 400))},),
    ("PL-09", "label_cap"): ({"index_drug": "alprazolam", "plan": Plan(falls=(50, 51, 100))},),
    ("PL-10", "cannot_hold"): ({"plan.hard_end_date": Ago((-30, 10)), "plan.allow_hold": False},),
    ("PA-01", "withdrawal"): (
        {"symptoms_intolerable": True},
        {"withdrawal_nrs": DAILY["withdrawal_nrs"].firing(), "last_reduction": Ago((0, 1, 2, 20))},
        {"withdrawal_nrs": Daily((4, 5, 6), (1,), 0.8), "pre_step_baseline": (1, 2), "last_reduction": Ago((0, 1, 9))},
    ),
    ("PA-02", "bipolar_or_psychotic"): both(any_true("dx_bipolar", "dx_psychotic_disorder"), SLEEPLESS),
    ("PA-02", "mood"): both(any_true("dx_mood_disorder"), SLEEPLESS),
    ("PA-03", "severe"): (
        {"gad7_total": (15, 16, 19), "gad7_baseline": (11, 12, 14, 15, 16), "baseline_accepted": (True, False)},
    ),
    ("PA-03", "escalated"): (
        {"gad7_total": (15, 16, 19), "gad7_baseline": (11, 12)},
        {"gad7_total": (15, 16), "cannot_self_care": True},
    ),
    ("PA-04", "depression"): ({"phq9_total": (19, 20, 21)}, {"phq9_total": (10, 15), "phq9_baseline": (4, 5, 6)}),
    ("PA-05", "insomnia"): (
        {"isi_total": (22, 25), "isi_baseline": (21, 22, 23), "baseline_accepted": (True, False)},
        {"isi_total": (15, 16), "isi_baseline": (8, 9, 10)},
    ),
    ("PA-06", "remote_sleep"): (
        {"consent_remote_sleep": True, "sleep_h": DAILY["sleep_h"].firing(), "baseline_sleep_h": (D("6.5"), 7)},
    ),
    ("PA-07", "wsas_level"): (
        {"wsas_total": (20, 21, 29), "wsas_baseline": (20, 21), "baseline_accepted": (True, False)},
    ),
    ("PA-07", "wsas_rise"): ({"wsas_total": (20, 21), "wsas_baseline": (11, 12, 13)},),
    ("PA-07", "floor"): ({"function_floor": DAILY["function_floor"].firing(0.7)},),
    ("PA-08", "life_event"): any_true("acute_life_event", "acute_illness", "hospital_admission"),
    ("PA-09", "overdue"): (CHECKIN_LATE,),
    ("PA-09", "overdue_after_concern"): ({**CHECKIN_LATE, **CONCERN},),
    ("PA-09", "calendar_overdue"): (CHECKIN_LATE,),
    ("PA-09", "calendar_overdue_after_concern"): ({**CHECKIN_LATE, **CONCERN},),
    ("PA-10", "not_observed"): (
        {"next_reduction_due": True, "last_reduction": Ago((2, 3, 7, 14)), "last_symptom_report": (Ago((0, 4, 7, 10)))},
        {"next_reduction_due": True, "last_reduction": Ago((14,)), "last_symptom_report": (NA, NA)},
    ),
    ("PA-11", "missed"): ({"doses_missed": DAILY["doses_missed"].firing(0.4)},),
    ("PA-11", "differs"): ({"taken_mg": DAILY["taken_mg"].firing(0.7), "planned_mg": DAILY["planned_mg"]},),
    ("PA-12", "hidden_taper"): (
        {"index_drug": ("alprazolam", "diazepam"), "cyp_inducers": Meds(start=(0, 13, 14), many=(1, 2))},
        {"index_drug": ("clonazepam", "diazepam"), "cyp_inhibitors": Meds(stop=(0, 13, 14), many=(1, 2))},
    ),
    ("SL-01", "same_pace_after_hold"): (
        {
            "hold_cleared": True,
            "step_fraction_before_hold": D("0.1"),
            "next_step_fraction": (D("0.06"), D("0.1")),
            "interval_before_hold_d": 14,
            "next_interval_d": (14, 27, 28),
        },
    ),
    ("SL-02", "moderate_symptoms"): ({"withdrawal_nrs": DAILY["withdrawal_nrs"].firing(0.6)},),
    ("SL-02", "rising_scale"): ({"withdrawal_scale_total": True},),
    ("SL-03", "near_the_end"): ({"tdd_mg": (D("2.5"), 2), "starting_tdd_mg": 10}, {"deq_mg": (5, D("4.99"))}),
    ("SL-04", "interdose"): ({"interdose_symptoms": DAILY["interdose_symptoms"].firing(0.6)},),
    ("SL-05", "risk_factors"): (*any_true("chronic_pain", "prior_taper_not_completed"), {"days_use": (364, 365)}),
    ("SL-05", "raised_tier"): ({"risk_tier": ("moderate", "high")},),
    ("SL-06", "repeated_holds"): ({"holds_at_level": (2, 3)},),
    ("RS-01", "resume"): ({**RESUMED, "hold_days": (14, 15, 100)},),
    ("RS-02", "early_resume"): ({**RESUMED, "hold_days": (7, 13), "hold_cause_mild_only": True},),
    ("RS-03", "holding_not_enough"): ({"hold_days": (7, 8, 14), "symptoms_intolerable": True},),
    ("RS-04", "unplanned_stop"): any_true("unplanned_stop", "supply_gap", significant_symptoms=True),
    ("RF-01", "seizure"): ({"seizure_since_last_checkin": True},),
    ("RF-01", "seizure_not_typical"): (
        {"seizure_since_last_checkin": True, "seizure_duration_min": (5, D("5.01"))},
        {"seizure_since_last_checkin": True, "last_reduction": Ago((27, 28, 29))},
        {"seizure_since_last_checkin": True, "known_epilepsy": True, "seizure_typical_and_recovered": True},
    ),
    ("RF-02", "confusion"): any_true("acute_confusion", "disoriented", "fluctuating_awareness"),
    ("RF-03", "psychosis_or_danger"): any_true("new_hallucinations", "new_paranoia", "danger_to_others"),
    ("RF-04", "imminent_suicide_risk"): any_true("cssrs_item4_past_month", "cssrs_behavior_past_3_months"),
    ("RF-05", "method"): any_true("cssrs_item3_past_month"),
    ("RF-05", "lifetime_behavior_new"): any_true("cssrs_behavior_lifetime"),
    ("RF-05", "ideation"): any_true("cssrs_item1", "cssrs_item2"),
    ("RF-06", "item9"): ({"phq9_item9": (1, 3)},),
    ("RF-07", "crisis"): any_true("crisis_button", "self_harm_intent_reported"),
    ("RF-08", "akathisia"): any_true("akathisia", distress_nrs=(6, 7, 8)),
    ("RF-09", "stroke_signs"): any_true("sudden_facial_droop", "sudden_vision_loss"),
    ("RF-10", "catatonia_signs"): any_true("new_immobility", "new_staring"),
    ("RF-11", "jerks"): any_true("new_myoclonus"),
    ("RF-11", "jerks_escalated"): any_true("altered_awareness", "fall_since_last_checkin", new_myoclonus=True),
    ("RF-12", "fall"): any_true("fall_since_last_checkin", "new_ataxia"),
    ("RF-12", "fall_escalated"): any_true("head_strike", "loss_of_consciousness", "anticoagulant_use", new_ataxia=True),
    ("RF-13", "chest_breath_syncope"): any_true("chest_pain", "new_breathlessness_at_rest", "syncope"),
    ("RF-14", "with_symptoms"): any_true("back_pain", "numbness", "weakness", "vision_change", readings=CRISIS),
    ("RF-14", "repeated"): ({"readings": CRISIS},),
    ("RF-15", "not_alert"): any_true("not_fully_alert"),
    ("RF-15", "extreme"): (
        {"readings": Vitals({"rr": (7, 8, 25, 26)})},
        {"readings": Vitals({"spo2": (82, 83, 90, 91)}), "hypercapnia_recorded": (True, False)},
        {"readings": Vitals({"sbp": (89, 90), "dbp": (60,)})},
        {"readings": Vitals({"pulse": (39, 40, 131)}), "consent_remote_pulse": (True, True, False)},
        {"readings": Vitals({"pulse": (39, 40, 131)}, by=("device",)), "consent_remote_pulse": (True, False)},
    ),
    ("RF-15", "extreme_same_day"): (
        {"readings": Vitals({"sbp": (220, 221)}), "age_y": (15, 16, 30)},
        {"readings": Vitals({"temp": (D("34.9"), 35)}), **PREGNANT},
    ),
    ("RF-16", "autonomic"): any_true(
        "acute_anxiety",
        "agitation",
        last_reduction=RECENT,
        readings=Vitals(
            {"sbp": (149, 150, 160), "dbp": (99, 100), "pulse": (110, 111, 125), "temp": (D("38.3"), D("38.31"))},
            sets=(2, 5),
            gaps=0.05,
        ),
        consent_remote_pulse=True,
    ),
    ("RF-17", "not_rousable"): SIGNS_OF_OVERDOSE,
    ("RF-18", "sedation_with_others"): SEDATED,
    ("RF-18", "new_drowsiness"): DROWSY,
    ("RF-18", "with_overdose_signs"): (
        *both(SEDATED, SIGNS_OF_OVERDOSE),
        *both(DROWSY, SIGNS_OF_OVERDOSE),
    ),
    ("RF-19", "due_dose_not_taken"): both(USED_LONG, ({"due_dose_not_taken_h": (24, 47, 48)},)),
    ("RF-19", "supply"): both(USED_LONG, ({"supply_days_left": (D("2.5"), 3), "refill_arranged": (True, False, NA)},)),
    ("RF-19", "vomiting"): both(USED_LONG, ({"doses_not_kept_down_h": (D("11.9"), 12, 13)},)),
    ("RF-20", "pregnancy"): (PREGNANT,),
    ("RF-20", "pregnancy_with_other_flag"): both((PREGNANT,), RED_FLAGS),
    ("RF-21", "fever_with_signs"): any_true("rigidity", "new_rigidity", "acute_confusion", readings=FEVER),
    ("RF-21", "high_fever"): ({"readings": FEVER},),
    ("RF-22", "score_unconfirmed"): (CIWAB,),
    ("RF-22", "score"): ({**CIWAB, **CONFIRMED},),
    ("CI-01", "seizure_history"): any_true("history_withdrawal_seizure", "history_any_seizure_unexplained"),
    ("CI-02", "indication"): any_true("prescribed_for_epilepsy", "prescribed_for_catatonia"),
    ("CI-03", "setting"): ({"has_social_support": False}, {"can_attend_reviews": False}),
    ("CI-04", "comorbidity"): any_true("alcohol_use_disorder", "daily_alcohol", "severe_personality_disorder"),
    ("CI-06", "dose_limit"): ({"deq_mg": (30, D("30.01"), D("40.01"), 60)},),
    ("CI-07", "dose_limit"): ({"deq_mg": (D("19.99"), 20, 25)},),
    ("CI-08", "not_outpatient"): any_true("comorbidity_not_outpatient_safe", "severe_withdrawal_expected"),
    ("CI-08", "present_now"): any_true("imminent_harm_not_mitigated", "severe_withdrawal_present"),
    ("CI-09", "more_than_prescribed"): (
        {"taken_mg": Daily((11, D("10.01"), 12), (10,), 0.7), "prescribed_mg": DAILY["prescribed_mg"]},
    ),
    ("CI-09", "use_disorder"): any_true("benzodiazepine_use_disorder"),
    ("CI-09", "severity_score"): ({"sevdep_sds_total": (6, 7)}, {"sevdep_sds_total": 6, "age_y": (64, 65)}),
    ("CI-10", "out_of_scope"): ({"age_y": (17, 18)}, {"palliative_or_end_of_life": True}),
    ("CI-11", "depression_first"): ({"phq9_total": (14, 15)}, {"untreated_or_unstable_depression": True}),
    ("CI-11", "no_agreement"): ({"patient_agrees": False},),
    ("CI-12", "cannot_reach"): ({"remote_session": True, "current_location": (True, False)},),
    ("CA-01", "liver"): ({"plan.switches_to_diazepam": True, "hepatic_impairment": ("moderate", "severe", "mild")},),
    ("CA-02", "target_drug"): (
        {"target_drug": ("diazepam", "lorazepam"), "hepatic_impairment": "mild"},
        {"target_drug": ("zopiclone", "oxazepam", NA), "age_y": (64, 65)},
    ),
    ("CA-03", "cyp"): (
        {**CLEARED, "cyp_inhibitors": Meds(start=(0, 400, -1), stop=(NA, NA, 0, -2), many=(1, 2))},
        {**CLEARED, "cyp2c19_poor_metaboliser": True},
    ),
    ("CA-03", "lorazepam"): any_true("takes_valproate", "takes_probenecid", index_drug="lorazepam"),
    ("CA-04", "older_or_frail"): ({"age_y": (64, 65)}, {"frailty": True}),
    ("CA-05", "opioid"): any_true("current_opioid"),
    ("CA-05", "naloxone_prompt"): any_true("current_opioid", naloxone_at_home=(True, False)),
    ("CA-06", "respiratory"): any_true("sleep_apnoea", "copd", "other_respiratory_disease"),
    ("CA-07", "started_unconfirmed"): (THRESHOLD_MEDICINES,),
    ("CA-07", "started"): ({**THRESHOLD_MEDICINES, **CONFIRMED},),
    ("CA-08", "high_dose"): ({"deq_mg": (15, D("15.01"), 25)},),
    ("FU-01", "short_half_life"): (CHECKIN_LATE,),
    ("FU-01", "long_half_life"): (CHECKIN_LATE,),
    ("FU-02", "settling"): (REACHED,),
    ("FU-02", "review_due"): ({**REACHED, "last_switch_to_diazepam": Ago((4, 5, 6, 7, 30))},),
    ("FU-03", "review_overdue"): ({"last_risk_benefit_review": Ago((90, 91, 200))},),
    ("FU-04", "late_symptoms"): ({**STOPPED, "days_since_stop": (30, 31, 99), "withdrawal_symptoms_reported": True},),
    ("FU-05", "contact_due"): (DUE,),
    ("FU-05", "contact_due_high_risk"): (
        {**DUE, "starting_deq_mg": (10, D("10.01"))},
        {**DUE, "poor_general_health": True},
    ),
    ("FU-06", "items_stay"): ({**STOPPED, "stopped_on": Ago((0, 100, 365, 394, 395, 396, 397, 398))},),
    ("FU-07", "use_unconfirmed"): (USED,),
    ("FU-07", "use"): ({**USED, **CONFIRMED},),
    ("FU-07", "use_high_or_mixed"): (
        {**USED, **CONFIRMED, "use_after_stop_with_opioid": True},
        {**USED, **CONFIRMED, "use_after_stop_deq_mg": (D("4.99"), 5), "starting_deq_mg": 10},
    ),
}
