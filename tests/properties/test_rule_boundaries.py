"""Each rule at, just below and just above each of its thresholds, at the age limit of each fact, and without it.

The situations are made from the conditions of the rules as they stand, so that a new rule cannot escape; what they must
come to is worked out here, by the operators on the numbers.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import product
from typing import Any

import pytest

import benzotaper as bt
from benzotaper.entries import scaled
from benzotaper.observations import REASONS
from benzotaper.rules.algebra import Number
from benzotaper.rules.arms import compiled
from benzotaper.rules.nodes import Limit, Node
from benzotaper.rules.scalar import PersonMachine
from benzotaper.rules.thresholds import limits_of
from rule_oracle import thresholds_of
from rule_situations import (
    CASES,
    CONDITIONS,
    FALSE,
    NO_TIME,
    NOW,
    RULES,
    SECOND,
    UNKNOWN,
    WRAPPERS,
    Atoms,
    Seen,
    Situation,
    names_in,
    rows_of,
)


@cache
def machine_parts(profile_id: str) -> Any:
    return limits_of(bt.profile(profile_id))


def atoms_of(node: Node) -> Iterator[Node]:
    """The conditions of an arm that are not made of others, and the functions around others."""
    kind, function = type(node).__name__, getattr(node, "function", "")
    around_others = ("established", "possible", "at_least_true", "requires_consent", "repeated")
    if kind not in ("AllOf", "AnyOf", "Not") and function not in WRAPPERS:
        yield node
    if kind in ("AllOf", "AnyOf", "Not") or function in (*around_others, "first_reduction", "any_reduction"):
        for part in node.parts:
            if type(part).__name__ != "Limit" or kind != "Called":
                yield from atoms_of(part)


def asked(node: Node, situation: Situation, profile_id: str) -> tuple[int, PersonMachine]:
    """What the package makes of a situation."""
    facts = bt.Facts()
    for each in situation.seen:
        kind = bt.fact_type(each.fact)
        form = each.form or (kind.forms[0] if kind.forms else "")
        record = facts.unknown if isinstance(each.value, bt.Unknown) else facts.observe
        value = each.value.reason if isinstance(each.value, bt.Unknown) else each.value
        facts = record(each.fact, value, at=NOW - each.age, by=kind.asked_of[0], form_id=form)
    machine = PersonMachine(
        entries=facts.entries,
        now=NOW,
        limits=machine_parts(profile_id),
        arms=compiled(),
        equal=lambda _, mg: (mg, mg),
        unit_drug="diazepam",
    )
    machine.rules = dict.fromkeys(RULES, FALSE) | dict(situation.rules) if situation.rules else {}
    machine.own = {fact: Number(scaled(value), scaled(value), 1) for fact, value in situation.own}
    return int(machine.run(node)), machine


def aged(situation: Situation, more: timedelta) -> Situation:
    """The same, all that ages exactly as old as it may be, or older."""
    return replace(
        situation, seen=tuple(replace(each, age=max_age(each.fact, NO_TIME) + more) for each in situation.seen)
    )


def max_age(fact: str, never: timedelta) -> timedelta:
    age = bt.fact_type(fact).max_age
    return never if age == timedelta.max else age


def situations_of(node: Node, limits: dict[str, Any]) -> tuple[list[Situation], dict[str, Any]]:
    """At and around the thresholds of an atom, for each reason why a fact is unknown, and at the limit of its age."""
    atoms = Atoms(limits)
    found = list(atoms.of(ast.unparse(ast.parse(node.text, mode="eval"))))
    for situation in list(found):
        if situation.ages and any(max_age(each.fact, NO_TIME) for each in situation.seen):
            found.append(aged(situation, NO_TIME))
            found.append(replace(aged(situation, SECOND), truth=UNKNOWN))
    for fact, reason in product(dict.fromkeys(node.facts()), REASONS):
        found.append(Situation((Seen(fact, bt.Unknown(reason)),), UNKNOWN))
    return found, atoms.used


@pytest.mark.parametrize("rule_id", bt.rule_ids())
def test_each_threshold(rule_id: str, record_property: Callable[[str, object], None]) -> None:
    done: set[tuple[Any, ...]] = set()
    cases, thresholds, wrong = 0, set(), []
    for profile_id in bt.profile_ids():
        limits = thresholds_of(profile_id)
        for node in (atom for arm in compiled().by_rule[rule_id] for atom in atoms_of(arm.node)):
            situations, used = situations_of(node, limits)
            if (key := (node.text, node.worse, *sorted(used.items()))) in done:
                continue
            done.add(key)
            thresholds |= {f"{name} {value}" for name, value in used.items()}
            cases += len(situations)
            found = ((each, asked(node, each, profile_id)[0]) for each in situations)
            wrong += [(node.text, each, truth) for each, truth in found if truth != each.truth]
    record_property("rules", {"cases": cases, "thresholds": sorted(thresholds)})
    assert wrong == []
    assert cases > 0


def facts_of_rule(rule_id: str) -> set[str]:
    conditions = [row["condition"] for row in CONDITIONS if row["rule_id"] == rule_id]
    return names_in(*(ast.parse(condition, mode="eval") for condition in conditions))


@pytest.mark.parametrize("rule_id", bt.rule_ids())
def test_every_fact_and_threshold_of_a_rule_is_in_an_atom_that_was_tried(rule_id: str) -> None:
    limits = thresholds_of(bt.profile_ids()[0])
    atoms = [node for arm in compiled().by_rule[rule_id] for node in atoms_of(arm.node)]
    assert {fact for node in atoms for fact in node.facts()} == facts_of_rule(rule_id)
    used = {name for node in atoms for name in situations_of(node, limits)[1]}
    conditions = [row["condition"] for row in CONDITIONS if row["rule_id"] == rule_id]
    assert used == {name for condition in conditions for name in limits if re.search(rf"\bt\.{name}\b", condition)}


@pytest.mark.parametrize("rule_id", bt.rule_ids())
def test_a_fact_says_why_it_is_unknown(rule_id: str) -> None:
    atoms = [node for arm in compiled().by_rule[rule_id] for node in atoms_of(arm.node) if not isinstance(node, Limit)]
    by_fact = {fact: node for node in atoms for fact in node.facts()}
    for (fact, node), reason in product(by_fact.items(), REASONS):
        _, machine = asked(node, Situation((Seen(fact, bt.Unknown(reason)),), UNKNOWN), "asam-2025")
        assert (fact, machine.state(fact).reason) == (fact, reason)
    for fact, node in by_fact.items():
        if age := max_age(fact, NO_TIME):
            value = bt.NOT_APPLICABLE  # which any fact may be
            for more, reason in ((NO_TIME, ""), (SECOND, "stale")):
                _, machine = asked(node, Situation((Seen(fact, value, age + more),), UNKNOWN), "asam-2025")
                assert (fact, machine.state(fact).reason) == (fact, reason)


@pytest.mark.parametrize("rule_id", bt.rule_ids())
def test_a_rule_has_worked_cases_of_each_truth(rule_id: str) -> None:
    cases = [row for row in rows_of(CASES) if row["rule_id"] == rule_id]  # `test_rules_on_cases` reviews them
    assert {row["expected_truth"] for row in cases} == {"TRUE", "FALSE", "UNKNOWN"}
