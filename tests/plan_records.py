"""Plans made by hand, one for each kind of thing that an output must get right."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from benzotaper.doses import Dose, read_dose
from benzotaper.product import Product
from benzotaper.regimen import Regimen
from benzotaper.steps import (
    Administration,
    CrossOver,
    DiazepamFactor,
    Finding,
    IdealDose,
    PlanRecord,
    Request,
    Step,
    Taken,
)

START = date(2026, 12, 1)
TWO = Product(
    "diazepam", strength="2 mg", form="tablet", region="UK", name="generic", split_ok="yes", source_ids=("P03",)
)
TEN = Product("diazepam", strength="10 mg", form="tablet", region="UK", name="generic")
SOLUTION = Product("diazepam", strength="0.4 mg", form="oral solution", region="UK", name="generic")
DROPS = Product("diazepam", strength="10 mg", form="oral drops", region="FR", name="Valium", drops_per_ml=30)
LORAZEPAM = Product("lorazepam", strength="1 mg", form="tablet", pieces=4, note='"own", said to be scored')
FACTORS = (
    DiazepamFactor(
        drug="diazepam", low=Fraction(1), low_table="ashton-2002", high=Fraction(1), high_table="ashton-2002"
    ),
    DiazepamFactor(
        drug="lorazepam", low=Fraction(5), low_table="va-dod-2021", high=Fraction(10), high_table="ashton-2002"
    ),
)


def part(product: Product, pieces: int, per_unit: int = 1) -> Taken:
    """So many pieces of a product."""
    return Taken(product=product, pieces=pieces, pieces_per_unit=per_unit)


def take(time: str, dose: str, *taken: Taken, drug: str = "diazepam") -> Administration:
    """A dose at a time, and what makes it."""
    return Administration(drug=drug, time=time, dose=read_dose(dose), taken=taken)


def stretch(number: int, start: date | None, days: int | None, *cycle: Sequence[Administration]) -> Step:
    """A step with its cycle of days."""
    return Step(number=number, start=start, days=days, cycle=tuple(tuple(day) for day in cycle), finest_fall=Dose(mg=1))


def request(regimen: Regimen, **changes: object) -> Request:
    """A request with UK products and halves, where not said otherwise."""
    asked = Request(
        regimen=regimen,
        strategies=("linear 2 mg every 1 week",),
        start=START,
        products="UK",
        splitting="halves",
        fit="up",
        reduce="evenly",
        max_pieces=6,
        liquids="",
        lead_in_days=0,
        target=Dose(mg=0),
        last_dose=Dose(mg=0),
        profile="",
        table="",
        acknowledge="",
    )
    return replace(asked, **changes)  # type: ignore[arg-type]  # any field, as its test needs it


def record(asked: Request, shelf: Sequence[Product], steps: Sequence[Step], **changes: object) -> PlanRecord:
    """A plan to zero, where not said otherwise."""
    plan = PlanRecord(
        request=asked,
        shelf=tuple(shelf),
        steps=tuple(steps),
        ending="zero",
        remaining=(),
        ideal=(IdealDose(start=START, drug="diazepam", mean=Dose(mg="1.5")),),
        factors=FACTORS,
        crossovers=(),
    )
    return replace(plan, **changes)  # type: ignore[arg-type]  # any field, as its test needs it


def later(days: int) -> date:
    """A day of the course, counted from 0."""
    return START + timedelta(days=days)


NOW = [take("morning", "3 mg", part(TWO, 3, 2)), take("night", "10 mg", part(TEN, 1))]
REGIMEN = Regimen("diazepam", morning="3 mg", night="10 mg")
FINDING = Finding(
    code="PL-01",
    severity="warning",
    message="falls by more than 25 % within 14 days: »look« at it",
    steps=(1, 2),
    cause="products",
    figures=(("fall_mg", "13"), ("fall_mg", "1/3")),
    sources=("S001",),
    origin="house",
)


def simple() -> PlanRecord:
    """Step 0 lasts no day; 13 mg, 12 mg, 2 mg, 0; with a finding."""
    return record(
        request(REGIMEN, acknowledge='Dr Ä: agreed, "as is"\nline 2'),
        [TWO, TEN],
        [
            stretch(0, None, 0, NOW),
            stretch(1, later(0), 14, [take("morning", "2 mg", part(TWO, 1)), NOW[1]]),
            stretch(2, later(14), 7, [take("night", "2 mg", part(TWO, 1, 2), part(TWO, 2, 4))]),
            stretch(3, later(21), None, []),
        ],
        findings=(FINDING,),
    )


def merged() -> PlanRecord:
    """The first makeable fall comes after 3 weeks, so the current regimen is kept for as long."""
    steps = simple().steps
    return replace(
        simple(),
        steps=(
            replace(steps[0], start=later(0), days=21),
            replace(steps[1], start=later(21), days=7),
            replace(steps[3], number=2, start=later(28)),
        ),
        findings=(),
    )


def cycle() -> PlanRecord:
    """2 mg every night; then every other night; then one night in three; then none."""
    night = [take("night", "2 mg", part(TWO, 1))]
    none: list[Administration] = []
    return record(
        request(Regimen("diazepam", night="2 mg"), strategies=("alternate-day 2 mg every 1 week",)),
        [TWO],
        [
            stretch(0, None, 0, night),
            stretch(1, later(0), 7, night, none),
            stretch(2, later(7), 7, night, none, none),
            stretch(3, later(14), None, none),
        ],
    )


def crossing() -> PlanRecord:
    """Lorazepam 2 mg becomes diazepam 20 mg in two portions of 10 mg, then 4 mg are kept for 3 days, then none."""
    loraz = [take("night", dose, part(LORAZEPAM, n), drug="lorazepam") for dose, n in (("2 mg", 2), ("1 mg", 1))]
    diaz = [take("night", dose, part(TEN, n)) for dose, n in (("10 mg", 1), ("20 mg", 2))]
    return record(
        request(Regimen("lorazepam", night="2 mg"), products="by hand", table="ashton-2002"),
        [TEN, TWO, LORAZEPAM],
        [
            stretch(0, None, 0, loraz[:1]),
            stretch(1, later(0), 7, [loraz[1], diaz[0]]),
            stretch(2, later(7), 3, diaz[1:]),
            stretch(3, later(10), 3, [take("night", "4 mg", part(TWO, 2))]),
            stretch(4, later(13), None, []),
        ],
        crossovers=(
            CrossOver(
                drug="lorazepam",
                to="diazepam",
                table="ashton-2002",
                pick="",
                factor=Fraction(10),
                first_step=1,
                last_step=2,
                other_tables=(("va-dod-2021", Fraction(10), Fraction(40, 3)),),
            ),
        ),
    )


def at_once() -> PlanRecord:
    """Lorazepam 0.3 mg, which no product here makes, becomes diazepam 2 mg at once."""
    plan = crossing()
    return replace(
        plan,
        request=request(Regimen("lorazepam", night="0.3 mg")),
        shelf=(TWO,),
        steps=(
            stretch(0, None, 0, [take("night", "0.3 mg", drug="lorazepam")]),
            stretch(1, later(0), 7, [take("night", "2 mg", part(TWO, 1))]),
            stretch(2, later(7), None, []),
        ),
        crossovers=(replace(plan.crossovers[0], first_step=1, last_step=1),),
    )


def maintenance() -> PlanRecord:
    """From 13 mg to 12 mg, which is kept."""
    first, second, *_ = simple().steps
    return replace(simple(), steps=(first, replace(second, days=None)), ending="maintenance", findings=())


def gate() -> PlanRecord:
    """From 13 mg to 12 mg, until a review opens the rest."""
    return replace(maintenance(), ending="gate", remaining=("linear 2 mg every 1 week",))


def liquids() -> PlanRecord:
    """A tablet with 0.5 mL of solution, then drops alone."""
    return record(
        request(Regimen("diazepam", night="2.2 mg"), liquids="diazepam 0.4 mg/mL oral solution"),
        [TWO, SOLUTION, DROPS],
        [
            stretch(0, None, 0, [take("night", "2.2 mg", part(TWO, 1), part(SOLUTION, 5, 10))]),
            stretch(1, later(0), 2, [take("night", "2 mg", part(DROPS, 6, 30))]),
            stretch(2, later(2), None, []),
        ],
    )


def any_dose() -> PlanRecord:
    """No products: 1 mg, then 0.333333 mg, then none."""
    return record(
        request(Regimen("estazolam", night="1 mg"), products="any dose", splitting=""),
        [],
        [
            stretch(0, None, 0, [take("night", "1 mg", drug="estazolam")]),
            stretch(1, later(0), 1, [take("night", "0.333333 mg", drug="estazolam")]),
            stretch(2, later(1), None, []),
        ],
        factors=(),
        ideal=(),
    )


PLANS = {
    plan.__name__: plan() for plan in (simple, merged, cycle, crossing, at_once, maintenance, gate, liquids, any_dose)
}
"""Every plan by its name."""
