"""Runs the examples of pages: what a page shows is what the library gives.

A `python` block is run. A `text` block, or `txt` where its lines wrap, is what the `python` block before it printed. A
`console` block holds commands after `$` (long ones go on after a backslash) and what they print. A line of dots stands
for lines left out.
"""

import contextlib
import doctest
import io
import os
import shlex
import sys
import tempfile
from collections.abc import Iterable, Iterator
from unittest import mock

from sybil import Example
from sybil.parsers.markdown import CodeBlockParser

from benzotaper.cli import main

HIDDEN = ('python exec="on"', 'python exec="on" html="on"')
"""Blocks whose output, not whose code, is on the built page."""


def printed_by_python(source: str, names: dict[str, object], path: str) -> str:
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        contextlib.redirect_stdout(io.StringIO()) as out,
    ):
        exec(compile(source, path, "exec", dont_inherit=True), names)  # noqa: S102  it is an example of ours
    return out.getvalue()


def printed_by_command(line: str) -> str:
    """What a command prints, on both streams, in an empty folder."""
    both, words = io.StringIO(), shlex.split(line.replace("\\\n", " "))
    assert words[0] == "benzotaper", f"only benzotaper is run here, not {words[0]}"
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        mock.patch.object(sys, "argv", words),
        mock.patch.dict(os.environ, COLUMNS="80"),
        contextlib.redirect_stdout(both),
        contextlib.redirect_stderr(both),
        contextlib.suppress(SystemExit),
    ):
        main()
    return both.getvalue()


def commands_and_output(block: str) -> Iterator[tuple[str, str]]:
    assert block.startswith("$ "), "a console block begins with a command"
    for part in f"\n{block}".split("\n$ ")[1:]:
        lines = part.split("\n")
        last = next(i for i, line in enumerate(lines) if not line.endswith("\\"))
        yield "\n".join(lines[: last + 1]), "\n".join(lines[last + 1 :])


def difference(want: str, got: str) -> str:
    """Nothing where the output is as shown."""
    want, got = ("\n".join(map(str.rstrip, text.strip().splitlines())) + "\n" for text in (want, got))
    checker, flags = doctest.OutputChecker(), doctest.ELLIPSIS | doctest.REPORT_NDIFF
    if checker.check_output(want, got, flags):
        return ""
    return checker.output_difference(doctest.Example("", want), got, flags)


def run_python(example: Example) -> None:
    example.namespace["printed"] = printed_by_python(example.parsed, example.namespace, example.path)


def check_text(example: Example) -> str:
    return difference(example.parsed, example.namespace["printed"])


def check_console(example: Example) -> str:
    found = (difference(want, printed_by_command(line)) for line, want in commands_and_output(example.parsed))
    return "".join(found)


def page_parsers() -> Iterable[CodeBlockParser]:
    for python in ("python", *HIDDEN):
        yield CodeBlockParser(python, run_python)
    yield CodeBlockParser("text", check_text)
    yield CodeBlockParser("txt", check_text)
    yield CodeBlockParser("console", check_console)
