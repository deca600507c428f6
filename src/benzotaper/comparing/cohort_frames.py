"""The figures of several strategies for many people: each different regimen is planned once. Imports pandas."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Unpack

import numpy as np
import pandas as pd

from benzotaper.comparing.asking import Chosen, Options, check_shared, measured_by, read_strategies
from benzotaper.comparing.metrics import KINDS, METRICS, OCCUPANCY, cell_of
from benzotaper.comparing.strategies import planned
from benzotaper.doses import Dose, DoseLike, mg_text
from benzotaper.drugs import Drug, drug_named
from benzotaper.errors import BenzotaperError, PlanError, RegimenError, refuse_faults
from benzotaper.exports.frames import frame_of
from benzotaper.exports.rows import Row
from benzotaper.frame_cells import Ints, distinct, ids_of, ng_of_cell, read_each, refuse_columns, rows_words
from benzotaper.intervals import read_time
from benzotaper.planning.asked import read_products
from benzotaper.product import AnyDose, Product
from benzotaper.regimen import Regimen, read_regimen

ANY_DAY = date(2000, 1, 3)
"""Stands for the start date where none is given: no figure depends on it but by `align`."""


def compare_cohort(
    frame: pd.DataFrame,
    strategies: Iterable[Chosen] | Mapping[str, Chosen],
    *,
    products: str | Iterable[Product] | AnyDose,
    times: str | Sequence[str] = (),
    start: date | str = ANY_DAY,
    every: str | timedelta = "",
    half_occupancy: DoseLike | str = "",
    **options: Unpack[Options],
) -> pd.DataFrame:
    """Measure several strategies for many people, as `compare` does for one.

    Args:
        frame: a row for each person: `id`, and `regimen` (text) or `drug` and `dose_mg` (the daily dose, in equal parts
            at `times`; a float is read by its shortest decimal). It is not changed.
        strategies: as `compare` takes them.
        products: as `compare` takes them.
        times: the times of the day at which `dose_mg` is taken, such as "night"; left out with `regimen`.
        start: the day of the first reduction, the same for all; needed only with `align=`.
        every: the time between collections.
        half_occupancy: the dose a day at 50 % occupancy, or a preset.
        options: what else `taper` takes.

    Returns:
        A row for each person and strategy: `id`, `strategy`, the figures of `Metrics`, `problem`. Who cannot be planned
        for stays, with the reason in `problem` and NA figures. Rows follow those of the frame.

    Raises:
        DataError: columns that are not there, an id that is missing or there twice.
        BenzotaperError: what is wrong for all alike.

    Limits: each different regimen is planned once and joined back, so it is fast where people share regimens.

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
    places, regimens = _regimens(frame, times)
    figures = [name for name in METRICS if by.half.ng or name not in OCCUPANCY]
    rows: list[Row] = []
    for regimen in regimens:
        for name, strategy in chosen.items():
            if isinstance(regimen, str):
                rows.append({"strategy": name, **dict.fromkeys(figures), "problem": regimen})
                continue
            found = planned(name, by, regimen, strategy, start=first, products=shelf, **options)
            cells = {figure: cell_of(found.figure(figure)) for figure in figures}
            rows.append({"strategy": name, **cells, "problem": found.reason})
    columns = {"strategy": "text", **{name: KINDS[name] for name in figures}, "problem": "text"}
    table = frame_of(rows, columns)
    many = len(chosen)
    taken = np.repeat(places * many, many) + np.tile(np.arange(many), len(places))
    out = table.take(taken).reset_index(drop=True)
    out.insert(0, "id", frame["id"].take(np.repeat(np.arange(len(frame)), many)).reset_index(drop=True))
    return out


def _regimens(frame: pd.DataFrame, times: str | Sequence[str]) -> tuple[Ints, list[Regimen | str]]:
    """For each row the place of its regimen among the different ones; and those, or why they cannot be read.

    The one place that reads people from a frame.
    """
    by_text = isinstance(frame, pd.DataFrame) and "regimen" in frame.columns
    refuse_columns(frame, ["id", "regimen"] if by_text else ["id", "drug", "dose_mg"])
    ids = ids_of(frame["id"])
    if len(np.unique(ids)) < len(ids):
        twice = np.flatnonzero(pd.Series(ids).duplicated())
        refuse_faults("frame", [f"an id is there again in {rows_words(twice)}; each person has one row"])
    if by_text:
        if len(times):
            raise RegimenError("times= goes with drug and dose_mg; a regimen says its times itself", text=str(times))
        places, cells = distinct(frame["regimen"])
        return places, read_each(cells, _read_regimen)
    at = [read_time(time) for time in ([times] if isinstance(times, str) else times)]
    if not at or len(set(at)) < len(at):
        raise RegimenError("drug and dose_mg need times=, each once, such as 'night' or ['morning', 'night']", text="")
    return _pairs(frame, at)


def _read_regimen(cell: object) -> Regimen:
    return read_regimen(cell if isinstance(cell, Regimen) else str(cell) if isinstance(cell, str) else "")


def _pairs(frame: pd.DataFrame, at: Sequence[str]) -> tuple[Ints, list[Regimen | str]]:
    """The regimens of pairs of a drug and a dose."""
    (drugs, names), (doses, amounts) = distinct(frame["drug"]), distinct(frame["dose_mg"])
    drugs_read = read_each(names, drug_named)  # type: ignore[arg-type]  # no text is refused
    doses_read = read_each(amounts, ng_of_cell)
    pairs, places = np.unique(drugs * max(len(amounts), 1) + doses, return_inverse=True)
    found = [_regimen(drugs_read[pair // len(amounts)], doses_read[pair % len(amounts)], at) for pair in pairs.tolist()]
    return places.astype(np.int64), found


def _regimen(drug: Drug | str, ng: int | str, at: Sequence[str]) -> Regimen | str:
    """A daily dose in equal parts at the times, or why that cannot be."""
    if isinstance(drug, str) or isinstance(ng, str):
        return drug if isinstance(drug, str) else str(ng)
    part, rest = divmod(ng, len(at))
    if rest:
        return f"{mg_text(ng)} mg cannot be divided into {len(at)} equal doses; give it as a regimen"
    doses: dict[str, Any] = {time: Dose.of_ng(part) for time in at}
    try:
        return Regimen(drug.name, **doses)
    except BenzotaperError as error:
        return str(error)
