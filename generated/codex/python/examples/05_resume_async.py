"""A thread outlives the server: it is kept by its id, and goes on where it ended."""

import asyncio

from codex_app_server import AsyncCodex


async def main() -> None:
    async with AsyncCodex() as codex:
        thread = await codex.thread_start()
        result = await thread.run("Remember the word walnut.")
        print("first:", result.final_response)
        thread_id = thread.id

    # Another server, at another time.
    async with AsyncCodex() as codex:
        thread = await codex.thread_resume(thread_id)
        print("the same thread:", "yes" if thread.id == thread_id else "no")
        result = await thread.run("Which word was it?")
        print("second:", result.final_response)
        kept = (await thread.read(include_turns=True)).thread
        print("turns in all:", len(kept.turns))


asyncio.run(main())
