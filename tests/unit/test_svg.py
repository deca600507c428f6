"""The dose curve."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest

import page_checks as checks
import plan_samples as samples
from benzotaper.exports.svg import dose_curve
from benzotaper.steps import PlanRecord

SVG = "{http://www.w3.org/2000/svg}"
EACH_PLAN = pytest.mark.parametrize("plan", samples.ALL.values(), ids=samples.ALL)


def drawing(record: PlanRecord) -> ET.Element:
    return ET.fromstring(dose_curve(record))  # noqa: S314  our own text


def planned(panel: ET.Element) -> list[tuple[Fraction, Fraction]]:
    """The corners of the planned line."""
    path = next(p.get("d", "") for p in panel.iter(f"{SVG}path") if p.get("stroke-width") == "2.5")
    x = y = Fraction(0)
    corners = []
    for kind, numbers in re.findall(r"([MHV])([\d. ]+)", path):
        values = [Fraction(number) for number in numbers.split()]
        x, y = values if kind == "M" else (values[0], y) if kind == "H" else (x, values[0])
        corners.append((x, y))
    return corners


@EACH_PLAN
def test_it_is_an_image_with_a_title_and_a_description(plan: Callable[[], PlanRecord]) -> None:
    root = drawing(plan())
    named = {child.get("id"): child.text for child in root if child.tag in (f"{SVG}title", f"{SVG}desc")}
    assert root.get("role") == "img"
    assert root.get("aria-labelledby", "").split() == list(named)
    assert all(named.values())
    assert re.fullmatch(r"0 0 \d+ \d+", root.get("viewBox", ""))
    assert root.get("width") is None


@EACH_PLAN
def test_each_drug_has_a_panel_with_its_own_scale(plan: Callable[[], PlanRecord]) -> None:
    record = plan()
    panels = drawing(record).findall(f"{SVG}g")
    assert [panel.findtext(f"{SVG}text") for panel in panels] == [f"{drug}, mg a day" for drug in record.drugs]


def test_the_line_stands_at_each_dose_of_each_step() -> None:
    record = samples.falling()
    panel = drawing(record).find(f"{SVG}g")
    assert panel is not None
    marks = {
        Fraction(t.text): Fraction(t.get("y", ""))
        for t in panel.iter(f"{SVG}text")
        if t.get("text-anchor") == "end" and t.text
    }
    per_mg = (marks[Fraction(0)] - marks[Fraction(10)]) / 10
    corners = planned(panel)
    levels = [y for (_, y), (_, after) in pairwise(corners) if y == after]
    doses = [(marks[Fraction(0)] - y) / per_mg for y in levels]
    assert [round(float(dose), 2) for dose in doses] == [20, 18.5, 10, 4, 0]
    xs = list(dict.fromkeys(x for x, _ in corners))[1:-1]
    assert len({round(float(b - a), 1) for a, b in pairwise(xs)}) == 1  # steps of equal length are equally wide


def test_the_ideal_course_is_a_thin_dashed_line_behind_the_planned_one() -> None:
    panel = drawing(samples.falling()).find(f"{SVG}g")
    assert panel is not None
    paths = list(panel.iter(f"{SVG}path"))
    dashed = next(n for n, p in enumerate(paths) if p.get("stroke-dasharray") == "5 4")
    solid = next(n for n, p in enumerate(paths) if p.get("stroke-width") == "2.5")
    assert dashed < solid
    assert float(paths[dashed].get("stroke-width", "9")) < 2.5


def test_a_cycle_of_days_has_a_band_from_low_to_high_and_a_key() -> None:
    svg = dose_curve(samples.cycling())
    assert svg.count('stroke-dasharray="1 2"') == 3  # two steps and the key
    assert "from low to high day" in svg
    assert "from low to high day" not in dose_curve(samples.falling())


def test_a_drug_that_leaves_has_no_ideal_course_of_the_other() -> None:
    lorazepam, diazepam = drawing(samples.crossing()).findall(f"{SVG}g")
    dashed = [
        sum(p.get("stroke-dasharray") == "5 4" for p in panel.iter(f"{SVG}path")) for panel in (lorazepam, diazepam)
    ]
    assert dashed == [0, 1]


@pytest.mark.parametrize("weeks", [1, 9, 60, 300, 1000])
def test_dates_stay_few_enough_to_read(weeks: int) -> None:
    high, low = (samples.given("night", (samples.D10, 1)),), (samples.given("night", (samples.D5, 1)),)
    svg = dose_curve(samples.record_of(samples.steps_of([[high], [low], [()]], days=weeks * 7)))
    days = re.findall(r">(\d+ [A-Z][a-z]{2})</text><text[^>]*>(\d{4})<", svg)
    assert 1 <= len(days) <= 8
    assert days[0] == ("1 Dec", "2026")


@EACH_PLAN
def test_numbers_are_plain_ascii_inside_the_view_box(plan: Callable[[], PlanRecord]) -> None:
    root = drawing(plan())
    width, height = (int(n) for n in root.get("viewBox", "").split()[2:])
    for shape in root.iter():
        for axis, limit in (("x", width), ("y", height), ("x1", width), ("x2", width), ("y1", height), ("y2", height)):
            text = shape.get(axis, "0")
            assert re.fullmatch(r"\d+(\.\d{1,2})?", text), text
            assert float(text) <= limit


@EACH_PLAN
def test_the_same_plan_gives_the_same_bytes(plan: Callable[[], PlanRecord]) -> None:
    assert dose_curve(plan()).encode() == dose_curve(plan()).encode()


def test_different_plans_have_different_ids() -> None:
    ids = {name for plan in samples.ALL.values() for name in re.findall(r' id="([^"]+)"', dose_curve(plan()))}
    assert len(ids) == 2 * len(samples.ALL)


def test_text_has_enough_contrast() -> None:
    fills = {shape.get("fill") for plan in samples.ALL.values() for shape in drawing(plan()).iter(f"{SVG}text")} | {
        drawing(samples.falling()).get("fill")
    }
    assert all(checks.contrast(fill, "#ffffff") >= 4.5 for fill in fills if fill)


def test_a_current_dose_that_is_kept_first_begins_at_the_start() -> None:
    record = samples.lead_in()
    first = record.steps[0].start
    assert first == date(2026, 12, 1) == record.request.start
    corners = planned(drawing(record).find(f"{SVG}g"))  # type: ignore[arg-type]  # there is one
    drop = next(x for (x, y), (_, after) in pairwise(corners) if after > y)
    width = corners[-1][0] - corners[0][0]
    days = (record.steps[-1].start - first + timedelta(days=4)).days  # type: ignore[operator]  # it is dated
    assert round(float((drop - corners[0][0]) / width), 3) == round(14 / days, 3)
