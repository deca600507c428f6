"""The questions that look at days or check-ins one by one."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby, pairwise

from rule_oracle_atoms import Atom, each, known, worst
from rule_oracle_values import (
    FACTS,
    FALSE,
    INFINITE,
    NA,
    TRUE,
    UNKNOWN,
    UNSURE,
    Case,
    Span,
    View,
    compare,
    exact,
    minus,
)

Window = tuple[str, str]  # a threshold, and the word around it if there is one
Meets = Callable[[object], int]


def since_reduction(limit: str) -> Window:
    return limit, "since_reduction"


def days(limit: str) -> Window:
    return limit, ""


def written(window: Window) -> str:
    limit, word = window
    return f"{word}(t.{limit})" if word else f"t.{limit}"


def days_of(case: Case, fact: str, window: Window, reduced: object = NA) -> list[date]:
    """The days to look at; nothing before the last reduction where that is asked for and its day is known."""
    limit, word = window
    listed = case.window(fact, case.count(limit))
    if word and isinstance(reduced, date):
        return [day for day in listed if day >= reduced] or [case.today]
    return listed


def by_days(case: Case, fact: str, listed: Sequence[date], meets: Meets, worse: int) -> list[int]:
    """For each day, whether its worst value meets it; a day without a value is unknown."""
    given = case.by_day(fact)
    return [worst(worse, map(meets, given[day])) if day in given else UNKNOWN for day in listed]


def how_many(truths: Sequence[int]) -> Span:
    return Span(truths.count(TRUE), len(truths) - truths.count(FALSE))


def comparing(case: Case, op: str, limit: str) -> Meets:
    return lambda value: compare(value, op, case.limit(limit))


def is_word(word: object) -> Meets:
    return lambda value: known(value, value == word)


def any_day_meeting(fact: str, op: str, limit: str, window: Window) -> Atom:
    """At least one day meets it; FALSE only if every day is known."""

    def judge(view: View, worse: int) -> int:
        case = view.case
        reduced = case.plain("last_reduction") if window[1] else (NA,)
        listed = (days_of(case, fact, window, day) for day in reduced)
        return worst(worse, [max(by_days(case, fact, some, comparing(case, op, limit), worse)) for some in listed])

    return Atom(f"any_day_meeting({fact}, '{op}', t.{limit}, {written(window)})", judge)


def days_changed(fact: str, baseline: str, op: str, amount: str, window: Window, least: str) -> Atom:
    """On at least so many days the value has moved from the baseline by that amount."""

    def judge(view: View, worse: int) -> int:
        case = view.case
        facts = (baseline, "last_reduction") if window[1] else (baseline,)

        def decide(before: object, reduced: object = NA) -> int:
            def meets(value: object) -> int:
                return compare(minus(value, before), op, case.limit(amount))

            if before is NA:  # no day can have moved from what there is not
                return compare(Span(0, 0), ">=", case.limit(least))
            listed = days_of(case, fact, window, reduced)
            return compare(how_many(by_days(case, fact, listed, meets, worse)), ">=", case.limit(least))

        return each(view, worse, facts, decide)

    return Atom(f"days_changed({fact}, {baseline}, '{op}', t.{amount}, {written(window)}) >= t.{least}", judge)


def counted(text: str, fact: str, limit: str, least: str, meets: Callable[[Case], Meets]) -> Atom:
    def judge(view: View, worse: int) -> int:
        case = view.case
        truths = by_days(case, fact, days_of(case, fact, days(limit)), meets(case), worse)
        return compare(how_many(truths), ">=", case.limit(least))

    return Atom(f"{text} >= t.{least}", judge)


def days_meeting(fact: str, op: str, value: str, limit: str, least: str) -> Atom:
    text = f"days_meeting({fact}, '{op}', t.{value}, t.{limit})"
    return counted(text, fact, limit, least, lambda case: comparing(case, op, value))


def days_of_word(fact: str, word: str, limit: str, least: str) -> Atom:
    return counted(f"days_meeting({fact}, '==', '{word}', t.{limit})", fact, limit, least, lambda _: is_word(word))


def days_true(fact: str, limit: str, least: str) -> Atom:
    return counted(f"days_true({fact}, t.{limit})", fact, limit, least, lambda _: is_word(word=True))


def longest_run(fact: str, op: str, value: str, limit: str, least: str) -> Atom:
    """The longest run of days in a row: unknown days break it at worst and continue it at best."""

    def judge(view: View, worse: int) -> int:
        case = view.case
        truths = by_days(case, fact, days_of(case, fact, days(limit)), comparing(case, op, value), worse)
        return compare(Span(_run(truths, TRUE), _run(truths, UNKNOWN)), ">=", case.limit(least))

    return Atom(f"longest_run({fact}, '{op}', t.{value}, t.{limit}) >= t.{least}", judge)


def _run(truths: Sequence[int], at_least: int) -> int:
    runs = groupby(truths, key=lambda truth: truth >= at_least)
    return max((len(list(run)) for meets, run in runs if meets), default=0)


def median(case: Case, fact: str, limit: str, least: str, worse: int) -> object:
    """The median night, each night at its worst, which is its shortest; UNSURE with too few nights."""
    given = case.by_day(fact)
    pick = min if worse == TRUE else max
    nights = [given[day] for day in days_of(case, fact, days(limit)) if day in given]
    values = sorted(pick(value.low for value in night if isinstance(value, Span)) for night in nights)
    if len(values) < case.count(least):
        return UNSURE
    middle = (Fraction(values[(len(values) - 1) // 2]) + Fraction(values[len(values) // 2])) / 2
    return Span(middle, middle)


def median_below(fact: str, limit: str, least: str, below: str) -> Atom:
    def judge(view: View, worse: int) -> int:
        return compare(median(view.case, fact, limit, least, worse), "<", view.case.limit(below))

    return Atom(f"median_of({fact}, t.{limit}, t.{least}) < t.{below}", judge)


def median_changed(fact: str, limit: str, least: str, baseline: str, change: str) -> Atom:
    def judge(view: View, worse: int) -> int:
        now = median(view.case, fact, limit, least, worse)
        return each(view, worse, (baseline,), lambda before: compare(minus(now, before), "<=", view.case.limit(change)))

    return Atom(f"change_from(median_of({fact}, t.{limit}, t.{least}), {baseline}) <= t.{change}", judge)


def sum_within(fact: str, limit: str, op: str, least: str) -> Atom:
    """The sum over the days, each at its highest; unknown days may hold any amount."""

    def judge(view: View, worse: int) -> int:
        case = view.case
        pick = max if worse == TRUE else min
        given = case.by_day(fact)
        listed = days_of(case, fact, days(limit))
        total = sum(
            pick(value.high for value in given[day] if isinstance(value, Span)) for day in listed if day in given
        )
        complete = all(day in given for day in listed)
        return compare(Span(total, total if complete else INFINITE), op, case.limit(least))

    return Atom(f"sum_within({fact}, t.{limit}) {op} t.{least}", judge)


def two_by_day(case: Case, one: str, other: str, limit: str, worse: int, meets: Callable[..., int]) -> list[int]:
    """Two facts of the same days, the window by the first; a day that lacks either is unknown."""
    left, right = case.by_day(one), case.by_day(other)
    return [
        worst(worse, [meets(a, b) for a in left[day] for b in right[day]]) if day in left and day in right else UNKNOWN
        for day in days_of(case, one, days(limit))
    ]


def any_day_differs(one: str, other: str, fraction: str, limit: str) -> Atom:
    """On some day the first is off the other by more than the share of it."""

    def judge(view: View, worse: int) -> int:
        share = exact(view.case.world.thresholds[fraction])

        def differs(taken: object, planned: object) -> int:
            if not isinstance(taken, Span) or not isinstance(planned, Span):
                return FALSE
            return TRUE if abs(taken.low - planned.low) > share * planned.low else FALSE

        return max(two_by_day(view.case, one, other, limit, worse, differs))

    return Atom(f"any_day_differs({one}, {other}, t.{fraction}, t.{limit})", judge)


def days_above(one: str, other: str, limit: str, least: str) -> Atom:
    def judge(view: View, worse: int) -> int:
        def above(taken: object, allowed: object) -> int:
            return compare(taken, ">", allowed)

        truths = two_by_day(view.case, one, other, limit, worse, above)
        return compare(how_many(truths), ">=", view.case.limit(least))

    return Atom(f"days_above({one}, {other}, t.{limit}) >= t.{least}", judge)


def true_within(fact: str, limit: str, unit: str) -> Atom:
    """A TRUE in the window, of days or of hours back from now; else FALSE only by a fresh newest FALSE."""

    def judge(view: View, _: int) -> int:
        case = view.case
        if unit == "d":
            given = case.by_day(fact)
            inside = [value for day in days_of(case, fact, days(limit)) for value in given.get(day, ())]
        else:
            age = timedelta(hours=case.count(limit))
            inside = [read.value for read in case.reads(fact) if case.now - read.at <= age]
        if any(value is True for value in inside):
            return TRUE
        return FALSE if _answered_no(case, fact) else UNKNOWN

    def _answered_no(case: Case, fact: str) -> bool:
        """The newest answer is a fresh no, and no doubt stands beside it."""
        answers = [read for read in case.fresh(fact) if read.value is not UNSURE]
        newest = [read for read in answers if read.at == answers[0].at]
        doubted = UNSURE in case.plain(fact)
        return bool(newest) and not doubted and all(read.value is not True for read in newest)

    return Atom(f"true_within({fact}, t.{limit})", judge)


def rises_in_a_row(fact: str, least: str) -> Atom:
    """How many check-ins in a row, from the newest back, are higher than the one before on the same form."""

    def rises(case: Case) -> Span:
        reads = [read for read in case.reads(fact) if isinstance(read.value, Span)]
        # groupby over the reads, newest first: several at one instant, the highest
        values = [max(read.value for read in same) for _, same in groupby(reads, key=lambda read: read.at)]
        max_age = FACTS[fact].max_age
        if not reads or (max_age is not None and case.now - reads[0].at > max_age):
            return Span(0, INFINITE)
        for count, (newer, older) in enumerate(pairwise(values)):
            if newer.form != older.form:  # type: ignore[attr-defined]
                return Span(count, INFINITE)
            if newer.low <= older.low:  # type: ignore[attr-defined]
                return Span(count, count)
        return Span(len(values) - 1, INFINITE)

    def judge(view: View, _: int) -> int:
        return compare(rises(view.case), ">=", view.case.limit(least))

    return Atom(f"rises_in_a_row({fact}) >= t.{least}", judge)
