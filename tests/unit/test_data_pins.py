"""The data are what was reviewed: hash, rows and sums are pinned, columns are defined, sources resolve."""

import csv
import hashlib
import re
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import benzotaper
from benzotaper.sources import cite, source_ids

FOLDER = Path(benzotaper.__file__).parent / "data"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
SOURCE_ID = re.compile(r"\b(?!P450)[SIPOF][0-9]{2,3}\b")  # P450 is an enzyme

# file: (sha256, rows, exact sums of the columns of numbers); printed by builders/pin_data.py
PINS = {
    "barred_words.csv": ("7b0fbe13d755a685943c9b8f4953634e087fe67b31e335e1262c12cd26a5bcc3", 64, {}),
    "confusable_names.csv": ("2b6a3b35dd1e4eab49d31469c5f200b45c462f21338d232fe19462990f23d4d1", 245, {}),
    "drug_classes.csv": ("058d8191641aa5c51cf1e4806198f3cdf0e57e70b7a11c864f9a1b673b1276aa", 46, {}),
    "drug_sources.csv": ("a38c9dd97bd12195319aac64fb34b745fe303498dfa192b3ce916e13ebc287d0", 177, {}),
    "drugs.csv": (
        "fd02c73d9dfd23a4050c4463f9a6beef86790bf8cad6ce76940070c868e354f3",
        46,
        {
            "t_half_h": "702.9",
            "t_half_low_h": "264.4",
            "t_half_high_h": "1362.5",
            "t_half_elderly_h": "616.6",
            "metabolite_t_half_h": "198.4",
            "rule_half_life_h": "846.3",
        },
    ),
    "equivalence.csv": (
        "b48e7d91485c4f020a244aeed89572c977a18a0e16f261c66f68f78d19cd0fa4",
        213,
        {"dose_low_mg": "1972.385", "dose_high_mg": "2071.635", "diazepam_mg": "1617.5"},
    ),
    "equivalence_tables.csv": ("13f2c16e4149b489fe414372cc152393bd247c088bbc516bf2d03178ca1a5ac2", 14, {}),
    "facts.csv": (
        "360d4ac0f3a67ec4c0c187bb8a9888932cab713d1b0fb48c0ec59787ea6096d4",
        219,
        {"low": "264.1", "high": "110093", "max_age_h": "25248"},
    ),
    "max_dose.csv": (
        "8967b10b88402950f86aad646d822e6ba977e914c34b405308303d26b40371e0",
        49,
        {
            "usual_low_mg_day": "111.875",
            "usual_high_mg_day": "479.5",
            "max_mg_day": "1993.0",
            "elderly_max_mg_day": "1.25",
        },
    ),
    "names.csv": ("daf5a934dc15e9e54af4ba83d9f95e2b71efb2e9d7a26b7919ac17e80f44d0e5", 560, {}),
    "occupancy_presets.csv": (
        "ffe319f07cbcc0d72d1dda5b1022a9aa455d6da0229defe0030cee5e88f18d5f",
        2,
        {"half_occupancy_mg_per_day": "35.2"},
    ),
    "pharmacokinetics.csv": (
        "f87698b80887b3f64c86c3f633c5958c07a7f8b88b7f5794a9ea387795e175ea",
        25,
        {
            "F": "13.94",
            "lag_h": "0.93",
            "ka_per_h": "56.477",
            "t_half_h": "701.9",
            "t_half_low": "264.4",
            "t_half_high": "1362.5",
            "t_half_elderly": "616.6",
            "V_F_L_per_kg": "52.975",
            "CL_F_mL_min_kg": "40.88",
            "met_t_half_h": "198.4",
            "met_t_half_low": "197",
            "met_t_half_high": "355.5",
            "met_Css_ratio": "9.6",
            "met_rel_potency": "0.5",
        },
    ),
    "products.csv": (
        "be02c127167ed341f5b47fe15f387e13de788eef203bd2c1bdf9e3b61a24d24f",
        220,
        {
            "strength_mg": "1493.750",
            "conc_mg_per_ml": "73.4",
            "score_pieces": "127",
            "drops_per_ml": "150",
            "mg_per_drop": "2.133",
        },
    ),
    "profiles.toml": ("dfe811302c0d223bce867d1f516c0e71cdff6519c71d604da4281ecfa00e2897", 155, {"value": "3667.975"}),
    "rule_conditions.csv": ("265a219d74061d7a445d9e057de2924fd29b63b8e7d722538e091d09b6529e61", 117, {}),
    "rule_sources.csv": ("734df2162195b3c4cc98c657eed916d12d830472df8c31baa4e5b2375cf08cdf", 86, {}),
    "rule_texts.csv": ("c102a34304f5231458944ba55bf88dd13f40fc35237dd206ab226d57d3938740", 288, {}),
    "rules.csv": ("87e54eec69597a1e14d004b9d1dff3078e3d3fe6637e9b440e4aa28a855d2218", 80, {}),
    "ruleset.toml": ("c0c6987fb17ad49f901cd51c4013b3f4ee97022aa4713725bf0cf02fbf21c8cf", 0, {}),
}


def rows_of(file: str) -> list[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def profiles() -> dict[str, dict[str, Any]]:
    return tomllib.loads((FOLDER / "profiles.toml").read_text(encoding="utf-8"), parse_float=Fraction)


def thresholds() -> list[dict[str, Any]]:
    return [entry for profile in profiles().values() for entry in profile["thresholds"].values()]


def columns_of(file: str) -> set[str]:
    if file.endswith(".csv"):
        return set(rows_of(file)[0])
    if file == "ruleset.toml":
        return set(tomllib.loads((FOLDER / file).read_text(encoding="utf-8")))
    of_profiles = {key for profile in profiles().values() for key in profile}
    return of_profiles | {key for entry in thresholds() for key in entry}


def defined_columns(file: str) -> set[str]:
    """The names in the first cells of the table below the file's heading in the README."""
    section = re.search(rf"^## {re.escape(file)}$(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert section, f"README.md has no section for {file}"
    first_cells = re.findall(r"^\|([^|]*)\|", section[1], re.MULTILINE)
    return {name for cell in first_cells for name in re.findall(r"`([^`]+)`", cell)}


def test_every_file_of_facts_is_pinned() -> None:
    others = [path.name for path in FOLDER.iterdir() if path.name not in PINS]
    assert [name for name in others if name != "README.md" and not name.endswith(".schema.json")] == []
    assert [file for file in PINS if not (FOLDER / file).is_file()] == []


@pytest.mark.parametrize("file", PINS)
def test_a_data_file_has_the_pinned_hash(file: str) -> None:
    assert hashlib.sha256((FOLDER / file).read_bytes()).hexdigest() == PINS[file][0]


@pytest.mark.parametrize("file", [file for file in PINS if file.endswith(".csv")])
def test_a_csv_file_has_the_pinned_rows_and_sums(file: str) -> None:
    rows = rows_of(file)
    sums = {column: sum(Fraction(row[column]) for row in rows if row[column]) for column in PINS[file][2]}
    assert (len(rows), sums) == (PINS[file][1], {column: Fraction(total) for column, total in PINS[file][2].items()})


def test_the_profiles_have_the_pinned_thresholds_and_sum() -> None:
    values = [entry["value"] for entry in thresholds()]
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    numbers = [item for item in flat if isinstance(item, int | Fraction) and not isinstance(item, bool)]
    assert (len(values), sum(numbers)) == (PINS["profiles.toml"][1], Fraction(PINS["profiles.toml"][2]["value"]))


@pytest.mark.parametrize("file", PINS)
def test_the_readme_defines_exactly_the_columns_of_a_file(file: str) -> None:
    assert defined_columns(file) == columns_of(file)


@pytest.mark.parametrize("file", [file for file in PINS if file.endswith(".csv")])
def test_a_csv_file_has_line_feeds_and_no_byte_order_mark(file: str) -> None:
    raw = (FOLDER / file).read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\n")


def named_sources() -> set[str]:
    """Every source id of every file: whole cells, and ids within sources that are given in words."""
    files = [file for file in PINS if file.endswith(".csv") and not file.endswith("_sources.csv")]
    cells = [row[column] for file in files for row in rows_of(file) for column in row if column == "source_id"]
    ids = {part.strip() for cell in cells for part in cell.split(";")}
    ids |= {part for row in rows_of("pharmacokinetics.csv") for part in row["source_ids"].split(";")}
    words = [
        row["source"] for file in ("names.csv", "drug_classes.csv", "confusable_names.csv") for row in rows_of(file)
    ]
    ids |= {found for text in words for found in SOURCE_ID.findall(text)}
    ids |= {str(entry["source_id"]) for entry in thresholds()}
    ids |= {str(profile["source_id"]) for name, profile in profiles().items() if name != "default"}
    return ids


def test_every_source_that_a_data_file_names_can_be_cited() -> None:
    named = named_sources()
    assert len(named) > 80  # the collection itself works
    assert named <= set(source_ids())
    assert all(cite(source_id).id == source_id for source_id in named)


def test_every_drug_that_a_data_file_names_is_in_drugs_csv() -> None:
    known = {row["drug"] for row in rows_of("drugs.csv")} | {"all anxiolytics", "all hypnotics"}
    for file in PINS:
        if file.endswith(".csv") and "drug" in rows_of(file)[0]:
            assert {row["drug"] for row in rows_of(file)} <= known, file
