"""The arithmetic of a machine on arrays of whole numbers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from benzotaper.entries import SCALE
from benzotaper.rules.algebra import FAR, Number
from benzotaper.rules.machine import Machine
from benzotaper.rules.nodes import Node

_EPOCH_DAY = date(1970, 1, 1).toordinal()


class ArrayArithmetic(Machine):
    """How arrays are put together; `size` is how long they are."""

    size: int

    def lesser(self, one: Any, other: Any) -> Any:
        """The smaller of two."""
        return np.minimum(one, other)

    def greater(self, one: Any, other: Any) -> Any:
        """The larger of two."""
        return np.maximum(one, other)

    def least_of(self, nodes: tuple[Node, ...]) -> Any:
        """The smallest value of several nodes."""
        return self._least([self.run(node) for node in nodes])

    def _least(self, values: Sequence[Any]) -> Any:
        found = values[0]
        for value in values[1:]:
            found = np.minimum(found, value)
        return found

    def greatest_of(self, nodes: tuple[Node, ...]) -> Any:
        """The largest value of several nodes."""
        return self.greatest([self.run(node) for node in nodes])

    def greatest(self, values: Sequence[Any]) -> Any:
        """The largest of several."""
        found = values[0]
        for value in values[1:]:
            found = np.maximum(found, value)
        return found

    def where(self, condition: Any, one: Any, other: Any) -> Any:
        """`one` where the condition holds."""
        return np.where(condition, one, other)

    def middle(self, values: list[Number], least: int) -> Number:
        """The median of the known values."""
        low = np.stack([np.broadcast_to(value.low, self.size) for value in values])
        known = np.stack(
            [np.broadcast_to((value.low == value.high) & (value.exists == 1), self.size) for value in values]
        )
        count = known.sum(axis=0)
        low = np.sort(np.where(known, low, FAR), axis=0)
        ends = [
            np.take_along_axis(low, each[None, :], axis=0)[0]
            for each in (np.maximum(count - 1, 0) // 2, np.minimum(count // 2, len(values) - 1))
        ]
        median = (ends[0] + ends[1]) // 2
        enough = count >= max(least, 1)
        return Number(np.where(enough, median, -FAR), np.where(enough, median, FAR), 1)

    def add_months(self, day: Any, months: Any) -> Any:
        """The day so many months later, at most the last of its month."""
        date = (np.asarray(day, dtype=np.int64) - _EPOCH_DAY).astype("datetime64[D]")
        month = date.astype("datetime64[M]")
        place = (date - month.astype("datetime64[D]")).astype(np.int64)
        later = month + months
        last = ((later + 1).astype("datetime64[D]") - np.timedelta64(1, "D")).astype(np.int64)
        return np.minimum(later.astype("datetime64[D]").astype(np.int64) + place, last) + _EPOCH_DAY

    def months_between(self, day: Any, later: Any) -> Any:
        """The completed months between two days."""
        one, other = (
            (np.asarray(each) - _EPOCH_DAY).astype("datetime64[D]").astype("datetime64[M]") for each in (day, later)
        )
        months = (other - one).astype(np.int64)
        # a month is not complete before its own day, which may be the last of a shorter month
        return months - (self.add_months(day, months) > later)

    def number_of(self, count: Any) -> Any:
        """A count as a number."""
        return np.asarray(count, dtype=np.int64) * SCALE
