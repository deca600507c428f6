"""What a comparison may be asked, checked once before anything is planned."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, TypeAlias, TypedDict

from benzotaper.align import Align
from benzotaper.comparing.measuring import Measured
from benzotaper.dispensing.reduce import Reduce
from benzotaper.doses import DoseLike, read_dose
from benzotaper.equivalence import Table, TableLike, default_tables, table_named
from benzotaper.errors import BenzotaperError, StrategyError, did_you_mean, hint
from benzotaper.intervals import read_days
from benzotaper.planning.choices import read_choices
from benzotaper.product import Product
from benzotaper.schedules import Phases, strategy
from benzotaper.schedules.base import ZERO, Strategy
from benzotaper.schedules.hyperbolic import presets

Chosen: TypeAlias = Phases | Mapping[str, Any]
"""What `taper` takes as a strategy: one, phases, or phases by drug."""


class Options(TypedDict, total=False):
    """What else `taper` takes; see there. All of it holds for every strategy."""

    splitting: str
    fit: str
    reduce: Reduce
    max_pieces: int
    liquids: bool | Product
    lead_in: str | timedelta
    target: DoseLike
    last_dose: DoseLike
    profile: str
    table: str | Table
    align: str | Align
    apart: str | timedelta
    pick: str
    acknowledge: str


def read_strategies(given: object) -> dict[str, Any]:
    """The strategies by their names: as the caller names them, or their own text.

    Args:
        given: strategies by name; or several of them, each one that `taper` takes; or a single one.

    Raises:
        StrategyError: none, or two of the same name.

    >>> list(read_strategies(["linear 1 mg every 2 weeks", ["linear 2 mg every 1 week", "linear 1 mg every 1 week"]]))
    ['linear 1 mg every 2 weeks', 'linear 2 mg every 1 week; linear 1 mg every 1 week']
    """
    if isinstance(given, Mapping):
        named = [(str(name), chosen) for name, chosen in given.items()]
    else:
        several = [given] if isinstance(given, str | Strategy) or not isinstance(given, Iterable) else list(given)
        named = [(name_of(chosen), chosen) for chosen in several]
    if not named:
        raise StrategyError("no strategy is given; give several to compare them", value=given)
    names = [name for name, _ in named]
    for name in names:
        if names.count(name) > 1:
            message = f"the strategy {name!r} is given twice; leave one out, or name them: {{'first': ..., ...}}"
            raise StrategyError(message, value=name)
    return dict(named)


def name_of(chosen: object) -> str:
    """A strategy's own text; phases in turn, with a semicolon between.

    >>> name_of({"zopiclone": "linear 25 % of start every 2 weeks", "diazepam": "keep"})
    'zopiclone: linear 25 % of start every 2 weeks; diazepam: keep'
    """
    if isinstance(chosen, Mapping):
        return "; ".join(f"{drug}: {name_of(phases)}" for drug, phases in chosen.items())
    if isinstance(chosen, Iterable) and not isinstance(chosen, str):
        return "; ".join(name_of(phase) for phase in chosen)
    try:
        return str(strategy(chosen)) if isinstance(chosen, str) else str(chosen)
    except BenzotaperError:  # it stands in the comparison with its reason
        return " ".join(str(chosen).split())


def check_shared(options: Mapping[str, Any], *, start: object, products: object) -> date:
    """Refuse what is wrong for every strategy alike.

    Args:
        options: as `Options`.
        start: the start date.
        products: as `taper` takes them.

    Returns:
        The start date.

    Raises:
        BenzotaperError: the leaf says what.
    """
    choices = read_choices(start=start, products=products, **options)  # type: ignore[arg-type]  # which refuses
    choices.check_for_all()
    return choices.start


def measured_by(
    *, table: TableLike | str = "", every: str | timedelta = "", half_occupancy: DoseLike | str = ""
) -> Measured:
    """What the figures are counted by.

    Args:
        table: an equivalence table; every default table, when left out.
        every: the time between collections.
        half_occupancy: the dose a day at 50 % occupancy, or the name of a preset.

    Raises:
        BenzotaperError: the leaf says what is wrong.

    >>> measured_by(every="4 weeks").every
    28
    """
    name = half_occupancy.strip() if isinstance(half_occupancy, str) else ""
    preset = presets().get(name)
    if name[:1].isalpha() and preset is None:
        near = hint(did_you_mean(name, presets()))
        message = f"{name!r} is no preset of half occupancy{near}; the presets are {', '.join(presets())}"
        raise StrategyError(message, value=name)
    half = ZERO if half_occupancy == "" else preset.half if preset else read_dose(half_occupancy)
    return Measured(
        tables=(table_named(table),) if table else default_tables(),
        every=0 if every == "" else read_days(every, what="every"),
        half=half,
        half_drug=preset.drug if preset else "",
    )
