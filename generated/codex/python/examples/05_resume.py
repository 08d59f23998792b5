"""A thread outlives the server: it is kept by its id, and goes on where it ended."""

from codex_app_server import Codex

with Codex() as codex:
    thread = codex.thread_start()
    result = thread.run("Remember the word walnut.")
    print("first:", result.final_response)
    thread_id = thread.id

# Another server, at another time.
with Codex() as codex:
    thread = codex.thread_resume(thread_id)
    print("the same thread:", "yes" if thread.id == thread_id else "no")
    result = thread.run("Which word was it?")
    print("second:", result.final_response)
    kept = thread.read(include_turns=True).thread
    print("turns in all:", len(kept.turns))
