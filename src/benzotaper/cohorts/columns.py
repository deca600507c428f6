"""The columns of a cohort, for those who must know them before there is one: Dask, Spark, a file format."""

from collections.abc import Mapping
from types import MappingProxyType

PLAN_DTYPES: Mapping[str, str] = MappingProxyType(
    {
        "step": "int64",
        "day": "int64",
        "days": "Int64",
        "drug": "category",
        "dose_mg": "float64",
        "dose_ng": "int64",
    }
)
"""The columns of `Cohort.plans` after `id`, which keeps the dtype that it came with."""

COHORT_META: Mapping[str, str] = MappingProxyType(
    {
        "id": "int64",
        "step": "Int64",
        "day": "Int64",
        "days": "Int64",
        "drug": "string",
        "dose_mg": "float64",
        "dose_ng": "Int64",
        "reason": "string",
    }
)
"""The columns of `Cohort.to_frame()` and their dtypes, where ids are whole numbers; as `meta=` of Dask takes them.

For other ids put their dtype over it: ``COHORT_META | {"id": "string"}``."""

_SPARK = {"int64": "bigint", "Int64": "bigint", "float64": "double", "string": "string"}

COHORT_SPARK_DDL = ", ".join(f"{name} {_SPARK[dtype]}" for name, dtype in COHORT_META.items())
"""The same as a schema for Spark's `mapInPandas`; for other ids write ``id string``."""
