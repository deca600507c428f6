"""A way down that keeps the modelled level of the day most even, for drugs that wear off between doses.

The model has one compartment and the drug's own half-life. Each dose counts at once; absorption, active metabolites and
the person are left out, and the clock times are ours. It chooses between falls of the same size, and gives no level.
"""

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache

from benzotaper.dispensing.descent import Evenly, State
from benzotaper.drugs import drug_named
from benzotaper.errors import PlanError
from benzotaper.unknown import Unknown

CLOCK_H = {"morning": 8, "noon": 13, "evening": 18, "night": 22}
"""Hours of the day at which doses are taken: project default, confirm."""
DAY_H = 24
_SCALE = 10**12
_EXACT = Context(prec=40)  # decimal arithmetic gives the same digits on every machine


@dataclass(frozen=True, slots=True)
class EvenLevels(Evenly):
    """Always the largest total below; among those of one size, the one with the most even average level.

    Attributes:
        hours: how long it is from each dose to the next (hours).
        shares: what one ng at each time adds to the average level between each dose and the next, scaled.
    """

    hours: State
    shares: tuple[State, ...]

    def _unevenness(self, state: State) -> int:
        """The variance of the average levels over the day, scaled."""
        levels = [sum(share * dose for share, dose in zip(row, state, strict=True)) for row in self.shares]
        mean = sum(level * hours for level, hours in zip(levels, self.hours, strict=True))  # times 24
        return sum(hours * (DAY_H * level - mean) ** 2 for level, hours in zip(levels, self.hours, strict=True))


def even_levels(drug: str, times: tuple[str, ...], base: Evenly) -> EvenLevels:
    """The way down with the most even levels.

    Args:
        drug: the drug; its terminal half-life (hours) is that of the data.
        times: when it is taken.
        base: the doses that can be made, and the first ones.

    Raises:
        PlanError: the half-life is unknown.

    Limits: see the module; levels are relative averages. Half-lives differ several-fold between people.

    Sources: `drugs.csv` (half-lives), see `benzotaper.cite`.
    """
    half_life = drug_named(drug).half_life_h
    if isinstance(half_life, Unknown):
        message = f"reduce 'even levels' needs the half-life of {drug}, which is unknown; give 'evenly' or times"
        raise PlanError(message, value=drug)
    hours, shares = level_shares(times, half_life)
    return EvenLevels(base.makeable, base.weights, hours, shares)


@cache
def level_shares(times: tuple[str, ...], half_life_h: Fraction) -> tuple[State, tuple[State, ...]]:
    """How long it is between doses, and how much each dose adds to the average level of each stretch between doses.

    Args:
        times: times of the day, in order.
        half_life_h: the half-life (hours).

    Returns:
        The hours from each dose to the next, and a row a stretch: one share a dose, at steady state, in whole numbers
        of the same scale.

    >>> level_shares(("night",), Fraction(24))[0]
    (24,)
    """
    clock = [CLOCK_H[time] for time in times]
    hours = tuple((after - now) % DAY_H or DAY_H for now, after in zip(clock, clock[1:] + clock[:1], strict=True))
    left = {h: _left(h, half_life_h) for h in range(DAY_H + 1)}
    rows = []
    for start, length in zip(clock, hours, strict=True):
        fade = (1 - left[length]) / length  # the average over the stretch of what is there at its start
        rows.append(tuple(int(_SCALE * fade * left[(start - taken) % DAY_H] / (1 - left[DAY_H])) for taken in clock))
    return hours, tuple(rows)


def _left(hours: int, half_life_h: Fraction) -> Fraction:
    """The part of a dose that is left after so many hours, to 40 digits."""
    exponent = _EXACT.divide(Decimal(-hours * half_life_h.denominator), Decimal(half_life_h.numerator))
    return Fraction(_EXACT.power(Decimal(2), exponent))
