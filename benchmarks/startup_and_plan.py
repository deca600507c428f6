"""How long an import, a conversion and a plan with tablets take: medians, beside a plain loop in the same run.

Run it with ``python benchmarks/startup_and_plan.py``. It prints figures and asserts none.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import benzotaper as bt

PROCESSES = 15
ROUNDS = 9
SECONDS_A_ROUND = 0.05
PERCENT = 100


def main() -> None:
    """Print a line a measure."""
    bare, imported = start_ms()
    line("bare Python, process", bare, "ms")
    line("import benzotaper, over bare Python", imported - bare, "ms")
    table = bt.table_named("ashton-2002")
    dose = ("alprazolam", bt.Dose(mg=1))
    strategy = bt.Percentage("10 %", of="current", every="2 weeks")
    line("conversion, prepared table and dose", micros(lambda: bt.convert(dose, to="diazepam", table=table).low_mg))
    line(
        "conversion, by name from text",
        micros(lambda: bt.convert("alprazolam 1 mg", to="diazepam", table="ashton-2002").low_mg),
    )
    line("plan with tablets, clonazepam 1 mg", micros(lambda: plan(strategy).steps))
    line("  the same with its findings", micros(lambda: plan(strategy).findings))
    line("  the same as JSON", micros(lambda: plan(strategy).to_json()))
    line("plain loop: conversion by a dict, no reading, no source", micros(plain_conversion))
    line("plain loop: schedule of floats, no tablets", micros(plain_schedule))


def line(what: str, figure: float, unit: str = "µs") -> None:
    """Print one figure."""
    print(f"{what:58}{figure:12.2f} {unit}")


def start_ms() -> tuple[float, float]:
    """Medians of a bare process and one that imports the package (ms), in turn, so that both see the same machine."""
    times: dict[str, list[float]] = {"pass": [], "import benzotaper": []}
    for _ in range(PROCESSES):
        for code, found in times.items():
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  our own interpreter
            found.append((time.perf_counter() - begun) * 1000)
    bare, imported = map(statistics.median, times.values())
    return bare, imported


def micros(call: Callable[[], object]) -> float:
    """The median time of a call (µs), over rounds of many calls."""
    call()
    begun = time.perf_counter()
    call()
    number = max(1, int(SECONDS_A_ROUND / max(time.perf_counter() - begun, 1e-7)))
    rounds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(number):
            call()
        rounds.append((time.perf_counter() - begun) / number)
    return statistics.median(rounds) * 1e6


def plan(strategy: bt.Percentage) -> bt.Plan:
    """Clonazepam 1 mg at night, 10 % of the current dose every 2 weeks, UK tablets in halves."""
    return bt.taper("clonazepam 1 mg at night", strategy, start="2026-12-01", products="UK", splitting="halves")


FACTORS = {"alprazolam": 20.0}


def plain_conversion() -> float:
    """What a few lines of Python do for a conversion."""
    return 1.0 * FACTORS["alprazolam"]


def plain_schedule() -> list[tuple[int, float]]:
    """What a few lines of Python do for a schedule: floats, no tablets, no dates, no checks."""
    dose, day, steps = 1.0, 0, []
    while dose > 0.125:  # noqa: PLR2004  half of the smallest piece, where the plan above ends too
        dose -= dose * 10 / PERCENT
        steps.append((day, round(dose, 3)))
        day += 14
    return steps


if __name__ == "__main__":
    main()
