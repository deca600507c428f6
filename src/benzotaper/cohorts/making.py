"""From a frame of people to their plans: read, plan each distinct person once, put together. Imports pandas."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from benzotaper.cohorts.cells import Codes
from benzotaper.cohorts.gathering import frame_of_plans, frame_of_refused, rows_of_plans
from benzotaper.cohorts.reading import People, read_people
from benzotaper.cohorts.result import Cohort
from benzotaper.cohorts.templates import Planner, Taken


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
    place, made = _plan(people, planner, advance)
    planned = people.faults.places < 0
    ids = people.ids if planned.all() else people.ids[planned]
    return Cohort(
        plans=frame_of_plans(ids, place[planned], rows_of_plans(made), chunk=chunk),
        refused=frame_of_refused(people.ids, people.faults.places, people.faults.reasons, first_row=first_row),
        people=len(people.ids),
    )


def _plan(people: People, planner: Planner, advance: Callable[[int], object]) -> tuple[Codes, list[bytes]]:
    """Which plan each person has, and the plans; who cannot be planned is put among the faults."""
    sound = np.flatnonzero(people.faults.places < 0)
    advance(len(people.ids) - len(sound))
    own, asked = _distinct(people, sound)
    counts = np.bincount(own, minlength=len(asked)).tolist()
    made: list[bytes] = []
    place_of, fault_of = np.empty(len(asked), dtype=np.int64), np.full(len(asked), -1, dtype=np.int64)
    for number, (taken, phases, name) in enumerate(asked):
        found = planner.plan(taken, phases, name=name)
        place_of[number] = len(made)
        if isinstance(found, str):
            fault_of[number] = len(people.faults.reasons)
            people.faults.reasons.append(found)
        else:
            made.append(found)
        advance(counts[number])
    places = np.zeros(len(people.ids), dtype=np.int64)
    places[sound] = place_of[own]
    people.faults.places[sound] = fault_of[own]
    return places, made


def _distinct(people: People, sound: Codes) -> tuple[Codes, list[tuple[Taken, Any, str]]]:
    """Which of the distinct questions each sound row asks, and the questions: what is taken, phases, their name."""
    columns = (people.taken.codes, people.times.codes, people.daily_ng, people.phases.codes)
    own = np.zeros(len(sound), dtype=np.int64)
    for column in columns:  # two codes become one, which stays below the number of rows
        code, distinct = pd.factorize(column[sound])
        own = pd.factorize(own * (len(distinct) or 1) + code)[0]
    first = np.full(int(own.max(initial=-1)) + 1, len(sound))
    np.minimum.at(first, own, np.arange(len(sound)))
    rows = sound[first]
    names = [repr(value) for value in people.phases.distinct]
    return own, [
        (
            _taken(people.taken.distinct[drug], ng, people.times.distinct[at]),
            people.phases.distinct[phases],
            names[phases],
        )
        for drug, at, ng, phases in zip(*(column[rows].tolist() for column in columns), strict=True)
    ]


def _taken(words: str, ng: int, times: tuple[str, ...]) -> Taken:
    return (words, ng, times) if times else words
