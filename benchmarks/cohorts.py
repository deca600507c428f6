"""How fast cohorts, conversions, plans and start-up are, each beside a reference measured in the same run.

Run it with ``python benchmarks/cohorts.py``; ``--save FILE`` writes the figures as JSON, ``--large`` adds ten million
people by chunks and Dask with one and two processes. It prints figures and asserts none.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from people import CHOICES, people, people_of_their_own
from startup_and_plan import micros, plain_schedule, plan, start_ms

import benzotaper as bt
from benzotaper import formulary
from benzotaper.cohorts.templates import planner_for
from benzotaper.dispensing import descent, shelf
from benzotaper.schedules.substitution import incoming

ROUNDS = 5
MILLION = 10**6
SAMPLE = 2000
Figures = list[dict[str, Any]]


def main() -> None:
    """Measure, print, and save where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", type=Path, help="JSON file for the figures")
    parser.add_argument("--large", action="store_true", help="also ten million people, and Dask")
    asked = parser.parse_args()
    figures: Figures = []
    growth = partial(sizes, 10 * MILLION if asked.large else MILLION)
    for measure in (cohorts, growth, scalars, start, *((large, dask) if asked.large else ())):
        for figure in measure():
            print(f"{figure['what']:66}{figure['value']:>14} {figure['unit']:14}{figure['beside']}", flush=True)
            figures.append(figure)
    if asked.save:
        machine = {"python": platform.python_version(), "numpy": np.__version__, "pandas": pd.__version__}
        machine |= {"cpus": os.cpu_count() or 0, "processor": processor()}
        asked.save.write_text(json.dumps({"machine": machine, "figures": figures}, indent=1) + "\n", encoding="utf-8")


def figure(what: str, value: float, unit: str, beside: str = "") -> dict[str, Any]:
    """A figure with three digits that count, and what it stands beside."""
    shown = f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"  # noqa: PLR2004  a thousand
    return {"what": what, "value": shown, "unit": unit, "beside": beside}


def best(call: Callable[[], object], *, before: Callable[[], object] = lambda: None, rounds: int = ROUNDS) -> float:
    """The shortest of several rounds (s)."""
    found = []
    for _ in range(rounds):
        before()
        begun = time.perf_counter()
        call()
        found.append(time.perf_counter() - begun)
    return min(found)


def cohorts() -> Figures:
    """A million people, cold and warm, by kind of text column, beside memory, a plain loop and `taper`."""
    frame = people(MILLION)
    found = bt.cohort(frame, "strategy", times="times", **CHOICES)
    rows, size = len(found.plans), int(found.plans.memory_usage(index=False).sum())
    del found
    source = np.ones(size, dtype=np.uint8)

    def cohort(people: pd.DataFrame) -> Callable[[], object]:
        return lambda: bt.cohort(people, "strategy", times="times", **CHOICES)

    set_s = best(lambda: np.empty(size, dtype=np.uint8).fill(1))
    copy_s = best(source.copy)
    cold = best(cohort(frame), before=forget)
    warm = best(cohort(frame))
    text = best(cohort(people(MILLION, text="str")))
    loop = per_plan(plain_plans)
    scalar = per_plan(taper_plans)
    distinct = len(frame.drop(columns="id").drop_duplicates())
    fast = f"{cold / set_s:.1f} × memset, {cold / copy_s:.1f} × copy of {size / 1e9:.2f} GB"
    return [
        figure("cohort, nothing planned before", MILLION / cold, "plans/s", fast),
        figure("  the same plans known from another chunk", MILLION / warm, "plans/s", f"{warm / set_s:.1f} × memset"),
        figure(
            "  text columns that are not categorical", MILLION / text, "plans/s", f"{text / warm:.2f} × categorical"
        ),
        figure("  distinct plans among them", distinct, "plans"),
        figure("  rows a plan", rows / MILLION, "rows"),
        figure("memset of the result's bytes", set_s * 1000, "ms"),
        figure("copy of the result's bytes", copy_s * 1000, "ms"),
        figure("plain Python loop: floats, no pieces, no dates, no frame", 1 / loop, "plans/s", ratio(loop, cold)),
        figure("taper, row by row", 1 / scalar, "plans/s", ratio(scalar, cold)),
    ]


def forget() -> None:
    """Forget all that earlier plans left behind: plans, chains, shelves, stocks."""
    for known in (planner_for, descent._chain, shelf.shelf_for, formulary.stocked):  # noqa: SLF001  to be fair
        known.cache_clear()


def ratio(seconds_a_plan: float, cold: float) -> str:
    """How many times faster a cohort is."""
    return f"cohort is {seconds_a_plan * MILLION / cold:,.0f} × as fast"


def per_plan(call: Callable[[pd.DataFrame], object]) -> float:
    """Seconds a plan, over a sample of the same people."""
    sample = people(SAMPLE)
    return best(lambda: call(sample)) / SAMPLE


def plain_plans(frame: pd.DataFrame) -> list[list[tuple[int, float]]]:
    """What a researcher would write: each ideal dose rounded up to a multiple of a half tablet, equal ones merged."""
    ladder = [number / 2 for number in range(1, 400)]
    plans = []
    for row in frame.itertuples():
        words = row.strategy.split()
        share, days = 1 - float(words[1]) / 100, 7 * int(words[-2])
        dose, day, steps, last = row.dose_mg, 0, [], 0.0
        unit = row.dose_mg / 40
        while dose > unit / 2:
            dose *= share
            made = ladder[bisect_left(ladder, dose / unit)] * unit
            if made != last:
                steps.append((day, made))
                last = made
            day += days
        plans.append(steps)
    return plans


def taper_plans(frame: pd.DataFrame) -> None:
    """The scalar path; who is refused is left out."""
    for row in frame.itertuples():
        times = row.times.split(", ")
        dose = bt.Dose.of_ng(round(row.dose_mg * 10**6) // len(times))
        try:
            bt.taper(bt.Regimen(row.drug, **dict.fromkeys(times, dose)), row.strategy, start="2026-12-01", **CHOICES)
        except bt.BenzotaperError:
            continue


def sizes(largest: int) -> Figures:
    """How time grows with the number of people: of those who share their plans, and of those who share none."""
    numbers = [10**power for power in range(3, 8) if 10**power <= largest]
    shared = {number: growing(people, number) for number in numbers}
    own = {number: growing(people_of_their_own, number) for number in numbers}
    a_person = (shared[numbers[-1]] - shared[numbers[-2]]) / (numbers[-1] - numbers[-2])
    slope = np.polyfit(np.log10(numbers), np.log10(list(own.values())), 1)[0]
    return [
        figure("each further person, where plans are shared", a_person * 10**6, "µs", shown(shared)),
        figure("time over people on log-log, where no two share a strategy", slope, "slope", shown(own)),
    ]


def growing(people_of: Callable[..., pd.DataFrame], number: int) -> float:
    """Seconds for so many people, a million at a time; up to a million the best of several rounds."""
    seconds = 0.0
    for first in range(0, number, MILLION):
        frame = people_of(min(number, MILLION), first=first)
        rounds = max(1, min(ROUNDS, 2 * MILLION // number))
        seconds += best(lambda frame=frame: bt.cohort(frame, "strategy", times="times", **CHOICES), rounds=rounds)
    return seconds


def shown(seconds: dict[int, float]) -> str:
    """Seconds by number of people."""
    return ", ".join(f"{number:,}: {second:.3g} s" for number, second in seconds.items())


def scalars() -> Figures:
    """One plan, one conversion, and conversions on an array."""
    table, dose = bt.table_named("ashton-2002"), ("alprazolam", bt.Dose(mg=1))
    strategy = bt.Percentage("10 %", of="current", every="2 weeks")
    loop = micros(plain_schedule)
    taper = micros(lambda: plan(strategy).steps)
    doses = np.arange(1, MILLION + 1, dtype=np.int64) * 1000
    kernel = best(lambda: incoming(doses, 20, 1))
    frame = pd.DataFrame(
        {"drug": pd.Categorical(["alprazolam"] * MILLION), "mg": np.tile([0.5, 1.0, 2.0, 4.0], 250_000)}
    )
    whole = best(lambda: bt.convert_frame(frame, drug="drug", dose_mg="mg", to="diazepam", table=table))
    return [
        figure("taper with tablets, clonazepam 1 mg, its steps", taper, "µs", f"{taper / loop:.0f} × a loop of floats"),
        figure(
            "conversion, table and dose prepared", micros(lambda: bt.convert(dose, to="diazepam", table=table)), "µs"
        ),
        figure("  with its lowest mg", micros(lambda: bt.convert(dose, to="diazepam", table=table).low_mg), "µs"),
        figure("conversion kernel on an array", MILLION / kernel, "conversions/s"),
        figure("convert_frame", MILLION / whole, "conversions/s"),
    ]


def start() -> Figures:
    """Start-up."""
    bare, imported = start_ms()
    return [figure("import benzotaper, over bare Python", imported - bare, "ms", f"bare Python {bare:.0f} ms")]


def large() -> Figures:
    """Ten million people by chunks from Parquet to Parquet, in a process of its own."""
    script = Path(__file__).with_name("ten_million.py")
    done = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True)  # noqa: S603  our own
    told = json.loads(done.stdout.splitlines()[-1])
    return [
        figure("ten million people, Parquet to Parquet", told["people"] / told["seconds"], "people/s"),
        figure("  peak memory", told["peak_mb"], "MB", f"{told['rows']:,} rows, {told['out_mb']:,} MB on disk"),
    ]


def dask() -> Figures:
    """The recipe for Dask with one process and with two, on six million people."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(__file__).with_name("dask_processes.py")
        people(6 * MILLION).to_parquet(Path(folder) / "people.parquet", row_group_size=MILLION // 8)
        done = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True, cwd=folder)  # noqa: S603  our own
    one, two = json.loads(done.stdout.splitlines()[-1])
    return [figure("Dask, two processes beside one", one / two, "times", f"{one:.2f} s and {two:.2f} s")]


def processor() -> str:
    """Its name, where the system tells."""
    told = Path("/proc/cpuinfo")
    names = [line.partition(": ")[2] for line in told.read_text().splitlines() if line.startswith("model name")]
    return names[0] if names else platform.processor()


if __name__ == "__main__":
    main()
