"""Having a say in a turn while it runs: steering it elsewhere, and ending it."""

from codex_app_server import Codex, JsonRpcError, TurnHandle
from codex_app_server.notifications import ItemAgentMessageDelta


def wait_for_first_words(turn: TurnHandle) -> None:
    with turn.stream() as events:
        delta = events.wait_for(ItemAgentMessageDelta)
        print("so far:", delta.params.delta)


with Codex() as codex:
    thread = codex.thread_start()

    turn = thread.turn("Count to a million.")
    wait_for_first_words(turn)
    # Refused if the turn has ended by now.
    try:
        turn.steer("Stop at three.")
    except JsonRpcError as error:
        print("too late:", error.message)
    result = turn.run()
    print("status:", result.status)
    print("answer:", result.final_response)

    turn = thread.turn("Count to a billion.")
    wait_for_first_words(turn)
    try:
        turn.interrupt()
    except JsonRpcError as error:
        print("too late:", error.message)
    result = turn.run()
    print("status:", result.status)
