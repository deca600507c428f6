"""reduce="even levels": of falls of one size, the one after which the modelled level of the day is most even."""

from itertools import pairwise

import pytest

import benzotaper as bt
from benzotaper.errors import PlanError

GIVEN = {"start": "2026-12-01", "products": "UK", "splitting": "halves"}
CLOCK = {"morning": 8, "noon": 13, "evening": 18, "night": 22}


def spread(doses: dict[str, float], half_life_h: float) -> float:
    """How uneven the average levels between doses are: hour by hour over forty days, with no formula of the code."""
    level, levels = 0.0, []
    for hour in range(40 * 24):
        level += sum(dose for time, dose in doses.items() if CLOCK[time] == hour % 24)
        middle = level * 0.5 ** (0.5 / half_life_h)
        levels.append(middle)
        level *= 0.5 ** (1 / half_life_h)
    last_day = levels[-24:]  # from midnight
    clock = sorted(CLOCK[time] for time in CLOCK)
    stretches = [range(a, b) for a, b in pairwise(clock)] + [[*range(clock[-1], 24), *range(clock[0])]]
    means = [sum(last_day[hour] for hour in stretch) / len(stretch) for stretch in stretches]
    whole = sum(last_day) / 24
    return sum(len(stretch) * (mean - whole) ** 2 for stretch, mean in zip(stretches, means, strict=True))


def test_each_fall_leaves_the_most_even_level_of_all_falls_of_its_size() -> None:
    plan = bt.taper(
        "lorazepam 2-2-2-2 mg", bt.Linear("0.25 mg", every="2 weeks"), reduce="even levels", max_pieces=8, **GIVEN
    )
    half_life = 14.3  # lorazepam in drugs.csv
    compared = 0
    for before, step in pairwise(plan.steps[:20]):
        was = {a.time: float(a.dose.mg) for a in before.cycle[0]}
        now = dict.fromkeys(was, 0.0) | {a.time: float(a.dose.mg) for a in step.cycle[0]}
        others = [{**was, time: was[time] - 0.25} for time in was if was[time] > 0]
        least = min(spread(each, half_life) for each in others)
        assert spread(now, half_life) == pytest.approx(least, rel=1e-6)
        compared += len(others)
    assert compared > 40


def test_doses_around_the_longest_gap_fall_last() -> None:
    plan = bt.taper(
        "lorazepam 2-2-2-2 mg", bt.Linear("1 mg", every="2 weeks"), reduce="even levels", max_pieces=8, **GIVEN
    )
    doses = {a.time: a.dose for a in plan.steps[2].cycle[0]}
    assert doses["night"] > doses["noon"]
    assert doses["morning"] > doses["evening"]


def test_one_dose_a_day_falls_as_it_does_evenly() -> None:
    levels, evenly = (
        bt.taper("diazepam 10 mg at night", bt.Linear("1 mg", every="2 weeks"), reduce=way, **GIVEN)
        for way in ("even levels", "evenly")
    )
    assert levels.steps == evenly.steps


def test_an_unknown_half_life_is_refused() -> None:
    tablets = [bt.Product("etizolam", strength="0.5 mg", form="tablet")]
    with pytest.raises(PlanError, match="needs the half-life of etizolam"):
        bt.taper(
            "etizolam 1 mg twice daily",
            bt.Linear("0.5 mg", every="2 weeks"),
            reduce="even levels",
            **{**GIVEN, "products": tablets},
        )


def test_any_dose_is_refused() -> None:
    with pytest.raises(PlanError, match="ANY_DOSE"):
        bt.taper(
            "lorazepam 1 mg twice daily",
            bt.Linear("0.5 mg", every="2 weeks"),
            reduce="even levels",
            last_dose="0.5 mg",
            start="2026-12-01",
            products=bt.ANY_DOSE,
        )
