"""A turn as it happens: text while it is written, items as they are completed, tokens, the end."""

import asyncio

from codex_app_server import AsyncCodex
from codex_app_server.notifications import (
    ItemAgentMessageDelta,
    ItemCompleted,
    ItemReasoningSummaryTextDelta,
    ThreadTokenUsageUpdated,
    TurnCompleted,
    TurnStarted,
)
from codex_app_server.types import AgentMessageThreadItem


async def main() -> None:
    async with AsyncCodex() as codex:
        thread = await codex.thread_start()
        turn = await thread.turn("Tell me a very short story.")
        async for event in turn.stream():
            if isinstance(event, TurnStarted):
                print("the turn has started")
            elif isinstance(event, ItemReasoningSummaryTextDelta):
                print("thought:", event.params.delta)
            elif isinstance(event, ItemAgentMessageDelta):
                print("text:", event.params.delta)
            elif isinstance(event, ItemCompleted):
                item = event.params.item
                if isinstance(item, AgentMessageThreadItem):
                    print("message:", item.text)
            elif isinstance(event, ThreadTokenUsageUpdated):
                print("tokens so far:", event.params.token_usage.total.total_tokens)
            elif isinstance(event, TurnCompleted):
                print("the turn has ended:", event.params.turn.status)


asyncio.run(main())
