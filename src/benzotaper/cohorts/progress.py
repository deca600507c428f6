"""A progress bar where one is asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benzotaper.errors import PlanError


@contextmanager
def progress_bar(*, wanted: bool, people: int | None = None) -> Iterator[Callable[[int], object]]:
    """What is told of how many people more there is an answer.

    Args:
        wanted: whether to show it.
        people: how many there are, where that is known.

    Raises:
        PlanError: tqdm is not there.
    """
    if not wanted:
        yield unseen
        return
    try:
        from tqdm.auto import tqdm  # noqa: PLC0415  loaded only where it is asked for
    except ImportError as error:
        message = "progress=True needs tqdm: pip install benzotaper[progress], or leave it out"
        raise PlanError(message, value="progress") from error
    with tqdm(total=people, unit=" people") as bar:
        yield bar.update


def unseen(people: int) -> None:
    """Show nothing."""
