"""How the checker writes amounts and days in its evidence."""

from datetime import date
from fractions import Fraction

MG = 10**6
"""Nanograms in a milligram."""


def mg_text(ng: Fraction | int) -> str:
    """So many ng, in mg: a decimal, or a fraction where none is exact.

    >>> mg_text(16_500_000), mg_text(Fraction(10**6, 3))
    ('16.5', '1/3')
    """
    return number_text(Fraction(ng) / MG)


def number_text(value: Fraction | None) -> str:
    """An exact number, in words.

    >>> number_text(Fraction(-1, 8)), number_text(Fraction(1, 7)), number_text(Fraction(20)), number_text(None)
    ('-0.125', '1/7', '20', 'none')
    """
    if value is None:
        return "none"
    for places in range(13):
        scaled = abs(value) * 10**places
        if scaled.denominator == 1:
            digits = str(int(scaled)).zfill(places + 1)
            sign = "-" if value < 0 else ""
            return sign + digits[: len(digits) - places] + ("." + digits[-places:] if places else "")
    return f"{value.numerator}/{value.denominator}"


def day_text(day: int | None) -> str:
    """A day as YYYY-MM-DD.

    >>> day_text(date(2026, 12, 1).toordinal()), day_text(None)
    ('2026-12-01', 'no day')
    """
    if day is None:
        return "no day"
    return date.fromordinal(day).isoformat() if day <= date.max.toordinal() else "a day beyond the calendar"
