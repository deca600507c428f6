"""Rewrites the outputs that README and docs show where they differ from what the library gives. Read the diff.

.venv/bin/python builders/refresh_examples.py [page ...]
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from page_examples import commands_and_output, difference, printed_by_command, printed_by_python  # noqa: E402

BLOCK = re.compile(r"^```(python|text|txt|console)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def refreshed(text: str, path: str) -> str:
    """The page with every output as it is now; outputs that already match, also with dots, stay as they are."""
    names: dict[str, object] = {}
    printed = ""

    def block(match: re.Match[str]) -> str:
        nonlocal printed
        kind, info, source = match.groups()
        if kind == "python":
            printed = printed_by_python(source, names, path)
        elif kind in ("text", "txt"):
            source = source if not difference(source, printed) else _stripped(printed)
        else:
            source = "\n".join(_command(line, shown) for line, shown in commands_and_output(source))
        return f"```{kind}{info}\n{source.rstrip()}\n```"

    return BLOCK.sub(block, text)


def _command(line: str, shown: str) -> str:
    printed = printed_by_command(line)
    return f"$ {line}\n{(_stripped(printed) if difference(shown, printed) else shown).rstrip()}\n".rstrip() + "\n"


def _stripped(text: str) -> str:
    return "\n".join(map(str.rstrip, text.strip("\n").splitlines())) + "\n"


if __name__ == "__main__":
    pages = [Path(name) for name in sys.argv[1:]] or [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    for page in pages:
        before = page.read_text(encoding="utf-8")
        after = refreshed(before, str(page))
        if after != before:
            page.write_text(after, encoding="utf-8")
            print(page)
