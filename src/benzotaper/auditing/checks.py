"""The questions of an audit: does it rise, does it jump, do the days add up, does it end."""

from collections.abc import Iterator
from fractions import Fraction

from benzotaper.auditing.case import Case, finding
from benzotaper.auditing.counting import joint, tables_words
from benzotaper.auditing.falls import fall_findings
from benzotaper.auditing.records import AuditFinding
from benzotaper.doses import mg_text
from benzotaper.numbers import decimal_text
from benzotaper.received.levels import Clash

NO_TABLE = "no table used here has both in mg of diazepam"


def judged(case: Case) -> Iterator[AuditFinding]:
    """Everything that the doses and days of a schedule show."""
    for check in (_rises, fall_findings, _zero_days, _clashes, _end):
        yield from check(case)


def _rises(case: Case) -> Iterator[AuditFinding]:
    groups: dict[tuple[str, str], list[int]] = {}
    for before, now in case.rises:
        groups.setdefault((case.count.words(before), case.count.words(now)), []).append(now)
    for (was, is_now), levels in groups.items():
        same = " on its highest day" if was == is_now else ""
        yield finding(
            "rise",
            case.where_levels(levels),
            f"The dose rises from {was} to {is_now}{same}.",
            "write a dose that is not above the one before; where days take turns, give them one step number",
            figures=(("before", was), ("after", is_now)),
        )
    for before, now in case.pairs:
        if len(case.arranged.units) > 1:
            _doubt_rise(case, before, now)
        yield from _single_rises(case, before, now)


def _doubt_rise(case: Case, before: int, now: int) -> None:
    """A total that rises by some tables only."""
    verdicts = case.count.rises(before, now)
    if joint(verdicts) == "yes" and case.begins_within_change(before, now):
        case.received.doubts.add(
            case.levels[now].place,
            "the total is above that of the first step, which lies within a change of drug already",
            "add what was taken before the change began",
        )
    if joint(verdicts) == "depends":
        case.received.doubts.add(
            case.levels[now].place,
            "one drug falls while another rises, and whether the total rises is not certain; "
            + (tables_words(verdicts).rstrip(".") or NO_TABLE),
            "name the equivalence table with table=, and let the prescriber confirm it",
        )


def _single_rises(case: Case, before: int, now: int) -> Iterator[AuditFinding]:
    """One time of the day that rises, while the total does not."""
    was, is_now = case.levels[before], case.levels[now]
    if len(was.cycle) > 1 or len(is_now.cycle) > 1 or len(is_now.cycle[0]) < 2:  # noqa: PLR2004  one is the total
        return
    if (before, now) in case.risen or not was.takes:
        return
    for (drug, time), dose in is_now.cycle[0].items():
        earlier = was.cycle[0].get((drug, time), Fraction(0))
        crosses = is_now.mean(drug) > was.mean(drug)  # it replaces another drug
        timed = time and all(known for _, known in was.cycle[0])
        if timed and dose > earlier and not crosses and case.arranged.units[drug] == "ng":
            yield finding(
                "rise",
                case.where_level(is_now),
                f"The {time} dose{f' of {drug}' if drug else ''} rises from {mg_text(earlier)} to {mg_text(dose)} mg; "
                "the day's total does not.",
                "let each time of the day fall or stay; the prescriber confirms a change of times",
                severity="warning",
                figures=(("before", f"{mg_text(earlier)} mg"), ("after", f"{mg_text(dose)} mg")),
            )


# ---- days


def _zero_days(case: Case) -> Iterator[AuditFinding]:
    """PL-07."""
    begun = next((n for n, level in enumerate(case.levels) if level.takes), len(case.levels))
    found = [
        number
        for number, level in enumerate(case.levels)
        if (level.takes and not all(level.cycle)) or (number > begun and case.is_pause(number))
    ]
    if found:
        yield finding(
            "zero_day",
            case.where_levels(found),
            "A day without any dose is followed by a day with one.",
            "a dose on every day until the end, or the prescriber's confirmation",
            rule_id="PL-07",
            figures=(("places", str(len(found))),),
        )


def _clashes(case: Case) -> Iterator[AuditFinding]:
    for clash in case.arranged.clashes:
        yield _gap(case, clash) if clash.kind == "gap" else _overlap(case, clash)


def _gap(case: Case, clash: Clash) -> AuditFinding:
    which = "1 day is" if clash.days == 1 else f"{clash.days} days are"
    return finding(
        "gap",
        case.where(clash.place, clash.first),
        f"{which} missing before it: nothing says what is taken then.",
        "name every day once; count days by the calendar, not by hours",
        figures=(("missing, days", str(clash.days)),),
    )


def _overlap(case: Case, clash: Clash) -> AuditFinding:
    which = "The day is" if clash.days == 1 else f"{clash.days} days are"
    return finding(
        "overlap",
        case.where(clash.place, clash.first),
        f"{which} there twice: two doses for the same time.",
        "name every day once; for several doses a day, name the time of each",
        figures=(("twice, days", str(clash.days)),),
    )


# ---- the end


def _end(case: Case) -> Iterator[AuditFinding]:
    last = len(case.levels) - 1
    level = case.levels[last]
    if level.takes:
        kept, lost = case.count.words(last), case.unread_words(last + 1)
        yield finding(
            "no_end",
            case.where_level(level),
            f"The last dose that could be read is {kept}; {lost}."
            if lost
            else f"It ends at {kept}: nothing says whether that is kept, or how it ends.",
            "write the last steps to 0 mg, or that this dose is kept; the prescriber decides",
            severity="warning",
            figures=(("last read" if lost else "ends at", kept),),
        )
        return
    end = case.last_taken + 1
    if not end or case.unread[end]:  # from which dose it falls is not known
        return
    floor = case.number("pl04_final_dose_diazepam_mg")
    verdicts = case.count.above(end - 1, end, floor)
    if joint(verdicts) != "no":
        doubt = joint(verdicts) == "depends"
        said = tables_words(verdicts) or f"Nothing says whether that is above {decimal_text(floor)} mg of diazepam."
        yield finding(
            "last_fall",
            case.where_level(case.levels[end]),
            f"The last fall is from {case.count.words(end - 1)} to nothing"
            + (f". {said}" if doubt else f", above {decimal_text(floor)} mg of diazepam (project default, confirm)."),
            "smaller doses before the end, or a prescriber's recorded reason",
            rule_id="PL-04",
            figures=(("last fall", case.count.words(end - 1)),),
        )
