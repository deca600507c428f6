"""What a person really takes: a drug, and how much of it at which times of the day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import add
from typing import Any, NoReturn, TypeAlias

from benzotaper.doses import LARGEST_MG, NG_PER_MG, Dose, DoseLike, mg_text, read_dose
from benzotaper.drugs import drug_named
from benzotaper.errors import DoseError, RegimenError, ReleaseError
from benzotaper.intervals import TIMES, read_time
from benzotaper.product import RELEASES

_AT = re.compile(r"(?:(?:in|at|every|each|the|dose|\s)\s*)*")
_WORDS = {"nocte": "night", "qhs": "night", "mane": "morning"}
_TIME = "morning|noon|midday|evening|night|bedtime|am|pm|nocte|qhs|mane"
_DAILY = r"(?:\s*(?:daily|a day|per day|each day|every day|/day))?"
_WORDS_OF_FREQUENCY: Mapping[str, tuple[str, ...]] = {
    "twice|two times|2 times|2x|bd|b\\.d\\.|bid|b\\.i\\.d\\.": ("morning", "night"),
    "three times|thrice|3 times|3x|tds|t\\.d\\.s\\.|tid|t\\.i\\.d\\.": ("morning", "noon", "night"),
    "four times|4 times|4x|qds|q\\.d\\.s\\.|qid|q\\.i\\.d\\.": TIMES,
}
_FREQUENCIES = {re.compile(rf"(.*?)\s+(?:{words}){_DAILY}"): times for words, times in _WORDS_OF_FREQUENCY.items()}
_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_BETWEEN = re.compile(rf"(?<=[a-zA-Z]),\s*(?={_NUMBER}\s*[a-zA-Zµμ])|\band\b\s*(?={_NUMBER})")
_TIMED = re.compile(rf"(.*?)(?:\s+(?:once)?{_DAILY})?((?:\s*(?:,|and|&)?\s*{_AT.pattern}(?:{_TIME})\b)+)")
_A_TIME = re.compile(rf"\b(?:{_TIME})\b")
_DASHES = re.compile(rf"({_NUMBER}(?:\s*[-–]\s*{_NUMBER}){{2,3}})\s*(\S*)")
_DRUG_AND_REST = re.compile(r"(.*?[^\d\s.,].*?)\s+(?=[-−+]?(?:[.,]?\d|nan\b|inf\b))(.*)", re.DOTALL | re.IGNORECASE)
_AS_NEEDED = re.compile(r"\b(?:prn|p\.r\.n\.|as needed|when needed|if needed|as required|when required|sos)\b")
_ERROR_PRONE = re.compile(r"(?:^|\s)(?:od|o\.d\.|qd|q\.d\.)(?=$|\s)")
_SPECIAL_RELEASE = re.compile(r"\b(?:xr|er|sr|mr|cr|xl|retard|depot)\b")


DailyDose: TypeAlias = tuple[str, int, tuple[str, ...]]
"""A drug, how much of it a day (ng), and the times at which it is taken in equal parts."""
Taken: TypeAlias = "str | Regimen | DailyDose"
"""What is taken, as a row of a frame says it: a regimen, mostly as text, or a daily dose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """One dose of one drug at one time of the day."""

    drug: str
    time: str
    dose: Dose


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Regimen:
    """What is taken every day now: really taken, not what was prescribed.

    Args:
        drug: any name of the drug.
        morning, noon, evening, night: the dose at that time; left out where nothing is taken.
        release: "IR" for plain products; "ER" where an extended-release product is meant, which then must be named.

    Attributes:
        intakes: the doses in the order of the day, none of them zero; of several drugs after `+`.
        release: as given.
        drugs: the drugs, in the order in which they are taken in the day.

    >>> Regimen("diazepam", morning="5 mg", night="10 mg")
    Regimen('diazepam', morning='5 mg', night='10 mg')
    """

    intakes: tuple[Intake, ...]
    release: str
    drugs: tuple[str, ...] = field(compare=False)

    def __init__(
        self,
        drug: str,
        *,
        morning: DoseLike = Dose.of_ng(0),  # noqa: B008  a frozen value
        noon: DoseLike = Dose.of_ng(0),  # noqa: B008
        evening: DoseLike = Dose.of_ng(0),  # noqa: B008
        night: DoseLike = Dose.of_ng(0),  # noqa: B008
        release: str = "IR",
    ) -> None:
        name = drug_named(drug).name
        if release not in RELEASES:
            raise ReleaseError(f"release {release!r} must be one of {', '.join(RELEASES)}", value=release)
        doses = [read_dose(value, zero=True) for value in (morning, noon, evening, night)]
        intakes = tuple(Intake(drug=name, time=t, dose=d) for t, d in zip(TIMES, doses, strict=True) if d.ng)
        if not intakes:
            message = f"nothing is taken: give {name} a dose at a time of the day, such as night='5 mg'"
            raise RegimenError(message, text=drug)
        total = sum(intake.dose.ng for intake in intakes)
        if total > LARGEST_MG * NG_PER_MG:
            message = f"{mg_text(total)} mg a day is above {LARGEST_MG} mg; check the numbers"
            raise DoseError(message, value=total)
        self._set(intakes, release)

    def _set(self, intakes: tuple[Intake, ...], release: str) -> None:
        """Fill the fields of this frozen value."""
        object.__setattr__(self, "intakes", intakes)
        object.__setattr__(self, "release", release)
        object.__setattr__(self, "drugs", tuple(dict.fromkeys(intake.drug for intake in intakes)))

    @property
    def drug(self) -> str:
        """The drug.

        Raises:
            RegimenError: there are several.
        """
        if len(self.drugs) > 1:
            _refuse(str(self), f"it has several drugs; take one of them by of(...): {', '.join(self.drugs)}")
        return self.drugs[0]

    def of(self, drug: str) -> "Regimen":
        """What is taken of one drug."""
        name = drug_named(drug).name
        doses: dict[str, Any] = {i.time: i.dose for i in self.intakes if i.drug == name}
        return Regimen(name, release=self.release, **doses)

    def __add__(self, other: "Regimen") -> "Regimen":
        """Both together: one more drug.

        Raises:
            RegimenError: a drug is in both, or their releases differ.

        >>> print(Regimen("diazepam", night="5 mg") + Regimen("zopiclone", night="7.5 mg"))
        diazepam 5 mg night + zopiclone 7.5 mg night
        """
        if not isinstance(other, Regimen):
            return NotImplemented
        if set(self.drugs) & set(other.drugs):
            _refuse(f"{self} + {other}", "a drug is given twice; give all its doses at once")
        if self.release != other.release:
            _refuse(f"{self} + {other}", "plain and extended-release products are not planned together")
        both = object.__new__(Regimen)
        intakes = sorted(self.intakes + other.intakes, key=lambda intake: (TIMES.index(intake.time), intake.drug))
        both._set(tuple(intakes), self.release)
        return both

    @property
    def total(self) -> Dose:
        """The total daily dose of its one drug."""
        return Dose.of_ng(sum(dose.ng for dose in self.doses.values()))

    @property
    def doses(self) -> dict[str, Dose]:
        """The dose of its one drug at each time at which it is taken."""
        self.drug  # noqa: B018  it refuses several
        return {intake.time: intake.dose for intake in self.intakes}

    def __str__(self) -> str:
        release = "" if self.release == "IR" else f" ({self.release})"
        return " + ".join(
            f"{drug}{release} " + ", ".join(f"{i.dose} {i.time}" for i in self.intakes if i.drug == drug)
            for drug in self.drugs
        )

    def __repr__(self) -> str:
        release = "" if self.release == "IR" else f", release={self.release!r}"
        return " + ".join(
            f"Regimen({drug!r}, "
            + ", ".join(f"{i.time}='{i.dose}'" for i in self.intakes if i.drug == drug)
            + f"{release})"
            for drug in self.drugs
        )


def read_regimen(value: str | Regimen) -> Regimen:
    """Read a regimen as people write it.

    Args:
        value: such as ``"diazepam 10 mg twice daily"``, ``"clonazepam 0.5 mg tds"``, ``"zopiclone 7.5 mg at night"``,
            ``"lorazepam 0.5 mg morning, 1 mg night"``, ``"diazepam 5-0-10 mg"``, several drugs joined by ``+``; or a
            `Regimen`.

    Raises:
        RegimenError: no time of day, as-needed use, an error-prone abbreviation, a count of tablets, a drug twice.
        ReleaseError: an extended-release product.
        UnknownDrugError, DoseError: as they say.

    >>> print(read_regimen("diazepam 5-0-10 mg"))
    diazepam 5 mg morning, 10 mg night
    >>> print(read_regimen("Valium 10 mg BD"))
    diazepam 10 mg morning, 10 mg night
    """
    if isinstance(value, Regimen):
        return value
    if not isinstance(value, str) or not value.strip():
        what = "it is empty" if isinstance(value, str) else "it is no text"
        _refuse(value, f"{what}; write drug, dose and times, such as 'diazepam 10 mg twice daily'")
    return _read_text(" ".join(value.split()))


def regimen_of(taken: Taken) -> Regimen:
    """The regimen of a person in a frame; nanograms that cannot be shared go to the later times.

    Raises:
        BenzotaperError: as `read_regimen`.

    >>> print(regimen_of(("diazepam", 15_000_000, ("morning", "night"))))
    diazepam 7.5 mg morning, 7.5 mg night
    """
    if not isinstance(taken, tuple):
        return read_regimen(taken)
    drug, ng, times = taken
    part, rest = divmod(ng, len(times))
    doses: dict[str, Any] = {time: Dose.of_ng(part + (place >= len(times) - rest)) for place, time in enumerate(times)}
    return Regimen(drug, **doses)


@lru_cache(maxsize=4096)
def _read_text(text: str) -> Regimen:
    """A regimen from its text; the same text is the same regimen, so it is read once."""
    if "+" in text:
        return reduce(add, [read_regimen(part) for part in text.split("+")])
    _refuse_unclear(text)
    match = _DRUG_AND_REST.fullmatch(text)
    if not match:
        drug_named(text)  # a misspelt drug is the likelier slip, and has the better words
        _refuse(text, "the dose is missing; write drug, dose and times, such as 'diazepam 10 mg twice daily'")
    drug = drug_named(match[1]).name
    doses: dict[str, Any] = {
        time: read_dose(dose, zero=True) for time, dose in _doses_by_time(match[2].strip(), text).items()
    }
    if not any(dose.ng for dose in doses.values()):
        _refuse(text, "nothing is taken in it; give a dose above 0 mg")
    return Regimen(drug, **doses)


def _refuse(text: object, why: str) -> NoReturn:
    raise RegimenError(f"regimen {text!r} cannot be read: {why}", text=text)


def _refuse_unclear(text: str) -> None:
    """What must never be guessed."""
    low = text.lower()
    if _AS_NEEDED.search(low):
        _refuse(text, "as-needed use has no daily dose; say what is really taken each day")
    if _ERROR_PRONE.search(low):
        _refuse(text, "OD and QD are error-prone (right eye, four times a day); say the time, such as 'at night'")


def _doses_by_time(rest: str, text: str) -> dict[str, DoseLike]:
    low = rest.lower()
    if _SPECIAL_RELEASE.search(low):
        message = f"regimen {text!r} names a special release: another product, not another spelling; name its product"
        raise ReleaseError(message, value=text)
    if match := _DASHES.match(rest):
        return _dashed(rest, match, text)
    for written, times in _FREQUENCIES.items():
        if found := written.fullmatch(low):
            return dict.fromkeys(times, _original(rest, found[1]))
    return _listed(rest, text)


def _original(rest: str, lowered: str) -> str:
    """The dose with the capitals it was written with: '1 Mg' must not pass as '1 mg'."""
    return rest[: len(lowered)]


def _dashed(rest: str, match: re.Match[str], text: str) -> dict[str, DoseLike]:
    """5-0-10 mg (morning, noon, night) or 5-0-5-10 mg (morning, noon, evening, night)."""
    numbers = re.split(r"\s*[-–]\s*", match[1])
    if not match[2]:
        _refuse(text, f"{match[1]!r} counts tablets; write the doses, such as '5-0-10 mg'")
    if match.end() != len(rest):
        _refuse(text, f"{rest[match.end() :].strip()!r} after the doses is not understood")
    times = TIMES if len(numbers) == len(TIMES) else ("morning", "noon", "night")
    return {time: read_dose(f"{number} {match[2]}", zero=True) for time, number in zip(times, numbers, strict=True)}


def _listed(rest: str, text: str) -> dict[str, DoseLike]:
    """Doses with their times: '0.5 mg morning, 1 mg night', '10 mg at night', '5 mg morning and night'."""
    doses: dict[str, DoseLike] = {}
    for part in _BETWEEN.split(rest):
        low = part.strip().lower().rstrip(".")
        found = _TIMED.fullmatch(low)
        if not found or not found[1]:
            _refuse_untimed(low, text)
        for word in _A_TIME.findall(found[2]):
            time = read_time(_WORDS.get(word, word))
            if time in doses:
                _refuse(text, f"{time} is given twice")
            doses[time] = _original(part.strip(), found[1])
    return doses


def _refuse_untimed(part: str, text: str) -> NoReturn:
    if number := re.match(r"[-−+.,\d]+\s*[a-zµμ]*", part):
        read_dose(number[0])  # a faulty dose has the better words
    _refuse(
        text, "it does not say at which time of the day; write 'at night', 'twice daily' or '5 mg morning, 10 mg night'"
    )
