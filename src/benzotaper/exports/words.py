"""What people read: pieces of tablets, doses, dates and percents in plain words.

Nothing here depends on a locale or a clock: the same record gives the same words.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from benzotaper.doses import NG_PER_MG, mg_text
from benzotaper.numbers import decimal_text
from benzotaper.product import Product, volume_text
from benzotaper.steps import Administration, Taken

_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PART_OF_ONE = {Fraction(1, 4): "a quarter of", Fraction(1, 2): "half", Fraction(3, 4): "three quarters of"}
_AND_PART = {Fraction(1, 4): "a quarter", Fraction(1, 2): "a half", Fraction(3, 4): "three quarter"}
_SIGNS = {Fraction(1, 4): "¼", Fraction(1, 2): "½", Fraction(3, 4): "¾"}
_SPOKEN_WITH_VOWEL = ("11", "18")  # and all that begin with 8
_UNPRINTABLE = ("Cc", "Cs", "Co", "Cn")
_TURNS_TEXT = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def taken_words(taken: Taken) -> str:
    """What is taken of one product, in words.

    A liquid always says volume, mg and mg/mL, so that none is taken for another.

    >>> tablet = Product("diazepam", strength="5 mg", form="tablet")
    >>> taken_words(Taken(product=tablet, pieces=3, pieces_per_unit=2))
    'one and a half 5 mg tablets'
    """
    if taken.product.liquid:
        return _liquid_words(taken)
    return _solid_words(taken.units, taken.product.label)


def _liquid_words(taken: Taken) -> str:
    product = taken.product
    if product.drops_per_ml:
        return f"{drops_words(taken)} ({taken.dose}) of {product.label} ({product.drops_per_ml} drops per mL)"
    return f"{volume_text(taken.dose.ng, product)} {product.form}"


def drops_words(taken: Taken) -> str:
    """How many drops.

    >>> drops = Product("diazepam", strength="10 mg", form="oral drops", drops_per_ml=30)
    >>> drops_words(Taken(product=drops, pieces=9, pieces_per_unit=30))
    '9 drops'
    """
    number = taken.units * taken.product.drops_per_ml
    return f"{decimal_text(number)} drop" + ("" if number == 1 else "s")


def _solid_words(units: Fraction, label: str) -> str:
    whole, part = divmod(units, 1)
    if part and part not in _SIGNS:
        return f"{units} of {_article(label)} {label}"
    if not whole and part:
        return f"{_PART_OF_ONE[part]} {_article(label)} {label}"
    number = number_words(int(whole))
    if not part:
        return f"{number} {label}" + ("" if whole == 1 else "s")
    return f"{number} and {_AND_PART[part]} {label}s"


def number_words(number: int) -> str:
    """A count in words up to twelve, in digits above.

    >>> number_words(2), number_words(13)
    ('two', '13')
    """
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _article(label: str) -> str:
    """'a' or 'an', as the number before it is spoken: an 8 mg tablet, a 10 mg tablet."""
    whole = label.split(" ", 1)[0].split("/", 1)[0].split(".", 1)[0]
    return "an" if whole.startswith("8") or whole in _SPOKEN_WITH_VOWEL else "a"


def administration_words(administration: Administration) -> str:
    """One administration in words; of a plan that is not dispensed, just the mg.

    >>> from benzotaper.doses import Dose
    >>> administration_words(Administration(drug="diazepam", time="night", dose=Dose(mg="7.5"), taken=()))
    '7.5 mg'
    """
    return join_words(taken_words(taken) for taken in administration.taken) or str(administration.dose)


def join_words(parts: Iterable[str]) -> str:
    """Parts as one list.

    >>> join_words(["a", "b", "c"])
    'a, b and c'
    """
    *first, last = list(parts) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def units_text(units: Fraction) -> str:
    """A count of tablets or mL with the signs for quarters and halves.

    >>> units_text(Fraction(3, 2)), units_text(Fraction(1, 4)), units_text(Fraction(8, 5))
    ('1½', '¼', '1.6')
    """
    whole, part = divmod(units, 1)
    if part in _SIGNS:
        return f"{whole or ''}{_SIGNS[part]}"
    return decimal_text(units)


def taken_short(taken: Taken) -> str:
    """What is taken of one product, short enough for a narrow column.

    >>> tablet = Product("diazepam", strength="5 mg", form="tablet")
    >>> taken_short(Taken(product=tablet, pieces=3, pieces_per_unit=2))
    '1½ × 5 mg'
    """
    product = taken.product
    if product.drops_per_ml:
        return f"{drops_words(taken)} ({taken.dose}) of {product.strength}/mL"
    if product.liquid:
        return volume_text(taken.dose.ng, product)
    kind = (
        ""
        if product.form == "tablet" and product.release == "IR"
        else product.label.removeprefix(str(product.strength))
    )
    return f"{units_text(taken.units)} × {product.strength}{kind}"


def administration_short(administration: Administration) -> str:
    """One administration, short: '1 × 10 mg + ½ × 5 mg'; '' of a plan that is not dispensed."""
    return " + ".join(taken_short(taken) for taken in administration.taken)


def amount_text(units: Fraction, product: Product) -> str:
    """An amount of a product over the whole plan.

    >>> amount_text(Fraction(45, 2), Product("diazepam", strength="5 mg", form="tablet"))
    '22½ tablets'
    """
    unit = product.unit if units <= 1 else {"mL": "mL"}.get(product.unit, f"{product.unit}s")
    drops = f" ({decimal_text(units * product.drops_per_ml)} drops)" if product.drops_per_ml else ""
    return f"{units_text(units)} {unit}{drops}"


def date_words(day: date) -> str:
    """A date for reading.

    >>> date_words(date(2026, 12, 1))
    'Tue 1 Dec 2026'
    """
    return f"{weekday(day)} {day_and_month(day)} {day.year}"


def day_and_month(day: date) -> str:
    """A date within a known year.

    >>> day_and_month(date(2026, 12, 1))
    '1 Dec'
    """
    return f"{day.day} {_MONTHS[day.month - 1]}"


def weekday(day: date) -> str:
    """The day of the week, three letters.

    >>> weekday(date(2026, 12, 1))
    'Tue'
    """
    return _WEEKDAYS[day.weekday()]


def percent_text(value: Fraction) -> str:
    """A percentage for reading, rounded half up at one decimal place; what is above 0 never reads as 0.

    Args:
        value: percent (%).

    >>> percent_text(Fraction(100, 9)), percent_text(Fraction(10)), percent_text(Fraction(1, 50))
    ('11.1 %', '10 %', 'under 0.1 %')
    """
    text = decimal_text(value, places=1)
    return "under 0.1 %" if value > 0 and text == "0" else f"{text} %"


def mg_figure(ng: Fraction | int) -> str:
    """A derived amount in mg, exact where a decimal of six places is, else rounded half up at three.

    Args:
        ng: nanograms.

    >>> mg_figure(31_250), mg_figure(Fraction(64_000_000, 7))
    ('0.03125', '9.143')
    """
    return mg_text(ng) if Fraction(ng).denominator == 1 else decimal_text(Fraction(ng) / NG_PER_MG, places=3)


def numbers_text(numbers: Sequence[int]) -> str:
    """Numbers, runs of them joined.

    >>> numbers_text([1, 2, 3, 7])
    '1–3, 7'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def steps_words(numbers: Sequence[int]) -> str:
    """Which steps: 'step 3', 'steps 1–3'; '' for none.

    >>> steps_words([3]), steps_words([])
    ('step 3', '')
    """
    return f"step{'s' if len(set(numbers)) > 1 else ''} {numbers_text(numbers)}" if numbers else ""


def printable(text: str) -> str:
    """Text that people gave, on one line, without characters that a terminal or page would obey instead of show.

    >>> printable("Dr A" + chr(27) + "[31m")
    'Dr A�[31m'
    """
    shown = ("�" if unicodedata.category(c) in _UNPRINTABLE or c in _TURNS_TEXT else c for c in " ".join(text.split()))
    return "".join(shown)
