from codex_app_server import AppServerClient
from codex_app_server.notifications import ItemAgentMessageDelta

with AppServerClient() as client:
    thread = client.thread_start(cwd=".", sandbox="read-only").thread
    question = "What is in this folder?"
    with client.turn_start_stream(
        thread_id=thread.id, input=[{"type": "text", "text": question}]
    ) as turn:
        for event in turn:
            if isinstance(event, ItemAgentMessageDelta):
                print(event.params.delta, end="", flush=True)
