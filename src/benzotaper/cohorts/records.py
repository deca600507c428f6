"""The rows of plans as a cohort holds them: sixteen bytes each, so that one is fetched at a stroke. Imports numpy."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from benzotaper.cohorts.templates import FIELDS

RECORD = np.dtype([("sum", "i8"), ("step", "i2"), ("day", "i2"), ("days", "i2"), ("drug", "i1"), ("over", "i1")])
"""The numbers of `templates.FIELDS`, each as narrow as a plan of 20 years and 2000 steps allows."""
Records: TypeAlias = npt.NDArray[Any]
"""An array of `RECORD`."""


def records_of(plans: Sequence[bytes]) -> tuple[Records, npt.NDArray[np.int64]]:
    """The rows of plans that `templates.Planner` made one by one, and how many rows each has."""
    numbers = np.frombuffer(b"".join(plans), dtype=np.int64).reshape(-1, len(FIELDS))
    records = np.empty(len(numbers), dtype=RECORD)
    for name, column in zip(FIELDS, numbers.T, strict=True):
        records[name] = column
    return records, np.array([len(plan) for plan in plans], dtype=np.int64) // (len(FIELDS) * numbers.itemsize)
