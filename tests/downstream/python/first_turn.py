from codex_app_server import Codex

with Codex() as codex:
    thread = codex.thread_start(cwd=".")
    result = thread.run("What is in this folder?")
    result.raise_for_status()
    print(result.final_response)
