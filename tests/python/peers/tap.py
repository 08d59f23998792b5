"""Runs a program and passes its stdin and stdout on, noting each line.

    tap.py LOG PROGRAM [ARGUMENT ...]

LOG gets one JSON object a line: `{"from": "client" | "server", "line": "..."}`. Ends as the program
does.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO


def main() -> int:
    """Runs the program until it ends."""
    place, *command = sys.argv[1:]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None and process.stdout is not None
    turn = threading.Lock()
    with Path(place).open("w", encoding="utf-8") as log:

        def carry(name: str, source: IO[bytes], target: IO[bytes]) -> None:
            for line in source:
                entry = json.dumps({"from": name, "line": line.decode()})
                with turn:
                    log.write(entry + "\n")
                    log.flush()
                target.write(line)
                target.flush()

        def feed(target: IO[bytes]) -> None:
            carry("client", sys.stdin.buffer, target)
            target.close()

        threading.Thread(target=feed, args=(process.stdin,), daemon=True).start()
        carry("server", process.stdout, sys.stdout.buffer)
        return process.wait()


if __name__ == "__main__":
    sys.exit(main())
