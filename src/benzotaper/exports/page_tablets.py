"""Tablets, capsules, drops and measured volumes as small drawings; the words beside them say the same."""

from collections.abc import Iterator
from fractions import Fraction

from benzotaper.exports.markup import Markup, element, joined
from benzotaper.exports.words import drops_words
from benzotaper.numbers import decimal_text
from benzotaper.product import FORMS
from benzotaper.steps import Taken

MOST_DRAWN = 12
"""More whole tablets than these are drawn once, with their number."""
_INK, _FILL, _GONE = "#0b4f5c", "#dcecef", "#5a6570"
_OUTLINE = {"stroke": _INK, "stroke_width": "1.6"}
_PARTS = {
    Fraction(1, 4): "M14 14V3A11 11 0 0 1 25 14Z",
    Fraction(1, 2): "M14 3A11 11 0 0 1 14 25Z",
    Fraction(3, 4): "M14 14H3A11 11 0 1 0 14 3Z",
}


def drawn(taken: Taken) -> Markup:
    """What is taken of one product, drawn, with its strength; hidden from screen readers, which read the words.

    Args:
        taken: what is taken.
    """
    product = taken.product
    strength = f"{product.strength}/mL" if product.liquid else str(product.strength)
    return element(
        "span", *_pictures(taken), element("span", strength, class_="strength"), class_="drawn", aria_hidden="true"
    )


def _pictures(taken: Taken) -> Iterator[Markup]:
    if taken.product.liquid:
        counted = bool(taken.product.drops_per_ml)
        yield _drop() if counted else _measure()
        yield element("span", drops_words(taken) if counted else f"{decimal_text(taken.units)} mL", class_="count")
        return
    whole, part = divmod(taken.units, 1)
    one = _tablet() if FORMS[taken.product.form].splits else _capsule()
    if whole > MOST_DRAWN:
        yield joined(one, element("span", f"× {whole}", class_="count"))
    else:
        yield joined(*([one] * int(whole)))
    if part:
        yield _part(part)


def _picture(*shapes: Markup) -> Markup:
    return element("svg", *shapes, viewBox="0 0 28 28", aria_hidden="true", focusable="false")


def _tablet() -> Markup:
    score = element("line", x1="14", x2="14", y1="5", y2="23", stroke=_INK, stroke_width="0.8")
    return _picture(element("circle", cx="14", cy="14", r="11", fill=_FILL, **_OUTLINE), score)


def _part(part: Fraction) -> Markup:
    """What is taken of a broken tablet, within the outline of the whole."""
    whole = element("circle", cx="14", cy="14", r="11", fill="none", stroke=_GONE, stroke_dasharray="2 2.6")
    return _picture(
        whole,
        element("path", d=_PARTS.get(part, _PARTS[Fraction(1, 2)]), fill=_FILL, stroke_linejoin="round", **_OUTLINE),
    )


def _capsule() -> Markup:
    body = element("rect", x="3", y="8", width="22", height="12", rx="6", fill=_FILL, **_OUTLINE)
    return _picture(body, element("line", x1="14", x2="14", y1="8", y2="20", **_OUTLINE))


def _drop() -> Markup:
    return _picture(
        element("path", d="M14 4C18 11 21 14 21 18A7 7 0 0 1 7 18C7 14 10 11 14 4Z", fill=_FILL, **_OUTLINE)
    )


def _measure() -> Markup:
    """An oral syringe."""
    barrel = element("rect", x="9", y="7", width="10", height="14", fill=_FILL, **_OUTLINE)
    marks = (element("line", x1="9", x2="13", y1=y, y2=y, **_OUTLINE) for y in ("11", "14", "17"))
    plunger = element("path", d="M14 7V2M10 2H18M14 21V26", fill="none", **_OUTLINE)
    return _picture(barrel, *marks, plunger)
