"""The examples of README, docs and docstrings are tests: what they show is what the library gives."""

from typing import Any

import pytest
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.doctest import DocTestParser

from page_examples import page_parsers

PAGES = Sybil(list(page_parsers()), patterns=["README.md", "docs/*.md", "docs/**/*.md"])
DOCSTRINGS = Sybil(
    [DocTestParser()],
    patterns=["src/benzotaper/*.py", "src/benzotaper/**/*.py"],
    document_types={".py": PythonDocStringDocument},
)

pytest_collect_file = (PAGES + DOCSTRINGS).pytest()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Let one process run all examples of a page, in turn: a later one goes on from an earlier one."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415  only where tests run in several processes

    class PageByPage(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid.partition("::line:")[0]

    return PageByPage(config, log)
