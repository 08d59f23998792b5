"""The notebook that walks through the examples, run as it is: by a kernel, on the real server."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

from support.home import server_env, write_config
from support.model_server import ModelServer

# What each cell prints, in the order of the cells; the place of what differs by run is left out.
PRINTS = {
    "start": ["default model: "],
    "first-turn": ["Hello."],
    "result": ["status: completed", "items: 2", "tokens: 16"],
    "stream": ["Once upon a time it ended."],
    "async": ["A colour like tomatoes.\nA colour like the sky.\n"],
    "threads": ["['A walk']", "turns: 2", "archived: True"],
    "images": ["A red circle and a blue square."],
    "parameters": ["{'city': 'Paris'}"],
    "steering": ["Three.\ninterrupted\n"],
    "errors": ["-32600 worth another try: False", "1 model"],
    "approvals": ["not allowed: The folder is read-only.\nThen not.\n"],
    "end": [],
}


EXAMPLES = Path(__file__).parents[2] / "generated/codex/python/examples"
NOTEBOOK = EXAMPLES / "walkthrough.ipynb"


def test_it_is_committed_without_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    ran = [cell["id"] for cell in cells if cell.get("outputs") or cell.get("execution_count")]
    assert not ran
    assert [cell["id"] for cell in cells if cell["cell_type"] == "code"] == list(PRINTS)


def test_every_cell_runs_and_prints_what_it_should(
    codex_bin: Path,
    codex_home: Path,
    tmp_path: Path,
    model_server: Callable[[str | Path], ModelServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Untyped, as it comes.
    read: Callable[..., Any] = nbformat.read
    notebook = read(NOTEBOOK, as_version=4)
    write_config(codex_home, model_server("walkthrough").url)
    # Nothing of it goes to the user's own folders.
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    env = {**os.environ, **server_env(codex_home), "CODEX_BIN": str(codex_bin)}
    client = nbclient.NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        resources={"metadata": {"path": str(EXAMPLES)}},
    )
    client.execute(env=env)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            printed = "".join(out.text for out in cell.outputs if out.output_type == "stream")
            for text in PRINTS[cell.id]:
                assert text in printed, f"{cell.id} printed {printed!r}"
