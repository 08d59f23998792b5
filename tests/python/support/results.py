"""Which rules of the contract a test shows, and how that went.

The names say it: `test_all_is_well` in `test_c07_….py` shows the case `C07-all-is-well`, and a
scenario shows itself. A case counts for each client that it is run with; several tests may show one
case, such as `test_all_is_well_in_asyncio`, and it has passed if all of them have. If
`RPCSMITH_RESULTS` names a folder, one line for each case and client goes there, in the form that
`tests/scenarios/README.md` describes.
"""

import inspect
import json
import os
import re
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest

__all__ = ["CLIENTS", "Results", "note"]

CLIENTS = ("python", "python-async")
_CLIENTS = {"sync": "python", "async": "python-async"}
_FILE = re.compile(r"test_(c\d\d)_")


class Results:
    """A pytest plugin that collects how cases went."""

    def __init__(self) -> None:
        self._passed: dict[tuple[str, str], bool | None] = {}

    def pytest_configure(self, config: pytest.Config) -> None:
        """Makes the mark known."""
        config.addinivalue_line("markers", "client(name): the one client that a test is about")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Takes note of how a step of a test went."""
        report = yield
        case = _case_of(item)
        if case is not None:
            for client in _clients_of(item):
                self._note(client, case, report)
        return report

    def _note(self, client: str, case: str, report: pytest.TestReport) -> None:
        so_far = self._passed.get((client, case), True)
        if report.failed:
            self._passed[client, case] = False
        elif report.skipped and so_far is not False:
            self._passed[client, case] = None
        else:
            self._passed[client, case] = so_far

    def pytest_sessionfinish(self) -> None:
        """Writes the lines."""
        for (client, case), passed in self._passed.items():
            note(client, case[:3], case, passed)


def note(client: str, rule: str, case: str, passed: bool | None) -> None:
    """Notes how a case went; `None`: it doesn't concern the client."""
    folder = os.environ.get("RPCSMITH_RESULTS")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    line = {"client": client, "rule": rule, "case": case, "passed": passed}
    with Path(folder, f"{client}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _case_of(item: pytest.Item) -> str | None:
    """What the test shows, if it shows a rule."""
    assert isinstance(item, pytest.Function)
    scenario = _params_of(item).get("scenario")
    if scenario is not None:
        return str(scenario.name)
    rule = _FILE.match(item.path.name)
    name = item.originalname.removeprefix("test_").removesuffix("_in_asyncio").replace("_", "-")
    return None if rule is None else f"{rule[1].upper()}-{name}"


def _clients_of(item: pytest.Item) -> Iterable[str]:
    """The clients that the test is run with: both, if it says nothing of any."""
    assert isinstance(item, pytest.Function)
    mark = item.get_closest_marker("client")
    if mark is not None:
        return mark.args
    chosen = _params_of(item).get("flavour")
    if chosen is not None:
        return [_CLIENTS[chosen] if isinstance(chosen, str) else chosen.name]
    if inspect.iscoroutinefunction(item.function):
        return ["python-async"]
    return ["python"] if "make_client" in item.fixturenames else _CLIENTS.values()


def _params_of(item: pytest.Function) -> dict[str, Any]:
    return dict(item.callspec.params) if hasattr(item, "callspec") else {}
