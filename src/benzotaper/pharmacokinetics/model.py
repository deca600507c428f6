"""The model: one compartment, and one for an active metabolite, in closed form.

A level is the average over the day that follows a dose, by the steady state of the starting dose. With first-order
elimination that average follows a change of dose as the level under an even input does, taken at the end of the day; so
one formula serves a dose once a day and a dose spread over it. Each function runs unchanged on numbers and on arrays.
"""

import math
from fractions import Fraction
from typing import Any

DAY_H = 24


def rate_per_day(half_life_h: Fraction) -> float:
    """The rate of elimination (1/day) of a half-life (h).

    >>> round(rate_per_day(Fraction(24)), 4)
    0.6931
    """
    return math.log(2) * DAY_H / float(half_life_h)


def left(days: Any, rate: float, *, lib: Any = math) -> Any:
    """The part of a level that is left after so many days without a dose.

    Args:
        days: a number, or an array of them.
        rate: of elimination (1/day).
        lib: `math`, or `numpy` for arrays.

    >>> left(2, rate_per_day(Fraction(24)))
    0.25
    """
    return lib.exp(-rate * days)


def moved(level: Any, target: Any, part_left: Any) -> Any:
    """A level on its way to the steady state of another dose.

    Args:
        level: the level at the beginning, by the steady state of the starting dose.
        target: the new dose, by the starting dose.
        part_left: as `left` gives it.

    >>> moved(1.0, 0.5, 0.25)
    0.625
    """
    return target + (level - target) * part_left


def formed(days: Any, rate: float, own_rate: float, *, lib: Any = math) -> Any:
    """How far a metabolite's level follows that of its parent after so many days: the part that is new by then.

    Args:
        days: a number, or an array of them.
        rate: of the parent's elimination (1/day).
        own_rate: of the metabolite's (1/day).
        lib: `math`, or `numpy` for arrays.

    >>> round(formed(1, 0.5, 0.5), 4)
    0.3033
    """
    apart = abs(rate - own_rate)
    spread = -lib.expm1(-apart * days) / apart if apart else days
    return own_rate * lib.exp(-min(rate, own_rate) * days) * spread


def followed(level: Any, parent: Any, target: Any, own_left: Any, new: Any) -> Any:
    """A metabolite's level, on its way after its parent.

    Args:
        level: its level at the beginning, by the steady state of the starting dose.
        parent: the parent's level at the beginning.
        target: the new dose, by the starting dose.
        own_left: as `left` gives it, with the metabolite's own rate.
        new: as `formed` gives it.

    >>> followed(1.0, 1.0, 1.0, 0.25, 0.3)
    1.0
    """
    return target + (level - target) * own_left + (parent - target) * new


def accumulation(half_life_h: Fraction) -> float:
    """The average level at steady state by that after the first dose, with a dose every 24 h.

    Args:
        half_life_h: the half-life (h).

    >>> round(accumulation(Fraction(39)), 1)
    2.9
    """
    after_a_day: float = left(1, rate_per_day(half_life_h))
    return 1 / (1 - after_a_day)


def together(parent: Any, metabolite: Any, weight: Fraction) -> Any:
    """What acts in all, by its steady state at the starting dose.

    Args:
        parent: the parent's level.
        metabolite: the metabolite's level.
        weight: the metabolite's level at steady state times its potency, both by those of the parent.

    >>> together(0.5, 1.0, Fraction(1))
    0.75
    """
    share = float(weight)
    return (parent + share * metabolite) / (1 + share)
