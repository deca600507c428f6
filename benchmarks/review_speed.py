"""Times reviews: one person with trace, and many check-ins at once. Figures are printed, never asserted."""

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd

import benzotaper as bt

NOW = datetime(2026, 12, 20, 12, tzinfo=UTC)
CHECKINS = 50_000
DAYS = 14
DAILY = {
    "withdrawal_nrs": (0, 9),
    "sleep_h": (2, 9),
    "doses_missed": (0, 2),
    "taken_mg": (8, 11),
    "planned_mg": (10, 11),
}
SCORES = {
    "gad7_total": (0, 22),
    "isi_total": (0, 29),
    "phq9_item9": (0, 2),
    "wsas_total": (0, 41),
    "sbp": (100, 190),
    "dbp": (50, 99),
    "pulse": (50, 120),
    "rr": (10, 20),
    "spo2": (92, 100),
    "age_y": (20, 90),
}
ANSWERS = 60
"""So many yes-or-no facts are answered at each check-in."""


def yes_or_no() -> list[str]:
    """The first yes-or-no facts that a person can be asked."""
    kinds = [bt.fact_type(name) for name in bt.fact_names()]
    asked = [kind.name for kind in kinds if kind.kind == "bool" and "plan" not in kind.asked_of]
    return asked[:ANSWERS]


def giver(fact: str) -> str:
    """Who gives a fact first."""
    return bt.fact_type(fact).asked_of[0]


def person() -> bt.Facts:
    """One person: 14 daily values of each daily fact, scores, readings and answers."""
    choose = random.Random(1)  # noqa: S311  a benchmark, no secret
    facts = bt.Facts()
    for day in range(DAYS):
        for fact, (low, high) in DAILY.items():
            at = NOW - timedelta(days=day)
            facts = facts.observe(fact, choose.randrange(low, high), at=at, by=giver(fact))
    for fact, (low, high) in SCORES.items():
        facts = facts.observe(fact, choose.randrange(low, high), at=NOW - timedelta(hours=2), by=giver(fact))
    for fact in yes_or_no():
        facts = facts.observe(fact, choose.random() < 0.02, at=NOW - timedelta(hours=1), by=giver(fact))  # noqa: PLR2004
    return facts


def observations() -> pd.DataFrame:
    """The same of many people, as one long frame in the order of person and time."""
    choose, persons, frames = np.random.default_rng(1), np.arange(CHECKINS), []

    def add(fact: str, values: "np.ndarray[tuple[int], np.dtype[np.float64]]", hours: int) -> None:
        at = pd.Timestamp(NOW) - pd.Timedelta(hours=hours)
        frames.append(pd.DataFrame({"person": persons, "fact": fact, "value": values, "at": at, "by": giver(fact)}))

    for day in range(DAYS):
        for fact, (low, high) in DAILY.items():
            add(fact, choose.integers(low, high, CHECKINS).astype(float), 24 * day)
    for fact, (low, high) in SCORES.items():
        add(fact, choose.integers(low, high, CHECKINS).astype(float), 2)
    for fact in yes_or_no():
        add(fact, (choose.random(CHECKINS) < 0.02).astype(float), 1)  # noqa: PLR2004
    frame = pd.concat(frames, ignore_index=True).sort_values(["person", "at"], ignore_index=True)
    return frame.astype({"fact": "category", "by": "category"})


def median_us(call: Callable[[], object], *, times: int = 300) -> float:
    """The median time of a call, in microseconds."""
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent) * 1e6


def main() -> None:
    """Print the figures."""
    facts = person()
    plan = bt.taper(
        "diazepam 10 mg twice daily",
        bt.Percentage("10 %", of="current", every="2 weeks"),
        start=date(2026, 12, 1),
        products="UK",
        splitting="halves",
    )
    print(f"one review, {len(facts)} observations, all rules, trace kept:")
    print(f"  without a plan      {median_us(lambda: bt.review(facts, profile='asam-2025', now=NOW)):8.0f} us")
    print(
        f"  with a plan         {median_us(lambda: bt.review(facts, profile='asam-2025', now=NOW, plan=plan)):8.0f} us"
    )
    reviewed = bt.review(facts, profile="asam-2025", now=NOW, plan=plan)
    print(f"  and written as JSON {median_us(reviewed.to_json, times=20):8.0f} us")
    frame = observations()
    checkins = pd.DataFrame({"person": np.arange(CHECKINS), "now": pd.Timestamp(NOW)})
    spent = []
    for _ in range(3):
        begun = time.perf_counter()
        bt.review_frame(frame, checkins, profile="asam-2025")
        spent.append(time.perf_counter() - begun)
    print(f"{CHECKINS:,} check-ins, {len(frame):,} observations, all rules, one core:")
    print(f"  {CHECKINS / min(spent):,.0f} check-ins a second ({min(spent):.2f} s)")


if __name__ == "__main__":
    main()
