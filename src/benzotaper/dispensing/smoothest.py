"""The evenest way down a falling chain of totals: the smallest largest relative fall, by exact dynamic programming.

Whole numbers only: a relative fall is compared as a pair of them, never as a float. The current dose begins the
sequence; the fall to zero is not part of it.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import gcd, isqrt
from operator import add

from benzotaper.errors import PlanError

_COST_BITS = 40
_TRIALS = 16
_NEVER = 1 << 128
"""More than any sum of costs: no way leads on."""


def best_totals(totals: Sequence[int], *, intervals: int, last: int) -> tuple[int, ...]:
    """The sequence with the smallest largest relative fall, from the first total to the last dose.

    Between equal ones: the least sum of ``(a - b)**2 * 2**40 // a**2`` over its falls, then the higher doses first.

    Args:
        totals: the totals of the chain (ng), falling; the first is the current dose.
        intervals: how many falls there may be, at most: one a date of the strategy before zero.
        last: the last dose (ng), one of `totals`.

    Raises:
        PlanError: no date is left for a fall that is needed, or the last dose is not on the chain.

    >>> best_totals([10, 8, 7, 6, 5, 4, 3, 2], intervals=3, last=2)
    (10, 6, 4, 2)
    """
    if last not in totals or (intervals < 1 and last != totals[0]):
        message = f"a last dose of {last} ng cannot be reached in {intervals} falls on this chain"
        raise PlanError(message, value=last)
    scale = gcd(*totals)
    doses = [total // scale for total in totals[: totals.index(last) + 1]]
    most = min(intervals, len(doses) - 1)
    reach = _reaches(doses, _smallest_cap(doses, most))
    return tuple(doses[place] * scale for place in _cheapest(doses, reach, most))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Why no allowed sequence has a smaller largest relative fall.

    Attributes:
        before, after: the totals around the largest fall (ng), the first of equal ones; equal where nothing falls.
        intervals: how many falls there may be.
        needed: how many falls a sequence of smaller ones needs at least, more than `intervals`; 0 where none is enough.
        gap: where none is enough, neighbours of the chain (ng) that no smaller fall bridges; else empty.
    """

    before: int
    after: int
    intervals: int
    needed: int
    gap: tuple[int, ...]

    @property
    def fall(self) -> Fraction:
        """The largest relative fall, as a share of the total before it."""
        return Fraction(self.before - self.after, self.before)


def proof(totals: Sequence[int], sequence: Sequence[int], *, intervals: int) -> Proof:
    """Check again, by plain comparison, that a sequence is allowed and that no allowed one has a smaller largest fall.

    Args:
        totals: the totals of the chain (ng), falling; the first is the current dose.
        sequence: the totals chosen (ng), from the current dose to the last one.
        intervals: how many falls there may be, at most.

    Raises:
        PlanError: the sequence leaves the chain, does not fall, takes too long, or a smaller largest fall is possible.

    >>> proof([10, 8, 7, 6, 5, 4, 3, 2], [10, 6, 4, 2], intervals=3)
    Proof(before=4, after=2, intervals=3, needed=4, gap=())
    """
    falls = list(pairwise(sequence))
    on_chain = set(sequence) <= set(totals) and sequence[0] == totals[0]
    if not on_chain or len(falls) > intervals or any(a <= b for a, b in falls):
        message = f"{list(sequence)} ng is no falling sequence of this chain within {intervals} falls"
        raise PlanError(message, value=tuple(sequence))
    before, after = max(falls, key=lambda fall: Fraction(fall[0] - fall[1], fall[0]), default=(sequence[0],) * 2)
    needed, gap = _steps_of_smaller_falls(totals, sequence[-1], before, after)
    if falls and not gap and needed <= intervals:
        message = f"{needed} falls, each smaller than from {before} to {after} ng, reach {sequence[-1]} ng too"
        raise PlanError(message, value=tuple(sequence))
    return Proof(before=before, after=after, intervals=intervals, needed=needed, gap=gap)


def _steps_of_smaller_falls(totals: Sequence[int], last: int, before: int, after: int) -> tuple[int, tuple[int, ...]]:
    """How many falls smaller than that from `before` to `after` lead to the last dose, or the gap that none bridges."""
    steps, at = 0, totals[0]
    while at > last:
        # going as far as can be is best: from a lower dose, smaller falls never end higher
        lowest = min(b for b in totals if b == at or (b >= last and (at - b) * before < (before - after) * at))
        if lowest == at:
            return 0, (at, max(b for b in totals if b < at))
        steps, at = steps + 1, lowest
    return steps, ()


# ---- the cap: the smallest largest fall


def _bits(doses: Sequence[int]) -> int:
    """So many binary places tell all relative falls apart: two of them differ by at least 1 / doses[0]²."""
    return 2 * doses[0].bit_length()


def _reaches(doses: Sequence[int], cap: int) -> list[int]:
    """For each place, the farthest place whose relative fall from it, in binary places rounded down, is in the cap."""
    bits, negated = _bits(doses), [-dose for dose in doses]
    # floor((a - b) * 2**bits / a) <= cap  exactly where  a - b <= ((cap + 1) * a - 1) >> bits
    return [bisect_left(negated, (((cap + 1) * dose - 1) >> bits) - dose + 1) - 1 for dose in doses]


def _smallest_cap(doses: Sequence[int], most: int) -> int:
    """The smallest cap within which the last dose is reached in time; a greedy walk tells, as reaches only grow."""
    low, high = 0, (doses[0] - doses[-1] << _bits(doses)) // doses[0]  # one fall is always in time
    while low < high:
        middle = (low + high) // 2
        if _in_time(doses, middle, most):
            high = middle
        else:
            low = middle + 1
    return low


def _in_time(doses: Sequence[int], cap: int, most: int) -> bool:
    bits, negated, end = _bits(doses), [-dose for dose in doses], len(doses) - 1
    place = 0
    for _ in range(most):
        dose = doses[place]
        farthest = bisect_left(negated, (((cap + 1) * dose - 1) >> bits) - dose + 1) - 1
        if farthest >= end:
            return True
        if farthest == place:
            return False
        place = farthest
    return place == end


# ---- the sum: the cheapest way within the cap


def _cheapest(doses: Sequence[int], reach: Sequence[int], most: int) -> list[int]:
    """Places from first to last: the least sum within the cap; between equal ones the higher dose first."""
    end = len(doses) - 1
    costs = [
        [((a - b) * (a - b) << _COST_BITS) // (a * a) for b in doses[i + 1 : reach[i] + 1]] for i, a in enumerate(doses)
    ]
    onward = _worth_trying(costs, most)
    costs = [costs[i][span.start - i - 1 : span.stop - i - 1] if span else [] for i, span in enumerate(onward)]
    reached = [{0}]  # by how many falls
    for _ in range(most):
        reached.append({lower for place in reached[-1] for lower in onward[place]})
    layers = [[_NEVER] * end + [0]]  # the least sum from each place on, by how many falls are left
    for left in range(1, most + 1):
        after, layer = layers[-1], [_NEVER] * end + [0]
        for place in reached[most - left]:
            if span := onward[place]:
                layer[place] = min(map(add, costs[place], after[span.start : span.stop]))
        layers.append(layer)
    way = [0]
    while way[-1] < end:
        span, after = onward[way[-1]], layers[most - len(way)]
        sums = list(map(add, costs[way[-1]], after[span.start : span.stop]))
        way.append(span[sums.index(min(sums))])
    return way


def _worth_trying(costs: Sequence[Sequence[int]], most: int) -> list[range]:
    """From each place, the span of places that the cheapest way may fall to; empty where it cannot pass there.

    Each fall is charged a toll, so that falls need not be counted. The cheapest way pays at most `most` tolls, so a
    fall is on none where the cheapest tolled way over it costs more than a way that is known and `most` tolls. That is
    so with any toll; it leaves least to try with one at which the cheapest tolled way has just as many falls.
    """
    toll, known, rest = _good_toll(costs, most)
    so_far = [0] + [_NEVER] * (len(costs) - 1)
    spans = []
    for place, prices in enumerate(costs[:-1]):
        first, stop, paid = place + 1, place + 1 + len(prices), so_far[place] + toll
        so_far[first:stop] = map(min, so_far[first:stop], [paid + price for price in prices])
        spare = known + toll * most - paid
        kept = [n for n, left in enumerate(map(add, prices, rest[first:stop]), first) if left <= spare]
        spans.append(range(kept[0], kept[-1] + 1) if kept else range(0))
    return [*spans, range(0)]


def _good_toll(costs: Sequence[Sequence[int]], most: int) -> tuple[int, int, list[int]]:
    """A toll, the sum of a way that is short enough, and the least tolled sum from each place on."""
    low, high, toll = 1, most << _COST_BITS, 0
    rest = _tolled(costs, high)  # no further fall is worth so high a toll, so the way has the fewest falls
    best = high, _along(costs, rest)[1], rest
    for _ in range(_TRIALS):
        rest = _tolled(costs, toll)
        falls, total = _along(costs, rest)
        if falls <= most:
            high, best = toll, (toll, total, rest)
            if falls == most or not toll:
                break
        low = max(low, toll) if falls > most else low
        # falls grow about as one over the root of the toll; else halve the range of its digits
        toll = toll * falls * falls // (most * most) or best[1] // most
        toll = toll if low < toll < high else isqrt(low * high)
    return best


def _tolled(costs: Sequence[Sequence[int]], toll: int) -> list[int]:
    """The least sum of costs and tolls from each place to the end."""
    rest = [0] * len(costs)
    for place in range(len(costs) - 2, -1, -1):
        prices = costs[place]
        rest[place] = toll + min(map(add, prices, rest[place + 1 : place + 1 + len(prices)]))
    return rest


def _along(costs: Sequence[Sequence[int]], rest: Sequence[int]) -> tuple[int, int]:
    """How many falls the cheapest tolled way has, and the sum of their costs."""
    place, falls, total = 0, 0, 0
    while place < len(costs) - 1:
        prices = costs[place]
        sums = list(map(add, prices, rest[place + 1 : place + 1 + len(prices)]))
        chosen = sums.index(min(sums))
        place, falls, total = place + 1 + chosen, falls + 1, total + prices[chosen]
    return falls, total
