"""The file of `cargo xtask vectors`."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

Vector: TypeAlias = dict[str, Any]
"""A line of the file; `xtask/src/vectors/vector.rs` says what is in it."""


def vectors() -> Iterator[Vector]:
    """All of them, by type."""
    path = os.environ.get("RPCSMITH_VECTORS")
    if not path:
        pytest.fail("RPCSMITH_VECTORS is not set; `cargo xtask test` sets it", pytrace=False)
    with Path(path).open(encoding="utf-8", newline="\n") as lines:
        yield from map(json.loads, lines)
