"""`compare`: several strategies for one regimen, planned with the same products and measured alike."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Unpack

from benzotaper.comparing.asking import Chosen, Options, check_shared, measured_by, read_strategies
from benzotaper.comparing.compared import Compared, Comparison
from benzotaper.comparing.measuring import Measured, metrics_of
from benzotaper.doses import DoseLike
from benzotaper.errors import BenzotaperError
from benzotaper.planner import taper
from benzotaper.planning.asked import read_products
from benzotaper.product import AnyDose, Product
from benzotaper.regimen import Regimen, read_regimen
from benzotaper.unknown import Unknown


def compare(
    regimen: str | Regimen,
    strategies: Iterable[Chosen] | Mapping[str, Chosen],
    *,
    start: date | str,
    products: str | Iterable[Product] | AnyDose,
    every: str | timedelta = "",
    half_occupancy: DoseLike | str = "",
    **options: Unpack[Options],
) -> Comparison:
    """Plan several strategies for one regimen with the same products, and measure the plans alike.

    Args:
        regimen: what is really taken now, as `taper` takes it.
        strategies: several of what `taper` takes as a strategy (a text, a strategy, phases), or such by name.
        start: the day of the first reduction.
        products: a region with a complete list, products by hand, or `ANY_DOSE`.
        every: the time between collections, for `pharmacy_visits`.
        half_occupancy: K, the dose a day at 50 % occupancy, or a preset, for the falls of occupancy; never assumed.
        options: what else `taper` takes (`splitting=`, `fit=`, `profile=`, `table=`, ...), the same for every strategy.
            With `profile=` the share of days within its pace is judged; with `table=` diazepam mg are by that table,
            else by every default table.

    Returns:
        A comparison. A strategy that cannot be planned stands in it with its reason.

    Raises:
        BenzotaperError: what is wrong for all alike: the regimen, the start, the products, a table, a profile.

    Limits: figures of plans, not of people: nothing here says which strategy is better.

    >>> found = compare("diazepam 20 mg at night",
    ...                 ["linear 2 mg every 2 weeks", "percentage 10 % of current every 2 weeks"],
    ...                 start="2026-12-01", products="UK", splitting="halves")
    >>> [(each.name.split()[0], each.figure("days")) for each in found.rank(by="days")]
    [('linear', 126), ('percentage', 490)]
    """
    asked = read_regimen(regimen)
    chosen = read_strategies(strategies)
    shelf = read_products(products)
    first = check_shared(options, start=start, products=shelf)
    by = measured_by(table=options.get("table", ""), every=every, half_occupancy=half_occupancy)
    return Comparison(
        title=f"{asked}, from {first}",
        by=by,
        strategies=tuple(
            planned(name, by, asked, what, start=first, products=shelf, **options) for name, what in chosen.items()
        ),
    )


def planned(name: str, by: Measured, *given: Any, **options: Any) -> Compared:
    """One strategy, planned and measured, or with the reason why it cannot be.

    Args:
        name: what it is called.
        by: what the figures are counted by.
        given: regimen and strategy, as `taper` takes them.
        options: the same.
    """
    try:
        plan = taper(*given, **options)
    except BenzotaperError as error:
        return refused(name, str(error))
    return Compared(name=name, plan=plan, metrics=metrics_of(plan.record, by))


def refused(name: str, why: str) -> Compared:
    """A strategy that cannot be planned."""
    return Compared(name=name, plan=Unknown(why), metrics=Unknown(why))
