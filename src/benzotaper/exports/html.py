"""The plan as one page to print and hand over: self-contained, without script, network or clock."""

from collections.abc import Iterator
from pathlib import Path

from benzotaper.exports import page_details, page_parts
from benzotaper.exports.markup import Markup, element, joined
from benzotaper.exports.page_calendar import calendar
from benzotaper.exports.page_parts import section
from benzotaper.exports.page_safety import safety
from benzotaper.exports.step_figures import PROPOSAL
from benzotaper.steps import PlanRecord
from benzotaper.version import DATA_VERSION, VERSION

FOLDER = Path(__file__).parent


def to_html(record: PlanRecord) -> str:
    """The plan as a page.

    Args:
        record: the plan, with its findings.

    Returns:
        An HTML document in English; all text that people gave is escaped. The same plan always gives the same bytes.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> page = to_html(plan.record)
    >>> "First day without a dose: Tue 15 Dec 2026." in page, "<script" in page
    (True, False)
    """
    parts = [(name, title, part) for name, title, part in _parts(record) if part]
    contents = (element("li", element("a", title, href=f"#{name}")) for name, title, _ in parts)
    foot = element("footer", element("p", PROPOSAL), page_details.edition(VERSION, DATA_VERSION))
    nav = element("nav", element("ul", *contents), aria_label="On this page")
    main = element("main", *(section(name, title, part) for name, title, part in parts))
    body = element("body", page_parts.head(record), nav, main, foot, class_="benzotaper page")
    return page(f"{page_parts.title_of(record)} (a proposal)", body)


def page(title: str, body: Markup) -> str:
    """A whole document around a body, with the package's own style sheets."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        style("plan.css", "page.css"),
    )
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def fragment(record: PlanRecord) -> str:
    """Summary, curve and steps, for a notebook.

    Args:
        record: the plan, with its findings.

    Returns:
        An HTML element with a style of its own that touches nothing around it.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> fragment(plan.record)[:22]
    '<div class="benzotaper'
    """
    return element(
        "div",
        style("plan.css"),
        element("p", element("strong", PROPOSAL), class_="proposal"),
        page_parts.summary(record),
        page_parts.curve(record),
        page_parts.steps_table(record),
        class_="benzotaper",
        lang="en",
    )


def style(*files: str) -> Markup:
    """The package's own style sheets; they hold nothing that needs escaping."""
    return element("style", Markup("".join((FOLDER / file).read_text(encoding="utf-8") for file in files)))


def _parts(record: PlanRecord) -> Iterator[tuple[str, str, Markup]]:
    """The parts of the page in order: id, heading, content; empty where there is nothing to say."""
    numbers = page_details.source_numbers(record)
    yield "summary", "In short", page_parts.summary(record)
    yield "curve", "Dose curve", page_parts.curve(record)
    yield "table", "All steps", page_parts.steps_table(record)
    yield "calendar", "Week by week", joined(*calendar(record))
    yield "attention", "What needs attention", joined(*page_details.findings(record, numbers))
    yield "crossing", "Change of medicine", joined(*page_details.crossovers(record))
    yield "products", "Products", joined(*page_details.products(record, numbers))
    yield "sources", "Sources", page_details.sources(numbers)
    yield "safety", "For your safety", safety()
