"""The commands that check: what they print, and their exit status."""

import json
from pathlib import Path

import pytest

import benzotaper as bt
from command import run

GOOD = "week 1-2: 1.1 mg\nweek 3-4: 1 mg\nweek 5: 0 mg\n"
BAD = "week 1: 10 mg\nweek 2: 12 mg\n"


@pytest.fixture
def good(tmp_path: Path) -> str:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    return str(tmp_path / "good.txt")


@pytest.fixture
def bad(tmp_path: Path) -> str:
    (tmp_path / "bad.txt").write_text(BAD, encoding="utf-8")
    return str(tmp_path / "bad.txt")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    made = bt.taper(
        "diazepam 2 mg at night",
        bt.Linear("1 mg", every="2 weeks"),
        start="2026-12-01",
        products="UK",
        splitting="halves",
    )
    path = tmp_path / "plan.json"
    path.write_text(made.to_json(), encoding="utf-8")
    return path


def test_audit_says_that_nothing_was_found_with_status_0(good: str) -> None:
    ran = run("audit", good, "--drug", "diazepam")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.endswith("nothing was found\n")


def test_audit_prints_what_was_found_with_status_1(bad: str) -> None:
    ran = run("audit", bad, "--drug", "diazepam")
    assert (ran.status, ran.err) == (1, "")
    assert ran.out == f"{bt.audit(BAD, drug='diazepam')}\n"


def test_audit_prints_json_with_the_same_status(good: str, bad: str) -> None:
    ran = run("audit", bad, "--drug", "diazepam", "--json")
    assert ran.status == 1
    assert json.loads(ran.out) == bt.audit(BAD, drug="diazepam").to_dict()
    assert run("audit", good, "--drug", "diazepam", "--json").status == 0


def test_audit_takes_what_the_library_takes(bad: str) -> None:
    asked = ("--products", "UK", "--splitting", "whole", "--profile", "asam-2025", "--table", "ashton-2002")
    ran = run("audit", bad, "--drug", "diazepam", *asked)
    found = bt.audit(BAD, drug="diazepam", products="UK", splitting="whole", profile="asam-2025", table="ashton-2002")
    assert ran.out == f"{found}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "nowhere.csv"),
        ("audit",),
        ("audit", "."),
        ("audit", "{bad}", "--drug", "diazepan"),
        ("audit", "{bad}", "--products", "UK"),
        ("audit", "{bad}", "--drug", ""),
        ("audit", "{bad}", "--profile", "mars"),
        ("verify", "nowhere.json"),
        ("verify", "{bad}"),
        ("verify",),
    ],
)
def test_wrong_input_is_one_line_on_stderr_with_status_2(arguments: tuple[str, ...], bad: str) -> None:
    ran = run(*(argument.format(bad=bad) for argument in arguments))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("benzotaper: ")
    assert ran.err.count("\n") == 1


def test_verify_prints_the_certificate_of_a_sound_plan_with_status_0(plan: Path) -> None:
    ran = run("verify", str(plan))
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"{bt.verify(plan.read_text('utf-8'))}\n"


def test_verify_finds_a_changed_plan_with_status_1(plan: Path) -> None:
    plan.write_text(plan.read_text("utf-8").replace('"pieces": 1', '"pieces": 3', 1), encoding="utf-8")
    ran = run("verify", str(plan), "--json")
    assert ran.status == 1
    assert json.loads(ran.out)["ok"] is False


def test_verify_prints_json_with_status_0(plan: Path) -> None:
    ran = run("verify", str(plan), "--json")
    assert ran.status == 0
    assert json.loads(ran.out) == bt.verify(plan.read_text("utf-8")).to_dict()


def test_a_plan_from_a_schedule_verifies(tmp_path: Path) -> None:
    rows = [(14, "2 mg at night"), (14, "1 mg at night"), (1, "0 mg")]
    made = bt.Plan.from_schedule(rows, drug="diazepam", start="2026-12-01", products="UK", splitting="halves")
    path = tmp_path / "given.json"
    path.write_text(made.to_json(), encoding="utf-8")
    assert run("verify", str(path)).status == 0
