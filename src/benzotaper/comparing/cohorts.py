"""`compare_cohort`: the figures of several strategies for many people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Unpack

from benzotaper.comparing.asking import Chosen, Options, check_shared, measured_by, read_strategies
from benzotaper.doses import DoseLike
from benzotaper.errors import PlanError
from benzotaper.planning.asked import read_products
from benzotaper.product import AnyDose, Product

if TYPE_CHECKING:
    import pandas as pd

ANY_DAY = date(2000, 1, 3)
"""Stands for the start date where none is given: no figure depends on it but by `align`."""


def compare_cohort(
    frame: "pd.DataFrame",
    strategies: Iterable[Chosen] | Mapping[str, Chosen],
    *,
    products: str | Iterable[Product] | AnyDose,
    times: str | Sequence[str] = (),
    start: date | str = ANY_DAY,
    every: str | timedelta = "",
    half_occupancy: DoseLike | str = "",
    **options: Unpack[Options],
) -> "pd.DataFrame":
    """Measure several strategies for many people, as `compare` does for one.

    Args:
        frame: a row for each person, as `cohort` takes it: `id`, and `regimen` or `drug` and `dose_mg`.
        strategies: as `compare` takes them.
        products: as `compare` takes them.
        times: when a daily dose is taken, as `cohort` takes it; left out with `regimen`.
        start: the day of the first reduction, the same for all; needed only with `align=`.
        every: the time between collections.
        half_occupancy: the dose a day at 50 % occupancy, or a preset.
        options: what else `taper` takes.

    Returns:
        A row for each person and strategy: `id`, `strategy`, the figures of `Metrics`, `problem`. Who cannot be planned
        for stays, with the reason in `problem` and NA figures; so does who has no id, or one that stands in several
        rows. Rows follow those of the frame.

    Raises:
        DataError: columns that are not there, or no frame.
        BenzotaperError: what is wrong for all alike.

    Limits: each different regimen is planned once and joined back, so it is fast where people share regimens.

    >>> import pandas as pd
    >>> people = pd.DataFrame({"id": [7, 8], "drug": ["diazepam", "valium"], "dose_mg": [20.0, 10.0]})
    >>> found = compare_cohort(people, ["linear 2 mg every 2 weeks"], products="UK", splitting="halves", times="night")
    >>> found[["id", "days"]].values.tolist()
    [[7, 126], [8, 56]]
    """
    if options.get("align") and start is ANY_DAY:
        raise PlanError("align= moves changes to days of the calendar, so it needs start=", value=start)
    chosen = read_strategies(strategies)
    shelf = read_products(products)
    first = check_shared(options, start=start, products=shelf)
    by = measured_by(table=options.get("table", ""), every=every, half_occupancy=half_occupancy)
    from benzotaper.comparing.cohort_frames import measured_cohort  # noqa: PLC0415  pandas loads only for frames

    return measured_cohort(frame, chosen, by, times=times, start=first, products=shelf, **options)
