"""The 80 rules are there in words, and none asks to stop, to go faster or to raise a dose."""

from collections import Counter

import pytest

from benzotaper.errors import UnknownIdError
from benzotaper.rulebook import DIRECTIVES, rule, rule_ids
from benzotaper.sources import cite


def test_there_are_80_rules_of_eight_kinds() -> None:
    kinds = Counter(rule(rule_id).kind for rule_id in rule_ids())
    assert kinds == {
        "red_flag": 22,
        "pause": 12,
        "contraindication": 11,
        "pace_limit": 10,
        "caution": 8,
        "followup": 7,
        "slow": 6,
        "resume": 4,
    }


def test_a_rule_has_the_facts_of_its_row() -> None:
    found = rule("PL-01")
    assert (found.directive, found.gate, found.if_unknown) == ("BLOCK_START", ("plan",), "BLOCK_START")
    assert (found.threshold_origin, found.latched, found.prescriber_decides_dose) == ("mixed", False, False)
    assert cite(found.source_id).grade == "seen"


def test_only_the_three_rules_from_memory_are_unverified() -> None:
    assert {rule_id for rule_id in rule_ids() if rule(rule_id).grade == "recalled"} == {"RF-22", "CA-07", "FU-07"}


def test_red_flags_are_latched() -> None:
    assert {rule_id for rule_id in rule_ids() if rule(rule_id).latched} == {
        i for i in rule_ids() if i.startswith("RF-")
    }


def test_no_directive_stops_a_drug_or_raises_a_dose() -> None:
    assert {rule(rule_id).directive for rule_id in rule_ids()} == set(DIRECTIVES)
    assert DIRECTIVES == ("NONE", "SLOW", "HOLD", "BLOCK_START")


@pytest.mark.parametrize("given", ["pl01", "CI-05", None, 1])
def test_a_rule_that_does_not_exist_is_refused(given: object) -> None:
    with pytest.raises(UnknownIdError) as caught:
        rule(given)  # type: ignore[arg-type]  # the point of the test
    assert caught.value.kind == "rule"


def test_a_misspelt_rule_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownIdError) as caught:
        rule("pl-01")
    assert "PL-01" in caught.value.suggestions
