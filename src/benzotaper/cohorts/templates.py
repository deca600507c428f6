"""Plans each distinct person once, by what plans one person, and keeps the rows.

People share what they take and how they taper: a million of them are some thousand distinct plans. What is kept of a
plan is six whole numbers a row, so that a cohort can be put together from it without a loop over people.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, NamedTuple

from benzotaper.drugs import drug_names
from benzotaper.errors import BenzotaperError
from benzotaper.planning.choices import Choices, read_strategy
from benzotaper.planning.draft import Doses
from benzotaper.planning.maker import Outline
from benzotaper.regimen import Taken, regimen_of
from benzotaper.schedules import Phases

OPEN = -1
"""Stands for the days of the last step, which has no end."""
FIELDS = ("step", "day", "days", "drug", "sum", "over")
"""The numbers of a row: step, first day, days or `OPEN`, place in `drug_names()`, and the ng of `over` days in all."""
MOST_KEPT = 50_000


class Falling(NamedTuple):
    """A regimen of one drug whose totals fall along one chain.

    Attributes:
        drug: the drug's place in `drug_names()`.
        totals: the makeable totals (ng), from the present one down.
    """

    drug: int
    totals: tuple[int, ...]


@dataclass(slots=True)
class Planner:
    """Plans the people of one call, and of later calls that make the same choices.

    Attributes:
        choices: what is asked beside regimen and strategy.
        known: the plans that were made: rows of `FIELDS` as int64 bytes, or why there is none.
        fallings: the chains that were made; None where there is none.
    """

    choices: Choices
    known: dict[tuple[Taken, object], bytes | str] = field(default_factory=dict)
    fallings: dict[Taken, Falling | None] = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        """Whether nothing was chosen that bears on more than the chain."""
        chosen = self.choices
        return chosen.fit in ("up", "nearest") and not (
            chosen.lead_in_days or chosen.target.ng or chosen.last_dose.ng or chosen.table
        )

    def falling(self, taken: Taken, phases: Any) -> Falling | None:
        """The chain for a strategy that `steady.plan_steadily` plans; None where there is none, or no plan at all."""
        with suppress(KeyError):  # threads may share a planner: asked and answered at once
            return self.fallings[taken]
        if len(self.fallings) >= MOST_KEPT:
            self.fallings.clear()
        found = self.fallings[taken] = self._falling(taken, phases)
        return found

    def _falling(self, taken: Taken, phases: Any) -> Falling | None:
        try:
            regimen = regimen_of(taken)
            if len(regimen.drugs) > 1:
                return None
            totals = self.choices.maker(regimen, {regimen.drug: phases}).falling()
        except BenzotaperError:
            return None  # the scalar planner says why
        return Falling(_places()[regimen.drug], totals) if totals else None

    def plan(self, taken: Taken, phases: Any, *, name: object) -> bytes | str:
        """The rows of a plan.

        Args:
            taken: what is taken now.
            phases: the strategy, as `taper` takes it.
            name: what tells these phases from others.
        """
        found = self.known.get((taken, name))
        if found is None:
            if len(self.known) >= MOST_KEPT:
                self.known.clear()  # a cohort in which nobody is like another would fill the memory
            found = self.known[taken, name] = self._planned(taken, phases)
        return found

    def _planned(self, taken: Taken, phases: Phases | Mapping[str, Any]) -> bytes | str:
        try:
            regimen = regimen_of(taken)
            outline = self.choices.maker(regimen, read_strategy(phases, regimen)).outline()
        except BenzotaperError as error:
            return str(error)
        return array("q", rows_of(outline)).tobytes()


@lru_cache(maxsize=8)
def planner_for(choices: Choices) -> Planner:
    """The planner of these choices, which remembers what it has planned: partitions of one cohort share it."""
    return Planner(choices)


def rows_of(outline: Outline) -> Iterator[int]:
    """The numbers of `FIELDS`, row after row: one a step and drug, from a drug's first dose to its first 0."""
    stages, present = outline.draft.stages, outline.present
    first = int(stages[0].cycle != (present,))  # else step 0 is the current regimen, kept for a while
    drugs = dict.fromkeys(drug for day in ((present,), *(stage.cycle for stage in stages)) for drug in _drugs(day))
    before = {drug: _sum((present,), drug) for drug in drugs}
    for number, stage in enumerate(stages):
        days = OPEN if number == len(stages) - 1 else stage.days
        for drug in drugs:
            total = _sum(stage.cycle, drug)
            if total or before[drug]:
                yield from (number + first, stage.day, days, _places()[drug], total, len(stage.cycle))
            before[drug] = total


def _drugs(cycle: Sequence[Doses]) -> Iterator[str]:
    return (drug for day in cycle for drug, _, _ in day)


def _sum(cycle: Sequence[Doses], drug: str) -> int:
    return sum(ng for day in cycle for name, _, ng in day if name == drug)


@cache
def _places() -> dict[str, int]:
    return {drug: place for place, drug in enumerate(drug_names())}
