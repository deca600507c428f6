"""Cohorts: what comes in, what comes out, and what is wrong stays with its row."""

import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest

import benzotaper as bt
from benzotaper.cohorts.progress import progress_bar
from benzotaper.errors import BenzotaperError, DataError, IntervalError, PlanError, ProductError, StrategyError
from cohorts import by_cohort, by_taper

TEXT = "percentage 10 % of current every 2 weeks"
UK: dict[str, Any] = {"products": "UK", "splitting": "halves"}
NIGHT = UK | {"times": "night"}


def frame_of(**columns: Any) -> pd.DataFrame:
    rows = max(len(column) for column in columns.values())
    return pd.DataFrame({"id": range(1, rows + 1)} | columns)


def daily(*doses: Any, drug: str = "diazepam", dtype: Any = None) -> pd.DataFrame:
    return frame_of(drug=[drug] * len(doses), dose_mg=pd.Series(doses, dtype=dtype))


def reasons(frame: pd.DataFrame, strategy: Any = TEXT, **choices: Any) -> list[str]:
    return list(bt.cohort(frame, strategy, **(NIGHT | choices)).refused["reason"])


# ---- what comes out


def test_the_columns_and_their_dtypes_are_a_contract() -> None:
    found = bt.cohort(daily(10.0), TEXT, **NIGHT)
    assert {name: str(dtype) for name, dtype in found.plans.dtypes.items()} == {
        "id": "int64",
        "step": "int64",
        "day": "int64",
        "days": "Int64",
        "drug": "category",
        "dose_mg": "float64",
        "dose_ng": "int64",
    }
    assert list(found.plans["drug"].cat.categories) == list(bt.drug_names())
    assert {name: str(dtype) for name, dtype in found.refused.dtypes.items()} == {
        "id": "int64",
        "row": "int64",
        "reason": "string",
    }


def test_an_empty_frame_gives_empty_frames_of_the_same_kind() -> None:
    some, none = (bt.cohort(frame, TEXT, **NIGHT) for frame in (daily(10.0), daily(10.0).iloc[:0]))
    for name in ("plans", "refused"):
        assert len(getattr(none, name)) == 0
        assert list(getattr(none, name).dtypes) == list(getattr(some, name).dtypes)
    assert (none.people, len(none.to_frame())) == (0, 0)


def test_step_0_has_a_row_only_where_the_current_dose_is_kept() -> None:
    at_once = bt.cohort(daily(4.0), "linear 1 mg every 2 weeks", **NIGHT).plans
    kept = bt.cohort(daily(4.0), "linear 1 mg every 2 weeks", lead_in="3 weeks", **NIGHT).plans
    assert at_once[["step", "day"]].to_numpy().tolist() == [[1, 0], [2, 14], [3, 28], [4, 42]]
    assert kept[["step", "day"]].to_numpy().tolist() == [[0, 0], [1, 21], [2, 35], [3, 49], [4, 63]]
    assert kept["days"].tolist() == [21, 14, 14, 14, pd.NA]


def test_a_cycle_of_days_counts_as_its_mean_rounded_down() -> None:
    alternate = "alternate-day 1 mg with 2 4 7 low days a week and zero days every 1 week"
    found = bt.cohort(daily(4.0), alternate, **NIGHT).plans
    assert found["dose_ng"].tolist()[:3] == [3_714_285, 3_428_571, 3_000_000]
    assert found["dose_mg"].tolist()[:2] == [26 / 7, 24 / 7]


def test_a_cross_over_has_rows_of_both_drugs() -> None:
    frame = frame_of(regimen=["lorazepam 1 mg at night"])
    phases = "substitution to diazepam by ashton-2002 every 1 week; linear 2 mg every 2 weeks"
    rows = by_cohort(bt.cohort(frame, phases, **UK))[1]
    assert [row[3] for row in rows[:3]] == ["lorazepam", "diazepam", "diazepam"]
    texts = phases.split("; ")
    assert rows == by_taper("lorazepam 1 mg at night", texts, **UK)


def test_several_drugs_are_planned_by_texts_that_name_them() -> None:
    regimen = "diazepam 4 mg at night + zopiclone 7.5 mg at night"
    frame = frame_of(regimen=[regimen], how=["zopiclone: linear 3.75 mg every 2 weeks; diazepam: keep"])
    choices = UK | {"table": "ashton-2002"}
    rows = by_cohort(bt.cohort(frame, "how", **choices))[1]
    courses = {"zopiclone": "linear 3.75 mg every 2 weeks", "diazepam": "keep"}
    assert rows == by_taper(regimen, courses, **choices)
    assert rows == by_cohort(bt.cohort(frame, courses, **choices))[1]
    assert rows == by_cohort(bt.cohort(frame, [f"{drug}: {text}" for drug, text in courses.items()], **choices))[1]


def test_nobody_is_lost_in_the_frame_of_both() -> None:
    found = bt.cohort(frame_of(drug=["diazepam", "aspirin"], dose_mg=[4.0, 100.0]), TEXT, **NIGHT)
    both = found.to_frame()
    assert {name: str(dtype) for name, dtype in both.dtypes.items()} == dict(bt.COHORT_META)
    assert list(both["id"].drop_duplicates()) == [1, 2]
    assert both["reason"].notna().sum() == 1
    assert both["step"].isna().tolist()[-1]
    assert bt.COHORT_SPARK_DDL.startswith("id bigint, step bigint,")


def test_a_cohort_says_in_a_line_what_it_is() -> None:
    found = bt.cohort(frame_of(drug=["diazepam", "<b>"], dose_mg=[4.0, 1.0]), TEXT, **NIGHT)
    assert repr(found) == "<Cohort of 2: 1 planned in 7 rows, 1 refused>"
    assert "&lt;b&gt;" in found._repr_html_()
    assert "refused" in found._repr_html_()


# ---- what comes in


@pytest.mark.parametrize("dtype", ["object", "string", "category", "str"])
def test_texts_of_any_dtype_are_read(dtype: str) -> None:
    frame = frame_of(drug=["diazepam", "Valium"], dose_mg=[4.0, 4.0], how=[TEXT, TEXT])
    cast = frame.astype({"drug": dtype, "how": dtype})
    pd.testing.assert_frame_equal(
        bt.cohort(cast, "how", **NIGHT).plans, bt.cohort(frame, "how", **NIGHT).plans, check_dtype=False
    )


def test_arrow_columns_are_read() -> None:
    arrow = pytest.importorskip("pyarrow")
    frame = frame_of(drug=["diazepam", None], dose_mg=[4.0, 2.0])
    types = {"id": arrow.int64(), "drug": arrow.string(), "dose_mg": arrow.float64()}
    cast = frame.astype({name: pd.ArrowDtype(kind) for name, kind in types.items()})
    found = bt.cohort(cast, TEXT, **NIGHT)
    assert found.plans["dose_ng"].tolist() == bt.cohort(daily(4.0), TEXT, **NIGHT).plans["dose_ng"].tolist()
    assert found.plans["id"].dtype == cast["id"].dtype
    assert found.refused["reason"].tolist() == ["the drug is missing"]


@pytest.mark.parametrize(
    "ids", [["a", "b"], [1.5, 2.5], [(1, 2), (3, 4)], pd.to_datetime(["2020-01-01", "2020-01-02"])]
)
def test_an_id_is_whatever_tells_people_apart_and_keeps_its_dtype(ids: Any) -> None:
    frame = daily(2.0, 4.0).assign(id=ids)
    found = bt.cohort(frame, "linear 2 mg every 2 weeks", **NIGHT).plans
    assert found["id"].tolist() == [frame["id"].iloc[0], frame["id"].iloc[1], frame["id"].iloc[1]]
    assert found["id"].dtype == frame["id"].dtype


@pytest.mark.parametrize(
    "doses",
    [
        pd.Series([0.1, 2.5], dtype="float64"),
        pd.Series([0.1, 2.5], dtype="float32"),
        pd.Series(["0.1", "2.5"]),
        pd.Series([0.1, 2.5], dtype="Float64"),
        pd.Series([np.float32(0.1), "2.5"], dtype=object),
    ],
)
def test_a_dose_is_read_by_its_shortest_decimal(doses: Any) -> None:
    frame = frame_of(drug=["diazepam"] * 2, dose_mg=doses)
    found = bt.cohort(frame, TEXT, products=bt.ANY_DOSE, last_dose="0.01 mg", lead_in="1 week", times="night").plans
    assert found.loc[found["step"] == 0, "dose_ng"].tolist() == [100_000, 2_500_000]


def test_whole_numbers_are_doses_too() -> None:
    assert len(bt.cohort(daily(4, 10, dtype="int64"), TEXT, **NIGHT).refused) == 0
    assert len(bt.cohort(daily(4, 10, dtype="Int8"), TEXT, **NIGHT).refused) == 0


def test_a_daily_dose_is_taken_in_equal_parts_at_its_times() -> None:
    frame = frame_of(drug=["diazepam"] * 3, dose_mg=[10.0] * 3, when=["night", "night, morning", "am,noon,pm,evening"])
    found = by_cohort(bt.cohort(frame, TEXT, times="when", **UK))
    regimens = ["diazepam 10 mg at night", "diazepam 5 mg twice daily", "diazepam 2.5 mg four times a day"]
    assert [found[person] for person in (1, 2, 3)] == [by_taper(text, TEXT, **UK) for text in regimens]
    together = bt.cohort(frame.iloc[1:2], TEXT, times=["morning", "night"], **UK)
    assert by_cohort(together)[2] == found[2]


def test_starts_are_checked_and_days_count_from_each() -> None:
    days = ["2026-12-01", pd.Timestamp("2027-01-01"), pd.Timestamp("2027-01-01 10:00"), "1 May", None]
    frame = daily(*[4.0] * 5).assign(start=pd.Series(days, dtype=object))
    found = bt.cohort(frame, TEXT, **NIGHT)
    assert found.plans.groupby("id")["day"].min().tolist() == [0, 0]
    assert [reason[:12] for reason in found.refused["reason"]] == ["start Timest", "start '1 May", "the start is"]


def test_dates_of_a_column_of_timestamps_are_days() -> None:
    frame = daily(4.0, 4.0).assign(start=pd.to_datetime(["2026-12-01", None]))
    assert bt.cohort(frame, TEXT, **NIGHT).refused["row"].tolist() == [1]


# ---- what is wrong with a row


def test_a_row_is_refused_in_the_words_of_taper() -> None:
    frame = frame_of(
        regimen=[
            "diazepam 10 mg QD",
            "diazepam 3.3 mg at night",
            "diazepam 4 mg at night",
            None,
            5,
            "valium 2 mg nocte",
        ]
    )
    found = bt.cohort(frame, TEXT, **UK)
    told = by_cohort(found)
    for person in (1, 2):
        assert told[person] == by_taper(frame["regimen"][person - 1], TEXT, **UK)
        assert isinstance(told[person], str)
    assert found.refused["row"].tolist() == [0, 1, 3, 4]
    assert told[4] == "the regimen is missing"
    assert "is no text" in str(told[5])


@pytest.mark.parametrize("fit", ["up", "nearest"])
def test_a_plan_of_more_steps_than_taper_allows_is_refused_as_by_taper(fit: str) -> None:
    text, asked = "diazepam 500 mg at night", {**UK, "liquids": True, "fit": fit, "acknowledge": "Dr A: agreed"}
    strategy = "linear 0.2 mg every 1 day"
    told = by_cohort(bt.cohort(frame_of(regimen=[text]), strategy, **asked))[1]
    assert told == by_taper(text, strategy, **asked)
    assert "2000 steps" in str(told)


@pytest.mark.parametrize(
    ("dose", "words"),
    [
        (float("nan"), "the dose is missing"),
        (None, "the dose is missing"),
        (0.0, "nothing is taken"),
        (-1.0, "a sign is not allowed"),
        (float("inf"), "not a number"),
        (1e9, "above 1000 mg"),
        (0.1234567, "finer than a nanogram"),
        ("5 mg", "is not a number"),
        (True, "is not exact"),
        ([5], "is not exact"),
        (1 + 2j, "is not exact"),
    ],
)
def test_a_dose_that_is_none_is_refused(dose: Any, words: str) -> None:
    frame = frame_of(drug=["diazepam"] * 3, dose_mg=pd.Series([4.0, dose, 2.0], dtype=object))
    found = bt.cohort(frame, TEXT, **NIGHT)
    assert found.refused["row"].tolist() == [1]
    assert words in found.refused["reason"][0]
    assert found.plans["id"].unique().tolist() == [1, 3]


@pytest.mark.parametrize("dose", [float("nan"), -1.0, float("inf"), 1e300, 0.1234567, 1000.0000001])
def test_a_float_that_is_no_dose_is_refused(dose: float) -> None:
    assert bt.cohort(daily(4.0, dose, dtype="float64"), TEXT, **NIGHT).refused["row"].tolist() == [1]


def test_an_unknown_drug_near_the_end_of_a_long_frame_is_found_and_the_others_are_planned() -> None:
    rows = 100_000
    drugs = ["diazepam"] * rows
    drugs[-2] = "diazepan"
    found = bt.cohort(frame_of(drug=drugs, dose_mg=[4.0] * rows), "linear 2 mg every 2 weeks", **NIGHT)
    assert found.refused[["id", "row"]].to_numpy().tolist() == [[rows - 1, rows - 2]]
    assert "did you mean diazepam" in found.refused["reason"][0]
    assert len(found.plans) == 2 * (rows - 1)


def test_an_id_that_stands_twice_is_refused_in_each_of_its_rows() -> None:
    frame = daily(4.0, 2.0, 4.0, 10.0).assign(id=[7, 3, 7, 1])
    found = bt.cohort(frame, TEXT, **NIGHT)
    assert found.refused[["id", "row"]].to_numpy().tolist() == [[7, 0], [7, 2]]
    assert "more than one row" in found.refused["reason"][0]


def test_a_missing_id_is_refused() -> None:
    frame = daily(4.0, 2.0).assign(id=["a", None])
    assert bt.cohort(frame, TEXT, **NIGHT).refused["reason"].tolist() == ["the id is missing"]


def test_strategies_that_cannot_be_read_are_refused_row_by_row() -> None:
    texts = [TEXT, "percentage 10 % of start every 2 weeks", "faster", None, 5]
    told = reasons(daily(*[4.0] * 5).assign(how=texts), "how")
    assert ["of='start'" in told[0], "names no strategy" in told[1], told[2]] == [True, True, "the strategy is missing"]
    assert "is no strategy" in told[3]


def test_times_that_cannot_be_read_are_refused_row_by_row() -> None:
    frame = daily(*[4.0] * 4).assign(when=["night", "teatime", "night, night", None])
    told = reasons(frame, times="when")
    assert ["teatime" in told[0], "each time once" in told[1], told[2]] == [True, True, "the times are missing"]


def test_categories_that_nobody_has_are_not_looked_at() -> None:
    drugs = pd.Categorical(["diazepam"], categories=["diazepam", "aspirin"])
    assert reasons(frame_of(drug=drugs, dose_mg=[4.0])) == []


# ---- what is wrong for everybody


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame({"id": [1], "drug": ["diazepam"]}), "column 'dose_mg' is missing; found: 'id', 'drug'"),
        (pd.DataFrame({"drug": ["diazepam"], "dose_mg": [1.0]}), "column 'id' is missing"),
        (pd.DataFrame([[1, 2, "diazepam", 4.0]], columns=["id", "id", "drug", "dose_mg"]), "column 'id' stands twice"),
        (frame_of(regimen=["diazepam 4 mg nocte"], dose_mg=[4.0]), "'dose_mg' stands beside 'regimen'"),
        (daily(4.0).set_axis(["ID", "drug", "dose_mg"], axis=1), "rename 'ID' to 'id'"),
        (
            pd.DataFrame([[1, "diazepam", 4.0, 1, 2]], columns=["id", "drug", "dose_mg", "start", "start"]),
            "'start' stands",
        ),
        ({"id": [1]}, "frame has 1 fault.*dict is no pandas DataFrame; give a frame"),
        (None, "None is no pandas DataFrame"),
        (5, "int is no pandas DataFrame"),
    ],
)
def test_a_frame_that_is_none_is_refused_whole(frame: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        bt.cohort(frame, TEXT, **NIGHT)


def test_a_frame_of_another_library_is_named_and_how_to_convert_it() -> None:
    arrow = pytest.importorskip("pyarrow")
    with pytest.raises(DataError, match=r"pyarrow\.lib\.Table is no pandas DataFrame; convert it with \.to_pandas\(\)"):
        bt.cohort(arrow.table({"id": [1]}), TEXT, **NIGHT)


@pytest.mark.parametrize(
    ("choices", "error", "words"),
    [
        ({"times": ""}, DataError, "times="),
        ({"times": "teatime"}, IntervalError, "teatime"),
        ({"times": 5}, IntervalError, "times 5"),
        ({"products": "Mars"}, ProductError, "Mars"),
        ({"splitting": "thirds"}, PlanError, "thirds"),
        ({"fit": "down"}, PlanError, "down"),
        ({"chunk": 0}, PlanError, "chunk 0"),
        ({"reduce": "oddly"}, PlanError, "oddly"),
        ({"table": "nobody"}, BenzotaperError, "nobody"),
        ({"products": "DE"}, ProductError, "not complete"),
        ({"products": []}, ProductError, "products is empty"),
        ({"products": bt.ANY_DOSE, "splitting": ""}, PlanError, "give last_dose= or target="),
        ({"target": "1 mg", "last_dose": "1 mg"}, PlanError, "not both"),
        ({"reduce": [("16 mg", "in turn")]}, PlanError, "the last to '0 mg'"),
        ({"reduce": [("16 mg", "oddly"), ("0 mg", "in turn")]}, PlanError, "oddly"),
        ({"apart": "a while"}, IntervalError, "a while"),
    ],
)
def test_an_argument_that_is_wrong_for_everybody_is_refused_at_once(
    choices: dict[str, Any], error: type[BenzotaperError], words: str
) -> None:
    with pytest.raises(error, match=words):
        bt.cohort(daily(4.0), TEXT, **(NIGHT | choices))


@pytest.mark.parametrize(("choices", "words"), [({"products": "Mars"}, "Mars"), ({"chunk": 0}, "chunk 0")])
def test_frames_are_not_asked_for_where_an_argument_is_wrong(choices: dict[str, Any], words: str) -> None:
    with pytest.raises(BenzotaperError, match=words):
        bt.cohort_chunks(iter([]), TEXT, **(NIGHT | choices))


@pytest.mark.parametrize("strategy", ["stratgy", "percentage", [], "linear 1 mg", 5])
def test_a_strategy_that_is_none_is_refused_at_once(strategy: Any) -> None:
    with pytest.raises(StrategyError):
        bt.cohort(daily(4.0), strategy, **NIGHT)


def test_regimens_say_their_own_times() -> None:
    with pytest.raises(DataError, match="times= stands beside"):
        bt.cohort(frame_of(regimen=["diazepam 4 mg nocte"]), TEXT, **NIGHT)


# ---- on the way


def test_the_frame_is_left_as_it_was() -> None:
    frame = daily(4.0, 2.0).set_index(pd.Index([5, 5]))
    before = frame.copy()
    bt.cohort(frame, TEXT, **NIGHT)
    pd.testing.assert_frame_equal(frame, before)


def test_a_frame_that_changes_on_the_way_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = daily(4.0, 10.0)
    expected = bt.cohort(frame, TEXT, **NIGHT).plans
    from benzotaper.cohorts import making  # noqa: PLC0415  its own line is patched

    plan = making._plan  # noqa: SLF001  as said

    def meddle(people: Any, planner: Any, advance: Any) -> Any:
        frame["id"] = [8, 9]
        frame["dose_mg"] = [1.0, 1.0]
        del frame["drug"]
        return plan(people, planner, advance)

    monkeypatch.setattr(making, "_plan", meddle)
    pd.testing.assert_frame_equal(bt.cohort(frame, TEXT, **NIGHT).plans, expected)


def test_progress_counts_every_person_once() -> None:
    pytest.importorskip("tqdm")
    frame = frame_of(drug=["diazepam", "aspirin", "diazepam"], dose_mg=[4.0, 1.0, 4.0])
    with progress_bar(wanted=True, people=3) as advance:
        bar = advance.__self__  # type: ignore[attr-defined]
        advance(3)
        assert bar.n == 3
    assert len(bt.cohort(frame, TEXT, progress=True, **NIGHT).refused) == 1


def test_progress_without_tqdm_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(PlanError, match=r"pip install benzotaper\[progress\]"):
        bt.cohort(daily(4.0), TEXT, progress=True, **NIGHT)


def test_a_cohort_in_which_nobody_is_like_another_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    from benzotaper.cohorts import templates  # noqa: PLC0415  its own number is patched

    templates.planner_for.cache_clear()
    monkeypatch.setattr(templates, "MOST_KEPT", 5)
    frame = daily(*[float(mg) for mg in range(1, 21)])
    found = bt.cohort(frame, TEXT, **NIGHT)
    assert [found.plans["id"].nunique(), len(found.refused)] == [20, 0]
    assert by_cohort(found)[20] == by_taper("diazepam 20 mg at night", TEXT, **UK)


def test_rows_are_counted_through_all_frames() -> None:
    parts = [daily(4.0, float("nan")), daily(2.0).assign(id=[9]), daily(-1.0).assign(id=[10])]
    found = list(bt.cohort_chunks(iter(parts), TEXT, **NIGHT))
    assert [part.refused["row"].tolist() for part in found] == [[1], [], [3]]
    assert [part.people for part in found] == [2, 1, 1]


def test_what_is_not_chosen_for_a_cohort_is_refused_in_chunks_too() -> None:
    for name, value in (("align", "on Monday"), ("profile", "uk"), ("start", "2026-12-01")):
        with pytest.raises(TypeError, match=name):
            bt.cohort_chunks([frame_of(regimen=["diazepam 4 mg nocte"])], TEXT, **UK | {name: value})


def test_strategies_and_times_that_can_be_read_once_serve_all_frames() -> None:
    frames = [daily(4.0), daily(2.0)]
    asked = {"products": "UK", "splitting": "halves"}
    parts = list(bt.cohort_chunks(frames, (each for each in [TEXT]), times=iter(["night"]), **asked))
    assert [len(part.plans) for part in parts] == [len(bt.cohort(each, TEXT, **NIGHT).plans) for each in frames]
