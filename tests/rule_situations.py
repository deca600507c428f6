"""Situations at and around every threshold, made from the rules' own arms, with what each must come to by hand."""

import ast
import csv
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import benzotaper as bt

DATA = Path(bt.__file__).parent / "data"
CASES = Path(__file__).parent / "cases" / "rules.csv"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TODAY = NOW.date()
FALSE, UNKNOWN, TRUE = 0, 1, 2
OPS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
SYMBOLS = {ast.GtE: ">=", ast.Gt: ">", ast.LtE: "<=", ast.Lt: "<", ast.Eq: "==", ast.NotEq: "!="}
PLAN_LISTS = ("step_mg", "step_fraction", "interval_d")  # inside first_reduction and any_reduction
CALM = {"sbp": 120, "dbp": 80, "pulse": 70, "temp": "36.8", "rr": 16, "spo2": 97}
ALARMING = {"sbp": 250, "dbp": 150, "pulse": 200, "temp": 41, "rr": 40, "spo2": 60}
WRAPPERS = ("established", "possible")  # nothing of their own to compare
NO_TIME = timedelta(0)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Seen:
    """One observation: a value, how old it is, and on which form."""

    fact: str
    value: Any
    age: timedelta = NO_TIME
    form: str = ""


@dataclass(frozen=True)
class Situation:
    """Observations, what the atom must come to, and what else stands: values of a reduction, truths of other rules."""

    seen: tuple[Seen, ...]
    truth: int
    own: tuple[tuple[str, Fraction], ...] = ()
    rules: tuple[tuple[str, int], ...] = ()
    ages: bool = True  # whether the atom looks only at what is fresh


def observed(fact: str, value: Any, days: int = 0, **more: Any) -> Seen:
    return Seen(fact, value, timedelta(days=days), **more)


def truth_of(meets: bool) -> int:
    return TRUE if meets else FALSE


def unit(fact: str) -> Fraction:
    """The smallest step of a fact."""
    return Fraction(1) if bt.fact_type(fact).kind == "int" else Fraction(1, 100)


def around(value: Fraction, step: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    return value - step, value, value + step


def ago(days: Any) -> date:
    return TODAY - timedelta(days=int(days))


def months_ago(months: int) -> date:
    year, month = divmod(TODAY.year * 12 + TODAY.month - 1 - months, 12)
    return TODAY.replace(year=year, month=month + 1)


class Atoms:
    """Makes the situations of every kind of atom, by the thresholds of one profile."""

    def __init__(self, limits: dict[str, Any]) -> None:
        self.limits = limits
        self.used: dict[str, Any] = {}

    def limit(self, part: ast.AST) -> Any:
        """A threshold's value."""
        if isinstance(part, ast.Call) and part.func.id == "dose_equal_to_diazepam":  # type: ignore[attr-defined]
            return self.limit(part.args[0])  # the table of these tests has each drug equal to diazepam
        name = self.name(part).removeprefix("t.")
        self.used[name] = self.limits[name]
        return self.limits[name]

    @staticmethod
    def name(part: ast.AST) -> str:
        return ast.unparse(part)

    def of(self, text: str) -> Iterator[Situation]:
        """The situations of an atom."""
        part = ast.parse(text, mode="eval").body
        if isinstance(part, ast.Compare):
            op = SYMBOLS[type(part.ops[0])]
            yield from self.word(part, op) if op in ("==", "!=") else self.comparison(part, op)
        elif isinstance(part, ast.Call):
            yield from getattr(self, f"of_{part.func.id}")(*part.args)  # type: ignore[attr-defined]
        elif text.startswith("t."):
            yield Situation((), truth_of(self.limit(part)))
        else:
            yield from self.yes_no(text)

    @staticmethod
    def yes_no(fact: str) -> Iterator[Situation]:
        for value, truth in ((True, TRUE), (False, FALSE), (bt.NOT_APPLICABLE, FALSE)):
            yield Situation((Seen(fact, value),), truth)

    def word(self, part: ast.Compare, op: str) -> Iterator[Situation]:
        fact, word = self.name(part.left), part.comparators[0].value  # type: ignore[attr-defined]
        for level in bt.fact_type(fact).levels:
            yield Situation((Seen(fact, level),), truth_of((level == word) == (op == "==")))

    # ---- comparisons of numbers

    def comparison(self, part: ast.Compare, op: str) -> Iterator[Situation]:
        left, right = part.left, part.comparators[0]
        if isinstance(right, ast.Call) and right.func.id == "or_default":  # type: ignore[attr-defined]
            fact, default = self.name(right.args[0]), self.limit(right.args[1])
            yield from self.compared(left, op, default, (Seen(fact, bt.NOT_APPLICABLE),))
            yield from self.compared(left, op, Fraction(3), (Seen(fact, 3),))
        else:
            yield from self.compared(left, op, self.limit(right), ())

    def compared(self, left: ast.AST, op: str, limit: Fraction, beside: tuple[Seen, ...]) -> Iterator[Situation]:
        if isinstance(left, ast.Call):
            made = getattr(self, f"number_{left.func.id}")(left.args, limit, op)  # type: ignore[attr-defined]
        elif self.name(left) in PLAN_LISTS:
            values = around(limit, unit(self.name(left)))
            made = (((), value, {"own": ((self.name(left), value),)}) for value in values)
        else:
            made = ((seen, value, {}) for seen, value in self.plain(left, limit))
        for seen, value, more in made:
            yield Situation((*seen, *beside), truth_of(OPS[op](value, limit)), **more)

    def plain(self, part: ast.AST, limit: Fraction) -> Iterator[tuple[tuple[Seen, ...], Fraction]]:
        fact = self.name(part)
        for value in around(limit, unit(fact)):
            if bt.fact_type(fact).low <= value <= bt.fact_type(fact).high:
                yield (Seen(fact, value),), value

    def number_with_consent(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        fact, consent = map(self.name, args)
        for value in around(limit, unit(fact)):
            yield (Seen(fact, value), Seen(consent, value=True)), value, {}

    def number_change_from(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        one, other = args
        fact, beside = self.name(one), ()
        if isinstance(one, ast.Call):
            fact, second = (self.name(each) for each in one.args[:2])
            beside = (Seen(second, value=True),) if one.func.id == "with_consent" else ()  # type: ignore[attr-defined]
        many = int(self.limit(one.args[1])) if "median_of" in self.name(one) else 1  # type: ignore[attr-defined]
        base = self.name(other)
        before = max(bt.fact_type(base).low, bt.fact_type(fact).low - limit + unit(fact)) + 5
        for change in around(limit, unit(fact)):
            values = tuple(observed(fact, before + change, days) for days in range(many))
            yield (*values, Seen(base, before), *beside), change, {"ages": many == 1}

    def number_ratio(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        one, other = map(self.name, args)
        whole = min(Fraction(100), bt.fact_type(other).high)
        for part in around(limit * whole, unit(one)):
            yield (Seen(one, part), Seen(other, whole)), part / whole, {}

    def number_days_since(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        for days in around(limit, Fraction(1)):
            yield (Seen(self.name(args[0]), ago(days)),), days, {}

    def number_months_since(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        for months in around(limit, Fraction(1)):
            day = months_ago(int(months))
            yield (Seen(self.name(args[0]), day),), months, {}
            yield (Seen(self.name(args[0]), day + timedelta(days=1)),), months - 1, {}

    def number_overdue_by(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        date_fact, interval = map(self.name, args)
        for days in around(limit, Fraction(1)):
            yield (Seen(date_fact, ago(7 + days)), Seen(interval, 7)), days, {}

    def number_checkin_overdue_by(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        anchor, done = map(self.name, args[:2])
        first, every = int(self.limit(args[2])[0]), int(self.limit(args[3]))
        assert limit + 1 < every
        for days in around(limit, Fraction(1)):
            begun = ago(first + days)
            yield (Seen(anchor, begun), Seen(done, begun)), days, {}

    # ---- comparisons of days

    def daily(self, args: list[ast.AST]) -> tuple[str, str, Fraction, int]:
        fact, op, value, window = args
        inner = window.args[0] if isinstance(window, ast.Call) else window
        return self.name(fact), op.value, self.limit(value), int(self.limit(inner))  # type: ignore[attr-defined]

    def days_of(self, fact: str, op: str, value: Fraction, window: int, many: int) -> Iterator[tuple[Any, int]]:
        """So many days at, below and above a value, the newest first, all others well away; and how many meet it."""
        high = bt.fact_type(fact).high if op in (">=", ">") else bt.fact_type(fact).low
        calm = bt.fact_type(fact).low if op in (">=", ">") else bt.fact_type(fact).high
        for given in (*around(value, unit(fact)), high):
            days = [observed(fact, given if day < many else calm, day) for day in range(window)]
            yield tuple(days), many if OPS[op](given, value) else 0
        oldest = observed(fact, high, window - 1), observed(fact, high, window)  # the last day within, the first beyond
        newer = tuple(observed(fact, high if day < many - 1 else calm, day) for day in range(window - 1))
        yield (*newer, oldest[0]), many
        yield (*newer, observed(fact, calm, window - 1), oldest[1]), many - 1

    def number_days_meeting(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        if args[1].value == "==":  # type: ignore[attr-defined]
            yield from self.words_by_day(args, limit)
            return
        for many in around(limit, Fraction(1)):
            for days, meeting in self.days_of(*self.daily(args), many=int(many)):
                yield days, meeting, {"ages": False}

    def words_by_day(self, args: list[ast.AST], limit: Fraction) -> Iterator[Any]:
        fact, word, window = self.name(args[0]), args[2].value, int(self.limit(args[3]))  # type: ignore[attr-defined]
        other = next(level for level in bt.fact_type(fact).levels if level != word)
        for many in around(limit, Fraction(1)):
            days = tuple(observed(fact, word if day < many else other, day) for day in range(window))
            yield days, many, {"ages": False}
            yield (*days[:-1], observed(fact, word, window - 1)), many + 1, {"ages": False}

    def number_longest_run(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        fact, op, value, window = self.daily(args)
        for many in around(limit, Fraction(1)):
            for days, run in list(self.days_of(fact, op, value, window, int(many)))[:4]:
                yield days, run, {"ages": False}

    def number_days_true(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        fact, window = self.name(args[0]), int(self.limit(args[1]))
        for many, last in product(around(limit, Fraction(1)), (window - 1, window)):
            newer = tuple(observed(fact, day < many - 1, day) for day in range(min(last, window)))
            yield (*newer, observed(fact, value=True, days=last)), many - (last == window), {"ages": False}

    def number_days_changed(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        fact, op, amount, window = self.daily([args[0], *args[2:]])
        base = self.name(args[1])
        before = Fraction(3)
        for many in around(limit, Fraction(1)):
            for days, meeting in self.days_of(fact, op, before + amount, window, min(int(many), window)):
                yield (*days, Seen(base, before)), meeting, {"ages": False}

    def number_days_above(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        one, other, window = self.name(args[0]), self.name(args[1]), int(self.limit(args[2]))
        for many, more in product(around(limit, Fraction(1)), around(Fraction(0), unit(one))):
            days = [observed(one, 20 + more if day < many else 10, day) for day in range(window)]
            beside = [observed(other, 20, day) for day in range(window)]
            yield (*days, *beside), many if more > 0 else 0, {"ages": False}

    def number_median_of(self, args: list[ast.AST], limit: Fraction, op: str) -> Iterator[Any]:
        fact, window, least = self.name(args[0]), int(self.limit(args[1])), int(self.limit(args[2]))
        for middle in around(limit, unit(fact)):
            for many in (least, window):
                yield tuple(observed(fact, middle, day) for day in range(many)), middle, {"ages": False}
        assert op == "<"  # too few are tried with all else
        spread = [observed(fact, limit + Fraction(day - window // 2, 10), day) for day in range(window)]
        yield tuple(spread), limit, {"ages": False}

    def number_sum_within(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        fact, window = self.name(args[0]), int(self.limit(args[1]))
        for total, place in product(around(limit, Fraction(1)), (0, window - 1)):
            yield (
                tuple(observed(fact, total if day == place else 0, day) for day in range(window)),
                total,
                {"ages": False},
            )
        beyond = (*(observed(fact, 0, day) for day in range(window)), observed(fact, limit, window))
        yield beyond, Fraction(0), {"ages": False}

    def number_rises_in_a_row(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        fact = self.name(args[0])
        form = bt.fact_type(fact).forms[0]
        for rises in around(limit, Fraction(1)):
            values = [10 - min(day, int(rises)) for day in range(int(rises) + 2)]
            yield (
                tuple(Seen(fact, v, timedelta(days=7 * n), form) for n, v in enumerate(values)),
                rises,
                {"ages": False},
            )

    def number_fall_within_days(self, args: list[ast.AST], limit: Fraction, _: str) -> Iterator[Any]:
        fact, window = self.name(args[0]), int(self.limit(args[1]))
        for fall in around(limit, Fraction(1, 100)):
            for days, counted in ((1, fall), (window, fall), (window + 1, fall / 2)):
                between = [10 - fall / 2] * (days - 1)
                yield (Seen(fact, [Fraction(10), *between, 10 - fall]),), counted, {}

    # ---- functions that are true or not

    def of_any_day_meeting(self, *args: ast.AST) -> Iterator[Situation]:
        for days, meeting in self.days_of(*self.daily(list(args)), many=1):
            yield Situation(days, truth_of(meeting > 0), ages=False)

    def of_any_day_differs(self, *args: ast.AST) -> Iterator[Situation]:
        one, other, share, window = (*map(self.name, args[:2]), self.limit(args[2]), int(self.limit(args[3])))
        for sign, more, place in product((1, -1), around(Fraction(0), unit(one)), (0, window - 1, window)):
            apart = 10 * share + more
            days = [observed(one, 10 + sign * apart if day == place else 10, day) for day in range(window + 1)]
            beside = [observed(other, 10, day) for day in range(window + 1)]
            yield Situation((*days, *beside), truth_of(more > 0 and place < window), ages=False)
        zero = [observed(one, Fraction(day == 0, 100), day) for day in range(window)]
        none = tuple(observed(other, 0, day) for day in range(window))
        yield Situation((*zero, *none), TRUE, ages=False)

    def of_true_within(self, fact: ast.AST, window: ast.AST) -> Iterator[Situation]:
        name, length = self.name(fact), int(self.limit(window))
        in_hours = self.name(window).endswith("_h")
        edges = (
            (timedelta(hours=length), timedelta(hours=length) + SECOND)
            if in_hours
            else (timedelta(days=length - 1), timedelta(days=length))
        )
        newest = Seen(name, value=False)
        yield Situation((newest,), FALSE)
        for edge, truth in zip(edges, (TRUE, FALSE), strict=True):
            yield Situation((Seen(name, value=True, age=edge), newest), truth, ages=False)

    def dated(self, fact: str, truths: dict[tuple[int, Any], int]) -> Iterator[Situation]:
        """A list of one medicine that was started so many days ago, and stopped or not."""
        for (start, stop), truth in truths.items():
            end = bt.NOT_APPLICABLE if stop is None else ago(stop)
            yield Situation((Seen(fact, [bt.Medicine("a medicine", ago(start), end)]),), truth)
        yield Situation((Seen(fact, []),), FALSE)
        yield Situation((Seen(fact, bt.NOT_APPLICABLE),), FALSE)

    def of_started_within(self, fact: ast.AST, window: ast.AST) -> Iterator[Situation]:
        days = int(self.limit(window))
        found = {0: TRUE, days - 1: TRUE, days: FALSE, days + 1: FALSE, -1: FALSE}
        yield from self.dated(self.name(fact), {(start, None): truth for start, truth in found.items()})

    def of_stopped_within(self, fact: ast.AST, window: ast.AST) -> Iterator[Situation]:
        days = int(self.limit(window))
        found = {0: TRUE, days - 1: TRUE, days: FALSE, days + 1: FALSE, -1: FALSE, None: FALSE}
        yield from self.dated(self.name(fact), {(400, stop): truth for stop, truth in found.items()})

    def of_any_current(self, fact: ast.AST) -> Iterator[Situation]:
        found = {(0, None): TRUE, (-1, None): FALSE, (5, 0): FALSE, (5, -1): TRUE, (5, 1): FALSE}
        yield from self.dated(self.name(fact), found)

    def of_checkin_due(self, *args: ast.AST) -> Iterator[Situation]:
        anchor, done = map(self.name, args[:2])
        counts, name = self.limit(args[2]), self.name(args[2])
        begun = (
            months_ago if name.endswith("_months") else lambda count: ago(count * (7 if name.endswith("_weeks") else 1))
        )
        every = [counts[-1] + self.limit(args[3]), counts[-1] + 2 * self.limit(args[3])] if len(args) > 3 else []
        for count in (*counts, *every):
            start = begun(int(count))
            for made, truth in ((ago(1), TRUE), (ago(0), FALSE), (bt.NOT_APPLICABLE, TRUE)):
                yield Situation((Seen(anchor, start), Seen(done, made)), truth)
        early = begun(int(counts[0])) + timedelta(days=1)
        yield Situation((Seen(anchor, early), Seen(done, early)), FALSE)

    def of_reached(self, *args: ast.AST) -> Iterator[Situation]:
        (fact, anchor), days = map(self.name, args[:2]), int(self.limit(args[2]))
        for after in (days - 1, days, days + 1):
            yield Situation((Seen(anchor, ago(30)), Seen(fact, ago(30 - after))), truth_of(after >= days))
        yield Situation((Seen(anchor, ago(30)), Seen(fact, bt.NOT_APPLICABLE)), FALSE)

    def of_is_set(self, fact: ast.AST) -> Iterator[Situation]:
        name = self.name(fact)
        given = ago(3) if bt.fact_type(name).kind == "date" else bt.fact_type(name).levels[0]
        yield Situation((Seen(name, given),), TRUE)
        yield Situation((Seen(name, bt.NOT_APPLICABLE),), FALSE)

    def of_is_one_of(self, fact: ast.AST, words: ast.AST) -> Iterator[Situation]:
        for level in bt.fact_type(self.name(fact)).levels:
            yield Situation((Seen(self.name(fact), level),), truth_of(level in self.limit(words)))

    def of_cleared_by(self, fact: ast.AST, enzymes: ast.AST) -> Iterator[Situation]:
        for row in rows_of(DATA / "drug_classes.csv"):
            own = set(row["cyp"].split("+"))
            truth = truth_of(bool(own & set(self.limit(enzymes)))) if row["cyp"] else UNKNOWN
            yield Situation((Seen(self.name(fact), row["drug"]),), truth, ages=bool(row["cyp"]))

    def of_at_least(self, fact: ast.AST, level: ast.Constant) -> Iterator[Situation]:
        levels = bt.fact_type(self.name(fact)).levels
        for place, word in enumerate(levels):
            yield Situation((Seen(self.name(fact), word),), truth_of(place >= levels.index(str(level.value))))

    def of_form_is(self, fact: ast.AST, form: ast.Constant) -> Iterator[Situation]:
        for named in bt.fact_type(self.name(fact)).forms:
            yield Situation((Seen(self.name(fact), 5, form=named),), truth_of(named == form.value))

    def of_accepted_for(self, fact: ast.AST, form: ast.Constant) -> Iterator[Situation]:
        for named, value in product(bt.fact_type(self.name(fact)).forms, (True, False)):
            truth = truth_of(value) if named == form.value else UNKNOWN
            yield Situation((Seen(self.name(fact), value, form=named),), truth)

    def of_newly_recorded(self, fact: ast.AST) -> Iterator[Situation]:
        yield from self.yes_no(self.name(fact))

    # ---- plans

    def of_falls_faster(self, *args: ast.AST) -> Iterator[Situation]:
        fact, window = self.name(args[0]), int(self.limit(args[1]))
        share, floor = self.limit(args[2]), self.limit(args[3])
        for more in around(Fraction(0), Fraction(1, 100)):
            fall = 100 * share + more
            yield Situation((Seen(fact, [Fraction(100), 100 - fall]),), truth_of(more > 0))
            apart = [Fraction(100), *[100 - fall / 2] * (window - 1), 100 - fall]
            yield Situation((Seen(fact, apart),), truth_of(more > 0))
            yield Situation((Seen(fact, [*apart[:-1], apart[-2], apart[-1]]),), FALSE)
            yield Situation((Seen(fact, [2 * floor, floor - more]),), truth_of(more > 0))
        yield Situation((Seen(fact, [Fraction(100), Fraction(0)]),), FALSE)

    def of_first_reduction(self, condition: ast.AST) -> Iterator[Situation]:
        yield from self.reductions(condition, first=True)

    def of_any_reduction(self, condition: ast.AST) -> Iterator[Situation]:
        yield from self.reductions(condition, first=False)

    def reductions(self, condition: ast.AST, *, first: bool) -> Iterator[Situation]:
        named = sorted({name for name in PLAN_LISTS if name in self.name(condition)})
        yield Situation(tuple(Seen(name, []) for name in named), FALSE)
        if isinstance(condition, ast.Compare):
            op, limit = SYMBOLS[type(condition.ops[0])], self.limit(condition.comparators[0])
            never = Fraction(0) if op == ">" else limit + 1
            for value in around(limit, Fraction(1, 100)):
                truth = truth_of(OPS[op](value, limit))
                yield Situation((Seen(named[0], [value, never]),), truth)
                yield Situation((Seen(named[0], [never, value]),), FALSE if first else truth)

    def of_any_growth(self, steps: ast.AST, margin: ast.AST) -> Iterator[Situation]:
        allowed = Seen(self.name(margin), Fraction(1, 2))
        for grown in around(Fraction(3, 2), Fraction(1, 100)):
            fires = truth_of(grown > Fraction(3, 2))
            for ends, last in ((True, FALSE), (False, fires), (None, UNKNOWN if fires else FALSE)):
                end = () if ends is None else (Seen("plan.ends_at_zero", ends),)
                yield Situation((Seen(self.name(steps), [1, grown, 1]), allowed, *end), fires)
                yield Situation((Seen(self.name(steps), [1, 1, grown]), allowed, *end), last)

    def of_zero_then_dose(self, fact: ast.AST) -> Iterator[Situation]:
        small = Fraction(1, 100)
        for doses, truth in (([1, 0, small], TRUE), ([1, 0, 0], FALSE), ([1, small, 0], FALSE), ([0, small], TRUE)):
            yield Situation((Seen(self.name(fact), doses),), truth)

    # ---- readings, consent, other rules

    def of_at_least_true(self, least: ast.AST, *conditions: ast.AST) -> Iterator[Situation]:
        named = [[fact for fact in ALARMING if fact in names_in(condition)] for condition in conditions]
        consents = tuple(Seen(name, value=True) for name in names_in(*conditions) if name.startswith("consent"))
        for chosen in product((True, False), repeat=len(conditions)):
            values = [(fact, met) for facts, met in zip(named, chosen, strict=True) for fact in facts]
            seen = tuple(Seen(fact, (ALARMING if met else CALM)[fact]) for fact, met in values)
            yield Situation((*seen, *consents), truth_of(sum(chosen) >= self.limit(least)))

    def of_repeated(self, condition: ast.AST, *apart: ast.AST) -> Iterator[Situation]:
        gap = timedelta(minutes=int(self.limit(apart[0]))) if apart else SECOND
        facts = [fact for fact in ("at_rest", *CALM) if fact in names_in(condition)]
        beside = tuple(Seen(name, value=True) for name in names_in(condition) if name.startswith("consent"))
        calm = {"at_rest": True, **CALM}
        high = {fact: self.alarming(condition, fact) for fact in facts}

        def sets(*taken: tuple[dict[str, Any], timedelta]) -> tuple[Seen, ...]:
            return (*(Seen(fact, values[fact], age) for values, age in taken for fact in facts), *beside)

        hour, day = timedelta(hours=1), timedelta(hours=24)
        yield Situation(sets((high, hour + gap), (high, hour)), TRUE, ages=False)
        yield Situation(sets((high, hour)), UNKNOWN, ages=False)
        yield Situation(sets((calm, hour)), FALSE, ages=False)
        yield Situation(sets((high, hour + gap), (calm, hour)), FALSE, ages=False)
        yield Situation(sets((calm, hour + gap), (high, hour)), UNKNOWN, ages=False)
        yield Situation(sets((high, day), (high, day - gap)), TRUE, ages=False)
        yield Situation(sets((high, day + SECOND), (high, day + SECOND - gap)), UNKNOWN, ages=False)
        if apart:
            yield Situation(sets((high, hour + gap - SECOND), (high, hour)), UNKNOWN, ages=False)
            yield Situation(sets((high, hour + gap - SECOND), (calm, hour)), UNKNOWN, ages=False)

    def alarming(self, condition: ast.AST, fact: str) -> Any:
        """The value of a fact that just meets its first comparison."""
        for part in ast.walk(condition):
            if isinstance(part, ast.Compare) and fact in names_in(part.left) and "change_from" not in self.name(part):
                strict = {">": unit(fact), "<": -unit(fact)}.get(SYMBOLS[type(part.ops[0])], 0)
                return self.limit(part.comparators[0]) + strict
        return True

    def of_requires_consent(self, consent: ast.AST, _: ast.AST) -> Iterator[Situation]:
        yield Situation((Seen(self.name(consent), value=False),), UNKNOWN, ages=False)

    def of_truth_of(self, rule_id: ast.Constant) -> Iterator[Situation]:
        for truth in (FALSE, UNKNOWN, TRUE):
            yield Situation((), truth, rules=((str(rule_id.value), truth),))

    def of_other_rule_true(self, kind: ast.Constant) -> Iterator[Situation]:
        own = {row["rule_id"] for row in CONDITIONS if f"other_rule_true('{kind.value}')" in row["condition"]}
        for rule_id, truth in product(rules_of(str(kind.value)), (FALSE, UNKNOWN, TRUE)):
            yield Situation((), FALSE if rule_id in own else truth, rules=((rule_id, truth),))

    def of_rules_clear(self, *kinds: ast.Constant) -> Iterator[Situation]:
        for rule_id in (each for kind in kinds for each in rules_of(str(kind.value))):
            asked = RULES[rule_id]["if_unknown"] in ("ASK_NOW", "HOLD_UNTIL_KNOWN")
            found = {TRUE: FALSE, UNKNOWN: UNKNOWN if asked else TRUE, FALSE: TRUE}
            for truth, clear in found.items():
                yield Situation((), clear, rules=((rule_id, truth),))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


CONDITIONS = rows_of(DATA / "rule_conditions.csv")
RULES = {row["rule_id"]: row for row in rows_of(DATA / "rules.csv")}
KNOWN_FACTS = {row["fact"] for row in rows_of(DATA / "facts.csv")}


def rules_of(kind: str) -> list[str]:
    return [rule_id for rule_id, row in RULES.items() if row["kind"] == kind]


def names_in(*parts: ast.AST) -> set[str]:
    """The facts that a part names."""
    found = {ast.unparse(each) for part in parts for each in ast.walk(part)}
    return found & KNOWN_FACTS


# ---- asking the package
