"""Writes files that appear whole or not at all."""

import errno
import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from benzotaper.errors import OutputError


def write_whole(texts: Mapping[Path, str]) -> None:
    """Write every file or none: first beside their places, then into them; a link stays a link.

    Args:
        texts: what to write, by path.

    Raises:
        OutputError: a file cannot be written; files that were there are as they were.
    """
    ready = {path: place(path).with_name(f".benzotaper-{secrets.token_hex(8)}.tmp") for path in texts}
    path = Path()
    try:
        for path, text in texts.items():
            _write_new(ready[path], text, like=place(path))
        for path in texts:
            ready[path].replace(place(path))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        message = f"-o {str(path)!r} cannot be written: {why}; name a file in a folder that is there and is writable"
        raise OutputError(message, path=str(path)) from error
    finally:
        for made in ready.values():
            with suppress(OSError):  # renamed, or never made
                made.unlink()


def place(path: Path) -> Path:
    """Where a path leads, through links."""
    return Path(os.path.realpath(path))


def _write_new(path: Path, text: str, *, like: Path) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    if like.exists():
        if not os.access(like, os.W_OK):
            raise PermissionError(errno.EACCES, "the file there is read-only")
        shutil.copymode(like, path)
