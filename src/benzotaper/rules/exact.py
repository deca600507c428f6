"""The arithmetic of a machine on exact numbers of one person."""

from datetime import date
from typing import Any

from benzotaper.entries import SCALE
from benzotaper.rules.algebra import NOT_KNOWN, Number
from benzotaper.rules.machine import Machine
from benzotaper.rules.nodes import Node


class ExactArithmetic(Machine):
    """How exact numbers are put together."""

    def lesser(self, one: Any, other: Any) -> Any:
        """The smaller of two."""
        return min(other, one)

    def greater(self, one: Any, other: Any) -> Any:
        """The larger of two."""
        return max(other, one)

    def least_of(self, nodes: tuple[Node, ...]) -> int:
        """The least truth; what follows a FALSE is looked at when somebody asks."""
        least = 2
        for node in nodes:
            value = self.run(node)
            if value < least:
                least = value
                if not least:
                    break
        return least

    def greatest_of(self, nodes: tuple[Node, ...]) -> int:
        """The greatest truth; what follows a TRUE is looked at when somebody asks."""
        greatest = 0
        for node in nodes:
            value = self.run(node)
            if value > greatest:
                greatest = value
                if greatest == 2:  # noqa: PLR2004
                    break
        return greatest

    def where(self, condition: Any, one: Any, other: Any) -> Any:
        """One or the other."""
        return one if condition else other

    def range_where(self, condition: Any, one: Number, other: Number) -> Number:
        """One or the other."""
        return one if condition else other

    def middle(self, values: list[Number], least: int) -> Number:
        """The median of the known values."""
        known = sorted(value.low for value in values if value.exists and value.low == value.high)
        if len(known) < least:
            return NOT_KNOWN
        middle = (known[(len(known) - 1) // 2] + known[len(known) // 2]) // 2
        return Number(middle, middle, 1)

    def number_of(self, count: int) -> int:
        """A count as a number."""
        return count * SCALE

    def add_months(self, day: int, months: int) -> int:
        """The day so many months later, at most the last of its month."""
        begun = date.fromordinal(day)
        years, month = divmod(begun.month - 1 + months, 12)
        first = date(begun.year + years, month + 1, 1)
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return min(first.toordinal() + begun.day - 1, after.toordinal() - 1)

    def months_between(self, day: int, later: int) -> int:
        """The completed months between two days."""
        one, other = date.fromordinal(day), date.fromordinal(later)
        months = (other.year - one.year) * 12 + other.month - one.month
        return months - (self.add_months(day, months) > later)
