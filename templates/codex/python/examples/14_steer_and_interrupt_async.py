"""Having a say in a turn while it runs: steering it elsewhere, and ending it."""

import asyncio

from codex_app_server import AsyncCodex, AsyncTurnHandle
from codex_app_server.notifications import ItemAgentMessageDelta


async def wait_for_first_words(turn: AsyncTurnHandle) -> None:
    async with turn.stream() as events:
        delta = await events.wait_for(ItemAgentMessageDelta)
        print("so far:", delta.params.delta)


async def main() -> None:
    async with AsyncCodex() as codex:
        thread = await codex.thread_start()

        turn = await thread.turn("Count to a million.")
        await wait_for_first_words(turn)
        await turn.steer("Stop at three.")
        result = await turn.run()
        print("steered:", result.status)
        print("answer:", result.final_response)

        turn = await thread.turn("Count to a billion.")
        await wait_for_first_words(turn)
        await turn.interrupt()
        result = await turn.run()
        print("ended early:", result.status)


asyncio.run(main())
