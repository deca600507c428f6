"""Whether the course only falls: no dose, no mean, no day and, through a change of drug, no total ever rises."""

from collections.abc import Iterator
from itertools import pairwise

from benzotaper.verification.certificate import Check, checked
from benzotaper.verification.reading import DIAZEPAM, Paper
from benzotaper.verification.sums import Amount, Sums
from benzotaper.verification.words import mg_text, number_text


def no_dose_rises(sums: tuple[Sums, ...]) -> Check:
    """No dose of a drug at a time of the day rises or comes back, but of a drug that is crossing in."""
    places = {place for step in sums for place in step.peak}
    held = f"{len(places)} doses of the day, each at or below the step before, none comes back"
    return checked("no dose rises", _rising_doses(sums), held=held)


def _rising_doses(sums: tuple[Sums, ...]) -> Iterator[str]:
    for before, now in pairwise(sums):
        for place, ng in now.peak.items():
            if now.crossing and now.crossing.to == place[0]:
                continue
            was = before.peak.get(place, 0)
            what = f"step {now.step.number}: {place[0]} at {place[1]}"
            if ng > was:
                yield f"{what} {f'rises from {mg_text(was)}' if was else 'comes back, from 0'} to {mg_text(ng)} mg"
            elif now.usual[place] > before.usual[place]:
                rise = f"rises from {mg_text(before.usual[place])} to {mg_text(now.usual[place])} mg"
                yield f"{what} {rise} in the mean of its cycle"


def no_mean_total_rises(sums: tuple[Sums, ...], drug: str) -> Check:
    """No step's mean daily total exceeds that of the step before; in a cross-over, that before its first portion."""
    totals = [step.total for step in sums]
    held = (
        f"the mean daily total falls from {mg_text(totals[0])} to {mg_text(totals[-1])} mg of {drug}, and never rises"
    )
    return checked("no total rises", _rises(sums, totals, "mean daily total"), held=held)


def no_highest_day_rises(sums: tuple[Sums, ...], drug: str) -> Check:
    """No step's highest day exceeds that of the step before; in a cross-over, that before its first portion."""
    days = [step.highest for step in sums]
    cycles = sum(len(step.step.cycle) > 1 for step in sums)
    held = f"the highest day never rises above {mg_text(days[0])} mg of {drug}; {cycles} steps are cycles of days"
    return checked("no day rises", _rises(sums, days, "highest day"), held=held)


def _rises(sums: tuple[Sums, ...], amounts: list[Amount], what: str) -> Iterator[str]:
    for place in range(1, len(sums)):
        cross = sums[place].crossing
        limit = amounts[cross.first - 1 if cross else place - 1]
        if amounts[place] > limit:
            against = "before the change of drug" if cross else "of the step before"
            yield f"step {place}: {what} {mg_text(amounts[place])} mg is above the {mg_text(limit)} mg {against}"


def drugs_change_as_declared(paper: Paper, sums: tuple[Sums, ...]) -> Check:
    """One drug at a time, but in a declared change of drug, by which the one that leaves is gone at the end."""
    told = [
        f"{c.drug} to {c.to} in steps {c.first} to {c.last}, 1 mg for {number_text(c.factor)} mg, by {c.table}"
        for c in paper.crossings
    ]
    faults = [*_wrong_chain(paper), *_undeclared(paper, sums)]
    return checked("change of drug", faults, held="; ".join(told) or f"{' and '.join(paper.drugs_now)} only")


def _wrong_chain(paper: Paper) -> Iterator[str]:
    taken, after = {*paper.drugs_now}, 0
    for cross in paper.crossings:
        if cross.drug not in taken or cross.to in taken:
            yield f"{cross.drug} is said to become {cross.to}, but {' and '.join(sorted(taken))} is taken then"
        if not after < cross.first <= cross.last < len(paper.steps):
            yield f"{cross.drug} to {cross.to}: steps {cross.first} to {cross.last} are not steps of their own"
        if cross.factor <= 0:
            yield f"{cross.drug} to {cross.to}: the factor is not above 0"
        taken, after = taken - {cross.drug} | {cross.to}, cross.last
    due = DIAZEPAM if len(taken) > 1 else min(taken)
    if due != paper.totals_in:
        yield f"totals are counted in {paper.totals_in}, but by the drugs that are kept in {due}"


def _undeclared(paper: Paper, sums: tuple[Sums, ...]) -> Iterator[str]:
    taken = {*paper.drugs_now}
    for place, step in enumerate(sums):
        cross, allowed = step.crossing, taken
        if cross:
            allowed = taken | {cross.to}
            taken = allowed - {cross.drug}
            allowed = taken if place == cross.last else allowed | {cross.drug}
            if not _falls(cross.drug, sums[place - 1], step) or cross.to not in step.mean:
                what = f"{cross.drug} leaves, or no {cross.to} enters"
                yield f"step {place}: it is said to be part of a change of drug, but no {what}"
        elif place and sum(_falls(drug, sums[place - 1], step) for drug in sums[place - 1].mean) > 1:
            yield f"step {place}: two drugs fall at once"
        for other in sorted(step.mean.keys() - allowed):
            yield f"step {place}: {other} is taken, but no change of drug says why"


def _falls(drug: str, before: Sums, now: Sums) -> bool:
    """Whether less of a drug is taken than in the step before, or none any more."""
    return drug in before.mean and (drug not in now.mean or now.mean[drug] < before.mean[drug])
