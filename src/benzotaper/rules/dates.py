"""Functions of dates: how long ago, what is due, what was started or stopped."""

from typing import Any

from benzotaper.entries import SCALE
from benzotaper.observations import Medicine
from benzotaper.rules.algebra import FAR, NOT_KNOWN, Number, compare, surely, times
from benzotaper.rules.days import day_truth, whole
from benzotaper.rules.machine import Machine, Window
from benzotaper.rules.nodes import Limit, Node
from benzotaper.unknown import Unknown
from benzotaper.values import NOT_APPLICABLE


def _known(day: Number) -> Any:
    return day.low == day.high


def _ago(machine: Machine, node: Node, date: str) -> Number:
    """Whole days from a date to today."""
    day = machine.date(date, not node.worse)
    ago = machine.range_where(_known(day), Number(machine.today - day.high, machine.today - day.low, 1), NOT_KNOWN)
    return ago._replace(exists=day.exists)


def _in_days(machine: Machine, days: Number) -> Number:
    known = _known(days)
    return machine.range_where(known, times(machine.range_where(known, days, Number(0, 0, 1)), SCALE), NOT_KNOWN)


def days_since(machine: Machine, node: Node, date: str) -> Number:
    """Days from then to now."""
    ago = _ago(machine, node, date)
    return _in_days(machine, ago)._replace(exists=ago.exists)


def months_since(machine: Machine, node: Node, date: str) -> Number:
    """Completed calendar months from then to now."""
    day = machine.date(date, not node.worse)
    months = machine.months_between(machine.where(_known(day), day.low, machine.today), machine.today) * SCALE
    return machine.range_where(_known(day), Number(months, months, 1), NOT_KNOWN)._replace(exists=day.exists)


def overdue_by(machine: Machine, node: Node, date: str, interval: Node) -> Number:
    """Days from the date plus the interval to now; 0 before that."""
    ago, apart = days_since(machine, node, date), machine.run(interval)
    low, high = (machine.greater(each, 0) for each in (ago.low - apart.high, ago.high - apart.low))
    return Number(low, high, ago.exists * apart.exists)


def reached(machine: Machine, node: Node, date: str, anchor: str, days: Node) -> Any:
    """Whether the date is so many days after the anchor, or later."""
    day, begun = machine.date(date, node.worse), machine.date(anchor, not node.worse)
    after = whole(machine.run(days))
    return compare(">=", day, Number(begun.low + after, begun.high + after, begun.exists))


def true_within(machine: Machine, node: Node, fact: str, window: Node) -> Any:
    """Whether it was TRUE in the window, however old that may be by now."""
    limit = whole(machine.run(window))
    assert isinstance(window, Limit)  # noqa: S101  by the signature
    if machine.units[window.name] == "h":
        seen = machine.seen_within_hours(fact, limit)
    else:
        seen = 0
        for day in machine.days(fact, Window(limit, since=False), highest=True):
            seen = machine.greater(seen, surely(day_truth(day)))
    machine.because(node, "not_asked")
    return machine.where(seen == 1, 2, machine.where(machine.newest(fact) == 0, 0, 1))


# ---- check-ins


def checkin_due(  # noqa: PLR0913  as the language writes it
    machine: Machine, node: Node, anchor: str, done: str, due: Node, every: Node | None = None
) -> Any:
    """Whether the newest check-in that was due has not been made."""
    return _newest_due(machine, node, anchor, done, due, every)[1]


def checkin_overdue_by(  # noqa: PLR0913  as the language writes it
    machine: Machine, node: Node, anchor: str, done: str, due: Node, every: Node | None = None
) -> Number:
    """Days since the check-in that is due; 0 where none is."""
    day, truth = _newest_due(machine, node, anchor, done, due, every)
    late = (machine.today - day) * SCALE
    return Number(machine.where(truth == 2, late, 0), machine.where(truth == 0, 0, machine.where(truth == 2, late, FAR)), 1)  # noqa: PLR2004,E501


def _newest_due(  # noqa: PLR0913  as the language writes it
    machine: Machine, node: Node, anchor: str, done: str, due: Node, every: Node | None
) -> tuple[Any, Any]:
    """The newest day on which a check-in was due, and whether it has not been made since."""
    begun, made = machine.date(anchor, worse=False), machine.date(done, not node.worse)
    assert isinstance(due, Limit)  # noqa: S101  by the signature
    first = machine.where(_known(begun), begun.low, machine.today)
    days = [_later(machine, first, each, machine.units[due.name]) for each in machine.run(due)]
    if every is not None:
        apart = whole(machine.run(every))
        passed = machine.greater(machine.today - days[-1], 0) // apart
        days.append(days[-1] + passed * apart)
    newest: Any = -1
    for day in days:
        newest = machine.where(day <= machine.today, machine.greater(newest, day), newest)
    missed = machine.where(made.exists == 0, 2, compare("<", made, Number(newest, newest, 1)))
    truth = machine.where(newest < 0, 0, missed)
    return newest, machine.where(_known(begun), truth, 1) * begun.exists


def _later(machine: Machine, day: Any, count: int, unit: str) -> Any:
    """So many days, weeks or months later."""
    return machine.add_months(day, count) if unit == "mo" else day + count * {"d": 1, "wk": 7}[unit]


# ---- medicines: one person at a time


def started_within(machine: Machine, node: Node, fact: str, window: Node) -> Any:
    """Whether a medicine of the list was started in the window."""
    return _within(machine, node, fact, window, "start")


def stopped_within(machine: Machine, node: Node, fact: str, window: Node) -> Any:
    """Whether a medicine of the list was stopped in the window."""
    return _within(machine, node, fact, window, "stop")


def _within(machine: Machine, node: Node, fact: str, window: Node, end: str) -> int:
    medicines = _medicines(machine, node, fact)
    days = whole(machine.run(window))
    truths = []
    for medicine in medicines or ():
        day = getattr(medicine, end)
        if isinstance(day, Unknown):
            truths.append(1)
        elif day is not NOT_APPLICABLE:
            truths.append(2 if 0 <= machine.today - day.toordinal() < days else 0)
    return 1 if medicines is None else max(truths, default=0)


def any_current(machine: Machine, node: Node, fact: str) -> Any:
    """Whether a medicine of the list is taken now."""
    medicines = _medicines(machine, node, fact)
    return 1 if medicines is None else max((_current(each, machine.today) for each in medicines), default=0)


def _current(medicine: Medicine, today: int) -> int:
    started = 1 if isinstance(medicine.start, Unknown) else 2 * (medicine.start.toordinal() <= today)
    if medicine.stop is NOT_APPLICABLE:
        return started
    return min(started, 1 if isinstance(medicine.stop, Unknown) else 2 * (medicine.stop.toordinal() > today))


def _medicines(machine: Machine, node: Node, fact: str) -> tuple[Medicine, ...] | None:
    found = machine.entries_in_force(fact)
    if isinstance(found, Unknown):
        machine.because(node, found.reason)
        return None
    return () if found is NOT_APPLICABLE else found
