"""Several sedatives in one regimen: one after the other in a stated order, or together on one curve.

Never are two reductions made within the same few days. The total of all drugs counts as diazepam, by the plan's table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any, TypeAlias

from benzotaper import equivalence
from benzotaper.dispensing.descent import State
from benzotaper.dispensing.shelf import EveryDose
from benzotaper.drugs import drug_named
from benzotaper.errors import PlanError, StrategyError
from benzotaper.intervals import days_text
from benzotaper.planning.draft import Doses, Draft, Line, in_order
from benzotaper.planning.maker import PlanMaker
from benzotaper.regimen import Regimen
from benzotaper.schedules import Phases, read_phases
from benzotaper.schedules.alternate_day import AlternateDay
from benzotaper.schedules.base import Strategy
from benzotaper.schedules.hold_and_step import HoldAndStep
from benzotaper.schedules.substitution import Substitution
from benzotaper.steps import KEEP, TOGETHER, Ending

APART = "7 days"  # project default, confirm: one reduction is felt before the next one
Courses: TypeAlias = dict[str, tuple[Strategy, ...]]
"""The phases of each drug, in the order in which the drugs are reduced; none for a drug that is kept."""


def read_courses(strategy: Phases | Mapping[str, Any], regimen: Regimen) -> Courses:
    """What is done with each drug.

    Args:
        strategy: phases by drug, in the order of the reductions, ``"keep"`` for a drug that stays; the same as texts
            such as ``"zopiclone: linear 25 % of start every 2 weeks"``; or one strategy for all drugs together.
        regimen: the drugs.

    Returns:
        The phases by drug, or under `TOGETHER`.

    Raises:
        StrategyError: a drug that is not taken, or one about which nothing is said.
    """
    given = strategy if isinstance(strategy, Mapping) else _by_prefix(strategy)
    if not given:
        return {TOGETHER: read_phases(strategy)}
    if set(given) == {TOGETHER}:
        return {TOGETHER: read_phases(given[TOGETHER])}
    courses: Courses = {}
    for name, phases in given.items():
        drug = drug_named(name).name
        if drug not in regimen.drugs or drug in courses:
            message = f"strategy for {drug}: the regimen has {', '.join(regimen.drugs)}; name each of them once"
            raise StrategyError(message, value=name)
        kept = phases == KEEP or list(phases if isinstance(phases, Iterable) else ()) == [KEEP]
        courses[drug] = () if kept else read_phases(phases)
    if missing := set(regimen.drugs) - set(courses):
        message = f"nothing is said about {', '.join(sorted(missing))}; give a strategy for it, or 'keep'"
        raise StrategyError(message, value=tuple(missing))
    if not any(courses.values()):
        raise StrategyError("every drug is kept, so nothing is reduced; give one of them a strategy", value=strategy)
    return courses


def _by_prefix(strategy: object) -> dict[str, list[str]]:
    """Phases by drug, from texts that begin with a drug and a colon."""
    many = [strategy] if isinstance(strategy, str) or not isinstance(strategy, Iterable) else list(strategy)
    texts = [text for text in many if isinstance(text, str) and ": " in text]
    if len(texts) < len(many):
        return {}
    found: dict[str, list[str]] = {}
    for text in texts:
        drug, _, phase = text.partition(": ")
        found.setdefault(drug.strip(), []).append(phase.strip())
    return found


def courses_text(courses: Courses) -> tuple[str, ...]:
    """The courses as texts that `read_courses` reads back."""
    return tuple(f"{drug}: {phase}" for drug, phases in courses.items() for phase in phases or (KEEP,))


def _every(phase: Strategy) -> int:
    """The time between the reductions of a phase (days); 0 for a cross-over, which reduces nothing."""
    if isinstance(phase, Substitution):
        return 0
    return int(_every(phase.inner) if isinstance(phase, HoldAndStep) else phase.every)  # type: ignore[attr-defined]


@dataclass(slots=True)
class Mixture(Line):
    """Several drugs as one line: its total is in ng of diazepam, its state the doses of all of them.

    Attributes:
        parts: the line of each drug.
    """

    parts: tuple[Line, ...] = ()

    @property
    def total(self) -> int:
        """The present total (ng of diazepam), rounded up."""
        return ceil(sum(part.weight * ng for part, ng in self._amounts(self.state)))

    @property
    def one_at_a_time(self) -> bool:
        """It is."""
        return True

    @property
    def lowest(self) -> int:
        """The smallest dose of any of the drugs (ng of diazepam), rounded up."""
        return ceil(min(part.weight * part.lowest for part in self.parts))

    def at_last(self, lowest: int) -> bool:  # noqa: ARG002  each drug has its own
        """Whether one drug is left, at its smallest dose."""
        left = [(part, ng) for part, ng in self._amounts(self.state) if ng]
        return len(left) == 1 and left[0][1] <= left[0][0].lowest

    def doses(self, state: State) -> Doses:
        """The doses of all drugs, in the order of the day."""
        return in_order(tuple(dose for part, own in self.split(state) for dose in part.doses(own)))

    def finest_fall(self) -> int:
        """The smallest fall of any one drug (ng of diazepam), rounded up."""
        falls = []
        for part, own in self.split(self.state):
            part.state = own
            falls += [part.finest_fall()] if sum(own) else []
        return min(falls, default=0)

    def split(self, state: State) -> list[tuple[Line, State]]:
        """The state of each drug."""
        found, place = [], 0
        for part in self.parts:
            found.append((part, state[place : place + len(part.times)]))
            place += len(part.times)
        return found

    def _amounts(self, state: State) -> list[tuple[Line, int]]:
        return [(part, sum(own)) for part, own in self.split(state)]

    def kept_above(self, state: State, *, nearest: bool) -> int:  # noqa: ARG002  one signature
        """See `Way.kept_above`."""
        return self.total

    def fall(self, state: State, ideal: int, *, nearest: bool) -> State:
        """The state for an ideal total (ng of diazepam): one drug falls, that with the largest share that can."""
        amounts = self._amounts(state)
        whole = sum((part.weight * ng for part, ng in amounts), Fraction(0))
        for place in sorted(range(len(amounts)), key=lambda i: (-amounts[i][0].weight * amounts[i][1], i)):
            part, ng = amounts[place]
            others = whole - part.weight * ng
            wanted = ceil((ideal - others) / part.weight)
            if not ng or wanted >= ng:
                continue
            states = [own for _, own in self.split(state)]
            gone = wanted <= 0 < others
            states[place] = (
                (0,) * len(part.times)
                if gone
                else part.way.fall(states[place], max(wanted, part.lowest), nearest=nearest)
            )
            lowered = tuple(dose for own in states for dose in own)
            if lowered != state:
                return lowered
        return state


@dataclass(slots=True)
class SeveralMaker(PlanMaker):
    """Makes the plan of a regimen with several drugs.

    Attributes:
        courses: what is done with each drug.
        taken: the line of each drug that is still taken.
    """

    courses: Courses = field(default_factory=dict)
    taken: dict[str, Line] = field(default_factory=dict)

    def _check_request(self) -> None:
        super(SeveralMaker, self)._check_request()
        request = self.request
        if not request.table:
            raise PlanError("several drugs are counted as diazepam: give table=, by which they are", value="table")
        if request.target.ng or request.last_dose.ng or request.fit == "smoothest":
            message = "target=, last_dose= and fit='smoothest' are for one drug; for a drug that stays give 'keep'"
            raise PlanError(message, value=request)
        for phase in (phase for phases in self.courses.values() for phase in phases):
            if 0 < _every(phase) < request.apart_days:
                message = (
                    f"'{phase}' would reduce more often than every {days_text(request.apart_days)}; change it or apart="
                )
                raise PlanError(message, value=phase)
            if TOGETHER in self.courses and isinstance(phase, Substitution | AlternateDay):
                message = f"'{phase}' is for one drug; together take linear, percentage, hyperbolic or hold-and-step"
                raise PlanError(message, value=phase)

    def _first_line(self) -> Line:
        """The line that falls first; the others stand beside it."""
        for drug in self.request.regimen.drugs:
            line = self._line_of(self.request.regimen.of(drug), untouched=False)
            line.weight = equivalence.factor(drug, equivalence.DIAZEPAM, table=self._table(), pick=self.request.pick)
            self.taken[drug] = line
        if TOGETHER not in self.courses:
            return self.taken[self._reduced()[0]]
        parts = tuple(self.taken.values())
        state = tuple(dose for part in parts for dose in part.state)
        mixture = Mixture(equivalence.DIAZEPAM, (), EveryDose(), parts[0].way, state, ideal=0, base=0, parts=parts)
        mixture.way = mixture  # type: ignore[assignment]  # it is its own way down
        mixture.ideal = mixture.base = mixture.total
        return mixture

    def _reduced(self) -> list[str]:
        return [drug for drug, phases in self.courses.items() if phases]

    def _beside(self, line: Line) -> Doses:
        """What is taken of the drugs that do not fall now."""
        if TOGETHER in self.courses:
            return ()
        return tuple(dose for other in self.taken.values() if other is not line for dose in other.doses(other.state))

    def _walk(self, draft: Draft, line: Line) -> tuple[Ending, tuple[str, ...]]:
        if TOGETHER in self.courses:
            self.phases = self.courses[TOGETHER]
            ending, rest = super(SeveralMaker, self)._walk(draft, line)
            return ending, tuple(f"{TOGETHER}: {text}" for text in rest)
        reduced = self._reduced()
        for number, drug in enumerate(reduced):
            later = reduced[number + 1 :]
            line = self.taken[drug]
            self.phases = self.courses[drug]
            draft.beside = self._beside(line)
            draft.pause_days = self.request.apart_days if later else 0
            ending, rest = super(SeveralMaker, self)._walk(draft, line)
            if ending != "zero":
                waiting = courses_text({name: self.courses[name] for name in later})
                return ending, (*(f"{drug}: {text}" for text in rest), *waiting)
            del self.taken[drug]
        return ("maintenance" if self.taken else "zero"), ()
