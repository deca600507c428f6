"""Does a schedule jump: falls that are too large, too soon, or above a label's cap."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from benzotaper.auditing.case import Case, figures, finding, percent_words
from benzotaper.auditing.counting import Verdicts, joint, tables_words
from benzotaper.auditing.records import AuditFinding
from benzotaper.doses import NG_PER_MG, mg_text
from benzotaper.numbers import decimal_text


def fall_findings(case: Case) -> Iterator[AuditFinding]:
    """Every fall that a pace rule speaks of, that to nothing left out."""
    for check in (_jumps, _first_fall, _intervals, _label_cap):
        yield from check(case)


def _jumps(case: Case) -> Iterator[AuditFinding]:
    """PL-01."""
    window, share = int(case.number("pl01_window_d")), case.number("pl01_max_fraction_14_d")
    floor = case.number("pl01_floor_diazepam_mg")

    def exceeds(earlier: int, now: int) -> Verdicts:
        return case.count.too_fast(earlier, now, share=share, floor_mg=floor)

    groups: dict[tuple[str, str], list[tuple[int, int, Verdicts]]] = {}
    for now in case.falls:
        for earlier in [] if case.is_end(now) else case.within(now, window):
            verdicts = exceeds(earlier, now)
            if joint(verdicts) != "no":
                said = case.count.words(earlier), case.count.words(now)
                groups.setdefault(said, []).append((earlier, now, verdicts))
                break
    for (was, is_now), found in groups.items():
        earlier, now, verdicts = found[0]
        size = case.count.percent(earlier, now)
        least = "at least " if case.arranged.unsure else ""
        by = "" if size is None else f"by {least}{percent_words(size)} "
        when = f"within {window} days" if case.is_near(earlier, now, window) else "over days without a dose"
        sure = joint(case.count.too_fast(earlier, now, share=share, floor_mg=Fraction(0))) == "yes"
        yield finding(
            "jump",
            case.where_levels([each[1] for each in found]),
            f"The total falls from {was} to {is_now}, {by}{when}; "
            f"{_limits_words(verdicts, f'{decimal_text(share * 100)} %', floor, sure=sure)}.",
            "smaller or later falls, or a prescriber's recorded reason",
            rule_id="PL-01",
            figures=(*figures(case, earlier, now), ("within, days", str(window))),
        )


def _limits_words(verdicts: Verdicts, share: str, floor: Fraction, *, sure: bool) -> str:
    """Which limits a fall is above; `sure` where it is above the share at least."""
    if joint(verdicts) == "yes":
        return f"above {share} and {decimal_text(floor)} mg of diazepam"
    known = tables_words(verdicts).removeprefix("It ").rstrip(".") or "is not known"
    if sure:
        return f"above {share}; whether also above {decimal_text(floor)} mg of diazepam {known}"
    return f"whether that is above {share} and {decimal_text(floor)} mg of diazepam {known}"


def _first_fall(case: Case) -> Iterator[AuditFinding]:
    """PL-02."""
    most = case.number("pl02_max_first_fraction") * 100
    now = next((each for each in case.falls if not case.is_end(each)), 0)
    first = now and not any(case.unread[: now + 1])  # else one may stand where nothing could be read
    share = case.count.percent(case.before(now), now) if first else None
    if share is not None and share > most:
        yield finding(
            "jump",
            case.where_level(case.levels[now]),
            f"The first reduction is {percent_words(share)} of the current total, above {percent_words(most)}.",
            "a smaller first fall, or the prescriber's confirmation",
            rule_id="PL-02",
            figures=figures(case, case.before(now), now),
        )


def _intervals(case: Case) -> Iterator[AuditFinding]:
    """PL-03 and PL-08, by a profile."""
    if not case.profile:
        return
    shortest = case.number("pl03_min_interval_d")
    for earlier, now in pairwise(case.falls):
        begun, first = case.levels[earlier].first, case.levels[now].first
        if begun is None or first is None or any(case.unread[earlier + 1 : now + 1]):
            continue
        if first - begun < shortest:
            yield finding(
                "jump",
                case.where_level(case.levels[now]),
                f"Only {first - begun} days after the reduction before; profile {case.profile} has at least "
                f"{decimal_text(shortest)}.",
                "a longer interval, or the prescriber's confirmation",
                rule_id="PL-03",
                figures=(("interval, days", str(first - begun)),),
            )
        if case.threshold("pl08_applies").value is True:
            yield from _interval_and_size(case, now, first - begun)


def _interval_and_size(case: Case, now: int, days: int) -> Iterator[AuditFinding]:
    """PL-08."""
    short, long = case.number("pl08_short_interval_d"), case.number("pl08_long_interval_d")
    most = case.number("pl08_max_fraction_short" if days < long else "pl08_max_fraction_long") * 100
    share = case.count.percent(case.before(now), now)
    above = case.count.above(case.before(now), now, case.number("pl08_floor_diazepam_mg"))
    if joint(above) != "no" and (days < short or (share is not None and share > most)):
        yield finding(
            "jump",
            case.where_level(case.levels[now]),
            f"A fall of {percent_words(share)} {days} days after the one before: larger or sooner than profile "
            f"{case.profile} has it. {tables_words(above)}".strip(),
            "a smaller or later fall, or the prescriber's confirmation",
            rule_id="PL-08",
            figures=figures(case, case.before(now), now),
        )


def _label_cap(case: Case) -> Iterator[AuditFinding]:
    """PL-09: alprazolam by more than its label's outer cap."""
    if case.arranged.units.get("alprazolam") != "ng":
        return
    window, most = int(case.number("pl09_window_d")), case.number("pl09_max_fall_mg") * NG_PER_MG
    doses = [level.mean("alprazolam") for level in case.levels]
    for now in case.falls:
        if any(doses[earlier] - doses[now] > most for earlier in case.within(now, window)):
            yield finding(
                "jump",
                case.where_level(case.levels[now]),
                f"Alprazolam falls by more than {mg_text(most)} mg within {window} days, above its label's outer cap; "
                "a label speed is not a safe speed.",
                "smaller or later falls, or a prescriber's recorded reason",
                rule_id="PL-09",
                figures=figures(case, case.before(now), now),
            )
