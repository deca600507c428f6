"""Lays entries on a calendar: levels, one for each stretch on which the same is taken; and days lost or double.

Rows that name only a day, or only a week, are one day or week each where at least half of them follow each other
without a break; else each begins a level that lasts until the next.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any, Literal, TypeAlias

from benzotaper.received.entries import Amount, Doubts, Entry, Received
from benzotaper.received.tables import OF_START

Key: TypeAlias = tuple[str, str]
"""A drug and a time of the day; either may be ''."""
Day: TypeAlias = Mapping[Key, Fraction]
"""What is taken on one day: nanograms, percents of the start, or bare numbers, as `Arranged.units` says."""
WHOLE_PERCENT = 100
FINEST = 10**9  # of a percent of the current dose, where no mg are known


@dataclass(slots=True, kw_only=True)  # its days are settled when all levels are there
class Level:
    """A stretch on which the same is taken.

    Attributes:
        place: the row, line or item where it begins.
        step: its own name; "" where it has none.
        first: its first day; None where that is not known.
        days: how long it lasts; None where it is open or that is not known.
        last: its last day; None where it is open or that is not known.
        cycle: what is taken on its days, which repeat; one day where all are the same.
        known: whether all of it could be read.
        takes: whether anything is taken.
        numbered: whether its days are numbered, not dated; what has no number may be a day without a dose.
        partial: whether such days are missing in the schedule, so that the length of the cycle is not known.
    """

    place: int
    step: str
    first: int | None
    days: int | None
    last: int | None
    cycle: tuple[Day, ...]
    known: bool
    takes: bool
    numbered: bool = False
    partial: bool = False

    def mean(self, drug: str) -> Fraction:
        """The mean daily dose of a drug."""
        found = [dose for day in self.cycle for (name, _), dose in day.items() if name == drug]
        if len(found) == 1 == len(self.cycle):
            return found[0]
        return sum(found, Fraction(0)) / len(self.cycle)

    def highest(self, drug: str) -> Fraction:
        """The dose of a drug on its highest day."""
        if len(self.cycle) == 1:
            return self.mean(drug)
        return max(sum((d for (name, _), d in day.items() if name == drug), Fraction(0)) for day in self.cycle)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Days that are lost between two levels, or claimed twice.

    Attributes:
        kind: "gap" or "overlap".
        place: where it shows.
        first: the first day of it; None where it is not on the calendar.
        days: how many days.
    """

    kind: Literal["gap", "overlap"]
    place: int
    first: int | None
    days: int


@dataclass(slots=True, kw_only=True)
class Arranged:
    """A schedule on its calendar.

    Attributes:
        levels: in time order; neighbours differ.
        clashes: lost and double days.
        units: what the amounts of each drug are in: "ng", "percent" (of the start) or "number".
        unsure: whether some percentages do not say of what they are: falls are then at least what is said.
    """

    levels: list[Level]
    clashes: list[Clash]
    units: dict[str, str]
    unsure: bool = False

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drugs, in order of appearance."""
        return tuple(self.units)


def arrange(received: Received, *, drug: str = "", strengths: Callable[[str], Fraction | None]) -> Arranged:
    """Lay a schedule on its calendar.

    Args:
        received: the schedule; its doubts grow.
        drug: the drug of entries that name none.
        strengths: the only strength of a drug (ng), where the products have only one.
    """
    entries = received.entries
    mixed = any("day numbers" in message for message, _ in received.doubts.places)
    _name_drugs(entries, drug)
    for entry in entries:
        entry.first = None if mixed else entry.first
    reader = _Amounts(entries, received.doubts, strengths)
    clashes: list[Clash] = []
    raw = list(_levels(_in_order(entries), reader, clashes))
    if any(level.partial for level in raw):
        for level in raw:
            level.partial = level.numbered
    return Arranged(levels=_merged(_dated(raw, clashes)), clashes=clashes, units=reader.units, unsure=reader.unsure)


def _name_drugs(entries: Sequence[Entry], drug: str) -> None:
    """Give entries without a drug the only one that stands above them; nothing taken may be of any drug."""
    named = list(dict.fromkeys(entry.drug for entry in entries if entry.drug))
    above = ""
    for entry in entries:
        above = entry.drug or above
        nothing = entry.amount is not None and not entry.amount.value and not entry.pieces
        only = named[0] if named and nothing else above if len(named) == 1 else ""
        entry.drug = entry.drug or drug or only


def _in_order(entries: list[Entry]) -> list[Entry]:
    """By first day, where all but the beginning have one; else as they stand."""
    begun = next((n for n, entry in enumerate(entries) if entry.first is not None), len(entries))
    rest = entries[begun:]
    if any(entry.first is None for entry in rest):
        return entries
    return entries[:begun] + sorted(rest, key=lambda entry: entry.first or 0)


def _levels(entries: list[Entry], reader: "_Amounts", clashes: list[Clash]) -> Iterator[Level]:
    """Entries that belong together, as levels; days not yet settled."""
    daily = _is_daily(entries)

    def key(entry: Entry) -> tuple[Any, ...]:
        if entry.step and entry.span and daily:
            return (entry.step,)
        if entry.step or entry.first is not None:
            return entry.step, entry.first, entry.days
        return "", entry.place, entry.part

    for _, group in groupby(entries, key=key):
        for slots in _without_doubles(list(group), clashes):
            yield reader.level(slots, daily=daily)


Slots: TypeAlias = dict[tuple[int | None, int], list[Entry]]
"""The entries of a level, by first day and day of the cycle."""


def _without_doubles(group: Sequence[Entry], clashes: list[Clash]) -> Iterator[Slots]:
    """A group's entries by day; what stands twice is a clash, and where it differs a level of its own."""
    slots: Slots = {}
    seen: dict[tuple[Any, ...], Entry] = {}
    for entry in group:
        place = (entry.first, entry.cycle_day, entry.drug, entry.time)
        before = seen.get(place)
        if before and not (before.product and entry.product and before.product != entry.product):
            clashes.append(
                Clash(kind="overlap", place=entry.place, first=entry.first, days=entry.days or entry.span or 1)
            )
            if before.amount == entry.amount and before.pieces == entry.pieces:
                continue
            yield slots
            slots, seen = {}, {}
        seen[place] = entry
        slots.setdefault((entry.first, entry.cycle_day), []).append(entry)
    yield slots


def _is_daily(entries: Sequence[Entry]) -> bool:
    """Whether at least half of the rows that name only a day or a week follow each other without a break."""
    named = sorted({(entry.first, entry.span) for entry in entries if entry.span and entry.first is not None})
    breaks = [(after[0] - before[0]) == before[1] for before, after in pairwise(named)]
    return 2 * sum(breaks) >= len(breaks) if breaks else bool(named and named[0][1] > 1)


@dataclass(slots=True)
class _Amounts:
    """Turns printed amounts into exact ones: in ng, or where no mg are known in percent of the start."""

    entries: Sequence[Entry]
    doubts: Doubts
    strengths: Callable[[str], Fraction | None]
    units: dict[str, str] = field(default_factory=dict)
    start: dict[Key, Fraction] = field(default_factory=dict)
    current: dict[Key, Fraction] = field(default_factory=dict)
    unsure: bool = False
    lost: bool = False  # whether the level before could not be read

    def __post_init__(self) -> None:
        said: dict[str, set[str]] = {}
        for entry in self.entries:
            kinds = said.setdefault(entry.drug, set())
            if entry.amount:
                kinds.add(entry.amount.unit if entry.amount.value or entry.amount.unit != "ng" else "")
            elif entry.pieces:
                kinds.add("ng")
        for drug, kinds in said.items():
            percent = any(kind.startswith("percent") for kind in kinds)
            self.units[drug.removeprefix(OF_START)] = (
                "ng" if "ng" in kinds else "percent" if percent else "number" if "number" in kinds else "ng"
            )

    def level(self, slots: Slots, *, daily: bool) -> Level:
        """One level; its last day and, where only its label says it, its length are settled later."""
        entries = [entry for day in slots.values() for entry in day]
        head = entries[0]
        firsts = sorted({entry.first for entry in entries if entry.first is not None})
        found = {key: self._day(day) for key, day in slots.items()}
        days: list[Day] = [day for day, _ in found.values()]
        cycles = [number for _, number in slots]
        days += [{}] * (max(cycles) - len(set(cycles)) if min(cycles) else 0)  # a cycle day without a row: nothing
        named = (firsts[-1] - firsts[0] + head.span) if firsts and head.span and daily else None
        self.lost = not all(known for _, known in found.values())
        for day in days[-1:]:
            self.current = {} if self.lost else dict(day)
        return Level(
            place=head.place,
            step=head.step,
            first=firsts[0] if firsts else None,
            days=head.days if head.days is not None else named,
            last=None,
            cycle=tuple(days[:1] if all(day == days[0] for day in days) else days),
            known=not self.lost,
            takes=any(days),
            numbered=bool(min(cycles)),
            partial=bool(min(cycles)) and max(cycles) > len(set(cycles)),
        )

    def _day(self, entries: Sequence[Entry]) -> tuple[Day, bool]:
        day: dict[Key, Fraction] = {}
        known = True
        for entry in entries:
            key = entry.drug.removeprefix(OF_START), entry.time
            amount = self._amount(entry, key)
            known = known and amount is not None
            if amount:  # what is not taken is left out
                day[key] = day[key] + amount if key in day else amount
        for key, dose in day.items() if known else ():
            self.start.setdefault(key, dose)
        return day, known

    def _amount(self, entry: Entry, key: Key) -> Fraction | None:
        if entry.amount is None:
            return self.made(entry, key[0])
        value, unit, counted = entry.amount.value, entry.amount.unit, self.units[key[0]]
        if unit == counted == "ng" or not value or unit == "percent of start" == f"{counted} of start":
            return value
        if unit.startswith("percent"):
            return self._of_base(entry, key, entry.amount)
        self.doubts.add(entry.place, "the dose has no unit", "write the unit: '5 mg', or name the column 'dose_mg'")
        return value if counted == "number" else None

    def made(self, entry: Entry, drug: str) -> Fraction | None:
        """What the printed tablets make (ng); None where their strength is not known."""
        total = Fraction(0)
        for pieces in entry.pieces:
            strength = self.strengths(drug) if pieces.strength is None else pieces.strength
            if strength is None and pieces.units:
                self.doubts.add(
                    entry.place, "tablets without their strength", "write the strength: '1½ x 5 mg tablets'"
                )
                return None
            total += pieces.units * (strength or 0)
        return total if entry.pieces else None

    def _of_base(self, entry: Entry, key: Key, amount: Amount) -> Fraction | None:
        """A percentage as an amount."""
        if amount.unit == "percent":
            self.unsure = True
            self.doubts.add(
                entry.place, "the percentage does not say of what it is", "write '75 % of start' or '90 % of current'"
            )
        counted = self.units[key[0]]
        bases = self.current if amount.unit == "percent of current" else self.start
        base = bases.get(key)
        if base is None and counted == "percent" and not (self.lost and bases is self.current):
            base = Fraction(WHOLE_PERCENT)
        if base is None:
            self.doubts.add(entry.place, "a percentage of a dose that is not said", "write the first dose in mg")
            return None
        if amount.unit == "percent of current":
            return Fraction(round(base * amount.value / WHOLE_PERCENT * FINEST), FINEST)
        return base * amount.value / WHOLE_PERCENT if counted == "ng" else amount.value


def _dated(raw: list[Level], clashes: list[Clash]) -> list[Level]:
    """Settle first and last days, and find what is lost or double."""
    counted = not any(level.first is not None for level in raw)
    due: int | None = None
    for number, level in enumerate(raw):
        following = raw[number + 1].first if number + 1 < len(raw) else None
        if level.first is None:
            level.first = due if due is not None else 1 if counted and not number and level.days else None
        elif due is not None and level.first != due and not (number and _same_label(raw[number - 1], level)):
            kind: Literal["gap", "overlap"] = "gap" if level.first > due else "overlap"
            days = abs(level.first - due)
            clashes.append(Clash(kind=kind, place=level.place, first=min(level.first, due), days=days))
        _settle(level, following, leads=number == 0)
        due = level.last + 1 if level.last is not None else None
    return raw


def _settle(level: Level, following: int | None, *, leads: bool) -> None:
    """Settle how long a level lasts, and its last day; one that leads and lasts no day was taken until the next."""
    if level.days == 0 and leads:
        level.first, level.last = None, None if following is None else following - 1
        return
    if level.days is None and level.first is not None and following is not None and following > level.first:
        level.days = following - level.first
    if level.first is not None and level.days:
        level.last = level.first + level.days - 1
    elif following is not None and level.first is None:
        level.last = following - 1


def _same_label(before: Level, level: Level) -> bool:
    """Whether a level is a double of the one before, which is a clash already."""
    return before.first == level.first and before.step == level.step


def _merged(levels: Sequence[Level]) -> list[Level]:
    """Neighbours on which the same is taken become one."""
    found: list[Level] = []
    for level in levels:
        before = found[-1] if found else None
        if before and before.known and level.known and before.cycle == level.cycle and before.days:
            before.days = None if level.days is None else before.days + level.days
            before.last = level.last
        else:
            found.append(level)
    return found
