"""Every scenario, in both clients. `RPCSMITH_ONLY` names some, separated by commas."""

import asyncio
import os
from pathlib import Path

import pytest

from .flavour import FLAVOURS, Flavour
from .peer import ScriptedServer
from .player import play
from .program import Scenario, all_scenarios
from .real import RealServer

SCENARIOS = all_scenarios(os.environ.get("RPCSMITH_ONLY", ""))


@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: flavour.name)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_scenario(
    scenario: Scenario,
    flavour: type[Flavour],
    request: pytest.FixtureRequest,
    xtask: Path,
    tmp_path: Path,
) -> None:
    if scenario.concerns is not None and flavour.name not in scenario.concerns:
        pytest.skip(scenario.because)
    server: ScriptedServer | RealServer
    if scenario.server is None:
        server = ScriptedServer(xtask, scenario, tmp_path)
    else:
        server = RealServer(xtask, request.getfixturevalue("codex_bin"), scenario, tmp_path)
    try:
        asyncio.run(play(scenario, flavour(), server))
    finally:
        server.stop()
