"""Rules with one cause as one alert: many alarms for one thing are not read."""

from collections.abc import Iterable
from dataclasses import dataclass

from benzotaper.fact_types import fact_types
from benzotaper.reviewing.ladders import INTERRUPTS, Urgency
from benzotaper.reviewing.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Rules that fired on the same observations.

    Attributes:
        results: what they came to, the most urgent first.
        facts: what they fired on together.
    """

    results: tuple[Result, ...]
    facts: tuple[str, ...]

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The rules, the most urgent first."""
        return tuple(result.id for result in self.results)

    @property
    def urgency(self) -> Urgency:
        """The highest urgency among them."""
        return max(result.urgency for result in self.results)

    @property
    def interrupts(self) -> bool:
        """Whether somebody is to be interrupted now; below SAME_DAY it waits until it is looked at."""
        return any(result.urgency >= INTERRUPTS and result.override is None for result in self.results)

    def __repr__(self) -> str:
        return f"<Alert {self.urgency}: {', '.join(self.rule_ids)}>"


def alerts_of(results: Iterable[Result]) -> tuple[Alert, ...]:
    """The rules that fired, put together where they fired on a common observation; the most urgent first."""
    groups: list[tuple[list[Result], set[str]]] = []
    for result in results:
        # what the plan or the record says is shared by many rules and is no cause
        facts = {fact for fact in result.deciding_facts if "plan" not in fact_types()[fact].asked_of}
        joined = [group for group in groups if group[1] & facts]
        members = [member for group in joined for member in group[0]]
        groups = [group for group in groups if group not in joined]
        groups.append(([*members, result], set().union(facts, *(group[1] for group in joined))))
    alerts = [
        Alert(results=tuple(sorted(members, key=_urgent_first)), facts=tuple(sorted(facts)))
        for members, facts in groups
    ]
    return tuple(sorted(alerts, key=lambda alert: (-alert.urgency.rung, alert.rule_ids)))


def _urgent_first(result: Result) -> tuple[int, str]:
    return (-result.urgency.rung, result.id)
