"""How the doses of a day fall together: the chain of makeable states from the present doses to nothing.

A state is the dose (ng) at each time of the day, in the order of the day. No way down ever raises a dose or brings
one back: every state lies at or below the one before it, time by time.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeAlias

from benzotaper.dispensing.shelf import EveryDose, Makeable
from benzotaper.errors import PlanError

State: TypeAlias = tuple[int, ...]
_STATIC = "'evenly' or times such as ('morning', 'night'), or another fit"


class Way(Protocol):
    """One way for the doses of a day to fall."""

    __slots__ = ()

    def fall(self, state: State, ideal: int, *, nearest: bool) -> State:
        """The state for an ideal total.

        Args:
            state: the present doses (ng).
            ideal: the ideal total (ng); at least the smallest makeable dose.
            nearest: whether the total nearest to the ideal is wanted; else the smallest at or above it.
        """

    def finest_fall(self, state: State) -> int:
        """The smallest fall of the total from here (ng)."""

    def kept_above(self, state: State, *, nearest: bool) -> int:  # noqa: ARG002  one signature
        """An ideal total (ng) above which a state is surely kept; its own total where that is not known."""
        return sum(state)

    def chain(self, state: State) -> tuple[State, ...]:
        """All states from here down to the smallest total, whatever the ideal totals are.

        Raises:
            PlanError: they depend on the ideal totals.
        """


@dataclass(frozen=True, slots=True)
class Evenly(Way):
    """Always the largest total below, closest to the proportions of the first regimen, more at night on a tie."""

    makeable: Makeable
    weights: State
    known: "dict[State, _Chain]" = field(default_factory=dict, init=False, compare=False, repr=False)

    def fall(self, state: State, ideal: int, *, nearest: bool) -> State:
        """See `Way.fall`."""
        ideal = min(ideal, sum(state))
        if isinstance(self.makeable, EveryDose):
            return _proportional(state, ideal, self.weights)
        chain = self._chain_from(self.weights)
        # a state that another way has reached begins a chain of its own
        return _along(chain if state in chain.places else self._chain_from(state), ideal, nearest=nearest)

    def _chain_from(self, first: State) -> "_Chain":
        found = self.known.get(first)
        if found is None:
            found = self.known[first] = _chain(self, first)
        return found

    def kept_above(self, state: State, *, nearest: bool) -> int:
        """See `Way.kept_above`."""
        if isinstance(self.makeable, EveryDose):
            return sum(state)
        fall = self.finest_fall(state)
        return sum(state) - (fall // 2 if nearest else fall)

    def finest_fall(self, state: State) -> int:
        """See `Way.finest_fall`."""
        fall = self._chain_from(self.weights).falls.get(state)
        return sum(state) - sum(self.next_state(state)) if fall is None else fall

    def chain(self, state: State) -> tuple[State, ...]:
        """See `Way.chain`."""
        chain = self._chain_from(self.weights)
        return chain.states[chain.places[state] :] if state in chain.places else self._chain_from(state).states

    def next_state(self, state: State) -> State:
        """The next lower state."""
        if len(state) == 1:
            return (self.makeable.at_or_below(state[0] - 1),)
        falls = [dose - self.makeable.at_or_below(dose - 1) if dose else 0 for dose in state]
        finest = min(filter(None, falls))
        lower = [(*state[:i], state[i] - finest, *state[i + 1 :]) for i, fall in enumerate(falls) if fall == finest]
        return min(lower, key=lambda s: (self._unevenness(s), tuple(-dose for dose in reversed(s))))

    def _unevenness(self, state: State) -> int:
        total, whole = sum(state), sum(self.weights)
        return sum((dose * whole - total * w) ** 2 for dose, w in zip(state, self.weights, strict=True))


@dataclass(frozen=True, slots=True)
class OneByOne(Way):
    """Each time of the day to nothing before the next one falls."""

    makeable: Makeable
    order: tuple[int, ...]

    def fall(self, state: State, ideal: int, *, nearest: bool) -> State:
        """See `Way.fall`."""
        for index in self.order:
            state = _lower(state, index, ideal, self.makeable, nearest=nearest)
            if state[index]:
                break
        return state

    def finest_fall(self, state: State) -> int:
        """See `Way.finest_fall`."""
        dose = next(state[index] for index in self.order if state[index])
        return dose - self.makeable.at_or_below(dose - 1)

    def chain(self, state: State) -> tuple[State, ...]:
        """See `Way.chain`."""
        states = [state]
        for index in self.order:
            while dose := state[index]:
                state = (*state[:index], self.makeable.at_or_below(dose - 1), *state[index + 1 :])
                states.append(state)
        return tuple(states[:-1])


@dataclass(frozen=True, slots=True)
class InTurn(Way):
    """The whole fall from the largest dose of the day, the earliest on a tie."""

    makeable: Makeable

    def fall(self, state: State, ideal: int, *, nearest: bool) -> State:
        """See `Way.fall`."""
        index = state.index(max(state))
        lowered = _lower(state, index, ideal, self.makeable, nearest=nearest)
        # a dose that fell to nothing may not have been enough
        enough = lowered[index] or sum(lowered) <= ideal
        return lowered if enough else self.fall(lowered, ideal, nearest=nearest)

    def finest_fall(self, state: State) -> int:
        """See `Way.finest_fall`."""
        return max(state) - self.makeable.at_or_below(max(state) - 1)

    def chain(self, state: State) -> tuple[State, ...]:  # noqa: ARG002  one signature
        """See `Way.chain`."""
        message = f"reduce 'in turn' has no fixed chain of totals, which fit='smoothest' needs; give {_STATIC}"
        raise PlanError(message, value="in turn")


@dataclass(frozen=True, slots=True)
class ByDose(Way):
    """One way down to a total, then another: pairs of a total (ng) and the way that leads to it."""

    ways: tuple[tuple[int, Way], ...]

    def fall(self, state: State, ideal: int, *, nearest: bool) -> State:
        """See `Way.fall`."""
        for floor, way in self.ways:
            if sum(state) > floor:
                state = way.fall(state, max(ideal, floor), nearest=nearest and ideal >= floor)
            if ideal >= floor:
                return state
        return state

    def finest_fall(self, state: State) -> int:
        """See `Way.finest_fall`."""
        way = next((way for floor, way in self.ways if sum(state) > floor), self.ways[-1][1])
        return way.finest_fall(state)

    def chain(self, state: State) -> tuple[State, ...]:
        """See `Way.chain`."""
        states = [state]
        for floor, way in self.ways:
            states += [lower for lower in way.chain(states[-1])[1:] if sum(lower) >= floor]
        return tuple(states)


class _Chain(NamedTuple):
    """States from high to low; their totals negated, to search in; the place of each state, and the fall below it."""

    states: tuple[State, ...]
    negated: tuple[int, ...]
    places: dict[State, int]
    falls: dict[State, int]


@lru_cache(maxsize=4096)
def _chain(way: Evenly, first: State) -> _Chain:
    """All states from `first` down to the smallest total."""
    states = [first]
    lower = way.next_state(first)
    while any(lower):
        states.append(lower)
        lower = way.next_state(lower)
    totals = [sum(state) for state in states]
    falls = [above - below for above, below in zip(totals, [*totals[1:], 0], strict=True)]
    places = {state: place for place, state in enumerate(states)}
    return _Chain(tuple(states), tuple(-total for total in totals), places, dict(zip(states, falls, strict=True)))


def _along(chain: _Chain, ideal: int, *, nearest: bool) -> State:
    """The state whose total is the smallest at or above the ideal, or the nearest to it, the higher on a tie."""
    place = bisect_right(chain.negated, -ideal)  # the first total below the ideal
    above = max(place - 1, 0)
    below = min(place, len(chain.states) - 1)
    closer = nearest and ideal + chain.negated[below] < -chain.negated[above] - ideal
    return chain.states[below if closer else above]


def _lower(state: State, index: int, ideal: int, makeable: Makeable, *, nearest: bool) -> State:
    """Lower one dose so far that the total is the smallest at or above the ideal, or the nearest to it."""
    others = sum(state) - state[index]
    wanted = ideal - others
    if wanted >= state[index]:
        return state
    up = makeable.at_or_above(max(wanted, 0))
    down = makeable.at_or_below(max(wanted, 0))
    closer = nearest and wanted > 0 and (down or others) and wanted - down < up - wanted
    return (*state[:index], down if closer else up, *state[index + 1 :])


def _proportional(state: State, ideal: int, weights: State) -> State:
    """Share an ideal total by the first proportions, the odd nanograms to the later doses, none above the present."""
    whole = sum(weights)
    shares = [min(ideal * weight // whole, dose) for weight, dose in zip(weights, state, strict=True)]
    rest = ideal - sum(shares)
    for index in range(len(shares) - 1, -1, -1):
        more = min(rest, state[index] - shares[index])
        shares[index] += more
        rest -= more
    return tuple(shares)
