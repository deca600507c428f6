"""What the shelf makes, and how the doses of a day fall, against brute force over every possibility."""

import os
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise
from typing import Any

import pytest
from hypothesis import assume, given, strategies as st

from benzotaper import Dose, Product
from benzotaper.dispensing.descent import Evenly
from benzotaper.dispensing.shelf import Shelf
from benzotaper.errors import NotMakeableError
from benzotaper.planning.draft import as_before
from benzotaper.steps import Administration, Taken
from tablets import State, is_liquid, measure, most_parts, piece_sizes, states_below

LARGEST = 24 * 10**6
SOLUTION = Product("diazepam", strength="0.4 mg", form="oral solution", smallest_ml=Fraction(1, 2))
DROPS = Product("diazepam", strength="10 mg", form="oral drops", drops_per_ml=30)


@st.composite
def tablets(draw: st.DrawFn) -> tuple[Product, ...]:
    """Tablets and capsules of one to four different strengths."""
    strengths = draw(
        st.lists(
            st.sampled_from([250, 500, 1000, 2000, 2500, 3750, 5000, 7500, 10000]), min_size=1, max_size=4, unique=True
        )
    )
    made = []
    for mcg in strengths:
        form = draw(st.sampled_from(["tablet", "tablet", "tablet", "capsule"]))
        pieces: Any = draw(st.sampled_from([1, 2, 4, "by policy"])) if form == "tablet" else "by policy"
        split_ok = draw(st.sampled_from(["yes", "no", "quarters", "unknown"]))
        made.append(Product("diazepam", strength=Dose.of_ng(mcg * 1000), form=form, pieces=pieces, split_ok=split_ok))
    return tuple(made)


SPLITTINGS = st.sampled_from(["whole", "scored", "halves", "quarters"])


def handfuls(
    products: tuple[Product, ...], splitting: str, most: int
) -> Iterator[tuple[int, list[tuple[Product, int]]]]:
    """Every handful of up to so many pieces, with the dose it makes: brute force."""
    pieces = [(p, p.strength.ng // size) for p in products if not is_liquid(p) for size in piece_sizes(p, splitting)]
    for count in range(most + 1):
        for handful in combinations_with_replacement(pieces, count):
            yield sum(p.strength.ng // parts for p, parts in handful), list(handful)


def brute_doses(products: tuple[Product, ...], splitting: str, most: int) -> dict[int, int]:
    """Every dose and the fewest pieces that make it; liquid counts one, and stays below the smallest tablet piece."""
    found: dict[int, int] = {}
    for dose, handful in handfuls(products, splitting, most):
        found[dose] = min(found.get(dose, most), len(handful))
    liquid = next((p for p in products if is_liquid(p)), None)
    if liquid is None:
        return found
    sizes = [size for p in products if not is_liquid(p) for size in piece_sizes(p, splitting)]
    below = min(sizes, default=LARGEST + 1)
    for dose, count in list(found.items()):
        for part in range(measure(liquid), below, measure(liquid)):
            if count < most and dose + part <= LARGEST:
                found[dose + part] = min(found.get(dose + part, most), count + 1)
    return found


def in_hand(taken: tuple[Taken, ...]) -> int:
    """Physical pieces: wholes, halves, quarters; a measure of liquid is one."""
    pieces = 0
    for part in taken:
        units = Fraction(part.pieces, part.pieces_per_unit)
        whole, rest = divmod(units, 1)
        pieces += 1 if is_liquid(part.product) else int(whole) + {Fraction(3, 4): 2, Fraction(0): 0}.get(rest, 1)
    return pieces


@given(tablets(), SPLITTINGS, st.integers(1, 4), st.sampled_from([None, None, SOLUTION, DROPS]))
def test_the_shelf_makes_what_some_handful_makes_and_in_the_fewest_pieces(
    solids: tuple[Product, ...], splitting: str, most: int, liquid: Product | None
) -> None:
    products = solids + ((liquid,) if liquid else ())
    shelf = Shelf(products, splitting=splitting, max_pieces=most, largest=LARGEST)
    expected = {dose: count for dose, count in brute_doses(products, splitting, most).items() if dose <= LARGEST}
    assert list(shelf.doses) == sorted(expected)
    for dose in shelf.doses[:: max(1, len(shelf.doses) // 12)]:
        taken = shelf.ways(dose)[0]
        assert sum(Fraction(t.pieces, t.pieces_per_unit) * t.product.strength.ng for t in taken) == dose
        for t in taken:
            if is_liquid(t.product):
                smallest = min(size for p in solids for size in piece_sizes(p, splitting))
                assert t.dose.ng < smallest
                assert t.dose.ng % measure(t.product) == 0
            else:
                assert Fraction(t.pieces, t.pieces_per_unit) * most_parts(t.product, splitting) % 1 == 0
        assert in_hand(taken) <= most
        if liquid is None:
            assert in_hand(taken) == expected[dose]


@given(tablets(), SPLITTINGS, st.integers(1, 4), st.sampled_from([SOLUTION, DROPS]))
def test_tablets_come_first_and_liquid_makes_only_the_rest(
    solids: tuple[Product, ...], splitting: str, most: int, liquid: Product
) -> None:
    shelf = Shelf((*solids, liquid), splitting=splitting, max_pieces=most, largest=LARGEST)
    dry: dict[int, int] = {}
    for dose, handful in handfuls(solids, splitting, most):
        dry[dose] = min(dry.get(dose, most), len(handful))
    for dose in shelf.doses[:: max(1, len(shelf.doses) // 20)]:
        measured = sum(t.dose.ng for t in shelf.ways(dose)[0] if is_liquid(t.product))
        possible = [
            part for part in range(0, dose + 1, measure(liquid)) if dry.get(dose - part, 99) + bool(part) <= most
        ]
        assert measured == min(possible), "more liquid than the tablets leave"


def test_drops_are_counted_in_groups_that_are_whole_nanograms() -> None:
    shelf = Shelf((DROPS,), splitting="whole", max_pieces=1, largest=4 * 10**6)
    assert list(shelf.doses) == [0, 10**6, 2 * 10**6, 3 * 10**6, 4 * 10**6]
    assert [(t.pieces, t.pieces_per_unit) for t in shelf.ways(2 * 10**6)[0]] == [(6, 30)]


@given(tablets(), SPLITTINGS, st.integers(1, 4), st.data())
def test_of_several_ways_the_choice_goes_by_the_order_that_the_design_gives(
    products: tuple[Product, ...], splitting: str, most: int, data: st.DataObject
) -> None:
    shelf = Shelf(products, splitting=splitting, max_pieces=most, largest=LARGEST)
    assume(len(shelf.doses) > 1)
    dose = data.draw(st.sampled_from(shelf.doses[1:]))
    before = data.draw(st.sets(st.sampled_from([p.strength for p in products])))

    def rank(parts_of: list[tuple[Dose, Fraction, int]]) -> tuple[object, ...]:
        """Of strength, units and pieces of each product: what the design compares, in its order."""
        return (
            sum(pieces for _, _, pieces in parts_of),
            len(parts_of),
            sum(units % 1 != 0 for _, units, _ in parts_of),
            sum(strength not in before for strength, _, _ in parts_of),
            sorted(-strength.ng for strength, _, pieces in parts_of for _ in range(pieces)),
        )

    possible = []
    for made, handful in handfuls(products, splitting, most):
        if made == dose:
            strengths = {p.strength for p, _ in handful}
            shares = {s: [Fraction(1, parts) for p, parts in handful if p.strength == s] for s in strengths}
            possible.append([(s, sum(of, Fraction(0)), len(of)) for s, of in shares.items()])
    chosen = chosen_way(shelf, dose, before)
    assert rank([(t.product.strength, t.units, in_hand((t,))) for t in chosen]) == min(map(rank, possible))
    turned = Shelf(reversed(products), splitting=splitting, max_pieces=most, largest=LARGEST)
    assert chosen_way(turned, dose, before) == chosen


def chosen_way(shelf: Shelf, dose: int, strengths: set[Dose]) -> tuple[Taken, ...]:
    """The way that is left once the strengths of the step before have decided."""
    ways = [Administration(drug="diazepam", time="night", dose=Dose.of_ng(dose), taken=way) for way in shelf.ways(dose)]
    return as_before(ways, strengths).taken


def test_the_choice_is_the_same_in_every_process() -> None:
    """10.625 mg is 2 x 3.75 + 1¼ x 2.5 mg or 1½ x 3.75 + 2 x 2.5 mg: equal by every criterion."""
    program = (
        "from benzotaper import Product; from benzotaper.dispensing.shelf import Shelf\n"
        "two = [Product('diazepam', strength=s, form='tablet') for s in ('2.5 mg', '3.75 mg')]\n"
        "shelf = Shelf(two, splitting='quarters', max_pieces=4, largest=24 * 10**6)\n"
        "print([(str(t.units), str(t.product.strength)) for t in shelf.ways(10_625_000)[0]])"
    )
    shown = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in range(8)
    }
    assert len(shown) == 1, "what is dispensed depends on the process"


@given(st.permutations(["generic", "Abrand", "Zbrand"]), st.sets(st.sampled_from(["generic", "Abrand", "Zbrand"])))
def test_of_one_strength_the_data_then_generic_then_the_name_decide(names: list[str], allowed: set[str]) -> None:
    products = [
        Product("diazepam", strength="5 mg", form="tablet", name=n, split_ok="yes" if n in allowed else "no")
        for n in names
    ]
    halves = Shelf(products, splitting="halves", max_pieces=2, largest=LARGEST).ways(2_500_000)[0]
    whole = Shelf(products, splitting="whole", max_pieces=2, largest=LARGEST).ways(5_000_000)[0]
    order = ["generic", "Abrand", "Zbrand"]
    assert halves[0].product.name == min(order, key=lambda n: (n not in allowed, order.index(n)))
    assert whole[0].product.name == "generic"


@given(tablets(), SPLITTINGS, st.integers(1, 3), st.integers(1, LARGEST))
def test_a_dose_that_cannot_be_made_is_refused_with_its_neighbours(
    products: tuple[Product, ...], splitting: str, most: int, ng: int
) -> None:
    shelf = Shelf(products, splitting=splitting, max_pieces=most, largest=LARGEST)
    doses = sorted(dose for dose in brute_doses(products, splitting, most) if dose <= LARGEST)
    assert shelf.makes(ng) == (ng in doses)
    below = max(dose for dose in doses if dose <= ng)
    assert shelf.at_or_below(ng) == below
    above = [dose for dose in doses if dose >= ng]
    if above:
        assert shelf.at_or_above(ng) == min(above)
        return
    with pytest.raises(NotMakeableError) as refused:
        shelf.at_or_above(ng)
    assert refused.value.nearest_mg[0] == Fraction(below, 10**6)


def chain(doses: list[int], usual: State) -> list[State]:
    """The states from the usual one down, each found among all states that lie below."""
    states = [usual]
    while True:
        lower = [s for s in states_below(doses, states[-1]) if 0 < sum(s) < sum(states[-1])]
        if not lower:
            return states
        total = max(map(sum, lower))
        shares = [Fraction(dose, sum(usual)) for dose in usual]
        states.append(
            min(
                (s for s in lower if sum(s) == total),
                key=lambda s: (
                    sum((Fraction(dose, total) - share) ** 2 for dose, share in zip(s, shares, strict=True)),
                    tuple(-dose for dose in reversed(s)),
                ),
            )
        )


@given(
    st.lists(st.sampled_from([500, 1000, 2000, 2500, 5000]), min_size=1, max_size=2, unique=True),
    st.sampled_from(["whole", "halves"]),
    st.integers(1, 4),
    st.data(),
)
def test_the_day_falls_along_the_chain_that_the_design_defines(
    strengths: list[int], splitting: str, count: int, data: st.DataObject
) -> None:
    products = [Product("diazepam", strength=Dose.of_ng(mcg * 1000), form="tablet") for mcg in strengths]
    shelf = Shelf(products, splitting=splitting, max_pieces=3 if count > 2 else 5, largest=LARGEST)
    top = 6 if count > 2 else 16
    usual = tuple(data.draw(st.lists(st.sampled_from(shelf.doses[1:top]), min_size=count, max_size=count)))
    states = chain(list(shelf.doses), usual)
    way = Evenly(shelf, usual)
    totals = [sum(state) for state in states]
    assert all(a > b for a, b in pairwise(totals))
    for place, state in enumerate(states[:-1]):
        assert way.finest_fall(state) == totals[place] - totals[place + 1]
    present = data.draw(st.integers(0, len(states) - 1))
    ideal = data.draw(st.integers(totals[-1], totals[0] + 10**6))
    below = states[present:]
    above = [s for s in below if sum(s) >= ideal] or below[:1]
    assert way.fall(states[present], ideal, nearest=False) == above[-1]
    nearest = min(below, key=lambda s: (abs(sum(s) - ideal), -sum(s)))
    assert way.fall(states[present], ideal, nearest=True) == nearest
