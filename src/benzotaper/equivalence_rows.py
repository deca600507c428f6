"""The rows of equivalence tables: so much of a drug equals so much diazepam. Read from CSV, with every fault found."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from benzotaper import datafiles
from benzotaper.datafiles import Row
from benzotaper.drugs import drug_named
from benzotaper.errors import BenzotaperError, DataError, DoseError, refuse_faults
from benzotaper.numbers import exact

EVERY_TABLE = "every table"
"""Stands for the table of what all of them say: diazepam is itself."""
DIAZEPAM = "diazepam"
ROUTES = ("oral", "not stated")
GRADES = ("seen", "secondary")


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalentDose:
    """One row of a table: so much of a drug equals so much diazepam.

    Attributes:
        low_mg: smallest dose of the drug [mg].
        high_mg: largest dose of the drug [mg].
        diazepam_mg: the dose of diazepam that both equal [mg].
        route: "oral", or "not stated" (read as oral, and said so).
        grade: "seen" in the source, or "secondary" (in someone else's copy of it).

    Raises:
        DoseError: a dose of zero or below, low above high, or a number that is not exact.
    """

    low_mg: Fraction
    high_mg: Fraction
    diazepam_mg: Fraction
    route: str
    grade: str

    def __post_init__(self) -> None:
        for name in ("low_mg", "high_mg", "diazepam_mg"):
            object.__setattr__(self, name, exact(getattr(self, name), error=DoseError))
        if not 0 < self.low_mg <= self.high_mg or self.diazepam_mg <= 0:
            message = f"{self.low_mg} to {self.high_mg} mg for {self.diazepam_mg} mg of diazepam is no equivalent dose"
            raise DoseError(f"{message}; give doses above 0, the lower one first", value=self)


def read_rows(text: str, *, table_ids: Collection[str], file: str) -> dict[str, dict[str, EquivalentDose]]:
    r"""The rows of a CSV text, by table and drug.

    Args:
        text: its columns are ``table_id, drug, dose_low_mg, dose_high_mg, diazepam_mg, route, grade``.
        table_ids: the ids of the tables that it may hold.
        file: its name, for faults.

    Raises:
        DataError: with every fault and its row, also where one row has several.

    >>> text = "table_id,drug,dose_low_mg,dose_high_mg,diazepam_mg,route,grade\nmine,Xanax,0.5,1,10,oral,seen\n"
    >>> read_rows(text, table_ids=["mine"], file="mine.csv")["mine"]["alprazolam"].high_mg
    Fraction(1, 1)
    """
    try:
        rows = datafiles.read_csv(text, _strict(table_ids), file=file, check=_Between())
    except DataError as error:
        refuse_faults(file, _all_faults(text, file, error.faults))
        raise  # unreachable: there is a fault
    if not rows:
        refuse_faults(file, ["row 1: no row follows it"])
    found: dict[str, dict[str, EquivalentDose]] = {table_id: {} for table_id in table_ids}
    for row in rows:
        found[row["table_id"]][row["drug"]] = _equivalent_dose(row)
    return found


def _equivalent_dose(row: Row) -> EquivalentDose:
    return EquivalentDose(
        low_mg=row["dose_low_mg"],
        high_mg=row["dose_high_mg"],
        diazepam_mg=row["diazepam_mg"],
        route=row["route"],
        grade=row["grade"],
    )


def _all_faults(text: str, file: str, strict: tuple[str, ...]) -> list[str]:
    """The faults of the cells and, by a second reading that forgives them, those between the cells of the same rows."""
    faults = list(strict)
    try:
        datafiles.read_csv(text, _LENIENT, file=file, check=_Between())
    except DataError as error:
        faults += error.faults
    each = dict.fromkeys(one for fault in faults for one in _singly(fault))
    return sorted(each, key=lambda fault: int(fault.partition(":")[0].removeprefix("row ")))


def _singly(fault: str) -> list[str]:
    row, _, said = fault.partition(": ")
    return [f"{row}: {one}" for one in said.split("\n")]


class _Between:
    """What is wrong between the cells of a row, or with the rows above it; several faults, a line each.

    A dose that could not be read is 0 here: its fault is reported by its own reader.
    """

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()

    def __call__(self, row: Row) -> str:
        low, high, reference = row["dose_low_mg"], row["dose_high_mg"], row["diazepam_mg"]
        faults = []
        if high and low > high:
            faults.append("dose_low_mg is above dose_high_mg")
        if row["drug"] == DIAZEPAM and low and high and reference and not low == high == reference:
            faults.append("diazepam must equal itself: dose_low_mg, dose_high_mg and diazepam_mg the same")
        key = (row["table_id"], row["drug"])
        if key in self._seen:
            faults.append(f"{row['drug']} is repeated: it has a row above")
        self._seen.add(key)
        return "\n".join(faults)


_PLAIN_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,9})?")


def _dose_mg(cell: str) -> Fraction:
    """A dose in mg, written plainly: digits and a point."""
    dose = _dose_or_zero(cell)
    if not dose:
        msg = f"{cell!r} is not a dose in mg above 0 written with a point, such as 0.5"
        raise ValueError(msg)
    return dose


def _dose_or_zero(cell: str) -> Fraction:
    return Fraction(cell) if _PLAIN_NUMBER.fullmatch(cell) else Fraction(0)


def _drug(cell: str) -> str:
    try:
        return drug_named(cell).name
    except BenzotaperError as error:
        raise ValueError(str(error)) from error


def _drug_or_text(cell: str) -> str:
    try:
        return drug_named(cell).name
    except BenzotaperError:
        return cell


def _strict(table_ids: Collection[str]) -> Mapping[str, datafiles.Reader]:
    return {
        "table_id": datafiles.one_of(*table_ids),
        "drug": _drug,
        "dose_low_mg": _dose_mg,
        "dose_high_mg": _dose_mg,
        "diazepam_mg": _dose_mg,
        "route": datafiles.one_of(*ROUTES),
        "grade": datafiles.one_of(*GRADES),
    }


_LENIENT: Mapping[str, datafiles.Reader] = {
    "table_id": datafiles.text,
    "drug": _drug_or_text,
    "dose_low_mg": _dose_or_zero,
    "dose_high_mg": _dose_or_zero,
    "diazepam_mg": _dose_or_zero,
    "route": datafiles.text,
    "grade": datafiles.text,
}
