"""How the tests run: property tests modest by default, the same each time on a build server, deep on request."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("default", max_examples=60, deadline=None, derandomize="CI" in os.environ)
settings.register_profile(
    "deep",
    max_examples=2000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],  # larger examples take their time
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tables of the grid and of the planted faults, from any process that ran a part of them."""
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.getreports(kind) if r.when == "call"]
    told = [
        (name, dict(value)) for report in reports for name, value in report.user_properties if isinstance(value, dict)
    ]
    _grid(terminalreporter, [value for name, value in told if name == "grid"])
    _planted(terminalreporter, [value for name, value in told if name == "planted"])
    _rules(terminalreporter, [value for name, value in told if name == "rules"])


def _grid(terminalreporter: pytest.TerminalReporter, grid: list[dict[str, Any]]) -> None:
    """A row of counts for each pace."""
    if not grid:
        return
    names = [name for name in grid[0] if name != "pace"]
    grid.append({"pace": "all", **{name: sum(row[name] for row in grid) for name in names}})
    terminalreporter.section("grid: diazepam 2.5 to 80 mg, 2, 5 and 10 mg tablets in halves")
    for name in ("pace", *names):
        terminalreporter.write_line(f"{name:27}" + "".join(f"{row[name]!s:>14}" for row in grid))


def _planted(terminalreporter: pytest.TerminalReporter, kinds: list[dict[str, Any]]) -> None:
    """A row for each kind of fault: how many were planted, and how many the checker found."""
    if not kinds:
        return
    kinds.append({"fault": "all", **{name: sum(row[name] for row in kinds) for name in ("planted", "found")}})
    terminalreporter.section(f"verify: {len(kinds) - 1} kinds of planted fault")
    for row in ({"fault": "fault", "planted": "planted", "found": "found"}, *kinds):
        terminalreporter.write_line(f"{row['fault']:48}{row['planted']!s:>9}{row['found']!s:>9}")


def _rules(terminalreporter: pytest.TerminalReporter, told: list[dict[str, Any]]) -> None:
    """How many cases were tried at and around the thresholds of the rules, and what else they were held against."""
    if not told:
        return
    terminalreporter.section("rules")
    thresholds = {each for part in told for each in part.get("thresholds", ())}
    names = dict.fromkeys(name for part in told for name in part if name != "thresholds")
    for name in names:
        many = f"{sum(part.get(name, 0) for part in told):,} {name}"
        around = f" at and around {len(thresholds)} thresholds" if name == "cases" else ""
        terminalreporter.write_line(f"{many}{around}")
