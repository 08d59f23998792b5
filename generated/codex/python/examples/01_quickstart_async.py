"""The shortest way to an answer: start the server, start a thread, run one turn."""

import asyncio

from codex_app_server import AsyncCodex


async def main() -> None:
    async with AsyncCodex() as codex:
        thread = await codex.thread_start()
        result = await thread.run("Say hello in one sentence.")
        result.raise_for_status()
        print(result.final_response)


asyncio.run(main())
