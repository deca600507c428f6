"""A profile is named by the caller, has its own thresholds before the defaults, and holds exact numbers only."""

import subprocess
import sys
from fractions import Fraction

import pytest

from benzotaper import datafiles
from benzotaper.errors import DataError, UnknownIdError
from benzotaper.profiles import default_threshold, profile, profile_ids, read_profiles
from benzotaper.sources import cite

DEFAULTS = """
[default.thresholds.a]
value = 0.1
unit = "1"
origin = "guideline"
source_id = "HOUSE"
"""


def test_a_profile_has_its_own_threshold_before_the_default() -> None:
    assert profile("uk").threshold("pl03_min_interval_d").value == 7
    assert default_threshold("pl03_min_interval_d").value == 14
    assert profile("germany").threshold("pl03_min_interval_d") is default_threshold("pl03_min_interval_d")


@pytest.mark.parametrize("profile_id", profile_ids())
def test_a_profile_finds_every_default_and_its_source(profile_id: str) -> None:
    chosen = profile(profile_id)
    assert cite(chosen.source_id).id == chosen.source_id
    assert len(read_profiles(datafiles.shipped("profiles.toml"))[0]) == 155 - 11  # all, less those of the profiles
    for name in read_profiles(datafiles.shipped("profiles.toml"))[0]:
        assert chosen.threshold(name).name == name


def test_the_equivalence_table_of_every_profile_exists() -> None:
    text = datafiles.shipped("equivalence_tables.csv")
    tables = {line.split(",")[0] for line in text.splitlines()[1:]}
    assert {profile(profile_id).equivalence_table for profile_id in profile_ids()} <= tables


def test_no_float_appears_in_any_value() -> None:
    defaults, profiles = read_profiles(datafiles.shipped("profiles.toml"))
    for threshold in [*defaults.values(), *(own for chosen in profiles.values() for own in chosen.thresholds.values())]:
        items = threshold.value if isinstance(threshold.value, tuple) else (threshold.value,)
        assert all(type(item) in (bool, Fraction, str) for item in items), threshold


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pl01_max_fraction_14_d", Fraction(1, 4)),
        ("pl08_max_fraction_long", Fraction(1, 8)),
        ("pl08_applies", False),
        ("cyp_enzymes", ("3A4", "2C19")),
        ("fu01_short_d", (Fraction(2), Fraction(7))),
    ],
)
def test_a_value_is_exact_or_a_switch_or_a_list(name: str, value: object) -> None:
    found = default_threshold(name).value
    assert (type(found), found) == (type(value), value)


def test_a_number_that_no_source_gives_is_ours() -> None:
    assert default_threshold("pl01_floor_diazepam_mg").is_ours
    assert not default_threshold("pl01_window_d").is_ours


def test_the_defaults_cannot_be_chosen_as_a_profile() -> None:
    assert "default" not in profile_ids()
    with pytest.raises(UnknownIdError, match="no profile 'default'"):
        profile("default")


def test_a_misspelt_profile_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownIdError, match=r"did you mean asam-2025\?") as caught:
        profile("ASAM 2025")
    assert caught.value.suggestions == ("asam-2025",)


@pytest.mark.parametrize("given", [None, 3, []])
def test_a_profile_id_that_is_no_text_is_refused(given: object) -> None:
    with pytest.raises(UnknownIdError):
        profile(given)  # type: ignore[arg-type]  # the point of the test


def test_a_misspelt_threshold_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownIdError, match=r"did you mean pl01_window_d\b") as caught:
        profile("uk").threshold("pl01_windows_d")
    assert caught.value.kind == "threshold"


def test_all_faults_are_reported_with_profile_and_threshold() -> None:
    text = (
        DEFAULTS
        + """
[default.thresholds.b]
value = { low = 1 }
unit = "d"
origin = "memory"
source_id = "HOUSE"
extra = 1
[own]
title = "t"
source_id = "HOUSE"
date = 2025
[own.thresholds.c]
value = [1, "x"]
unit = "d"
origin = "house"
"""
    )
    with pytest.raises(DataError) as caught:
        read_profiles(text)
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "[default] b",
        "[default] b",
        "[default] b",
        "[own]",
        "[own]",
        "[own] c",
        "[own] c",
        "[own] c",
    ]


@pytest.mark.parametrize("text", ["value =", DEFAULTS.replace("0.1", "nan"), DEFAULTS.replace("0.1", "inf")])
def test_a_text_that_is_no_toml_or_holds_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(DataError, match=r"profiles\.toml"):
        read_profiles(text)


def test_importing_the_module_does_not_load_the_toml_reader() -> None:
    code = "import sys, benzotaper.profiles; sys.exit('tomllib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=False)  # a fixed text, in a fresh process
    assert done.returncode == 0
