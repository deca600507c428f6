"""Rows of text under their heads: as plain text, and as a table of a page."""

from collections.abc import Collection, Iterable, Sequence

from benzotaper.exports.markup import Markup, element

GAP = "  "


def plain_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Collection[str] = ()) -> str:
    """Columns under their heads, each as wide as its widest cell.

    Args:
        heads: what stands above each column.
        rows: the cells.
        right: the heads of columns that stand to the right, as numbers do.

    >>> print(plain_table(["day", "mg"], [["Mon", "5"], ["Tuesday", "10"]], right=["mg"]))
    day      mg
    -------  --
    Mon       5
    Tuesday  10
    """
    lines = [list(heads), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        GAP.join(
            cell.rjust(width) if head in right else cell.ljust(width)
            for cell, width, head in zip(line, widths, heads, strict=True)
        ).rstrip()
        for line in lines
    )


def html_table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    """The same as an element of a page; all text is escaped.

    >>> html_table("Doses", ["mg"], [["5 & 6"]])[:37]
    '<table><caption>Doses</caption><thead'
    """
    head = element("tr", *(element("th", text, scope="col") for text in heads))
    body = (element("tr", *(element("td", cell) for cell in row)) for row in rows)
    return element("table", element("caption", caption), element("thead", head), element("tbody", *body))
