"""What the record tells of symptoms: the usual level before a step, and the newest report."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from benzotaper.entries import SCALE, local_day
from benzotaper.facts import Facts
from benzotaper.unknown import Unknown
from benzotaper.values import NOT_APPLICABLE, Value

REPORTS = (
    *("withdrawal_nrs", "withdrawal_symptoms_reported", "significant_symptoms", "symptoms_intolerable"),
    *("withdrawal_scale_total", "ciwab_total", "interdose_symptoms"),
)
"""The facts by which withdrawal symptoms are answered."""
BASELINE_DAYS = 7
"""The days before a step whose median is the baseline."""


def told_by_observations(facts: Facts, *, now: datetime, last_reduction: Value) -> dict[str, Value]:
    """The facts that are asked of nobody, because the other observations tell them."""
    return {
        "last_symptom_report": _newest_report(facts),
        "pre_step_baseline": _baseline(facts, now=now, last_reduction=last_reduction),
    }


def _newest_report(facts: Facts) -> Value:
    reports = [entry for fact in REPORTS for entry in facts.entries.get(fact, ()) if not entry.reason]
    newest: Any = max(reports, key=lambda entry: entry.at, default=None)
    return newest.observation.at if newest else NOT_APPLICABLE


def _baseline(facts: Facts, *, now: datetime, last_reduction: Value) -> Value:
    """The median over the 7 days before the last reduction; before the first, over the 7 days before today."""
    anchor = last_reduction if isinstance(last_reduction, date) else now.date()
    first = anchor - timedelta(days=BASELINE_DAYS)
    by_day: dict[int, int | Fraction] = {}
    for entry in facts.entries.get("withdrawal_nrs", ()):
        if entry.reason or entry.observation is None:
            continue
        day = local_day(entry.observation.at, now)
        if first.toordinal() <= day < anchor.toordinal():
            by_day[day] = min(entry.low, by_day.get(day, entry.low))  # the lower one sees a rise sooner
    if not by_day:
        return Unknown("not_asked")
    known = sorted(by_day.values())
    return Fraction(known[(len(known) - 1) // 2] + known[len(known) // 2]) / (2 * SCALE)
