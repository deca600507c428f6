"""A review as JSON: one object for each rule, fired or not; for the record, for other programs, for an audit."""

import json
from datetime import timedelta
from fractions import Fraction
from typing import Any

from benzotaper.numbers import number_text
from benzotaper.profiles import Threshold
from benzotaper.reviewing.found import Found
from benzotaper.reviewing.results import NOT_CONSIDERED, Input, Result
from benzotaper.reviewing.texts import ROLES, text_key
from benzotaper.sources import Source
from benzotaper.unknown import Unknown

FORMAT = "benzotaper-review"
SCHEMA_VERSION = 1
OVERRIDE_ROLES = ("prescriber", "clinician")
_HOUR = timedelta(hours=1)


def review_json(review: Found) -> str:
    """The review as JSON text."""
    return json.dumps(review_dict(review), ensure_ascii=False, indent=1) + "\n"


def review_dict(review: Found) -> dict[str, Any]:
    """The review as JSON has it; keys and their order are stable."""
    return {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "drill": review.drill,
        "now": review.now.isoformat(),
        "profile": review.profile.id,
        "profile_date": review.profile.date,
        "ruleset": review.ruleset.version,
        "ruleset_expired": review.expired,
        "table": review.table,
        "urgency_known": str(review.urgency_known),
        "urgency_not_excluded": str(review.urgency_not_excluded),
        "directive": str(review.directive),
        "may_step": str(review.may_step),
        "may_start": str(review.may_start),
        "prescriber_decides_dose": review.prescriber_decides_dose,
        "contact_same_day": list(review.contact_same_day),
        "alerts": [
            {
                "rules": list(alert.rule_ids),
                "urgency": str(alert.urgency),
                "interrupts": alert.interrupts,
                "facts": list(alert.facts),
            }
            for alert in review.alerts
        ],
        "offers": [result.id for result in review.offers],
        "latched_now": [result.id for result in review.latched_now],
        "data_required": list(review.data_required),
        "data_requested": list(review.data_requested),
        "beside": {
            table: {rule_id: str(truth) for rule_id, truth in truths.items()} for table, truths in review.beside.items()
        },
        "results": [result_dict(result, review) for result in review],
    }


def result_dict(result: Result, review: Found) -> dict[str, Any]:
    """One rule, with all that led to its truth."""
    rule = result.rule
    return {
        "rule_id": rule.id,
        "ruleset": review.ruleset.version,
        "profile": review.profile.id,
        "kind": rule.kind,
        "truth": str(result.truth),
        "urgency": str(result.urgency),
        "urgency_not_excluded": str(result.urgency_not_excluded),
        "directive": str(result.directive),
        "latched": result.latched,
        "prescriber_decides_dose": rule.prescriber_decides_dose,
        "if_unknown": rule.if_unknown,
        "unverified": result.unverified,
        "unknown": list(result.reasons),
        "inputs": [_input(each) for each in result.inputs],
        "trace": [{"arm": name, **trace.to_dict()} for name, trace in result.trace],
        "thresholds": [_threshold(each) for each in result.thresholds],
        "sources": [_source(each) for each in result.sources],
        "would_change_if": list(result.would_change_if),
        "not_considered": list(NOT_CONSIDERED),
        "text_keys": {role: f"{text_key(rule.id)}.{role}" for role in ROLES},
        **_standing(result),
    }


def _standing(result: Result) -> dict[str, Any]:
    """What stands from before: a latch, an override; each only where there is one."""
    found: dict[str, Any] = {}
    if result.latch:
        found["latch"] = {"since": result.latch.since.isoformat(), "urgency": str(result.latch.urgency)}
    if result.override:
        made = result.override
        found["override"] = {"by": made.by, "role": made.role, "reason": made.reason, "until": made.until_text}
    return found


def _input(seen: Input) -> dict[str, Any]:
    found: dict[str, Any] = {"name": seen.name, "quality": seen.quality, "unit": seen.unit}
    if seen.observed_at:
        found |= {
            "value": seen.value,
            "form_id": seen.form_id,
            "observed_at": seen.observed_at if isinstance(seen.observed_at, str) else seen.observed_at.isoformat(),
            "age_h": number_text(Fraction(seen.age // timedelta(minutes=1), 60)),
            "by": seen.by,
            "who": seen.who,
        }
    if seen.max_age != timedelta.max:
        found["max_age_h"] = seen.max_age // _HOUR
    return found


def _threshold(each: Threshold) -> dict[str, Any]:
    return {
        "name": each.name,
        "value": _plain(each.value),
        "unit": each.unit,
        "origin": each.origin,
        "confirm_by_clinician": each.is_ours or each.origin == "mixed",
        "source": each.source_id,
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "year": "" if isinstance(source.year, Unknown) else source.year,
        "grade": source.grade,
    }


def _plain(value: Any) -> Any:
    """Numbers as exact text, lists as lists."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return number_text(value) if isinstance(value, Fraction) else value
