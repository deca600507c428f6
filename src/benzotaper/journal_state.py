"""What the entries of a journal add up to: latched rules, clearances, overrides, the risk tier, check-ins."""

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from fractions import Fraction

from benzotaper.doses import NG_PER_MG
from benzotaper.journal import (
    TIERS,
    URGENCIES,
    CheckedIn,
    Cleared,
    Entry,
    FinalDoseAllowed,
    Overridden,
    Reviewed,
    TierSet,
)
from benzotaper.values import NOT_APPLICABLE, NotApplicable

HIGH_DOSE, LIFETIME_BEHAVIOUR = "CA-08", "cssrs_behavior_lifetime"
"""The rule that makes the tier high, and the fact that, once reported, makes it at least moderate."""


def until(entries: Iterable[Entry], now: datetime) -> tuple[Entry, ...]:
    """The entries that were written down by a time; a change by its day in the zone of that time."""
    return tuple(e for e in entries if (e.at <= now if isinstance(e.at, datetime) else e.at <= now.date()))


def latched_of(entries: Iterable[Entry]) -> dict[str, tuple[str, datetime]]:
    """The rules that are latched, each with its highest urgency and since when."""
    found: dict[str, tuple[str, datetime]] = {}
    for entry in entries:
        if isinstance(entry, Cleared):
            found.pop(entry.rule_id, None)
        elif isinstance(entry, Reviewed) and isinstance(entry.at, datetime):
            urgencies = dict(entry.true_rules)
            for rule_id in {*entry.latched, *(set(found) & set(urgencies))}:
                urgency, since = found.get(rule_id, ("NONE", entry.at))
                found[rule_id] = max(urgency, urgencies[rule_id], key=URGENCIES.index), since
    return found


def clearances_of(entries: Iterable[Entry]) -> dict[str, datetime]:
    """When each rule was cleared last."""
    return {e.rule_id: e.at for e in entries if isinstance(e, Cleared) and isinstance(e.at, datetime)}


def overrides_of(entries: Iterable[Entry], now: datetime) -> dict[str, Overridden]:
    """The newest override of each rule that counts at a time."""
    made = (e for e in until(entries, now) if isinstance(e, Overridden))
    return {rule_id: e for rule_id, e in {e.rule_id: e for e in made}.items() if now < e.until}


def urgency_of(entries: tuple[Entry, ...]) -> str:
    """The urgency of the newest review, latched rules included; NONE before the first."""
    reviews = [entry.urgency for entry in entries if isinstance(entry, Reviewed)]
    latched = [urgency for urgency, _ in latched_of(entries).values()]
    return max([*reviews[-1:], *latched, "NONE"], key=URGENCIES.index)


def tier_of(entries: tuple[Entry, ...]) -> str:
    """The highest risk tier that a clinician or a reviewed rule has set."""
    tiers = [entry.tier for entry in entries if isinstance(entry, TierSet)]
    for entry in entries:
        if isinstance(entry, Reviewed):
            tiers += ["high"] if HIGH_DOSE in dict(entry.true_rules) else []
            tiers += ["moderate"] if LIFETIME_BEHAVIOUR in entry.reported_facts else []
    return max([*tiers, TIERS[0]], key=TIERS.index)


def last_checkin_of(entries: Iterable[Entry], zone: tzinfo | None) -> date | None:
    """The day of the newest check-in, in a zone."""
    times = [e.at for e in entries if isinstance(e, CheckedIn) and isinstance(e.at, datetime)]
    return times[-1].astimezone(zone).date() if times else None


def allowed_final_dose_of(entries: Iterable[Entry], drug: str) -> Fraction | NotApplicable:
    """The last fall to zero that a prescriber allowed, if it counts in this drug (mg)."""
    allowed = [entry for entry in entries if isinstance(entry, FinalDoseAllowed)]
    return Fraction(allowed[-1].dose.ng, NG_PER_MG) if allowed and allowed[-1].drug == drug else NOT_APPLICABLE
