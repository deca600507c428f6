"""The questions to put to the pharmacist: calm, with what the data say beside them."""

from collections.abc import Sequence

from benzotaper.exports.words import join_words
from benzotaper.numbers import decimal_text
from benzotaper.product import PARTS, Product
from benzotaper.steps import PlanRecord


def product_question(product: Product, record: PlanRecord) -> str:
    """What to ask about tablets, capsules or another solid form.

    Args:
        product: the product.
        record: the plan made with it.
    """
    parts = _finest(product, record)
    split = f" and whether it may be taken in {PARTS[parts]} ({product.said_of(parts)})" if parts > 1 else ""
    return f"Ask the pharmacist whether {product} can be supplied{split}."


def liquid_question(product: Product, left_out: Sequence[Product]) -> str:
    """What to ask about a liquid.

    Args:
        product: the liquid.
        left_out: the liquid that it would replace, if there is one.

    >>> liquid_question(Product("diazepam", strength="0.4 mg", form="oral solution"), ())
    'Ask the pharmacist whether diazepam 0.4 mg/mL oral solution (own, own) can be supplied and measured to 0.1 mL.'
    """
    how = "counted in drops" if product.drops_per_ml else f"measured to {decimal_text(product.smallest_ml)} mL"
    listed = join_words(str(liquid) for liquid in left_out)
    instead = f" in place of {listed} (two liquids are never mixed)" if left_out else ""
    return f"Ask the pharmacist whether {product} can be supplied{instead} and {how}."


def splitting_question(record: PlanRecord, *, before: str) -> str:
    """What to ask about tablets that would be split, or split finer; "" where none would.

    Args:
        record: the plan made with finer splitting.
        before: the splitting policy of the plan as it is.
    """
    asked = [
        f"{product.drug} {product.label} in {PARTS[parts]} ({product.said_of(parts)})"
        for product in record.shelf
        if not product.liquid and (parts := _finest(product, record)) > product.pieces_under(before)
    ]
    return f"Ask the pharmacist whether these may be taken so: {'; '.join(asked)}." if asked else ""


def _finest(product: Product, record: PlanRecord) -> int:
    """The finest pieces of a solid product that a plan takes: 1, 2 or 4."""
    taken = (t for step in record.steps for day in step.cycle for a in day for t in a.taken)
    return max((t.pieces_per_unit for t in taken if t.product == product and not product.liquid), default=1)
