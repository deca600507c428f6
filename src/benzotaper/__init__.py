"""Works out how a person comes off a benzodiazepine or z-drug, in doses that real tablets can make.

It proposes; a named prescriber decides.
"""

from importlib import import_module

from benzotaper.version import VERSION

TYPE_CHECKING = False  # that of `typing` would load it at every start
if TYPE_CHECKING:  # what a type checker sees; a test holds it against the names below
    from benzotaper.align import Align as Align
    from benzotaper.auditing.audit import Audit as Audit, audit as audit
    from benzotaper.auditing.records import AuditFinding as AuditFinding, AuditSummary as AuditSummary
    from benzotaper.cohorts.columns import COHORT_META as COHORT_META, COHORT_SPARK_DDL as COHORT_SPARK_DDL
    from benzotaper.cohorts.front import (
        cohort as cohort,
        cohort_chunks as cohort_chunks,
        present_doses as present_doses,
    )
    from benzotaper.cohorts.result import Cohort as Cohort
    from benzotaper.comparing.cohorts import compare_cohort as compare_cohort
    from benzotaper.comparing.compared import Compared as Compared, Comparison as Comparison
    from benzotaper.comparing.metrics import Metrics as Metrics
    from benzotaper.comparing.strategies import compare as compare
    from benzotaper.comparing.sweeping import sweep as sweep
    from benzotaper.course import Course as Course
    from benzotaper.course_diff import DoseChange as DoseChange
    from benzotaper.doses import Dose as Dose
    from benzotaper.drugs import (
        drug_named as drug_named,
        drug_names as drug_names,
        look_alikes as look_alikes,
        names_of as names_of,
    )
    from benzotaper.edition import ruleset as ruleset
    from benzotaper.equivalence import (
        Equivalent as Equivalent,
        Spread as Spread,
        Table as Table,
        compare_equivalents as compare_equivalents,
        convert as convert,
        convert_frame as convert_frame,
        default_tables as default_tables,
        load_table as load_table,
        table_named as table_named,
        tables as tables,
        tables_for as tables_for,
    )
    from benzotaper.errors import BenzotaperError as BenzotaperError
    from benzotaper.fact_types import fact_names as fact_names, fact_type as fact_type
    from benzotaper.facts import Facts as Facts
    from benzotaper.fills import Fill as Fill, FillLimit as FillLimit, Fills as Fills
    from benzotaper.formulary import products as products, regions as regions
    from benzotaper.instruments import band as band, score as score
    from benzotaper.max_doses import label_notices as label_notices
    from benzotaper.numbers import Percent as Percent
    from benzotaper.observations import Medicine as Medicine
    from benzotaper.observing.daily import (
        DailyDoses as DailyDoses,
        dispensing_to_daily as dispensing_to_daily,
    )
    from benzotaper.observing.paces import audit_frame as audit_frame
    from benzotaper.own_profiles import load_profile as load_profile
    from benzotaper.pharmacokinetics.day_levels import DayLevels as DayLevels, day_levels as day_levels
    from benzotaper.pharmacokinetics.levels import Levels as Levels, levels as levels
    from benzotaper.pharmacokinetics.many import levels_frame as levels_frame
    from benzotaper.plan import Plan as Plan
    from benzotaper.planner import taper as taper
    from benzotaper.product import ANY_DOSE as ANY_DOSE, Product as Product
    from benzotaper.profiles import (
        Profile as Profile,
        profile as profile,
        profile_ids as profile_ids,
    )
    from benzotaper.regimen import Regimen as Regimen
    from benzotaper.reviewing.ladders import Directive as Directive, Urgency as Urgency
    from benzotaper.reviewing.results import Result as Result
    from benzotaper.reviewing.review import Review as Review
    from benzotaper.reviewing.texts import Contacts as Contacts
    from benzotaper.rulebook import rule as rule, rule_ids as rule_ids
    from benzotaper.safety_rules import review as review, review_frame as review_frame
    from benzotaper.schedules import (
        STRATEGIES as STRATEGIES,
        AlternateDay as AlternateDay,
        HoldAndStep as HoldAndStep,
        Hyperbolic as Hyperbolic,
        Linear as Linear,
        Percentage as Percentage,
        Substitution as Substitution,
        strategy as strategy,
    )
    from benzotaper.sources import cite as cite, source_ids as source_ids
    from benzotaper.suggesting.alternatives import suggest as suggest
    from benzotaper.suggesting.suggestions import Suggestion as Suggestion, Suggestions as Suggestions
    from benzotaper.truth import Truth as Truth
    from benzotaper.unknown import Unknown as Unknown
    from benzotaper.values import NOT_APPLICABLE as NOT_APPLICABLE, Interval as Interval
    from benzotaper.verification.certificate import Certificate as Certificate
    from benzotaper.verification.checker import verify as verify

__version__ = VERSION

_HOMES = {
    "ANY_DOSE": "product",
    "Align": "align",
    "AlternateDay": "schedules",
    "Audit": "auditing.audit",
    "AuditFinding": "auditing.records",
    "AuditSummary": "auditing.records",
    "BenzotaperError": "errors",
    "COHORT_META": "cohorts.columns",
    "COHORT_SPARK_DDL": "cohorts.columns",
    "Certificate": "verification.certificate",
    "Course": "course",
    "Compared": "comparing.compared",
    "Comparison": "comparing.compared",
    "DailyDoses": "observing.daily",
    "DayLevels": "pharmacokinetics.day_levels",
    "Cohort": "cohorts.result",
    "Dose": "doses",
    "DoseChange": "course_diff",
    "Equivalent": "equivalence",
    "Fill": "fills",
    "FillLimit": "fills",
    "Fills": "fills",
    "HoldAndStep": "schedules",
    "Hyperbolic": "schedules",
    "Levels": "pharmacokinetics.levels",
    "Linear": "schedules",
    "Metrics": "comparing.metrics",
    "Percent": "numbers",
    "Percentage": "schedules",
    "Plan": "plan",
    "Product": "product",
    "Regimen": "regimen",
    "STRATEGIES": "schedules",
    "Spread": "equivalence",
    "Substitution": "schedules",
    "Suggestion": "suggesting.suggestions",
    "Suggestions": "suggesting.suggestions",
    "Table": "equivalence",
    "Unknown": "unknown",
    "audit": "auditing.audit",
    "audit_frame": "observing.paces",
    "cite": "sources",
    "compare": "comparing.strategies",
    "compare_cohort": "comparing.cohorts",
    "cohort": "cohorts.front",
    "cohort_chunks": "cohorts.front",
    "present_doses": "cohorts.front",
    "compare_equivalents": "equivalence",
    "convert": "equivalence",
    "convert_frame": "equivalence",
    "day_levels": "pharmacokinetics.day_levels",
    "default_tables": "equivalence",
    "dispensing_to_daily": "observing.daily",
    "drug_named": "drugs",
    "drug_names": "drugs",
    "levels": "pharmacokinetics.levels",
    "levels_frame": "pharmacokinetics.many",
    "load_table": "equivalence",
    "products": "formulary",
    "profile": "profiles",
    "profile_ids": "profiles",
    "regions": "formulary",
    "label_notices": "max_doses",
    "look_alikes": "drugs",
    "names_of": "drugs",
    "rule": "rulebook",
    "rule_ids": "rulebook",
    "source_ids": "sources",
    "strategy": "schedules",
    "suggest": "suggesting.alternatives",
    "sweep": "comparing.sweeping",
    "table_named": "equivalence",
    "tables": "equivalence",
    "tables_for": "equivalence",
    "taper": "planner",
    "verify": "verification.checker",
    "Contacts": "reviewing.texts",
    "Directive": "reviewing.ladders",
    "Facts": "facts",
    "Interval": "values",
    "Medicine": "observations",
    "NOT_APPLICABLE": "values",
    "Profile": "profiles",
    "Result": "reviewing.results",
    "Review": "reviewing.review",
    "Truth": "truth",
    "Urgency": "reviewing.ladders",
    "band": "instruments",
    "fact_names": "fact_types",
    "fact_type": "fact_types",
    "load_profile": "own_profiles",
    "review": "safety_rules",
    "review_frame": "safety_rules",
    "ruleset": "edition",
    "score": "instruments",
}
"""Each public name and the module it lives in, loaded on first use."""

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604  the names are the keys above, said once


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        msg = f"module 'benzotaper' has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(f"benzotaper.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
