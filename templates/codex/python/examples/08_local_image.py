"""An image from a file, and a question about it."""

from pathlib import Path

from codex_app_server import Codex, LocalImageInput, TextInput

PICTURE = Path(__file__).with_name("shapes.png")

with Codex() as codex:
    thread = codex.thread_start()
    result = thread.run([TextInput("Which shapes are these?"), LocalImageInput(str(PICTURE))])
    print(result.final_response)
