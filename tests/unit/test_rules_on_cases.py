"""The worked cases of `tests/cases/rules.csv`: what was given, and what a clinician would expect of the rule."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import benzotaper as bt

CASES = Path(__file__).parents[1] / "cases" / "rules.csv"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
GIVEN = re.compile(
    r"(?P<fact>[\w.]+)=(?P<value>\[[^\]]*\]|\S+)"
    r"(?: @-(?P<age>\d+)(?P<unit>[hd]))?(?: by (?P<by>\w+))?(?: form (?P<form>\w+))?"
)
URGENCIES = {"-": "NONE", "PLAN_CHECK": "INFO"}  # a rule without one; one that is asked when a plan is made


def rows() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {rule_id: [] for rule_id in bt.rule_ids()}
    with CASES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["rule_id"]].append(row)
    return found


ROWS = rows()


def day(text: str) -> date:
    """`D-10` is ten days before today, `D+90` ninety days ahead."""
    return NOW.date() + timedelta(days=int(text.removeprefix("D") or 0))


def medicine(text: str) -> bt.Medicine:
    """`omeprazole D-40..D-5`; without an end it is still taken."""
    name, _, dates = text.partition(" ")
    start, _, stop = dates.partition("..")
    return bt.Medicine(name, day(start), day(stop) if stop else bt.NOT_APPLICABLE)


def value(kind: Any, text: str) -> Any:
    if text == "none" and text not in kind.levels:
        return bt.NOT_APPLICABLE
    if text.startswith("["):
        items = [item.strip() for item in text[1:-1].split(",") if item.strip()]
        return items if "plan" in kind.asked_of else [medicine(item) for item in items]
    if kind.kind == "bool":
        return {"true": True, "false": False}[text]
    if kind.kind == "date":
        return day(text)
    if ".." in text:
        low, _, high = text.partition("..")
        return bt.Interval(low, high)  # type: ignore[arg-type]  # read as exact text
    return text  # a word, or a number as exact text


def facts_of(text: str) -> bt.Facts:
    facts = bt.Facts()
    for part in text.split("; "):
        found = GIVEN.fullmatch(part)
        assert found, f"{part!r} cannot be read"
        kind = bt.fact_type(found["fact"])
        at = NOW - timedelta(**{{"h": "hours", "d": "days"}[found["unit"] or "h"]: int(found["age"] or 0)})
        by = found["by"] or kind.asked_of[0]
        form = found["form"] or (kind.forms[0] if kind.forms else "")
        if found["value"].startswith("?"):
            facts = facts.unknown(kind.name, found["value"][1:], at=at, by=by, form_id=form)
        else:
            facts = facts.observe(kind.name, value(kind, found["value"]), at=at, by=by, form_id=form)
    return facts


def faults(rule_id: str) -> Iterator[str]:
    for row in ROWS[rule_id]:
        result = bt.review(facts_of(row["facts"]), profile=row["profile"], now=NOW)[rule_id]
        found = (str(result.truth), str(result.urgency))
        expected = (row["expected_truth"], URGENCIES.get(row["expected_urgency"], row["expected_urgency"]))
        if found != expected:
            yield f"{row['case']}: {' '.join(found)} instead of {' '.join(expected)}"


@pytest.mark.parametrize("rule_id", bt.rule_ids())
def test_case(rule_id: str) -> None:
    assert list(faults(rule_id)) == []


@pytest.mark.parametrize("rule_id", bt.rule_ids())
def test_a_rule_has_a_case_that_is_true_and_one_that_is_false(rule_id: str) -> None:
    assert {row["expected_truth"] for row in ROWS[rule_id]} >= {"TRUE", "FALSE"}
    assert {row["expected_truth"] for row in ROWS[rule_id]} <= {"TRUE", "FALSE", "UNKNOWN"}


@pytest.mark.parametrize("rule_id", bt.rule_ids())
def test_each_urgency_of_a_rule_has_a_case(rule_id: str) -> None:
    by_arm = {arm.urgency for arm in bt.review(bt.Facts(), profile="asam-2025", now=NOW)[rule_id].arms}
    by_case = {row["expected_urgency"] for row in ROWS[rule_id] if row["expected_truth"] == "TRUE"}
    assert by_case == by_arm


def test_the_notation_is_read_as_it_is_meant() -> None:
    facts = facts_of(
        "gad7_total=16..19 @-2h; self_harm_intent_reported=true by clinician; akathisia=?declined; "
        "cyp_inhibitors=[omeprazole D-40..D-5]; tdd_mg=0.5; last_switch=none; hepatic_impairment=none"
    )
    seen = {each.fact: each for each in facts}
    assert (seen["gad7_total"].value, seen["gad7_total"].form_id) == (bt.Interval(16, 19), "GAD7")
    assert seen["gad7_total"].at == NOW - timedelta(hours=2)
    assert seen["self_harm_intent_reported"].by == "clinician"
    assert seen["akathisia"].value == bt.Unknown("declined")
    assert seen["cyp_inhibitors"].value == (bt.Medicine("omeprazole", date(2026, 10, 16), date(2026, 11, 20)),)
    assert seen["last_switch"].value is bt.NOT_APPLICABLE
    assert seen["hepatic_impairment"].value == "none"
