"""What tablets can make and how the doses of a day fall, worked out the plain and slow way.

The oracle of the property tests: it reads the fields of products and nothing else of the package. Doses are whole
nanograms, a state is the dose at each time of the day.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cache

from benzotaper import Product

State = tuple[int, ...]
LIQUID_FORMS = ("oral solution", "oral suspension", "oral drops")
USUAL_PIECES = 6
TIMES = ("morning", "noon", "evening", "night")


def is_liquid(product: Product) -> bool:
    return product.form in LIQUID_FORMS


def most_parts(product: Product, splitting: str) -> int:
    """Into how many parts one unit may be broken: only plain immediate-release tablets may be."""
    if product.form != "tablet" or product.release != "IR":
        return 1
    if product.pieces != "by policy":
        return int(product.pieces)
    by_word = {"whole": 1, "halves": 2, "quarters": 4}
    return by_word[splitting] if splitting in by_word else {"yes": 2, "quarters": 4}.get(product.split_ok, 1)


def piece_sizes(product: Product, splitting: str) -> list[int]:
    """The whole, the half, the quarter of a tablet, where that is a whole number of nanograms."""
    strength = product.strength.ng
    return [
        strength // parts for parts in (1, 2, 4) if parts <= most_parts(product, splitting) and not strength % parts
    ]


def measure(product: Product) -> int:
    """The smallest amount that is measured or counted of a liquid."""
    if product.drops_per_ml:
        drops = next(
            n for n in range(1, product.drops_per_ml + 1) if not n * product.strength.ng % product.drops_per_ml
        )
        return product.strength.ng * drops // product.drops_per_ml
    smallest: Fraction = product.strength.ng * product.smallest_ml
    return int(smallest)


@cache
def fewest_pieces(products: tuple[Product, ...], splitting: str, most: int, largest: int) -> dict[int, int]:
    """Every dose up to `largest` that so many pieces make, and the fewest pieces that do; 0 is one of them."""
    sizes = {size for product in products if not is_liquid(product) for size in piece_sizes(product, splitting)}
    found = {0: 0}
    edge = {0}
    for count in range(1, most + 1):
        edge = {dose + size for dose in edge for size in sizes if dose + size <= largest} - found.keys()
        found.update(dict.fromkeys(edge, count))
    liquid = next((product for product in products if is_liquid(product)), None)
    if liquid is not None:
        below = min(sizes, default=largest + 1)
        for dose, count in list(found.items()):
            for part in range(measure(liquid), below, measure(liquid)):
                if count < most and dose + part <= largest:
                    found[dose + part] = min(found.get(dose + part, most), count + 1)
    return found


@cache
def doses_of(products: tuple[Product, ...], splitting: str, most: int, largest: int) -> tuple[int, ...]:
    """The makeable doses, from 0 up."""
    return tuple(sorted(fewest_pieces(products, splitting, most, largest)))


def unevenness(state: State, usual: State) -> int:
    """How far a state is from the usual proportions: squares of what each dose is off, times the usual total."""
    return sum((dose * sum(usual) - sum(state) * weight) ** 2 for dose, weight in zip(state, usual, strict=True))


def next_lower(doses: Sequence[int], dose: int) -> int:
    return doses[bisect_left(doses, dose) - 1]


@cache
def step_down(doses: tuple[int, ...], state: State, usual: State) -> State:
    """The state after this one when the day falls evenly: the smallest fall is always that of one dose."""
    lower = [(*state[:place], next_lower(doses, dose), *state[place + 1 :]) for place, dose in enumerate(state) if dose]
    largest = max(map(sum, lower))
    return min((s for s in lower if sum(s) == largest), key=lambda s: (unevenness(s, usual), [-d for d in reversed(s)]))


def closest(doses: Iterable[int], others: int, ideal: int, *, nearest: bool) -> int:
    """The dose that brings the total to the smallest at or above the ideal, or the nearest, ties up; never to 0."""
    totals = {others + dose: dose for dose in doses if others + dose}
    above = [total for total in totals if total >= ideal]
    if nearest or not above:
        return totals[min(totals, key=lambda total: (abs(total - ideal), -total))]
    return totals[min(above)]


Fall = Callable[[State, int, bool], State]


def evenly(doses: tuple[int, ...], usual: State) -> Fall:
    def fall(state: State, ideal: int, nearest: bool) -> State:
        while any(lower := step_down(doses, state, usual)):
            if sum(lower) < ideal:
                closer = nearest and ideal - sum(lower) < sum(state) - ideal
                return lower if closer else state
            state = lower
        return state

    return fall


def in_turn(doses: tuple[int, ...]) -> Fall:
    def fall(state: State, ideal: int, nearest: bool) -> State:
        while sum(state) > ideal:
            place = state.index(max(state))
            others = sum(state) - state[place]
            dose = closest([d for d in doses if d <= state[place]], others, ideal, nearest=nearest)
            state = (*state[:place], dose, *state[place + 1 :])
            if dose:
                break
        return state

    return fall


def one_by_one(doses: tuple[int, ...], order: Sequence[int]) -> Fall:
    def fall(state: State, ideal: int, nearest: bool) -> State:
        for place in order:
            if state[place] and sum(state) > ideal:
                others = sum(state) - state[place]
                dose = closest([d for d in doses if d <= state[place]], others, ideal, nearest=nearest)
                state = (*state[:place], dose, *state[place + 1 :])
                if dose:
                    break
        return state

    return fall


def by_dose(falls: Sequence[tuple[int, Fall]]) -> Fall:
    def fall(state: State, ideal: int, nearest: bool) -> State:
        for floor, way in falls:
            if sum(state) > floor:
                state = way(state, max(ideal, floor), nearest and ideal >= floor)
            if ideal >= floor:
                break
        return state

    return fall


def way_down(text: str, times: Sequence[str], doses: tuple[int, ...], usual: State) -> Fall:
    """The way that the request of a plan names."""
    if ";" in text or " to " in text:
        parts = [part.rsplit(" to ", 1) for part in text.split("; ")]
        return by_dose([(_ng(total), way_down(way, times, doses, usual)) for way, total in parts])
    if text == "evenly":
        return evenly(doses, usual)
    if text == "in turn":
        return in_turn(doses)
    return one_by_one(doses, [times.index(time) for time in text.split(", ") if time in times])


def _ng(text: str) -> int:
    return int(Fraction(text.removesuffix(" mg")) * 10**6)


def states_below(doses: Sequence[int], present: State) -> Iterator[State]:
    """Every state in which no dose is above the present one; brute force."""
    if not present:
        yield ()
        return
    for dose in doses:
        if dose <= present[0]:
            for rest in states_below(doses, present[1:]):
                yield (dose, *rest)
