"""Every plan of the grid of the issue keeps its promises: 3,120 plans for diazepam, none left out.

Of every plan the JSON, the rows by step, administration and day, and the frames themselves are compared.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from invariants import (
    check_administrations,
    check_ending,
    check_no_dose_rises,
    check_plan,
    check_totals_fall,
)
from outputs import check_day_rows, check_frames, check_json, check_rows

import benzotaper as bt
from tablets import doses_of

TABLETS = tuple(bt.Product("diazepam", strength=f"{mg} mg", form="tablet") for mg in (2, 5, 10))
PACES = (("2.5 %", 28), ("5 %", 21), ("10 %", 14), ("15 %", 14), ("20 %", 7))
DOSES_NG = range(2_500_000, 80_000_001, 500_000)
MOST_PIECES = 12


def check_zero(plan: bt.Plan) -> None:
    assert plan.record.ending == "zero"
    check_ending(plan.record)


def check_certificate(plan: bt.Plan) -> None:
    assert plan.certificate.ok


FAULTS: dict[str, Callable[[bt.Plan], None]] = {
    "rise": lambda plan: check_totals_fall(plan.record),
    "not made by tablets": lambda plan: check_administrations(plan.record),
    "dose rises or restarts": lambda plan: check_no_dose_rises(plan.record),
    "not ending at zero": check_zero,
    "not certified": check_certificate,
    "JSON differs": check_json,
    "rows differ": check_rows,
    "day rows differ": check_day_rows,
    "frames differ": check_frames,
    "any other promise": check_plan,
}


def once_at_night(total: int) -> bt.Regimen:
    return bt.Regimen("diazepam", night=bt.Dose.of_ng(total))


def over_morning_and_night(total: int) -> bt.Regimen:
    """As even as the tablets allow, the larger part at night: 2.5 mg all at night, 3 mg as 1 and 2 mg."""
    makes = doses_of(TABLETS, "halves", MOST_PIECES, total)
    morning = max(dose for dose in makes if 2 * dose <= total and total - dose in makes)
    return bt.Regimen("diazepam", morning=bt.Dose.of_ng(morning), night=bt.Dose.of_ng(total - morning))


def plans_of(cut: str, days: int) -> Iterator[bt.Plan]:
    for total, fit, taken in product(DOSES_NG, ("up", "nearest"), (once_at_night, over_morning_and_night)):
        yield bt.taper(
            taken(total),
            bt.Percentage(cut, of="current", every=f"{days} days"),
            start="2026-12-01",
            products=TABLETS,
            splitting="halves",
            max_pieces=MOST_PIECES,
            fit=fit,
        )


def broken(check: Callable[[bt.Plan], None], plan: bt.Plan) -> bool:
    try:
        check(plan)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize(("cut", "days"), PACES)
def test_every_plan_of_the_grid_keeps_its_promises(
    cut: str, days: int, record_property: Callable[[str, object], None]
) -> None:
    counts = Counter(dict.fromkeys(("plans", *FAULTS), 0))
    for plan in plans_of(cut, days):
        counts["plans"] += 1
        counts.update(name for name, check in FAULTS.items() if broken(check, plan))
    record_property("grid", {"pace": f"{cut} / {days} d", **counts})
    assert counts["plans"] == 624
    assert {name: counts[name] for name in FAULTS if counts[name]} == {}


def test_the_grid_has_3120_plans() -> None:
    assert len(DOSES_NG) * len(PACES) * 2 * 2 == 3120
    assert str(over_morning_and_night(2_500_000)) == "diazepam 2.5 mg night"
    assert str(over_morning_and_night(3_000_000)) == "diazepam 1 mg morning, 2 mg night"
