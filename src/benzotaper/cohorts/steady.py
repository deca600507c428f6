"""Plans many distinct people at once, where the arithmetic is that of a kernel on a fixed chain. Imports numpy.

This is the common case: one linear, percentage or hyperbolic strategy to zero, on the chain of makeable totals that the
scalar planner made. The kernels are those of the strategies, on arrays; everything else is left to the scalar planner.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from benzotaper.cohorts.cells import Codes
from benzotaper.cohorts.templates import OPEN, Falling
from benzotaper.intervals import LONGEST_DAYS
from benzotaper.numbers import WHOLE, Percent
from benzotaper.schedules import hyperbolic, linear, percentage
from benzotaper.schedules.base import INT64, ZERO, Steady

Flags: TypeAlias = npt.NDArray[np.bool_]
APART = 2**31
"""More than any total (ng): keeps the chains apart in one sorted array."""
BLOCK = 16384
"""Plans at a time: their numbers stay in the processor's cache."""


class Plans(NamedTuple):
    """Plans in rows, one after the other.

    Attributes:
        numbers: six columns a row, as `templates.FIELDS`.
        counts: the rows of each plan.
        done: which of the questions these are the answers to, in their order.
    """

    numbers: Codes
    counts: Codes
    done: Codes


@dataclass(frozen=True, slots=True)
class Chains:
    """The makeable totals below what each regimen takes, all chains in one rising array.

    Attributes:
        totals: total plus the regimen's number times `APART`.
        first: where each chain begins: its smallest total.
        present: the total that is taken now; 0 where a regimen has no such chain.
        drug: the drug's place in `drug_names()`.
    """

    totals: Codes
    first: Codes
    present: Codes
    drug: Codes

    @classmethod
    def of(cls, fallings: Sequence[Falling | None]) -> "Chains":
        """The chains of some regimens; None where the scalar planner must be asked."""
        lengths = np.array([len(falling.totals) if falling else 0 for falling in fallings], dtype=np.int64)
        rising = [total for falling in fallings if falling for total in reversed(falling.totals)]
        numbers = np.repeat(np.arange(len(fallings)), lengths)
        return cls(
            totals=np.array(rising, dtype=np.int64) + numbers * APART,
            first=np.cumsum(lengths) - lengths,
            present=np.array([falling.totals[0] if falling else 0 for falling in fallings], dtype=np.int64),
            drug=np.array([falling.drug if falling else 0 for falling in fallings], dtype=np.int64),
        )


def is_steady(phases: Any) -> bool:
    """Whether these phases are one strategy that goes steadily to zero, with nothing else to be checked."""
    if not (isinstance(phases, tuple) and len(phases) == 1 and isinstance(phases[0], Steady)):
        return False
    return phases[0].down_to == ZERO and not getattr(phases[0], "preset", "")


@dataclass(slots=True)
class _Block:
    """Some plans in the making; every array has a place for each.

    Attributes:
        key: the plan.
        dose: the present ideal dose (ng).
        at: the present total's place in the chains.
        regimen, every, first: of the plan; `first` is the place of the smallest total.
        own: what the kernel needs beside the dose.
    """

    key: Codes
    dose: Codes
    at: Codes
    regimen: Codes
    every: Codes
    first: Codes
    own: tuple[Codes, ...]

    def keep(self, which: Flags) -> None:
        """Go on with some of them."""
        for name in ("key", "dose", "at", "regimen", "every", "first"):
            setattr(self, name, getattr(self, name)[which])
        self.own = tuple(values[which] for values in self.own)


@dataclass(slots=True)
class _Rows:
    """Rows as they are found: plan, first day, total (ng)."""

    parts: list[tuple[Codes, Codes, Codes]] = field(default_factory=list)
    late: list[Codes] = field(default_factory=list)

    def add(self, key: Codes, day: Codes, total: Codes) -> None:
        """Add some."""
        if len(key):
            self.parts.append((key, day, total))


Kernel: TypeAlias = Callable[[_Block, int], Codes]


def plan_steadily(chains: Chains, regimen: Codes, phases: Sequence[Steady], phase: Codes, *, nearest: bool) -> Plans:
    """Plan people who each take one of some regimens and follow one of some strategies.

    Args:
        chains: of the regimens.
        regimen: the regimen of each.
        phases: strategies for which `is_steady` holds.
        phase: the strategy of each.
        nearest: whether totals are the nearest ones; else the smallest at or above the ideal.

    Returns:
        The plans of those for whom this is enough; whoever is not among `done` is for the scalar planner.
    """
    kinds = np.array([_KINDS.index(type(value)) + (bool(getattr(value, "steps", 0)) << 2) for value in phases])
    found = _Rows()
    for kind in np.unique(kinds).tolist():
        every = np.array([value.every for value in phases], dtype=np.int64)
        keys = np.flatnonzero((kinds[phase] == kind) & (chains.present[regimen] > 0))
        own, kernel, sound = _MAKERS[kind & 3](phases, phase[keys], chains.present[regimen[keys]])
        keys, own = keys[sound], tuple(values[sound] for values in own)
        for first in range(0, len(keys), BLOCK):
            some = slice(first, first + BLOCK)
            of = regimen[keys[some]]
            at = chains.first[of] + _lengths(chains)[of] - 1
            block = _Block(
                keys[some],
                chains.present[of],
                at,
                of,
                every[phase[keys[some]]],
                chains.first[of],
                tuple(values[some] for values in own),
            )
            _follow(block, chains, kernel, found, fades=kind & 3 != 0, nearest=nearest)
    return _plans(found, chains, regimen)


def _lengths(chains: Chains) -> Codes:
    return np.diff(chains.first, append=len(chains.totals))


def _follow(block: _Block, chains: Chains, kernel: Kernel, found: _Rows, *, fades: bool, nearest: bool) -> None:
    """Follow the ideal doses of a block down, as `planning.descents` does one by one."""
    level, lowest = 0, chains.totals[block.first] - block.regimen * APART
    while len(block.key):
        block.dose = kernel(block, level + 1)
        day = level * block.every
        total = chains.totals[block.at] - block.regimen * APART
        stops = (block.at == block.first) & (2 * block.dose < total) & (level > 0) if fades else block.dose == 0
        if stops.any():
            found.add(block.key[stops], day[stops], np.zeros(int(stops.sum()), dtype=np.int64))
            block.keep(~stops)
            day, total, lowest = day[~stops], total[~stops], lowest[~stops]
        late = day + block.every > LONGEST_DAYS
        if late.any():
            found.late.append(block.key[late])
            block.keep(~late)
            day, total, lowest = day[~late], total[~late], lowest[~late]
        wanted = np.maximum(block.dose, lowest) if fades else block.dose
        moved = _moves(block, chains, wanted, total, nearest=nearest)
        new = moved if level else np.arange(len(block.key))
        found.add(block.key[new], day[new], chains.totals[block.at[new]] - block.regimen[new] * APART)
        level += 1
        if fades:
            over = block.dose == 0  # nothing is left to follow
            if over.any():
                rows = int(over.sum())
                found.add(block.key[over], day[over] + block.every[over], np.zeros(rows, dtype=np.int64))
                block.keep(~over)
                lowest = lowest[~over]


def _moves(block: _Block, chains: Chains, wanted: Codes, total: Codes, *, nearest: bool) -> Codes:
    """Go on to the total for each wanted one; who moved."""
    below = chains.totals[np.maximum(block.at - 1, block.first)] - block.regimen * APART
    down = 2 * wanted < total + below if nearest else wanted <= below
    moved = np.flatnonzero(down & (block.at > block.first))
    shift = block.regimen[moved] * APART
    at = np.searchsorted(chains.totals, wanted[moved] + shift)  # the smallest total at or above
    if nearest:
        under = np.maximum(at - 1, block.first[moved])
        closer = wanted[moved] + shift - chains.totals[under] < chains.totals[at] - wanted[moved] - shift
        at = np.where(closer & (under < at), under, at)
    block.at[moved] = at
    return moved


def _plans(found: _Rows, chains: Chains, regimen: Codes) -> Plans:
    """Rows in the order of plans and days, with steps and lengths; plans that take too long left out."""
    none = np.empty(0, dtype=np.int64)
    key, day, total = (np.concatenate(column) for column in zip((none, none, none), *found.parts, strict=True))
    late = np.concatenate([none, *found.late])
    if len(late):
        sound = ~np.isin(key, late)
        key, day, total = key[sound], day[sound], total[sound]
    order = np.argsort(key, kind="stable")
    key, day, total = key[order], day[order], total[order]
    done, first, counts = np.unique(key, return_index=True, return_counts=True)
    days = np.append(day[1:], 0) - day
    days[first + counts - 1] = OPEN
    kept = total[first] == chains.present[regimen[done]]  # the current dose is kept: step 0
    step = np.arange(len(key)) - np.repeat(first, counts) + np.repeat(~kept, counts)
    drug = np.repeat(chains.drug[regimen[done]], counts)
    return Plans(np.stack([step, day, days, drug, total, np.ones_like(total)], axis=1), counts, done)


# ---- the kernels, with what each needs


_Made: TypeAlias = tuple[tuple[Codes, ...], Kernel, Flags]


def _linear(phases: Sequence[Any], phase: Codes, present: Codes) -> _Made:
    steps = np.array([getattr(value, "steps", 0) for value in phases], dtype=np.int64)[phase]
    if steps.all():
        return (present, steps), lambda block, level: linear.rung(block.own[0], level, block.own[1], 0), steps > 0
    ng, share = (np.zeros(len(phases), dtype=np.int64) for _ in range(2))
    for place, value in enumerate(phases):
        if isinstance(value, linear.Linear) and not value.steps:
            (share if isinstance(value.step, Percent) else ng)[place] = (
                value.step.hundredths if isinstance(value.step, Percent) else value.step.ng
            )
    step = ng[phase] + present * share[phase] // WHOLE
    return (step,), lambda block, _: linear.fall(block.dose, block.own[0], 0), step > 0


def _percentage(phases: Sequence[Any], phase: Codes, present: Codes) -> _Made:
    cut = np.array([value.cut.hundredths if hasattr(value, "cut") else 0 for value in phases], dtype=np.int64)[phase]
    return (cut,), lambda block, _: percentage.fall(block.dose, block.own[0]), present > 0


def _hyperbolic(phases: Sequence[Any], phase: Codes, present: Codes) -> _Made:
    half = np.array([getattr(getattr(value, "half", ZERO), "ng", 0) for value in phases], dtype=np.int64)[phase]
    points = np.array([getattr(value, "points", 0) for value in phases], dtype=np.int64)[phase]
    steps = np.array([getattr(value, "steps", 0) for value in phases], dtype=np.int64)[phase]
    needed = -(-present * WHOLE // np.maximum((present + half) * points, 1))
    steps = np.where(steps > 0, steps, needed)
    divisor = np.gcd(present, half)
    fits = (half // divisor).astype(np.float64) * present * steps < INT64 / 2  # far from the edge, which is exact there

    def kernel(block: _Block, level: int) -> Codes:
        first, falls, k, common = block.own
        return hyperbolic.rung(first, level, falls, k, common)  # type: ignore[no-any-return]  # a kernel takes anything

    return (present, steps, half, divisor), kernel, fits


_KINDS = (linear.Linear, percentage.Percentage, hyperbolic.Hyperbolic)
_MAKERS = (_linear, _percentage, _hyperbolic)
