"""What a schedule says, piece by piece, before anything is judged: entries, and doubts where it is not clear."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["ng", "percent of start", "percent of current", "percent", "number"]
"""What an amount is in; "percent" has no base, "number" no unit."""
FEW = 8


@dataclass(frozen=True, slots=True)
class Amount:
    """How much: a value, zero or more, and what it is in."""

    value: Fraction
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Tablets as printed.

    Attributes:
        units: whole tablets; 3/2 is one and a half. Of a liquid, mL.
        strength: of one tablet (ng); None where it is not said.
    """

    units: Fraction
    strength: Fraction | None


@dataclass(slots=True, kw_only=True)  # not frozen: there may be 100 000 of them
class Entry:
    """What one row, line or item says of one administration, or of one day's total.

    Attributes:
        place: the number of the row, line or item.
        part: which step of its line it is, where one line says several; else 0.
        step: the step's name; "" where none is given.
        first: the first day: a proleptic ordinal, or a day number; None where it is not said.
        span: 1 where only a day, 7 where only a week is named, not how long it lasts; else 0.
        days: how long it lasts (days); None where it is not said.
        drug: the drug, or the words that stand for it; "" where none is named.
        time: the time of day; "" where none is named.
        cycle_day: which day of a cycle that repeats, from 1; 0 where every day is the same.
        amount: the printed dose; None where there is none or it cannot be read.
        unread: whether something stands there that cannot be read.
        pieces: the printed tablets.
        product: the product's name; "" where none is printed.
        total: the printed total of the day (ng); None where there is none.
    """

    place: int
    part: int = 0
    step: str = ""
    first: int | None = None
    span: int = 0
    days: int | None = None
    drug: str = ""
    time: str = ""
    cycle_day: int = 0
    amount: Amount | None = None
    unread: bool = False
    pieces: tuple[Pieces, ...] = ()
    product: str = ""
    total: Fraction | None = None


@dataclass(slots=True)
class Doubts:
    """What could mean two things, or nothing: each said once, with every place where it stands."""

    places: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def add(self, place: int, message: str, fix: str) -> None:
        """Note a doubt.

        Args:
            place: the row, line or item; 0 for all of it.
            message: what is in doubt.
            fix: what to write instead.
        """
        self.places.setdefault((message, fix), []).append(place)


@dataclass(slots=True, kw_only=True)
class Received:
    """A schedule as it was read.

    Attributes:
        noun: what a place is: "row", "line" or "item".
        entries: what it says, in its order.
        doubts: what it leaves open.
        dated: whether its days are dates; else they are day numbers.
        unread: columns that were left aside.
    """

    noun: str
    entries: list[Entry]
    doubts: Doubts
    dated: bool = False
    unread: tuple[str, ...] = ()


def places_words(noun: str, places: Iterable[int]) -> str:
    """Where something stands: a few places in full, the rest counted.

    >>> places_words("row", [2, 3, 4, 9]), places_words("row", [0])
    ('rows 2–4, 9', 'the whole')
    """
    numbers = sorted(set(places))
    if not numbers or numbers == [0]:
        return "the whole"
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    more = f" and {len(said) - FEW} more places" if len(said) > FEW else ""
    return f"{noun}{'s' if len(numbers) > 1 else ''} {', '.join(said[:FEW])}{more}"
