"""The model on loopback that the real server talks to, run as a process of its own."""

import json
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

__all__ = ["ModelServer"]

SCENARIOS = Path(__file__).parents[2] / "model"
_GRACE = 10.0
"""Seconds that one exchange with it may take, and its end."""


class ModelServer:
    """One running model server.

    Args:
        xtask: The program that has it.
        scenario: A file, the name of one in `tests/model` without `.toml`, or `echo`.
    """

    def __init__(self, xtask: Path, scenario: str | Path = "echo") -> None:
        self._process = subprocess.Popen(
            [xtask, "model-server", "--scenario", _place(scenario)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait(_GRACE)
            self._close_pipes()
            raise RuntimeError(f"the model server ended with {code}; its stderr says why")
        self.url: str = json.loads(line)["url"]
        """What the server's configuration calls `base_url`."""
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def release(self, gate: str) -> None:
        """Opens a gate of the scenario for good."""
        self._control("release", {"gate": gate})

    def requests(self) -> list[dict[str, Any]]:
        """All requests so far: each its `body`, the number of its `reply` and its `state`."""
        requests: list[dict[str, Any]] = self._control("requests")["requests"]
        return requests

    def reset(self) -> None:
        """Starts the scenario over."""
        self._control("reset", {})

    def stop(self) -> None:
        """Ends it by closing its stdin, and sees that it is gone."""
        if self._process.poll() is None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            try:
                code = self._process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
                raise AssertionError("the model server outlived its stdin") from None
            finally:
                self._close_pipes()
            assert code == 0, f"the model server ended with {code}"

    def _control(self, name: str, body: object = None) -> Any:
        address = self.url.removesuffix("/v1") + "/control/" + name
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(address, data, headers)
        with self._opener.open(request, timeout=_GRACE) as answer:
            text = answer.read()
        return json.loads(text) if text else {}

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _place(scenario: str | Path) -> Path:
    if isinstance(scenario, Path) or scenario == "echo":
        return Path(scenario)
    return SCENARIOS / f"{scenario}.toml"
