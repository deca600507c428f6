"""The layers hold, and each contract finds a fault that is planted for it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# contract: (module, the line that breaks it)
PLANTED = {
    "data flows one way through the layers": ("doses.py", "import benzotaper.regimen"),
    "planning has layers of its own": ("planning/draft.py", "import benzotaper.planning.maker"),
    "cohorts have layers of their own": ("cohorts/columns.py", "import benzotaper.cohorts.front"),
    "reviewing has layers of its own": ("reviewing/found.py", "import benzotaper.reviewing.views"),
    "strategies do not know each other": ("schedules/linear.py", "import benzotaper.schedules.percentage"),
    "the outputs read only records": ("exports/svg.py", "import benzotaper.schedules"),
    "the checker shares nothing with the planner": ("verification/figures.py", "import benzotaper.falls"),
    "pint only in units": ("doses.py", "import pint"),
    "pandas and numpy only in frames": ("regimen.py", "import pandas"),
    "click only in the command line": ("plan.py", "import click"),
    "matplotlib only in one picture": ("comparing/compared.py", "import matplotlib"),
}


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of `root` over its own source."""
    run = "import sys; sys.path.insert(0, 'src'); from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    return subprocess.run([sys.executable, "-c", run], cwd=root, capture_output=True, text=True, check=False)


def contracts(output: str) -> dict[str, str]:
    """Each contract's name and whether it was kept."""
    return dict(re.findall(r"^(.+) (KEPT|BROKEN)(?: \(.*\))?$", output, re.MULTILINE))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept(copy: Path) -> None:
    kept = contracts(lint(copy).stdout)
    assert kept == dict.fromkeys(PLANTED, "KEPT")


@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_fault_breaks_its_contract(contract: str, copy: Path) -> None:
    module, line = PLANTED[contract]
    path = copy / "src" / "benzotaper" / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    result = lint(copy)
    assert result.returncode != 0
    assert contracts(result.stdout)[contract] == "BROKEN"


def test_a_new_module_without_a_layer_breaks_the_layers(copy: Path) -> None:
    (copy / "src" / "benzotaper" / "stranger.py").write_text('"""No room."""\n', encoding="utf-8")
    result = lint(copy)
    assert result.returncode != 0
    assert "stranger" in result.stdout
