"""A chat on the terminal: answers appear while they are written. An empty line ends it."""

from codex_app_server import Codex, TurnHandle
from codex_app_server.notifications import (
    ItemAgentMessageDelta,
    ThreadTokenUsageUpdated,
    TurnCompleted,
)


def show(turn: TurnHandle) -> None:
    print("codex: ", end="", flush=True)
    outcome = ""
    for event in turn.stream():
        if isinstance(event, ItemAgentMessageDelta):
            print(event.params.delta, end="", flush=True)
        elif isinstance(event, ThreadTokenUsageUpdated):
            last, total = event.params.token_usage.last, event.params.token_usage.total
            outcome = f"({last.total_tokens} tokens, {total.total_tokens} in all)"
        elif isinstance(event, TurnCompleted) and event.params.turn.error:
            outcome = f"(failed: {event.params.turn.error.message})"
    print(f"\n{outcome}")


with Codex() as codex:
    thread = codex.thread_start()
    while said := input("you: ").strip():
        show(thread.turn(said))
    print("goodbye")
