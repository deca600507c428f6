"""How the tests run: property tests modest by default, the same each time on a build server, deep on request."""

import os

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
    """Print the table of the grid: a row of counts for each pace, from any process that ran a part of it."""
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.getreports(kind) if r.when == "call"]
    grid = [dict(value) for report in reports for name, value in report.user_properties if name == "grid"]
    if not grid:
        return
    names = [name for name in grid[0] if name != "pace"]
    grid.append({"pace": "all", **{name: sum(row[name] for row in grid) for name in names}})
    terminalreporter.section("grid: diazepam 2.5 to 80 mg, 2, 5 and 10 mg tablets in halves")
    for name in ("pace", *names):
        terminalreporter.write_line(f"{name:27}" + "".join(f"{row[name]!s:>14}" for row in grid))
