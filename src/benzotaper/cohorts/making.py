"""From a frame of people to their plans: read, plan each distinct person once, put together. Imports pandas."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benzotaper.cohorts.gathering import Rows, frame_of_plans, frame_of_refused, rows_of_plans
from benzotaper.cohorts.reading import People, read_people
from benzotaper.cohorts.result import Cohort
from benzotaper.cohorts.steady import Chains, Plans, is_steady, plan_steadily
from benzotaper.cohorts.templates import Falling, Planner
from benzotaper.frame_cells import Ints
from benzotaper.regimen import Taken
from benzotaper.taken_frames import numbered


def cohort_of(
    frame: pd.DataFrame,
    strategy: Any,
    *,
    times: Any,
    planner: Planner,
    chunk: int,
    advance: Callable[[int], object],
    first_row: int = 0,
    doubled: Any = (),
) -> Cohort:
    """The plans of a frame of people.

    Args:
        frame: a row a person.
        strategy: as `taper` takes it, or the name of a column of texts.
        times: when daily doses are taken.
        planner: what plans one person.
        chunk: people whose rows are put together at a time.
        advance: is told of how many people more there is an answer.
        first_row: how many rows came before this frame.
        doubled: ids that also stand elsewhere.
    """
    people = read_people(frame, strategy, times, doubled=doubled)
    place, rows = _plan(people, planner, advance)
    planned = people.faults.places < 0
    ids = people.ids if planned.all() else people.ids[planned]
    return Cohort(
        plans=frame_of_plans(ids, place[planned], rows, chunk=chunk),
        refused=frame_of_refused(people.ids, people.faults.places, people.faults.reasons, first_row=first_row),
        people=len(people.ids),
    )


@dataclass(frozen=True, slots=True)
class _Questions:
    """The distinct questions of a cohort.

    Attributes:
        own: which of them each sound row asks.
        regimen: the regimen of each.
        phase: the place of its strategy among `People.phases`.
        taken: the regimens.
    """

    own: Ints
    regimen: Ints
    phase: Ints
    taken: list[Taken]


def _plan(people: People, planner: Planner, advance: Callable[[int], object]) -> tuple[Ints, Rows]:
    """Which plan each person has, and the plans; who cannot be planned is put among the faults."""
    sound = np.flatnonzero(people.faults.places < 0)
    advance(len(people.ids) - len(sound))
    asked = _questions(people, sound)
    counts = np.bincount(asked.own, minlength=len(asked.regimen))
    place_of, fault_of = (np.full(len(asked.regimen), -1, dtype=np.int64) for _ in range(2))
    together: list[Plans] = []
    planned = 0
    for plans in _plan_together(people, planner, asked):
        place_of[plans.done] = np.arange(planned, planned + len(plans.done))
        planned += len(plans.done)
        together.append(plans)
        advance(int(counts[plans.done].sum()))
    made: list[bytes] = []
    rest = np.flatnonzero(place_of < 0)
    names = {phase: repr(people.phases.distinct[phase]) for phase in np.unique(asked.phase[rest]).tolist()}
    for number, phase in zip(rest.tolist(), asked.phase[rest].tolist(), strict=True):
        found = planner.plan(asked.taken[asked.regimen[number]], people.phases.distinct[phase], name=names[phase])
        if isinstance(found, str):
            fault_of[number] = len(people.faults.reasons)
            people.faults.reasons.append(found)
        else:
            place_of[number] = planned + len(made)
            made.append(found)
        advance(int(counts[number]))
    places = np.zeros(len(people.ids), dtype=np.int64)
    places[sound] = place_of[asked.own]
    people.faults.places[sound] = fault_of[asked.own]
    return places, rows_of_plans(together, made)


def _questions(people: People, sound: Ints) -> _Questions:
    """The distinct questions of the sound rows."""
    own, first = numbered((*people.taken, people.phases), sound)
    regimen, rows = numbered(people.taken, sound[first])
    return _Questions(own, regimen, people.phases.codes[sound[first]], people.taken.at(sound[first[rows]]))


def _plan_together(people: People, planner: Planner, asked: _Questions) -> Iterator[Plans]:
    """The plans for which the kernels are enough."""
    listed = people.phases.distinct
    steady = np.array([planner.plain and is_steady(phases) for phases in listed], dtype=bool)
    some = np.flatnonzero(steady[asked.phase])
    fallings: list[Falling | None] = [None] * len(asked.taken)
    places = np.flatnonzero(steady)
    for number in np.unique(asked.regimen[some]).tolist():
        fallings[number] = planner.falling(asked.taken[number], listed[places[0]])
    for plans in plan_steadily(
        Chains.of(fallings),
        asked.regimen[some],
        [listed[place][0] for place in places.tolist()],
        (np.cumsum(steady) - 1)[asked.phase[some]],
        nearest=planner.choices.fit == "nearest",
    ):
        yield plans._replace(done=some[plans.done])
