"""The value of a fact that is not known: a type of its own, never None, 0 or False."""

from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True, slots=True)
class Unknown:
    """What stands where a fact is missing.

    Attributes:
        reason: why it is unknown, in words.

    >>> Unknown("not captured")
    Unknown(reason='not captured')
    """

    reason: str

    def __bool__(self) -> NoReturn:
        msg = f"this value is unknown ({self.reason}); ask isinstance(value, Unknown) instead of using it as yes or no"
        raise TypeError(msg)
