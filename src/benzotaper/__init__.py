"""Works out how a person comes off a benzodiazepine or z-drug, in doses that real tablets can make.

It proposes; a named prescriber decides.
"""

from importlib import import_module
from typing import Any

from benzotaper.version import VERSION

__version__ = VERSION

_HOMES = {
    "ANY_DOSE": "product",
    "AlternateDay": "schedules",
    "BenzotaperError": "errors",
    "Dose": "doses",
    "Equivalent": "equivalence",
    "HoldAndStep": "schedules",
    "Hyperbolic": "schedules",
    "Linear": "schedules",
    "Percent": "numbers",
    "Percentage": "schedules",
    "Plan": "plan",
    "Product": "product",
    "Regimen": "regimen",
    "STRATEGIES": "schedules",
    "Spread": "equivalence",
    "Substitution": "schedules",
    "Table": "equivalence",
    "Unknown": "unknown",
    "cite": "sources",
    "compare_equivalents": "equivalence",
    "convert": "equivalence",
    "convert_frame": "equivalence",
    "default_tables": "equivalence",
    "drug_named": "drugs",
    "drug_names": "drugs",
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
    "table_named": "equivalence",
    "tables": "equivalence",
    "tables_for": "equivalence",
    "taper": "planner",
}
"""Each public name and the module it lives in, loaded on first use."""

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604  the names are the keys above, said once


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module 'benzotaper' has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(f"benzotaper.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
