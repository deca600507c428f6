"""A plan in the making: stages of days, and what is taken on each, before they are merged, numbered and dated."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import TypeAlias

from benzotaper.dispensing.descent import State, Way
from benzotaper.dispensing.shelf import EveryDose, Shelf
from benzotaper.doses import Dose
from benzotaper.errors import PlanError
from benzotaper.intervals import LONGEST_DAYS, TIMES
from benzotaper.schedules.base import Level
from benzotaper.steps import Administration, Day, Step

MOST_STEPS = 2000

Doses: TypeAlias = tuple[tuple[str, str, int], ...]
"""What is taken on one day: drug, time and dose (ng), none of them zero."""


def in_order(doses: Doses) -> Doses:
    """Doses of several drugs in the order of the day; at one time, by name."""
    return tuple(sorted(doses, key=lambda dose: (TIMES.index(dose[1]), dose[0])))


@dataclass(slots=True)
class Line:
    """One drug on its way down.

    Attributes:
        drug: the drug.
        times: when it is taken.
        shelf: what can be made.
        way: how the doses of the day fall together.
        state: the present dose at each time (ng).
        ideal: the present ideal total (ng), before tablets.
        base: the total that percentages of start refer to (ng).
        weight: what one ng counts in the plan's total.
    """

    drug: str
    times: tuple[str, ...]
    shelf: Shelf | EveryDose
    way: Way
    state: State
    ideal: int
    base: int
    weight: Fraction | int = 1

    @property
    def total(self) -> int:
        """The present total (ng)."""
        return sum(self.state)

    @property
    def one_at_a_time(self) -> bool:
        """Whether it is several drugs, of which only one falls at a time."""
        return False

    @property
    def lowest(self) -> int:
        """The smallest dose that can be made (ng); 0 where any can."""
        return self.shelf.lowest

    def at_last(self, lowest: int) -> bool:
        """Whether nothing but zero lies below the present dose, where `lowest` (ng) is the last one."""
        return self.total <= lowest

    def doses(self, state: State) -> Doses:
        """The doses of a state."""
        return tuple([(self.drug, time, ng) for time, ng in zip(self.times, state, strict=True) if ng])

    def finest_fall(self) -> int:
        """The smallest fall that can be made from the present state (ng); 0 where any can."""
        if not (self.lowest and any(self.state)):
            return 0
        fall = self.way.finest_fall(self.state)
        return fall if self.weight == 1 else ceil(self.weight * fall)


@dataclass(slots=True)
class Stage:
    """Days on which the same is taken, or the same cycle of days; open where `days` is 0."""

    day: int
    days: int
    cycle: tuple[Doses, ...]
    finest_fall: int


@dataclass(slots=True)
class Draft:
    """The stages so far.

    Attributes:
        fit: as requested.
        day: the next day, counted from the first day of the course.
        beside: what is taken of drugs that do not fall now.
        pause_days: how long nothing falls once this drug is at zero, before another one does (days); 0: none follows.
        stages: what is taken on which days.
        ideals: what the strategies asked for: day, drug and mean dose (ng).
    """

    fit: str
    day: int = 0
    beside: Doses = ()
    pause_days: int = 0
    stages: list[Stage] = field(default_factory=list)
    ideals: list[tuple[int, str, int]] = field(default_factory=list)

    def add(self, days: int, cycle: tuple[Doses, ...], *, finest_fall: int) -> None:
        """Put a stage at the end, or lengthen the last one if nothing changes.

        Raises:
            PlanError: the plan would outgrow 20 years or 2000 steps.
        """
        if self.beside:
            cycle = tuple(self.whole(day) for day in cycle)
        last = self.stages[-1] if self.stages else None
        if last and last.cycle == cycle and len(cycle) == 1:
            last.days += days
        else:
            self.stages.append(Stage(self.day, days, cycle, finest_fall))
        self._go_on(days)

    def _go_on(self, days: int) -> None:
        self.day += days
        if self.day > LONGEST_DAYS or len(self.stages) > MOST_STEPS:
            message = (
                f"this course would take more than 20 years or {MOST_STEPS} steps; "
                "give larger falls, shorter intervals, or a last dose"
            )
            raise PlanError(message, value=self.day)

    def follow(self, line: Line, level: Level, *, at_least: int = 0) -> None:
        """Add the makeable state of a level, and go on from it.

        Args:
            line: the drug.
            level: what the strategy asks for.
            at_least: the dose below which nothing but zero is taken (ng).
        """
        self.ideals.append((self.day, line.drug, level.mean if level.cycle else level.high))
        nearest = self.fit == "nearest"
        same = level.high == line.ideal > 0
        high = line.state if same else line.way.fall(line.state, max(level.high, at_least), nearest=nearest)
        line.state, line.ideal = high, level.high
        finest = line.finest_fall()
        if not level.cycle:
            self.add(level.days, (line.doses(high),), finest_fall=finest)
            return
        low = line.way.fall(high, max(level.low, at_least), nearest=nearest) if level.low else (0,) * len(high)
        days = tuple(line.doses(low if is_low else high) for is_low in level.cycle)
        self.add(level.days, days if low != high else days[:1], finest_fall=finest)

    def glide(self, line: Line, doses: Iterator[int], days: int, *, at_least: int, until: int) -> int | None:
        """Lengthen the last stage, which `follow` has added, by ideal doses that plainly change nothing.

        Args:
            line: the drug.
            doses: the next ideal doses (ng), each for so many days.
            days: how long each is taken (days).
            at_least: as `follow`.
            until: the dose (ng) below which the course no longer rests here.

        Returns:
            The first dose that may change something, not yet taken; None where none is left.
        """
        kept = line.way.kept_above(line.state, nearest=self.fit == "nearest")
        stop = max(-1 if at_least > kept else kept, until - 1)
        drug, day, ideals = line.drug, self.day, self.ideals
        for dose in doses:
            if dose <= stop or day > LONGEST_DAYS:
                break
            ideals.append((day, drug, dose))
            day += days
        else:
            dose = None
        line.ideal = ideals[-1][2]
        self.stages[-1].days += day - self.day
        self._go_on(day - self.day)
        return dose

    def whole(self, doses: Doses) -> Doses:
        """The doses of a day with those of the drugs beside, in the order of the day."""
        return in_order(doses + self.beside) if self.beside else doses

    def leave_open(self) -> None:
        """Let the last stage be open: only a review ends it."""
        self.stages[-1].days = 0

    def stay(self, line: Line) -> None:
        """Add the open last stage: the present doses are kept."""
        self.ideals.append((self.day, line.drug, line.ideal))
        kept = (self.whole(line.doses(line.state)),)
        if self.stages and self.stages[-1].cycle == kept:
            self.day = self.stages[-1].day
            self.leave_open()
        else:
            self.stages.append(Stage(self.day, 0, kept, line.finest_fall()))

    def end(self, line: Line) -> None:
        """The drug is at zero: add a pause before the next one falls, or the open last stage."""
        self.ideals.append((self.day, line.drug, 0))
        if self.pause_days:
            self.add(self.pause_days, ((),), finest_fall=0)
        else:
            self.stages.append(Stage(self.day, 0, (self.whole(()),), 0))


def dated_steps(
    draft: Draft, present: Doses, start: date, *, finest_fall: int, lines: Iterable[Line]
) -> tuple[Step, ...]:
    """Stages, numbered and dated, with what makes each dose.

    Args:
        draft: the stages.
        present: what is taken now; step 0, also where it lasts no day.
        start: the first day of the course.
        finest_fall: the smallest fall from the present doses (ng).
        lines: the drugs of the plan.
    """
    stages = list(draft.stages)
    if stages[0].cycle != (present,):
        stages.insert(0, Stage(-1, 0, (present,), finest_fall))
    shelves = {line.drug: line.shelf for line in lines}
    steps: list[Step] = []
    for number, stage in enumerate(stages):
        before = steps[-1:]
        steps.append(
            Step(
                number=number,
                start=None if stage.day < 0 else start + timedelta(days=stage.day),
                days=None if number == len(stages) - 1 else stage.days,
                cycle=tuple([_made(day, shelves, before) for day in stage.cycle]),
                finest_fall=Dose.of_ng(stage.finest_fall),
            )
        )
    return tuple(steps)


def _made(day: Doses, shelves: dict[str, Shelf | EveryDose], before: Sequence[Step]) -> Day:
    """One day, with the pieces that make each dose."""
    made = []
    for drug, time, ng in day:
        ways = _administrations(shelves[drug], drug, time, ng)
        made.append(ways[0] if len(ways) == 1 else as_before(ways, _strengths(before, drug)))
    return tuple(made)


@lru_cache(maxsize=16384)
def _administrations(shelf: Shelf | EveryDose, drug: str, time: str, ng: int) -> tuple[Administration, ...]:
    """One dose, in each of the equal best ways to make it."""
    dose = Dose.of_ng(ng)
    return tuple(Administration(drug=drug, time=time, dose=dose, taken=way) for way in shelf.ways(ng))


def as_before(ways: Iterable[Administration], strengths: Collection[Dose]) -> Administration:
    """Of equal ways to make a dose, the one that keeps to these strengths: those of the step before."""
    return min(ways, key=lambda way: sum(taken.product.strength not in strengths for taken in way.taken))


def _strengths(steps: Sequence[Step], drug: str) -> set[Dose]:
    """The strengths of a drug that are taken in these steps."""
    return {t.product.strength for s in steps for day in s.cycle for a in day if a.drug == drug for t in a.taken}
