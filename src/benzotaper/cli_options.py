"""What the commands share: options, how they read text, check files and print JSON."""

import json
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import click

from benzotaper.whole_files import place

ANY = "any"
PATH = click.Path(path_type=Path, readable=False)
Given: TypeAlias = dict[str, Any]


def text(value: str) -> str:
    """Text that says something: an empty value is a slip, never a default; and bytes may be no text at all."""
    if not value.strip():
        raise click.BadParameter("it is empty; give a value, or leave it out")
    if value != value.encode(errors="ignore").decode():
        raise click.BadParameter(f"{value!a} is not valid Unicode; write it in UTF-8")
    return value


as_json = click.option("--json", "as_json", is_flag=True, help="print JSON with stable keys")


def print_json(value: object) -> None:
    """A value as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


TEXT: Given = {"type": text}
MANY: Given = {"type": text, "multiple": True}
NUMBER: Given = {"type": int}
FLAG: Given = {"is_flag": True}
PIECES: Given = {"type": click.IntRange(min=1)}
# no default anywhere: what was not given stays out, so that none hides here


class Option(NamedTuple):
    """One option: its flag, its help and what it holds."""

    flag: str
    help: str
    holds: Given = TEXT


PLAN_OPTIONS = (
    Option("--start", "day of the first reduction, such as 2026-12-01"),
    Option("--products", f"region with a complete list, such as UK; or '{ANY}' for any dose, not dispensed"),
    Option("--splitting", "whole, scored, halves or quarters; left out with any dose"),
    Option("--fit", "up (never ahead of the ideal course), nearest or smoothest"),
    Option("--reduce", "evenly; even levels; in turn; times ('morning, night'); or 'in turn to 16 mg; evenly to 0 mg'"),
    Option("--max-pieces", "pieces an administration at most", PIECES),
    Option("--liquids", "add the region's liquid", FLAG),
    Option("--lead-in", "how long the present dose is kept first, such as '2 weeks'"),
    Option("--target", "maintenance dose to stay on"),
    Option("--last-dose", "dose from which it goes to zero"),
    Option("--profile", "rule profile by which the pace is judged too, such as asam-2025"),
    Option("--table", "equivalence table, such as ashton-2002"),
    Option("--pick", "low, midpoint or high, where the table gives a range"),
    Option("--apart", "with several drugs, the least time between two reductions"),
    Option("--align", "days of change: 'on Monday; with fills every 4 weeks; avoiding 2026-12-25', or a part of it"),
    Option("--acknowledge", "who owns something unusual, and why"),
)
"""What a caller may ask of a plan; of a cohort too, but for what is about dates and findings."""


def key_of(option: Option) -> str:
    """The name under which click hands an option over: max_pieces."""
    return option.flag.lstrip("-").replace("-", "_")


def flag_of(key: str) -> str:
    """The flag of an option of this name: --max-pieces."""
    return "--" + key.replace("_", "-")


def options_of(table: Iterable[Option]) -> Callable[[Any], Any]:
    """A decorator that adds every option of a table, in its order."""

    def add(command: Any) -> Any:
        for option in reversed(tuple(table)):
            command = click.option(option.flag, help=option.help, **option.holds)(command)
        return command

    return add


def given_of(options: Mapping[str, Any]) -> Given:
    """The options that were given: 0 was; an absent flag, and what has no value, were not."""
    return {name: value for name, value in options.items() if not (value is None or value is False or value == ())}


def choices_of(given: Given) -> Given:
    """The arguments of a plan among what was given.

    Raises:
        UsageError: the products are missing.
    """
    helps = {key_of(option): option.help for option in PLAN_OPTIONS}
    choices = {name: value for name, value in given.items() if name in helps}
    if "products" not in choices:
        raise click.UsageError(f"--products is missing: {helps['products']}")
    if choices["products"] == ANY:
        from benzotaper.product import ANY_DOSE  # noqa: PLC0415  only where it is asked

        choices["products"] = ANY_DOSE
    if "reduce" in choices:
        from benzotaper.dispensing.reduce import read_reduce_text  # noqa: PLC0415  only where it is asked

        choices["reduce"] = read_reduce_text(choices["reduce"])
    return choices


def plan_arguments(given: Given) -> Given:
    """The arguments of a plan with dates among what was given.

    Raises:
        UsageError: the products or the start are missing.
    """
    if "start" not in given:
        helps = {key_of(option): option.help for option in PLAN_OPTIONS}
        raise click.UsageError(f"--start is missing: {helps['start']}")
    return choices_of(given)


def check_outputs(paths: tuple[Path, ...], endings: Collection[str]) -> None:
    """Check the files to write before anything is planned."""
    for path in paths:
        if path.suffix.lower() not in endings:
            raise click.UsageError(f"-o {str(path)!r}: the ending must be one of {', '.join(endings)}")
        if os.path.isdir(path):  # noqa: PTH112  which, unlike Path.is_dir, never raises
            raise click.UsageError(f"-o {str(path)!r} is a folder; give the name of a file")
        if sum(place(other) == place(path) for other in paths) > 1:
            raise click.UsageError(f"-o {str(path)!r} is given twice; name each file once")
