"""The calendar of the page: each step week by week, with dates, doses in words, tablets drawn and a box per day."""

from collections.abc import Iterator
from datetime import date, timedelta

from benzotaper.exports.markup import Markup, element, joined
from benzotaper.exports.page_parts import NONE, dates_of, day_dose_text, scrolled, used_times
from benzotaper.exports.page_tablets import drawn
from benzotaper.exports.step_figures import day_kinds
from benzotaper.exports.words import administration_words, date_words, day_and_month, mg_figure, weekday
from benzotaper.intervals import DAYS_PER_WEEK
from benzotaper.steps import Administration, Day, PlanRecord, Step

OPEN_END = {
    "zero": "From this day on, nothing more is planned.",
    "maintenance": "This dose stays. The next review decides whether it changes.",
    "gate": "This dose stays until a review opens the next step.",
}


def calendar(record: PlanRecord) -> Iterator[Markup]:
    """Every step that has a day, as an article.

    Args:
        record: the plan.
    """
    several = len(record.drugs) > 1
    for step in record.steps:
        if step.start is not None:
            yield _article(record, step, step.start, several=several)


def _article(record: PlanRecord, step: Step, start: date, *, several: bool) -> Markup:
    """One step: what is taken, and a box for each day."""
    name = "Kept for now" if step.number == 0 else f"Step {step.number}"
    heading = element("h3", f"{name}: ", dates_of(step))
    kinds = day_kinds(step)
    if len(kinds) == 1:
        doses: Markup = _doses("Every day", kinds[0][1], several=several)
    else:
        doses = joined(*(_doses(which, day, several=several) for which, day in kinds))
    if step.days is None:
        note = element("p", OPEN_END[record.ending], class_="open")
        return element("article", heading, doses, note, class_="step")
    if len(kinds) == 1:
        weeks = _week_rows(step, start)
    else:
        weeks = joined(
            *(_day_rows(record, step, start, first, several=several) for first in range(0, step.days, DAYS_PER_WEEK))
        )
    return element("article", element("div", heading, doses, class_="top"), weeks, class_="step")


def _doses(which: str, day: Day, *, several: bool) -> Markup:
    """One kind of day: each time with its dose in mg, in words and drawn."""
    title = element("p", element("strong", which[0].upper() + which[1:]), f": {day_dose_text(day)}", class_="which")
    rows = (
        element(
            "li",
            element("span", administration.time, class_="time"),
            element("span", _words(administration, several=several), class_="words"),
            element("span", *(drawn(taken) for taken in administration.taken), class_="picture"),
        )
        for administration in day
    )
    return element("div", title, element("ul", *rows) if day else Markup(""), class_="doses")


def _words(administration: Administration, *, several: bool) -> Markup:
    drug = f"{administration.drug} " if several else ""
    dose = element("strong", f"{drug}{administration.dose}")
    return joined(dose, f": {administration_words(administration)}") if administration.taken else dose


def _box() -> Markup:
    return element("span", class_="box", aria_hidden="true")


def _week_of(start: date, days: int) -> str:
    last = start + timedelta(days=days - 1)
    return date_words(start) if days == 1 else f"{date_words(start)} to {date_words(last)}"


def _week_rows(step: Step, start: date) -> Markup:
    """Weeks in which every day is the same: one row a week, one box a day."""
    days = step.days or 0
    columns = min(days, DAYS_PER_WEEK)
    heads = (element("th", weekday(start + timedelta(days=number)), scope="col") for number in range(columns))
    weeks = (
        _week(start + timedelta(days=first), min(DAYS_PER_WEEK, days - first), columns)
        for first in range(0, days, DAYS_PER_WEEK)
    )
    caption = element("caption", f"Weeks of step {step.number}: tick each day")
    table = element("table", caption, element("thead", element("tr", *heads)), *weeks, class_="weeks")
    return scrolled(f"Weeks of step {step.number}", table)


def _week(begin: date, length: int, columns: int) -> Markup:
    """The days of one week, each with its box, under one heading."""
    label = "every day this week" if length == DAYS_PER_WEEK else f"every day, {length} day{'s' if length > 1 else ''}"
    heading = element(
        "th", _week_of(begin, length), element("span", f", {label}"), scope="rowgroup", colspan=str(columns)
    )
    days = (begin + timedelta(days=number) for number in range(length))
    cells = [element("td", element("span", day_and_month(day)), _box()) for day in days]
    cells += [element("td") for _ in range(length, columns)]
    return element("tbody", element("tr", heading), element("tr", *cells))


def _day_rows(record: PlanRecord, step: Step, start: date, first: int, *, several: bool) -> Markup:
    """A week in which days differ: one row a day."""
    length = min(DAYS_PER_WEEK, (step.days or 0) - first)
    begin = start + timedelta(days=first)
    times = used_times(record)
    heads = ["Day", *(time.capitalize() for time in times), "Whole day", "Taken"]
    rows = []
    for number in range(length):
        day = step.day(first + number)
        cells = [element("th", date_words(begin + timedelta(days=number)), scope="row")]
        cells += [element("td", _time_cell(day, time, several=several)) for time in times]
        cells += [element("td", _whole_day(day, several=several)), element("td", _box())]
        rows.append(element("tr", *cells))
    caption = element("caption", f"Day by day, {_week_of(begin, length)}")
    head_row = element("tr", *(element("th", text, scope="col") for text in heads))
    table = element("table", caption, element("thead", head_row), element("tbody", *rows), class_="days")
    return scrolled(f"Days from {date_words(begin)}", table)


def _whole_day(day: Day, *, several: bool) -> str:
    return day_dose_text(day) if several or not day else f"{mg_figure(sum(a.dose.ng for a in day))} mg"


def _time_cell(day: Day, time: str, *, several: bool) -> Markup:
    parts = [
        joined(element("span", _words(administration, several=several)), " ", *(drawn(t) for t in administration.taken))
        for administration in day
        if administration.time == time
    ]
    return joined(*(element("div", part) for part in parts)) if parts else joined(NONE)
