"""The parts of the page that say what stands behind the plan: findings, cross-overs, products, sources."""

from collections.abc import Iterator

from benzotaper.errors import UnknownIdError
from benzotaper.exports.markup import Markup, element, given_text, joined
from benzotaper.exports.page_parts import SPLITTING_WORDS, facts, range_text, scrolled
from benzotaper.exports.step_figures import (
    CAUSE_WORDS,
    ORIGIN_WORDS,
    grouped_findings,
    product_totals,
)
from benzotaper.exports.words import amount_text, mg_figure, steps_words
from benzotaper.numbers import decimal_text
from benzotaper.product import Product
from benzotaper.sources import cite
from benzotaper.steps import CrossOver, Finding, PlanRecord

SPLIT_WORDS = {
    "yes": "its data say that it may be halved",
    "quarters": "its data say that it may be quartered",
    "no": "its data say that it is not to be split",
    "unknown": "not known whether it may be split: confirm with the pharmacist",
}


def source_numbers(record: PlanRecord) -> dict[str, int]:
    """The sources that the page names, numbered in order of appearance.

    Args:
        record: the plan.
    """
    named = [source for _, _, found in grouped_findings(record) for finding in found for source in finding.sources]
    named += [source for product in used_products(record) for source in product.source_ids]
    return {source: number for number, source in enumerate(dict.fromkeys(named), start=1)}


def used_products(record: PlanRecord) -> tuple[Product, ...]:
    """The products that are taken from the start on, also in an open last step."""
    steps = (step for step in record.steps if step.start is not None)
    taken = (t.product for step in steps for day in step.cycle for a in day for t in a.taken)
    return tuple(sorted(set(taken), key=lambda p: (record.drugs.index(p.drug), -p.strength.ng, p.form, p.name)))


def _marks(ids: tuple[str, ...], numbers: dict[str, int]) -> Markup:
    """The numbers of sources, in brackets."""
    return joined(*(element("a", f"[{numbers[source]}]", href=f"#source-{numbers[source]}") for source in ids))


# ---- findings


def findings(record: PlanRecord, numbers: dict[str, int]) -> Iterator[Markup]:
    """What needs attention, the gravest first."""
    for words, severity, found in grouped_findings(record):
        items = (_finding(finding, numbers) for finding in found)
        yield element("section", element("h3", words), element("ul", *items), class_=f"findings {severity}")
    if not record.findings:
        yield element(
            "p", "The rules that were asked found nothing to point out. That does not replace a prescriber's judgement."
        )


def _finding(finding: Finding, numbers: dict[str, int]) -> Markup:
    where = f" ({steps_words(finding.steps)})" if finding.steps else ""
    notes = [note for note in (CAUSE_WORDS[finding.cause], _origin(finding)) if note]
    figures = "; ".join(f"{name}: {text}" for name, text in finding.figures)
    parts = [element("p", element("strong", f"{finding.code}{where}: "), given_text(finding.message))]
    if figures:
        parts.append(element("p", given_text(figures), class_="aside"))
    if notes or finding.sources:
        marks = joined("Sources ", _marks(finding.sources, numbers)) if finding.sources else Markup("")
        said = ". ".join(note[0].upper() + note[1:] for note in notes)
        parts.append(element("p", f"{said}. " if said else "", marks, class_="aside"))
    return element("li", *parts)


def _origin(finding: Finding) -> str:
    if not finding.origin:
        return ""
    return f"limit: {ORIGIN_WORDS.get(finding.origin, f'from a {finding.origin}')}"


# ---- cross-overs


def crossovers(record: PlanRecord) -> Iterator[Markup]:
    """Each change of drug, with the dose that every default table would give."""
    for cross in record.crossovers:
        yield element("h3", f"{cross.drug} to {cross.to}")
        yield element("p", _crossing_words(record, cross))
        yield scrolled(f"Tables for {cross.drug} to {cross.to}", _tables(record, cross))


def _crossing_words(record: PlanRecord, cross: CrossOver) -> str:
    steps = steps_words(range(cross.first_step, cross.last_step + 1))
    pick = f" ({cross.pick} of its range)" if cross.pick else ""
    entered = record.steps[cross.last_step].mean_ng(cross.to)
    factor = decimal_text(cross.factor, places=3)
    return (
        f"In {steps}, {cross.drug} is replaced by {cross.to}, by the table {cross.table}{pick}: "
        f"{factor} mg of {cross.to} for 1 mg of {cross.drug}. "
        f"The daily dose of {cross.to} after the change is {mg_figure(entered)} mg. "
        "Tables disagree; age, liver and other medicines were not checked."
    )


def _tables(record: PlanRecord, cross: CrossOver) -> Markup:
    whole = record.steps[max(cross.first_step - 1, 0)].mean_ng(cross.drug)
    caption = element("caption", f"What each default table gives for {mg_figure(whole)} mg of {cross.drug} a day")
    heads = ("Table", f"mg of {cross.to} a day")
    rows = (
        element(
            "tr",
            element("th", table + (" (this plan's table)" if table == cross.table else ""), scope="row"),
            element("td", range_text(low, high), class_="number"),
        )
        for table, low, high in cross.other_tables
    )
    head_row = element("tr", *(element("th", text, scope="col") for text in heads))
    return element("table", caption, element("thead", head_row), element("tbody", *rows), class_="plain")


# ---- products and sources


def products(record: PlanRecord, numbers: dict[str, int]) -> Iterator[Markup]:
    """The products that are taken, how much of each, and what is known of splitting it."""
    used = used_products(record)
    if not used:
        yield element("p", "No products were named: any dose is assumed, and nothing can be dispensed from this plan.")
        return
    totals = product_totals(record)
    heads = ("Product", "Over the whole plan", "Remarks")
    rows = (
        element(
            "tr",
            element("th", f"{product.drug} {product.label}", scope="row"),
            element("td", amount_text(totals[product], product) if product in totals else "only in the open last step"),
            element("td", _remarks(product, numbers)),
        )
        for product in used
    )
    left_out = "" if record.ending == "zero" else " The open last step is not counted."
    caption = element(
        "caption", f"Tablets: {SPLITTING_WORDS.get(record.request.splitting, record.request.splitting)}.{left_out}"
    )
    head_row = element("tr", *(element("th", text, scope="col") for text in heads))
    table = element("table", caption, element("thead", head_row), element("tbody", *rows), class_="plain products")
    yield scrolled("Products", table)
    rest = [str(product) for product in record.shelf if product not in used]
    if rest:
        yield element("p", "Also allowed, and not needed: ", given_text("; ".join(rest)), ".", class_="aside")


def _remarks(product: Product, numbers: dict[str, int]) -> Markup:
    split = SPLIT_WORDS.get(product.split_ok, "") if product.splits else ""
    where = "product given by hand" if product.region == "own" else f"{product.name}, {product.region}"
    said = "; ".join(filter(None, (where, split, product.note)))
    return joined(given_text(said), ". ", _marks(product.source_ids, numbers))


def sources(numbers: dict[str, int]) -> Markup:
    """Every source that the page names."""
    if not numbers:
        return element("p", "No source is named in this plan.")
    return element(
        "ol", *(element("li", given_text(_cited(source)), id=f"source-{n}") for source, n in numbers.items())
    )


def _cited(source: str) -> str:
    try:
        return str(cite(source))
    except UnknownIdError:
        return f"{source} (not among the sources of this version)"


def edition(version: str, data_version: str) -> Markup:
    """What made the page."""
    rows = [("Made by", f"benzotaper {version}"), ("Data", data_version)]
    return facts(rows, class_="edition")
