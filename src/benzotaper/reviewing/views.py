"""A review as sections of lines, for one reader; text and page are two ways to show the same sections."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from benzotaper.errors import ReviewError
from benzotaper.fact_types import fact_type
from benzotaper.reviewing.alerts import Alert
from benzotaper.reviewing.found import Found
from benzotaper.reviewing.ladders import INTERRUPTS, Directive, Urgency
from benzotaper.reviewing.results import NOT_CONSIDERED, Input, Result, value_said
from benzotaper.reviewing.texts import ROLES, text_for, text_key
from benzotaper.truth import Truth

KEEP_TAKING = "keep taking"
"""What is said where stopping is the danger; left out where the dose itself may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that is said.

    Attributes:
        text: what.
        more: what stands below it, such as why; each one line.
        key: of a fixed text; "" where it is none.
    """

    text: str
    more: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Lines under a heading."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A review for one reader.

    Attributes:
        role: "clinician" (everything), "coach" (urgency, what to do, whom to call, no dose) or "patient" (fixed texts).
        title: what stands above it.
        sections: what is said; those without lines are left out.
    """

    role: str
    title: str
    sections: tuple[Section, ...]


def view_of(review: Found, *, role: str) -> View:
    """The review for a reader.

    Raises:
        ReviewError: no such role.
    """
    if role not in ROLES:
        raise ReviewError(f"role {role!r} is not one of {', '.join(ROLES)}", value=role)
    sections = _VIEWS[role](review)
    drill = "DRILL, not about a real person. " if review.drill else ""
    titles = {"clinician": "Review by the rules", "coach": "What to do", "patient": "Your check-in"}
    return View(
        role=role, title=f"{drill}{titles[role]}", sections=tuple(section for section in sections if section.lines)
    )


# ---- fixed texts, for coach and patient


def _coach(review: Found) -> Iterator[Section]:
    if review.expired:
        note = Line(text="The rules behind this are past their date. Tell the service.")
        yield Section(title="Please note", lines=(note,))
    yield Section(title="How soon", lines=tuple(_urgency(review, "coach")))
    yield Section(title="What to do", lines=tuple(_said(review, "coach")))
    yield Section(title="The plan", lines=tuple(_plan(review, "coach")))
    yield Section(title="Whom to call", lines=tuple(_calls(review)))


def _patient(review: Found) -> Iterator[Section]:
    yield Section(title="What to do now", lines=tuple(_urgency(review, "patient")))
    yield Section(title="What we saw", lines=tuple(_said(review, "patient")))
    yield Section(title="Your plan", lines=tuple(_plan(review, "patient")))
    yield Section(title="Whom to call", lines=tuple(_calls(review)))


def _fixed(review: Found, key: str, role: str) -> Line:
    return Line(text=review.contacts.fill(text_for(key, role=role)), key=f"{key}.{role}")


def _urgency(review: Found, role: str) -> Iterator[Line]:
    if review.drill:
        yield _fixed(review, "drill", role)
    if review.urgency_known > Urgency.NONE:
        yield _fixed(review, f"urgency_{review.urgency_known.lower()}", role)
    elif review.may_step is Truth.TRUE:
        yield _fixed(review, "nothing_found", role)
    if review.contact_same_day:
        yield _fixed(review, "declined", role)
    asks = review.may_step is Truth.UNKNOWN or review.data_required
    if asks and not (role == "patient" and review.urgency_known is Urgency.EMERGENCY_NOW):
        yield _fixed(review, "not_known", role)  # in an emergency nobody fills in a form


def _said(review: Found, role: str) -> Iterator[Line]:
    """The text of the most urgent rule of each alert; of rules that the reader should act on, each one's.

    In an emergency the person reads what is urgent, and nothing else.
    """
    said: dict[str, Line] = {}
    urgent_only = role == "patient" and review.urgency_known is Urgency.EMERGENCY_NOW
    for alert in review.alerts:
        if urgent_only and alert.urgency < INTERRUPTS:
            continue
        lead = alert.results[0]
        for result in alert.results:
            if result is lead or result.urgency >= INTERRUPTS:
                line = _fixed(review, text_key(result.id), role)
                said.setdefault(line.text, _without_dose_advice(line) if review.prescriber_decides_dose else line)
    yield from said.values()


def _without_dose_advice(line: Line) -> Line:
    """The same without the advice to keep taking, which another finding contradicts."""
    sentences = line.text.replace("! ", ". ").split(". ")
    kept = [sentence for sentence in sentences if KEEP_TAKING not in sentence.casefold()]
    return line if len(kept) == len(sentences) else Line(text=". ".join(kept).rstrip(".") + ".", key=line.key)


def _plan(review: Found, role: str) -> Iterator[Line]:
    if review.prescriber_decides_dose:
        yield _fixed(review, "prescriber_decides_dose", role)
    elif review.directive is not Directive.NONE:
        yield _fixed(review, review.directive.lower(), role)
    if review.offers and review.may_step is Truth.TRUE:
        yield _fixed(review, "resume_may_be_offered", role)


def _calls(review: Found) -> Iterator[Line]:
    contacts = review.contacts
    yield Line(text=contacts.fill("Emergency: {emergency_number}"))
    yield Line(text=contacts.fill("Crisis line: {crisis_line}"))
    if contacts.prescriber:
        yield Line(text=contacts.fill("Prescriber: {prescriber}"))


# ---- everything, for the clinician


def _clinician(review: Found) -> Iterator[Section]:
    yield Section(title="Judged by", lines=tuple(_judged_by(review)))
    yield Section(title="What this asks for", lines=tuple(_overall(review)))
    yield Section(title="What was found", lines=tuple(map(_alert, review.alerts)))
    yield Section(title="Still latched", lines=tuple(_latched(review)))
    yield Section(title="Overridden", lines=tuple(_overridden(review)))
    yield Section(title="May be offered", lines=tuple(_found(result) for result in review.offers))
    yield Section(title="Ask now", lines=tuple(_questions(review, "ASK_NOW")))
    yield Section(title="Needed before a step or a start", lines=tuple(_needed(review)))
    yield Section(title="Not excluded", lines=tuple(_not_excluded(review)))
    yield Section(title="By other equivalence tables", lines=tuple(_by_tables(review)))
    yield Section(title="Whom to call", lines=tuple(_calls(review)))
    yield Section(title="Not considered", lines=(Line(text=", ".join(NOT_CONSIDERED)),))


def _judged_by(review: Found) -> Iterator[Line]:
    if review.drill:
        yield _fixed(review, "drill", "clinician")
    profile, rules = review.profile, review.ruleset
    yield Line(
        text=f"{review.now.isoformat(timespec='minutes')}, profile {profile.id}: {profile.title} ({profile.date})"
    )
    expired = f"; EXPIRED on {rules.expires}: have it looked at before relying on it" if review.expired else ""
    yield Line(text=f"rule set {rules.version} of {rules.date}{expired}; diazepam mg by table {review.table}")


def _overall(review: Found) -> Iterator[Line]:
    if review.prescriber_decides_dose:
        yield _fixed(review, "prescriber_decides_dose", "clinician")
    if review.contact_same_day:
        yield _fixed(review, "declined", "clinician")
    yield Line(text=f"urgency: {review.urgency_known}; not excluded: {review.urgency_not_excluded}")
    yield Line(text=f"directive: {review.directive}")
    words = {
        Truth.TRUE: "no rule against the planned step was found on these data",
        Truth.UNKNOWN: "not permitted until what is needed is known",
        Truth.FALSE: "not permitted: a rule stands against it",
    }
    yield Line(text=f"next step: {words[review.may_step]}")


def _alert(alert: Alert) -> Line:
    first, *others = (_found(result) for result in alert.results)
    interrupts = "" if alert.interrupts else " (does not interrupt)"
    below = (line for other in others for line in (other.text, *other.more))
    return Line(text=f"{first.text}{interrupts}", more=(*first.more, *below), key=first.key)


def _found(result: Result) -> Line:
    text = text_for(text_key(result.id), role="clinician")
    return Line(
        text=f"{result.id} {result.urgency}: {text}", more=tuple(_why(result)), key=f"{text_key(result.id)}.clinician"
    )


def _why(result: Result) -> Iterator[str]:
    seen = [_input(each) for each in result.inputs if each.name in result.deciding_facts and each.quality == "ok"]
    if seen:
        yield f"seen: {'; '.join(seen)}"
    if result.latch:
        since = result.latch.since.isoformat(timespec="minutes")
        yield f"latched since {since}; a named clinician clears it with a reason"
    if result.override:
        yield f"overridden by {result.override.by} ({result.override.role}) {result.override.until_text}"
    ours = [f"{each.name} {value_said(each)}" for each in result.thresholds if each.is_ours]
    if ours:
        yield f"project default, confirm: {', '.join(ours)}"
    if result.unverified:
        yield "unverified: rests on a fact that was recalled"
    if not result.latch:
        yield f"would change if: {'; '.join(result.would_change_if)}"


def _input(seen: Input) -> str:
    unit = f" {seen.unit}" if seen.unit and not seen.unit.startswith("{") else ""
    form = f" ({seen.form_id})" if seen.form_id else ""
    return f"{seen.name} {seen.value}{unit}{form}, {age_text(seen.age)} old, by {seen.who or seen.by}"


def age_text(age: timedelta) -> str:
    """How old, in words.

    >>> age_text(timedelta(hours=49)), age_text(timedelta(minutes=5))
    ('2 d', '5 min')
    """
    if age >= timedelta(days=2):
        return f"{age.days} d"
    hours, rest = divmod(age, timedelta(hours=1))
    return f"{hours} h" if hours else f"{rest // timedelta(minutes=1)} min"


def _latched(review: Found) -> Iterator[Line]:
    for result in review.results:
        if result.latch:
            yield Line(
                text=f"{result.id} since {result.latch.since.isoformat(timespec='minutes')} ({result.latch.urgency})"
            )


def _overridden(review: Found) -> Iterator[Line]:
    for result in review.results:
        if result.override:
            yield Line(text=f"{result.id} by {result.override.by} ({result.override.role}): {result.override.reason}")


def _questions(review: Found, *policies: str) -> Iterator[Line]:
    for policy in policies:
        for fact in review.questions(policy):
            kind = fact_type(fact)
            meaning = kind.meaning.partition(" (freshness")[0]
            yield Line(text=f"{fact}: {meaning} (ask {' or '.join(kind.asked_of)})")


def _needed(review: Found) -> Iterator[Line]:
    asked = set(review.questions("ASK_NOW"))
    for line in _questions(review, "HOLD_UNTIL_KNOWN", "BLOCK_START"):
        if line.text.partition(":")[0] not in asked:
            yield line


def _not_excluded(review: Found) -> Iterator[Line]:
    ordered = sorted(review.not_excluded, key=lambda result: (-result.urgency_not_excluded.rung, result.id))
    for result in ordered:
        missing = ", ".join(result.reasons[:4]) + (", ..." if len(result.reasons) > 4 else "")  # noqa: PLR2004
        yield Line(text=f"{result.id} up to {result.urgency_not_excluded}: {missing}")


def _by_tables(review: Found) -> Iterator[Line]:
    for table, truths in review.beside.items():
        if truths:
            yield Line(text=f"{table}: {', '.join(f'{rule_id} {truth}' for rule_id, truth in truths.items())}")


_VIEWS: Mapping[str, Callable[[Found], Iterable[Section]]] = {
    "clinician": _clinician,
    "coach": _coach,
    "patient": _patient,
}
