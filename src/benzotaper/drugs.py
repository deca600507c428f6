"""The drugs: their names as people write them, codes, classes and half-lives.

A name is matched exactly, apart from case, accents and spaces, or it is refused. Near names are shown and
never chosen: to take one drug for another is worse than to ask again.
"""

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from benzotaper import datafiles
from benzotaper.datafiles import Row
from benzotaper.drug_facts import Codes, Drug, Hypnotic, read_drugs
from benzotaper.errors import ReleaseError, UnknownDrugError, hint, refuse_faults

__all__ = [
    "Codes",
    "Drug",
    "Hypnotic",
    "drug_named",
    "drug_names",
    "look_alikes",
    "names_of",
    "normalised",
    "read_names",
]

_ACCENTS = re.compile("[\u0300-\u036f]")  # not the katakana voicing marks (U+3099, U+309A): they tell drugs apart
_SPECIAL = re.compile(
    r"(.+?)[\s-]+(?:xr|er|sr|mr|cr|pr|xl|la|odt|retard|depot|drops|(?:extended|prolonged|modified|slow)[\s-]+release)"
)
_KINDS = ("inn", "salt", "usan_ban", "brand", "brand_er")
_GRADES = ("seen", "secondary", "recalled")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """All names of all drugs: as written and normalised to the drug, special products apart."""

    drugs: Mapping[str, Drug]  # in the order of the file, by the drug's own name
    of_drug: Mapping[str, tuple[str, ...]]
    matched: Mapping[str, Drug]
    special: Mapping[str, Drug]


def normalised(name: str) -> str:
    """A name without case, accents and superfluous spaces; what two spellings must share to be one name.

    >>> normalised("  Diazépam ")
    'diazepam'
    """
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", name)).casefold()
    return " ".join(plain.split())


def drug_named(name: str) -> Drug:
    """The drug that has this name.

    Args:
        name: international name, salt, other spelling or brand; case, accents and spaces do not matter.

    Raises:
        UnknownDrugError: no text, empty, or no name here; near names are suggested and never chosen.
        ReleaseError: the name of an extended-release or other special product of a drug.

    >>> drug_named("Klonopin").name, drug_named("DIAZÉPAM").name
    ('clonazepam', 'diazepam')
    """
    if _is_blank(name):
        message = f"{name!r} is no drug name: give it as text, such as 'diazepam'"
        raise UnknownDrugError(message, name=name, suggestions=())
    names = _shipped()
    found = names.matched.get(name) or names.matched.get(normalised(name))
    if found:
        return found
    _refuse_special(name, names)
    raise _unknown(name, names)


def _is_blank(name: object) -> bool:
    return not isinstance(name, str) or not name.strip()


def drug_names() -> tuple[str, ...]:
    """The names of all drugs, in alphabetical order.

    >>> len(drug_names()), drug_names()[0]
    (46, 'alprazolam')
    """
    return tuple(_shipped().drugs)


def names_of(drug: str) -> tuple[str, ...]:
    """Every name by which `drug_named` finds a drug, its own first; those of special products are not among them.

    Args:
        drug: any name of the drug.

    Raises:
        UnknownDrugError, ReleaseError: as `drug_named`.

    >>> "Imovane" in names_of("zopiclone")
    True
    """
    return _shipped().of_drug[drug_named(drug).name]


def look_alikes(name: str) -> tuple[str, ...]:
    """The names that are easily taken for this one, those seen in practice before those found by computing.

    Args:
        name: a name as it was written; its look-alikes differ from those of other names of the same drug.

    Returns:
        Names of other drugs, also of such as are no benzodiazepine or z-drug; none when none is listed.

    >>> look_alikes("Klonopin")
    ('clonidine',)
    """
    return _confusable().get(normalised(name), ())


def _refuse_special(name: str, names: _Names) -> None:
    """Refuse the name of a special product: it is not another spelling of the plain drug."""
    key = normalised(name)
    drug = names.special.get(key)
    if not drug and (ending := _SPECIAL.fullmatch(key)):
        drug = names.matched.get(ending[1]) or names.special.get(ending[1])
    if drug:
        message = (
            f"{name!r} is a special product of {drug.name} (extended-release, film, drops or the like): another "
            "product, not another spelling; "
            f"name the product from bt.products({drug.name!r}, region=...) and say release="
        )
        raise ReleaseError(message, value=name, drug=drug.name)


def _unknown(name: str, names: _Names) -> UnknownDrugError:
    """The error for a name that is not listed, with what it may be a slip of or be taken for."""
    confused = look_alikes(name)
    if confused:
        shown = tuple(_with_drug(other, names) for other in confused)
        tail = f"; it is easily confused with {', '.join(shown)}: check the prescription"
    else:
        shown = _suggestions(normalised(name), names)
        tail = hint(shown)
    message = f"{name!r} is none of the {len(names.drugs)} drugs here{tail}"
    if not shown:
        message += "; bt.drug_names() lists them"
    return UnknownDrugError(message, name=name, suggestions=shown)


def _with_drug(name: str, names: _Names) -> str:
    drug = names.matched.get(normalised(name))
    return name if drug is None or drug.name == name else f"{name} ({drug.name})"


def _suggestions(key: str, names: _Names, *, most: int = 3) -> tuple[str, ...]:
    """A drug named within the text, then the nearest name of each of the nearest drugs."""
    display: dict[str, str] = {}
    for name in (name for listed in names.of_drug.values() for name in listed):
        display.setdefault(normalised(name), name)
    near = [word for word in key.split() if word in display]
    near += difflib.get_close_matches(key, display, n=len(display), cutoff=0.75)
    nearest: dict[str, str] = {}
    for found in near:
        nearest.setdefault(names.matched[found].name, display[found])
    return tuple(_with_drug(name, names) for name in list(nearest.values())[:most])


_NAME_COLUMNS: dict[str, datafiles.Reader] = {
    "drug": datafiles.word,
    "name": datafiles.word,
    "kind": datafiles.one_of(*_KINDS),
    "language": datafiles.text,
    "source": datafiles.word,
    "grade": datafiles.one_of(*_GRADES),
}
_PAIR_COLUMNS: dict[str, datafiles.Reader] = {
    "name_a": datafiles.word,
    "name_b": datafiles.word,
    "source": datafiles.word,
    "grade": datafiles.one_of(*_GRADES, "computed"),
}


@cache
def _shipped() -> _Names:
    texts = {file: datafiles.shipped(file) for file in ("drugs.csv", "drug_classes.csv", "names.csv")}
    return read_names(
        texts["names.csv"],
        drugs=read_drugs(texts["drugs.csv"], classes=texts["drug_classes.csv"]),
    )


def read_names(text: str, *, drugs: Mapping[str, Drug]) -> _Names:
    """The names of a CSV text, each of them one drug's only.

    Args:
        text: as names.csv.
        drugs: the drugs by name.

    Raises:
        DataError: with all faults and their rows: a drug that does not exist, a name that two drugs share.
    """
    rows = datafiles.read_csv(text, _NAME_COLUMNS, file="names.csv")
    owner = {normalised(name): name for name in drugs}
    faults = []
    for number, row in enumerate(rows, start=2):
        if row["drug"] not in drugs:
            faults.append(f"row {number}: drug {row['drug']!r} is not in drugs.csv")
        elif (first := owner.setdefault(normalised(row["name"]), row["drug"])) != row["drug"]:
            faults.append(f"row {number}: {row['name']!r} of {row['drug']} is already a name of {first}")
    refuse_faults("names.csv", faults)
    return _names(rows, drugs)


def _names(rows: list[Row], drugs: Mapping[str, Drug]) -> _Names:
    special = {normalised(row["name"]): drugs[row["drug"]] for row in rows if row["kind"] == "brand_er"}
    of_drug: dict[str, dict[str, str]] = {name: {normalised(name): name} for name in drugs}
    for row in rows:
        if row["kind"] != "brand_er":
            of_drug[row["drug"]].setdefault(row["name"], row["name"])
    matched = {
        form: drugs[drug]
        for drug, names in of_drug.items()
        for name in names.values()
        for form in (name, normalised(name))
    }
    return _Names(
        drugs=drugs,
        of_drug={d: tuple(dict.fromkeys(n.values())) for d, n in of_drug.items()},
        matched=matched,
        special=special,
    )


@cache
def _confusable() -> dict[str, tuple[str, ...]]:
    pairs: dict[str, dict[str, str]] = {}
    for row in datafiles.shipped_rows("confusable_names.csv", _PAIR_COLUMNS):
        for name, other in (
            (row["name_a"], row["name_b"]),
            (row["name_b"], row["name_a"]),
        ):
            pairs.setdefault(normalised(name), {}).setdefault(normalised(other), other)
    return {name: tuple(others.values()) for name, others in pairs.items()}
