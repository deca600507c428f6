"""What product labels say about the highest dose and the licensed duration: notices, never limits.

A dose above a label's maximum is a reason to check the number that was typed. It is never a reason to refuse
a plan: who takes more than the label says needs a plan all the more.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from benzotaper import datafiles
from benzotaper.datafiles import NOT_CAPTURED
from benzotaper.drugs import Drug, drug_named, drug_names
from benzotaper.errors import ProductError, did_you_mean, hint
from benzotaper.unknown import Unknown

ANXIOLYTICS, HYPNOTICS = "all anxiolytics", "all hypnotics"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaxDose:
    """What labels of one region say for one indication.

    Attributes:
        drug: the drug, or "all anxiolytics" or "all hypnotics" where a rule of the country covers them all.
        region: such as "UK".
        indication: in words.
        usual_low_mg_day: lowest usual dose [mg/day].
        usual_high_mg_day: highest usual dose [mg/day].
        max_mg_day: highest dose on the label [mg/day].
        elderly_max_mg_day: the same for elderly people [mg/day].
        licensed_duration: in words, such as "4 weeks".
        source_id: where it was read.
        grade: "seen" or "secondary".
        note: what else is to be known; may be empty.
    """

    drug: str
    region: str
    indication: str | Unknown
    usual_low_mg_day: Fraction | Unknown
    usual_high_mg_day: Fraction | Unknown
    max_mg_day: Fraction | Unknown
    elderly_max_mg_day: Fraction | Unknown
    licensed_duration: str | Unknown
    source_id: str
    grade: str
    note: str


def label_notices(drug: str, *, region: str) -> tuple[MaxDose, ...]:
    """What the labels of a region say about a drug.

    Args:
        drug: any name of the drug.
        region: such as "UK".

    Returns:
        Notices, one an indication; none means "not captured", not "no maximum". Those for all anxiolytics come
        with every drug that is not for sleep only, whether or not it is used against anxiety.

    Raises:
        UnknownDrugError, ReleaseError: as `drug_named`.
        ProductError: a region that the data do not have.

    >>> [(notice.indication, notice.max_mg_day) for notice in label_notices("zopiclone", region="UK")]
    [('insomnia', Fraction(15, 2))]
    """
    covers = _covers(drug_named(drug))
    known = sorted({notice.region for notice in _shipped()})
    if region not in known:
        near = hint(did_you_mean(region, known))
        raise ProductError(f"region {region!r} is not known{near}; the regions are {', '.join(known)}", value=region)
    return tuple(notice for notice in _shipped() if notice.region == region and notice.drug in covers)


def _covers(drug: Drug) -> set[str]:
    groups = {"yes": {HYPNOTICS}, "no": {ANXIOLYTICS}, "both": {HYPNOTICS, ANXIOLYTICS}}
    return {drug.name} | groups[drug.hypnotic]


def _said(cell: str) -> str | Unknown:
    return NOT_CAPTURED if cell in ("", "-") else cell


_COLUMNS: dict[str, datafiles.Reader] = {
    "drug": datafiles.word,
    "region": datafiles.word,
    "indication": _said,
    "usual_low_mg_day": datafiles.positive_or_unknown,
    "usual_high_mg_day": datafiles.positive_or_unknown,
    "max_mg_day": datafiles.positive_or_unknown,
    "elderly_max_mg_day": datafiles.positive_or_unknown,
    "licensed_duration": _said,
    "source_id": datafiles.word,
    "grade": datafiles.one_of("seen", "secondary"),
    "note": datafiles.text,
}


@cache
def _shipped() -> tuple[MaxDose, ...]:
    columns = _COLUMNS | {"drug": datafiles.one_of(*drug_names(), ANXIOLYTICS, HYPNOTICS)}
    return tuple(MaxDose(**row) for row in datafiles.shipped_rows("max_dose.csv", columns))
