"""Three ways to judge the rules agree: an oracle written by hand, the machine of one person, and that of many."""

import ast
import os
import random
from collections.abc import Callable, Iterator
from datetime import datetime
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

import benzotaper as bt
from benzotaper.reviewing.frame_columns import local_days, moments, read_columns
from benzotaper.rules.arms import compiled
from benzotaper.rules.columns import ColumnMachine
from benzotaper.rules.nodes import Node
from benzotaper.rules.scalar import PersonMachine
from benzotaper.rules.thresholds import Limits, limits_of
from benzotaper.safety_rules import equal_by
from rule_machines import (
    ARMS,
    PROFILES,
    arm_truths,
    facts_of,
    observations_frame,
    person_machine,
    with_real_enzymes,
)
from rule_oracle import FALSE, PREDICATES, TRUE, UNKNOWN, World, judge, rule_truths, thresholds_of
from rule_worlds import random_world

WORLDS = 100_000 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 6_000
BLOCKS = 20  # so that several processes can share them; each has worlds of one profile
REVIEWED = 400
ALL_AT_ONCE = 7  # atoms of which every combination is tried: 3 ** 7 of them
RANDOM_ONES = 2_000
TRUTHS = (FALSE, UNKNOWN, TRUE)
NOW = datetime.fromisoformat("2026-11-25T12:00:00+00:00")
IDS = {key: f"{key[0]}-{key[1]}" for key in ARMS}
Combination = tuple[int, ...]
Group = list[tuple[int, World]]


# ---- every combination of what the atoms can be


@cache
def written(text: str) -> str:
    """A condition as Python itself would write it."""
    return ast.unparse(ast.parse(text, mode="eval"))


def nodes_of(node: Node) -> Iterator[Node]:
    yield node
    for part in node.operands:
        yield from nodes_of(part)


def combinations_of(atoms: int, rng: random.Random) -> set[Combination]:
    """All of them; of many atoms those in which at most two differ from the rest, and some by chance."""
    if atoms <= ALL_AT_ONCE:
        return set(product(TRUTHS, repeat=atoms))
    found = {tuple(rng.choices(TRUTHS, k=atoms)) for _ in range(RANDOM_ONES)}
    for rest, (one, two), (first, second) in product(TRUTHS, combinations(range(atoms), 2), product(TRUTHS, repeat=2)):
        values = [rest] * atoms
        values[one], values[two] = first, second
        found.add(tuple(values))
    return found


def arm_given(key: tuple[str, str], atoms: dict[str, int]) -> int:
    """The truth of a compiled arm, once the truths of its atoms are known."""
    bare = {text: truth for text, truth in atoms.items() if text not in {written(n.text) for n in nodes_of_arm(key)}}
    machine = PersonMachine(
        entries=answered(frozenset(bare.items())), now=NOW, limits=limits(PROFILES[0]), arms=compiled(), equal=nothing
    )
    for node in nodes_of_arm(key):
        if (truth := atoms.get(written(node.text))) is not None:
            machine.tape[node.place] = truth
    return int(machine.run(ARMS[key].node))


def nothing(_: str, __: Fraction) -> None:
    return None


@cache
def nodes_of_arm(key: tuple[str, str]) -> tuple[Node, ...]:
    return tuple(nodes_of(ARMS[key].node))


@cache
def limits(profile_id: str) -> Limits:
    return limits_of(bt.profile(profile_id))


@cache
def answered(bare: frozenset[tuple[str, int]]) -> Any:
    """Facts that an arm asks by name and not as a part of it: consent."""
    facts = bt.Facts()
    for fact, truth in bare:
        if truth != UNKNOWN:
            facts = facts.observe(fact, truth == TRUE, at=NOW, by=bt.fact_type(fact).asked_of[0])
    return facts.entries


def test_the_oracle_knows_every_arm() -> None:
    assert set(PREDICATES) == set(ARMS)
    assert len(ARMS) == 117


@pytest.mark.parametrize("key", ARMS, ids=IDS.get)
def test_an_arm_follows_from_its_atoms_as_the_oracle_says(
    key: tuple[str, str], record_property: Callable[[str, object], None]
) -> None:
    texts = [written(text) for text in PREDICATES[key].atoms]
    assert len(set(texts)) == len(texts)
    tried = sorted(combinations_of(len(texts), random.Random(1)))  # noqa: S311  chance, not secrets
    differ = [
        values
        for values in tried
        if arm_given(key, dict(zip(texts, values, strict=True))) != PREDICATES[key].decide(*values)
    ]
    record_property("rules", {"combinations of atoms": len(tried)})
    assert differ == []


# ---- random worlds


def seeds_of(block: int) -> range:
    return range(block, WORLDS, BLOCKS)


def profile_of(seed: int) -> str:
    return PROFILES[seed % len(PROFILES)]


def made(seed: int) -> World:
    return random_world(random.Random(seed), thresholds_of(profile_of(seed)))  # noqa: S311  chance, not secrets


def grouped(seeds: range) -> dict[tuple[str, str], Group]:
    """Worlds by profile and time zone: a frame has one of each."""
    found: dict[tuple[str, str], Group] = {}
    for seed in seeds:
        world = made(seed)
        found.setdefault((profile_of(seed), str(world.now.tzinfo)), []).append((seed, world))
    return found


def moments_of(group: Group) -> "pd.Series[Any]":
    zone = group[0][1].now.tzinfo
    return pd.Series(pd.to_datetime([world.now for _, world in group], utc=True)).dt.tz_convert(zone)


def scalar_truths(world: World, profile_id: str) -> dict[tuple[str, str], int]:
    """What the machine of one person finds, a dose equal to diazepam by a table."""
    return arm_truths(
        PersonMachine(
            entries=facts_of(world).entries,
            now=world.now,
            limits=limits(profile_id),
            arms=compiled(),
            equal=equal_by("ashton-2002"),
        )
    )


def column_truths(group: Group, profile_id: str) -> dict[tuple[str, str], npt.NDArray[Any]]:
    """The same of a whole group at once."""
    worlds = [world for _, world in group]
    now, zone = moments_of(group), worlds[0].now.tzinfo
    now_us = moments(now, what="now")
    machine = ColumnMachine(
        columns=read_columns(observations_frame(worlds), pd.Index(range(len(worlds))), zone),
        person=np.arange(len(worlds)),
        now_us=now_us,
        today=local_days(now_us, zone),
        limits=limits(profile_id),
        arms=compiled(),
        equal=equal_by("ashton-2002"),
    )
    return {key: np.broadcast_to(found, len(worlds)) for key, found in arm_truths(machine).items()}


@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_oracle_and_the_machine_of_one_person_agree_on_every_arm(
    block: int, record_property: Callable[[str, object], None]
) -> None:
    differ = []
    for seed in seeds_of(block):
        world = with_real_enzymes(made(seed))
        expected, found = judge(world), arm_truths(person_machine(world, profile_of(seed)))
        differ += [(seed, key, expected[key], found[key]) for key in ARMS if expected[key] != found[key]]
    record_property("rules", {"random worlds": len(seeds_of(block))})
    assert differ == []


@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_machines_of_one_person_and_of_many_agree_on_every_arm(block: int) -> None:
    differ = []
    for (profile_id, _), group in grouped(seeds_of(block)).items():
        many = column_truths(group, profile_id)
        for place, (seed, world) in enumerate(group):
            one = scalar_truths(world, profile_id)
            differ += [(seed, key, one[key], many[key][place]) for key in ARMS if one[key] != many[key][place]]
    assert differ == []


def test_the_worlds_make_most_arms_true_and_untrue_by_turns() -> None:
    found: dict[tuple[str, str], set[int]] = {key: set() for key in ARMS}
    for seed in range(1_500):
        for key, truth in judge(with_real_enzymes(made(seed))).items():
            found[key].add(truth)
    assert {key for key, truths in found.items() if TRUE not in truths} == set()
    assert {key for key, truths in found.items() if truths == {TRUE}} == set()


# ---- from the rules to what follows


def before_now(world: World) -> bt.Facts:
    return bt.Facts(observations=tuple(each for each in facts_of(world) if each.at <= world.now))


def compared(group: Group, profile_id: str) -> Iterator[tuple[int, str, str, str]]:
    """Where a frame says otherwise than a review of the same person: the world, what, and both answers."""
    checkins = pd.DataFrame({"person": range(len(group)), "now": moments_of(group)})
    frame = bt.review_frame(observations_frame([world for _, world in group]), checkins, profile=profile_id)
    for row, (seed, world) in zip(frame.to_dict("records"), group, strict=True):
        review = bt.review(before_now(world), profile=profile_id, now=world.now)
        said = {result.id: result.truth.value for result in review}
        said |= {name: str(getattr(review, name)) for name in ("urgency_known", "urgency_not_excluded", "directive")}
        said["may_step"] = review.may_step.value
        yield from ((seed, name, str(row[name]), str(word)) for name, word in said.items() if row[name] != word)


@pytest.mark.parametrize("block", range(len(PROFILES)))
def test_a_frame_says_what_a_review_of_each_person_says(block: int) -> None:
    seeds = range(block, REVIEWED, len(PROFILES))
    differ = [each for (profile_id, _), group in grouped(seeds).items() for each in compared(group, profile_id)]
    assert differ == []


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_a_rule_is_as_true_as_its_truest_arm(seed: int) -> None:
    world = with_real_enzymes(made(seed))
    machine = person_machine(world, profile_of(seed))
    assert {rule_id: machine.rule(rule_id) for rule_id in bt.rule_ids()} == rule_truths(judge(world))
