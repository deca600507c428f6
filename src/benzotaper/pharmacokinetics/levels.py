"""Levels over a plan: how the average level of each drug follows the doses, day by day."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from benzotaper.errors import PlanError
from benzotaper.exports.markup import Markup, element
from benzotaper.exports.plain_tables import html_table, plain_table
from benzotaper.exports.rows import Kind, Row
from benzotaper.exports.words import date_words, mg_figure, percent_text
from benzotaper.intervals import read_days
from benzotaper.numbers import number_text
from benzotaper.pharmacokinetics.facts import USUAL
from benzotaper.pharmacokinetics.species import LIMITS, Acting, ByDrug, acting, chosen_for
from benzotaper.plan import Plan
from benzotaper.steps import PlanRecord, Step
from benzotaper.unknown import Unknown

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Mapping[str, Kind] = {
    "date": "date",
    "step": "number",
    "drug": "text",
    "dose_mg": "exact",
    "parent_percent": "exact",
    "metabolite_percent": "exact",
    "total_percent": "exact",
    "quality": "text",
}
"""The columns, in order, and what each holds."""
_HEADS = ("step", "from", "drug", "dose", "first day", "last day", "metabolite, last day", "in all, last day")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLevel:
    """The level of one drug on one day, in % of the steady state of its starting dose.

    Attributes:
        day: the day.
        step: the step that it is in.
        dose_ng: what is taken on it (ng).
        parent: of the drug, or of what the body makes of it at once (%).
        metabolite: of the active metabolite (%).
        total: of both, by their potency (%).
    """

    day: date
    step: int
    dose_ng: int
    parent: float
    metabolite: float | Unknown
    total: float | Unknown


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DrugLevels:
    """The levels of one drug over a plan.

    Attributes:
        acting: which half-lives, ratio and potency were used.
        full_ng: the daily dose whose steady state is 100 %: the first one; of a drug that enters, its highest (ng).
        days: a level for each day.
    """

    acting: Acting
    full_ng: Fraction
    days: tuple[DayLevel, ...]

    @property
    def drug(self) -> str:
        """The drug."""
        return self.acting.drug

    def on(self, day: date) -> DayLevel:
        """The level on a day.

        Raises:
            PlanError: a day that is not covered.
        """
        found = next((level for level in self.days if level.day == day), None)
        if found is None:
            message = f"{day} is not covered: levels are from {self.days[0].day} to {self.days[-1].day}; see after="
            raise PlanError(message, value=day)
        return found


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Levels:
    """The levels of every drug of a plan, all of them relative: never an absolute level, never a peak.

    Attributes:
        drugs: one for each drug, in order of appearance.
    """

    drugs: tuple[DrugLevels, ...]

    def __iter__(self) -> Iterator[DrugLevels]:
        return iter(self.drugs)

    def __getitem__(self, drug: str) -> DrugLevels:
        """The levels of a drug, by its own name.

        Raises:
            KeyError: it is not in the plan.
        """
        return {each.drug: each for each in self.drugs}[drug]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know before believing them."""
        return tuple(warning for each in self.drugs for warning in each.acting.warnings)

    @property
    def notes(self) -> tuple[str, ...]:
        """Which half-lives were used, and the limits."""
        return (*(str(each.acting) for each in self.drugs), LIMITS)

    def rows(self) -> Iterator[Row]:
        """A row for each drug and day."""
        for each in self.drugs:
            for level in each.days:
                yield {
                    "date": level.day,
                    "step": level.step,
                    "drug": each.drug,
                    "dose_mg": Fraction(level.dose_ng, 10**6),
                    "parent_percent": Fraction(level.parent),  # the same number as the float
                    "metabolite_percent": _known(level.metabolite),
                    "total_percent": _known(level.total),
                    "quality": each.acting.quality,
                }

    def to_frame(self) -> "pd.DataFrame":
        """A row for each drug and day: ``date, step, drug, dose_mg, parent_percent, ...``; what is unknown is NA."""
        from benzotaper.exports.frames import frame_of  # noqa: PLC0415  pandas loads at the first frame

        return frame_of(self.rows(), COLUMNS)

    def to_dict(self) -> dict[str, Any]:
        """Plain values; doses as exact text, levels as numbers, what is unknown as null; why is in `drugs`."""
        return {
            "drugs": [{**each.acting.to_dict(), "full_mg": number_text(each.full_ng / 10**6)} for each in self.drugs],
            "levels": [{name: _plain(name, cell) for name, cell in row.items()} for row in self.rows()],
            "warnings": list(self.warnings),
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """`to_dict` as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n"

    def __str__(self) -> str:
        table = plain_table(_HEADS, self._lines(), right=("step", *_HEADS[3:]))
        return "\n".join([table, *(f"Warning: {each}" for each in self.warnings), *self.notes])

    def __repr__(self) -> str:
        said = ", ".join(f"{each.drug} ({each.acting.quality})" for each in self.drugs)
        return f"<Levels of {said}, {len(self.drugs[0].days)} days>"

    def _repr_html_(self) -> Markup:
        title = "Average level, % of the steady state of the starting dose"
        warned = [element("p", element("strong", f"Warning: {each}")) for each in self.warnings]
        return element(
            "div", warned, html_table(title, _HEADS, self._lines()), [element("p", note) for note in self.notes]
        )

    def _lines(self) -> Iterator[list[str]]:
        for each in self.drugs:
            for number in dict.fromkeys(level.step for level in each.days):
                days = [level for level in each.days if level.step == number]
                first, last = days[0], days[-1]
                dose = mg_figure(Fraction(sum(level.dose_ng for level in days), len(days)))
                yield [
                    str(number),
                    date_words(first.day),
                    each.drug,
                    f"{dose} mg",
                    *(_words(value) for value in (first.parent, last.parent, last.metabolite, last.total)),
                ]


def _known(value: float | Unknown) -> Fraction | None:
    return None if isinstance(value, Unknown) else Fraction(value)


def _plain(name: str, cell: object) -> Any:
    if isinstance(cell, Fraction):
        return float(cell) if name.endswith("_percent") else number_text(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def _words(value: float | Unknown) -> str:
    return "unknown" if isinstance(value, Unknown) else percent_text(Fraction(value))


def levels(
    plan: Plan,
    *,
    half_life: ByDrug = USUAL,
    metabolite_half_life: ByDrug = USUAL,
    potency: ByDrug = "",
    after: str | timedelta = "",
) -> Levels:
    """Model how the average level follows the doses of a plan, in % of the steady state of the starting dose.

    Args:
        plan: the plan.
        half_life: which half-life of the data counts, "usual" (of adults), "low", "high" or "elderly"; or hours such as
            "60 h"; or one of these by drug.
        metabolite_half_life: the same of the active metabolite.
        potency: the metabolite's potency by that of its drug, such as "0.5", where the data have none; or by drug.
        after: how long the levels are followed into the open last step.

    Returns:
        The average level over the day that follows a dose, day by day from the plan's start on.

    Raises:
        KineticsError: a drug whose half-life is not known; a half-life or potency that cannot be read.
        PlanError: no plan, or one without any day.

    Limits: one compartment, first-order; absorption, peaks, tolerance and the person are left out. Half-lives differ
    several-fold between people. Of a drug that enters within the plan, 100 % is the steady state of its highest dose.
    Quality C is shown with a warning. A level is no effect.

    Sources: `pharmacokinetics.csv`; the sources of each drug are in `to_dict`.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("clonazepam 1 mg at night", Linear("0.5 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> level = levels(plan, after="2 weeks")["clonazepam"].days[1]
    >>> level.dose_ng, round(level.parent)
    (500000, 71)
    """
    if not isinstance(plan, Plan):
        raise PlanError(f"{plan!r} is no plan; give what taper() returned", value=plan)
    record, more = plan.record, 0 if after == "" else read_days(after, what="after")
    doses = list(_daily(record, more))
    if not doses:
        raise PlanError("this plan has no day to follow: give after=, such as '4 weeks'", value=after)
    chosen = chosen_for(record.drugs, half_life=half_life, metabolite_half_life=metabolite_half_life, potency=potency)
    return Levels(drugs=tuple(_of_drug(record, acting(drug, **chosen[drug]), doses) for drug in record.drugs))


def _daily(record: PlanRecord, more: int) -> Iterator[tuple[date, Step, int]]:
    """Each day with its step and its number within the step; the open last step for so many days."""
    for step in record.steps:
        if step.start is not None:
            for number in range(more if step.days is None else step.days):
                yield step.start + timedelta(days=number), step, number


def _of_drug(record: PlanRecord, act: Acting, days: list[tuple[date, Step, int]]) -> DrugLevels:
    first = record.steps[0].mean_ng(act.drug)
    full = first or max(step.mean_ng(act.drug) for step in record.steps)
    doses = [sum(a.dose.ng for a in step.day(number) if a.drug == act.drug) for _, step, number in days]
    found = act.along([dose / float(full) for dose in doses], begins=float(first / full))
    return DrugLevels(
        acting=act,
        full_ng=full,
        days=tuple(
            DayLevel(day=day, step=step.number, dose_ng=dose, parent=parent, metabolite=metabolite, total=total)
            for (day, step, _), dose, (parent, metabolite, total) in zip(days, doses, found, strict=True)
        ),
    )
