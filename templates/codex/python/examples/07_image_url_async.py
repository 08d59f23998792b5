"""An image by its URL, and a question about it.

The server fetches nothing from the web: an image from there goes along inside a `data:` URL.
"""

import asyncio

from codex_app_server import AsyncCodex, ImageInput, TextInput

PICTURE = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAQMAAAAlPW0iAAAABlBMVEX49vAui1cCH3/c"
    "AAAAIElEQVR42mNgAAPmAwz8Hxjkf4CQ/R8EgogApYAKwAAALpUMzRTL+2kAAAAASUVO"
    "RK5CYII="
)


async def main() -> None:
    async with AsyncCodex() as codex:
        thread = await codex.thread_start()
        result = await thread.run([TextInput("What is in this picture?"), ImageInput(PICTURE)])
        print(result.final_response)


asyncio.run(main())
