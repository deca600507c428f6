"""Plan JSON: the same plan comes back, the schema accepts it, and whatever was changed is found and named."""

import copy
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import given, strategies as st

import benzotaper
from benzotaper.errors import PlanFormatError
from benzotaper.exports.json_plan import from_json, to_json
from benzotaper.regimen import Regimen
from benzotaper.steps import PlanRecord
from documents import Document, drop, set_
from plan_records import LORAZEPAM, PLANS, TWO, part, record, request, stretch, take
from strategies import plan_records

CASES = Path(__file__).parent.parent / "cases"
SCHEMA = json.loads((Path(benzotaper.__file__).parent / "data" / "plan.schema.json").read_text(encoding="utf-8"))
OPTIONAL = ("align", "apart_days", "pick")
"""Fields that came after format 1 was first written: left out where they say nothing."""
SCHEMA_ACCEPTS = jsonschema.Draft202012Validator(SCHEMA).is_valid
Path_ = tuple[str | int, ...]


def sealed(content: Document) -> str:
    """A document with the seal that belongs to it, worked out here once more."""
    rest = {name: value for name, value in content.items() if name != "content_sha256"}
    canonical = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return json.dumps(rest | {"content_sha256": hashlib.sha256(canonical.encode()).hexdigest()})


def content_of(plan: str) -> Document:
    content: Document = json.loads(to_json(PLANS[plan]))
    return content


def start_of_all(day: str) -> Callable[[Document], None]:
    """Another start of the plan and of its first reduction."""

    def change(content: Document) -> None:
        content["request"]["start"] = content["steps"][1]["start"] = day

    return change


def refused(text: str) -> PlanFormatError:
    with pytest.raises(PlanFormatError) as caught:
        from_json(text)
    return caught.value


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_comes_back_equal_with_its_findings(name: str) -> None:
    plan = PLANS[name]
    again = from_json(to_json(plan))
    assert (again, again.findings) == (plan, plan.findings)
    assert to_json(again) == to_json(plan)


@pytest.mark.parametrize("name", PLANS)
def test_the_schema_accepts_every_export(name: str) -> None:
    jsonschema.validate(content_of(name), SCHEMA, cls=jsonschema.Draft202012Validator)


def test_the_schema_is_a_schema_and_every_part_of_it_is_titled_and_closed() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for name, part_ in SCHEMA["$defs"].items():
        assert part_["title"], name
        if part_.get("type") == "object":
            assert part_["additionalProperties"] is False, name
            later = OPTIONAL if name == "request" else ()
            assert part_["required"] == [field for field in part_["properties"] if field not in later], name
            assert all("title" in field or "$ref" in field for field in part_["properties"].values()), name


@given(plan_records())
def test_any_plan_comes_back_equal_and_fits_the_schema(plan: PlanRecord) -> None:
    text = to_json(plan)
    again = from_json(text)
    assert (again, again.findings) == (plan, plan.findings)
    assert to_json(again) == text
    assert SCHEMA_ACCEPTS(json.loads(text))


def test_a_document_of_format_1_as_it_was_first_written_reads_for_good() -> None:
    assert from_json((CASES / "plan_format_1.json").read_text(encoding="utf-8")) == PLANS["crossing"]


def test_the_text_ends_with_a_line_feed_and_has_a_line_for_each_step() -> None:
    text = to_json(PLANS["crossing"])
    assert text.endswith("}\n")
    assert sum(line.startswith(' {"number": ') for line in text.splitlines()) == len(PLANS["crossing"].steps)


def test_doses_are_exact_text_and_days_are_whole_numbers() -> None:
    content = content_of("liquids")
    night = content["steps"][0]["cycle"][0][0]
    assert night["dose_mg"] == "2.2"
    assert night["taken"] == [
        {"product": 0, "pieces": 1, "pieces_per_unit": 1},
        {"product": 1, "pieces": 5, "pieces_per_unit": 10},
    ]
    assert content["steps"][1] | {"cycle": [], "falls": []} == {
        "number": 1,
        "start": "2026-12-01",
        "end": "2026-12-02",
        "days": 2,
        "cycle": [],
        "finest_fall_mg": "1",
        "falls": [],
        "total_mg": "2",
        "worst_fall_in_14_days_mg": "0.2",
    }
    assert content_of("cycle")["steps"][2]["total_mg"] == "2/3"


def test_the_layout_and_the_order_of_fields_do_not_matter_to_the_reader() -> None:
    content = content_of("simple")
    turned = json.dumps(dict(reversed(content.items())), indent=4, ensure_ascii=True)
    assert from_json(turned) == PLANS["simple"]


def test_the_edition_that_wrote_a_document_may_be_another() -> None:
    content = content_of("simple") | {"benzotaper": "0.0.9", "data_version": "0123456789ab"}
    assert from_json(sealed(content)) == PLANS["simple"]


NIGHT = ("steps", 1, "cycle", 0, 0)
TAKEN = (*NIGHT, "taken", 0)
FIRST = "steps[1].cycle[0][0]"
INTAKE = ("request", "regimen", "intakes", 1)

# what was planted; in which plan; the change; where it is found; whether the schema refuses it too.
# Every document is sealed again after the change, so that what is found is the fault and not the seal.
FAULTS: list[tuple[str, str, Callable[[Document], None], str, bool]] = [
    ("future version", "simple", set_("schema_version", to=2), "schema_version", True),
    ("version before the first", "simple", set_("schema_version", to=0), "schema_version", True),
    ("version as text", "simple", set_("schema_version", to="1"), "schema_version", True),
    ("version true", "simple", set_("schema_version", to=True), "schema_version", True),
    ("no version", "simple", drop("schema_version"), "schema_version", True),
    ("missing field", "simple", drop("request", "strategies"), "request.strategies", True),
    ("missing field of a step", "simple", drop("steps", 2, "finest_fall_mg"), "steps[2].finest_fall_mg", True),
    ("unknown field", "simple", set_("dose", to="5"), "dose", True),
    ("unknown field of a fall", "simple", set_("steps", 1, "falls", 0, "x", to=""), "steps[1].falls[0].x", True),
    ("list for an object", "simple", set_("request", to=[]), "request", True),
    ("object for a list", "simple", set_("steps", to={}), "steps", True),
    ("no steps", "simple", set_("steps", to=[]), "steps", True),
    ("days as text", "simple", set_("steps", 1, "days", to="14"), "steps[1].days", True),
    ("days as true", "simple", set_("steps", 1, "days", to=True), "steps[1].days", True),
    ("days as decimal", "simple", set_("steps", 1, "days", to=14.5), "steps[1].days", True),
    ("negative days", "simple", set_("steps", 1, "days", to=-14), "steps[1].days", True),
    ("days beyond 20 years", "simple", set_("steps", 1, "days", to=7306), "steps[1].days", True),
    ("step of no day", "simple", set_("steps", 1, "days", to=0), "steps[1].days", False),
    ("open step in the middle", "simple", set_("steps", 1, "days", to=None), "steps[1].days", False),
    ("last step closed", "simple", set_("steps", 3, "days", to=7), "steps[3].days", False),
    ("no day of that date", "simple", set_("request", "start", to="2026-02-30"), "request.start", False),
    ("date of another style", "simple", set_("request", "start", to="1.12.2026"), "request.start", True),
    ("date as number", "simple", set_("request", "start", to=20261201), "request.start", True),
    ("other start", "simple", set_("request", "start", to="2026-12-02"), "steps[1].start", False),
    ("beyond the calendar", "simple", start_of_all("9999-12-31"), "steps[1].days", False),
    ("gap between steps", "simple", set_("steps", 2, "start", to="2026-12-16"), "steps[2].start", False),
    ("overlap of steps", "simple", set_("steps", 2, "start", to="2026-12-14"), "steps[2].start", False),
    ("start of a step 0 of no day", "simple", set_("steps", 0, "start", to="2026-12-01"), "steps[0].start", False),
    ("no start", "simple", set_("steps", 2, "start", to=None), "steps[2].start", False),
    ("step left out", "simple", drop("steps", 1), "steps[1].number", False),
    ("step twice", "simple", set_("steps", 2, "number", to=1), "steps[2].number", False),
    ("no day in a cycle", "simple", set_("steps", 3, "cycle", to=[]), "steps[3].cycle", True),
    ("changed dose", "simple", set_(*NIGHT, "dose_mg", to="1.5"), f"{FIRST}.dose_mg", False),
    ("changed pieces", "simple", set_(*TAKEN, "pieces", to=2), f"{FIRST}.dose_mg", False),
    ("dose as number", "simple", set_(*NIGHT, "dose_mg", to=2), f"{FIRST}.dose_mg", True),
    ("dose with its unit", "simple", set_(*NIGHT, "dose_mg", to="2 mg"), f"{FIRST}.dose_mg", True),
    ("dose of zero", "simple", set_(*NIGHT, "dose_mg", to="0"), f"{FIRST}.dose_mg", True),
    ("negative dose", "simple", set_(*NIGHT, "dose_mg", to="-2"), f"{FIRST}.dose_mg", True),
    ("trailing zero", "simple", set_(*NIGHT, "dose_mg", to="2.0"), f"{FIRST}.dose_mg", True),
    ("leading zero", "simple", set_(*NIGHT, "dose_mg", to="02"), f"{FIRST}.dose_mg", True),
    ("naked point", "simple", set_(*NIGHT, "dose_mg", to=".5"), f"{FIRST}.dose_mg", True),
    ("decimal comma", "simple", set_(*NIGHT, "dose_mg", to="2,5"), f"{FIRST}.dose_mg", True),
    ("power of ten", "simple", set_(*NIGHT, "dose_mg", to="2e0"), f"{FIRST}.dose_mg", True),
    ("other digits", "simple", set_(*NIGHT, "dose_mg", to="٢"), f"{FIRST}.dose_mg", True),
    ("line feed", "simple", set_(*NIGHT, "dose_mg", to="2\n"), f"{FIRST}.dose_mg", False),
    ("below a nanogram", "simple", set_(*NIGHT, "dose_mg", to="0.0000005"), f"{FIRST}.dose_mg", True),
    ("endless number", "simple", set_(*NIGHT, "dose_mg", to="9" * 5000), f"{FIRST}.dose_mg", True),
    ("fraction not in lowest terms", "simple", set_("factors", 0, "low", to="2/6"), "factors[0].low", False),
    ("decimal as fraction", "simple", set_("factors", 0, "low", to="1/2"), "factors[0].low", False),
    ("division by zero", "simple", set_("factors", 0, "low", to="1/0"), "factors[0].low", True),
    ("range upside down", "simple", set_("factors", 1, "low", to="11"), "factors[1].high", False),
    ("misspelt drug", "simple", set_(*NIGHT, "drug", to="diazepan"), f"{FIRST}.drug", False),
    ("brand for a drug", "simple", set_("products", 0, "drug", to="Valium"), "products[0].drug", False),
    ("unknown time", "simple", set_(*NIGHT, "time", to="bedtime"), f"{FIRST}.time", True),
    ("times out of order", "simple", set_(*NIGHT, "time", to="night"), "steps[1].cycle[0][1]", False),
    ("unknown form", "simple", set_("products", 0, "form", to="pill"), "products[0].form", True),
    ("unknown release", "simple", set_("products", 0, "release", to="XR"), "products[0].release", True),
    ("strength of zero", "simple", set_("products", 0, "strength_mg", to="0"), "products[0].strength_mg", True),
    ("three pieces of a tablet", "simple", set_("products", 0, "pieces", to=3), "products[0]", True),
    ("one unmeasurable volume", "liquids", set_("products", 1, "smallest_ml", to="1/3"), "products[1]", False),
    (
        "halved capsule",
        "simple",
        set_("products", 0, "form", to="capsule"),
        "steps[0].cycle[0][0].taken[0].pieces_per_unit",
        False,
    ),
    ("thirds of a tablet", "simple", set_(*TAKEN, "pieces_per_unit", to=3), f"{FIRST}.taken[0].pieces_per_unit", False),
    ("not whole nanograms", "liquids", set_(*TAKEN, "pieces_per_unit", to=31), f"{FIRST}.taken[0]", False),
    ("no pieces", "simple", set_(*TAKEN, "pieces", to=0), f"{FIRST}.taken[0].pieces", True),
    ("product that is not there", "simple", set_(*TAKEN, "product", to=2), f"{FIRST}.taken[0].product", False),
    ("product of another drug", "crossing", set_(*TAKEN, "product", to=0), f"{FIRST}.taken[0].product", False),
    ("product taken out", "simple", drop("products", 1), "steps[0].cycle[0][1].taken[0].product", False),
    ("product reference taken out", "simple", set_(*NIGHT, "taken", to=[]), f"{FIRST}.taken", False),
    (
        "product reference added",
        "simple",
        set_(*NIGHT, "taken", to=[{"product": 0, "pieces": 1, "pieces_per_unit": 1}] * 2),
        f"{FIRST}.dose_mg",
        False,
    ),
    ("products with any dose", "simple", set_("request", "products", to="any dose"), "products", False),
    ("splitting with any dose", "any_dose", set_("request", "splitting", to="halves"), "request.splitting", False),
    ("no splitting with products", "simple", set_("request", "splitting", to=""), "request.splitting", False),
    ("unknown splitting", "simple", set_("request", "splitting", to="thirds"), "request.splitting", True),
    ("other current regimen", "simple", set_(*INTAKE, "dose_mg", to="11"), "steps[0].cycle", False),
    ("another drug in the regimen", "simple", set_(*INTAKE, "drug", to="lorazepam"), "steps[0].cycle", False),
    ("regimen of nothing", "simple", set_("request", "regimen", "intakes", to=[]), "request.regimen.intakes", True),
    ("regimen above any dose", "simple", set_(*INTAKE, "dose_mg", to="1001"), "request.regimen", False),
    (
        "regimen out of order",
        "simple",
        set_("request", "regimen", "intakes", 0, "time", to="night"),
        "request.regimen.intakes[1].time",
        False,
    ),
    ("stops a day late", "simple", set_("stops_on", to="2026-12-23"), "stops_on", False),
    ("never stops", "simple", set_("stops_on", to=None), "stops_on", False),
    ("maintenance that stops", "maintenance", set_("stops_on", to="2026-12-01"), "stops_on", False),
    ("zero said of a kept dose", "maintenance", set_("ending", to="zero"), "steps[1].cycle", False),
    ("maintenance of nothing", "simple", set_("ending", to="maintenance"), "steps[3].cycle", False),
    ("unknown ending", "simple", set_("ending", to="stop"), "ending", True),
    ("nothing taken in the middle", "simple", set_("steps", 2, "cycle", to=[[]]), "steps[2].cycle", False),
    (
        "strategies left without a gate",
        "simple",
        set_("remaining", to=["linear 1 mg every 1 week"]),
        "remaining",
        False,
    ),
    ("other last day", "simple", set_("steps", 1, "end", to="2026-12-13"), "steps[1].end", False),
    ("other total", "simple", set_("steps", 1, "total_mg", to="11"), "steps[1].total_mg", False),
    ("other fall", "simple", set_("steps", 1, "falls", 0, "fall_mg", to="2"), "steps[1].falls[0].fall_mg", False),
    ("fall hidden", "simple", set_("steps", 1, "falls", to=[]), "steps[1].falls", False),
    (
        "percents where a drug enters",
        "crossing",
        set_("steps", 1, "falls", 1, "percent_of_start", to="0"),
        "steps[1].falls[1].percent_of_start",
        False,
    ),
    ("other drug of the totals", "crossing", set_("totals_in", to="lorazepam"), "totals_in", False),
    ("changed dose of any dose", "any_dose", set_(*NIGHT, "dose_mg", to="0.3"), "steps[1].falls[0].mean_mg", False),
    ("change of drug left out", "crossing", set_("crossovers", to=[]), "crossovers", False),
    ("change to a drug not taken", "crossing", set_("crossovers", 0, "to", to="oxazepam"), "crossovers[0]", False),
    ("change that replaces nothing", "crossing", set_("crossovers", 0, "factor", to="0"), "crossovers[0].factor", True),
    ("change after the end", "crossing", set_("crossovers", 0, "last_step", to=5), "crossovers[0]", False),
    ("change backwards", "crossing", set_("crossovers", 0, "first_step", to=3), "crossovers[0]", False),
    ("unknown pick", "crossing", set_("crossovers", 0, "pick", to="middle"), "crossovers[0].pick", True),
    ("changed factor", "crossing", set_("crossovers", 0, "factor", to="9"), "steps[0].total_mg", False),
    ("undispensed dose after the change", "at_once", set_(*NIGHT, "taken", to=[]), f"{FIRST}.taken", False),
    ("finding about no step", "simple", set_("findings", 0, "steps", 1, to=9), "findings[0].steps[1]", False),
    ("unknown severity", "simple", set_("findings", 0, "severity", to="fine"), "findings[0].severity", True),
    ("text as null", "simple", set_("findings", 0, "message", to=None), "findings[0].message", True),
]


@pytest.mark.parametrize(("plan", "change", "path", "by_schema"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_planted_fault_is_found_where_it_is(
    plan: str,
    change: Callable[[Document], None],
    path: str,
    by_schema: bool,
) -> None:
    content = content_of(plan)
    change(content)
    error = refused(sealed(content))
    assert error.path == path
    assert str(error).startswith(f"plan JSON, {path}: ")
    assert SCHEMA_ACCEPTS(content) is not by_schema


def test_messages_say_what_is_there_and_what_to_do() -> None:
    content = content_of("simple")
    messages = []
    for change in (set_("schema_version", to=2), set_(*NIGHT, "dose_mg", to="1.5"), set_(*NIGHT, "drug", to="Valium")):
        changed = copy.deepcopy(content)
        change(changed)
        messages.append(str(refused(sealed(changed))))
    assert messages == [
        "plan JSON, schema_version: 2 is newer than this benzotaper reads (1); install a newer benzotaper to read it",
        "plan JSON, steps[1].cycle[0][0].dose_mg: it says 1.5 mg, but the products taken make 2 mg",
        "plan JSON, steps[1].cycle[0][0].drug: 'Valium' is not the name that plans use; write 'diazepam'",
    ]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (set_("request", "acknowledge", to="Dr B agreed"), "content_sha256"),
        (set_("findings", to=[]), "content_sha256"),
        (set_("products", 1, "note", to="x"), "content_sha256"),
        (set_("data_version", to="ffffffffffff"), "content_sha256"),
        (set_("content_sha256", to="0" * 64), "content_sha256"),
        (set_("content_sha256", to=None), "content_sha256"),
        (set_(*NIGHT, "dose_mg", to="1.5"), "steps[1].cycle[0][0].dose_mg"),
    ],
)
def test_what_no_arithmetic_shows_is_found_by_the_seal_and_only_then(change: Any, path: str) -> None:
    content = content_of("simple")
    change(content)
    assert refused(json.dumps(content)).path == path


def leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every value of a document that holds no others."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        if isinstance(item, dict | list):
            yield from leaves(item, (*path, key))
        else:
            yield (*path, key), item


@pytest.mark.parametrize("name", PLANS)
def test_no_single_value_can_be_changed_unseen(name: str) -> None:
    content = content_of(name)
    for path, value in leaves(content):
        other: object = value + 1 if isinstance(value, int) else "x" if value is None else value + "1"
        changed = copy.deepcopy(content)
        set_(*path, to=other)(changed)
        refused(json.dumps(changed))


ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["0", "1", "1/3", "2026-12-01"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.data())
def test_whatever_stands_in_a_place_is_refused_as_such_or_read_as_it_stands(data: st.DataObject) -> None:
    content = content_of(data.draw(st.sampled_from(sorted(PLANS))))
    path, _ = data.draw(st.sampled_from(list(leaves(content))))
    set_(*path[: data.draw(st.integers(1, len(path)))], to=data.draw(ANY_JSON))(content)
    try:
        text = sealed(content)
    except UnicodeEncodeError:
        text = json.dumps(content)
    try:
        again = json.loads(to_json(from_json(text)))
    except PlanFormatError:
        return
    editions = dict.fromkeys(("benzotaper", "data_version", "content_sha256"))
    assert again | editions == content | editions


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is no JSON: Expecting value at line 1, column 1"),
        ("{", "it is no JSON: "),
        ("﻿{}", "it is no JSON: "),
        ('{"schema_version": NaN}', "it is no JSON: NaN is no number"),
        ('{"schema_version": 1, "schema_version": 1}', "the field 'schema_version' stands twice"),
        ("[" * 200_000, "nested too deeply"),
        ("9" * 5000, "a number of thousands of digits"),
        ("[]", "must be an object, but is a list"),
        ("null", "must be an object, but is null"),
        (b"{}", "it must be text, but is bytes"),
    ],
)
def test_what_is_no_document_is_refused_as_a_whole(text: Any, says: str) -> None:
    error = refused(text)
    assert error.path == ""
    assert says in str(error)


def test_text_that_is_not_unicode_is_neither_written_nor_read() -> None:
    changed = content_of("simple")
    changed["request"]["acknowledge"] = "\ud800"
    assert "not valid Unicode" in str(refused(json.dumps(changed)))


def test_a_product_that_is_not_on_the_shelf_is_not_written() -> None:
    plan = PLANS["simple"]
    with pytest.raises(PlanFormatError, match="not on the plan's shelf") as caught:
        to_json(record(plan.request, [LORAZEPAM], plan.steps))
    assert caught.value.path == "steps[0]"


def test_a_product_twice_on_the_shelf_is_referred_to_by_its_first_place() -> None:
    plan = PLANS["simple"]
    twice = record(plan.request, [*plan.shelf, TWO], plan.steps)
    assert from_json(to_json(twice)) == twice


def test_a_plan_of_one_open_step_comes_back() -> None:
    plan = PLANS["maintenance"]
    now = stretch(0, plan.request.start, None, *plan.steps[0].cycle)
    kept = record(plan.request, plan.shelf, [now], ending="maintenance")
    assert from_json(to_json(kept)) == kept


def test_quarters_of_a_tablet_come_back() -> None:
    plan = PLANS["at_once"]
    now = stretch(0, None, 0, [take("night", "0.75 mg", part(LORAZEPAM, 3, 4), drug="lorazepam")])
    asked = request(Regimen("lorazepam", night="0.75 mg"))
    quarters = record(asked, [LORAZEPAM, TWO], [now, *plan.steps[1:]], crossovers=plan.crossovers)
    assert from_json(to_json(quarters)) == quarters


def test_json_and_csv_load_neither_pandas_nor_numpy_nor_the_planner() -> None:
    code = (
        "import sys, benzotaper.exports.json_plan, benzotaper.exports.table_csv\n"
        "print([name for name in sys.modules if name.rpartition('.')[2] in "
        "('pandas', 'numpy', 'pint', 'planner', 'plan', 'equivalence', 'dispensing', 'schedules')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
