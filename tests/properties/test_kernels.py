"""Each strategy's arithmetic is one kernel: on an `int` and on an `int64` array it gives what the formula gives."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from math import floor, gcd
from typing import Any

import numpy as np
from hypothesis import assume, example, given, strategies as st

import benzotaper as bt
from benzotaper.errors import StrategyError
from benzotaper.schedules import linear, percentage, substitution
from benzotaper.schedules.alternate_day import AlternateDay, is_low
from benzotaper.schedules.base import Strategy, Taper
from benzotaper.schedules.hyperbolic import Hyperbolic, check_fits, rung, steps_for
from strategies import strategy_values

DAY_NG = 10**9  # 1000 mg
NG = st.integers(1, DAY_NG)


def on_both(kernel: Callable[..., Any], *given_: int) -> int:
    """The result on ints, which an array of one int64 and one of many must match."""
    result = kernel(*given_)
    array = kernel(*(np.array([value, value], dtype=np.int64) for value in given_))
    assert array.dtype in (np.int64, np.bool_)
    assert array.tolist() == [result, result]
    mixed = kernel(np.array([given_[0]], dtype=np.int64), *given_[1:])
    assert mixed.tolist() == [result]
    return result  # type: ignore[no-any-return]  # a kernel takes anything


@given(NG, NG, st.integers(0, DAY_NG))
def test_linear_falls_by_a_step_and_never_below_its_floor(dose: int, step: int, least: int) -> None:
    assume(least <= dose)
    assert on_both(linear.fall, dose, step, least) == max(dose - step, least)


@given(NG, st.integers(0, DAY_NG), st.integers(1, 2000))
def test_linear_rungs_are_equal_falls_rounded_down(first: int, least: int, steps: int) -> None:
    assume(least < first)
    rungs = [linear.rung(first, number, steps, least) for number in range(steps + 1)]
    assert rungs[0] == first
    assert rungs[-1] == least
    assert all(a >= b for a, b in pairwise(rungs))
    number = steps // 2
    assert on_both(linear.rung, first, number, steps, least) == floor(first - Fraction((first - least) * number, steps))


@given(NG, st.integers(1, 9999))
def test_percentage_takes_its_share_and_rounds_down(dose: int, hundredths: int) -> None:
    after = on_both(percentage.fall, dose, hundredths)
    assert after == floor(dose * (1 - Fraction(hundredths, 10_000)))
    assert after < dose
    assert percentage.fall(dose + 1, hundredths) >= after


@given(NG, st.integers(1, 10**6), st.integers(1, 10**6))
def test_substitution_rounds_the_equivalent_down(dose: int, numerator: int, denominator: int) -> None:
    enters = on_both(substitution.incoming, dose, numerator, denominator)
    assert enters == floor(dose * Fraction(numerator, denominator))
    assert enters + substitution.incoming(DAY_NG, numerator, denominator) <= Fraction(
        (dose + DAY_NG) * numerator, denominator
    )


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 200))
def test_hyperbolic_rungs_are_equal_falls_of_occupancy(first_mcg: int, half_mcg: int, steps: int) -> None:
    first, half = first_mcg * 1000, half_mcg * 1000
    divisor = gcd(first, half)
    assume(half // divisor * first * steps < 2**63)
    occupied = Fraction(first, first + half)
    rungs = []
    for number in range(steps + 1):
        wanted = occupied * Fraction(steps - number, steps)
        rungs.append(on_both(rung, first, number, steps, half, divisor))
        assert rungs[-1] == floor(half * wanted / (1 - wanted))
        # rounded down by less than a nanogram, so the occupancy is below by less than that of one
        assert 0 <= wanted - Fraction(rungs[-1], rungs[-1] + half) < Fraction(1, half)
    assert rungs[0] == first
    assert rungs[-1] == 0
    assert all(a >= b for a, b in pairwise(rungs))


@given(NG, st.integers(1, 9999), NG)
def test_the_falls_of_occupancy_are_the_fewest_that_are_small_enough(first: int, points: int, half: int) -> None:
    steps = steps_for(first, points, half)
    occupied = Fraction(first, first + half)
    assert occupied / steps <= Fraction(points, 10_000)
    assert steps == 1 or occupied / (steps - 1) > Fraction(points, 10_000)


@given(NG, NG, st.integers(1, 2000))
def test_what_would_overflow_is_refused_and_nothing_else(first: int, half: int, steps: int) -> None:
    divisor = gcd(first, half)
    try:
        check_fits(first, half, steps, divisor)
    except StrategyError:
        assert half * first * steps // divisor >= 2**63
    else:
        for number in (0, 1, steps // 2, steps):
            on_both(rung, first, number, steps, half, divisor)


def test_low_days_are_as_many_as_asked_and_evenly_spread() -> None:
    for number in range(8):
        low = [bool(on_both(is_low, day, number)) for day in range(7)]
        assert sum(low) == number
        for length in range(1, 7):
            counts = [sum((low + low)[first : first + length]) for first in range(7)]
            assert max(counts) - min(counts) <= 1


@given(st.integers(1000, 10**8), st.integers(500, 9999))
def test_the_mean_of_an_alternate_day_course_falls_evenly(start: int, share: int) -> None:
    course = AlternateDay(bt.Percent(share), low_days=range(1, 8), zero_days=True, every="1 week")
    step = start * share // 10_000
    assume(step)
    levels = list(course.levels(start, start, floor=0, lowest=0))
    means = [
        Fraction(sum(low * v.low + (not low) * v.high for low in v.cycle), 7) if v.cycle else Fraction(v.high)
        for v in levels
    ]
    falls = [a - b for a, b in zip([Fraction(start), *means], means, strict=False)]
    assert means[-1] == 0
    assert set(falls[: start // step * 7]) == {Fraction(step, 7)}
    assert [v.mean for v in levels] == [floor(mean) for mean in means]


@given(strategy_values())
def test_a_strategy_is_read_back_from_its_text(value: Strategy) -> None:
    again = bt.strategy(str(value))
    assert again == value
    assert hash(again) == hash(value)
    assert str(again) == str(value)
    assert type(again) is type(value)
    assert bt.strategy("  ".join(str(value).split(" "))) == value


@given(strategy_values(), strategy_values())
def test_strategies_with_one_text_are_equal_and_others_are_not(one: Strategy, other: Strategy) -> None:
    assert (one == other) == (str(one) == str(other))


@given(strategy_values(), NG, st.integers(0, 10**7))
@example(bt.AlternateDay("1 mg", low_days="every other day", every="1 week", down_to="0.5 mg"), 4 * 10**6, 10**6)
def test_no_level_passes_the_end_or_rises(value: Strategy, start: int, lowest: int) -> None:
    assume(isinstance(value, Taper))
    assert isinstance(value, Taper)
    end = value.floor(start)
    assume(end < start)
    now = start
    try:
        for _, level in zip(range(300), value.levels(start, start, floor=end, lowest=min(lowest, start)), strict=False):
            assert end <= level.high <= now
            assert level.days >= 1
            assert not level.cycle or (0 <= level.low < level.high and (level.low >= end))
            now = level.high
    except StrategyError:
        return  # a step that is nothing of this dose, or too many digits


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(100, 5000))
def test_hyperbolic_levels_fall_by_at_most_the_points(first_mcg: int, half_mcg: int, points: int) -> None:
    course = Hyperbolic(bt.Dose.of_ng(half_mcg * 1000), points=bt.Percent(points), every="1 week")
    half, now = half_mcg * 1000, first_mcg * 1000
    try:
        for level in course.levels(now, now, floor=0, lowest=0):
            fell = Fraction(now, now + half) - Fraction(level.high, level.high + half)
            assert fell <= Fraction(points, 10_000) + Fraction(1, half)
            now = level.high
    except StrategyError:
        return  # too many digits
    assert now == 0
