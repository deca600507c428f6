"""The pace findings of a plan agree with a plain reading of the rules' conditions over the lists of its facts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from calls import FAMILIES, calls
from hypothesis import HealthCheck, event, given, settings, strategies as st

import benzotaper as bt
from benzotaper.equivalence import mg_range_in_diazepam
from benzotaper.errors import BenzotaperError
from benzotaper.pace_rules import pace_findings
from benzotaper.plan_facts import index_drugs, plan_facts
from benzotaper.profiles import threshold_for
from real_plans import SHAPES, plans

EXAMPLES = settings().max_examples
RULES = ("PL-01", "PL-02", "PL-03", "PL-04", "PL-06", "PL-07", "PL-08", "PL-09")
NANOGRAM = Fraction(1, 10**6)


class Reading(NamedTuple):
    """What the conditions say: rules that may fire, and those that surely do.

    The difference: a finding rounds to whole nanograms; it takes the finest fall at a step, where the fact has the
    coarsest of the whole plan; and it says that PL-01 cannot be judged where no table has the drug, however small
    the falls are.
    """

    may: set[str]
    surely: set[str]


def facts_of(plan: bt.Plan, **more: Any) -> dict[str, Any]:
    start = datetime.combine(plan.start, time(12), tzinfo=UTC)
    return dict(plan_facts(plan, now=start, table="ashton-2002", **more))


def floors(plan: bt.Plan, profile: str, threshold: str) -> list[tuple[Fraction, Fraction]]:
    """The dose in the unit of the total that equals so much diazepam, by each table that judges."""
    drug = plan.to_dict()["totals_in"]
    mg = threshold_for(threshold, profile_id=profile).value
    assert isinstance(mg, Fraction)
    if drug == "diazepam":
        return [(mg, mg)]
    named = [plan.record.request.table, bt.profile(profile).equivalence_table if profile else ""]
    judging = [bt.table_named(table) for table in named if table] or list(bt.default_tables())
    ranges = [mg_range_in_diazepam(drug, 10**6, table) for table in judging if table.has(drug)]
    return [(mg / high, mg / low) for low, high in ranges]


def falls_faster(
    daily: tuple[Fraction, ...], window: int, share: Fraction, floor: Fraction, *, by: Fraction = Fraction(0)
) -> bool:
    return any(
        after > 0 and before - after > max(share * before + by, floor)
        for later, after in enumerate(daily)
        for before in daily[max(later - window, 0) : later]
    )


def fall_within_days(daily: tuple[Fraction, ...], window: int) -> Fraction:
    falls = (before - after for later, after in enumerate(daily) for before in daily[max(later - window, 0) : later])
    return max(falls, default=Fraction(0))


def grows(falls: tuple[Fraction, ...], margin: Fraction) -> bool:
    return any(later > earlier + margin for earlier, later in pairwise(falls))


def reading(plan: bt.Plan, profile: str) -> Reading:
    facts = facts_of(plan)

    def t(name: str) -> Any:
        return threshold_for(name, profile_id=profile).value

    may, surely = set(), set()

    def says(rule: str, *, may_fire: bool, sure: bool | None = None) -> None:
        may.update({rule} if may_fire else ())
        surely.update({rule} if (may_fire if sure is None else sure) else ())

    share, window = t("pl01_max_fraction_14_d"), int(t("pl01_window_d"))
    ranges = floors(plan, profile, "pl01_floor_diazepam_mg")
    daily = facts["daily_total"]
    lows = [low for low, _ in ranges] or [Fraction(0)]
    says(
        "PL-01",
        may_fire=any(falls_faster(daily, window, share, low) for low in lows)
        or (not ranges and bool(facts["step_mg"])),
        sure=any(falls_faster(daily, window, share, low, by=NANOGRAM) for low in lows),
    )
    says("PL-02", may_fire=facts["step_fraction"][:1] > (t("pl02_max_first_fraction"),))
    says("PL-03", may_fire=bool(profile) and any(days < t("pl03_min_interval_d") for days in facts["interval_d"]))
    limits = floors(plan, profile, "pl04_final_dose_diazepam_mg")
    zero = facts["plan.ends_at_zero"]
    says("PL-04", may_fire=zero and (not limits or any(facts["last_fall_mg"] > low for low, _ in limits)))
    counted = facts["step_mg"][:-1] if zero else facts["step_mg"]
    says("PL-06", may_fire=grows(counted, Fraction(0)), sure=grows(counted, facts["rounding_mg"]))
    takes = facts["daily_dose"]
    says("PL-07", may_fire=any(not mg and any(takes[day:]) for day, mg in enumerate(takes)))
    says("PL-08", may_fire=bool(profile) and t("pl08_applies") is True and any(too_soon(facts, plan, profile)))
    says("PL-09", may_fire=any(drug == "alprazolam" and label_cap(plan, drug, t) for drug in index_drugs(plan)))
    return Reading(may, surely)


def too_soon(facts: dict[str, Any], plan: bt.Plan, profile: str) -> Iterator[bool]:
    def t(name: str) -> Any:
        return threshold_for(name, profile_id=profile).value

    ranges = floors(plan, profile, "pl08_floor_diazepam_mg")
    for mg, share, days in zip(facts["step_mg"], facts["step_fraction"], facts["interval_d"], strict=True):
        large = not ranges or any(mg > low for low, _ in ranges)
        short = t("pl08_short_interval_d") <= days < t("pl08_long_interval_d")
        yield large and (
            days < t("pl08_short_interval_d")
            or (short and share > t("pl08_max_fraction_short"))
            or (days >= t("pl08_long_interval_d") and share > t("pl08_max_fraction_long"))
        )


def label_cap(plan: bt.Plan, drug: str, t: Any) -> bool:
    daily = facts_of(plan, index_drug=drug)["index_daily_mg"]
    return fall_within_days(daily, int(t("pl09_window_d"))) > t("pl09_max_fall_mg")


def found(plan: bt.Plan, profile: str) -> set[str]:
    asked = replace(plan.record.request, profile=profile)
    findings = pace_findings(replace(plan.record, request=asked))
    return {code for finding in findings for code in finding.code.split() if code in RULES}


def check(plan: bt.Plan, profile: str) -> None:
    said, codes = reading(plan, profile), found(plan, profile)
    assert said.surely <= codes <= said.may, (sorted(codes), said)


@cache
def real() -> dict[str, bt.Plan]:
    made = plans()
    return {**dict(zip(SHAPES, made, strict=False)), **{f"chance {n}": p for n, p in enumerate(made[len(SHAPES) :])}}


@pytest.mark.parametrize("profile", ["", *bt.profile_ids()])
def test_the_findings_of_plans_of_every_shape_are_those_of_the_conditions(profile: str) -> None:
    for plan in real().values():
        check(plan, profile)


@settings(max_examples=EXAMPLES // 2, suppress_health_check=[HealthCheck.too_slow])  # building shelves is the work
@given(st.sampled_from(FAMILIES).flatmap(calls), st.sampled_from(["", *bt.profile_ids()]))
def test_the_findings_of_any_plan_are_those_of_the_conditions(asked: dict[str, Any], profile: str) -> None:
    try:
        plan = bt.taper(**asked)
    except BenzotaperError:
        event("refused")
        return
    event(f"plan to {plan.record.ending}")
    check(plan, profile)


@settings(max_examples=EXAMPLES // 2, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(range(len(SHAPES)))), st.integers(-40, 500))
def test_the_facts_of_a_day_fit_together(shape: int, after: int) -> None:
    plan = list(real().values())[shape]
    now = datetime.combine(plan.start + timedelta(days=after), time(9), tzinfo=UTC)
    facts: dict[str, Any] = dict(plan_facts(plan, now=now, table="ashton-2002"))
    assert len(facts["daily_total"]) == len(facts["daily_dose"]) == len(facts["index_daily_mg"])
    assert len(facts["step_mg"]) == len(facts["step_fraction"]) == len(facts["interval_d"])
    assert facts["daily_total"][0] == facts["starting_total_mg"]
    assert sum(facts["step_mg"]) >= facts["daily_total"][0] - facts["daily_total"][-1]
    assert (facts["daily_total"][-1] == 0) == facts["plan.ends_at_zero"]
    assert facts["index_drug"] in index_drugs(plan)
    if facts["all_drugs_stopped"]:
        assert not facts["next_reduction_due"] or facts["stopped_on"] == now.date()
        assert facts["days_since_stop"] == (now.date() - plan.stops_on).days  # type: ignore[operator]
        assert facts["tdd_mg"] == 0
    assert list(facts["planned_mg"])[-1:] == [now.date()][: after >= 0]
