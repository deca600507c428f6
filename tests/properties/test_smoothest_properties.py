"""The smoothest sequence is the best one: against brute force where all can be listed, else against shortest paths.

The shortest paths are those of networkx: fewest falls for the smallest cap, then the least sum over a graph whose nodes
are a total and the number of falls so far.
"""

import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

import networkx as nx
import pytest
from calls import beginnings, choices, courses, stocks
from hypothesis import HealthCheck, event, given, settings, strategies as st
from invariants import check_plan, day_total

import benzotaper as bt
from benzotaper.dispensing.smoothest import best_totals, proof
from benzotaper.errors import BenzotaperError, PlanError
from tablets import TIMES, State, doses_of, next_lower, step_down

FAMILIES = ("linear", "percentage", "hyperbolic")
LARGEST_CHAIN = 81


def fall(before: int, after: int) -> Fraction:
    return Fraction(before - after, before)


def cost(before: int, after: int) -> int:
    return (before - after) ** 2 * 2**40 // before**2


def sequences(totals: Sequence[int], falls: int, last: int) -> Iterator[tuple[int, ...]]:
    """Every falling sequence from the first total to the last dose of at most so many falls."""
    first, between = totals[0], [total for total in totals[1:] if total > last]
    if first == last:
        yield (first,)
        return
    for count in range(min(falls, len(between) + 1)):
        for middle in combinations(between, count):
            yield (first, *middle, last)


def brute_force(totals: Sequence[int], falls: int, last: int) -> tuple[tuple[int, ...], bool]:
    """The best of all sequences, and whether another one has the same largest fall and sum."""
    ranks = {share: rank for rank, share in enumerate(sorted({fall(a, b) for a, b in combinations(totals, 2)}))}
    rank = {(a, b): ranks[fall(a, b)] for a, b in combinations(totals, 2)}
    price = {(a, b): cost(a, b) for a, b in combinations(totals, 2)}
    rated = [
        (max((rank[pair] for pair in pairwise(way)), default=0), sum(price[pair] for pair in pairwise(way)), way)
        for way in sequences(totals, falls, last)
    ]
    least = min(rated)[:2]
    equal = [way for *rating, way in rated if tuple(rating) == least]
    return max(equal), len(equal) > 1


def shortest_path(totals: Sequence[int], falls: int, last: int) -> tuple[int, ...]:
    """The best sequence by networkx."""
    doses = [total for total in totals if total >= last]
    if len(doses) == 1:
        return (last,)
    caps = sorted({fall(a, b) for a, b in combinations(doses, 2)})

    def fewest(cap: Fraction) -> int:
        graph = nx.DiGraph((a, b) for a, b in combinations(doses, 2) if fall(a, b) <= cap)
        graph.add_nodes_from(doses)
        return nx.shortest_path_length(graph, doses[0], last) if nx.has_path(graph, doses[0], last) else falls + 1

    cap = caps[bisect_left(caps, x=True, key=lambda cap: fewest(cap) <= falls)]
    graph = nx.DiGraph()
    for a, b in combinations(doses, 2):
        if fall(a, b) <= cap:
            price = cost(a, b)
            graph.add_weighted_edges_from(((a, n), (b, n + 1), price) for n in range(falls))
    graph.add_weighted_edges_from(((last, n), "end", 0) for n in range(1, falls + 1))
    found = nx.all_shortest_paths(graph, (doses[0], 0), "end", weight="weight")
    return max(tuple(dose for dose, _ in path[:-1]) for path in found)


# ---- against every sequence there is


def test_it_equals_brute_force_on_every_chain_of_doses_up_to_9() -> None:
    tried = 0
    for size in range(1, 10):
        for chain in combinations(range(9, 0, -1), size):
            for last in chain:
                for falls in range(1, min(8, size) + 1):
                    assert best_totals(chain, intervals=falls, last=last) == brute_force(chain, falls, last)[0]
                    tried += 1
    assert tried > 8000


@pytest.mark.parametrize("largest", [24, 60, 400, 80 * 10**6])
def test_it_equals_brute_force_on_random_chains_of_up_to_12_doses_and_8_falls(largest: int) -> None:
    chance, ties = random.Random(largest), 0  # noqa: S311  examples, no secret
    for _ in range(1000):
        chain = sorted(chance.sample(range(1, largest + 1), chance.randint(1, 12)), reverse=True)
        falls, last = chance.randint(1, 8), chance.choice(chain[-3:])
        expected, tied = brute_force(chain, falls, last)
        assert best_totals(chain, intervals=falls, last=last) == expected, (chain, falls, last)
        ties += tied
    assert ties or largest > 60, "no example has a tie, so none shows how ties are broken"


TIED = ((36, 6, 3, 1), (72, 36, 12, 6, 3, 1), (144, 72, 36, 18, 6, 3, 1), (108, 18, 12, 9, 6, 3, 2, 1))


@pytest.mark.parametrize("chain", TIED)
def test_a_tie_goes_to_the_higher_doses_first(chain: tuple[int, ...]) -> None:
    for falls in range(1, len(chain)):
        assert best_totals(chain, intervals=falls, last=1) == brute_force(chain, falls, 1)[0]
    assert any(brute_force(chain, falls, 1)[1] for falls in range(1, len(chain)))


# ---- against shortest paths, in full size


@pytest.mark.parametrize(
    ("totals", "falls"),
    [
        (range(81, 0, -1), 40),
        (range(82, 1, -1), 40),
        (range(160, 79, -1), 40),
        (range(81, 0, -1), 25),
        (range(81, 0, -1), 80),
        ((*range(160, 80, -2), *range(80, 3, -2), 2, 1), 40),
    ],
)
def test_it_equals_the_shortest_path_in_full_size(totals: Sequence[int], falls: int) -> None:
    scaled = [total * 500_000 for total in totals]
    found = best_totals(scaled, intervals=falls, last=scaled[-1])
    assert found == shortest_path(scaled, falls, scaled[-1])


@settings(max_examples=settings().max_examples // 10, suppress_health_check=[HealthCheck.too_slow])  # graphs are large
@given(st.sets(st.integers(1, 10**8), min_size=20, max_size=LARGEST_CHAIN), st.integers(2, 40))
def test_it_equals_the_shortest_path_on_uneven_chains(doses: set[int], falls: int) -> None:
    totals = sorted(doses, reverse=True)
    assert best_totals(totals, intervals=falls, last=totals[-1]) == shortest_path(totals, falls, totals[-1])


# ---- the proof


@given(st.sets(st.integers(1, 60), min_size=2, max_size=10), st.integers(1, 8))
def test_the_proof_holds_for_the_best_and_for_none_that_falls_further(doses: set[int], falls: int) -> None:
    totals = sorted(doses, reverse=True)
    best = best_totals(totals, intervals=falls, last=totals[-1])
    smallest = max(fall(a, b) for a, b in pairwise(best))
    proved = proof(totals, best, intervals=falls)
    assert proved.fall == smallest
    smaller = [w for w in sequences(totals, 99, totals[-1]) if max(fall(a, b) for a, b in pairwise(w)) < smallest]
    assert bool(proved.gap) == (not smaller)
    assert proved.needed == min((len(way) - 1 for way in smaller), default=0)
    assert not smaller or proved.needed > falls
    for way in sequences(totals, falls, totals[-1]):
        if max(fall(a, b) for a, b in pairwise(way)) > smallest:
            with pytest.raises(PlanError, match="each smaller"):
                proof(totals, way, intervals=falls)


# ---- whole plans


@st.composite
def smoothest_calls(draw: st.DrawFn) -> dict[str, Any]:
    """Calls for the smoothest fit: one or two phases that it allows, a chain that stays the same, not too long."""
    begin = draw(beginnings(draw(stocks())))
    regimen = bt.Regimen(begin.stock.drug, release=begin.stock.release, **begin.taken())
    course = draw(courses(draw(st.sampled_from(FAMILIES)), begin, total=begin.total))
    reduce = draw(st.one_of(st.just("evenly"), st.permutations(list(begin.doses)).map(tuple)))
    more = draw(choices(begin, given=begin.stock.given))
    return course | more | {"regimen": regimen, "fit": "smoothest", "reduce": reduce}


def chain_of(plan: bt.Plan) -> list[int]:
    """The totals on the way down, from doses that brute force says can be made."""
    request = plan.record.request
    usual = tuple(request.regimen.doses[time].ng for time in TIMES if time in request.regimen.doses)
    times = [time for time in TIMES if time in request.regimen.doses]
    most = max(6, request.max_pieces) if not request.max_pieces else request.max_pieces
    products = plan.record.shelf
    while not set(usual) <= set(doses := doses_of(products, request.splitting, most, max(usual))):
        most += 1
    state, found = usual, [sum(usual)]
    while any(state := lower(state, usual, doses, request.reduce, times)):
        found.append(sum(state))
    return found


def lower(state: State, usual: State, doses: tuple[int, ...], reduce: str, times: Sequence[str]) -> State:
    if reduce == "evenly":
        return step_down(doses, state, usual)
    place = next(times.index(time) for time in reduce.split(", ") if state[times.index(time)])
    return (*state[:place], next_lower(doses, state[place]), *state[place + 1 :])


def totals_of(plan: bt.Plan) -> list[int]:
    """The totals before zero."""
    return [total for step in plan.steps if (total := day_total(step.cycle[0]))]


def test_a_smoothest_plan_is_the_best_sequence_of_its_chain() -> None:
    results: Counter[str] = Counter()

    @settings(suppress_health_check=[HealthCheck.too_slow])  # building shelves is the work
    @given(smoothest_calls())
    def each(asked: dict[str, Any]) -> None:
        try:
            up = bt.taper(**asked | {"fit": "up"})
            plan = bt.taper(**asked)
        except BenzotaperError as error:
            event(f"refused: {type(error).__name__}")
            results["refused"] += 1
            return
        results["plan"] += 1
        check_plan(plan)
        check_against_up(plan, up)
        chain, taken = chain_of(plan), totals_of(plan)
        falls = len(plan.record.ideal) - (plan.record.ending == "zero")
        assert set(taken) <= set(chain)
        if len(chain) <= LARGEST_CHAIN and falls <= 40:
            results["compared"] += 1
            assert taken == list(shortest_path(chain, falls, taken[-1]))

    each()
    assert results["compared"] > results["refused"] / 4, results


def check_against_up(plan: bt.Plan, up: bt.Plan) -> None:
    """The same ideal course, last dose and end; changes at its dates; no fall that is worse than the worst of up."""
    assert plan.record.ideal == up.record.ideal
    assert plan.record.ending == up.record.ending
    taken, fitted = totals_of(plan), totals_of(up)
    assert taken[-1] == fitted[-1]
    assert plan.stops_on == up.stops_on
    begins = {entry.start for entry in plan.record.ideal}
    assert all(step.start in begins for step in plan.steps[1:])
    worst = max((fall(a, b) for a, b in pairwise(taken)), default=0)
    assert worst <= max((fall(a, b) for a, b in pairwise(fitted)), default=0)


# ---- a small fixed sample of the diazepam grid


TABLETS = tuple(bt.Product("diazepam", strength=f"{mg} mg", form="tablet") for mg in (2, 5, 10))
PACES = (("2.5 %", 28), ("5 %", 21), ("10 %", 14), ("15 %", 14), ("20 %", 7))


@pytest.mark.parametrize(("cut", "days"), PACES)
def test_on_the_grid_no_worst_fall_is_larger_than_with_fit_up(cut: str, days: int) -> None:
    for half_mg in (5, 16, 27, 40, 61, 160):
        plans = {
            fit: bt.taper(
                bt.Regimen("diazepam", night=bt.Dose.of_ng(half_mg * 500_000)),
                bt.Percentage(cut, of="current", every=f"{days} days"),
                start="2026-12-01",
                products=TABLETS,
                splitting="halves",
                max_pieces=12,
                fit=fit,
            )
            for fit in ("up", "smoothest")
        }
        check_plan(plans["smoothest"])
        check_against_up(plans["smoothest"], plans["up"])
