"""The doses that products can make, and the pieces that make each: one product a strength is on the shelf."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from math import gcd
from typing import ClassVar, Protocol, TypeAlias

from benzotaper.doses import mg_text
from benzotaper.errors import NotMakeableError
from benzotaper.product import Product
from benzotaper.steps import Taken

MAX_PIECES = 6  # project default, confirm: more pieces at one time are seldom counted right


Ways: TypeAlias = tuple[tuple[Taken, ...], ...]
"""The equal best ways to make a dose; which of them is up to the step before."""


class Makeable(Protocol):
    """The doses (ng) that can be made: 0 and those above it."""

    def at_or_above(self, ng: int) -> int:
        """The smallest makeable dose that is at least `ng`."""

    def at_or_below(self, ng: int) -> int:
        """The largest makeable dose that is at most `ng`."""


@dataclass(frozen=True, slots=True)
class EveryDose:
    """Any whole number of nanograms can be made; nothing is dispensed."""

    lowest: ClassVar[int] = 0

    def at_or_above(self, ng: int) -> int:
        """`ng` itself."""
        return ng

    def at_or_below(self, ng: int) -> int:
        """`ng` itself."""
        return ng

    def ways(self, ng: int) -> Ways:  # noqa: ARG002  one signature
        """One, of nothing: the plan is not dispensed."""
        return ((),)


@dataclass(frozen=True, slots=True)
class Piece:
    """A whole, half or quarter of one product."""

    product: Product
    per_unit: int
    ng: int


class Shelf:
    """What the products on hand can make, up to a largest dose.

    Args:
        products: of one drug and one release.
        splitting: the policy, a key of `SPLITTINGS`.
        max_pieces: the most pieces of one administration; a measured volume counts as one.
        largest: the largest dose asked for (ng).

    Attributes:
        doses: the makeable doses (ng), 0 first.
        lowest: the smallest of them above 0 (ng); 0 where there is none.
        ways: the equal best ways to make a makeable dose (ng), larger strengths first.
    """

    def __init__(self, products: Iterable[Product], *, splitting: str, max_pieces: int, largest: int) -> None:
        self.stock = products = tuple(products)
        self.largest = largest
        self.splitting = splitting
        self.max_pieces = max_pieces
        self.solids = one_a_strength((p for p in products if not p.liquid), splitting=splitting)
        self.liquid = next((p for p in products if p.liquid), None)
        self.pieces = tuple(sorted(self._pieces(), key=lambda piece: -piece.ng))
        self._unit = gcd(*(piece.ng for piece in self.pieces)) or 1
        self._fewest = self._count_pieces(largest // self._unit) if self.pieces else [0]
        self.doses = tuple(sorted(self._all_doses(largest)))
        self.lowest = self.doses[1] if len(self.doses) > 1 else 0
        self.ways = cache(self._best_ways)

    @property
    def products(self) -> tuple[Product, ...]:
        """The products on the shelf: solids by strength, then the liquid."""
        return self.solids + ((self.liquid,) if self.liquid else ())

    @property
    def finest(self) -> int:
        """The smallest piece or measure (ng)."""
        return self._measure_ng if self.liquid else self.pieces[-1].ng

    def _pieces(self) -> Iterator[Piece]:
        for product in self.solids:
            finest = product.pieces_under(self.splitting)
            for per_unit in (1, 2, 4):
                if per_unit <= finest and product.strength.ng % per_unit == 0:
                    yield Piece(product, per_unit, product.strength.ng // per_unit)

    def _count_pieces(self, size: int) -> list[int]:
        """The fewest pieces of each dose, in units of the greatest common divisor; more than allowed: not makeable."""
        never = self.max_pieces + 1
        fewest = [0] + [never] * size
        sizes = [piece.ng // self._unit for piece in self.pieces]
        for dose in range(1, size + 1):
            fewest[dose] = min((fewest[dose - s] + 1 for s in sizes if s <= dose), default=never)
        return fewest

    def _solid_pieces(self, ng: int) -> int:
        """The fewest solid pieces that make a dose; more than allowed where none do."""
        index, rest = divmod(ng, self._unit)
        return self.max_pieces + 1 if rest or (not self.pieces and ng) else self._fewest[index]

    def _all_doses(self, largest: int) -> set[int]:
        solid = (
            {i * self._unit: n for i, n in enumerate(self._fewest) if n <= self.max_pieces} if self.pieces else {0: 0}
        )
        if self.liquid is None:
            return set(solid)
        room = self.pieces[-1].ng if self.pieces else largest + 1
        measured = range(0, room, self._measure_ng)
        return {
            dose + part
            for dose, n in solid.items()
            for part in measured
            if n + bool(part) <= self.max_pieces and dose + part <= largest
        }

    @property
    def _measure_ng(self) -> int:
        """The smallest amount of the liquid that is measured (ng)."""
        assert self.liquid is not None  # noqa: S101  asked only where there is a liquid
        pieces, per_ml = self.liquid.smallest_measure
        return self.liquid.strength.ng * pieces // per_ml

    def at_or_above(self, ng: int) -> int:
        """The smallest makeable dose that is at least `ng`.

        Raises:
            NotMakeableError: there is none.
        """
        index = bisect_left(self.doses, ng)
        if index == len(self.doses):
            raise self.refusal(ng, what="dose")
        return self.doses[index]

    def at_or_below(self, ng: int) -> int:
        """The largest makeable dose that is at most `ng`."""
        return self.doses[bisect_right(self.doses, ng) - 1]

    def makes(self, ng: int) -> bool:
        """Whether the dose can be made."""
        return self.at_or_below(ng) == ng

    def _best_ways(self, ng: int) -> Ways:
        solid, measured = self._solid_part(ng)
        # the parts decide last, so that no two ways are equal and the choice is the same in every process
        ways = {_parts(way): way for way in self._ways(solid, 0)}
        ranked = [way for _, way in sorted(ways.items(), key=lambda each: (_preference(each[1]), each[0]))]
        best = [way for way in ranked if _preference(way)[:2] == _preference(ranked[0])[:2]]
        liquid = (self._measured(measured),) if measured else ()
        return tuple(_taken(way) + liquid for way in best)

    def _solid_part(self, ng: int) -> tuple[int, int]:
        """Tablets first, and only the remainder below their smallest piece as liquid."""
        if self.liquid is None:
            return ng, 0
        room = self.pieces[-1].ng if self.pieces else ng + 1
        for part in range(0, min(room, ng + 1), self._measure_ng):
            if self._solid_pieces(ng - part) + bool(part) <= self.max_pieces:
                return ng - part, part
        raise self.refusal(ng, what="dose")

    def _ways(self, ng: int, first: int) -> Iterator[tuple[Piece, ...]]:
        """Every way to make a dose of the fewest pieces, each piece no larger than the one before it."""
        if not ng:
            yield ()
            return
        count = self._solid_pieces(ng)
        for index in range(first, len(self.pieces)):
            piece = self.pieces[index]
            if piece.ng <= ng and self._solid_pieces(ng - piece.ng) == count - 1:
                for rest in self._ways(ng - piece.ng, index):
                    yield (piece, *rest)

    def _measured(self, ng: int) -> Taken:
        assert self.liquid is not None  # noqa: S101  asked only where there is a liquid
        pieces, per_ml = self.liquid.smallest_measure
        return Taken(product=self.liquid, pieces=ng // self._measure_ng * pieces, pieces_per_unit=per_ml)

    def refusal(self, ng: int, *, what: str) -> NotMakeableError:
        """The error that names the nearest makeable doses and what is missing."""
        # what is above may lie beyond the doses asked for so far
        room = max(product.strength.ng for product in self.products)
        wider = Shelf(self.stock, splitting=self.splitting, max_pieces=self.max_pieces, largest=ng + room).doses
        index = bisect_right(wider, ng)
        below, above = wider[index - 1], wider[index] if index < len(wider) else 0
        near = " and ".join(f"{mg_text(dose)} mg" for dose in (below, above) if dose) or "none"
        listed = "; ".join(product.label for product in self.products)
        split = f"split {self.splitting}" if self.splitting != "whole" else "whole"
        message = (
            f"{what} {mg_text(ng)} mg cannot be made from {self.products[0].drug} {listed}, {split}, in at most "
            f"{self.max_pieces} pieces; nearest makeable: {near}; add a strength or a liquid, or allow more by "
            "splitting= or max_pieces="
        )
        return NotMakeableError(
            message, dose_mg=Fraction(ng, 10**6), nearest_mg=(Fraction(below, 10**6), Fraction(above, 10**6))
        )


def one_a_strength(products: Iterable[Product], *, splitting: str) -> tuple[Product, ...]:
    """One product a strength: that which gives most pieces, whose data allow them, generic, by name; small first."""

    def rank(product: Product) -> tuple[int, bool, bool, str]:
        pieces = product.pieces_under(splitting)
        return (-pieces, not product.allows(pieces), product.name != "generic", product.name)

    chosen: dict[int, Product] = {}
    for product in sorted(products, key=rank):
        chosen.setdefault(product.strength.ng, product)
    return tuple(chosen[ng] for ng in sorted(chosen))


@lru_cache(maxsize=4096)
def shelf_for(products: tuple[Product, ...], *, splitting: str, max_pieces: int, largest: int) -> Shelf:
    """A shelf, made once for the same products and question."""
    return Shelf(products, splitting=splitting, max_pieces=max_pieces, largest=largest)


def _preference(way: tuple[Piece, ...]) -> tuple[int, int, tuple[int, ...]]:
    """Fewest different strengths, fewest split tablets, larger strengths; all ways have the fewest pieces already."""
    strengths = {piece.product.strength.ng for piece in way}
    split = {piece.product.strength.ng for piece in way if piece.per_unit > 1}
    return len(strengths), len(split), tuple(-piece.product.strength.ng for piece in way)


def _parts(way: tuple[Piece, ...]) -> tuple[tuple[int, int], ...]:
    """The pieces of a way in order: larger strengths first, whole ones before halves."""
    return tuple(sorted((-piece.product.strength.ng, piece.per_unit) for piece in way))


def _taken(way: tuple[Piece, ...]) -> tuple[Taken, ...]:
    """Pieces added up by product."""
    units: dict[Product, Fraction] = {}
    for piece in way:
        units[piece.product] = units.get(piece.product, Fraction(0)) + Fraction(1, piece.per_unit)
    larger_first = sorted(units.items(), key=lambda each: -each[0].strength.ng)
    return tuple(Taken(product=p, pieces=n.numerator, pieces_per_unit=n.denominator) for p, n in larger_first)
