"""What was observed about a person, and what is not known about them, each with its time and giver."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

from benzotaper.entries import Entry, entries_of
from benzotaper.errors import FactError
from benzotaper.fact_types import fact_type
from benzotaper.observations import Observation, read_observation
from benzotaper.unknown import Unknown

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, repr=False)
class Facts:
    """Observations about one person; each change gives new Facts, and nothing is ever overwritten.

    Attributes:
        observations: in the order in which they were recorded.
        drill: whether this is an exercise. A review of a drill says so on every output, and never enters a real course.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 11, 25, 8, 10, tzinfo=UTC)
    >>> facts = Facts().observe("gad7_total", 16, at=now, by="patient", form_id="GAD7")
    >>> facts.unknown("phq9_item9", "declined", at=now)
    <Facts: 2 observations>
    """

    observations: tuple[Observation, ...] = ()
    drill: bool = False

    def observe(
        self,
        fact: str,
        value: object,
        *,
        at: datetime | str,
        by: str,
        form_id: str = "",
        unit: str = "",
        who: str = "",
    ) -> Self:
        """Add an observation.

        Args:
            fact: a name of `bt.fact_names()`.
            value: True or False; a number (a float is read by its shortest decimal); an `Interval` for a score with
                missing items; a date; a word; a list; or `NOT_APPLICABLE`, where there is known to be none.
            at: when (aware, or ISO text with an offset).
            by: "patient", "collateral", "clinician", "device", "record" or "plan", as the fact allows.
            form_id: the form that a score is from.
            unit: checked, where given; the fact's own unit is the only one.
            who: the name of the person or device.

        Raises:
            UnknownFactError: no such fact.
            FactError: no such value, unit, giver or form; or a moment without an offset. A number out of range is no
                error: it is kept, counts as unknown and is never clipped.
        """
        new = read_observation(fact, value, at=at, by=by, who=who, form_id=form_id, unit=unit)
        return self._with([new])

    def unknown(
        self, fact: str, reason: str, *, at: datetime | str, by: str = "", form_id: str = "", who: str = ""
    ) -> Self:
        """Record that a fact is not known, and why.

        Args:
            fact: a name of `bt.fact_names()`.
            reason: one of `observations.REASONS`, such as "declined".
            at: when that was found.
            by: who was asked; the one who gives the fact first, when left out.
            form_id: the form, as in `observe`.
            who: the name of that person or device.

        Raises:
            UnknownFactError, FactError: as `observe`.
        """
        giver = by or fact_type(fact).asked_of[0]
        return self._with([read_observation(fact, Unknown(str(reason)), at=at, by=giver, form_id=form_id, who=who)])

    def _with(self, new: Iterable[Observation]) -> Self:
        return type(self)(observations=(*self.observations, *new), drill=self.drill)

    def __add__(self, other: "Facts") -> "Facts":
        """Both together.

        Raises:
            FactError: a drill and real facts.
        """
        if not isinstance(other, Facts):
            return NotImplemented
        if self.drill != other.drill:
            message = "facts of a drill and real facts are not put together; keep the exercise apart"
            raise FactError(message, fact="drill", value=other.drill)
        return self._with(other.observations)

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)

    def __len__(self) -> int:
        return len(self.observations)

    @cached_property
    def entries(self) -> dict[str, tuple[Entry, ...]]:
        """Each fact's observations as the rules read them, the newest first."""
        return entries_of(self.observations)

    def to_json(self) -> str:
        """The observations as JSON (schema in the package); `from_json` reads it back to equal facts."""
        from benzotaper.fact_files import facts_to_json  # noqa: PLC0415  only where a file is written

        return facts_to_json(self.observations, drill=self.drill)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read facts from JSON, strictly.

        Raises:
            FactError: it is not what it says, with every fault and its place.
        """
        from benzotaper.fact_files import facts_from_json  # noqa: PLC0415  only where a file is read

        observations, drill = facts_from_json(text)
        return cls(observations=observations, drill=drill)

    def to_frame(self) -> "pd.DataFrame":
        """A row per observation: fact, value, unknown, at, by, who, form_id."""
        from benzotaper.fact_frames import facts_frame  # noqa: PLC0415  pandas loads at the first frame

        return facts_frame(self.observations)

    def __repr__(self) -> str:
        many = f"{len(self)} observation{'' if len(self) == 1 else 's'}"
        return f"<Facts: {many}, DRILL>" if self.drill else f"<Facts: {many}>"
