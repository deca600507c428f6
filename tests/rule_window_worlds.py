"""Worlds at the very edge of a window, which random ones seldom hit: each with the rule that they are about."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from rule_oracle import FALSE, TRUE, UNKNOWN, Obs, World, thresholds_of

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class AtTheEdge(NamedTuple):
    """Observations, and the truth of one arm there, worked out by hand from the words of the rules."""

    rule_id: str
    arm: str
    observations: tuple[Obs, ...]
    truth: int


def seen(fact: str, value: object, ago: timedelta, by: str = "patient") -> Obs:
    return Obs(fact, value, NOW - ago, by)


def pressures(apart: timedelta, *, sbp: int) -> tuple[Obs, ...]:
    """Two readings so far apart, the last an hour ago."""
    return tuple(seen("sbp", sbp, ago, "device") for ago in (HOUR, HOUR + apart))


def readings(apart: timedelta) -> tuple[Obs, ...]:
    """Two resting readings with two signs, after a reduction, with anxiety."""
    each = (("sbp", 151), ("dbp", 101), ("pulse", 111), ("temp", 37), ("at_rest", True))
    sets = [seen(fact, value, ago, "clinician") for ago in (HOUR, HOUR + apart) for fact, value in each]
    return (
        *sets,
        seen("acute_anxiety", value=True, ago=HOUR),
        seen("consent_remote_pulse", value=True, ago=HOUR),
        seen("last_reduction", NOW.date(), HOUR, "plan"),
    )


def edges() -> Iterator[AtTheEdge]:
    """All of them."""
    day_of = [seen("acute_life_event", value=False, ago=HOUR)]  # today has an answer: the 14 days end today
    for days, truth in ((13, TRUE), (14, FALSE)):
        others = [seen(fact, value=False, ago=HOUR) for fact in ("acute_illness", "hospital_admission")]
        event = seen("acute_life_event", value=True, ago=DAY * days)
        yield AtTheEdge("PA-08", "life_event", (event, *day_of, *others), truth)
    for late, truth in ((timedelta(0), TRUE), (SECOND, FALSE)):
        jerks = seen("new_myoclonus", value=True, ago=72 * HOUR + late), seen("new_myoclonus", value=False, ago=HOUR)
        yield AtTheEdge("RF-11", "jerks", jerks, truth)
    for apart, truth in ((MINUTE, TRUE), (MINUTE - SECOND, UNKNOWN)):
        yield AtTheEdge("RF-14", "repeated", pressures(apart, sbp=180), truth)
    for apart, truth in ((5 * MINUTE, TRUE), (5 * MINUTE - SECOND, UNKNOWN)):
        yield AtTheEdge("RF-16", "autonomic", readings(apart), truth)
    falls = seen("index_drug", "alprazolam", HOUR, "plan")
    for daily, truth in (((10, 8, 6, 4), TRUE), ((10, 8, 6, 5), FALSE), ((10, 10, 8, 7, 6, 4), FALSE)):
        doses = tuple(Decimal(tenths) / 10 for tenths in daily)  # mg a day: 0.6 within three days, or 0.5, or 0.4
        yield AtTheEdge("PL-09", "label_cap", (falls, seen("index_daily_mg", doses, HOUR, "plan")), truth)


def world_of(edge: AtTheEdge, profile_id: str) -> World:
    return World(edge.observations, NOW, thresholds_of(profile_id), lambda mg: (mg, mg), {})
