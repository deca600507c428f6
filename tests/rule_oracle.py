"""An independent judge of the 117 arms, written by hand from the words of the rules.

It shares nothing with the package: no parser, no number, no table but the lists of facts and thresholds.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import rule_oracle_care
import rule_oracle_flags
from rule_oracle_arms import ARMS, Key, arm_truth
from rule_oracle_values import FACTS, FACTS_CSV, FALSE, NA, TRUE, UNKNOWN, Case, Entry, Obs, World

__all__ = [
    "FACTS",
    "FACTS_CSV",
    "FALSE",
    "NA",
    "PREDICATES",
    "TRUE",
    "UNKNOWN",
    "Entry",
    "Obs",
    "Predicate",
    "World",
    "judge",
    "rule_truths",
    "thresholds_of",
]

MORE_ARMS = (rule_oracle_flags, rule_oracle_care)  # each adds its own to ARMS
PROFILES_TOML = Path(__file__).parents[1] / "src" / "benzotaper" / "data" / "profiles.toml"


@dataclass(frozen=True)
class Predicate:
    """The texts of an arm's atoms, in order of first appearance, and how their truths combine."""

    atoms: tuple[str, ...]
    decide: Callable[..., int]


PREDICATES = {key: Predicate(tuple(atom.text for atom in arm.atoms), arm.decide) for key, arm in ARMS.items()}


def judge(world: World) -> dict[Key, int]:
    """The truth of every arm."""
    case = Case(world)
    return {key: arm_truth(case, key) for key in ARMS}


def rule_truths(arms: Mapping[Key, int]) -> dict[str, int]:
    """A rule is TRUE if an arm is, else UNKNOWN if an arm is."""
    rules: dict[str, int] = {}
    for (rule, _), truth in arms.items():
        rules[rule] = max(truth, rules.get(rule, FALSE))
    return rules


@cache
def _profiles() -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    return tomllib.loads(PROFILES_TOML.read_text(encoding="utf-8"), parse_float=Fraction)


def _exact(value: object) -> object:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, list):
        return tuple(_exact(one) for one in value)
    return Fraction(value)  # type: ignore[arg-type]


def thresholds_of(profile_id: str) -> dict[str, object]:
    """The thresholds of a profile: its own entries over those of the default."""
    chosen = _profiles()["default"]["thresholds"] | _profiles()[profile_id]["thresholds"]
    return {name: _exact(entry["value"]) for name, entry in chosen.items()}
