"""Which other product of the region, or which finer splitting, would shrink the falls that the products force.

The plan is made again from what it asked for, once with each candidate; what the two plans say is compared exactly.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from benzotaper.dispensing.reduce import read_reduce_text
from benzotaper.equivalence import Table
from benzotaper.errors import BenzotaperError, PlanError
from benzotaper.falls import unit_drug
from benzotaper.formulary import products as products_of, regions
from benzotaper.plan import Plan
from benzotaper.planner import taper
from benzotaper.planning.several import APART
from benzotaper.product import SPLITTINGS, Product
from benzotaper.steps import AS_GIVEN, PlanRecord
from benzotaper.suggesting.suggestions import (
    KINDS,
    Figures,
    Kind,
    Suggestion,
    Suggestions,
    changes,
    figures_of,
    is_same_course,
)
from benzotaper.suggesting.words import liquid_question, product_question, splitting_question

NONE_HELPS = "No other product or splitting in the data shrinks the worst or the last fall of this plan."
GIVEN_STEPS = "The steps are a prescriber's own, so none are planned anew. Ask the pharmacist."
NOT_DISPENSED = "No products were given, so no product limits this plan: there is nothing to suggest."
OWN_PRODUCTS = (
    "The products are of no region in the data, so no other product was looked at, only how tablets are split."
)


def suggest(plan: Plan, *, table: str | Table = "") -> Suggestions:
    """Say which other product of the plan's region, or which finer splitting, would shrink its worst or last fall.

    Each candidate is tried alone: every product of the plan's drugs and releases that the data offer in the region,
    each liquid by itself, and the next finer splitting policy that helps. The plan is made again with it, from the
    same request. A candidate is suggested if the worst fall (of current, before the last step) or the last fall
    shrinks and neither grows.

    Args:
        plan: a plan that `taper` made.
        table: the plan's own equivalence table, where that is not of the package.

    Returns:
        The suggestions, those that shrink the worst fall most first, as questions for the pharmacist; none with
        `ANY_DOSE`. `note` says why where there are none.

    Raises:
        PlanError: no plan, or one that cannot be planned again from what it asked for; the error says why. Where its
            table is not of the package, give that as `table`.

    Limits: it compares falls. Supply, price, licence, and whether a person can measure or split, are not looked at.

    >>> from benzotaper import Percentage, taper
    >>> plan = taper("diazepam 10 mg at night", Percentage("10 %", of="current", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="whole")
    >>> for suggestion in suggest(plan):
    ...     print(suggestion.kind, suggestion.what, suggestion.last_fall_before, suggestion.last_fall_after, sep=" | ")
    liquid | diazepam 0.4 mg/mL oral solution (generic, UK) | 2 mg | 0.04 mg
    splitting | halves | 2 mg | 1 mg
    """
    if not isinstance(plan, Plan):
        raise PlanError(f"{plan!r} is no plan; give what taper() returned", value=plan)
    title = f"{plan.regimen}, from {plan.start}"
    if plan.record.request.products == "any dose":
        return Suggestions(plan=title, items=(), note=NOT_DISPENSED)
    if AS_GIVEN in plan.record.request.strategies:
        return Suggestions(plan=title, items=(), note=GIVEN_STEPS)
    again = _Again(plan, table)
    found = sorted((*again.with_products(), *again.with_splitting()), key=_effect)
    notes = ("" if again.regions else OWN_PRODUCTS, "" if found else NONE_HELPS)
    return Suggestions(plan=title, items=tuple(found), note=" ".join(filter(None, notes)))


def _effect(suggestion: Suggestion) -> tuple[object, ...]:
    """The largest effect first: what is before is the same for all."""
    after = suggestion.worst_fall_after, suggestion.last_fall_after
    return (*after, KINDS.index(suggestion.kind), str(suggestion.what))


class _Again:
    """A plan that is made again with other products or splitting.

    Attributes:
        stock: what the plan could draw on.
        regions: where other products are looked for.
        before: the figures of the plan as it is.
    """

    def __init__(self, plan: Plan, table: str | Table) -> None:
        self.plan, self.record, self.request = plan, plan.record, plan.record.request
        self.table = table or self.request.table
        self.regions = _regions(self.record)
        self.stock = _stock(self.record)
        self.before = figures_of(self.record)
        self._check()

    def _check(self) -> None:
        """What cannot be planned again as it is would be compared with something else."""
        try:
            record = self.planned(self.stock, self.request.splitting)
        except BenzotaperError as error:
            raise PlanError(f"{self.plan!r} cannot be planned again: {error}", value=self.plan) from error
        if not is_same_course(self.record, record):
            message = (
                f"{self.plan!r} cannot be planned again: its steps are not those that its request gives; "
                "give a plan as taper() returned it"
            )
            raise PlanError(message, value=self.plan)

    def planned(self, products: Iterable[Product], splitting: str) -> PlanRecord:
        """The plan that the same request gives with these products and this splitting."""
        request = self.request
        return taper(
            request.regimen,
            request.strategies,
            start=request.start,
            products=products,
            splitting=splitting,
            fit=request.fit,
            reduce=read_reduce_text(request.reduce),
            max_pieces=request.max_pieces,
            lead_in=timedelta(days=request.lead_in_days) if request.lead_in_days else "",
            target=request.target,
            last_dose=request.last_dose,
            profile=request.profile,
            table=self.table,
            align=request.align,
            apart=timedelta(days=request.apart_days) if request.apart_days else APART,
            pick=request.pick,
            acknowledge=request.acknowledge,
        ).record

    def with_products(self) -> Iterator[Suggestion]:
        """The products that help, each alone."""
        for product in _candidates(self.record, self.stock, self.regions):
            left_out = [p for p in self.stock if product.liquid and p.liquid and p.drug == product.drug]
            beside = tuple(p for p in self.stock if p not in left_out)
            found = self._better((*beside, product), self.request.splitting)
            if found and product.liquid:
                yield self._suggestion(product, "liquid", liquid_question(product, left_out), found)
            elif found:
                yield self._suggestion(product, "product", product_question(product, found[0]), found)

    def with_splitting(self) -> Iterator[Suggestion]:
        """The next finer splitting policy that helps."""
        policies = list(SPLITTINGS)
        for policy in policies[policies.index(self.request.splitting) + 1 :]:
            found = self._better(self.stock, policy)
            question = splitting_question(found[0], before=self.request.splitting) if found else ""
            if found and question:
                yield self._suggestion(policy, "splitting", question, found)
                return

    def _better(self, products: Iterable[Product], splitting: str) -> tuple[PlanRecord, Figures] | None:
        """The plan made so and its figures, where one is smaller and none is larger."""
        try:
            record = self.planned(products, splitting)
        except BenzotaperError:
            return None  # the request itself was planned before: it is the candidate that does not do
        # without this, a plan that waits for a review would seem to have no last fall
        comparable = (record.ending, unit_drug(record)) == (self.record.ending, unit_drug(self.record))
        after = figures_of(record)
        return (record, after) if comparable and after.better_than(self.before) else None

    def _suggestion(
        self, what: Product | str, kind: Kind, question: str, found: tuple[PlanRecord, Figures]
    ) -> Suggestion:
        record, after = found
        from_date, steps = changes(self.record, record)
        return Suggestion(
            what=what,
            kind=kind,
            question=question,
            worst_fall_before=self.before.worst,
            worst_fall_after=after.worst,
            last_fall_before=self.before.last,
            last_fall_after=after.last,
            days_before=self.before.days,
            days_after=after.days,
            from_date=from_date,
            steps=steps,
        )


def _regions(record: PlanRecord) -> tuple[str, ...]:
    """The plan's region; of products by hand, the regions that they are from."""
    named = {record.request.products} if record.request.products in regions() else {p.region for p in record.shelf}
    return tuple(sorted(named & regions().keys()))


def _stock(record: PlanRecord) -> tuple[Product, ...]:
    """What the plan could draw on: its region's offer, and what is on its shelf."""
    drugs = dict.fromkeys(product.drug for product in record.shelf)
    region = record.request.products
    offer = [p for drug in drugs for p in products_of(drug, region=region)] if region in regions() else []
    return tuple(dict.fromkeys((*(p for p in offer if p.offered == "yes"), *record.shelf)))


def _candidates(record: PlanRecord, stock: Iterable[Product], places: Iterable[str]) -> Iterator[Product]:
    """The other products of the same drugs and releases that the data offer there."""
    had = {_as_marketed(product) for product in stock}
    for drug, release in dict.fromkeys((product.drug, product.release) for product in record.shelf):
        for product in (p for region in places for p in products_of(drug, region=region)):
            if product.release == release and product.offered != "no" and _as_marketed(product) not in had:
                yield product


def _as_marketed(product: Product) -> tuple[object, ...]:
    """What makes it the same product whatever the caller says of its pieces."""
    return product.drug, product.region, product.name, product.form, product.release, product.strength
