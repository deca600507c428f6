"""Where the facts come from: one record for each source that a data file names."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from benzotaper import datafiles
from benzotaper.datafiles import NOT_CAPTURED, Row
from benzotaper.errors import look_up, refuse_faults
from benzotaper.unknown import Unknown

_UNSAID = ("", "-", "(authors not in excerpt)", "n.d.", "not resolved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source.

    Attributes:
        id: what the data files call it.
        title: its title.
        authors: authors or publisher.
        year: year or years of publication, as text: "2024", "2018-19", "2020s".
        url: its address, or in words where it was found.
        grade: "seen" (read in it or in a faithful copy), "secondary" (read in someone else's report of it) or
            "recalled" (from memory: unverified).
    """

    id: str
    title: str
    authors: str | Unknown
    year: str | Unknown
    url: str | Unknown
    grade: str

    def __str__(self) -> str:
        """One line: authors, year, title, address, id and grade."""
        authors = "no author known" if isinstance(self.authors, Unknown) else self.authors
        year = "no date" if isinstance(self.year, Unknown) else self.year
        url = "" if isinstance(self.url, Unknown) else f" {self.url}"
        unverified = ", unverified" if self.grade == "recalled" else ""
        return f"{authors} ({year}). {self.title}.{url} [{self.id}, {self.grade}{unverified}]"


def cite(source_id: str) -> Source:
    """The source that has this id.

    Args:
        source_id: as a data file, a table or a finding names it.

    Raises:
        UnknownIdError: no such source; near ids are suggested.

    >>> print(cite("S001"))
    Greenblatt DJ, Wright CE (1993). Clinical pharmacokinetics of alprazolam: therapeutic implications (abstract). \
https://pubmed.ncbi.nlm.nih.gov/8513649 [S001, seen]
    """
    return look_up(source_id, _shipped(), kind="source", where="bt.source_ids()")


def source_ids() -> tuple[str, ...]:
    """The ids of all sources, in alphabetical order.

    >>> source_ids()[0]
    'AASM_2015'
    """
    return tuple(sorted(_shipped()))


def _said(cell: str) -> str | Unknown:
    return NOT_CAPTURED if cell in _UNSAID else cell


_GRADE = datafiles.one_of("seen", "secondary", "recalled")
_DRUG_SOURCES: dict[str, datafiles.Reader] = {
    "source_id": datafiles.word,
    "title": datafiles.word,
    "authors": _said,
    "year": _said,
    "kind": datafiles.text,
    "canonical_url": _said,
    "grade": _GRADE,
}
_RULE_SOURCES: dict[str, datafiles.Reader] = {
    "source_id": datafiles.word,
    "title": datafiles.word,
    "publisher": _said,
    "year": _said,
    "url": _said,
    "reuse_status": datafiles.word,
    "grade": _GRADE,
}


@cache
def _shipped() -> Mapping[str, Source]:
    return read_sources(datafiles.shipped("drug_sources.csv"), rules=datafiles.shipped("rule_sources.csv"))


def read_sources(text: str, *, rules: str) -> dict[str, Source]:
    """The sources of two CSV texts, by id.

    Args:
        text: as drug_sources.csv.
        rules: as rule_sources.csv; no id may be in both.

    Raises:
        DataError: with all faults of a file and their rows.
    """
    found: dict[str, Source] = {}
    _add(found, datafiles.read_csv(text, _DRUG_SOURCES, file="drug_sources.csv"), file="drug_sources.csv")
    _add(found, datafiles.read_csv(rules, _RULE_SOURCES, file="rule_sources.csv"), file="rule_sources.csv")
    return found


def _add(found: dict[str, Source], rows: list[Row], *, file: str) -> None:
    faults = []
    for number, row in enumerate(rows, start=2):
        if row["source_id"] in found:
            faults.append(f"row {number}: source {row['source_id']!r} is already there")
        found[row["source_id"]] = Source(
            id=row["source_id"],
            title=row["title"],
            authors=row["authors"] if "authors" in row else row["publisher"],
            year=row["year"],
            url=row["canonical_url"] if "canonical_url" in row else row["url"],
            grade=row["grade"],
        )
    refuse_faults(file, faults)
