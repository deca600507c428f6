"""Elements of a page, as text that is safe by its type: whatever is not `Markup` is escaped."""

import re
from collections.abc import Iterable
from html import escape
from typing import TypeAlias

from benzotaper.exports.words import printable

EMPTY = frozenset({"br", "circle", "line", "meta", "path", "rect"})
"""Elements without content; those of a drawing are closed, as XML asks."""
DRAWN = frozenset({"circle", "line", "path", "rect"})

_UNIT = re.compile(r"(?<=\d) (?=(?:mg|mL|%)(?![a-z]))")  # a number is never parted from its unit


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


Child: TypeAlias = str | Iterable[Markup]


def element(name: str, /, *children: Child, **attributes: str) -> Markup:
    """One element.

    Args:
        name: its name.
        children: `Markup`, several of it, or text, which is escaped.
        attributes: values, escaped; ``class_`` is class, an underline within a name is a hyphen.

    >>> element("p", "5 < 10", class_="note")
    '<p class="note">5 &lt; 10</p>'
    """
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{_shown(value)}"' for key, value in attributes.items())
    if name in EMPTY:
        return Markup(f"<{name}{given}{'/' if name in DRAWN else ''}>")
    return Markup(f"<{name}{given}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Markup:
    """Markup in a row; text is escaped.

    >>> joined("a & b", element("b", "c"))
    'a &amp; b<b>c</b>'
    """
    return Markup("".join(_child(child) for child in children))


def _child(child: Child) -> str:
    if isinstance(child, Markup):
        return child
    return _UNIT.sub("\N{NO-BREAK SPACE}", _shown(child)) if isinstance(child, str) else "".join(child)


def _shown(text: str) -> str:
    """Text as it must stand in a page; a space at either end is kept."""
    lead, trail = " " * text.startswith(" "), " " * (text.endswith(" ") and len(text) > 1)
    return escape(f"{lead}{printable(text)}{trail}", quote=True)


def given_text(text: str) -> Markup:
    """Text that a person gave: apart from what is around it, also where it runs from right to left.

    >>> given_text("<Dr A>")
    '<bdi>&lt;Dr A&gt;</bdi>'
    """
    return element("bdi", text)
