"""The worst fall before the last step with each fit, over the 780 inputs of the diazepam grid, and the time of a plan.

2.5 to 80 mg by 0.5 mg once at night, at five paces, in 2, 5 and 10 mg tablets and their halves, up to 12 pieces. Run it
with ``python benchmarks/smoothest_grid.py``. It prints figures and asserts none.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise, product

import benzotaper as bt
from benzotaper.dispensing.smoothest import best_totals

TABLETS = tuple(bt.Product("diazepam", strength=f"{mg} mg", form="tablet") for mg in (2, 5, 10))
PACES = (("2.5 %", 28), ("5 %", 21), ("10 %", 14), ("15 %", 14), ("20 %", 7))
DOSES_NG = range(2_500_000, 80_000_001, 500_000)
FITS = ("up", "nearest", "smoothest")
FORCED_NG = 2_000_000
ROUNDS = 20


def main() -> None:
    """Print the falls by fit, then the times."""
    worst: dict[str, list[Fraction]] = {fit: [] for fit in FITS}
    above: dict[str, list[Fraction]] = {fit: [] for fit in FITS}
    squares: dict[str, list[Fraction]] = {fit: [] for fit in FITS}
    ends: dict[str, list[object]] = {fit: [] for fit in FITS}
    for total, (cut, days) in product(DOSES_NG, PACES):
        for fit in FITS:
            made = plan(total, cut, days, fit)
            falls = falls_of(made)
            worst[fit].append(max((fall for _, fall in falls), default=Fraction(0)))
            above[fit].append(max((fall for dose, fall in falls if dose > FORCED_NG), default=Fraction(0)))
            squares[fit].append(sum((fall * fall for _, fall in falls), Fraction(0)))
            ends[fit].append((made.stops_on, totals_of(made)[-1]))
    print(f"{len(worst['up'])} inputs, each with {len(FITS)} fits\n")
    show("largest fall before the last step, % of current", {fit: percents(worst[fit]) for fit in FITS}, worst)
    show("the same above 2 mg, where the tablets leave a choice", {fit: percents(above[fit]) for fit in FITS}, above)
    show("sum of the squared relative falls", {fit: [float(s) for s in squares[fit]] for fit in FITS}, squares)
    for fit in FITS[1:]:
        same = sum(a == b for a, b in zip(ends["up"], ends[fit], strict=True))
        print(f"{fit}: the same last dose and end as up for {same} inputs")
    print()
    times()


def plan(total: int, cut: str, days: int, fit: str) -> bt.Plan:
    """One plan of the grid."""
    return bt.taper(
        bt.Regimen("diazepam", night=bt.Dose.of_ng(total)),
        bt.Percentage(cut, of="current", every=f"{days} days"),
        start="2026-12-01",
        products=TABLETS,
        splitting="halves",
        max_pieces=12,
        fit=fit,
    )


def totals_of(made: bt.Plan) -> list[Fraction]:
    """The totals before zero (ng)."""
    return [dose for step in made.steps if (dose := step.mean_ng("diazepam"))]


def falls_of(made: bt.Plan) -> list[tuple[Fraction, Fraction]]:
    """The dose before each fall (ng) and the fall as a share of it; the last, to zero, left out."""
    return [(before, (before - after) / before) for before, after in pairwise(totals_of(made))]


def percents(shares: Iterable[Fraction]) -> list[float]:
    """Shares as percentages."""
    return [float(share * 100) for share in shares]


def show(what: str, figures: dict[str, list[float]], exact: dict[str, list[Fraction]]) -> None:
    """Print the distribution of a figure by fit, and for how many inputs each fit has the least."""
    least = [min(values) for values in zip(*exact.values(), strict=True)]
    print(what)
    print(f"{'':12}{'median':>10}{'p90':>10}{'max':>10}{'least':>10}{'alone':>10}{'below up':>10}{'above up':>10}")
    for fit in FITS:
        best = [value == most for value, most in zip(exact[fit], least, strict=True)]
        others = [values for other, values in exact.items() if other != fit]
        alone = sum(b and all(o[n] > least[n] for o in others) for n, b in enumerate(best))
        lower = sum(a < b for a, b in zip(exact[fit], exact["up"], strict=True))
        higher = sum(a > b for a, b in zip(exact[fit], exact["up"], strict=True))
        cells = "".join(f"{figure:10.2f}" for figure in spread(figures[fit]))
        print(f"{fit:12}{cells}{sum(best):10}{alone:10}{lower:10}{higher:10}")
    print()


def spread(figures: Sequence[float]) -> tuple[float, float, float]:
    """Median, 90th percentile and maximum."""
    return statistics.median(figures), statistics.quantiles(figures, n=10, method="inclusive")[-1], max(figures)


def times() -> None:
    """Print how long the best sequence and whole plans take."""
    chains = {
        "40.5 mg to 0.5 mg by 0.5 mg: 81 doses, 40 falls": range(81, 0, -1),
        "41 mg to 1 mg by 0.5 mg: 81 doses, 40 falls": range(82, 1, -1),
        "80 mg to 40 mg by 0.5 mg: 81 doses, 40 falls": range(160, 79, -1),
    }
    calls: dict[str, Callable[[], object]] = {
        name: partial(best_totals, [half * 500_000 for half in halves], intervals=40, last=halves[-1] * 500_000)
        for name, halves in chains.items()
    }
    for fit in FITS:
        calls[f"whole plan, 40 mg, 10 % every 14 days, fit {fit}"] = partial(plan, 40_000_000, "10 %", 14, fit)
    for name, call in calls.items():
        print(f"{name:60}{millis(call):8.2f} ms")


def millis(call: Callable[[], object]) -> float:
    """The median CPU time of a call (ms)."""
    found = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        call()
        found.append((time.process_time() - begun) * 1000)
    return statistics.median(found)


if __name__ == "__main__":
    main()
