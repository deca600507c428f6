"""`audit_frame`: the pace at which people really came down."""

from typing import TYPE_CHECKING

from benzotaper.equivalence import TableLike

if TYPE_CHECKING:
    import pandas as pd


def audit_frame(df: "pd.DataFrame", *, table: TableLike | str = "", pick: str = "") -> "pd.DataFrame":
    """Say how fast people really came down.

    Args:
        df: a row for each person, drug and day: `person`, `date`, `drug`, `dose_mg`, as `dispensing_to_daily` gives it.
            It is not changed.
        table: the equivalence table by which people with several drugs are counted, in mg of diazepam.
        pick: "low", "midpoint" or "high", where the table gives a range.

    Returns:
        A row for each person, in the order of appearance: `person`; `unit`, the drug whose mg count; `days`, until the
        first day without a dose; `pause_days`, without a dose between days with one; `rises`; the worst fall, and the
        worst within 14 days (%), that to zero left out and shown by `last_dose_mg`; the mean pace per 14 days from the
        first fall to the end (which counts as 14 days where it is less), in % of the dose before it and as the constant
        % of current that would come to the same last dose; the first and the last dose above zero (mg);
        `ends_at_zero`; `problem`. Who cannot be judged stays, with NA figures and the reason.

    Raises:
        DataError: columns that are not there, a person that is missing.
        UnknownTableError: no such table.

    Limits: days of 0 mg before a day with a dose are a pause, neither a fall nor a rise; the dose after it is compared
    with the dose before it. What was dispensed is not what was taken.

    >>> import pandas as pd
    >>> days = pd.DataFrame({"person": 1, "date": pd.date_range("2026-01-01", periods=29), "drug": "diazepam",
    ...                      "dose_mg": [10.0] * 14 + [8.0] * 14 + [0.0]})
    >>> found = audit_frame(days).iloc[0]
    >>> print(found["days"], found["worst_14_day_fall_percent"], found["last_dose_mg"], found["ends_at_zero"])
    28 20.0 8.0 True
    """
    from benzotaper.observing.pace_frames import paces  # noqa: PLC0415  pandas loads only for frames

    return paces(df, table=table, pick=pick)
