"""The commands of the rules: what they print, what they write, and their exit status by urgency."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import benzotaper as bt
from command import run

NOW = datetime(2026, 12, 20, 12, tzinfo=UTC)
ASKED = ("--profile", "asam-2025", "--now", NOW.isoformat())
OWN = """
[my-clinic]
title = "Our clinic"
source_id = "HOUSE"
date = "2026"
equivalence_table = "ashton-2002"

[my-clinic.thresholds.pa03_gad7]
value = 17
unit = "{score}"
origin = "house"
source_id = "HOUSE"
"""


def written(path: Path, facts: bt.Facts) -> str:
    path.write_text(facts.to_json(), encoding="utf-8")
    return str(path)


def one(fact: str, value: object) -> bt.Facts:
    return bt.Facts().observe(fact, value, at=NOW, by=bt.fact_type(fact).asked_of[0])


def everything_asked() -> bt.Facts:
    """Everything that can be asked, and nothing is wrong."""
    quiet = {
        "bool": False,
        "int": 0,
        "number": 7,
        "date": "2026-12-19",
        "list": (),
    }
    own = {
        **dict.fromkeys(("has_social_support", "can_attend_reviews", "patient_agrees", "refill_arranged"), True),
        **dict.fromkeys(("consent_remote_sleep", "consent_remote_pulse", "current_location"), True),
        **dict.fromkeys(("emergency_contact", "local_emergency_number", "naloxone_at_home", "at_rest"), True),
        "age_y": 45,
        "days_use": 400,
        "hepatic_impairment": "none",
        "pregnancy_status": "not_applicable",
        "function_floor": "kept",
        "spo2": 97,
        "rr": 14,
        "pulse": 70,
        "pulse_baseline": 70,
        "sbp": 120,
        "sbp_baseline": 120,
        "dbp": 80,
        "dbp_baseline": 80,
        "temp": 37,
        "supply_days_left": 20,
        "doses_not_kept_down_h": 0,
        "seizure_duration_min": 0,
        "use_after_stop_deq_mg": 0,
        "last_missed_dose": bt.NOT_APPLICABLE,
    }
    facts = bt.Facts()
    for name in bt.fact_names():
        kind = bt.fact_type(name)
        if kind.asked_of != ("plan",):
            value = own.get(name, quiet.get(kind.kind))
            form = kind.forms[0] if kind.forms else ""
            facts = facts.observe(name, value, at=NOW, by=kind.asked_of[0], form_id=form)
    return facts


@pytest.mark.parametrize(
    ("fact", "value", "status", "urgency"),
    [
        ("cssrs_item5_past_month", True, 13, "EMERGENCY_NOW"),
        ("phq9_item9", 1, 12, "SAME_DAY"),
        ("gad7_total", 16, 11, "WITHIN_72H"),
        ("frailty", True, 10, "NEXT_REVIEW"),
        ("dx_bipolar", False, 1, "NONE"),
    ],
)
def test_the_exit_status_tells_the_urgency(fact: str, value: object, status: int, urgency: str, tmp_path: Path) -> None:
    found = run("review", written(tmp_path / "facts.json", one(fact, value)), *ASKED)
    assert (found.status, found.err) == (status, "")
    assert f"urgency: {urgency};" in found.out


def test_what_is_unknown_never_exits_as_if_all_were_well(tmp_path: Path) -> None:
    found = run("review", written(tmp_path / "facts.json", bt.Facts()), *ASKED)
    assert found.status == 1
    assert "not permitted until what is needed is known" in found.out


def test_json_is_the_review_of_the_library(tmp_path: Path) -> None:
    facts = one("gad7_total", 16)
    found = run("review", written(tmp_path / "facts.json", facts), *ASKED, "--json")
    assert found.out == bt.review(facts, profile="asam-2025", now=NOW).to_json()


def test_a_plan_and_a_course_are_reviewed(tmp_path: Path) -> None:
    plan = bt.taper(
        "diazepam 10 mg at night",
        bt.Linear("1 mg", every="2 weeks"),
        start="2026-12-01",
        products="UK",
        splitting="halves",
    )
    course = bt.Course(plan, accepted_by="Dr A", reason="agreed")
    facts = everything_asked()
    path = written(tmp_path / "facts.json", facts)
    for name, given, value in (("plan", plan.to_json(), plan), ("course", course.to_json(), course)):
        (tmp_path / f"{name}.json").write_text(given, encoding="utf-8")
        found = run("review", path, *ASKED, f"--{name}", str(tmp_path / f"{name}.json"), "--json")
        expected = bt.review(facts, profile="asam-2025", now=NOW, **{name: value})  # type: ignore[arg-type]  # by name
        assert found.out == expected.to_json()
    both = ("--plan", str(tmp_path / "plan.json"), "--course", str(tmp_path / "course.json"))
    assert run("review", path, *ASKED, *both).status == 2


@pytest.mark.parametrize("ending", ["html", "json"])
def test_a_file_is_written_whole(ending: str, tmp_path: Path) -> None:
    facts = one("gad7_total", 16)
    out = tmp_path / f"review.{ending}"
    assert run("review", written(tmp_path / "facts.json", facts), *ASKED, "-o", str(out)).status == 11
    review = bt.review(facts, profile="asam-2025", now=NOW)
    assert out.read_text(encoding="utf-8") == (review.to_html() if ending == "html" else review.to_json())


def test_each_reader_has_a_view_with_the_numbers_that_were_given(tmp_path: Path) -> None:
    path = written(tmp_path / "facts.json", one("cssrs_item5_past_month", value=True))
    numbers = ("--emergency-number", "999", "--crisis-line", "116 123", "--prescriber", "Dr A")
    found = run("review", path, *ASKED, "--role", "patient", *numbers)
    assert "999" in found.out
    assert "116 123" in found.out
    assert "RF-04" not in found.out


def test_a_profile_of_ones_own_judges(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    path = written(tmp_path / "facts.json", one("gad7_total", 16))
    found = run("review", path, "--profile", str(tmp_path / "own.toml"), "--now", NOW.isoformat())
    assert found.status == 1
    assert "profile my-clinic" in found.out


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--profile", "asam-2025", "--now", "2026-12-20T12:00"), "no offset from UTC"),
        (("--profile", "asam-2025", "--now", "2026-12-19T12:00+00:00"), "after now"),
        (("--profile", "asam", "--now", NOW.isoformat()), "did you mean asam-2025"),
        ((*ASKED, "-o", "review.pdf"), "the ending must be one of .html, .json"),
        (("--now", NOW.isoformat()), "--profile"),
    ],
)
def test_wrong_input_is_refused_by_name(given: tuple[str, ...], says: str, tmp_path: Path) -> None:
    found = run("review", written(tmp_path / "facts.json", one("gad7_total", 16)), *given)
    assert found.status == 2
    assert says in found.err


def test_the_rules_are_listed_with_their_origins() -> None:
    found = run("rules", "--json")
    listed = json.loads(found.out)
    assert [row["rule"] for row in listed] == list(bt.rule_ids())
    assert sum(len(row["arms"]) for row in listed) == 117
    text = run("rules").out
    assert all(rule_id in text for rule_id in bt.rule_ids())
    assert bt.ruleset().version in text


def test_one_rule_is_shown_with_the_thresholds_of_a_profile() -> None:
    assert "t.pl03_min_interval_d = 14 d" in run("rules", "--rule", "PL-03").out
    assert "t.pl03_min_interval_d = 7 d" in run("rules", "--rule", "PL-03", "--profile", "uk").out
    assert "project default, confirm" in run("rules", "--rule", "PA-03").out
    assert run("rules", "--rule", "PA-3").status == 2
