"""Plans the people of a file into a file: a chunk at a time, from where it was left, and whole in the end."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from benzotaper.cohorts.front import cohort_parts
from benzotaper.cohorts.locks import only_run
from benzotaper.cohorts.parts import Parts, identity, parts_of
from benzotaper.cohorts.paths import Paths, unwritable
from benzotaper.cohorts.progress import unseen
from benzotaper.cohorts.reading import check_people
from benzotaper.cohorts.result import Cohort
from benzotaper.cohorts.tables import chunks_of, columns_of, format_of, ids_of, nobody
from benzotaper.errors import DataError
from benzotaper.taken_frames import Said, doubled_ids
from benzotaper.version import VERSION
from benzotaper.whole_files import place, write_files

Advance = Callable[[int], object]


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


def plan_file(
    paths: Paths,
    strategy: Any,
    *,
    times: Any,
    rows: int,
    progress: Callable[[int], AbstractContextManager[Advance]],
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
        OutputError: an output cannot be written, or another run writes it.
        BenzotaperError: as `cohort`.
    """
    said = Said(table=paths.people.name, times="--times", at_night="--times night")
    columns = check_people(columns_of(paths.people), strategy, times, said=said)
    plan = cohort_parts(strategy, times=times, **choices)
    plan(nobody(columns), advance=unseen)  # what is wrong for everybody is refused before anything is written
    same = identity(paths.people)
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
    out = place(paths.plans)
    try:
        with only_run(out), only_run(place(paths.refused)):
            doubled, people = _doubled(paths.people, rows)
            parts = parts_of(out, asked)
            with progress(people) as advance:
                planned = partial(plan, doubled=doubled, advance=advance)
                counts = [
                    _part(frame, row, number, paths=paths, parts=parts, plan=planned, same=same, advance=advance)
                    for number, (row, frame) in enumerate(_frames(paths.people, columns, rows))
                ]
            _refuse_changed(paths.people, same, parts)
            _merge(paths, parts, len(counts))
            parts.remove()
    except OSError as error:
        raise unwritable(paths.plans, error) from error
    return sum(counts, Counts(people=0, rows=0, refused=0))


def _doubled(people: Path, rows: int) -> tuple[Any, int]:
    """The ids that stand in more than one row of a file, and how many people there are."""
    ids = ids_of(people, rows=rows)
    return doubled_ids(ids), len(ids)


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
    advance: Advance,
) -> Counts:
    """Plan a chunk, unless that was done before."""
    _refuse_changed(paths.people, same, parts)
    refused, plans = (_part_of(parts, kind, number, path) for kind, path in _kinds(paths))
    done = parts.finished(number, refused, plans)
    if done is not None:
        advance(len(frame))
        return Counts(**done)
    found = plan(frame, first_row=row)
    parts.write(refused, partial(format_of(refused).write, found.refused))
    parts.write(plans, partial(format_of(plans).write, found.plans))
    counts = Counts(people=found.people, rows=len(found.plans), refused=len(found.refused))
    parts.finish(number, asdict(counts))
    return counts


def _merge(paths: Paths, parts: Parts, number: int) -> None:
    """Put so many chunks together: both outputs are new, or neither is."""
    writers = {}
    for kind, path in _kinds(paths):
        found = [_part_of(parts, kind, each, path) for each in range(number)]
        writers[path] = partial(format_of(path).merge, found)
    # a name that the next run knows: what a kill leaves in the middle is then replaced, and does not stay
    write_files(writers, refused=unwritable, beside=lambda path: path.with_name(f".{path.name}.whole"))


def _kinds(paths: Paths) -> tuple[tuple[str, Path], tuple[str, Path]]:
    return ("refused", paths.refused), ("plans", paths.plans)


def _part_of(parts: Parts, kind: str, number: int, path: Path) -> Path:
    return parts.path(kind, number, path.suffix.lower())


def _refuse_changed(people: Path, same: Mapping[str, object], parts: Parts) -> None:
    now: Mapping[str, object] = {}
    with suppress(OSError):
        now = identity(people)
    if now != same:
        parts.remove()
        message = f"{people.name} was changed or removed while it was read; run the command again"
        raise DataError(message, file=str(people), faults=(message,))
