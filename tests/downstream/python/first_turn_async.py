import asyncio

from codex_app_server import AsyncAppServerClient
from codex_app_server.notifications import ItemAgentMessageDelta


async def main() -> None:
    async with AsyncAppServerClient() as client:
        thread = (await client.thread_start(cwd=".", sandbox="read-only")).thread
        question = "What is in this folder?"
        async with await client.turn_start_stream(
            thread_id=thread.id, input=[{"type": "text", "text": question}]
        ) as turn:
            async for event in turn:
                if isinstance(event, ItemAgentMessageDelta):
                    print(event.params.delta, end="", flush=True)


asyncio.run(main())
