"""A cohort held against `taper`, row by row, and cohorts of people at random."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pandas as pd

import benzotaper as bt
from benzotaper.cohorts.reading import read_phases_text
from benzotaper.falls import drug_rows

Row = tuple[Any, ...]


def by_taper(regimen: Any, strategy: Any, **choices: Any) -> list[Row] | str:
    """The rows that a plan should have in a cohort, from its own steps; or why it is refused."""
    try:
        plan = bt.taper(regimen, strategy, start="2026-12-01", **choices)
    except bt.BenzotaperError as error:
        return str(error)
    return [
        (
            row.step.number,
            (row.step.start - plan.start).days,
            row.step.days,
            row.drug,
            float(row.mean_ng / 10**6),
            int(row.mean_ng),
        )
        for row in drug_rows(plan.record)  # what the plan's frame is made of
        if row.step.start is not None
    ]


def by_cohort(found: bt.Cohort) -> dict[Any, list[Row] | str]:
    """The same of every person of a cohort, by id."""
    told: dict[Any, list[Row] | str] = {}
    columns = ("id", "step", "day", "days", "drug", "dose_mg", "dose_ng")
    lists = [found.plans[name].tolist() for name in columns]
    for person, step, day, days, drug, mg, ng in zip(*lists, strict=True):
        rows = told.setdefault(person, [])
        assert isinstance(rows, list)
        rows.append((step, day, None if days is pd.NA else days, drug, mg, ng))
    for person, reason in zip(found.refused["id"], found.refused["reason"], strict=True):
        assert person not in told
        told[person] = reason
    return told


def strategy_text(random: Random, mg: float) -> str:
    """A strategy at random, mostly a possible one."""
    every = f"every {random.choice(['1 week', '2 weeks', '10 days', '4 weeks'])}"
    cut = random.randint(4, 40)
    linear = f"linear {random.choice([f'{cut} % of start', f'in {random.randint(1, 12)} steps', '0.5 mg', '1 mg'])}"
    percentage = f"percentage {cut / 2:g} % of current"
    kind = random.choice(["linear", "percentage", "alternate", "substitution", "hyperbolic", "hold"])
    if kind == "linear":
        return f"{linear} {every}"
    if kind == "percentage":
        return f"{percentage} {every}"
    if kind == "alternate":
        low = random.choice(["with 2 4 7 low days a week", "low every other day", "with low every other day"])
        zero = random.choice(["", " and zero days"])
        return f"alternate-day {random.choice(['25 % of start', '1 mg'])} {low}{zero} {every}"
    if kind == "substitution":
        table = random.choice(["ashton-2002", "norway-2021"])
        return f"substitution to diazepam by {table} pick high {every}; {random.choice([linear, percentage])} {every}"
    if kind == "hyperbolic":
        half = random.choice(["maudsley-2024-diazepam", "24.7 mg", f"{mg:g} mg"])
        return f"hyperbolic {half} in {random.choice(['5 % points', '12 steps'])} {every}"
    gated = random.choice(["", "", " gated"])
    inner = random.choice([linear, percentage])
    return f"hold-and-step ({inner} {every}) at {random.choice(['50 % of start', 'every step'])} hold 4 weeks{gated}"


def people(number: int, *, seed: int) -> pd.DataFrame:
    """People at random: a drug, a daily dose that tablets mostly make, and a strategy."""
    random = Random(seed)  # noqa: S311  examples, not secrets
    drugs = [d for d in bt.drug_names() if any(p.offered == "yes" for p in bt.products(d, region="US"))]
    rows = list(_people(random, drugs, number))
    return pd.DataFrame(rows, columns=["id", "drug", "dose_mg", "strategy"])


def _people(random: Random, drugs: list[str], number: int) -> Iterator[tuple[int, str, float, str]]:
    strengths = {d: [p.strength.ng for p in bt.products(d, region="US") if p.offered == "yes"] for d in drugs}
    for person in range(number):
        drug = random.choice(drugs)
        ng = random.choice(strengths[drug]) * random.choice([1, 2, 2, 4, 6]) // 2
        if not random.randint(0, 30):
            ng += 12_345
        mg = ng / 10**6
        yield person, drug, mg, strategy_text(random, mg)


def differences(frame: pd.DataFrame, *, times: tuple[str, ...], **choices: Any) -> tuple[int, int]:
    """How many people were held against `taper`, and how many of them were refused by both; any difference fails."""
    told = by_cohort(bt.cohort(frame, "strategy", times=times, **choices))
    assert len(told) == len(frame)
    known: dict[tuple[str, float, str], list[Row] | str] = {}
    refused = 0
    for row in frame.itertuples():
        key = (row.drug, row.dose_mg, row.strategy)
        if key not in known:
            known[key] = _alone(*key, times=times, **choices)
        assert told[row.id] == known[key], key
        refused += isinstance(known[key], str)
    return len(frame), refused


def _alone(drug: str, mg: float, strategy: str, *, times: tuple[str, ...], **choices: Any) -> list[Row] | str:
    try:
        part, rest = divmod(round(mg * 10**6), len(times))
        parts = [part] * (len(times) - rest) + [part + 1] * rest  # what cannot be shared is taken later in the day
        doses = {time: bt.Dose.of_ng(ng) for time, ng in zip(times, parts, strict=True)}
        regimen = bt.Regimen(drug, **doses)  # type: ignore[arg-type]
        phases = read_phases_text(strategy)
    except bt.BenzotaperError as error:
        return str(error)
    return by_taper(regimen, phases, **choices)
