"""The content of plan JSON: a record as objects, lists, whole numbers and texts.

Next to the record it says what follows from it (last days, totals, falls), so that a reader need not work it out;
`from_json` checks every such value against the doses.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from benzotaper.doses import NG_PER_MG
from benzotaper.errors import PlanFormatError
from benzotaper.falls import DrugRow, drug_rows, starts, totals, unit_drug, worst_falls
from benzotaper.numbers import number_text
from benzotaper.product import Product
from benzotaper.steps import Administration, CrossOver, Finding, PlanRecord, Request, Step
from benzotaper.version import DATA_VERSION, SCHEMA_VERSION, VERSION

Object: TypeAlias = dict[str, Any]
EDITIONS = ("benzotaper", "data_version")
"""Fields that say what wrote the document, not what is in it."""


def document(record: PlanRecord) -> Object:
    """The whole content of a record, without its hash.

    Raises:
        PlanFormatError: a product is taken that is not on the plan's shelf.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "benzotaper": VERSION,
        "data_version": DATA_VERSION,
        "request": _request(record.request),
        "products": [_product(product) for product in record.shelf],
        "totals_in": unit_drug(record),
        "steps": _steps(record),
        "ending": record.ending,
        "stops_on": _day(record.stops_on),
        "remaining": list(record.remaining),
        "ideal": [{"start": _day(i.start), "drug": i.drug, "mean_mg": number_text(i.mean.mg)} for i in record.ideal],
        "factors": [
            {"drug": f.drug, "low": number_text(f.low), "low_table": f.low_table}
            | {"high": number_text(f.high), "high_table": f.high_table}
            for f in record.factors
        ],
        "crossovers": [_crossover(crossover) for crossover in record.crossovers],
        "findings": [_finding(finding) for finding in record.findings],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _mg(ng: Fraction) -> str:
    return number_text(ng / NG_PER_MG)


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else number_text(value)


def _request(request: Request) -> Object:
    regimen = request.regimen
    intakes = [{"drug": i.drug, "time": i.time, "dose_mg": number_text(i.dose.mg)} for i in regimen.intakes]
    later = {"align": request.align, "apart_days": request.apart_days, "pick": request.pick}
    return {
        "regimen": {"release": regimen.release, "intakes": intakes},
        "strategies": list(request.strategies),
        "start": _day(request.start),
        "products": request.products,
        "splitting": request.splitting,
        "fit": request.fit,
        "reduce": request.reduce,
        "max_pieces": request.max_pieces,
        "liquids": request.liquids,
        "lead_in_days": request.lead_in_days,
        "target_mg": number_text(request.target.mg),
        "last_dose_mg": number_text(request.last_dose.mg),
        "profile": request.profile,
        "table": request.table,
        "acknowledge": request.acknowledge,
        # left out where not given, so that documents of before this field read and write as they were
        **{name: value for name, value in later.items() if value},
    }


def _product(product: Product) -> Object:
    return {
        "drug": product.drug,
        "strength_mg": number_text(product.strength.mg),
        "form": product.form,
        "region": product.region,
        "name": product.name,
        "release": product.release,
        "split_ok": product.split_ok,
        "pieces": product.pieces,
        "drops_per_ml": product.drops_per_ml,
        "smallest_ml": number_text(product.smallest_ml),
        "offered": product.offered,
        "source_ids": list(product.source_ids),
        "note": product.note,
    }


def _steps(record: PlanRecord) -> list[Object]:
    places: dict[Product, int] = {}
    for number, product in enumerate(record.shelf):
        places.setdefault(product, number)
    of_step: dict[int, list[DrugRow]] = {}
    for row in drug_rows(record):
        of_step.setdefault(row.step.number, []).append(row)
    means = totals(record)
    worst = worst_falls(starts(record), means)
    return [
        _step(step, places, of_step.get(step.number, []))
        | {"total_mg": _mg(total), "worst_fall_in_14_days_mg": _mg(fall)}
        for step, total, fall in zip(record.steps, means, worst, strict=True)
    ]


def _step(step: Step, places: Mapping[Product, int], falls: list[DrugRow]) -> Object:
    return {
        "number": step.number,
        "start": _day(step.start),
        "end": _day(step.end),
        "days": step.days,
        "cycle": [[_administration(a, places, f"steps[{step.number}]") for a in day] for day in step.cycle],
        "finest_fall_mg": number_text(step.finest_fall.mg),
        "falls": [_fall(row) for row in falls],
    }


def _administration(administration: Administration, places: Mapping[Product, int], path: str) -> Object:
    taken = []
    for part in administration.taken:
        if part.product not in places:
            message = f"{path} takes {part.product}, which is not on the plan's shelf; put it there"
            raise PlanFormatError(message, path=path)
        number = places[part.product]
        taken.append({"product": number, "pieces": part.pieces, "pieces_per_unit": part.pieces_per_unit})
    return {
        "drug": administration.drug,
        "time": administration.time,
        "dose_mg": number_text(administration.dose.mg),
        "taken": taken,
    }


def _fall(row: DrugRow) -> Object:
    low, high = row.diazepam_mg or (None, None)
    return {
        "drug": row.drug,
        "mean_mg": _mg(row.mean_ng),
        "fall_mg": _mg(row.fall_ng),
        "percent_of_current": _exact(row.percent_of_current),
        "percent_of_start": _exact(row.percent_of_start),
        "diazepam_low_mg": _exact(low),
        "diazepam_high_mg": _exact(high),
    }


def _crossover(crossover: CrossOver) -> Object:
    return {
        "drug": crossover.drug,
        "to": crossover.to,
        "table": crossover.table,
        "pick": crossover.pick,
        "factor": number_text(crossover.factor),
        "first_step": crossover.first_step,
        "last_step": crossover.last_step,
        "other_tables": [
            {"table": table, "low_mg": number_text(low), "high_mg": number_text(high)}
            for table, low, high in crossover.other_tables
        ],
    }


def _finding(finding: Finding) -> Object:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "steps": list(finding.steps),
        "cause": finding.cause,
        "figures": [{"name": name, "text": text} for name, text in finding.figures],
        "sources": list(finding.sources),
        "origin": finding.origin,
    }
