"""The rule set as a whole: its version, and the day after which it is to be looked at again."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from benzotaper import datafiles

FILE = "ruleset.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """Rules, conditions, facts and thresholds of one date.

    Attributes:
        version: such as "2026.1".
        date: of the version.
        expires: its last day; past it a review still runs, and says so.
        note: who says so.
    """

    version: str
    date: dt.date
    expires: dt.date
    note: str

    def expired_on(self, day: dt.date) -> bool:
        """Whether a day lies past its last one."""
        return day > self.expires


@cache
def ruleset() -> Ruleset:
    """The rule set of the package.

    >>> ruleset().version
    '2026.1'
    """
    import tomllib  # noqa: PLC0415  a plan without a review does not need it

    found = tomllib.loads(datafiles.shipped(FILE))
    return Ruleset(version=found["version"], date=found["date"], expires=found["expires"], note=found["note"])
