"""Strategies side by side: what stands in a comparison, how it is ranked, shown and drawn, and what is refused."""

import csv
import io
import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import html5lib
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import benzotaper as bt
from benzotaper.comparing.metrics import METRICS, OCCUPANCY
from benzotaper.comparing.sweeping import AXES
from benzotaper.errors import BenzotaperError, DataError, PlanError, RegimenError, StrategyError, UnknownIdError
from command import run

mpl.use("agg")
UK: dict[str, Any] = {"products": "UK", "splitting": "halves"}
WHEN = {"start": "2026-12-01"}
TWENTY = "diazepam 20 mg at night"
LINEAR, PERCENT = "linear 2 mg every 2 weeks", "percentage 10 % of current every 2 weeks"
BAD = "linear 2 mg"


@pytest.fixture(scope="module")
def found() -> bt.Comparison:
    return bt.compare(TWENTY, [LINEAR, PERCENT, BAD, "linear 4 mg every 4 weeks"], **UK | WHEN)


def test_every_strategy_stands_in_it_in_the_order_given(found: bt.Comparison) -> None:
    assert [each.name for each in found] == [LINEAR, PERCENT, BAD, "linear 4 mg every 4 weeks"]
    assert list(found.plans) == list(found.metrics) == [LINEAR, PERCENT, "linear 4 mg every 4 weeks"]
    assert list(found.refused) == [BAD]
    assert "not a whole linear strategy" in found[BAD].reason
    assert isinstance(found[BAD].figure("days"), bt.Unknown)
    assert len(found) == 4


def test_a_plan_is_that_of_taper(found: bt.Comparison) -> None:
    for name, plan in found.plans.items():
        assert plan == bt.taper(TWENTY, name, **UK | WHEN)


def test_a_strategy_can_be_named_and_be_of_several_phases_or_drugs() -> None:
    several = "diazepam 5 mg twice daily + zopiclone 7.5 mg at night"
    courses = {
        "sleep first": {"zopiclone": "linear 25 % of start every 2 weeks", "diazepam": LINEAR},
        "together": PERCENT,
    }
    named = bt.compare(several, courses, table="ashton-2002", **UK | WHEN)
    assert list(named.plans) == ["sleep first", "together"]
    assert isinstance(named["together"].figure("cumulative_mg"), bt.Unknown)
    assert named["together"].figure("cumulative_diazepam_mg_low") > 0  # type: ignore[operator]  # it is known
    phases = bt.compare(
        TWENTY, [["linear 5 mg every 1 week down to 10 mg", bt.Linear("1 mg", every="1 week")]], **UK | WHEN
    )
    assert list(phases.plans) == ["linear 5 mg every 1 week down to 10 mg; linear 1 mg every 1 week"]


def test_what_is_wrong_for_all_is_refused_and_what_is_wrong_for_one_is_shown() -> None:
    for wrong in (
        {"start": "soon"},
        {"splitting": "thirds"},
        {"profile": "nobody"},
        {"table": "nobody"},
        {"fit": "upp"},
        {"every": "4"},
        {"half_occupancy": "no-preset"},
        {"products": 5},
        {"lead_in": "soon"},
        {"max_pieces": "6"},
        {"target": "5"},
        {"align": "on Mondays"},
        {"products": "ZZ"},
        {"products": "DE"},
        {"liquids": "yes"},
        {"acknowledge": 1},
        {"pick": "most"},
        {"apart": "2"},
    ):
        with pytest.raises(bt.BenzotaperError):
            bt.compare(TWENTY, [LINEAR], **UK | WHEN | wrong)
    with pytest.raises(RegimenError):
        bt.compare("diazepam 20 mg", [LINEAR], **UK | WHEN)
    with pytest.raises(TypeError, match="speed"):
        bt.compare(TWENTY, [LINEAR], **UK | WHEN | {"speed": "fast"})
    other = bt.compare(
        "lorazepam 1 mg twice daily",
        [bt.Linear("0.5 mg", every="1 week"), bt.Substitution("diazepam", table="ashton-2002", at_once=True)],
        table="vadod-2021",
        **UK | WHEN,
    )
    assert list(other.refused.values()) == [
        "one plan has one equivalence table; table='vadod-2021' and the cross-overs name several"
    ]


def test_no_strategy_and_the_same_twice_are_refused() -> None:
    with pytest.raises(StrategyError, match="no strategy is given"):
        bt.compare(TWENTY, [], **UK | WHEN)
    with pytest.raises(StrategyError, match="is given twice"):
        bt.compare(TWENTY, [LINEAR, bt.Linear("2 mg", every="2 weeks")], **UK | WHEN)
    with pytest.raises(UnknownIdError, match="no strategy"):
        bt.compare(TWENTY, [LINEAR], **UK | WHEN)["linear"]


# ---- rank


def test_a_rank_is_by_what_is_named_and_what_is_unknown_comes_last(found: bt.Comparison) -> None:
    def days(**more: Any) -> list[str]:
        return [each.name for each in found.rank(by="days", **more)]

    assert days() == ["linear 4 mg every 4 weeks", LINEAR, PERCENT, BAD]
    assert days(largest_first=True) == [PERCENT, LINEAR, "linear 4 mg every 4 weeks", BAD]
    assert [each.name for each in found.ranked(by="days")] == days()


@pytest.mark.parametrize("largest_first", [False, True])
def test_ties_stay_in_the_order_given(largest_first: bool) -> None:
    names = ["linear 5 mg every 2 weeks", "linear 25 % of start every 2 weeks", "linear in 4 steps every 2 weeks"]
    tied = bt.compare(TWENTY, names, **UK | WHEN)
    assert [each.name for each in tied.rank(by="days", largest_first=largest_first)] == names


def test_what_cannot_be_ranked_by_is_refused(found: bt.Comparison) -> None:
    with pytest.raises(UnknownIdError, match=r"did you mean days\?"):
        found.rank(by="day")
    with pytest.raises(PlanError, match="pharmacy_visits, which is unknown for all: give every="):
        found.rank(by="pharmacy_visits")


# ---- figures that are asked for


def test_what_was_not_asked_for_is_unknown_or_absent(found: bt.Comparison) -> None:
    metrics = found.metrics[LINEAR]
    for name in ("days_within_pace_percent_low", "pharmacy_visits", *OCCUPANCY):
        assert isinstance(metrics.value(name), bt.Unknown)
    assert not set(OCCUPANCY) & set(found.to_frame().columns)
    assert not set(OCCUPANCY) & set(found.to_dict()["strategies"][0]["metrics"])
    asked = bt.compare(TWENTY, [LINEAR], every="4 weeks", half_occupancy="24.7 mg", profile="asam-2025", **UK | WHEN)
    assert not any(isinstance(value, bt.Unknown) for value in map(asked.metrics[LINEAR].value, METRICS))
    assert set(OCCUPANCY) < set(asked.to_frame().columns)


def test_a_preset_of_another_drug_gives_no_falls_of_occupancy() -> None:
    given = {"half_occupancy": "maudsley-2024-diazepam"}
    other = bt.compare("lorazepam 2 mg at night", ["linear 25 % of start every 2 weeks"], **UK | WHEN | given)
    (value,) = (each.figure("worst_occupancy_fall_points") for each in other)
    assert value == bt.Unknown("the preset is of diazepam, not of lorazepam")


def test_tables_that_differ_make_a_range_and_are_shown_one_by_one() -> None:
    other = bt.compare("clonazepam 1 mg twice daily", ["linear 25 % of start every 2 weeks"], **UK | WHEN)
    low, high = (other.to_frame()[f"cumulative_diazepam_mg_{end}"][0] for end in ("low", "high"))
    each = other.to_frame(per="table")
    assert (low, high) == (each["cumulative_diazepam_mg_low"].min(), each["cumulative_diazepam_mg_high"].max())
    assert high == 2 * low
    one = bt.compare(
        "clonazepam 1 mg twice daily", ["linear 25 % of start every 2 weeks"], table="ashton-2002", **UK | WHEN
    )
    assert set(one.to_frame(per="table")["table"]) == {"ashton-2002"}


def test_a_plan_that_does_not_end_has_no_last_fall() -> None:
    kept = bt.compare(TWENTY, [LINEAR], target="10 mg", half_occupancy="20 mg", **UK | WHEN)
    assert kept.metrics[LINEAR].last_fall_mg == bt.Unknown("it does not end at zero")
    assert isinstance(kept.metrics[LINEAR].last_occupancy_fall_points, bt.Unknown)


def test_any_dose_has_no_tablets() -> None:
    free = bt.compare(TWENTY, [LINEAR], products=bt.ANY_DOSE, last_dose="1 mg", every="4 weeks", **WHEN)
    for name in ("tablets", "pieces_split", "distinct_strengths", "liquid_ml", "pharmacy_visits"):
        assert isinstance(free.metrics[LINEAR].value(name), bt.Unknown)


# ---- outputs


def test_the_frame_has_a_row_for_each_strategy_and_its_reason(found: bt.Comparison) -> None:
    frame = found.to_frame()
    assert frame["strategy"].tolist() == [each.name for each in found]
    assert frame["days"].tolist()[:2] == [126, 490]
    assert frame.loc[2].isna().sum() == len(found.figures)
    assert frame["problem"].tolist() == [each.reason for each in found]
    assert frame["days"].dtype == "Int64"
    assert frame["tablets"].dtype == "float64"
    steps = found.to_frame(per="step")
    assert list(steps.columns) == ["strategy", *found.plans[LINEAR].to_frame().columns]
    assert len(found.to_frame(per="day")) == sum(len(plan.to_frame(per="day")) for plan in found.plans.values())
    with pytest.raises(PlanError, match=r"did you mean step\?"):
        found.to_frame(per="steps")  # type: ignore[arg-type]  # the slip under test


def test_csv_and_json_are_exact(found: bt.Comparison) -> None:
    lines = list(csv.DictReader(io.StringIO(found.to_csv())))
    document = json.loads(found.to_json())
    assert [line["strategy"] for line in lines] == [each["strategy"] for each in document["strategies"]]
    metrics = found.metrics[PERCENT]
    assert (
        Fraction(document["strategies"][1]["metrics"]["area_above_ideal_mg_days"]) == metrics.area_above_ideal_mg_days
    )
    assert document["strategies"][0]["metrics"]["pharmacy_visits"] == {
        "unknown": "give every=, the time between collections"
    }
    assert document["strategies"][2]["problem"]
    assert found.to_json() == bt.compare(TWENTY, [each.name for each in found], **UK | WHEN).to_json()


def test_the_page_is_strict_html_with_one_drawing(found: bt.Comparison) -> None:
    page = found.to_html()
    html5lib.HTMLParser(strict=True).parse(page)
    assert page.count("<svg") == 1
    assert page.count("<path") == len(found.plans)
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in bt.compare(TWENTY, {"<script>": LINEAR}, **UK | WHEN).to_html()
    assert found.to_svg() in page
    none = bt.compare(TWENTY, [BAD], **UK | WHEN)
    html5lib.HTMLParser(strict=True).parse(none.to_html())
    assert "<svg" not in none.to_html()
    with pytest.raises(PlanError, match="nothing to draw"):
        none.to_svg()


def test_drugs_that_differ_are_drawn_in_percent_of_the_start() -> None:
    crossing = [bt.Substitution("diazepam", table="ashton-2002", every="1 week"), LINEAR]
    plain = "linear 25 % of start every 2 weeks"
    both = bt.compare("lorazepam 1 mg twice daily", [plain, crossing], max_pieces=12, **UK | WHEN)
    assert "% of the starting total" in both.to_html().replace("\N{NO-BREAK SPACE}", " ")


def test_the_text_says_what_is_unknown_and_that_nothing_is_weighed(found: bt.Comparison) -> None:
    text = str(found)
    assert f"[2] {PERCENT}" in text
    assert f"Not planned: {BAD}" in text
    assert "No figure is weighed against another" in text
    assert "give every=" in text
    assert repr(found) == f"<Comparison of 4 strategies for {found.title}>"


def test_matplotlib_draws_a_line_for_each_plan(found: bt.Comparison, tmp_path: Path) -> None:
    axes = found.plot()
    assert [line.get_label() for line in axes.get_lines()] == list(found.plans)
    assert axes.get_lines()[0].get_ydata()[0] == 20
    assert axes.get_ylabel() == "mg of diazepam a day"
    axes.figure.savefig(tmp_path / "curves.png")
    assert (tmp_path / "curves.png").stat().st_size > 5000
    assert found.plot(axes) is axes
    kept = bt.compare(TWENTY, [LINEAR], target="10 mg", **UK | WHEN).plot()
    assert kept.get_lines()[0].get_ydata()[-1] == 10
    with pytest.raises(PlanError, match="nothing to draw"):
        bt.compare(TWENTY, [BAD], **UK | WHEN).plot()


def test_without_matplotlib_the_picture_is_refused_with_how_to_install_it() -> None:
    code = (
        "import sys\nsys.modules['matplotlib'] = None\nimport benzotaper as bt\n"
        f"found = bt.compare({TWENTY!r}, [{LINEAR!r}], start='2026-12-01', products='UK', splitting='halves')\n"
        "assert '<svg' in found.to_html()\n"
        "try:\n    found.plot()\n"
        "except bt.BenzotaperError as error:\n    print(type(error).__name__, error.extra, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.startswith("MissingExtraError plot plot() needs matplotlib")
    assert "pip install 'benzotaper[plot]'" in done.stdout


def test_every_figure_is_defined_once_on_its_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "comparison.md").read_text(encoding="utf-8")
    assert re.findall(
        r"^\| `(\w+)` \|", page.partition("## The figures")[2].partition("\n## ")[0], re.MULTILINE
    ) == list(METRICS)


# ---- cohorts

PEOPLE = pd.DataFrame(
    {"id": ["a", "b", "c"], "drug": ["diazepam", "Valium", "lorazepam"], "dose_mg": [20.0, 20.0, 2.0]}
)
CHOSEN = ["linear 25 % of start every 2 weeks", PERCENT]


def test_a_cohort_has_the_figures_of_each_comparison() -> None:
    found = bt.compare_cohort(PEOPLE, CHOSEN, times="night", every="4 weeks", profile="uk", **UK)
    assert found["id"].tolist() == ["a", "a", "b", "b", "c", "c"]
    assert found["strategy"].tolist() == CHOSEN * 3
    for person, regimen in zip("abc", (TWENTY, TWENTY, "lorazepam 2 mg at night"), strict=True):
        one = bt.compare(regimen, CHOSEN, every="4 weeks", profile="uk", **UK | WHEN).to_frame()
        theirs = found[found["id"] == person].drop(columns="id").reset_index(drop=True)
        pd.testing.assert_frame_equal(theirs, one)


def test_a_regimen_as_text_is_the_same_as_drug_and_dose() -> None:
    texts = PEOPLE[["id"]].assign(regimen=[TWENTY, "Valium 20 mg at night", "lorazepam 2 mg nocte"])
    want = bt.compare_cohort(PEOPLE, CHOSEN, times="night", **UK)
    pd.testing.assert_frame_equal(bt.compare_cohort(texts, CHOSEN, **UK), want)
    with pytest.raises(DataError, match="which say their own times"):
        bt.compare_cohort(texts, CHOSEN, times="night", **UK)


@pytest.mark.parametrize("times", [["morning", "night"], "night, morning", "at"])
def test_times_are_read_as_by_cohort(times: Any) -> None:
    twice = bt.compare_cohort(PEOPLE.assign(at="morning, night"), CHOSEN, times=times, **UK)
    one = bt.compare("diazepam 10 mg twice daily", CHOSEN, **UK | WHEN).to_frame()
    pd.testing.assert_frame_equal(twice.iloc[:2].drop(columns="id"), one)


def test_the_people_of_a_comparison_are_those_of_a_cohort() -> None:
    frame = pd.DataFrame({"id": range(4), "drug": "diazepam", "dose_mg": [10.0, 10.000001, 0.0, 3.3]})
    found = bt.compare_cohort(frame, [LINEAR], times="morning, night", **UK)
    cohort = bt.cohort(frame, LINEAR, times="morning, night", **UK)
    assert found["id"][found["problem"] != ""].tolist() == cohort.refused["id"].tolist() == [1, 2, 3]
    assert found["problem"][found["problem"] != ""].tolist() == cohort.refused["reason"].tolist()


@pytest.mark.parametrize(
    "dtypes",
    [
        {"drug": "category", "dose_mg": "category"},
        {"drug": "string[pyarrow]", "dose_mg": "double[pyarrow]", "id": "string[pyarrow]"},
        {"drug": object, "dose_mg": object, "id": object},
        {"dose_mg": "float32"},
        {"dose_mg": "Int64"},
        {"dose_mg": "str"},
    ],
)
def test_categorical_arrow_and_other_dtypes_are_the_same(dtypes: Any) -> None:
    want = bt.compare_cohort(PEOPLE, CHOSEN, times="night", **UK)
    found = bt.compare_cohort(PEOPLE.astype(dtypes), CHOSEN, times="night", **UK)
    pd.testing.assert_frame_equal(found.drop(columns="id"), want.drop(columns="id"))
    assert found["id"].dtype == PEOPLE.astype(dtypes)["id"].dtype


def test_who_cannot_be_planned_for_stays_with_the_reason() -> None:
    many = 2000
    frame = pd.DataFrame(
        {
            "id": range(many),
            "drug": ["diazepam"] * (many - 6) + ["diazepan", "diazepam", "diazepam", None, "diazepam", "diazepam"],
            "dose_mg": [20.0] * (many - 6) + [20.0, float("nan"), -1.0, 20.0, 0.1234567, 0.3],
        }
    )
    found = bt.compare_cohort(frame, [LINEAR], times="night", **UK)
    assert found["id"].tolist() == list(range(many))
    assert (found["problem"] != "").sum() == 6
    said = found["problem"].tolist()[-6:]
    for text, part in zip(said, ("did you mean diazepam", "missing", "a sign", "", "finer", "0.3 mg"), strict=True):
        assert part in text
    assert found["days"].isna().sum() == 6


def test_who_has_no_id_of_their_own_stays_with_the_reason_that_cohort_gives() -> None:
    frame = pd.concat([PEOPLE, PEOPLE], ignore_index=True).assign(id=["a", "b", None, "a", "c", "d"])
    found = bt.compare_cohort(frame, [LINEAR], times="night", **UK)
    cohort = bt.cohort(frame, LINEAR, times="night", **UK)
    assert found["id"].fillna("none").tolist() == ["a", "b", "none", "a", "c", "d"]
    assert (found["problem"] != "").tolist() == found["days"].isna().tolist() == [True, False, True, True, False, False]
    assert found["problem"][found["problem"] != ""].tolist() == cohort.refused["reason"].tolist()
    assert "more than one row" in found["problem"][3]
    assert "missing" in found["problem"][2]


def test_units_that_are_mixed_are_refused_cell_by_cell() -> None:
    frame = pd.DataFrame({"id": range(5), "drug": "diazepam", "dose_mg": [20, "20 mg", True, [20], "20"]})
    found = bt.compare_cohort(frame, [LINEAR], times="night", **UK)
    assert (found["problem"] != "").tolist() == [False, True, True, True, False]


def test_a_frame_that_is_no_cohort_is_refused() -> None:
    with pytest.raises(DataError, match="column 'id' is missing; found: 'drug'"):
        bt.compare_cohort(PEOPLE.drop(columns="id"), CHOSEN, times="night", **UK)
    with pytest.raises(DataError, match="needs the times"):
        bt.compare_cohort(PEOPLE, CHOSEN, **UK)
    with pytest.raises(DataError, match="no pandas DataFrame"):
        bt.compare_cohort([1], CHOSEN, times="night", **UK)  # type: ignore[arg-type]  # the slip under test
    with pytest.raises(PlanError, match="needs start="):
        bt.compare_cohort(PEOPLE, CHOSEN, times="night", align="on Monday", **UK)


def test_an_empty_cohort_gives_an_empty_frame_and_no_order_matters() -> None:
    whole = bt.compare_cohort(PEOPLE, CHOSEN, times="night", **UK)
    empty = bt.compare_cohort(PEOPLE.iloc[:0], CHOSEN, times="night", **UK)
    assert list(empty.columns) == list(whole.columns)
    assert empty.empty
    other = bt.compare_cohort(PEOPLE.iloc[::-1], CHOSEN, times="night", **UK)
    order = np.argsort(other["id"].to_numpy(), kind="stable")
    pd.testing.assert_frame_equal(other.iloc[order].reset_index(drop=True), whole)


# ---- sweep


def test_a_sweep_has_a_row_for_each_combination_with_its_figures() -> None:
    over = {"table": ["ashton-2002", "vadod-2021"], "splitting": ["whole", "halves"]}
    found = bt.sweep("lorazepam 2 mg at night", PERCENT, over=over, products="UK", **WHEN)
    assert found[["table", "splitting"]].to_numpy().tolist() == [
        [table, splitting] for table in over["table"] for splitting in over["splitting"]
    ]
    for row in found.itertuples():
        shared = {"table": row.table, "splitting": row.splitting, "products": "UK"}
        (want,) = bt.compare("lorazepam 2 mg at night", [PERCENT], **shared | WHEN).metrics.values()
        assert row.days == want.days
        assert row.cumulative_diazepam_mg_low == float(want.cumulative_diazepam_mg_low)  # type: ignore[arg-type]  # known


def test_combinations_that_are_refused_stay_with_their_reason() -> None:
    found = bt.sweep(
        "oxazepam 10 mg at night",
        LINEAR,
        over={"table": "all", "splitting": ["thirds", "halves"]},
        products="UK",
        **WHEN,
    )
    assert len(found) == 2 * len(bt.default_tables())
    assert found[found["splitting"] == "thirds"]["problem"].str.contains("must be one of whole").all()
    assert found[found["splitting"] == "thirds"]["days"].isna().all()
    assert (found[found["splitting"] == "halves"]["problem"] == "").any()


def test_half_lives_change_the_levels_and_no_plan() -> None:
    found = bt.sweep(TWENTY, LINEAR, over={"half_life": "all"}, **UK | WHEN)
    assert found["half_life"].tolist() == ["usual", "low", "high", "elderly"]
    assert len(set(found["days"])) == 1
    by = found.set_index("half_life")
    for name in by.index:
        level = bt.levels(bt.taper(TWENTY, LINEAR, **UK | WHEN), half_life=name)["diazepam"]
        assert by.loc[name, "parent_level_at_end_percent"] == level.days[-1].parent
        course = [100.0, *(day.parent for day in level.days)]
        falls = [max(course[max(n - 14, 0) : n]) - course[n] for n in range(1, len(course))]
        assert by.loc[name, "parent_level_worst_14_day_fall_points"] == max(falls)
        assert by.loc[name, "parent_level_worst_day_fall_points"] == max(np.diff(course) * -1)
    unknown = bt.sweep(
        "clonazepam 1 mg at night", "linear 25 % of start every 1 week", over={"half_life": "all"}, **UK | WHEN
    )
    assert unknown["problem"].str.contains("elderly half-life").tolist() == [False, False, False, True]
    assert unknown["days"].notna().all()


def test_regimens_strategies_and_products_can_be_swept() -> None:
    over = {
        "regimen": [TWENTY, "diazepam 10 mg twice daily"],
        "strategy": [LINEAR, ["linear 5 mg every 1 week down to 10 mg", LINEAR]],
        "products": ["UK", "US"],
        "half_occupancy": ["24.7 mg", "10 mg"],
    }
    found = bt.sweep(over=over, splitting="halves", **WHEN)
    assert len(found) == 16
    assert set(found["problem"]) == {""}
    assert found["worst_occupancy_fall_points"].nunique() > 2


def test_quality_c_is_warned_of_beside_the_levels_in_the_words_of_levels() -> None:
    asked: dict[str, Any] = {"products": bt.ANY_DOSE, "last_dose": "5 mg", **WHEN}
    regimen = "chlordiazepoxide 10 mg twice daily"
    found = bt.sweep(regimen, CHOSEN[0], over={"half_life": ["usual", "elderly"]}, **asked)
    levels = bt.levels(bt.taper(regimen, CHOSEN[0], **asked))
    assert found["quality"].fillna("").tolist() == ["C", ""]
    assert found["warning"].tolist() == [" ".join(levels.warnings), ""]
    assert "quality C" in found["warning"][0]
    assert "elderly half-life" in found["problem"][1]
    assert bt.sweep(TWENTY, LINEAR, over={"half_life": ["usual"]}, **UK | WHEN)["warning"].tolist() == [""]
    assert "quality" not in bt.sweep(TWENTY, LINEAR, over={"fit": "all"}, **UK | WHEN)


@pytest.mark.parametrize("axis", AXES)
def test_a_swept_value_that_is_none_becomes_a_row_with_its_reason(axis: str) -> None:
    given: dict[str, Any] = {"regimen": TWENTY, "strategy": LINEAR, **UK, **WHEN}
    given.pop(axis, None)
    good = {
        "regimen": TWENTY,
        "strategy": LINEAR,
        **UK,
        **WHEN,
        "max_pieces": 0,
        "reduce": "evenly",
        "half_life": "usual",
    }
    good |= {"fit": "up", "target": "0 mg", "last_dose": "0 mg", "lead_in": "1 week", "every": "4 weeks"}
    good |= {"table": "ashton-2002", "half_occupancy": "10 mg", "apart": "2 weeks", "pick": "low", "profile": "uk"}
    good |= {"align": "on Monday", "acknowledge": "Dr A: agreed", "liquids": True}
    found = bt.sweep(over={axis: [-1, good[axis]]}, **given)
    assert (found["problem"] != "").tolist() == [True, False]
    assert found["problem"].str.len()[0] > 10


def test_what_is_wrong_for_every_combination_is_an_error_at_once() -> None:
    for wrong in ({"table": "ashton"}, {"half_occupancy": "maudsley"}, {"every": "soon"}):
        with pytest.raises(BenzotaperError):
            bt.sweep(TWENTY, LINEAR, over={"fit": "all"}, **UK | WHEN | wrong)


def test_half_lives_are_read_as_by_levels() -> None:
    found = bt.sweep(TWENTY, LINEAR, over={"half_life": [60, "60 h", {"diazepam": "60 h"}]}, **UK | WHEN)
    assert found["half_life"].tolist() == ["60", "60 h", "diazepam: 60 h"]
    assert found["problem"].tolist() == ["half_life=60 must be text with its unit", "", ""]
    assert found["parent_level_at_end_percent"][1] == found["parent_level_at_end_percent"][2]


@pytest.mark.parametrize("name", ["regimen", "strategy", "start", "products"])
def test_what_a_plan_needs_is_given_or_swept_and_not_both(name: str) -> None:
    given: dict[str, Any] = {"regimen": TWENTY, "strategy": LINEAR, **UK, **WHEN}
    with pytest.raises(PlanError, match=f"{name} is given and swept"):
        bt.sweep(over={name: [given[name]]}, **given | {name: "NONSENSE"})
    value = given.pop(name)
    with pytest.raises(PlanError, match=f"{name} is neither given nor swept"):
        bt.sweep(over={"fit": "all"}, **given)
    assert set(bt.sweep(over={name: [value]}, **given)["problem"]) == {""}


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"half_life": [60, "60"]}, "has '60' twice"),
        ({"table": ["who-2009", bt.table_named("who-2009")]}, "has 'who-2009' twice"),
        ({}, "needs what is swept"),
        ({"tables": ["x"]}, r"did you mean table\?"),
        ({"table": "ashton-2002"}, "needs a list of values or 'all'"),
        ({"table": []}, "has no values"),
        ({"products": ["UK"]}, "products is given and swept"),
    ],
)
def test_what_cannot_be_swept_is_refused(over: Any, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        bt.sweep(TWENTY, LINEAR, over=over, **UK | WHEN)


# ---- command

COMMAND = (
    "compare",
    TWENTY,
    "--phase",
    LINEAR,
    "--phase",
    "linear 5 mg every 1 week down to 10 mg; linear 1 mg every 1 week",
)
GIVEN = ("--start", "2026-12-01", "--products", "UK", "--splitting", "halves")


def test_the_command_prints_what_the_library_gives() -> None:
    phases = ["linear 5 mg every 1 week down to 10 mg", "linear 1 mg every 1 week"]
    want = bt.compare(TWENTY, [LINEAR, phases], every="4 weeks", **UK | WHEN)
    ran = run(*COMMAND, *GIVEN, "--every", "4 weeks")
    assert (ran.status, ran.err, ran.out) == (0, "", f"{want}\n")
    ran = run(*COMMAND, *GIVEN, "--every", "4 weeks", "--json", "--rank-by", "days")
    assert json.loads(ran.out) == want.ranked(by="days").to_dict()
    ran = run(*COMMAND, *GIVEN, "--every", "4 weeks", "--json", "--rank-by", "days", "--largest-first")
    assert json.loads(ran.out) == want.to_dict()


def test_the_command_writes_files_whole_or_not_at_all(tmp_path: Path) -> None:
    names = [str(tmp_path / f"found.{ending}") for ending in ("html", "csv", "json")]
    ran = run(*COMMAND, *GIVEN, *(part for name in names for part in ("-o", name)))
    assert ran.status == 0
    assert all(Path(name).stat().st_size > 500 for name in names)
    ran = run(*COMMAND, *GIVEN, "-o", str(tmp_path / "found.png"))
    assert ran.status == 2
    assert "the ending must be one of .html, .csv, .json" in ran.err


def test_the_command_says_what_is_missing() -> None:
    assert "--phase is missing" in run("compare", TWENTY, *GIVEN).err
    assert "--start is missing" in run(*COMMAND).err
    assert run(*COMMAND, *GIVEN, "--rank-by", "day").status == 2


def test_a_sweep_says_what_it_has_no_argument_for() -> None:
    with pytest.raises(TypeError, match=r"no argument 'half_life'; give it in over="):
        bt.sweep(TWENTY, LINEAR, over={"fit": "all"}, half_life="usual", **UK | WHEN)  # type: ignore[call-arg]  # the slip
    with pytest.raises(TypeError, match="no argument 'splits'"):
        bt.sweep(TWENTY, LINEAR, over={"fit": "all"}, splits="halves", **UK | WHEN)  # type: ignore[call-arg]  # the slip
