"""Plans many distinct people at once, where the arithmetic is that of a kernel on a fixed chain. Imports numpy.

This is the common case: one linear, percentage or hyperbolic strategy to zero, on the chain of makeable totals that the
scalar planner made. The kernels are those of the strategies, on arrays; everything else is left to the scalar planner.

A chain is a stair of totals down to 0. All people of a block take their next ideal dose together. Most of them stay
where they are, so each place on a stair has an edge: the ideal dose below which the place is left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from benzotaper.cohorts.kernels import Kernel, kernels_for
from benzotaper.cohorts.records import RECORD, Records
from benzotaper.cohorts.templates import OPEN, Falling
from benzotaper.frame_cells import Ints
from benzotaper.intervals import LONGEST_DAYS
from benzotaper.planning.draft import MOST_STEPS
from benzotaper.schedules.base import ZERO, Steady

Flags: TypeAlias = npt.NDArray[np.bool_]
Keys: TypeAlias = npt.NDArray[np.int16]
_Found: TypeAlias = tuple[Keys, int, Ints]
SPACING = 2**31
"""More than any total (ng): keeps the chains apart in one sorted array."""
BLOCK = 16384
"""Plans at a time: their numbers stay in the processor's cache, and are counted in 16 bits."""
NEVER = 0
"""The edge of a place that is not left: no dose is below it."""
FULL = 0.75
"""The share of a block that is still on its way, below which those who have arrived are put aside."""


class Plans(NamedTuple):
    """Plans in rows, one after the other.

    Attributes:
        records: the rows.
        counts: the rows of each plan.
        done: which of the questions these are the answers to.
    """

    records: Records
    counts: Ints
    done: Ints


class Chains(NamedTuple):
    """The makeable totals below what each regimen takes, and 0: all chains in one array, each rising.

    Attributes:
        totals: the totals (ng).
        apart: for each of them its regimen's number times `SPACING`.
        zero: the place of each chain's 0.
        last: the place of the total that is taken now.
        present: that total; 0 where a regimen has no such chain.
        drug: the drug's place in `drug_names()`.
    """

    totals: Ints
    apart: Ints
    zero: Ints
    last: Ints
    present: Ints
    drug: Ints

    @classmethod
    def of(cls, fallings: Sequence[Falling | None]) -> Self:
        """The chains of some regimens; None where the scalar planner must be asked."""
        chains = [(*falling.totals, 0) if falling else (0,) for falling in fallings]
        lengths = np.array([len(chain) for chain in chains], dtype=np.int64)
        last = np.cumsum(lengths) - 1
        return cls(
            totals=np.array([total for chain in chains for total in reversed(chain)], dtype=np.int64),
            apart=np.repeat(np.arange(len(chains)) * SPACING, lengths),
            zero=last + 1 - lengths,
            last=last,
            present=np.array([chain[0] for chain in chains], dtype=np.int64),
            drug=np.array([falling.drug if falling else 0 for falling in fallings], dtype=np.int64),
        )


def is_steady(phases: Any) -> bool:
    """Whether these phases are one strategy that goes steadily to zero, with nothing else to be checked."""
    if not (isinstance(phases, tuple) and len(phases) == 1 and isinstance(phases[0], Steady)):
        return False
    return phases[0].down_to == ZERO and not getattr(phases[0], "preset", "")


def plan_steadily(
    chains: Chains, regimen: Ints, phases: Sequence[Steady], phase: Ints, *, nearest: bool
) -> Iterator[Plans]:
    """Plan people who each take one of some regimens and follow one of some strategies.

    Args:
        chains: of the regimens.
        regimen: the regimen of each.
        phases: strategies for which `is_steady` holds.
        phase: the strategy of each.
        nearest: whether totals are the nearest ones; else the smallest at or above the ideal.

    Yields:
        Plans of those for whom this is enough; whoever is never among `done` is for the scalar planner.
    """
    every = np.array([value.every for value in phases], dtype=np.int64)
    for kernel in kernels_for(phases, phase, chains.present[regimen]):
        stairs = _Stairs.of(chains, fades=kernel.fades, nearest=nearest)
        order = np.argsort(regimen[kernel.asked])  # so that people on one stair stand together
        for begin in range(0, len(order), BLOCK):
            block = order[begin : begin + BLOCK]
            some, own = kernel.asked[block], tuple(values[block] for values in kernel.own)
            plans = _plan_block(stairs, kernel._replace(own=own), regimen[some], every[phase[some]])
            yield plans._replace(done=some[plans.done])


class _Stairs(NamedTuple):
    """The chains, and where each of their places is left.

    Attributes:
        chains: the chains.
        edges: the ideal dose (ng) below which a place is left.
        bounds: the same in one rising array: the place for an ideal dose is the last whose bound is not above it.
        fades: whether the smallest total is taken for at least one level before 0.
    """

    chains: Chains
    edges: Ints
    bounds: Ints
    fades: bool

    @classmethod
    def of(cls, chains: Chains, *, fades: bool, nearest: bool) -> Self:
        """The stairs for one way to fall."""
        total, zero = chains.totals, chains.zero
        below = np.append(0, total[:-1])
        edges = -(-(total + below) // 2) if nearest else below + 1
        lowest = zero[chains.present > 0] + 1
        edges[lowest] = -(-total[lowest] // 2) if fades else 1
        edges[zero] = NEVER
        return cls(chains, edges, edges + chains.apart, fades)

    def place(self, at: Ints, dose: Ints, apart: Ints, zero: Ints) -> Ints:
        """The places for ideal doses below the edges of the present places."""
        found = np.searchsorted(self.bounds, dose + apart, side="right") - 1
        return np.maximum(found, np.minimum(zero + 1, at - 1)) if self.fades else found


@dataclass(slots=True)
class _Block:
    """People on their way; every array has a place for each.

    Attributes:
        key: which plan of the block it is.
        dose: the present ideal dose (ng).
        at: the present place on the stairs.
        edge: the ideal dose below which it is left.
        apart: what stands before a total in the chains.
        zero: the place of 0.
        every: how long each ideal dose is taken (days).
        own: what the kernel needs beside dose and level.
    """

    key: Keys
    dose: Ints
    at: Ints
    edge: Ints
    apart: Ints
    zero: Ints
    every: Ints
    own: tuple[Ints, ...]

    def keep(self, which: Flags) -> None:
        """Go on with some of them."""
        for name in ("key", "dose", "at", "edge", "apart", "zero", "every"):
            setattr(self, name, getattr(self, name)[which])
        self.own = tuple(values[which] for values in self.own)


def _plan_block(stairs: _Stairs, kernel: Kernel, regimen: Ints, every: Ints) -> Plans:
    """The plans of a block; `Plans.done` says which places of the block they have."""
    chains, number = stairs.chains, len(regimen)
    at = chains.last[regimen]
    block = _Block(
        key=np.arange(number, dtype=np.int16),
        dose=chains.present[regimen],
        at=at,
        edge=stairs.edges[at],
        apart=regimen * SPACING,
        zero=chains.zero[regimen],
        every=every,
        own=kernel.own,
    )
    late = np.zeros(number, dtype=bool)
    rows = _rows_of(_follow(block, stairs, kernel, late))
    late |= np.bincount(rows.key, minlength=number) >= MOST_STEPS
    return _plans(rows, late, every, regimen, chains)


def _follow(block: _Block, stairs: _Stairs, kernel: Kernel, late: Flags) -> Iterator[_Found]:
    """Follow the ideal doses down, as `planning.descents` does one by one.

    Args:
        block: those who begin.
        stairs: where they go.
        kernel: gives the ideal doses.
        late: is set for who takes too long; their way ends anywhere.

    Yields:
        Who comes to a new place: keys, level and places; first everybody.
    """
    if stairs.fades:
        block.edge[block.at == block.zero + 1] = NEVER  # who takes the smallest total takes it once more
    _go_down(block, stairs, kernel, 0)
    yield block.key, 0, block.at.copy()
    block.edge = stairs.edges[block.at]
    alive, level, longest = np.count_nonzero(block.edge), 0, int(block.every.max(initial=0))
    while alive > 0:
        level += 1
        moved = _go_down(block, stairs, kernel, level)
        if len(moved):
            yield block.key[moved], level, block.at[moved]
            alive -= len(moved) - np.count_nonzero(block.edge[moved])
        if (level + 1) * longest > LONGEST_DAYS:
            over = np.flatnonzero((block.edge > NEVER) & ((level + 1) * block.every > LONGEST_DAYS))
            late[block.key[over]], block.edge[over] = True, NEVER
            alive -= len(over)
        if alive < FULL * len(block.key):
            block.keep(block.edge > NEVER)


def _go_down(block: _Block, stairs: _Stairs, kernel: Kernel, level: int) -> Ints:
    """Take the ideal doses after those of `level`; who comes to another place by that."""
    block.dose = kernel.next_dose(block.dose, level + 1, *block.own)
    moved = np.flatnonzero(block.dose < block.edge)
    if len(moved):
        at = stairs.place(block.at[moved], block.dose[moved], block.apart[moved], block.zero[moved])
        block.at[moved], block.edge[moved] = at, stairs.edges[at]
    return moved


class _Rows(NamedTuple):
    """Rows as they were found: which plan, at which level, which place on the stairs."""

    key: Keys
    level: Ints
    at: Ints


def _rows_of(parts: Iterator[_Found]) -> _Rows:
    keys, levels, places = zip(*parts, strict=True)
    return _Rows(np.concatenate(keys), np.repeat(levels, [len(key) for key in keys]), np.concatenate(places))


def _plans(rows: _Rows, late: Flags, every: Ints, regimen: Ints, chains: Chains) -> Plans:
    """Rows in the order of plans and days, with steps and lengths; plans that take too long left out."""
    order = np.argsort(rows.key, kind="stable")  # of 16 bits: in linear time
    if late.any():
        order = order[~late[rows.key[order]]]
    key, level, at = (column[order] for column in rows)
    done = np.flatnonzero(~late)
    counts = np.bincount(key, minlength=len(late))[done]
    ends = np.cumsum(counts)
    first = ends - counts
    records = np.empty(len(key), dtype=RECORD)
    records["sum"], records["over"] = chains.totals[at], 1
    records["drug"] = np.repeat(chains.drug[regimen[done]], counts)
    records["day"] = day = level * every[key]
    records["days"][:-1] = np.diff(day)
    records["days"][ends - 1] = OPEN
    changed = at[first] != chains.last[regimen[done]]  # else step 0 is the present dose, kept for a while
    records["step"] = np.arange(len(key)) - np.repeat(first - changed, counts)
    return Plans(records, counts, done)
