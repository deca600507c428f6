"""What people read is whole: links lead somewhere, nothing is fetched, and nothing public goes unmentioned."""

import ast
import inspect
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import benzotaper as bt
from page_examples import commands_and_output, difference

ROOT = Path(__file__).parents[2]
DOCS, SOURCE = ROOT / "docs", ROOT / "src" / "benzotaper"
BESIDE = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES = [*BESIDE, *sorted(DOCS.rglob("*.md"))]
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    return FENCE.sub("", text_of(page))


def anchors_of(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose_of(page), re.MULTILINE)
    return {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


def nav() -> str:
    return text_of(ROOT / "mkdocs.yml").partition("\nnav:")[2]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_within_the_project_lead_to_a_file_and_a_heading(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", prose_of(page)):
        assert "://" not in link or link.startswith("https://"), link
        if "://" not in link:
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.is_file(), link
            assert not anchor or anchor in anchors_of(target), link


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_that_are_named_exist(page: Path) -> None:
    for path in re.findall(r"`((?:src|tests|docs|builders)/[\w/.-]+)`", prose_of(page)):
        assert (ROOT / path).exists(), path
    for file in re.findall(r"`(test_\w+\.py)`", prose_of(page)):
        assert list((ROOT / "tests").rglob(file)), file


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_loads_nothing_from_elsewhere(page: Path) -> None:
    assert not re.search(r"!\[[^\]]*\]\(\s*(?:https?:)?//", prose_of(page))
    assert not re.search(r"<(?:script|img|link|iframe|object|video|audio|source)\b", prose_of(page), re.IGNORECASE)


def test_the_site_loads_nothing_from_elsewhere() -> None:
    settings = text_of(ROOT / "mkdocs.yml")
    assert re.search(r"^  font: false\b", settings, re.MULTILINE)
    assert "://" not in settings
    assert "extra_javascript" not in settings
    assert re.search(r"^      languages: \[python\] ", settings, re.MULTILINE)  # else markdown-exec adds more
    for sheet in DOCS.rglob("*.css"):
        assert not re.search(r"@import|url\(", text_of(sheet)), sheet
    for image in DOCS.rglob("*.svg"):
        assert not re.search(r"\b(?:href|src)=|<script|@import|url\(", text_of(image)), image


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=name_of)
def test_a_page_is_in_the_navigation(page: Path) -> None:
    assert re.search(rf"[ -]{re.escape(page.relative_to(DOCS).as_posix())}$", nav(), re.MULTILINE)


def finding_codes() -> set[str]:
    """Every code that a finding can have, as the modules write them."""
    codes = set()
    for module in ("findings", "pace_rules", "planning/smoothing"):
        tree = ast.parse(text_of(SOURCE / f"{module}.py"))
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
                codes.add(node.value.value)
            elif isinstance(node, ast.Constant) and re.fullmatch(r"[A-Z]{2}-\d{2}", str(node.value)):
                codes.add(node.value)
    return codes


def test_every_code_of_a_finding_is_on_its_page_and_no_other() -> None:
    page = text_of(DOCS / "findings.md")
    rules = re.search(r"JUDGED = \((.*?)\)", page)
    others = re.findall(r"^\| `([a-z-]+)` \|", page.partition("## Other findings")[2], re.MULTILINE)
    assert rules
    assert set(re.findall(r'"([A-Z]{2}-\d{2})"', rules[1])) | set(others) == finding_codes()


@pytest.mark.parametrize("name", bt.STRATEGIES)
def test_every_strategy_has_a_page_that_says_all_it_must(name: str) -> None:
    page = text_of(DOCS / "strategies" / f"{name}.md")
    for part in ("**Formula.**", "**As text.**", "## Where published", "## When not to use it", "## Example"):
        assert part in page
    for parameter in inspect.signature(bt.STRATEGIES[name]).parameters:
        assert f"| `{parameter}` |" in page, parameter
    assert f"({name}.md)" in text_of(DOCS / "strategies" / "index.md")


@pytest.mark.parametrize("page", sorted((DOCS / "strategies").glob("*.md")), ids=name_of)
def test_strategies_that_are_shown_as_text_are_read(page: Path) -> None:
    shown = re.search(r"\*\*As text\.\*\*(.*?)\n\n", text_of(page), re.DOTALL)
    for text in re.findall(r"`([^`]+)`", shown[1] if shown else ""):
        if text.split()[0] in bt.STRATEGIES:
            assert str(bt.strategy(text)) == " ".join(text.split())


def test_every_public_name_is_in_the_reference() -> None:
    page = text_of(DOCS / "reference.md")
    listed = set(re.findall(r"^::: benzotaper\.[\w.]+\.(\w+)$", page, re.MULTILINE))
    assert listed | {"__version__"} == set(bt.__all__)
    assert "`bt.__version__`" in page


def test_the_picture_is_what_the_library_draws() -> None:
    drawn = runpy.run_path(str(ROOT / "builders" / "plan_picture.py"))["picture"]()
    assert text_of(DOCS / "images" / "plan.svg") == drawn


def test_the_words_are_spelled_right() -> None:
    pages = [str(page) for page in PAGES]
    found = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *pages], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert found.stdout == ""
    assert found.returncode == 0


def test_an_output_that_differs_is_found() -> None:
    assert difference("one\ntwo\n", "one\nthree\n")
    assert difference("", "one\n")
    assert not difference("one\n...\nfour\n", "one\ntwo\nthree\nfour\n")


def test_commands_are_told_from_what_they_print() -> None:
    block = "$ benzotaper a \\\n  --b\nprinted\n\n$ benzotaper c\n"
    assert list(commands_and_output(block)) == [("benzotaper a \\\n  --b", "printed\n"), ("benzotaper c", "")]
