"""A review as text and as a page: the same sections, shown in two ways."""

from textwrap import fill

from benzotaper.exports.html import page, style
from benzotaper.exports.markup import Markup, element
from benzotaper.reviewing.found import Found
from benzotaper.reviewing.ladders import Urgency
from benzotaper.reviewing.results import Result
from benzotaper.reviewing.views import Line, Section, View, view_of

WIDTH = 110
"""How wide a line of text may be (characters)."""
PROPOSAL = "This is a proposal by rules on recorded answers; a named clinician decides."


def review_text(review: Found, *, role: str) -> str:
    """The review as plain text."""
    view = view_of(review, role=role)
    lines = [view.title, "=" * len(view.title)]
    for section in view.sections:
        lines += ["", section.title, "-" * len(section.title)]
        for line in section.lines:
            lines += fill(line.text, WIDTH, initial_indent="* ", subsequent_indent="  ").splitlines()
            for more in line.more:
                lines += fill(more, WIDTH, initial_indent="    ", subsequent_indent="      ").splitlines()
    return "\n".join([*lines, "", PROPOSAL if role == "clinician" else "", ""]).rstrip("\n") + "\n"


def review_html(review: Found, *, role: str) -> str:
    """The review as one self-contained page."""
    view = view_of(review, role=role)
    parts = [element("header", element("h1", view.title)), element("main", *_sections(view), *_traces(review, role))]
    if role == "clinician":
        parts.append(element("footer", element("p", PROPOSAL)))
    body = element("body", *parts, class_="benzotaper page review")
    return page(view.title, body)


def review_fragment(review: Found, *, role: str) -> str:
    """The review for a notebook."""
    view = view_of(review, role=role)
    return element(
        "div", style("plan.css"), element("h2", view.title), *_sections(view), class_="benzotaper", lang="en"
    )


def _sections(view: View) -> list[Markup]:
    return [_section(section) for section in view.sections]


def _section(section: Section) -> Markup:
    return element("section", element("h2", section.title), element("ul", *(_line(line) for line in section.lines)))


def _line(line: Line) -> Markup:
    more = [element("ul", *(element("li", each) for each in line.more))] if line.more else []
    return element("li", element("span", line.text), *more)


def _traces(review: Found, role: str) -> list[Markup]:
    """How each rule came out, closed until it is opened: "why was it not flagged?" has its answer there."""
    if role != "clinician":
        return []
    rules = (element("details", element("summary", _summary(result)), _trace(result)) for result in review)
    return [element("section", element("h2", "Every rule, fired or not"), *rules)]


def _summary(result: Result) -> str:
    urgency = f", {result.urgency}" if result.urgency > Urgency.NONE else ""
    return f"{result.id}: {result.truth}{urgency}"


def _trace(result: Result) -> Markup:
    lines = [line for name, trace in result.trace for line in (f"arm {name}", *trace.lines("  "))]
    sources = "; ".join(str(source) for source in result.sources)
    return element("div", element("pre", "\n".join(lines)), element("p", f"Sources: {sources}", class_="note"))
