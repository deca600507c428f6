"""The pace rules that need only the plan: PL-01, 02, 04, 06, 07, 09; 03 and 08 by a profile.

A flag never refuses a plan. It says whether the pace was chosen or is forced by the products; where tables disagree
it says "depends on the table" and names them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from benzotaper.doses import NG_PER_MG, mg_text
from benzotaper.equivalence import DIAZEPAM
from benzotaper.falls import unit_drug
from benzotaper.numbers import decimal_text
from benzotaper.pace import Fall, Limit, Pace, too_fast, verdicts
from benzotaper.rulebook import rule
from benzotaper.schedules import strategy
from benzotaper.steps import SEVERITIES, Finding, PlanRecord, Step, phase_texts

Cause = Literal["", "chosen", "products"]


def pace_findings(record: PlanRecord) -> tuple[Finding, ...]:
    """What the pace rules find in a plan.

    Args:
        record: the plan.

    Returns:
        Findings, in the order of the rules; those that only the products force are one finding.

    Sources: those of the rules, see `benzotaper.sources.cite`.
    """
    pace = Pace(record)
    if not pace.falls:
        return ()
    found = [*_fall_in_14_days(pace), *_last_fall(pace)]
    forced = [finding for finding in found if finding.cause == "products"]
    kept = [finding for finding in found if finding.cause != "products"]
    rest = (_first_fall, _interval, _growing, _zero_days, _interval_and_size, _label_cap)
    judged = (*kept, *_grouped(forced), *(finding for judge in rest for finding in judge(pace)))
    return tuple(_pointing(finding) if finding.cause == "products" else finding for finding in judged)


def _pointing(finding: Finding) -> Finding:
    """What only the products force, with where to find a product that would help."""
    return replace(finding, message=f"{finding.message} bt.suggest(plan) says whether another product would help.")


def _finding(
    rule_id: str,
    message: str,
    *,
    steps: tuple[int, ...],
    cause: Cause = "",
    figures: tuple[tuple[str, str], ...] = (),
) -> Finding:
    judged = rule(rule_id)
    return Finding(
        code=rule_id,
        severity="notice" if judged.if_unknown == "NOTE" else judged.severity,
        message=message,
        steps=steps,
        cause=cause,
        figures=figures,
        sources=(judged.source_id,),
        origin=judged.threshold_origin,
    )


def _fall_in_14_days(pace: Pace) -> Iterator[Finding]:
    """PL-01."""
    limits, window = pace.limits("pl01_floor_diazepam_mg"), int(pace.number("pl01_window_d"))
    share = pace.number("pl01_max_fraction_14_d")
    if not limits:
        yield _unjudged("PL-01", pace)
        return
    groups: dict[tuple[Cause, str], list[int]] = {}
    for fall in pace.falls:

        def exceeds(floor: Fraction, number: int = fall.step) -> bool:
            return too_fast(pace.days, pace.doses, number, window=window, share=share, floor=floor)

        judged = verdicts(limits, exceeds)
        if set(judged.values()) != {"no"}:
            clear = set(judged.values()) == {"yes"}
            cause = _cause(pace, fall, window, share, min(limit.low for limit in limits))
            groups.setdefault((cause, "" if clear else _disagreement(judged)), []).append(fall.step)
    for (cause, split), steps in groups.items():
        yield _finding(
            "PL-01",
            f"The total falls by more than {_percent(share)} % within {window} days "
            f"(and by more than {decimal_text(pace.number('pl01_floor_diazepam_mg'))} mg of diazepam). {split}"
            f"{_CAUSE_TEXT[cause]} A prescriber's recorded reason is needed.",
            steps=tuple(steps),
            cause=cause,
            figures=(("worst fall, % of current", _worst_percent(pace, steps)),),
        )


_CAUSE_TEXT: dict[Cause, str] = {
    "": "The chosen course does not; the smoothest fit does, so that its largest fall is the smallest.",
    "chosen": "The chosen course itself falls so.",
    "products": "The chosen course does not; the products force it.",
}


def _cause(pace: Pace, fall: Fall, window: int, share: Fraction, floor: Fraction) -> Cause:
    """Whether the ideal course falls as fast around that day, or only the products or the fit do."""
    days, doses = pace.ideal
    near = [n for n in range(1, len(days)) if 0 <= (fall.day - days[n]).days < window]
    fast = any(too_fast(days, doses, n, window=window, share=share, floor=floor) for n in near)
    return "chosen" if fast else _not_chosen(pace, fall)


def _not_chosen(pace: Pace, fall: Fall) -> Cause:
    """What the ideal course does not ask for is forced by the products, unless the smoothest fit could fall less."""
    smallest = pace.finest[fall.step - 1]
    return "" if pace.record.request.fit == "smoothest" and fall.ng > smallest else "products"


def _last_fall(pace: Pace) -> Iterator[Finding]:
    """PL-04, or a notice of the last fall where it is small."""
    if pace.record.ending != "zero":
        return
    fall = pace.falls[-1]
    limits = pace.limits("pl04_final_dose_diazepam_mg")
    judged = verdicts(limits, lambda limit: fall.ng > limit)
    said = f"The last fall is from {_last_dose(pace, fall)} to nothing"
    if not judged:
        yield _unjudged("PL-04", pace)
    elif set(judged.values()) == {"no"}:
        yield Finding(code="last-fall", severity="notice", message=f"{said}.", steps=(fall.step,))
    else:
        clear = set(judged.values()) == {"yes"}
        cause: Cause = "products" if _forced_end(pace, fall, limits) else "chosen"
        split = "" if clear else f" {_disagreement(judged).strip()}"
        yield _finding(
            "PL-04",
            f"{said}, above {decimal_text(pace.number('pl04_final_dose_diazepam_mg'))} mg of diazepam "
            f"(project default, confirm).{split} A prescriber's recorded reason is needed.",
            steps=(fall.step,),
            cause=cause,
            figures=(("last fall, mg", mg_text(fall.ng)),),
        )


def _forced_end(pace: Pace, fall: Fall, limits: list[Limit]) -> bool:
    """Whether the last fall is that large only because the products make nothing smaller."""
    request = pace.record.request
    if request.last_dose.ng or not 0 < fall.ng <= pace.finest[fall.step - 1]:
        return False
    phases = phase_texts(request.strategies)
    if phases and strategy(phases[-1]).fades:
        return True
    # a course that reaches zero by itself may end with a fall as large
    asked = next((dose for dose in reversed(pace.ideal[1]) if dose), Fraction(0))
    return set(verdicts(limits, lambda limit: asked > limit).values()) == {"no"}


def _last_dose(pace: Pace, fall: Fall) -> str:
    """What is taken last: each drug in mg, the highest day of a cycle, and all of it in diazepam mg."""
    step = pace.record.steps[fall.step - 1]
    doses = {drug: step.mean_ng(drug) for drug in step.drugs}
    highest = max(sum(a.dose.ng for a in day) for day in step.cycle)
    said = " and ".join(f"{decimal_text(ng / NG_PER_MG, places=3)} mg of {drug}" for drug, ng in doses.items())
    if len(step.cycle) > 1:
        said = f"a mean of {said} a day ({mg_text(highest)} mg on the highest day)"
    factors = {f.drug: f for f in pace.record.factors}
    if set(doses) == {DIAZEPAM} or not set(doses) <= set(factors):
        return said
    low, high = (
        decimal_text(sum(ng * getattr(factors[drug], end) for drug, ng in doses.items()) / NG_PER_MG, places=2)
        for end in ("low", "high")
    )
    used = [factors[drug] for drug in doses if drug != DIAZEPAM]
    tables = [", ".join(dict.fromkeys(getattr(f, end) for f in used)) for end in ("low_table", "high_table")]
    if low == high:
        return f"{said} ({low} mg of diazepam by {tables[0]})"
    if tables[0] == tables[1]:
        return f"{said} ({low} to {high} mg of diazepam by {tables[0]})"
    return f"{said} ({low} mg of diazepam by {tables[0]} to {high} mg by {tables[1]})"


def _grouped(forced: list[Finding]) -> Iterator[Finding]:
    """Flags that come from the products alone, in one line: a plan full of noise is not read."""
    if len(forced) < 2:  # noqa: PLR2004  one needs no grouping
        yield from forced
        return
    first = forced[0]
    yield Finding(
        code=" ".join(dict.fromkeys(finding.code for finding in forced)),
        severity=min((finding.severity for finding in forced), key=SEVERITIES.index),
        message=" ".join(finding.message for finding in forced),
        steps=tuple(sorted({step for finding in forced for step in finding.steps})),
        cause="products",
        figures=tuple(figure for finding in forced for figure in finding.figures),
        sources=tuple(dict.fromkeys(source for finding in forced for source in finding.sources)),
        origin=first.origin,
    )


def _first_fall(pace: Pace) -> Iterator[Finding]:
    """PL-02."""
    fall, most = pace.falls[0], pace.number("pl02_max_first_fraction")
    if fall.fraction > most:
        ideal = pace.ideal[1]
        first = next((now / before for before, now in pairwise(ideal) if now < before), Fraction(1))
        cause: Cause = "chosen" if 1 - first > most else _not_chosen(pace, fall)
        yield _finding(
            "PL-02",
            f"The first reduction is {_percent(fall.fraction)} % of the current total, above "
            f"{_percent(most)} %. {_CAUSE_TEXT[cause]} The prescriber should confirm it.",
            steps=(fall.step,),
            cause=cause,
            figures=(("first reduction, % of current", _percent(fall.fraction)),),
        )


def _interval(pace: Pace) -> Iterator[Finding]:
    """PL-03, by a profile."""
    shortest = pace.number("pl03_min_interval_d")
    close = [fall.step for fall in pace.falls[1:] if fall.interval_days < shortest]
    if pace.record.request.profile and close:
        yield _finding(
            "PL-03",
            f"Less than {decimal_text(shortest)} days after the reduction before. The prescriber should confirm it.",
            steps=tuple(close),
        )


def _growing(pace: Pace) -> Iterator[Finding]:
    """PL-06: falls that grow by more than the products force; the fall to zero is not counted."""
    falls = [fall for fall in pace.falls if fall.after]
    grown = []
    for smaller, larger in pairwise(falls):
        rounding = max(pace.finest[n] for n in (smaller.step - 1, smaller.step, larger.step - 1, larger.step))
        if larger.ng > smaller.ng + rounding:
            grown.append(larger.step)
    if grown:
        yield _finding(
            "PL-06",
            "The fall is larger than the one before, by more than one smallest step of the products.",
            steps=tuple(grown),
        )


def _zero_days(pace: Pace) -> Iterator[Finding]:
    """PL-07."""
    steps = [step.number for step in pace.record.steps if _skips(step, later=pace.doses[step.number + 1 :])]
    if steps:
        yield _finding(
            "PL-07",
            "Days without any dose are followed by days with one. The prescriber should confirm it.",
            steps=tuple(steps),
        )


def _skips(step: Step, *, later: Sequence[Fraction]) -> bool:
    """Whether a day of a step is without any dose and a later one is not; a short step may cut its cycle short."""
    days = [step.day(number) for number in range(min(step.days or len(step.cycle), 2 * len(step.cycle)))]
    return any(not day and (any(days[number:]) or any(later)) for number, day in enumerate(days))


def _interval_and_size(pace: Pace) -> Iterator[Finding]:
    """PL-08, in the profiles that turn it on."""
    if not pace.judges_interval_and_size:
        return
    limits = pace.limits("pl08_floor_diazepam_mg")
    if not limits and any(pace.too_soon(fall) for fall in pace.falls):
        yield _unjudged("PL-08", pace)
    for clear in (True, False):
        steps, named = [], ""
        for fall in pace.falls:
            judged = verdicts(limits, lambda limit, fall=fall: fall.ng > limit and pace.too_soon(fall))  # type: ignore[misc]  # bound at once
            if set(judged.values()) - {"no"} and clear == (set(judged.values()) == {"yes"}):
                steps.append(fall.step)
                named = "" if clear else _disagreement(judged)
        if steps:
            yield _finding(
                "PL-08",
                f"Larger or sooner than profile {pace.record.request.profile} has it. {named}"
                "The prescriber should confirm it.",
                steps=tuple(steps),
            )


def _label_cap(pace: Pace) -> Iterator[Finding]:
    """PL-09: alprazolam by more than its label's outer cap."""
    window, most = int(pace.number("pl09_window_d")), pace.number("pl09_max_fall_mg") * NG_PER_MG
    doses = [step.mean_ng("alprazolam") for step in pace.record.steps]
    steps = [
        n
        for n in range(1, len(doses))
        if any(
            doses[earlier] - doses[n] > most
            for earlier in range(n)
            if (pace.days[n] - pace.days[earlier + 1]).days + 1 <= window
        )
    ]
    if steps:
        yield _finding(
            "PL-09",
            f"Alprazolam falls by more than {mg_text(most)} mg within {window} days, above its "
            "label's outer cap; a label speed is not a safe speed. A prescriber's recorded reason is needed.",
            steps=tuple(steps),
        )


def _unjudged(rule_id: str, pace: Pace) -> Finding:
    drug = unit_drug(pace.record)
    return _finding(
        rule_id,
        f"{rule_id} cannot be judged: no table used here has {drug}, so its falls are unknown in diazepam mg.",
        steps=(),
    )


def _disagreement(judged: dict[str, str]) -> str:
    """Which table says what."""
    words = {"yes": "yes by", "no": "no by", "depends": "within the range of"}
    said = [
        f"{words[answer]} {', '.join(table for table, given in judged.items() if given == answer)}"
        for answer in words
        if answer in judged.values()
    ]
    return f"It depends on the table: {'; '.join(said)}. "


def _worst_percent(pace: Pace, steps: list[int]) -> str:
    return _percent(max(fall.fraction for fall in pace.falls if fall.step in steps))


def _percent(share: Fraction) -> str:
    return decimal_text(share * 100, places=1)
