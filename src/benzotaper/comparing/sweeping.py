"""`sweep`: one regimen over all combinations of what is uncertain or can be chosen, as a tidy frame."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, Unpack

from benzotaper.comparing.asking import Chosen, Options, check_shared, measured_by, name_of
from benzotaper.comparing.compared import Compared
from benzotaper.comparing.measuring import Measured
from benzotaper.comparing.metrics import KINDS, METRICS, OCCUPANCY
from benzotaper.comparing.strategies import planned, refused
from benzotaper.doses import DoseLike
from benzotaper.equivalence import Table, default_tables
from benzotaper.errors import BenzotaperError, PlanError, did_you_mean, hint
from benzotaper.exports.rows import Cell, Kind, Row
from benzotaper.falls import WINDOW_DAYS
from benzotaper.pharmacokinetics.facts import WHICH
from benzotaper.pharmacokinetics.levels import levels
from benzotaper.plan import Plan
from benzotaper.planning.asked import read_products
from benzotaper.planning.choices import FITS
from benzotaper.product import SPLITTINGS, AnyDose, Product
from benzotaper.regimen import Regimen

if TYPE_CHECKING:
    import pandas as pd

ALL = "all"
HALF_LIFE = "half_life"
LEVELS = (
    "parent_level_at_end_percent",
    "parent_level_worst_day_fall_points",
    "parent_level_worst_14_day_fall_points",
)
"""The figures of the levels, where half-lives are swept."""
_NOTED: Mapping[str, Kind] = {"quality": "text", "warning": "text"}
"""What must be read beside them."""
_NEEDED = ("regimen", "strategy", "start", "products")
_MEASURES = ("every", "half_occupancy")
_OWN = (*_NEEDED, *_MEASURES, HALF_LIFE)
AXES = (*_OWN, *Options.__annotations__)
"""What can be swept."""


def sweep(
    regimen: str | Regimen = "",
    strategy: Chosen = "",
    *,
    over: Mapping[str, Iterable[Any]],
    start: date | str = "",
    products: str | Iterable[Product] | AnyDose = "",
    every: str | timedelta = "",
    half_occupancy: DoseLike | str = "",
    **options: Unpack[Options],
) -> "pd.DataFrame":
    """Plan one regimen with every combination of some choices, and measure the plans alike.

    Args:
        regimen: what is really taken now; this and all that follows is left out where it is swept.
        strategy: what `taper` takes as a strategy.
        over: for each thing that is swept, its values: anything that `taper` or `compare` takes by name, also
            "strategy", "products" or "regimen"; and "half_life", as `levels` takes it. "all" stands for every default
            table, every splitting, every fit, or every half-life of the data.
        start: the day of the first reduction.
        products: as `taper` takes them.
        every: the time between collections.
        half_occupancy: the dose a day at 50 % occupancy, or a preset.
        options: what else `taper` takes, the same in every combination.

    Returns:
        A row for each combination, the last thing of `over` changing fastest: a column for each of them, the figures of
        `Metrics`, with half-lives the level at the end, its worst falls, `quality` and `warning`, and `problem`. A
        combination that is refused stays, with its reason and NA figures.

    Raises:
        PlanError: something that cannot be swept, is given and swept, neither given nor swept, has no values, or the
            same one twice.
        BenzotaperError: a table, `every` or `half_occupancy` that is wrong for every combination.

    Limits: it shows how far figures depend on choices, not which choice is right.

    >>> found = sweep("diazepam 20 mg at night", "percentage 10 % of current every 2 weeks",
    ...               over={"splitting": ["whole", "halves"]}, start="2026-12-01", products="UK")
    >>> found[["splitting", "days", "last_fall_mg"]].values.tolist()
    [['whole', 392, 2.0], ['halves', 490, 1.0]]
    """
    for name in options.keys() - Options.__annotations__.keys():
        how = f"give it in over={{{name!r}: [...]}}" if name in AXES else f"what can be given is {', '.join(AXES)}"
        message = f"sweep() has no argument {name!r}; {how}"
        raise TypeError(message)
    fixed = {"regimen": regimen, "strategy": strategy, "start": start, "products": products, **options}
    fixed |= {"every": every, "half_occupancy": half_occupancy}
    axes = _axes(over, {name for name, value in fixed.items() if value != ""})
    _measured(fixed)
    figures = [n for n in METRICS if half_occupancy != "" or "half_occupancy" in axes or n not in OCCUPANCY]
    columns: dict[str, Kind] = dict.fromkeys(axes, "text")
    columns |= {name: KINDS[name] for name in figures}
    if HALF_LIFE in axes:
        columns |= {**dict.fromkeys(LEVELS, "exact"), **_NOTED}
    from benzotaper.exports.frames import frame_of  # noqa: PLC0415  pandas loads at the first frame

    return frame_of(_rows(axes, fixed, figures), {**columns, "problem": "text"})


def _axes(over: object, given: set[str]) -> dict[str, list[Any]]:
    """The values of each thing that is swept."""
    if not isinstance(over, Mapping) or not over:
        raise PlanError("over= needs what is swept, such as {'table': ['ashton-2002', 'vadod-2021']}", value=over)
    axes = {}
    for name, values in over.items():
        if name not in AXES:
            near = hint(did_you_mean(str(name), AXES))
            raise PlanError(f"{name!r} cannot be swept{near}; what can be: {', '.join(AXES)}", value=name)
        if name in given:
            raise PlanError(f"{name} is given and swept; leave it out, or do not sweep it", value=name)
        axes[name] = list(_values(name, values))
        if not axes[name]:
            raise PlanError(f"over={{{name!r}: ...}} has no values", value=name)
        _refuse_twins(name, [_text(value) for value in axes[name]])
    for name in _NEEDED:
        if name not in given and name not in axes:
            raise PlanError(f"{name} is neither given nor swept; give it, or its values in over=", value=name)
    return axes


def _refuse_twins(name: str, shown: Sequence[str]) -> None:
    """Refuse values that look alike: nobody could tell their rows apart."""
    for text in shown:
        if shown.count(text) > 1:
            message = (
                f"over={{{name!r}: ...}} has {text!r} twice, and their rows could not be told apart; leave one out"
            )
            raise PlanError(message, value=name)


def _values(name: str, values: object) -> Iterable[Any]:
    every: Mapping[str, Sequence[Any]] = {
        "table": [table.id for table in default_tables()],
        "splitting": list(SPLITTINGS),
        "fit": FITS,
        HALF_LIFE: WHICH,
    }
    if isinstance(values, str) and values == ALL and name in every:
        return every[name]
    if isinstance(values, str) or not isinstance(values, Iterable):
        message = f"over={{{name!r}: {values!r}}} needs a list of values" + (" or 'all'" if name in every else "")
        raise PlanError(message, value=values)
    return values


def _rows(axes: Mapping[str, Sequence[Any]], fixed: Mapping[str, Any], figures: Sequence[str]) -> Iterator[Row]:
    made: dict[tuple[int, ...], Compared] = {}
    for places in product(*(range(len(values)) for values in axes.values())):
        chosen = {name: values[place] for (name, values), place in zip(axes.items(), places, strict=True)}
        names = {name: _text(value) for name, value in chosen.items()}
        # a half-life changes no plan
        key = tuple(place for name, place in zip(axes, places, strict=True) if name != HALF_LIFE)
        if key not in made:
            made[key] = _planned({**fixed, **{name: value for name, value in chosen.items() if name != HALF_LIFE}})
        found = made[key]
        row: Row = {**names, **found.cells(figures)}
        yield row | (_levels(found.plan, chosen[HALF_LIFE], found.reason) if HALF_LIFE in chosen else {})


def _measured(given: Mapping[str, Any]) -> Measured:
    """What the figures of one combination are counted by."""
    return measured_by(table=given.get("table", ""), **{name: given[name] for name in _MEASURES})


def _planned(given: Mapping[str, Any]) -> Compared:
    """One combination, planned and measured, or with the reason why it cannot be."""
    name = _text(given["strategy"])
    try:
        by, shelf = _measured(given), read_products(given["products"])
        options: Any = {key: value for key, value in given.items() if key in Options.__annotations__}
        first = check_shared(options, start=given["start"], products=shelf)
    except BenzotaperError as error:
        return refused(name, str(error))
    return planned(name, by, given["regimen"], given["strategy"], start=first, products=shelf, **options)


def _levels(plan: object, half_life: Any, problem: str) -> Row:
    """What the level does with one half-life."""
    none: Row = {**dict.fromkeys(LEVELS), "quality": None, "warning": ""}
    if not isinstance(plan, Plan):
        return {**none, "problem": problem}
    if len(plan.record.drugs) > 1:
        return {**none, "problem": "levels of several drugs: ask bt.levels(plan)"}
    try:
        (drug,) = levels(plan, half_life=half_life)
    except BenzotaperError as error:
        return {**none, "problem": str(error)}
    days = [level.parent for level in drug.days]
    course = [100.0, *days]
    one, many = (
        max(max(course[max(n - window, 0) : n]) - course[n] for n in range(1, len(course)))
        for window in (1, WINDOW_DAYS)
    )
    found: dict[str, Cell] = dict(zip(LEVELS, map(Fraction, (days[-1], one, many)), strict=True))
    noted: Row = {"quality": drug.acting.quality, "warning": " ".join(drug.acting.warnings)}
    return {**found, **noted, "problem": problem}


def _text(value: object) -> str:
    """A value for its column."""
    if isinstance(value, Table):
        return value.id
    return name_of(value)
