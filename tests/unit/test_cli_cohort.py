"""`benzotaper cohort`: files in, files out, whole or not at all, and on from where it stopped."""

import errno
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import benzotaper as bt
from benzotaper import whole_files
from benzotaper.cohorts import files, locks
from benzotaper.cohorts.parts import Parts
from benzotaper.cohorts.tables import chunks_of
from cohorts import by_cohort, people
from command import run

ASKED = ("--strategy", "strategy", "--products", "US", "--splitting", "halves", "--times", "night")
CHOICES: dict[str, Any] = {"products": "US", "splitting": "halves", "times": "night"}
OLD = "id,step\nold,1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    people(60, seed=2).to_csv(tmp_path / "in.csv", index=False)
    (tmp_path / "out.csv").write_text(OLD, encoding="utf-8")
    return tmp_path


def words(folder: Path, *more: str, out: str = "out.csv") -> tuple[str, ...]:
    return ("cohort", str(folder / "in.csv"), str(folder / out), *ASKED, *more)


def expected() -> dict[Any, Any]:
    frame = people(60, seed=2)
    return by_cohort(bt.cohort(frame.assign(id=frame["id"].astype(str)), "strategy", **CHOICES))


def written(folder: Path, out: str = "out.csv") -> dict[Any, Any]:
    file = folder / out
    # Python reads the floats: the quick reader of pandas 2 is off in the last digit
    read = pd.read_csv(file, converters={"dose_mg": float}) if out.endswith(".csv") else pd.read_parquet(file)
    plans = read.astype({"id": str, "days": "Int64"})
    refused = pd.read_csv(folder / "out.refused.csv", dtype={"id": str})
    return by_cohort(bt.Cohort(plans=plans, refused=refused, people=60))


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("chunk", ["7", "1000"])
def test_a_file_of_people_becomes_a_file_of_plans(folder: Path, chunk: str) -> None:
    ran = run(*words(folder, "--chunk", chunk))
    assert (ran.status, ran.err) == (1, "")
    assert written(folder) == expected()
    assert left(folder) == {"in.csv", "out.csv", "out.refused.csv"}
    refused = sum(isinstance(found, str) for found in expected().values())
    assert ran.out.startswith(f"{60 - refused} people planned in ")
    assert f"{refused} people refused: out.refused.csv" in ran.out


def test_parquet_in_and_out_is_the_same(folder: Path) -> None:
    pytest.importorskip("pyarrow")
    people(60, seed=2).to_parquet(folder / "in.parquet")
    ran = run("cohort", str(folder / "in.parquet"), str(folder / "out.parquet"), *ASKED, "--chunk", "7", "--json")
    assert ran.status == 1
    assert '"people": 60' in ran.out
    assert written(folder, "out.parquet") == expected()
    assert str(pd.read_parquet(folder / "out.parquet")["drug"].dtype) == "category"


def test_everybody_planned_is_exit_status_0_and_nobody_at_all_too(folder: Path) -> None:
    asked = ("--strategy", "linear 1 mg every 2 weeks", "--products", "UK", "--splitting", "halves")
    for rows in ("1,diazepam 4 mg at night\n", ""):
        (folder / "in.csv").write_text(f"id,regimen\n{rows}", encoding="utf-8")
        ran = run("cohort", str(folder / "in.csv"), str(folder / "out.csv"), *asked)
        assert (ran.status, ran.err) == (0, "")
        assert len(pd.read_csv(folder / "out.csv")) == 4 * len(rows.splitlines())


def test_an_index_of_pandas_is_a_column_of_the_file(folder: Path) -> None:
    pytest.importorskip("pyarrow")
    shuffled = people(60, seed=2).sample(frac=1, random_state=0)  # in order they would be a range, which has no column
    shuffled.set_index("id").to_parquet(folder / "in.parquet")
    assert run("cohort", str(folder / "in.parquet"), str(folder / "out.csv"), *ASKED).status == 1
    assert written(folder) == expected()


@pytest.mark.parametrize("chunk", ["1", "2", "10"])
def test_an_index_that_pandas_only_notes_is_a_column_too(folder: Path, chunk: str) -> None:
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame({"id": [3, 5, 7], "drug": "diazepam", "dose_mg": [2.0, 4.0, 6.0]}).set_index("id")
    frame.set_index(pd.RangeIndex(3, 9, 2, name="id")).to_parquet(folder / "in.parquet")
    asked = ("--strategy", "linear 1 mg every 2 weeks", "--products", "UK", "--splitting", "halves", "--times", "night")
    ran = run("cohort", str(folder / "in.parquet"), str(folder / "out.csv"), *asked, "--chunk", chunk)
    assert (ran.status, ran.err) == (0, "")
    plans = pd.read_csv(folder / "out.csv")
    assert plans.groupby("id")["dose_mg"].max().to_dict() == {3: 1.0, 5: 3.0, 7: 5.0}


def test_a_column_of_parquet_keeps_its_kind_where_cells_are_missing(folder: Path) -> None:
    pytest.importorskip("pyarrow")
    given = {
        "id": pd.Series([1, None], dtype="Int64"),
        "drug": pd.Series(["diazepam", None], dtype="category"),
        "strategy": pd.Series(["x", None], dtype="string"),
        "dose_mg": [2.5, None],
        "start": pd.to_datetime(["2026-12-01", None]),
    }
    pd.DataFrame(given).to_parquet(folder / "in.parquet")
    (found,) = chunks_of(folder / "in.parquet", list(given), rows=10)
    kinds = {name: str(dtype).partition("[")[0] for name, dtype in found.dtypes.items()}
    assert kinds == {
        "id": "Int64",
        "drug": "category",
        "strategy": "string",
        "dose_mg": "float64",
        "start": "datetime64",
    }


@pytest.mark.parametrize("kind", [str, str.encode])
def test_a_first_part_without_rows_does_not_decide_of_what_kind_the_ids_are(folder: Path, kind: Any) -> None:
    pytest.importorskip("pyarrow")
    drugs = ["diazepam", "diazepam", "aspirin", "aspirin", "diazepam"]
    ids = pd.Series([kind(each) for each in "abcde"], dtype=object)
    pd.DataFrame({"id": ids, "drug": drugs, "dose_mg": 4.0}).to_parquet(folder / "five.parquet")
    asked = ("--strategy", "linear 1 mg every 2 weeks", "--products", "UK", "--splitting", "halves", "--times", "night")
    people_file, plans_file, refused_file = (folder / f"{name}.parquet" for name in ("five", "plans", "refused"))
    for chunk in ("1", "2"):
        ran = run("cohort", str(people_file), str(plans_file), *asked, "--refused", str(refused_file), "--chunk", chunk)
        assert (ran.status, ran.err) == (1, "")
        plans, refused = pd.read_parquet(plans_file), pd.read_parquet(refused_file)
        assert (plans["id"].unique().tolist(), refused["id"].tolist()) == (ids[[0, 1, 4]].tolist(), ids[2:4].tolist())


def test_the_same_people_have_the_same_plans_from_csv_and_from_parquet(folder: Path) -> None:
    pytest.importorskip("pyarrow")
    people(60, seed=2).to_parquet(folder / "in.parquet")
    run(*words(folder))
    run("cohort", str(folder / "in.parquet"), str(folder / "other.csv"), *ASKED)
    for name in ("out.csv", "out.refused.csv"):
        assert (folder / name).read_bytes() == (folder / name.replace("out", "other")).read_bytes()


def test_ids_and_texts_stay_as_they_are_written(folder: Path) -> None:
    rows = "id,drug,dose_mg\n007,diazepam,4\nNA,diazepam,1\n3,NA,2\n4,diazepam,5 mg\n5,diazepam,\n6,diazepam,1_0\n"
    (folder / "in.csv").write_text(f"\ufeff{rows}", encoding="utf-8")
    ran = run(*words(folder)[:3], "--strategy", "linear 1 mg every 2 weeks", *ASKED[2:])
    assert ran.status == 1
    plans = pd.read_csv(folder / "out.csv", dtype=str, keep_default_na=False)
    assert plans["id"].unique().tolist() == ["007", "NA"]
    refused = pd.read_csv(folder / "out.refused.csv", dtype=str)
    assert refused["id"].tolist() == ["3", "4", "5", "6"]
    told = " | ".join(refused["reason"])
    assert "'NA' is none of the" in told
    assert "'5 mg'" in told
    assert "the dose is missing" in told
    assert "'1_0'" in told


@pytest.mark.parametrize("cell", ["1.000", "2,000", "1e1", "0.1e1", ".5", "nan", "inf", "+4", "20.0", "2.5", "0.125"])
def test_a_dose_in_a_csv_is_read_as_the_same_text_in_a_frame(folder: Path, cell: str) -> None:
    rows = pd.DataFrame({"id": ["1"], "drug": ["diazepam"], "dose_mg": [cell]})
    rows.to_csv(folder / "in.csv", index=False)
    asked = (
        "--strategy",
        "linear 1 mg every 2 weeks",
        "--products",
        "any",
        "--last-dose",
        "0.01 mg",
        "--times",
        "night",
    )
    run(*words(folder)[:3], *asked)
    frame = bt.cohort(rows, "linear 1 mg every 2 weeks", products=bt.ANY_DOSE, last_dose="0.01 mg", times="night")
    assert pd.read_csv(folder / "out.refused.csv")["reason"].tolist() == frame.refused["reason"].tolist()
    assert pd.read_csv(folder / "out.csv")["dose_ng"].tolist() == frame.plans["dose_ng"].tolist()
    assert len(frame.refused) == (cell not in {"20.0", "2.5", "0.125"})


def test_an_id_that_stands_in_two_chunks_is_refused_in_both(folder: Path) -> None:
    frame = people(20, seed=2).assign(id=[*range(19), 3])
    frame.to_csv(folder / "in.csv", index=False)
    run(*words(folder, "--chunk", "5"))
    refused = pd.read_csv(folder / "out.refused.csv")
    assert refused.loc[refused["reason"].str.contains("more than one row"), "row"].tolist() == [3, 19]


def fails_after(chunks: int, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let the chunk after so many fail."""
    part, seen = files._part, []  # noqa: SLF001  its own line is patched

    def failing(*args: Any, **kwargs: Any) -> Any:
        if len(seen) == chunks:
            raise error
        seen.append(1)
        return part(*args, **kwargs)

    monkeypatch.setattr(files, "_part", failing)


def test_a_full_disk_leaves_the_old_output_and_the_next_run_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        fails_after(3, patched, OSError(errno.ENOSPC, "No space left on device"))
        ran = run(*words(folder, "--chunk", "10"))
    assert (ran.status, ran.out) == (2, "")
    assert "no space left on device" in ran.err
    assert "goes on from there" in ran.err
    assert (folder / "out.csv").read_text(encoding="utf-8") == OLD
    assert "out.refused.csv" not in left(folder)
    made: list[int] = []
    finish = Parts.finish
    monkeypatch.setattr(Parts, "finish", lambda *args: (made.append(1), finish(*args)))
    assert run(*words(folder, "--chunk", "10")).status == 1
    assert len(made) == 3  # the chunks that were not done
    assert written(folder) == expected()
    assert left(folder) == {"in.csv", "out.csv", "out.refused.csv"}


def test_an_interruption_leaves_the_old_output(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fails_after(2, monkeypatch, KeyboardInterrupt())
    assert run(*words(folder, "--chunk", "10")).status == 130
    assert (folder / "out.csv").read_text(encoding="utf-8") == OLD


def test_no_room_while_the_parts_are_put_together_leaves_both_old_outputs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "out.refused.csv").write_text(OLD, encoding="utf-8")
    seen: list[Path] = []

    def full(path: Path) -> None:
        seen.extend([path] * (path.parent == folder))
        if len(seen) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(whole_files, "_to_disk", full)
        assert run(*words(folder)).status == 2
    assert (folder / "out.csv").read_text(encoding="utf-8") == OLD
    assert (folder / "out.refused.csv").read_text(encoding="utf-8") == OLD
    assert left(folder) == {"in.csv", "out.csv", "out.refused.csv", ".out.csv.parts"}
    assert run(*words(folder)).status == 1
    assert written(folder) == expected()


def test_an_output_keeps_its_mode_and_its_parts_are_for_the_owner_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "out.csv").chmod(0o600)
    with monkeypatch.context() as patched:
        fails_after(1, patched, OSError(errno.ENOSPC, "No space left on device"))
        run(*words(folder, "--chunk", "10"))
    assert stat.S_IMODE((folder / ".out.csv.parts").stat().st_mode) == 0o700
    assert run(*words(folder, "--chunk", "10")).status == 1
    assert stat.S_IMODE((folder / "out.csv").stat().st_mode) == 0o600


def test_a_read_only_output_is_refused_before_anything_is_planned(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # as root, every file can be written to
    ran = run(*words(folder))
    assert (ran.status, "read-only" in ran.err) == (2, True)
    assert left(folder) == {"in.csv", "out.csv"}


COMMAND = "import sys; from benzotaper.cli import main; sys.argv[0] = 'benzotaper'; main()"


def test_a_file_that_may_not_grow_leaves_the_old_output(folder: Path) -> None:
    """A real refusal by the system, in place of a full disk."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *words(folder)],
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)),
    )
    assert done.returncode == 2
    assert "cannot be written: file too large" in done.stderr
    assert (folder / "out.csv").read_text(encoding="utf-8") == OLD


def test_a_kill_in_the_middle_leaves_the_old_output_and_the_next_run_goes_on(folder: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", COMMAND, *words(folder, "--chunk", "1")])
    waiting = folder / ".out.csv.parts" / "done-000005.json"
    while not waiting.exists() and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    process.wait()
    assert (folder / "out.csv").read_text(encoding="utf-8") == OLD
    assert waiting.exists(), "it was over before the kill"
    assert run(*words(folder, "--chunk", "1")).status == 1
    assert written(folder) == expected()
    assert left(folder) == {"in.csv", "out.csv", "out.refused.csv"}


def test_a_second_run_to_the_same_output_is_refused_and_the_first_is_not_disturbed(folder: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", COMMAND, *words(folder, "--chunk", "1")])
    waiting = folder / ".out.csv.parts" / "done-000005.json"
    while not waiting.exists() and process.poll() is None:
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGSTOP)
    (folder / "link.csv").symlink_to("out.csv")
    others = [words(folder, "--fit", "nearest"), words(folder, out="link.csv")]
    others.append((*words(folder, out="other.csv"), "--refused", str(folder / "out.refused.csv")))
    for other in others:
        ran = run(*other)
        assert (ran.status, ran.out, "another run" in ran.err) == (2, "", True)
    os.kill(process.pid, signal.SIGCONT)
    assert process.wait() == 1
    assert written(folder) == expected()
    assert left(folder) == {"in.csv", "link.csv", "out.csv", "out.refused.csv"}


def test_a_lock_that_the_run_before_removes_is_taken_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, lock = folder / ".out.csv.lock", locks.lock_descriptor

    def removed_before(descriptor: int, *, blocking: bool) -> bool:
        monkeypatch.setattr(locks, "lock_descriptor", lock)
        path.unlink()
        return lock(descriptor, blocking=blocking)

    monkeypatch.setattr(locks, "lock_descriptor", removed_before)
    with locks.only_run(folder / "out.csv"):
        assert path.exists()
        assert run(*words(folder)).status == 2
    assert left(folder) == {"in.csv", "out.csv"}


def test_a_part_that_was_made_for_another_question_is_not_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, parts = folder / "kept", folder / ".out.csv.parts"
    for fit, chunks in (("nearest", 3), ("up", 1)):
        with monkeypatch.context() as patched:
            fails_after(chunks, patched, OSError(errno.ENOSPC, "No space left on device"))
            run(*words(folder, "--chunk", "10", "--fit", fit))
        shutil.copytree(parts, folder / fit)
    kept = folder / "nearest"
    for part in kept.glob("*-00000[012].*"):
        shutil.copy(part, parts)
    assert run(*words(folder, "--chunk", "10", "--fit", "up")).status == 1
    assert written(folder) == expected()


def test_another_question_does_not_go_on_from_the_parts_of_the_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        fails_after(3, patched, OSError(errno.ENOSPC, "No space left on device"))
        run(*words(folder, "--chunk", "10", "--fit", "nearest"))
    assert run(*words(folder, "--chunk", "10")).status == 1
    assert written(folder) == expected()


def test_a_file_that_changes_on_the_way_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = files._part  # noqa: SLF001  as above

    def meddling(*args: Any, **kwargs: Any) -> Any:
        with (folder / "in.csv").open("a", encoding="utf-8") as file:
            file.write("99,diazepam,4.0,linear 1 mg every 2 weeks\n")
        return part(*args, **kwargs)

    monkeypatch.setattr(files, "_part", meddling)
    ran = run(*words(folder))
    assert (ran.status, "changed or removed while it was read" in ran.err) == (2, True)
    assert left(folder) == {"in.csv", "out.csv"}


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        ("id,drug\n1,diazepam\n", (), "in.csv has 1 fault(s): column 'dose_mg' is missing; found: 'id', 'drug'"),
        ("ID,drug,dose_mg\n1,diazepam,4\n", (), "found: 'ID', 'drug', 'dose_mg'; rename 'ID' to 'id'"),
        ("id;drug;dose_mg\n1;diazepam;4\n", (), "found: 'id;drug;dose_mg'; the cells stand between semicolons"),
        ("id,id,drug,dose_mg\n1,2,diazepam,4\n", (), "column 'id' stands twice"),
        ("id,drug,dose_mg,strategy,strategy\n1,diazepam,4,x,y\n", (), "column 'strategy' stands twice"),
        ("", (), "columns 'id', 'drug', 'dose_mg' are missing; there is no column at all"),
        ("id,drug,dose_mg,strategy\n1,diazepam,4,x\n\n1,2,3,4,5\n", (), "in.csv cannot be read: line 4, '1,2,3,4,5', "),
        ('id,drug,dose_mg,strategy\n1,diazepam,4,x\n2,"diazepam,4,x\n3,y\n', (), "in.csv cannot be read: line 3: "),
        ('id,drug,dose_mg,strategy\n1,"diazepam,4,x\n', (), "a quotation mark that is not closed"),
        ("id,drug,dose_mg,strategy\n1,diazépam,4,x\n", (), "line 2 is not UTF-8; save the file as CSV UTF-8"),
        ("id,drug,dose_mg\n1,diazepam,4\n", (), "'strategy' is neither a strategy nor a column; in.csv has id, drug"),
        ("id,drug,dose_mg,strategy\n1,diazepam,4,x\n", ("--products", "Mars"), "Mars"),
        ("id,drug,dose_mg,strategy\n1,diazepam,4,x\n", ("--times", "teatime"), "teatime"),
        ("id,regimen,strategy\n1,diazepam 4 mg nocte,x\n", (), "--times stands beside regimens"),
    ],
)
def test_what_is_wrong_with_the_whole_file_is_said_in_a_line(
    folder: Path, content: str, more: tuple[str, ...], said: str
) -> None:
    (folder / "in.csv").write_text(content, encoding="latin-1")
    ran = run(*words(folder, *more))
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert said in ran.err
    assert (folder / "out.csv").read_text(encoding="utf-8") == OLD
    assert left(folder) == {"in.csv", "out.csv"}


def test_ids_that_cannot_be_compared_are_refused(folder: Path) -> None:
    pytest.importorskip("pyarrow")
    people(2, seed=2).assign(id=[[1], [1]]).to_parquet(folder / "in.parquet")
    ran = run("cohort", str(folder / "in.parquet"), str(folder / "out.csv"), *ASKED)
    assert (ran.status, "column 'id' holds lists" in ran.err) == (2, True)
    assert left(folder) == {"in.csv", "in.parquet", "out.csv"}


def test_a_file_that_may_not_be_read_is_said_to_be_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # as root, every file can be read
    ran = run(*words(folder))
    assert (ran.status, "in.csv cannot be read: permission denied" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.csv", "out.csv", *ASKED), "is no file that can be read"),
        (("in.txt", "out.csv", *ASKED), "the ending must be one of .csv, .parquet"),
        (("in.csv", "out.xlsx", *ASKED), "the ending must be one of .csv, .parquet"),
        (("in.csv", "out.csv"), "--strategy is missing"),
        (("in.csv", "out.csv", *ASKED[:2]), "--products is missing"),
        (("in.csv", "out.csv", *ASKED[:-2]), "give --times night, or a column of regimens"),
        (("in.csv", "nowhere/out.csv", *ASKED), "cannot be written: there is no folder 'nowhere'"),
        (("in.csv", ".", *ASKED), "'.': the ending must be one of .csv, .parquet"),
        (("in.csv", "out.csv", "--refused", "..", *ASKED), "'..': the ending must be one of .csv, .parquet"),
        (("in.csv", "folder.csv", *ASKED), "'folder.csv' is a folder"),
        (("in.csv", "in.csv", *ASKED), "'in.csv' for PLANS is the same file as "),
        (("in.csv", "./folder.csv/../in.csv", *ASKED), "is the same file as 'in.csv' for PEOPLE"),
        (("in.csv", "link.csv", *ASKED), "'link.csv' for PLANS is the same file as "),
        (("link.csv", "in.csv", *ASKED), "'in.csv' for PLANS is the same file as "),
        (("in.csv", "hard.csv", *ASKED), "'hard.csv' for PLANS is the same file as "),
        (("in.csv", "out.csv", "--refused", "in.csv", *ASKED), "'in.csv' for --refused is the same file as "),
        (("in.csv", "out.csv", "--refused", "out.csv", *ASKED), "'out.csv' for --refused is the same file as "),
        (("in.csv", "new.csv", "--refused", "./new.csv", *ASKED), "'new.csv' for --refused is the same file as "),
        (("old.refused.csv", "old.csv", *ASKED), "'old.refused.csv' for --refused is the same file as "),
    ],
)
def test_arguments_that_are_wrong_are_said_in_a_line(
    folder: Path, arguments: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (folder / "in.txt").write_text("id\n", encoding="utf-8")
    (folder / "folder.csv").mkdir()
    (folder / "link.csv").symlink_to("in.csv")
    (folder / "hard.csv").hardlink_to("in.csv")
    shutil.copy("in.csv", "old.refused.csv")
    before = {path: path.is_file() and path.read_bytes() for path in folder.iterdir()}
    ran = run("cohort", *arguments)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert said in ran.err
    assert {path: path.is_file() and path.read_bytes() for path in folder.iterdir()} == before


def test_parquet_without_pyarrow_says_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    ran = run(*words(folder, out="out.parquet"))
    assert (ran.status, "pip install benzotaper[parquet]" in ran.err) == (2, True)


def test_a_link_stays_a_link(folder: Path) -> None:
    (folder / "real.csv").write_text(OLD, encoding="utf-8")
    (folder / "link.csv").symlink_to("real.csv")
    assert run(*words(folder, out="link.csv")).status == 1
    assert os.readlink(folder / "link.csv") == "real.csv"  # noqa: PTH115  as it is written
    assert (folder / "real.csv").read_text(encoding="utf-8") != OLD


# ---- what a kill may leave


@pytest.fixture
def half_done(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a run has ended after its chunks, before they were put together."""
    with monkeypatch.context() as patch:
        patch.setattr(files, "_merge", interrupted)
        run(*words(folder, "--chunk", "20"))
    assert (folder / ".out.csv.parts").is_dir()
    return folder


def interrupted(*_: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("spoilt", ["plans-000001.csv", "done-000001.json", "asked.json"])
def test_parts_of_which_one_is_gone_or_broken_are_made_again(half_done: Path, spoilt: str) -> None:
    part = half_done / ".out.csv.parts" / spoilt
    part.write_text("{", encoding="utf-8") if spoilt.endswith("json") else part.unlink()
    ran = run(*words(half_done, "--chunk", "20"))
    assert (ran.status, ran.err) == (1, "")
    assert written(half_done) == expected()
    assert left(half_done) == {"in.csv", "out.csv", "out.refused.csv"}


def test_an_output_that_a_kill_left_half_written_does_not_stay(half_done: Path) -> None:
    (half_done / ".out.csv.whole").write_text("half of it", encoding="utf-8")
    assert run(*words(half_done, "--chunk", "20")).status == 1
    assert written(half_done) == expected()
    assert left(half_done) == {"in.csv", "out.csv", "out.refused.csv"}


def test_people_that_are_removed_on_the_way_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = files._part  # noqa: SLF001  as above

    def meddling(*args: Any, **kwargs: Any) -> Any:
        (folder / "in.csv").unlink()
        return part(*args, **kwargs)

    monkeypatch.setattr(files, "_part", meddling)
    ran = run(*words(folder))
    assert (ran.status, "in.csv was changed or removed" in ran.err) == (2, True)
    assert left(folder) == {"out.csv"}


def test_a_lock_that_cannot_be_made_names_its_own_output(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = locks._taken  # noqa: SLF001  where the system refuses

    def refusing(path: Path) -> int | None:
        if "refused" in path.name:
            raise PermissionError(errno.EACCES, "permission denied")
        return taken(path)

    monkeypatch.setattr(locks, "_taken", refusing)
    ran = run(*words(folder))
    assert (ran.status, "out.refused.csv' cannot be written: permission denied" in ran.err) == (2, True)
