"""Doses, percentages, durations and regimens: what is printed is read back, and nothing ambiguous is read at all."""

import re
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import event, given, strategies as st

import benzotaper as bt
from benzotaper.doses import read_dose
from benzotaper.errors import BenzotaperError, DoseError, PercentError
from benzotaper.intervals import days_text, read_days, read_time
from benzotaper.numbers import read_percent
from benzotaper.regimen import Regimen, read_regimen
from strategies import doses, drug_names

NG_PER = {"mg": 10**6, "mcg": 10**3, "ug": 10**3, "µg": 10**3, "μg": 10**3, "g": 10**9}
TIMES = ("morning", "noon", "evening", "night")
SIGNS = ("mg", "Mg", "MG", "mcg", "µg", "g", "mL", "e", "nan", "inf", "½", "٣", "²", "\n")
LETTERS = st.sampled_from([*"0123456789.,-–−+%/ ()", *SIGNS])
NUMBERISH = st.lists(LETTERS, max_size=8).map("".join)
WORDS = st.sampled_from(
    ["diazepam", "Valium", "lorazepam", "10 mg", "0.5 mg", "5-0-5", "1-0-1", "1,000 mg", "0,5", "mg", "twice", "daily",
     "bd", "tds", "QD", "OD", "od", "prn", "at", "night", "nocte", "mane", "am", "morning", ",", "and", "+", "XR", "as",
     "needed", "2", "weeks", "days", "every", "10 %", "%", "of", "start", "current", "linear", "percentage", "down",
     "to", "hold", "substitution", "hyperbolic", "in", "steps"]
)  # fmt: skip
WORDY = st.lists(WORDS | NUMBERISH, max_size=9).map(" ".join)
ANYTHING = st.text(max_size=30) | NUMBERISH | WORDY


@given(doses())
def test_a_printed_dose_is_read_back(dose: bt.Dose) -> None:
    text = str(dose)
    assert read_dose(text) == dose
    assert read_dose(text.replace(".", ",")) == dose if not ambiguous(text.replace(".", ",")) else True
    assert re.fullmatch(r"(0|[1-9]\d*)(\.\d*[1-9])? mg", text), "a trailing zero, a naked point, or noise"


@given(st.integers(1, 10**9), st.sampled_from(sorted(NG_PER)))
def test_a_dose_is_read_in_each_unit(ng: int, unit: str) -> None:
    number = plain_decimal(Fraction(ng, NG_PER[unit]))
    if ambiguous(number):
        with pytest.raises(DoseError):
            read_dose(f"{number} {unit}")
    else:
        assert read_dose(f"{number} {unit}").ng == read_dose(f"{number}{unit}").ng == ng


@given(st.integers(1, 10_000))
def test_a_printed_percentage_is_read_back(hundredths: int) -> None:
    percent = bt.Percent(hundredths)
    assert read_percent(str(percent)) == percent
    assert read_percent(f"{plain_decimal(Fraction(hundredths, 100))}%") == percent


@given(st.integers(1, 7305))
def test_a_printed_duration_is_read_back(days: int) -> None:
    assert read_days(days_text(days)) == days
    assert read_days(f"{days} days") == read_days(timedelta(days=days)) == days


@given(drug_names(), st.dictionaries(st.sampled_from(TIMES), doses(most_mg=200), min_size=1))
def test_a_printed_regimen_is_read_back(drug: str, taken: dict[str, bt.Dose]) -> None:
    doses_: dict[str, Any] = dict(taken)
    regimen = Regimen(drug, **doses_)
    assert read_regimen(str(regimen)) == regimen
    assert {i.time: i.dose for i in regimen.intakes} == taken
    assert [i.time for i in regimen.intakes] == [time for time in TIMES if time in taken]


@given(drug_names(), doses(most_mg=200), st.sampled_from([("bd", 2), ("TDS", 3), ("qid", 4), ("twice daily", 2)]))
def test_a_frequency_is_so_many_times_of_the_day(drug: str, dose: bt.Dose, often: tuple[str, int]) -> None:
    word, count = often
    regimen = read_regimen(f"{drug} {dose} {word}")
    assert [i.dose for i in regimen.intakes] == [dose] * count
    times = {2: ("morning", "night"), 3: ("morning", "noon", "night"), 4: TIMES}[count]
    assert tuple(i.time for i in regimen.intakes) == times


def plain_decimal(value: Fraction) -> str:
    """Digits of an exact decimal, without the package's printer."""
    whole, rest = divmod(value, 1)
    digits = ""
    while rest:
        digit, rest = divmod(rest * 10, 1)
        digits += str(int(digit))
    return f"{int(whole)}.{digits}" if digits else str(int(whole))


def ambiguous(text: str) -> bool:
    """Whether some number in it could be a thousand as well as a decimal: the two rules of the design."""
    for whole, mark, digits in re.findall(r"(\d+)([.,])(\d+)", text):
        if mark == "." and len(digits) % 3 == 0 and set(digits) == {"0"}:
            return True
        if mark == "," and len(digits) == 3 and whole.strip("0"):
            return True
    return False


@given(
    st.integers(0, 10**5),
    st.sampled_from(".,"),
    st.text("0123456789", min_size=1, max_size=6),
    st.sampled_from(["mg", "g"]),
)
def test_a_number_that_could_be_a_thousand_is_never_read(whole: int, mark: str, digits: str, unit: str) -> None:
    number = f"{whole}{mark}{digits}"
    value = Fraction(int(f"{whole}{digits}"), 10 ** len(digits))
    readers: list[tuple[Callable[[str], Any], str, type[BenzotaperError]]] = [
        (read_dose, f"{number} {unit}", DoseError),
        (read_percent, f"{number} %", PercentError),
        (read_regimen, f"diazepam {number} {unit} at night", DoseError),
        (read_regimen, f"diazepam {number}-0-{number} {unit}", DoseError),
    ]
    for read, text, error in readers:
        if ambiguous(number):
            with pytest.raises(error):
                read(text)
    if not ambiguous(number) and 0 < value * NG_PER[unit] <= 10**9 and (value * NG_PER[unit]).denominator == 1:
        assert read_dose(f"{number} {unit}").ng == value * NG_PER[unit]


@given(NUMBERISH)
def test_whatever_is_read_as_a_dose_is_what_its_digits_say(text: str) -> None:
    try:
        dose = read_dose(text, zero=True)
    except BenzotaperError:
        return
    event("read")
    assert not ambiguous(text)
    number, unit = re.fullmatch(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*(\S+)\s*", text).groups()  # type: ignore[union-attr]  # else it fails
    assert dose.ng == Fraction(number.replace(",", ".")) * NG_PER[unit]


READERS: dict[str, Callable[[str], Any]] = {
    "dose": read_dose,
    "percentage": read_percent,
    "duration": read_days,
    "time": read_time,
    "regimen": read_regimen,
    "strategy": bt.strategy,
    "drug": bt.drug_named,
}


@pytest.mark.parametrize("kind", READERS)
@given(ANYTHING)
def test_any_text_is_read_or_refused_by_name(kind: str, text: str) -> None:
    try:
        value = READERS[kind](text)
    except BenzotaperError:
        event("refused")
        return
    event("read")
    if kind in ("dose", "percentage", "regimen", "strategy"):
        assert READERS[kind](str(value)) == value
        assert not ambiguous(text)
