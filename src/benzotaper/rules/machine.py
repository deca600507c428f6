"""What a machine must be able to do so that conditions can be evaluated on it.

There are two: `scalar.PersonMachine` looks at one person and keeps a trace; `columns.ColumnMachine` looks at many
check-ins at once. What a rule means is written once, above them; here is only how values are found and put together.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from benzotaper.rules.algebra import Choice, Number

if TYPE_CHECKING:
    from benzotaper.rules.nodes import Called, Node


class Window(NamedTuple):
    """So many days that end today, or yesterday while today has no value; `since`: none before the last reduction."""

    days: int
    since: bool


class Machine(ABC):
    """How values are found and put together."""

    thresholds: Mapping[str, Any]
    """The profile's thresholds: a number as a `Number`, a switch as a truth, a list as a tuple."""
    units: Mapping[str, str]
    """The unit of each threshold."""
    today: Any
    """The calendar day of `now` in its time zone, as an ordinal."""
    tape: list[Any]
    """The value of each node that was found, by the place of the node; else None."""

    # ---- putting values together

    def run(self, node: "Node") -> Any:
        """The value of a node; found once, then kept on the tape."""
        value = self.tape[node.place]
        if value is None:
            value = self.tape[node.place] = node.evaluate(self)
        return value

    @abstractmethod
    def lesser(self, one: Any, other: Any) -> Any:
        """The smaller of two."""

    @abstractmethod
    def greater(self, one: Any, other: Any) -> Any:
        """The larger of two."""

    @abstractmethod
    def least_of(self, nodes: "tuple[Node, ...]") -> Any:
        """The smallest value of several nodes."""

    @abstractmethod
    def greatest_of(self, nodes: "tuple[Node, ...]") -> Any:
        """The largest value of several nodes."""

    @abstractmethod
    def where(self, condition: Any, one: Any, other: Any) -> Any:
        """`one` where the condition holds, else `other`."""

    @abstractmethod
    def number_of(self, count: Any) -> Any:
        """A count as a number: in half-millionths."""

    def range_where(self, condition: Any, one: Number, other: Number) -> Number:
        """As `where`, for ranges."""
        return Number(*(self.where(condition, a, b) for a, b in zip(one, other, strict=True)))

    @abstractmethod
    def middle(self, values: list[Number], least: int) -> Number:
        """The median of the known values, if there are so many; else not known."""

    @abstractmethod
    def add_months(self, day: Any, months: int) -> Any:
        """The day so many calendar months later, at most the last of its month."""

    @abstractmethod
    def months_between(self, day: Any, later: Any) -> Any:
        """The completed calendar months between two days."""

    # ---- finding values

    @abstractmethod
    def truth(self, fact: str, worse: bool) -> Any:
        """The truth of a yes-or-no fact; where sources differ, TRUE if `worse`, else FALSE."""

    @abstractmethod
    def number(self, fact: str, worse: bool, consent: Any = None) -> Number:
        """The range of a number; where sources differ the higher one if `worse`, else the lower.

        A device counts only where `consent` is TRUE, if that is given.
        """

    @abstractmethod
    def date(self, fact: str, worse: bool) -> Number:
        """A date as a range of ordinals; where sources differ the later one if `worse`, else the earlier."""

    @abstractmethod
    def choice(self, fact: str) -> Choice:
        """The words that a fact may be."""

    @abstractmethod
    def form(self, fact: str) -> Any:
        """The form of the newest value that can be used: 1 for the fact's first, and so on; 0 where none is known."""

    @abstractmethod
    def accepted(self, fact: str, form: int) -> Any:
        """Whether a clinician said so, naming this form."""

    @abstractmethod
    def reported(self, fact: str) -> Any:
        """1 where a completed review has reported the fact already, else 0."""

    @abstractmethod
    def days(self, fact: str, window: Window, highest: bool, *, by: str = "", level: str = "") -> list[Number]:
        """The value of each day of the window, today or yesterday first.

        Args:
            fact: a number; or a yes-or-no fact, whose value then is its truth.
            window: which days; one that is not in it does not exist.
            highest: which of several values of a day counts.
            by: the fact that says whether today has a value; the same one, when left out.
            level: of a fact that is one of a few words: its value then is whether it is this one.
        """

    @abstractmethod
    def seen_within_hours(self, fact: str, hours: int) -> Any:
        """1 where it was TRUE in the hours up to now, else 0."""

    @abstractmethod
    def newest(self, fact: str) -> Any:
        """The truth of the newest fresh answer of anyone; UNKNOWN where there is none, or a FALSE is in doubt."""

    @abstractmethod
    def rises(self, fact: str) -> Number:
        """How many of the newest values in a row are higher than the one before, on the same form."""

    @abstractmethod
    def repeated(self, node: "Node", apart_min: int) -> Any:
        """Whether a condition holds in two sets of readings, so many minutes apart; 0 for any two."""

    @abstractmethod
    def by_person(self, called: "Called") -> Any:
        """The value of a function of lists, found one person at a time."""

    @abstractmethod
    def entries_in_force(self, fact: str) -> Any:
        """The list of the newest observation of one person, or why it is unknown."""

    @abstractmethod
    def equal_to_diazepam(self, diazepam: Number) -> Number:
        """That much diazepam in the unit of the total, by the table that judges."""

    @abstractmethod
    def rule(self, rule_id: str) -> Any:
        """The truth of another rule in this review, latch included."""

    @abstractmethod
    def because(self, node: "Node", reason: str, holds: Any = True) -> None:  # noqa: FBT002  mostly it does
        """Note why a node is unknown, where that holds."""
