"""How fast a plan really falls: the figures that every output prints and the pace rules judge.

The total of a step is in ng of the plan's last drug: where a cross-over replaces a drug, its dose counts as what
replaces it, by the plan's own table. Several drugs beside each other count as diazepam, by that table. A cycle of
days counts as its mean.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from benzotaper.equivalence_rows import DIAZEPAM
from benzotaper.steps import TOGETHER, PlanRecord, Step

WINDOW_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugRow:
    """One drug in one step, with its fall; percents are None where the drug is entering.

    Attributes:
        step: the step.
        drug: the drug.
        mean_ng: mean daily dose (ng).
        fall_ng: fall since the step before (ng); negative while the drug enters.
        percent_of_current: fall in % of the dose before.
        percent_of_start: fall in % of the drug's highest dose in the plan.
        diazepam_mg: the dose in diazepam mg, lowest and highest; None where no table has the drug.
    """

    step: Step
    drug: str
    mean_ng: Fraction
    fall_ng: Fraction
    percent_of_current: Fraction | None
    percent_of_start: Fraction | None
    diazepam_mg: tuple[Fraction, Fraction] | None


def drug_rows(record: PlanRecord) -> Iterator[DrugRow]:
    """A row per step and drug: from a drug's first dose to its first 0, or to the end."""
    drugs, factors = record.drugs, {factor.drug: factor for factor in record.factors}
    before: dict[str, Fraction] = {}
    highest = {drug: max(step.mean_ng(drug) for step in record.steps) for drug in drugs}
    for step in record.steps:
        for drug in drugs:
            dose = step.mean_ng(drug)
            last = before.get(drug, Fraction(0))
            if not dose and not last:
                continue
            fall = Fraction(0) if step.number == 0 else last - dose
            falls = fall >= 0
            factor = factors.get(drug)
            yield DrugRow(
                step=step,
                drug=drug,
                mean_ng=dose,
                fall_ng=fall,
                percent_of_current=fall * 100 / (last or dose) if falls else None,
                percent_of_start=fall * 100 / highest[drug] if falls else None,
                diazepam_mg=None if factor is None else (dose * factor.low / 10**6, dose * factor.high / 10**6),
            )
            before[drug] = dose


def unit_drug(record: PlanRecord) -> str:
    """The drug in whose mg the total counts: the last one, or diazepam where several are taken beside each other."""
    kept = kept_drugs(record)
    return kept[0] if len(kept) == 1 else DIAZEPAM


def kept_drugs(record: PlanRecord) -> list[str]:
    """The drugs that no cross-over replaces."""
    replaced = {cross.drug for cross in record.crossovers}
    return [drug for drug in record.drugs if drug not in replaced]


def weights(record: PlanRecord) -> dict[str, Fraction]:
    """What one ng of each drug counts in the total, in ng of `unit_drug`."""
    kept = kept_drugs(record)
    picked = {factor.drug: factor.picked(record.request.pick) for factor in record.factors if len(kept) > 1}
    counted = {drug: picked.get(drug, Fraction(1)) for drug in kept}
    for cross in reversed(record.crossovers):
        counted[cross.drug] = cross.factor * counted[cross.to]
    return counted


def totals(record: PlanRecord) -> list[Fraction]:
    """The mean daily total of each step (ng of `unit_drug`)."""
    counted = weights(record)
    return [sum((step.mean_ng(drug) * counted[drug] for drug in step.drugs), Fraction(0)) for step in record.steps]


def finest_falls(record: PlanRecord) -> list[Fraction]:
    """The smallest fall of the total that the products could make from each step on (ng of `unit_drug`).

    A step states it in its own drug, or, of several beside each other, in diazepam.
    """
    counted = weights(record) if len(kept_drugs(record)) == 1 else {}
    return [step.finest_fall.ng * counted.get(_falling(record, step), Fraction(1)) for step in record.steps]


def _falling(record: PlanRecord, step: Step) -> str:
    """The drug of a step that falls, or that enters while another leaves."""
    waiting = [cross.drug for cross in record.crossovers if step.number < cross.first_step]
    return waiting[0] if waiting else kept_drugs(record)[-1]


def ideal_totals(record: PlanRecord) -> list[Fraction]:
    """The total of the ideal course at each of its doses (ng of `unit_drug`)."""
    counted = weights(record)
    if len(kept_drugs(record)) == 1 or together(record):  # each dose is the whole
        return [point.mean.ng * counted.get(point.drug, Fraction(1)) for point in record.ideal]
    now = {drug: record.steps[0].mean_ng(drug) for drug in record.drugs}
    found = []
    for point in record.ideal:
        now[point.drug] = Fraction(point.mean.ng)
        found.append(sum((ng * counted[drug] for drug, ng in now.items()), Fraction(0)))
    return found


def together(record: PlanRecord) -> bool:
    """Whether several drugs fall on one curve, which then is in diazepam."""
    return any(text.startswith(f"{TOGETHER}: ") for text in record.request.strategies)


def starts(record: PlanRecord) -> list[date]:
    """The day from which each step's total holds; of the current regimen the day before the course begins."""
    before = record.request.start - timedelta(days=1)
    return [before if step.number == 0 or step.start is None else step.start for step in record.steps]


def worst_falls(days: Sequence[date], doses: Sequence[Fraction], *, window: int = WINDOW_DAYS) -> list[Fraction]:
    """For each step, the largest fall from a total that was still taken at most `window` days before its first day.

    Args:
        days: the first day of each step.
        doses: its total, in any unit.
        window: how far apart the two days may be (days).

    >>> day = date(2026, 12, 1)
    >>> days = [day, day + timedelta(days=7), day + timedelta(days=14)]
    >>> [int(fall) for fall in worst_falls(days, [Fraction(20), Fraction(18), Fraction(15)])]
    [0, 2, 5]
    """
    worst = []
    for number, (day, dose) in enumerate(zip(days, doses, strict=True)):
        # a step's total was taken up to the day before the next one begins
        fall = Fraction(0)
        for earlier in range(number - 1, -1, -1):
            if (day - days[earlier + 1]).days + 1 > window:
                break
            fall = max(fall, doses[earlier] - dose)
        worst.append(fall)
    return worst
