"""Makes a plan of a prescriber's own steps: the doses stay as they were given, and the products make them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any, NoReturn

from benzotaper.dispensing.shelf import EveryDose, Shelf
from benzotaper.doses import Dose, mg_text
from benzotaper.errors import NotMakeableError, ScheduleError
from benzotaper.intervals import TIMES
from benzotaper.planning.draft import Doses, Draft
from benzotaper.planning.maker import Outline, PlanMaker
from benzotaper.received.entries import Entry, Received, places_words
from benzotaper.received.levels import Arranged, Level, arrange
from benzotaper.received.sources import are_durations, receive
from benzotaper.regimen import Regimen
from benzotaper.steps import AS_GIVEN, Ending

LOOK = "bt.audit(...) lists all that is wrong with such a schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A schedule that can be a plan.

    Attributes:
        received: as it was read.
        levels: its stretches; the current regimen is not among them where it lasts no day.
        regimen: what is taken now.
        lead_in_days: how long that is kept first (days).
    """

    received: Received
    levels: Sequence[Level]
    regimen: Regimen
    lead_in_days: int


def read_given(rows: object, *, start: date, drug: str, time: str, regimen: Regimen | None) -> Given:
    """Read a schedule that is to become a plan.

    Args:
        rows: what `bt.audit` reads; or pairs of how long and what is taken.
        start: the first day of the course; the first day that the schedule names, if it names dates.
        drug: the drug, where the schedule names none.
        time: the time of the day, where the schedule names none.
        regimen: what is taken now; the first step of the schedule where None.

    Raises:
        ScheduleError: it cannot be read, is in doubt, or is no plan: it rises, has gaps, several drugs or no end.
    """
    one = isinstance(rows, str | bytes | Mapping) or hasattr(rows, "columns")
    listed: object = list(rows) if isinstance(rows, Iterable) and not one else rows
    received = receive(listed, durations=are_durations(listed))
    for entry in received.entries:
        entry.time = entry.time or time
    arranged = arrange(received, drug=drug or (regimen.drug if regimen else ""), strengths=_unknown)
    _refuse_doubts(received, arranged)
    levels = list(arranged.levels)
    _refuse_days(received, levels, start)
    lead_in = 0
    if regimen is None:
        first = levels[0]
        regimen = _regimen(received, first, arranged.drugs[0])
        lead_in = first.days or 0
        levels = levels if lead_in else levels[1:]
    _refuse_rises(received, levels, regimen)
    return Given(received=received, levels=levels, regimen=regimen, lead_in_days=lead_in)


def _unknown(_drug: str) -> Fraction | None:
    """Nothing says the strength of tablets that are printed without it."""
    return None


def _refuse(received: Received, place: int, why: str) -> NoReturn:
    where = "the schedule" if not place else f"{received.noun} {place}"
    raise ScheduleError(f"{where} cannot be in a plan: {why}; {LOOK}", value=place)


def _refuse_doubts(received: Received, arranged: Arranged) -> None:
    """What bt.audit would call ambiguous, a gap or an overlap is no plan."""
    for (message, fix), places in received.doubts.places.items():
        where = places_words(received.noun, places)
        raise ScheduleError(f"{where} cannot be a plan: {message}; {fix}; {LOOK}", value=where)
    for clash in arranged.clashes:
        said = "days are missing before it" if clash.kind == "gap" else "its days are there twice"
        _refuse(received, clash.place, said)
    if len(arranged.drugs) != 1 or not arranged.drugs[0]:
        named = ", ".join(filter(None, arranged.drugs))
        why = f"it has several drugs ({named}); give one of them" if named else "no drug is named; give drug="
        _refuse(received, 0, why)
    if arranged.units[arranged.drugs[0]] != "ng":
        _refuse(received, 0, "it gives no doses in mg")
    _refuse_tablets(received)


def _refuse_tablets(received: Received) -> None:
    for entry in received.entries:
        made = [pieces.units * (pieces.strength or 0) for pieces in entry.pieces]
        if entry.amount and entry.pieces and sum(made, Fraction(0)) != entry.amount.value:
            _refuse(received, entry.place, "its tablets do not make its dose")
        if entry.time not in TIMES and _takes(entry):
            _refuse(received, entry.place, "it does not say at which time of the day; give time='night', or write it")


def _takes(entry: Entry) -> bool:
    return bool(entry.pieces) or bool(entry.amount and entry.amount.value)


def _refuse_days(received: Received, levels: Sequence[Level], start: date) -> None:
    named = next((level.first for level in levels if level.first is not None), None)
    if received.dated and named != start.toordinal():
        _refuse(received, levels[0].place, f"it begins on another day than start={start}")
    for number, level in enumerate(levels[:-1]):
        if level.days is None or (not level.days and number):
            _refuse(received, level.place, "it does not say how long it lasts")
        if not level.takes:
            _refuse(received, level.place, "nothing is taken, and later something is")


def _regimen(received: Received, level: Level, drug: str) -> Regimen:
    if len(level.cycle) > 1 or not level.takes:
        _refuse(received, level.place, "nothing says what is taken now; give regimen=")
    doses: dict[str, Any] = {time: Dose.of_ng(_ng(received, level, dose)) for (_, time), dose in level.cycle[0].items()}
    return Regimen(drug, **doses)


def _ng(received: Received, level: Level, dose: Fraction) -> int:
    if dose.denominator != 1:
        _refuse(received, level.place, f"{mg_text(dose)} mg is finer than a nanogram")
    return int(dose)


def _refuse_rises(received: Received, levels: Sequence[Level], regimen: Regimen) -> None:
    """A plan never rises: no mean, no highest day, no time of the day."""
    drug = regimen.drug
    now = {time: Fraction(dose.ng) for time, dose in regimen.doses.items()}
    figures = [(now, sum(now.values(), Fraction(0)), sum(now.values(), Fraction(0)))]
    figures += [(_highest_by_time(level), level.mean(drug), level.highest(drug)) for level in levels]
    for level, (before, after) in zip(levels, pairwise(figures), strict=True):
        rising = [time for time, dose in after[0].items() if dose > before[0].get(time, 0)]
        if after[1] > before[1] or after[2] > before[2]:
            _refuse(received, level.place, f"the dose rises from {mg_text(before[1])} to {mg_text(after[1])} mg")
        if rising:
            _refuse(received, level.place, f"the {rising[0]} dose rises; in a plan each time of the day falls or stays")


def _highest_by_time(level: Level) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for day in level.cycle:
        for (_, time), dose in day.items():
            found[time] = max(found.get(time, Fraction(0)), dose)
    return found


@dataclass(slots=True)
class GivenMaker(PlanMaker):
    """Makes the record of a plan whose steps are given."""

    given: Given = field(kw_only=True)

    def outline(self) -> Outline:
        """What is taken on which days, as given."""
        regimen = self.request.regimen
        state = tuple(dose.ng for dose in regimen.doses.values())
        line = self._line(regimen.drug, tuple(regimen.doses), self._shelf_for_all(state), state)
        present, finest = line.doses(state), line.finest_fall()
        draft = Draft(AS_GIVEN)
        for level in self.given.levels:
            highest = _highest_by_time(level)
            line.state = tuple(int(highest.get(time, 0)) for time in line.times)
            if draft.day or level is not self.given.levels[0] or not self.given.lead_in_days:
                draft.ideals.append((draft.day, line.drug, ceil(level.mean(line.drug))))
            if level is self.given.levels[-1]:
                break
            cycle = tuple(_doses(day, line.drug) for day in level.cycle)
            draft.add(level.days or 0, cycle, finest_fall=line.finest_fall())
        ending = self._ending(draft, self.given.levels[-1])
        line.ideal = line.total
        draft.ideals.pop()
        if ending == "zero":
            draft.end(line)
        else:
            draft.stay(line)
        self._check_in_table()
        return Outline(draft=draft, present=present, finest_fall=finest, ending=ending, remaining=(), notes=())

    def _ending(self, draft: Draft, last: Level) -> Ending:
        """How it ends: at nothing, or on a dose that the caller says is kept."""
        target = self.request.target.ng
        if not last.takes:
            if target:
                _refuse(self.given.received, last.place, "it ends at 0 mg, so target= cannot be a dose to stay on")
            if not draft.stages:
                _refuse(self.given.received, last.place, "nothing is taken before the end")
            return "zero"
        total = last.mean(self.request.regimen.drug)
        if len(last.cycle) > 1 or total != target:
            stays = mg_text(total)
            why = f"it ends at {stays} mg; add the steps to 0 mg, or give target='{stays} mg' to stay there"
            _refuse(self.given.received, last.place, why)
        return "maintenance"

    def _shelf_for_all(self, state: tuple[int, ...]) -> Shelf | EveryDose:
        """What makes every dose that was given; more pieces than usual where one needs them."""
        regimen = self.request.regimen
        shelf = self._shelf(regimen.drug, regimen.release, max(state))
        if not isinstance(shelf, Shelf):
            return shelf
        for where, ng in self._doses():
            if not shelf.makes(ng):
                try:
                    shelf = self._roomier(shelf, ng, where)
                except NotMakeableError as error:
                    raise NotMakeableError(f"{error}; {LOOK}", **error.facts) from error
        return shelf

    def _doses(self) -> Iterator[tuple[str, int]]:
        """Every dose with the words that say where it stands."""
        for intake in self.request.regimen.intakes:
            yield f"the {intake.time} dose now,", intake.dose.ng
        for level in self.given.levels:
            for day in level.cycle:
                for (_, time), dose in day.items():
                    where = f"the {time} dose of {self.given.received.noun} {level.place},"
                    yield where, _ng(self.given.received, level, dose)


def _doses(day: Mapping[tuple[str, str], Fraction], drug: str) -> Doses:
    """One day's doses in the order of the day."""
    found = {time: int(dose) for (_, time), dose in day.items()}
    return tuple((drug, time, found[time]) for time in TIMES if found.get(time))
