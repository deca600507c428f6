"""The arms of the rules on plans, pauses, slowing and resuming, each beside its words in `rules.csv`."""

from collections.abc import Callable
from typing import NamedTuple

from rule_oracle_atoms import (
    Atom,
    Reduction,
    accepted_for,
    any_growth,
    any_reduction,
    asking,
    at_least,
    change,
    checkin_overdue,
    cleared_by,
    diazepam,
    equals,
    fall_within_days,
    falls_faster,
    first_reduction,
    flag,
    is_set,
    number,
    overdue_by,
    ratio,
    reached,
    started_within,
    stopped_within,
    switch,
    under_not,
    zero_then_dose,
)
from rule_oracle_days import (
    any_day_differs,
    any_day_meeting,
    days,
    days_changed,
    days_meeting,
    days_of_word,
    days_true,
    longest_run,
    median_below,
    median_changed,
    rises_in_a_row,
    since_reduction,
    sum_within,
    true_within,
)
from rule_oracle_values import (
    FALSE,
    NA,
    TRUE,
    UNKNOWN,
    Case,
    all_of,
    any_of,
    compare,
    established,
    no,
    possible,
    with_permission,
)

Key = tuple[str, str]
Decide = Callable[..., int]


class Arm(NamedTuple):
    """The questions of an arm in the order of its condition, and how their answers combine."""

    decide: Decide
    atoms: tuple[Atom, ...]


ARMS: dict[Key, Arm] = {}
OF_RULE: dict[str, list[Key]] = {}
PAUSES_FOR_REVIEW = frozenset({"PA-05", "PA-06", "PA-07", "PA-08", "PA-12"})  # shown or noted while unknown
FLAGS_FOR_REVIEW = frozenset({"RF-14", "RF-15", "RF-16", "RF-21", "RF-22"})
MAY_WAIT_FOR_REVIEW = PAUSES_FOR_REVIEW | FLAGS_FOR_REVIEW
KINDS = {"pause": "PA-", "red_flag": "RF-"}


def arm(rule: str, name: str, decide: Decide, *atoms: Atom) -> None:
    ARMS[rule, name] = Arm(decide, atoms)
    OF_RULE.setdefault(rule, []).append((rule, name))


def itself(truth: int) -> int:
    return truth


def arm_truth(case: Case, key: Key) -> int:
    truth = case.truths.get(key)
    if truth is None:
        decide, atoms = ARMS[key]
        truth = case.truths[key] = decide(*[atom.answer(case) for atom in atoms])
    return truth


def rule_truth(case: Case, rule: str) -> int:
    return max(arm_truth(case, key) for key in OF_RULE[rule])


def rules_of(kind: str) -> set[str]:
    return {rule for rule in OF_RULE if rule.startswith(KINDS[kind])}


def truth_of(rule: str) -> Atom:
    return Atom(f"truth_of('{rule}')", lambda view, _: rule_truth(view.case, rule))


def other_rule_true(kind: str, own: str) -> Atom:
    def judge(view: object, _: int) -> int:
        return max(rule_truth(view.case, rule) for rule in rules_of(kind) - {own})  # type: ignore[attr-defined]

    return Atom(f"other_rule_true('{kind}')", judge)


def rules_clear(*kinds: str) -> Atom:
    """None of them is TRUE; none is UNKNOWN that must be asked now or holds until it is known."""

    def judge(view: object, _: int) -> int:
        truths = {rule: rule_truth(view.case, rule) for kind in kinds for rule in rules_of(kind)}  # type: ignore[attr-defined]
        if TRUE in truths.values():
            return FALSE
        blocking = [rule for rule, truth in truths.items() if truth == UNKNOWN and rule not in MAY_WAIT_FOR_REVIEW]
        return UNKNOWN if blocking else TRUE

    return Atom(f"rules_clear({', '.join(repr(kind) for kind in kinds)})", judge)


# Plans

arm(
    "PL-01",
    "pace",  # more than 25 % or the floor within 14 days, the fall to zero apart
    itself,
    falls_faster("daily_total", "pl01_window_d", "pl01_max_fraction_14_d", "pl01_floor_diazepam_mg"),
)
arm(
    "PL-02",
    "first_reduction",
    itself,
    first_reduction(
        "step_fraction > t.pl02_max_first_fraction",
        ["step_fraction"],
        lambda fall: fall.is_("step_fraction", ">", "pl02_max_first_fraction"),
    ),
)
arm(
    "PL-03",
    "interval",
    itself,
    any_reduction(
        "interval_d < t.pl03_min_interval_d",
        ["interval_d"],
        lambda fall: fall.is_("interval_d", "<", "pl03_min_interval_d"),
    ),
)


def _last_fall() -> Atom:
    def decide(case: Case, fall: object, allowed: object) -> int:
        largest = diazepam(case, "pl04_final_dose_diazepam_mg") if allowed is NA else allowed
        return compare(fall, ">", largest)

    default = "or_default(plan.final_dose_mg, dose_equal_to_diazepam(t.pl04_final_dose_diazepam_mg))"
    return asking(f"last_fall_mg > {default}", decide, "last_fall_mg", "plan.final_dose_mg")


arm("PL-04", "last_fall", all_of, flag("plan.ends_at_zero"), _last_fall())

LONG_USE = number("days_use", ">=", "pl05_long_use_d")
SOME_USE = number("days_use", ">=", "pl05_some_use_d")
NO_LONG_USE = number("days_use", "<", "pl05_long_use_d")
DEPENDENCE = (
    number("days_per_week", ">=", "pl05_days_per_week"),
    LONG_USE,
    SOME_USE,
    NO_LONG_USE,
    number("starting_deq_mg", ">", "pl05_deq_mg"),
)


def dependent(days_per_week: int, long_use: int, some_use: int, no_long_use: int, dose: int) -> int:
    """Likely to be physically dependent: most days, for long, or for some time at a dose above 10 mg."""
    return all_of(days_per_week, any_of(long_use, all_of(some_use, no_long_use, dose)))


arm(
    "PL-05",
    "abrupt_stop",
    lambda to_zero, is_first, is_large, *use: all_of(to_zero, any_of(is_first, is_large), dependent(*use)),
    flag("plan.ends_at_zero"),
    flag("last_fall_is_first"),
    ratio("last_fall_mg", "starting_total_mg", ">", "pl05_max_last_fraction"),
    *DEPENDENCE,
)
arm("PL-06", "growing_steps", itself, any_growth("step_mg", "rounding_mg"))
arm("PL-07", "zero_days", itself, zero_then_dose("daily_dose"))


def _too_fast(fall: Reduction) -> int:
    """Above the floor: within a week; over 10 % in one to two weeks; over 12.5 % in two weeks or more."""
    return all_of(
        fall.above_diazepam("step_mg", "pl08_floor_diazepam_mg"),
        any_of(
            fall.is_("interval_d", "<", "pl08_short_interval_d"),
            all_of(
                fall.is_("interval_d", ">=", "pl08_short_interval_d"),
                fall.is_("interval_d", "<", "pl08_long_interval_d"),
                fall.is_("step_fraction", ">", "pl08_max_fraction_short"),
            ),
            all_of(
                fall.is_("interval_d", ">=", "pl08_long_interval_d"),
                fall.is_("step_fraction", ">", "pl08_max_fraction_long"),
            ),
        ),
    )


arm(
    "PL-08",
    "interval_and_size",
    all_of,
    switch("pl08_applies"),
    any_reduction(
        "step_mg > dose_equal_to_diazepam(t.pl08_floor_diazepam_mg) and (interval_d < t.pl08_short_interval_d"
        " or (interval_d >= t.pl08_short_interval_d and interval_d < t.pl08_long_interval_d"
        " and step_fraction > t.pl08_max_fraction_short)"
        " or (interval_d >= t.pl08_long_interval_d and step_fraction > t.pl08_max_fraction_long))",
        ["step_mg", "interval_d", "step_fraction"],
        _too_fast,
    ),
)
arm(
    "PL-09",
    "label_cap",
    all_of,
    equals("index_drug", "alprazolam"),
    fall_within_days("index_daily_mg", "pl09_window_d", ">", "pl09_max_fall_mg"),
)
arm(
    "PL-10",
    "cannot_hold",
    lambda end_date, allow_hold: all_of(end_date, no(allow_hold)),
    is_set("plan.hard_end_date"),
    under_not(flag("plan.allow_hold")),
)

# Pauses

arm(
    "PA-01",
    "withdrawal",
    any_of,
    flag("symptoms_intolerable"),
    any_day_meeting("withdrawal_nrs", ">=", "pa01_nrs", since_reduction("pa01_window_d")),
    days_changed(
        "withdrawal_nrs", "pre_step_baseline", ">=", "pa01_rise", since_reduction("pa01_window_d"), "pa01_rise_days"
    ),
)
POOR_SLEEP = (
    number("isi_total", ">=", "pa02_isi"),
    days_changed("sleep_h", "baseline_sleep_h", "<=", "pa02_sleep_change_h", days("pa02_window_d"), "pa02_nights"),
    longest_run("sleep_h", "<", "pa02_short_sleep_h", "pa02_window_d", "pa02_run_nights"),
)
arm(
    "PA-02",
    "bipolar_or_psychotic",
    lambda bipolar, psychotic, *poor_sleep: all_of(any_of(bipolar, psychotic), any_of(*poor_sleep)),
    flag("dx_bipolar"),
    flag("dx_psychotic_disorder"),
    *POOR_SLEEP,
)
arm(
    "PA-02",
    "mood",
    lambda mood, *poor_sleep: all_of(mood, any_of(*poor_sleep)),
    flag("dx_mood_disorder"),
    *POOR_SLEEP,
)
arm(
    "PA-03",
    "severe",
    lambda severe, was_severe, no_rise, accepted: all_of(
        severe, no(established(all_of(was_severe, no_rise, accepted)))
    ),
    number("gad7_total", ">=", "pa03_gad7"),
    under_not(number("gad7_baseline", ">=", "pa03_gad7")),
    under_not(change("gad7_total", "gad7_baseline", "<", "pa03_rise")),
    under_not(accepted_for("baseline_accepted", "GAD7")),
)
arm(
    "PA-03",
    "escalated",
    lambda severe, rise, self_care_lost: all_of(severe, any_of(rise, self_care_lost)),
    number("gad7_total", ">=", "pa03_gad7"),
    change("gad7_total", "gad7_baseline", ">=", "pa03_rise"),
    flag("cannot_self_care"),
)
arm(
    "PA-04",
    "depression",
    lambda severe, moderate, rise: any_of(severe, all_of(moderate, rise)),
    number("phq9_total", ">=", "pa04_phq9_severe"),
    number("phq9_total", ">=", "pa04_phq9_moderate"),
    change("phq9_total", "phq9_baseline", ">=", "pa04_rise"),
)


def _insomnia(severe: int, moderate: int, rise: int, was_severe: int, no_rise: int, accepted: int) -> int:
    usual = established(all_of(was_severe, no_rise, accepted))
    return all_of(any_of(severe, all_of(moderate, rise)), no(usual))


arm(
    "PA-05",
    "insomnia",
    _insomnia,
    number("isi_total", ">=", "pa05_isi_severe"),
    number("isi_total", ">=", "pa05_isi_moderate"),
    change("isi_total", "isi_baseline", ">=", "pa05_rise"),
    under_not(number("isi_baseline", ">=", "pa05_isi_severe")),
    under_not(change("isi_total", "isi_baseline", "<", "pa05_rise")),
    under_not(accepted_for("baseline_accepted", "ISI7")),
)
arm(
    "PA-06",
    "remote_sleep",
    lambda consent, short, shorter, very_short: with_permission(consent, any_of(all_of(short, shorter), very_short)),
    under_not(flag("consent_remote_sleep")),  # a doubt about consent is no consent
    median_below("sleep_h", "pa06_window_d", "pa06_min_nights", "pa06_median_h"),
    median_changed("sleep_h", "pa06_window_d", "pa06_min_nights", "baseline_sleep_h", "pa06_change_h"),
    longest_run("sleep_h", "<", "pa06_short_sleep_h", "pa06_window_d", "pa06_run_nights"),
)
arm(
    "PA-07",
    "wsas_level",
    lambda high, was_high, accepted: all_of(high, no(established(all_of(was_high, accepted)))),
    number("wsas_total", ">", "pa07_wsas"),
    under_not(number("wsas_baseline", ">", "pa07_wsas")),
    under_not(accepted_for("baseline_accepted", "WSAS")),
)
arm("PA-07", "wsas_rise", itself, change("wsas_total", "wsas_baseline", ">=", "pa07_rise"))
arm("PA-07", "floor", itself, days_of_word("function_floor", "breached", "pa07_window_d", "pa07_floor_days"))
arm(
    "PA-08",
    "life_event",
    any_of,
    true_within("acute_life_event", "pa08_window_d", "d"),
    true_within("acute_illness", "pa08_window_d", "d"),
    true_within("hospital_admission", "pa08_window_d", "d"),
)

SHORT_HALF_LIFE = number("rule_half_life_h", "<", "short_half_life_h")
LONG_HALF_LIFE = number("rule_half_life_h", ">=", "short_half_life_h")
OVERDUE = overdue_by("last_completed_checkin", "plan.checkin_interval_d", ">", "pa09_grace_d")
CONCERN = at_least("last_known_urgency", "WITHIN_72H")
SINCE = ("last_reduction", "last_completed_checkin")
CALENDAR = (
    SHORT_HALF_LIFE,
    checkin_overdue(
        "last_reduction", "last_completed_checkin", "fu01_short_d", "fu01_then_every_d", ">", "pa09_grace_d"
    ),
    LONG_HALF_LIFE,
    checkin_overdue(
        "last_reduction", "last_completed_checkin", "fu01_long_d", "fu01_then_every_d", ">", "pa09_grace_d"
    ),
)


def calendar_overdue(short: int, short_overdue: int, long: int, long_overdue: int) -> int:
    """A half-life that is not known may be short and may be long."""
    return any_of(all_of(possible(short), short_overdue), all_of(possible(long), long_overdue))


arm("PA-09", "overdue", itself, OVERDUE)
arm("PA-09", "overdue_after_concern", all_of, OVERDUE, CONCERN)
arm("PA-09", "calendar_overdue", calendar_overdue, *CALENDAR)
arm(
    "PA-09",
    "calendar_overdue_after_concern",
    lambda *answers: all_of(calendar_overdue(*answers[:4]), answers[4]),
    *CALENDAR,
    CONCERN,
)


def _not_observed(due: int, reduced: int, short: int, after_short: int, long: int, after_long: int) -> int:
    unseen = any_of(all_of(short, no(after_short)), all_of(possible(long), no(after_long)))
    return all_of(due, reduced, unseen)


arm(
    "PA-10",
    "not_observed",
    _not_observed,
    flag("next_reduction_due"),
    is_set("last_reduction"),
    SHORT_HALF_LIFE,
    under_not(reached("last_symptom_report", "last_reduction", "pa10_short_d")),
    LONG_HALF_LIFE,
    under_not(reached("last_symptom_report", "last_reduction", "pa10_long_d")),
)
arm("PA-11", "missed", itself, sum_within("doses_missed", "pa11_window_d", ">=", "pa11_missed"))
arm("PA-11", "differs", itself, any_day_differs("taken_mg", "planned_mg", "pa11_fraction", "pa11_window_d"))
arm(
    "PA-12",
    "hidden_taper",
    lambda cleared, inducer, inhibitor: all_of(cleared, any_of(inducer, inhibitor)),
    cleared_by("index_drug", "cyp_enzymes"),
    started_within("cyp_inducers", "pa12_window_d"),
    stopped_within("cyp_inhibitors", "pa12_window_d"),
)

# Slowing

arm(
    "SL-01",
    "same_pace_after_hold",
    lambda hold_cleared, large_step, long_interval: all_of(hold_cleared, large_step, no(long_interval)),
    flag("hold_cleared"),
    ratio("next_step_fraction", "step_fraction_before_hold", ">", "sl01_max_ratio"),
    under_not(ratio("next_interval_d", "interval_before_hold_d", ">=", "sl01_min_interval_ratio")),
)
arm(
    "SL-02",
    "moderate_symptoms",
    itself,
    days_meeting("withdrawal_nrs", ">=", "sl02_nrs", "sl02_window_d", "sl02_days"),
)
arm("SL-02", "rising_scale", itself, rises_in_a_row("withdrawal_scale_total", "sl02_rises"))
arm(
    "SL-03",
    "near_the_end",
    any_of,
    ratio("tdd_mg", "starting_tdd_mg", "<=", "sl03_fraction"),
    number("deq_mg", "<=", "sl03_deq_mg"),
)
arm("SL-04", "interdose", itself, days_true("interdose_symptoms", "sl04_window_d", "sl04_days"))
arm(
    "SL-05",
    "risk_factors",
    any_of,
    flag("chronic_pain"),
    flag("sleep_disorder"),
    flag("substance_use"),
    flag("prior_taper_not_completed"),
    number("starting_deq_mg", ">", "sl05_deq_mg"),
    SHORT_HALF_LIFE,
    number("age_y", ">=", "sl05_age_y"),
    number("days_use", ">=", "sl05_days_use"),
)
arm("SL-05", "raised_tier", itself, at_least("risk_tier", "moderate"))
arm("SL-06", "repeated_holds", itself, number("holds_at_level", ">=", "sl06_holds"))

# Resuming: these permit, so FALSE is the worse answer

CLEAR = under_not(rules_clear("pause", "red_flag"))
NEAR_BASELINE = under_not(
    days_changed("withdrawal_nrs", "pre_step_baseline", "<=", "rs01_margin", days("rs01_window_d"), "rs01_window_d")
)
CLEARANCE = under_not(flag("clinician_clearance"))
arm("RS-01", "resume", all_of, CLEAR, under_not(number("hold_days", ">=", "rs01_hold_days")), NEAR_BASELINE, CLEARANCE)
arm(
    "RS-02",
    "early_resume",
    all_of,
    CLEAR,
    under_not(number("hold_days", ">=", "rs02_min_hold_days")),
    under_not(number("hold_days", "<=", "rs02_max_hold_days")),
    under_not(flag("hold_cause_mild_only")),
    NEAR_BASELINE,
    CLEARANCE,
)
arm("RS-03", "holding_not_enough", all_of, number("hold_days", ">=", "rs03_hold_days"), truth_of("PA-01"))
arm(
    "RS-04",
    "unplanned_stop",
    lambda stopped, gap, symptoms: all_of(any_of(stopped, gap), symptoms),
    flag("unplanned_stop"),
    flag("supply_gap"),
    flag("significant_symptoms"),
)
