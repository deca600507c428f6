"""Reads what is asked of a plan with given steps, and makes its record."""

from collections.abc import Iterable
from datetime import date

from benzotaper.doses import DoseLike, read_dose
from benzotaper.drugs import drug_named
from benzotaper.equivalence import table_named
from benzotaper.intervals import read_date, read_time
from benzotaper.planning.asked import (
    products_text,
    read_acknowledge,
    read_liquids,
    read_max_pieces,
    read_products,
    read_splitting,
)
from benzotaper.planning.given_plan import GivenMaker, read_given
from benzotaper.product import AnyDose, Product
from benzotaper.profiles import profile as profile_named
from benzotaper.regimen import Regimen, read_regimen
from benzotaper.steps import AS_GIVEN, PlanRecord, Request


def plan_record(  # noqa: PLR0913  as `Plan.from_schedule`
    rows: object,
    *,
    start: date | str,
    products: str | Iterable[Product] | AnyDose,
    splitting: str,
    drug: str,
    time: str,
    regimen: str | Regimen,
    target: DoseLike,
    max_pieces: int,
    liquids: bool | Product,
    profile: str,
    table: str,
    acknowledge: str,
) -> PlanRecord:
    """The record of a plan with given steps; see `Plan.from_schedule`.

    Raises:
        BenzotaperError: bad input, or a schedule that is no plan; the leaf says which.
    """
    by_hand = read_products(products)
    first_day = read_date(start)
    given = read_given(
        rows,
        start=first_day,
        drug=drug_named(drug).name if drug else "",
        time=read_time(time) if time else "",
        regimen=read_regimen(regimen) if regimen else None,
    )
    request = Request(
        regimen=given.regimen,
        strategies=(AS_GIVEN,),
        start=first_day,
        products=products_text(by_hand),
        splitting=read_splitting(splitting, by_hand),
        fit=AS_GIVEN,
        reduce=AS_GIVEN,
        max_pieces=read_max_pieces(max_pieces),
        liquids=read_liquids(liquids),
        lead_in_days=given.lead_in_days,
        target=read_dose(target, zero=True),
        last_dose=read_dose("0 mg", zero=True),
        profile=profile_named(profile).id if profile else "",
        table=table_named(table).id if table else "",
        acknowledge=read_acknowledge(acknowledge),
    )
    return GivenMaker(request, (), by_hand, "evenly", liquids, table, given=given).record()
