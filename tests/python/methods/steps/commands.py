"""Commands in the server's sandbox, and processes outside it."""

from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor

from codex_app_server.notifications import CommandExecOutputDelta, ProcessExited

from ..tour import PATIENCE, Tour, step


@step("command/exec")
def run_a_command(tour: Tour) -> None:
    done = tour.client.command_exec(
        command=["sh", "-c", "echo out; echo err >&2; exit 3"],
        sandbox_policy={"type": "dangerFullAccess"},
    )
    assert (done.exit_code, done.stdout, done.stderr) == (3, "out\n", "err\n")


@step("command/exec/write", "command/exec/resize", "command/exec/terminate")
def run_a_terminal(tour: Tour) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(
            tour.client.command_exec,
            command=["sh", "-c", "echo ready; read line; stty size; exec sleep 600"],
            process_id="terminal",
            tty=True,
            size={"rows": 10, "cols": 40},
            sandbox_policy={"type": "dangerFullAccess"},
        )
        _wait_for(tour, b"ready")
        tour.client.command_exec_resize(process_id="terminal", size={"rows": 20, "cols": 80})
        tour.client.command_exec_write(
            process_id="terminal", delta_base64=b64encode(b"go\n").decode()
        )
        _wait_for(tour, b"20 80")
        tour.client.command_exec_terminate(process_id="terminal")
        assert running.result(PATIENCE).exit_code != 0


def _wait_for(tour: Tour, output: bytes) -> None:
    come = bytearray()

    def accept(event: CommandExecOutputDelta) -> bool:
        come.extend(b64decode(event.params.delta_base64))
        return output in come

    event = tour.wait(CommandExecOutputDelta, accept)
    assert (event.params.process_id, event.params.stream) == ("terminal", "stdout")


@step("process/spawn", "process/writeStdin")
def feed_a_process(tour: Tour) -> None:
    tour.client.process_spawn(
        command=["sh", "-c", "cat; exit 4"],
        cwd=str(tour.root),
        process_handle="cat",
        stream_stdin=True,
    )
    tour.client.process_write_stdin(
        process_handle="cat", delta_base64=b64encode(b"purr").decode(), close_stdin=True
    )
    gone = tour.wait(ProcessExited, lambda event: event.params.process_handle == "cat").params
    assert (gone.exit_code, gone.stdout, gone.stderr) == (4, "purr", "")


@step("process/resizePty", "process/kill")
def kill_a_process(tour: Tour) -> None:
    tour.client.process_spawn(
        command=["sleep", "600"],
        cwd=str(tour.root),
        process_handle="sleeper",
        tty=True,
        size={"rows": 5, "cols": 20},
    )
    tour.client.process_resize_pty(process_handle="sleeper", size={"rows": 20, "cols": 80})
    tour.client.process_kill(process_handle="sleeper")
    gone = tour.wait(ProcessExited, lambda event: event.params.process_handle == "sleeper").params
    assert gone.exit_code != 0
