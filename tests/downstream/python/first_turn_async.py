import asyncio

from codex_app_server import AsyncCodex


async def main() -> None:
    async with AsyncCodex() as codex:
        thread = await codex.thread_start(cwd=".")
        result = await thread.run("What is in this folder?")
        result.raise_for_status()
        print(result.final_response)


asyncio.run(main())
