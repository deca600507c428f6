"""The command that plans the people of a file.

Exit status 0: everybody has a plan; 1: somebody was refused; 2: the input is wrong.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from benzotaper.cli_options import (
    MANY,
    PATH,
    PIECES,
    PLAN_OPTIONS,
    Option,
    as_json,
    choices_of,
    given_of,
    options_of,
    print_json,
)
from benzotaper.cohorts.progress import unseen

REFUSED = 1
CHUNK = 100_000
NOT_HERE = ("--start", "--profile", "--align")
"""What is about dates and findings."""
OPTIONS = (
    Option(
        "--strategy", "strategy as text (may be repeated: in turn), or the column that has it for each person", MANY
    ),
    Option("--times", "when the daily doses are taken: night; 'morning, night'; or the column that has it"),
    *(option for option in PLAN_OPTIONS if option.flag not in NOT_HERE),
    Option("--chunk", f"people at a time; {CHUNK} when left out", PIECES),
)


@click.command()
@click.argument("people", type=PATH)
@click.argument("plans", type=PATH)
@options_of(OPTIONS)
@click.option("--refused", type=PATH, help="file for the people without a plan; beside PLANS when left out")
@as_json
@click.pass_context
def cohort(
    context: click.Context, /, people: Path, plans: Path, *, as_json: bool, refused: Path | None, **options: Any
) -> None:
    """Plan a taper for every row of PEOPLE into PLANS; both are .csv or .parquet files.

    PEOPLE has the columns id, and regimen or drug and dose_mg (mg a day). After a break, the same command goes on from
    the last finished chunk.

    Exit status 0: everybody has a plan; 1: somebody was refused; 2: wrong input.
    """
    given = given_of(options)
    if "strategy" not in given:
        raise click.UsageError("--strategy is missing: strategy as text, or the column that has it for each person")
    from benzotaper.cohorts.files import plan_file  # noqa: PLC0415  pandas loads only for this command
    from benzotaper.cohorts.paths import paths_of  # noqa: PLC0415  as above

    phases = given["strategy"]
    paths = paths_of(people, plans, refused=refused)
    counts = plan_file(
        paths,
        phases[0] if len(phases) == 1 else phases,
        times=given.get("times", ""),
        rows=given.get("chunk", CHUNK),
        progress=_bar,
        **choices_of(given),
    )
    if as_json:
        print_json({"people": counts.people, "rows": counts.rows, "refused": counts.refused})
    else:
        click.echo(f"{counts.people - counts.refused} people planned in {counts.rows} rows: {plans.name}")
        click.echo(f"{counts.refused} people refused: {paths.refused.name}")
    context.exit(REFUSED if counts.refused else 0)


@contextmanager
def _bar(people: int) -> Iterator[Callable[[int], object]]:
    """A progress bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield unseen
        return
    with click.progressbar(length=people, file=sys.stderr, label="people planned", show_pos=True) as bar:
        yield bar.update
