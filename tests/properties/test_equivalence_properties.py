"""What holds of every conversion, whatever the drugs, the table and the dose."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from benzotaper.doses import Dose
from benzotaper.equivalence import (
    Table,
    compare_equivalents,
    convert,
    default_tables,
    factor,
    mg_range_in_diazepam,
    rate,
    tables,
    tables_for,
)
from benzotaper.errors import NotInTableError
from strategies import doses, drug_names, drugs_of_a_table

PICKS = ("low", "midpoint", "high")


@given(drugs_of_a_table(), doses())
def test_the_ends_of_a_conversion_are_those_of_all_corners_of_the_two_rows(
    chosen: tuple[Table, tuple[str, ...]], dose: Dose
) -> None:
    table, (drug, to) = chosen
    one = Fraction(1)
    ranges = []
    for name in (drug, to):
        row = table.rows.get(name)
        ranges.append([one] if row is None else [row.low_mg / row.diazepam_mg, row.high_mg / row.diazepam_mg])
    corners = [dose.mg / a * b for a in ranges[0] for b in ranges[1]]
    found = convert((drug, dose), to=to, table=table)
    expected = (dose.mg, dose.mg) if drug == to else (min(corners), max(corners))
    assert (found.low_mg, found.high_mg) == expected


@given(drugs_of_a_table(), doses())
def test_rounding_to_nanograms_only_widens_and_by_less_than_one(
    chosen: tuple[Table, tuple[str, ...]], dose: Dose
) -> None:
    table, (drug, to) = chosen
    found = convert((drug, dose), to=to, table=table)
    nanogram = Fraction(1, 1_000_000)
    assert 0 <= found.low_mg - found.low.mg < nanogram
    assert 0 <= found.high.mg - found.high_mg < nanogram
    assert found.low <= found.pick("low") <= found.pick("midpoint") <= found.pick("high") <= found.high


@given(drugs_of_a_table(), doses())
def test_there_and_back_encloses_the_start(chosen: tuple[Table, tuple[str, ...]], dose: Dose) -> None:
    table, (drug, to) = chosen
    there = convert((drug, dose), to=to, table=table)
    low, high = rate(to, drug, table).low, rate(to, drug, table).high
    assert there.low.ng * low <= dose.ng <= there.high.ng * high


@given(drugs_of_a_table(count=3), doses())
def test_a_detour_by_a_third_drug_encloses_the_straight_way(chosen: tuple[Table, tuple[str, ...]], dose: Dose) -> None:
    table, (a, b, c) = chosen
    straight = convert((a, dose), to=c, table=table)
    first = convert((a, dose), to=b, table=table)
    second = rate(b, c, table)
    assert first.low_mg * second.low <= straight.low_mg
    assert straight.high_mg <= first.high_mg * second.high


@given(drugs_of_a_table(), st.lists(doses(), min_size=2, max_size=5))
def test_a_larger_dose_never_has_a_smaller_equivalent(
    chosen: tuple[Table, tuple[str, ...]], several: list[Dose]
) -> None:
    table, (drug, to) = chosen
    for less, more in pairwise(convert((drug, dose), to=to, table=table) for dose in sorted(several)):
        assert less.low_mg <= more.low_mg
        assert less.high_mg <= more.high_mg
        assert less.low <= more.low
        assert less.high <= more.high


@given(drugs_of_a_table(), st.sampled_from(PICKS))
def test_a_factor_lies_within_the_range_and_is_the_picked_equivalent_of_1_mg(
    chosen: tuple[Table, tuple[str, ...]], pick: str
) -> None:
    table, (drug, to) = chosen
    found = convert((drug, Dose(mg=1)), to=to, table=table)
    mg = factor(drug, to, table=table, pick=pick)
    assert found.low_mg <= mg <= found.high_mg
    assert found.pick(pick).ng == mg * 1_000_000 // 1


@given(drugs_of_a_table(count=1), doses())
def test_a_plan_sees_the_diazepam_that_a_conversion_gives(chosen: tuple[Table, tuple[str, ...]], dose: Dose) -> None:
    table, (drug,) = chosen
    found = convert((drug, dose), to="diazepam", table=table.id)
    assert mg_range_in_diazepam(drug, dose.ng, table) == (found.low_mg, found.high_mg)


@given(drug_names(), doses())
def test_a_spread_is_each_table_alone_and_every_default_table_is_either_shown_or_missing(drug: str, dose: Dose) -> None:
    having = tables_for(drug)
    assert {table.id for table in having} == {table.id for table in tables() if table.has(drug)}
    asked = [table.id for table in default_tables()]
    if not {table.id for table in having} & set(asked):
        with pytest.raises(NotInTableError) as caught:
            compare_equivalents((drug, dose), to="diazepam")
        assert caught.value.tables == tuple(table.id for table in having)
        return
    spread = compare_equivalents((drug, dose), to="diazepam")
    shown = [equivalent.table for equivalent in spread.equivalents]
    assert sorted(shown + [gap.table for gap in spread.missing]) == sorted(asked)
    assert shown == [table for table in asked if table in shown]
    for equivalent in spread.equivalents:
        assert equivalent == convert((drug, dose), to="diazepam", table=equivalent.table)
        assert spread.low_mg <= equivalent.low_mg <= equivalent.high_mg <= spread.high_mg
