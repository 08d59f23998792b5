"""A chat on the terminal: answers appear while they are written. An empty line ends it."""

import asyncio

from codex_app_server import AsyncCodex, AsyncTurnHandle
from codex_app_server.notifications import (
    ItemAgentMessageDelta,
    ThreadTokenUsageUpdated,
    TurnCompleted,
)


async def show(turn: AsyncTurnHandle) -> None:
    print("codex: ", end="", flush=True)
    outcome = ""
    async for event in turn.stream():
        if isinstance(event, ItemAgentMessageDelta):
            print(event.params.delta, end="", flush=True)
        elif isinstance(event, ThreadTokenUsageUpdated):
            last, total = event.params.token_usage.last, event.params.token_usage.total
            outcome = f"({last.total_tokens} tokens, {total.total_tokens} in all)"
        elif isinstance(event, TurnCompleted) and event.params.turn.error:
            outcome = f"(failed: {event.params.turn.error.message})"
    print(f"\n{outcome}")


async def main() -> None:
    async with AsyncCodex() as codex:
        thread = await codex.thread_start()
        while said := (await asyncio.to_thread(input, "you: ")).strip():
            await show(await thread.turn(said))
        print("goodbye")


asyncio.run(main())
