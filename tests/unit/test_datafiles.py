"""A CSV file of facts is read whole or refused with every fault, each with its row and column."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from benzotaper.datafiles import ids, one_of, positive, positive_or_unknown, read_csv, shipped, shipped_rows, text, word
from benzotaper.drug_facts import read_drugs
from benzotaper.drugs import read_names
from benzotaper.errors import DataError
from benzotaper.rulebook import read_rules
from benzotaper.unknown import Unknown

COLUMNS = {"drug": word, "mg": positive, "grade": one_of("seen", "secondary"), "note": text}
HEAD = "drug,mg,grade,note\n"


def faults_of(content: str) -> tuple[str, ...]:
    with pytest.raises(DataError) as caught:
        read_csv(content, COLUMNS, file="x.csv")
    assert caught.value.file == "x.csv"
    assert all(fault in str(caught.value) for fault in caught.value.faults)
    return caught.value.faults


def test_rows_come_in_order_with_every_cell_read() -> None:
    rows = read_csv(HEAD + 'a,0.1,seen,\nb,2,secondary,"x, y"\n', COLUMNS, file="x.csv")
    assert rows == [
        {"drug": "a", "mg": Fraction(1, 10), "grade": "seen", "note": ""},
        {"drug": "b", "mg": Fraction(2), "grade": "secondary", "note": "x, y"},
    ]


def test_columns_may_stand_in_any_order() -> None:
    assert read_csv("mg,drug\n1,a\n", {"drug": word, "mg": positive}, file="x.csv") == [{"mg": 1, "drug": "a"}]


def test_five_faults_are_reported_as_five() -> None:
    faults = faults_of(HEAD + ",1,seen,\na,0,seen,\na,1,seen,\na,x,guessed,\na,1,seen\n")
    assert [fault.split(":")[0] for fault in faults] == ["row 2", "row 3", "row 5", "row 5", "row 6"]
    assert ["'drug'" in faults[0], "'mg'" in faults[1], "'mg'" in faults[2], "'grade'" in faults[3]] == [True] * 4
    assert "3 cells where the header has 4" in faults[4]


def test_missing_and_unknown_columns_are_reported_together() -> None:
    assert faults_of("drug,mg,grade,colour\n") == (
        "row 1: column 'note' is missing",
        "row 1: column 'colour' is not known",
    )


def test_an_empty_text_lacks_every_column() -> None:
    assert len(faults_of("")) == len(COLUMNS)


def test_a_check_of_the_whole_row_is_reported_with_its_row() -> None:
    with pytest.raises(DataError) as caught:
        read_csv(
            "a,b\n1,2\n2,1\n",
            {"a": positive, "b": positive},
            file="x.csv",
            check=lambda r: "a > b" if r["a"] > r["b"] else "",
        )
    assert caught.value.faults == ("row 3: a > b",)


@pytest.mark.parametrize("cell", ["0", "-1", "nan", "inf", "x", "", "1/2", "0.0"])
def test_a_cell_that_is_no_number_above_zero_is_a_fault(cell: str) -> None:
    with pytest.raises(ValueError, match="is not a number above 0"):
        positive(cell)


def test_a_blank_number_is_unknown_and_a_written_one_exact() -> None:
    assert isinstance(positive_or_unknown(""), Unknown)
    assert positive_or_unknown("0.1") == Fraction(1, 10)


def test_ids_are_separated_by_semicolons() -> None:
    assert ids("P03; I10;") == ("P03", "I10")
    assert ids("") == ()


def test_a_shipped_file_is_read_by_its_name() -> None:
    columns = dict.fromkeys(shipped("occupancy_presets.csv").splitlines()[0].split(","), text)
    assert [row["drug"] for row in shipped_rows("occupancy_presets.csv", columns)] == ["diazepam", "alprazolam"]


def broken(file: str, read: Callable[[str], object], *, changes: dict[int, str]) -> tuple[str, ...]:
    """The faults of a shipped file in which some lines (the header is 1) are replaced."""
    lines = shipped(file).splitlines()
    for number, line in changes.items():
        lines[number - 1] = line
    with pytest.raises(DataError) as caught:
        read("\n".join(lines) + "\n")
    assert caught.value.file == file
    return caught.value.faults


def test_every_fault_of_the_drugs_is_reported_by_row() -> None:
    faults = broken(
        "drugs.csv",
        lambda content: read_drugs(content, classes=shipped("drug_classes.csv")),
        changes={2: "alprazolam,596,,,IV,-1,,,,none,,x,D", 5: ",,,,,,,,,,,,", 9: "clorazepate,1"},
    )
    assert [fault.split(":")[0] for fault in faults] == ["row 2", "row 2", "row 2", "row 5", "row 9"]


def test_a_drug_that_is_there_twice_is_a_fault() -> None:
    faults = broken(
        "drugs.csv",
        lambda content: read_drugs(content, classes=shipped("drug_classes.csv")),
        changes={3: "alprazolam,,,,,,,,,,,,"},
    )
    assert faults == ("row 3: 'alprazolam' is already in row 2",)


def test_a_drug_without_a_class_is_a_fault() -> None:
    classes = "\n".join(line for line in shipped("drug_classes.csv").splitlines() if not line.startswith("diazepam"))
    with pytest.raises(DataError, match="'diazepam' is in one of"):
        read_drugs(shipped("drugs.csv"), classes=classes)


def test_a_name_of_two_drugs_or_of_none_is_a_fault() -> None:
    drugs = read_drugs(shipped("drugs.csv"), classes=shipped("drug_classes.csv"))
    faults = broken(
        "names.csv",
        lambda content: read_names(content, drugs=drugs),
        changes={
            2: "alprazolam,DIAZÉPAM,inn,fr,x,seen",
            3: "aspirin,Aspro,brand,,x,seen",
            4: "alprazolam,Alp,nickname,,x,seen",
        },
    )
    assert faults == ("row 4: column 'kind': 'nickname' is not one of 'inn', 'salt', 'usan_ban', 'brand', 'brand_er'",)
    faults = broken(
        "names.csv",
        lambda content: read_names(content, drugs=drugs),
        changes={2: "alprazolam,DIAZÉPAM,inn,fr,x,seen", 3: "aspirin,Aspro,brand,,x,seen"},
    )
    assert faults == (
        "row 2: 'DIAZÉPAM' of alprazolam is already a name of diazepam",
        "row 3: drug 'aspirin' is not in drugs.csv",
    )


def test_a_rule_that_is_there_twice_or_asks_for_the_impossible_is_a_fault() -> None:
    second = shipped("rules.csv").splitlines()[2]
    assert broken("rules.csv", read_rules, changes={2: second}) == ("row 3: rule 'PL-02' is already there",)
    faults = broken("rules.csv", read_rules, changes={3: second.replace(",NONE,,no,", ",STOP,later,maybe,")})
    assert [fault.split("'")[1] for fault in faults] == ["directive", "gate", "latched"]
