"""Memory stays where it is over two hundred turns, twenty at a time."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from soak import ROUND, TURNS
from support.home import write_config
from support.model_server import ModelServer


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_two_hundred_turns_leave_memory_where_it_is(
    kind: str, codex_bin: Path, codex_home: Path, model_server: Callable[[str | Path], ModelServer]
) -> None:
    write_config(codex_home, model_server("echo").url)
    folder = Path(__file__).parent
    program = [sys.executable, str(folder / "soak.py"), kind, str(codex_bin), str(codex_home)]
    done = subprocess.run(
        program,
        check=True,
        stdout=subprocess.PIPE,
        # In one arena, what is given back is used again, whichever thread had it.
        env={**os.environ, "PYTHONPATH": str(folder), "MALLOC_ARENA_MAX": "1"},
    )
    held: list[int] = json.loads(done.stdout)
    print(f"KiB after each {ROUND} turns: {held}")
    assert len(held) == TURNS // ROUND
    assert held[-1] <= held[0] * 1.05
