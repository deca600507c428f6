"""The journal of a course as rows and as a small table for a notebook."""

from collections.abc import Iterator, Mapping

from benzotaper.exports.markup import element, given_text
from benzotaper.exports.rows import Kind, Row
from benzotaper.exports.step_figures import PROPOSAL
from benzotaper.journal import (
    Accepted,
    Cleared,
    Entry,
    FinalDoseAllowed,
    Overridden,
    Replanned,
    Reviewed,
    SteppedBack,
    TierSet,
)

COLUMNS: Mapping[str, Kind] = {
    "number": "number",
    "kind": "text",
    "at": "text",
    "by": "text",
    "reason": "text",
    "what": "text",
}
"""The columns of a journal, in order, and what each holds."""


def rows(journal: tuple[Entry, ...]) -> Iterator[Row]:
    """A row an entry: days and times as ISO text, `what` in words."""
    for number, entry in enumerate(journal):
        reason = getattr(entry, "reason", "") or getattr(entry, "code", "")
        yield {
            "number": number,
            "kind": entry.KIND,
            "at": entry.at.isoformat(),
            "by": entry.by,
            "reason": reason,
            "what": _what(entry),
        }


def _what(entry: Entry) -> str:
    """What an entry says beside who, when and why."""
    parts = []
    match entry:
        case Accepted(findings=findings):
            parts = [_listed("red findings", findings)]
        case Replanned(plan=plan, findings=findings):
            parts = [*plan.record.request.strategies, _listed("red findings", findings)]
        case SteppedBack(step=step, role=role):
            parts = [f"to step {step}", f"by role {role}"]
        case Reviewed(urgency=urgency, latched=latched, drill=drill):
            parts = [f"urgency {urgency}", _listed("latched", latched), "drill" if drill else ""]
        case Cleared(rule_id=rule_id, role=role, rebaselined=rebaselined):
            parts = [rule_id, f"by role {role}", "baseline set anew" if rebaselined else ""]
        case Overridden(rule_id=rule_id, role=role, until=until, note=note):
            parts = [f"{rule_id} until {until.isoformat()}", f"by role {role}", note]
        case FinalDoseAllowed(dose=dose, drug=drug):
            parts = [f"{dose} of {drug}"]
        case TierSet(tier=tier):
            parts = [tier]
    return "; ".join(filter(None, parts))


def _listed(name: str, items: tuple[str, ...]) -> str:
    return f"{name}: {', '.join(items)}" if items else ""


def course_html(title: str, journal: tuple[Entry, ...]) -> str:
    """The journal as a table; what people gave is escaped."""
    head = element("thead", element("tr", [element("th", name, scope="col") for name in COLUMNS]))
    lines = [[given_text(str(row[name])) for name in COLUMNS] for row in rows(journal)]
    body = element("tbody", [element("tr", [element("td", cell) for cell in line]) for line in lines])
    table = element("table", element("caption", title), head, body)
    return element("div", element("p", element("strong", PROPOSAL)), table)
