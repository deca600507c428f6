"""Nothing loads before it is needed: every statement here runs in a fresh process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("numpy", "pandas", "pint", "click", "matplotlib")
PLAN = (
    "bt.taper('diazepam 10 mg twice daily', bt.Percentage('10 %', of='current', every='2 weeks'), "
    "start='2026-12-01', products='UK', splitting='halves')"
)
STATEMENTS = {
    "a conversion": "bt.convert('alprazolam 1 mg', to='diazepam', table='ashton-2002')",
    "a comparison of tables": "str(bt.compare_equivalents('clonazepam 1 mg', to='diazepam'))",
    "a list of products": "bt.products('diazepam', region='UK')",
    "a plan": f"{PLAN}.steps",
    "its findings": f"{PLAN}.findings",
    "its suggestions": f"str(bt.suggest({PLAN}))",
    "its JSON": f"{PLAN}.to_json()",
    "a plan read from JSON": f"bt.Plan.from_json({PLAN}.to_json())",
    "its text": f"{PLAN}.to_text()",
    "its HTML": f"{PLAN}.to_html()",
    "its CSV": f"{PLAN}.to_csv()",
    "its fills": f"str({PLAN}.fills(every='28 days'))",
    "its totals": f"str({PLAN}.totals())",
    "a comparison of strategies": (
        "str(bt.compare('diazepam 10 mg at night', ['linear 2 mg every 2 weeks'], start='2026-12-01', products='UK', "
        "splitting='halves').to_html())"
    ),
    "its levels": f"bt.levels({PLAN}).to_json()",
    "how even a day is": "str(bt.day_levels('lorazepam 1 mg twice daily'))",
    "a course": f"bt.Course({PLAN}).pause(on='2027-01-05', by='Dr A', reason='x').resume(on='2027-01-26', by='Dr A')",
    "its course as JSON": f"bt.Course.from_json(bt.Course({PLAN}).to_json())",
    "a review": (
        "str(bt.review(bt.Facts().observe('gad7_total', 16, at='2026-12-20T08:00:00+00:00', by='patient'), "
        f"profile='uk', now='2026-12-20T09:00:00+00:00', plan={PLAN}).to_json())"
    ),
    "a review as a page": "bt.review(bt.Facts(), profile='uk', now='2026-12-20T09:00:00+00:00').to_html()",
    "a plan with a profile": PLAN.replace("start=", "profile='asam-2025', start="),
}
COMMANDS = {
    "compare": [
        *("compare", "diazepam 10 mg twice daily", "--phase", "percentage 10 % of current every 2 weeks"),
        *("--start", "2026-12-01", "--products", "UK", "--splitting", "halves", "-o", "c.html", "--json"),
    ],
    "rules": ["rules"],
    "convert": ["convert", "alprazolam 1 mg", "--to", "diazepam", "--json"],
    "tables": ["tables", "lorazepam"],
    "products": ["products", "diazepam", "--region", "UK", "--json"],
    "taper": [
        *("taper", "diazepam 10 mg twice daily", "--phase", "percentage 10 % of current every 2 weeks"),
        *("--start", "2026-12-01", "--products", "UK", "--splitting", "halves", "-o", "p.html", "-o", "p.csv"),
    ],
}


def loaded_after(code: str, *, folder: Path | None = None) -> set[str]:
    """The modules that are loaded once this code has run in a new interpreter."""
    script = f"import sys, json\n{code}\nsys.stderr.write(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=folder)
    return set(json.loads(done.stderr))


def test_import_alone_loads_no_module_of_the_package_but_its_version() -> None:
    loaded = loaded_after("import benzotaper")
    assert {name for name in loaded if name.startswith("benzotaper")} == {"benzotaper", "benzotaper.version"}
    assert not loaded.intersection(HEAVY)


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_core_loads_neither_numpy_nor_pandas_nor_pint_nor_click(name: str) -> None:
    assert not loaded_after(f"import benzotaper as bt\n{STATEMENTS[name]}").intersection(HEAVY)


def test_all_of_it_in_one_process_loads_none_of_them_either() -> None:
    assert not loaded_after("\n".join(["import benzotaper as bt", *STATEMENTS.values()])).intersection(HEAVY)


def test_the_first_frame_loads_pandas() -> None:
    assert "pandas" in loaded_after(f"import benzotaper as bt\n{PLAN}.to_frame()")


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_loads_numpy_or_pandas_or_pint(name: str, tmp_path: Path) -> None:
    code = f"from benzotaper.cli import commands\ncommands.main({COMMANDS[name]!r}, standalone_mode=False)"
    assert loaded_after(code, folder=tmp_path).intersection(HEAVY) == {"click"}


def test_every_public_name_can_be_had_and_none_is_missing_from_the_list() -> None:
    code = "import benzotaper as bt\nassert all(getattr(bt, name) is not None for name in bt.__all__)\n"
    assert not loaded_after(code + "assert set(bt.__all__) <= set(dir(bt))").intersection(HEAVY)
