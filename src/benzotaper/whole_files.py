"""Writes files that appear whole or not at all."""

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from benzotaper.errors import OutputError


def write_whole(texts: Mapping[Path, str]) -> None:
    """Write every text into its file, or none, as `write_files`.

    Args:
        texts: what to write, by path.

    Raises:
        OutputError: a file cannot be written; files that were there are as they were.
    """
    write_files({path: partial(_write_text, text=text) for path, text in texts.items()}, refused=_refused)


def _any_name(path: Path) -> Path:
    """A name that no other process chooses."""
    return path.with_name(f".benzotaper-{secrets.token_hex(8)}.tmp")


def write_files(
    writers: Mapping[Path, Callable[[Path], object]],
    *,
    refused: Callable[[Path, OSError], OutputError],
    beside: Callable[[Path], Path] = _any_name,
) -> None:
    """Let every file be written, or none: first beside their places, then moved into them.

    A link stays a link, a file keeps its mode, and one that is read-only stays.

    Args:
        writers: what writes each file, given where.
        refused: what to raise where this one cannot be written.
        beside: the name of a file until it is whole; one that is left over there is replaced.

    Raises:
        OutputError: a file cannot be written; files that were there are as they were.
    """
    ready = {path: beside(place(path)) for path in writers}
    path = Path()
    try:
        for path, write in writers.items():
            _make(ready[path], like=place(path))
            write(ready[path])
            _to_disk(ready[path])
        for path in writers:
            ready[path].replace(place(path))
    except OSError as error:
        raise refused(path, error) from error
    finally:
        for made in ready.values():
            with suppress(OSError):  # moved, or never made
                made.unlink()


def place(path: Path) -> Path:
    """Where a path leads, through links."""
    return Path(os.path.realpath(path))


def refuse_read_only(path: Path) -> None:
    """Refuse a file that its owner has made read-only, also where the user might write it all the same.

    Raises:
        PermissionError: it is there, and is read-only.
    """
    writable = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    if path.exists() and not (path.stat().st_mode & writable and os.access(path, os.W_OK)):
        raise PermissionError(errno.EACCES, "the file there is read-only")


def _make(path: Path, *, like: Path) -> None:
    """An empty file with the mode of another, before anything is in it that only some may read."""
    refuse_read_only(like)
    path.unlink(missing_ok=True)
    path.touch(exist_ok=False)
    if like.exists():
        shutil.copymode(like, path)


def _to_disk(path: Path) -> None:
    """Wait until the file is on the disk, so that a move never comes before its content."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _refused(path: Path, error: OSError) -> OutputError:
    why = (error.strerror or str(error)).lower()
    message = f"-o {str(path)!r} cannot be written: {why}; name a file in a folder that is there and is writable"
    return OutputError(message, path=str(path))
