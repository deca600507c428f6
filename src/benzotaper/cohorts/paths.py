"""The files of a run, checked before anything is written: each can be read or written, and none is another."""

from dataclasses import dataclass
from pathlib import Path

from benzotaper.cohorts.tables import format_of
from benzotaper.errors import DataError, OutputError
from benzotaper.whole_files import place, refuse_read_only


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """A file of people, and where their plans and the refused people go."""

    people: Path
    plans: Path
    refused: Path


def paths_of(people: Path, plans: Path, *, refused: Path | None = None) -> Paths:
    """The files of a run.

    Args:
        people: a file that is there.
        plans: a file to write.
        refused: another; beside the plans when left out.

    Raises:
        DataError: the people cannot be read, or a file has another ending than .csv or .parquet.
        OutputError: an output cannot be written, or is one of the others: it would be lost.
    """
    _refuse_unreadable(people)
    for path in (people, plans, *([refused] if refused else [])):
        format_of(path)
    paths = Paths(people=people, plans=plans, refused=refused or plans.with_suffix(".refused.csv"))
    _refuse_same("PLANS", paths.plans, other="PEOPLE", than=paths.people)
    _refuse_same("--refused", paths.refused, other="PEOPLE", than=paths.people)
    _refuse_same("--refused", paths.refused, other="PLANS", than=paths.plans)
    for path in (paths.plans, paths.refused):
        _refuse_unwritable(path)
    return paths


def unwritable(path: Path, error: OSError) -> OutputError:
    """What to say where a file cannot be written."""
    why = (error.strerror or str(error)).lower()
    message = (
        f"{str(path)!r} cannot be written: {why}; mend this, and run the same command again: it goes on from there"
    )
    return OutputError(message, path=str(path))


def _refuse_unreadable(path: Path) -> None:
    if not path.is_file():
        message = f"{str(path)!r} is no file that can be read; give a .csv or .parquet file of people"
        raise DataError(message, file=str(path), faults=(message,))


def _refuse_same(role: str, path: Path, *, other: str, than: Path) -> None:
    """Refuse an output that is another file of the run, by links or by another way to write its path."""
    if place(path) == place(than) or (path.exists() and than.exists() and path.samefile(than)):
        message = f"{str(path)!r} for {role} is the same file as {str(than)!r} for {other}; name another, or it is lost"
        raise OutputError(message, path=str(path))


def _refuse_unwritable(path: Path) -> None:
    at = place(path)
    if at.is_dir():
        raise OutputError(f"{str(path)!r} is a folder; give the name of a file", path=str(path))
    if not at.parent.is_dir():
        message = f"{str(path)!r} cannot be written: there is no folder {str(path.parent)!r}; make it, or name another"
        raise OutputError(message, path=str(path))
    try:
        refuse_read_only(at)
    except PermissionError as error:
        raise unwritable(path, error) from error
