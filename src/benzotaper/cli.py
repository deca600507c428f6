"""The command line: conversions, tables, products and plans. It only reads options and prints; it decides nothing.

A mistake gives exit status 2 and one line on stderr, and no file. Files appear whole, or not at all.
"""

import inspect
import io
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from fractions import Fraction
from operator import methodcaller
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import benzotaper as bt
from benzotaper.cli_checks import CHECKS
from benzotaper.cli_cohort import cohort
from benzotaper.cli_compare import COMPARE
from benzotaper.cli_options import (
    FLAG,
    MANY,
    NUMBER,
    PATH,
    PLAN_OPTIONS,
    Given,
    Option,
    as_json,
    check_outputs,
    flag_of,
    given_of,
    key_of,
    options_of,
    plan_arguments,
    print_json,
    text,
)
from benzotaper.cli_review import REVIEWS
from benzotaper.errors import BenzotaperError
from benzotaper.numbers import number_text
from benzotaper.unknown import Unknown
from benzotaper.version import VERSION
from benzotaper.whole_files import write_whole

if TYPE_CHECKING:
    from benzotaper.schedules.base import Strategy

WRONG, INTERRUPTED = 2, 130
PHASE_OPTIONS = (
    Option("--phase", "a strategy as text: 'linear 2 mg every 2 weeks' (may be repeated: in turn)", MANY),
    Option("--strategy", "name of one strategy, with its own options instead"),
)
STRATEGY_OPTIONS = (
    Option("--step", "the fall: a dose, or % of start"),
    Option("--steps", "number of equal falls", NUMBER),
    Option("--cut", "share of the present dose, such as '10 %'"),
    Option("--of", "what the percentage is of: current"),
    Option("--every", "time between changes, such as '2 weeks'"),
    Option("--down-to", "where it ends: a dose, or % of start"),
    Option("--low-days", "low days a week in turn, such as '2 4 7', or 'every other day'"),
    Option("--zero-days", "the low dose may be nothing at all", FLAG),
    Option("--to", "drug that enters"),
    Option("--order", "times of day in turn, such as 'night morning'"),
    Option("--portions", "parts in which one dose crosses over", NUMBER),
    Option("--hold", "how long to hold, such as '6 weeks'"),
    Option("--at-once", "everything crosses over on the first day", FLAG),
    Option("--half-occupancy", "dose a day at 50 % occupancy, or a preset"),
    Option("--points", "largest fall of occupancy a step, such as '5 %'"),
    Option("--at", "dose or % of start to hold at (may be repeated), or 'every step'", MANY),
    Option("--gated", "a hold ends only by a cleared review", FLAG),
    Option("--inner", "text of the strategy within hold-and-step"),
)
WRITERS = {".html": methodcaller("to_html"), ".csv": methodcaller("to_csv"), ".json": methodcaller("to_json")}
"""What `-o` writes, by the ending of the file's name."""


HELP = {key_of(option): option.help for option in STRATEGY_OPTIONS + PLAN_OPTIONS}


@click.group(invoke_without_command=True, subcommand_metavar="COMMAND [ARGS]...")
@click.version_option(VERSION, prog_name="benzotaper", message="%(prog)s %(version)s")
@click.pass_context
def commands(context: click.Context) -> None:
    """Work out how a person comes off a benzodiazepine or z-drug, in doses that real tablets can make.

    It proposes; a named prescriber decides.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


# ---- convert, tables, products


@commands.command()
@click.argument("dose", type=text)
@click.option("--to", required=True, type=text, help="drug to convert to")
@click.option("--table", type=text, help="one table; all default tables side by side when left out")
@click.option("--pick", type=text, help="low, midpoint or high: one dose, where the table gives a range")
@as_json
def convert(dose: str, *, as_json: bool, to: str, table: str | None, pick: str | None) -> None:
    """Convert DOSE, such as "alprazolam 1 mg", to another drug."""
    if pick and not table:
        raise click.UsageError("--pick needs --table: one dose comes from one named table")
    if not table:
        spread = bt.compare_equivalents(dose, to=to)
        print_json(spread.to_dict()) if as_json else click.echo(spread)
        return
    found = bt.convert(dose, to=to, table=table)
    picked = found.pick(pick) if pick else None
    if as_json:
        print_json(found.to_dict() | ({"pick": pick, "picked_mg": _plain(picked.mg)} if picked else {}))
    else:
        click.echo(f"{found}\n{pick}: {picked} of {found.to}" if picked else found)


@commands.command()
@click.argument("drug", required=False, type=text)
@as_json
def tables(drug: str | None, *, as_json: bool) -> None:
    """List the equivalence tables; with DRUG those that have it, and the doses that each says are equal."""
    found = bt.tables_for(drug) if drug else bt.tables()
    rows = [_row(table, TABLE_KEYS) for table in found]
    if drug:
        name = bt.drug_named(drug).name
        rows = [row | _row(table.row(name), DOSE_KEYS) for row, table in zip(rows, found, strict=True)]
    if as_json:
        print_json(rows)
    else:
        _print_table(["id", "region", "complete", "shown_by_default", *(DOSE_KEYS if drug else ()), "title"], rows)


@commands.command()
@click.argument("drug", type=text)
@click.option("--region", required=True, type=text, help="such as UK")
@click.option("--form", "forms", multiple=True, type=text, help="such as tablet (may be repeated); all when left out")
@as_json
def products(drug: str, *, as_json: bool, region: str, forms: tuple[str, ...]) -> None:
    """List the products of DRUG in a region, those taken by name only too."""
    found = bt.products(drug, region=region, **({"forms": forms} if forms else {}))
    rows = [_row(product, PRODUCT_KEYS) for product in found]
    if as_json:
        print_json(rows)
    elif rows:
        _print_table(("label", "name", "release", "split_ok", "offered"), rows)
    else:
        click.echo("none captured, which does not mean none marketed")


# ---- taper


@commands.command()
@click.argument("regimen", type=text)
@options_of((*PHASE_OPTIONS, *STRATEGY_OPTIONS, *PLAN_OPTIONS))
@click.option("-o", "outputs", multiple=True, type=PATH, help="file to write: .html, .csv or .json (may be repeated)")
@as_json
def taper(regimen: str, *, as_json: bool, outputs: tuple[Path, ...], **options: Any) -> None:
    """Plan a taper of REGIMEN, such as "diazepam 10 mg twice daily": what is really taken now."""
    given = given_of(options)
    check_outputs(outputs, WRITERS)
    strategy = _phases(given)
    arguments = plan_arguments(given)
    if "+" not in regimen:
        arguments.pop("pick", None)  # it is then the cross-over's
    plan = bt.taper(regimen, strategy, **arguments)
    write_whole({path: WRITERS[path.suffix.lower()](plan) for path in outputs})
    click.echo(plan.to_json() if as_json else plan.to_text(), nl=False)


def _phases(given: Given) -> "Strategy | tuple[str, ...]":
    """The phases as text, or one strategy from its own options."""
    own = {key: given[key] for key in map(key_of, STRATEGY_OPTIONS) if key in given}
    if ("strategy" in given) == ("phase" in given):
        raise click.UsageError("give --strategy with its options, or --phase once or several times; one of them")
    if "strategy" in given:
        return _strategy(given["strategy"], own, {key: given[key] for key in ("table", "pick") if key in given})
    if own:
        raise click.UsageError(f"{flag_of(min(own))} cannot stand beside --phase: write it into the text of the phase")
    return tuple(given["phase"])


def _strategy(name: str, own: Given, shared: Given) -> "Strategy":
    """The strategy of this name; its constructor says which options it takes and which it needs."""
    kind = bt.STRATEGIES[name] if name in bt.STRATEGIES else type(bt.strategy(name))  # which refuses it, by name
    takes = inspect.signature(kind).parameters
    for key in own:
        if key not in takes:
            raise click.UsageError(f"{name} takes no {flag_of(key)}; it takes {', '.join(map(flag_of, takes))}")
    given = own | {key: value for key, value in shared.items() if key in takes}
    for key, taken in takes.items():
        if taken.default is taken.empty and key not in given:
            raise click.UsageError(f"the strategy {name} needs {flag_of(key)}: {HELP[key]}")
    chosen: Strategy = kind(**{key: READERS[key](value) if key in READERS else value for key, value in given.items()})
    return chosen


def _low_days(words: str) -> str | tuple[int, ...]:
    days = words.replace(",", " ").split()
    return tuple(map(int, days)) if all(day.isdecimal() for day in days) else words


READERS: Mapping[str, Callable[[Any], Any]] = {
    "low_days": _low_days,
    "order": lambda words: words.replace(",", " ").split(),
    "at": lambda many: many[0] if len(many) == 1 else many,
    "inner": lambda words: bt.strategy(words),  # noqa: PLW0108  the strategies load when one is asked for
}
"""What is made of an option's text before the strategy reads it."""


for command in (*CHECKS, *COMPARE, *REVIEWS, cohort):
    commands.add_command(command)


# ---- printing


TABLE_KEYS = (
    *("id", "title", "publisher", "year", "region", "tier", "grade"),
    *("complete", "shown_by_default", "url", "note"),
)
DOSE_KEYS = ("low_mg", "high_mg", "diazepam_mg")
PRODUCT_KEYS = (
    *("drug", "region", "name", "form", "release", "label", "strength_mg", "unit", "split_ok", "offered"),
    *("source_ids", "note"),
)


def _row(record: object, keys: Iterable[str]) -> Given:
    return {key: _plain(getattr(record, key)) for key in keys}


def _plain(value: Any) -> Any:
    """A value as JSON has it: exact numbers as text, as in plan JSON; what is unknown with its reason."""
    if isinstance(value, Unknown):
        return {"unknown": value.reason}
    return number_text(value) if isinstance(value, Fraction) else value


def _print_table(keys: Iterable[str], rows: Iterable[Given]) -> None:
    """Columns under their keys."""
    lines = [[key.replace("_", " ") for key in keys], *([_cell(row[key]) for key in keys] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(map(str.ljust, line, widths)).rstrip())


def _cell(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


# ---- the entry point


def main() -> None:
    """Run the command; exit with 0, 2 where the input or a file is wrong, or 130 where it was interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        sys.exit(commands.main(prog_name="benzotaper", standalone_mode=False))
    except click.ClickException as error:
        _fail(error.format_message())
    except BenzotaperError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"the output cannot be written: {error.strerror}")
    except (click.Abort, KeyboardInterrupt):
        with suppress(OSError):
            click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)


def _fail(message: str) -> None:
    """Say it in one line, and exit."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in message).split())
    click.echo(f"benzotaper: {shown[:1].lower()}{shown[1:]}", err=True)
    sys.exit(WRONG)
