"""The commands that check: `audit` of anyone's schedule, `verify` of a plan.

Exit status 0: nothing was found; 1: something was; 2: the input is wrong.
"""

from pathlib import Path
from typing import Any

import click

import benzotaper as bt
from benzotaper.cli_options import as_json, print_json, text
from benzotaper.received.files import text_of

FOUND = 1
FILE = click.Path(path_type=Path, readable=False)


@click.command()
@click.argument("file", type=FILE)
@click.option("--drug", type=text, help="the drug, where the schedule does not name it")
@click.option("--products", type=text, help="region with a complete list, such as UK: can tablets make the doses?")
@click.option("--splitting", type=text, help="whole, scored, halves or quarters; needed with --products")
@click.option("--profile", type=text, help="rule profile by which the pace is judged too, such as asam-2025")
@click.option("--table", type=text, help="equivalence table for doses of several drugs, such as ashton-2002")
@as_json
@click.pass_context
def audit(context: click.Context, /, file: Path, *, as_json: bool, **options: Any) -> None:
    """Look for what is wrong in the schedule of FILE: CSV, or lines such as "week 1-2: 15 mg".

    Exit status 0: nothing was found; 1: something was; 2: wrong input.
    """
    found = bt.audit(file, **{name: value for name, value in options.items() if value is not None})
    print_json(found.to_dict()) if as_json else click.echo(found)
    context.exit(0 if found.ok else FOUND)


@click.command()
@click.argument("file", type=FILE)
@as_json
@click.pass_context
def verify(context: click.Context, /, file: Path, *, as_json: bool) -> None:
    """Check the plan of FILE (JSON) by code that did not make it, and print the certificate.

    Exit status 0: every check holds; 1: one fails; 2: wrong input.
    """
    certificate = bt.verify(text_of(file, what="a plan's JSON file"))
    print_json(certificate.to_dict()) if as_json else click.echo(certificate)
    context.exit(0 if certificate.ok else FOUND)


CHECKS = (audit, verify)
"""The commands, for the group."""
