"""Profiles of one's own: read from a file, and held against what the rules do with each threshold."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

from benzotaper.drugs import drug_named, drug_names
from benzotaper.equivalence import table_named
from benzotaper.errors import DataError, UnknownTableError, refuse_faults
from benzotaper.numbers import decimal_text
from benzotaper.observations import PLACES
from benzotaper.profiles import Profile, Threshold, default_threshold, default_threshold_names, read_profile
from benzotaper.rules.arms import compiled
from benzotaper.rules.functions import FUNCTIONS
from benzotaper.rules.nodes import Called, Limit, Node
from benzotaper.unknown import Unknown

LARGEST = 100_000
"""Beyond every number that a rule compares with: a slip."""


def load_profile(path: str | Path) -> Profile:
    """A profile of one's own, from a TOML file with one section: as those of the package, with its own thresholds only.

    Args:
        path: the file.

    Raises:
        DataError: the file cannot be read, has none or several profiles, or has faults; all of them are said.
    """
    file = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise DataError(f"{file} cannot be read: {error}", file=file, faults=(str(error),)) from error
    made, faults = read_profile(text, file=file)
    known = default_threshold_names()
    faults += [
        f"[{made.id}] {name}: {fault}"
        for name, own in made.thresholds.items()
        if name in known
        for fault in _faults_of(own, default_threshold(name))
    ]
    try:
        table_named(made.equivalence_table)
    except UnknownTableError as error:
        faults.append(f"[{made.id}] equivalence_table: {error}")
    refuse_faults(file, faults)
    return made


def _faults_of(own: Threshold, default: Threshold) -> Iterator[str]:
    """What no rule could work with."""
    if own.unit != default.unit:
        yield f"unit {own.unit!r} must be {default.unit!r}"
    if type(own.value) is not type(default.value):
        yield f"its value is of another type than the default {default.value!r}"
    elif isinstance(own.value, Fraction):
        yield from _faults_of_number(own.name, own.value, own.unit)
    elif isinstance(own.value, tuple):
        yield from _faults_of_list(own.value, default.value)


def _faults_of_number(name: str, value: Fraction, unit: str) -> Iterator[str]:
    shown = decimal_text(value)
    if abs(value) > LARGEST or (value * 10**PLACES).denominator != 1:
        yield f"{shown} is not a number of ordinary size with at most {PLACES} decimals"
    elif name in _whole_names() and (value.denominator != 1 or value < 1):
        yield f"{shown} must be a whole number, 1 or more"
    elif unit == "1" and value < 0:
        yield f"{shown} must be 0 or more: it is a share"


def _faults_of_list(values: tuple[object, ...], default: object) -> Iterator[str]:
    """Due times rise, in whole numbers; names are those of drugs or of enzymes."""
    numbers = [value for value in values if isinstance(value, Fraction)]
    if any(value.denominator != 1 or not 0 < value <= LARGEST for value in numbers):
        yield "its numbers must be whole, 1 or more"
    if any(later <= before for before, later in pairwise(numbers)):
        yield "its numbers must rise"
    names = [value for value in values if isinstance(value, str)]
    wanted = isinstance(default, tuple) and isinstance(default[0], str)
    if bool(names) is not wanted:
        yield f"its values are of another type than those of the default {default!r}"
        return
    known = drug_names() if wanted and default[0] in drug_names() else _enzymes()  # type: ignore[index]  # a tuple
    yield from (f"{name!r} is not one of {', '.join(known)}" for name in names if name not in known)


@cache
def _enzymes() -> tuple[str, ...]:
    """The enzymes that clear any drug of the data."""
    found = (drug_named(name).cyp for name in drug_names())
    return tuple(sorted({enzyme for cyp in found if not isinstance(cyp, Unknown) for enzyme in cyp}))


@cache
def _whole_names() -> frozenset[str]:
    """The thresholds that stand where a rule needs a whole number."""
    nodes = [node for arms in compiled().by_rule.values() for arm in arms for node in _all_nodes(arm.node)]
    return frozenset(
        arg.name
        for node in nodes
        if isinstance(node, Called)
        for takes, arg in zip(FUNCTIONS[node.function].takes, node.args, strict=False)
        if takes.rstrip("?") in ("whole", "window") and isinstance(arg, Limit)
    )


def _all_nodes(node: Node) -> Iterator[Node]:
    yield node
    for part in node.operands:
        yield from _all_nodes(part)
