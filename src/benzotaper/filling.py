"""Works out the fills of a plan from its record alone: whole units, nothing lost, never a day without supply."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import reduce
from itertools import islice
from math import ceil
from operator import add
from types import MappingProxyType
from typing import Any, TypeAlias

from benzotaper.errors import PlanError, ProductError, did_you_mean, hint
from benzotaper.exports.words import date_words
from benzotaper.fill_dates import DAY, EARLY, Visit, never_closed, visits
from benzotaper.fills import Fill, FillLimit, Fills, FillTotal, Supply
from benzotaper.intervals import LONGEST_DAYS, read_date, read_days
from benzotaper.numbers import exact
from benzotaper.product import Product
from benzotaper.steps import PlanRecord
from benzotaper.usage import NOTHING, Use, daily_use, in_order, keeps_parts

MOST_UNITS = 10_000  # plausibility of a typed number, not a limit: project default, confirm
SMALLEST_PART = 4
"""The smallest part of a tablet that can be in hand is a quarter."""
ByProduct: TypeAlias = Mapping[Any, object]
"""Values by product, or by a product's text in the frames."""
NONE: ByProduct = MappingProxyType({})


@dataclass(slots=True)
class _Stock:
    """One product along the days of a plan.

    Attributes:
        opening: what is in hand at the beginning (units).
        pack: the units of a pack; 0 where single units are dispensed.
        uses: what each day uses of it.
        drawn: what all days before a day draw, a place for each day and one after the last.
        dispensed: so far (units).
    """

    product: Product
    opening: Fraction
    pack: int
    uses: list[Use] = field(default_factory=list)
    drawn: list[Fraction] = field(default_factory=lambda: [NOTHING])
    dispensed: int = 0

    def live(self, use: Use) -> None:
        """Add a day."""
        self.uses.append(use)
        self.drawn.append(self.drawn[-1] + use.drawn)

    @property
    def supply(self) -> Fraction:
        """All that has been in hand so far (units)."""
        return self.opening + self.dispensed

    def fill(self, first: int, after: int) -> "_Given":
        """Dispense what the days from `first` to before `after` lack."""
        before = self.supply - self.drawn[first]
        lacking = max(self.drawn[after] - self.supply, NOTHING)
        units = ceil(lacking / self.pack) * self.pack if self.pack else ceil(lacking)
        self.dispensed += units
        use = reduce(add, self.uses[first:after], Use())
        left = self.supply - self.drawn[after]
        return _Given(stock=self, units=units, before=before, use=use, left=left, supply=self.supply)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What one fill gives of one product; `supply` is all that has been in hand up to it (units)."""

    stock: _Stock
    units: int
    before: Fraction
    use: Use
    left: Fraction
    supply: Fraction

    def run_out(self, start: date) -> date | None:
        """The first day for which no more is in hand; None where the days that are known need no more."""
        days = bisect_right(self.stock.drawn, self.supply) - 1
        return start + timedelta(days=days) if days < len(self.stock.uses) else None


def fills_of(  # noqa: PLR0913  the front door: every choice is the caller's, by name
    record: PlanRecord,
    *,
    every: str | timedelta,
    first: date | str = "",
    until: date | str = "",
    is_closed: Callable[[date], bool] = never_closed,
    early: str | timedelta = EARLY,
    whole_packs: ByProduct | int = NONE,
    on_hand: ByProduct = NONE,
    limits: Iterable[FillLimit] = (),
) -> Fills:
    """The fills of a plan; see `Plan.fills`, which says what each argument is and what is refused.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> [supply.units for fill in fills_of(plan.record, every="7 days") for supply in fill.supplies]
    [4, 3]
    """
    start, days_between = record.request.start, read_days(every, what="every")
    last, notes = _last_day(record, until)
    length = (last - start).days + 1
    stocks = _stocks(record, length, on_hand, whole_packs)
    found = visits(
        _first_due(first, start, last),
        days_between,
        start=start,
        until=last,
        early=read_days(early, what="early"),
        is_closed=_calendar(is_closed),
    )
    _check_covered_before(stocks, found[0], start)
    given = [[stock.fill(*_places(visit, start)) for stock in stocks] for visit in found]
    _look_ahead(record, stocks, length)
    fills = tuple(_fill(n, visit, each, start) for n, (visit, each) in enumerate(zip(found, given, strict=True), 1))
    ended = record.stops_on is not None and last >= record.stops_on - DAY
    totals = (_total(stock, length, ended=ended) for stock in stocks)
    said = (notice for limit in limits for notice in limit.notices(fills))
    return Fills(
        every=days_between,
        until=last,
        fills=fills,
        totals=tuple(total for total in totals if total.opening or total.dispensed or total.taken),
        notes=(*notes, *said),
    )


# ---- what is asked


def _last_day(record: PlanRecord, until: date | str) -> tuple[date, tuple[str, ...]]:
    """The last day to cover, and what is left out of an open end."""
    start, last_step = record.request.start, record.steps[-1]
    if until != "":
        asked = read_date(until, what="until")
        if not start <= asked <= start + timedelta(days=LONGEST_DAYS):
            message = f"until {asked} must lie between the plan's start, {start}, and 20 years after it"
            raise PlanError(message, value=until)
        stops = record.stops_on
        return (min(asked, stops - DAY) if stops and stops > start else asked), ()
    last = (last_step.start or start) - DAY
    if last < start:
        why = "nothing is taken in it" if record.ending == "zero" else "it is open from its first day on: give until="
        message = f"this plan has no day to cover: {why}"
        raise PlanError(message, value=until)
    if record.ending == "zero":
        return last, ()
    what = "the maintenance dose" if record.ending == "maintenance" else "the dose that waits for a review"
    open_from = f"{what} from {date_words(last + DAY)} on has no end and is not covered; give until= to cover it"
    return last, (open_from,)


def _first_due(first: date | str, start: date, last: date) -> date:
    if first == "":
        return start
    due = read_date(first, what="first")
    if not start - timedelta(days=LONGEST_DAYS) <= due <= last:
        raise PlanError(f"first {due} must not lie after {last}, the last day to cover", value=first)
    return due


def _calendar(is_closed: object) -> Callable[[date], bool]:
    if not callable(is_closed):
        message = f"is_closed={is_closed!r} must be a function of a day, such as `lambda day: day.weekday() == 6`"
        raise PlanError(message, value=is_closed)
    return is_closed


def _stocks(record: PlanRecord, length: int, on_hand: ByProduct, whole_packs: ByProduct | int) -> tuple[_Stock, ...]:
    """A stock for each product that is taken or in hand, with its first days."""
    _check_dispensed(record)
    steps = (step for step in record.steps if step.start is not None)
    taken = {taken.product for step in steps for day in step.cycle for a in day for taken in a.taken}
    opening = _by_product(record, on_hand, "on_hand", _read_amount)
    packs = _packs(record, whole_packs, taken)
    products = in_order(record, {product: NOTHING for product in record.shelf if product in taken | opening.keys()})
    stocks = tuple(
        _Stock(product=product, opening=Fraction(opening.get(product, NOTHING)), pack=int(packs.get(product, 0)))
        for product in products
    )
    _live(stocks, islice(daily_use(record), length))
    return stocks


def _check_dispensed(record: PlanRecord) -> None:
    """Every dose on a day of the plan is made by products."""
    steps = (step for step in record.steps if step.start is not None)
    made = all(administration.taken for step in steps for day in step.cycle for administration in day)
    if not record.shelf or not made:
        message = "this plan names no products (any dose), so nothing can be dispensed from it; plan with products"
        raise ProductError(message, value="ANY_DOSE")


def _by_product(
    record: PlanRecord, given: object, what: str, read: Callable[[Product, object], Fraction]
) -> dict[Product, Fraction]:
    """Values by product; a product is given as such, or by its text in the frames."""
    if not isinstance(given, Mapping):
        raise ProductError(f"{what}={given!r} must be a mapping from products to numbers", value=given)
    found: dict[Product, Fraction] = {}
    for key, value in given.items():
        product = _product(record, key, what)
        if product in found:
            raise ProductError(f"{what} names {str(key)!r} twice; give one number", value=key)
        found[product] = read(product, value)
    return found


def _product(record: PlanRecord, key: object, what: str) -> Product:
    """The product on the plan's shelf that is meant."""
    meant = [product for product in record.shelf if key in (product, str(product))]
    if len(meant) == 1:
        return meant[0]
    texts = [str(product) for product in record.shelf]
    why = f"which this plan does not draw on{hint(did_you_mean(str(key), texts))}; it has {', '.join(texts)}"
    raise ProductError(
        f"{what} names {str(key)!r}, {'which is several; give the Product' if meant else why}", value=key
    )


def _read_amount(product: Product, value: object) -> Fraction:
    amount = exact(value, error=ProductError)
    part = 1 if product.liquid else SMALLEST_PART if keeps_parts(product) else 0
    if not 0 <= amount <= MOST_UNITS:
        raise ProductError(f"on_hand {value!r} of {product} must lie between 0 and {MOST_UNITS}", value=value)
    if not product.liquid and amount.denominator > max(part, 1):
        what = "whole units and quarters" if part else "whole units: an unused part of it is discarded"
        raise ProductError(f"on_hand {value!r} of {product} must be given in {what}", value=value)
    return amount


def _packs(record: PlanRecord, given: ByProduct | int, taken: Iterable[Product]) -> dict[Product, Fraction]:
    if isinstance(given, Mapping):
        return _by_product(record, given, "whole_packs", _read_pack)
    liquids = [product for product in taken if product.liquid]
    if liquids:
        message = f"whole_packs={given!r} cannot stand for tablets and mL alike: give the pack of each product"
        raise ProductError(message, value=given)
    return {product: _read_pack(product, given) for product in taken}


def _read_pack(product: Product, value: object) -> Fraction:
    if type(value) is not int or not 1 <= value <= MOST_UNITS:
        message = f"the pack of {product}, {value!r}, must be a whole number of {product.unit}s from 1 to {MOST_UNITS}"
        raise ProductError(message, value=value)
    return Fraction(value)


# ---- along the days


def _places(visit: Visit, start: date) -> tuple[int, int]:
    """The days of a visit, counted from the plan's start: the first, and the one after the last."""
    return (visit.first_day - start).days, (visit.last_day - start).days + 1


def _live(stocks: Iterable[_Stock], days: Iterable[dict[Product, Use]]) -> None:
    for day in days:
        for stock in stocks:
            stock.live(day.get(stock.product, Use()))


def _check_covered_before(stocks: Iterable[_Stock], visit: Visit, start: date) -> None:
    """Whatever is in hand must last until the first fill."""
    days = (visit.first_day - start).days
    for stock in stocks:
        lasts = bisect_right(stock.drawn, stock.opening) - 1
        if lasts < days:
            without = start + timedelta(days=lasts)
            message = (
                f"{without} would be without {stock.product}: the first fill is collected on {visit.collected}; give "
                "an earlier first=, or what is in hand as on_hand="
            )
            raise PlanError(message, value=visit.collected)


def _look_ahead(record: PlanRecord, stocks: tuple[_Stock, ...], length: int) -> None:
    """Add the days after the last one covered, until all that is in hand is used up, the plan ends, or 20 years."""
    end = record.stops_on
    more = LONGEST_DAYS if end is None else max((end - record.request.start).days - length, 0)
    for day in islice(daily_use(record), length, length + more):
        if all(stock.drawn[-1] > stock.supply for stock in stocks):
            break
        _live(stocks, [day])


def _fill(number: int, visit: Visit, given: Iterable[_Given], start: date) -> Fill:
    ends = [each.run_out(start) for each in given]
    supplies = tuple(
        Supply(
            product=each.stock.product,
            units=each.units,
            packs=each.units // each.stock.pack if each.stock.pack else 0,
            use=each.use,
            before=each.before,
            left=each.left,
            run_out=end,
        )
        for each, end in zip(given, ends, strict=True)
        if each.units or each.use.taken
    )
    return Fill(
        number=number,
        due=visit.due,
        earliest=visit.earliest,
        collected=visit.collected,
        first_day=visit.first_day,
        last_day=visit.last_day,
        supplies=supplies,
        run_out=min((end for end in ends if end), default=None),
    )


def _total(stock: _Stock, length: int, *, ended: bool) -> FillTotal:
    taken = sum((use.taken for use in stock.uses[:length]), NOTHING)
    left = stock.supply - stock.drawn[length]
    return FillTotal(
        product=stock.product,
        opening=stock.opening,
        dispensed=stock.dispensed,
        taken=taken,
        discarded=stock.drawn[length] - taken,
        returned=left if ended else NOTHING,
        on_hand=NOTHING if ended else left,
    )
