"""What is wrong with a caller's table as a whole: no frame at all, or columns that are missing or stand twice."""

from collections.abc import Iterable, Sequence

import pandas as pd

from benzotaper.errors import refuse_faults

MOST_NAMED = 20
"""How many of the columns that were found are named."""
OTHER_MARKS = {";": "semicolons", "\t": "tabs"}
"""What else stands between cells in files that people take for CSV."""


def refuse_no_frame(df: object) -> None:
    """Refuse what is no pandas DataFrame.

    Raises:
        DataError: with the type, and how to convert it.

    >>> refuse_no_frame(pd.DataFrame())
    """
    if isinstance(df, pd.DataFrame):
        return
    kind = type(df)
    name = str(df) if df is None else f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    # polars and Arrow have this; what has it not is named all the same
    how = "convert it with .to_pandas()" if hasattr(df, "to_pandas") else "give a frame, such as pandas.DataFrame(...)"
    refuse_faults("frame", [f"{name} is no pandas DataFrame; {how}"])


def refuse_columns(df: pd.DataFrame, needed: Iterable[str], *, added: Iterable[str] = ()) -> None:
    """Refuse a frame that lacks a column, has one twice, or has one that is to be added.

    Raises:
        DataError: with every fault.

    >>> refuse_columns(pd.DataFrame({"id": [1]}), ["id"])
    """
    refuse_no_frame(df)
    present = list(df.columns)
    there = [f"column {name!r} is already there; rename it" for name in added if name in present]
    refuse_faults("frame", column_faults(present, needed) + there)


def column_faults(present: Sequence[object], needed: Iterable[str]) -> list[str]:
    """The columns that are missing, with what was found instead, and those that stand more than once.

    Args:
        present: the names of the columns that are there.
        needed: the names of those that must be there once.

    >>> column_faults(["ID", "drug"], ["id", "drug"])
    ["column 'id' is missing; found: 'ID', 'drug'; rename 'ID' to 'id'"]
    """
    counts = {name: present.count(name) for name in dict.fromkeys(needed)}
    faults = [f"column {name!r} stands {_times(count)}; keep one" for name, count in counts.items() if count > 1]
    missing = [name for name, count in counts.items() if not count]
    return [*faults, "; ".join([_missing(missing), _found(present), *_hints(present, missing)])] if missing else faults


def _times(count: int) -> str:
    return {2: "twice"}.get(count, f"{count} times")


def _missing(names: Sequence[str]) -> str:
    listed = ", ".join(map(repr, names))
    return f"columns {listed} are missing" if len(names) > 1 else f"column {listed} is missing"


def _found(present: Sequence[object]) -> str:
    more = f" and {len(present) - MOST_NAMED} more" if len(present) > MOST_NAMED else ""
    return f"found: {', '.join(map(repr, present[:MOST_NAMED]))}{more}" if present else "there is no column at all"


def _hints(present: Sequence[object], missing: Sequence[str]) -> list[str]:
    """What to do, where it is plain what happened."""
    marks = [words for mark, words in OTHER_MARKS.items() if len(present) == 1 and mark in str(present[0])]
    alike = [
        (name, wanted) for wanted in missing for name in present if str(name).strip().casefold() == wanted.casefold()
    ]
    return [
        *(f"the cells stand between {words}; put commas between them" for words in marks),
        *(f"rename {name!r} to {wanted!r}" for name, wanted in alike if wanted),
    ]
