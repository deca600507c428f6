"""What the commands share: how they read text and print JSON."""

import json

import click


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
