"""Whether the parts of a plan read from JSON fit together: dates, ends, products, and all that follows from them."""

from datetime import date, timedelta

from benzotaper.exports.json_values import Place
from benzotaper.exports.json_write import EDITIONS, document
from benzotaper.steps import PlanRecord

ANY_DOSE = "any dose"


def check_record(record: PlanRecord, place: Place) -> None:
    """Check a record against itself and against the document that it was read from.

    Args:
        record: what was read.
        place: the document.

    Raises:
        PlanFormatError: with the first place that does not fit.
    """
    steps = place.field("steps")
    if not record.steps:
        steps.refuse("a plan has at least one step, the current regimen")
    _check_calendar(record, steps)
    _check_start(record, steps)
    _check_end(record, place)
    _check_products(record, place)
    _check_crossovers(record, place)
    _check_references(record, place)
    _check_what_follows(document(record), place)


def _check_calendar(record: PlanRecord, steps: Place) -> None:
    """Steps are numbered from 0 and follow each other without a gap from the start date on; the last is open."""
    first: date | None = record.request.start
    for number, (step, found) in enumerate(zip(record.steps, steps.items(), strict=True)):
        if step.number != number:
            found.field("number").refuse(f"it is {step.number}, but steps are numbered from 0 on; here it is {number}")
        is_last = number == len(record.steps) - 1
        if (step.days is None) != is_last:
            found.field("days").refuse("only the last step is open (null); every other lasts a number of days")
        lasts_none = step.days == 0
        if lasts_none and number:
            found.field("days").refuse("a step lasts at least 1 day; only step 0 may last none")
        expected = None if lasts_none else first
        if step.start != expected:
            given = found.field("start")
            given.refuse(f"it is {given.value}, but the steps before end so that this one starts on {expected}")
        first = _after(first, step.days, found)


def _after(first: date | None, days: int | None, found: Place) -> date | None:
    try:
        return first + timedelta(days=days) if first and days is not None else None
    except OverflowError as error:
        found.field("days").refuse(f"{days} days from {first} is beyond the calendar", cause=error)


def _check_start(record: PlanRecord, steps: Place) -> None:
    """Step 0 is what is taken now."""
    now = [(i.drug, i.time, i.dose) for i in record.request.regimen.intakes]
    cycle = record.steps[0].cycle
    if len(cycle) != 1 or [(a.drug, a.time, a.dose) for a in cycle[0]] != now:
        regimen = record.request.regimen
        why = f"step 0 is the current regimen, {regimen}, but something else stands here"
        steps.items()[0].field("cycle").refuse(why)


def _check_end(record: PlanRecord, place: Place) -> None:
    """Only a plan to zero ends with nothing taken, and only one that waits at a gate leaves strategies behind."""
    *before, last = [any(step.cycle) for step in record.steps]
    steps = place.field("steps").items()
    for number, takes in enumerate(before):
        if not takes:
            steps[number].field("cycle").refuse("nothing is taken in it, but it is not the last step")
    if last == (record.ending == "zero"):
        what = "something is" if last else "nothing is"
        steps[-1].field("cycle").refuse(f"{what} taken in the last step, but the plan's ending is {record.ending!r}")
    stops_on = place.field("stops_on")
    expected = record.stops_on.isoformat() if record.stops_on else None
    if stops_on.value != expected:
        why = f"it says {stops_on.value!r}, but with ending {record.ending!r} and these steps it is {expected!r}"
        stops_on.refuse(why)
    if record.remaining and record.ending != "gate":
        place.field("remaining").refuse(f"strategies remain only behind a gate; the plan's ending is {record.ending!r}")


def _check_products(record: PlanRecord, place: Place) -> None:
    """Every dose says what makes it, unless any dose was allowed or the drug is replaced at once, never dispensed."""
    any_dose = record.request.products == ANY_DOSE
    if any_dose != (not record.shelf):
        place.field("products").refuse(f"it lists {len(record.shelf)}, but products was {record.request.products!r}")
    if any_dose != (not record.request.splitting):
        splitting = place.field("request").field("splitting")
        splitting.refuse(f"it is {splitting.value!r}; a plan with products names one, a plan with any dose has ''")
    until = {c.drug: c.first_step for c in record.crossovers if c.first_step == c.last_step}
    for step, found in zip(record.steps, place.field("steps").items(), strict=True):
        for day, there in zip(step.cycle, found.field("cycle").items(), strict=True):
            for administration, here in zip(day, there.items(), strict=True):
                at_once = step.number < until.get(administration.drug, 0)
                if not administration.taken and not any_dose and not at_once:
                    here.field("taken").refuse("no product makes this dose; name what is taken")


def _check_crossovers(record: PlanRecord, place: Place) -> None:
    """Every drug but the last is replaced, at steps of the plan, by one that leads to the last."""
    several = len(record.request.regimen.drugs) > 1
    counted = set(record.drugs) - {cross.drug for cross in record.crossovers} if several else {record.drugs[-1]}
    for crossover, found in zip(reversed(record.crossovers), reversed(place.field("crossovers").items()), strict=True):
        if crossover.to not in counted or crossover.drug not in record.drugs:
            found.refuse(f"{crossover.drug} to {crossover.to} is no change of drug in this plan")
        counted.add(crossover.drug)
        if not 0 < crossover.first_step <= crossover.last_step < len(record.steps):
            why = f"steps {crossover.first_step} to {crossover.last_step} are not steps of this plan after step 0"
            found.refuse(why)
    for drug in record.drugs:
        if drug not in counted:
            place.field("crossovers").refuse(
                f"{drug} is taken besides {record.drugs[-1]}, but no change of drug says why"
            )


def _check_references(record: PlanRecord, place: Place) -> None:
    for finding, found in zip(record.findings, place.field("findings").items(), strict=True):
        for number, here in zip(finding.steps, found.field("steps").items(), strict=True):
            if number >= len(record.steps):
                here.refuse(f"there is no step {number}; the last is {len(record.steps) - 1}")


def _check_what_follows(expected: object, place: Place) -> None:
    """Compare the document with what the record says again, value by value, and name the first that differs."""
    if isinstance(expected, dict):
        for name, found in place.fields(*expected, *(() if place.path else ("content_sha256",))).items():
            if name in expected and (place.path or name not in EDITIONS):
                _check_what_follows(expected[name], found)
    elif isinstance(expected, list):
        items = place.items()
        if len(items) != len(expected):
            place.refuse(f"it has {len(items)} entries, but by the plan's doses {len(expected)}")
        for value, found in zip(expected, items, strict=True):
            _check_what_follows(value, found)
    elif type(place.value) is not type(expected) or place.value != expected:
        place.refuse(f"it says {place.value!r}, but by the plan's doses and dates it is {expected!r}")
