"""Changes every rule in every small way, and lists the changes that no world notices.

A rule is data: a condition over facts and thresholds. A mutant has one operator, one connective or one threshold
changed. It is noticed where a part of it comes out otherwise in any random world: the tests look at each part at, below
and above its threshold (`test_rule_boundaries.py`), and at each whole rule in such worlds (`test_rules_agree.py`). A
changed connective is noticed where it decides otherwise for some truths of its parts; the tests go through these.
"""

import ast
import random
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # as pytest has it

import numpy as np
import pandas as pd

from benzotaper import datafiles
from benzotaper.entries import SCALE
from benzotaper.profiles import profile
from benzotaper.reviewing.frame_columns import moments, read_columns
from benzotaper.rulebook import rule
from benzotaper.rules.algebra import Number
from benzotaper.rules.arms import Arms, compiled, read_arms
from benzotaper.rules.columns import ColumnMachine
from benzotaper.rules.fact_columns import local_days
from benzotaper.rules.nodes import AllOf, AnyOf, Called, Node, Not
from benzotaper.rules.thresholds import Limits, limits_of
from benzotaper.safety_rules import equal_by
from rule_machines import PROFILES, observations_frame
from rule_oracle import thresholds_of
from rule_window_worlds import edges, world_of
from rule_worlds import random_world

OPERATORS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
QUOTED = {">=": (">", "<="), ">": (">=", "<"), "<=": ("<", ">="), "<": ("<=", ">")}
STEPS = {"h": 10, "Cel": 10, "min": 60, "mg": 100, "mg/d": 100, "1": 100}
"""Into how many parts a unit is divided that can be told apart; one, where it is not named here."""


@dataclass(frozen=True)
class Mutant:
    """One change of one rule."""

    rule_id: str
    what: str
    condition: str = ""
    arm: str = ""
    threshold: str = ""
    by: int = 0

    @property
    def connective(self) -> bool:
        """Whether an `and` or `or` is changed, or a part left out."""
        return self.what.startswith(("-> ", "without"))


def conditions() -> list[dict[str, Any]]:
    """The arms as data."""
    columns = dict.fromkeys(("rule_id", "arm", "urgency", "condition"), datafiles.word)
    return datafiles.read_csv(datafiles.shipped("rule_conditions.csv"), columns, file="rule_conditions.csv")


def mutants_of_conditions(kinds: tuple[str, ...]) -> Iterator[Mutant]:
    """Every change of an operator, a connective or a part."""
    for row in conditions():
        if rule(row["rule_id"]).kind in kinds:
            for what, changed in changes(row["condition"]):
                yield Mutant(row["rule_id"], what, changed, row["arm"])


def changes(condition: str) -> Iterator[tuple[str, str]]:
    """Every condition that differs by one operator, connective or part."""
    tree = ast.parse(condition, mode="eval")
    for place, node in enumerate(ast.walk(tree)):
        for what, change in _changes_of(node):
            copy = deepcopy(tree)
            target = list(ast.walk(copy))[place]
            change(target)
            yield f"{what} in {ast.unparse(node)}", ast.unparse(copy)


def _changes_of(node: ast.AST) -> Iterator[tuple[str, Any]]:
    if isinstance(node, ast.Compare):
        for other in OPERATORS[type(node.ops[0])]:
            yield f"{type(node.ops[0]).__name__} -> {other.__name__}", lambda n, o=other: setattr(n, "ops", [o()])
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"-> {other.__name__}", lambda n: setattr(n, "op", other())
        if len(node.values) > 2:
            for place in range(len(node.values)):
                yield f"without part {place}", lambda n, p=place: n.values.pop(p)
    elif isinstance(node, ast.Call):
        for place, arg in enumerate(node.args):
            if isinstance(arg, ast.Constant) and arg.value in QUOTED:
                for other in QUOTED[str(arg.value)]:
                    yield f"{arg.value} -> {other}", lambda n, p=place, o=other: n.args.__setitem__(p, ast.Constant(o))


def mutants_of_thresholds(kinds: tuple[str, ...]) -> Iterator[Mutant]:
    """Each numeric threshold, a little higher and a little lower."""
    units, values = LIMITS["uk"].units, LIMITS["uk"].values
    for rule_id, arms in compiled().by_rule.items():
        if rule(rule_id).kind not in kinds:
            continue
        for name in dict.fromkeys(name for arm in arms for name in arm.node.thresholds()):
            if isinstance(values[name], Number):
                whole = name.endswith(("_window_h", "_repeat_min"))  # which must be whole numbers
                smallest = SCALE // (1 if whole else STEPS.get(units[name], 1))
                for by in (smallest, -smallest):
                    yield Mutant(rule_id, f"t.{name} {'+' if by > 0 else '-'}", threshold=name, by=by)


LIMITS = {profile_id: limits_of(profile(profile_id)) for profile_id in PROFILES}


class Worlds:
    """Random worlds of one profile, as columns; and the truths of the rules there."""

    def __init__(self, profile_id: str, seeds: range) -> None:
        thresholds = thresholds_of(profile_id)
        worlds = [random_world(random.Random(seed), thresholds) for seed in seeds]  # noqa: S311  worlds, not secrets
        worlds += [world_of(edge, profile_id) for edge in edges()]
        zone = "UTC"
        now = pd.Series(pd.to_datetime([world.now for world in worlds], utc=True))
        self.now_us = moments(now, what="now")
        self.columns = read_columns(observations_frame(worlds), pd.Index(range(len(worlds))), zone)
        self.today = local_days(self.now_us, zone)
        self.limits = LIMITS[profile_id]
        self.original = self.machine(compiled(), self.limits)

    def machine(self, arms: Arms, limits: Limits) -> ColumnMachine:
        return ColumnMachine(
            columns=self.columns,
            person=np.arange(self.now_us.size),
            now_us=self.now_us,
            today=self.today,
            limits=limits,
            arms=arms,
            equal=equal_by("ashton-2002"),
        )

    def notice(self, mutant: Mutant) -> bool:
        """Whether a part of the mutant gives another truth in any world."""
        arms, limits = compiled(), self.limits
        if mutant.threshold:
            old = limits.values[mutant.threshold]
            new = Number(old.low + mutant.by, old.high + mutant.by, 1)
            limits = replace(limits, values={**limits.values, mutant.threshold: new})
        else:
            arms = arms_with(mutant)
        machine = self.machine(arms, limits)
        pairs = zip(compiled().by_rule[mutant.rule_id], arms.by_rule[mutant.rule_id], strict=True)
        return any(self._differ(one.node, other.node, machine) for one, other in pairs)

    def _differ(self, one: Node, other: Node, machine: ColumnMachine) -> bool:
        """Whether two conditions, or parts of them in the same place, come out differently."""
        if np.any(self.original.run(one) != machine.run(other)):
            return True
        same_shape = len(one.conditions) == len(other.conditions)
        return same_shape and any(map(self._differ, one.conditions, other.conditions, [machine] * len(one.conditions)))


def decides_otherwise(mutant: Mutant) -> bool:
    """Whether a changed connective gives another truth for some truths of its parts."""
    changed = next(arm.node for arm in arms_with(mutant).by_rule[mutant.rule_id] if arm.name == mutant.arm)
    whole = next(arm.node for arm in compiled().by_rule[mutant.rule_id] if arm.name == mutant.arm)
    atoms = sorted({node.text for node in leaves(whole)})
    if {node.text for node in leaves(changed)} - set(atoms):
        return False  # within an argument of a function: the worlds must notice it
    choose = random.Random(1)  # noqa: S311  truths, not secrets
    for _ in range(3000):
        truths = {atom: choose.choice((0, 1, 2, 2, 0)) for atom in atoms}
        if with_truths(whole, truths) != with_truths(changed, truths):
            return True
    return False


def leaves(node: Node) -> Iterator[Node]:
    """The parts of a condition that are no connectives."""
    if isinstance(node, AllOf | AnyOf | Not) or (isinstance(node, Called) and node.function in CONNECTIVES):
        for part in node.parts:
            yield from leaves(part)
    elif node.is_condition:
        yield node


def with_truths(node: Node, truths: dict[str, int]) -> int:
    """The truth of a condition, from those of its parts, by Kleene's tables."""
    if node.text in truths:
        return truths[node.text]
    parts = [with_truths(part, truths) for part in node.parts if part.is_condition]
    if isinstance(node, Called):
        return CONNECTIVES[node.function](parts)
    if isinstance(node, Not):
        return 2 - parts[0]
    return min(parts) if isinstance(node, AllOf) else max(parts)


CONNECTIVES: dict[str, Any] = {
    "established": lambda parts: 2 if parts[0] == 2 else 0,
    "possible": lambda parts: 2 if parts[0] else 0,
}


def arms_with(mutant: Mutant) -> Arms:
    """All arms, one of them changed."""
    rows = ["rule_id,arm,urgency,condition"]
    for row in conditions():
        same = (row["rule_id"], row["arm"]) == (mutant.rule_id, mutant.arm)
        condition = mutant.condition if same else row["condition"]
        rows.append(f'{row["rule_id"]},{row["arm"]},{row["urgency"]},"{condition}"')
    return read_arms("\n".join(rows) + "\n")


def survivors(kinds: tuple[str, ...], *, worlds: int) -> tuple[int, list[Mutant]]:
    """How many mutants there are, and those that no world notices."""
    mutants = [*mutants_of_conditions(kinds), *mutants_of_thresholds(kinds)]
    left = [mutant for mutant in mutants if not (mutant.connective and decides_otherwise(mutant))]
    for n, profile_id in enumerate(PROFILES):
        if left:
            place = Worlds(profile_id, range(n * worlds, (n + 1) * worlds))
            left = [mutant for mutant in left if not place.notice(mutant)]
    return len(mutants), left


def main() -> None:
    """Print how many mutants of each kind of rule there are, and those that no world notices."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    kinds = dict.fromkeys(rule(rule_id).kind for rule_id in compiled().by_rule)
    for kind in kinds:
        count, left = survivors((kind,), worlds=worlds)
        print(f"{kind}: {count} mutants, {len(left)} that no world notices")
        for mutant in left:
            print(f"  {mutant.rule_id} {mutant.arm}: {mutant.what}")


if __name__ == "__main__":
    main()
