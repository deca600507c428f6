"""What differs between two courses: on which days, and what is taken before and after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from benzotaper.course_steps import doses_of
from benzotaper.doses import NG_PER_MG
from benzotaper.exports.words import date_words, mg_figure
from benzotaper.steps import PlanRecord, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseChange:
    """Days on which something else is taken.

    Attributes:
        start: the first of them.
        end: the last of them; None where there is no end.
        before: mg a day of each drug as it was planned, in a cycle of days the mean; without those that are not taken.
        after: the same as it is planned now.
    """

    start: date
    end: date | None
    before: Mapping[str, Fraction]
    after: Mapping[str, Fraction]

    @property
    def days(self) -> int | None:
        """How many days; None where there is no end."""
        return None if self.end is None else (self.end - self.start).days + 1

    def __str__(self) -> str:
        days = date_words(self.start) + (f" to {date_words(self.end)}" if self.end else " on")
        return f"{days}: {_words(self.after)} instead of {_words(self.before)}"


def _words(doses: Mapping[str, Fraction]) -> str:
    return " and ".join(f"{drug} {mg_figure(mg * NG_PER_MG)} mg" for drug, mg in doses.items()) or "nothing"


def differences(before: PlanRecord, after: PlanRecord) -> tuple[DoseChange, ...]:
    """The days on which two courses differ, joined where the difference is the same.

    >>> from benzotaper import Linear, taper
    >>> plans = [taper("diazepam 2 mg at night", Linear("1 mg", every=every), start="2026-12-01",
    ...                products="UK", splitting="halves") for every in ("1 week", "2 weeks")]
    >>> print(*differences(plans[0].record, plans[1].record))
    Tue 8 Dec 2026 to Mon 14 Dec 2026: diazepam 1 mg instead of nothing
    """
    found: list[DoseChange] = []
    for change in _stretches(before, after):
        last = found[-1] if found else None
        adjoins = last is not None and last.end is not None and last.end + timedelta(days=1) == change.start
        if last and adjoins and (last.before, last.after) == (change.before, change.after):
            found[-1] = replace(last, end=change.end)
        else:
            found.append(change)
    return tuple(found)


def _stretches(before: PlanRecord, after: PlanRecord) -> Iterator[DoseChange]:
    """Every stretch of days between two changes of dose in either of them, where they differ."""
    starts = sorted({step.start for record in (before, after) for step in record.steps if step.start is not None})
    for number, start in enumerate(starts):
        one, other = _step_on(before, start), _step_on(after, start)
        if doses_of(one) != doses_of(other):
            end = starts[number + 1] - timedelta(days=1) if number + 1 < len(starts) else None
            yield DoseChange(start=start, end=end, before=_means(one), after=_means(other))


def _step_on(record: PlanRecord, day: date) -> Step:
    return next((s for s in reversed(record.steps) if s.start is not None and s.start <= day), record.steps[0])


def _means(step: Step) -> dict[str, Fraction]:
    return {drug: step.mean_ng(drug) / NG_PER_MG for drug in step.drugs}
