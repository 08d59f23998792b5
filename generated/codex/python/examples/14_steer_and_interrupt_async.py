"""Having a say in a turn while it runs: steering it elsewhere, and ending it."""

import asyncio

from codex_app_server import AsyncCodex, AsyncTurnHandle, JsonRpcError
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
        # Refused if the turn has ended by now.
        try:
            await turn.steer("Stop at three.")
        except JsonRpcError as error:
            print("too late:", error.message)
        result = await turn.run()
        print("status:", result.status)
        print("answer:", result.final_response)

        turn = await thread.turn("Count to a billion.")
        await wait_for_first_words(turn)
        try:
            await turn.interrupt()
        except JsonRpcError as error:
            print("too late:", error.message)
        result = await turn.run()
        print("status:", result.status)


asyncio.run(main())
