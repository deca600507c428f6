"""`fit="smoothest"`: the dates and the last dose of the plan that is never ahead, in the evenest totals."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from benzotaper.dispensing.descent import State
from benzotaper.dispensing.shelf import EveryDose
from benzotaper.dispensing.smoothest import Proof, best_totals, proof
from benzotaper.doses import mg_text
from benzotaper.errors import PlanError
from benzotaper.numbers import decimal_text
from benzotaper.planning.draft import Draft, Line
from benzotaper.schedules.base import Strategy
from benzotaper.schedules.hyperbolic import Hyperbolic
from benzotaper.schedules.linear import Linear
from benzotaper.schedules.percentage import Percentage
from benzotaper.steps import Ending, Finding

SMOOTHEST = "smoothest"


def chain_for(line: Line, phases: Sequence[Strategy]) -> tuple[State, ...]:
    """The states that a smoothest plan chooses from, the present one first.

    Args:
        line: the drug before its first level.
        phases: the strategies.

    Raises:
        PlanError: a strategy of another kind, any dose, or a way down without a fixed chain.
    """
    for phase in phases:
        if not isinstance(phase, Linear | Percentage | Hyperbolic):
            kinds = ", ".join(kind.NAME for kind in (Linear, Percentage, Hyperbolic))
            message = f"fit='{SMOOTHEST}' is for the strategies {kinds}, not for '{phase}'; give 'up' or 'nearest'"
            raise PlanError(message, value=phase)
    if isinstance(line.shelf, EveryDose):
        message = f"fit='{SMOOTHEST}' chooses among the totals that products make; with ANY_DOSE give 'up' or 'nearest'"
        raise PlanError(message, value="ANY_DOSE")
    return line.way.chain(line.state)


def smoothed(up: Draft, line: Line, chain: Sequence[State], *, lead_in: int, ending: Ending) -> tuple[Draft, Finding]:
    """The plan with the smallest largest relative fall that takes no longer, and the record of its proof.

    Args:
        up: the whole plan in the smallest totals at or above the ideal ones; its dates and last dose are kept.
        line: the drug, at its last dose.
        chain: the states that can be taken, the present one first.
        lead_in: how long the current dose is kept first (days).
        ending: how the plan ends.
    """
    totals = [sum(state) for state in chain]
    # a maintenance dose is reached on the last date; the date of zero is none for a fall on the chain
    falls_on = up.ideals if ending == "maintenance" else up.ideals[:-1]
    sequence = best_totals(totals, intervals=len(falls_on), last=line.total)
    states = dict(zip(totals, chain, strict=True))
    draft = Draft(up.fit, ideals=up.ideals[:-1])
    if lead_in:
        draft.add(lead_in, (line.doses(chain[0]),), finest_fall=line.way.finest_fall(chain[0]))
    ideals = [ideal for _, _, ideal in falls_on]
    taken = _on_dates(sequence, ideals)
    for total, (day, _, _), (until, _, _) in zip(taken, up.ideals, up.ideals[1:], strict=False):
        line.state = states[total]
        draft.add(until - day, (line.doses(line.state),), finest_fall=line.finest_fall())
    line.state = states[sequence[-1]]
    draft.stay(line) if ending == "maintenance" else draft.end(line)
    proved = proof(totals, sequence, intervals=len(falls_on))
    ahead = any(total < ideal for total, ideal in zip(taken, ideals, strict=True))
    return draft, _finding(proved, sequence, _worst(up, totals[0]), ahead=ahead)


def _on_dates(sequence: Sequence[int], ideals: Sequence[int]) -> list[int]:
    """The total from each date on.

    A total is reached when the ideal course is there, and before that only where the rest would come too late.
    """
    taken, place, end = [], 0, len(sequence) - 1
    for number, ideal in enumerate(ideals):
        if place < end and (ideal <= sequence[place + 1] or end - place >= len(ideals) - number):
            place += 1
        taken.append(sequence[place])
    return taken


def _worst(up: Draft, present: int) -> Fraction:
    """The largest relative fall of the plan before its fall to zero."""
    doses = [present, *(sum(ng for _, _, ng in stage.cycle[0]) for stage in up.stages)]
    return max((Fraction(a - b, a) for a, b in pairwise(doses) if b), default=Fraction(0))


def _finding(proved: Proof, sequence: Sequence[int], worst_up: Fraction, *, ahead: bool) -> Finding:
    """The proof as a record that people and programs read."""
    if not proved.fall:
        message = "The current dose is the last one: there is no fall before the last, and nothing to make even."
        return Finding(code="smoothest", severity="notice", message=message, figures=_figures(proved, worst_up))
    before, after, percent = mg_text(proved.before), mg_text(proved.after), _percent(proved.fall)
    return Finding(
        code="smoothest",
        severity="notice",
        message=(
            f"The totals are the evenest ones: the largest fall, that to zero left out, is {percent} % of the current "
            f"total, from {before} to {after} mg; with fit up it is {_percent(worst_up)} %. {_bound(proved)}"
            f"{' On some days the plan is ahead of the ideal course.' if ahead else ''}"
        ),
        steps=(sequence.index(proved.after),),
        figures=_figures(proved, worst_up),
    )


def _bound(proved: Proof) -> str:
    if proved.gap:
        above, below = map(mg_text, proved.gap)
        return f"None is smaller: below {above} mg the next total that can be made is {below} mg."
    return (
        f"A smaller largest fall needs at least {proved.needed} falls, {proved.needed - proved.intervals} more than "
        f"the {proved.intervals} that this course has dates for."
    )


def _figures(proved: Proof, worst_up: Fraction) -> tuple[tuple[str, str], ...]:
    needed, beyond = str(proved.needed), str(proved.needed - proved.intervals)
    return (
        ("largest fall, of the current total", str(proved.fall)),
        ("largest fall, % of current", _percent(proved.fall)),
        ("from, mg", mg_text(proved.before)),
        ("to, mg", mg_text(proved.after)),
        ("the same with fit up, of the current total", str(worst_up)),
        ("the same with fit up, % of current", _percent(worst_up)),
        ("falls that there are dates for", str(proved.intervals)),
        ("falls that a smaller largest fall needs", needed if proved.needed else "no number is enough"),
        ("too many by", beyond if proved.needed else "no number is enough"),
    )


def _percent(share: Fraction) -> str:
    return decimal_text(share * 100, places=1)
