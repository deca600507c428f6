"""Calls of the front door: what a caller may ask of `taper`, most of it possible."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

import benzotaper as bt
from benzotaper import Dose, Product
from tablets import TIMES, USUAL_PIECES, doses_of, is_liquid, step_down

SPLITTINGS = ("whole", "scored", "halves", "quarters")

COMPLETE_REGIONS = ("CA", "FR", "UK", "US")
FAMILIES = ("linear", "percentage", "alternate-day", "substitution", "hyperbolic", "hold-and-step")
CAP_NG = 60 * 10**6
REGION_DRUGS = tuple(
    (region, drug)
    for region in COMPLETE_REGIONS
    for drug in bt.drug_names()
    if any(p.offered == "yes" for p in bt.products(drug, region=region))
)
"""Regions whose lists are complete, and each drug that they offer."""
BY_NAME = tuple(
    (region, drug, release)
    for region in bt.regions()
    for drug in bt.drug_names()
    for release in sorted({p.release for p in bt.products(drug, region=region)})
)
"""Where products can be picked by name: region, drug and release."""


@dataclass(frozen=True, kw_only=True)
class Stock:
    """Products of one drug: what `taper` is given, and all that it may use; none with any dose."""

    drug: str
    given: Any
    products: tuple[Product, ...]
    release: str = "IR"
    liquids: bool = False


def one_liquid(products: Iterable[Product]) -> tuple[Product, ...]:
    """The solids, and the first liquid."""
    listed = list(products)
    liquids = [p for p in listed if is_liquid(p)]
    return tuple(p for p in listed if not is_liquid(p)) + tuple(liquids[:1])


@st.composite
def stocks(draw: st.DrawFn) -> Stock:
    """A region's products, with or without its liquid; products by name or made by hand; or any dose."""
    kind = draw(st.sampled_from(["region", "region", "region", "liquid", "by name", "own", "any"]))
    if kind in ("region", "liquid"):
        region, drug = draw(st.sampled_from(REGION_DRUGS))
        found = bt.products(drug, region=region)
        offered = tuple(p for p in found if p.offered == "yes")
        liquids = tuple(p for p in found if is_liquid(p))
        if kind == "liquid" and len(liquids) == 1:
            return Stock(drug=drug, given=region, products=offered + liquids, liquids=True)
        return Stock(drug=drug, given=region, products=offered)
    if kind == "by name":
        region, drug, release = draw(st.sampled_from(BY_NAME))
        listed = [p for p in bt.products(drug, region=region) if p.release == release]
        picked = one_liquid(draw(st.lists(st.sampled_from(listed), min_size=1, max_size=5, unique=True)))
        return Stock(drug=drug, given=picked, products=picked, release=release)
    drug = draw(st.sampled_from(bt.drug_names()))
    if kind == "any":
        return Stock(drug=drug, given=bt.ANY_DOSE, products=())
    own = one_liquid(draw(st.lists(own_products(drug), min_size=1, max_size=4)))
    return Stock(drug=drug, given=own, products=own)


@st.composite
def own_products(draw: st.DrawFn, drug: str) -> Product:
    """A tablet, capsule, solution or bottle of drops of a strength that need not be on any market."""
    strength = Dose.of_ng(draw(st.sampled_from([250, 500, 1000, 1500, 2000, 2500, 5000, 7500, 10000])) * 1000)
    form = draw(st.sampled_from(["tablet", "tablet", "tablet", "capsule", "oral solution", "oral drops"]))
    if form == "oral drops":
        return Product(drug, strength=strength, form=form, drops_per_ml=draw(st.sampled_from([10, 15, 25, 30])))
    if form != "tablet":
        return Product(drug, strength=strength, form=form)
    split_ok = draw(st.sampled_from(["yes", "quarters", "no", "unknown"]))
    pieces: Any = draw(st.sampled_from(["by policy", "by policy", 1, 2, 4]))
    return Product(drug, strength=strength, form=form, split_ok=split_ok, pieces=pieces)


def every() -> st.SearchStrategy[str]:
    """An interval."""
    return st.one_of(st.integers(1, 6).map("{} weeks".format), st.integers(1, 40).map("{} days".format))


def percents(low: int, high: int) -> st.SearchStrategy[str]:
    """A percentage between two whole ones, to a quarter of one."""
    return st.integers(low * 4, high * 4).map(lambda quarters: f"{quarters / 4:g} %")


def amounts(total: int, low: int, high: int) -> st.SearchStrategy[Any]:
    """So many percent of a total, as a dose to the microgram or as a percentage of start."""
    doses = st.integers(max(total * low // 100_000, 1), max(total * high // 100_000, 1)).map(
        lambda mcg: Dose.of_ng(mcg * 1000)
    )
    return st.one_of(doses, percents(low, high))


@st.composite
def low_days(draw: st.DrawFn) -> Any:
    """Low days a week that rise, or every other day."""
    if draw(st.booleans()):
        return "every other day"
    return tuple(sorted(draw(st.sets(st.integers(1, 7), min_size=1))))


@st.composite
def tapers(draw: st.DrawFn, family: str, total: int, *, drug: str, down_to: Any = None) -> Any:
    """A strategy of a family for a course from about so much a day (ng)."""
    more: dict[str, Any] = {"every": draw(every())} | ({} if down_to is None else {"down_to": down_to})
    if family == "linear":
        if draw(st.booleans()):
            return bt.Linear(steps=draw(st.integers(1, 12)), **more)
        return bt.Linear(draw(amounts(total, 4, 60)), **more)
    if family == "percentage":
        return bt.Percentage(draw(percents(5, 50)), of="current", **more)
    if family == "alternate-day":
        step = draw(amounts(total, 10, 60))
        return bt.AlternateDay(step, low_days=draw(low_days()), zero_days=draw(st.integers(0, 3)) > 0, **more)
    if family == "hyperbolic":
        half: Any = Dose.of_ng(draw(st.integers(1, max(total // 250, 1))) * 1000)
        if drug == "diazepam" and draw(st.booleans()):
            half = "maudsley-2024-diazepam"
        steps = draw(st.integers(0, 15))
        falls: dict[str, Any] = {"steps": steps} if steps else {"points": draw(percents(2, 30))}
        return bt.Hyperbolic(half, **falls, **more)
    inner = draw(tapers(draw(st.sampled_from(["linear", "percentage"])), total, drug=drug, down_to=down_to))
    at = draw(st.one_of(st.just("every step"), st.lists(amounts(total, 10, 90), min_size=1, max_size=3)))
    return bt.HoldAndStep(inner, at=at, hold=draw(every()), gated=draw(st.integers(0, 3)) == 0)


@st.composite
def ways_down(draw: st.DrawFn, times: Sequence[str], total: int) -> Any:
    """What `reduce` may be."""
    simple = st.one_of(
        st.just("evenly"), st.just("evenly"), st.just("in turn"), st.permutations(list(times)).map(tuple)
    )
    if draw(st.integers(0, 5)):
        return draw(simple)
    at = Dose.of_ng(draw(st.integers(1, max(total // 1000 - 1, 1))) * 1000)
    return [(at, draw(simple)), ("0 mg", draw(simple))]


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """Where a course begins: the doses of the day, what makes them, and the way down from there."""

    stock: Stock
    doses: dict[str, int]
    splitting: str
    max_pieces: int
    reduce: Any

    @property
    def total(self) -> int:
        return sum(self.doses.values())

    def taken(self) -> dict[str, Any]:
        return {time: Dose.of_ng(ng) for time, ng in self.doses.items()}

    def makes(self, largest: int) -> tuple[int, ...]:
        most = self.max_pieces or USUAL_PIECES
        return doses_of(self.stock.products, self.splitting, most, largest)

    def totals_below(self) -> list[int]:
        """The totals on the way down, if it is the even one."""
        if not self.stock.products:
            return [self.total * share // 20 for share in range(1, 20)]
        usual = tuple(self.doses[time] for time in TIMES if time in self.doses)
        state, found = usual, []
        while any(state := step_down(self.makes(max(usual)), state, usual)):
            found.append(sum(state))
        return found


@st.composite
def beginnings(draw: st.DrawFn, stock: Stock, *, large: bool = False) -> Beginning:
    """One to four doses a day that the products make; large ones have an equivalent that products make too."""
    times = draw(st.lists(st.sampled_from(TIMES), min_size=1, max_size=4, unique=True))
    splitting = draw(st.sampled_from(SPLITTINGS)) if stock.products else ""
    most = draw(st.sampled_from([0, 0, 3, 6, 12]))
    if stock.products:
        doses = doses_of(stock.products, splitting, most or USUAL_PIECES, CAP_NG)[1:]
        if large:
            doses = tuple(dose for dose in doses if dose >= stock.products[-1].strength.ng) or doses
        chosen = {time: draw(st.sampled_from(doses[: 1 + draw(st.integers(0, len(doses) - 1))])) for time in times}
    else:
        chosen = {time: draw(st.integers(10, 40_000)) * 1000 for time in times}
    reduce = draw(ways_down(times, sum(chosen.values())))
    return Beginning(stock=stock, doses=chosen, splitting=splitting, max_pieces=most, reduce=reduce)


@st.composite
def courses(draw: st.DrawFn, family: str, begin: Beginning, *, total: int) -> dict[str, Any]:
    """One phase of a family, or one before it too, and how they end."""
    drug = begin.stock.drug
    phases = []
    if draw(st.integers(0, 3)) == 0:
        before = draw(st.sampled_from(["linear", "percentage", "hold-and-step", family]))
        phases.append(draw(tapers(before, total, drug=drug, down_to=draw(amounts(total, 30, 80)))))
    below = begin.totals_below() if total == begin.total else []
    ends = draw(st.sampled_from(["zero", "zero", "target", "last_dose"])) if below else "zero"
    if ends == "zero" and not begin.stock.products:
        ends = "last_dose"
    ending = {} if ends == "zero" else {ends: Dose.of_ng(max(draw(st.sampled_from(below or [total // 10])), 1))}
    down_to = ending.get("last_dose") if draw(st.booleans()) else None
    phases.append(draw(tapers(family, total, drug=drug, down_to=down_to)))
    return {"strategy": phases, **ending}


@st.composite
def calls(draw: st.DrawFn, family: str) -> dict[str, Any]:
    """The arguments of one call of `taper`, by name."""
    return draw(cross_over_calls() if family == "substitution" else taper_calls(family))


@st.composite
def taper_calls(draw: st.DrawFn, family: str) -> dict[str, Any]:
    """A course of one drug."""
    begin = draw(beginnings(draw(stocks())))
    regimen = bt.Regimen(
        begin.stock.drug,
        release=begin.stock.release,
        **begin.taken(),
    )
    course = draw(courses(family, begin, total=begin.total))
    return course | draw(choices(begin, given=begin.stock.given)) | {"regimen": regimen}


@st.composite
def choices(draw: st.DrawFn, begin: Beginning, *, given: Any) -> dict[str, Any]:
    """What else a caller says."""
    optional = {
        "lead_in": draw(st.one_of(st.just(""), every())),
        "liquids": begin.stock.liquids,
        "acknowledge": draw(st.sampled_from(["", *["Dr A: agreed"] * 7])),
        "profile": draw(st.sampled_from(["", "", "asam-2025", "uk"])),
        "max_pieces": begin.max_pieces,
    }
    return {
        "start": draw(st.dates(date(2020, 1, 1), date(2060, 1, 1))),
        "products": given,
        "splitting": begin.splitting,
        "fit": draw(st.sampled_from(["up", "nearest"])),
        "reduce": begin.reduce,
        **{name: value for name, value in optional.items() if value},
    }


CROSSINGS = tuple(
    (region, drug, to, tables)
    for region, drug in REGION_DRUGS
    for to in ("diazepam", "clonazepam", "lorazepam", "oxazepam")
    if to != drug and (region, to) in REGION_DRUGS
    if (tables := tuple(sorted({t.id for t in bt.tables_for(drug)} & {t.id for t in bt.tables_for(to)})))
)
"""Cross-overs that a region's products and a table allow: region, drug, the drug that enters, tables."""


@st.composite
def cross_over_calls(draw: st.DrawFn) -> dict[str, Any]:
    """A course that crosses over to another drug, and then falls."""
    region, drug, to, tables = draw(st.sampled_from(CROSSINGS))
    offered = tuple(p for p in bt.products(drug, region=region) if p.offered == "yes")
    entering = tuple(p for p in bt.products(to, region=region) if p.offered == "yes")
    given = region if draw(st.booleans()) else offered + entering
    begin = draw(beginnings(Stock(drug=drug, given=given, products=offered), large=draw(st.integers(0, 9)) > 0))
    at_once = draw(st.integers(0, 3)) == 0
    portions = 1 if at_once else draw(st.sampled_from([1, 1, 1, 1, 1, 2, 3]))
    phases: list[Any] = []
    if draw(st.integers(0, 4)) == 0:
        phases.append(draw(tapers("linear", begin.total, drug=drug, down_to=draw(amounts(begin.total, 40, 80)))))
    phases.append(
        bt.Substitution(
            to,
            table=draw(st.sampled_from(tables)),
            pick=draw(st.sampled_from(["low", "midpoint", "high"])),
            order=draw(st.one_of(st.just(()), st.permutations(TIMES * draw(st.sampled_from([1, portions]))))),
            portions=portions,
            **({"at_once": True} if at_once else {"every": draw(every())}),
            hold=draw(st.one_of(st.just(""), every())),
        )
    )
    # the rest of the course speaks of the drug that entered: percentages of start mostly fit it
    family = draw(st.sampled_from(["linear", "percentage", "hyperbolic", "hold-and-step", "alternate-day"]))
    phases.append(draw(tapers(family, CAP_NG // 3, drug=to)))
    asked = draw(choices(begin, given=given)) | {"max_pieces": draw(st.sampled_from([0, 24, 24]))}
    regimen = bt.Regimen(drug, **begin.taken())
    return asked | {"regimen": regimen, "strategy": phases}
