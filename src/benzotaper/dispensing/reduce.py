"""How a caller says in which way the doses of a day fall, and how a plan keeps it as text."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from benzotaper.dispensing.descent import ByDose, Evenly, InTurn, OneByOne, State, Way
from benzotaper.dispensing.levels import even_levels
from benzotaper.dispensing.shelf import EveryDose, Makeable
from benzotaper.doses import Dose, read_dose
from benzotaper.errors import PlanError
from benzotaper.intervals import TIMES, read_time

EVENLY, EVEN_LEVELS, IN_TURN = "evenly", "even levels", "in turn"
_REDUCE = "'evenly', 'even levels', 'in turn', times such as ('morning', 'night'), or pairs by dose"

Reduce: TypeAlias = "str | Sequence[str] | Sequence[tuple[str | Dose, str | Sequence[str]]]"
"""How the day falls: "evenly", "even levels", "in turn", times of the day, or pairs of a total and one of these."""


def read_reduce(value: Reduce, times: Sequence[str], makeable: Makeable, weights: State, *, drug: str) -> Way:
    """The way down that was asked for.

    Args:
        value: "evenly", "even levels", "in turn", a tuple of times, or pairs such as ``("16 mg", "in turn")``, the last
            to "0 mg".
        times: the times at which something is taken, in the order of the day.
        makeable: the doses that can be made.
        weights: the doses of the first regimen (ng).
        drug: the drug, whose half-life "even levels" needs.

    Raises:
        PlanError: an unknown word, times that leave one out, pairs that do not fall to 0 mg, or an unknown half-life.
    """
    check_reduce(value, any_dose=isinstance(makeable, EveryDose))
    if value == EVENLY:
        return Evenly(makeable, weights)
    if value == EVEN_LEVELS:
        return even_levels(drug, tuple(times), Evenly(makeable, weights))
    if value == IN_TURN:
        return InTurn(makeable)
    if all(isinstance(item, str) for item in value):
        return OneByOne(makeable, _order([str(item) for item in value], times))
    return ByDose(
        tuple(
            (read_dose(total, zero=True).ng, read_reduce(way, times, makeable, weights, drug=drug))
            for total, way in map(_pair, value)
        )
    )


def check_reduce(value: Reduce, *, any_dose: bool) -> None:
    """Refuse what is no way down, whoever takes what.

    Args:
        value: as `read_reduce`.
        any_dose: whether no products are given.

    Raises:
        PlanError, IntervalError: as `read_reduce`.
    """
    if value == EVEN_LEVELS and any_dose:
        message = "reduce 'even levels' chooses among doses that products make; not with ANY_DOSE"
        raise PlanError(message, value=value)
    if isinstance(value, str):
        if value not in (EVENLY, EVEN_LEVELS, IN_TURN):
            raise _unknown(value)
    elif not isinstance(value, Sequence) or not value:
        raise _unknown(value)
    elif all(isinstance(item, str) for item in value):
        for item in value:
            read_time(str(item))
    else:
        pairs = [_pair(item) for item in value]
        for _, way in pairs:
            check_reduce(way, any_dose=any_dose)
        floors = [read_dose(total, zero=True).ng for total, _ in pairs]
        if floors != sorted(set(floors), reverse=True) or floors[-1]:
            raise PlanError(f"reduce {value!r}: the totals must fall, the last to '0 mg'", value=value)


def _order(value: Sequence[str], times: Sequence[str]) -> tuple[int, ...]:
    order = [read_time(time) for time in value]
    if len(set(order)) < len(order) or set(times) - set(order):
        message = f"reduce {tuple(order)!r} must name each of {', '.join(times)} once"
        raise PlanError(message, value=value)
    return tuple(times.index(time) for time in order if time in times)


def reduce_text(value: Reduce) -> str:
    """The way down as text, for the record.

    >>> reduce_text([("16 mg", "in turn"), ("0 mg", ("morning", "night"))])
    'in turn to 16 mg; morning, night to 0 mg'
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, Sequence) or not value:
        raise _unknown(value)
    if all(isinstance(item, str) for item in value):
        return ", ".join(read_time(str(item)) for item in value)
    return "; ".join(f"{reduce_text(way)} to {read_dose(total, zero=True)}" for total, way in map(_pair, value))


def _unknown(value: object) -> PlanError:
    return PlanError(f"reduce {value!r} is not known; give {_REDUCE}", value=value)


def _pair(item: object) -> Any:
    """A total and the way down to it."""
    if isinstance(item, str) or not isinstance(item, Sequence) or len(item) != 2:  # noqa: PLR2004  a pair
        message = f"reduce: {item!r} must be a pair of a total and a way, such as ('16 mg', 'in turn')"
        raise PlanError(message, value=item)
    return item


def read_reduce_text(words: str) -> Reduce:
    """Read the way down from the text that a plan keeps of it: the inverse of `reduce_text`.

    >>> read_reduce_text("in turn to 16 mg; morning, night to 0 mg")
    [('16 mg', 'in turn'), ('0 mg', ('morning', 'night'))]
    """
    if ";" in words or " to " in words:
        pairs = [part.rpartition(" to ") for part in words.split(";")]
        return [(total.strip(), _way(way)) for way, _, total in pairs]
    return _way(words)


def _way(words: str) -> str | tuple[str, ...]:
    ways = tuple(word.strip() for word in words.split(","))
    return ways if len(ways) > 1 or ways[0] in TIMES else ways[0]
