"""Functions of dates: how long ago, what is due, what was started or stopped."""

from typing import Any

from benzotaper.entries import SCALE
from benzotaper.observations import Medicine
from benzotaper.rules.algebra import FAR, Number, compare, surely
from benzotaper.rules.days import day_truth, whole
from benzotaper.rules.machine import Machine, Window
from benzotaper.rules.nodes import Limit, Node
from benzotaper.unknown import Unknown
from benzotaper.values import NOT_APPLICABLE


def days_since(machine: Machine, node: Node, date: str) -> Number:
    """Days from then to now."""
    day = machine.date(date, not node.worse)
    return Number((machine.today - day.high) * SCALE, (machine.today - day.low) * SCALE, day.exists)


def months_since(machine: Machine, node: Node, date: str) -> Number:
    """Completed calendar months from then to now."""
    day = machine.date(date, not node.worse)
    given, sure = _given(machine, day)
    months = machine.months_between(given, machine.today) * SCALE
    low = machine.where(day.high < FAR, months, -FAR)
    high = machine.where(day.low > -FAR, months, FAR)
    return Number(machine.where(sure, months, low), machine.where(sure, months, high), day.exists)


def _given(machine: Machine, day: Number) -> tuple[Any, Any]:
    """A day that was given (today where none was), and whether no other could be worse."""
    there = day.exists == 1
    given = machine.where(day.low > -FAR, day.low, machine.where(day.high < FAR, day.high, machine.today))
    return machine.where(there, given, machine.today), there & (day.low == day.high)


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


def true_within(machine: Machine, _: Node, fact: str, window: Node) -> Any:
    """Whether it was TRUE in the window, however old that may be by now."""
    limit = whole(machine.run(window))
    assert isinstance(window, Limit)  # noqa: S101  by the signature
    if machine.units[window.name] == "h":
        seen = machine.seen_within_hours(fact, limit)
    else:
        seen = 0
        for day in machine.days(fact, Window(limit, since=False), highest=True):
            seen = machine.greater(seen, surely(day_truth(day)))
    return machine.where(seen == 1, 2, machine.where(machine.newest(fact) == 0, 0, 1))


# ---- check-ins


def checkin_due(machine: Machine, node: Node, anchor: str, done: str, due: Node, every: Node | None = None) -> Any:
    """Whether the newest check-in that was due has not been made."""
    return _newest_due(machine, node, anchor, done, due, every)[1]


def checkin_overdue_by(
    machine: Machine, node: Node, anchor: str, done: str, due: Node, every: Node | None = None
) -> Number:
    """Days since the check-in that is due; 0 where none is."""
    day, truth = _newest_due(machine, node, anchor, done, due, every)
    begun = machine.date(anchor, not node.worse)
    late = machine.where(day < 0, 0, (machine.today - day) * SCALE)
    most = machine.where(begun.low == begun.high, late, FAR)  # whether it was made or not, it is no later than that
    low, high = machine.where(truth == 2, late, 0), machine.where(truth == 0, 0, most)  # noqa: PLR2004
    return Number(low, machine.greater(low, high), 1)


def _newest_due(machine: Machine, node: Node, anchor: str, done: str, due: Node, every: Node | None) -> tuple[Any, Any]:
    """The newest day on which a check-in was due, and whether it has not been made since."""
    begun, made = machine.date(anchor, not node.worse), machine.date(done, not node.worse)
    assert isinstance(due, Limit)  # noqa: S101  by the signature
    first, sure = _given(machine, begun)
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
    given = (begun.low > -FAR) | (begun.high < FAR)
    doubted = machine.where(given, machine.greater(truth, 1) if node.worse else machine.lesser(truth, 1), 1)
    return newest, machine.where(sure, truth, doubted) * begun.exists


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
