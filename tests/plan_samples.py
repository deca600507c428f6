"""Plans made by hand, for the tests of what people read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from benzotaper.doses import Dose
from benzotaper.product import Product
from benzotaper.regimen import Regimen
from benzotaper.steps import (
    Administration,
    CrossOver,
    Day,
    DiazepamFactor,
    Finding,
    IdealDose,
    PlanRecord,
    Request,
    Step,
    Taken,
)

START = date(2026, 12, 1)
D10 = Product("diazepam", strength="10 mg", form="tablet", region="UK", name="generic")
D5 = Product("diazepam", strength="5 mg", form="tablet", region="UK", name="generic", split_ok="yes")
D2 = Product("diazepam", strength="2 mg", form="tablet", region="UK", name="generic", source_ids=("S001",))
SOLUTION = Product("diazepam", strength="0.4 mg", form="oral solution", region="UK", name="generic")
DROPS = Product("diazepam", strength="10 mg", form="oral drops", drops_per_ml=30)
CAPSULE = Product("temazepam", strength="10 mg", form="capsule")
L1 = Product("lorazepam", strength="1 mg", form="tablet", region="UK", name="generic", note="a remark on <b>1 mg</b>")


def taken(product: Product, units: str | int) -> Taken:
    """So many units of a product; a liquid in tenths of a mL."""
    share = Fraction(units)
    per_unit = 10 if product.liquid else share.denominator
    return Taken(product=product, pieces=int(share * per_unit), pieces_per_unit=per_unit)


def given(time: str, *parts: tuple[Product, str | int], drug: str = "") -> Administration:
    """An administration of what these pieces make."""
    pieces = tuple(taken(product, units) for product, units in parts)
    total = sum(piece.dose.ng for piece in pieces)
    return Administration(drug=drug or parts[0][0].drug, time=time, dose=Dose.of_ng(total), taken=pieces)


def steps_of(cycles: Iterable[Sequence[Day]], *, days: int = 14, start: date = START) -> tuple[Step, ...]:
    """Steps of equal length after a step 0 that lasts no day; the last is open."""
    listed = list(cycles)
    return tuple(
        Step(
            number=number,
            start=None if number == 0 else start + timedelta(days=days * (number - 1)),
            days=0 if number == 0 else None if number == len(listed) - 1 else days,
            cycle=tuple(cycle),
            finest_fall=Dose(mg=1),
        )
        for number, cycle in enumerate(listed)
    )


def record_of(steps: tuple[Step, ...], **changes: object) -> PlanRecord:
    """A plan of these steps, with what a request says."""
    day = steps[0].cycle[0]
    regimen = Regimen(day[0].drug, **{a.time: a.dose for a in day})  # type: ignore[arg-type]  # times of the day
    request = {
        "regimen": regimen,
        "strategies": ("percentage 10 % of current every 2 weeks",),
        "start": START,
        "products": "UK",
        "splitting": "halves",
        "fit": "up",
        "reduce": "evenly",
        "max_pieces": 6,
        "liquids": "",
        "lead_in_days": 0,
        "target": Dose(mg=0),
        "last_dose": Dose(mg=0),
        "profile": "",
        "table": "",
        "acknowledge": "",
    } | {key: changes.pop(key) for key in list(changes) if key in Request.__slots__}
    fields = {
        "request": Request(**request),  # type: ignore[arg-type]  # checked by use
        "shelf": (D2, D5, D10),
        "steps": steps,
        "ending": "zero",
        "remaining": (),
        "ideal": tuple(
            IdealDose(start=s.start, drug=day[0].drug, mean=Dose.of_ng(int(s.mean_ng(day[0].drug))))
            for s in steps
            if s.start
        ),
        "factors": (
            DiazepamFactor(
                drug="diazepam", low=Fraction(1), low_table="ashton-2002", high=Fraction(1), high_table="ashton-2002"
            ),
        ),
        "crossovers": (),
    } | changes
    return PlanRecord(**fields)  # type: ignore[arg-type]  # checked by use


FINDINGS = (
    Finding(
        code="splitting",
        severity="notice",
        message="2 mg tablets are halved: confirm with the pharmacist.",
        steps=(1, 2, 3),
    ),
    Finding(
        code="PL-01",
        severity="red",
        message="The total falls by more than 25 % within 14 days.",
        steps=(2, 3),
        cause="products",
        figures=(("largest fall", "2.5 mg"),),
        sources=("ASAM_POCKET_2025",),
        origin="house",
    ),
    Finding(
        code="PL-02",
        severity="warning",
        message="The first fall is above 10 %.",
        steps=(1,),
        cause="chosen",
        origin="guideline",
    ),
)


def falling() -> PlanRecord:
    """Diazepam twice a day, four steps to zero, with findings."""
    cycles: list[Sequence[Day]] = [
        [(given("morning", (D10, 1)), given("night", (D10, 1)))],
        [(given("morning", (D5, "3/2"), (D2, "1/2")), given("night", (D10, 1)))],
        [(given("night", (D10, 1)),)],
        [(given("night", (D5, "1/2"), (D2, "3/4")),)],
        [()],
    ]
    return record_of(steps_of(cycles), findings=FINDINGS)


def cycling() -> PlanRecord:
    """Diazepam at night on high and low days, kept on a maintenance dose."""
    high, low = (given("night", (D10, 1)),), (given("night", (D5, 1), (D2, 1)),)
    week = [high, low, high, low, high, low, high]
    cycles: list[Sequence[Day]] = [[high], week, [low, high], [low]]
    return record_of(
        steps_of(cycles, days=10), ending="maintenance", target=Dose(mg=7), acknowledge="Dr A: <long> half-life"
    )


def crossing() -> PlanRecord:
    """Lorazepam twice a day to diazepam, then a gate."""
    cycles: list[Sequence[Day]] = [
        [(given("morning", (L1, 1)), given("night", (L1, 1)))],
        [(given("morning", (L1, 1)), given("night", (D10, 1)))],
        [(given("morning", (D10, 1)), given("night", (D10, 1)))],
        [(given("morning", (D5, 1), (SOLUTION, "7/2")), given("night", (D10, 1)))],
    ]
    ideal = (
        IdealDose(start=START, drug="diazepam", mean=Dose(mg=10)),
        IdealDose(start=START + timedelta(14), drug="diazepam", mean=Dose(mg=20)),
        IdealDose(start=START + timedelta(28), drug="diazepam", mean=Dose(mg=16)),
    )
    cross = CrossOver(
        drug="lorazepam",
        to="diazepam",
        table="ashton-2002",
        pick="",
        factor=Fraction(10),
        first_step=1,
        last_step=2,
        other_tables=(("ashton-2002", Fraction(20), Fraction(20)), ("va-dod-2021", Fraction(10), Fraction(40, 3))),
    )
    lorazepam = DiazepamFactor(
        drug="lorazepam", low=Fraction(5), low_table="va-dod-2021", high=Fraction(10), high_table="ashton-2002"
    )
    diazepam = DiazepamFactor(
        drug="diazepam", low=Fraction(1), low_table="ashton-2002", high=Fraction(1), high_table="ashton-2002"
    )
    return record_of(
        steps_of(cycles),
        ending="gate",
        remaining=("linear 2 mg every 2 weeks",),
        strategies=("substitution to diazepam", "hold and step"),
        shelf=(L1, D2, D5, D10, SOLUTION),
        ideal=ideal,
        factors=(lorazepam, diazepam),
        crossovers=(cross,),
        findings=FINDINGS[1:2],
    )


def any_dose() -> PlanRecord:
    """A plan that is not dispensed."""
    doses = ["20", "18", "16.2", "0"]
    cycles: list[Sequence[Day]] = [
        [tuple(Administration(drug="diazepam", time="night", dose=Dose(mg=mg), taken=()) for _ in range(mg != "0"))]
        for mg in doses
    ]
    return record_of(steps_of(cycles), shelf=(), products="any dose", splitting="", factors=())


def lead_in() -> PlanRecord:
    """The current dose is kept for two weeks from the start on, then half of it, then none."""
    cycles: list[Sequence[Day]] = [[(given("night", (D10, 1)),)], [(given("night", (D5, 1)),)], [()]]
    steps = tuple(
        replace(step, start=START + timedelta(14 * step.number), days=None if step.number == 2 else 14)
        for step in steps_of(cycles)
    )
    return record_of(steps, lead_in_days=14)


ALL = {"lead-in": lead_in, "falling": falling, "cycling": cycling, "crossing": crossing, "any dose": any_dose}
