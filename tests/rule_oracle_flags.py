"""The arms of the red flags, each beside its words in `rules.csv`."""

from rule_oracle_arms import (
    DEPENDENCE,
    SHORT_HALF_LIFE,
    arm,
    dependent,
    itself,
    other_rule_true,
    truth_of,
)
from rule_oracle_atoms import (
    change,
    days_since,
    equals,
    flag,
    form_is,
    is_set,
    newly_recorded,
    number,
    repeated,
    started_within,
    under_not,
    with_consent,
)
from rule_oracle_days import true_within
from rule_oracle_values import ReadingSet, all_of, any_of, established, no, number_true, possible

# Red flags

PREGNANT = equals("pregnancy_status", "positive")
MAYBE_PREGNANT = equals("pregnancy_status", "possible")


def _not_typical(*answers: int) -> int:
    """An emergency unless every detail is known and harmless; epilepsy and a typical course must be said."""
    seizure, *alarming, epilepsy, typical, reduced, missed = answers
    return all_of(seizure, possible(any_of(*alarming, no(epilepsy), no(typical), reduced, missed)))


arm("RF-01", "seizure", itself, flag("seizure_since_last_checkin"))
arm(
    "RF-01",
    "seizure_not_typical",
    _not_typical,
    flag("seizure_since_last_checkin"),
    flag("seizure_first_ever"),
    number("seizure_duration_min", ">", "rf01_duration_min"),
    flag("seizure_repeated_without_recovery"),
    flag("seizure_injury"),
    flag("seizure_breathing_difficulty"),
    PREGNANT,
    MAYBE_PREGNANT,
    under_not(flag("known_epilepsy")),
    under_not(flag("seizure_typical_and_recovered")),
    days_since("last_reduction", "<=", "rf01_recent_change_d"),
    days_since("last_missed_dose", "<=", "rf01_recent_change_d"),
)
arm("RF-02", "confusion", any_of, flag("acute_confusion"), flag("disoriented"), flag("fluctuating_awareness"))
arm(
    "RF-03",
    "psychosis_or_danger",
    any_of,
    flag("new_hallucinations"),
    flag("new_paranoia"),
    flag("new_other_psychosis"),
    flag("danger_to_others"),
)
arm(
    "RF-04",
    "imminent_suicide_risk",
    any_of,
    flag("cssrs_item4_past_month"),
    flag("cssrs_item5_past_month"),
    flag("cssrs_behavior_past_3_months"),
)
arm("RF-05", "method", itself, flag("cssrs_item3_past_month"))
arm("RF-05", "lifetime_behavior_new", itself, newly_recorded("cssrs_behavior_lifetime"))
arm("RF-05", "ideation", any_of, flag("cssrs_item1"), flag("cssrs_item2"))
arm("RF-06", "item9", itself, number("phq9_item9", ">=", "rf06_item9"))
arm("RF-07", "crisis", any_of, flag("crisis_button"), flag("self_harm_intent_reported"))
arm("RF-08", "akathisia", all_of, flag("akathisia"), number("distress_nrs", ">=", "rf08_distress_nrs"))
arm(
    "RF-09",
    "stroke_signs",
    any_of,
    flag("sudden_one_sided_weakness"),
    flag("sudden_one_sided_numbness"),
    flag("sudden_facial_droop"),
    flag("sudden_speech_difficulty"),
    flag("sudden_vision_loss"),
    flag("sudden_loss_of_balance"),
)
arm(
    "RF-10",
    "catatonia_signs",
    any_of,
    flag("new_mutism"),
    flag("new_immobility"),
    flag("new_staring"),
    flag("new_rigidity"),
    flag("new_refusal_to_eat_or_drink"),
)
JERKS = true_within("new_myoclonus", "rf11_window_h", "h")
arm("RF-11", "jerks", itself, JERKS)
arm(
    "RF-11",
    "jerks_escalated",
    lambda jerks, awareness, fall: all_of(jerks, any_of(awareness, fall)),
    JERKS,
    flag("altered_awareness"),
    flag("fall_since_last_checkin"),
)
arm("RF-12", "fall", any_of, flag("fall_since_last_checkin"), flag("new_ataxia"))
arm(
    "RF-12",
    "fall_escalated",
    lambda fall, ataxia, *harm: all_of(any_of(fall, ataxia), any_of(*harm)),
    flag("fall_since_last_checkin"),
    flag("new_ataxia"),
    flag("head_strike"),
    flag("loss_of_consciousness"),
    flag("suspected_fracture"),
    flag("anticoagulant_use"),
)
arm(
    "RF-13",
    "chest_breath_syncope",
    any_of,
    flag("chest_pain"),
    flag("new_breathlessness_at_rest"),
    flag("syncope"),
)

SBP_CRISIS, DBP_CRISIS = number("sbp", ">=", "rf14_sbp"), number("dbp", ">=", "rf14_dbp")
arm(
    "RF-14",
    "with_symptoms",
    lambda sbp, dbp, *symptoms: all_of(any_of(sbp, dbp), any_of(*symptoms)),
    SBP_CRISIS,
    DBP_CRISIS,
    flag("chest_pain"),
    flag("breathlessness"),
    flag("back_pain"),
    flag("numbness"),
    flag("weakness"),
    flag("vision_change"),
    flag("speech_difficulty"),
)
arm(
    "RF-14",
    "repeated",
    itself,
    repeated(
        "sbp >= t.rf14_sbp or dbp >= t.rf14_dbp",
        ["sbp", "dbp"],
        lambda one: any_of(SBP_CRISIS.ask(one), DBP_CRISIS.ask(one)),
        "rf14_repeat_min",
    ),
)
arm("RF-15", "not_alert", itself, flag("not_fully_alert"))

OUT_OF_SCOPE = (
    under_not(number("age_y", "<", "rf15_min_age_y")),
    under_not(PREGNANT),
)
SLOW_BREATHING, FAST_BREATHING = number("rr", "<=", "rf15_rr_low"), number("rr", ">=", "rf15_rr_high")
SPO2_ANY_SCALE, SPO2_SCALE_1 = number("spo2", "<=", "rf15_spo2_scale2"), number("spo2", "<=", "rf15_spo2_scale1")
HYPERCAPNIA = under_not(flag("hypercapnia_recorded"))
SBP_LOW, SBP_HIGH = number("sbp", "<=", "rf15_sbp_low"), number("sbp", ">=", "rf15_sbp_high")
SLOW_PULSE = with_consent("pulse", "consent_remote_pulse", "<=", "rf15_pulse_low")
FAST_PULSE = with_consent("pulse", "consent_remote_pulse", ">=", "rf15_pulse_high")
COLD = number("temp", "<=", "rf15_temp_low")


def _low_saturation(one: ReadingSet) -> int:
    return any_of(SPO2_ANY_SCALE.ask(one), all_of(SPO2_SCALE_1.ask(one), no(established(HYPERCAPNIA.ask(one)))))


def _in_scope(young: int, pregnant: int, *extremes: int) -> int:
    """The numbers are for people of 16 and over who are not pregnant; they hold unless the other is proved."""
    return all_of(no(established(any_of(young, pregnant))), any_of(*extremes))


arm(
    "RF-15",
    "extreme",
    _in_scope,
    *OUT_OF_SCOPE,
    repeated(
        "rr <= t.rf15_rr_low or rr >= t.rf15_rr_high",
        ["rr"],
        lambda one: any_of(SLOW_BREATHING.ask(one), FAST_BREATHING.ask(one)),
    ),
    repeated(
        "spo2 <= t.rf15_spo2_scale2 or (spo2 <= t.rf15_spo2_scale1 and not established(hypercapnia_recorded))",
        ["spo2"],
        _low_saturation,
    ),
    repeated("sbp <= t.rf15_sbp_low", ["sbp"], SBP_LOW.ask),
    repeated(
        "with_consent(pulse, consent_remote_pulse) <= t.rf15_pulse_low"
        " or with_consent(pulse, consent_remote_pulse) >= t.rf15_pulse_high",
        ["pulse"],
        lambda one: any_of(SLOW_PULSE.ask(one), FAST_PULSE.ask(one)),
    ),
)
arm(
    "RF-15",
    "extreme_same_day",
    _in_scope,
    *OUT_OF_SCOPE,
    repeated("sbp >= t.rf15_sbp_high", ["sbp"], SBP_HIGH.ask),
    repeated("temp <= t.rf15_temp_low", ["temp"], COLD.ask),
)

SBP_SIGN, DBP_SIGN = number("sbp", ">=", "rf16_sbp"), number("dbp", ">=", "rf16_dbp")
PULSE_SIGN = with_consent("pulse", "consent_remote_pulse", ">", "rf16_pulse")
TEMP_SIGN = number("temp", ">", "rf16_temp")
RISES = (
    change("sbp", "sbp_baseline", ">=", "rf16_sbp_rise"),
    change("dbp", "dbp_baseline", ">=", "rf16_dbp_rise"),
    with_consent("pulse", "consent_remote_pulse", ">=", "rf16_pulse_rise", "pulse_baseline"),
)


def _autonomic(one: ReadingSet) -> int:
    """At rest, two of three signs, or one sign and one rise over the intake value."""
    signs = (any_of(SBP_SIGN.ask(one), DBP_SIGN.ask(one)), PULSE_SIGN.ask(one), TEMP_SIGN.ask(one))
    two = number_true(one.case.count("rf16_min_signs"), *signs)
    one_and_a_rise = all_of(any_of(*signs), any_of(*(rise.ask(one) for rise in RISES)))
    return all_of(flag("at_rest").ask(one), any_of(two, one_and_a_rise))


_PRESSURE = "(sbp >= t.rf16_sbp or dbp >= t.rf16_dbp)"
_PULSE = "with_consent(pulse, consent_remote_pulse)"
arm(
    "RF-16",
    "autonomic",
    lambda anxiety, agitation, reduced, signs: all_of(any_of(anxiety, agitation), reduced, signs),
    flag("acute_anxiety"),
    flag("agitation"),
    days_since("last_reduction", "<=", "rf16_window_d"),
    repeated(
        f"at_rest and (at_least_true(t.rf16_min_signs, {_PRESSURE}, {_PULSE} > t.rf16_pulse, temp > t.rf16_temp)"
        f" or (({_PRESSURE} or {_PULSE} > t.rf16_pulse or temp > t.rf16_temp)"
        " and (change_from(sbp, sbp_baseline) >= t.rf16_sbp_rise or change_from(dbp, dbp_baseline) >= t.rf16_dbp_rise"
        f" or change_from({_PULSE}, pulse_baseline) >= t.rf16_pulse_rise)))",
        ["at_rest", "sbp", "dbp", "pulse", "temp"],
        _autonomic,
        "rf16_repeat_min",
    ),
)
arm(
    "RF-17",
    "not_rousable",
    any_of,
    flag("cannot_be_woken"),
    flag("very_slow_weak_or_stopped_breathing"),
    flag("blue_or_grey_lips"),
    flag("gurgling"),
)

WITH_OTHERS = (
    flag("opioid_last_24_h"),
    flag("alcohol_last_24_h"),
    flag("other_sedative_last_24_h"),
    number("sedation_nrs", ">=", "rf18_sedation_nrs"),
)
DROWSINESS = (
    flag("new_marked_drowsiness"),
    number("age_y", ">=", "rf18_age_y"),
    is_set("last_switch"),
    started_within("cyp_inhibitors", "rf18_inhibitor_window_d"),
)


def sedated_with_others(opioid: int, alcohol: int, other: int, sedated: int) -> int:
    return all_of(any_of(opioid, alcohol, other), sedated)


def newly_drowsy(drowsy: int, older: int, switched: int, inhibitor: int) -> int:
    return all_of(drowsy, any_of(older, switched, inhibitor))


arm("RF-18", "sedation_with_others", sedated_with_others, *WITH_OTHERS)
arm("RF-18", "new_drowsiness", newly_drowsy, *DROWSINESS)
arm(
    "RF-18",
    "with_overdose_signs",
    lambda *a: all_of(any_of(sedated_with_others(*a[:4]), newly_drowsy(*a[4:8])), a[8]),
    *WITH_OTHERS,
    *DROWSINESS,
    truth_of("RF-17"),
)
arm(
    "RF-19",
    "due_dose_not_taken",
    lambda *a: all_of(possible(dependent(*a[:5])), any_of(all_of(possible(a[5]), a[6]), a[7])),
    *DEPENDENCE,
    SHORT_HALF_LIFE,
    number("due_dose_not_taken_h", ">=", "rf19_short_h"),
    number("due_dose_not_taken_h", ">=", "rf19_long_h"),
)
arm(
    "RF-19",
    "supply",
    lambda *a: all_of(possible(dependent(*a[:5])), a[5], no(established(a[6]))),
    *DEPENDENCE,
    number("supply_days_left", "<=", "rf19_supply_d"),
    under_not(flag("refill_arranged")),
)
arm(
    "RF-19",
    "vomiting",
    lambda *a: all_of(possible(dependent(*a[:5])), a[5]),
    *DEPENDENCE,
    number("doses_not_kept_down_h", ">=", "rf19_vomiting_h"),
)
arm("RF-20", "pregnancy", any_of, PREGNANT, MAYBE_PREGNANT)
arm(
    "RF-20",
    "pregnancy_with_other_flag",
    lambda positive, may_be, other_flag, gap: all_of(any_of(positive, may_be), any_of(other_flag, gap)),
    PREGNANT,
    MAYBE_PREGNANT,
    other_rule_true("red_flag", "RF-20"),
    flag("supply_gap"),
)
arm(
    "RF-21",
    "fever_with_signs",
    lambda fever, *signs: all_of(fever, any_of(*signs)),
    number("temp", ">=", "rf21_temp"),
    flag("rigidity"),
    flag("new_rigidity"),
    flag("acute_confusion"),
)
arm("RF-21", "high_fever", itself, number("temp", ">=", "rf21_temp_alone"))
CIWAB = (number("ciwab_total", ">=", "rf22_ciwab"), form_is("ciwab_total", "CIWAB_20x4_max80"))
arm("RF-22", "score_unconfirmed", all_of, *CIWAB)
arm("RF-22", "score", all_of, *CIWAB, flag("profile_confirmed"))
