"""What findings say: in whose words, about what, and when they stay away."""

import pytest

import benzotaper as bt

UK = {"start": "2026-12-01", "products": "UK", "splitting": "halves"}
BY_TENTHS = bt.Percentage("10 %", of="current", every="2 weeks")


def of(plan: bt.Plan, code: str) -> list[str]:
    return [finding.message for finding in plan.findings if code in finding.code.split()]


def test_a_tablet_that_may_be_halved_only_is_said_to_be_so_where_quarters_are_taken() -> None:
    tablets = [bt.Product("diazepam", strength="2 mg", form="tablet", split_ok="yes")]
    plan = bt.taper("diazepam 2 mg at night", BY_TENTHS, **{**UK, "products": tablets, "splitting": "quarters"})
    assert of(plan, "splitting") == [
        "The 2 mg tablet is taken in quarters; the data say halves only: confirm with the pharmacist."
    ]


@pytest.mark.parametrize("several", [False, True])
def test_an_occupancy_curve_is_called_illustrative_with_one_drug_and_with_several(several: bool) -> None:
    curve = bt.Hyperbolic("maudsley-2024-diazepam", points="5 %", every="2 weeks")
    if several:
        regimen = "diazepam 10 mg at night + zopiclone 7.5 mg at night"
        plan = bt.taper(regimen, {"diazepam": curve, "zopiclone": "keep"}, table="ashton-2002", **UK)
    else:
        plan = bt.taper("diazepam 10 mg at night", curve, **UK)
    assert len(of(plan, "illustrative")) == 1


def test_a_gap_is_found_only_where_doses_end_apart() -> None:
    regimen, step = "lorazepam 1 mg twice daily", bt.Linear("0.5 mg", every="2 weeks")
    together = bt.taper(regimen, step, reduce=[("1 mg", "in turn"), ("0 mg", "evenly")], **UK)
    apart = bt.taper(regimen, step, reduce=("morning", "night"), **UK)
    assert of(apart, "gap")
    ends = [{a.time for a in s.cycle[0]} for s in together.steps]
    assert bool(of(together, "gap")) == any(0 < len(times) < 2 for times in ends)


def test_the_smallest_dose_that_ends_a_percentage_is_forced_by_the_products() -> None:
    plan = bt.taper("clonazepam 2 mg at night", BY_TENTHS, **UK)
    (finding,) = [f for f in plan.findings if "PL-04" in f.code.split()]
    assert finding.cause == "products"
    chosen = bt.taper("clonazepam 2 mg at night", BY_TENTHS, last_dose="0.5 mg", **UK)
    (finding,) = [f for f in chosen.findings if "PL-04" in f.code.split()]
    assert finding.cause == "chosen"


def test_the_last_fall_names_the_drug_that_is_left_and_the_highest_day() -> None:
    both = bt.taper(
        "diazepam 5 mg twice daily + zopiclone 7.5 mg at night",
        bt.Linear("25 %", every="2 weeks"),
        table="scotland-2024",
        **UK,
    )
    assert "from 1.875 mg of zopiclone (1.25 mg of diazepam by scotland-2024) to nothing" in of(both, "PL-04")[0]
    nights = bt.AlternateDay("2 mg", low_days="every other day", zero_days=True, every="2 weeks")
    plan = bt.taper("diazepam 2 mg at night", nights, **{**UK, "splitting": "whole"})
    assert "a mean of 1 mg of diazepam a day (2 mg on the highest day)" in of(plan, "last-fall")[0]


def test_a_dose_within_any_label_maximum_is_no_notice() -> None:
    # UK labels: lorazepam 2 mg for insomnia, 4 mg for anxiety
    assert not of(bt.taper("lorazepam 1 mg tds", BY_TENTHS, **UK), "label-maximum")
    (above,) = of(bt.taper("lorazepam 2 mg tds", BY_TENTHS, **UK), "label-maximum")
    assert "4 mg (anxiety)" in above
    assert "2 mg (insomnia)" in above


def test_a_cross_over_says_what_it_replaces() -> None:
    plan = bt.taper(
        "zopiclone 7.5 mg at night",
        [bt.Substitution("diazepam", table="scotland-2024", every="1 week"), bt.Linear("1 mg", every="2 weeks")],
        **UK,
    )
    assert of(plan, "cross-over")[0].startswith("zopiclone 7.5 mg a day to 5 mg of diazepam by scotland-2024")


def test_a_cycle_that_is_cut_short_before_its_day_without_a_dose_skips_none() -> None:
    for every, skips in (("6 days", False), ("7 days", True)):
        strategy = bt.AlternateDay("2 mg", low_days=(1,), zero_days=True, every=every)
        plan = bt.taper("diazepam 2 mg at night", strategy, start="2026-12-01", products="UK", splitting="whole")
        takes = [bool(plan.steps[1].day(n)) for n in range(plan.steps[1].days or 0)]
        assert all(takes) is not skips
        assert not of(plan, "PL-07")  # what follows the day without a dose is the end


def test_where_no_table_has_the_drug_its_pace_is_not_called_fine() -> None:
    tablet = bt.Product("bentazepam", strength="5 mg", form="tablet")
    asked = {"start": "2026-12-01", "products": [tablet], "splitting": "halves", "profile": "uk"}
    plan = bt.taper("bentazepam 20 mg at night", bt.Linear("5 mg", every="1 week"), **asked)
    assert "cannot be judged" in " ".join(of(plan, "PL-08"))


def test_the_finest_fall_before_a_cross_over_counts_in_the_unit_of_the_total() -> None:
    # falls of 0.5 and then 0.75 mg of lorazepam: the products can fall by 0.25 mg, which is 2.5 mg of diazepam
    phases = [
        bt.Linear("0.5 mg", every="2 weeks", down_to="3.5 mg"),
        bt.Linear("0.75 mg", every="2 weeks", down_to="2 mg"),
        bt.Substitution("diazepam", table="ashton-2002", every="1 week"),
        bt.Linear("2 mg", every="2 weeks"),
    ]
    asked = {"start": "2026-12-01", "products": "UK", "splitting": "halves", "max_pieces": 12}
    assert not of(bt.taper("lorazepam 4 mg at night", phases, **asked), "PL-06")
