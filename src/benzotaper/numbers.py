"""Exact numbers in text: how a decimal or a percentage is read, and how it is printed.

Reading follows the habits that prevent tenfold errors (ISMP): what could be a thousand or a decimal is
refused, a naked point is refused; printing never leaves a trailing zero or a naked point.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NoReturn

from benzotaper.errors import BenzotaperError, PercentError

_DECIMAL = re.compile(r"([0-9]+)(?:([.,])([0-9]+))?")
_THOUSAND = 3  # digits of a group of thousands
ONE_PERCENT = 100
WHOLE = 100 * ONE_PERCENT
LARGEST_EXPONENT = 30  # far beyond any dose, far below what would take long to make exact


def read_decimal(text: str, *, error: type[BenzotaperError], said: str = "") -> Fraction:
    """Read a decimal number written with a point or a comma.

    Args:
        text: digits, optionally a point or comma and digits.
        error: the kind of error to raise.
        said: the whole text that the number stands in, for the error.

    Returns:
        The exact value, zero or more.

    Raises:
        error: the text is no number, is negative, or could mean a thousand as well as a decimal.

    >>> read_decimal("0,5", error=PercentError)
    Fraction(1, 2)
    """
    match = _DECIMAL.fullmatch(text.strip())
    if not match:
        _refuse(text, error, said or text)
    whole, mark, digits = match.groups()
    if mark is None:
        return Fraction(int(whole))
    zeros_in_threes = not digits.strip("0") and len(digits) % _THOUSAND == 0
    grouped = whole.strip("0") and len(digits) == _THOUSAND
    if (mark == "." and zeros_in_threes) or (mark == "," and grouped):
        message = f"{(said or text)!r} is ambiguous: it could be a thousand or a decimal; write it without the {mark!r}"
        raise error(message, value=said or text)
    return Fraction(int(whole + digits), 10 ** len(digits))


def _refuse(text: str, error: type[BenzotaperError], said: str) -> NoReturn:
    """Say why a text is no number."""
    bare = text.strip()
    if bare.startswith(("-", "−", "+")):
        why = "a sign is not allowed; doses and percentages here are above zero"
    elif bare.startswith((".", ",")):
        why = f"write a zero before the point, as in '0{bare}'"
    elif not bare:
        why = "the number is missing"
    else:
        why = "it is not a number; write digits such as 5 or 0.5"
    raise error(f"{said!r} cannot be read: {why}", value=said)


def exact(value: object, *, error: type[BenzotaperError]) -> Fraction:
    """A number given by hand as an exact value; floats are refused because they are not exact.

    >>> exact("0.125", error=PercentError)
    Fraction(1, 8)
    """
    if isinstance(value, str):
        return read_decimal(value, error=error)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        message = f"{value!r} is not exact: give text such as '0.5', a whole number, a Decimal or a Fraction"
        raise error(message, value=value)
    if isinstance(value, Decimal) and not is_plain(value):
        raise error(f"{str(value)!r} is not a number of ordinary size; give one such as '0.5'", value=value)
    return Fraction(value)


def is_plain(value: Decimal) -> bool:
    """Whether a decimal is finite and of a size that can be made exact at no cost.

    >>> is_plain(Decimal("0.5")), is_plain(Decimal("1e9999999")), is_plain(Decimal("NaN"))
    (True, False, False)
    """
    return value.is_finite() and abs(value.adjusted()) <= LARGEST_EXPONENT


def decimal_text(value: Fraction | int, *, places: int = 6) -> str:
    """Print an exact number without noise, trailing zeros or a naked point, rounded half up at `places`.

    >>> decimal_text(Fraction(1, 2)), decimal_text(Fraction(5)), decimal_text(Fraction(2, 3), places=2)
    ('0.5', '5', '0.67')
    """
    if type(value) is int or value.denominator == 1:
        return str(int(value))
    scale = 10**places
    digits = (abs(value) * scale * 2 + 1) // 2
    whole, rest = divmod(int(digits), scale)
    text = f"{whole}.{rest:0{places}d}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and digits else text


def number_text(value: Fraction) -> str:
    """An exact number as canonical text: a decimal where one writes it exactly, else a fraction in lowest terms.

    >>> number_text(Fraction(1, 8)), number_text(Fraction(-2, 6)), number_text(Fraction(20))
    ('0.125', '-1/3', '20')
    """
    rest, places = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest, power = rest // prime, power + 1
        places = max(places, power)
    return decimal_text(value, places=places) if rest == 1 else f"{value.numerator}/{value.denominator}"


@dataclass(frozen=True, slots=True, order=True)
class Percent:
    """A percentage, exact to 0.01 %.

    Attributes:
        hundredths: hundredths of a percent, 0 to 10 000.
    """

    hundredths: int

    def __str__(self) -> str:
        whole, rest = divmod(self.hundredths, ONE_PERCENT)
        return f"{f'{whole}.{rest:02d}'.rstrip('0') if rest else whole} %"

    def of(self, amount: int) -> int:
        """This share of a whole number, rounded down.

        >>> Percent(2500).of(40)
        10
        """
        return amount * self.hundredths // WHOLE


def read_percent(value: object) -> Percent:
    """Read a percentage above 0 and up to 100: text with its sign, or a `Percent`.

    Raises:
        PercentError: no sign, not a number, out of range or finer than 0.01 %.

    >>> str(read_percent("12.5 %"))
    '12.5 %'
    """
    if isinstance(value, Percent):
        return value
    if not isinstance(value, str) or not value.strip().endswith("%"):
        raise PercentError(f"{value!r} is no percentage: write it with its sign, such as '10 %'", value=value)
    number = read_decimal(value.strip().removesuffix("%"), error=PercentError, said=value) * ONE_PERCENT
    if number.denominator != 1:
        raise PercentError(f"{value!r} is too fine: percentages are multiples of 0.01 %", value=value)
    if not 0 < number <= WHOLE:
        raise PercentError(f"{value!r} is out of range: a percentage lies above 0 % and up to 100 %", value=value)
    return Percent(int(number))
