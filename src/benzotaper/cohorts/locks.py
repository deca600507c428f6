"""One run at a time for an output: a lock of the operating system, which ends with the process that holds it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import lock_descriptor

from benzotaper.cohorts.paths import unwritable
from benzotaper.errors import OutputError

OPEN_FILES_STAY = os.name == "nt"
"""Windows removes no file that is open."""


@contextmanager
def only_run(out: Path) -> Iterator[None]:
    """Be the only run that writes an output; what is beside it is then of this run, or of one that has ended.

    Args:
        out: the output, through links.

    Raises:
        OutputError: another run writes it, or no file can be made there.
    """
    path = out.with_name(f".{out.name}.lock")
    try:
        lock = _taken(path)
    except OSError as error:
        raise unwritable(out, error) from error
    if lock is None:
        message = f"{str(out)!r} is being written by another run; wait until that has ended, or name another output"
        raise OutputError(message, path=str(out))
    try:
        yield
    finally:
        if not OPEN_FILES_STAY:
            _remove(path)  # while it is locked: whoever opened it before finds it removed, and tries again
        os.close(lock)
        if OPEN_FILES_STAY:
            _remove(path)  # which fails where the next run has it already


def _taken(path: Path) -> int | None:
    """The lock file, open and locked; None where another process has locked it."""
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            free = lock_descriptor(lock, blocking=False)
            if free and _leads_to(path, lock):
                return lock
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)
        if not free:
            return None


def _leads_to(path: Path, lock: int) -> bool:
    """Whether the lock file is still in its place: the run before may have removed it before it was locked here."""
    try:
        return os.path.samestat(path.stat(), os.fstat(lock))
    except FileNotFoundError:
        return False


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
