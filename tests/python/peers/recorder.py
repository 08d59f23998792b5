"""A server that answers every request with an empty result, and writes down what it is sent.

    recorder.py LOG

LOG gets each line as it came. `initialize` is answered as the real server would.
"""

import json
import sys
from pathlib import Path

INFO = {
    "userAgent": "recorder",
    "codexHome": "/nowhere",
    "platformFamily": "unix",
    "platformOs": "linux",
}


def main() -> None:
    """Answers until the input ends."""
    with Path(sys.argv[1]).open("w", encoding="utf-8") as log:
        for line in sys.stdin:
            log.write(line)
            log.flush()
            message = json.loads(line)
            if "id" in message:
                result = INFO if message["method"] == "initialize" else {}
                print(json.dumps({"id": message["id"], "result": result}), flush=True)


if __name__ == "__main__":
    main()
