"""What a caller may ask of a plan, checked before anything is planned: products, splitting, pieces, liquids."""

from collections.abc import Iterable

from benzotaper.errors import AcknowledgementError, PlanError, ProductError
from benzotaper.product import SPLITTINGS, AnyDose, Product

ANY, BY_HAND = "any dose", "by hand"


def read_products(products: object) -> str | tuple[Product, ...] | AnyDose:
    """A region, products by hand, or any dose.

    Raises:
        ProductError: something else.

    >>> read_products("UK")
    'UK'
    """
    if isinstance(products, str | AnyDose):
        return products
    several = tuple(products) if isinstance(products, Iterable) else (products,)
    for product in several:
        if not isinstance(product, Product):
            message = f"products {product!r} is no product; give a region such as 'UK', a list of Product, or ANY_DOSE"
            raise ProductError(message, value=product)
    return several


def products_text(products: str | tuple[Product, ...] | AnyDose) -> str:
    """The choice of products as a plan keeps it.

    >>> products_text(())
    'by hand'
    """
    if isinstance(products, str):
        return products
    return ANY if isinstance(products, AnyDose) else BY_HAND


def read_liquids(liquids: bool | Product) -> str:
    """The liquid that is added, as text; "" for none.

    Raises:
        ProductError: no product.

    >>> read_liquids(False)
    ''
    """
    if not isinstance(liquids, bool | Product) or (isinstance(liquids, Product) and not liquids.liquid):
        message = f"liquids {liquids!r} must be True, False or the liquid to add, such as one from bt.products(...)"
        raise ProductError(message, value=liquids)
    return str(liquids) if liquids else ""


def read_acknowledge(acknowledge: str) -> str:
    """Who owns something unusual, and why.

    Raises:
        AcknowledgementError: no text.

    >>> read_acknowledge(" Dr A: agreed ")
    'Dr A: agreed'
    """
    if not isinstance(acknowledge, str):
        message = f"acknowledge={acknowledge!r} must be text: who owns this, and why"
        raise AcknowledgementError(message, what="acknowledge")
    return acknowledge.strip()


def read_splitting(splitting: str, products: object) -> str:
    """A splitting policy; none with any dose.

    Raises:
        PlanError: unknown or missing; given with any dose.

    >>> read_splitting("halves", "UK")
    'halves'
    """
    if isinstance(products, AnyDose):
        if splitting:
            raise PlanError("splitting must be absent with ANY_DOSE: nothing is dispensed", value=splitting)
        return ""
    if not isinstance(splitting, str) or splitting not in SPLITTINGS:
        said = f"{splitting!r} must be" if splitting else "must be given:"
        message = f"splitting {said} one of {', '.join(SPLITTINGS)}"
        raise PlanError(message, value=splitting)
    return splitting


def read_max_pieces(max_pieces: int) -> int:
    """The most pieces of an administration; 0 where it is left to the planner.

    Raises:
        PlanError: no whole number.

    >>> read_max_pieces(4)
    4
    """
    if type(max_pieces) is not int or max_pieces < 0:
        raise PlanError(f"max_pieces {max_pieces!r} must be a whole number of at least 1", value=max_pieces)
    return max_pieces
