"""The kernels of the steady strategies on arrays, with what each needs of the people's strategies. Imports numpy."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from benzotaper.frame_cells import Ints
from benzotaper.intervals import LONGEST_DAYS
from benzotaper.numbers import WHOLE, Percent
from benzotaper.schedules import hyperbolic, linear, percentage
from benzotaper.schedules.base import INT64, ZERO, Steady

NextDose: TypeAlias = Callable[..., Ints]
"""The ideal doses (ng) of a level, given those before, the level (from 1) and what else it needs."""
_Made: TypeAlias = tuple[NextDose, tuple[Ints, ...], npt.NDArray[np.bool_]]
"""A kernel, what else it needs, and for whom it is exact."""


class Kernel(NamedTuple):
    """A kernel for some people.

    Attributes:
        asked: which people they are.
        next_dose: the kernel.
        own: what it needs beside dose and level, a place for each person.
        fades: whether doses come near zero without reaching it.
    """

    asked: Ints
    next_dose: NextDose
    own: tuple[Ints, ...]
    fades: bool


def kernels_for(phases: Sequence[Steady], phase: Ints, present: Ints) -> Iterator[Kernel]:
    """The kernels that some people need; who needs none, because a kernel would not be exact, is left out.

    Args:
        phases: linear, percentage and hyperbolic strategies.
        phase: the strategy of each person.
        present: the daily dose of each (ng); 0 for whom it is not asked.
    """
    numbers: dict[tuple[type[Steady], bool], int] = {}  # in so many steps, or of such a size, is another kernel
    kinds = [(type(value), bool(getattr(value, "steps", 0))) for value in phases]
    number = np.array([numbers.setdefault(kind, len(numbers)) for kind in kinds], dtype=np.int64)[phase]
    for (kind, _), which in numbers.items():
        asked = np.flatnonzero((number == which) & (present > 0))
        next_dose, own, exact = _MAKERS[kind](phases, phase[asked], present[asked])
        yield Kernel(asked[exact], next_dose, tuple(values[exact] for values in own), kind.fades)


def _linear(phases: Sequence[Any], phase: Ints, present: Ints) -> _Made:
    steps = _steps(phases)[phase]
    if steps.all():
        return _rung_to_zero, (present, steps), steps <= LONGEST_DAYS
    ng, share = (np.zeros(len(phases), dtype=np.int64) for _ in range(2))
    for place, value in enumerate(phases):
        if isinstance(value, linear.Linear) and not value.steps:
            (share if isinstance(value.step, Percent) else ng)[place] = (
                value.step.hundredths if isinstance(value.step, Percent) else value.step.ng
            )
    step = ng[phase] + present * share[phase] // WHOLE
    return lambda dose, _, step: linear.fall(dose, step, 0), (step,), step > 0


def _steps(phases: Sequence[Any]) -> Ints:
    """In how many steps a strategy goes down, 0 where it does not say; more than a plan has days are all the same."""
    return np.array([min(getattr(value, "steps", 0), LONGEST_DAYS + 1) for value in phases], dtype=np.int64)


def _rung_to_zero(_: Ints, level: int, first: Ints, steps: Ints) -> Ints:
    return linear.rung(first, np.minimum(level, steps), steps, 0)  # type: ignore[no-any-return]  # a kernel takes anything


def _percentage(phases: Sequence[Any], phase: Ints, present: Ints) -> _Made:  # noqa: ARG001  one signature
    cut = np.array([value.cut.hundredths if hasattr(value, "cut") else 0 for value in phases], dtype=np.int64)[phase]
    return lambda dose, _, cut: percentage.fall(dose, cut), (cut,), cut > 0


def _hyperbolic(phases: Sequence[Any], phase: Ints, present: Ints) -> _Made:
    half = np.array([getattr(getattr(value, "half", ZERO), "ng", 0) for value in phases], dtype=np.int64)[phase]
    points = np.array([getattr(value, "points", 0) for value in phases], dtype=np.int64)[phase]
    steps = _steps(phases)[phase]
    needed = -(-present * WHOLE // np.maximum((present + half) * points, 1))
    few = steps <= LONGEST_DAYS
    steps = np.where(steps > 0, steps, needed)
    divisor = np.gcd(present, half)
    # far from the edge, which is exact there
    exact = few & ((half // divisor).astype(np.float64) * present * steps < INT64 / 2)
    return _occupancy_rung, (present, steps, half, divisor), exact


def _occupancy_rung(_: Ints, level: int, first: Ints, steps: Ints, half: Ints, divisor: Ints) -> Ints:
    number = np.minimum(level, steps)
    return hyperbolic.rung(first, number, steps, half, divisor)  # type: ignore[no-any-return]  # a kernel takes anything


_MAKERS: dict[type[Steady], Callable[[Sequence[Any], Ints, Ints], _Made]] = {
    linear.Linear: _linear,
    percentage.Percentage: _percentage,
    hyperbolic.Hyperbolic: _hyperbolic,
}
