"""The recipes of docs/engines.md, with a real Dask, a real local Spark and polars; run by `make scale`."""

import os
import re
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import benzotaper as bt
from cohorts import people

ROOT = Path(__file__).parents[2]

RECIPES = re.findall(r"^```py\n(.*?)^```$", (ROOT / "docs" / "engines.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
PEOPLE = 20_000


def recipe(engine: str) -> str:
    (found,) = [text for text in RECIPES if f"import {engine}" in text or f"from {engine}" in text]
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    people(PEOPLE, seed=11).to_parquet("people.parquet", row_group_size=PEOPLE // 4)
    return tmp_path


@pytest.fixture
def expected() -> pd.DataFrame:
    return bt.cohort(people(PEOPLE, seed=11), "strategy", products="US", splitting="halves", times="night").to_frame()


def check(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Every row, however the engine ordered people and named its dtypes."""
    assert set(found.columns) == set(bt.COHORT_META)
    frames = [
        frame[list(bt.COHORT_META)].astype(dict(bt.COHORT_META)).sort_values(["id", "step", "drug"], ignore_index=True)
        for frame in (found, expected)
    ]
    pd.testing.assert_frame_equal(*frames)


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "recipe"}
    exec(compile(text, "docs/engines.md", "exec", dont_inherit=True), names)  # noqa: S102  it is a recipe of ours
    return names


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("scheduler", ["synchronous", "threads", "processes"])
def test_dask(scheduler: str, folder: Path, expected: pd.DataFrame) -> None:
    import dask  # noqa: PLC0415  here only

    with dask.config.set(scheduler=scheduler):
        names = run(recipe("dask.dataframe"))
    assert {name: str(dtype) for name, dtype in names["plans"].dtypes.items()}.keys() == bt.COHORT_META.keys()
    check(pd.read_parquet(folder / "plans-by-dask"), expected)


@pytest.mark.filterwarnings("ignore")
def test_spark(folder: Path, expected: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    names = run(recipe("pyspark.sql"))
    try:
        check(pd.read_parquet(folder / "plans-by-spark"), expected)
        assert names["plans"].filter("reason is not null").count() == expected["reason"].notna().sum()
    finally:
        names["spark"].stop()


def test_polars(folder: Path, expected: pd.DataFrame) -> None:
    run(recipe("polars"))
    check(pd.read_parquet(folder / "plans-by-polars.parquet"), expected)
