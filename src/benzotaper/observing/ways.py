"""What a caller assumes about fills: how they follow each other, how long they last, which gaps are bridged."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, get_args

from benzotaper.errors import PlanError, did_you_mean, hint
from benzotaper.intervals import days_text, read_date, read_days

Overlap: TypeAlias = Literal["carry over", "add", "replace"]
PerQueue: TypeAlias = Literal["drug", "strength"]
UNTIL_NEXT, NONE = "until next", "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What the caller assumes.

    Attributes:
        overlap: "carry over", "add" or "replace".
        per: "drug" or "strength".
        bridge: the longest gap that is bridged (days); 0 for none.
        lasts: how long a fill lasts that does not say it (days); 0 where that is not stated.
        until_next: whether such a fill lasts until the next one.
        last_lasts: how long the last one lasts then (days).
        until: the last day of observation (ordinal); 0 for none.
    """

    overlap: str
    per: str
    bridge: int
    lasts: int
    until_next: bool
    last_lasts: int
    until: int

    @classmethod
    def of(
        cls, overlap: object, *, per: object, bridge: object, lasts: object, last_lasts: object, until: object
    ) -> "Ways":
        """Read what the caller says.

        Raises:
            PlanError, IntervalError: it is not stated, or cannot be read.
        """
        for name, value, allowed in (("overlap", overlap, get_args(Overlap)), ("per", per, get_args(PerQueue))):
            if value not in allowed:
                near = hint(did_you_mean(str(value), allowed))
                raise PlanError(f"{name}={value!r} must be one of {', '.join(allowed)}{near}", value=value)
        until_next = lasts == UNTIL_NEXT
        if until_next != (last_lasts != ""):
            message = f"lasts={UNTIL_NEXT!r} and last_lasts= go together: nothing says when the last fill has run out"
            raise PlanError(message, value=last_lasts)
        return cls(
            overlap=str(overlap),
            per=str(per),
            bridge=0 if bridge == NONE else read_days(bridge, what="bridge"),  # type: ignore[arg-type]  # refuses
            lasts=0 if until_next or lasts == "" else read_days(lasts, what="lasts"),  # type: ignore[arg-type]
            until_next=until_next,
            last_lasts=read_days(last_lasts, what="last_lasts") if until_next else 0,  # type: ignore[arg-type]
            until=0 if until == "" else read_date(until, what="until").toordinal(),  # type: ignore[arg-type]
        )

    def words(self) -> tuple[str, ...]:
        """All of it for reading."""
        early = {
            "carry over": "begins when that one has",
            "add": "is taken together with it",
            "replace": "replaces it, and its rest is not taken",
        }[self.overlap]
        of = {"drug": "the same drug", "strength": "the same strength of the drug"}[self.per]
        lasting = "Where the days of supply are not known, a fill lasts "
        found = [
            f"A fill that is collected before an earlier one of {of} has run out {early}.",
            f"A gap of up to {days_text(self.bridge)} is bridged with the dose before it; a longer one counts as 0 mg."
            if self.bridge
            else "No gap is bridged: days without supply count as 0 mg.",
            "The dose of a day is the amount of its fills by their days, rounded down to whole nanograms.",
        ]
        if self.lasts:
            found.append(f"{lasting}{days_text(self.lasts)}.")
        if self.until_next:
            found.append(f"{lasting}until the next one of {of}, and the last one {days_text(self.last_lasts)}.")
        if self.until:
            found.append(f"Observation ends on {date.fromordinal(self.until)}.")
        return tuple(found)
