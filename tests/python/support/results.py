"""Which rules of the contract a test shows, and how that went.

A test with `@shows("C29", "another-version")` counts for the rule, for each kind of client that it
is run with. If `RPCSMITH_RESULTS` names a folder, one line for each case and client goes there, in
the form that `tests/scenarios/README.md` describes; a case that several tests show has passed if
all of them have.
"""

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

__all__ = ["Results", "shows"]

_CLIENTS = {"sync": "python", "async": "python-async"}


def shows(rule: str, case: str) -> pytest.MarkDecorator:
    """Marks a test that shows a rule."""
    return pytest.mark.shows(rule, f"{rule}-{case}")


class Results:
    """A pytest plugin that collects how cases went."""

    def __init__(self) -> None:
        self._passed: dict[tuple[str, str, str], bool] = {}

    def pytest_configure(self, config: pytest.Config) -> None:
        """Makes the mark known."""
        config.addinivalue_line("markers", "shows(rule, case): the test shows a rule")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Takes note of how a step of a test went."""
        report = yield
        for mark in item.iter_markers("shows"):
            rule, case = mark.args
            key = (_client_of(item), rule, case)
            self._passed[key] = self._passed.get(key, True) and not report.failed
        return report

    def pytest_sessionfinish(self) -> None:
        """Writes the lines."""
        folder = os.environ.get("RPCSMITH_RESULTS")
        if folder is None:
            return
        for (client, rule, case), passed in self._passed.items():
            line = {"client": client, "rule": rule, "case": case, "passed": passed}
            with Path(folder, f"{client}.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


def _client_of(item: pytest.Item) -> str:
    """The kind of client: the test's `flavour`, or what kind of function it is."""
    assert isinstance(item, pytest.Function)
    chosen = item.callspec.params.get("flavour") if hasattr(item, "callspec") else None
    if isinstance(chosen, str):
        return _CLIENTS[chosen]
    return "python-async" if item.get_closest_marker("asyncio") else "python"
