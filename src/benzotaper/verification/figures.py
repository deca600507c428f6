"""Whether the figures that the plan states are those of its doses: totals, falls, percents, diazepam equivalents."""

from collections.abc import Iterator
from fractions import Fraction

from benzotaper.verification.certificate import Check, checked, not_applicable
from benzotaper.verification.reading import DIAZEPAM, Crossing, Equal, Fall, Paper
from benzotaper.verification.sums import Amount, Sums
from benzotaper.verification.words import MG, mg_text, number_text

WINDOW_DAYS = 14
_OF_FALLS = ("mean_mg", "fall_mg", "percent_of_current", "percent_of_start")


def totals_are_the_sums_of_their_days(paper: Paper, sums: tuple[Sums, ...]) -> Check:
    """Each step's total is what its administrations add up to, over the days of its cycle."""
    faults = (
        f"step {s.step.number}: total_mg is {number_text(s.step.total_mg)}, but its days add up to {mg_text(s.total)}"
        for s in sums
        if s.step.total_mg * MG != s.total
    )
    return checked("totals", faults, held=f"{len(sums)} totals are the sums of their days, in mg of {paper.totals_in}")


def falls_are_as_stated(sums: tuple[Sums, ...]) -> Check:
    """Mean dose, fall, % of current and % of start of each drug in each step follow from the doses."""
    rows = list(expected_rows(sums))
    faults = (fault for s, expected in rows for fault in _different(s.step.number, s.step.falls, expected))
    worst = max((row.percent_of_current or Fraction(0) for _, e in rows[:-1] for row in e), default=Fraction(0))
    count = sum(len(expected) for _, expected in rows)
    held = f"{count} rows; before the last step the largest fall is {_percent(worst)} % of current"
    return checked("falls", faults, held=held)


def _percent(value: Fraction) -> str:
    return number_text(Fraction(round(value * 10), 10))


def expected_rows(sums: tuple[Sums, ...]) -> Iterator[tuple[Sums, tuple[Fall, ...]]]:
    """Each step and its rows: each drug from its first dose to its first 0; diazepam figures are left out."""
    order = list(dict.fromkeys(drug for step in sums for drug in step.mean))
    start = {drug: max(step.mean[drug] for step in sums if drug in step.mean) for drug in order}
    before: dict[str, Amount] = sums[0].mean
    for step in sums:
        rows = (
            _row(drug, step.mean.get(drug, 0), before.get(drug, 0), start[drug])
            for drug in order
            if drug in step.mean or drug in before
        )
        yield step, tuple(rows)
        before = step.mean


def _row(drug: str, dose: Amount, was: Amount, start: Amount) -> Fall:
    fall = Fraction(was - dose)
    falls = fall >= 0
    return Fall(
        drug=drug,
        mean_mg=Fraction(dose) / MG,
        fall_mg=fall / MG,
        percent_of_current=fall * 100 / was if falls else None,
        percent_of_start=fall * 100 / start if falls else None,
        diazepam_low_mg=None,
        diazepam_high_mg=None,
    )


def _different(step: int, stated: tuple[Fall, ...], expected: tuple[Fall, ...]) -> Iterator[str]:
    if [row.drug for row in stated] != [row.drug for row in expected]:
        yield f"step {step}: its falls are of {_drugs(stated)}, but by the doses of {_drugs(expected)}"
        return
    for place, due in enumerate(expected):
        for name in _OF_FALLS:
            said = getattr(stated[place], name)
            if said != getattr(due, name):
                told = f"is {number_text(said)}, but by the doses {number_text(getattr(due, name))}"
                yield f"step {step}, {due.drug}: {name} {told}"


def _drugs(rows: tuple[Fall, ...]) -> str:
    return ", ".join(row.drug for row in rows) or "nothing"


def falls_in_14_days_are_as_stated(sums: tuple[Sums, ...]) -> Check:
    """The largest fall of each step from a total that was still taken at most 14 days before its first day."""
    due = list(worst_falls(sums))
    faults = (
        f"step {s.step.number}: the largest fall in {WINDOW_DAYS} days is said to be "
        f"{number_text(s.step.worst_mg)} mg, but by the doses {mg_text(fall)} mg"
        for s, fall in due
        if s.step.worst_mg * MG != fall
    )
    held = f"{len(sums)} figures; the largest fall in {WINDOW_DAYS} days is {mg_text(max(fall for _, fall in due))} mg"
    return checked("falls in 14 days", faults, held=held)


def worst_falls(sums: tuple[Sums, ...]) -> Iterator[tuple[Sums, Amount]]:
    """Each step and the largest fall within 14 days to each step (ng), by going back through the days before it."""
    for place, step in enumerate(sums):
        worst: Amount = 0
        since = 1  # days from the last day of the step before to the first of this one
        for earlier in reversed(sums[:place]):
            if since > WINDOW_DAYS:
                break
            worst = max(worst, earlier.total - step.total)
            since += earlier.step.days or 0
        yield step, worst


def diazepam_figures_are_by_one_factor(paper: Paper, sums: tuple[Sums, ...]) -> Check:
    """Equivalents follow from the stated factors; diazepam is itself; a cross-over counts by the plan's own table."""
    name = "diazepam equivalents"
    faults = [*_wrong_factors(paper, sums), *_other_equivalents(paper, sums)]
    if not paper.factors and not faults:
        return not_applicable(name, "no table has the drug; the plan states none")
    held = "; ".join(f"1 mg of {f.drug} is {_range(f)} mg" for f in paper.factors)
    return checked(name, faults, held=f"{held}, in every figure")


def _range(factor: Equal) -> str:
    ends = dict.fromkeys((number_text(factor.low), number_text(factor.high)))
    return " to ".join(ends)


def _wrong_factors(paper: Paper, sums: tuple[Sums, ...]) -> Iterator[str]:
    taken = {drug for step in sums for drug in step.mean}
    named = [factor.drug for factor in paper.factors]
    for factor in paper.factors:
        if factor.drug not in taken or named.count(factor.drug) > 1:
            yield f"the factor of {factor.drug} is that of no drug of the plan, or there twice"
        if not 0 < factor.low <= factor.high:
            yield f"{factor.drug}: {_range(factor)} mg is no range above 0"
        if factor.drug == DIAZEPAM and not factor.low == factor.high == 1:
            yield f"1 mg of diazepam is said to be {_range(factor)} mg of it"
    if DIAZEPAM in taken and DIAZEPAM not in named:
        yield "diazepam is taken, but its own factor, 1, is left out"
    by_drug = {factor.drug: factor for factor in paper.factors}
    for cross in paper.crossings:
        yield from _other_pick(cross, by_drug.get(cross.drug), by_drug.get(cross.to), paper.table)


def _other_pick(cross: Crossing, leaves: Equal | None, enters: Equal | None, table: str) -> Iterator[str]:
    """A change of drug counts by the plan's table: by that end of its range, or by the middle, that was picked."""
    what = f"{cross.drug} to {cross.to}"
    if cross.table != table:
        yield f"{what} counts by {cross.table or 'no table'}, but the plan's table is {table or 'none'}"
    if leaves is None or enters is None or not enters.low or not enters.high:
        yield f"{what}: the plan does not state what both are in diazepam"
        return
    low, high = leaves.low / enters.high, leaves.high / enters.low
    if cross.pick == "" and low != high:
        yield f"{what}: {number_text(low)} to {number_text(high)} mg is a range, but nothing says which was picked"
    due = {"": low, "low": low, "high": high, "midpoint": (low + high) / 2}[cross.pick]
    if cross.factor != due:
        yield f"{what}: 1 mg counts as {number_text(cross.factor)} mg, but by the plan's factors as {number_text(due)}"


def _other_equivalents(paper: Paper, sums: tuple[Sums, ...]) -> Iterator[str]:
    factors = {factor.drug: factor for factor in paper.factors}
    for s in sums:
        for row in s.step.falls:
            for name, factor in _ends(factors.get(row.drug)):
                said, due = getattr(row, name), None if factor is None else row.mean_mg * factor
                if said != due:
                    told = f"{number_text(said)}, but by its factor {number_text(due)}"
                    yield f"step {s.step.number}, {row.drug}: {name} is {told}"


def _ends(factor: Equal | None) -> tuple[tuple[str, Fraction | None], ...]:
    """The figures in diazepam mg, and the end of the factor that each follows from."""
    low, high = (None, None) if factor is None else (factor.low, factor.high)
    return (("diazepam_low_mg", low), ("diazepam_high_mg", high))
