"""Small worlds made by hand, and a table of examples checked at once."""

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from rule_oracle import FACTS_CSV, FALSE, TRUE, UNKNOWN, Obs, World, judge, thresholds_of
from rule_worlds import ENZYMES

T, U, F = TRUE, UNKNOWN, FALSE
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def table(name: str) -> list[dict[str, str]]:
    with FACTS_CSV.with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = {(row["rule_id"], row["arm"]): row["condition"] for row in table("rule_conditions.csv")}


def ago(hours: float = 1) -> datetime:
    return NOW - timedelta(hours=hours)


def o(fact: str, value: object = None, hours: float = 1, by: str = "patient", form: str = "", **more: object) -> Obs:
    return Obs(fact, value, ago(hours), by, form, **more)  # type: ignore[arg-type]


def yes(fact: str, hours: float = 1, by: str = "patient", form: str = "") -> Obs:
    return Obs(fact, value=True, at=ago(hours), by=by, form=form)


def nope(fact: str, hours: float = 1, by: str = "patient") -> Obs:
    return Obs(fact, value=False, at=ago(hours), by=by)


def p(fact: str, value: object) -> Obs:
    return o(fact, value, by="plan")


def no_answer(fact: str, hours: float = 1, by: str = "patient") -> Obs:
    return o(fact, None, hours, by, unknown="declined")


def day(days_ago: int) -> date:
    return NOW.date() - timedelta(days=days_ago)


def nights(fact: str, *values: object, since: int = 0) -> list[Obs]:
    """Values day by day, the newest first; None is a gap."""
    return [o(fact, value, 24 * n) for n, value in enumerate(values, since) if value is not None]


def readings(minutes: float, by: str = "patient", **values: object) -> list[Obs]:
    return [o(fact, value, minutes / 60, by) for fact, value in values.items()]


def tenths(*values: int) -> tuple[Decimal, ...]:
    return tuple(Decimal(value).scaleb(-1) for value in values)


def world(observations: list[Obs], profile: str = "asam-2025", now: datetime = NOW, per_mg: object = 1) -> World:
    equal = (lambda mg: (mg, mg * Fraction(per_mg))) if per_mg else lambda _: None  # type: ignore[arg-type]
    return World(tuple(observations), now, thresholds_of(profile), equal, ENZYMES)


def truth(rule: str, arm: str, observations: list[Obs], **how: object) -> int:
    return judge(world(observations, **how))[rule, arm]  # type: ignore[arg-type]


def check(name: str, examples: Mapping[str, tuple[int, list[Obs]]]) -> None:
    rule, arm = name.split()
    found = {words: truth(rule, arm, observations) for words, (_, observations) in examples.items()}
    assert found == {words: expected for words, (expected, _) in examples.items()}
