"""C27: what is right type-checks, and users' mistakes are caught by the type checker."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RIGHT = Path(__file__).with_name("programs") / "right.py"
WRONG = Path(__file__).with_name("programs") / "wrong.py.txt"
_EXPECTED = re.compile(r"# error: ([\w, -]+)$")
_FOUND = re.compile(r"^(\w+)\.py:(\d+): error: .*  \[([\w-]+)\]$", re.MULTILINE)


Complaints = set[tuple[int, str]]
"""The lines that are wrong, and what the checker calls it."""


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Complaints]:
    """What mypy in its strictest mode has to say about each program."""
    folder = tmp_path_factory.mktemp("programs")
    for program in (RIGHT, WRONG):
        shutil.copy(program, folder / program.name.removesuffix(".txt"))
    options = ["--strict", "--python-version=3.10", "--no-error-summary", "--no-pretty"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--config-file=", "right.py", "wrong.py"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    found: dict[str, Complaints] = {"right": set(), "wrong": set()}
    for program_name, line, kind in _FOUND.findall(done.stdout):
        found[program_name].add((int(line), kind))
    assert done.stdout.count(": error: ") == len(_FOUND.findall(done.stdout))
    return found


def test_what_is_right_passes(complaints: dict[str, Complaints]) -> None:
    assert complaints["right"] == set()


def test_mistakes_are_caught_where_they_are(complaints: dict[str, Complaints]) -> None:
    expected: Complaints = set()
    for number, line in enumerate(WRONG.read_text(encoding="utf-8").splitlines(), 1):
        if match := _EXPECTED.search(line):
            expected.update((number, kind.strip()) for kind in match[1].split(","))
    assert len(expected) >= 30
    assert complaints["wrong"] == expected
