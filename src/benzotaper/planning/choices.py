"""What a caller chooses beside regimen and strategy, read once: for one plan, or for a whole cohort."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import chain
from typing import Any, NamedTuple

from benzotaper import equivalence
from benzotaper.align import Align, read_align
from benzotaper.dispensing.reduce import Reduce, check_reduce, reduce_text
from benzotaper.doses import Dose, DoseLike, read_dose
from benzotaper.errors import PlanError, ProductError, did_you_mean, hint
from benzotaper.formulary import check_complete
from benzotaper.intervals import read_date, read_days
from benzotaper.planning.asked import (
    products_text,
    read_acknowledge,
    read_liquids,
    read_max_pieces,
    read_products,
    read_splitting,
)
from benzotaper.planning.maker import PlanMaker
from benzotaper.planning.several import APART, Courses, SeveralMaker, courses_text, read_courses
from benzotaper.product import AnyDose, Product
from benzotaper.profiles import profile as profile_named
from benzotaper.regimen import Regimen
from benzotaper.schedules import Phases, read_phases
from benzotaper.schedules.base import ZERO, Strategy
from benzotaper.schedules.substitution import PICKS, Substitution
from benzotaper.steps import Request

FITS = ("up", "nearest", "smoothest")


class Choices(NamedTuple):
    """The arguments of `taper` but regimen and strategy, checked; see there what each is."""

    start: date
    products: str | tuple[Product, ...] | AnyDose
    splitting: str
    fit: str
    reduce: Reduce
    reduce_words: str
    max_pieces: int
    liquids: bool | Product
    liquids_words: str
    lead_in_days: int
    target: Dose
    last_dose: Dose
    profile: str
    table: "str | equivalence.Table"
    align: str
    apart: str | timedelta
    pick: str
    acknowledge: str

    def check_for_all(self) -> None:
        """Refuse what is wrong whoever the plan is for: for a cohort, or a comparison.

        Raises:
            BenzotaperError: an incomplete or unknown region, no products, an unknown table or way to fall, no duration.
        """
        if isinstance(self.products, str):
            check_complete(self.products, drug=equivalence.DIAZEPAM)
        elif not isinstance(self.products, AnyDose) and not self.products:
            raise ProductError("products is empty; give a region, products by hand, or ANY_DOSE", value=self.products)
        check_reduce(self.reduce, any_dose=isinstance(self.products, AnyDose))
        if self.table:
            equivalence.table_named(self.table)
        read_days(self.apart, what="apart")

    def maker(self, regimen: Regimen, courses: Courses) -> PlanMaker:
        """What makes the plan of one person.

        Args:
            regimen: what is taken now.
            courses: the phases of each drug, as `read_strategy` gives them.
        """
        several = len(regimen.drugs) > 1
        phases = tuple(chain.from_iterable(courses.values()))
        request = Request(
            regimen=regimen,
            strategies=courses_text(courses) if several else tuple(map(str, phases)),
            start=self.start,
            products=products_text(self.products),
            splitting=self.splitting,
            fit=self.fit,
            reduce=self.reduce_words,
            max_pieces=self.max_pieces,
            liquids=self.liquids_words,
            lead_in_days=self.lead_in_days,
            target=self.target,
            last_dose=self.last_dose,
            profile=self.profile,
            table=_table_id(self.table, phases),
            align=self.align,
            apart_days=read_days(self.apart, what="apart") if several else 0,
            pick=self.pick,
            acknowledge=self.acknowledge,
        )
        if several:
            return SeveralMaker(request, phases, self.products, self.reduce, self.liquids, self.table, courses=courses)
        return PlanMaker(request, phases, self.products, self.reduce, self.liquids, self.table)


def read_strategy(strategy: Phases | Mapping[str, Any], regimen: Regimen) -> Courses:
    """The phases of each drug of a regimen.

    Raises:
        StrategyError: no strategy, or not one for each drug.
    """
    if len(regimen.drugs) > 1:
        return read_courses(strategy, regimen)
    return {regimen.drug: read_phases(strategy)}


def read_choices(  # noqa: PLR0913  as `taper`: every choice is the caller's, by name
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
) -> Choices:
    """Read the choices of a call.

    Raises:
        BenzotaperError: one of them is none; the leaf says which.

    >>> read_choices(start="2026-12-01", products="UK", splitting="halves").fit
    'up'
    """
    by_hand = read_products(products)
    stays, ends = read_dose(target, zero=True), read_dose(last_dose, zero=True)
    _refuse_ending(stays, ends, by_hand)
    return Choices(
        start=read_date(start),
        products=by_hand,
        splitting=read_splitting(splitting, by_hand),
        fit=_read_fit(fit),
        reduce=reduce,
        reduce_words=reduce_text(reduce),
        max_pieces=read_max_pieces(max_pieces),
        liquids=liquids,
        liquids_words=read_liquids(liquids),
        lead_in_days=0 if lead_in == "" else read_days(lead_in, what="lead_in"),
        target=stays,
        last_dose=ends,
        profile=profile_named(profile).id if profile else "",
        table=table,
        align="" if align == "" else str(read_align(align)),
        apart=apart,
        pick=_read_pick(pick),
        acknowledge=read_acknowledge(acknowledge),
    )


def _refuse_ending(target: Dose, last_dose: Dose, products: object) -> None:
    """A plan ends at one dose; where any dose can be made, somebody must say at which."""
    if target.ng and last_dose.ng:
        message = "give target=, to stay on a dose, or last_dose=, to go from it to zero; not both"
        raise PlanError(message, value=target)
    if isinstance(products, AnyDose) and not (target.ng or last_dose.ng):
        message = "with ANY_DOSE nothing says which dose is the last: give last_dose= or target="
        raise PlanError(message, value="ANY_DOSE")


def _read_pick(pick: str) -> str:
    if pick not in ("", *PICKS):
        raise PlanError(f"pick {pick!r} must be one of {', '.join(PICKS)}", value=pick)
    return pick


def _read_fit(fit: str) -> str:
    if fit not in FITS:
        near = hint(did_you_mean(str(fit), FITS))
        raise PlanError(f"fit {fit!r} must be one of {', '.join(FITS)}{near}", value=fit)
    return fit


def _table_id(table: "str | equivalence.Table", phases: Iterable[Strategy]) -> str:
    """The plan's own table: as given, else that of its first cross-over."""
    if table:
        return str(equivalence.table_named(table).id)
    return next((phase.table for phase in phases if isinstance(phase, Substitution)), "")
