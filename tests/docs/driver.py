"""Calls every function that a block of the docs is the body of, on a peer in place of the server.

`calls.json` beside it says what there is to call and with what; a function has to get to its end.
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any, get_type_hints

from codex_app_server import AppServerClient, Codex
from pydantic import TypeAdapter


def call(entry: dict[str, Any], first: object) -> None:
    module = importlib.import_module(entry["module"])
    function = getattr(module, entry["function"])
    hints = get_type_hints(function, include_extras=True)
    given = {
        name: TypeAdapter(hints[name]).validate_json(json.dumps(value))
        for name, value in entry["given"]
    }
    before = len(module.REACHED)
    function(first, **given)
    if len(module.REACHED) != before + 1:
        sys.exit(f"{entry['function']} has not been run to its end")


def answer(params: object) -> object:
    raise AssertionError("nobody asks")


def messages(entries: list[dict[str, Any]]) -> None:
    with AppServerClient() as client:
        for entry in entries:
            if entry["first"] == "event":
                call(entry, client.next_notification())
            else:
                call(entry, answer if entry["first"] == "answer" else client)


def convenience(entries: list[dict[str, Any]]) -> None:
    with Codex() as codex:
        thread = codex.thread_start()
        objects = {
            "codex": codex,
            "thread": thread,
            "turnhandle": thread.turn("Hello."),
            "chatgptloginhandle": codex.login_chatgpt(),
            "devicecodeloginhandle": codex.login_chatgpt_device_code(),
        }
        for entry in entries:
            call(entry, objects[entry["first"]])


def main() -> None:
    [_, part] = sys.argv
    calls = json.loads(Path(__file__).with_name("calls.json").read_text(encoding="utf-8"))
    play = {"messages": messages, "convenience": convenience}[part]
    play(calls[part])
    print(len(calls[part]), "functions run to their ends")


if __name__ == "__main__":
    main()
