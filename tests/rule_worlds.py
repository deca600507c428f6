"""Random worlds for the rules: near the thresholds, with gaps, doubts and contradictions, and often alarming.

As a script it counts how often each arm is TRUE and how often it is not.
"""

import random
import sys
import time as clock
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rule_oracle import FACTS, NA, PREDICATES, TRUE, Entry, Obs, World, judge, thresholds_of
from rule_worlds_pulls import CALM, DAILY, NEAR, PULLS, USUALLY_TRUE, Ago, Daily, Meds, Plan, Vitals

REASONS = (
    "not_asked", "declined", "stale", "partial", "out_of_range", "conflicting", "no_consent", "device_unreliable",
)  # fmt: skip
ZONES: tuple[tzinfo, ...] = (
    UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-8)), timezone(timedelta(hours=5, minutes=45)),
    timezone(timedelta(hours=13)), ZoneInfo("Europe/Berlin"),
)  # fmt: skip
READINGS = ("sbp", "dbp", "pulse", "temp", "rr", "spo2", "at_rest")
CALM_READING: dict[str, object] = {
    "sbp": 124, "dbp": 78, "pulse": 70, "temp": Decimal("36.8"), "rr": 14, "spo2": 97, "at_rest": True,
}  # fmt: skip
NEAR_READING: dict[str, tuple[object, ...]] = {
    "sbp": (89, 90, 91, 139, 140, 149, 150, 151, 179, 180, 181, 219, 220, 221),
    "dbp": (60, 84, 85, 99, 100, 101, 119, 120, 121),
    "pulse": (39, 40, 41, 89, 90, 110, 111, 130, 131),
    "temp": tuple(map(Decimal, ("34.9", "35", "35.1", "38.2", "38.3", "38.31", "39.09", "39.1"))),
    "rr": (7, 8, 9, 24, 25, 26),
    "spo2": (82, 83, 84, 90, 91, 92),
    "at_rest": (True, True, False),
}
PARTIAL = frozenset({"gad7_total", "gad7_baseline", "phq9_total", "phq9_baseline", "isi_total", "isi_baseline",
                     "wsas_total", "wsas_baseline", "sevdep_sds_total", "ciwab_total"})  # fmt: skip
PLAN_LISTS = frozenset({"daily_total", "daily_dose", "index_daily_mg", "step_mg", "step_fraction", "interval_d"})
ONE_ANSWER = frozenset({"plan.ends_at_zero", "rounding_mg", "last_reduction"})  # never in doubt beside an answer
MEDICINES = ("cyp_inhibitors", "cyp_inducers", "seizure_threshold_medicines")
APART_S = (59, 60, 61, 120, 299, 300, 301, 600)
DRUGS = ("alprazolam", "diazepam", "lorazepam", "temazepam", "clonazepam", "oxazepam", "zopiclone")
ENZYMES = {
    "alprazolam": frozenset({"3A4"}),
    "diazepam": frozenset({"3A4", "2C19"}),
    "lorazepam": frozenset(),
    "temazepam": frozenset(),
    "clonazepam": frozenset({"3A4"}),
    "zopiclone": frozenset({"2C8"}),
    "oxazepam": None,
}
ORDINARY = tuple(fact for fact in FACTS if fact not in {*READINGS, *DAILY, *PLAN_LISTS, "withdrawal_scale_total"})
SECOND = timedelta(seconds=1)
MYOCLONUS = timedelta(hours=72)


class Maker:
    """Collects the observations of one world."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.zone = rng.choice(ZONES)
        hour, minute = rng.choice(((0, 0), (0, 5), (9, 30), (14, 0), (23, 59), (rng.randrange(24), rng.randrange(60))))
        start = datetime(2026, 3, 20, hour, minute, rng.choice((0, 0, 17)), tzinfo=self.zone)
        self.now = start + timedelta(days=rng.randrange(400))
        if isinstance(self.zone, ZoneInfo):
            self.now = self.now.astimezone(UTC).astimezone(self.zone)
        self.today = self.now.date()
        self.instant = self.now.astimezone(UTC)
        self.given: dict[str, list[Obs]] = {}

    # One observation

    def before(self, age: timedelta) -> datetime:
        """An instant so long ago, mostly on the clock of the review."""
        at = self.instant - age
        return at.astimezone(self.zone if self.rng.random() < 0.7 else self.rng.choice(ZONES))

    def fresh_age(self, fact: str) -> timedelta:
        """Any age that is still fresh, often exactly the last one."""
        limit = FACTS[fact].max_age
        if limit is not None and self.rng.random() < 0.1:
            return limit
        if limit is not None and limit > MYOCLONUS and self.rng.random() < 0.05:
            return MYOCLONUS
        hours = min(int(limit.total_seconds()) // 3600, 96) if limit else 2000
        return timedelta(minutes=self.rng.randrange(60 * hours))

    def observe(self, fact: str, value: object, at: datetime, by: str = "", **more: object) -> Obs:
        spec, rng = FACTS[fact], self.rng
        by = by or (spec.asked_of[0] if len(spec.asked_of) == 1 else rng.choice(spec.asked_of))
        if "form" not in more and spec.forms:
            more["form"] = rng.choice(spec.forms) if rng.random() < 0.93 else ""
        return Obs(fact, value, at, by, **more)  # type: ignore[arg-type]

    def put(self, fact: str, *observations: Obs) -> None:
        self.given[fact] = list(observations)

    def answer(self, fact: str, value: object) -> Obs:
        """A fresh observation that can be used, as far as the form is named."""
        more: dict[str, object] = {}
        if fact in PARTIAL and type(value) is int and self.rng.random() < 0.12:
            high = value + self.rng.randrange(1, 5)
            if high <= (FACTS[fact].high or high):
                more = {"high": high, "form": FACTS[fact].forms[0]}
        return self.observe(fact, value, self.before(self.fresh_age(fact)), **more)

    # Values

    def made(self, fact: str, recipe: object) -> object:
        """A value by a recipe: one of several, a day so long ago, a list of medicines, or the value itself."""
        rng = self.rng
        if isinstance(recipe, Ago):
            return self.day(fact, rng.choice(recipe.days))
        if isinstance(recipe, Meds):
            return tuple(self.entry(recipe) for _ in range(rng.choice(recipe.many)))
        if isinstance(recipe, tuple):
            return rng.choice(recipe)
        return recipe

    def day(self, fact: str, ago: int) -> object:
        day = self.today - timedelta(days=ago)
        if fact in {"last_completed_checkin", "last_symptom_report"} and self.rng.random() < 0.3:
            return datetime.combine(day, self.rng.choice((time(0), time(12), time(23, 59))), self.zone)
        return day

    def entry(self, recipe: Meds) -> Entry:
        start, stop = self.rng.choice(recipe.start), self.rng.choice(recipe.stop)
        if isinstance(start, int) and isinstance(stop, int):
            start, stop = max(start, stop), min(start, stop)  # days ago: nothing is stopped before it is started
        return Entry(
            self.rng.choice(("omeprazole", "tramadol", "rifampicin")),
            None if start is None else self.today - timedelta(days=start),
            stop if stop is None or stop is NA else self.today - timedelta(days=stop),  # type: ignore[arg-type]
        )

    def random_value(self, fact: str) -> object:
        spec, rng = FACTS[fact], self.rng
        if spec.kind == "bool":
            return rng.random() < (0.75 if fact in USUALLY_TRUE else 0.25)
        if spec.levels:
            return rng.choice(DRUGS if fact in {"index_drug", "target_drug"} else spec.levels)
        if spec.kind == "date":
            return self.day(fact, rng.choice((0, 0, 1, 2, 3, 5, 6, 7, 8, 13, 14, 28, 29, 90, 91, rng.randrange(800))))
        if spec.kind == "list":
            return self.made(fact, Meds())
        near = rng.choice(NEAR[fact])
        if spec.kind == "number" and rng.random() < 0.15:
            return Decimal(str(near)) + rng.choice((Decimal("0.01"), Decimal("0.25")))
        return near

    def outside(self, fact: str) -> object:
        """A value that no reading of the table allows, if there is one."""
        spec = FACTS[fact]
        if spec.kind == "date":
            return self.today + timedelta(days=self.rng.choice((1, 30)))
        return int(spec.high) + 1 if spec.high is not None else None

    def form(self, fact: str) -> str:
        return self.rng.choice(FACTS[fact].forms) if FACTS[fact].forms else ""

    # Facts

    def doubtful(self, fact: str) -> None:
        """The fact as it comes in life: not known, twice, contradicted, late, too early or out of range."""
        rng, spec = self.rng, FACTS[fact]
        chance = rng.random()
        first = self.answer(fact, self.random_value(fact))
        if chance < 0.62:
            self.put(fact, first)
            return
        form, at = self.form(fact), self.before(self.fresh_age(fact))
        unknown = Obs(fact, None, at, rng.choice(spec.asked_of), form, unknown=rng.choice(REASONS))
        older = at - timedelta(hours=rng.choice((1, 30, 100)))
        single = fact in ONE_ANSWER
        if chance < 0.69 or (single and chance < 0.77):
            self.put(fact, unknown)
        elif chance < 0.77:
            same = unknown.by if rng.random() < 0.7 else ""
            self.put(fact, unknown, self.observe(fact, self.random_value(fact), older, same, form=form))
        elif chance < 0.84 and len(spec.asked_of) > 1:
            one, two = rng.sample(spec.asked_of, 2)
            self.put(fact, self.observe(fact, self.random_value(fact), at, one, form=form),
                     self.observe(fact, self.random_value(fact), older, two, form=form))  # fmt: skip
        elif chance < 0.87 and spec.kind != "list" and not single:
            two = [self.observe(fact, self.random_value(fact), at, first.by, form=form) for _ in range(2)]
            self.put(fact, *two, self.observe(fact, self.random_value(fact), older, first.by, form=form))
        elif chance < 0.90 and self.outside(fact) is not None and fact != "plan.hard_end_date":
            self.put(fact, self.observe(fact, self.outside(fact), at, form=form))
        elif chance < 0.93 and spec.max_age is not None:
            age = spec.max_age + rng.choice((SECOND, timedelta(days=3), timedelta(days=6), timedelta(days=7)))
            self.put(fact, self.observe(fact, first.value, self.before(age), form=form))
        elif chance < 0.95:
            self.put(fact, first, self.observe(fact, self.random_value(fact), self.before(-SECOND), form=form))
        elif chance < 0.98 and fact != "pregnancy_status":
            self.put(fact, self.observe(fact, NA, at, form=form))
        else:
            self.put(fact, self.observe(fact, first.value, at, first.by, form=form),
                     self.observe(fact, self.random_value(fact), older, first.by, form=form))  # fmt: skip

    def daily(self, fact: str, recipe: Daily) -> None:
        """A value a day, with gaps, sometimes two a day, back from today or yesterday."""
        rng, sources = self.rng, FACTS[fact].asked_of
        series = []
        first = 0 if rng.random() < 0.6 else 1
        for ago in range(first, first + recipe.days):
            if rng.random() < recipe.gaps:
                continue
            day = self.today - timedelta(days=ago)
            for _ in range(2 if rng.random() < recipe.twice else 1):
                value = rng.choice(recipe.often if rng.random() < recipe.share else recipe.seldom)
                at = datetime.combine(day, time(rng.choice((0, 0, 7, 12, 23)), rng.choice((0, 0, 30, 59))), self.zone)
                if ago == 0 and at > self.now:
                    at = self.now if rng.random() < 0.95 else at
                if rng.random() < 0.2:
                    at = at.astimezone(UTC).astimezone(rng.choice(ZONES))
                series.append(Obs(fact, value, at, sources[0] if rng.random() < 0.8 else rng.choice(sources)))
        if recipe.gaps and series and rng.random() < 0.1:
            lost = rng.randrange(len(series))
            old = series[lost]
            series[lost] = Obs(fact, None, old.at, old.by, unknown=rng.choice(REASONS))
        self.put(fact, *series)

    def scale(self, *, rising: bool) -> None:
        """A withdrawal scale at some check-ins, newest first."""
        rng = self.rng
        forms = FACTS["withdrawal_scale_total"].forms
        form, value, back = rng.choice(forms), rng.randrange(12, 20), timedelta(hours=rng.choice((1, 100, 168, 169)))
        series = []
        for _ in range(rng.randrange(2, 5)):
            named = form if rng.random() < 0.95 else rng.choice((*forms, ""))
            series.append(Obs("withdrawal_scale_total", value, self.before(back), "patient", named))
            value = max(0, value - rng.choice((1, 2, 3) if rising else (-1, 0, 1)))
            back += timedelta(days=rng.choice((1, 7)))
        self.put("withdrawal_scale_total", *series)

    def vitals(self, recipe: Vitals) -> None:
        """Sets of readings taken together, some minutes or hours apart."""
        rng = self.rng
        for fact in READINGS:
            self.put(fact)
        back = timedelta(hours=rng.choice((0, 1, 10, 23))) if rng.random() < 0.9 else timedelta(hours=24)
        for _ in range(rng.randrange(*recipe.sets)):
            at, by = self.before(back), rng.choice(recipe.by)
            alarming = recipe.alarming if rng.random() < recipe.share else {}
            for fact in READINGS:
                if rng.random() >= recipe.gaps:
                    self.reading(fact, at, by, rng.choice(alarming.get(fact, (CALM_READING[fact],))), recipe.doubt)
            seconds = rng.choice(APART_S) if rng.random() < 0.8 else rng.choice((7200, 72000))
            back += timedelta(seconds=seconds)

    def reading(self, fact: str, at: datetime, by: str, value: object, doubt: float) -> None:
        """One reading of a set; seldom without a value, out of range, contradicted, or beside another's."""
        rng, given = self.rng, self.given[fact]
        chance = rng.random() / doubt if doubt else 2.0
        if chance < 0.6:
            given.append(Obs(fact, None, at, by, unknown=rng.choice(REASONS)))
            return
        if chance < 1 and fact not in {"dbp", "at_rest"}:
            value = self.outside(fact)
        given.append(Obs(fact, value, at.astimezone(UTC) if rng.random() < 0.1 else at, by))
        if 1 <= chance < 2 and fact in {"pulse", "temp", "rr", "spo2"}:
            given.append(Obs(fact, CALM_READING[fact], at, by))
        elif rng.random() < 0.04:
            other = rng.choice([one for one in FACTS[fact].asked_of if one != by])
            given.append(Obs(fact, CALM_READING[fact], at, other))

    def plan(self, recipe: Plan) -> None:
        """Lists of a plan that belong together: levels, falls, shares, intervals and days."""
        rng = self.rng
        level = rng.choice(recipe.start)  # all in hundredths of a milligram
        total, falls, shares, intervals = [], [], [], []
        for _ in range(rng.randrange(1, 5)):
            interval = rng.choice(recipe.intervals)
            total += [level] * min(interval, 15)
            fall = min(level, rng.choice(recipe.falls))
            if fall == 0:
                break
            falls.append(_hundredths(fall))
            shares.append((Decimal(fall) / level).quantize(Decimal("0.000001")))
            intervals.append(Decimal(interval))
            level -= fall
        total += [level] * rng.choice((1, 3, 15))
        amounts = tuple(map(_hundredths, total))
        at, unknown = self.before(timedelta(days=rng.randrange(30))), rng.random()
        lists = {"daily_total": amounts, "index_daily_mg": amounts, "daily_dose": amounts, "step_mg": tuple(falls),
                 "step_fraction": tuple(shares), "interval_d": tuple(intervals)}  # fmt: skip
        if rng.random() < recipe.skipping:
            lists["daily_dose"] = tuple(_hundredths(0) if day % 3 == 1 else one for day, one in enumerate(amounts))
        for fact, values in lists.items():
            reason = "not_asked" if unknown < 0.05 else ""
            self.put(fact, Obs(fact, None if reason else values, at, "plan", unknown=reason))

    # The whole

    def calm(self) -> None:
        """Everything answered, nothing wrong."""
        at = self.instant.astimezone(self.zone)
        for fact, value in CALM_VALUES.items():
            made = self.made(fact, value) if isinstance(value, Ago) else value
            self.given[fact] = [Obs(fact, made, at, FACTS[fact].asked_of[0], CALM_FORM[fact])]
        for fact, recipe in DAILY.items():
            self.daily(fact, recipe.calm())
        self.vitals(Vitals({}, sets=(1, 3), gaps=0, doubt=0))
        at -= timedelta(days=1)
        self.put("withdrawal_scale_total", *(
            Obs("withdrawal_scale_total", 8 + ago, at - timedelta(days=ago), "patient", "BWSQ20") for ago in range(3)
        ))  # fmt: skip

    def strewn(self, density: float) -> None:
        """Each fact with some probability, as it comes."""
        random_ = self.rng.random
        for fact in ORDINARY:
            if random_() < density:
                self.doubtful(fact)
        for fact, recipe in DAILY.items():
            if random_() < density * 1.5:
                self.daily(fact, recipe)
        if random_() < density:
            self.scale(rising=random_() < 0.5)
        if random_() < density * 1.5:
            self.vitals(Vitals(NEAR_READING, share=0.6))
        if random_() < density:
            self.plan(Plan())

    def pull(self, key: tuple[str, str]) -> None:
        """Towards the firing of an arm."""
        for fact, recipe in self.rng.choice(PULLS[key]).items():
            if isinstance(recipe, Daily):
                self.daily(fact, recipe)
            elif isinstance(recipe, Vitals):
                self.vitals(recipe)
            elif isinstance(recipe, Plan):
                self.plan(recipe)
            elif fact == "withdrawal_scale_total":
                self.scale(rising=True)
            else:
                self.put(fact, self.answer(fact, self.made(fact, recipe)))


def _hundredths(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-2)


def _calm_values() -> dict[str, object]:
    values: dict[str, object] = {}
    for fact in ORDINARY:
        if fact in CALM:
            values[fact] = CALM[fact]
        elif FACTS[fact].kind == "bool":
            values[fact] = fact in USUALLY_TRUE
    return values


CALM_VALUES = _calm_values()
CALM_FORM = {fact: (FACTS[fact].forms or ("",))[0] for fact in CALM_VALUES}
KEYS = (*PREDICATES, *([("RF-16", "autonomic")] * 3))  # the one that needs most at once
RESUMING = (("RS-01", "resume"), ("RS-02", "early_resume"))


class Equal(NamedTuple):
    """The dose of the drug of the total that equals so much diazepam: so many times, between two tables."""

    low: Fraction
    high: Fraction

    def __call__(self, diazepam: Fraction) -> tuple[Fraction, Fraction]:
        return diazepam * self.low, diazepam * self.high


EQUALS: tuple[Callable[[Fraction], tuple[Fraction, Fraction] | None], ...] = (
    Equal(Fraction(1), Fraction(1)),
    Equal(Fraction(1), Fraction(1)),
    Equal(Fraction(1, 20), Fraction(1, 10)),
    Equal(Fraction(1, 2), Fraction(3, 2)),
    lambda _: None,
)


def random_world(rng: random.Random, profile_thresholds: Mapping[str, object]) -> World:
    """A world made of this chance alone."""
    maker, chance = Maker(rng), rng.random()
    if chance < 0.14:
        maker.calm()
        if chance < 0.05:
            maker.pull(rng.choice(RESUMING))
    elif chance < 0.55:
        maker.strewn(0.1)
    else:
        maker.strewn(rng.choice((0.2, 0.3, 0.4)))
    pulls = rng.choice((0, 0, 0, 1)) if chance < 0.05 else rng.choice((0, 1, 1, 1, 2, 3))
    for _ in range(pulls):
        maker.pull(rng.choice(KEYS))
    observations = [one for some in maker.given.values() for one in some]
    rng.shuffle(observations)
    return World(tuple(observations), maker.now, profile_thresholds, rng.choice(EQUALS), ENZYMES)


def main(worlds: int, profiles: Sequence[str] = ("asam-2025", "uk", "germany", "scotland", "australia")) -> int:
    """Print how often each arm is TRUE, UNKNOWN and FALSE; the exit code says whether that suffices."""
    rng = random.Random(1)  # noqa: S311  # chance, not secrets
    thresholds = [thresholds_of(profile) for profile in profiles]
    counts: dict[tuple[str, str], Counter[int]] = {key: Counter() for key in PREDICATES}
    making = judging = 0.0
    seen = 0
    for _ in range(worlds):
        start = clock.perf_counter()
        world = random_world(rng, rng.choice(thresholds))
        made = clock.perf_counter()
        for key, truth in judge(world).items():
            counts[key][truth] += 1
        judging += clock.perf_counter() - made
        making += made - start
        seen += len(world.observations)
    rare = 0
    for key, count in sorted(counts.items()):
        few = min(count[TRUE], worlds - count[TRUE]) < 0.003 * worlds
        rare += few
        print(*key, *(f"{100 * count[truth] / worlds:6.2f}" for truth in (2, 1, 0)), "RARE" if few else "")  # noqa: T201
    print(f"ms: {1000 * making / worlds:.2f} + {1000 * judging / worlds:.2f}; observations: {seen / worlds:.0f}")  # noqa: T201
    return rare


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000) > 0)
