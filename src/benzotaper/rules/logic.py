"""Functions of truths: exceptions, safeguards, consent, words, forms, and other rules."""

from functools import cache
from typing import Any

from benzotaper.drugs import drug_named
from benzotaper.fact_types import fact_type
from benzotaper.rulebook import rule, rule_ids
from benzotaper.rules import algebra
from benzotaper.rules.days import counted
from benzotaper.rules.machine import Machine
from benzotaper.rules.nodes import Node, match
from benzotaper.unknown import Unknown

ASKED = ("ASK_NOW", "HOLD_UNTIL_KNOWN")
"""The policies under which an unknown rule keeps a hold from being lifted."""


def established(machine: Machine, _: Node, condition: Node) -> Any:
    """TRUE if it is TRUE, else FALSE: an exception counts only if it is proved."""
    return algebra.established(machine.run(condition))


def possible(machine: Machine, _: Node, condition: Node) -> Any:
    """FALSE if it is FALSE, else TRUE: what is not known counts as present."""
    return algebra.possible(machine.run(condition))


def at_least_true(machine: Machine, _: Node, least: Node, *conditions: Node) -> Any:
    """Whether so many of them are TRUE."""
    return algebra.compare(">=", counted(machine, map(machine.run, conditions)), machine.run(least))


def at_least(machine: Machine, node: Node, fact: str, level: str) -> Any:
    """Whether the word is this one or one after it."""
    levels = fact_type(fact).levels
    accepts = sum(1 << place for place in range(levels.index(level), len(levels)))
    return match(machine, machine.choice(fact), accepts, worse=node.worse)


def is_one_of(machine: Machine, node: Node, fact: str, names: Node) -> Any:
    """Whether the word is in a list."""
    return match(machine, machine.choice(fact), _bits(fact, machine.run(names)), worse=node.worse)


def _bits(fact: str, words: tuple[str, ...]) -> int:
    levels = fact_type(fact).levels
    return sum(1 << levels.index(word) for word in words)


def cleared_by(machine: Machine, node: Node, fact: str, enzymes: Node) -> Any:
    """Whether one of the enzymes clears the drug; UNKNOWN where the data do not say what does."""
    cleared, unclear = _drugs_cleared_by(fact, machine.run(enzymes))
    drug = machine.choice(fact)
    if node.worse:
        return machine.where((drug.known & cleared) != 0, 2, machine.where((drug.known & unclear) != 0, 1, drug.open))
    others = (drug.known & ~(cleared | unclear)) != 0
    return machine.where(others, 0, machine.where((drug.known & unclear) != 0, 1, 2 - drug.open))


@cache
def _drugs_cleared_by(fact: str, enzymes: tuple[str, ...]) -> tuple[int, int]:
    cleared = unclear = 0
    for place, name in enumerate(fact_type(fact).levels):
        cyp = drug_named(name).cyp
        if isinstance(cyp, Unknown):
            unclear |= 1 << place
        elif set(cyp) & set(enzymes):
            cleared |= 1 << place
    return cleared, unclear


def is_set(machine: Machine, node: Node, fact: str) -> Any:
    """Whether there is such a date or drug."""
    kind = fact_type(fact)
    if kind.kind == "enum":
        return match(machine, machine.choice(fact), (1 << len(kind.levels)) - 1, worse=node.worse)
    found = machine.date(fact, node.worse)
    one, both = (found.low > -algebra.FAR) | (found.high < algebra.FAR), found.low == found.high
    return machine.where(one if node.worse else both, 2, 1) * found.exists


def form_is(machine: Machine, _: Node, fact: str, form: str) -> Any:
    """Whether the observation names this form."""
    named = machine.form(fact)
    return machine.where(named == 0, 1, machine.where(named == fact_type(fact).forms.index(form) + 1, 2, 0))


def accepted_for(machine: Machine, _: Node, fact: str, form: str) -> Any:
    """Whether a clinician has said so for this form."""
    return machine.accepted(fact, fact_type(fact).forms.index(form) + 1)


def newly_recorded(machine: Machine, node: Node, fact: str) -> Any:
    """Whether it is TRUE and no completed review has reported it yet: static history fires once."""
    return machine.truth(fact, node.worse) * (1 - machine.reported(fact))


def requires_consent(machine: Machine, node: Node, consent: str, condition: Node) -> Any:
    """The condition if consent is given; else it is not known, whatever the values are."""
    given = machine.truth(consent, worse=False)
    machine.because(node, "no_consent", given != 2)  # noqa: PLR2004
    return machine.where(given == 2, machine.run(condition), 1)  # noqa: PLR2004


def truth_of(machine: Machine, _: Node, rule_id: str) -> Any:
    """The truth of another rule in this review."""
    return machine.rule(rule_id)


def other_rule_true(machine: Machine, _: Node, kind: str, own: str) -> Any:
    """Whether another rule of the kind is TRUE."""
    found: Any = 0
    for rule_id in rules_of(kind):
        if rule_id != own:
            found = machine.greater(found, machine.rule(rule_id))
    return found


def rules_clear(machine: Machine, _: Node, *kinds: str) -> Any:
    """Whether no rule of these kinds is TRUE, and none is unknown that must be asked."""
    clear: Any = 2
    for rule_id, asked in _asked(kinds):
        truth = machine.rule(rule_id)
        clear = machine.lesser(clear, 2 - (truth if asked else algebra.established(truth)))
    return clear


@cache
def _asked(kinds: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """The rules of some kinds, and whether each must be asked where it is unknown."""
    return tuple((each, rule(each).if_unknown in ASKED) for kind in kinds for each in rules_of(kind))


@cache
def rules_of(kind: str) -> tuple[str, ...]:
    """The ids of the rules of a kind."""
    return tuple(rule_id for rule_id in rule_ids() if rule(rule_id).kind == kind)
