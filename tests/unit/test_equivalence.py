"""Conversion says what one named table says, exactly, and refuses the rest with what would help."""

import csv
import json
import math
import pickle
import subprocess
import sys
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benzotaper.doses import Dose
from benzotaper.equivalence import (
    Equivalent,
    EquivalentDose,
    Spread,
    Table,
    compare_equivalents,
    convert,
    convert_frame,
    default_tables,
    factor,
    load_table,
    mg_range_in_diazepam,
    table_named,
    tables,
    tables_for,
)
from benzotaper.errors import (
    DataError,
    DoseError,
    NotInTableError,
    PickError,
    ReleaseError,
    UnknownDrugError,
    UnknownTableError,
)
from benzotaper.unknown import Unknown

DATA = resources.files("benzotaper") / "data"
HEADER = "table_id,drug,dose_low_mg,dose_high_mg,diazepam_mg,route,grade"


def printed(file: str) -> list[dict[str, str]]:
    """A data file read plainly, for an oracle that shares no code with the package."""
    return list(csv.DictReader((DATA / file).read_text(encoding="utf-8").splitlines()))


ROWS = printed("equivalence.csv")


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    path = tmp_path / "own.csv"
    path.write_text(
        f"{HEADER}\nmine,alprazolam,0.5,1,10,oral,seen\nmine,Ativan,2,2,12.5,not stated,secondary\n", "utf-8"
    )
    return path


# The rows


def test_the_data_have_213_rows() -> None:
    assert len(ROWS) == 213


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['table_id']} {row['drug']}")
def test_each_row_converts_to_diazepam_and_back_around_the_start(row: dict[str, str]) -> None:
    low, high, reference = (Fraction(row[name]) for name in ("dose_low_mg", "dose_high_mg", "diazepam_mg"))
    dose = Dose(mg=low)
    there = convert((row["drug"], dose), to="diazepam", table=row["table_id"])
    assert (there.low_mg, there.high_mg) == (low * reference / high, reference)
    for end in (there.low, there.high):
        back = convert(("diazepam", end), to=row["drug"], table=row["table_id"])
        assert back.low_mg == end.mg * low / reference
        assert back.high_mg == end.mg * high / reference
    least = convert(("diazepam", there.low), to=row["drug"], table=row["table_id"]).low
    most = convert(("diazepam", there.high), to=row["drug"], table=row["table_id"]).high
    assert least <= dose <= most


@pytest.mark.parametrize("table_id", sorted({row["table_id"] for row in ROWS}))
def test_a_table_holds_the_rows_of_the_file_and_what_is_said_of_it(table_id: str) -> None:
    table = table_named(table_id)
    rows = {row["drug"]: row for row in ROWS if row["table_id"] == table_id}
    assert set(table.rows) == set(rows)
    assert {drug: row.grade for drug, row in table.rows.items()} == {drug: row["grade"] for drug, row in rows.items()}
    (about,) = (about for about in printed("equivalence_tables.csv") if about["table_id"] == table_id)
    assert (table.title, table.publisher, table.region) == (about["title"], about["publisher"], about["region"])
    assert table.complete == (about["complete"] == "yes")
    assert table.shown_by_default == (about["shown_by_default"] == "yes")


def test_between_two_drugs_of_a_table_both_ranges_widen_the_result() -> None:
    # Ashton: bromazepam 5 to 6 mg and estazolam 1 to 2 mg for 10 mg of diazepam
    found = convert("bromazepam 3 mg", to="estazolam", table="ashton-2002")
    assert (found.low_mg, found.high_mg) == (Fraction(3, 6) * 1, Fraction(3, 5) * 2)


@pytest.mark.parametrize(
    ("text", "to", "table", "mg"),
    [
        ("lorazepam 1 mg", "diazepam", "ashton-2002", Fraction(10)),
        ("lorazepam 1 mg", "diazepam", "vadod-2021", Fraction(5)),
        ("alprazolam 1 mg", "diazepam", "ashton-2002", Fraction(20)),
        ("lorazepam 2.5 mg", "diazepam", "novadic", Fraction(25, 2)),
        ("chlordiazepoxide 30 mg", "diazepam", "novadic", Fraction(15)),
        ("lorazepam 2.5 mg", "chlordiazepoxide", "novadic", Fraction(25)),
        ("Xanax 0,5 mg", "Valium", "ashton-2002", Fraction(10)),
        ("3-hydroxydiazepam 20 mg", "diazepam", "ashton-2002", Fraction(10)),
        ("  ALPRAZOLAM   500 mcg ", "diazepam", "ashton-2002", Fraction(10)),
    ],
)
def test_published_equivalents_come_out_whatever_the_reference_dose(
    text: str, to: str, table: str, mg: Fraction
) -> None:
    found = convert(text, to=to, table=table)
    assert (found.low_mg, found.high_mg) == (mg, mg)
    assert found.dose == found.low == found.high == Dose(mg=mg)


def test_a_drug_equals_itself_even_where_the_table_gives_a_range() -> None:
    found = convert("bromazepam 6 mg", to="bromazepam", table="ashton-2002")
    assert found.low_mg == found.high_mg == 6


def test_diazepam_is_in_a_table_that_does_not_print_it() -> None:
    assert "diazepam" not in table_named("who-2009").rows
    assert table_named("who-2009").has("diazepam")
    assert mg_range_in_diazepam("diazepam", 5_000_000, "who-2009") == (Fraction(5), Fraction(5))


# One equivalent


def test_ends_rounded_to_nanograms_enclose_the_exact_range() -> None:
    found = convert("bromazepam 1 mg", to="diazepam", table="ashton-2002")
    assert (found.low_mg, found.high_mg) == (Fraction(5, 3), Fraction(2))
    assert (found.low, found.high) == (Dose.of_ng(1_666_666), Dose.of_ng(2_000_000))
    point = convert("zopiclone 1 mg", to="diazepam", table="ashton-2002")
    assert point.low_mg == point.high_mg == Fraction(2, 3)
    assert (point.low, point.high, point.dose) == (Dose.of_ng(666_666), Dose.of_ng(666_667), Dose.of_ng(666_666))


def test_a_range_gives_one_dose_only_when_it_is_picked() -> None:
    found = convert("bromazepam 1 mg", to="diazepam", table="ashton-2002")
    assert found.pick("low") == Dose.of_ng(1_666_666)
    assert found.pick("midpoint") == Dose.of_ng(1_833_333)
    assert found.pick("high") == Dose(mg=2)
    with pytest.raises(PickError, match="a range, not one dose; say pick='low', 'midpoint' or 'high'") as caught:
        _ = found.dose
    assert (caught.value.low_mg, caught.value.high_mg) == (Fraction(5, 3), 2)
    with pytest.raises(PickError, match="pick 'mean' is not known"):
        found.pick("mean")


def test_an_equivalent_names_its_source_and_what_to_know_of_it() -> None:
    found = convert("alprazolam 1 mg", to="diazepam", table="denmark")
    (source,) = found.sources
    assert (source.id, source.grade, source.title) == ("denmark", "seen", table_named("denmark").title)
    assert isinstance(source.year, Unknown)
    assert found.notes[0] == "denmark does not state the route of alprazolam and diazepam: read as oral"
    assert "not independent" in found.notes[1]
    assert convert("alprazolam 1 mg", to="diazepam", table="ashton-2002").notes == (table_named("ashton-2002").note,)
    assert convert("zopiclone 15 mg", to="diazepam", table="ashton-2002").sources[0].grade == "secondary"


def test_an_equivalent_reads_as_a_sentence_and_leaves_as_json_frame_and_html() -> None:
    found = convert("bromazepam 1 mg", to="diazepam", table="ashton-2002")
    assert str(found) == "bromazepam 1 mg is about 1.666667 to 2 mg of diazepam (ashton-2002)"
    said = json.loads(found.to_json())
    assert (Fraction(said["low_mg"]), Fraction(said["high_mg"]), said["table"]) == (
        Fraction(5, 3),
        Fraction(2),
        "ashton-2002",
    )
    (row,) = found.to_frame().to_dict("records")
    assert (row["drug"], row["given_mg"], row["to"], row["high_mg"]) == ("bromazepam", 1.0, "diazepam", 2.0)
    assert "<caption>bromazepam 1 mg in diazepam</caption>" in found._repr_html_()


def test_equal_conversions_are_equal_and_can_be_pickled() -> None:
    found = convert("alprazolam 1 mg", to="diazepam", table="ashton-2002")
    assert found == convert(("Xanax", "1000 mcg"), to="Valium", table=table_named("ashton-2002"))
    assert pickle.loads(pickle.dumps(found)) == deepcopy(found) == found  # noqa: S301  our own bytes
    assert isinstance(found, Equivalent)


# What is refused


@pytest.mark.parametrize(
    ("what", "to", "error", "words"),
    [
        ("alprazolm 1 mg", "diazepam", UnknownDrugError, "alprazolam"),
        ("alprazolam 1 mg", "diazepan", UnknownDrugError, "diazepam"),
        ("Xanax XR 1 mg", "diazepam", ReleaseError, "extended-release"),
        ("alprazolam", "diazepam", DoseError, "write the drug and then its dose"),
        ("1 mg alprazolam", "diazepam", DoseError, "write the drug and then its dose"),
        ("alprazolam nan mg", "diazepam", DoseError, "it is not a number"),
        ("", "diazepam", DoseError, "write the drug and then its dose"),
        ("alprazolam 1", "diazepam", DoseError, "needs a unit"),
        ("alprazolam 1 Mg", "diazepam", DoseError, "megagram"),
        ("alprazolam 0 mg", "diazepam", DoseError, "is zero"),
        ("alprazolam -1 mg", "diazepam", DoseError, "sign"),
        ("alprazolam .5 mg", "diazepam", DoseError, "zero before the point"),
        ("alprazolam 1,000 mg", "diazepam", DoseError, "ambiguous"),
        ("alprazolam 1000000000 mg", "diazepam", DoseError, "above 1000 mg"),
        (("alprazolam", 1), "diazepam", DoseError, "needs a unit"),
        (("alprazolam",), "diazepam", DoseError, "a drug and a dose in a tuple"),
        (5, "diazepam", DoseError, "a drug and a dose in a tuple"),
    ],
)
def test_what_cannot_be_read_is_refused_in_its_own_words(
    what: Any, to: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        convert(what, to=to, table="ashton-2002")


@pytest.mark.parametrize("table", ["ashton", "Ashton-2002", "", 5, None])
def test_an_unknown_table_is_refused_and_the_known_ones_are_named(table: Any) -> None:
    with pytest.raises(UnknownTableError, match="the tables are vadod-2021, ashton-2002") as caught:
        convert("alprazolam 1 mg", to="diazepam", table=table)
    assert caught.value.known == tuple(table.id for table in tables())
    assert table != "ashton" or caught.value.suggestions == ("ashton-2002",)


def test_a_drug_that_an_incomplete_table_lacks_is_not_captured_and_the_tables_that_have_it_are_named() -> None:
    with pytest.raises(
        NotInTableError, match=r"midazolam is not captured in who-2009.*have it: germany-2020"
    ) as caught:
        convert("midazolam 7.5 mg", to="diazepam", table="who-2009")
    error = caught.value
    assert (error.drug, error.table, error.complete, error.tables) == (
        "midazolam",
        "who-2009",
        False,
        ("germany-2020",),
    )


def test_a_drug_that_a_complete_table_lacks_is_not_in_it() -> None:
    with pytest.raises(NotInTableError, match="midazolam is not in ashton-2002, a complete table") as caught:
        convert("diazepam 5 mg", to="midazolam", table="ashton-2002")
    assert caught.value.complete


def test_a_drug_in_no_table_says_so_and_names_that_are_like_it_are_called_other_drugs() -> None:
    assert tables_for("delorazepam") == ()
    with pytest.raises(NotInTableError, match=r"are other drugs: lorazepam.*no table of the package has it"):
        mg_range_in_diazepam("delorazepam", 1_000_000, "ashton-2002")


# Cross-overs and plans


def test_a_factor_is_exact_and_a_range_needs_a_pick() -> None:
    assert factor("temazepam", "diazepam", table="ashton-2002") == Fraction(1, 2)
    assert factor("bromazepam", "diazepam", table="ashton-2002", pick="low") == Fraction(5, 3)
    assert factor("bromazepam", "diazepam", table="ashton-2002", pick="midpoint") == Fraction(11, 6)
    assert factor("bromazepam", "diazepam", table="ashton-2002", pick="high") == 2
    with pytest.raises(PickError):
        factor("bromazepam", "diazepam", table="ashton-2002")


def test_an_amount_in_diazepam_is_exact_also_for_a_mean_of_days() -> None:
    assert mg_range_in_diazepam("alprazolam", Fraction(1_000_000, 7), "norway-2021") == (
        Fraction(10, 7),
        Fraction(20, 7),
    )
    assert mg_range_in_diazepam("alprazolam", 0, "norway-2021") == (Fraction(0), Fraction(0))


# Several tables


def test_alprazolam_4_mg_is_25_to_80_mg_of_diazepam_over_the_default_tables() -> None:
    spread = compare_equivalents("alprazolam 4 mg", to="diazepam")
    assert (spread.low_mg, spread.high_mg) == (Fraction(25), Fraction(80))
    assert spread["inada-2015"].high_mg == 25
    assert [gap.table for gap in spread.missing] == ["scotland-2024"]
    asked = [table.id for table in default_tables()]
    assert [equivalent.table for equivalent in spread.equivalents] == [id_ for id_ in asked if id_ != "scotland-2024"]


def test_a_comparison_tells_not_in_a_complete_table_from_not_captured_in_another() -> None:
    spread = compare_equivalents("clotiazepam 5 mg", to="diazepam", tables=["ashton-2002", "who-2009", "inada-2015"])
    assert [(gap.table, gap.drug, gap.reason) for gap in spread.missing] == [
        ("ashton-2002", "clotiazepam", "not in"),
        ("who-2009", "clotiazepam", "not captured"),
    ]
    assert [str(gap) for gap in spread.missing] == [
        "clotiazepam is not in ashton-2002",
        "clotiazepam is not captured in who-2009",
    ]


def test_a_target_that_a_table_lacks_is_missing_too() -> None:
    spread = compare_equivalents("diazepam 5 mg", to="clotiazepam", tables=["ashton-2002", "inada-2015"])
    assert [gap.drug for gap in spread.missing] == ["clotiazepam"]


def test_a_comparison_that_no_table_can_make_names_those_that_could() -> None:
    with pytest.raises(NotInTableError, match="tables that have it: germany-2020") as caught:
        compare_equivalents("midazolam 7.5 mg", to="diazepam")
    assert (caught.value.drug, caught.value.tables) == ("midazolam", ("germany-2020",))
    with pytest.raises(NotInTableError) as caught:
        compare_equivalents("diazepam 7.5 mg", to="midazolam", tables="ashton-2002")
    assert caught.value.drug == "midazolam"


def test_a_table_asked_twice_is_shown_once() -> None:
    table = table_named("denmark")
    assert len(compare_equivalents("lorazepam 1 mg", to="diazepam", tables=["denmark", table]).equivalents) == 1
    assert len(compare_equivalents("lorazepam 1 mg", to="diazepam", tables=table).equivalents) == 1


def test_a_spread_reads_as_an_aligned_table() -> None:
    spread = compare_equivalents(
        "clonazepam 1 mg", to="diazepam", tables=["ashton-2002", "norway-2021", "scotland-2024"]
    )
    ashton, norway = spread["ashton-2002"], spread["norway-2021"]
    lines = str(spread).splitlines()
    assert lines[0] == spread.title
    assert lines[1].split() == ["table", "year", "region", "mg", "grade"]
    column = lines[1].index("mg")
    assert lines[2][column:].startswith(f"{float(ashton.low_mg):g}")
    assert lines[3][column:].startswith(f"{float(norway.low_mg):g}")
    assert lines[3].split()[:3] == ["norway-2021", "2021-10-19", "NO"]
    assert lines[-1] == "tables copy from each other: that they agree is no evidence"


def test_a_spread_leaves_as_json_frame_and_html_with_the_tables_that_are_missing() -> None:
    spread = compare_equivalents("alprazolam 4 mg", to="diazepam")
    said = json.loads(spread.to_json())
    assert (said["low_mg"], said["high_mg"], len(said["equivalents"])) == ("25", "80", 8)
    assert said["missing"] == [{"table": "scotland-2024", "drug": "alprazolam", "reason": "not in"}]
    frame = spread.to_frame()
    assert list(frame["table"])[-1] == "scotland-2024"
    assert frame["low_mg"].min() == 25.0
    assert list(frame["low_mg"].isna()) == [False] * 8 + [True]
    assert frame["missing"].iloc[-1] == "alprazolam is not in scotland-2024"
    assert "scotland-2024" in spread._repr_html_()
    assert repr(spread).startswith("<Spread alprazolam 4 mg is 25 to 80 mg")


def test_nothing_is_ever_averaged() -> None:
    assert not [name for name in (*dir(Spread), *dir(Equivalent)) if "mean" in name or "average" in name]


# Tables


def test_a_table_is_frozen_readable_and_can_be_pickled() -> None:
    table = table_named("ashton-2002")
    with pytest.raises(TypeError):
        table.rows["diazepam"] = table.rows["alprazolam"]  # type: ignore[index]  # the point of the test
    assert pickle.loads(pickle.dumps(table)) == deepcopy(table) == table  # noqa: S301  our own bytes
    assert repr(table) == "<Table ashton-2002, 27 rows>"
    assert str(table).endswith("(C. H. Ashton, 2002)")
    assert str(table_named("denmark")).endswith("no date)")


def test_nine_tables_are_shown_by_default() -> None:
    assert len(default_tables()) == sum(
        about["shown_by_default"] == "yes" for about in printed("equivalence_tables.csv")
    )
    assert {table.id for table in tables()} == {about["table_id"] for about in printed("equivalence_tables.csv")}


@pytest.mark.parametrize("doses", [(2, 1, 10), (0, 1, 10), (1, 1, 0), (-1, 1, 10)])
def test_an_equivalent_dose_by_hand_is_checked(doses: tuple[int, int, int]) -> None:
    low, high, reference = map(Fraction, doses)
    with pytest.raises(DoseError, match="is no equivalent dose"):
        EquivalentDose(low_mg=low, high_mg=high, diazepam_mg=reference, route="oral", grade="seen")


# Own tables


def test_an_own_table_is_used_like_any_other(own_file: Path) -> None:
    table = load_table(own_file, id="mine", title="Ward list", complete=False)
    assert (table.id, table.title, table.complete, table.shown_by_default, table.grade) == (
        "mine",
        "Ward list",
        False,
        False,
        "secondary",
    )
    assert convert("lorazepam 2 mg", to="diazepam", table=table).low_mg == Fraction(25, 2)
    assert factor("alprazolam", "diazepam", table=table, pick="high") == 20
    spread = compare_equivalents("alprazolam 1 mg", to="diazepam", tables=[table, "ashton-2002"])
    assert [equivalent.table for equivalent in spread.equivalents] == ["mine", "ashton-2002"]
    assert len(compare_equivalents("alprazolam 1 mg", to="diazepam").equivalents) == 8
    with pytest.raises(NotInTableError, match="not captured in mine"):
        convert("zopiclone 7.5 mg", to="diazepam", table=table)


def test_an_own_table_with_five_faults_has_all_of_them_reported_by_row(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    rows = [
        "mine,alprazolam,2,1,10,oral,seen",
        "mine,aspirin,1,1,10,oral,seen",
        "mine,lorazepam,1,1,10,oral,seen",
        "mine,Ativan,1,1,10,oral,seen",
        "mine,nitrazepam,five,5,10,oral,seen",
        "other,oxazepam,20,20,10,oral,seen",
    ]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"own\.csv has 5 fault\(s\)") as caught:
        load_table(path, id="mine", title="Ward list", complete=True)
    faults = caught.value.faults
    assert [fault.partition(":")[0] for fault in faults] == ["row 2", "row 3", "row 5", "row 6", "row 7"]
    for fault, words in zip(
        faults,
        ["dose_low_mg is above", "'aspirin'", "lorazepam is repeated", "'five'", "'other' is not one of 'mine'"],
        strict=True,
    ):
        assert words in fault


def test_several_faults_of_one_row_are_all_reported(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    rows = [
        "mine,lorazepam,1,1,10,oral,seen",
        "wrong,lorazepan,2,1,-5,iv,guess",
        "mine,lorazepam,3,2,10,oral,seen",
        "mine,x",
    ]
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_table(path, id="mine", title="Ward list", complete=True)
    found = [fault.partition(":")[0] for fault in caught.value.faults]
    assert found == ["row 3"] * 6 + ["row 4"] * 2 + ["row 5"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEADER.replace(",diazepam_mg", "") + "\n", "column 'diazepam_mg' is missing"),
        (HEADER + ",mine\n", "column 'mine' is not known"),
        (HEADER + "\n", "no row follows it"),
        ("", "column 'table_id' is missing"),
        (HEADER + "\nmine,diazepam,5,5,10,oral,seen\n", "diazepam must equal itself"),
        (HEADER + "\nmine,Xanax XR,1,1,10,oral,seen\n", "special product"),
        *[
            (HEADER + f'\nmine,alprazolam,"{cell}",1,10,oral,seen\n', "is not a dose in mg above 0")
            for cell in ("", "0", "0.0", "-1", "nan", "inf", "1e-3", "1e999999999", "0,5", "1_0", "0.5 mg")
        ],
    ],
)
def test_a_faulty_own_table_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=words) as caught:
        load_table(path, id="mine", title="Ward list", complete=True)
    assert all(fault.startswith("row ") for fault in caught.value.faults)


def test_an_own_table_as_a_spreadsheet_saves_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\nmine,alprazolam,0.5,1,10,oral,seen\r\n".encode())
    assert load_table(path, id="mine", title="Ward list", complete=True).rows["alprazolam"].high_mg == 1


def test_a_file_that_is_not_there_or_no_text_is_a_fault_of_the_data(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    with pytest.raises(DataError, match=r"own\.csv cannot be read"):
        load_table(path, id="mine", title="Ward list", complete=True)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"own\.csv cannot be read"):
        load_table(path, id="mine", title="Ward list", complete=True)


@pytest.mark.parametrize("taken", ["ashton-2002", "", "  "])
def test_an_own_table_cannot_take_the_id_of_one_of_the_package(own_file: Path, taken: str) -> None:
    with pytest.raises(DataError, match="choose another"):
        load_table(own_file, id=taken, title="Ward list", complete=True)


def test_a_table_made_by_hand_cannot_pass_for_one_of_the_package(own_file: Path) -> None:
    own = load_table(own_file, id="mine", title="Ward list", complete=True)
    _, (values,) = own.__reduce__()
    with pytest.raises(DataError, match="that of a table of this package"):
        convert("alprazolam 1 mg", to="diazepam", table=Table(**values | {"id": "ashton-2002"}))


# Columns of a frame

NAMES = ["Xanax", "lorazepam", "aspirin", "midazolam", None, "alprazolam"]
MG = [0.5, 0.1, 100.0, 7.5, 1.0, float("nan")]


@pytest.mark.parametrize("names", ["object", "string", "category"])
@pytest.mark.parametrize("numbers", ["float64", "Float64", "object", "float32", "category"])
def test_a_column_is_converted_and_no_row_is_dropped(names: str, numbers: str) -> None:
    frame = pd.DataFrame({"name": pd.Series(NAMES, dtype=names), "mg": pd.Series(MG, dtype=numbers)})
    frame.index = pd.Index(list("fedcba"))
    before = frame.copy(deep=True)
    found = convert_frame(frame, drug="name", dose_mg="mg", to="diazepam", table="ashton-2002")
    pd.testing.assert_frame_equal(frame, before)
    assert frame.attrs == {}
    assert list(found.columns) == ["name", "mg", "low_mg", "high_mg", "table", "problem"]
    assert list(found.index) == list("fedcba")
    assert list(found["low_mg"].iloc[:2]) == list(found["high_mg"].iloc[:2]) == [10.0, 1.0]
    assert list(found["low_mg"].isna()) == [False, False, True, True, True, True]
    assert found.attrs["unmatched"] == ["aspirin", "midazolam"]
    assert list(found["problem"].iloc[:2]) == ["", ""]
    for problem, words in zip(
        found["problem"].iloc[2:],
        ["'aspirin' is none", "midazolam is not in ashton-2002", "the drug's name is missing", "the dose is missing"],
        strict=True,
    ):
        assert words in problem
    assert set(found["table"]) == {"ashton-2002"}
    assert {str(found[name].dtype) for name in ("low_mg", "high_mg")} == {"float64"}


@pytest.mark.parametrize(
    ("cell", "mg"),
    [
        (0.1, "0.1"),
        (np.float32(0.1), "0.1"),
        (1e-06, "0.000001"),
        (2, "2"),
        (np.int64(2), "2"),
        (0, "0"),
        (Decimal("0.5"), "0.5"),
        (Fraction(1, 4), "0.25"),
        ("0,5", "0.5"),
    ],
)
def test_a_dose_in_a_cell_is_read_exactly(cell: Any, mg: str) -> None:
    frame = pd.DataFrame({"drug": ["oxazepam"], "mg": pd.Series([cell], dtype="object")})
    found = convert_frame(frame, drug="drug", dose_mg="mg", to="diazepam", table="ashton-2002")
    assert found["problem"].iloc[0] == ""
    assert found["low_mg"].iloc[0] == float(Fraction(mg) / 2)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (0.1234567, "finer than a nanogram"),
        (1e-07, "finer than a nanogram"),
        (-1.0, "sign"),
        (-1, "negative"),
        (1e9, "above 1000 mg"),
        (math.inf, "not a number"),
        ("1 mg", "not a number"),
        (True, "not exact"),
        ([1], "not exact"),
        (pd.NA, "the dose is missing"),
        (None, "the dose is missing"),
        (pd.NaT, "the dose is missing"),
    ],
)
def test_a_dose_that_cannot_be_read_is_listed_with_the_reason(cell: Any, words: str) -> None:
    frame = pd.DataFrame({"drug": ["oxazepam"], "mg": pd.Series([cell], dtype="object")})
    found = convert_frame(frame, drug="drug", dose_mg="mg", to="diazepam", table="ashton-2002")
    assert words in found["problem"].iloc[0]
    assert found["low_mg"].isna().all()
    assert found.attrs["unmatched"] == []


def test_a_name_that_is_no_text_is_listed() -> None:
    frame = pd.DataFrame({"drug": pd.Series([5, pd.NA], dtype="object"), "mg": [1.0, 1.0]})
    found = convert_frame(frame, drug="drug", dose_mg="mg", to="diazepam", table="ashton-2002")
    assert list(found["problem"]) == ["5 is no drug name", "the drug's name is missing"]


def test_an_empty_frame_stays_empty_and_keeps_its_attributes() -> None:
    frame = pd.DataFrame({"drug": pd.Series([], dtype="string"), "mg": pd.Series([], dtype="float64")})
    frame.attrs["study"] = "S1"
    found = convert_frame(frame, drug="drug", dose_mg="mg", to="diazepam", table="ashton-2002")
    assert found.empty
    assert found.attrs == {"study": "S1", "unmatched": []}


def test_a_frame_with_a_repeated_index_is_converted_row_by_row() -> None:
    frame = pd.DataFrame({"drug": ["oxazepam", "oxazepam"], "mg": [10, 20]}, index=[7, 7])
    found = convert_frame(frame, drug="drug", dose_mg="mg", to="diazepam", table="ashton-2002")
    assert list(found["low_mg"]) == [5.0, 10.0]


def test_columns_that_are_missing_or_in_the_way_are_refused_together() -> None:
    frame = pd.DataFrame({"drug": ["oxazepam"], "table": ["x"]})
    with pytest.raises(DataError) as caught:
        convert_frame(frame, drug="drug", dose_mg="mg", to="diazepam", table="ashton-2002")
    assert len(caught.value.faults) == 2


def test_a_target_or_table_that_cannot_be_is_refused_for_the_whole_frame() -> None:
    frame = pd.DataFrame({"drug": ["oxazepam"], "mg": [1.0]})
    with pytest.raises(NotInTableError):
        convert_frame(frame, drug="drug", dose_mg="mg", to="midazolam", table="ashton-2002")
    with pytest.raises(UnknownTableError):
        convert_frame(frame, drug="drug", dose_mg="mg", to="diazepam", table="ashton")


def test_a_conversion_loads_no_pandas_numpy_or_pint() -> None:
    code = (
        "import sys; from benzotaper.equivalence import compare_equivalents as c; "
        "s = c('alprazolam 1 mg', to='diazepam'); str(s); s.to_json(); s._repr_html_(); "
        "print({'pandas', 'numpy', 'pint'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
