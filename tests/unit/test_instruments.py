"""Scores of forms: ranges, bands, and what a score with missing items still says; no item text."""

import csv
from pathlib import Path

import pytest

import benzotaper as bt
from benzotaper.errors import FactError
from benzotaper.instruments import INSTRUMENTS, instrument

FACTS = Path(bt.__file__).parent / "data" / "facts.csv"
MISSING = bt.Unknown("declined")
BANDS = [
    ("GAD7", [5, 10, 15], 21),
    ("PHQ9", [5, 10, 15, 20], 27),
    ("ISI7", [8, 15, 22], 28),
    ("WSAS", [10, 20], 40),
    ("CIWAB_20x4_max80", [21, 41, 61], 80),
]
WITH_ITEMS = {
    "GAD7": (7, 3),
    "PHQ9": (9, 3),
    "PHQ8": (8, 3),
    "ISI7": (7, 4),
    "SEVDEP5": (5, 3),
    "CIWAB_20x4_max80": (20, 4),
}


@pytest.mark.parametrize(("form", "bands", "high"), BANDS)
def test_a_band_begins_at_its_lowest_score_and_the_range_ends_with_the_form(
    form: str, bands: list[int], high: int
) -> None:
    assert bt.band(form, 0) == 0
    assert bt.band(form, high) == len(bands)
    for number, lowest in enumerate(bands, start=1):
        assert (bt.band(form, lowest - 1), bt.band(form, lowest)) == (number - 1, number)
    for outside in (-1, high + 1):
        with pytest.raises(FactError, match=f"{form} cannot be {outside}"):
            bt.band(form, outside)


@pytest.mark.parametrize("form", ["PHQ8", "SEVDEP5"])
def test_a_form_without_a_source_for_its_bands_has_none(form: str) -> None:
    assert bt.band(form, 5) == bt.Unknown("no bands are known for this form")


@pytest.mark.parametrize("form", INSTRUMENTS)
def test_the_range_of_a_form_lies_in_that_of_its_fact(form: str) -> None:
    kind = bt.fact_type(instrument(form).fact)
    assert form in kind.forms
    assert 0 < instrument(form).high <= kind.high
    assert instrument(form).grade in ("seen", "secondary", "recalled")
    with FACTS.open(encoding="utf-8", newline="") as lines:
        high = next(row["high"] for row in csv.DictReader(lines) if row["fact"] == kind.name)
    assert form == "PHQ8" or instrument(form).high == int(high)


@pytest.mark.parametrize(("form", "shape"), WITH_ITEMS.items())
def test_a_score_is_the_sum_of_its_items(form: str, shape: tuple[int, int]) -> None:
    items, most = shape
    assert bt.score(form, [0] * items) == 0
    assert bt.score(form, [most] * items) == items * most == instrument(form).high
    assert bt.score(form, [1, *[0] * (items - 2), most]) == 1 + most


@pytest.mark.parametrize(("form", "shape"), WITH_ITEMS.items())
def test_each_item_without_an_answer_may_be_anything(form: str, shape: tuple[int, int]) -> None:
    items, most = shape
    assert bt.score(form, [MISSING, *[1] * (items - 1)]) == bt.Interval(items - 1, items - 1 + most)
    assert bt.score(form, [MISSING] * items) == bt.Interval(0, items * most)


def test_six_of_seven_items_say_what_they_can_and_nothing_is_prorated() -> None:
    assert bt.score("GAD7", [3, 3, 3, 3, 2, 2, MISSING]) == bt.Interval(16, 19)
    assert bt.score("GAD7", [3, 3, 3, 2, 1, 1, MISSING]) == bt.Interval(13, 16)
    assert bt.score("GAD7", [2, 2, 2, 1, 1, 1, MISSING]) == bt.Interval(9, 12)


@pytest.mark.parametrize("count", [0, 6, 8])
def test_another_number_of_items_is_refused(count: int) -> None:
    with pytest.raises(FactError, match=rf"GAD7 has 7 items, not {count}; give Unknown\(reason\)"):
        bt.score("GAD7", [1] * count)


@pytest.mark.parametrize("item", [-1, 4, True, 1.0, "1", None])
def test_an_item_that_cannot_be_is_refused(item: object) -> None:
    with pytest.raises(FactError, match=r"an item cannot be .* whole number from 0 to 3"):
        bt.score("GAD7", [*[1] * 6, item])  # type: ignore[list-item]


@pytest.mark.parametrize("total", [True, 5.0, "5", None])
def test_a_total_that_is_no_whole_number_has_no_band(total: object) -> None:
    with pytest.raises(FactError, match="whole number from 0 to 21"):
        bt.band("GAD7", total)  # type: ignore[arg-type]


def test_a_form_whose_items_are_not_known_takes_a_total_only() -> None:
    with pytest.raises(FactError, match="its items are not known here; give its total"):
        bt.score("WSAS", [1] * 5)


@pytest.mark.parametrize(("wrong", "meant"), [("GAD8", "GAD7"), ("gad7", "GAD7"), ("PHQ-9", "PHQ9")])
def test_a_wrong_form_is_refused_and_a_near_one_named(wrong: str, meant: str) -> None:
    for ask in (lambda: instrument(wrong), lambda: bt.score(wrong, []), lambda: bt.band(wrong, 1)):
        with pytest.raises(FactError, match=f"no form '{wrong}'.*{meant}"):
            ask()


def test_no_text_of_an_item_is_shipped() -> None:
    fields = {"form_id", "fact", "items", "item_max", "bands", "grade"}
    for form in INSTRUMENTS.values():
        assert set(form.__slots__) == fields
        assert all(len(word) <= 20 for word in (form.form_id, form.fact, form.grade))


@pytest.mark.parametrize("short", ["sds", "SDS", "sds_total"])
def test_sds_alone_names_two_scales(short: str) -> None:
    with pytest.raises(bt.BenzotaperError, match=r"Sheehan Disability Scale and the Severity .* sevdep_sds_total"):
        bt.fact_type(short)
