"""Plans ``people.parquet`` of this folder with Dask, with one process and with two; prints both times as JSON."""

import json
import time
from concurrent.futures import ProcessPoolExecutor

import dask
import dask.dataframe as dd
import pandas as pd
from people import CHOICES

import benzotaper as bt

META = {"rows": "int64", "ng": "int64"}
ROUNDS = 4


def plan(people: pd.DataFrame) -> pd.DataFrame:
    """A partition, planned; of the plans only their number and length travel back."""
    found = bt.cohort(people, "strategy", times="times", **CHOICES).plans
    return pd.DataFrame({"rows": [len(found)], "ng": [int(found["dose_ng"].sum())]})


def seconds(workers: int) -> float:
    """How long it takes with so many processes, which have started and know the plans: the best of some rounds."""
    people = dd.read_parquet("people.parquet", split_row_groups=True).map_partitions(plan, meta=META)
    with ProcessPoolExecutor(workers) as pool, dask.config.set(scheduler="processes", pool=pool):
        found = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            people.compute()
            found.append(time.perf_counter() - begun)
        return min(found)


if __name__ == "__main__":
    print(json.dumps([seconds(workers) for workers in (1, 2)]))
