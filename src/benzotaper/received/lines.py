"""Reads pasted lines: `week 1-2: 15 mg`, `days 1-14: 10 mg morning, 5 mg night`, `2026-12-01: 20 mg`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benzotaper.errors import BenzotaperError, ScheduleError
from benzotaper.intervals import DAYS_PER_WEEK
from benzotaper.received import cells
from benzotaper.received.entries import Doubts, Entry, Received
from benzotaper.received.phrases import NEGATION, Part, read_phrase

_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2,4}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})[a-z]*\.?,?\s+[0-9]{{4}}"
    rf"|(?:{_MONTH})[a-z]*\.?\s+[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s+[0-9]{{4}})"
)
_TO = r"\s*(?:-|–|—|to|until|through|and)\s*"
_LABELS = {
    "span": re.compile(
        rf"(weeks?|wks?|days?|nights?)\s*([0-9]+)(?:{_TO}(?:weeks?\s*|days?\s*)?([0-9]+))?\b", re.IGNORECASE
    ),
    "step": re.compile(r"(?:step|stage|phase)\s*([0-9]+)\b", re.IGNORECASE),
    "date": re.compile(rf"(?:from\s+|on\s+)?({_DATE})(?:{_TO}({_DATE}))?(?![0-9])", re.IGNORECASE),
    "length": re.compile(r"(?:for\s+)?([0-9]+\s*(?:weeks?|days?|wks?|nights?))\b", re.IGNORECASE),
    "now": re.compile(r"(?:now|start|current(?:ly)?|today|baseline|starting dose|current dose)\b", re.IGNORECASE),
}
_BETWEEN = re.compile(r"[\s,:;()\[\]|=>*•-]*(?:then\s+)?")
_LASTS = re.compile(
    r"[,(\s]+(?:for|x)\s+(?:the next\s+)?([0-9]+\s*(?:weeks?|days?|wks?|nights?))\)?\.?\s*$", re.IGNORECASE
)
_THEN = re.compile(r"[,;.]\s*(?:and\s+)?then\s+", re.IGNORECASE)
_THEN_STOP = re.compile(
    r"(.*[0-9½¼¾]\s*(?:mg|mcg|[uµμ]g|g|%|x\s|tab|cap).*?)"
    r"(?:[\s,;.]+(?:and\s+)?then\s+(stop(?:ped)?|nothing|none|nil|zero|off|0(?:\s*mg)?)"
    r"|[\s,;.]+(?:and\s+)?(stop(?:ped)?))\s*[.!]?",
    re.IGNORECASE,
)
_NEXT_LABEL = re.compile(rf";\s*(?=(?:weeks?|wks?|days?|step|stage|phase)\s*[0-9]|{_DATE}\s*[:=-])", re.IGNORECASE)
_FORWARD = re.compile(r"\b(?:onwards?|thereafter|and after|afterwards)\b", re.IGNORECASE)


@dataclass(slots=True)
class Label:
    """What stands before a dose: which step, from which day, how long."""

    step: str = ""
    first: int | None = None
    span: int = 0
    days: int | None = None
    dated: bool = False
    given: bool = False


def read_lines(lines: Iterable[str]) -> Received:
    """Read pasted lines, one step, week or day a line.

    Args:
        lines: the lines; those without any figure are headings, where they name a drug for the lines below.

    >>> [(entry.first, entry.days) for entry in read_lines(["week 1-2: 15 mg", "week 3: 10 mg"]).entries]
    [(1, 14), (15, None)]
    """
    received = Received(noun="line", entries=[], doubts=Doubts())
    listed = [line.strip() for line in lines]
    dates = [match[1] for line in listed for match in re.finditer(rf"({_DATE})(?![0-9])", line, re.IGNORECASE)]
    order = cells.date_order(dates)
    drug = ""
    kinds = set()
    for place, line in enumerate(listed, start=1):
        if not re.search(r"[0-9½¼¾]", line) and not _says_nothing(line):
            drug = _heading(line) or drug
            continue
        for number, part in enumerate(_steps(line)):
            label, body = read_label(part, place=place, doubts=received.doubts, order=order)
            kinds |= {label.dated} if label.first is not None else set()
            found = list(_entries(label, body, place, received.doubts, drug))
            for entry in found:
                entry.part = number
            received.entries.extend(found)
    received.dated = True in kinds
    if len(kinds) > 1:
        received.doubts.add(0, "some days are dates and some are day numbers", "write all of them as dates")
    return received


def _steps(line: str) -> list[str]:
    """The steps of a line: "2.5 mg, then 2 mg", "2.5 mg then stop", "week 1: 5 mg; week 2: 4 mg"."""
    found = []
    for piece in _NEXT_LABEL.split(line):
        for part in [piece] if NEGATION.search(piece) else _THEN.split(piece):
            stops = None if NEGATION.search(part) else _THEN_STOP.fullmatch(part.strip())
            found += [stops[1], stops[2] or stops[3]] if stops else [part]
    return found


def _says_nothing(line: str) -> bool:
    """Whether a line without a figure says that nothing is taken; "do not stop suddenly" does not."""
    return bool(re.search(r"(?:^|:|\bthen)\s*(?:stop|nothing|zero|none)\s*[.!]?\s*$", line, re.IGNORECASE))


def _heading(line: str) -> str:
    """The drug that a heading names; '' for none."""
    tried = Doubts()
    for word in re.findall(r"[^\W\d_]+", line):
        try:
            parts = read_phrase(f"{word} 1 mg", place=0, doubts=tried)
        except BenzotaperError:
            continue
        if parts and parts[-1].drug:
            return parts[-1].drug
    return ""


def _entries(label: Label, body: str, place: int, doubts: Doubts, drug: str) -> Iterator[Entry]:
    parts = read_phrase(body, place=place, doubts=doubts, drug=drug)
    if not parts:
        doubts.add(place, f"no dose is found in {body[:60]!r}", "write the dose with its unit, such as '5 mg'")
    for part in parts or [Part(drug=drug, unread=True)]:
        yield Entry(
            place=place,
            step=label.step,
            first=label.first,
            span=label.span,
            days=label.days,
            drug=part.drug,
            time=part.time,
            amount=part.amount,
            unread=part.unread,
            pieces=part.pieces,
            total=part.total,
        )


def read_label(line: str, *, place: int, doubts: Doubts, order: str) -> tuple[Label, str]:
    """What stands before the dose, and the rest of the line."""
    label = Label()
    at = _skip(line, 0)
    while (match := _next_label(line, at)) is not None:
        name, found = match
        try:
            _take(label, name, found, order)
        except BenzotaperError as error:
            doubts.add(place, str(error), "write the dates as YYYY-MM-DD")
        at = _skip(line, found.end())
        label.given = True
    body = line[at:]
    if lasts := _LASTS.search(body):
        body = body[: lasts.start()]
        label.days = cells.length(lasts[1])
    return label, _FORWARD.sub("", body)


def _skip(line: str, at: int) -> int:
    match = _BETWEEN.match(line, at)
    return match.end() if match else at


def _next_label(line: str, at: int) -> tuple[str, re.Match[str]] | None:
    for name, pattern in _LABELS.items():
        if found := pattern.match(line, at):
            return name, found
    return None


def _take(label: Label, name: str, found: re.Match[str], order: str) -> None:
    if name == "step":
        label.step = found[1]
    elif name == "length":
        label.days = cells.length(found[1])
    elif name == "now":
        label.days = 0 if label.days is None else label.days
    elif name == "span":
        _take_span(label, found)
    else:
        first = cells.when(found[1], order=order)
        label.first, label.dated = first.day, True
        if found[2]:
            label.days = _days_between(first.day, cells.when(found[2], order=order).day, found[0])
        else:
            label.span = 1


def _take_span(label: Label, found: re.Match[str]) -> None:
    unit = DAYS_PER_WEEK if found[1].lower().startswith("w") else 1
    first, last = int(found[2]), int(found[3] or found[2])
    if label.first is not None:  # "2026-12-01 (day 1)"
        return
    label.first = (first - 1) * unit + 1
    if found[3]:
        label.days = _days_between(label.first, last * unit, found[0])
    else:
        label.span = unit


def _days_between(first: int, last: int, said: str) -> int:
    if last < first:
        raise ScheduleError(f"{said!r} ends before it begins", value=said)
    return last - first + 1
