"""Makes a plan: a regimen, strategies and products become steps that tablets can make."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from benzotaper import equivalence
from benzotaper.align import Align, read_align
from benzotaper.dispensing.reduce import Reduce, reduce_text
from benzotaper.doses import DoseLike, read_dose
from benzotaper.errors import PlanError
from benzotaper.intervals import read_date, read_days
from benzotaper.plan import Plan
from benzotaper.planning.asked import (
    products_text,
    read_acknowledge,
    read_liquids,
    read_max_pieces,
    read_products,
    read_splitting,
)
from benzotaper.planning.maker import PlanMaker
from benzotaper.planning.several import APART, SeveralMaker, courses_text, read_courses
from benzotaper.product import AnyDose, Product
from benzotaper.profiles import profile as profile_named
from benzotaper.regimen import Regimen, read_regimen
from benzotaper.schedules import Phases, read_phases
from benzotaper.schedules.base import ZERO, Strategy
from benzotaper.schedules.substitution import PICKS, Substitution
from benzotaper.steps import (
    Request,
)

FITS = ("up", "nearest", "smoothest")


def taper(  # noqa: PLR0913  the front door: every choice is the caller's, by name
    regimen: str | Regimen,
    strategy: Phases | Mapping[str, Any],
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
    align: str | Align = "",
    apart: str | timedelta = APART,
    pick: str = "",
    acknowledge: str = "",
) -> Plan:
    """Plan a taper in doses that the products can make.

    Args:
        regimen: what is really taken now, as text or a `Regimen`.
        strategy: one strategy, or a sequence of them: phases. With several drugs: phases by drug, in the order in which
            the drugs are reduced, ``"keep"`` for one that stays; or one strategy for all of them together, on one curve
            in diazepam mg.
        start: the day on which the ideal course makes its first reduction (after `lead_in`, if that is given).
        products: a region with a complete list, products by hand, or `ANY_DOSE`.
        splitting: "whole", "scored", "halves" or "quarters"; absent with `ANY_DOSE`.
        fit: "up" (never ahead of the ideal course), "nearest", or "smoothest" (the smallest largest relative fall).
        reduce: how the day's doses fall: "evenly", "even levels" (by half-life), "in turn", times in turn, or pairs of
            a total and one of these.
        max_pieces: pieces an administration at most; 6, or what is taken now if that needs more, when left out.
        liquids: True adds the region's liquid; or the liquid to add.
        lead_in: how long the current dose is kept first.
        target: a maintenance dose to stay on.
        last_dose: the dose from which it goes to zero.
        profile: a rule profile, such as "asam-2025", by which the pace is judged too.
        table: the equivalence table for the plan's figures in diazepam mg.
        align: the days on which doses may change, as an `Align` or its text; each change moves to the next such day.
        apart: with several drugs, the least time between two reductions.
        pick: with several drugs, "low", "midpoint" or "high" where `table` gives a range.
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
    several = len(asked.drugs) > 1
    courses = read_courses(strategy, asked) if several else {asked.drug: read_phases(strategy)}
    phases = tuple(phase for each in courses.values() for phase in each)
    by_hand = read_products(products)
    request = Request(
        regimen=asked,
        strategies=courses_text(courses) if several else tuple(str(phase) for phase in phases),
        start=read_date(start),
        products=products_text(by_hand),
        splitting=read_splitting(splitting, by_hand),
        fit=_read_fit(fit),
        reduce=reduce_text(reduce),
        max_pieces=read_max_pieces(max_pieces),
        liquids=read_liquids(liquids),
        lead_in_days=0 if lead_in == "" else read_days(lead_in, what="lead_in"),
        target=read_dose(target, zero=True),
        last_dose=read_dose(last_dose, zero=True),
        profile=profile_named(profile).id if profile else "",
        table=_table_id(table, phases),
        align="" if align == "" else str(read_align(align)),
        apart_days=read_days(apart, what="apart") if several else 0,
        pick=_read_pick(pick),
        acknowledge=read_acknowledge(acknowledge),
    )
    if several:
        return Plan(SeveralMaker(request, phases, by_hand, reduce, liquids, table, courses=courses).record())
    return Plan(PlanMaker(request, phases, by_hand, reduce, liquids, table).record())


def _read_pick(pick: str) -> str:
    if pick not in ("", *PICKS):
        raise PlanError(f"pick {pick!r} must be one of {', '.join(PICKS)}", value=pick)
    return pick


def _read_fit(fit: str) -> str:
    if fit not in FITS:
        raise PlanError(f"fit {fit!r} must be one of {', '.join(FITS)}", value=fit)
    return fit


def _table_id(table: "str | equivalence.Table", phases: Sequence[Strategy]) -> str:
    """The plan's own table: as given, else that of its first cross-over."""
    if table:
        return str(equivalence.table_named(table).id)
    return next((phase.table for phase in phases if isinstance(phase, Substitution)), "")
