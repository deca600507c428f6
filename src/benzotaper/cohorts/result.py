"""What a cohort gives: the plans of all people in one long frame, and who has none, and why."""

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from benzotaper.cohorts.columns import COHORT_META

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 10


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Cohort:
    """The tapers of many people.

    Attributes:
        plans: a row a step and drug, in the order of the people: `id`, `step`, `day` (counted from 0 at the start),
            `days` (NA in the last, open step), `drug` (categorical), `dose_mg` (the nearest float) and `dose_ng`
            (whole nanograms; of a cycle of days the mean, rounded down).
        refused: a row a person without a plan: `id`, `row` (counted from 0) and `reason`.
        people: how many people there were.
    """

    plans: "pd.DataFrame"
    refused: "pd.DataFrame"
    people: int

    def to_frame(self) -> "pd.DataFrame":
        """Plans and refused people in one frame with the columns of `COHORT_META`; `reason` is NA in a plan.

        This is what a function for Dask or Spark gives back, so that nobody is lost on the way.
        """
        import pandas as pd  # noqa: PLC0415  frames are there already

        dtypes = {name: dtype for name, dtype in COHORT_META.items() if name != "id"}
        parts = [frame.reindex(columns=list(COHORT_META)).astype(dtypes) for frame in (self.plans, self.refused)]
        return pd.concat(parts, ignore_index=True)

    def __repr__(self) -> str:
        planned = self.people - len(self.refused)
        return f"<Cohort of {self.people}: {planned} planned in {len(self.plans)} rows, {len(self.refused)} refused>"

    def _repr_html_(self) -> str:
        shown = [self.plans.head(SHOWN), *([self.refused.head(SHOWN)] if len(self.refused) else [])]
        return f"<p>{escape(repr(self)[1:-1])}</p>" + "".join(frame.to_html(index=False) for frame in shown)
