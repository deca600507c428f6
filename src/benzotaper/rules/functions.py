"""Every function of the rule language: what it takes, what it gives, and what finds its value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from benzotaper.rules import dates, days, logic, plan_lists, quantities, readings

Gives: TypeAlias = Literal["truth", "number", "quotient", "window"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function of the language.

    Attributes:
        gives: a "truth", a "number", a "quotient" or a "window" of days.
        takes: what each argument is; ? marks what may be left out, * what may come several times.
            truth: a condition.
            same, other: numbers of which the higher is worse where the higher value of the function is, or the other
                way round; baseline: a number that is subtracted, where it depends on the comparison.
            limit, limits, whole: a threshold, one that is a list, or one that is a whole number from 1 on; window: so
                many days, or `since_reduction`.
            daily: a number or a word by day; met: what it is compared with.
            a kind of fact: the name of such a fact; own: the rule itself; op, level, form, rule, kind: words in quotes.
        value: what finds its value, from a machine, the node and the arguments.
        alone: whether it looks at lists, one person at a time.
    """

    gives: Gives
    takes: tuple[str, ...]
    value: Callable[..., Any]
    alone: bool = False


FUNCTIONS: Mapping[str, Function] = {
    # logic
    "established": Function(gives="truth", takes=("truth",), value=logic.established),
    "possible": Function(gives="truth", takes=("truth",), value=logic.possible),
    "at_least_true": Function(gives="truth", takes=("limit", "truth*"), value=logic.at_least_true),
    "at_least": Function(gives="truth", takes=("enum", "level"), value=logic.at_least),
    "is_one_of": Function(gives="truth", takes=("enum", "limits"), value=logic.is_one_of),
    "cleared_by": Function(gives="truth", takes=("enum", "limits"), value=logic.cleared_by),
    "is_set": Function(gives="truth", takes=("date|enum",), value=logic.is_set),
    "form_is": Function(gives="truth", takes=("int|number", "form"), value=logic.form_is),
    "accepted_for": Function(gives="truth", takes=("bool", "form"), value=logic.accepted_for),
    "newly_recorded": Function(gives="truth", takes=("bool",), value=logic.newly_recorded),
    "requires_consent": Function(gives="truth", takes=("bool", "truth"), value=logic.requires_consent),
    "truth_of": Function(gives="truth", takes=("rule",), value=logic.truth_of),
    "other_rule_true": Function(gives="truth", takes=("kind", "own"), value=logic.other_rule_true),
    "rules_clear": Function(gives="truth", takes=("kind*",), value=logic.rules_clear),
    # numbers
    "change_from": Function(gives="number", takes=("same", "other"), value=quantities.change_from),
    "ratio": Function(gives="quotient", takes=("same", "other"), value=quantities.ratio),
    "or_default": Function(gives="number", takes=("same", "same"), value=quantities.or_default),
    "dose_equal_to_diazepam": Function(gives="number", takes=("limit",), value=quantities.dose_equal_to_diazepam),
    "with_consent": Function(gives="number", takes=("int|number", "bool"), value=quantities.with_consent),
    # days
    "since_reduction": Function(gives="window", takes=("whole",), value=days.since_reduction),
    "days_meeting": Function(gives="number", takes=("daily", "op", "met", "window"), value=days.days_meeting),
    "any_day_meeting": Function(gives="truth", takes=("daily", "op", "met", "window"), value=days.any_day_meeting),
    "days_true": Function(gives="number", takes=("bool", "window"), value=days.days_true),
    "days_changed": Function(
        gives="number", takes=("int|number", "baseline", "op", "limit", "window"), value=days.days_changed
    ),
    "days_above": Function(gives="number", takes=("int|number", "int|number", "window"), value=days.days_above),
    "any_day_differs": Function(
        gives="truth", takes=("int|number", "int|number", "limit", "window"), value=days.any_day_differs
    ),
    "longest_run": Function(gives="number", takes=("int|number", "op", "limit", "window"), value=days.longest_run),
    "median_of": Function(gives="number", takes=("int|number", "window", "whole"), value=days.median_of),
    "sum_within": Function(gives="number", takes=("int|number", "window"), value=days.sum_within),
    "rises_in_a_row": Function(gives="number", takes=("int|number",), value=days.rises_in_a_row),
    # dates
    "days_since": Function(gives="number", takes=("date",), value=dates.days_since),
    "months_since": Function(gives="number", takes=("date",), value=dates.months_since),
    "overdue_by": Function(gives="number", takes=("date", "other"), value=dates.overdue_by),
    "reached": Function(gives="truth", takes=("date", "date", "whole"), value=dates.reached),
    "true_within": Function(gives="truth", takes=("bool", "whole"), value=dates.true_within),
    "checkin_due": Function(gives="truth", takes=("date", "date", "limits", "whole?"), value=dates.checkin_due),
    "checkin_overdue_by": Function(
        gives="number", takes=("date", "date", "limits", "whole?"), value=dates.checkin_overdue_by
    ),
    # readings
    "repeated": Function(gives="truth", takes=("truth", "whole?"), value=readings.repeated),
    # lists: one person at a time
    "started_within": Function(gives="truth", takes=("list", "whole"), value=dates.started_within, alone=True),
    "stopped_within": Function(gives="truth", takes=("list", "whole"), value=dates.stopped_within, alone=True),
    "any_current": Function(gives="truth", takes=("list",), value=dates.any_current, alone=True),
    "first_reduction": Function(gives="truth", takes=("truth",), value=plan_lists.first_reduction, alone=True),
    "any_reduction": Function(gives="truth", takes=("truth",), value=plan_lists.any_reduction, alone=True),
    "any_growth": Function(gives="truth", takes=("list", "other"), value=plan_lists.any_growth, alone=True),
    "fall_within_days": Function(
        gives="number", takes=("list", "whole"), value=plan_lists.fall_within_days, alone=True
    ),
    "falls_faster": Function(
        gives="truth", takes=("list", "whole", "limit", "other"), value=plan_lists.falls_faster, alone=True
    ),
    "zero_then_dose": Function(gives="truth", takes=("list",), value=plan_lists.zero_then_dose, alone=True),
}
