"""Counts what a schedule takes as one total, and says how it falls or rises from one level to another.

With one drug the total is its dose. With several it is diazepam mg by a table, and a range where the table gives one: a
fall or rise is then certain only where it holds for every value of the range.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import lcm
from typing import Literal, TypeAlias

from benzotaper import equivalence
from benzotaper.doses import NG_PER_MG, mg_text
from benzotaper.errors import BenzotaperError
from benzotaper.numbers import decimal_text
from benzotaper.received.levels import Level

Verdict: TypeAlias = Literal["yes", "depends", "no"]
Verdicts: TypeAlias = Mapping[str, Verdict]
"""What each table says."""
EVERY = "every table"
ONE = (Fraction(1), Fraction(1))
YES: Verdicts = {EVERY: "yes"}
NO: Verdicts = {EVERY: "no"}


def judging_tables(
    drugs: Sequence[str], *, table: str, profile_table: str
) -> dict[str, dict[str, tuple[Fraction, Fraction]]]:
    """The tables that count drugs as diazepam: mg (low, high) that equal 1 mg of each drug.

    Args:
        drugs: the drugs; a table that lacks one does not judge.
        table: the table that the caller names, or "".
        profile_table: the table of the named profile, or ""; without either every default table judges.

    >>> judging_tables(["lorazepam"], table="ashton-2002", profile_table="")["ashton-2002"]["lorazepam"]
    (Fraction(10, 1), Fraction(10, 1))
    """
    if all(drug == equivalence.DIAZEPAM for drug in drugs):
        return {EVERY: dict.fromkeys(drugs, ONE)}
    named = [name for name in dict.fromkeys((table, profile_table)) if name]
    tables = [equivalence.table_named(name) for name in named] or list(equivalence.default_tables())
    found = {}
    for each in tables:
        try:
            found[each.id] = {drug: equivalence.mg_range_in_diazepam(drug, NG_PER_MG, each) for drug in drugs}
        except BenzotaperError:  # it lacks one of them, or one is no drug here
            continue
    return found


@dataclass(slots=True)
class OneDrug:
    """The total of one drug, in ng, percents of the start or bare numbers.

    Attributes:
        unit: "ng", "percent" or "number".
        drug: the drug.
        tables: as `judging_tables` gives them; none where the unit is no ng.
    """

    levels: Sequence[Level]
    drug: str
    unit: str
    tables: Mapping[str, Mapping[str, tuple[Fraction, Fraction]]]
    scale: int = 1
    totals: list[int] = field(default_factory=list)
    tops: list[int] = field(default_factory=list)
    limits: dict[Fraction, list[tuple[str, int, int]]] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        means = [level.mean(self.drug) for level in self.levels]
        tops = [
            mean if len(level.cycle) == 1 else level.highest(self.drug)
            for level, mean in zip(self.levels, means, strict=True)
        ]
        # whole numbers of the finest part that occurs: 100 000 rows are compared in no time
        self.scale = lcm(*{each.denominator for each in (*means, *tops)})
        self.totals = [mean.numerator * (self.scale // mean.denominator) for mean in means]
        self.tops = [top.numerator * (self.scale // top.denominator) for top in tops]

    def falls(self, before: int, now: int) -> bool:
        """Whether the total falls between two levels, by any table."""
        return self.totals[now] < self.totals[before]

    def crosses(self, before: int, now: int) -> bool:  # noqa: ARG002  one drug crosses to none
        """Whether one drug falls while another rises."""
        return False

    def rises(self, before: int, now: int) -> Verdicts:
        """Whether the total or the highest day rises."""
        partial = self.levels[before].partial or self.levels[now].partial  # then only its highest day is known
        up = self.tops[now] > self.tops[before] or (not partial and self.totals[now] > self.totals[before])
        return YES if up else NO

    def too_fast(self, before: int, now: int, *, share: Fraction, floor_mg: Fraction) -> Verdicts:
        """Whether the fall is above a share of the total and above so much diazepam (mg)."""
        was, fall = self.totals[before], self.totals[before] - self.totals[now]
        step = self.scale if self.unit == "ng" else 1  # the share is counted as doses are, in whole nanograms
        if fall <= -(-was * share.numerator // (share.denominator * step)) * step:
            return NO
        return self.above(before, now, floor_mg) if floor_mg else YES

    def above(self, before: int, now: int, floor_mg: Fraction) -> Verdicts:
        """Whether the fall is above so much diazepam (mg); "unknown drug" depends where no table can say it."""
        fall = self.totals[before] - self.totals[now]
        if self.unit != "ng" or not self.tables:
            return {"": "depends"}
        return {
            table: "yes" if fall > certain else "depends" if fall > possible else "no"
            for table, certain, possible in self._limits(floor_mg)
        }

    def _limits(self, floor_mg: Fraction) -> list[tuple[str, int, int]]:
        """The totals above which a fall is certainly, and possibly, above so much diazepam (mg), by table."""
        if floor_mg not in self.limits:
            scaled = floor_mg * self.scale * NG_PER_MG
            factors = [(table, by_drug[self.drug]) for table, by_drug in self.tables.items()]
            self.limits[floor_mg] = [(table, scaled // low, scaled // high) for table, (low, high) in factors]
        return self.limits[floor_mg]

    def candidates(self, earlier: Sequence[int]) -> Sequence[int]:
        """Of several levels, those from which the fall may be the largest."""
        return [max(earlier, key=self.totals.__getitem__)] if earlier else []

    def percent(self, before: int, now: int) -> Fraction | None:
        """The fall in % of the total before."""
        return Fraction((self.totals[before] - self.totals[now]) * 100, self.totals[before])

    def worst_percent(self, pairs: Iterable[tuple[int, int]]) -> Fraction | None:
        """The largest fall between pairs of levels, in % of the first."""
        fall, was = 0, 1
        for before, now in pairs:
            if (self.totals[before] - self.totals[now]) * was > fall * self.totals[before]:
                fall, was = self.totals[before] - self.totals[now], self.totals[before]
        return Fraction(fall * 100, was)

    def words(self, number: int) -> str:
        """The total for reading."""
        total = self.totals[number]
        if total not in self.said:
            value = Fraction(total, self.scale)
            other = f"{decimal_text(value, places=2)}{' % of the start' if self.unit == 'percent' else ''}"
            self.said[total] = f"{_mg(value)} mg" if self.unit == "ng" else other
        return self.said[total]

    def mg(self, number: int) -> Fraction | None:
        """The total in mg; None where no mg are known."""
        return Fraction(self.totals[number], self.scale * NG_PER_MG) if self.unit == "ng" else None


@dataclass(slots=True)
class SeveralDrugs:
    """The total of several drugs, in diazepam mg by each table that has them all."""

    levels: Sequence[Level]
    drugs: tuple[str, ...]
    tables: Mapping[str, Mapping[str, tuple[Fraction, Fraction]]]
    named: str
    doses: list[dict[str, Fraction]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.doses = [{drug: level.mean(drug) for drug in self.drugs} for level in self.levels]

    def falls(self, before: int, now: int) -> bool:
        """Whether the total may fall between two levels, by any table."""
        return any(self.doses[now][drug] < self.doses[before][drug] for drug in self.drugs)

    def candidates(self, earlier: Sequence[int]) -> Sequence[int]:
        """Of several levels, those from which the fall may be the largest: any of them, the earliest first."""
        return earlier[::-1]

    def _range(self, by_drug: Mapping[str, Fraction], table: str) -> tuple[Fraction, Fraction]:
        """The least and the most that a sum can be (ng of diazepam)."""
        ends = [[by_drug[drug] * end for end in self.tables[table][drug]] for drug in self.drugs]
        return sum(map(min, ends), Fraction(0)), sum(map(max, ends), Fraction(0))

    def _change(self, before: int, now: int, share: Fraction = Fraction(0)) -> dict[str, Fraction]:
        was, is_now = self.doses[before], self.doses[now]
        return {drug: was[drug] * (1 - share) - is_now[drug] for drug in self.drugs}

    def crosses(self, before: int, now: int) -> bool:
        """Whether one drug falls while another rises."""
        change = self._change(before, now).values()
        return min(change) < 0 < max(change)

    def rises(self, before: int, now: int) -> Verdicts:
        """Whether the total rises; where no table judges, it depends as soon as one drug rises."""
        change = {drug: -fall for drug, fall in self._change(before, now).items()}
        was, is_now = self.levels[before], self.levels[now]
        if was.partial or is_now.partial:  # then only the highest day is known
            change = {drug: is_now.highest(drug) - was.highest(drug) for drug in self.drugs}
        if all(rise <= 0 for rise in change.values()):
            return NO
        if all(rise >= 0 for rise in change.values()):
            return YES
        return {table: _verdict(self._range(change, table), Fraction(0)) for table in self.tables} or {"": "depends"}

    def too_fast(self, before: int, now: int, *, share: Fraction, floor_mg: Fraction) -> Verdicts:
        """Whether the fall is above a share of the total and above so much diazepam (mg)."""
        over, fall = self._change(before, now, share), self._change(before, now)
        found: dict[str, Verdict] = {}
        for table in self.tables:
            both = (
                _verdict(self._range(over, table), Fraction(1)),
                _verdict(self._range(fall, table), floor_mg * NG_PER_MG),
            )
            found[table] = "no" if "no" in both else "yes" if both == ("yes", "yes") else "depends"
        return found or {"": "depends"}

    def above(self, before: int, now: int, floor_mg: Fraction) -> Verdicts:
        """Whether the fall is above so much diazepam (mg)."""
        fall = self._change(before, now)
        return {t: _verdict(self._range(fall, t), floor_mg * NG_PER_MG) for t in self.tables} or {"": "depends"}

    def percent(self, before: int, now: int) -> Fraction | None:
        """The fall in % of the total before: the highest of the named table's range; None without a named table."""
        taken = {drug for level in (before, now) for drug in self.drugs if self.doses[level][drug]}
        if len(taken) == 1:
            (drug,) = taken
            return (1 - self.doses[now][drug] / self.doses[before][drug]) * 100
        if self.named not in self.tables:
            return None
        shares = []
        for factors in product(*(set(self.tables[self.named][drug]) for drug in self.drugs)):
            was, is_now = (
                sum(self.doses[level][drug] * f for drug, f in zip(self.drugs, factors, strict=True))
                for level in (before, now)
            )
            shares.append((1 - Fraction(is_now) / Fraction(was)) * 100)
        return max(shares)

    def worst_percent(self, pairs: Iterable[tuple[int, int]]) -> Fraction | None:
        """The largest fall between pairs of levels, in % of the first; None where one is not known."""
        shares = [self.percent(before, now) for before, now in pairs]
        known = [share for share in shares if share is not None]
        return max(known, default=Fraction(0)) if len(known) == len(shares) else None

    def words(self, number: int) -> str:
        """What is taken, for reading."""
        said = [f"{_mg(dose)} mg{f' of {drug}' if drug else ''}" for drug, dose in self.doses[number].items() if dose]
        return " and ".join(said) or "0 mg"

    def mg(self, number: int) -> Fraction | None:
        """The total in mg of the only drug that is taken then; None of several."""
        taken = [dose for dose in self.doses[number].values() if dose]
        return sum(taken, Fraction(0)) / NG_PER_MG if len(taken) < 2 else None  # noqa: PLR2004  several


def _mg(ng: Fraction) -> str:
    return mg_text(ng) if ng.denominator == 1 else decimal_text(ng / NG_PER_MG, places=3)


def _verdict(found: tuple[Fraction, Fraction], limit: Fraction) -> Verdict:
    return "yes" if found[0] > limit else "depends" if found[1] > limit else "no"


def joint(verdicts: Verdicts) -> Verdict:
    """What the tables say together: "depends" unless they agree.

    >>> joint({"ashton-2002": "yes", "vadod-2021": "no"})
    'depends'
    """
    said = set(verdicts.values())
    return said.pop() if len(said) == 1 else "depends"


def tables_words(verdicts: Verdicts) -> str:
    """Which table says what; '' where they agree."""
    if joint(verdicts) != "depends" or "" in verdicts:
        return ""
    words = {"yes": "yes by", "no": "no by", "depends": "within the range of"}
    said = [
        f"{text} {', '.join(table for table, given in verdicts.items() if given == answer)}"
        for answer, text in words.items()
        if answer in verdicts.values()
    ]
    return f"It depends on the table: {'; '.join(said)}."
