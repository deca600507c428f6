"""Makes a plan: a regimen, strategies and products become steps that tablets can make."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from benzotaper import equivalence
from benzotaper.dispensing.descent import Reduce, reduce_text
from benzotaper.doses import DoseLike, read_dose
from benzotaper.errors import AcknowledgementError, PlanError, ProductError
from benzotaper.intervals import read_date, read_days
from benzotaper.plan import Plan
from benzotaper.plan_maker import PlanMaker
from benzotaper.product import SPLITTINGS, AnyDose, Product
from benzotaper.profiles import profile as profile_named
from benzotaper.regimen import Regimen, read_regimen
from benzotaper.schedules import Phases, read_phases
from benzotaper.schedules.base import ZERO, Strategy
from benzotaper.schedules.substitution import Substitution
from benzotaper.steps import (
    Request,
)

FITS = ("up", "nearest")


def taper(  # noqa: PLR0913  the front door: every choice is the caller's, by name
    regimen: str | Regimen,
    strategy: Phases,
    *,
    start: date | str,
    products: str | Iterable[Product] | AnyDose,
    splitting: str = "",
    fit: str = "up",
    reduce: Reduce = "evenly",
    max_pieces: int = 0,
    liquids: bool | Product = False,
    lead_in: str | timedelta = "",
    target: DoseLike = ZERO,
    last_dose: DoseLike = ZERO,
    profile: str = "",
    table: "str | equivalence.Table" = "",
    acknowledge: str = "",
) -> Plan:
    """Plan a taper in doses that the products can make.

    Args:
        regimen: what is really taken now, as text or a `Regimen`.
        strategy: one strategy, or a sequence of them: phases.
        start: the day on which the ideal course makes its first reduction (after `lead_in`, if that is given).
        products: a region with a complete list, products by hand, or `ANY_DOSE`.
        splitting: "whole", "scored", "halves" or "quarters"; absent with `ANY_DOSE`.
        fit: "up" (never ahead of the ideal course) or "nearest".
        reduce: how the day's doses fall: "evenly", "in turn", times in turn, or pairs of a total and one of these.
        max_pieces: pieces an administration at most; 6, or what is taken now if that needs more, when left out.
        liquids: True adds the region's liquid; or the liquid to add.
        lead_in: how long the current dose is kept first.
        target: a maintenance dose to stay on.
        last_dose: the dose from which it goes to zero.
        profile: a rule profile, such as "asam-2025", by which the pace is judged too.
        table: the equivalence table for the plan's figures in diazepam mg.
        acknowledge: who owns something unusual, and why; it stays in the plan.

    Returns:
        The plan, with findings. A finding never refuses a plan.

    Raises:
        BenzotaperError: bad input or an impossible plan; the leaf says which.

    Limits: it proposes; a named prescriber decides. Age, liver, pregnancy, other medicines are not looked at.

    >>> from benzotaper.schedules import Percentage
    >>> plan = taper("diazepam 10 mg twice daily", Percentage("10 %", of="current", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> [str(plan.steps[n].mean_ng("diazepam") / 10**6) for n in (0, 1, 2)]
    ['20', '18', '33/2']
    """
    asked = read_regimen(regimen)
    phases = read_phases(strategy)
    by_hand = _read_products(products)
    request = Request(
        regimen=asked,
        strategies=tuple(str(phase) for phase in phases),
        start=read_date(start),
        products=by_hand if isinstance(by_hand, str) else "any dose" if isinstance(by_hand, AnyDose) else "by hand",
        splitting=_read_splitting(splitting, by_hand),
        fit=_read_fit(fit),
        reduce=reduce_text(reduce),
        max_pieces=_read_max_pieces(max_pieces),
        liquids=_read_liquids(liquids),
        lead_in_days=0 if lead_in == "" else read_days(lead_in, what="lead_in"),
        target=read_dose(target, zero=True),
        last_dose=read_dose(last_dose, zero=True),
        profile=profile_named(profile).id if profile else "",
        table=_table_id(table, phases),
        acknowledge=_read_acknowledge(acknowledge),
    )
    return Plan(PlanMaker(request, phases, by_hand, reduce, liquids, table).record())


def _read_products(products: object) -> str | tuple[Product, ...] | AnyDose:
    if isinstance(products, str | AnyDose):
        return products
    several = tuple(products) if isinstance(products, Iterable) else (products,)
    for product in several:
        if not isinstance(product, Product):
            message = f"products {product!r} is no product; give a region such as 'UK', a list of Product, or ANY_DOSE"
            raise ProductError(message, value=product)
    return several


def _read_liquids(liquids: bool | Product) -> str:
    if not isinstance(liquids, bool | Product):
        message = f"liquids {liquids!r} must be True, False or the liquid to add, such as one from bt.products(...)"
        raise ProductError(message, value=liquids)
    return str(liquids) if liquids else ""


def _read_acknowledge(acknowledge: str) -> str:
    if not isinstance(acknowledge, str):
        message = f"acknowledge={acknowledge!r} must be text: who owns this, and why"
        raise AcknowledgementError(message, what="acknowledge")
    return acknowledge.strip()


def _read_splitting(splitting: str, products: object) -> str:
    if isinstance(products, AnyDose):
        if splitting:
            raise PlanError("splitting must be absent with ANY_DOSE: nothing is dispensed", value=splitting)
        return ""
    if not isinstance(splitting, str) or splitting not in SPLITTINGS:
        said = f"{splitting!r} must be" if splitting else "must be given:"
        message = f"splitting {said} one of {', '.join(SPLITTINGS)}"
        raise PlanError(message, value=splitting)
    return splitting


def _read_fit(fit: str) -> str:
    if fit not in FITS:
        raise PlanError(f"fit {fit!r} must be one of {', '.join(FITS)}", value=fit)
    return fit


def _read_max_pieces(max_pieces: int) -> int:
    if type(max_pieces) is not int or max_pieces < 0:
        raise PlanError(f"max_pieces {max_pieces!r} must be a whole number of at least 1", value=max_pieces)
    return max_pieces


def _table_id(table: "str | equivalence.Table", phases: Sequence[Strategy]) -> str:
    """The plan's own table: as given, else that of its first cross-over."""
    if table:
        return str(equivalence.table_named(table).id)
    return next((phase.table for phase in phases if isinstance(phase, Substitution)), "")
