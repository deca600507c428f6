"""Worlds of the oracle as the package takes them: facts of one person, and frames of many."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

import benzotaper
from benzotaper.facts import Facts
from benzotaper.observations import Medicine, Observation, read_observation
from benzotaper.profiles import profile
from benzotaper.rules.arms import compiled
from benzotaper.rules.columns import ColumnMachine
from benzotaper.rules.scalar import PersonMachine
from benzotaper.rules.thresholds import limits_of
from benzotaper.unknown import Unknown
from benzotaper.values import NOT_APPLICABLE, Interval
from rule_oracle import NA, Entry, Obs, World

CLASSES = Path(benzotaper.__file__).parent / "data" / "drug_classes.csv"
ARMS = {(arm.rule_id, arm.name): arm for arms in compiled().by_rule.values() for arm in arms}
PROFILES = ("asam-2025", "uk", "germany", "scotland", "australia")


def enzymes() -> dict[str, frozenset[str] | None]:
    """What clears each drug, read from the data by hand."""
    with CLASSES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {row["drug"]: _enzymes(row["cyp"]) for row in rows}


def _enzymes(cell: str) -> frozenset[str] | None:
    if not cell:
        return None
    return frozenset() if cell.startswith("none") else frozenset(cell.split("+"))


def with_real_enzymes(world: World) -> World:
    return replace(world, enzymes=enzymes())


def observation_of(obs: Obs) -> Observation:
    return read_observation(obs.fact, _value(obs), at=obs.at, by=obs.by, form_id=obs.form)


def _value(obs: Obs) -> Any:
    if obs.unknown:
        return Unknown(obs.unknown)
    if obs.value is NA:
        return NOT_APPLICABLE
    if obs.high is not None:
        return Interval(Fraction(obs.value), Fraction(obs.high))  # type: ignore[arg-type]  # a score
    if isinstance(obs.value, tuple):
        return [_medicine(each) if isinstance(each, Entry) else each for each in obs.value]
    return obs.value


def _medicine(entry: Entry) -> Medicine:
    stop: Any = NOT_APPLICABLE if entry.stop is NA else entry.stop
    return Medicine(
        entry.name,
        Unknown("not_asked") if entry.start is None else entry.start,
        Unknown("not_asked") if stop is None else stop,
    )


def facts_of(world: World) -> Facts:
    return Facts(observations=tuple(map(observation_of, world.observations)))


def person_machine(world: World, profile_id: str, *, unit_drug: str = "diazepam") -> PersonMachine:
    """The scalar machine: a dose equals diazepam as the world says, whatever the drug."""
    return PersonMachine(
        entries=facts_of(world).entries,
        now=world.now,
        limits=limits_of(profile(profile_id)),
        arms=compiled(),
        equal=lambda _, mg: world.equal_to_diazepam(mg),
        unit_drug=unit_drug,
    )


def arm_truths(machine: PersonMachine | ColumnMachine) -> dict[tuple[str, str], Any]:
    return {key: machine.run(arm.node) for key, arm in ARMS.items()}


def observations_frame(worlds: Sequence[World]) -> pd.DataFrame:
    """The observations of many worlds in one long frame; the place of a world is its person."""
    rows = [
        {
            "person": person,
            "fact": obs.fact,
            "value": _cell(obs),
            "at": obs.at,
            "by": obs.by,
            "form": obs.form,
            "high": None if obs.high is None else float(obs.high),
            "unknown": obs.unknown,
        }
        for person, world in enumerate(worlds)
        for obs in world.observations
    ]
    frame = pd.DataFrame(rows)
    frame["at"] = pd.to_datetime(frame["at"], utc=True)
    return frame


def _cell(obs: Obs) -> Any:
    value = _value(obs)
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Interval):
        return float(value.low)
    if isinstance(value, list | bool | str | date) or value is NOT_APPLICABLE:
        return value
    return float(value)
