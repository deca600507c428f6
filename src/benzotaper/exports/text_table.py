"""A plan as a plain-text table for a terminal, at most 110 columns wide."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from benzotaper.exports.step_figures import (
    CAUSE_WORDS,
    ORIGIN_WORDS,
    PROPOSAL,
    StepFigures,
    day_kinds,
    fall_texts,
    grouped_findings,
    of_drug,
    product_totals,
    step_figures,
)
from benzotaper.exports.words import (
    administration_short,
    amount_text,
    date_words,
    mg_figure,
    printable,
    steps_words,
)
from benzotaper.falls import DrugRow, unit_drug
from benzotaper.steps import Administration, Finding, PlanRecord

WIDTH = 110
"""The widest line (characters)."""
NARROWEST = 22
GAP = "  "
_NUMBER_AND_UNIT = re.compile(r"[\d.½¼¾]+ × [\d.]+ mg|\(?[\d.]+ (?:mg|mL|drops?)\b")
_TIED = "\N{NO-BREAK SPACE}"  # a number is never parted from its unit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """One column: the lines of its head, and whether numbers stand to the right."""

    head: tuple[str, ...]
    right: bool = False


def to_text(record: PlanRecord) -> str:
    """The plan as text: what is planned, a table of steps, findings, units of each product, the end.

    Args:
        record: the plan.

    Returns:
        Lines of at most 110 characters, each ended by a line feed. The same plan always gives the same text.

    >>> from benzotaper import Linear, taper
    >>> plan = taper("diazepam 2 mg at night", Linear("1 mg", every="2 weeks"),
    ...              start="2026-12-01", products="UK", splitting="halves")
    >>> to_text(plan.record).splitlines()[-2]
    'First day without a dose: Tue 15 Dec 2026.'
    """
    lines = [
        *_wrapped(f"Plan: {record.request.regimen}; {'; then '.join(record.request.strategies)}"),
        "",
        *_table(record),
        "",
        *_findings(record),
        *_units(record),
        *_wrapped(end_words(record)),
        PROPOSAL,
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def end_words(record: PlanRecord) -> str:
    """How the plan ends, in one sentence or two.

    Args:
        record: the plan.
    """
    last = record.steps[-1]
    since = "" if last.start is None else f" from {date_words(last.start)}"
    if record.ending == "zero":
        return f"First day without a dose: {date_words(last.start) if last.start else 'not known'}."
    doses = " and ".join(f"{mg_figure(last.mean_ng(drug))} mg of {drug} a day" for drug in last.drugs)
    if record.ending == "maintenance":
        return f"Stays on {doses}{since}."
    after = f" After it: {'; then '.join(record.remaining)}." if record.remaining else ""
    return f"Holds at {doses}{since}, until a review opens the next step.{after}"


def _wrapped(text: str, *, indent: str = "", first: str = "") -> list[str]:
    return textwrap.wrap(printable(text), WIDTH, initial_indent=first, subsequent_indent=indent)


def _table(record: PlanRecord) -> Iterator[str]:
    several = len(record.drugs) > 1
    columns = _columns(record, several=several)
    figures = step_figures(record)
    fixed = [_step_cells(each, row, several=several) for each in figures for row in each.rows]
    heads = [max(map(len, column.head)) for column in columns]
    widths = [max([head, *(len(cells[i]) for cells in fixed)]) for i, head in enumerate(heads)]
    place = _doses_place(columns)
    widths[place] = max(NARROWEST, WIDTH - sum(widths) + widths[place] - len(GAP) * (len(columns) - 1))
    for line in zip_longest(*(column.head for column in columns), fillvalue=""):
        yield _line(line, widths, columns)
    yield GAP.join("-" * width for width in widths)
    for each in figures:
        for row in each.rows:
            cells = [[cell] for cell in _step_cells(each, row, several=several)]
            cells[place] = _dose_lines(row, widths[place])
            for line in zip_longest(*cells, fillvalue=""):
                yield _line(line, widths, columns)


def _columns(record: PlanRecord, *, several: bool) -> list[_Column]:
    drug = [_Column(head=("drug",))] if several else []
    counted = [_Column(head=("all as mg", unit_drug(record)), right=True)] if several else []
    return [
        _Column(head=("step",), right=True),
        _Column(head=("from",)),
        _Column(head=("days",), right=True),
        *drug,
        _Column(head=("each day",)),
        _Column(head=("mg", "a day"), right=True),
        _Column(head=("fall", "mg"), right=True),
        _Column(head=("% of", "now"), right=True),
        _Column(head=("% of", "start"), right=True),
        *counted,
        _Column(head=("worst", "14 d mg"), right=True),
    ]


def _doses_place(columns: Sequence[_Column]) -> int:
    return next(i for i, column in enumerate(columns) if column.head == ("each day",))


def _step_cells(each: StepFigures, row: DrugRow, *, several: bool) -> list[str]:
    """A row's cells, the doses left empty; what belongs to the whole step only on its first drug."""
    step, first = each.step, row is each.rows[0]
    fall, now, start = fall_texts(row)
    return [
        str(step.number) if first else "",
        (date_words(step.start) if step.start else "now") if first else "",
        ("open" if step.days is None else str(step.days)) if first else "",
        *([row.drug] if several else []),
        "",
        mg_figure(row.mean_ng),
        fall.replace("enters: ", ""),
        now.removesuffix(" %"),
        start.removesuffix(" %"),
        *([mg_figure(each.total_ng) if first else ""] if several else []),
        mg_figure(each.worst_ng) if first else "",
    ]


def _dose_lines(row: DrugRow, width: int) -> list[str]:
    lines: list[str] = []
    for which, day in day_kinds(row.step):
        if which:
            lines += textwrap.wrap(f"{which}:", width)
        indent = "  " if which else ""
        for text in [_dose_text(a) for a in of_drug(day, row.drug)] or ["nothing"]:
            kept = _NUMBER_AND_UNIT.sub(lambda match: match[0].replace(" ", _TIED), text)
            lines += textwrap.wrap(kept, width, initial_indent=indent, subsequent_indent=indent + "  ")
    return [line.replace(_TIED, " ") for line in lines]


def _dose_text(administration: Administration) -> str:
    made = administration_short(administration)
    return f"{administration.time} {administration.dose}" + (f": {made}" if made else "")


def _line(cells: Sequence[str], widths: Sequence[int], columns: Sequence[_Column]) -> str:
    padded = (
        cell.rjust(width) if column.right else cell.ljust(width)
        for cell, width, column in zip(cells, widths, columns, strict=True)
    )
    return GAP.join(padded).rstrip()


def _findings(record: PlanRecord) -> Iterator[str]:
    for words, _, found in grouped_findings(record):
        yield words
        for finding in found:
            yield from _wrapped(finding_words(finding), first="  - ", indent="    ")
        yield ""


def finding_words(finding: Finding) -> str:
    """One finding on one line: its rule, its steps, what it says, why, and whether the limit is ours.

    Args:
        finding: the finding.
    """
    where = f" ({steps_words(finding.steps)})" if finding.steps else ""
    notes = "; ".join(filter(None, (CAUSE_WORDS[finding.cause], ORIGIN_WORDS.get(finding.origin, ""))))
    return f"{finding.code}{where}: {finding.message}" + (f" [{notes}]" if notes else "")


def _units(record: PlanRecord) -> Iterator[str]:
    found = product_totals(record)
    if not record.shelf:
        yield "No products were named: any dose is assumed, and nothing can be dispensed from this plan."
        yield ""
    elif found:
        left_out = "" if record.ending == "zero" else ", without the open last step"
        yield f"Over the whole plan{left_out}:"
        for product, units in found.items():
            yield from _wrapped(f"{amount_text(units, product)} of {product}", first="  ", indent="    ")
        yield ""
