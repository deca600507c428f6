"""The parts of a condition. Each knows how to find its value on any machine: of one person, or of many at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benzotaper.entries import SCALE
from benzotaper.rules.algebra import FAR, Choice, Number, Quotient, compare, product, times
from benzotaper.rules.machine import Machine

COMPARISONS = {">=": "at least", ">": "above", "<=": "at most", "<": "below", "==": "is", "!=": "is not"}
"""The comparisons of the language, in words."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Node:
    """One part of a condition.

    Attributes:
        text: as it stands in the condition.
        worse: whether TRUE is the worse answer here, which changes with each `not` around it: where several sources
            differ, the worse one counts.
        place: its own number, by which a machine keeps what it found.
    """

    text: str
    worse: bool
    place: int

    def evaluate(self, machine: Machine) -> Any:
        """Its value: a truth, or what an operand holds."""
        raise NotImplementedError

    @property
    def is_condition(self) -> bool:
        """Whether it gives a truth; else it is an operand."""
        return True

    @property
    def parts(self) -> tuple["Node", ...]:
        """The nodes directly within it, but for the sides of a comparison."""
        return ()

    @property
    def conditions(self) -> tuple["Node", ...]:
        """The conditions directly within it, of which it is made: what a trace shows below it."""
        return tuple(part for part in self.parts if part.is_condition)

    @property
    def operands(self) -> tuple["Node", ...]:
        """All nodes directly within it."""
        return self.parts

    def facts(self) -> Iterator[str]:
        """The facts that it reads."""
        for part in self.parts:
            yield from part.facts()

    def thresholds(self) -> Iterator[str]:
        """The thresholds that it compares with."""
        for part in self.parts:
            yield from part.thresholds()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AllOf(Node):
    """`and`."""

    args: tuple[Node, ...]

    def evaluate(self, machine: Machine) -> Any:
        """The least of its parts."""
        return machine.least_of(self.args)

    @property
    def parts(self) -> tuple[Node, ...]:
        """What it joins."""
        return self.args


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnyOf(Node):
    """`or`."""

    args: tuple[Node, ...]

    def evaluate(self, machine: Machine) -> Any:
        """The greatest of its parts."""
        return machine.greatest_of(self.args)

    @property
    def parts(self) -> tuple[Node, ...]:
        """What it joins."""
        return self.args


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Not(Node):
    """`not`."""

    arg: Node

    def evaluate(self, machine: Machine) -> Any:
        """TRUE for FALSE, FALSE for TRUE; UNKNOWN stays."""
        return 2 - machine.run(self.arg)

    @property
    def parts(self) -> tuple[Node, ...]:
        """What it turns round."""
        return (self.arg,)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YesNo(Node):
    """A fact that is answered by yes or no."""

    fact: str

    def evaluate(self, machine: Machine) -> Any:
        """Its truth, the worse where sources differ."""
        return machine.truth(self.fact, self.worse)

    def facts(self) -> Iterator[str]:
        """The fact."""
        yield self.fact


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quantity(Node):
    """A fact that is a number; `worse` says whether the higher one is."""

    fact: str

    @property
    def is_condition(self) -> bool:
        """An operand."""
        return False

    def evaluate(self, machine: Machine) -> Number:
        """Its range."""
        return machine.number(self.fact, self.worse)

    def facts(self) -> Iterator[str]:
        """The fact."""
        yield self.fact


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limit(Node):
    """A threshold: a number, a switch or a list."""

    name: str

    @property
    def is_condition(self) -> bool:
        """An operand, or a switch of the profile."""
        return False

    def evaluate(self, machine: Machine) -> Any:
        """Its value in the profile."""
        return machine.thresholds[self.name]

    def thresholds(self) -> Iterator[str]:
        """Its name."""
        yield self.name


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared(Node):
    """Two numbers, compared."""

    op: str
    left: Node
    right: Node

    def evaluate(self, machine: Machine) -> Any:
        """TRUE where every value meets it, FALSE where none does."""
        left, right = machine.run(self.left), machine.run(self.right)
        return self._quotient(machine, left, right) if isinstance(left, Quotient) else compare(self.op, left, right)

    @property
    def operands(self) -> tuple[Node, ...]:
        """Both sides."""
        return self.left, self.right

    def _quotient(self, machine: Machine, left: Quotient, right: Number) -> Any:
        """Compared without dividing; by 0 it does not apply, so that it is FALSE."""
        low, high, exists = left.below
        doubted = (low <= -FAR) ^ (high >= FAR)  # a value was given, and another could be worse
        end = machine.where(low > -FAR, low, high)
        below = Number(machine.where(doubted, end, low), machine.where(doubted, end, high), exists)
        truth = compare(self.op, times(left.above, SCALE), product(right, below))
        maybe_zero, surely_zero = (below.low <= 0) & (below.high >= 0), (below.low == 0) & (below.high == 0)
        truth = machine.where(surely_zero, 0, machine.where(maybe_zero, machine.lesser(truth, 1), truth))
        worst = machine.greater(truth, 1) if self.worse else machine.lesser(truth, 1)
        return machine.where(doubted, worst, truth) * (left.above.exists * exists)

    def facts(self) -> Iterator[str]:
        """Those of both sides."""
        yield from self.left.facts()
        yield from self.right.facts()

    def thresholds(self) -> Iterator[str]:
        """Those of both sides."""
        yield from self.left.thresholds()
        yield from self.right.thresholds()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matched(Node):
    """A fact that is one of a few words, and which of them meet the condition.

    Attributes:
        fact: the fact.
        accepts: the words that meet it: bit n for the n-th level.
    """

    fact: str
    accepts: int

    def evaluate(self, machine: Machine) -> Any:
        """TRUE where it is one of them; the worse counts where sources differ."""
        return match(machine, machine.choice(self.fact), self.accepts, worse=self.worse)

    def facts(self) -> Iterator[str]:
        """The fact."""
        yield self.fact


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Called(Node):
    """A function of the language.

    Attributes:
        function: its name.
        value: what finds its value, from a machine and the arguments.
        args: its arguments: conditions and operands as nodes, names and operators as text.
        gives: what it gives, such as "truth".
        alone: whether it looks at lists, one person at a time.
    """

    function: str
    value: Callable[..., Any]
    args: tuple[Any, ...]
    gives: str
    alone: bool

    def evaluate(self, machine: Machine) -> Any:
        """What the function says."""
        return machine.by_person(self) if self.alone else self.value(machine, self, *self.args)

    @property
    def parts(self) -> tuple[Node, ...]:
        """Its arguments that are nodes."""
        return tuple(arg for arg in self.args if isinstance(arg, Node))

    @property
    def conditions(self) -> tuple[Node, ...]:
        """Its arguments that are conditions; none where they are asked of each set of readings or each reduction."""
        asked_elsewhere = self.alone or self.function == "repeated"
        return () if asked_elsewhere else tuple(part for part in self.parts if part.is_condition)

    @property
    def is_condition(self) -> bool:
        """Whether it gives a truth."""
        return self.gives == "truth"

    def facts(self) -> Iterator[str]:
        """Those of its arguments."""
        for arg in self.args:
            if isinstance(arg, Node):
                yield from arg.facts()
            elif isinstance(arg, FactName):
                yield arg


class FactName(str):
    """The name of a fact as an argument: the function reads it in its own way."""

    __slots__ = ()


def match(machine: Machine, choice: Choice, accepts: int, *, worse: bool) -> Any:
    """Whether a word is one of those accepted: by any source where TRUE is worse, else by every one."""
    if worse:
        return machine.where((choice.known & accepts) != 0, 2, choice.open)
    return machine.where((choice.known & ~accepts) != 0, 0, 2 - choice.open)
