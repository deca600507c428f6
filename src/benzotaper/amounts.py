"""How much of each product a whole plan takes: the one place from which every output says it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from benzotaper.errors import ProductError
from benzotaper.exports.plain_tables import html_table, plain_table
from benzotaper.exports.rows import Cell, Kind, Row
from benzotaper.exports.words import units_text
from benzotaper.numbers import decimal_text, number_text
from benzotaper.product import Product
from benzotaper.steps import PlanRecord
from benzotaper.usage import plan_use

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Mapping[str, Kind] = {
    "drug": "text",
    "product": "text",
    "units": "exact",
    "dose_mg": "exact",
    "units_if_halves_kept": "number",
    "units_if_halves_discarded": "number",
}
"""The columns, in order, and what each holds."""
_HEADS = ("product", "taken", "mg", "needed, halves kept", "needed, halves discarded")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTotal:
    """One product over a whole plan.

    Attributes:
        product: the product.
        units: what is taken (tablets, capsules, mL).
        dose_mg: the drug in it (mg).
        units_if_halves_kept: whole units that must be opened where the rest of a broken one is kept and taken later.
        units_if_halves_discarded: the same where the rest of every broken unit is discarded.
    """

    product: Product
    units: Fraction
    dose_mg: Fraction
    units_if_halves_kept: int
    units_if_halves_discarded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a whole plan takes of each product; an open last step has no end and is not counted.

    Attributes:
        products: a line per product: by drug, larger strengths first.
        whole: whether the plan has an end, so that nothing is left out.
    """

    products: tuple[ProductTotal, ...]
    whole: bool

    def __iter__(self) -> Iterator[ProductTotal]:
        return iter(self.products)

    def __len__(self) -> int:
        return len(self.products)

    def rows(self) -> Iterator[Row]:
        """A row per product, exact."""
        for total in self.products:
            own: dict[str, Cell] = {"drug": total.product.drug, "product": str(total.product)}
            yield own | {name: getattr(total, name) for name in COLUMNS if name not in own}

    def to_frame(self) -> "pd.DataFrame":
        """The rows as a DataFrame."""
        from benzotaper.exports.frames import frame_of  # noqa: PLC0415  pandas loads at the first frame

        return frame_of(self.rows(), COLUMNS)

    def to_json(self) -> str:
        """The rows as JSON, exact numbers as text."""
        rows = [
            {name: number_text(cell) if isinstance(cell, Fraction) else cell for name, cell in row.items()}
            for row in self.rows()
        ]
        return json.dumps({"whole": self.whole, "products": rows}, ensure_ascii=False, indent=1) + "\n"

    def __str__(self) -> str:
        return "\n".join([plain_table(_HEADS, self._lines(), right=_HEADS[1:]), *self._left_out()])

    def _repr_html_(self) -> str:
        return html_table(" ".join(("Over the whole plan.", *self._left_out())), _HEADS, self._lines())

    def _left_out(self) -> tuple[str, ...]:
        return () if self.whole else ("The open last step is not counted.",)

    def _lines(self) -> Iterator[list[str]]:
        for total in self.products:
            yield [
                str(total.product),
                units_text(total.units),
                decimal_text(total.dose_mg),
                str(total.units_if_halves_kept),
                str(total.units_if_halves_discarded),
            ]


def totals_of(record: PlanRecord) -> Totals:
    """What a whole plan takes of each product; see `Plan.totals`.

    Raises:
        ProductError: a plan with any dose, which names no products.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> [(str(total.units), total.units_if_halves_discarded) for total in totals_of(plan.record)]
    [('7', 14)]
    """
    if not record.shelf:
        message = "this plan names no products (any dose), so it takes none; plan with products"
        raise ProductError(message, value="ANY_DOSE")
    return Totals(
        products=tuple(
            ProductTotal(
                product=product,
                units=use.taken,
                dose_mg=use.taken * product.strength.mg,
                units_if_halves_kept=ceil(use.taken),
                units_if_halves_discarded=ceil(use.opened),
            )
            for product, use in plan_use(record).items()
        ),
        whole=record.ending == "zero",
    )
