"""Reads the content of plan JSON, strictly: a field too many, too few or of another type is an error with its path."""

from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any

from benzotaper.align import read_align
from benzotaper.doses import Dose, DoseLike
from benzotaper.errors import BenzotaperError
from benzotaper.exports.json_values import Place
from benzotaper.intervals import LONGEST_DAYS, TIMES
from benzotaper.product import FORMS, SPLITTINGS, Product
from benzotaper.regimen import Regimen
from benzotaper.steps import (
    SEVERITIES,
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

RELEASES = ("IR", "ER", "ODT", "SL")
SPLIT_OK = ("yes", "quarters", "no", "unknown", "measured volume", "measured drops")
OFFERED = ("yes", "by name", "no")
PICKS = ("", "low", "midpoint", "high")
CAUSES = ("", "chosen", "products")
ENDINGS = ("zero", "maintenance", "gate")
PIECES = (1, 2, 4)
WORST = "worst_fall_in_14_days_mg"
FIELDS = (
    *(
        "schema_version",
        "benzotaper",
        "data_version",
        "request",
        "products",
        "totals_in",
        "steps",
        "ending",
        "stops_on",
    ),
    *("remaining", "ideal", "factors", "crossovers", "findings", "content_sha256"),
)


def read_record(place: Place) -> PlanRecord:
    """The record in a document, part by part; whether the parts fit together is for `json_check`.

    Raises:
        PlanFormatError: a part is not what it must be.
    """
    found = place.fields(*FIELDS)
    shelf = found["products"].each(_product)
    return PlanRecord(
        request=_request(found["request"]),
        shelf=shelf,
        steps=found["steps"].each(lambda step: _step(step, shelf)),
        ending=found["ending"].word(ENDINGS),
        remaining=found["remaining"].each(Place.text),
        ideal=found["ideal"].each(_ideal),
        factors=found["factors"].each(_factor),
        crossovers=found["crossovers"].each(_crossover),
        findings=found["findings"].each(_finding),
    )


def _request(place: Place) -> Request:
    texts = ("products", "splitting", "fit", "reduce", "liquids", "profile", "table", "acknowledge")
    others = ("regimen", "strategies", "start", "max_pieces", "lead_in_days", "target_mg", "last_dose_mg")
    later = ("align", "apart_days", "pick")
    given = tuple(name for name in later if isinstance(place.value, dict) and name in place.value)
    found = place.fields(*texts, *others, *given)
    found["splitting"].word(("", *SPLITTINGS))
    texts_of: dict[str, Any] = {name: found[name].text() for name in texts}
    return Request(
        regimen=_regimen(found["regimen"]),
        strategies=found["strategies"].each(Place.text),
        start=found["start"].day(),
        max_pieces=found["max_pieces"].whole(),
        lead_in_days=_days(found["lead_in_days"]),
        target=found["target_mg"].dose(),
        last_dose=found["last_dose_mg"].dose(),
        **texts_of,
        align=_align(found["align"]) if "align" in given else "",
        apart_days=_days(found["apart_days"], least=1) if "apart_days" in given else 0,
        pick=found["pick"].word(PICKS) if "pick" in given else "",
    )


def _align(place: Place) -> str:
    text = place.text()
    try:
        canonical = str(read_align(text))
    except BenzotaperError as error:
        place.refuse(str(error), cause=error)
    if canonical != text:
        place.refuse(f"{text!r} is not in canonical form; write it as {canonical!r}")
    return text


def _regimen(place: Place) -> Regimen:
    found = place.fields("release", "intakes")
    doses: dict[str, dict[str, DoseLike]] = {}
    latest = -1
    for intake in found["intakes"].items():
        parts = intake.fields("drug", "time", "dose_mg")
        own = doses.setdefault(parts["drug"].drug(), {})
        time = parts["time"].word(TIMES)
        if time in own or TIMES.index(time) < latest:
            why = "each time of the day stands once for a drug, in the order of the day"
            parts["time"].refuse(f"{time!r} is out of order; {why}")
        own[time], latest = _above_zero(parts["dose_mg"]), TIMES.index(time)
    if not doses:
        found["intakes"].refuse("nothing is taken; a plan begins with what is taken now")
    try:
        release = found["release"].word(RELEASES)
        return reduce(add, [Regimen(drug, release=release, **own) for drug, own in doses.items()])
    except BenzotaperError as error:
        place.refuse(str(error), cause=error)


def _days(place: Place, *, least: int = 0) -> int:
    days = place.whole(least=least)
    if days > LONGEST_DAYS:
        place.refuse(f"{days} days is longer than any plan; at most {LONGEST_DAYS}")
    return days


def _above_zero(place: Place) -> Dose:
    dose = place.dose()
    if not dose.ng:
        place.refuse("0 mg is no dose; what is not taken is left out")
    return dose


def _product(place: Place) -> Product:
    texts = ("region", "name", "note")
    choices = {"form": tuple(FORMS), "release": RELEASES, "split_ok": SPLIT_OK, "offered": OFFERED}
    found = place.fields("drug", "strength_mg", "pieces", "drops_per_ml", "smallest_ml", "source_ids", *texts, *choices)
    pieces = found["pieces"]
    given: dict[str, Any] = {
        "strength": _above_zero(found["strength_mg"]),
        "pieces": pieces.word(("by policy",)) if isinstance(pieces.value, str) else pieces.whole(least=1),
        "drops_per_ml": found["drops_per_ml"].whole(),
        "smallest_ml": found["smallest_ml"].number(),
        "source_ids": found["source_ids"].each(Place.text),
    }
    given |= {name: found[name].text() for name in texts} | {name: found[name].word(choices[name]) for name in choices}
    drug = found["drug"].drug()
    try:
        return Product(drug, **given)
    except BenzotaperError as error:
        place.refuse(str(error), cause=error)


def _step(place: Place, shelf: tuple[Product, ...]) -> Step:
    found = place.fields("number", "start", "days", "cycle", "finest_fall_mg", "end", "total_mg", WORST, "falls")
    start, days = found["start"], found["days"]
    cycle = found["cycle"].each(lambda day: _day(day, shelf))
    if not cycle:
        found["cycle"].refuse("it has no day; a step has at least one, also where nothing is taken")
    return Step(
        number=found["number"].whole(),
        start=None if start.value is None else start.day(),
        days=None if days.value is None else _days(days),
        cycle=cycle,
        finest_fall=found["finest_fall_mg"].dose(),
    )


def _day(place: Place, shelf: tuple[Product, ...]) -> Day:
    day = place.each(lambda administration: _administration(administration, shelf))
    before = (-1, set[str]())
    for administration, found in zip(place.items(), day, strict=True):
        time = TIMES.index(found.time)
        drugs = before[1] if time == before[0] else set()
        if time < before[0] or found.drug in drugs:
            why = f"{found.drug} at {found.time} is out of order; each drug stands once a time, in the order of the day"
            administration.refuse(why)
        before = (time, drugs | {found.drug})
    return day


def _administration(place: Place, shelf: tuple[Product, ...]) -> Administration:
    found = place.fields("drug", "time", "dose_mg", "taken")
    drug = found["drug"].drug()
    time = found["time"].word(TIMES)
    dose = _above_zero(found["dose_mg"])
    taken = found["taken"].each(lambda part: _taken(part, shelf, drug))
    made = Dose.of_ng(sum(part.dose.ng for part in taken))
    if taken and made != dose:
        found["dose_mg"].refuse(f"it says {dose}, but the products taken make {made}")
    return Administration(drug=drug, time=time, dose=dose, taken=taken)


def _taken(place: Place, shelf: tuple[Product, ...], drug: str) -> Taken:
    found = place.fields("product", "pieces", "pieces_per_unit")
    number = found["product"].whole()
    if number >= len(shelf):
        found["product"].refuse(f"there is no products[{number}]; the document lists {len(shelf)}, counted from 0")
    product = shelf[number]
    if product.drug != drug:
        found["product"].refuse(f"products[{number}] is {product.drug}, which makes no dose of {drug}")
    pieces, per_unit = found["pieces"].whole(least=1), found["pieces_per_unit"].whole(least=1)
    allowed = PIECES if product.splits else (1,)
    if not product.liquid and per_unit not in allowed:
        why = f"{product} is taken in {' or '.join(map(str, allowed))} pieces, not {per_unit}"
        found["pieces_per_unit"].refuse(why)
    if product.strength.ng * pieces % per_unit:
        place.refuse(f"{pieces}/{per_unit} of {product} is no whole number of nanograms")
    return Taken(product=product, pieces=pieces, pieces_per_unit=per_unit)


def _ideal(place: Place) -> IdealDose:
    found = place.fields("start", "drug", "mean_mg")
    return IdealDose(start=found["start"].day(), drug=found["drug"].drug(), mean=found["mean_mg"].dose())


def _range(low: Place, high: Place) -> tuple[Fraction, Fraction]:
    ends = low.number(), high.number()
    if ends[0] > ends[1]:
        high.refuse(f"{high.value} is below the low end, {low.value}")
    return ends


def _factor(place: Place) -> DiazepamFactor:
    found = place.fields("drug", "low", "low_table", "high", "high_table")
    low, high = _range(found["low"], found["high"])
    tables = {name: found[name].text() for name in ("low_table", "high_table")}
    return DiazepamFactor(drug=found["drug"].drug(), low=low, high=high, **tables)


def _crossover(place: Place) -> CrossOver:
    found = place.fields("drug", "to", "table", "pick", "factor", "first_step", "last_step", "other_tables")
    factor = found["factor"].number()
    if not factor:
        found["factor"].refuse("0 mg replaces nothing; the factor is above 0")
    return CrossOver(
        drug=found["drug"].drug(),
        to=found["to"].drug(),
        table=found["table"].text(),
        pick=found["pick"].word(PICKS),
        factor=factor,
        first_step=found["first_step"].whole(),
        last_step=found["last_step"].whole(),
        other_tables=found["other_tables"].each(_other_table),
    )


def _other_table(place: Place) -> tuple[str, Fraction, Fraction]:
    found = place.fields("table", "low_mg", "high_mg")
    return found["table"].text(), *_range(found["low_mg"], found["high_mg"])


def _finding(place: Place) -> Finding:
    texts = ("code", "message", "origin")
    found = place.fields(*texts, "severity", "steps", "cause", "figures", "sources")
    return Finding(
        severity=found["severity"].word(SEVERITIES),
        steps=found["steps"].each(Place.whole),
        cause=found["cause"].word(CAUSES),
        figures=found["figures"].each(_figure),
        sources=found["sources"].each(Place.text),
        **{name: found[name].text() for name in texts},
    )


def _figure(place: Place) -> tuple[str, str]:
    found = place.fields("name", "text")
    return found["name"].text(), found["text"].text()
