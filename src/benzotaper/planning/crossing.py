"""Crosses from one drug to another: one administration, or part of it, at a time.

What enters at a time of the day is the equivalent of all that has left there, rounded down to what can be made, so
the total never exceeds what it was before the cross-over.
"""

from collections.abc import Callable
from fractions import Fraction

from benzotaper import equivalence
from benzotaper.dispensing.descent import State
from benzotaper.dispensing.shelf import EveryDose, Shelf
from benzotaper.doses import Dose, mg_text
from benzotaper.errors import AcknowledgementError, PlanError
from benzotaper.findings import WIDE_SPREAD
from benzotaper.numbers import decimal_text
from benzotaper.planning.draft import Doses, Draft, Line
from benzotaper.schedules.substitution import Substitution, incoming

AT_ONCE_MOST_MG = 20  # project default, confirm: a larger dose of diazepam at once needs somebody's word
SETTLING_DAYS = 7  # rule FU-02: nothing is reduced in the week after the last portion


def cross(draft: Draft, old: Line, phase: Substitution, factor: Fraction, *, line_for: Callable[[State], Line]) -> Line:
    """Add the stages of a cross-over.

    Args:
        draft: grows by a stage a portion; the last one lasts at least `SETTLING_DAYS`.
        old: the drug that leaves.
        phase: the substitution.
        factor: mg that enter for one mg that leaves.
        line_for: makes the line of the drug that enters, for the largest doses (ng) that may be asked of it.

    Returns:
        The line of the drug that entered, at its full doses.

    Raises:
        PlanError: a portion that the products cannot take away, or whose equivalent they cannot make.
        NotMakeableError: an equivalent above what the products make in the allowed pieces.
    """
    new = line_for(tuple(_equivalent(dose, factor) for dose in old.state))
    portions = tuple(phase.portions_in_turn(old.times))
    turns = [portions] if phase.at_once else [(time,) for time in portions]
    before, crossed = old.state, dict.fromkeys(old.times, 0)
    for number, turn in enumerate(turns, start=1):
        for time in turn:
            crossed[time] += 1
        old.state = tuple(
            _left(old, dose, crossed[time], phase) if crossed[time] else dose
            for time, dose in zip(old.times, before, strict=True)
        )
        new.state = tuple(_entered(new, was - is_now, factor) for was, is_now in zip(before, old.state, strict=True))
        days = phase.every if number < len(turns) else max(phase.every, phase.hold, SETTLING_DAYS)
        draft.ideals.append((draft.day, new.drug, new.total))
        draft.add(days, (_together(old, new),), finest_fall=new.finest_fall())
    new.ideal = new.base = new.total
    return new


def _equivalent(ng: int, factor: Fraction) -> int:
    return int(incoming(ng, factor.numerator, factor.denominator))


def _left(old: Line, dose: int, crossed: int, phase: Substitution) -> int:
    """What is left of a dose once so many of its portions have crossed: never less than the portions say."""
    if crossed == phase.portions:
        return 0
    kept = old.shelf.at_or_above(-(-dose * (phase.portions - crossed) // phase.portions))
    present = old.shelf.at_or_above(-(-dose * (phase.portions - crossed + 1) // phase.portions))
    if kept >= present:
        message = (
            f"{mg_text(dose)} mg of {old.drug} cannot cross over in {phase.portions} portions with these products; "
            "give fewer portions, smaller strengths or splitting"
        )
        raise PlanError(message, value=phase.portions)
    return kept


def _entered(new: Line, replaced: int, factor: Fraction) -> int:
    """The dose that replaces what has left at one time of the day."""
    if not replaced:
        return 0
    wanted = _equivalent(replaced, factor)
    made = new.shelf.at_or_below(wanted)
    if not made:
        message = (
            f"the equivalent of what leaves is {mg_text(wanted)} mg of {new.drug}, less than its products can make; "
            "cross over in fewer portions, or give smaller strengths or a liquid"
        )
        raise PlanError(message, value=wanted)
    return made


def _together(old: Line, new: Line) -> Doses:
    """The doses of both drugs, in the order of the day, the leaving drug first."""
    doses = old.doses(old.state) + new.doses(new.state)
    return tuple(sorted(doses, key=lambda dose: (old.times.index(dose[1]), dose[0] != old.drug)))


def check_largest(shelf: Shelf | EveryDose, doses: State) -> None:
    """Refuse an equivalent far above what the products make in the allowed pieces, instead of cutting it short."""
    if isinstance(shelf, Shelf):
        for dose in doses:
            if dose - shelf.doses[-1] >= shelf.finest:
                raise shelf.refusal(dose, what="the equivalent")


def other_tables(drug: str, dose: Dose, to: str) -> tuple[tuple[str, Fraction, Fraction], ...]:
    """What each default table that has both drugs gives for a daily dose: table, low (mg), high (mg)."""
    having = [table for table in equivalence.default_tables() if table.has(drug) and table.has(to)]
    found = [equivalence.convert((drug, dose), to=to, table=table) for table in having]
    return tuple((each.table, each.low_mg, each.high_mg) for each in found)


def check_at_once(
    drug: str,
    dose: Dose,
    to: str,
    factor: Fraction,
    others: tuple[tuple[str, Fraction, Fraction], ...],
    table: equivalence.Table,
) -> None:
    """Ask for somebody's word where tables disagree widely, or much diazepam would come at once."""
    low, high = min((o[1] for o in others), default=Fraction(0)), max((o[2] for o in others), default=Fraction(0))
    target_ng = int(dose.ng * factor)
    diazepam_mg = equivalence.mg_range_in_diazepam(to, target_ng, table)[1]
    if high >= WIDE_SPREAD * low or diazepam_mg > AT_ONCE_MOST_MG:
        message = (
            f"{dose} of {drug} at once to {mg_text(target_ng)} mg of {to}: the default tables give "
            f"{decimal_text(low, places=2)} to {decimal_text(high, places=2)} mg; a spread of {WIDE_SPREAD} times or "
            f"more, or more than {AT_ONCE_MOST_MG} mg of diazepam, needs acknowledge='who owns it, and why', or every="
        )
        raise AcknowledgementError(message, what="at_once")
