"""Many check-ins at once: what a frame must hold, what it gives, and that order and chunks decide nothing."""

from datetime import UTC, date, datetime, timedelta, timezone
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
import pytest

import benzotaper as bt
from benzotaper.errors import ReviewError, UnknownIdError
from benzotaper.observations import REASONS

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FALSE, UNKNOWN, TRUE = 0, 1, 2
OVERALL = ["urgency_known", "urgency_not_excluded", "directive", "may_step"]
Row = tuple[Any, ...]


def observations(
    *rows: Row, columns: tuple[str, ...] = ("person", "fact", "value", "at", "by", "form")
) -> pd.DataFrame:
    """Rows of person, fact, value, at, by and form; the last two may be left out."""
    filled = []
    for row in rows:
        person, fact, value, at, *more = row
        giver = more[0] if more else bt.fact_type(fact).asked_of[0]
        forms = bt.fact_type(fact).forms
        form = more[1] if len(more) > 1 else (forms[0] if forms else "")
        filled.append((person, fact, value, at, giver, form))
    frame = pd.DataFrame(filled, columns=list(columns))
    frame["at"] = pd.to_datetime(frame["at"], utc=True)
    return frame


def checkins(*rows: tuple[Any, datetime], zone: Any = "UTC") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["person", "now"])
    frame["now"] = pd.to_datetime(frame["now"], utc=True).dt.tz_convert(zone)
    return frame


def look(seen: pd.DataFrame, when: pd.DataFrame | None = None, **more: Any) -> pd.DataFrame:
    when = checkins(*((person, NOW) for person in dict.fromkeys(seen["person"]))) if when is None else when
    return bt.review_frame(seen, when, **{"profile": "asam-2025", **more})


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


SOME = observations(
    ("ann", "gad7_total", 16, ago(2)),
    ("ann", "gad7_baseline", 8, ago(2000)),
    ("bob", "crisis_button", False, ago(1)),
    ("bob", "self_harm_intent_reported", True, ago(1), "clinician"),
    ("cy", "phq9_total", 24, ago(3), "patient", "PHQ9"),
    ("cy", "age_y", 70, ago(3)),
    ("ann", "sleep_h", 3.5, ago(1)),
    ("ann", "sleep_h", 3.0, ago(25)),
    ("ann", "dx_bipolar", True, ago(900)),
)
THREE = checkins(("ann", NOW), ("bob", NOW), ("cy", NOW))


# ---- what it gives


def test_there_is_a_column_for_each_rule_and_for_what_follows() -> None:
    found = look(SOME, THREE)
    assert list(found.columns) == ["person", "now", *bt.rule_ids(), *OVERALL]
    assert {str(found[rule_id].dtype) for rule_id in (*bt.rule_ids(), "may_step")} == {"int8"}
    assert found["person"].to_list() == ["ann", "bob", "cy"]
    assert found["now"].equals(THREE["now"])
    for name, words in (
        ("urgency_known", bt.Urgency),
        ("urgency_not_excluded", bt.Urgency),
        ("directive", bt.Directive),
    ):
        assert isinstance(found[name].dtype, pd.CategoricalDtype)
        assert found[name].cat.ordered
        assert found[name].cat.categories.to_list() == [str(word) for word in words]


def test_it_gives_the_truths_and_what_follows() -> None:
    found = look(SOME, THREE).set_index("person")
    assert found["PA-02"].to_dict() == {"ann": TRUE, "bob": UNKNOWN, "cy": UNKNOWN}
    assert found["PA-03"].to_dict() == {"ann": TRUE, "bob": UNKNOWN, "cy": UNKNOWN}
    assert found["RF-07"].to_dict() == {"ann": UNKNOWN, "bob": TRUE, "cy": UNKNOWN}
    assert found["PA-04"].to_dict() == {"ann": UNKNOWN, "bob": UNKNOWN, "cy": TRUE}
    assert found["CI-10"].to_dict() == {"ann": UNKNOWN, "bob": UNKNOWN, "cy": UNKNOWN}
    assert found["urgency_known"].to_dict() == {"ann": "SAME_DAY", "bob": "EMERGENCY_NOW", "cy": "WITHIN_72H"}
    assert found["directive"].to_dict() == {"ann": "HOLD", "bob": "HOLD", "cy": "BLOCK_START"}
    assert set(found["may_step"]) == {FALSE}


@pytest.mark.parametrize("index", [[7, 3, 5], ["x", "x", "y"], pd.date_range("2026-01-01", periods=3)])
def test_the_index_and_the_order_of_the_check_ins_are_kept(index: Any) -> None:
    when = THREE.iloc[[2, 0, 1]].set_axis(index, axis="index")
    found = look(SOME, when)
    assert found.index.equals(when.index)
    assert found["person"].to_list() == ["cy", "ann", "bob"]
    assert found["PA-04"].to_list() == [TRUE, UNKNOWN, UNKNOWN]


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
def test_the_size_of_a_chunk_changes_nothing(chunk: int) -> None:
    pd.testing.assert_frame_equal(look(SOME, THREE, chunk=chunk), look(SOME, THREE))


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_observations_changes_nothing(seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(SOME))
    pd.testing.assert_frame_equal(look(SOME.iloc[order], THREE), look(SOME, THREE))


def test_the_index_of_the_observations_changes_nothing() -> None:
    pd.testing.assert_frame_equal(look(SOME.set_axis(["x"] * len(SOME), axis="index"), THREE), look(SOME, THREE))


def test_the_frames_that_were_given_stay_as_they_were() -> None:
    seen, when = SOME.copy(deep=True), THREE.copy(deep=True)
    look(seen, when)
    pd.testing.assert_frame_equal(seen, SOME)
    pd.testing.assert_frame_equal(when, THREE)


def test_a_person_may_have_several_check_ins_and_each_sees_what_was_known_then() -> None:
    seen = observations(
        ("ann", "phq9_item9", 0, ago(100)), ("ann", "phq9_item9", 2, ago(50)), ("ann", "phq9_item9", 0, ago(1))
    )
    when = checkins(*(("ann", ago(hours)) for hours in (101, 100, 51, 50, 2, 1, 0)))
    assert look(seen, when)["RF-06"].to_list() == [UNKNOWN, FALSE, FALSE, TRUE, TRUE, FALSE, FALSE]


def test_what_is_observed_after_now_is_not_yet_known() -> None:
    late = observations(("ann", "chest_pain", True, NOW + timedelta(microseconds=1)))
    assert look(late)["RF-13"].to_list() == [UNKNOWN]
    assert look(observations(("ann", "chest_pain", True, NOW)))["RF-13"].to_list() == [TRUE]


def test_persons_without_observations_are_unknown_and_those_without_check_in_are_left_out() -> None:
    found = look(SOME, checkins(("dora", NOW), ("cy", NOW)))
    assert found["person"].to_list() == ["dora", "cy"]
    assert found["PA-04"].to_list() == [UNKNOWN, TRUE]
    assert found["urgency_known"].to_list() == ["NONE", "WITHIN_72H"]
    assert found["may_step"].to_list() == [UNKNOWN, FALSE]


@pytest.mark.parametrize(
    ("zone", "truth"), [("UTC", FALSE), ("Europe/Berlin", TRUE), (timezone(timedelta(hours=1)), TRUE)]
)
def test_the_time_zone_of_now_gives_the_calendar_days(zone: Any, truth: int) -> None:
    evening = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # past midnight in Berlin
    seen = observations(("ann", "last_risk_benefit_review", date(2026, 8, 27), evening))
    assert look(seen, checkins(("ann", evening), zone=zone))["FU-03"].to_list() == [truth]


def test_a_frame_takes_the_thresholds_of_its_profile(tmp_path: Any) -> None:
    seen = observations(("ann", "deq_mg", 31, ago(1)))
    found = {name: int(look(seen, profile=name)["CI-06"].iloc[0]) for name in bt.profile_ids()}
    assert found == {"asam-2025": FALSE, "uk": FALSE, "germany": FALSE, "scotland": TRUE, "australia": FALSE}
    path = tmp_path / "clinic.toml"
    path.write_text(
        '[clinic]\ntitle = "C"\nsource_id = "C"\ndate = "2026"\nequivalence_table = "ashton-2002"\n'
        '[clinic.thresholds.ci06_applies]\nvalue = true\nunit = ""\norigin = "house"\nsource_id = "C"\n',
        encoding="utf-8",
    )
    mine = bt.load_profile(path)
    assert look(seen, profile=mine)["CI-06"].to_list() == [TRUE]  # above 30 mg, the default


# ---- kinds of values


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
@pytest.mark.parametrize(("fact", "rule_id"), [("phq9_item9", "RF-06"), ("seizure_since_last_checkin", "RF-01"),
                                               ("pregnancy_status", "RF-20"), ("last_risk_benefit_review", "FU-03"),
                                               ("seizure_threshold_medicines", "CA-07")])  # fmt: skip
def test_a_missing_value_is_unknown(fact: str, rule_id: str, missing: object) -> None:
    assert look(observations(("ann", fact, missing, ago(1))))[rule_id].to_list() == [UNKNOWN]


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_unknown_whatever_stands_beside_it(reason: str) -> None:
    for value in (None, 3):
        seen = observations(("ann", "phq9_item9", value, ago(1))).assign(unknown=reason)
        assert look(seen)["RF-06"].to_list() == [UNKNOWN]
    assert look(observations(("ann", "phq9_item9", 3, ago(1))).assign(unknown=""))["RF-06"].to_list() == [TRUE]
    assert look(observations(("ann", "phq9_item9", 3, ago(1))).assign(unknown=None))["RF-06"].to_list() == [TRUE]


@pytest.mark.parametrize(
    ("low", "high", "truth"), [(16, 19, TRUE), (13, 16, UNKNOWN), (9, 12, FALSE), (16, None, TRUE), (14, np.nan, FALSE)]
)
def test_a_partial_score_has_its_upper_end_in_a_column(low: int, high: Any, truth: int) -> None:
    seen = observations(("ann", "gad7_total", low, ago(1)), ("ann", "gad7_baseline", 14, ago(900))).assign(
        high=[high, None]
    )
    assert look(seen)["PA-03"].to_list() == [truth]


@pytest.mark.parametrize("value", [22, -1, 1e12, 1e300, np.inf, -np.inf])
def test_a_number_out_of_range_is_unknown(value: float) -> None:
    assert look(observations(("ann", "gad7_total", value, ago(1))))["PA-03"].to_list() == [UNKNOWN]


@pytest.mark.parametrize("value", [True, 1, 1.0, "true", "True", "yes", np.True_, np.int64(1)])
def test_yes_is_said_in_the_ways_of_frames(value: object) -> None:
    assert look(observations(("ann", "chest_pain", value, ago(1))))["RF-13"].to_list() == [TRUE]


@pytest.mark.parametrize("value", [bt.NOT_APPLICABLE, "not_applicable"])
def test_not_applicable_is_known(value: object) -> None:
    assert look(observations(("ann", "last_risk_benefit_review", value, ago(1))))["FU-03"].to_list() == [FALSE]
    assert look(observations(("ann", "pregnancy_status", "not_applicable", ago(1))))["RF-20"].to_list() == [FALSE]


@pytest.mark.parametrize(
    "value",
    [date(2026, 8, 26), "2026-08-26", datetime(2026, 8, 26, 9, tzinfo=UTC), pd.Timestamp("2026-08-26"),
     pd.Timestamp("2026-08-26T23:00Z"), np.datetime64("2026-08-26")],
)  # fmt: skip
def test_a_date_is_said_in_the_ways_of_frames(value: object) -> None:
    assert look(observations(("ann", "last_risk_benefit_review", value, ago(1))))["FU-03"].to_list() == [TRUE]


@pytest.mark.parametrize(
    "value",
    [[bt.Medicine("tramadol", date(2026, 11, 20))], (bt.Medicine("tramadol", date(2026, 11, 20)),),
     [{"name": "tramadol", "start": "2026-11-20"}], '[{"name": "tramadol", "start": "2026-11-20"}]'],
)  # fmt: skip
def test_a_list_is_said_in_the_ways_of_frames(value: object) -> None:
    assert look(observations(("ann", "seizure_threshold_medicines", value, ago(1))))["CA-07"].to_list() == [TRUE]
    assert look(observations(("ann", "seizure_threshold_medicines", "[]", ago(1))))["CA-07"].to_list() == [FALSE]
    assert look(observations(("ann", "step_fraction", "[0.2, 0.1]", ago(1))))["PL-02"].to_list() == [TRUE]


DTYPES = ["category", "string", *(["string[pyarrow]"] if find_spec("pyarrow") else [])]


@pytest.mark.parametrize("dtype", DTYPES)
def test_words_may_be_categories_strings_or_arrow(dtype: str) -> None:
    seen = SOME.astype({"person": dtype, "fact": dtype, "by": dtype, "form": dtype})
    found = look(seen, THREE.astype({"person": dtype}))
    pd.testing.assert_frame_equal(found.drop(columns="person"), look(SOME, THREE).drop(columns="person"))
    assert found["person"].to_list() == ["ann", "bob", "cy"]


@pytest.mark.parametrize("dtype", ["int64", "float64", "Int64", "Float64", "int8", "object"])
def test_numbers_may_have_any_dtype(dtype: str) -> None:
    seen = observations(("ann", "phq9_item9", 2, ago(1)), ("bob", "phq9_item9", 0, ago(1)))
    assert look(seen.astype({"value": dtype}))["RF-06"].to_list() == [TRUE, FALSE]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_moments_may_have_any_unit(unit: str) -> None:
    seen, when = SOME.copy(), THREE.copy()
    seen["at"], when["now"] = seen["at"].dt.as_unit(unit), when["now"].dt.as_unit(unit)
    assert look(seen, when)["PA-03"].to_list() == look(SOME, THREE)["PA-03"].to_list()


@pytest.mark.parametrize("persons", [[1, 2, 3], [1.5, 2.5, 3.5], ["ann", 2, date(2026, 1, 1)]])
def test_persons_may_be_named_by_anything(persons: list[Any]) -> None:
    names = dict(zip(("ann", "bob", "cy"), persons, strict=True))
    seen = SOME.assign(person=[names[each] for each in SOME["person"]])
    found = look(seen, THREE.assign(person=persons))
    assert found["PA-04"].to_list() == [UNKNOWN, UNKNOWN, TRUE]


def test_frames_without_rows_are_no_fault() -> None:
    assert look(SOME, THREE.iloc[:0]).shape == (0, 86)
    found = look(SOME.iloc[:0], THREE)
    assert found["may_step"].to_list() == [UNKNOWN] * 3
    assert look(SOME.iloc[:0], THREE.iloc[:0]).shape == (0, 86)
    assert list(look(SOME, THREE.iloc[:0]).dtypes) == list(look(SOME, THREE).dtypes)


def test_form_high_and_unknown_may_be_left_out() -> None:
    bare = SOME[SOME["fact"] != "phq9_total"].drop(columns="form")
    assert look(bare, THREE)["PA-03"].to_list() == [TRUE, UNKNOWN, UNKNOWN]
    unnamed = SOME.drop(columns="form")
    assert look(unnamed, THREE)["PA-04"].to_list() == [UNKNOWN] * 3  # which of its forms is not known


# ---- what is refused

BAD: list[tuple[dict[str, Any], str]] = [
    ({"fact": "gad7_totl"}, "no fact 'gad7_totl'.*gad7_total"),
    ({"fact": "sds"}, "two instruments"),
    ({"fact": None}, "fact is missing in row 1"),
    ({"by": "nurse"}, "by 'nurse' is not one of"),
    ({"by": None}, "by is missing in row 1"),
    ({"by": "device"}, "row 1: gad7_baseline cannot be given by device"),
    ({"form": "GAD2"}, "gad7_baseline has no form 'GAD2'"),
    ({"value": 8.5}, "row 1: gad7_baseline 8.5 cannot be taken: it is a whole number"),
    ({"value": "severe"}, "row 1: gad7_baseline 'severe' cannot be taken: it is no number"),
    ({"value": True}, "row 1: gad7_baseline True"),
    ({"fact": "dx_bipolar", "by": "clinician", "form": "", "value": 2}, "row 1: dx_bipolar 2.* yes-or-no"),
    ({"fact": "dx_bipolar", "by": "clinician", "form": "", "value": "maybe"}, "row 1: dx_bipolar 'maybe'"),
    ({"fact": "hepatic_impairment", "by": "clinician", "form": "", "value": "moderat"}, "row 1: .*mean moderate"),
    ({"fact": "hepatic_impairment", "by": "clinician", "form": "", "value": ["mild"]}, "row 1: hepatic_impairment"),
    ({"fact": "dx_bipolar", "by": "clinician", "form": "", "value": [True]}, "row 1: dx_bipolar"),
    ({"fact": "dx_bipolar", "by": "clinician", "form": "GAD7", "value": True}, "dx_bipolar has no form 'GAD7'"),
    ({"fact": "last_missed_dose", "form": "", "value": "soon"}, "row 1: "),
    ({"fact": "cyp_inhibitors", "form": "", "value": "omeprazole"}, "row 1: "),
    ({"fact": "cyp_inhibitors", "form": "", "value": ["omeprazole"]}, "row 1: "),
    ({"fact": "cyp_inhibitors", "form": "", "value": 3}, "row 1: "),
    ({"fact": "cyp_inhibitors", "form": "", "value": "3"}, "row 1: "),
    ({"fact": "cyp_inhibitors", "form": "", "value": [{"name": "x", "begin": "2026-01-01"}]}, "row 1: "),
    ({"fact": "last_missed_dose", "form": "", "value": datetime(1, 1, 1, tzinfo=UTC)}, "row 1: "),
    ({"fact": "temp", "form": "", "value": 36.1234567}, "row 1: temp .* more than 6 decimals"),
    ({"at": pd.NaT}, "at is missing in row 1"),
    ({"unknown": "no idea"}, "unknown 'no idea' is not one of"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "why"), BAD, ids=str)
def test_a_faulty_row_is_refused_and_named(change: dict[str, Any], why: str) -> None:
    seen = SOME.astype({"value": object}).assign(unknown=None)
    for name, value in change.items():
        seen[name] = [value if row == 1 else given for row, given in enumerate(seen[name])]
    seen["at"] = pd.to_datetime(seen["at"], utc=True)
    with pytest.raises(ReviewError, match=why):
        look(seen, THREE)


@pytest.mark.parametrize("column", ["person", "fact", "value", "at", "by"])
def test_a_missing_column_of_observations_is_named(column: str) -> None:
    with pytest.raises(ReviewError, match=f"observations: column '{column}' is missing"):
        look(SOME.drop(columns=column), THREE)


@pytest.mark.parametrize("column", ["person", "now"])
def test_a_missing_column_of_check_ins_is_named(column: str) -> None:
    with pytest.raises(ReviewError, match=f"check-ins: column '{column}' is missing"):
        look(SOME, THREE.drop(columns=column))


def test_moments_without_a_time_zone_are_refused() -> None:
    with pytest.raises(ReviewError, match=r"observations: at .*time zone"):
        look(SOME.assign(at=SOME["at"].dt.tz_localize(None)), THREE)
    with pytest.raises(ReviewError, match=r"check-ins: now .*time zone"):
        look(SOME, THREE.assign(now=THREE["now"].dt.tz_localize(None)))
    with pytest.raises(ReviewError, match="time zone"):
        look(SOME.assign(at="2026-11-25T12:00:00+00:00"), THREE)


def test_a_check_in_without_person_or_moment_is_refused() -> None:
    with pytest.raises(ReviewError, match="person is missing in row 1"):
        look(SOME, THREE.assign(person=["ann", None, "cy"]))
    with pytest.raises(ReviewError, match="now is missing in row 2"):
        look(SOME, THREE.assign(now=[*THREE["now"][:2], pd.NaT]))


@pytest.mark.parametrize("chunk", [0, -1])
def test_a_chunk_of_nothing_is_refused(chunk: int) -> None:
    with pytest.raises(ReviewError, match="must be 1 or more"):
        look(SOME, THREE, chunk=chunk)


def test_what_is_no_frame_and_what_is_no_profile_are_refused() -> None:
    with pytest.raises(ReviewError, match="dict is no DataFrame"):
        bt.review_frame({}, THREE, profile="uk")  # type: ignore[arg-type]
    with pytest.raises(ReviewError, match="list is no DataFrame"):
        bt.review_frame(SOME, [], profile="uk")  # type: ignore[arg-type]
    with pytest.raises(UnknownIdError):
        look(SOME, THREE, profile="ukk")
