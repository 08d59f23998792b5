"""An image by its URL, and a question about it.

The server fetches nothing from the web: an image from there goes along inside a `data:` URL.
"""

from codex_app_server import Codex, ImageInput, TextInput

PICTURE = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAQMAAAAlPW0iAAAABlBMVEX49vAui1cCH3/c"
    "AAAAIElEQVR42mNgAAPmAwz8Hxjkf4CQ/R8EgogApYAKwAAALpUMzRTL+2kAAAAASUVO"
    "RK5CYII="
)

with Codex() as codex:
    thread = codex.thread_start()
    result = thread.run([TextInput("What is in this picture?"), ImageInput(PICTURE)])
    print(result.final_response)
