"""A plan: the records, and one line for each of its outputs."""

import json
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self

from benzotaper.exports import html, json_plan, table_csv, text_table
from benzotaper.findings import findings_of
from benzotaper.regimen import Regimen
from benzotaper.schedules import strategy
from benzotaper.schedules.base import Strategy
from benzotaper.steps import Finding, PlanRecord, Step

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
        """The phases, as values."""
        return tuple(strategy(text) for text in self.record.request.strategies)

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
        return tuple(strategy(text) for text in self.record.remaining)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a person must see, the gravest first."""
        return self.record.findings or findings_of(self.record)

    @cached_property
    def _whole(self) -> PlanRecord:
        """The record with its findings, as the outputs read it."""
        return replace(self.record, findings=self.findings)

    def to_json(self) -> str:
        """The plan as JSON (schema in the package); `from_json` reads it back to an equal plan."""
        return json_plan.to_json(self._whole)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a plan from JSON, strictly.

        Raises:
            PlanFormatError: it is not what it says; the error names the place.
        """
        return cls(json_plan.from_json(text))

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
