"""The finished chunks of an unfinished output: a folder beside it, from which the same command goes on.

Every file appears whole or not at all; the output itself is replaced at the very end, in one move.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benzotaper.cohorts.paths import unwritable
from benzotaper.whole_files import write_files

ASKED, SAME = "asked.json", "asked"


@dataclass(frozen=True, slots=True)
class Parts:
    """A folder of finished chunks.

    Attributes:
        out: the output that they are for.
        asked: all that decides what is in them.
    """

    out: Path
    asked: str

    @property
    def folder(self) -> Path:
        """Where they are."""
        return self.out.with_name(f".{self.out.name}.parts")

    def path(self, kind: str, number: int, suffix: str) -> Path:
        """The file of a chunk."""
        return self.folder / f"{kind}-{number:06d}{suffix}"

    def write(self, path: Path, write: Callable[[Path], object]) -> None:
        """Let a file in the folder be written."""
        write_files({path: write}, refused=lambda _, error: unwritable(self.out, error))

    def finish(self, number: int, facts: Mapping[str, object]) -> None:
        """Note that a chunk is finished, what was asked, and the facts of it."""
        text = json.dumps({**facts, SAME: self._digest})
        self.write(self.path("done", number, ".json"), lambda path: path.write_text(text, encoding="utf-8"))

    def finished(self, number: int, *files: Path) -> dict[str, Any] | None:
        """The facts of a finished chunk; None where a file of it is not there, or it was made for another question."""
        try:
            facts: dict[str, Any] = json.loads(self.path("done", number, ".json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        whole = facts.pop(SAME, "") == self._digest and all(file.is_file() for file in files)
        return facts if whole else None

    def remove(self) -> None:
        """Remove them all; first what says of which question they are, so that half of them are never taken."""
        with suppress(OSError):
            (self.folder / ASKED).unlink()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _digest(self) -> str:
        return hashlib.sha256(self.asked.encode()).hexdigest()


def parts_of(out: Path, asked: Mapping[str, object]) -> Parts:
    """The chunks that were finished when the same was asked before; those of another question are removed.

    Args:
        out: the output that they are for.
        asked: all that decides what is in them.
    """
    text = json.dumps(asked, sort_keys=True, indent=1, default=str)
    parts = Parts(out, text)
    known = ""
    with suppress(OSError):
        known = (parts.folder / ASKED).read_text(encoding="utf-8")
    if known != text:
        parts.remove()
        parts.folder.mkdir(mode=0o700, exist_ok=True)  # the output may be for some eyes only
        parts.write(parts.folder / ASKED, lambda path: path.write_text(text, encoding="utf-8"))
    return parts


def identity(path: Path) -> dict[str, object]:
    """What tells whether a file is still the same: size, time of change, and a digest of its beginning."""
    stat = path.stat()
    with path.open("rb") as file:
        start = hashlib.sha256(file.read(1 << 20)).hexdigest()
    return {"size": stat.st_size, "changed": stat.st_mtime_ns, "begins": start}
