"""Hyperbolic: equal falls of receptor occupancy, so ever smaller falls of dose."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from math import gcd
from typing import Any, ClassVar, Self

from benzotaper import datafiles
from benzotaper.doses import Dose, DoseLike, mg_text, read_dose
from benzotaper.errors import StrategyError, did_you_mean, hint
from benzotaper.intervals import days_text, read_days
from benzotaper.numbers import WHOLE, Percent, read_percent
from benzotaper.schedules.base import DOWN_TO, EVERY, INT64, ZERO, Amount, Steady, fixed, read_down_to


def rung(first: Any, number: Any, steps: Any, half: Any, divisor: Any) -> Any:
    """Dose `number` (ng, `int` or `int64` array) of `steps` equal falls of occupancy d / (d + half), rounded down.

    Args:
        first: the dose before the first fall (ng).
        number: which dose, 0 to `steps`.
        steps: the number of falls.
        half: the dose at 50 % occupancy (ng a day).
        divisor: the greatest common divisor of `first` and `half` (ng), which keeps the products small.
    """
    return half // divisor * first * (steps - number) // (steps * (half // divisor) + (first // divisor) * number)


def steps_for(first: int, points: int, half: int) -> int:
    """The fewest equal falls of occupancy that are each at most `points` (hundredths of a percent)."""
    return -(-first * WHOLE // ((first + half) * points))


@dataclass(frozen=True, slots=True)
class Preset:
    """A named value of half occupancy, with its source."""

    name: str
    drug: str
    half: Dose
    source_id: str
    note: str


_COLUMNS: dict[str, datafiles.Reader] = {
    "preset": datafiles.word,
    "drug": datafiles.word,
    "half_occupancy_mg_per_day": datafiles.positive,
    "source_id": datafiles.word,
    "grade": datafiles.one_of("seen", "secondary"),
    "note": datafiles.word,
}


@cache
def presets() -> dict[str, Preset]:
    """The named values of half occupancy."""
    return {
        row["preset"]: Preset(
            row["preset"], row["drug"], Dose(mg=row["half_occupancy_mg_per_day"]), row["source_id"], row["note"]
        )
        for row in datafiles.shipped_rows("occupancy_presets.csv", _COLUMNS)
    }


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Hyperbolic(Steady):
    """Equal falls in o = d / (d + K): an illustration, because no occupancy curve here is measured over human doses.

    Args:
        half_occupancy: K, the dose at 50 % occupancy (mg a day), or the name of a preset.
        points: the largest fall of occupancy a step (percentage points); or give `steps`.
        steps: the number of equal falls.
        every: the time between falls.
        down_to: where it ends; 0 mg when left out.

    Raises:
        StrategyError: neither or both of `points` and `steps`; an unknown preset; numbers too fine for 64 bits.

    Sources: Maudsley 2024 diazepam pairs (our fit). Two published curves for diazepam differ 37-fold: never a default.

    >>> print(Hyperbolic("24.7 mg", points="5 %", every="2 weeks"))
    hyperbolic 24.7 mg in 5 % points every 2 weeks
    """

    NAME: ClassVar[str] = "hyperbolic"
    WRITTEN: ClassVar[str] = "<dose or preset> in <N steps or percent points> every <days or weeks> [down to <dose>]"
    PATTERN: ClassVar[str] = (
        r"(?P<half_occupancy>[\w-]+|[\d.,]+ ?\w+) in (?:(?P<steps>\d+) steps|(?P<points>[\d.,]+ ?%) points)"
        rf" {EVERY}{DOWN_TO}"
    )
    fades: ClassVar[bool] = True
    half: Dose
    preset: str
    points: int
    steps: int
    every: int
    down_to: Amount

    def __init__(
        self,
        half_occupancy: DoseLike,
        *,
        points: str | Percent = "",
        steps: int = 0,
        every: str | timedelta,
        down_to: DoseLike | Percent = ZERO,
    ) -> None:
        if (points == "") == (steps == 0):
            message = (
                "hyperbolic needs points=, the largest fall of occupancy, or steps=, the number of falls; one of them"
            )
            raise StrategyError(message, value=points)
        if type(steps) is not int or steps < 0:
            raise StrategyError(f"steps {steps!r} must be a whole number of at least 1", value=steps)
        named = isinstance(half_occupancy, str) and half_occupancy.strip()[:1].isalpha()
        self._set(
            half=_preset(str(half_occupancy)).half if named else read_dose(half_occupancy),
            preset=str(half_occupancy).strip() if named else "",
            points=read_percent(points).hundredths if points else 0,
            steps=steps,
            every=read_days(every, what="every"),
            down_to=read_down_to(down_to),
        )

    @property
    def drug(self) -> str:
        """The drug that its preset is for; "" where half occupancy was given as a dose."""
        return presets()[self.preset].drug if self.preset else ""

    @classmethod
    def _from_groups(cls, groups: dict[str, Any]) -> Self:
        steps = int(groups.pop("steps", "0"))
        return cls(groups.pop("half_occupancy"), steps=steps, **groups)

    def __str__(self) -> str:
        what = f"{self.steps} steps" if self.steps else f"{Percent(self.points)} points"
        return f"{self.NAME} {self.preset or self.half} in {what} every {days_text(self.every)}{self._down_to_text()}"

    def doses(self, start: int, now: int, *, floor: int) -> Iterator[int]:  # noqa: ARG002  one signature
        """See `Steady.doses`."""
        steps = self.steps or steps_for(now, self.points, self.half.ng)
        divisor = gcd(now, self.half.ng)
        check_fits(now, self.half.ng, steps, divisor)
        for number in range(1, steps + 1):
            dose = max(rung(now, number, steps, self.half.ng, divisor), floor)
            yield dose
            if dose == floor:
                return

    def in_mg(self, start: int) -> "Hyperbolic":
        """See `Taper.in_mg`."""
        return Hyperbolic(
            self.preset or self.half,
            points=Percent(self.points) if self.points else "",
            steps=self.steps,
            every=timedelta(days=self.every),
            down_to=fixed(self.down_to, start),
        )


def check_fits(first: int, half: int, steps: int, divisor: int) -> None:
    """Refuse what would overflow 64 bits, so that a plan and a cohort refuse alike."""
    if half // divisor * first * steps >= INT64:
        message = (
            f"half occupancy {mg_text(half)} mg and dose {mg_text(first)} mg have too many digits together; round one"
        )
        raise StrategyError(message, value=half)


def occupancy(dose: Dose, half: Dose) -> float:
    """Occupancy (0 to 1) at a dose, for display.

    >>> round(occupancy(Dose(mg=20), Dose(mg="24.7")), 3)
    0.447
    """
    return dose.ng / math.fsum((dose.ng, half.ng))


def _preset(name: str) -> Preset:
    known = presets()
    if name.strip() not in known:
        near = hint(did_you_mean(name, known))
        message = (
            f"{name!r} is no preset of half occupancy{near}; the presets are {', '.join(known)}, or give a dose in mg"
        )
        raise StrategyError(message, value=name)
    return known[name.strip()]
