"""The command line: what it prints, what it writes, and how it ends."""

import csv
import json
import os
import stat
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import benzotaper as bt
from benzotaper.cli import PLAN_OPTIONS, STRATEGY_OPTIONS, commands
from benzotaper.dispensing.reduce import read_reduce_text, reduce_text
from command import GIVEN, TAPER, run

NIGHT = "diazepam 10 mg at night"


def shown(*arguments: str) -> str:
    """What a good command prints, by click's own runner."""
    result = CliRunner().invoke(commands, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def printed(*arguments: str) -> Any:
    return json.loads(shown(*arguments, "--json"))


def process(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "benzotaper", *arguments]
    return subprocess.run(command, check=False, capture_output=True, timeout=60, **options)


def plan_of(strategy: Any, regimen: str = NIGHT, **changes: Any) -> bt.Plan:
    given: dict[str, Any] = {"start": "2026-12-01", "products": "UK", "splitting": "halves"}
    return bt.taper(regimen, strategy, **given | changes)


# ---- convert, tables, products


def test_convert_shows_all_default_tables_side_by_side() -> None:
    spread = bt.compare_equivalents("alprazolam 4 mg", to="diazepam")
    text = shown("convert", "alprazolam 4 mg", "--to", "diazepam")
    assert "25 to 80 mg of diazepam" in text
    assert all(equivalent.table in text for equivalent in spread.equivalents)
    assert "alprazolam is not in scotland-2024" in text


def test_convert_as_json_gives_exact_numbers_as_text_under_stable_keys() -> None:
    found = printed("convert", "alprazolam 4 mg", "--to", "diazepam")
    assert list(found) == ["drug", "given_mg", "to", "low_mg", "high_mg", "equivalents", "missing", "notes"]
    assert (found["drug"], found["to"], found["low_mg"], found["high_mg"]) == ("alprazolam", "diazepam", "25", "80")
    assert [gap["table"] for gap in found["missing"]] == ["scotland-2024"]


def test_convert_by_one_table_gives_its_range() -> None:
    found = printed("convert", "bromazepam 1 mg", "--to", "diazepam", "--table", "ashton-2002")
    assert (Fraction(found["low_mg"]), Fraction(found["high_mg"])) == (Fraction(5, 3), Fraction(2))
    assert "picked_mg" not in found


def test_convert_with_pick_gives_one_dose_beside_the_range() -> None:
    asked = ("convert", "bromazepam 6 mg", "--to", "diazepam", "--table", "ashton-2002", "--pick", "midpoint")
    found = printed(*asked)
    assert (found["low_mg"], found["high_mg"], found["pick"], found["picked_mg"]) == ("10", "12", "midpoint", "11")
    assert shown(*asked).splitlines()[-1] == "midpoint: 11 mg of diazepam"


def test_pick_without_a_table_is_refused() -> None:
    ran = run("convert", "bromazepam 6 mg", "--to", "diazepam", "--pick", "low")
    assert (ran.status, ran.out) == (2, "")
    assert "--pick needs --table" in ran.err


def test_tables_lists_every_table() -> None:
    assert [row["id"] for row in printed("tables")] == [table.id for table in bt.tables()]
    text = shown("tables")
    assert len(text.splitlines()) == 1 + len(bt.tables())
    assert all(table.id in text and table.title in text for table in bt.tables())


def test_tables_of_a_drug_are_those_that_have_it_with_their_doses() -> None:
    (found,) = printed("tables", "midazolam")
    assert (found["id"], found["low_mg"], found["high_mg"], found["diazepam_mg"]) == (
        "germany-2020",
        "7.5",
        "7.5",
        "10",
    )
    assert "germany-2020" in shown("tables", "Midazolam")
    assert "ashton-2002" not in shown("tables", "midazolam")


def test_what_a_table_does_not_say_is_unknown_in_json_and_never_null() -> None:
    rows = printed("tables")
    assert {"unknown": "not captured"} in [row["url"] for row in rows]
    assert None not in [value for row in rows for value in row.values()]


def test_products_lists_what_there_is_with_exact_strengths() -> None:
    found = printed("products", "Valium", "--region", "UK")
    assert [(row["strength_mg"], row["form"]) for row in found] == [
        ("0.4", "oral solution"),
        ("2", "tablet"),
        ("5", "tablet"),
        ("10", "tablet"),
    ]
    assert {row["drug"] for row in found} == {"diazepam"}


def test_products_of_some_forms_only() -> None:
    text = shown("products", "diazepam", "--region", "UK", "--form", "oral solution", "--form", "capsule")
    assert "0.4 mg/mL oral solution" in text
    assert "tablet" not in text


def test_no_product_is_not_captured_and_never_not_marketed() -> None:
    assert shown("products", "phenazepam", "--region", "UK") == "none captured, which does not mean none marketed\n"
    assert printed("products", "phenazepam", "--region", "UK") == []


# ---- taper


def test_taper_prints_the_plan_as_text() -> None:
    plan = plan_of("percentage 10 % of current every 2 weeks", "diazepam 10 mg twice daily")
    assert shown(*TAPER, *GIVEN) == plan.to_text()


def test_taper_as_json_prints_the_plan_that_can_be_read_back() -> None:
    plan = plan_of("percentage 10 % of current every 2 weeks", "diazepam 10 mg twice daily")
    assert bt.Plan.from_json(shown(*TAPER, *GIVEN, "--json")).to_json() == plan.to_json()


STRATEGIES = {
    "linear 2 mg every 2 weeks": ["linear", "--step", "2 mg", "--every", "2 weeks"],
    "linear in 4 steps every 2 weeks": ["linear", "--steps", "4", "--every", "2 weeks"],
    "linear 25 % of start every 2 weeks": ["linear", "--step", "25 %", "--every", "14 days"],
    "percentage 10 % of current every 2 weeks": [
        *("percentage", "--cut", "10 %", "--of", "current", "--every", "2 weeks"),
    ],
    "alternate-day 2 mg with 2 4 7 low days a week and zero days every 1 week": [
        *("alternate-day", "--step", "2 mg", "--low-days", "2, 4 7", "--zero-days", "--every", "1 week"),
    ],
    "alternate-day 2 mg with low every other day and zero days every 1 week": [
        *("alternate-day", "--step", "2 mg", "--low-days", "every other day", "--zero-days", "--every", "1 week"),
    ],
    "hyperbolic 24.7 mg in 5 % points every 2 weeks": [
        *("hyperbolic", "--half-occupancy", "24.7 mg", "--points", "5 %", "--every", "2 weeks"),
    ],
    "hyperbolic maudsley-2024-diazepam in 6 steps every 2 weeks": [
        *("hyperbolic", "--half-occupancy", "maudsley-2024-diazepam", "--steps", "6", "--every", "2 weeks"),
    ],
    "hold-and-step (linear 2 mg every 2 weeks) at 6 mg and 40 % of start hold 6 weeks": [
        *("hold-and-step", "--inner", "linear 2 mg every 2 weeks", "--at", "6 mg", "--at", "40 %", "--hold", "6 weeks"),
    ],
    "hold-and-step (linear 2 mg every 2 weeks) at every step hold 4 weeks gated": [
        *(
            "hold-and-step",
            "--inner",
            "linear 2 mg every 2 weeks",
            "--at",
            "every step",
            "--hold",
            "4 weeks",
            "--gated",
        ),
    ],
}


@pytest.mark.parametrize("text", STRATEGIES)
def test_a_strategy_by_its_options_is_the_strategy_by_its_text(text: str) -> None:
    by_options = shown("taper", NIGHT, "--strategy", *STRATEGIES[text], *GIVEN, "--json")
    assert by_options == shown("taper", NIGHT, "--phase", text, *GIVEN, "--json") == plan_of(text).to_json()


def test_a_strategy_that_ends_above_zero_by_its_options() -> None:
    text = "linear 2 mg every 2 weeks down to 4 mg"
    options = ("--strategy", "linear", "--step", "2 mg", "--every", "2 weeks", "--down-to", "4 mg", "--target", "4 mg")
    assert shown("taper", NIGHT, *options, *GIVEN, "--json") == plan_of(text, target="4 mg").to_json()


def test_a_substitution_by_its_options_takes_the_table_of_the_plan() -> None:
    text = (
        "substitution to diazepam by ashton-2002 pick low order morning night in 2 portions every 1 week hold 3 weeks"
    )
    options = [
        *("--strategy", "substitution", "--to", "diazepam", "--table", "ashton-2002", "--pick", "low"),
        *(
            "--order",
            "morning, night",
            "--portions",
            "2",
            "--every",
            "1 week",
            "--hold",
            "3 weeks",
            "--target",
            "20 mg",
        ),
    ]
    regimen = "lorazepam 1 mg twice daily"
    plan = plan_of(text, regimen, target="20 mg", table="ashton-2002")
    assert shown("taper", regimen, *options, *GIVEN, "--json") == plan.to_json()


def test_a_substitution_at_once_needs_a_word_and_takes_it() -> None:
    regimen = "lorazepam 1 mg twice daily"
    options = ("--strategy", "substitution", "--to", "diazepam", "--table", "ashton-2002", "--at-once")
    refused = run("taper", regimen, *options, "--target", "20 mg", *GIVEN)
    assert (refused.status, "acknowledge=" in refused.err) == (2, True)
    text = shown("taper", regimen, *options, "--target", "20 mg", *GIVEN, "--acknowledge", "Dr A, inpatient", "--json")
    assert json.loads(text)["request"]["acknowledge"] == "Dr A, inpatient"


def test_phases_are_followed_in_their_order() -> None:
    phases = ("linear 2 mg every 2 weeks down to 6 mg", "linear 1 mg every 2 weeks")
    given = [word for phase in phases for word in ("--phase", phase)]
    assert shown("taper", NIGHT, *given, *GIVEN, "--json") == plan_of(phases).to_json()


def test_every_choice_of_a_plan_reaches_it() -> None:
    strategy = "percentage 10 % of current every 2 weeks"
    options = [
        *("--fit", "nearest", "--reduce", "in turn to 10 mg; morning, night to 0 mg", "--max-pieces", "5", "--liquids"),
        *("--lead-in", "2 weeks", "--last-dose", "1 mg", "--profile", "asam-2025", "--table", "vadod-2021"),
        *("--acknowledge", "Dr A: agreed"),
    ]
    plan = plan_of(
        strategy,
        "diazepam 10 mg twice daily",
        fit="nearest",
        reduce=[("10 mg", "in turn"), ("0 mg", ("morning", "night"))],
        max_pieces=5,
        liquids=True,
        lead_in="2 weeks",
        last_dose="1 mg",
        profile="asam-2025",
        table="vadod-2021",
        acknowledge="Dr A: agreed",
    )
    assert shown(*TAPER, *GIVEN, *options, "--json") == plan.to_json()


def test_any_dose_is_asked_for_by_that_word() -> None:
    strategy = "percentage 20 % of current every 2 weeks"
    plan = bt.taper(NIGHT, strategy, start="2026-12-01", products=bt.ANY_DOSE, last_dose="0.5 mg")
    given = ("--start", "2026-12-01", "--products", "any", "--last-dose", "0.5 mg", "--json")
    assert shown("taper", NIGHT, "--phase", strategy, *given) == plan.to_json()


@pytest.mark.parametrize(
    "value",
    [
        "evenly",
        "in turn",
        ("morning", "night"),
        ("night",),
        [("16 mg", "in turn"), ("0 mg", ("morning", "night"))],
        [("10 mg", ("night",)), ("2.5 mg", "evenly"), ("0 mg", "in turn")],
    ],
)
def test_how_the_day_falls_is_read_from_the_text_that_a_plan_keeps(value: Any) -> None:
    assert read_reduce_text(reduce_text(value)) == value


# ---- files


def test_several_files_are_written_and_each_says_the_plan(tmp_path: Path) -> None:
    files = {ending: tmp_path / f"plan{ending}" for ending in (".html", ".csv", ".json")}
    plan = plan_of("percentage 10 % of current every 2 weeks", "diazepam 10 mg twice daily")
    text = shown(*TAPER, *GIVEN, *(word for path in files.values() for word in ("-o", str(path))))
    assert text == plan.to_text()
    assert bt.Plan.from_json(files[".json"].read_text(encoding="utf-8")) == bt.Plan.from_json(plan.to_json())
    assert files[".html"].read_text(encoding="utf-8") == plan.to_html()
    rows = list(csv.DictReader(files[".csv"].read_text(encoding="utf-8").splitlines()))
    assert [int(row["step"]) for row in rows] == [step.number for step in plan.steps]
    assert [Fraction(row["dose_mg"]) for row in rows[:3]] == [20, 18, Fraction(33, 2)]
    assert sorted(tmp_path.iterdir()) == sorted(files.values())


def test_the_ending_may_be_in_capitals(tmp_path: Path) -> None:
    shown(*TAPER, *GIVEN, "-o", str(tmp_path / "PLAN.JSON"))
    assert bt.Plan.from_json((tmp_path / "PLAN.JSON").read_text(encoding="utf-8")).steps


def test_an_unknown_ending_is_refused_with_the_known_ones_and_nothing_is_written(tmp_path: Path) -> None:
    ran = run(*TAPER, *GIVEN, "-o", str(tmp_path / "plan.json"), "-o", str(tmp_path / "plan.docx"))
    assert (ran.status, ran.out) == (2, "")
    assert "plan.docx': the ending must be one of .html, .csv, .json" in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("second", ["missing/plan.html", "folder.html", "plan.json", "a-file/plan.html"])
def test_where_one_file_cannot_be_written_none_is(second: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "a-file").write_text("a file")
    (tmp_path / "plan.json").write_text("what was there")
    before = sorted(tmp_path.rglob("*"))
    ran = run(*TAPER, *GIVEN, "-o", "plan.json", "-o", second)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert f"-o '{second}'" in ran.err
    assert (tmp_path / "plan.json").read_text() == "what was there"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_that_cannot_be_finished_leaves_the_old_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "plan.json"
    target.write_text("what was there")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    ran = run(*TAPER, *GIVEN, "-o", str(target))
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert "no space left on device" in ran.err
    assert (target.read_text(), list(tmp_path.iterdir())) == ("what was there", [target])


def test_a_folder_that_cannot_be_written_to_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)  # as root, every folder can be written to
    ran = run(*TAPER, *GIVEN, "-o", str(tmp_path / "plan.json"))
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "cannot be written: permission denied; name a file in a folder that is there" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_read_only_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "plan.json"
    target.write_text("what was there")
    monkeypatch.setattr(os, "access", lambda *_: False)  # as root, every file can be written to
    ran = run(*TAPER, *GIVEN, "-o", str(target))
    assert (ran.status, "read-only" in ran.err) == (2, True)
    assert (target.read_text(), list(tmp_path.iterdir())) == ("what was there", [target])


def test_an_overwritten_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path: Path) -> None:
    private, link = tmp_path / "private.json", tmp_path / "plan.json"
    private.write_text("what was there")
    private.chmod(0o600)
    link.symlink_to(private)
    shown(*TAPER, *GIVEN, "-o", str(link))
    assert link.is_symlink()
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert bt.Plan.from_json(private.read_text(encoding="utf-8")).steps


def test_a_new_file_has_the_mode_that_the_shell_asks_for(tmp_path: Path) -> None:
    process(*TAPER, *GIVEN, "-o", str(tmp_path / "plan.csv"), umask=0o027)
    assert stat.S_IMODE((tmp_path / "plan.csv").stat().st_mode) == 0o640


# ---- mistakes of use


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([*TAPER, *GIVEN[2:]], "--start is missing: day of the first reduction"),
        ([*TAPER, *GIVEN[:2], *GIVEN[4:]], "--products is missing: region"),
        ([*TAPER, *GIVEN[:4]], "splitting must be given: one of whole"),
        (["taper", NIGHT, *GIVEN], "give --strategy with its options, or --phase"),
        ([*TAPER, "--strategy", "linear", *GIVEN], "one of them"),
        ([*TAPER, "--step", "2 mg", *GIVEN], "--step cannot stand beside --phase"),
        (["taper", NIGHT, "--strategy", "liner", *GIVEN], "did you mean linear?"),
        (["taper", NIGHT, "--strategy", "linear", "--step", "2 mg", *GIVEN], "the strategy linear needs --every"),
        (["taper", NIGHT, "--strategy", "percentage", "--cut", "5 %", "--every", "1 week", *GIVEN], "needs --of"),
        (["taper", NIGHT, "--strategy", "substitution", "--to", "lorazepam", *GIVEN], "needs --table"),
        (
            ["taper", NIGHT, "--strategy", "linear", "--cut", "5 %", *GIVEN],
            "linear takes no --cut; it takes --step, --steps, --every, --down-to",
        ),
        ([*TAPER, *GIVEN, "--table", ""], "'--table': it is empty; give a value, or leave it out"),
        ([*TAPER, *GIVEN, "--max-pieces", "0"], "'--max-pieces': 0 is not in the range"),
        ([*TAPER, *GIVEN, "--max-pieces", "x"], "'--max-pieces': 'x' is not a valid"),
        ([*TAPER, *GIVEN, "extra"], "extra"),
        ([*TAPER, *GIVEN, "--steps", "0"], "--steps cannot stand beside --phase"),
        (["taper"], "missing argument 'REGIMEN'"),
        (["products", "diazepam"], "missing option '--region'"),
        (["convert", "diazepam 5 mg"], "missing option '--to'"),
        (["nosuch"], "no such command 'nosuch'"),
        (["taper", "\udcff", *GIVEN], "is not valid Unicode"),
        (["tables", "two\nlines \x1b[31m"], "two\\nlines"),
        (["tables", "lorazepam", "\x1b[31mtwo\nlines"], "[31mtwo lines"),
    ],
)
def test_a_mistake_is_said_in_one_line_with_status_2(arguments: list[str], words: str) -> None:
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("benzotaper: ")
    assert not ran.err.removeprefix("benzotaper: ")[0].isupper()
    assert ran.err.count("\n") == 1
    assert ran.err.isascii() == ran.err.removesuffix("\n").isprintable() is True
    assert words in ran.err


def test_an_option_of_zero_is_given_and_not_left_out() -> None:
    options = ("--strategy", "substitution", "--to", "lorazepam", "--table", "ashton-2002", "--every", "1 week")
    ran = run("taper", NIGHT, *options, "--portions", "0", *GIVEN)
    assert (ran.status, "portions 0 must be 1 or more" in ran.err) == (2, True)


def test_no_option_has_a_default() -> None:
    taper = commands.commands["taper"]
    named = {option.flag for option in (*PLAN_OPTIONS, *STRATEGY_OPTIONS)}
    found = {name: parameter for parameter in taper.params for name in parameter.opts}
    assert named <= set(found)
    for flag in named:
        assert "default" not in found[flag].to_info_dict() or not found[flag].to_info_dict()["default"]


def test_every_argument_of_every_strategy_has_an_option() -> None:
    import inspect  # noqa: PLC0415  for this test only

    known = {option.flag.removeprefix("--").replace("-", "_") for option in (*STRATEGY_OPTIONS, *PLAN_OPTIONS)}
    for kind in bt.STRATEGIES.values():
        assert set(inspect.signature(kind).parameters) <= known


def test_without_a_command_it_shows_what_there_is() -> None:
    text = shown()
    assert all(name in text for name in ("convert", "products", "tables", "taper", "a named prescriber decides"))


def test_it_says_its_version() -> None:
    assert shown("--version") == f"benzotaper {bt.__version__}\n"


def test_an_interruption_ends_with_130_and_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bt, "taper", interrupted)
    ran = run(*TAPER, *GIVEN, "-o", str(tmp_path / "plan.json"))
    assert (ran.status, ran.out, ran.err.strip()) == (130, "", "interrupted")
    assert list(tmp_path.iterdir()) == []


# ---- as a process


def test_as_a_module_a_good_plan_ends_with_0_and_nothing_on_stderr() -> None:
    done = process(*TAPER, *GIVEN)
    plan = plan_of("percentage 10 % of current every 2 weeks", "diazepam 10 mg twice daily")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == plan.to_text().replace("\n", os.linesep)


def test_as_a_module_a_mistake_ends_with_2_and_one_line() -> None:
    done = process("convert", "diazepam 1 Mg", "--to", "lorazepam", "--table", "ashton-2002")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines() == [
        "benzotaper: '1 Mg' cannot be read: 'Mg' is megagram; milligram is 'mg'"
    ]


def test_the_installed_command_is_the_module() -> None:
    script = Path(sys.executable).with_name("benzotaper")
    done = subprocess.run([script, "--version"], check=True, capture_output=True, text=True)
    assert done.stdout == f"benzotaper {bt.__version__}\n"


def test_text_is_utf_8_also_where_the_terminal_claims_to_be_ascii() -> None:
    plain = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = process("tables", env=plain)
    assert done.returncode == 0
    assert "Jönköping" in json.dumps([t.publisher for t in bt.tables()], ensure_ascii=False)
    assert "Клиническая" in done.stdout.decode("utf-8")
    failed = process("convert", "дiazepam 1 mg", "--to", "diazepam", env=plain)
    assert (failed.returncode, failed.stderr.count(b"\n")) == (2, 1)


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "benzotaper", "tables"]
    with os.fdopen(writing, "wb") as out:
        done = subprocess.run(command, check=False, stdout=out, stderr=subprocess.PIPE, timeout=60)
    assert done.stderr == b""
    assert done.returncode == 1


def test_an_output_that_cannot_be_written_is_said_in_one_line() -> None:
    with Path(os.devnull).open("rb") as out:
        command = [sys.executable, "-m", "benzotaper", "tables"]
        done = subprocess.run(command, check=False, stdout=out, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"the output cannot be written" in done.stderr
