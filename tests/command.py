"""Runs the command in this process, as a shell would: status, standard output and standard error."""

import contextlib
import io
import sys
from typing import NamedTuple
from unittest import mock

from benzotaper.cli import main

TAPER = ("taper", "diazepam 10 mg twice daily", "--phase", "percentage 10 % of current every 2 weeks")
GIVEN = ("--start", "2026-12-01", "--products", "UK", "--splitting", "halves")


class Ran(NamedTuple):
    """What a run left."""

    status: object
    out: str
    err: str


def run(*arguments: str) -> Ran:
    """Run ``benzotaper`` with these arguments."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["benzotaper", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            return Ran(end.code or 0, out.getvalue(), err.getvalue())
    return Ran(0, out.getvalue(), err.getvalue())
