"""The questions that rules are made of, each with its text in the table of conditions.

A question is asked with the side that is worse: TRUE as a rule, FALSE under a `not` and for rules that permit.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product

from rule_oracle_values import (
    FACTS,
    FALSE,
    INFINITE,
    NA,
    TRUE,
    UNKNOWN,
    UNSURE,
    Case,
    Entry,
    ReadingSet,
    Span,
    View,
    all_of,
    alternatives,
    any_of,
    compare,
    divided,
    exact,
    minus,
    no,
    reading_sets,
)

Judge = Callable[[View, int], int]


@dataclass(frozen=True, slots=True)
class Atom:
    """A question, and the answer that is the worse one."""

    text: str
    judge: Judge
    worse: int = TRUE

    def ask(self, view: View) -> int:
        return self.judge(view, self.worse)

    def answer(self, case: Case) -> int:
        """The same, remembered."""
        key = (self.text, self.worse)
        truth = case.truths.get(key)
        if truth is None:
            truth = case.truths[key] = self.judge(case, self.worse)
        return truth


def under_not(atom: Atom) -> Atom:
    """Where FALSE is the worse answer."""
    return replace(atom, worse=no(atom.worse))


def worst(worse: int, truths: Iterable[int]) -> int:
    return max(truths) if worse == TRUE else min(truths)


def each(view: View, worse: int, facts: Sequence[str], decide: Callable[..., int]) -> int:
    """Decide for every alternative of every fact; the worst counts."""
    if len(facts) == 1:
        return worst(worse, map(decide, view.plain(facts[0])))
    return worst(worse, [decide(*values) for values in product(*map(view.plain, facts))])


def asking(text: str, decide: Callable[..., int], *facts: str) -> Atom:
    """An atom over plain names; `decide` sees the case and one alternative of each."""
    return Atom(text, lambda view, worse: each(view, worse, facts, lambda *values: decide(view.case, *values)))


def known(value: object, truth: bool) -> int:
    """A plain yes or no about a value that is there."""
    if value is NA:
        return FALSE
    return UNKNOWN if value is UNSURE else TRUE if truth else FALSE


# Plain names


def flag(fact: str) -> Atom:
    return asking(fact, lambda _, value: known(value, value is True), fact)


def number(fact: str, op: str, limit: str) -> Atom:
    return asking(f"{fact} {op} t.{limit}", lambda case, value: compare(value, op, case.limit(limit)), fact)


def equals(fact: str, word: str) -> Atom:
    return asking(f"{fact} == '{word}'", lambda _, value: known(value, value == word), fact)


def differs_from(fact: str, word: str) -> Atom:
    return asking(f"{fact} != '{word}'", lambda _, value: known(value, value != word), fact)


def switch(limit: str) -> Atom:
    return Atom(f"t.{limit}", lambda view, _: TRUE if view.case.world.thresholds[limit] else FALSE)


def is_set(fact: str) -> Atom:
    return asking(f"is_set({fact})", lambda _, value: known(value, truth=True), fact)


def at_least(fact: str, level: str) -> Atom:
    levels = FACTS[fact].levels
    reached = levels[levels.index(level) :]
    return asking(f"at_least({fact}, '{level}')", lambda _, value: known(value, value in reached), fact)


def is_one_of(fact: str, limit: str) -> Atom:
    return asking(f"is_one_of({fact}, t.{limit})", lambda case, value: known(value, value in case.several(limit)), fact)


def cleared_by(fact: str, limit: str) -> Atom:
    def decide(case: Case, drug: object) -> int:
        if drug is NA:
            return FALSE
        enzymes = None if drug is UNSURE else case.world.enzymes.get(str(drug))
        if enzymes is None:
            return UNKNOWN
        return TRUE if enzymes & set(case.several(limit)) else FALSE

    return asking(f"cleared_by({fact}, t.{limit})", decide, fact)


def form_is(fact: str, form: str) -> Atom:
    def decide(_: Case, value: object) -> int:
        return known(value, isinstance(value, Span) and value.form == form)

    return asking(f"form_is({fact}, '{form}')", decide, fact)


def accepted_for(fact: str, form: str) -> Atom:
    """A clinician's TRUE for this very form; other forms say nothing about it."""

    def judge(view: View, worse: int) -> int:
        said = [read for read in view.case.fresh(fact) if read.by == "clinician" and read.form == form]
        return worst(worse, [known(value, value is True) for value in alternatives(said)])

    return Atom(f"accepted_for({fact}, '{form}')", judge)


def newly_recorded(fact: str) -> Atom:
    """No review came before: what is TRUE is new."""
    return replace(flag(fact), text=f"newly_recorded({fact})")


# Numbers


def change(fact: str, baseline: str, op: str, limit: str) -> Atom:
    def decide(case: Case, now: object, before: object) -> int:
        return compare(minus(now, before), op, case.limit(limit))

    return asking(f"change_from({fact}, {baseline}) {op} t.{limit}", decide, fact, baseline)


def ratio(part: str, whole: str, op: str, limit: str) -> Atom:
    def decide(case: Case, one: object, other: object) -> int:
        return compare(divided(one, other), op, case.limit(limit))

    return asking(f"ratio({part}, {whole}) {op} t.{limit}", decide, part, whole)


def diazepam(case: Case, limit: str) -> object:
    """As much of the drug of the total as equals the threshold in diazepam."""
    equal = case.world.equal_to_diazepam(Fraction(exact(case.world.thresholds[limit])))
    return UNSURE if equal is None else Span(*equal)


# Dates


def days_since(fact: str, op: str, limit: str) -> Atom:
    def decide(case: Case, day: object) -> int:
        gone = (case.today - day).days if isinstance(day, date) else 0
        return compare(Span(gone, gone) if isinstance(day, date) else day, op, case.limit(limit))

    return asking(f"days_since({fact}) {op} t.{limit}", decide, fact)


def months_later(day: date, months: int) -> date:
    """So many calendar months on, at most the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def months_since(fact: str, op: str, limit: str) -> Atom:
    def decide(case: Case, day: object) -> int:
        if not isinstance(day, date):
            return compare(day, op, case.limit(limit))
        months = 0
        while months_later(day, months + 1) <= case.today:
            months += 1
        return compare(Span(months, months), op, case.limit(limit))

    return asking(f"months_since({fact}) {op} t.{limit}", decide, fact)


def overdue_by(fact: str, interval: str, op: str, limit: str) -> Atom:
    def decide(case: Case, day: object, days: object) -> int:
        if isinstance(day, date) and isinstance(days, Span):
            late = [(case.today - day).days - after for after in (days.high, days.low)]
            return compare(Span(max(0, late[0]), max(0, late[1])), op, case.limit(limit))
        return FALSE if NA in (day, days) else UNKNOWN

    return asking(f"overdue_by({fact}, {interval}) {op} t.{limit}", decide, fact, interval)


def reached(fact: str, anchor: str, limit: str) -> Atom:
    """The date is on or after so many days from the anchor."""

    def decide(case: Case, day: object, since: object) -> int:
        if NA in (day, since):
            return FALSE
        if not isinstance(day, date) or not isinstance(since, date):
            return UNKNOWN
        return TRUE if day >= since + timedelta(days=case.count(limit)) else FALSE

    return asking(f"reached({fact}, {anchor}, t.{limit})", decide, fact, anchor)


Due = tuple[int, object]  # whether a check-in is due, and since when


def due_since(case: Case, anchor: object, done: object, due: Callable[[date], list[date]]) -> Due:
    """Whether the newest due day has come without a check-in on it or later."""
    if not isinstance(anchor, date):
        return (FALSE if anchor is NA else UNKNOWN), NA
    newest = max((day for day in due(anchor) if day <= case.today), default=None)
    if newest is None:
        return FALSE, NA
    if done is UNSURE:
        return UNKNOWN, newest
    return (TRUE if done is NA or done < newest else FALSE), newest  # type: ignore[operator]


def due_days(case: Case, limit: str, every: str = "") -> Callable[[date], list[date]]:
    """The due days of an anchor: days, then weekly or the like up to today; weeks; or calendar months."""
    counts = [int(exact(count)) for count in case.several(limit)]
    if limit.endswith("_months"):
        return lambda anchor: [months_later(anchor, count) for count in counts]
    days = [7 * count for count in counts] if limit.endswith("_weeks") else counts

    def listed(anchor: date) -> list[date]:
        step, last = (case.count(every) if every else 0), max(days)
        later = range(last + step, (case.today - anchor).days + 1, step) if step else ()
        return [anchor + timedelta(days=count) for count in [*days, *later]]

    return listed


def checkin_due(anchor: str, done: str, limit: str, every: str = "") -> Atom:
    def decide(case: Case, since: object, last: object) -> int:
        return due_since(case, since, last, due_days(case, limit, every))[0]

    then = f", t.{every}" if every else ""
    return asking(f"checkin_due({anchor}, {done}, t.{limit}{then})", decide, anchor, done)


def checkin_overdue(anchor: str, done: str, due: str, every: str, op: str, limit: str) -> Atom:
    def decide(case: Case, since: object, last: object) -> int:
        is_due, day = due_since(case, since, last, due_days(case, due, every))
        late = (case.today - day).days if isinstance(day, date) else INFINITE  # at most, whether it was made or not
        least, most = {FALSE: (0, 0), UNKNOWN: (0, late), TRUE: (late, late)}[is_due]
        return compare(Span(least, most), op, case.limit(limit))

    text = f"checkin_overdue_by({anchor}, {done}, t.{due}, t.{every}) {op} t.{limit}"
    return asking(text, decide, anchor, done)


# Dated lists of medicines


def entries(decide: Callable[[Case, Entry], int]) -> Callable[[Case, str], int]:
    """Whether one entry of the newest list does it; not in a list that is empty or does not exist."""

    def judge(case: Case, fact: str) -> int:
        given = case.newest_list(fact)
        if given is UNSURE:
            return UNKNOWN
        return FALSE if given is NA else any_of(FALSE, FALSE, *(decide(case, entry) for entry in given))  # type: ignore[attr-defined]

    return judge


def within(case: Case, day: object, days: int) -> int:
    if not isinstance(day, date):
        return FALSE if day is NA else UNKNOWN
    return TRUE if 0 <= (case.today - day).days <= days - 1 else FALSE


def started_within(fact: str, limit: str) -> Atom:
    judge = entries(lambda case, entry: within(case, entry.start, case.count(limit)))
    return Atom(f"started_within({fact}, t.{limit})", lambda view, _: judge(view.case, fact))


def stopped_within(fact: str, limit: str) -> Atom:
    judge = entries(lambda case, entry: within(case, entry.stop, case.count(limit)))
    return Atom(f"stopped_within({fact}, t.{limit})", lambda view, _: judge(view.case, fact))


def any_current(fact: str) -> Atom:
    def decide(case: Case, entry: Entry) -> int:
        started = UNKNOWN if entry.start is None else TRUE if entry.start <= case.today else FALSE
        if entry.stop is NA:
            return started
        goes_on = UNKNOWN if entry.stop is None else TRUE if entry.stop > case.today else FALSE  # type: ignore[operator]
        return all_of(started, goes_on)

    judge = entries(decide)
    return Atom(f"any_current({fact})", lambda view, _: judge(view.case, fact))


# Readings


def with_consent(fact: str, consent: str, op: str, limit: str, baseline: str = "") -> Atom:
    """A reading, or its rise over the intake value; one of a device counts only with consent."""
    allowed = flag(consent)

    def judge(view: View, worse: int) -> int:
        values = view.plain(fact)
        if allowed.judge(view, FALSE) != TRUE:  # a doubt about consent is no consent
            own = [read for read in view.reads(fact) if read.by != "device"]
            values = alternatives(own) if own else (UNSURE,)
        if not baseline:
            return worst(worse, [compare(value, op, view.case.limit(limit)) for value in values])
        pairs = product(values, view.plain(baseline))
        return worst(worse, [compare(minus(now, before), op, view.case.limit(limit)) for now, before in pairs])

    named = f"with_consent({fact}, {consent})"
    return Atom(f"change_from({named}, {baseline}) {op} t.{limit}" if baseline else f"{named} {op} t.{limit}", judge)


def repeated(text: str, facts: Sequence[str], meets: Callable[[ReadingSet], int], apart: str = "") -> Atom:
    """Two sets of readings that both meet it, so far apart; a later normal set that far after it clears."""

    def judge(view: View, _: int) -> int:
        gap = timedelta(minutes=view.case.count(apart)) if apart else timedelta(0)
        sets = [(readings.at, meets(readings)) for readings in reading_sets(view.case, facts)]
        met = [at for at, truth in sets if truth == TRUE]
        if len(met) > 1 and met[-1] - met[0] >= gap:
            return TRUE
        alarming = [at for at, truth in sets if truth != FALSE]
        normal = [at for at, truth in sets if truth == FALSE]
        if not alarming:
            return FALSE if sets else UNKNOWN
        cleared = normal and normal[-1] > alarming[-1] and normal[-1] - alarming[-1] >= gap
        return FALSE if cleared else UNKNOWN

    return Atom(f"repeated({text}{f', t.{apart}' if apart else ''})", judge)


# Lists of the plan

Amounts = Sequence[Decimal | int]


def plan_list(text: str, fact: str, decide: Callable[[Case, Amounts], int]) -> Atom:
    def judge(view: View, _: int) -> int:
        given = view.case.newest_list(fact)
        if given is UNSURE:
            return UNKNOWN
        return FALSE if given is NA else decide(view.case, given)  # type: ignore[arg-type]

    return Atom(text, judge)


def falls_faster(fact: str, days: str, fraction: str, floor: str) -> Atom:
    """A fall, not to 0, within so many days, that is larger than the share of the dose and than the floor."""

    def decide(case: Case, total: Amounts) -> int:
        least = diazepam(case, floor)
        share, window = exact(case.world.thresholds[fraction]), case.count(days)
        beyond_share = [Fraction(0)]  # falls that are larger than the share
        for today, dose in enumerate(total):
            later = [amount for amount in total[today + 1 : today + 1 + window] if amount > 0]
            fall = Fraction(dose - min(later)) if later else Fraction(0)
            if fall > share * Fraction(dose):
                beyond_share.append(fall)
        if len(beyond_share) == 1:
            return FALSE  # whatever the floor is
        return compare(Span(max(beyond_share), max(beyond_share)), ">", least) if isinstance(least, Span) else UNKNOWN

    return plan_list(f"falls_faster({fact}, t.{days}, t.{fraction}, dose_equal_to_diazepam(t.{floor}))", fact, decide)


def fall_within_days(fact: str, days: str, op: str, limit: str) -> Atom:
    def decide(case: Case, doses: Amounts) -> int:
        window = case.count(days)
        pairs = [(dose, doses[today + 1 : today + 1 + window]) for today, dose in enumerate(doses)]
        fall = Fraction(max((dose - min(later) for dose, later in pairs if later), default=0))
        return compare(Span(max(fall, 0), max(fall, 0)), op, case.limit(limit))

    return plan_list(f"fall_within_days({fact}, t.{days}) {op} t.{limit}", fact, decide)


def zero_then_dose(fact: str) -> Atom:
    def decide(_: Case, doses: Amounts) -> int:
        zeros = [day for day, dose in enumerate(doses) if dose == 0]
        return TRUE if zeros and any(dose > 0 for dose in doses[zeros[0] :]) else FALSE

    return plan_list(f"zero_then_dose({fact})", fact, decide)


def any_growth(fact: str, margin: str) -> Atom:
    """A fall that exceeds the one before by more than the margin; not the last one if it ends at 0."""

    def growth(falls: Amounts, allowed: object, to_zero: object) -> int:
        grown = [
            compare(Span(*[Fraction(later) - Fraction(before)] * 2), ">", allowed) for before, later in pairwise(falls)
        ]
        if not grown:
            return FALSE
        counts = FALSE if to_zero is True else UNKNOWN if to_zero is UNSURE else TRUE
        return any_of(FALSE, all_of(counts, grown[-1]), *grown[:-1])

    def decide(case: Case, falls: Amounts) -> int:
        return each(case, TRUE, (margin, "plan.ends_at_zero"), lambda *values: growth(falls, *values))

    return plan_list(f"any_growth({fact}, {margin})", fact, decide)


class Reduction:
    """One reduction of the plan: its own size, share and interval."""

    def __init__(self, case: Case, **own: object) -> None:
        self.case = case
        self.own = own

    def is_(self, fact: str, op: str, limit: str) -> int:
        return compare(self._value(fact), op, self.case.limit(limit))

    def above_diazepam(self, fact: str, limit: str) -> int:
        return compare(self._value(fact), ">", diazepam(self.case, limit))

    def _value(self, fact: str) -> object:
        value = self.own[fact]
        return value if value is UNSURE or value is NA else Span(*[exact(value)] * 2)


def reductions(case: Case, facts: Sequence[str]) -> list[Reduction] | None:
    """The reductions of the plan; None if nothing is known of them."""
    lists = {fact: case.newest_list(fact) for fact in facts}
    given = {fact: () if values is NA else values for fact, values in lists.items() if values is not UNSURE}
    if not given:
        return None
    many = range(max(map(len, given.values())))  # type: ignore[arg-type]
    return [Reduction(case, **{fact: given[fact][n] if fact in given else UNSURE for fact in facts}) for n in many]  # type: ignore[index]


def first_reduction(text: str, facts: Sequence[str], meets: Callable[[Reduction], int]) -> Atom:
    def judge(view: View, _: int) -> int:
        made = reductions(view.case, facts)
        return UNKNOWN if made is None else meets(made[0]) if made else FALSE

    return Atom(f"first_reduction({text})", judge)


def any_reduction(text: str, facts: Sequence[str], meets: Callable[[Reduction], int]) -> Atom:
    def judge(view: View, _: int) -> int:
        made = reductions(view.case, facts)
        return UNKNOWN if made is None else max([FALSE, *map(meets, made)])

    return Atom(f"any_reduction({text})", judge)
