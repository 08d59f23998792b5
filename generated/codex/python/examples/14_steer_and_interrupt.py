"""Having a say in a turn while it runs: steering it elsewhere, and ending it."""

from codex_app_server import Codex, TurnHandle
from codex_app_server.notifications import ItemAgentMessageDelta


def wait_for_first_words(turn: TurnHandle) -> None:
    with turn.stream() as events:
        delta = events.wait_for(ItemAgentMessageDelta)
        print("so far:", delta.params.delta)


with Codex() as codex:
    thread = codex.thread_start()

    turn = thread.turn("Count to a million.")
    wait_for_first_words(turn)
    turn.steer("Stop at three.")
    result = turn.run()
    print("steered:", result.status)
    print("answer:", result.final_response)

    turn = thread.turn("Count to a billion.")
    wait_for_first_words(turn)
    turn.interrupt()
    result = turn.run()
    print("ended early:", result.status)
