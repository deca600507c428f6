"""Small calls, measured by pytest-benchmark: ``pytest benchmarks``."""

from typing import Any

import numpy as np
import pytest
from people import CHOICES, people

import benzotaper as bt
from benzotaper.schedules import hyperbolic, linear, percentage
from benzotaper.schedules.substitution import incoming

TABLE, DOSE = bt.table_named("ashton-2002"), ("alprazolam", bt.Dose(mg=1))
MANY = np.arange(1, 10**6 + 1, dtype=np.int64) * 1000


def test_convert(benchmark: Any) -> None:
    """With table and dose prepared."""
    benchmark(bt.convert, DOSE, to="diazepam", table=TABLE)


@pytest.mark.parametrize("fit", ["up", "nearest", "smoothest"])
def test_taper(benchmark: Any, fit: str) -> None:
    """Clonazepam 1 mg, with tablets."""
    course = bt.Percentage("10 %", of="current", every="2 weeks")
    asked = {"start": "2026-12-01", "products": "UK", "splitting": "halves", "fit": fit}
    benchmark(bt.taper, "clonazepam 1 mg at night", course, **asked)


@pytest.mark.parametrize("number", [1000, 100_000])
def test_cohort(benchmark: Any, number: int) -> None:
    """Plans that are known."""
    benchmark(bt.cohort, people(number), "strategy", times="times", **CHOICES)


KERNELS = {
    "linear": lambda: linear.fall(MANY, 500_000, 0),
    "percentage": lambda: percentage.fall(MANY, 1000),
    "hyperbolic": lambda: hyperbolic.rung(MANY, 3, 12, 24_700_000, 1000),
    "substitution": lambda: incoming(MANY, 20, 1),
}


@pytest.mark.parametrize("kernel", KERNELS)
def test_kernel(benchmark: Any, kernel: str) -> None:
    """On an array of a million."""
    benchmark(KERNELS[kernel])
