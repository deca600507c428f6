"""Changes of a JSON document, for the tests of those who read one."""

from collections.abc import Callable
from typing import Any

Document = dict[str, Any]


def set_(*path: str | int, to: object) -> Callable[[Document], None]:
    """A change of one value."""

    def change(content: Any) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = to

    return change


def drop(*path: str | int) -> Callable[[Document], None]:
    """A value left out."""

    def change(content: Any) -> None:
        for key in path[:-1]:
            content = content[key]
        del content[path[-1]]

    return change
