"""`dispensing_to_daily`: fills become daily doses, by assumptions that the caller states."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from benzotaper.exports.markup import element
from benzotaper.observing.ways import Overlap, PerQueue, Ways

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class DailyDoses:
    """What people had to take, day by day.

    Attributes:
        daily: a row for each person, drug and day from the first fill of the drug on: `person`, `date`, `drug`,
            `dose_mg`, `dose_ng` (whole nanograms), `state` ("supplied", "carried over" from an earlier collection,
            "overlap" of several, "bridged" gap, or "gap").
        refused: a row for each fill that cannot be read: `row` (its place in the frame, from 0), `person`, `problem`. A
            person with such a fill has no daily doses: they would be wrong.
        assumptions: what was assumed, in words.
    """

    daily: "pd.DataFrame"
    refused: "pd.DataFrame"
    assumptions: tuple[str, ...]

    def to_frame(self) -> "pd.DataFrame":
        """The daily doses."""
        return self.daily

    def to_json(self) -> str:
        """All of it as JSON: days as text, doses in whole nanograms."""
        days = self.daily.assign(date=self.daily["date"].dt.strftime("%Y-%m-%d")).drop(columns="dose_mg")
        tables = (json.loads(frame.to_json(orient="records")) for frame in (days, self.refused))
        document = dict(zip(("daily", "refused"), tables, strict=True)) | {"assumptions": list(self.assumptions)}
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    def __repr__(self) -> str:
        people = self.daily["person"].nunique()
        return f"<DailyDoses of {people} people, {len(self.daily)} days, {len(self.refused)} fills refused>"

    def _repr_html_(self) -> str:
        said = "".join(element("p", text) for text in self.assumptions)
        return f"{said}{self.daily.head(10).to_html()}"


def dispensing_to_daily(
    df: "pd.DataFrame",
    *,
    overlap: Overlap,
    per: PerQueue,
    bridge: str | timedelta,
    lasts: str | timedelta = "",
    last_lasts: str | timedelta = "",
    until: date | str = "",
) -> DailyDoses:
    """Turn fills into daily doses. How, is for the caller to say: nothing is assumed.

    Args:
        df: a row for each product of each fill: `person`, `date` (of collection), `drug`, `strength_mg`, `quantity`
            (units: tablets, mL), and `days_supply` (days) where it is known. It is not changed.
        overlap: what happens where a fill is collected before the one before it has run out: it begins when that has
            ("carry over"), both are taken together ("add"), or the rest of the earlier one is not taken ("replace").
        per: which fills follow each other so: all of a drug ("drug"), or those of one strength of it ("strength").
            Fills of one day are taken together.
        bridge: up to how many days without supply, between two fills, the dose before them is taken on; "none" for
            none. A longer gap counts as 0 mg.
        lasts: how long a fill lasts whose `days_supply` is not known: a duration, or "until next": until the next one.
        last_lasts: with "until next", how long the last fill lasts.
        until: the last day of observation: later days are left out, and days without supply up to it are a gap.

    Returns:
        The daily doses, the fills that cannot be read, and what was assumed.

    Raises:
        DataError: columns that are not there, a person that is missing.
        PlanError, IntervalError: an assumption that is not stated, or cannot be read.

    Limits: what was collected is not what was taken. A dose is the mean over the days of a fill. Who has no fill up to
    the end of observation is among the refused.

    >>> import pandas as pd
    >>> fills = pd.DataFrame({"person": [1, 1], "date": ["2026-01-01", "2026-01-29"], "drug": "diazepam",
    ...                       "strength_mg": [5, 2], "quantity": [56, 56], "days_supply": [28, 28]})
    >>> found = dispensing_to_daily(fills, overlap="carry over", per="drug", bridge="none")
    >>> found.daily["dose_mg"].iloc[[0, 27, 28, 55]].tolist()
    [10.0, 10.0, 4.0, 4.0]
    """
    ways = Ways.of(overlap, per=per, bridge=bridge, lasts=lasts, last_lasts=last_lasts, until=until)
    from benzotaper.observing.daily_frames import daily_doses  # noqa: PLC0415  pandas loads only for frames

    daily, refused = daily_doses(df, ways)
    return DailyDoses(daily=daily, refused=refused, assumptions=ways.words())
