"""How even the level is over a day, for one way or another of splitting the daily dose over its times."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from benzotaper.dispensing.levels import DAY_H, level_shares
from benzotaper.exports.markup import element, joined
from benzotaper.exports.plain_tables import html_table, plain_table
from benzotaper.exports.rows import Kind, Row
from benzotaper.intervals import TIMES
from benzotaper.numbers import decimal_text
from benzotaper.pharmacokinetics.facts import USUAL, kinetics_of
from benzotaper.regimen import Regimen, read_regimen

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Mapping[str, Kind] = {
    "drug": "text",
    "time": "text",
    "dose_mg": "exact",
    "hours": "number",
    "level_percent": "exact",
    "swing_percent": "exact",
    "quality": "text",
    "warning": "text",
}
"""The columns, in order, and what each holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From one time of the day to the next.

    Attributes:
        time: the time at which it begins.
        dose_ng: what is taken then (ng).
        hours: until the next time (h).
        percent: the average level, in % of that of the whole day.
    """

    time: str
    dose_ng: int
    hours: int
    percent: Fraction


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DayLevels:
    """The average levels between the times of the day, of one drug, at steady state, by the average of the whole day.

    Attributes:
        regimen: what is taken, in words.
        drug: the drug.
        half_life_h: its half-life (h).
        quality: "A", "B" or "C".
        warning: what a reader must know before believing it; "" where that is nothing.
        stretches: in the order of the day.
    """

    regimen: str
    drug: str
    half_life_h: Fraction
    quality: str
    warning: str
    stretches: tuple[Stretch, ...]

    @property
    def swing_percent(self) -> Fraction:
        """The highest less the lowest of the averages, in % of the day's: 0 is most even."""
        found = [stretch.percent for stretch in self.stretches]
        return max(found) - min(found)

    def rows(self) -> Iterator[Row]:
        """A row for each time of the day."""
        for stretch in self.stretches:
            yield {
                "drug": self.drug,
                "time": stretch.time,
                "dose_mg": Fraction(stretch.dose_ng, 10**6),
                "hours": stretch.hours,
                "level_percent": stretch.percent,
                "swing_percent": self.swing_percent,
                "quality": self.quality,
                "warning": self.warning,
            }

    def to_frame(self) -> "pd.DataFrame":
        """The rows as a DataFrame."""
        from benzotaper.exports.frames import frame_of  # noqa: PLC0415  pandas loads at the first frame

        return frame_of(self.rows(), COLUMNS)

    def __str__(self) -> str:
        table = plain_table(_HEADS, self._lines(), right=_HEADS[1:])
        return "\n".join([self._title, table, *self._warned])

    def __repr__(self) -> str:
        return f"<DayLevels {self._title}>"

    def _repr_html_(self) -> str:
        warned = [element("p", element("strong", each)) for each in self._warned]
        return joined(html_table(self._title, _HEADS, self._lines()), *warned)

    @property
    def _warned(self) -> list[str]:
        return [f"Warning: {self.warning}"] if self.warning else []

    @property
    def _title(self) -> str:
        return (
            f"{self.regimen}: swing {_percent(self.swing_percent)} of the day's average "
            f"(half-life {decimal_text(self.half_life_h)} h, quality {self.quality})"
        )

    def _lines(self) -> Iterator[list[str]]:
        for each in self.stretches:
            yield [
                each.time,
                f"{decimal_text(Fraction(each.dose_ng, 10**6))} mg",
                f"{each.hours} h",
                _percent(each.percent),
            ]


_HEADS = ("time", "dose", "hours", "average level")


def _percent(value: Fraction) -> str:
    return f"{decimal_text(value, places=1)} %"


def day_levels(regimen: str | Regimen, *, half_life: str = USUAL) -> DayLevels:
    """Say how even the average level is over the day, so that ways to split a daily dose can be compared.

    Args:
        regimen: what is taken of one drug, such as "oxazepam 10 mg three times daily".
        half_life: "usual", "low", "high", "elderly" or hours such as "60 h".

    Returns:
        The average level between each time of the day and the next at steady state, in % of the day's average.

    Raises:
        RegimenError: it cannot be read, or has several drugs.
        KineticsError: the half-life is not known.

    Limits: one compartment, the drug's own half-life, absorption and metabolites left out; doses at 8, 13, 18 and 22 h
    (project default, confirm). Quality C is shown with a warning. It says nothing about real levels.

    Sources: `pharmacokinetics.csv`.

    >>> for doses in ("lorazepam 2 mg at night", "lorazepam 1 mg twice daily"):
    ...     print(round(float(day_levels(doses).swing_percent)))
    76
    45
    """
    asked = read_regimen(regimen)
    known = kinetics_of(asked.drug)
    doses = [asked.doses[time].ng if time in asked.doses else 0 for time in TIMES]
    hours, shares = level_shares(TIMES, known.half_life_h(half_life))
    levels = [sum(share * ng for share, ng in zip(row, doses, strict=True)) for row in shares]
    mean = Fraction(sum(level * length for level, length in zip(levels, hours, strict=True)), DAY_H)
    return DayLevels(
        regimen=str(asked),
        drug=asked.drug,
        half_life_h=known.half_life_h(half_life),
        quality=known.quality,
        warning=known.warning,
        stretches=tuple(
            Stretch(time=time, dose_ng=ng, hours=length, percent=100 * level / mean)
            for time, ng, length, level in zip(TIMES, doses, hours, levels, strict=True)
        ),
    )
