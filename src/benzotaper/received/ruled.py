"""Reads a plain-text table whose heads stand above a line of dashes, as a plan prints it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from benzotaper.errors import BenzotaperError
from benzotaper.received import cells
from benzotaper.received.entries import Doubts, Entry, Received
from benzotaper.received.names import drug_word
from benzotaper.received.phrases import read_phrase

_RULE = re.compile(r"-+(?: +-+){2,}")
_CYCLE = re.compile(r"\bof (?:each )?[0-9]+ days\b")
NAMES = {"step": "step", "from": "from", "days": "days", "drug": "drug", "each day": "doses", "mg a day": "total"}


def rule_of(lines: Sequence[str]) -> int:
    """The number of the line of dashes; -1 where there is none.

    >>> rule_of(["step  from  days", "----  ----  ----"])
    1
    """
    return next((n for n, line in enumerate(lines) if n and _RULE.fullmatch(line.rstrip())), -1)


def read_ruled(lines: Sequence[str], rule: int) -> Received:
    """Read the table around a line of dashes.

    Args:
        lines: the text.
        rule: the number of that line, from 0.
    """
    spans = [match.span() for match in re.finditer("-+", lines[rule])]
    heads = _heads(lines, rule, spans)
    received = Received(noun="line", entries=[], doubts=Doubts(), dated=True)
    drug = _drug_above(lines[:rule])
    block: list[tuple[int, dict[str, str]]] = []
    step: dict[str, str] = {}
    for number in range(rule + 1, len(lines) + 1):
        line = lines[number] if number < len(lines) else ""
        cell = {name: line[slice(*span)].rstrip() for name, span in zip(heads, spans, strict=True)}
        if block and (not line.strip() or cell.get("total", "").strip()):
            received.entries.extend(_entries(block, step, drug, received.doubts))
            block = []
        if not line.strip():
            break
        if cell.get("step", "").strip():
            step = {name: cell.get(name, "").strip() for name in ("step", "from", "days")}
        block.append((number + 1, cell))
    return received


def _heads(lines: Sequence[str], rule: int, spans: Sequence[tuple[int, int]]) -> list[str]:
    """What each column is: its head may take two lines."""
    first = rule
    while first > 0 and lines[first - 1].strip():
        first -= 1
    joined = [" ".join(line[slice(*span)].strip() for line in lines[first:rule]).strip() for span in spans]
    return [NAMES.get(" ".join(head.split()), f"other {number}") for number, head in enumerate(joined)]


def _drug_above(lines: Sequence[str]) -> str:
    """The drug of the sentence above the table."""
    found = re.match(r"Plan: ([^\d;]+?) [0-9]", next(iter(lines), ""))
    return drug_word(found[1], 0, Doubts()) if found else ""


def _entries(
    block: list[tuple[int, dict[str, str]]], step: dict[str, str], drug: str, doubts: Doubts
) -> Iterator[Entry]:
    """What one row of the table says, over all its lines."""
    place, row = block[0]
    said = row.get("drug", "").strip()
    entry = Entry(place=place, step=step.get("step", ""), drug=drug_word(said, place, doubts) if said else drug)
    try:
        entry.first = None if step["from"] in ("now", "") else cells.when(step["from"], order="").day
        entry.days = None if step["days"] in ("open", "") else cells.length(step["days"], days=1)
        total = cells.amount(row["total"].strip(), unit="mg")
    except BenzotaperError as error:
        doubts.add(place, str(error), "copy the table as it was printed")
        return
    texts = [cell.get("doses", "") for _, cell in block]
    if _CYCLE.search(" ".join(text.strip() for text in texts)) or not total.value:
        yield replace(entry, amount=total)
        return
    for text in _whole(texts):
        for part in read_phrase(text.replace(":", ", ", 1), place=place, doubts=doubts):
            yield replace(
                entry, time=part.time, amount=part.amount, pieces=part.pieces, unread=part.unread, total=total.value
            )


def _whole(texts: Sequence[str]) -> list[str]:
    """Lines of a cell; what is indented goes on from the line before."""
    found: list[str] = []
    for text in texts:
        if text.startswith("  ") and found:
            found[-1] += f" {text.strip()}"
        elif text.strip():
            found.append(text.strip())
    return found
