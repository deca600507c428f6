"""The plan as a plain-text table."""

import dataclasses
import re
from collections.abc import Callable

import pytest

import plan_samples as samples
from benzotaper.doses import Dose
from benzotaper.exports.text_table import WIDTH, to_text
from benzotaper.exports.words import date_words
from benzotaper.steps import PlanRecord

EACH_PLAN = pytest.mark.parametrize("plan", samples.ALL.values(), ids=samples.ALL)


def rows_of(text: str) -> dict[int, str]:
    """The first line of each step, by its number."""
    return {int(m[1]): m[0] for m in re.finditer(r"^ +(\d+)  (?:now|[A-Z][a-z]{2} \d).*$", text, re.MULTILINE)}


@EACH_PLAN
def test_no_line_is_wider_than_a_terminal(plan: Callable[[], PlanRecord]) -> None:
    assert all(len(line) <= WIDTH == 110 for line in to_text(plan()).splitlines())


@EACH_PLAN
def test_every_step_has_its_date_and_every_dose(plan: Callable[[], PlanRecord]) -> None:
    record = plan()
    text = to_text(record)
    rows = rows_of(text)
    assert list(rows) == [step.number for step in record.steps]
    for step in record.steps:
        assert (date_words(step.start) if step.start else "now") in rows[step.number]
        assert all(f"{a.time} {a.dose}" in text for day in step.cycle for a in day)


def test_figures_of_a_step_are_mg_fall_and_percents() -> None:
    cells = rows_of(to_text(samples.falling()))[1].split()
    # the dose, then: mg a day, fall, % of now, % of start, largest fall within 14 days
    assert cells[-5:] == ["18.5", "1.5", "7.5", "7.5", "1.5"]
    assert "morning 8.5 mg: 1½ × 5 mg + ½ × 2 mg" in to_text(samples.falling())


def test_findings_are_grouped_red_first_with_steps_cause_and_origin() -> None:
    text = to_text(samples.falling())
    red, warning, notice = (text.index(word) for word in ("Red:", "Warning:", "Notice:"))
    assert red < text.index("PL-01 (steps 2–3)") < warning < text.index("PL-02 (step 1)") < notice
    said = " ".join(text.split())
    assert "[only the products make it so; project default, confirm]" in said
    assert "[this pace was chosen]" in said


def test_a_plan_to_zero_says_the_first_day_without_a_dose() -> None:
    assert "First day without a dose: Tue 12 Jan 2027." in to_text(samples.falling())


def test_maintenance_and_gate_say_what_stays() -> None:
    assert "Stays on 7 mg of diazepam a day from Mon 21 Dec 2026." in to_text(samples.cycling())
    gated = " ".join(to_text(samples.crossing()).split())
    assert "Holds at 16.4 mg of diazepam a day" in gated
    assert "until a review opens the next step. After it: linear 2 mg every 2 weeks." in gated


def test_days_of_a_cycle_are_told_apart() -> None:
    text = to_text(samples.cycling())
    assert "Tue, Thu, Sat and Mon (4 of 7 days):" in text
    assert "day 2 of each 2 days:" in text
    assert "8.714" in rows_of(text)[1]


def test_a_cross_over_has_a_row_per_drug_and_one_total() -> None:
    text = to_text(samples.crossing())
    assert rows_of(text)[1].split()[-6:] == ["1", "1", "50", "50", "20", "0"]
    assert re.search(r"^ +diazepam   night 10 mg: 1 × 10 mg +10 +\+10 +– +–$", text, re.MULTILINE)


def test_units_of_each_product_are_added_up() -> None:
    text = to_text(samples.falling())
    for amount, product in (("28", "10 mg"), ("28", "5 mg"), ("17½", "2 mg")):
        assert f"  {amount} tablets of diazepam {product} tablet (generic, UK)\n" in text


def test_a_plan_that_is_not_dispensed_says_so() -> None:
    assert "nothing can be dispensed from this plan" in to_text(samples.any_dose())


@EACH_PLAN
def test_it_is_a_proposal_and_a_named_prescriber_decides(plan: Callable[[], PlanRecord]) -> None:
    assert to_text(plan()).endswith("This is a proposal. A named prescriber decides.\n")


@EACH_PLAN
def test_the_same_plan_gives_the_same_text(plan: Callable[[], PlanRecord]) -> None:
    assert to_text(plan()) == to_text(plan())


def test_a_zero_day_reads_as_nothing() -> None:
    high = (samples.given("night", (samples.D2, 1)),)
    record = samples.record_of(samples.steps_of([[high], [high, ()], [()]]))
    assert re.search(r"day 2 of each 2 days:.*\n +nothing$", to_text(record), re.MULTILINE)


def test_text_that_people_gave_cannot_steer_the_terminal() -> None:
    record = samples.falling()
    finding = dataclasses.replace(record.findings[0], message="\x1b[2J" + "x" * 300)
    text = to_text(dataclasses.replace(record, findings=(finding,)))
    assert "\x1b" not in text
    assert all(len(line) <= WIDTH for line in text.splitlines())


def test_long_doses_still_fit() -> None:
    record = samples.any_dose()
    dose = dataclasses.replace(record.steps[1].cycle[0][0], dose=Dose(mg="123.456789"))
    step = dataclasses.replace(record.steps[1], cycle=((dose,),))
    text = to_text(dataclasses.replace(record, steps=(record.steps[0], step, *record.steps[2:])))
    assert "night 123.456789 mg" in text
    assert all(len(line) <= WIDTH for line in text.splitlines())


def test_a_number_is_never_parted_from_its_unit() -> None:
    made = samples.given(
        "morning", (samples.D10, 1), (samples.D5, "3/2"), (samples.D2, "3/4"), (samples.SOLUTION, "7/2")
    )
    crossing = samples.crossing()
    last = dataclasses.replace(crossing.steps[-1], cycle=((made,),))
    text = to_text(dataclasses.replace(crossing, steps=(*crossing.steps[:-1], last)))
    table = text[: text.index("\n\n", text.index("----"))]
    assert not re.search(r"[½¼¾×](?:  |$)", table, re.MULTILINE)
    assert not re.search(r"^ +(?:mg|mL|×)", table[table.index("----") :], re.MULTILINE)
    assert "\N{NO-BREAK SPACE}" not in text
