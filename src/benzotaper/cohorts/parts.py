"""The finished chunks of an unfinished output: a folder beside it, from which the same command goes on.

Every file appears whole or not at all; the output itself is replaced at the very end, in one move.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ASKED = "asked.json"


@dataclass(frozen=True, slots=True)
class Parts:
    """A folder of finished chunks.

    Attributes:
        folder: where they are.
    """

    folder: Path

    def path(self, kind: str, number: int, suffix: str) -> Path:
        """The file of a chunk."""
        return self.folder / f"{kind}-{number:06d}{suffix}"

    def remove(self) -> None:
        """Remove them all."""
        shutil.rmtree(self.folder, ignore_errors=True)


def parts_of(out: Path, asked: Mapping[str, object]) -> Parts:
    """The chunks that were finished when the same was asked before; those of another question are removed.

    Args:
        out: the output that they are for.
        asked: all that decides what is in them.
    """
    parts = Parts(out.with_name(f".{out.name}.parts"))
    text = json.dumps(asked, sort_keys=True, indent=1, default=str)
    known = ""
    with suppress(OSError):
        known = (parts.folder / ASKED).read_text(encoding="utf-8")
    if known != text:
        parts.remove()
        parts.folder.mkdir(exist_ok=True)
        written(parts.folder / ASKED, lambda path: path.write_text(text, encoding="utf-8"))
    return parts


def written(path: Path, write: Callable[[Path], object]) -> None:
    """Let a file be written beside its place, and then moved there."""
    ready = path.with_name(f".{path.stem}.{os.getpid()}.new{path.suffix}")
    try:
        write(ready)
        _to_disk(ready)
        ready.replace(path)
    finally:
        with suppress(OSError):  # moved, or never made
            ready.unlink()


def _to_disk(path: Path) -> None:
    """Wait until the file is on the disk, so that a move never comes before its content."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def identity(path: Path) -> dict[str, object]:
    """What tells whether a file is still the same: size, time of change, and a digest of its beginning."""
    stat = path.stat()
    with path.open("rb") as file:
        start = hashlib.sha256(file.read(1 << 20)).hexdigest()
    return {"size": stat.st_size, "changed": stat.st_mtime_ns, "begins": start}
