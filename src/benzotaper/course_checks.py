"""Which entry may follow those that a journal has."""

from collections.abc import Sequence
from datetime import date, datetime

from benzotaper.course_state import State
from benzotaper.errors import AcknowledgementError, CourseError
from benzotaper.journal import Accepted, Change, Cleared, Entry, Replanned, Reviewed
from benzotaper.journal_state import latched_of

EMERGENCY = "EMERGENCY_NOW"


def check_entry(entry: object, journal: Sequence[Entry], state: State, *, drill: bool) -> None:
    """Refuse an entry that cannot follow.

    Args:
        entry: the entry.
        journal: what is written down.
        state: where the course stands by it.
        drill: whether the course is a drill.

    Raises:
        CourseError: it cannot follow; the sentence says why.
        AcknowledgementError: it brings a plan with red findings, and no reason.
    """
    if not isinstance(entry, Entry) or isinstance(entry, Accepted) or not entry.KIND:
        message = f"{entry!r} is no entry that a course takes; see journal.KINDS, but for its first one"
        raise CourseError(message, value=entry)
    if isinstance(entry, Change):
        refuse_early(entry.day, journal)
        state.after(entry)
    else:
        _refuse_before_last(entry, journal)
    if isinstance(entry, Replanned):
        _refuse_unexplained(entry, journal, state)
    if isinstance(entry, Reviewed) and entry.drill != drill:
        which = "a drill takes only reviews that are drills" if drill else "a drill is no review of a real course"
        raise CourseError(f"review of {entry.at}: {which}", value=entry)
    if isinstance(entry, Cleared):
        _refuse_clearing(entry, journal)


def refuse_early(day: date, journal: Sequence[Entry]) -> None:
    """Refuse a change that lies before what is written down.

    Raises:
        CourseError: it does.
    """
    last = max(journal, key=lambda entry: entry.day)
    if day < last.day:
        message = f"{day} lies before {last.day}, for which '{last.KIND}' is written down; the journal only goes on"
        raise CourseError(message, value=day)


def new_reds(entry: Replanned, journal: Sequence[Entry], state: State) -> tuple[str, ...]:
    """The red findings of a new plan; of one that only goes on, those that nobody has accepted yet."""
    known = {code for e in journal if isinstance(e, Accepted | Replanned) for code in e.findings}
    reds = state.reds(entry)
    return tuple(code for code in reds if code not in known) if state.goes_on(entry) else reds


def _refuse_before_last(entry: Entry, journal: Sequence[Entry]) -> None:
    times = [e.at for e in journal if isinstance(e.at, datetime)]
    if isinstance(entry.at, datetime) and times and entry.at < times[-1]:
        message = f"{entry.at} lies before {times[-1]}, the time of the entry before; the journal only goes on"
        raise CourseError(message, value=entry.at)


def _refuse_unexplained(entry: Replanned, journal: Sequence[Entry], state: State) -> None:
    reds = new_reds(entry, journal, state)
    if reds and not entry.reason:
        message = f"the new plan has red findings ({', '.join(reds)}): give reason=, which the course keeps"
        raise AcknowledgementError(message, what=", ".join(reds))


def _refuse_clearing(entry: Cleared, journal: Sequence[Entry]) -> None:
    latched = latched_of(journal)
    if entry.rule_id not in latched:
        named = ", ".join(latched) or "none"
        raise CourseError(f"{entry.rule_id} is not latched, so it cannot be cleared; latched: {named}", value=entry)
    if latched[entry.rule_id][0] == EMERGENCY and not (entry.role == "prescriber" and entry.rebaselined):
        message = f"{entry.rule_id} is {EMERGENCY}: a prescriber clears it, with rebaselined=True"
        raise CourseError(message, value=entry.rule_id)
