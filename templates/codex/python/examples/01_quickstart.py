"""The shortest way to an answer: start the server, start a thread, run one turn."""

from codex_app_server import Codex

with Codex() as codex:
    thread = codex.thread_start()
    result = thread.run("Say hello in one sentence.")
    result.raise_for_status()
    print(result.final_response)
