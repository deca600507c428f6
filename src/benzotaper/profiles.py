"""The thresholds of the rules, as one guideline or another has them.

No profile is chosen for anyone: the caller names one. What it has of its own goes before the defaults; where
no source gives a number, the default is the project's and says so (`Threshold.is_ours`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Any, TypeAlias

from benzotaper import datafiles
from benzotaper.errors import DataError, look_up, refuse_faults

Value: TypeAlias = bool | Fraction | tuple[str, ...] | tuple[Fraction, ...]

FILE = "profiles.toml"
DEFAULT = "default"
ORIGINS = ("guideline", "label", "instrument", "standard", "mixed", "house")
_SAID_OF_PROFILE = ("title", "source_id", "date", "equivalence_table")
_SAID_OF_THRESHOLD = ("unit", "origin", "source_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One number, switch or list that rules compare with.

    Attributes:
        name: such as "pl03_min_interval_d".
        value: an exact number, True or False, names, or several numbers.
        unit: UCUM unit of the value; "" for switches and names, "1" for fractions.
        origin: who gives the number: "guideline", "label", "instrument", "standard"; "mixed" (a source gives a
            number or band, the project its use); "house" (no source gives it).
        source_id: the source of the number; for "house" that of the rule.
        note: what else is to be known; may be empty.
    """

    name: str
    value: Value
    unit: str
    origin: str
    source_id: str
    note: str

    @property
    def is_ours(self) -> bool:
        """Whether no source gives the value: "project default, confirm"."""
        return self.origin == "house"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one guideline says.

    Attributes:
        id: such as "asam-2025".
        title: the guideline.
        source_id: its source.
        date: of the guideline, as exact as the source is, as text.
        equivalence_table: id of the equivalence table that it goes with.
        thresholds: its own, by name; `threshold` also finds the defaults.
    """

    id: str
    title: str
    source_id: str
    date: str
    equivalence_table: str
    thresholds: Mapping[str, Threshold] = field(hash=False)

    def threshold(self, name: str) -> Threshold:
        """The profile's own threshold, or else the default.

        Raises:
            UnknownIdError: no threshold of that name.

        >>> profile("uk").threshold("pl03_min_interval_d").value
        Fraction(7, 1)
        """
        return self.thresholds.get(name) or default_threshold(name)


def profile(profile_id: str) -> Profile:
    """The profile that has this id.

    Raises:
        UnknownIdError: no such profile, or "default", which cannot be chosen.

    >>> profile("asam-2025").equivalence_table
    'vadod-2021'
    """
    return look_up(profile_id, _shipped()[1], kind="profile", where="bt.profile_ids()")


def profile_ids() -> tuple[str, ...]:
    """The ids of all profiles that can be chosen.

    >>> profile_ids()
    ('asam-2025', 'uk', 'germany', 'scotland', 'australia')
    """
    return tuple(_shipped()[1])


def default_threshold(name: str) -> Threshold:
    """The threshold that holds where a profile has none of its own.

    Raises:
        UnknownIdError: no threshold of that name.

    >>> default_threshold("pl01_max_fraction_14_d").value
    Fraction(1, 4)
    """
    return look_up(name, _shipped()[0], kind="threshold", where=FILE)


def default_threshold_names() -> tuple[str, ...]:
    """The names of all thresholds.

    >>> len(default_threshold_names())
    144
    """
    return tuple(_shipped()[0])


def threshold_for(name: str, *, profile_id: str) -> Threshold:
    """The threshold that judges: the named profile's, or the default one where none is named ("").

    Raises:
        UnknownIdError: no threshold or no profile of that name.

    >>> threshold_for("pl03_min_interval_d", profile_id="uk").value
    Fraction(7, 1)
    """
    return profile(profile_id).threshold(name) if profile_id else default_threshold(name)


def number_for(name: str, *, profile_id: str) -> Fraction:
    """The value of a numeric threshold; see `threshold_for`.

    >>> number_for("pl01_max_fraction_14_d", profile_id="")
    Fraction(1, 4)
    """
    value = threshold_for(name, profile_id=profile_id).value
    assert isinstance(value, Fraction)  # noqa: S101  the callers name numbers only
    return value


@cache
def _shipped() -> tuple[Mapping[str, Threshold], Mapping[str, Profile]]:
    return read_profiles(datafiles.shipped(FILE))


def read_profiles(text: str) -> tuple[Mapping[str, Threshold], Mapping[str, Profile]]:
    """The default thresholds by name, and the profiles by id, of a TOML text.

    Raises:
        DataError: no TOML, or with every fault: the profile, the threshold and what is wrong.
    """
    sections = _sections(text, file=FILE)
    faults: list[str] = []
    defaults = _thresholds(sections.pop(DEFAULT, {}), f"[{DEFAULT}]", faults)
    profiles = {name: _profile(name, section, defaults, faults) for name, section in sections.items()}
    refuse_faults(FILE, faults)
    return MappingProxyType(defaults), MappingProxyType(profiles)


def read_profile(text: str, *, file: str) -> tuple[Profile, list[str]]:
    """One profile of one's own in a TOML text, and all its faults.

    Raises:
        DataError: it is no TOML, or has no profile or several.
    """
    sections = _sections(text, file=file)
    section = next(iter(sections.values()), None)
    if len(sections) != 1 or not isinstance(section, dict):
        faults = [f"it has {len(sections)} sections; it needs one, named as the profile, such as [my-clinic]"]
        refuse_faults(file, faults)
    profile_id, own = next(iter(sections.items()))
    found: list[str] = []
    if profile_id == DEFAULT or profile_id in profile_ids():
        found.append(f"[{profile_id}] is a name of the package; give the profile one of its own")
    entries = own.get("thresholds", {})
    if not isinstance(entries, dict) or not all(isinstance(entry, dict) for entry in entries.values()):
        found.append(f"[{profile_id}] thresholds: each is a section with {', '.join(('value', *_SAID_OF_THRESHOLD))}")
        names = [name for name in entries if not isinstance(entries[name], dict)] if isinstance(entries, dict) else []
        found += [f"[{profile_id}] {name}: it is no section" for name in names]
        refuse_faults(file, found)
    return _profile(profile_id, own, _shipped()[0], found), found


def _sections(text: str, *, file: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415  a plan without rules does not need it: import stays light

    try:
        return tomllib.loads(text, parse_float=Fraction)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file} cannot be read: {error}", file=file, faults=(str(error),)) from error


def _profile(profile_id: str, section: dict[str, Any], defaults: Mapping[str, Threshold], faults: list[str]) -> Profile:
    where = f"[{profile_id}]"
    said = _texts(section, _SAID_OF_PROFILE, where, faults)
    own = _thresholds(section, where, faults)
    faults += [f"{where} {name}: no default has this name" for name in own if name not in defaults]
    return Profile(id=profile_id, thresholds=MappingProxyType(own), **said)


def _thresholds(section: dict[str, Any], where: str, faults: list[str]) -> dict[str, Threshold]:
    return {name: _threshold(name, entry, where, faults) for name, entry in section.get("thresholds", {}).items()}


def _threshold(name: str, entry: dict[str, Any], where: str, faults: list[str]) -> Threshold:
    place = f"{where} {name}"
    said = _texts(entry, _SAID_OF_THRESHOLD, place, faults)
    if said["origin"] not in ORIGINS:
        faults.append(f"{place}: origin {said['origin']!r} is not one of {', '.join(ORIGINS)}")
    faults += [f"{place}: {key!r} is not known" for key in entry if key not in ("value", "note", *_SAID_OF_THRESHOLD)]
    return Threshold(
        name=name, value=_value(entry.get("value"), place, faults), note=str(entry.get("note", "")), **said
    )


def _texts(entry: dict[str, Any], keys: tuple[str, ...], place: str, faults: list[str]) -> dict[str, str]:
    faults += [f"{place}: {key!r} is missing or no text" for key in keys if not isinstance(entry.get(key), str)]
    return {key: str(entry.get(key, "")) for key in keys}


def _value(value: Any, place: str, faults: list[str]) -> Value:
    items = value if isinstance(value, list) and value else [value]
    if all(isinstance(item, int | Fraction) and not isinstance(item, bool) for item in items):
        numbers = tuple(Fraction(item) for item in items)
        return numbers if items is value else numbers[0]
    if items is value and all(isinstance(item, str) for item in items):
        return tuple(items)
    if not isinstance(value, bool):
        faults.append(f"{place}: value {value!r} is no number, switch, list of names or list of numbers")
    return bool(value)
