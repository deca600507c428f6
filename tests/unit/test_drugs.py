"""A name finds its own drug or none: near names are shown and never chosen."""

import csv
import unicodedata
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

import benzotaper
from benzotaper.drugs import Drug, drug_named, drug_names, look_alikes, names_of, normalised
from benzotaper.errors import ReleaseError, UnknownDrugError
from benzotaper.unknown import Unknown

FOLDER = Path(benzotaper.__file__).parent / "data"


def rows_of(file: str) -> list[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


NAMES = rows_of("names.csv")
PLAIN = [(row["name"], row["drug"]) for row in NAMES if row["kind"] != "brand_er"]
SPECIAL = [(row["name"], row["drug"]) for row in NAMES if row["kind"] == "brand_er"]
plain_names = st.sampled_from(PLAIN)


def bare(name: str) -> str:
    """An oracle for `normalised`: drops accents by Unicode name instead of by code point range."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(c for c in letters if not unicodedata.name(c, "").startswith("COMBINING ") or c in "\u3099\u309a")
    return " ".join(kept.split())


def without_accents(name: str) -> str:
    return unicodedata.normalize("NFC", bare(name))


# names


def test_the_names_of_all_46_drugs_find_themselves() -> None:
    assert len(drug_names()) == 46
    assert list(drug_names()) == sorted(drug_names())
    assert [drug_named(name).name for name in drug_names()] == list(drug_names())


@pytest.mark.parametrize(("name", "drug"), PLAIN)
def test_every_plain_name_finds_its_drug_in_any_case_and_without_accents(name: str, drug: str) -> None:
    for written in (name, name.upper(), name.lower(), name.title(), without_accents(name), f"  {name} "):
        assert drug_named(written).name == drug, written
    assert drug_named(unicodedata.normalize("NFD", name)).name == drug


@pytest.mark.parametrize(("name", "drug"), SPECIAL)
def test_a_special_product_is_refused_and_its_drug_named(name: str, drug: str) -> None:
    for written in (name, name.upper(), f" {name}  "):
        with pytest.raises(ReleaseError, match="another product, not another spelling") as caught:
            drug_named(written)
        assert caught.value.facts == {"value": written, "drug": drug}
        assert f"bt.products('{drug}', region=...)" in str(caught.value)


@pytest.mark.parametrize(
    "ending", ["XR", "ER", "SR", "MR", "CR", "retard", "depot", "Retard", "xr", "extended release"]
)
def test_a_release_behind_a_name_makes_another_product_of_it(ending: str) -> None:
    for name in ("alprazolam", "Xanax", "lorazépam", "zolpidem tartrate"):
        for between in (" ", "-", "  "):
            with pytest.raises(ReleaseError):
                drug_named(name + between + ending)


def test_a_release_behind_something_else_is_an_unknown_name() -> None:
    with pytest.raises(UnknownDrugError):
        drug_named("morphine XR")


def test_no_two_drugs_share_a_normalised_name() -> None:
    owner: dict[str, str] = {}
    for name, drug in [*PLAIN, *SPECIAL, *((name, name) for name in drug_names())]:
        assert owner.setdefault(bare(name), drug) == drug, name


def test_katakana_voicing_marks_tell_names_apart() -> None:
    assert normalised("ジアゼパム") != normalised("シアセハム")
    with pytest.raises(UnknownDrugError):
        drug_named("シアセハム")


@given(plain_names)
def test_normalising_agrees_with_an_independent_reading_and_changes_nothing_twice(listed: tuple[str, str]) -> None:
    once = normalised(listed[0])
    assert once == bare(listed[0])
    assert normalised(once) == once


@given(st.text(max_size=20))
def test_any_text_finds_a_listed_name_or_is_refused(text: str) -> None:
    try:
        found = drug_named(text)
    except (UnknownDrugError, ReleaseError):
        return
    assert bare(text) in {bare(name) for name in names_of(found.name)}


# slips


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str]:
    """A listed name with one letter dropped, doubled, replaced, added or exchanged with the next; and its drug."""
    name, drug = draw(plain_names)
    at = draw(st.integers(0, len(name) - 1))
    letter = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyzéüñパバハцл -"))
    before, here, after = name[:at], name[at], name[at + 1 :]
    swapped = before + after[:1] + here + after[1:]
    return draw(
        st.sampled_from([before + after, before + letter + after, before + letter + here + after, swapped])
    ), drug


@given(slips())
def test_a_slip_of_one_letter_never_silently_gives_another_drug(slip: tuple[str, str]) -> None:
    written, meant = slip
    try:
        found = drug_named(written).name
    except (UnknownDrugError, ReleaseError):
        return
    assert found == meant or bare(written) in {bare(name) for name, drug in PLAIN if drug == found}


def one_letter_apart(a: str, b: str) -> bool:
    if a == b or abs(len(a) - len(b)) > 1:
        return a == b
    short, long = sorted((a, b), key=len)
    at = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    if len(short) != len(long):
        return short[at:] == long[at + 1 :]
    return short[at + 1 :] == long[at + 1 :] or (short[at : at + 2][::-1] + short[at + 2 :] == long[at:])


def test_listed_names_of_two_drugs_one_letter_apart_are_listed_as_look_alikes() -> None:
    close = [
        (a, b)
        for (a, drug), (b, other) in combinations(PLAIN, 2)
        if drug != other and one_letter_apart(bare(a), bare(b))
    ]
    assert close, "the search itself works"
    for a, b in close:
        assert bare(b) in {bare(name) for name in look_alikes(a)}, (a, b)
        assert bare(a) in {bare(name) for name in look_alikes(b)}, (a, b)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("diazapam", "diazepam"),
        ("Klonopim", "Klonopin (clonazepam)"),
        ("lorazepam tablets", "lorazepam"),
        ("ロラセパム", "ロラゼパム (lorazepam)"),
    ],
)
def test_a_slip_is_refused_and_near_names_are_shown_with_their_drug(written: str, shown: str) -> None:
    with pytest.raises(UnknownDrugError, match="none of the 46 drugs") as caught:
        drug_named(written)
    assert caught.value.name == written
    assert caught.value.suggestions[0] == shown
    assert len({suggestion.partition(" (")[2] or suggestion for suggestion in caught.value.suggestions}) <= 3
    assert shown in str(caught.value)


@pytest.mark.parametrize(
    ("written", "taken_for"),
    [
        ("clonidine", "clonazepam"),
        ("Diltiazem", "diazepam"),
        ("ZANTAC", "Xanax (alprazolam)"),
        ("Zolmitriptan", "zolpidem"),
    ],
)
def test_a_drug_that_is_none_of_ours_says_what_it_is_confused_with(written: str, taken_for: str) -> None:
    with pytest.raises(UnknownDrugError, match=r"easily confused with .*check the prescription") as caught:
        drug_named(written)
    assert taken_for in caught.value.suggestions


@pytest.mark.parametrize("given_", [None, 5, 0.5, [], b"diazepam", "", "   "])
def test_what_is_no_text_or_empty_is_refused(given_: object) -> None:
    with pytest.raises(UnknownDrugError, match="is no drug name: give it as text"):
        drug_named(given_)  # type: ignore[arg-type]  # the point of the test


def test_a_name_near_nothing_says_where_the_names_are() -> None:
    with pytest.raises(UnknownDrugError, match=r"bt\.drug_names\(\) lists them") as caught:
        drug_named("xyzzy")
    assert caught.value.suggestions == ()


# names of a drug, look-alikes


@pytest.mark.parametrize("drug", drug_names())
def test_the_names_of_a_drug_are_its_own_first_then_all_listed_plain_ones(drug: str) -> None:
    names = names_of(drug)
    assert names[0] == drug
    assert set(names) == {drug} | {name for name, owner in PLAIN if owner == drug}
    assert len(set(names)) == len(names)


def test_look_alikes_go_both_ways_and_are_never_names_of_the_same_drug() -> None:
    for row in rows_of("confusable_names.csv"):
        a, b = row["name_a"], row["name_b"]
        assert bare(b) in map(bare, look_alikes(a))
        assert bare(a) in map(bare, look_alikes(b))
    for name, drug in PLAIN:
        assert not {bare(other) for other in look_alikes(name)} & {bare(own) for own in names_of(drug)}, name


def test_look_alikes_reported_in_practice_come_first_and_none_comes_twice() -> None:
    assert look_alikes("clonazepam")[:3] == ("clobazam", "lorazepam", "alprazolam")
    assert look_alikes("DIAZÉPAM") == look_alikes("diazepam")
    found = [bare(name) for name in look_alikes("diazepam")]
    assert len(set(found)) == len(found)
    assert look_alikes("tofisopam") == ()


# facts


def test_a_drug_has_the_facts_of_its_rows() -> None:
    found = drug_named("clobazam")
    assert (found.class_, found.hypnotic, found.pk_quality) == ("1,5-benzodiazepine", "no", "B")
    assert (found.half_life_h, found.rule_half_life_h) == (Fraction("36.3"), Fraction(65))
    assert found.cyp == ("2B6", "2C19", "3A4")
    assert (found.codes.rxcui, found.codes.unii, found.codes.cas) == ("21241", "2MRO291B4U", "22316-47-8")


def test_what_is_not_captured_is_unknown_and_not_a_value() -> None:
    found = drug_named("bentazepam")
    for fact in (
        found.rule_half_life_h,
        found.half_life_h,
        found.cyp,
        found.prodrug,
        found.codes.cas,
        found.pk_quality,
    ):
        assert isinstance(fact, Unknown)
    assert drug_named("loprazolam").codes.rxcui == Unknown("not found")


def test_a_drug_cleared_by_conjugation_has_no_enzymes_which_is_not_unknown() -> None:
    assert drug_named("lorazepam").cyp == ()


@pytest.mark.parametrize("name", drug_names())
def test_the_half_life_for_rules_is_exact_and_never_shorter_than_that_of_the_drug(name: str) -> None:
    found: Drug = drug_named(name)
    assert str(found) == name
    if isinstance(found.rule_half_life_h, Unknown):
        assert isinstance(found.half_life_h, Unknown)
    else:
        assert isinstance(found.half_life_h, Fraction)
        assert found.rule_half_life_h >= found.half_life_h


def test_a_drug_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        drug_named("diazepam").name = "nordazepam"  # type: ignore[misc]  # the point of the test
