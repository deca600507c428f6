"""Pieces, doses, dates and percents in words."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

import plan_samples as samples
from benzotaper.doses import Dose
from benzotaper.exports.words import (
    administration_short,
    administration_words,
    amount_text,
    date_words,
    join_words,
    mg_figure,
    numbers_text,
    percent_text,
    printable,
    steps_words,
    taken_short,
    taken_words,
    units_text,
    weekday,
)
from benzotaper.product import Product
from benzotaper.steps import Administration, Taken

QUARTERS = {
    1: ("a quarter of a 2 mg tablet", "¼ × 2 mg"),
    2: ("half a 2 mg tablet", "½ × 2 mg"),
    3: ("three quarters of a 2 mg tablet", "¾ × 2 mg"),
    4: ("one 2 mg tablet", "1 × 2 mg"),
    5: ("one and a quarter 2 mg tablets", "1¼ × 2 mg"),
    6: ("one and a half 2 mg tablets", "1½ × 2 mg"),
    7: ("one and three quarter 2 mg tablets", "1¾ × 2 mg"),
    8: ("two 2 mg tablets", "2 × 2 mg"),
    9: ("two and a quarter 2 mg tablets", "2¼ × 2 mg"),
    10: ("two and a half 2 mg tablets", "2½ × 2 mg"),
    11: ("two and three quarter 2 mg tablets", "2¾ × 2 mg"),
    12: ("three 2 mg tablets", "3 × 2 mg"),
}


@pytest.mark.parametrize(("quarters", "said"), QUARTERS.items())
def test_each_number_of_quarters_has_its_words(quarters: int, said: tuple[str, str]) -> None:
    taken = Taken(product=samples.D2, pieces=quarters, pieces_per_unit=4)
    assert (taken_words(taken), taken_short(taken)) == said


def test_the_words_do_not_depend_on_how_pieces_are_counted() -> None:
    halves, quarters = (Taken(product=samples.D2, pieces=n, pieces_per_unit=per) for n, per in ((3, 2), (6, 4)))
    assert taken_words(halves) == taken_words(quarters) == "one and a half 2 mg tablets"


@pytest.mark.parametrize(("number", "said"), [(12, "twelve 2 mg tablets"), (13, "13 2 mg tablets")])
def test_counts_are_words_up_to_twelve(number: int, said: str) -> None:
    assert taken_words(samples.taken(samples.D2, number)) == said


@pytest.mark.parametrize(
    ("strength", "said"),
    [("8 mg", "half an 8 mg"), ("11 mg", "half an 11 mg"), ("18 mg", "half an 18 mg"), ("80 mg", "half an 80 mg"),
     ("0.8 mg", "half a 0.8 mg"), ("1 mg", "half a 1 mg"), ("10 mg", "half a 10 mg"), ("110 mg", "half a 110 mg")],
)  # fmt: skip
def test_the_article_follows_the_spoken_number(strength: str, said: str) -> None:
    product = Product("diazepam", strength=strength, form="tablet")
    assert taken_words(samples.taken(product, "1/2")) == f"{said} tablet"


def test_other_forms_are_named() -> None:
    assert taken_words(samples.taken(samples.CAPSULE, 1)) == "one 10 mg capsule"
    assert taken_words(samples.taken(samples.CAPSULE, 2)) == "two 10 mg capsules"
    assert taken_short(samples.taken(samples.CAPSULE, 2)) == "2 × 10 mg capsule"
    extended = Product("alprazolam", strength="1 mg", form="tablet", release="ER")
    assert taken_words(samples.taken(extended, 2)) == "two 1 mg extended-release tablets"


def test_a_liquid_says_volume_mg_and_mg_per_ml() -> None:
    taken = samples.taken(samples.SOLUTION, 2)
    assert taken_words(taken) == "2 mL (0.8 mg) of 0.4 mg/mL oral solution"
    assert taken_short(taken) == "2 mL (0.8 mg) of 0.4 mg/mL"


def test_drops_say_their_number_mg_and_drops_per_ml() -> None:
    taken = Taken(product=samples.DROPS, pieces=9, pieces_per_unit=30)
    assert taken_words(taken) == "9 drops (3 mg) of 10 mg/mL oral drops (30 drops per mL)"
    assert taken_short(taken) == "9 drops (3 mg) of 10 mg/mL"


def test_an_administration_joins_its_products() -> None:
    made = samples.given("night", (samples.D10, 1), (samples.D5, "1/2"))
    assert administration_words(made) == "one 10 mg tablet and half a 5 mg tablet"
    assert administration_short(made) == "1 × 10 mg + ½ × 5 mg"


def test_a_dose_that_is_not_dispensed_is_just_mg() -> None:
    dose = Administration(drug="diazepam", time="night", dose=Dose(mg="7.125"), taken=())
    assert administration_words(dose) == "7.125 mg"
    assert not administration_short(dose)


def test_lists_end_with_and() -> None:
    assert [join_words(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_amounts_count_units_of_a_product() -> None:
    assert amount_text(Fraction(1, 2), samples.D2) == "½ tablet"
    assert amount_text(Fraction(1), samples.D2) == "1 tablet"
    assert amount_text(Fraction(49, 2), samples.SOLUTION) == "24½ mL"
    assert amount_text(Fraction(3, 10), samples.DROPS) == "0.3 mL (9 drops)"
    assert units_text(Fraction(7, 4)) == "1¾"


@given(st.dates(min_value=date(1900, 1, 1)))
def test_a_date_reads_as_iso_says(day: date) -> None:
    name, number, month, year = date_words(day).split()
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    assert date(int(year), names.index(month) + 1, int(number)) == day
    assert (
        name
        == weekday(day)
        == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][(day - date(2026, 11, 30)) % timedelta(7) // timedelta(1)]
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [(Fraction(0), "0 %"), (Fraction(10), "10 %"), (Fraction(25, 2), "12.5 %"), (Fraction(100, 3), "33.3 %"),
     (Fraction(1, 20), "0.1 %"), (Fraction(1, 21), "under 0.1 %")],
)  # fmt: skip
def test_percents_are_rounded_half_up_and_never_vanish(value: Fraction, said: str) -> None:
    assert percent_text(value) == said


def test_a_dose_is_printed_exactly_and_a_mean_at_three_places() -> None:
    assert mg_figure(31_250) == "0.03125"
    assert mg_figure(Fraction(61_000_000, 7)) == "8.714"


def test_runs_of_numbers_are_joined() -> None:
    assert numbers_text([7, 1, 2, 3, 3]) == "1–3, 7"
    assert [steps_words(numbers) for numbers in ([], [4], [4, 5])] == ["", "step 4", "steps 4–5"]


def test_text_that_a_terminal_or_page_would_obey_is_shown_instead() -> None:
    assert printable("a\x1b[2J\u202eb\x00\n c\ud800") == "a�[2J�b� c�"
    assert printable("Dr Öztürk, 東京 👩‍⚕️") == "Dr Öztürk, 東京 👩‍⚕️"
