"""Every source can be cited, and an id that does not exist is refused with what may be meant."""

import pytest

from benzotaper.errors import DataError, UnknownIdError
from benzotaper.sources import Source, cite, read_sources, source_ids
from benzotaper.unknown import Unknown

DRUG_HEAD = "source_id,title,authors,year,kind,canonical_url,grade\n"
RULE_HEAD = "source_id,title,publisher,year,url,reuse_status,grade\n"


def test_a_source_knows_its_title_authors_year_and_address() -> None:
    source = cite("S001")
    assert (source.authors, source.year, source.grade) == ("Greenblatt DJ, Wright CE", "1993", "seen")
    assert source.url == "https://pubmed.ncbi.nlm.nih.gov/8513649"


def test_sources_of_drugs_and_of_rules_are_one_collection() -> None:
    assert len(source_ids()) == 177 + 86
    assert cite("ASAM_POCKET_2025").authors == "ASAM / Guideline Central (publisher-authorised)"


def test_what_a_source_does_not_say_is_unknown() -> None:
    assert isinstance(cite("S002").authors, Unknown)
    assert isinstance(cite("S002").url, Unknown)


@pytest.mark.parametrize("source_id", source_ids())
def test_a_citation_is_one_line_that_ends_with_id_and_grade(source_id: str) -> None:
    source = cite(source_id)
    line = str(source)
    assert "\n" not in line
    assert "Unknown" not in line
    assert f"[{source_id}, {source.grade}" in line
    assert ("unverified" in line.rsplit("[", 1)[1]) == (source.grade == "recalled")


def test_a_misspelt_id_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownIdError, match="no source 'asam_pocket_2052'") as caught:
        cite("asam_pocket_2052")
    assert caught.value.kind == "source"
    assert caught.value.id == "asam_pocket_2052"
    assert "ASAM_POCKET_2025" in caught.value.suggestions


@pytest.mark.parametrize("given", [None, 5, [], ""])
def test_an_id_that_is_no_text_or_empty_is_refused(given: object) -> None:
    with pytest.raises(UnknownIdError):
        cite(given)  # type: ignore[arg-type]  # the point of the test


def test_all_faults_of_a_file_are_reported_by_row() -> None:
    text = DRUG_HEAD + "S1,,A,1990,k,,seen\nS2,t,A,1990,k,,guessed\nS3,t,A,1990,k,,seen\nS4,t\n"
    with pytest.raises(DataError) as caught:
        read_sources(text, rules=RULE_HEAD)
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["row 2", "row 3", "row 5"]


def test_an_id_in_both_files_is_a_fault() -> None:
    with pytest.raises(DataError, match=r"rule_sources\.csv has 1 fault.*row 2: source 'S1' is already there"):
        read_sources(DRUG_HEAD + "S1,t,A,1990,k,,seen\n", rules=RULE_HEAD + "S1,t,P,1990,,free,seen\n")


def test_a_source_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        cite("S001").title = "other"  # type: ignore[misc]  # the point of the test


def test_sources_are_equal_by_what_they_say() -> None:
    given = {"id": "X1", "title": "t", "authors": "A", "year": "1990", "url": Unknown("not captured"), "grade": "seen"}
    assert Source(**given) == Source(**given)  # type: ignore[arg-type]  # one dict of texts, for brevity
