"""Reads a text file, or says why it is none."""

from pathlib import Path

from benzotaper.errors import ScheduleError

LARGEST_BYTES = 20_000_000  # far above any schedule or plan
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def text_of(path: Path, *, what: str = "a CSV or text file") -> str:
    """The text of a file.

    Args:
        path: where it is.
        what: what it should be, for the error.

    Raises:
        ScheduleError: no such file, no text, or not UTF-8.
    """
    shown = repr(str(path))
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise ScheduleError(f"{shown} is larger than any schedule; give the path of {what}", value=str(path))
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        why = str(getattr(error, "strerror", None) or error).lower()
        raise ScheduleError(f"{shown} cannot be read: {why}; give the path of {what}", value=str(path)) from error
    if b"\0" in data and data[:2] not in UTF_16:
        raise ScheduleError(f"{shown} is no text file; give the path of {what}", value=str(path))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{shown} is not in UTF-8; save it again with the encoding UTF-8"
        raise ScheduleError(message, value=str(path)) from error
