"""A profile's thresholds as the machines compare with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from benzotaper.entries import scaled
from benzotaper.profiles import Profile, Threshold, default_threshold_names
from benzotaper.rules.algebra import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Thresholds by name.

    Attributes:
        values: a number as a range of one value, a switch as a truth, names and due times as tuples.
        units: the unit of each.
    """

    values: Mapping[str, Any]
    units: Mapping[str, str]


def limits_of(profile: Profile) -> Limits:
    """The thresholds of a profile, or the defaults where it has none of its own.

    >>> from benzotaper.profiles import profile
    >>> limits_of(profile("uk")).values["pl08_applies"]
    2
    """
    found = {name: profile.threshold(name) for name in default_threshold_names()}
    return Limits(
        values={name: _value(threshold) for name, threshold in found.items()},
        units={name: threshold.unit for name, threshold in found.items()},
    )


def _value(threshold: Threshold) -> Any:
    value = threshold.value
    if isinstance(value, bool):
        return 2 * value
    if isinstance(value, Fraction):
        number = scaled(value)
        return Number(number, number, 1)
    return tuple(int(each) if isinstance(each, Fraction) else each for each in value)
