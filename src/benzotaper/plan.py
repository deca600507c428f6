"""A plan: the records, and one line for each of its outputs."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self

from benzotaper.amounts import Totals, totals_of
from benzotaper.day_lists import DayLists
from benzotaper.doses import DoseLike
from benzotaper.errors import PlanFormatError
from benzotaper.exports import html, json_plan, table_csv, text_table
from benzotaper.fill_dates import EARLY, never_closed
from benzotaper.filling import NONE, ByProduct, fills_of
from benzotaper.fills import FillLimit, Fills
from benzotaper.findings import findings_of
from benzotaper.product import AnyDose, Product
from benzotaper.regimen import Regimen
from benzotaper.schedules import strategy
from benzotaper.schedules.base import ZERO, Strategy
from benzotaper.steps import Finding, PlanRecord, Step, phase_texts
from benzotaper.verification.certificate import Certificate
from benzotaper.verification.checker import CARRIED, verify

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Plan:
    """A proposed taper, step by step, in doses that the products can make. A named prescriber decides.

    Attributes:
        record: everything it holds, as data.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> plan
    <Plan diazepam 2 mg night, from 2026-12-01: 2 steps, first day without a dose 2026-12-15>
    """

    record: PlanRecord

    @property
    def regimen(self) -> Regimen:
        """What is taken now."""
        return self.record.request.regimen

    @property
    def strategies(self) -> tuple[Strategy, ...]:
        """The phases, as values, drug by drug; none for steps of a prescriber's own, or for a drug that is kept."""
        return _values(self.record.request.strategies)

    @property
    def start(self) -> date:
        """The first day of the course."""
        return self.record.request.start

    @property
    def steps(self) -> tuple[Step, ...]:
        """From the current regimen (step 0) to the open last step."""
        return self.record.steps

    @property
    def stops_on(self) -> date | None:
        """The first day without any dose; None of a plan that ends in maintenance or at a gate."""
        return self.record.stops_on

    @property
    def remaining(self) -> tuple[Strategy, ...]:
        """The strategies behind a gate."""
        return _values(self.record.remaining)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a person must see, the gravest first."""
        return self.record.findings or findings_of(self.record)

    @cached_property
    def day_lists(self) -> DayLists:
        """The plan day by day, as the rules read it."""
        return DayLists(self.record)

    @cached_property
    def _whole(self) -> PlanRecord:
        """The record with its findings, as the outputs read it."""
        return replace(self.record, findings=self.findings)

    @cached_property
    def certificate(self) -> Certificate:
        """What a checker that shares no code with the planner finds in the plan's JSON form."""
        return verify(json_plan.sealed(self._whole))

    def to_json(self) -> str:
        """The plan as JSON with its certificate (schema in the package); `from_json` reads it back to an equal plan."""
        return json_plan.to_json(self._whole, certificate=self.certificate.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a plan from JSON, strictly.

        Raises:
            PlanFormatError: it is not what it says, or the certificate that it carries is not that of this plan; the
                error names the place.
        """
        record = json_plan.from_json(text)
        carried = verify(text)[CARRIED]
        if carried.verdict == "fails":
            message = f"plan JSON, certificate: {carried.evidence}; ask for the plan again, or leave it out"
            raise PlanFormatError(message, path="certificate")
        return cls(record)

    @classmethod
    def from_schedule(  # noqa: PLR0913  as `taper`: every choice is the caller's, by name
        cls,
        rows: object,
        *,
        start: date | str,
        products: str | Iterable[Product] | AnyDose,
        splitting: str = "",
        drug: str = "",
        time: str = "",
        regimen: str | Regimen = "",
        target: DoseLike = ZERO,
        max_pieces: int = 0,
        liquids: bool | Product = False,
        profile: str = "",
        table: str = "",
        acknowledge: str = "",
    ) -> Self:
        """A prescriber's own steps as a plan like any other: the doses stay, the products make them.

        Args:
            rows: pairs of how long (days, or text such as "2 weeks") and what is taken (text, or a dict of doses by
                time), the last one what it ends with: "0 mg", or the dose of `target`; or all that `bt.audit` reads.
            start: the first day of the first step.
            products: a region with a complete list, products by hand, or `ANY_DOSE`.
            splitting: how tablets may be split; absent with `ANY_DOSE`.
            drug: the drug, where the schedule does not name it.
            time: the time of the day, where the schedule does not name it.
            regimen: what is taken now; the first step, when left out.
            target: the dose that is kept, where the schedule does not end at 0 mg.
            max_pieces: pieces an administration at most; as many as the doses need, when left out.
            liquids: True adds the region's liquid; or the liquid to add.
            profile: a rule profile, by which the pace is judged too.
            table: the equivalence table for the plan's figures in diazepam mg.
            acknowledge: who owns something unusual, and why; it stays in the plan.

        Raises:
            ScheduleError: no plan: a dose rises, days are missing or double, it does not end, or something is in doubt.
            NotMakeableError: the products cannot make a dose.
            BenzotaperError: bad input; the leaf says which.

        Limits: the course is not ours; the findings judge it as they judge any, and a named prescriber decides.

        >>> plan = Plan.from_schedule([(14, "2 mg at night"), (14, "1 mg at night"), (1, "0 mg")], drug="diazepam",
        ...                           start="2026-12-01", products="UK", splitting="halves")
        >>> plan.stops_on, plan.record.request.strategies
        (datetime.date(2026, 12, 29), ('as given',))
        """
        from benzotaper.planning.given_request import plan_record  # noqa: PLC0415  a schedule is read only where one is given

        return cls(
            plan_record(
                rows,
                start=start,
                products=products,
                splitting=splitting,
                drug=drug,
                time=time,
                regimen=regimen,
                target=target,
                max_pieces=max_pieces,
                liquids=liquids,
                profile=profile,
                table=table,
                acknowledge=acknowledge,
            )
        )

    def to_dict(self) -> dict[str, object]:
        """The JSON document as a dict."""
        document: dict[str, object] = json.loads(self.to_json())
        return document

    def to_html(self) -> str:
        """One self-contained, printable page."""
        return html.to_html(self._whole)

    def to_text(self) -> str:
        """A plain-text table with the findings."""
        return text_table.to_text(self._whole)

    def to_csv(self, *, per: Literal["step", "day", "administration"] = "step") -> str:
        """The rows of `to_frame` as CSV text, doses exact."""
        return table_csv.to_csv(self.record, per=per)

    def to_frame(self, *, per: Literal["step", "day", "administration"] = "step") -> "pd.DataFrame":
        """The plan as a DataFrame: a row per step and drug, per day and drug, or per product taken."""
        from benzotaper.exports.frames import plan_frame  # noqa: PLC0415  pandas loads at the first frame

        return plan_frame(self.record, per=per)

    def fills(
        self,
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
        """What is collected when, what of it is used and left over, and when it runs out.

        A fill covers every day until the day before the next one is really collected, so no day is without supply.

        Args:
            every: the time between the days on which fills are due, such as "28 days" or "7 days".
            first: the day on which the first fill is due; the plan's start, when left out.
            until: the last day to cover; the last day of the plan, or the day before an open last step, when left out.
            is_closed: whether the pharmacy is closed on a day. A fill that is due then is collected on the last open
                day before that closure; never closed, when left out.
            early: how long before a closure a fill may be collected: the early window (project default, confirm).
            whole_packs: units of a pack, by product, or one number for all tablets; single units, when left out.
            on_hand: units in hand at the beginning, by product: whole numbers, or text or fractions for quarters.
            limits: how long a fill may be and how long a prescription holds, each with its source; none is assumed.

        Raises:
            ProductError: a plan with any dose; a product that the plan does not draw on; a pack that is none.
            PlanError: a day without supply before the first fill; dates that do not fit the plan.
            IntervalError: a date or duration that cannot be read; a pharmacy that is always closed.

        Limits: days are counted whole: a dose that is taken before the pharmacy opens must be in hand. How long an
        opened bottle keeps is not looked at.

        >>> from benzotaper import Linear, taper
        >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
        ...              start="2026-12-01", products="UK", splitting="halves")
        >>> plan.fills(every="7 days")
        <Fills every 1 week: 2, until 2026-12-14>
        """
        return fills_of(
            self.record,
            every=every,
            first=first,
            until=until,
            is_closed=is_closed,
            early=early,
            whole_packs=whole_packs,
            on_hand=on_hand,
            limits=limits,
        )

    def totals(self) -> Totals:
        """Units and mg of each product over the whole plan, and whole units needed if halves are kept or discarded.

        Raises:
            ProductError: a plan with any dose, which names no products.
        """
        return totals_of(self.record)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        ends = {
            "zero": f"first day without a dose {self.stops_on}",
            "maintenance": "then maintenance",
            "gate": "then a review",
        }[self.record.ending]
        return f"<Plan {self.regimen}, from {self.start}: {self.steps[-1].number} steps, {ends}>"

    def _repr_html_(self) -> str:
        return html.fragment(self._whole)


def _values(texts: Iterable[str]) -> tuple[Strategy, ...]:
    """Strategies as values, from texts that may begin with the drug that they are for."""
    return tuple(strategy(phase) for phase in phase_texts(texts))
