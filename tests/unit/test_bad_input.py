"""Bad input: each gives one leaf of BenzotaperError that says what, which value, what is allowed and what to do next.

The command, where it can be asked the same, exits with 2 and one line, and leaves every file as it was.
"""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import benzotaper as bt
from benzotaper import errors
from command import GIVEN, run

NIGHT = "diazepam 10 mg at night"
TWICE = "diazepam 10 mg twice daily"
TEN = "percentage 10 % of current every 2 weeks"
TWO = "linear 2 mg every 2 weeks"
CROSS = "substitution to diazepam by ashton-2002"
NIGHTLY_LOW = "alternate-day 1 mg with 2 4 7 low days a week every 1 week"
LIBRARY_ONLY: tuple[str, ...] = ()
"""What only a program can give: no command takes it."""


def taper(regimen: Any = TWICE, strategy: Any = TEN, **changes: Any) -> Any:
    given: dict[str, Any] = {"start": "2026-12-01", "products": "UK", "splitting": "halves"}
    return bt.taper(regimen, strategy, **given | changes)


def command(regimen: str = TWICE, *phases: str, **changes: str) -> tuple[str, ...]:
    """The same question for the command; an option that is changed to nothing is left out, to `on` is a flag."""
    options = dict(zip(GIVEN[::2], GIVEN[1::2], strict=True))
    options |= {"--" + name.replace("_", "-"): value for name, value in changes.items()}
    given = [word for name, value in options.items() if value for word in (name, value) if word != "on"]
    asked = [word for phase in phases or (TEN,) for word in ("--phase", phase)]
    return ("taper", regimen, *asked, *given)


def by_options(strategy: str, *options: str) -> tuple[str, ...]:
    return ("taper", TWICE, "--strategy", strategy, *options, *GIVEN)


@cache
def plan_text() -> str:
    text: str = taper().to_json()
    return text


def changed_plan(change: Callable[[dict[str, Any]], object]) -> Callable[[], object]:
    def read() -> object:
        document = json.loads(plan_text())
        change(document)
        return bt.Plan.from_json(json.dumps(document))

    return read


def alprazolam_us(release: str) -> list[Any]:
    found = bt.products("alprazolam", region="US", forms=["tablet"])
    return [product for product in found if product.release == release]


class Case(NamedTuple):
    """One bad input.

    Attributes:
        name: what is wrong.
        call: asks the library.
        error: the leaf.
        facts: its attributes and their values.
        words: what the message must say.
        command: the same on the command line.
    """

    name: str
    call: Callable[[], object]
    error: type[errors.BenzotaperError]
    facts: dict[str, object]
    words: tuple[str, ...]
    command: tuple[str, ...] = LIBRARY_ONLY


def convert(dose: str, *, to: str = "lorazepam", table: str = "ashton-2002") -> Callable[[], object]:
    return lambda: bt.convert(dose, to=to, table=table)


def converted(dose: str, *, to: str = "lorazepam", table: str = "ashton-2002") -> tuple[str, ...]:
    return ("convert", dose, "--to", to, "--table", table)


DOSES = (
    Case(
        "a regimen without a unit",
        lambda: taper("diazepam 10 twice daily"),
        errors.DoseError,
        {"value": "10"},
        ("needs a unit", "'10 mg'"),
        command("diazepam 10 twice daily"),
    ),
    Case(
        "a conversion without a unit",
        convert("diazepam 10"),
        errors.DoseError,
        {"value": "10"},
        ("needs a unit", "'10 mg'"),
        converted("diazepam 10"),
    ),
    Case(
        "an unknown unit",
        lambda: taper("diazepam 10 grains twice daily"),
        errors.DoseError,
        {"value": "10 grains"},
        ("'10 grains'", "'grains' is not a unit", "mg, mcg or g"),
        command("diazepam 10 grains twice daily"),
    ),
    Case(
        "megagram in a regimen",
        lambda: taper("diazepam 1 Mg twice daily"),
        errors.DoseError,
        {"value": "1 Mg"},
        ("'1 Mg'", "megagram", "milligram is 'mg'"),
        command("diazepam 1 Mg twice daily"),
    ),
    Case(
        "megagram in a conversion",
        convert("diazepam 1 Mg"),
        errors.DoseError,
        {"value": "1 Mg"},
        ("megagram", "milligram is 'mg'"),
        converted("diazepam 1 Mg"),
    ),
    Case(
        "a volume",
        lambda: taper("diazepam 5 mL at night"),
        errors.DoseError,
        {"value": "5 mL"},
        ("a volume is not a dose", "'mg'"),
        command("diazepam 5 mL at night"),
    ),
    Case(
        "a regimen of zero",
        lambda: taper("diazepam 0 mg twice daily"),
        errors.RegimenError,
        {"text": "diazepam 0 mg twice daily"},
        ("nothing is taken", "diazepam 0 mg twice daily", "a dose above 0 mg"),
        command("diazepam 0 mg twice daily"),
    ),
    Case(
        "a conversion of zero",
        convert("diazepam 0 mg"),
        errors.DoseError,
        {"value": "0 mg"},
        ("'0 mg' is zero", "above 0 mg"),
        converted("diazepam 0 mg"),
    ),
    Case(
        "a negative regimen",
        lambda: taper("diazepam -5 mg twice daily"),
        errors.DoseError,
        {},
        ("'-5", "a sign is not allowed", "above zero"),
        command("diazepam -5 mg twice daily"),
    ),
    Case(
        "a negative conversion",
        convert("diazepam -5 mg"),
        errors.DoseError,
        {},
        ("'-5", "a sign is not allowed", "above zero"),
        converted("diazepam -5 mg"),
    ),
    Case(
        "not a number, as text",
        lambda: taper(bt.Regimen("diazepam", night="NaN mg")),
        errors.DoseError,
        {},
        ("NaN", "not a number", "5 or 0.5"),
        command("diazepam 10 mg at night", target="NaN mg"),
    ),
    Case(
        "not a number, as Decimal",
        lambda: bt.Dose(mg=Decimal("NaN")),
        errors.DoseError,
        {},
        ("NaN", "not a", "number"),
    ),
    Case(
        "infinity, as text",
        lambda: taper(bt.Regimen("diazepam", night="inf mg")),
        errors.DoseError,
        {},
        ("inf", "not a number", "5 or 0.5"),
        command("diazepam 10 mg at night", last_dose="inf mg"),
    ),
    Case(
        "infinity, as Decimal",
        lambda: bt.Dose(mg=Decimal("Infinity")),
        errors.DoseError,
        {},
        ("Infinity", "not a", "number"),
    ),
    Case(
        "a thousand million milligrams a day",
        lambda: taper("diazepam 1000000000 mg at night"),
        errors.DoseError,
        {"value": "1000000000 mg"},
        ("'1000000000 mg'", "above 1000 mg", "check the number and the unit"),
        command("diazepam 1000000000 mg at night"),
    ),
    Case(
        "a thousand million milligrams to convert",
        convert("diazepam 1000000000 mg"),
        errors.DoseError,
        {"value": "1000000000 mg"},
        ("above 1000 mg", "check the number and the unit"),
        converted("diazepam 1000000000 mg"),
    ),
    Case(
        "what may be a thousand or a decimal",
        convert("diazepam 1,000 mg"),
        errors.DoseError,
        {"value": "1,000 mg"},
        ("'1,000 mg' is ambiguous", "a thousand or a decimal"),
        converted("diazepam 1,000 mg"),
    ),
    Case(
        "a float where text is needed",
        lambda: taper(target=5.0),
        errors.DoseError,
        {"value": 5.0},
        ("5.0", "needs a unit", "write it as text", "'5 mg'"),
    ),
    Case(
        "a float as milligrams",
        lambda: bt.Dose(mg=0.5),
        errors.DoseError,
        {"value": 0.5},
        ("0.5 is not exact", "Decimal"),
    ),
    Case(
        "a float as the step",
        lambda: bt.Linear(2.0, every="2 weeks"),
        errors.DoseError,
        {"value": 2.0},
        ("2.0", "needs a unit", "write it as text"),
    ),
)

REGIMENS = (
    Case(
        "an empty regimen",
        lambda: taper(""),
        errors.RegimenError,
        {"text": ""},
        ("it is empty", "'diazepam 10 mg twice daily'"),
    ),
    Case(
        "a regimen of blanks",
        lambda: taper("  "),
        errors.RegimenError,
        {"text": "  "},
        ("it is empty", "'diazepam 10 mg twice daily'"),
    ),
    Case(
        "an empty conversion",
        convert(""),
        errors.DoseError,
        {"value": ""},
        ("'' cannot be converted", "'alprazolam 1 mg'"),
    ),
    Case(
        "an unknown drug",
        lambda: taper("aspirin 10 mg at night"),
        errors.UnknownDrugError,
        {"name": "aspirin", "suggestions": ()},
        ("'aspirin'", "bt.drug_names()"),
        command("aspirin 10 mg at night"),
    ),
    Case(
        "a misspelt drug, which is suggested and not chosen",
        convert("lorazepan 1 mg", to="diazepam"),
        errors.UnknownDrugError,
        {"name": "lorazepan"},
        ("'lorazepan'", "did you mean lorazepam"),
        converted("lorazepan 1 mg", to="diazepam"),
    ),
    Case(
        "a misspelt drug to convert to",
        convert("diazepam 5 mg", to="lorazepan"),
        errors.UnknownDrugError,
        {"name": "lorazepan"},
        ("'lorazepan'", "did you mean lorazepam"),
        converted("diazepam 5 mg", to="lorazepan"),
    ),
    Case(
        "as-needed use",
        lambda: taper("diazepam 10 mg as needed"),
        errors.RegimenError,
        {"text": "diazepam 10 mg as needed"},
        ("as-needed use has no daily dose", "say what is really taken"),
        command("diazepam 10 mg as needed"),
    ),
    Case(
        "QD",
        lambda: taper("diazepam 10 mg QD"),
        errors.RegimenError,
        {"text": "diazepam 10 mg QD"},
        ("error-prone", "say the time, such as 'at night'"),
        command("diazepam 10 mg QD"),
    ),
    Case(
        "once daily without a time",
        lambda: taper("diazepam 10 mg once daily"),
        errors.RegimenError,
        {"text": "diazepam 10 mg once daily"},
        ("at which time of the day", "'at night'"),
        command("diazepam 10 mg once daily"),
    ),
    Case(
        "1-0-1 without mg",
        lambda: taper("diazepam 1-0-1"),
        errors.RegimenError,
        {"text": "diazepam 1-0-1"},
        ("'1-0-1' counts tablets", "'5-0-10 mg'"),
        command("diazepam 1-0-1"),
    ),
    Case(
        "several drugs that no table counts together",
        lambda: taper(f"{NIGHT} + lorazepam 1 mg at night"),
        errors.PlanError,
        {"value": "table"},
        ("several drugs are counted as diazepam", "give table="),
        command(f"{NIGHT} + lorazepam 1 mg at night"),
    ),
    Case(
        "extended release by the drug's name, without a product",
        lambda: taper("alprazolam XR 1 mg at night", products="US"),
        errors.ReleaseError,
        {"value": "alprazolam XR"},
        ("'alprazolam XR'", "another product, not another spelling", "bt.products('alprazolam'", "release="),
        command("alprazolam XR 1 mg at night", products="US"),
    ),
    Case(
        "extended release after the dose, without a product",
        lambda: taper("alprazolam 1 mg XR at night", products="US"),
        errors.ReleaseError,
        {"value": "alprazolam 1 mg XR at night"},
        ("another product, not another spelling", "name its product"),
        command("alprazolam 1 mg XR at night", products="US"),
    ),
)

TABLES = (
    Case(
        "an unknown table",
        convert("diazepam 5 mg", table="ashton-1999"),
        errors.UnknownTableError,
        {"table": "ashton-1999", "suggestions": ("ashton-2002",)},
        ("'ashton-1999'", "did you mean ashton-2002?", "the tables are"),
        converted("diazepam 5 mg", table="ashton-1999"),
    ),
    Case(
        "an unknown table for a plan",
        lambda: taper(table="ashton-1999"),
        errors.UnknownTableError,
        {"table": "ashton-1999", "suggestions": ("ashton-2002",)},
        ("'ashton-1999'", "did you mean ashton-2002?", "the tables are"),
        command(table="ashton-1999"),
    ),
    Case(
        "a drug that is not captured in the table",
        convert("midazolam 7.5 mg", to="diazepam", table="who-2009"),
        errors.NotInTableError,
        {"drug": "midazolam", "table": "who-2009", "complete": False, "tables": ("germany-2020",)},
        ("midazolam is not captured in who-2009", "tables that have it: germany-2020"),
        converted("midazolam 7.5 mg", to="diazepam", table="who-2009"),
    ),
    Case(
        "a drug that is not in a complete table",
        convert("alprazolam 1 mg", to="diazepam", table="scotland-2024"),
        errors.NotInTableError,
        {"drug": "alprazolam", "table": "scotland-2024", "complete": True},
        ("alprazolam is not in scotland-2024", "tables that have it: vadod-2021, ashton-2002"),
        converted("alprazolam 1 mg", to="diazepam", table="scotland-2024"),
    ),
    Case(
        "a range without pick",
        lambda: taper("bromazepam 6 mg at night", [f"{CROSS} every 1 week", TWO], products="FR"),
        errors.PickError,
        {"low_mg": Fraction(5, 3), "high_mg": Fraction(2)},
        ("bromazepam", "ashton-2002", "a range, not one dose", "pick='low', 'midpoint' or 'high'"),
        command("bromazepam 6 mg at night", f"{CROSS} every 1 week", TWO, products="FR"),
    ),
    Case(
        "a pick that does not exist",
        lambda: bt.convert("bromazepam 6 mg", to="diazepam", table="ashton-2002").pick("middle"),
        errors.PickError,
        {"low_mg": Fraction(5, 3), "high_mg": Fraction(2)},
        ("'middle' is not known", "pick='low', 'midpoint' or 'high'"),
        (*converted("bromazepam 6 mg", to="diazepam"), "--pick", "middle"),
    ),
)

STRATEGIES = (
    *(
        Case(
            f"a cut of {cut}",
            lambda cut=cut: bt.Percentage(cut, of="current", every="2 weeks"),  # type: ignore[misc]  # bound here
            errors.PercentError,
            {"value": cut},
            (f"'{cut}' is out of range", "above 0 % and up to 100 %"),
            by_options("percentage", "--cut", cut, "--of", "current", "--every", "2 weeks"),
        )
        for cut in ("0 %", "150 %")
    ),
    Case(
        "a cut of 100 %",
        lambda: bt.Percentage("100 %", of="current", every="2 weeks"),
        errors.StrategyError,
        {"value": "100 %"},
        ("a cut of 100 % is no taper", "give less"),
        by_options("percentage", "--cut", "100 %", "--of", "current", "--every", "2 weeks"),
    ),
    Case(
        "a negative cut",
        lambda: bt.Percentage("-10 %", of="current", every="2 weeks"),
        errors.PercentError,
        {},
        ("'-10", "a sign is not allowed"),
        by_options("percentage", "--cut=-10 %", "--of", "current", "--every", "2 weeks"),
    ),
    Case(
        "a cut without its sign",
        lambda: bt.Percentage("10", of="current", every="2 weeks"),
        errors.PercentError,
        {"value": "10"},
        ("'10' is no percentage", "'10 %'"),
        by_options("percentage", "--cut", "10", "--of", "current", "--every", "2 weeks"),
    ),
    Case(
        "a float as the cut",
        lambda: bt.Percentage(0.1, of="current", every="2 weeks"),
        errors.PercentError,
        {"value": 0.1},
        ("0.1 is no percentage", "'10 %'"),
    ),
    Case(
        "a percentage of start, which is Linear",
        lambda: bt.Percentage("10 %", of="start", every="2 weeks"),
        errors.StrategyError,
        {"value": "start"},
        ("of='start'", "'current'", "Linear('10 %'"),
        by_options("percentage", "--cut", "10 %", "--of", "start", "--every", "2 weeks"),
    ),
    Case(
        "an interval of zero",
        lambda: bt.Linear("2 mg", every="0 weeks"),
        errors.IntervalError,
        {"value": "0 weeks"},
        ("every '0 weeks'", "at least 1 day"),
        by_options("linear", "--step", "2 mg", "--every", "0 weeks"),
    ),
    Case(
        "a negative interval",
        lambda: bt.Linear("2 mg", every="-2 weeks"),
        errors.IntervalError,
        {"value": "-2 weeks"},
        ("every '-2 weeks'", "a whole number of days or weeks", "'2 weeks'"),
        by_options("linear", "--step", "2 mg", "--every=-2 weeks"),
    ),
    Case(
        "an interval without a unit",
        lambda: bt.Linear("2 mg", every="2"),
        errors.IntervalError,
        {"value": "2"},
        ("every '2'", "needs a unit", "'14 days'"),
        by_options("linear", "--step", "2 mg", "--every", "2"),
    ),
    Case(
        "a number as the interval",
        lambda: bt.Linear("2 mg", every=2),
        errors.IntervalError,
        {"value": 2},
        ("every 2 needs a unit", "write it as text"),
    ),
    Case(
        "months, which are no fixed number of days",
        lambda: taper(lead_in="1 month"),
        errors.IntervalError,
        {"value": "1 month"},
        ("lead_in '1 month'", "not a fixed number of days", "'4 weeks'"),
        command(lead_in="1 month"),
    ),
    Case(
        "strategy text that is not whole",
        lambda: bt.strategy("linear 2 mg"),
        errors.StrategyError,
        {"value": "linear 2 mg"},
        ("'linear 2 mg' is not a whole linear strategy", "it is written: linear"),
        command(TWICE, "linear 2 mg"),
    ),
    Case(
        "strategy text without its base",
        lambda: bt.strategy("percentage 10 % every 2 weeks"),
        errors.StrategyError,
        {"value": "percentage 10 % every 2 weeks"},
        ("is not a whole percentage strategy", "of current every <days or weeks>"),
        command(TWICE, "percentage 10 % every 2 weeks"),
    ),
    Case(
        "a misspelt strategy",
        lambda: bt.strategy("liner 2 mg every 2 weeks"),
        errors.StrategyError,
        {"value": "liner 2 mg every 2 weeks"},
        ("names no strategy", "did you mean linear?", "hold-and-step"),
        command(TWICE, "liner 2 mg every 2 weeks"),
    ),
    Case(
        "hyperbolic with both points and steps",
        lambda: bt.Hyperbolic("24.7 mg", points="5 %", steps=3, every="1 week"),
        errors.StrategyError,
        {},
        ("hyperbolic needs points=", "or steps=", "one of them"),
        by_options("hyperbolic", "--half-occupancy", "24.7 mg", "--points", "5 %", "--steps", "3", "--every", "1 week"),
    ),
    Case(
        "hyperbolic with neither points nor steps",
        lambda: bt.Hyperbolic("24.7 mg", every="1 week"),
        errors.StrategyError,
        {},
        ("hyperbolic needs points=", "or steps=", "one of them"),
        by_options("hyperbolic", "--half-occupancy", "24.7 mg", "--every", "1 week"),
    ),
    Case(
        "alternate days of a drug with a short half-life, without a word",
        lambda: taper("lorazepam 2 mg at night, 1 mg morning", NIGHTLY_LOW),
        errors.AcknowledgementError,
        {"what": "alternate-day"},
        ("lorazepam", "half-life", "acknowledge='who owns this, and why'", "another strategy"),
        command("lorazepam 2 mg at night, 1 mg morning", NIGHTLY_LOW),
    ),
    Case(
        "alternate days of a drug whose half-life is unknown, without a word",
        lambda: taper("phenazepam 2 mg at night", NIGHTLY_LOW, products=bt.ANY_DOSE, splitting="", last_dose="1 mg"),
        errors.AcknowledgementError,
        {"what": "alternate-day"},
        ("phenazepam", "is unknown", "acknowledge="),
        command("phenazepam 2 mg at night", NIGHTLY_LOW, products="any", splitting="", last_dose="1 mg"),
    ),
    Case(
        "everything at once where the tables differ widely, without a word",
        lambda: taper("alprazolam 1 mg at night", [f"{CROSS} at once", TWO]),
        errors.AcknowledgementError,
        {"what": "at_once"},
        ("alprazolam", "6.25 to 20 mg", "2 times or more", "acknowledge=", "every="),
        command("alprazolam 1 mg at night", f"{CROSS} at once", TWO),
    ),
)

PLANS = (
    Case(
        "a start that is a datetime",
        lambda: taper(start=datetime(2026, 12, 1)),  # noqa: DTZ001  the slip under test
        errors.IntervalError,
        {"value": datetime(2026, 12, 1)},  # noqa: DTZ001  as above
        ("is a datetime", "calendar day", "2026-12-01"),
    ),
    Case(
        "a start that is the text of a datetime",
        lambda: taper(start="2026-12-01T00:00"),
        errors.IntervalError,
        {"value": "2026-12-01T00:00"},
        ("start '2026-12-01T00:00' is no date", "YYYY-MM-DD"),
        command(start="2026-12-01T00:00"),
    ),
    Case(
        "a region that is not complete",
        lambda: taper(products="AU"),
        errors.ProductError,
        {"value": "AU"},
        ("AU is not complete", "products=[...]", "complete are CA, FR, UK, US"),
        command(products="AU"),
    ),
    Case(
        "an unknown region",
        lambda: taper(products="ZZ"),
        errors.ProductError,
        {"value": "ZZ"},
        ("region 'ZZ' is not known", "the regions are AU"),
        command(products="ZZ"),
    ),
    Case(
        "an unknown region to list",
        lambda: bt.products("diazepam", region="ZZ"),
        errors.ProductError,
        {"value": "ZZ"},
        ("region 'ZZ' is not known", "the regions are AU"),
        ("products", "diazepam", "--region", "ZZ"),
    ),
    Case(
        "an unknown form to list",
        lambda: bt.products("diazepam", region="UK", forms=["pill"]),
        errors.ProductError,
        {"value": "pill"},
        ("form 'pill' is not known", "the forms are tablet"),
        ("products", "diazepam", "--region", "UK", "--form", "pill"),
    ),
    Case(
        "a drug without rows in the region",
        lambda: taper("alprazolam 1 mg at night", liquids=True, products="UK"),
        errors.ProductError,
        {"value": "alprazolam"},
        ("alprazolam in UK", "does not mean none marketed", "products=[...]"),
        command("alprazolam 1 mg at night", liquids="on"),
    ),
    Case(
        "products that cannot make the first dose",
        lambda: taper("diazepam 10.3 mg at night"),
        errors.NotMakeableError,
        {"dose_mg": Fraction(103, 10), "nearest_mg": (Fraction(10), Fraction(21, 2))},
        ("10.3 mg cannot be made", "nearest makeable: 10 mg and 10.5 mg", "add a strength or a liquid", "splitting="),
        command("diazepam 10.3 mg at night"),
    ),
    Case(
        "extended-release products only, for a plain regimen",
        lambda: taper("alprazolam 1 mg at night", products=alprazolam_us("ER")),
        errors.ReleaseError,
        {"value": ["ER"]},
        ("alprazolam", "products have ER", "never mixed", "give products of one release", "release="),
    ),
    Case(
        "releases mixed",
        lambda: taper("alprazolam 1 mg at night", products=alprazolam_us("ER") + alprazolam_us("IR")),
        errors.ReleaseError,
        {"value": ["ER", "IR"]},
        ("ER and IR", "never mixed", "give products of one release"),
    ),
    Case(
        "a tablet where a liquid is asked for",
        lambda: taper("diazepam 5 mg at night", liquids=bt.Product("diazepam", strength="2 mg", form="tablet")),
        errors.ProductError,
        {},
        ("2 mg tablet", "must be True, False or the liquid to add"),
    ),
    Case(
        "two concentrations of a liquid by hand",
        lambda: taper(NIGHT, products=bt.products("diazepam", region="US", forms=["oral solution"])),
        errors.ProductError,
        {"value": "diazepam"},
        ("two liquids are never mixed", "1 mg/mL", "5 mg/mL", "give one of them"),
    ),
    Case(
        "two concentrations of the region's liquid",
        lambda: taper("clonazepam 1 mg at night", liquids=True),
        errors.ProductError,
        {"value": "clonazepam"},
        ("exactly one liquid of clonazepam in UK", "0.1 mg/mL", "0.4 mg/mL", "give the one you mean"),
        command("clonazepam 1 mg at night", liquids="on"),
    ),
    Case(
        "no splitting",
        lambda: taper(splitting=""),
        errors.PlanError,
        {"value": ""},
        ("splitting", "must be given", "whole, scored, halves, quarters"),
        command(splitting=""),
    ),
    Case(
        "splitting with any dose",
        lambda: taper(products=bt.ANY_DOSE, last_dose="1 mg"),
        errors.PlanError,
        {"value": "halves"},
        ("splitting must be absent with ANY_DOSE", "nothing is dispensed"),
        command(products="any", last_dose="1 mg"),
    ),
    Case(
        "any dose without an end",
        lambda: taper(products=bt.ANY_DOSE, splitting=""),
        errors.PlanError,
        {"value": "ANY_DOSE"},
        ("with ANY_DOSE", "give last_dose= or target="),
        command(products="any", splitting=""),
    ),
    Case(
        "a target above the present dose",
        lambda: taper(target="25 mg"),
        errors.PlanError,
        {},
        ("25 mg", "not below the 20 mg"),
        command(target="25 mg"),
    ),
    Case(
        "a target and a last dose",
        lambda: taper(target="5 mg", last_dose="2 mg"),
        errors.PlanError,
        {},
        ("target=", "last_dose=", "not both"),
        command(target="5 mg", last_dose="2 mg"),
    ),
    Case(
        "a last phase that stops above zero",
        lambda: taper(strategy=f"{TWO} down to 10 mg"),
        errors.PlanError,
        {"value": bt.strategy(f"{TWO} down to 10 mg")},
        ("ends at 10 mg", "add a phase", "target='10 mg'", "last_dose='10 mg'"),
        command(TWICE, f"{TWO} down to 10 mg"),
    ),
    Case(
        "a phase that follows a phase to zero",
        lambda: taper(strategy=[TWO, TWO]),
        errors.PlanError,
        {"value": bt.strategy(TWO)},
        (f"'{TWO}' goes to 0 mg", "nothing can follow it", "down_to="),
        command(TWICE, TWO, TWO),
    ),
    Case(
        "more than 20 years",
        lambda: taper(strategy="linear 0.1 mg every 52 weeks"),
        errors.PlanError,
        {},
        ("more than 20 years", "larger falls, shorter intervals, or a last dose"),
        command(TWICE, "linear 0.1 mg every 52 weeks"),
    ),
    Case(
        "a misspelt way of reducing",
        lambda: taper(reduce="evnly"),
        errors.PlanError,
        {"value": "evnly"},
        ("reduce 'evnly' is not known", "'evenly', 'even levels', 'in turn'"),
        command(reduce="evnly"),
    ),
    Case(
        "a way of reducing that is no pair",
        lambda: taper(reduce=[5]),
        errors.PlanError,
        {"value": 5},
        ("reduce: 5 must be a pair", "('16 mg', 'in turn')"),
        LIBRARY_ONLY,
    ),
    Case(
        "another fit",
        lambda: taper(fit="down"),
        errors.PlanError,
        {"value": "down"},
        ("fit 'down'", "up, nearest"),
        command(fit="down"),
    ),
    Case(
        "an unknown profile",
        lambda: taper(profile="asam-2026"),
        errors.UnknownIdError,
        {"kind": "profile", "id": "asam-2026", "suggestions": ("asam-2025",)},
        ("'asam-2026'", "did you mean asam-2025?"),
        command(profile="asam-2026"),
    ),
    Case(
        "no strategy",
        lambda: taper(strategy=[]),
        errors.StrategyError,
        {"value": []},
        ("no strategy is given", "give one"),
    ),
    Case(
        "a plan with a changed dose",
        changed_plan(lambda plan: plan["steps"][1]["cycle"][0][0].update(dose_mg="8")),
        errors.PlanFormatError,
        {"path": "steps[1].cycle[0][0].dose_mg"},
        ("steps[1].cycle[0][0].dose_mg", "it says 8 mg", "make 9 mg"),
    ),
    Case(
        "a plan with a missing field",
        changed_plan(lambda plan: plan["request"].pop("fit")),
        errors.PlanFormatError,
        {"path": "request.fit"},
        ("request.fit", "this field is missing", "use the document as it was written"),
    ),
    Case(
        "a plan of a future version",
        changed_plan(lambda plan: plan.update(schema_version=2)),
        errors.PlanFormatError,
        {"path": "schema_version"},
        ("schema_version", "2 is newer", "install a newer benzotaper"),
    ),
)

CASES = (*DOSES, *REGIMENS, *TABLES, *STRATEGIES, *PLANS)
each_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
each_command = pytest.mark.parametrize(
    "case", [case for case in CASES if case.command], ids=[case.name for case in CASES if case.command]
)


def refusal(case: Case) -> errors.BenzotaperError:
    with pytest.raises(errors.BenzotaperError) as caught:
        case.call()
    return caught.value


@each_case
def test_the_error_is_this_leaf_and_no_other(case: Case) -> None:
    assert type(refusal(case)) is case.error
    assert case.error is not errors.BenzotaperError


@each_case
def test_the_facts_are_attributes(case: Case) -> None:
    error = refusal(case)
    assert error.facts
    for name, value in error.facts.items():
        assert getattr(error, name) is value
    for name, value in case.facts.items():
        assert getattr(error, name) == value, name


@each_case
def test_the_message_says_what_which_value_and_what_to_do(case: Case) -> None:
    message = str(refusal(case))
    for words in case.words:
        assert words in message


@each_case
def test_the_message_is_one_sentence_that_does_not_begin_with_a_capital(case: Case) -> None:
    error = refusal(case)
    message = str(error)
    assert "\n" not in message
    assert not message[0].isupper() or message.startswith(repr(error.facts["value"]))
    assert not message.endswith(".")


@each_case
def test_a_refusal_is_repeatable_and_changes_nothing(case: Case) -> None:
    before = plan_text()
    assert str(refusal(case)) == str(refusal(case))
    assert taper().to_json() == before


@each_command
def test_the_command_exits_with_2_and_one_line_and_leaves_files_as_they_were(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.json").write_text("what was there")
    outputs = ("-o", "plan.json", "-o", "plan.csv") if case.command[0] == "taper" else ()
    ran = run(*case.command, *outputs)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("benzotaper: ")
    assert ran.err.count("\n") == 1
    assert ran.err.endswith("\n")
    assert "Traceback" not in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]
    assert (tmp_path / "plan.json").read_text() == "what was there"


@each_command
def test_the_command_says_what_the_library_says(case: Case) -> None:
    said = run(*case.command).err
    for words in case.words:
        assert words in said


@pytest.mark.parametrize(
    "given",
    [
        ("taper", "", *GIVEN),
        ("taper", " ", *GIVEN),
        ("convert", "", "--to", "diazepam"),
        ("products", "", "--region", "UK"),
    ],
)
def test_the_command_says_what_is_empty(given: tuple[str, ...]) -> None:
    ran = run(*given)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "it is empty; give a value" in ran.err


@pytest.mark.parametrize("regimen", ["diazepam nan mg twice daily", "diazepam inf mg at night"])
def test_a_regimen_whose_number_is_none_is_not_taken_for_an_unknown_drug(regimen: str) -> None:
    with pytest.raises((errors.DoseError, errors.RegimenError), match="number"):
        taper(regimen)


FAULTY = """table_id,drug,dose_low_mg,dose_high_mg,diazepam_mg,route,grade
mine,diazpam,5,5,5,oral,seen
mine,lorazepam,0,1,10,oral,seen
other,alprazolam,0.5,0.5,10,oral,seen
mine,clonazepam,0.5,0.5,10,rectal,seen
mine,oxazepam,30,20,10,oral,seen
mine,temazepam,20,20,10,oral,seen
"""


def test_a_table_with_five_faults_is_refused_with_all_five_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(FAULTY)
    known = bt.tables()
    with pytest.raises(errors.DataError) as caught:
        bt.load_table(path, id="mine", title="Our table", complete=True)
    error = caught.value
    assert error.file == "mine.csv"
    assert [fault.split(":")[0] for fault in error.faults] == ["row 2", "row 3", "row 4", "row 5", "row 6"]
    for fault, words in zip(error.faults, ("'diazpam'", "'0'", "'other'", "'rectal'", "above"), strict=True):
        assert words in fault
        assert fault in str(error)
    assert str(error).startswith("mine.csv has 5 fault(s)")
    assert path.read_text() == FAULTY
    assert bt.tables() == known


def test_the_same_table_without_its_faults_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("\n".join([*FAULTY.splitlines()[:1], *FAULTY.splitlines()[6:]]) + "\n")
    table = bt.load_table(path, id="mine", title="Our table", complete=True)
    assert bt.convert("temazepam 20 mg", to="diazepam", table=table).low_mg == 10
