"""What the data know about each drug: codes, class, use and half-lives."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from benzotaper import datafiles
from benzotaper.datafiles import NOT_CAPTURED, Row
from benzotaper.errors import refuse_faults
from benzotaper.unknown import Unknown

Hypnotic: TypeAlias = Literal["yes", "no", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """Identifiers of the ingredient in public code systems, as text.

    Attributes:
        rxcui: RxNorm ingredient.
        unii: unique ingredient identifier of the FDA's substance register.
        cas: Chemical Abstracts number.
    """

    rxcui: str | Unknown
    unii: str | Unknown
    cas: str | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """What the data know about one drug.

    Attributes:
        name: the name that plans, tables and products use.
        class_: chemical class, such as "1,4-benzodiazepine" or "z-drug".
        hypnotic: whether it is used for sleep: "yes", "no" or "both".
        half_life_h: terminal half-life of the parent in adults [h].
        half_life_elderly_h: the same in elderly people [h].
        active_metabolite: name or description in words; "none" where a source says that there is none.
        rule_half_life_h: the half-life that rules use, the longer of parent and active metabolite [h].
        pk_quality: how well a one-compartment model fits: "A" (well), "B" or "C" (shown with a warning).
        cyp: the cytochrome P450 enzymes that clear it, such as ("2C19", "3A4"); empty where there are none.
        prodrug: "yes" or "no".
        codes: identifiers in public code systems.
        class_source: where class, use and enzymes were read, in words.
        class_grade: "seen" in the source, or "secondary" (in someone else's report).

    Limits: half-lives vary several-fold between people and are longer in old age and in liver disease.
    """

    name: str
    class_: str
    hypnotic: Hypnotic
    half_life_h: Fraction | Unknown
    half_life_elderly_h: Fraction | Unknown
    active_metabolite: str | Unknown
    rule_half_life_h: Fraction | Unknown
    pk_quality: str | Unknown
    cyp: tuple[str, ...] | Unknown
    prodrug: str | Unknown
    codes: Codes
    class_source: str
    class_grade: str

    def __str__(self) -> str:
        return self.name


def _code(cell: str) -> str | Unknown:
    return Unknown("not found") if cell == "not found" else _text_or_unknown(cell)


def _text_or_unknown(cell: str) -> str | Unknown:
    return cell or NOT_CAPTURED


def _enzymes(cell: str) -> tuple[str, ...] | Unknown:
    if not cell:
        return NOT_CAPTURED
    return () if cell.startswith("none") else tuple(sorted(cell.split("+")))


_DRUG_COLUMNS: dict[str, datafiles.Reader] = {
    "drug": datafiles.word,
    "rxcui_ingredient": _code,
    "unii": _code,
    "cas": _code,
    "us_schedule": _text_or_unknown,
    "t_half_h": datafiles.positive_or_unknown,
    "t_half_low_h": datafiles.positive_or_unknown,
    "t_half_high_h": datafiles.positive_or_unknown,
    "t_half_elderly_h": datafiles.positive_or_unknown,
    "active_metabolite": _text_or_unknown,
    "metabolite_t_half_h": datafiles.positive_or_unknown,
    "rule_half_life_h": datafiles.positive_or_unknown,
    "pk_quality": lambda cell: datafiles.one_of("A", "B", "C")(cell) if cell else NOT_CAPTURED,
}
_CLASS_COLUMNS: dict[str, datafiles.Reader] = {
    "drug": datafiles.word,
    "class": datafiles.word,
    "hypnotic": datafiles.one_of("yes", "no", "both"),
    "cyp": _enzymes,
    "prodrug": lambda cell: datafiles.one_of("yes", "no")(cell) if cell else NOT_CAPTURED,
    "source": datafiles.word,
    "grade": datafiles.one_of("seen", "secondary"),
}


def read_drugs(text: str, *, classes: str) -> dict[str, Drug]:
    """The drugs of two CSV texts, by name.

    Args:
        text: as drugs.csv.
        classes: as drug_classes.csv, with the same drugs.

    Raises:
        DataError: with all faults and their rows.
    """
    facts = datafiles.read_csv(text, _DRUG_COLUMNS, file="drugs.csv")
    class_rows = datafiles.read_csv(classes, _CLASS_COLUMNS, file="drug_classes.csv")
    refuse_faults("drugs.csv", _repeated(facts))
    refuse_faults("drug_classes.csv", _repeated(class_rows))
    by_name = {row["drug"]: row for row in class_rows}
    unmatched = {row["drug"] for row in facts} ^ set(by_name)
    refuse_faults(
        "drug_classes.csv",
        [f"{drug!r} is in one of drugs.csv and drug_classes.csv only" for drug in sorted(unmatched)],
    )
    return {row["drug"]: _drug(row, by_name[row["drug"]]) for row in facts}


def _repeated(rows: list[Row]) -> list[str]:
    first: dict[str, int] = {}
    faults = []
    for number, row in enumerate(rows, start=2):
        if first.setdefault(row["drug"], number) != number:
            faults.append(f"row {number}: {row['drug']!r} is already in row {first[row['drug']]}")
    return faults


def _drug(row: Row, class_row: Row) -> Drug:
    return Drug(
        name=row["drug"],
        class_=class_row["class"],
        hypnotic=class_row["hypnotic"],
        half_life_h=row["t_half_h"],
        half_life_elderly_h=row["t_half_elderly_h"],
        active_metabolite=row["active_metabolite"],
        rule_half_life_h=row["rule_half_life_h"],
        pk_quality=row["pk_quality"],
        cyp=class_row["cyp"],
        prodrug=class_row["prodrug"],
        codes=Codes(rxcui=row["rxcui_ingredient"], unii=row["unii"], cas=row["cas"]),
        class_source=class_row["source"],
        class_grade=class_row["grade"],
    )
