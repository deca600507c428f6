"""The arms of the rules: read from data, compiled once, used for one person and for many alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from benzotaper import datafiles
from benzotaper.errors import refuse_faults
from benzotaper.rulebook import rule_ids
from benzotaper.rules.grammar import Reader
from benzotaper.rules.nodes import Node

FILE = "rule_conditions.csv"
URGENCIES = ("INFO", "PLAN_CHECK", "NEXT_REVIEW", "WITHIN_72H", "SAME_DAY", "EMERGENCY_NOW")
"""From the least to the most; PLAN_CHECK stands outside the ladder: it is asked when a plan is made."""
PERMITTING = ("RS-01", "RS-02")
"""The rules whose TRUE permits something, so that FALSE is the worse answer where sources differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One way in which a rule holds.

    Attributes:
        rule_id: the rule.
        name: what it is called within the rule.
        urgency: one of `URGENCIES`.
        node: its condition, compiled.
    """

    rule_id: str
    name: str
    urgency: str
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """All arms.

    Attributes:
        by_rule: the arms of each rule, in the order of the files.
        nodes: their conditions.
        size: how many nodes they have together.
    """

    by_rule: Mapping[str, tuple[Arm, ...]]
    nodes: Mapping[str, tuple[Node, ...]]
    size: int


@cache
def compiled() -> Arms:
    """The arms of the package.

    >>> sum(map(len, compiled().by_rule.values()))
    117
    """
    return read_arms(datafiles.shipped(FILE))


_COLUMNS: dict[str, datafiles.Reader] = {
    "rule_id": datafiles.word,
    "arm": datafiles.word,
    "urgency": datafiles.one_of(*URGENCIES),
    "condition": datafiles.word,
}


def read_arms(text: str) -> Arms:
    """The arms of a CSV text.

    Raises:
        DataError: with all faults of the file: rules without arms, arms without rules.
        RuleError: a condition that is not in the rule language.
    """
    reader, found = Reader(), {rule_id: list[Arm]() for rule_id in rule_ids()}
    faults = []
    for number, row in enumerate(datafiles.read_csv(text, _COLUMNS, file=FILE), start=2):
        rule_id = row["rule_id"]
        if rule_id not in found:
            faults.append(f"row {number}: no rule {rule_id!r}")
            continue
        if row["arm"] in {arm.name for arm in found[rule_id]}:
            faults.append(f"row {number}: rule {rule_id} has an arm {row['arm']!r} already")
        node = reader.read(row["condition"], rule_id=rule_id, worse=rule_id not in PERMITTING)
        found[rule_id].append(Arm(rule_id=rule_id, name=row["arm"], urgency=row["urgency"], node=node))
    faults += [f"rule {rule_id} has no arm" for rule_id, arms in found.items() if not arms]
    refuse_faults(FILE, faults)
    return Arms(
        by_rule={rule_id: tuple(arms) for rule_id, arms in found.items()},
        nodes={rule_id: tuple(arm.node for arm in arms) for rule_id, arms in found.items()},
        size=len(reader.nodes),
    )
