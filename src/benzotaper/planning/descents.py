"""Follows a strategy down: the levels of a phase become stages that the products can make."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import takewhile

from benzotaper.dispensing.descent import State
from benzotaper.doses import NG_PER_MG, mg_text
from benzotaper.errors import NotMakeableError, PlanError
from benzotaper.planning.draft import Draft, Line
from benzotaper.schedules.base import Level, Steady, Strategy, Taper
from benzotaper.schedules.hold_and_step import HoldAndStep


def descend(draft: Draft, line: Line, phase: Taper, *, target: int) -> bool:
    """Follow a phase that another one follows, to where it ends.

    Args:
        draft: grows by the stages of the phase.
        line: the drug; its state and ideal go on from the last level.
        phase: the strategy.
        target: the maintenance dose that nothing passes (ng), or 0.

    Returns:
        Whether a gate was reached, behind which nothing is known.
    """
    floor = max(phase.floor(line.base), target)
    if not floor:
        raise PlanError(f"the phase '{phase}' goes to 0 mg, so nothing can follow it; give it down_to=", value=phase)
    for level in phase.levels(line.base, line.ideal, floor=floor, lowest=line.lowest):
        if level.high == target:
            break
        draft.follow(line, level)
        if level.gated:
            return True
    line.ideal = min(line.ideal, floor)
    return False


def descend_to_end(draft: Draft, line: Line, phase: Taper, *, last_dose: int) -> bool:
    """Follow the last phase to zero.

    A course that only comes near zero, or that was given a last dose, stays at that dose until the ideal is below
    half of it, at least one interval.

    Returns:
        Whether a gate was reached.
    """
    lowest = last_dose or (line.lowest if phase.fades or line.one_at_a_time else 0)
    if isinstance(phase, Steady):
        return _descend_steadily(draft, line, phase, lowest=lowest)
    rested, days = False, 1
    for level in phase.levels(line.base, line.ideal, floor=phase.floor(line.base), lowest=max(line.lowest, last_dose)):
        if (rested and 2 * level.high < line.total) or (not lowest and not level.high and not level.cycle):
            break
        draft.follow(line, level, at_least=lowest)
        rested, days = line.at_last(lowest), level.days
        if level.gated:
            return True
    _end(draft, line, days, lowest=lowest, rested=rested)
    return False


def _descend_steadily(draft: Draft, line: Line, phase: Steady, *, lowest: int) -> bool:
    """As `descend_to_end`, by doses that each last as long: only those that may change something are looked at."""
    rested, days = False, phase.every
    doses = phase.doses(line.base, line.ideal, floor=phase.floor(line.base))
    dose = next(doses, None)
    while dose is not None and not (rested and 2 * dose < line.total) and (lowest or dose):
        draft.follow(line, Level(dose, days), at_least=lowest)
        rested = line.at_last(lowest)
        dose = draft.glide(line, doses, days, at_least=lowest, until=-(-line.total // 2) if rested else 0)
    _end(draft, line, days, lowest=lowest, rested=rested)
    return False


def _end(draft: Draft, line: Line, days: int, *, lowest: int, rested: bool) -> None:
    while lowest and not rested:  # drugs that end one at a time
        draft.follow(line, Level(0, days), at_least=lowest)
        rested = line.at_last(lowest)
    draft.end(line)


def check_ends(phase: Taper, line: Line, *, last_dose: int) -> None:
    """Refuse a last phase that stops above zero without anybody having said so."""
    floor = phase.floor(line.base)
    if floor > last_dose:
        message = (
            f"the last phase '{phase}' ends at {mg_text(floor)} mg: add a phase, or give target='{mg_text(floor)} mg' "
            f"to stay there, or last_dose='{mg_text(floor)} mg' to go from there to zero"
        )
        raise PlanError(message, value=phase)


def check_makeable(line: Line, ng: int, *, what: str) -> State:
    """The state with exactly this total.

    Raises:
        NotMakeableError: the way down does not come through it.
    """
    state = line.way.fall(line.state, ng, nearest=False)
    if sum(state) == ng:
        return state
    above = sum(state)
    below = above - line.way.finest_fall(state)
    message = (
        f"{what} {mg_text(ng)} mg of {line.drug} cannot be made on the way down; the nearest totals are "
        f"{mg_text(below)} mg and {mg_text(above)} mg; give one of them, or other products or splitting"
    )
    raise NotMakeableError(
        message, dose_mg=Fraction(ng, NG_PER_MG), nearest_mg=(Fraction(below, NG_PER_MG), Fraction(above, NG_PER_MG))
    )


def behind_gate(phase: Taper, line: Line, later: Sequence[Strategy]) -> tuple[str, ...]:
    """The strategies behind a gate, as text, with every percentage of this course's start as a dose."""
    here = phase.rest(line.base, line.ideal) if isinstance(phase, HoldAndStep) else phase
    same_drug = list(takewhile(lambda p: isinstance(p, Taper), later))
    fixed = [p.in_mg(line.base) for p in same_drug if isinstance(p, Taper)]
    return tuple(str(p) for p in (here, *fixed, *later[len(same_drug) :]))
