"""What a plan uses up: day by day, product by product, in whole units and in the parts of broken tablets.

Units are whole tablets, capsules or mL; a fraction of one is exact. An open last step has no end and is left out where
no last day is given.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle, islice
from math import ceil
from typing import TypeVar

from benzotaper.product import Product
from benzotaper.steps import Day, PlanRecord, Taken

T = TypeVar("T")
NOTHING = Fraction(0)
DISCARDED = "discard"
"""The word in a product's note that says that an unused part is thrown away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An amount of one product that is taken.

    Attributes:
        taken: what is taken (units).
        drawn: what it takes out of the stock (units): more than `taken` where the rest of a broken unit is discarded.
        opened: what it would take (units) if the rest of every broken unit were discarded.
        wholes, halves, quarters: the pieces of tablets or capsules in the hand.
        measures: how often it is measured or counted out, of a liquid.
    """

    taken: Fraction = NOTHING
    drawn: Fraction = NOTHING
    opened: Fraction = NOTHING
    wholes: int = 0
    halves: int = 0
    quarters: int = 0
    measures: int = 0

    def __add__(self, other: "Use") -> "Use":
        return Use(
            taken=self.taken + other.taken,
            drawn=self.drawn + other.drawn,
            opened=self.opened + other.opened,
            wholes=self.wholes + other.wholes,
            halves=self.halves + other.halves,
            quarters=self.quarters + other.quarters,
            measures=self.measures + other.measures,
        )

    def __mul__(self, times: int) -> "Use":
        return Use(
            taken=self.taken * times,
            drawn=self.drawn * times,
            opened=self.opened * times,
            wholes=self.wholes * times,
            halves=self.halves * times,
            quarters=self.quarters * times,
            measures=self.measures * times,
        )


def keeps_parts(product: Product) -> bool:
    """Whether the rest of a broken unit may be kept for a later dose.

    Not of a form that never splits, nor where the data say that an unused part is discarded.

    >>> odt = Product("clonazepam", strength="1 mg", form="orally disintegrating tablet", release="ODT")
    >>> keeps_parts(odt), keeps_parts(Product("diazepam", strength="2 mg", form="tablet"))
    (False, True)
    """
    return product.liquid or (product.splits and DISCARDED not in product.note.casefold())


def use_of(taken: Taken) -> Use:
    """What one dose uses of one product.

    >>> tablet = Product("diazepam", strength="2 mg", form="tablet")
    >>> use = use_of(Taken(product=tablet, pieces=3, pieces_per_unit=2))
    >>> use.wholes, use.halves, str(use.drawn)
    (1, 1, '3/2')
    """
    units = taken.units
    if taken.product.liquid:
        return Use(taken=units, drawn=units, opened=units, measures=1)
    whole, part = divmod(units, 1)
    halves, rest = divmod(part, Fraction(1, 2))
    opened = Fraction(ceil(units))
    drawn = units if keeps_parts(taken.product) else opened
    return Use(taken=units, drawn=drawn, opened=opened, wholes=whole, halves=halves, quarters=ceil(rest * 4))


def day_use(day: Day) -> dict[Product, Use]:
    """What a day uses of each product."""
    found: dict[Product, Use] = {}
    for taken in (taken for administration in day for taken in administration.taken):
        found[taken.product] = found.get(taken.product, Use()) + use_of(taken)
    return found


def daily_use(record: PlanRecord) -> Iterator[dict[Product, Use]]:
    """What each day uses, from the plan's start on; the open last step goes on without end."""
    for step in record.steps:
        days = cycle([day_use(day) for day in step.cycle])
        if step.start is not None:
            yield from days if step.days is None else islice(days, step.days)


def plan_use(record: PlanRecord) -> dict[Product, Use]:
    """What a plan uses of each product on all days that have an end; an open last step is not counted.

    Args:
        record: the plan.

    Returns:
        By drug, larger strengths first.
    """
    found: dict[Product, Use] = {}
    for step in record.steps:
        full, rest = divmod(step.days or 0, len(step.cycle))
        for number, day in enumerate(step.cycle):
            times = full + (number < rest)
            for product, use in day_use(day).items() if times else ():
                found[product] = found.get(product, Use()) + use * times
    return in_order(record, found)


def in_order(record: PlanRecord, found: Mapping[Product, T]) -> dict[Product, T]:
    """By drug in the order of the plan, larger strengths first; what the plan never takes comes last."""
    order = {drug: number for number, drug in enumerate(record.drugs)}
    last = len(order)
    return dict(sorted(found.items(), key=lambda item: (order.get(item[0].drug, last), -item[0].strength.ng)))
