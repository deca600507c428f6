"""Asks anyone's schedule the questions that a plan must answer: rises, jumps, tablets, days, totals, and its end."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from benzotaper import equivalence
from benzotaper.auditing.case import Case, finding
from benzotaper.auditing.checks import judged
from benzotaper.auditing.counting import OneDrug, SeveralDrugs, judging_tables
from benzotaper.auditing.records import KINDS, AuditFinding, AuditSummary
from benzotaper.auditing.tablets import Stock, tablet_findings, unmakeable_findings
from benzotaper.drugs import drug_named
from benzotaper.errors import ScheduleError
from benzotaper.exports.markup import element
from benzotaper.exports.rows import Row
from benzotaper.exports.words import printable
from benzotaper.falls import WINDOW_DAYS
from benzotaper.numbers import decimal_text, number_text
from benzotaper.product import Product
from benzotaper.profiles import profile as profile_named
from benzotaper.received.entries import Received, places_words
from benzotaper.received.levels import Arranged, Key, Level, arrange
from benzotaper.received.sources import receive
from benzotaper.steps import SEVERITIES
from benzotaper.unknown import Unknown

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("kind", "severity", "where", "message", "fix", "rule", "figures")
"""The columns of the frame, all of them text."""
NOT_IN_MG = Unknown("the schedule gives no dose in mg")
SEVERAL = Unknown("several drugs: name the equivalence table with table=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was found in a schedule, and the schedule in figures.

    Attributes:
        findings: the gravest first, then by kind.
        summary: steps, days, falls and end.
        unread: columns of the table that were left aside.
    """

    findings: tuple[AuditFinding, ...]
    summary: AuditSummary
    unread: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def to_dict(self) -> dict[str, Any]:
        """The audit as JSON has it: exact numbers as text, what is unknown with its reason."""
        return {
            "summary": {f.name: _plain(getattr(self.summary, f.name)) for f in fields(self.summary)},
            "findings": [
                {
                    **{name: getattr(each, name) for name in ("kind", "severity", "where", "message", "fix", "rule")},
                    "figures": [{"name": name, "text": text} for name, text in each.figures],
                    "sources": list(each.sources),
                    "origin": each.origin,
                }
                for each in self.findings
            ],
            "unread": list(self.unread),
        }

    def to_json(self) -> str:
        """The audit as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1) + "\n"

    def to_frame(self) -> "pd.DataFrame":
        """A row per finding: kind, severity, where, message, fix, rule, figures."""
        from benzotaper.exports.frames import frame_of  # noqa: PLC0415  pandas loads at the first frame

        rows: list[Row] = [
            {name: getattr(each, name) for name in COLUMNS[:-1]}
            | {"figures": "; ".join(f"{name}: {text}" for name, text in each.figures)}
            for each in self.findings
        ]
        return frame_of(rows, dict.fromkeys(COLUMNS, "text"))

    def __str__(self) -> str:
        lines = [f"{name}: {said}" for name, said in _summary_words(self.summary)]
        for each in self.findings:
            rule = f" {each.rule}" if each.rule else ""
            lines += [f"{each.severity}: {each.kind}{rule}, {each.where}: {each.message}", f"    fix: {each.fix}"]
        if not self.findings:
            lines.append("nothing was found")
        if self.unread:
            lines.append(f"columns that were not read: {', '.join(self.unread)}")
        return "\n".join(printable(line) if not line.startswith(" ") else f"    {printable(line)}" for line in lines)

    def _repr_html_(self) -> str:
        figures = [
            element("tr", element("th", name), element("td", said)) for name, said in _summary_words(self.summary)
        ]
        names = ("severity", "kind", "rule", "where", "message", "fix")
        head = element("tr", [element("th", name) for name in names])
        rows = [element("tr", [element("td", str(getattr(each, name))) for name in names]) for each in self.findings]
        found = element("table", head, rows) if rows else element("p", "nothing was found")
        return element("div", element("table", figures), found)


def audit(
    source: object,
    *,
    drug: str = "",
    products: str | Iterable[Product] = "",
    splitting: str = "",
    profile: str = "",
    table: "str | equivalence.Table" = "",
) -> Audit:
    r"""Look for what is wrong, or cannot be known, in a schedule from anywhere.

    Args:
        source: a path of a CSV or text file; CSV text; pasted lines such as ``week 1-2: 15 mg``; a DataFrame; a list of
            dicts, of lines, or of pairs of a date or day number and a dose.
        drug: the drug, where the schedule does not name it.
        products: a region with a complete list, or products by hand, to ask whether tablets can make the doses.
        splitting: "whole", "scored", "halves" or "quarters"; needed with products.
        profile: a rule profile, such as "asam-2025", by which the pace is judged too.
        table: the equivalence table for doses of several drugs; without it every default table is asked.

    Returns:
        Findings and figures. What could mean two things is a finding of kind "ambiguous", never a guess.

    Raises:
        ScheduleError: the source cannot be read at all.
        BenzotaperError: an unknown drug, region, profile or table; the leaf says which.

    Limits: it reads numbers, not intentions; that nothing was found says nothing about the person. A named prescriber
        decides.

    Sources: those of the rules, see `benzotaper.cite`.

    >>> found = audit("week 1: 10 mg\nweek 2: 8 mg\nweek 3: 9 mg\nweek 4: 2 mg", drug="diazepam")
    >>> [each.kind for each in found.findings]
    ['rise', 'jump', 'jump', 'no_end']
    """
    name = drug_named(drug).name if drug else ""
    stock = Stock(products, splitting=splitting)
    profile_id = profile_named(profile).id if profile else ""
    table_id = equivalence.table_named(table).id if table else ""
    received = receive(source)
    arranged = arrange(received, drug=name, strengths=stock.strength)
    _refuse_unreadable(received, arranged)
    case = _case(received, arranged, profile_id, table_id)
    found = [
        *judged(case),
        *tablet_findings(received, stock, drug=name),
        *unmakeable_findings(_doses(arranged, case.levels), received, stock),
    ]
    found += _doubts(received)
    ranked = sorted(found, key=lambda each: (SEVERITIES.index(each.severity), KINDS.index(each.kind)))
    return Audit(findings=tuple(ranked), summary=_summary(case), unread=received.unread)


def _refuse_unreadable(received: Received, arranged: Arranged) -> None:
    if not any(level.known for level in arranged.levels):
        why = next(iter(received.doubts.places), ("no dose is there", ""))[0]
        raise ScheduleError(f"no dose in the schedule can be read: {why}", value="")


def _case(received: Received, arranged: Arranged, profile: str, table: str) -> Case:
    """The schedule with what it is counted by; levels that cannot be read are left out of its doses."""
    levels = [level for level in arranged.levels if level.known]
    units = set(arranged.units.values())
    profile_table = profile_named(profile).equivalence_table if profile else ""
    tables = judging_tables(arranged.drugs, table=table, profile_table=profile_table) if units == {"ng"} else {}
    count: OneDrug | SeveralDrugs
    if len(arranged.units) == 1:
        (drug,) = arranged.units
        count = OneDrug(levels, drug, arranged.units[drug], tables)
    else:
        count = SeveralDrugs(levels, arranged.drugs, tables, table or profile_table)
    return Case(received, arranged, count, levels, profile)


def _doses(arranged: Arranged, levels: Iterable[Level]) -> dict[Key, dict[Fraction, list[int]]]:
    """Every dose in ng, by drug and time, with its places; not those that only a percentage gives."""
    found: dict[Key, dict[Fraction, list[int]]] = {}
    for level in levels:
        for day in level.cycle:
            for key, dose in day.items():
                if arranged.units[key[0]] == "ng" and dose and not arranged.unsure:
                    found.setdefault(key, {}).setdefault(dose, []).append(level.place)
    return found


def _doubts(received: Received) -> list[AuditFinding]:
    return [
        finding(
            "ambiguous",
            places_words(received.noun, places),
            f"{message[:1].upper()}{message[1:]}.",
            fix,
            severity="warning",
        )
        for (message, fix), places in received.doubts.places.items()
    ]


# ---- figures


def _summary(case: Case) -> AuditSummary:
    levels, count = case.levels, case.count
    in_mg = NOT_IN_MG if isinstance(count, OneDrug) else SEVERAL
    last = len(levels) - 1
    ends = last >= 0 and not levels[last].takes and case.last_taken >= 0
    last_fall = count.mg(case.last_taken) if ends else None
    fall_unread, end_unread = case.unread_words(case.last_taken + 1), case.unread_words(last + 1)
    if fall_unread or not ends:
        fall: Fraction | Unknown = Unknown(fall_unread or "it does not end")
    else:
        fall = in_mg if last_fall is None else last_fall
    kept = None if last < 0 else count.mg(last)
    return AuditSummary(
        steps=max(last, 0),
        days=_days(case),
        rises=len(case.rises),
        worst_fall_percent_of_current=_worst_fall(case, neighbours=True),
        worst_14_day_fall_percent=_worst_fall(case, neighbours=False),
        last_fall_mg=fall,
        ends_at_mg=Unknown(end_unread) if end_unread else in_mg if kept is None else kept,
    )


def _days(case: Case) -> int | Unknown:
    levels = case.arranged.levels
    first = next((level.first for level in levels if level.first is not None), None)
    *_, end = levels
    if first is None or end.first is None:
        return Unknown("the schedule does not say its days")
    return end.first - first if end.last is None or not end.takes else end.last - first + 1


def _worst_fall(case: Case, *, neighbours: bool) -> Fraction | Unknown:
    """The largest fall (%); those to nothing left out."""
    if why := case.unread_words():
        return Unknown(why)
    falls = [now for now in case.falls if case.levels[now].takes]
    if neighbours:
        pairs = [(case.before(now), now) for now in falls]
    else:
        pairs = [(earlier, now) for now in falls for earlier in case.within(now, WINDOW_DAYS)]
    worst = case.count.worst_percent(pairs)
    return SEVERAL if worst is None else worst


def _summary_words(summary: AuditSummary) -> list[tuple[str, str]]:
    return [(field.name.replace("_", " "), _words(getattr(summary, field.name))) for field in fields(summary)]


def _words(value: int | Fraction | Unknown) -> str:
    if isinstance(value, Unknown):
        return f"unknown ({value.reason})"
    return str(value) if isinstance(value, int) else decimal_text(value, places=3)


def _plain(value: int | Fraction | Unknown) -> Any:
    if isinstance(value, Unknown):
        return {"unknown": value.reason}
    return value if isinstance(value, int) else number_text(value)
