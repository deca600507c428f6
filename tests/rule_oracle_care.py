"""The arms of contraindications, cautions and follow-up, each beside its words in `rules.csv`."""

from rule_oracle_arms import LONG_HALF_LIFE, SHORT_HALF_LIFE, arm, itself
from rule_oracle_atoms import (
    any_current,
    checkin_due,
    cleared_by,
    days_since,
    differs_from,
    equals,
    flag,
    is_one_of,
    is_set,
    months_since,
    number,
    ratio,
    reached,
    started_within,
    switch,
    under_not,
)
from rule_oracle_days import days_above
from rule_oracle_values import all_of, any_of, established, no, possible

# Contraindications

arm(
    "CI-01",
    "seizure_history",
    any_of,
    flag("history_withdrawal_seizure"),
    flag("history_any_seizure_unexplained"),
)
arm("CI-02", "indication", any_of, flag("prescribed_for_epilepsy"), flag("prescribed_for_catatonia"))
arm(
    "CI-03",
    "setting",
    lambda complicated, support, attends: any_of(complicated, no(support), no(attends)),
    flag("history_complicated_withdrawal"),
    under_not(flag("has_social_support")),
    under_not(flag("can_attend_reviews")),
)
arm(
    "CI-04",
    "comorbidity",
    any_of,
    flag("alcohol_use_disorder"),
    flag("other_sud"),
    flag("daily_alcohol"),
    flag("non_prescribed_sedatives"),
    flag("severe_medical_disorder"),
    flag("severe_psychiatric_disorder"),
    flag("severe_personality_disorder"),
)
arm("CI-06", "dose_limit", all_of, switch("ci06_applies"), number("deq_mg", ">", "ci06_deq_mg"))
arm("CI-07", "dose_limit", all_of, switch("ci07_applies"), number("deq_mg", ">=", "ci07_deq_mg"))
arm(
    "CI-08",
    "not_outpatient",
    any_of,
    flag("imminent_harm_not_mitigated"),
    flag("comorbidity_not_outpatient_safe"),
    flag("severe_withdrawal_present"),
    flag("severe_withdrawal_expected"),
)
arm("CI-08", "present_now", any_of, flag("severe_withdrawal_present"), flag("imminent_harm_not_mitigated"))
arm("CI-09", "more_than_prescribed", itself, days_above("taken_mg", "prescribed_mg", "ci09_window_d", "ci09_days"))
arm("CI-09", "use_disorder", itself, flag("benzodiazepine_use_disorder"))
arm(
    "CI-09",
    "severity_score",
    lambda high, older, high_if_older: any_of(high, all_of(older, high_if_older)),
    number("sevdep_sds_total", ">", "ci09_sevdep"),
    number("age_y", ">=", "ci09_age_y"),
    number("sevdep_sds_total", ">=", "ci09_sevdep_older"),
)
arm("CI-10", "out_of_scope", any_of, number("age_y", "<", "ci10_min_age_y"), flag("palliative_or_end_of_life"))
arm(
    "CI-11",
    "depression_first",
    any_of,
    number("phq9_total", ">=", "ci11_phq9"),
    flag("untreated_or_unstable_depression"),
)
arm("CI-11", "no_agreement", no, under_not(flag("patient_agrees")))
arm(
    "CI-12",
    "cannot_reach",
    lambda remote, *at_hand: all_of(remote, any_of(*(no(established(one)) for one in at_hand))),
    flag("remote_session"),
    under_not(flag("current_location")),
    under_not(flag("emergency_contact")),
    under_not(flag("local_emergency_number")),
)

# Cautions

arm(
    "CA-01",
    "liver",
    lambda switches, healthy, mild: all_of(switches, no(established(any_of(healthy, mild)))),
    flag("plan.switches_to_diazepam"),
    under_not(equals("hepatic_impairment", "none")),
    under_not(equals("hepatic_impairment", "mild")),
)
arm(
    "CA-02",
    "target_drug",
    lambda target, conjugated, liver, older: all_of(target, no(conjugated), any_of(liver, older)),
    is_set("target_drug"),
    under_not(is_one_of("target_drug", "ca02_conjugated_drugs")),
    differs_from("hepatic_impairment", "none"),
    number("age_y", ">=", "ca02_age_y"),
)
arm(
    "CA-03",
    "cyp",
    lambda index, target, inhibitor, poor: all_of(any_of(index, target), any_of(inhibitor, established(poor))),
    cleared_by("index_drug", "cyp_enzymes"),
    cleared_by("target_drug", "cyp_enzymes"),
    any_current("cyp_inhibitors"),
    flag("cyp2c19_poor_metaboliser"),
)
arm(
    "CA-03",
    "lorazepam",
    lambda index, target, valproate, probenecid: all_of(any_of(index, target), any_of(valproate, probenecid)),
    equals("index_drug", "lorazepam"),
    equals("target_drug", "lorazepam"),
    flag("takes_valproate"),
    flag("takes_probenecid"),
)
arm("CA-04", "older_or_frail", any_of, number("age_y", ">=", "ca04_age_y"), flag("frailty"))
arm("CA-05", "opioid", itself, flag("current_opioid"))
arm(
    "CA-05",
    "naloxone_prompt",
    lambda opioid, naloxone: all_of(opioid, no(established(naloxone))),
    flag("current_opioid"),
    under_not(flag("naloxone_at_home")),
)
arm("CA-06", "respiratory", any_of, flag("sleep_apnoea"), flag("copd"), flag("other_respiratory_disease"))
THRESHOLD_DRUG = started_within("seizure_threshold_medicines", "ca07_window_d")
arm("CA-07", "started_unconfirmed", itself, THRESHOLD_DRUG)
arm("CA-07", "started", all_of, THRESHOLD_DRUG, flag("profile_confirmed"))
arm("CA-08", "high_dose", all_of, switch("ca08_applies"), number("deq_mg", ">", "ca08_deq_mg"))

# Follow-up

arm(
    "FU-01",
    "short_half_life",
    lambda short, due: all_of(possible(short), due),
    SHORT_HALF_LIFE,
    checkin_due("last_reduction", "last_completed_checkin", "fu01_short_d", "fu01_then_every_d"),
)
arm(
    "FU-01",
    "long_half_life",
    lambda long, due: all_of(possible(long), due),
    LONG_HALF_LIFE,
    checkin_due("last_reduction", "last_completed_checkin", "fu01_long_d", "fu01_then_every_d"),
)
arm(
    "FU-02",
    "settling",
    all_of,
    is_set("last_switch_to_diazepam"),
    days_since("last_switch_to_diazepam", "<", "fu02_last_day_d"),
)
arm(
    "FU-02",
    "review_due",
    lambda switched, days_gone, reviewed: all_of(switched, days_gone, no(reviewed)),
    is_set("last_switch_to_diazepam"),
    days_since("last_switch_to_diazepam", ">=", "fu02_first_day_d"),
    under_not(reached("switch_reviewed_on", "last_switch_to_diazepam", "fu02_first_day_d")),
)
arm("FU-03", "review_overdue", itself, days_since("last_risk_benefit_review", ">", "fu03_interval_d"))

STOPPED = flag("all_drugs_stopped")
arm(
    "FU-04",
    "late_symptoms",
    all_of,
    STOPPED,
    number("days_since_stop", ">", "fu04_days"),
    flag("withdrawal_symptoms_reported"),
)
CONTACT = (
    checkin_due("stopped_on", "last_completed_checkin", "fu05_weeks"),
    checkin_due("stopped_on", "last_completed_checkin", "fu05_months"),
)
arm("FU-05", "contact_due", lambda stopped, weeks, months: all_of(stopped, any_of(weeks, months)), STOPPED, *CONTACT)
arm(
    "FU-05",
    "contact_due_high_risk",
    lambda stopped, weeks, months, *risks: all_of(stopped, any_of(weeks, months), any_of(*risks)),
    STOPPED,
    *CONTACT,
    number("starting_deq_mg", ">", "fu05_deq_mg"),
    flag("poor_general_health"),
    flag("last_phase_withdrawal_high"),
)
arm("FU-06", "items_stay", all_of, STOPPED, months_since("stopped_on", "<=", "fu06_months"))
USED = flag("use_after_stop")
arm("FU-07", "use_unconfirmed", all_of, STOPPED, USED)
arm("FU-07", "use", all_of, STOPPED, USED, flag("profile_confirmed"))
arm(
    "FU-07",
    "use_high_or_mixed",
    lambda stopped, used, confirmed, *harm: all_of(stopped, used, confirmed, any_of(*harm)),
    STOPPED,
    USED,
    flag("profile_confirmed"),
    ratio("use_after_stop_deq_mg", "starting_deq_mg", ">=", "fu07_fraction"),
    flag("use_after_stop_with_opioid"),
    flag("use_after_stop_with_alcohol"),
)
