"""The figures of several strategies for many people: each different regimen is planned once. Imports pandas."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from benzotaper.comparing.measuring import Measured
from benzotaper.comparing.metrics import columns_of
from benzotaper.comparing.strategies import planned, refused
from benzotaper.doses import Dose, mg_text
from benzotaper.drugs import Drug, drug_named
from benzotaper.errors import BenzotaperError, RegimenError, refuse_faults
from benzotaper.exports.frames import frame_of
from benzotaper.exports.rows import Row
from benzotaper.frame_cells import Ints, distinct, ids_of, ng_of_cell, read_each, refuse_columns, rows_words
from benzotaper.intervals import read_time
from benzotaper.regimen import Regimen, read_regimen


def measured_cohort(
    frame: pd.DataFrame,
    chosen: Mapping[str, Any],
    by: Measured,
    *,
    times: str | Sequence[str],
    **given: Any,
) -> pd.DataFrame:
    """A row for each person and strategy; see `cohorts.compare_cohort`."""
    places, regimens = _regimens(frame, times)
    rows: list[Row] = []
    for regimen in regimens:
        for name, strategy in chosen.items():
            if isinstance(regimen, str):
                found = refused(name, regimen)
            else:
                found = planned(name, by, regimen, strategy, **given)
            rows.append({"strategy": name, **found.cells(by.figures)})
    table = frame_of(rows, columns_of(by.figures))
    many = len(chosen)
    taken = np.repeat(places * many, many) + np.tile(np.arange(many), len(places))
    out = table.take(taken).reset_index(drop=True)
    out.insert(0, "id", frame["id"].take(np.repeat(np.arange(len(frame)), many)).reset_index(drop=True))
    return out


def _regimens(frame: pd.DataFrame, times: str | Sequence[str]) -> tuple[Ints, list[Regimen | str]]:
    """For each row the place of its regimen among the different ones; and those, or why they cannot be read."""
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
