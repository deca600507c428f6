"""The records of a plan: what everything else makes, checks or prints.

Nothing here plans or judges. Doses are whole nanograms; a mean over a cycle of days is an exact fraction of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeAlias, cast

from benzotaper.doses import Dose
from benzotaper.product import Product
from benzotaper.regimen import Regimen


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How much of one product makes up an administration.

    Attributes:
        product: the product.
        pieces: how many pieces of it.
        pieces_per_unit: into how many pieces one unit (tablet, mL) is divided; units = pieces / pieces_per_unit.
    """

    product: Product
    pieces: int
    pieces_per_unit: int

    @property
    def units(self) -> Fraction:
        """Whole products: 1/2 is half a tablet; mL of a liquid."""
        return Fraction(self.pieces, self.pieces_per_unit)

    @property
    def dose(self) -> Dose:
        """The dose it makes."""
        return Dose.of_ng(self.product.strength.ng * self.pieces // self.pieces_per_unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """One dose of one drug at one time of a day, and what makes it.

    Attributes:
        drug: the drug.
        time: morning, noon, evening or night.
        dose: the dose.
        taken: what makes it; empty in a plan with `ANY_DOSE`, which is not dispensed.
    """

    drug: str
    time: str
    dose: Dose
    taken: tuple[Taken, ...]


Day: TypeAlias = tuple[Administration, ...]
"""What is taken on one day, in the order of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stretch of days on which the same is taken, or the same short cycle of days.

    Attributes:
        number: from 0; step 0 is the current regimen.
        start: its first day; None of a step 0 that lasts no day.
        days: how long it lasts (days); None of the last step, which is open.
        cycle: the days that repeat from its first day on; one day where every day is the same.
        finest_fall: the smallest fall of the day's total that the products could make from here; 0 mg where any could.
    """

    number: int
    start: date | None
    days: int | None
    cycle: tuple[Day, ...]
    finest_fall: Dose

    @property
    def end(self) -> date | None:
        """Its last day, inclusive; None where it has none or is open."""
        if self.start is None or not self.days:
            return None
        return self.start + timedelta(days=self.days - 1)

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drugs taken, in order of appearance."""
        return tuple(dict.fromkeys(administration.drug for day in self.cycle for administration in day))

    def day(self, number: int) -> Day:
        """What is taken on day `number` of the step, counted from 0."""
        return self.cycle[number % len(self.cycle)]

    def mean_ng(self, drug: str) -> Fraction:
        """The mean daily dose of a drug over the cycle (ng)."""
        return Fraction(sum(a.dose.ng for day in self.cycle for a in day if a.drug == drug), len(self.cycle))


@dataclass(frozen=True, slots=True, kw_only=True)
class IdealDose:
    """What the strategy asked for before tablets were considered.

    Attributes:
        start: the day from which on.
        drug: the drug.
        mean: the mean daily dose; 0 mg at the end.
    """

    start: date
    drug: str
    mean: Dose


@dataclass(frozen=True, slots=True, kw_only=True)
class DiazepamFactor:
    """mg of diazepam that one mg of a drug equals: the lowest and the highest, each with the table that says so."""

    drug: str
    low: Fraction
    low_table: str
    high: Fraction
    high_table: str

    def picked(self, pick: str) -> Fraction:
        """One value of the range: "low", "midpoint" or "high"; the highest where nothing is picked."""
        return {"low": self.low, "midpoint": (self.low + self.high) / 2}.get(pick, self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossOver:
    """A change from one drug to another, portion by portion or at once.

    Attributes:
        drug: the drug that leaves.
        to: the drug that enters.
        table: the equivalence table.
        pick: "low", "midpoint" or "high" of its range; "" where it gives one value.
        factor: mg of `to` that replace one mg of `drug`.
        first_step, last_step: the steps of the first and the last portion.
        other_tables: what each default table would give for the whole daily dose: table, low (mg), high (mg).
    """

    drug: str
    to: str
    table: str
    pick: str
    factor: Fraction
    first_step: int
    last_step: int
    other_tables: tuple[tuple[str, Fraction, Fraction], ...]


Severity: TypeAlias = Literal["red", "warning", "notice"]
SEVERITIES: tuple[Severity, ...] = ("red", "warning", "notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something about a plan that a person must see.

    Attributes:
        code: the id of the rule ("PL-01") or a word for what is no rule ("splitting").
        severity: "red" needs a prescriber's recorded reason, "warning" a confirmation, "notice" a look.
        message: what, in one or two sentences.
        steps: the steps it is about.
        cause: "chosen" where the ideal course itself has it, "products" where only the products force it, else "".
        figures: names and exact texts of the numbers behind it.
        sources: ids of sources, for `cite`.
        origin: where the threshold is from: "guideline", "label", "house" ("project default, confirm"), ...
    """

    code: str
    severity: Severity
    message: str
    steps: tuple[int, ...] = ()
    cause: Literal["", "chosen", "products"] = ""
    figures: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    origin: str = ""


KEEP, TOGETHER = "keep", "together"
"""Stand for the strategy of a drug that is kept beside others, and for the drugs that fall on one curve."""
AS_GIVEN = "as given"
"""Stands for strategies, fit and reduce where the steps are a prescriber's own."""


def phase_texts(strategies: Iterable[str]) -> tuple[str, ...]:
    """The phases of a request as texts that `strategy` reads: without their drugs, and without what is kept.

    >>> phase_texts(["zopiclone: linear 2 mg every 2 weeks", "diazepam: keep"])
    ('linear 2 mg every 2 weeks',)
    """
    phases = (text.rpartition(": ")[2] for text in strategies)
    return tuple(phase for phase in phases if phase not in (KEEP, AS_GIVEN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the caller asked for, as a plan keeps it.

    Attributes:
        regimen: what is taken now.
        strategies: the phases, as text; `AS_GIVEN` alone where the steps are a prescriber's own.
        start: the day on which the course begins.
        products: a region, "by hand" or "any dose".
        splitting: "whole", "scored", "halves" or "quarters"; "" with any dose.
        fit, reduce: as text.
        max_pieces: pieces an administration, at most.
        liquids: the liquid that was added, as text; "" for none.
        lead_in_days: how long the current dose is kept first (days).
        target, last_dose: 0 mg where not given.
        profile, table, acknowledge: "" where not given.
        align: the days on which doses may change, as text; "" for any.
        apart_days: with several drugs, how long after one reduction the next may come (days); 0 with one drug.
        pick: with several drugs, which end of a table's range counts; "" where it gives none.
    """

    regimen: Regimen
    strategies: tuple[str, ...]
    start: date
    products: str
    splitting: str
    fit: str
    reduce: str
    max_pieces: int
    liquids: str
    lead_in_days: int
    target: Dose
    last_dose: Dose
    profile: str
    table: str
    acknowledge: str
    align: str = ""
    apart_days: int = 0
    pick: str = ""


class Later:
    """A field of a frozen record that may be given as what makes it, and is then made when it is first read."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, record: object, owner: type | None = None) -> tuple[IdealDose, ...]:
        if record is None:
            raise AttributeError(self._name)  # so a dataclass learns that there is no default
        value = record.__dict__[self._name]
        if callable(value):
            value = record.__dict__[self._name] = value()
        return cast("tuple[IdealDose, ...]", value)

    def __set__(self, record: object, value: tuple[IdealDose, ...] | Callable[[], tuple[IdealDose, ...]]) -> None:
        record.__dict__[self._name] = value


Ending: TypeAlias = Literal["zero", "maintenance", "gate"]


@dataclass(frozen=True, kw_only=True)
class PlanRecord:
    """A whole plan, as data.

    Attributes:
        request: what was asked for.
        shelf: the products that it draws on; none with any dose.
        steps: from the current regimen to the end; the last is open.
        ending: "zero", "maintenance", or "gate" where only a review opens the next step.
        remaining: the strategies left behind a gate, as text.
        ideal: the course that the strategies asked for.
        factors: diazepam mg per mg of each drug; none where no table has it.
        crossovers: the changes of drug.
        notes: findings that only the planner can make; `findings_of` lists them with the others.
        findings: what a person must see.
    """

    request: Request
    shelf: tuple[Product, ...]
    steps: tuple[Step, ...]
    ending: Ending
    remaining: tuple[str, ...]
    ideal: Later = Later()
    factors: tuple[DiazepamFactor, ...]
    crossovers: tuple[CrossOver, ...]
    notes: tuple[Finding, ...] = field(default=(), compare=False)
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    @property
    def stops_on(self) -> date | None:
        """The first day without any dose; None of a plan that ends in maintenance or at a gate."""
        return self.steps[-1].start if self.ending == "zero" else None

    @cached_property
    def drugs(self) -> tuple[str, ...]:
        """The drugs of the plan, in order of appearance."""
        return tuple(dict.fromkeys(drug for step in self.steps for drug in step.drugs))
