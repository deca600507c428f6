"""An alignment moves the dates of changes, and nothing else of a plan."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from calls import FAMILIES, calls
from hypothesis import HealthCheck, event, given, settings, strategies as st
from invariants import (
    check_administrations,
    check_cycles,
    check_dates,
    check_ending,
    check_every_step_changes,
    check_never_ahead,
    check_no_dose_rises,
    check_shelf,
    check_start,
    check_totals_fall,
    plain_stop,
)

import benzotaper as bt
from benzotaper.errors import BenzotaperError
from strategies import alignments

EXAMPLES = settings().max_examples


@settings(max_examples=EXAMPLES * 2, suppress_health_check=[HealthCheck.too_slow])  # building shelves is the work
@given(st.sampled_from(FAMILIES).flatmap(calls), alignments())
def test_changes_move_to_allowed_days_and_no_step_is_shorter(asked: dict[str, Any], align: bt.Align) -> None:
    try:
        plain = bt.taper(**asked)
    except BenzotaperError:
        event("refused")
        return
    start = plain.start
    at_once = "at once" in plain.record.request.strategies[0] and not plain.record.request.lead_in_days
    try:
        moved = bt.taper(**asked, align=align)
    except BenzotaperError as error:
        event("refused with the alignment")
        assert at_once or any(words in str(error) for words in ("20 years", "never are on"))  # noqa: PT017  why
        return
    event(f"aligned, to {plain.record.ending}")
    if at_once and not align.allows(start, start=start):
        return  # what is taken now is then dispensed for a while, from a longer shelf
    for step, other in zip(moved.steps, plain.steps, strict=True):
        assert replace(step, start=None, days=None) == replace(other, start=None, days=None)
        assert step.days is other.days is None or (step.days or 0) >= (other.days or 0)
        assert not step.number or step.start is None or align.allows(step.start, start=start)
    for before, after in pairwise(moved.steps):
        at, length = before.start or start, before.days or 0
        late = after.start and (after.start - at).days - max(length, 0)
        assert late == 0, "a gap"
    steps = plain.record.steps
    assert replace(moved.record, request=plain.record.request, steps=steps) == plain.record
    assert replace(moved.record.request, align="") == plain.record.request
    check_promises(moved)


def check_promises(plan: bt.Plan) -> None:
    """All that is promised of a plan's doses and dates; that they fit the ideal is told by the plan without it."""
    record = plan.record
    for check in (
        check_dates,
        check_start,
        check_ending,
        check_shelf,
        check_administrations,
        check_cycles,
        check_totals_fall,
        check_no_dose_rises,
        check_every_step_changes,
    ):
        check(record)
    if record.request.fit == "up" and not record.crossovers:
        check_never_ahead(record)
    assert plan.stops_on == plain_stop(record)
    assert bt.Plan.from_json(plan.to_json()) == plan
