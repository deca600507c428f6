"""Facts and reviews as JSON are what their schemas say, and facts come back equal."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import benzotaper as bt
from rule_machines import facts_of
from rule_oracle import thresholds_of
from rule_worlds import random_world

FOLDER = Path(bt.__file__ or "").parent / "data"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def schema(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return document


def world_facts(seed: int) -> tuple[bt.Facts, datetime]:
    world = random_world(random.Random(seed), thresholds_of("uk"))  # noqa: S311  worlds, not secrets
    facts = facts_of(world)
    return bt.Facts(observations=tuple(each for each in facts if each.at <= world.now)), world.now


@pytest.mark.parametrize("seed", range(25))
def test_a_review_is_what_its_schema_says(seed: int) -> None:
    facts, now = world_facts(seed)
    document = json.loads(bt.review(facts, profile="uk", now=now).to_json())
    jsonschema.validate(document, schema("review"))
    assert [result["rule_id"] for result in document["results"]] == list(bt.rule_ids())


def test_a_review_of_a_course_is_what_its_schema_says() -> None:
    plan = bt.taper(
        "diazepam 10 mg at night",
        bt.Linear("1 mg", every="2 weeks"),
        start="2026-12-01",
        products="UK",
        splitting="halves",
    )
    facts = (
        bt.Facts()
        .observe("akathisia", value=True, at=NOW, by="patient")
        .observe("distress_nrs", 8, at=NOW, by="patient")
    )
    course = bt.Course(plan, accepted_by="Dr A", reason="agreed")
    course = course.record(bt.review(facts, profile="uk", now=NOW, course=course).entry(by="Dr A"))
    until = NOW + timedelta(days=7)
    course = course.override("SL-05", by="Dr A", role="prescriber", code="already managed", at=NOW, until=until)
    document = bt.review(facts, profile="uk", now=NOW + timedelta(hours=1), course=course).to_dict()
    jsonschema.validate(document, schema("review"))
    results = {result["rule_id"]: result for result in document["results"]}
    assert results["RF-08"]["latch"]["urgency"] == "SAME_DAY"
    assert results["SL-05"]["override"]["reason"] == "already managed"
    assert document["beside"].keys() == {table.id for table in bt.default_tables()} - {document["table"]}


@pytest.mark.parametrize("seed", range(25))
def test_facts_are_what_their_schema_says_and_come_back_equal(seed: int) -> None:
    facts, _ = world_facts(seed)
    text = facts.to_json()
    jsonschema.validate(json.loads(text), schema("facts"))
    assert bt.Facts.from_json(text) == facts
