"""Frames of facts and of reviews: of one person, and of many check-ins at once."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benzotaper.errors import ReviewError
from benzotaper.reviewing.found import BLOCKING, Found
from benzotaper.reviewing.frame_columns import moments, need_columns, read_columns
from benzotaper.reviewing.ladders import Directive, Ladder, Urgency, urgency_of
from benzotaper.rulebook import rule
from benzotaper.rules.arms import PERMITTING, Arms, compiled
from benzotaper.rules.columns import ColumnMachine
from benzotaper.rules.fact_columns import local_days
from benzotaper.rules.states import Equal
from benzotaper.rules.thresholds import Limits

Bytes = npt.NDArray[np.int8]
CHECKIN = ("person", "now")


def review_many(
    observations: pd.DataFrame, checkins: pd.DataFrame, *, limits: Limits, equal: Equal, chunk: int
) -> pd.DataFrame:
    """All rules for many check-ins; see `safety_rules.review_frame`."""
    need_columns(checkins, CHECKIN, what="check-ins")
    if chunk < 1:
        raise ReviewError(f"chunk {chunk} must be 1 or more check-ins", value=chunk)
    now_us = moments(checkins["now"], what="check-ins: now")
    zone = checkins["now"].dt.tz
    codes, persons = pd.factorize(checkins["person"])
    if (codes < 0).any():
        raise ReviewError(f"check-ins: person is missing in row {int(np.argmax(codes < 0))}", value="person")
    columns = read_columns(observations, pd.Index(persons), zone)
    today = local_days(now_us, zone)
    arms = compiled()
    found = {name: np.empty(codes.size, np.int8) for name in (*arms.by_rule, *_OVERALL)}
    for first in range(0, codes.size, chunk):
        part = slice(first, first + chunk)
        machine = ColumnMachine(
            columns=columns,
            person=codes[part].astype(np.int64),
            now_us=now_us[part],
            today=today[part],
            limits=limits,
            arms=arms,
            equal=equal,
        )
        for name, values in _part(machine, arms).items():
            found[name][part] = values
    return _framed(checkins, found, tuple(arms.by_rule))


_OVERALL = ("urgency_known", "urgency_not_excluded", "directive", "may_step")


def _part(machine: ColumnMachine, arms: Arms) -> dict[str, Any]:
    """The truths of one part of the check-ins, and what follows from all of them."""
    truths = {rule_id: machine.rule(rule_id) for rule_id in arms.by_rule}
    known, not_excluded = np.zeros(machine.size, np.int8), np.zeros(machine.size, np.int8)
    for arm in (arm for rule_id, own in arms.by_rule.items() if rule_id not in PERMITTING for arm in own):
        truth, rung = np.asarray(machine.run(arm.node)), urgency_of(arm.urgency).rung
        known = np.maximum(known, np.where(truth == 2, rung, 0))  # noqa: PLR2004
        not_excluded = np.maximum(not_excluded, np.where(truth == 1, rung, 0))
    directive, may_step = np.zeros(machine.size, np.int8), np.full(machine.size, 2, np.int8)
    for rule_id, truth in truths.items():
        words = rule(rule_id)
        directive = np.maximum(directive, np.where(truth == 2, Directive(words.directive).rung, 0))  # noqa: PLR2004
        if "step" in words.gate:
            shut = truth if words.if_unknown in BLOCKING else truth // 2 * 2
            may_step = np.minimum(may_step, 2 - shut)
    overall = dict(zip(_OVERALL, (known, not_excluded, directive, may_step), strict=True))
    return {**truths, **overall}


def _framed(checkins: pd.DataFrame, found: dict[str, Bytes], rules: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame({name: checkins[name] for name in CHECKIN} | {name: found[name] for name in rules})
    frame = frame.set_index(checkins.index)
    for name, words in (("urgency_known", Urgency), ("urgency_not_excluded", Urgency), ("directive", Directive)):
        frame[name] = _words(found[name], words)
    frame["may_step"] = found["may_step"]
    return frame


def _words(rungs: Bytes, words: type[Ladder]) -> "pd.Categorical":
    found: Any = pd.Categorical.from_codes(rungs, categories=pd.Index(list(map(str, words))), ordered=True)
    return found  # type: ignore[no-any-return]  # a Categorical, of whatever words


# ---- one person


def review_frame_of(review: Found) -> pd.DataFrame:
    """A row a rule; see `Review.to_frame`."""
    rows = [
        {
            "rule": result.id,
            "kind": result.rule.kind,
            "truth": str(result.truth),
            "urgency": str(result.urgency),
            "urgency_not_excluded": str(result.urgency_not_excluded),
            "directive": str(result.directive),
            "latched": result.latched,
            "unknown": "; ".join(result.reasons),
            "changes_if": "; ".join(result.would_change_if),
        }
        for result in review
    ]
    return pd.DataFrame(rows)
