"""The figures of a plan that the table and the page show, worked out once for both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from benzotaper.exports.words import join_words, mg_figure, numbers_text, percent_text, weekday
from benzotaper.falls import WINDOW_DAYS, DrugRow, drug_rows, starts, totals, worst_falls
from benzotaper.intervals import DAYS_PER_WEEK
from benzotaper.product import Product
from benzotaper.steps import Administration, Day, Finding, PlanRecord, Severity, Step
from benzotaper.usage import plan_use

SEVERITY_WORDS: dict[Severity, str] = {
    "red": "Red: needs a prescriber's recorded reason",
    "warning": "Warning: needs a prescriber's confirmation",
    "notice": "Notice: please look at this",
}
CAUSE_WORDS = {"chosen": "this pace was chosen", "products": "only the products make it so", "": ""}
ORIGIN_WORDS = {
    "house": "project default, confirm",
    "mixed": "partly the project's, confirm",
}
PROPOSAL = "This is a proposal. A named prescriber decides."


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFigures:
    """One step with what is shown of it.

    Attributes:
        step: the step.
        rows: a row per drug.
        total_ng: the mean daily total (ng of `falls.unit_drug`).
        fall_ng: its fall since the step before (ng).
        worst_ng: its largest fall within 14 days (ng).
    """

    step: Step
    rows: tuple[DrugRow, ...]
    total_ng: Fraction
    fall_ng: Fraction
    worst_ng: Fraction


def step_figures(record: PlanRecord) -> tuple[StepFigures, ...]:
    """What is shown of each step.

    Args:
        record: the plan.
    """
    sums = totals(record)
    worst = worst_falls(starts(record), sums)
    of_step: dict[int, list[DrugRow]] = {}
    for row in drug_rows(record):
        of_step.setdefault(row.step.number, []).append(row)
    return tuple(
        StepFigures(
            step=step,
            rows=tuple(of_step.get(step.number, ())),
            total_ng=total,
            fall_ng=before - total,
            worst_ng=fall,
        )
        for step, total, before, fall in zip(record.steps, sums, [sums[0], *sums], worst, strict=False)
    )


def day_kinds(step: Step) -> list[tuple[str, Day]]:
    """The different days of a step, each with the words that say which days they are; '' where all are the same."""
    places: dict[Day, list[int]] = {}
    for number, day in enumerate(step.cycle):
        places.setdefault(day, []).append(number)
    if len(places) == 1:
        return [("", step.cycle[0])]
    return [(_which_days(step, numbers), day) for day, numbers in places.items()]


def _which_days(step: Step, numbers: Sequence[int]) -> str:
    length = len(step.cycle)
    if length == DAYS_PER_WEEK and step.start is not None:
        names = [weekday(step.start + timedelta(days=number)) for number in numbers]
        return f"{join_words(names)} ({len(names)} of {length} days)"
    several = "s" if len(numbers) > 1 else ""
    return f"day{several} {numbers_text([number + 1 for number in numbers])} of each {length} days"


def of_drug(day: Day, drug: str) -> list[Administration]:
    """The administrations of one drug."""
    return [administration for administration in day if administration.drug == drug]


def day_range_ng(step: Step, drug: str) -> tuple[int, int]:
    """The lowest and the highest daily total of a drug in a step (ng)."""
    days = [sum(a.dose.ng for a in day if a.drug == drug) for day in step.cycle]
    return min(days), max(days)


def product_totals(record: PlanRecord) -> dict[Product, Fraction]:
    """Whole units (tablets, mL) of each product over all days that have an end; an open last step is not counted.

    Args:
        record: the plan.

    Returns:
        The units of each product taken on such a day, by drug, larger strengths first.
    """
    return {product: use.taken for product, use in plan_use(record).items()}


def largest_percent(record: PlanRecord) -> DrugRow | None:
    """The largest fall in % of current: of a drug that stays or falls, the fall to nothing left out; None for none."""
    falls = [row for row in drug_rows(record) if row.percent_of_current and row.mean_ng and not _crossing(record, row)]
    return max(falls, key=lambda row: (row.percent_of_current or 0, -row.step.number), default=None)


def _crossing(record: PlanRecord, row: DrugRow) -> bool:
    """Whether a drug falls because another replaces it."""
    return any(c.drug == row.drug and c.first_step <= row.step.number <= c.last_step for c in record.crossovers)


def fall_texts(row: DrugRow) -> tuple[str, str, str]:
    """The fall in mg, in % of current, and in % of start; of a drug that enters, how much comes in."""
    if row.step.number == 0:
        return "–", "–", "–"
    if row.percent_of_current is None or row.percent_of_start is None:
        return f"enters: +{mg_figure(-row.fall_ng)}", "–", "–"
    return mg_figure(row.fall_ng), percent_text(row.percent_of_current), percent_text(row.percent_of_start)


def grouped_findings(record: PlanRecord) -> Iterator[tuple[str, Severity, list[Finding]]]:
    """The findings by severity, red first; severities without any are left out."""
    for severity, words in SEVERITY_WORDS.items():
        found = [finding for finding in record.findings if finding.severity == severity]
        if found:
            yield words, severity, found


def window_words() -> str:
    """The window of the largest fall: '14 days'."""
    return f"{WINDOW_DAYS} days"
