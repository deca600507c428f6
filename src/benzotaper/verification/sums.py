"""Adds up what is taken in each step: the figures that the checks compare."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from benzotaper.verification.reading import Crossing, Paper, Stretch

Amount: TypeAlias = int | Fraction
Place: TypeAlias = tuple[str, str]
"""A drug and a time of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """One step, added up.

    Attributes:
        step: the step as stated.
        crossing: the declared change of drug that it belongs to, or None.
        mean: mean daily dose of each drug (ng).
        peak: the highest single dose of each drug at each time (ng).
        usual: its mean over the cycle (ng).
        total: mean daily total (ng, counted by `weights`).
        highest: the total of its highest day (ng, counted by `weights`).
    """

    step: Stretch
    crossing: Crossing | None
    mean: dict[str, Amount]
    peak: dict[Place, int]
    usual: dict[Place, Amount]
    total: Amount
    highest: Amount


def sums_of(paper: Paper) -> tuple[Sums, ...]:
    """Every step of a plan, added up."""
    counted = weights(paper)
    return tuple(_sums(place, step, paper.crossings, counted) for place, step in enumerate(paper.steps))


def weights(paper: Paper) -> dict[str, Amount]:
    """What 1 ng of each drug counts in the totals: ng of the plan's last drug; of diazepam, where several are kept."""
    counted: dict[str, Amount] = {paper.totals_in: 1}
    if len(paper.drugs_kept) > 1:
        counted = {
            f.drug: {"": f.high, "low": f.low, "midpoint": (f.low + f.high) / 2, "high": f.high}[paper.pick]
            for f in paper.factors
        }
    for cross in reversed(paper.crossings):
        counted[cross.drug] = cross.factor * counted.get(cross.to, 1)
    return counted


def _sums(place: int, step: Stretch, crossings: tuple[Crossing, ...], counted: dict[str, Amount]) -> Sums:
    peak: dict[Place, int] = {}
    whole: dict[Place, int] = {}
    days: list[Amount] = []
    for day in step.cycle:
        total: Amount = 0
        for given in day:
            at = (given.drug, given.time)
            peak[at] = max(peak.get(at, given.ng), given.ng)
            whole[at] = whole.get(at, 0) + given.ng
            total += given.ng * counted.get(given.drug, 1)
        days.append(total)
    by_drug: dict[str, int] = {}
    for (drug, _), ng in whole.items():
        by_drug[drug] = by_drug.get(drug, 0) + ng
    length = len(days)
    return Sums(
        step=step,
        crossing=next((c for c in crossings if c.first <= place <= c.last), None),
        mean={drug: _share(ng, length) for drug, ng in by_drug.items()},
        peak=peak,
        usual={at: _share(ng, length) for at, ng in whole.items()},
        total=_share(sum(days), length),
        highest=max(days),
    )


def _share(amount: Amount, days: int) -> Amount:
    return amount if days == 1 else Fraction(amount) / days
