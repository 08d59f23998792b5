"""The check for leaks finds what it is for."""

import subprocess
import sys
import threading

import pytest

from support.leaks import Census

SLEEPER = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"]
PARENT = f"""
import subprocess, sys
child = subprocess.Popen({SLEEPER!r}, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
sys.stdin.read()
"""


def test_a_process_that_lives_on_is_found() -> None:
    before = Census.now()
    with subprocess.Popen(SLEEPER, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(AssertionError, match=f"left running.*{process.pid} "):
            before.check(patience=0.0)
        process.communicate()
    before.check()


@pytest.mark.skipif(sys.platform != "linux", reason="only /proc shows the environment of others")
def test_a_process_of_a_process_is_found() -> None:
    before = Census.now()
    parent = [sys.executable, "-c", PARENT]
    with subprocess.Popen(parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        grandchild = int(process.stdout.readline())
        with pytest.raises(AssertionError, match=f"left running.*{grandchild} "):
            before.check(patience=0.0)
        process.communicate()
    before.check()


def test_a_process_that_nobody_waited_for_is_found() -> None:
    before = Census.now()
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()
    with pytest.raises(AssertionError, match=f"left running.*{process.pid} "):
        before.check(patience=0.0)
    process.stdout.close()
    process.wait()
    before.check()


def test_a_thread_that_lives_on_is_found() -> None:
    before = Census.now()
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="left behind", daemon=True)
    thread.start()
    with pytest.raises(AssertionError, match=r"threads left.*left behind"):
        before.check(patience=0.0)
    end.set()
    before.check()
