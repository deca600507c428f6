"""Facts: what can be observed, what is refused, what counts as unknown and why, and their JSON."""

import json
import operator
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import benzotaper as bt
from benzotaper.errors import BenzotaperError, FactError, UnknownFactError
from benzotaper.observations import REASONS

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FALSE, UNKNOWN, TRUE = bt.Truth.FALSE, bt.Truth.UNKNOWN, bt.Truth.TRUE


def one(fact: str, value: object, **more: Any) -> bt.Facts:
    return bt.Facts().observe(fact, value, **{"at": NOW, "by": bt.fact_type(fact).asked_of[0], **more})


def stored(fact: str, value: object, **more: Any) -> object:
    return one(fact, value, **more).observations[0].value


def truth(rule_id: str, facts: bt.Facts) -> bt.Truth:
    return bt.review(facts, profile="asam-2025", now=NOW)[rule_id].truth


def reasons(rule_id: str, facts: bt.Facts) -> tuple[str, ...]:
    return bt.review(facts, profile="asam-2025", now=NOW)[rule_id].reasons


# ---- observing


def test_facts_grow_by_new_ones_and_never_change() -> None:
    none = bt.Facts()
    some = none.observe("gad7_total", 16, at=NOW, by="patient", form_id="GAD7", unit="{score}", who="Ann")
    more = some.unknown("phq9_item9", "declined", at=NOW)
    assert (len(none), len(some), len(more)) == (0, 1, 2)
    assert [repr(each) for each in (none, some, more)] == [
        "<Facts: 0 observations>", "<Facts: 1 observation>", "<Facts: 2 observations>",
    ]  # fmt: skip
    seen = more.observations[0]
    assert (seen.fact, seen.value, seen.at, seen.by, seen.who, seen.form_id) == (
        *("gad7_total", 16, NOW, "patient", "Ann", "GAD7"),
    )
    assert more.observations[1].value == bt.Unknown("declined")
    assert list(more) == list(more.observations)
    with pytest.raises(AttributeError):
        some.drill = True  # type: ignore[misc]


def test_facts_are_added_in_order() -> None:
    both = one("chest_pain", value=True) + one("syncope", value=False)
    assert [each.fact for each in both] == ["chest_pain", "syncope"]
    with pytest.raises(TypeError):
        operator.add(both, ["chest_pain"])


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_can_be_recorded_and_is_said(reason: str) -> None:
    facts = bt.Facts().unknown("crisis_button", reason, at=NOW)
    assert facts.observations[0].by == "patient"  # the one who gives it first
    assert f"crisis_button ({reason})" in reasons("RF-07", facts)


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (5, Fraction(5)), (0.1, Fraction(1, 10)), (36.6, Fraction("36.6")), ("0.25", Fraction(1, 4)),
        (np.float64(0.1), Fraction(1, 10)), (np.int64(7), Fraction(7)),
        (Decimal("2.50"), Fraction(5, 2)), (Fraction(1, 8), Fraction(1, 8)), (1e-06, Fraction(1, 10**6)),
    ],
)  # fmt: skip
def test_a_number_is_read_exactly_a_float_by_its_shortest_decimal(value: object, exact: Fraction) -> None:
    assert stored("use_after_stop_deq_mg", value) == exact
    assert type(stored("use_after_stop_deq_mg", value)) is Fraction


@pytest.mark.parametrize("value", ["0.0000001", Fraction(1, 3), 0.1234567, Decimal("1.0000005")])
def test_more_than_six_decimals_are_refused(value: object) -> None:
    with pytest.raises(FactError, match="more than 6 decimals"):
        one("use_after_stop_deq_mg", value)


def test_what_a_plan_gives_may_be_any_fraction() -> None:
    assert stored("tdd_mg", Fraction(1, 3)) == Fraction(1, 3)
    assert stored("step_fraction", [Fraction(1, 3), "0.5"]) == (Fraction(1, 3), Fraction(1, 2))


def test_values_of_each_type_are_kept_as_they_are() -> None:
    assert stored("chest_pain", value=True) is True
    assert stored("hepatic_impairment", "mild") == "mild"
    assert stored("last_missed_dose", "2026-11-20") == date(2026, 11, 20)
    assert stored("last_missed_dose", bt.NOT_APPLICABLE) is bt.NOT_APPLICABLE
    assert stored("gad7_total", bt.Interval(13, 16)) == bt.Interval(Fraction(13), Fraction(16))
    medicine = bt.Medicine("omeprazole", date(2026, 11, 1))
    assert stored("cyp_inhibitors", [medicine]) == (medicine,)
    assert stored("cyp_inhibitors", []) == ()


@pytest.mark.parametrize("text", ["2026-11-25T08:10+01:00", "2026-11-25T07:10:00Z", "2026-11-25T07:10:00.000001+00:00"])
def test_a_moment_may_be_text_with_an_offset(text: str) -> None:
    seen = one("chest_pain", value=True, at=text).observations[0]
    assert seen.at == datetime.fromisoformat(text)
    assert seen.at.utcoffset() is not None


# ---- what is refused


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("gad7_totl", "gad7_total"), ("GAD7_total", "gad7_total"), ("cssrs_item5", "cssrs_item5_past_month"),
     ("sedation", "sedation_nrs"), ("pulsee", "pulse"), ("plan.allow_hols", "plan.allow_hold")],
)  # fmt: skip
def test_an_unknown_name_is_refused_and_a_near_one_named(wrong: str, meant: str) -> None:
    for ask in (
        lambda: bt.Facts().observe(wrong, 1, at=NOW, by="patient"),
        lambda: bt.Facts().unknown(wrong, "declined", at=NOW),
        lambda: bt.fact_type(wrong),
    ):
        with pytest.raises(UnknownFactError, match=f"no fact '{wrong}'.*{re.escape(meant)}") as caught:
            ask()
        assert meant in caught.value.suggestions


@pytest.mark.parametrize("name", ["sds", "SDS", "sds_total"])
def test_bare_sds_is_refused_because_it_names_two_scales(name: str) -> None:
    with pytest.raises(UnknownFactError, match=r"two instruments.*Sheehan.*sevdep_sds_total"):
        bt.Facts().observe(name, 7, at=NOW, by="patient")


REFUSED: list[tuple[str, object, dict[str, Any], str]] = [
    ("gad7_total", 16, {"unit": "mg"}, "it is given in {score}, not in 'mg'; convert it first"),
    ("temp", 98.6, {"unit": "[degF]"}, "it is given in Cel"),
    ("chest_pain", True, {"unit": "mg"}, "without a unit"),
    ("gad7_total", 16, {"at": datetime(2026, 11, 25, 12)}, "has no offset from UTC; add it"),  # noqa: DTZ001
    ("gad7_total", 16, {"at": "2026-11-25T12:00"}, "has no offset from UTC"),
    ("gad7_total", 16, {"at": "2026-11-25"}, "has no offset from UTC"),
    ("gad7_total", 16, {"at": "yesterday"}, "is no moment"),
    ("gad7_total", 16, {"at": 1764072000}, "is no moment"),
    ("gad7_total", 16, {"at": date(2026, 11, 25)}, "is no moment"),
    ("gad7_total", 16, {"at": None}, "is no moment"),
    ("gad7_total", 16, {"by": "device"}, "it may be given by patient"),
    ("self_harm_intent_reported", True, {"by": "patient"}, "it may be given by collateral or clinician"),
    ("tdd_mg", 5, {"by": "patient"}, "it may be given by plan"),
    ("gad7_total", 16, {"by": ""}, "it may be given by patient"),
    ("gad7_total", 16, {"form_id": "PHQ9"}, "no such form"),
    ("phq9_total", 16, {"form_id": "PHQ-9"}, "PHQ9"),
    ("chest_pain", True, {"form_id": "GAD7"}, "its forms: none"),
    ("gad7_total", 16.5, {}, "it is a whole number"),
    ("gad7_total", "16.5", {}, "it is a whole number"),
    ("gad7_total", bt.Interval(13, Fraction("15.5")), {}, "it is a whole number"),
    ("gad7_total", bt.Interval(16, 13), {}, "its low end is above its high end"),
    ("gad7_total", True, {}, "it is a number; give one"),
    ("gad7_total", False, {}, "it is a number"),
    ("gad7_total", None, {}, "it is a number"),
    ("gad7_total", "severe", {}, "it is a number"),
    ("gad7_total", float("nan"), {}, "it is a number"),
    ("gad7_total", float("inf"), {}, "it is a number"),
    ("gad7_total", [16], {}, "it is a number"),
    ("temp", "1e400", {}, "it is a number"),
    ("chest_pain", 1, {}, "yes-or-no"),
    ("chest_pain", 0, {}, "yes-or-no"),
    ("chest_pain", "true", {}, "yes-or-no"),
    ("chest_pain", None, {}, "yes-or-no"),
    ("hepatic_impairment", "moderat", {}, "did you mean moderate?"),
    ("hepatic_impairment", True, {}, "it is one of none, mild, moderate, severe"),
    ("index_drug", "valium", {}, "it is one of the drugs of bt.drug_names()"),
    ("cyp_inhibitors", "omeprazole", {}, "it is a list"),
    ("cyp_inhibitors", ["omeprazole"], {}, "its entries are Medicine"),
    ("cyp_inhibitors", None, {}, "it is a list"),
    ("daily_total", [5, "x"], {}, "it is a number"),
    ("tdd_mg", {date(2026, 11, 25): 5}, {}, "tdd_mg"),
    ("planned_mg", {"the 25th": 5}, {}, "planned_mg"),
    ("daily_total", [-5, 3], {}, "daily_total"),
    ("gad7_total", bt.Unknown("who knows"), {}, "who knows"),
    ("gad7_total", 5, {"form_id": None}, "gad7_total"),
    ("gad7_total", 5, {"who": 3}, "who"),
    ("last_missed_dose", "2026-13-01", {}, "last_missed_dose"),
    ("last_missed_dose", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), {}, "last_missed_dose"),
    ("last_missed_dose", 20261101, {}, "last_missed_dose"),
    ("last_missed_dose", datetime(2026, 11, 20, 8), {}, "no offset from UTC"),  # noqa: DTZ001
]


@pytest.mark.parametrize(("fact", "value", "how", "why"), REFUSED, ids=str)
def test_what_is_no_observation_is_refused_with_its_reason(
    fact: str, value: object, how: dict[str, Any], why: str
) -> None:
    with pytest.raises(BenzotaperError, match=re.escape(why)):
        one(fact, value, **how)


@pytest.mark.parametrize(
    ("start", "stop"),
    [
        ("soon", bt.NOT_APPLICABLE),
        (None, bt.NOT_APPLICABLE),
        (date(2026, 11, 1), None),
        (date(2026, 11, 1), 20261120),
        (date(2026, 11, 1), date(2026, 1, 1)),
    ],
)
def test_a_medicine_without_dates_is_refused(start: Any, stop: Any) -> None:
    with pytest.raises(FactError):
        one("cyp_inhibitors", [bt.Medicine("omeprazole", start, stop)])


def test_a_reason_that_is_none_is_refused() -> None:
    with pytest.raises(FactError, match=r"reason 'declned' is not one of .*did you mean declined"):
        bt.Facts().unknown("crisis_button", "declned", at=NOW)
    with pytest.raises(FactError, match="may be given by"):
        bt.Facts().unknown("crisis_button", "declined", at=NOW, by="device")


def fault_of(ask: Callable[[], object]) -> str:
    """What the error says; nothing where there is none. Another kind of error goes through."""
    try:
        ask()
    except BenzotaperError as error:
        return str(error)
    return ""


@given(value=st.one_of(st.text(max_size=8), st.none(), st.floats(), st.integers(), st.lists(st.integers(), max_size=2)))
def test_whatever_is_given_is_taken_or_refused_by_one_of_the_errors(value: object) -> None:
    for fact in ("gad7_total", "temp", "chest_pain", "hepatic_impairment", "last_missed_dose", "cyp_inhibitors"):
        error = fault_of(lambda fact=fact: one(fact, value))  # type: ignore[misc]
        assert error == "" or fact in error


# ---- what counts as unknown


@pytest.mark.parametrize(("fact", "rule_id", "values"), [
    ("gad7_total", "PA-03", (22, -1, 1000)), ("phq9_item9", "RF-06", (4, -1)), ("isi_total", "PA-05", (29,)),
    ("distress_nrs", "RF-08", (11,)),
])  # fmt: skip
def test_a_score_out_of_range_is_unknown_and_is_never_clipped(fact: str, rule_id: str, values: tuple[int, ...]) -> None:
    for value in values:
        facts = one(fact, value) + one("akathisia", value=True)
        assert facts.observations[0].value == value
        assert truth(rule_id, facts) is UNKNOWN
        assert f"{fact} (out_of_range)" in reasons(rule_id, facts)


def test_a_partial_score_out_of_range_at_one_end_is_unknown() -> None:
    assert "gad7_total (out_of_range)" in reasons("PA-03", one("gad7_total", bt.Interval(19, 22)))


def test_two_answers_of_one_source_at_one_moment_that_differ_are_in_conflict() -> None:
    facts = one("gad7_total", 16) + one("gad7_total", 3)
    assert truth("PA-03", facts) is UNKNOWN
    assert "gad7_total (conflicting)" in reasons("PA-03", facts)
    assert truth("PA-03", one("gad7_total", 16) + one("gad7_total", 16)) is TRUE
    assert truth("PA-03", one("gad7_total", 3, at=NOW - HOUR) + one("gad7_total", 16)) is TRUE


def test_of_two_sources_the_worse_counts_and_a_relative_never_clears() -> None:
    yes, no = one("acute_confusion", value=True), one("acute_confusion", value=False)
    calm = one("disoriented", value=False) + one("fluctuating_awareness", value=False)
    relative = bt.Facts().observe("acute_confusion", value=True, at=NOW - HOUR, by="collateral")
    assert truth("RF-02", no + relative + calm) is TRUE
    assert truth("RF-02", no + calm) is FALSE
    denied = bt.Facts().observe("acute_confusion", value=False, at=NOW, by="collateral")
    asked = bt.Facts().unknown("acute_confusion", "declined", at=NOW, by="patient")
    assert truth("RF-02", yes + denied + calm) is TRUE
    assert truth("RF-02", asked + denied + calm) is UNKNOWN


def test_a_declined_answer_does_not_undo_an_older_yes_nor_keep_an_older_no() -> None:
    calm = one("self_harm_intent_reported", value=False, by="clinician")
    declined = bt.Facts().unknown("crisis_button", "declined", at=NOW)
    assert truth("RF-07", one("crisis_button", value=True, at=NOW - HOUR) + declined + calm) is TRUE
    assert truth("RF-07", one("crisis_button", value=False, at=NOW - HOUR) + declined + calm) is UNKNOWN


def test_an_accepted_usual_level_that_is_in_doubt_excuses_no_longer() -> None:
    high = one("gad7_total", 16) + one("gad7_baseline", 16) + one("cannot_self_care", value=False)
    accepted = one("baseline_accepted", value=True, at=NOW - 48 * HOUR, form_id="GAD7")
    assert truth("PA-03", high + accepted) is FALSE
    doubted = (high + accepted).unknown("baseline_accepted", "declined", at=NOW - HOUR, form_id="GAD7")
    assert truth("PA-03", doubted) is TRUE
    withdrawn = high + accepted + one("baseline_accepted", value=False, form_id="GAD7")
    assert truth("PA-03", withdrawn) is TRUE


def test_a_scale_whose_form_is_not_named_is_unknown() -> None:
    unnamed = one("ciwab_total", 60)
    assert truth("RF-22", unnamed) is UNKNOWN
    assert "ciwab_total (partial)" in reasons("RF-22", unnamed)
    assert truth("RF-22", one("ciwab_total", 60, form_id="CIWAB_20x4_max80")) is TRUE
    assert "phq9_total (partial)" in reasons("PA-04", one("phq9_total", 24))
    assert truth("PA-03", one("gad7_total", 16)) is TRUE  # there is only one form


def test_phq8_is_an_interval_of_phq9_and_says_nothing_of_item_9() -> None:
    assert truth("PA-04", one("phq9_total", 20, form_id="PHQ8")) is TRUE
    assert truth("PA-04", one("phq9_total", 18, form_id="PHQ8")) is UNKNOWN
    assert truth("PA-04", one("phq9_total", 6, form_id="PHQ8")) is FALSE
    assert truth("RF-06", one("phq9_total", 24, form_id="PHQ8")) is UNKNOWN


@pytest.mark.parametrize(("sbp", "dbp"), [(100, 100), (90, 120)])
def test_a_systolic_pressure_not_above_the_diastolic_one_makes_both_unusable(sbp: int, dbp: int) -> None:
    facts = one("sbp", sbp) + one("dbp", dbp) + one("chest_pain", value=True)
    assert truth("RF-14", facts) is UNKNOWN
    assert {"sbp (conflicting)", "dbp (conflicting)"} <= set(reasons("RF-14", facts))


def test_a_date_that_lies_ahead_is_out_of_range_and_an_end_date_is_not() -> None:
    ahead = one("last_reduction", "2026-11-26") + one("acute_anxiety", value=True)
    assert "last_reduction (out_of_range)" in reasons("RF-16", ahead)
    planned = one("plan.hard_end_date", "2027-11-26") + one("plan.allow_hold", value=False)
    assert truth("PL-10", planned) is TRUE


def test_an_observation_after_now_is_refused_by_a_review() -> None:
    late = one("chest_pain", value=True, at=NOW + timedelta(microseconds=1))
    with pytest.raises(BenzotaperError, match=r"chest_pain was observed at .*, after now"):
        bt.review(late, profile="uk", now=NOW)
    elsewhere = one("chest_pain", value=True, at=NOW.astimezone(timezone(timedelta(hours=13))))
    assert truth("RF-13", elsewhere) is TRUE


def test_a_drill_and_real_facts_are_never_put_together() -> None:
    drill = bt.Facts(drill=True).observe("chest_pain", value=True, at=NOW, by="patient")
    for join in (lambda: drill + one("syncope", value=True), lambda: one("syncope", value=True) + drill):
        with pytest.raises(FactError, match="a drill and real facts are not put together"):
            join()
    assert drill.unknown("syncope", "declined", at=NOW).drill
    assert (drill + drill).drill
    assert repr(drill) == "<Facts: 1 observation, DRILL>"
    assert bt.Facts.from_json(drill.to_json()).drill


# ---- JSON and frames

MANY = (
    one("gad7_total", bt.Interval(13, 16), form_id="GAD7", who="Ann Ö.")
    + one("temp", "36.85")
    + one("chest_pain", value=True, at="2026-11-25T08:10:00.123456+05:45")
    + one("last_missed_dose", bt.NOT_APPLICABLE)
    + one("last_reduction", date(2026, 11, 1))
    + one("last_symptom_report", "2026-11-20T10:00:00+01:00")
    + one("pregnancy_status", "not_applicable")
    + one("step_fraction", [Fraction(1, 3), "0.1"])
    + one("planned_mg", {date(2026, 11, 24): Fraction(1, 3), date(2026, 11, 25): 2})
    + one("cyp_inhibitors", [
        bt.Medicine("omeprazole", date(2026, 1, 1), date(2026, 2, 1)),
        bt.Medicine("fluoxetine", bt.Unknown("not_asked")),
        bt.Medicine("ketoconazole", date(2026, 3, 1), bt.Unknown("not_asked")),
    ])
    + one("cyp_inducers", [])
).unknown("crisis_button", "declined", at=NOW)  # fmt: skip


def test_json_is_read_back_to_equal_facts_and_written_the_same() -> None:
    again = bt.Facts.from_json(MANY.to_json())
    assert again == MANY
    assert again.to_json() == MANY.to_json()
    document = json.loads(MANY.to_json())
    assert (document["format"], document["schema_version"], document["drill"]) == ("benzotaper-facts", 1, False)
    assert document["observations"][1]["value"] == "36.85"


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    document: dict[str, Any] = json.loads(MANY.to_json())
    change(document)
    return json.dumps(document)


FAULTS: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("format", lambda d: d.update(format="other"), "no benzotaper-facts document"),
    ("version", lambda d: d.update(schema_version=2), "schema_version 2 is not 1"),
    ("drill missing", lambda d: d.pop("drill"), "drill is missing"),
    ("drill no bool", lambda d: d.update(drill="no"), "drill is missing"),
    ("list", lambda d: d.update(observations={}), "observations is no list"),
    ("unknown key", lambda d: d.update(person="A"), "person is not known"),
    ("no object", lambda d: d["observations"].append(3), "observation 12: 3 is no object"),
    ("no fact", lambda d: d["observations"][1].pop("fact"), "observation 1: it has"),
    ("no time", lambda d: d["observations"][1].pop("at"), "observation 1: it has"),
    ("no giver", lambda d: d["observations"][1].pop("by"), "observation 1: it has"),
    ("both", lambda d: d["observations"][1].update(unknown="stale"), "observation 1: it has"),
    ("neither", lambda d: d["observations"][1].pop("value"), "observation 1: it has"),
    ("extra", lambda d: d["observations"][1].update(note="x"), "observation 1: it has"),
    ("name", lambda d: d["observations"][1].update(fact="tmp"), "observation 1: no fact 'tmp'"),
    ("naive", lambda d: d["observations"][1].update(at="2026-11-25T08:00"), "observation 1: temp: at"),
    ("unit", lambda d: d["observations"][1].update(unit="K"), "observation 1: temp"),
    ("giver", lambda d: d["observations"][1].update(by="plan"), "observation 1: temp"),
    ("form", lambda d: d["observations"][0].update(form_id="GAD2"), "observation 0: gad7_total"),
    ("value", lambda d: d["observations"][2].update(value="yes"), "observation 2: chest_pain 'yes'"),
    ("reason", lambda d: d["observations"][11].update(unknown="no idea"), "observation 11"),
    ("medicine", lambda d: d["observations"][9]["value"].append({"start": "2026-01-01"}), "observation 9"),
]


@pytest.mark.parametrize(("change", "why"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_a_fault_of_a_file_is_refused_with_its_place(change: Callable[[dict[str, Any]], object], why: str) -> None:
    with pytest.raises(BenzotaperError, match=re.escape(why)):
        bt.Facts.from_json(changed(change))


def test_every_fault_of_a_file_is_said_at_once() -> None:
    def spoil(document: dict[str, Any]) -> None:
        document["observations"][0]["at"] = "soon"
        document["observations"][2]["value"] = 1
        document["observations"][11]["fact"] = "crisis_buton"

    with pytest.raises(FactError, match=r"3 fault\(s\)") as caught:
        bt.Facts.from_json(changed(spoil))
    for place in ("observation 0:", "observation 2:", "observation 11:"):
        assert place in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '"x"', "null", "{}"])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(FactError):
        bt.Facts.from_json(text)


SPOILT = st.sampled_from(["fact", "value", "at", "by", "unit", "form_id", "who", "unknown"])
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5))
ANYTHING = st.one_of(
    PLAIN,
    st.lists(PLAIN, max_size=2),
    st.dictionaries(st.sampled_from(["low", "high", "name", "start"]), PLAIN, max_size=2),
)


@given(place=st.integers(0, 11), key=SPOILT, value=ANYTHING)
def test_whatever_stands_in_a_file_is_read_or_refused_by_one_of_the_errors(place: int, key: str, value: object) -> None:
    text = changed(lambda document: document["observations"][place].update({key: value}))
    try:
        facts = bt.Facts.from_json(text)
    except BenzotaperError:
        return
    assert bt.Facts.from_json(facts.to_json()) == facts


def test_a_frame_has_a_row_an_observation() -> None:
    frame = MANY.to_frame()
    assert list(frame.columns) == ["fact", "value", "unknown", "at", "by", "who", "form_id"]
    assert list(frame["fact"]) == [each.fact for each in MANY]
    assert frame["unknown"].to_list() == [*[""] * 11, "declined"]
    assert frame["value"].iloc[-1] is None
    assert isinstance(frame, pd.DataFrame)
    assert list(bt.Facts().to_frame().columns) == list(frame.columns)
