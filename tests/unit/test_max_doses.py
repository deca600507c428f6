"""Label maxima are notices with a source; what was not captured is not a maximum."""

from fractions import Fraction

import pytest

from benzotaper.drugs import drug_names
from benzotaper.errors import ProductError, UnknownDrugError
from benzotaper.max_doses import label_notices
from benzotaper.sources import cite
from benzotaper.unknown import Unknown

REGIONS = ("AU", "BE", "CA", "CH", "DE", "FR", "UK", "US")


def test_a_notice_has_the_facts_of_its_row() -> None:
    anxiety, insomnia = label_notices("Ativan", region="UK")
    assert (anxiety.indication, anxiety.max_mg_day, anxiety.licensed_duration) == ("anxiety", Fraction(4), "4 weeks")
    assert (insomnia.indication, insomnia.max_mg_day) == ("insomnia", Fraction(2))
    assert isinstance(anxiety.elderly_max_mg_day, Unknown)


def test_numbers_are_exact() -> None:
    (triazolam,) = label_notices("triazolam", region="US")
    assert (triazolam.usual_low_mg_day, triazolam.elderly_max_mg_day) == (Fraction(1, 8), Fraction(1, 4))


def test_what_holds_for_all_hypnotics_of_a_country_comes_with_each_of_them() -> None:
    assert [notice.drug for notice in label_notices("triazolam", region="FR")] == ["all hypnotics", "triazolam"]
    assert {notice.drug for notice in label_notices("lorazepam", region="FR")} == {"all anxiolytics", "all hypnotics"}
    assert {notice.drug for notice in label_notices("diazepam", region="FR")} == {"all anxiolytics"}


def test_nothing_captured_is_no_notice() -> None:
    assert label_notices("tofisopam", region="US") == ()


def test_every_row_is_reached_and_its_source_can_be_cited() -> None:
    notices = {notice for drug in drug_names() for region in REGIONS for notice in label_notices(drug, region=region)}
    assert len(notices) == 49
    assert all(cite(notice.source_id).id == notice.source_id for notice in notices)


@pytest.mark.parametrize("region", ["EU", "uk", ""])
def test_an_unknown_region_is_refused(region: str) -> None:
    with pytest.raises(ProductError, match="the regions are AU, BE"):
        label_notices("diazepam", region=region)


def test_an_unknown_drug_is_refused() -> None:
    with pytest.raises(UnknownDrugError):
        label_notices("diazepan", region="UK")
