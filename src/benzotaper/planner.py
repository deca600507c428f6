"""Makes a plan: a regimen, strategies and products become steps that tablets can make."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from benzotaper import equivalence
from benzotaper.align import Align
from benzotaper.dispensing.reduce import Reduce
from benzotaper.doses import DoseLike
from benzotaper.plan import Plan
from benzotaper.planning.choices import read_choices, read_strategy
from benzotaper.planning.several import APART
from benzotaper.product import AnyDose, Product
from benzotaper.regimen import Regimen, read_regimen
from benzotaper.schedules import Phases
from benzotaper.schedules.base import ZERO


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
    courses = read_strategy(strategy, asked)
    choices = read_choices(
        start=start,
        products=products,
        splitting=splitting,
        fit=fit,
        reduce=reduce,
        max_pieces=max_pieces,
        liquids=liquids,
        lead_in=lead_in,
        target=target,
        last_dose=last_dose,
        profile=profile,
        table=table,
        align=align,
        apart=apart,
        pick=pick,
        acknowledge=acknowledge,
    )
    return Plan(choices.maker(asked, courses).record())
