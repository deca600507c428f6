"""Plans that the front door made, of every shape that a plan can have: what a checker must accept, and faults spoil."""

import json
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import benzotaper as bt
from benzotaper.errors import BenzotaperError

UK = {"start": "2026-12-01", "products": "UK", "splitting": "halves"}
SLOW = bt.Percentage("10 %", of="current", every="2 weeks")
STEADY = bt.Linear("2 mg", every="1 week")
QUICK = bt.Linear(steps=6, every="5 days")
WEEK = bt.AlternateDay("2 mg", low_days=(1, 3, 5, 7), every="1 week")
OTHER_DAYS = bt.AlternateDay("50 %", low_days="every other day", zero_days=True, every="9 days")
EVEN = bt.Hyperbolic("24.7 mg", steps=9, every="2 weeks")
HELD = bt.HoldAndStep(bt.Linear("25 %", every="2 weeks"), at=["50 %"], hold="5 weeks")
GATED = bt.HoldAndStep(bt.Linear("2 mg", every="2 weeks"), at=["50 %"], hold="5 weeks", gated=True)
DROPS = bt.Product("diazepam", strength="10 mg", form="oral drops", drops_per_ml=30)
OWN = [
    bt.Product("diazepam", strength="3 mg", form="tablet", split_ok="quarters"),
    bt.Product("diazepam", strength="1 mg", form="tablet", pieces=2),
    bt.Product("diazepam", strength="8 mg", form="capsule"),
    bt.Product("diazepam", strength="0.5 mg", form="oral solution"),
]
SEVERAL, QUARTERS = "diazepam 5 mg twice daily + zopiclone 7.5 mg at night", bt.Linear("25 %", every="2 weeks")
TWICE, NIGHT = "diazepam 10 mg twice daily", "diazepam 12 mg at night"
US_EXTENDED = next(p for p in bt.products("alprazolam", region="US") if p.release == "ER")

SHAPES: dict[str, dict[str, Any]] = {
    "twice a day": UK | {"regimen": TWICE, "strategy": SLOW},
    "nearest": UK | {"regimen": TWICE, "strategy": SLOW, "fit": "nearest"},
    "four times a day": UK | {"regimen": "diazepam 5 mg four times daily", "strategy": STEADY},
    "in turn": UK | {"regimen": TWICE, "strategy": STEADY, "reduce": "in turn"},
    "times in turn": UK | {"regimen": TWICE, "strategy": STEADY, "reduce": ("morning", "night")},
    "whole tablets": UK | {"regimen": TWICE, "strategy": SLOW, "splitting": "whole"},
    "scored tablets": UK | {"regimen": TWICE, "strategy": SLOW, "splitting": "scored"},
    "quarters": UK | {"regimen": TWICE, "strategy": SLOW, "splitting": "quarters"},
    "few pieces": UK | {"regimen": TWICE, "strategy": SLOW, "max_pieces": 3},
    "many pieces": UK | {"regimen": "diazepam 90 mg at night", "strategy": bt.Linear("10 mg", every="1 week")},
    "a liquid": UK | {"regimen": NIGHT, "strategy": SLOW, "liquids": True},
    "a liquid by name": UK | {"regimen": NIGHT, "strategy": SLOW, "liquids": OWN[3]},
    "only drops": UK | {"regimen": "diazepam 10 mg at night", "strategy": SLOW, "products": [DROPS]},
    "own products": UK | {"regimen": NIGHT, "strategy": SLOW, "products": OWN},
    "own, scored": UK | {"regimen": NIGHT, "strategy": STEADY, "products": OWN, "splitting": "scored"},
    "any dose": {
        "start": "2026-12-01",
        "products": bt.ANY_DOSE,
        "regimen": TWICE,
        "strategy": SLOW,
        "last_dose": "2 mg",
    },
    "any dose, kept": UK
    | {"products": bt.ANY_DOSE, "splitting": "", "regimen": TWICE, "strategy": QUICK, "target": "5 mg"},
    "every 13 days": UK | {"regimen": NIGHT, "strategy": bt.Linear(steps=5, every="13 days")},
    "maintenance": UK | {"regimen": TWICE, "strategy": STEADY, "target": "10 mg"},
    "last dose": UK | {"regimen": TWICE, "strategy": SLOW, "last_dose": "4 mg"},
    "gate": UK | {"regimen": TWICE, "strategy": GATED},
    "hold": UK | {"regimen": TWICE, "strategy": HELD, "lead_in": "3 weeks"},
    "lead-in": UK | {"regimen": TWICE, "strategy": QUICK, "lead_in": "10 days", "table": "ashton-2002"},
    "to nothing in one step": UK | {"regimen": NIGHT, "strategy": bt.Linear(steps=1, every="2 weeks")},
    "smoothest": UK | {"regimen": TWICE, "strategy": SLOW, "fit": "smoothest"},
    "on Mondays": UK | {"regimen": TWICE, "strategy": SLOW, "align": "on Monday; avoiding 2026-12-28"},
    "hyperbolic": UK | {"regimen": TWICE, "strategy": EVEN},
    "a week of days": UK | {"regimen": NIGHT, "strategy": WEEK},
    "every other day": UK | {"regimen": NIGHT, "strategy": OTHER_DAYS},
    "a week of days, twice a day": UK | {"regimen": TWICE, "strategy": WEEK},
    "phases": UK
    | {
        "regimen": TWICE,
        "strategy": [bt.Linear("2 mg", every="1 week", down_to="8 mg"), bt.Linear("1 mg", every="9 days")],
    },
    "extended release": UK
    | {
        "regimen": bt.Regimen("alprazolam", night=bt.Dose.of_ng(2 * US_EXTENDED.strength.ng), release="ER"),
        "strategy": QUICK,
        "products": [US_EXTENDED],
        "splitting": "whole",
    },
    "several, one after the other": UK
    | {"regimen": SEVERAL, "strategy": {"zopiclone": QUARTERS, "diazepam": STEADY}, "table": "ashton-2002"},
    "several, one kept": UK
    | {"regimen": SEVERAL, "strategy": {"diazepam": STEADY, "zopiclone": "keep"}, "table": "ashton-2002"},
    "several, together": UK | {"regimen": SEVERAL, "strategy": SLOW, "table": "ashton-2002"},
    "several without diazepam": UK
    | {
        "regimen": "alprazolam 1 mg twice daily + zolpidem 10 mg at night",
        "strategy": SLOW,
        "products": "US",
        "table": "ashton-2002",
    },
    "several, one crosses over": UK
    | {
        "regimen": "lorazepam 1 mg twice daily + zopiclone 7.5 mg at night",
        "strategy": {
            "zopiclone": QUARTERS,
            "lorazepam": [bt.Substitution("diazepam", table="ashton-2002", every="1 week"), STEADY],
        },
        "max_pieces": 8,
    },
    "a drug of no table": UK
    | {
        "regimen": "bentazepam 20 mg at night",
        "strategy": QUICK,
        "products": [bt.Product("bentazepam", strength="5 mg", form="tablet")],
    },
    "cross-over": UK
    | {
        "regimen": "lorazepam 1 mg morning, 1 mg noon, 2 mg night",
        "strategy": [bt.Substitution("diazepam", table="ashton-2002", every="1 week"), STEADY],
        "max_pieces": 12,
    },
    "cross-over in portions": UK
    | {
        "regimen": "alprazolam 1 mg twice daily",
        "strategy": [bt.Substitution("diazepam", table="ashton-2002", portions=2, every="1 week"), SLOW],
        "products": "US",
        "max_pieces": 12,
    },
    "cross-over of a range": UK
    | {
        "regimen": "clonazepam 1 mg twice daily",
        "strategy": [bt.Substitution("diazepam", table="norway-2021", pick="midpoint", every="1 week"), SLOW],
        "max_pieces": 24,
    },
    "cross-over after a taper": UK
    | {
        "regimen": "lorazepam 2 mg twice daily",
        "strategy": [
            bt.Linear("0.5 mg", every="1 week", down_to="2 mg"),
            bt.Substitution("diazepam", table="ashton-2002", every="1 week"),
            STEADY,
        ],
        "max_pieces": 12,
    },
    "cross-over at once": UK
    | {
        "regimen": "temazepam 10 mg at night",
        "strategy": [bt.Substitution("diazepam", table="ashton-2002", at_once=True), bt.Linear("1 mg", every="1 week")],
        "acknowledge": "Dr A: agreed",
    },
    "cross-over at once, not made": UK
    | {
        "regimen": "lorazepam 0.7 mg at night",
        "strategy": [bt.Substitution("diazepam", table="ashton-2002", at_once=True), STEADY],
        "acknowledge": "Dr A: agreed",
    },
    "cross-over of any dose": {
        "start": "2027-02-27",
        "products": bt.ANY_DOSE,
        "regimen": "lorazepam 1 mg twice daily",
        "strategy": [bt.Substitution("diazepam", table="scotland-2024", every="1 week"), QUICK],
        "last_dose": "1 mg",
    },
    "two cross-overs": UK
    | {
        "regimen": "alprazolam 1 mg twice daily",
        "strategy": [
            bt.Substitution("lorazepam", table="ashton-2002", every="1 week"),
            bt.Substitution("diazepam", table="ashton-2002", every="1 week"),
            STEADY,
        ],
        "products": "US",
        "max_pieces": 12,
    },
}


def chance_plans(count: int) -> Iterator[bt.Plan]:
    """Tapers of any drug of any complete region, by chance that is the same each time."""
    chance = Random(3)  # noqa: S311  the same each time, not secret
    offers = [
        (region, drug, offered)
        for region in ("CA", "FR", "UK", "US")
        for drug in bt.drug_names()
        if (offered := [p for p in bt.products(drug, region=region) if p.offered == "yes"])
    ]
    made = 0
    while made < count:
        region, drug, offered = chance.choice(offers)
        times = chance.sample(["morning", "noon", "evening", "night"], chance.randint(1, 3))
        doses: Any = {time: bt.Dose.of_ng(chance.choice(offered).strength.ng * chance.randint(1, 3)) for time in times}
        try:
            yield bt.taper(
                bt.Regimen(drug, **doses),
                chance.choice([SLOW, QUICK, OTHER_DAYS, HELD, bt.Linear("20 %", every="4 days")]),
                start=f"20{chance.randint(20, 50)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
                products=region,
                splitting=chance.choice(["whole", "scored", "halves", "quarters"]),
                fit=chance.choice(["up", "nearest"]),
                acknowledge="Dr A: agreed",
                lead_in=chance.choice(["", "12 days"]),
            )
            made += 1
        except BenzotaperError:
            continue


@cache
def plans() -> tuple[bt.Plan, ...]:
    """All of them."""
    return (*(bt.taper(**asked) for asked in SHAPES.values()), *chance_plans(44))


@cache
def texts() -> tuple[str, ...]:
    """Their JSON, certificates included."""
    return tuple(plan.to_json() for plan in plans())


def document(shape: str) -> dict[str, Any]:
    """The JSON of one of the shapes, without its certificate."""
    found: dict[str, Any] = json.loads(texts()[list(SHAPES).index(shape)])
    del found["certificate"]
    return found
