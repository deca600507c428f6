"""Whether the products named are what the data say, and whether their pieces make every dose."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import TypeAlias

from benzotaper import formulary
from benzotaper.verification.certificate import Check, checked, not_applicable
from benzotaper.verification.reading import LIQUIDS, Given, Paper, Part, Stretch, Ware
from benzotaper.verification.words import mg_text, number_text

Facts: TypeAlias = tuple[object, ...]

SPECIAL = ("orally disintegrating tablet", "sublingual tablet", "oral film", "oral spray")
FORMS = ("tablet", "capsule", *SPECIAL, *LIQUIDS)
BY_POLICY = {"whole": 1, "halves": 2, "quarters": 4}
BY_DATA = {"yes": 2, "quarters": 4}
"""What the data must say of a tablet that is split along its score, and the pieces that it then gives."""
PARTS = (1, 2, 4)
NOT_DISPENSED = "not dispensed: the plan takes any dose and names no product"


def products_are_as_the_data_say(paper: Paper) -> Check:
    """Each product of a shipped region is a row of the data; the caller's own are taken as given."""
    name = "products"
    if paper.any_dose:
        return checked(name, _named_all_the_same(paper), held=NOT_DISPENSED)
    own = [str(ware) for ware in paper.wares if ware.region not in formulary.regions()]
    held = f"{len(paper.wares) - len(own)} of {len(paper.wares)} products are as the data say"
    if own:
        held += f"; taken as given, not checked: {', '.join(own)}"
    return checked(name, _wrong_products(paper), held=held)


def _named_all_the_same(paper: Paper) -> Iterator[str]:
    """What a plan that is not dispensed cannot have."""
    if paper.wares:
        yield f"the plan takes any dose, but lists {len(paper.wares)} products"
    if paper.splitting:
        yield f"the plan takes any dose, but splitting is {paper.splitting!r}"


def _wrong_products(paper: Paper) -> Iterator[str]:
    if not paper.wares:
        yield f"no product is listed, but products is {paper.choice!r}"
    if not paper.splitting:
        yield "products are named, but no splitting policy"
    for number, ware in enumerate(paper.wares):
        if ware in paper.wares[:number]:
            yield f"{ware} is listed twice"
        if ware.form not in FORMS:
            yield f"{ware}: no such form"
        if ware.pieces and ware.pieces not in PARTS:
            yield f"{ware}: a unit gives 1, 2 or 4 pieces, not {ware.pieces}"
        if ware.region in formulary.regions() and _facts(ware) not in _rows(ware.drug, ware.region):
            yield f"{ware}: the data have no such product, or say otherwise of its release, splitting or drops"
        if paper.choice != "by hand":
            yield from _not_of_the_region(ware, paper)


def _not_of_the_region(ware: Ware, paper: Paper) -> Iterator[str]:
    """A plan that names a region takes what is offered there, as it is, and a liquid only as it was asked for."""
    named = ware.liquid and paper.liquids == str(ware)
    if ware.region != paper.choice and not named:
        yield f"{ware} is not of the region asked for, {paper.choice!r}"
    if ware.pieces and not ware.liquid:
        yield f"{ware}: pieces are by policy where a region was asked for, not {ware.pieces}"
    if ware.offered != "yes" and not named and not (ware.liquid and paper.liquids == "True"):
        yield f"{ware} is taken by name only, but no name was given"


def _facts(ware: Ware) -> Facts:
    return (ware.strength, ware.form, ware.name, ware.release, ware.split_ok, ware.drops_per_ml, ware.offered)


@cache
def _rows(drug: str, region: str) -> frozenset[Facts]:
    """What the data say of the products of a drug in a region."""
    return frozenset(
        (p.strength.ng, p.form, p.name, p.release, p.split_ok, p.drops_per_ml, p.offered)
        for p in formulary.products(drug, region=region)
    )


def releases_and_liquids_do_not_mix(paper: Paper) -> Check:
    """One release and at most one liquid a drug; the release of the current drug is that of the regimen."""
    name = "releases and liquids"
    if paper.any_dose:
        return not_applicable(name, NOT_DISPENSED)
    drugs = dict.fromkeys(ware.drug for ware in paper.wares)
    return checked(name, _mixed(paper, tuple(drugs)), held=f"one release and at most one liquid of {', '.join(drugs)}")


def _mixed(paper: Paper, drugs: tuple[str, ...]) -> Iterator[str]:
    for drug in drugs:
        of_drug = [ware for ware in paper.wares if ware.drug == drug]
        wanted = paper.release if drug in paper.drugs_now else "IR"
        for ware in of_drug:
            if ware.release != wanted:
                yield f"{ware} has release {ware.release}, but {drug} is taken as {wanted}"
        liquids = [ware for ware in of_drug if ware.liquid]
        if len(liquids) > 1:
            yield f"two liquids of {drug}: {' and '.join(map(str, liquids))}"


def pieces_make_every_dose(paper: Paper) -> Check:
    """Pieces times strength is the dose, to the nanogram, at every administration."""
    name = "pieces make the dose"
    if paper.any_dose:
        taken = [place for place, given in administrations(paper) if given.parts]
        faults = (f"{place}: products are taken in a plan that is not dispensed" for place in taken)
        return checked(name, faults, held=NOT_DISPENSED)
    faults = (fault for place, given in administrations(paper) for fault in _miscounted(place, given))
    count = sum(1 for _ in administrations(paper))
    return checked(name, faults, held=f"{count} administrations: pieces × strength is each dose, to the nanogram")


def administrations(paper: Paper) -> Iterator[tuple[str, Given]]:
    """Every administration with its place, such as 'step 3, night'; of a drug replaced at once only what is made."""
    for step in paper.steps:
        for number, day in enumerate(step.cycle):
            on = f"step {step.number}" + (f", day {number + 1} of its cycle" if len(step.cycle) > 1 else "")
            for given in day:
                if given.parts or not _replaced_at_once(step, given, paper):
                    yield f"{on}, {given.time}", given


def _replaced_at_once(step: Stretch, given: Given, paper: Paper) -> bool:
    """Whether a drug is gone before the first day of the plan, so that nothing is dispensed of it."""
    at_once = [cross for cross in paper.crossings if cross.first == cross.last == 1 and cross.drug == given.drug]
    return bool(at_once) and step.number == 0 and step.days == 0


def _miscounted(place: str, given: Given) -> Iterator[str]:
    if not given.parts:
        yield f"{place}: nothing makes {mg_text(given.ng)} mg of {given.drug}"
        return
    for part in given.parts:
        if part.product.drug != given.drug:
            yield f"{place}: {part.product} makes no {given.drug}"
    made = sum(Fraction(part.product.strength * part.pieces, part.per_unit) for part in given.parts)
    if made != given.ng:
        told = " + ".join(f"{_units(part)} × {mg_text(part.product.strength)} mg" for part in given.parts)
        yield f"{place}: {told} make {mg_text(made)} mg, but {mg_text(given.ng)} mg of {given.drug} is written"
    if len({part.product for part in given.parts}) < len(given.parts):
        yield f"{place}: one product is counted twice"


def _units(part: Part) -> str:
    return number_text(Fraction(part.pieces, part.per_unit))


def pieces_may_be_made(paper: Paper) -> Check:
    """Every piece is allowed by form, release, splitting policy, data or the caller's word; liquids can be measured."""
    name = "pieces allowed"
    if paper.any_dose:
        return not_applicable(name, NOT_DISPENSED)
    parts = [(place, part) for place, given in administrations(paper) for part in given.parts]
    faults = (fault for place, part in parts for fault in _unmakeable(place, part, paper))
    split = sorted({str(p.product) for _, p in parts if p.pieces % p.per_unit and not p.product.liquid})
    held = f"{paper.splitting!r} allows what is taken; split: {', '.join(split) or 'nothing'}"
    return checked(name, faults, held=held)


def _unmakeable(place: str, part: Part, paper: Paper) -> Iterator[str]:
    ware = part.product
    if ware.liquid:
        if ware.drops_per_ml and part.per_unit != ware.drops_per_ml:
            yield f"{place}: {ware} has {ware.drops_per_ml} drops a mL, but {part.per_unit} are counted"
        elif not ware.drops_per_ml and not _measures(part):
            yield f"{place}: {_units(part)} mL of {ware} cannot be measured in {number_text(ware.smallest_ml)} mL"
    elif part.per_unit not in PARTS or part.per_unit > pieces_of(ware, paper.splitting):
        allowed = ", ".join(str(into) for into in PARTS if into <= pieces_of(ware, paper.splitting))
        yield f"{place}: {ware} is divided into {part.per_unit}; allowed is {allowed}"


def _measures(part: Part) -> bool:
    smallest = part.product.smallest_ml
    return smallest > 0 and (Fraction(part.pieces, part.per_unit) / smallest).denominator == 1


def pieces_of(ware: Ware, splitting: str) -> int:
    """The pieces that one unit of a solid may be divided into.

    >>> tablet = Ware(drug="diazepam", strength=5, form="tablet", region="own", name="own", release="IR", offered="yes",
    ...               split_ok="unknown", pieces=0, drops_per_ml=0, smallest_ml=Fraction(1, 10))
    >>> [pieces_of(tablet, policy) for policy in ("whole", "scored", "halves", "quarters")]
    [1, 1, 2, 4]
    """
    if ware.form != "tablet" or ware.release != "IR":
        return 1
    return ware.pieces or BY_POLICY.get(splitting) or BY_DATA.get(ware.split_ok, 1)


def pieces_are_few_enough(paper: Paper) -> Check:
    """No administration needs more physical pieces than were allowed; a volume is one."""
    name = "number of pieces"
    if paper.any_dose:
        return not_applicable(name, NOT_DISPENSED)
    counts = [(sum(map(in_hand, given.parts)), place) for place, given in administrations(paper)]
    most = max((count for count, _ in counts), default=0)
    if not paper.max_pieces:
        return not_applicable(name, f"no limit was given; at most {most} at one time")
    faults = (
        f"{place}: {count} pieces, but at most {paper.max_pieces} were allowed"
        for count, place in counts
        if count > paper.max_pieces
    )
    return checked(name, faults, held=f"at most {most} at one time; {paper.max_pieces} were allowed")


def in_hand(part: Part) -> int:
    """The wholes, halves and quarters that are put in the hand: three quarters are a half and a quarter."""
    if part.product.liquid:
        return 1
    wholes, rest = divmod(part.pieces, part.per_unit)
    return wholes + (2 if 4 * rest == 3 * part.per_unit else min(rest, 1))
