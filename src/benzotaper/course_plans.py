"""Plans a course anew from what is taken now: the same products, splitting, fit and way down, another strategy."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import add
from typing import Any, TypeAlias

from benzotaper.align import Align, read_align
from benzotaper.dispensing.reduce import EVENLY, read_reduce_text
from benzotaper.doses import Dose
from benzotaper.errors import CourseError
from benzotaper.plan import Plan
from benzotaper.planner import taper
from benzotaper.planning.asked import ANY, BY_HAND
from benzotaper.planning.several import APART
from benzotaper.product import ANY_DOSE, AnyDose, Product
from benzotaper.regimen import Regimen
from benzotaper.schedules import Phases
from benzotaper.steps import AS_GIVEN, PlanRecord, Step

Next: TypeAlias = Phases | Mapping[str, Any]
"""What `taper` takes as its strategy."""
UP = "up"


def taken(step: Step, *, first: Regimen) -> Regimen:
    """What is taken on a day of a step; in a cycle of days, each dose as on its highest day.

    Args:
        step: the step.
        first: what the course began with; a drug that entered later is plain.

    Raises:
        CourseError: nothing is.
    """
    highest: dict[str, dict[str, Any]] = {}
    for administration in (a for day in step.cycle for a in day):
        own = highest.setdefault(administration.drug, {})
        own[administration.time] = max(administration.dose, own.get(administration.time, Dose.of_ng(0)))
    if not highest:
        raise CourseError("nothing is taken any more, so nothing can be planned from it", value=step.start)
    releases = dict.fromkeys(first.drugs, first.release)
    regimens = [Regimen(drug, release=releases.get(drug, "IR"), **own) for drug, own in highest.items()]
    return reduce(add, regimens)


def planned_again(
    records: Sequence[PlanRecord], regimen: Regimen, strategy: Next, *, start: date, acknowledge: str
) -> Plan:
    """A plan that goes on from what is taken now, as the course was asked for but with another strategy.

    Args:
        records: the plans of the course so far, in order.
        regimen: what is taken now.
        strategy: what follows.
        start: the day of its first reduction.
        acknowledge: who owns something unusual; that of the plan before, when left out.

    Raises:
        BenzotaperError: as `taper`.
    """
    request = records[-1].request
    given = request.fit == AS_GIVEN
    return taper(
        regimen,
        strategy,
        start=start,
        products=_products(records),
        splitting=request.splitting,
        fit=UP if given else request.fit,
        reduce=EVENLY if given else read_reduce_text(request.reduce),
        max_pieces=request.max_pieces,
        liquids=_liquids(records),
        target=request.target,
        last_dose=request.last_dose,
        profile=request.profile,
        table=request.table,
        align=_align(records),
        apart=timedelta(days=request.apart_days) if request.apart_days else APART,
        pick=request.pick,
        acknowledge=acknowledge or request.acknowledge,
    )


def _align(records: Sequence[PlanRecord]) -> str | Align:
    """The days on which doses may change; fills go on from where they were first counted."""
    request = records[-1].request
    if not request.align:
        return ""
    align = read_align(request.align)
    counted = align.fill_every and not align.first_fill
    every, since = timedelta(days=align.fill_every), request.start
    return Align(weekday=align.weekday, avoid=align.avoid, fill_every=every, first_fill=since) if counted else align


def _shelf(records: Iterable[PlanRecord]) -> tuple[Product, ...]:
    return tuple(dict.fromkeys(product for record in records for product in record.shelf))


def _products(records: Sequence[PlanRecord]) -> str | tuple[Product, ...] | AnyDose:
    products = records[-1].request.products
    if products == ANY:
        return ANY_DOSE
    return _shelf(records) if products == BY_HAND else products


def _liquids(records: Sequence[PlanRecord]) -> bool | Product:
    """True, or the liquid that was added by hand."""
    liquids = records[-1].request.liquids
    added = (product for product in _shelf(records) if product.liquid and str(product) == liquids)
    return liquids == str(True) or next(added, False)
