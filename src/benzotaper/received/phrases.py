"""Reads a dose in words: "5 mg morning, 10 mg night", "1½ x 5 mg tablets", "75 % of start", "10 mg twice daily".

A phrase is cut into marks (a dose, tablets, a time, ...); marks between commas make one administration. A word that is
not understood leaves a doubt: it may change everything.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from benzotaper.errors import BenzotaperError, ScheduleError
from benzotaper.intervals import TIMES
from benzotaper.received import cells
from benzotaper.received.cells import COUNT, NUMBER, UNITS
from benzotaper.received.entries import Amount, Doubts, Pieces
from benzotaper.received.names import TIME_WORDS, drug_word

TWICE: dict[str, tuple[str, ...]] = {
    "twice|two times|2 times|bd|bid": ("morning", "night"),
    "three times|thrice|3 times|tds|tid": ("morning", "noon", "night"),
    "four times|4 times|qds|qid": TIMES,
}
_WORD_COUNT = "one and a half|half an?|a half|half|a quarter(?: of an?)?|quarter|one|two|three|four|five|six|zero|no"
_KIND = r"(?:(?:extended-release|orally disintegrating|sublingual|oral|chewable|whole)\s+)*"
_TABLET = rf"(?:{_KIND}(?:tablets?|tabs?\b\.?|capsules?|caps?\b\.?|pills?|films?|sprays?))"
_FILLERS = (
    "take|taken|at|in|on|the|each|every|day|daily|per|a|an|of|once|by mouth|orally|then|doses?|with|to|go down to|"
    "reduced? to|stay|continue|keep|from|now|is|are|be|as"
)
_COUNT = rf"(?:{COUNT}|(?:{_WORD_COUNT})\b)"
_STRENGTH = rf"{NUMBER}\s*(?:{UNITS})"
_BY = rf"(?:[x×*]\s*|(?:{_TABLET})?\s*(?:of|at|@)\s+(?:an?\s+)?|(?=\s{_STRENGTH}\s*{_TABLET})\s+|\s+an?\s+)"
_TIME = "|".join(sorted(map(re.escape, TIME_WORDS), key=len, reverse=True))
_OFTEN = "|".join(TWICE)
_MARKS = re.compile(
    "|".join(
        (
            rf"(?P<dashes>{NUMBER}(?:\s*[-–]\s*{NUMBER}){{2,3}}\s*(?:{UNITS})\b)",
            rf"(?P<tablets>(?:{_COUNT})\s*{_BY}{_STRENGTH}\b(?:\s*{_TABLET})?)",
            rf"(?P<liquid>{NUMBER}\s*m[lL]\s*(?:\([^)]*\))?\s*of\s+{_STRENGTH}\s*/\s*m[lL]\b)",
            rf"(?P<drops>{NUMBER}\s*drops?\s*\(\s*{_STRENGTH}\s*\)\s*of\s+{_STRENGTH}\s*/\s*m[lL]\b)",
            rf"(?P<counted>(?:{_COUNT})\s*{_TABLET})",
            r"(?P<percent>[0-9.,]+\s*%(?:\s*of\s+(?:the\s+)?(?:\w+\s+dose|start|baseline|original|current|previous|\w+))?)",
            r"(?P<total>(?:=|\btotal(?:ling)?(?:\s+of)?\b:?|\bin total\b:?))",
            rf"(?P<dose>[-−+]?[0-9.,]+\s*(?:{UNITS}|Mg|MG|mG)\b(?:\s*/\s*day)?)",
            rf"(?P<often>\b(?:{_OFTEN})\b(?:\s*(?:daily|a day|per day|each day|every day|/day))?)",
            rf"(?P<time>\b(?:{_TIME})\b\.?)",
            r"(?P<nothing>\b(?:nothing|stop(?:ped)?|off|none|zero|nil)\b)",
            rf"(?P<filler>\b(?:{_FILLERS})\b)",
            r"(?P<break>[,;&]|\band\b|\+)",
            r"(?P<bare>[-−+]?[0-9][0-9.,]*)",
            r"(?P<word>[^\W\d_][\w/.-]*)",
            r"(?P<mark>[^\s\w])",
        )
    ),
    re.IGNORECASE,
)


NEGATION = re.compile(r"\b(?:not|never|don['\u2019]?t|cannot|can['\u2019]t)\b", re.IGNORECASE)
"""Words that turn the meaning of a whole phrase round: none of it is then understood."""
MADE_OF = ("tablets", "liquid", "drops")
SILENT = ("break", "filler", "mark")
"""Marks that say nothing of their own."""


class Mark(NamedTuple):
    """One understood part of a phrase."""

    kind: str
    text: str


@dataclass(slots=True)
class Part:
    """One administration in words."""

    drug: str = ""
    time: str = ""
    amount: Amount | None = None
    pieces: tuple[Pieces, ...] = ()
    total: Fraction | None = None
    unread: bool = False
    times: tuple[str, ...] = field(default=())

    @property
    def says_dose(self) -> bool:
        """Whether it says how much."""
        return self.amount is not None or bool(self.pieces) or self.unread


def read_phrase(text: str, *, place: int, doubts: Doubts, drug: str = "") -> list[Part]:
    """The administrations that a phrase says.

    Args:
        text: the phrase.
        place: where it stands, for doubts.
        doubts: takes what is not understood.
        drug: the drug that holds where the phrase names none.

    >>> [(part.time, int(part.amount.value)) for part in read_phrase("5 mg am, 10 mg pm", place=1, doubts=Doubts())]
    [('morning', 5000000), ('night', 10000000)]
    """
    if denied := NEGATION.search(text):
        message = f"{denied[0]!r} can turn round what the rest says, so none of it is read"
        doubts.add(place, message, "write only what is taken, such as '5 mg', or '0 mg'")
        return [Part(drug=drug, unread=True)]
    parts = [Part(drug=drug)]
    total: list[Fraction] = []
    for segment in _segments(_MARKS.finditer(" ".join(text.split()))):
        try:
            _read_segment(segment, parts, total)
        except BenzotaperError as error:
            doubts.add(place, str(error), "write each dose as a number and a unit, such as '5 mg morning, 10 mg night'")
            return [Part(drug=drug, unread=True)]  # what is left out may change all of it
    said = [part for part in parts if part.says_dose]
    for part in said:
        part.total = total[0] if total else None
    return [each for part in said for each in _repeated(part)]


def _segments(found: Iterator[re.Match[str]]) -> Iterator[list[Mark]]:
    """The marks between two breaks; tablets joined by + stay together."""
    segment: list[Mark] = []
    for match in found:
        kind = str(match.lastgroup)
        if kind == "break" and (match[0] != "+" or not any(mark.kind in MADE_OF for mark in segment)):
            yield segment
            segment = []
        elif kind not in SILENT:
            segment.append(Mark(kind, match[0]))
    yield segment


def _read_segment(segment: Sequence[Mark], parts: list[Part], total: list[Fraction]) -> None:
    """Add what one segment says to the parts so far."""
    _refuse_two_meanings(segment)
    part = Part(drug=parts[-1].drug)
    for before, mark in zip([Mark("", ""), *segment], segment, strict=False):
        if mark.kind == "dose" and before.kind == "total":
            total.append(cells.amount(mark.text).value)
            continue
        if mark.kind == "dose" and part.amount and part.time:  # "5 mg morning 10 mg night": no comma between
            parts.append(part)
            part = Part(drug=part.drug)
        _read_mark(mark, part)
    last = parts[-1]
    if not part.says_dose and (part.time or part.times):
        _more_times(last, part, parts)
    elif part.pieces and part.amount is None and not part.time and last.amount and not last.pieces:
        last.pieces = part.pieces  # "2.5 mg, take 0 tablets"
    elif part.says_dose or part.drug != last.drug:
        parts.append(part)


def _more_times(last: Part, part: Part, parts: list[Part]) -> None:
    """Times after the dose: "10 mg, morning and night"."""
    if not last.time and not last.times:
        last.time, last.times = part.time, part.times
    else:
        parts.append(Part(drug=last.drug, time=part.time, times=part.times, amount=last.amount, pieces=last.pieces))


def _read_mark(mark: Mark, part: Part) -> None:
    kind, text = mark
    if kind in ("dose", "percent"):
        if part.amount is not None:
            raise ScheduleError(
                f"{text!r} stands beside another dose; put a comma between two administrations", value=text
            )
        part.amount = cells.amount(text)
    elif kind == "dashes":
        part.times = ("dashes",)
        part.amount = None
        _dashes(text, part)
    elif kind in READ_PIECES:
        part.pieces += (READ_PIECES[kind](text),)
    elif kind == "time":
        part.time = TIME_WORDS.get(text.casefold()) or TIME_WORDS[text.casefold().rstrip(".")]
    elif kind == "often":
        part.times = next(times for words, times in TWICE.items() if re.match(words, text, re.IGNORECASE))
    elif kind == "nothing":
        part.amount = Amount(Fraction(0), "ng")
    elif kind == "bare":
        part.amount = cells.amount(text)
    elif kind == "word":
        _word(text, part)


def _refuse_two_meanings(segment: Sequence[Mark]) -> None:
    """Nothing is taken, and a dose is: no dose may be lost so."""
    nothing = next((mark.text for mark in segment if mark.kind == "nothing"), "")
    if nothing and any(mark.kind in (*READ_PIECES, "dose", "percent", "dashes", "bare") for mark in segment):
        message = f"{nothing!r} stands beside a dose; write '5 mg, then stop', or a line for each"
        raise ScheduleError(message, value=nothing)


def _word(text: str, part: Part) -> None:
    """A word of its own: a drug, or something that is not understood."""
    tried = Doubts()
    found = drug_word(text, 0, tried)
    if tried.places:
        raise ScheduleError(f"{text[:40]!r} is not understood", value=text)
    part.drug = found


def _tablets(text: str) -> Pieces:
    """A count of tablets, with their strength where it is said."""
    match = re.match(rf"({_COUNT})\s*(.*)", text, re.IGNORECASE)
    assert match  # noqa: S101  the pattern of tablets begins so
    strength = re.search(rf"({NUMBER}\s*(?:{UNITS}))\b", match[2])
    low = re.sub(r"\b(?:an|of an?)$", lambda m: "a" if m[0] == "an" else "", match[1].casefold()).strip()
    return Pieces(units=cells.count(low), strength=cells.amount(strength[1]).value if strength else None)


def _liquid(text: str) -> Pieces:
    """A volume in mL, with the strength of one mL."""
    match = re.match(rf"({NUMBER}).*of\s+({_STRENGTH})", text, re.IGNORECASE)
    assert match  # noqa: S101  the pattern of liquids has both
    return Pieces(units=cells.number(match[1]), strength=cells.amount(match[2]).value)


def _drops(text: str) -> Pieces:
    """Counted drops: how much one holds depends on the product, so the printed dose of all of them counts."""
    match = re.search(rf"\(\s*({_STRENGTH})\s*\)", text)
    assert match  # noqa: S101  the pattern of drops has it
    return Pieces(units=Fraction(1), strength=cells.amount(match[1]).value)


READ_PIECES = {"tablets": _tablets, "counted": _tablets, "liquid": _liquid, "drops": _drops}


def _dashes(text: str, part: Part) -> None:
    """5-0-10 mg: morning, noon, night; four numbers have the evening before the night."""
    match = re.fullmatch(rf"(.*?)\s*({UNITS})", text)
    assert match  # noqa: S101  the pattern of dashes ends so
    numbers = [number.strip() for number in re.split(r"[-–]", match[1])]
    part.amount = Amount(Fraction(0), "ng")
    part.times = tuple(f"{number} {match[2]}" for number in numbers)


def _repeated(part: Part) -> Iterator[Part]:
    """The part at each of its times."""
    if not part.times:
        yield part
    elif part.times[0] in TIMES:
        for time in part.times:
            yield Part(part.drug, time, part.amount, part.pieces, part.total)
    else:  # doses between dashes
        times = TIMES if len(part.times) == len(TIMES) else ("morning", "noon", "night")
        for time, dose in zip(times, part.times, strict=True):
            yield Part(part.drug, time, cells.amount(dose), (), part.total)
