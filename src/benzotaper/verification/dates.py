"""Whether the days follow each other, from what is taken now to a declared end."""

from collections.abc import Iterator

from benzotaper.verification.certificate import Check, checked, not_applicable
from benzotaper.verification.reading import TIMES, Given, Paper, Stretch
from benzotaper.verification.words import day_text, mg_text

LONGEST_DAYS = 20 * 365 + 5  # twenty years


def begins_with_what_is_taken_now(paper: Paper) -> Check:
    """Step 0 is the current regimen, for as long as the lead-in says."""
    return checked("current regimen", _other_beginning(paper), held=f"step 0 is {_told(paper.now)}")


def _told(day: tuple[Given, ...]) -> str:
    return ", ".join(f"{given.drug} {mg_text(given.ng)} mg {given.time}" for given in day)


def _other_beginning(paper: Paper) -> Iterator[str]:
    first = paper.steps[0]
    if list(map(_doses, first.cycle)) != [_doses(paper.now)]:
        yield "step 0 is not what the regimen says is taken now"
    if first.days is not None and first.days < paper.lead_in_days:
        yield f"the current dose is kept for {first.days} days, but a lead-in of {paper.lead_in_days} was asked for"


def days_follow_each_other(paper: Paper) -> Check:
    """Steps are numbered in order; each day from the start on is in exactly one step; only the last is open."""
    total = sum(step.days or 0 for step in paper.steps)
    held = f"steps 0 to {len(paper.steps) - 1} cover {total} days from {day_text(paper.start)} on, none twice"
    return checked("calendar", _out_of_line(paper, total), held=held)


def _out_of_line(paper: Paper, total: int) -> Iterator[str]:
    day = paper.start
    for place, step in enumerate(paper.steps):
        if step.number != place:
            yield f"step {place} is numbered {step.number}"
        if (step.days is None) != (place == len(paper.steps) - 1):
            yield f"step {place} is {'open' if step.days is None else 'closed'}; the last step is open, and only that"
        if step.days == 0 and place:
            yield f"step {place} lasts no day"
        begins = None if step.days == 0 else day
        if step.start != begins:
            yield f"step {place} begins on {day_text(step.start)}, but by the days before it on {day_text(begins)}"
        ends = None if not step.days else day + step.days - 1
        if step.end != ends:
            yield f"step {place} ends on {day_text(step.end)}, but by its length on {day_text(ends)}"
        day += step.days or 0
    if total > LONGEST_DAYS:
        yield f"{total} days are more than {LONGEST_DAYS}"


def reductions_are_apart(paper: Paper) -> Check:
    """With several drugs, each step lasts at least as long as one reduction is to be felt before the next."""
    name = "reductions apart"
    if len(paper.drugs_now) == 1:
        return not_applicable(name, f"one drug, {paper.drugs_now[0]}")
    held = f"each of several drugs falls at least {paper.apart_days} days after the last fall"
    return checked(name, _too_near(paper), held=held)


def _too_near(paper: Paper) -> Iterator[str]:
    if not paper.apart_days:
        yield "there are several drugs, but nothing says how far apart reductions are to be"
    for step in paper.steps[1:-1]:
        if (step.days or 0) < paper.apart_days:
            lasts = f"step {step.number} lasts {step.days or 0} days"
            yield f"{lasts}, but reductions are to be {paper.apart_days} days apart"


def doses_stand_in_order(paper: Paper) -> Check:
    """On each day each drug stands once a time, in the order of the day."""
    days = [(step.number, day) for step in paper.steps for day in step.cycle]
    faults = (
        f"step {number}: {given.drug} at {given.time} is out of order, or there twice"
        for number, day in days
        for place, given in enumerate(day)
        if _misplaced(day[:place], given)
    )
    return checked("order of the day", faults, held=f"{len(days)} different days: each drug once a time, in order")


def _misplaced(before: tuple[Given, ...], given: Given) -> bool:
    later = TIMES[TIMES.index(given.time) + 1 :]
    return any(b.time in later or (b.time, b.drug) == (given.time, given.drug) for b in before)


def ends_as_declared(paper: Paper) -> Check:
    """The last state is nothing, the maintenance dose, or open at a gate; `stops_on` is the first day of nothing."""
    last = paper.steps[-1]
    held = {
        "zero": f"nothing is taken from {day_text(last.start)} on",
        "maintenance": f"{_told(last.cycle[0])} is kept from {day_text(last.start)} on",
        "gate": f"open from {day_text(last.start)} on, until a review; {paper.remaining} strategies remain",
    }[paper.ending]
    return checked("ending", _other_ending(paper, last), held=held)


def _other_ending(paper: Paper, last: Stretch) -> Iterator[str]:
    for step in paper.steps[:-1]:
        if not any(step.cycle):
            yield f"step {step.number} takes nothing, but is not the last"
    expected = last.start if paper.ending == "zero" else None
    if paper.stops_on != expected:
        yield f"stops_on is {day_text(paper.stops_on)}, but by the steps it is {day_text(expected)}"
    if (paper.remaining > 0) != (paper.ending == "gate"):
        yield f"{paper.remaining} strategies remain, but the ending is {paper.ending!r}"
    yield from {"zero": _not_to_zero, "maintenance": _not_kept, "gate": _nothing_kept}[paper.ending](paper, last)


def _not_to_zero(paper: Paper, last: Stretch) -> Iterator[str]:
    if last.cycle != ((),):
        yield "the ending is zero, but something is taken in the last step"
    if paper.target:
        yield f"the ending is zero, but a maintenance dose of {mg_text(paper.target)} mg was asked for"
    if paper.last_dose:
        before = max((_total(day) for step in paper.steps[-2:-1] for day in step.cycle), default=0)
        if before != paper.last_dose:
            asked = mg_text(paper.last_dose)
            yield f"it goes to zero from {mg_text(before)} mg, but the last dose asked for is {asked} mg"


def _not_kept(paper: Paper, last: Stretch) -> Iterator[str]:
    if len(paper.drugs_now) > 1 and not paper.target:
        drugs = {given.drug for day in last.cycle for given in day}
        due = [dose for dose in _doses(paper.now) if dose[0] in drugs]
        if not due or list(map(_doses, last.cycle)) != [due]:
            yield "no maintenance dose was asked for, and what is kept is not what is taken of a drug now"
        return
    kept = [_total(day) for day in last.cycle]
    if not paper.target or kept != [paper.target]:
        yield f"{' and '.join(map(mg_text, kept))} mg is kept, but the maintenance dose is {mg_text(paper.target)} mg"


def _nothing_kept(paper: Paper, last: Stretch) -> Iterator[str]:  # noqa: ARG001  one signature for all endings
    if not any(last.cycle):
        yield "the plan waits at a gate, but nothing is taken there"


def _doses(day: tuple[Given, ...]) -> list[tuple[str, str, int]]:
    return [(given.drug, given.time, given.ng) for given in day]


def _total(day: tuple[Given, ...]) -> int:
    return sum(given.ng for given in day)
