"""Every method of the protocol is called on the real server, or can't be, for a reason told.

One server runs all steps. Then: each step went well, each method is accounted for, everything that
came was decoded without loss, and nothing in it is missing from the schema.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from codex_app_server.notifications import REGISTRY, ServerNotification, UnknownNotification

from support.model_server import ModelServer

from . import steps
from .equality import as_json, differences, fields_not_in_schema
from .table import EXPERIMENTAL, STABLE
from .tour import STEPS, Step, Tour, on_tour
from .unreachable import UNREACHABLE

assert steps.__all__

LEAST_STABLE = 92
"""How many of the stable methods answer with a result at least."""
OVERRIDDEN = {
    "account/gatewayOAuth/cancel",
    "account/gatewayOAuth/read",
    "account/logout",
    "config/batchWrite",
    "config/mcpServer/reload",
    "config/value/write",
    "externalAgentConfig/import/readHistories",
}
"""Methods whose result isn't named after them, as far as they can be called offline."""


@pytest.fixture(scope="module")
def tour(codex_bin: Path, xtask: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tour]:
    """The tour when it is over, with its server still there."""
    model = ModelServer(xtask, "held")
    try:
        with on_tour(codex_bin, xtask, model, tmp_path_factory.mktemp("tour")) as tour:
            for one in STEPS:
                tour.take(one)
            # An answer behind everything that came before it.
            tour.client.server_diagnostics()
            tour.drain()
            yield tour
    finally:
        model.stop()


def _wire_name(event: ServerNotification) -> str:
    return event.wire_method if isinstance(event, UnknownNotification) else event.method


def _name(one: Step) -> str:
    return one.name


@pytest.mark.parametrize("one", STEPS, ids=_name)
def test_a_step_goes_well(tour: Tour, one: Step) -> None:
    outcome = tour.outcomes[one.name]
    if outcome.error is not None:
        raise outcome.error
    assert set(one.shows) <= outcome.shown


def test_every_method_is_accounted_for(tour: Tour, capsys: pytest.CaptureFixture[str]) -> None:
    shown: dict[str, str] = {}
    for one in STEPS:
        if tour.outcomes[one.name].error is None:
            shown.update((method, one.name) for method in one.shows)
    with capsys.disabled():
        _print_table(tour, shown)
    everything = STABLE | EXPERIMENTAL
    assert set(UNREACHABLE) <= everything, "listed as unreachable, but no method"
    assert not set(UNREACHABLE) & set(shown), "listed as unreachable, but reached"
    assert everything == set(UNREACHABLE) | set(shown)
    assert set(shown) >= OVERRIDDEN
    assert len(STABLE & set(shown)) >= LEAST_STABLE


def _print_table(tour: Tour, shown: dict[str, str]) -> None:
    print()
    for kind, methods in (("stable", STABLE), ("experimental", EXPERIMENTAL)):
        print(f"{kind} methods that answered with a result: {len(methods & set(shown))}", end=" ")
        print(f"of {len(methods)}")
        for method in sorted(methods):
            how = shown.get(method) or f"not called: {UNREACHABLE.get(method, '???')}"
            print(f"  {method:<45} {how}")
    met = Counter(_wire_name(event) for event in tour.seen)
    print(f"notifications that came: {len(met)} of {len(REGISTRY)} kinds")
    for method in sorted(met):
        print(f"  {method:<45} {met[method]}")


def test_nothing_was_unknown(tour: Tour) -> None:
    assert tour.unknowns == []


def test_results_are_decoded_without_loss(tour: Tour) -> None:
    came = _results(tour)
    decoded: dict[str, list[Any]] = {}
    for method, result in tour.client.results:
        decoded.setdefault(method, []).append(as_json(result))
    assert list(differences(came, decoded)) == []


def _results(tour: Tour) -> dict[str, list[Any]]:
    """The results as they travelled, by method."""
    asked: dict[int, str] = {}
    came: dict[str, list[Any]] = {}
    for sender, message in tour.lines():
        if sender == "client" and "method" in message and "id" in message:
            asked[message["id"]] = message["method"]
        elif sender == "server" and "result" in message:
            came.setdefault(asked[message["id"]], []).append(message["result"])
    return came


def test_results_hold_no_fields_that_the_schema_lacks(tour: Tour) -> None:
    assert [
        place
        for method, result in tour.client.results
        for place in fields_not_in_schema(result, method)
    ] == []


def test_notifications_come_in_order_and_are_decoded_without_loss(tour: Tour) -> None:
    came: list[dict[str, Any]] = []
    due = 0
    for sender, message in tour.lines():
        if sender == "server" and "id" not in message:
            came.append(message)
        elif "result" in message:
            due = len(came)
    decoded = [_as_message(event) for event in tour.seen]
    # What came after the last answer may not have been taken in.
    assert len(decoded) >= due
    assert list(differences(came[: len(decoded)], decoded)) == []


def _as_message(event: ServerNotification) -> dict[str, Any]:
    emitted = {} if event.emitted_at_ms is None else {"emittedAtMs": event.emitted_at_ms}
    return {"method": _wire_name(event), "params": as_json(event.params), **emitted}


def test_notifications_hold_no_fields_that_the_schema_lacks(tour: Tour) -> None:
    assert [
        place
        for event in tour.seen
        for place in fields_not_in_schema(event.params, _wire_name(event))
    ] == []
