"""An image from a file, and a question about it."""

import asyncio
from pathlib import Path

from codex_app_server import AsyncCodex, LocalImageInput, TextInput

PICTURE = Path(__file__).with_name("shapes.png")


async def main() -> None:
    async with AsyncCodex() as codex:
        thread = await codex.thread_start()
        result = await thread.run(
            [TextInput("Which shapes are these?"), LocalImageInput(str(PICTURE))]
        )
        print(result.final_response)


asyncio.run(main())
