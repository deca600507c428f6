"""The parts of the printed page that say what is planned: title, fields, summary, curve, steps."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from benzotaper.doses import NG_PER_MG
from benzotaper.exports.markup import Markup, element, given_text, joined
from benzotaper.exports.step_figures import (
    PROPOSAL,
    StepFigures,
    day_kinds,
    day_range_ng,
    fall_texts,
    largest_percent,
    of_drug,
    step_figures,
    window_words,
)
from benzotaper.exports.svg import dose_curve
from benzotaper.exports.text_table import end_words
from benzotaper.exports.words import (
    administration_words,
    date_words,
    join_words,
    mg_figure,
    printable,
)
from benzotaper.falls import DrugRow, unit_drug
from benzotaper.intervals import TIMES, days_text
from benzotaper.numbers import decimal_text
from benzotaper.steps import Administration, Day, DiazepamFactor, PlanRecord, Request, Step

FIELDS = (
    "Name",
    "Date of birth",
    "Reason for treatment (indication)",
    "Prescriber",
    "Signature",
    "Date",
    "Next review",
)
SPLITTING_WORDS = {
    "": "not dispensed: any dose",
    "whole": "whole only",
    "scored": "split only where the data of the product allow it",
    "halves": "whole and halves",
    "quarters": "whole, halves and quarters",
}
MOST_UPRIGHT = 2
"""With more times of the day than these the table of steps is printed across the page."""
NONE = "–"


def section(name: str, title: str, *parts: Iterable[Markup] | Markup) -> Markup:
    """A section of the page with its heading.

    Args:
        name: its place in the page, for the list of contents.
        title: its heading.
        parts: what it holds.
    """
    return element("section", element("h2", title), *parts, id=name, class_=f"part {name}")


def facts(rows: Iterable[tuple[str, str]], *, class_: str) -> Markup:
    """Names and values."""
    pairs = (element("div", element("dt", name), element("dd", value)) for name, value in rows)
    return element("dl", joined(*pairs), class_=class_)


def scrolled(label: str, *parts: Markup) -> Markup:
    """What is wider than a phone: it scrolls in its own place, also by keyboard."""
    return element("div", *parts, class_="wide", role="region", aria_label=label, tabindex="0")


def title_of(record: PlanRecord) -> str:
    """The title of the page."""
    drugs = (" to " if record.crossovers else " and ").join(record.drugs)
    return f"Dose plan for {drugs}, from {date_words(record.request.start)}"


def head(record: PlanRecord) -> Markup:
    """Title, standing, and lines to write on."""
    blank = element("span", "to be written in by hand", class_="unseen")
    return element(
        "header",
        element(
            "p",
            element("strong", PROPOSAL),
            " It is not signed by a prescriber until a name is written below.",
            class_="proposal",
        ),
        element("h1", title_of(record)),
        facts(((name, blank) for name in FIELDS), class_="fields"),
    )


def summary(record: PlanRecord) -> Markup:
    """What is planned, in short."""
    return facts(_summary_rows(record), class_="facts")


def _summary_rows(record: PlanRecord) -> Iterator[tuple[str, str]]:
    request = record.request
    alone = (request.regimen.of(drug) for drug in request.regimen.drugs)
    yield "Taken now", "; ".join(f"{each} ({each.total} a day)" for each in alone)
    yield "How", given_text("; then ".join(request.strategies))
    yield "Starts", date_words(request.start) + _lead_in(request.lead_in_days)
    yield "Ends", given_text(end_words(record))
    yield "Length", _length(record)
    yield from _worst(record)
    yield (
        "Products",
        given_text(f"{request.products}; tablets {SPLITTING_WORDS.get(request.splitting, request.splitting)}"),
    )
    yield "Settings", given_text("; ".join(_settings(request)))
    if request.profile or request.table:
        yield "Rules and table", given_text("; ".join(filter(None, (request.profile, request.table))))
    if request.acknowledge:
        yield "Acknowledged", given_text(request.acknowledge)


def _settings(request: Request) -> Iterator[str]:
    yield f"fit {request.fit}"
    yield f"reduce {request.reduce}"
    if request.max_pieces:
        yield f"at most {request.max_pieces} pieces at one time"
    if request.liquids:
        yield f"liquid: {request.liquids}"
    if request.align:
        yield f"doses change {request.align}"


def _lead_in(days: int) -> str:
    return f"; the current dose is kept for the first {days_text(days)}" if days else ""


def _length(record: PlanRecord) -> str:
    count = record.steps[-1].number
    last = record.steps[-1].start
    steps = f"{count} step{'' if count == 1 else 's'}"
    return f"{steps} over {days_text((last - record.request.start).days)}" if last else steps


def _worst(record: PlanRecord) -> Iterator[tuple[str, str]]:
    """The largest fall, the largest within 14 days, and the last one."""
    if row := largest_percent(record):
        fall, now, _ = fall_texts(row)
        end = " (the fall to no dose is given apart)" if record.ending == "zero" else ""
        yield "Largest fall", f"{now} of the dose before: {fall} mg of {row.drug}, at step {row.step.number}{end}"
    worst = max(step_figures(record), key=lambda each: each.worst_ng)
    counted = f" of {unit_drug(record)}" + (", all drugs counted in it" if record.crossovers else "")
    yield f"Largest fall in {window_words()}", f"{mg_figure(worst.worst_ng)} mg{counted}, at step {worst.step.number}"
    if record.ending == "zero":
        yield "Last fall", "; ".join(_last_fall(record))


def _last_fall(record: PlanRecord) -> Iterator[str]:
    before = record.steps[-2]
    for drug in before.drugs:
        ng = before.mean_ng(drug)
        mg = ng / NG_PER_MG
        equal = [f for f in record.factors if f.drug == drug and drug != "diazepam"]
        in_diazepam = f" ({range_text(mg * equal[0].low, mg * equal[0].high)} mg of diazepam)" if equal else ""
        yield f"from {mg_figure(ng)} mg of {drug}{in_diazepam} to no dose"


def range_text(low_mg: Fraction, high_mg: Fraction) -> str:
    """From the lowest to the highest, in mg at two places, or one number where they are equal."""
    low, high = decimal_text(low_mg, places=2), decimal_text(high_mg, places=2)
    return low if low == high else f"{low}–{high}"


def curve(record: PlanRecord) -> Markup:
    """The dose curve with its caption."""
    ideal = " The dashed line is the course asked for before tablets were chosen." if record.ideal else ""
    caption = f"The planned dose of each day.{ideal}"
    drawing = scrolled("Dose curve", Markup(dose_curve(record)))
    return element("figure", drawing, element("figcaption", caption), class_="curve")


# ---- the table of steps


def steps_table(record: PlanRecord) -> Markup:
    """Every step with its doses and how far it falls."""
    times = used_times(record)
    several = len(record.drugs) > 1
    broad = several or len(times) > MOST_UPRIGHT
    diazepam = record.drugs != ("diazepam",)
    heads = ["Step", "Dates", *(["Drug"] if several else []), *(time.capitalize() for time in times)]
    numbers = [
        *("mg a day", "Fall, mg", "Fall, % of current", "Fall, % of start"),
        *([f"All counted as mg of {unit_drug(record)}"] if several else []),
        f"Largest fall in {window_words()}, mg",
        *(["Equal to diazepam, mg"] if diazepam else []),
    ]
    head_row = element(
        "tr",
        *(element("th", text, scope="col") for text in heads),
        *(element("th", text, scope="col", class_="number") for text in numbers),
    )
    bodies = (_body(each, times, several=several, diazepam=diazepam) for each in step_figures(record))
    note = element("p", _table_note(record, several=several, diazepam=diazepam), class_="note")
    caption = element("caption", "All steps, with doses, dates and falls")
    table = element("table", caption, element("thead", head_row), *bodies, class_="steps broad" if broad else "steps")
    return joined(note, scrolled("All steps", table))


def _table_note(record: PlanRecord, *, several: bool, diazepam: bool) -> str:
    notes = ["Step 0 is what is taken now."]
    if any(len(day_kinds(step)) > 1 for step in record.steps):
        notes.append("Where the days of a step differ, its mean counts, with the lowest and the highest day beside it.")
    if several:
        table = record.request.table or record.crossovers[0].table
        notes.append(f"The largest fall counts all drugs as {unit_drug(record)}, by the plan's own table ({table}).")
    if diazepam:
        notes.append(_diazepam_note(record))
    return printable(" ".join(notes))


def _diazepam_note(record: PlanRecord) -> str:
    said = [f"{factor.drug} from {_tables(factor)}" for factor in record.factors if factor.drug != "diazepam"]
    return f"Diazepam equivalents: {'; '.join(said)}." if said else "No table has a diazepam equivalent for it."


def _tables(factor: DiazepamFactor) -> str:
    if factor.low_table == factor.high_table:
        return factor.low_table
    return f"{factor.low_table} (lowest) and {factor.high_table} (highest)"


def used_times(record: PlanRecord) -> tuple[str, ...]:
    """The times of day at which anything is ever taken."""
    used = {a.time for step in record.steps for day in step.cycle for a in day}
    return tuple(time for time in TIMES if time in used)


def _body(each: StepFigures, times: tuple[str, ...], *, several: bool, diazepam: bool) -> Markup:
    """The rows of one step, kept together in print."""
    span = str(len(each.rows))
    rows = []
    for row in each.rows:
        first = row is each.rows[0]
        cells = [
            *([element("th", str(each.step.number), scope="rowgroup", rowspan=span)] if first else []),
            *([element("td", dates_of(each.step), rowspan=span, class_="dates")] if first else []),
            *([element("th", row.drug, scope="row")] if several else []),
            *(element("td", _time_cell(row, time), class_="dose") for time in times),
            *_number_cells(row),
            *([element("td", mg_figure(each.total_ng), rowspan=span, class_="number")] if first and several else []),
            *([element("td", mg_figure(each.worst_ng), rowspan=span, class_="number")] if first else []),
            *([element("td", _diazepam(row), class_="number")] if diazepam else []),
        ]
        rows.append(element("tr", *cells))
    return element("tbody", *rows)


def dates_of(step: Step) -> Markup:
    """From when to when, and how long."""
    if step.start is None:
        return joined("now")
    if step.days is None or step.end is None:
        return joined("from ", date_words(step.start))
    until = element("span", "to ", date_words(step.end))
    return joined(
        element("span", date_words(step.start)), " ", until, " ", element("span", f"({days_text(step.days)})")
    )


def _number_cells(row: DrugRow) -> Iterator[Markup]:
    low, high = day_range_ng(row.step, row.drug)
    days = element("span", f"mean of {mg_figure(low)}–{mg_figure(high)}") if low != high else ""
    yield element("td", mg_figure(row.mean_ng), days, class_="number")
    for text in fall_texts(row):
        yield element("td", text, class_="number")


def _diazepam(row: DrugRow) -> str:
    if row.diazepam_mg is None:
        return "not known"
    return range_text(*row.diazepam_mg)


def _time_cell(row: DrugRow, time: str) -> Markup:
    parts = []
    for which, day in day_kinds(row.step):
        doses = [a for a in of_drug(day, row.drug) if a.time == time]
        said = joined(*(_dose(a) for a in doses)) if doses else joined(NONE)
        parts.append(element("div", element("em", f"{which}: "), said) if which else said)
    return joined(*parts)


def _dose(administration: Administration) -> Markup:
    dose = element("strong", str(administration.dose))
    if not administration.taken:
        return dose
    return joined(dose, " ", element("span", administration_words(administration)))


def day_dose_text(day: Day) -> str:
    """The total of each drug on one day, in words."""
    drugs = dict.fromkeys(a.drug for a in day)
    totals = (f"{mg_figure(sum(a.dose.ng for a in day if a.drug == drug))} mg of {drug}" for drug in drugs)
    return join_words(totals) or "no dose"
