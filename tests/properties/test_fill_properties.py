"""Fills lose nothing and leave no day without supply, whatever the plan, the calendar and the packs.

The oracle takes tablets out of a box day by day: it breaks whole ones, keeps halves and quarters, and shares nothing
with the code that it checks.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from hypothesis import assume, event, given, strategies as st

import benzotaper as bt
from benzotaper.errors import PlanError
from benzotaper.exports.rows import rows
from benzotaper.steps import Day, PlanRecord
from strategies import plan_records

HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)
DAY = timedelta(days=1)
LOOK_AHEAD = 400


class Box:
    """What is in hand of one product: whole tablets, and parts of broken ones."""

    def __init__(self, product: bt.Product, units: Fraction) -> None:
        self.product = product
        self.whole = units if product.form.startswith("oral ") else Fraction(int(units))
        rest = units - self.whole
        self.parts = [HALF] * (rest >= HALF) + [QUARTER] * (rest % HALF > 0)
        self.taken = self.discarded = Fraction(0)

    @property
    def units(self) -> Fraction:
        return self.whole + sum(self.parts)

    def take(self, units: Fraction) -> bool:
        """Take so much, if it is there."""
        self.taken += units
        if self.product.form.startswith("oral "):  # a liquid: any amount can be measured
            self.whole -= units
            return self.whole >= 0
        self.whole -= int(units)
        rest = units % 1
        wanted = [HALF] * (rest >= HALF) + [QUARTER] * (rest % HALF > 0)
        if wanted and (self.product.form != "tablet" or "discarded" in self.product.note):
            self.whole -= 1
            self.discarded += 1 - rest
            wanted = []
        for part in wanted:
            self._part(part)
        return self.whole >= 0

    def _part(self, part: Fraction) -> None:
        if part in self.parts:
            self.parts.remove(part)
        elif part == HALF and self.parts.count(QUARTER) == 2:
            self.parts = [p for p in self.parts if p != QUARTER]
        elif part == QUARTER and HALF in self.parts:
            self.parts.remove(HALF)
            self.parts.append(QUARTER)
        else:
            self.whole -= 1
            self.parts += [HALF] if part == HALF else [HALF, QUARTER]


class Asked(NamedTuple):
    """A plan, and how its fills are asked for."""

    record: PlanRecord
    closed: Any
    early: int
    given: dict[str, Any]


@st.composite
def asked_fills(draw: st.DrawFn, *, whole: bool = False) -> Asked:
    record = draw(plan_records(dispensed=True))
    start = record.request.start
    length = sum(step.days or 0 for step in record.steps)
    assume(start.year < 2190 and (length or not (whole or record.ending == "zero")))
    weekdays = draw(st.sets(st.integers(0, 6), max_size=6))
    days = {start + timedelta(days=n) for n in draw(st.sets(st.integers(-20, length + 20), max_size=40))}
    early = draw(st.integers(1, 5))
    products = st.sampled_from(record.shelf)
    quarters = st.integers(0, 120).map(lambda n: Fraction(n, 4))
    every = draw(st.sampled_from([1, 3, 7, 10, 28, 90]))
    asked: dict[str, Any] = {
        "every": timedelta(days=every),
        "is_closed": lambda day: day.weekday() in weekdays or day in days,
        "early": timedelta(days=early),
        "whole_packs": draw(st.dictionaries(products, st.integers(1, 60), max_size=3)),
        "on_hand": {
            product: amount
            if product.form != "capsule" and not product.note and product.release == "IR"
            else int(amount)
            for product, amount in draw(st.dictionaries(products, quarters, max_size=3)).items()
        },
    }
    if not whole:
        first = draw(st.none() | st.integers(-40, min(5, max(length - 1, 0))))
        if first is not None:
            asked["first"] = start + timedelta(days=first)
        if not length or draw(st.booleans()):
            asked["until"] = start + timedelta(days=max(length + draw(st.integers(-10, 60)), first or 0, 0))
    return Asked(record, asked["is_closed"], early, asked)


def days_of(record: PlanRecord) -> Iterator[tuple[date, Day]]:
    """Every day with what is taken on it; the open last step without end."""
    day = record.request.start
    for step in record.steps:
        number = 0
        while step.start is not None and (step.days is None or number < step.days):
            yield day, step.cycle[number % len(step.cycle)]
            day, number = day + DAY, number + 1


def live(boxes: dict[bt.Product, Box], day: Day) -> bool:
    """Take what the day asks for; whether all of it was there."""
    made = [boxes[t.product].take(t.units) for administration in day for t in administration.taken]
    return all(made)


def boxes_of(asked: Asked) -> dict[bt.Product, Box]:
    on_hand = asked.given["on_hand"]
    return {product: Box(product, Fraction(on_hand.get(product, 0))) for product in asked.record.shelf}


@given(asked_fills())
def test_each_day_has_its_supply_and_nothing_is_lost(asked: Asked) -> None:
    boxes = boxes_of(asked)
    try:
        fills = bt.Plan(asked.record).fills(**asked.given)
    except PlanError as error:
        event("refused: a day without supply")
        without = date.fromisoformat(str(error)[:10])
        lasted = [live(boxes, day) for when, day in until(asked.record, without)]
        assert not lasted[-1]
        assert all(lasted[:-1])
        return
    event(f"to {asked.record.ending}, {len(fills)} fills" if len(fills) < 3 else f"to {asked.record.ending}")
    coming = {fill.first_day: fill for fill in fills}
    assert len(coming) == len(fills)
    for when, day in until(asked.record, fills.until):
        for supply in coming[when].supplies if when in coming else ():
            assert boxes[supply.product].units == supply.before
            boxes[supply.product].whole += supply.units
        assert live(boxes, day), f"{when} is without supply"
        for fill in fills:
            for supply in fill.supplies if fill.last_day == when else ():
                assert boxes[supply.product].units == supply.left == supply.left_whole + supply.left_broken
    totals = {total.product: total for total in fills.totals}
    for product, box in boxes.items():
        if product not in totals:
            assert not box.taken
            continue
        total = totals[product]
        assert (total.taken, total.discarded) == (box.taken, box.discarded)
        assert total.returned + total.on_hand == box.units
        assert total.opening + total.dispensed == total.taken + total.discarded + total.returned + total.on_hand
        assert total.dispensed == sum(s.units for fill in fills for s in fill.supplies if s.product == product)


def until(record: PlanRecord, last: date) -> Iterator[tuple[date, Day]]:
    for when, day in days_of(record):
        if when > last:
            return
        yield when, day


@given(asked_fills())
def test_fills_are_collected_on_open_days_in_their_window_and_cover_each_day_once(asked: Asked) -> None:
    try:
        fills = bt.Plan(asked.record).fills(**asked.given)
    except PlanError:
        return
    closed = asked.closed
    for before, after in zip(fills.fills, fills.fills[1:], strict=False):
        assert before.last_day + DAY == after.first_day == after.collected
    assert fills[-1].last_day == fills.until
    for fill in fills:
        assert fill.collected <= fill.first_day <= fill.last_day
        assert not closed(fill.collected)
        assert not closed(fill.earliest)
        assert fill.earliest <= fill.collected <= fill.due
        closure = [fill.collected + DAY * n for n in range(1, (fill.due - fill.collected).days + 1)]
        assert all(map(closed, closure)), "an open day between was passed over"
        if fill.collected == fill.due:
            assert fill.earliest == fill.due
        else:
            assert (fill.collected + DAY - fill.earliest).days <= asked.early
        first = asked.given.get("first", asked.record.request.start)
        assert (fill.due - first) % asked.given["every"] == timedelta(0)


@given(asked_fills(), st.data())
def test_the_run_out_day_is_the_first_that_what_is_in_hand_does_not_make(asked: Asked, data: st.DataObject) -> None:
    try:
        fills = bt.Plan(asked.record).fills(**asked.given)
    except PlanError:
        return
    chosen = fills[data.draw(st.integers(0, len(fills) - 1))]
    boxes = boxes_of(asked)
    coming = {fill.first_day: fill for fill in fills if fill.number <= chosen.number}
    last = fills.until + timedelta(days=LOOK_AHEAD)
    for when, day in until(asked.record, last):
        for supply in coming[when].supplies if when in coming else ():
            boxes[supply.product].whole += supply.units
        if not live(boxes, day):
            assert chosen.run_out == when
            assert when > chosen.last_day
            return
    assert chosen.run_out is None or chosen.run_out > last


@given(asked_fills(whole=True))
def test_totals_are_those_of_the_administration_frame(asked: Asked) -> None:
    plan = bt.Plan(asked.record)
    expected: dict[str, Fraction] = {}
    for row in rows(asked.record, per="administration"):
        step = asked.record.steps[row["step"]]  # type: ignore[index]  # a whole number
        place = max(row["cycle_day"], 1) - 1  # type: ignore[operator,type-var]  # a whole number
        days = len(range(place, step.days or 0, len(step.cycle)))
        if days:
            expected[str(row["product"])] = expected.get(str(row["product"]), Fraction(0)) + days * row["units"]  # type: ignore[operator]  # exact
    fills = plan.fills(**asked.given)
    assert {str(total.product): total.taken for total in fills.totals if total.taken} == expected
    assert {str(total.product): total.units for total in plan.totals()} == expected
    for total in plan.totals():
        assert total.dose_mg == total.units * total.product.strength_mg
        assert total.units <= total.units_if_halves_kept < total.units + 1
        assert total.units_if_halves_kept <= total.units_if_halves_discarded
    ends = asked.record.ending == "zero"
    assert not any(total.on_hand if ends else total.returned for total in fills.totals)
