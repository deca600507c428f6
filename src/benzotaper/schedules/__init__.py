"""The six strategies, each a value in a module of its own; none knows another."""

from collections.abc import Iterable
from typing import TypeAlias

from benzotaper.errors import StrategyError, did_you_mean, hint
from benzotaper.schedules.alternate_day import AlternateDay
from benzotaper.schedules.base import Strategy
from benzotaper.schedules.hold_and_step import HoldAndStep
from benzotaper.schedules.hyperbolic import Hyperbolic
from benzotaper.schedules.linear import Linear
from benzotaper.schedules.percentage import Percentage
from benzotaper.schedules.substitution import Substitution

__all__ = [
    "STRATEGIES",
    "AlternateDay",
    "HoldAndStep",
    "Hyperbolic",
    "Linear",
    "Percentage",
    "Phases",
    "Strategy",
    "Substitution",
    "read_phases",
    "strategy",
]

STRATEGIES: dict[str, type[Strategy]] = {
    "linear": Linear,
    "percentage": Percentage,
    "alternate-day": AlternateDay,
    "substitution": Substitution,
    "hyperbolic": Hyperbolic,
    "hold-and-step": HoldAndStep,
}
"""Every strategy by its first word as text."""

Phases: TypeAlias = Strategy | str | Iterable[Strategy | str]


def strategy(text: str) -> Strategy:
    """Read one strategy from its text: the exact inverse of ``str``.

    Raises:
        StrategyError: no strategy begins so, or its text is not whole.

    >>> strategy("percentage 10 % of current every 2 weeks") == Percentage("10 %", of="current", every="2 weeks")
    True
    """
    words = str(text).split()
    kind = STRATEGIES.get(words[0] if words else "")
    if kind is None:
        near = hint(did_you_mean(words[0] if words else "", STRATEGIES))
        raise StrategyError(f"{text!r} names no strategy{near}; the strategies are {', '.join(STRATEGIES)}", value=text)
    return kind.read(text, inner=strategy)


def read_phases(phases: Phases) -> tuple[Strategy, ...]:
    """One strategy, or a sequence of them, as values.

    Raises:
        StrategyError: nothing given, or something that is no strategy.
    """
    several = not isinstance(phases, Strategy | str) and isinstance(phases, Iterable)
    many: list[Strategy | str] = list(phases) if several else [phases]  # type: ignore[list-item,arg-type]  # as just asked
    if not many:
        raise StrategyError("no strategy is given; give one, or a sequence of them", value=phases)
    for phase in many:
        if not isinstance(phase, Strategy | str):
            raise StrategyError(f"{phase!r} is no strategy; give one such as Percentage('10 %', ...)", value=phase)
    return tuple(phase if isinstance(phase, Strategy) else strategy(phase) for phase in many)
