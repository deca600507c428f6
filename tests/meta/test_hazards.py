"""The hazard log is whole: each rule, promise and invariant guards against a harm, and the tests named exist."""

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COLUMNS = ["hazard_id", "hazard", "cause", "control", "control_kind", "test"]
NODE_ID = re.compile(r"(?P<file>tests/[\w/]+\.py)::(?P<function>test_\w+)(?:\[(?P<case>[^\]]+)\])?")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


HAZARDS = rows_of(ROOT / "HAZARDS.csv")
RULES = [row["rule_id"] for row in rows_of(ROOT / "src" / "benzotaper" / "data" / "rules.csv")]
CONTROLS = {
    "rule": set(RULES),
    "promise": {f"promise {number}" for number in range(1, 11)},
    "invariant": {f"I{number}" for number in range(1, 9)},
}


@cache
def functions_of(file: str) -> dict[str, ast.FunctionDef]:
    """The test functions of a file by their names; none where there is no such file."""
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module(body=[], type_ignores=[])
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def is_parametrized(function: ast.FunctionDef) -> bool:
    return any("parametrize" in ast.unparse(decorator) for decorator in function.decorator_list)


def fault_of(node_id: str) -> str:
    """Why a test that is named cannot be run; empty where it can."""
    parts = NODE_ID.fullmatch(node_id)
    if not parts:
        return f"{node_id!r} is no id of a test"
    if not (ROOT / parts["file"]).is_file():
        return f"there is no file {parts['file']}"
    function = functions_of(parts["file"]).get(parts["function"])
    if function is None:
        return f"{parts['file']} has no test {parts['function']}"
    if parts["case"] and parts["case"] not in RULES:
        return f"{parts['case']} is no rule"
    if parts["case"] and not is_parametrized(function):
        return f"{parts['function']} has no cases"
    return ""


def test_each_hazard_is_told_once_in_full() -> None:
    assert [list(row) for row in HAZARDS] == [COLUMNS] * len(HAZARDS)
    assert [row["hazard_id"] for row in HAZARDS] == [f"H-{number:03}" for number in range(1, len(HAZARDS) + 1)]
    assert all(value == value.strip() != "" for row in HAZARDS for value in row.values())
    assert Counter(Counter(row["hazard"] for row in HAZARDS).values()) == {1: len(HAZARDS)}


@pytest.mark.parametrize("kind", CONTROLS)
def test_every_control_has_a_hazard_and_none_is_made_up(kind: str) -> None:
    assert {row["control"] for row in HAZARDS if row["control_kind"] == kind} == CONTROLS[kind]


def test_there_is_no_other_kind_of_control() -> None:
    assert {row["control_kind"] for row in HAZARDS} == set(CONTROLS)
    assert len(RULES) == 80


@pytest.mark.parametrize("row", HAZARDS, ids=lambda row: row["hazard_id"])
def test_the_tests_that_a_hazard_names_exist(row: dict[str, str]) -> None:
    assert [fault for fault in map(fault_of, row["test"].split(";")) if fault] == []


@pytest.mark.parametrize("row", HAZARDS, ids=lambda row: row["hazard_id"])
def test_the_tests_of_a_rule_are_those_of_this_rule(row: dict[str, str]) -> None:
    named = [match["case"] for match in map(NODE_ID.fullmatch, row["test"].split(";")) if match]
    wanted = {row["control"]} if row["control_kind"] == "rule" else {None}
    assert set(named) == wanted


@pytest.mark.parametrize(
    ("node_id", "fault"),
    [
        ("tests/meta/test_hazards.py", "is no id of a test"),
        ("tests/meta/test_nowhere.py::test_a", "there is no file"),
        ("tests/meta/test_hazards.py::test_nothing", "has no test"),
        ("tests/meta/test_hazards.py::test_a_fault_in_naming_a_test_is_told[PL-99]", "is no rule"),
        ("tests/meta/test_hazards.py::test_there_is_no_other_kind_of_control[PL-01]", "has no cases"),
        ("tests/meta/test_hazards.py::test_there_is_no_other_kind_of_control", ""),
    ],
)
def test_a_fault_in_naming_a_test_is_told(node_id: str, fault: str) -> None:
    assert fault in fault_of(node_id)
    assert bool(fault) == bool(fault_of(node_id))
