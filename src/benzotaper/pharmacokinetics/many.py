"""`levels_frame`: the levels of many people at once."""

from typing import TYPE_CHECKING

from benzotaper.pharmacokinetics.facts import USUAL
from benzotaper.pharmacokinetics.species import ByDrug

if TYPE_CHECKING:
    import pandas as pd


def levels_frame(  # noqa: PLR0913  every column and choice is the caller's, by name
    df: "pd.DataFrame",
    *,
    id: str,  # noqa: A002  the column's own name
    drug: str,
    dose_mg: str,
    days: str,
    order: str,
    start_mg: str,
    half_life: ByDrug = USUAL,
    metabolite_half_life: ByDrug = USUAL,
    potency: ByDrug = "",
) -> "pd.DataFrame":
    """Model how the average level of many people follows their doses, in % of the steady state of the starting dose.

    Args:
        df: a frame with a row for each person and step; it is not changed.
        id: the column that says whose the row is.
        drug: the column with drug names; one drug for each person.
        dose_mg: the column with the daily dose (mg) of the step.
        days: the column with the days that it lasts; missing in a last, open step.
        order: the column by which the rows of a person follow each other, whatever their order in the frame: the number
            of the step, or its first day counted from the start.
        start_mg: the column with the daily dose (mg) that was taken before, whose steady state is 100 %; one for each
            person. `present_doses` reads it from the people of a cohort.
        half_life: as `levels` takes it.
        metabolite_half_life: as `levels` takes it.
        potency: as `levels` takes it.

    Returns:
        A copy with the levels on the first and last day of each step, `quality`, `warning` (of quality C, and of an
        active metabolite that is left out) and `problem`; what is unknown is NA. A person with a row that cannot be
        read stays, with NA levels, and the reason in `problem` of every row.

    Raises:
        DataError: a column that is not there, an id that is missing, or one of the new columns that already is.
        KineticsError: a number of hours or a potency for several drugs, or for one that is not there.

    Limits: as `levels`. All days of a step have its one dose, so a cycle of days counts as its mean.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"id": 1, "drug": "clonazepam", "step": [1, 2], "mg": [1.0, 0.5], "days": 14})
    >>> found = levels_frame(frame.assign(before=2.0), id="id", drug="drug", dose_mg="mg", days="days", order="step",
    ...                      start_mg="before")
    >>> found.parent_last_day_percent.round().tolist()
    [50.0, 25.0]
    """
    from benzotaper.pharmacokinetics.level_frames import with_levels  # noqa: PLC0415  pandas loads only for frames

    return with_levels(
        df,
        id=id,
        drug=drug,
        dose_mg=dose_mg,
        days=days,
        order=order,
        start_mg=start_mg,
        half_life=half_life,
        metabolite_half_life=metabolite_half_life,
        potency=potency,
    )
