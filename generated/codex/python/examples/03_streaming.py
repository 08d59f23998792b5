"""A turn as it happens: text while it is written, items as they are completed, tokens, the end."""

from codex_app_server import Codex
from codex_app_server.notifications import (
    ItemAgentMessageDelta,
    ItemCompleted,
    ItemReasoningSummaryTextDelta,
    ThreadTokenUsageUpdated,
    TurnCompleted,
    TurnStarted,
)
from codex_app_server.types import AgentMessageThreadItem

with Codex() as codex:
    thread = codex.thread_start()
    turn = thread.turn("Tell me a very short story.")
    for event in turn.stream():
        if isinstance(event, TurnStarted):
            print("the turn has started")
        elif isinstance(event, ItemReasoningSummaryTextDelta):
            print("thought:", event.params.delta)
        elif isinstance(event, ItemAgentMessageDelta):
            print("text:", event.params.delta)
        elif isinstance(event, ItemCompleted):
            item = event.params.item
            if isinstance(item, AgentMessageThreadItem):
                print("message:", item.text)
        elif isinstance(event, ThreadTokenUsageUpdated):
            print("tokens so far:", event.params.token_usage.total.total_tokens)
        elif isinstance(event, TurnCompleted):
            print("the turn has ended:", event.params.turn.status)
