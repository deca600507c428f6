"""The command that sets strategies side by side: `compare`."""

from collections.abc import Callable, Mapping
from operator import methodcaller
from pathlib import Path
from typing import Any

import click

import benzotaper as bt
from benzotaper.cli_options import (
    MANY,
    PATH,
    PLAN_OPTIONS,
    Option,
    as_json,
    check_outputs,
    given_of,
    options_of,
    plan_arguments,
    text,
)
from benzotaper.whole_files import write_whole

COMPARED = (Option("--phase", "a strategy as text (repeated: one for each); phases in turn with ';' between", MANY),)
FIGURES = (
    Option("--every", "time between collections, such as '4 weeks', for pharmacy visits"),
    Option("--half-occupancy", "dose a day at 50 % occupancy, or a preset, for falls of occupancy"),
    Option("--rank-by", "a figure by which the strategies are ordered, such as days"),
)
WRITERS: Mapping[str, Callable[[Any], str]] = {
    ".html": methodcaller("to_html"),
    ".csv": methodcaller("to_csv"),
    ".json": methodcaller("to_json"),
}
"""What `-o` writes, by the ending of the file's name."""


@click.command()
@click.argument("regimen", type=text)
@options_of((*COMPARED, *PLAN_OPTIONS, *FIGURES))
@click.option("--largest-first", is_flag=True, help="with --rank-by: the largest value first")
@click.option("-o", "outputs", multiple=True, type=PATH, help="file to write: .html, .csv or .json (may be repeated)")
@as_json
def compare(
    regimen: str, *, as_json: bool, outputs: tuple[Path, ...], largest_first: bool, phase: tuple[str, ...], **given: Any
) -> None:
    """Plan several strategies for REGIMEN alike, and print their figures side by side."""
    found_options = given_of(given)
    check_outputs(outputs, WRITERS)
    if not phase:
        raise click.UsageError("--phase is missing: give it once for each strategy")
    rank_by = found_options.pop("rank_by", "")
    measures = {name: found_options[name] for name in ("every", "half_occupancy") if name in found_options}
    strategies = [[part.strip() for part in each.split(";")] if ";" in each else each for each in phase]
    found = bt.compare(regimen, strategies, **plan_arguments(found_options), **measures)
    if rank_by:
        found = found.ranked(by=rank_by, largest_first=largest_first)
    write_whole({path: WRITERS[path.suffix.lower()](found) for path in outputs})
    click.echo(found.to_json().rstrip("\n") if as_json else found)


COMPARE = (compare,)
"""The commands, for the group."""
