"""Whether the tablets of a schedule make its doses, whether any tablets could, and whether its totals add up."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from math import gcd

from benzotaper.auditing.case import finding
from benzotaper.auditing.records import AuditFinding
from benzotaper.doses import NG_PER_MG, mg_text
from benzotaper.drugs import drug_names
from benzotaper.errors import ProductError
from benzotaper.formulary import stocked
from benzotaper.numbers import decimal_text
from benzotaper.product import SPLITTINGS, Product
from benzotaper.received.entries import Entry, Pieces, Received, places_words
from benzotaper.received.levels import Key

QUARTER = 4
LARGEST_SEARCH = 2000  # finest pieces in a dose, up to which tablets are looked for
MOST = 100  # doses that are listed one by one; the rest is counted
FINER = ("a dose is finer than a nanogram; it may be a mean of days", "write what is taken on each day")


class Stock:
    """The products that a schedule may use, if any were given.

    Args:
        products: a region with a complete list, products by hand, or "".
        splitting: the splitting policy; needed with products.

    Raises:
        ProductError: splitting is missing or unknown, or something is no product.
    """

    def __init__(self, products: str | Iterable[Product], *, splitting: str) -> None:
        self.given = products if isinstance(products, str) else tuple(products)
        self.splitting = splitting
        if self.given and splitting not in SPLITTINGS:
            said = f"{splitting!r} must be" if splitting else "must be given with products:"
            raise ProductError(f"splitting {said} one of {', '.join(SPLITTINGS)}", value=splitting)
        if splitting and not self.given:
            raise ProductError("splitting= says how products are split: give products= too", value=splitting)
        for product in self.given if isinstance(self.given, tuple) else ():
            if not isinstance(product, Product):
                message = f"products {product!r} is no product; give a region such as 'UK' or a list of Product"
                raise ProductError(message, value=product)
        self.of_drug = lru_cache(self._of_drug)

    def _of_drug(self, drug: str) -> tuple[Product, ...]:
        if not self.given or drug not in drug_names():
            return ()
        if isinstance(self.given, tuple):
            return tuple(product for product in self.given if product.drug == drug)
        return stocked(self.given, drug=drug, liquids=False, release="IR")

    def strength(self, drug: str) -> Fraction | None:
        """The strength of a drug's tablets (ng), where there is only one."""
        found = {product.strength.ng for product in self.of_drug(drug) if not product.liquid}
        return Fraction(found.pop()) if len(found) == 1 else None

    def sums(self, drug: str, largest: int) -> "Sums | None":
        """What a drug's products can make, up to above a dose (ng); None without products."""
        found = self.of_drug(drug)
        if not found:
            return None
        return Sums(pieces_of(found, splitting=self.splitting), largest + max(p.strength.ng for p in found))


def pieces_of(products: Iterable[Product], *, splitting: str) -> set[int]:
    """The pieces (ng) that products give: whole, halves, quarters, and the smallest measure of a liquid."""
    found = set()
    for product in products:
        if product.liquid:
            part, per_ml = product.smallest_measure
            found.add(product.strength.ng * part // per_ml)
            continue
        most = product.pieces_under(splitting)
        found |= {product.strength.ng // n for n in (1, 2, 4) if n <= most and product.strength.ng % n == 0}
    return found


class Sums:
    """Every sum of so many pieces as one likes, as the bits of a number.

    Args:
        pieces: each piece (ng).
        largest: how far the sums go (ng).

    >>> sums = Sums({2_000_000, 5_000_000}, 10_000_000)
    >>> sums.makes(3_000_000), sums.around(3_000_000)
    (False, (2000000, 4000000))
    """

    def __init__(self, pieces: Iterable[int], largest: int) -> None:
        listed = sorted(pieces)
        self.unit = gcd(*listed)
        size = largest // self.unit
        bits = 1
        for piece in listed:
            step = piece // self.unit
            while step <= size:  # 1, 2, 4, ... times the piece
                bits |= bits << step
                step *= 2
            bits &= (1 << (size + 1)) - 1
        self.bits = bits

    def makes(self, ng: int) -> bool:
        """Whether a dose (ng) is a sum of pieces."""
        return ng % self.unit == 0 and bool(self.bits >> ng // self.unit & 1)

    def around(self, ng: int) -> tuple[int, int]:
        """The nearest sums below and above (ng); 0 where there is none above."""
        place = ng // self.unit
        below = (self.bits & ((1 << (place + 1)) - 1)).bit_length() - 1
        rest = self.bits >> (place + 1)
        above = place + 1 + (rest & -rest).bit_length() - 1 if rest else 0
        return below * self.unit, above * self.unit


def tablet_findings(received: Received, stock: Stock, *, drug: str) -> Iterator[AuditFinding]:
    """Printed tablets that do not make the printed dose, and printed totals that do not add up.

    Args:
        received: the schedule.
        stock: the products, for strengths that are not printed.
        drug: the drug of entries that name none.
    """
    sums: dict[tuple[object, ...], list[Entry]] = {}
    for entry in received.entries:
        made = _made(entry.pieces, stock, entry.drug or drug)
        dose = entry.amount.value if entry.amount and entry.amount.unit == "ng" else None
        if made is not None and dose is not None and made != dose and entry.pieces:
            yield _miscount(received, entry, made, dose, stock, entry.drug or drug)
        if entry.total is not None:
            sums.setdefault((entry.place, entry.step, entry.first, entry.cycle_day), []).append(entry)
    for entries in sums.values():
        yield from _total(received, entries, stock, drug)


def _made(pieces: tuple[Pieces, ...], stock: Stock, drug: str) -> Fraction | None:
    """What printed tablets make (ng); None where a strength is not known."""
    total = Fraction(0)
    for each in pieces:
        strength = stock.strength(drug) if each.strength is None and each.units else each.strength or Fraction(0)
        if strength is None:
            return None
        total += each.units * strength
    return total


def _miscount(
    received: Received, entry: Entry, made: Fraction, dose: Fraction, stock: Stock, drug: str
) -> AuditFinding:
    said = " + ".join(_pieces_words(each) for each in entry.pieces)
    strengths = {stock.strength(drug) if each.strength is None else each.strength for each in entry.pieces}
    strength = strengths.pop() if len(strengths) == 1 else None
    fix = _right_count(dose, strength, stock.of_drug(drug), stock.splitting)
    at = f"{entry.time} " if entry.time else ""
    return finding(
        "miscount",
        f"{received.noun} {entry.place}",
        f"The {at}dose is printed as {mg_text(dose)} mg, but {said} makes {mg_text(made)} mg.",
        fix,
        figures=(("printed, mg", mg_text(dose)), ("tablets make, mg", mg_text(made))),
    )


def _right_count(dose: Fraction, strength: Fraction | None, products: tuple[Product, ...], splitting: str) -> str:
    """How many tablets would make a dose (ng): of the printed strength, or else of the products."""
    pieces = {p.strength.ng: p.pieces_under(splitting) for p in products if not p.liquid}
    parts = (pieces.get(int(strength), 0) if products else QUARTER) if strength else 0
    if strength and dose and (dose / strength * parts).denominator == 1 <= parts:
        return f"{decimal_text(dose / strength)} × {mg_text(strength)} mg makes {mg_text(dose)} mg"
    if not products:
        return "print the tablets that make the dose"
    these = f"tablets of {mg_text(strength)} mg do not" if strength else "the printed tablets do not"
    found = _fewest(tuple(pieces.items()), dose)
    if not found:
        return f"{these} make {mg_text(dose)} mg, nor do the other tablets given; another dose, a liquid or splitting"
    said = " + ".join(f"{decimal_text(units)} × {mg_text(ng)} mg" for ng, units in found.items())
    return f"{these} make {mg_text(dose)} mg as they are split here; {said} makes it"


@lru_cache(maxsize=1024)
def _fewest(pieces: tuple[tuple[int, int], ...], dose: Fraction) -> dict[int, Fraction]:
    """The fewest pieces of tablets that make a dose: units by strength (ng); none for a very large one."""
    sizes = {ng // n: (ng, n) for ng, most in pieces for n in (4, 2, 1) if n <= most and ng % n == 0}
    unit = gcd(*sizes)
    if not sizes or not dose or (dose / unit).denominator != 1 or dose / unit > LARGEST_SEARCH:
        return {}
    best: list[tuple[int, ...] | None] = [()]
    for total in range(1, int(dose / unit) + 1):
        ways = [(*way, size) for size in sizes if (at := total - size // unit) >= 0 and (way := best[at]) is not None]
        best.append(min(ways, key=len, default=None))
    found: dict[int, Fraction] = {}
    for size in sorted(best[-1] or (), reverse=True):
        ng, parts = sizes[size]
        found[ng] = found.get(ng, Fraction(0)) + Fraction(1, parts)
    return found


def _pieces_words(pieces: Pieces) -> str:
    units = decimal_text(pieces.units, places=3)
    return f"{units} tablets" if pieces.strength is None else f"{units} × {mg_text(pieces.strength)} mg"


def _total(received: Received, entries: list[Entry], stock: Stock, drug: str) -> Iterator[AuditFinding]:
    """The printed total of a day against the sum of its doses."""
    doses = []
    for entry in entries:
        if entry.amount is not None and entry.amount.unit != "ng":
            return
        dose = entry.amount.value if entry.amount else _made(entry.pieces, stock, entry.drug or drug)
        if entry.unread or (dose is None and entry.pieces):
            return
        doses.append(dose or Fraction(0))
    printed, added = entries[0].total or Fraction(0), sum(doses, Fraction(0))
    several_drugs = len({entry.drug for entry in entries}) > 1
    if printed != added and not several_drugs:
        yield finding(
            "total",
            f"{received.noun} {entries[0].place}",
            f"The printed total is {mg_text(printed)} mg, but the doses add up to {mg_text(added)} mg.",
            "correct the total or the doses",
            figures=(("printed, mg", mg_text(printed)), ("added, mg", mg_text(added))),
        )


def unmakeable_findings(
    doses: Mapping[Key, Mapping[Fraction, list[int]]], received: Received, stock: Stock
) -> Iterator[AuditFinding]:
    """Doses that no pieces of the products make; each once, with every place where it stands.

    Args:
        doses: by drug and time, each dose (ng) and its places.
        received: the schedule; its doubts grow by doses that are finer than any.
        stock: the products.
    """
    by_drug: dict[str, dict[Fraction, list[int]]] = {}
    for (drug, _), found in doses.items():
        for dose, places in found.items():
            by_drug.setdefault(drug, {}).setdefault(dose, []).extend(places)
    for drug, found in by_drug.items():
        sums = stock.sums(drug, int(max(found)))
        listed = 0
        for dose, places in found.items():
            if dose.denominator != 1:
                received.doubts.places.setdefault(FINER, []).extend(places)
            elif sums and not sums.makes(int(dose)):
                listed += 1
                if listed <= MOST:
                    yield _unmakeable(received, drug, dose, places, sums, stock)
        if listed > MOST:
            said = f"{listed - MOST} more doses of {drug} cannot be made."
            yield finding("unmakeable", "the whole", said, "other products or splitting")


def _unmakeable(
    received: Received, drug: str, dose: Fraction, places: list[int], sums: Sums, stock: Stock
) -> AuditFinding:
    near = " and ".join(f"{mg_text(each)} mg" for each in sums.around(int(dose)) if each)
    labels = "; ".join(dict.fromkeys(product.label for product in stock.of_drug(drug)))
    split = "whole" if stock.splitting == "whole" else f"split: {stock.splitting}"
    return finding(
        "unmakeable",
        places_words(received.noun, places),
        f"{mg_text(dose)} mg of {drug} cannot be made from {labels} ({split}).",
        f"the nearest that can be made: {near}; or another strength, a liquid or other splitting",
        figures=(("dose, mg", decimal_text(dose / NG_PER_MG)), ("nearest", near)),
    )
