"""The page that is printed and handed over."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest

import benzotaper.exports
import page_checks as checks
import plan_samples as samples
from benzotaper.exports.html import fragment, to_html
from benzotaper.exports.words import administration_words, date_words, day_and_month
from benzotaper.product import Product
from benzotaper.steps import Finding, PlanRecord
from benzotaper.version import DATA_VERSION, VERSION

EACH_PLAN = pytest.mark.parametrize("plan", samples.ALL.values(), ids=samples.ALL)
STYLES = "".join(
    (Path(benzotaper.exports.__file__).parent / name).read_text(encoding="utf-8") for name in ("plan.css", "page.css")
)
HOSTILE = "</style></title><script>alert('x')</script>\x1b\u202e\" onload=\"x & <img src=x>"
AMOUNTS = {"a quarter of": "1/4", "half": "1/2", "three quarters of": "3/4", "one": "1", "two": "2", "three": "3"}


def parsed(text: str) -> Element:
    """The page, read strictly: any fault of its markup is an error."""
    root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    return root


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def with_class(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if name in element.get("class", "").split())


def part(root: Element, name: str) -> Element:
    return next(element for element in root.iter("section") if element.get("id") == name)


def hostile() -> PlanRecord:
    """A plan whose every text given by people tries to be markup."""
    product = Product("diazepam", strength="2 mg", form="tablet", name=HOSTILE, note=HOSTILE, source_ids=(HOSTILE,))
    finding = Finding(
        code=HOSTILE, severity="red", message=HOSTILE, figures=((HOSTILE, HOSTILE),), sources=(HOSTILE,), origin=HOSTILE
    )
    day = (samples.given("night", (product, 1)),)
    return samples.record_of(
        samples.steps_of([[day], [()]]), acknowledge=HOSTILE, profile=HOSTILE, products=HOSTILE, strategies=(HOSTILE,),
        liquids=HOSTILE, shelf=(product,), findings=(finding,),
    )  # fmt: skip


# ---- the document


@EACH_PLAN
def test_the_page_and_the_fragment_are_faultless_html(plan: Callable[[], PlanRecord]) -> None:
    parsed(to_html(plan()))
    html5lib.HTMLParser(strict=True).parseFragment(fragment(plan()))


@EACH_PLAN
def test_nothing_is_fetched_and_nothing_runs(plan: Callable[[], PlanRecord]) -> None:
    root = parsed(to_html(plan()))
    tags = {element.tag for element in root.iter() if isinstance(element.tag, str)}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "audio", "video"}
    for element in root.iter():
        assert not {name for name in element.attrib if str(name).startswith("on") or name in ("src", "srcset", "style")}
        assert element.get("href", "#").startswith("#")
    assert not re.search(r"url\(|@import|@font-face|https?:", STYLES)


@EACH_PLAN
def test_links_lead_to_places_of_the_page(plan: Callable[[], PlanRecord]) -> None:
    root = parsed(to_html(plan()))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {element.get("href", "")[1:] for element in root.iter("a")} <= set(ids)


@EACH_PLAN
def test_language_title_and_headings_are_in_order(plan: Callable[[], PlanRecord]) -> None:
    root = parsed(to_html(plan()))
    levels = [int(e.tag[1]) for e in root.iter() if isinstance(e.tag, str) and re.fullmatch(r"h[1-6]", e.tag)]
    assert root.get("lang") == "en"
    assert date_words(samples.START) in (root.findtext(".//title") or "")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@EACH_PLAN
def test_every_table_has_a_caption_and_every_heading_cell_a_scope(plan: Callable[[], PlanRecord]) -> None:
    root = parsed(to_html(plan()))
    assert all(table.find("caption") is not None and text_of(table) for table in root.iter("table"))
    assert {th.get("scope") for th in root.iter("th")} <= {"col", "row", "rowgroup"}


@EACH_PLAN
def test_the_same_plan_gives_the_same_bytes(plan: Callable[[], PlanRecord]) -> None:
    assert to_html(plan()).encode() == to_html(plan()).encode()
    assert fragment(plan()).encode() == fragment(plan()).encode()


def test_the_editions_of_package_and_data_are_named() -> None:
    footer = text_of(next(parsed(to_html(samples.falling())).iter("footer")))
    assert f"benzotaper {VERSION}" in footer
    assert DATA_VERSION in footer


def test_text_that_people_gave_stays_text() -> None:
    page = to_html(hostile())
    root = parsed(page)
    assert "script" not in {element.tag for element in root.iter()}
    assert "img" not in {element.tag for element in root.iter()}
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert text_of(root).count("<script>alert('x')</script>") >= 10
    html5lib.HTMLParser(strict=True).parseFragment(fragment(hostile()))


# ---- what it says


def test_there_are_lines_for_who_signs_and_when() -> None:
    fields = [
        text_of(dt) for field in with_class(parsed(to_html(samples.falling())), "fields") for dt in field.iter("dt")
    ]
    assert fields == [
        "Name",
        "Date of birth",
        "Reason for treatment (indication)",
        "Prescriber",
        "Signature",
        "Date",
        "Next review",
    ]


def test_the_parts_come_in_order() -> None:
    ids = [section.get("id") for section in parsed(to_html(samples.crossing())).iter("section") if section.get("id")]
    assert ids == ["summary", "curve", "table", "calendar", "attention", "crossing", "products", "sources", "safety"]


@EACH_PLAN
def test_every_step_is_in_the_table_and_in_the_calendar(plan: Callable[[], PlanRecord]) -> None:
    record = plan()
    root = parsed(to_html(record))
    bodies = part(root, "table").findall(".//table/tbody")
    articles = list(part(root, "calendar").iter("article"))
    dated = [step for step in record.steps if step.start]
    assert len(bodies) == len(record.steps)
    assert len(articles) == len(dated)
    for step, body in zip(record.steps, bodies, strict=True):
        assert all(
            str(a.dose) in text_of(body) and administration_words(a) in text_of(body) for day in step.cycle for a in day
        )
    for step, article in zip(dated, articles, strict=True):
        said = text_of(article)
        assert date_words(step.start) in said  # type: ignore[arg-type]  # it is dated
        assert step.end is None or date_words(step.end) in said
        assert all(administration_words(a) in said for day in step.cycle for a in day)


@EACH_PLAN
def test_every_day_has_one_box_to_tick(plan: Callable[[], PlanRecord]) -> None:
    record = plan()
    root = parsed(to_html(record))
    assert sum(1 for _ in with_class(root, "box")) == sum(step.days or 0 for step in record.steps)
    for step in record.steps:
        for number in range(step.days or 0):
            assert day_and_month(step.start + timedelta(number)) in text_of(part(root, "calendar"))  # type: ignore[operator]  # dated


def test_days_are_listed_one_by_one_only_where_they_differ() -> None:
    same, differing = (parsed(to_html(record)) for record in (samples.falling(), samples.cycling()))
    assert "every day this week" in text_of(part(same, "calendar"))
    assert not list(with_class(same, "days"))
    tables = list(with_class(differing, "days"))
    doses = [text_of(row[1]) for row in tables[0].findall("tbody/tr")]
    assert ["10 mg" in doses[0], "7 mg" in doses[1], "10 mg" in doses[2]] == [True] * 3
    assert [len(table.findall("tbody/tr")) for table in tables] == [7, 3, 7, 3]


def test_tablets_are_drawn_as_many_as_the_words_say() -> None:
    root = parsed(to_html(samples.falling()))
    drawn = list(with_class(root, "drawn"))
    pictures = {text_of(each): len([e for e in each.iter() if str(e.tag).endswith("svg")]) for each in drawn[:2]}
    assert pictures == {"5 mg": 2, "2 mg": 1}  # one and a half, and half
    assert all(each.get("aria-hidden") == "true" for each in drawn)


@EACH_PLAN
def test_totals_of_products_equal_the_sum_over_the_days_of_the_calendar(plan: Callable[[], PlanRecord]) -> None:
    record = plan()
    counted: dict[str, Fraction] = {}
    for step in record.steps:
        for number in range(step.days or 0):
            for taken in (t for a in step.day(number) for t in a.taken):
                name = f"{taken.product.drug} {taken.product.label}"
                counted[name] = counted.get(name, Fraction(0)) + Fraction(taken.pieces, taken.pieces_per_unit)
    rows = part(parsed(to_html(record)), "products").findall(".//tbody/tr")
    printed = {text_of(row[0]): text_of(row[1]).split()[0] for row in rows if "only in" not in text_of(row[1])}
    halves = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4)}
    read = {
        name: sum((halves[c] for c in text if c in halves), Fraction(text.rstrip("½¼¾") or 0))
        for name, text in printed.items()
    }
    assert read == counted


@EACH_PLAN
def test_the_words_of_each_dose_add_up_to_its_mg(plan: Callable[[], PlanRecord]) -> None:
    for words in with_class(part(parsed(to_html(plan())), "calendar"), "words"):
        dose, _, made = text_of(words).partition(": ")
        if not made:
            continue
        mg = Fraction(0)
        for piece in re.split(
            r", | and (?=(?:a quarter of|half|three quarters of|one|two|three|\d)\b(?! \d+ mg tablets| quarter))", made
        ):
            if volume := re.fullmatch(r"[\d.]+ mL \(([\d.]+) mg\) of .*", piece):
                mg += Fraction(volume[1])
                continue
            found = re.fullmatch(r"(.*?)(?: an?)? ([\d.]+) mg tablets?", piece)
            assert found, piece
            count = sum((Fraction(AMOUNTS[p]) for p in found[1].replace("a half", "half").split(" and ")), Fraction(0))
            mg += count * Fraction(found[2])
        assert f"{float(mg):g} mg" == " ".join(dose.split()[-2:])


def test_figures_of_the_table_are_those_of_the_plan() -> None:
    row = part(parsed(to_html(samples.falling())), "table").findall(".//tbody")[2]
    assert [text_of(cell) for cell in row[0]][-5:] == ["10", "8.5", "45.9 %", "42.5 %", "8.5"]


def test_a_summary_says_the_largest_fall_and_the_last_one() -> None:
    said = text_of(part(parsed(to_html(samples.falling())), "summary"))
    assert "60 % of the dose before: 6 mg of diazepam, at step 3" in said
    assert "Largest fall in 14 days8.5 mg of diazepam, at step 2" in said
    assert "from 4 mg of diazepam to no dose" in said
    assert "First day without a dose: Tue 12 Jan 2027." in said


def test_findings_come_red_first_with_cause_sources_and_origin() -> None:
    root = parsed(to_html(samples.falling()))
    said = [text_of(section) for section in with_class(root, "findings")]
    assert [words.split(":")[0] for words in said] == ["Red", "Warning", "Notice"]
    for phrase in (
        "PL-01 (steps 2–3)",
        "largest fall: 2.5 mg",
        "Only the products make it so",
        "project default, confirm",
        "[1]",
    ):
        assert phrase in said[0]
    assert "This pace was chosen. Limit: from a guideline" in said[1]
    assert "ASAM_POCKET_2025" in text_of(part(root, "sources"))


def test_no_finding_is_not_called_fine() -> None:
    said = text_of(part(parsed(to_html(samples.any_dose())), "attention"))
    assert "does not replace a prescriber's judgement" in said


def test_a_source_that_the_data_do_not_have_is_named_as_such() -> None:
    record = samples.falling()
    finding = dataclasses.replace(record.findings[0], sources=("NOWHERE_1",))
    page = to_html(dataclasses.replace(record, findings=(finding,)))
    assert "NOWHERE_1 (not among the sources of this version)" in text_of(part(parsed(page), "sources"))


def test_a_cross_over_shows_what_every_default_table_gives() -> None:
    root = parsed(to_html(samples.crossing()))
    rows = [text_of(row) for row in part(root, "crossing").findall(".//tbody/tr")]
    assert rows == ["ashton-2002 (this plan's table)20", "va-dod-202110–13.33"]
    note = text_of(next(with_class(root, "note")))
    assert "lorazepam from va-dod-2021 (lowest) and ashton-2002 (highest)" in note


def test_a_plan_that_is_not_dispensed_names_no_product() -> None:
    assert "nothing can be dispensed" in text_of(part(parsed(to_html(samples.any_dose())), "products"))


@EACH_PLAN
def test_a_number_is_never_parted_from_its_unit(plan: Callable[[], PlanRecord]) -> None:
    for words in with_class(parsed(to_html(plan())), "words"):
        assert not re.search(r"\d (mg|mL)", "".join(words.itertext()))


# ---- safety


@pytest.mark.parametrize(
    "phrase",
    [
        "This is a proposal", "not signed by a prescriber", "Never stop suddenly", "Never go back to an old dose",
        "tolerance is lost", "a fit (seizure)", "confusion", "seeing or hearing things", "thoughts of suicide",
        "Call the emergency number at once", "Do not drive", "Driving law", "out of reach of children",
        "back to the pharmacy", "talk to your prescriber or pharmacist", "Holding at a dose for a while is allowed",
        "epilepsy", "pregnancy", "alcohol", "opioid", "liver", "other medicines", "age",
    ],
)  # fmt: skip
@EACH_PLAN
def test_the_safety_block_is_complete_on_every_page(plan: Callable[[], PlanRecord], phrase: str) -> None:
    assert phrase in text_of(part(parsed(to_html(plan())), "safety"))


@EACH_PLAN
def test_nobody_is_blamed_and_nobody_is_told_to_hurry(plan: Callable[[], PlanRecord]) -> None:
    said = text_of(next(parsed(to_html(plan())).iter("body"))).lower()
    blaming = (
        "fail",
        "complian",
        "abuse",
        "addict",
        "relapse",
        "misuse",
        "drug-seeking",
        "abuser",
        "cheat",
        "weak",
        "junk",
        "refuse",
    )
    urging = (
        "take more",
        "go faster",
        "speed up",
        "stop taking",
        "stop now",
        "increase your",
        "raise the dose",
        "you must",
    )
    assert not [word for word in (*blaming, *urging) if word in said]


# ---- looks


def declared(name: str) -> set[str]:
    """All six-digit colours that the style sheets give to a property."""
    return set(re.findall(rf"(?<![-\w]){name}:\s*(#[0-9a-f]{{6}})", STYLES))


def test_every_text_colour_reads_on_every_ground() -> None:
    colours, grounds = declared("color"), declared("background")
    assert len(colours) >= 4
    assert len(grounds) >= 4
    faint = {(c, g): checks.contrast(c, g) for c in colours for g in grounds if checks.contrast(c, g) < 4.5}
    assert not faint


def test_colours_are_written_so_that_the_contrast_test_sees_them() -> None:
    values = re.findall(r"(?<![-\w])(?:color|background):\s*([^;]+);", STYLES)
    assert all(re.fullmatch(r"#[0-9a-f]{6}", value) for value in values)


def test_print_is_black_on_white_on_a4_and_keeps_rows_together() -> None:
    printed = STYLES.split("@media print", 1)[1]
    assert "size: A4" in STYLES
    assert "color: #000000; background: #ffffff" in printed
    assert re.search(r"\.page tr, .*\.page \.days.*\{ break-inside: avoid; \}", printed)


def test_the_style_of_the_fragment_touches_nothing_around_it() -> None:
    style = fragment(samples.falling()).split("<style>", 1)[1].split("</style>", 1)[0]
    selectors = [one.strip() for rule in re.findall(r"([^{}]+)\{", style) for one in rule.split(",")]
    assert selectors
    assert all(selector.startswith(".benzotaper") for selector in selectors)


def test_the_fragment_has_summary_curve_and_steps() -> None:
    text = fragment(samples.falling())
    assert 'role="img"' in text
    assert "First day without a dose" in text
    assert text.count("<tbody>") == len(samples.falling().steps)
