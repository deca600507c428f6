"""Plans the people of a file into a file: a chunk at a time, from where it was left, and whole in the end."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from benzotaper.cohorts.front import cohort_parts
from benzotaper.cohorts.parts import Parts, identity, parts_of, written
from benzotaper.cohorts.reading import START
from benzotaper.cohorts.result import Cohort
from benzotaper.cohorts.tables import Format, chunks_of, columns_of, format_of, ids_of, refuse_unreadable, unwritable
from benzotaper.errors import DataError, refuse_faults
from benzotaper.taken_frames import DOSE, DRUG, ID, REGIMEN
from benzotaper.version import VERSION
from benzotaper.whole_files import place


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many there were: people, rows of plans, refused people."""

    people: int
    rows: int
    refused: int

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            people=self.people + other.people, rows=self.rows + other.rows, refused=self.refused + other.refused
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """A file of people, and where their plans and the refused people go."""

    people: Path
    plans: Path
    refused: Path


def plan_file(
    paths: Paths,
    strategy: Any,
    *,
    times: Any,
    rows: int,
    progress: Callable[[int], AbstractContextManager[Callable[[int], object]]],
    **choices: Any,
) -> Counts:
    """Plan everybody in a file.

    Args:
        paths: CSV or Parquet files; what was in the outputs before stays there, whole, until all is planned.
        strategy: as `cohort`.
        times: as `cohort`.
        rows: people at a time. Each chunk that is finished is kept; after a break the same call goes on from there.
        progress: makes a progress bar for so many people.
        choices: as `cohort`.

    Raises:
        DataError: the file is no such file, or changes on the way.
        OutputError: an output cannot be written.
        BenzotaperError: as `cohort`.
    """
    columns = _columns(paths, strategy, times)
    same = identity(paths.people)
    ids = ids_of(paths.people, rows=rows)
    doubled, people = ids[ids.duplicated(keep=False)].unique(), len(ids)
    del ids
    asked = {
        "version": VERSION,
        "people": same,
        "columns": columns,
        "rows": rows,
        "strategy": repr(strategy),
        "times": repr(times),
        "choices": {name: repr(value) for name, value in sorted(choices.items())},
        "refused": paths.refused.suffix,
    }
    out = Path(place(paths.plans))
    try:
        parts = parts_of(out, asked)
        with progress(people) as advance:
            plan = cohort_parts(strategy, times=times, doubled=doubled, advance=advance, **choices)
            counts = [
                _part(frame, row, number, paths=paths, parts=parts, plan=plan, same=same, advance=advance)
                for number, (row, frame) in enumerate(_frames(paths.people, columns, rows))
            ]
        _refuse_changed(paths.people, same, parts)
        for path, kind in ((Path(place(paths.refused)), "refused"), (out, "plans")):
            found = [parts.path(kind, number, path.suffix.lower()) for number in range(len(counts))]
            written(path, lambda new, found=found, path=path: format_of(path).merge(found, new))  # type: ignore[misc]
    except OSError as error:
        raise unwritable(paths.plans, error) from error
    parts.remove()
    return sum(counts, Counts(people=0, rows=0, refused=0))


def _columns(paths: Paths, strategy: Any, times: Any) -> list[str]:
    """The columns that are read, of those that are there."""
    refuse_unreadable(paths.people)
    for path in (paths.plans, paths.refused):
        format_of(path)
    present = columns_of(paths.people)
    named = [name for name in (strategy, times) if isinstance(name, str)]
    wanted = dict.fromkeys((ID, REGIMEN, DRUG, DOSE, START, *named))
    faults = [f"column {name!r} stands {present.count(name)} times" for name in wanted if present.count(name) > 1]
    refuse_faults(paths.people.name, faults if ID in present else [*faults, f"column {ID!r} is not there"])
    return [name for name in wanted if name in present]


def _frames(people: Path, columns: Sequence[str], rows: int) -> Iterator[tuple[int, pd.DataFrame]]:
    """The chunks of a file, each with the number of rows before it."""
    row = 0
    for frame in chunks_of(people, columns, rows=rows):
        yield row, frame
        row += len(frame)


def _part(
    frame: pd.DataFrame,
    row: int,
    number: int,
    *,
    paths: Paths,
    parts: Parts,
    plan: Callable[..., Cohort],
    same: Mapping[str, object],
    advance: Callable[[int], object],
) -> Counts:
    """Plan a chunk, unless that was done before."""
    _refuse_changed(paths.people, same, parts)
    done = parts.path("done", number, ".json")
    if done.is_file():
        advance(len(frame))
        return Counts(**json.loads(done.read_text(encoding="utf-8")))
    found = plan(frame, first_row=row)
    _write(found.refused, parts.path("refused", number, paths.refused.suffix.lower()), format_of(paths.refused))
    _write(found.plans, parts.path("plans", number, paths.plans.suffix.lower()), format_of(paths.plans))
    counts = Counts(people=found.people, rows=len(found.plans), refused=len(found.refused))
    written(done, lambda path: path.write_text(json.dumps(asdict(counts)), encoding="utf-8"))
    return counts


def _write(frame: pd.DataFrame, path: Path, kind: Format) -> None:
    written(path, lambda new: kind.write(frame, new))


def _refuse_changed(people: Path, same: Mapping[str, object], parts: Parts) -> None:
    if identity(people) != same:
        parts.remove()
        message = f"{people.name} changed while it was read; run the command again"
        raise DataError(message, file=str(people), faults=(message,))
