"""What is to be learnt from the events of a turn."""

from collections.abc import Iterable, Sequence

from codex_app_server.notifications import (
    ItemAgentMessageDelta,
    ItemCompleted,
    ServerNotification,
    TurnCompleted,
    TurnStarted,
    UnknownNotification,
)
from codex_app_server.types import AgentMessageThreadItem, ThreadItem, Turn

Events = Sequence[ServerNotification]


def methods(events: Iterable[ServerNotification]) -> list[str]:
    """The events' methods; runs of the same delta count once."""
    names: list[str] = []
    for event in events:
        assert not isinstance(event, UnknownNotification), event
        name = event.method
        if not (name.endswith("/delta") and names[-1:] == [name]):
            names.append(name)
    return names


def text_of(events: Iterable[ServerNotification], item: str | None = None) -> str:
    """The assistant's text, put together from the deltas; of one item or of all."""
    return "".join(
        event.params.delta
        for event in events
        if isinstance(event, ItemAgentMessageDelta) and item in (None, event.params.item_id)
    )


def items(events: Iterable[ServerNotification]) -> list[ThreadItem]:
    """The items that were completed."""
    return [event.params.item for event in events if isinstance(event, ItemCompleted)]


def messages(events: Iterable[ServerNotification]) -> list[AgentMessageThreadItem]:
    """The assistant's messages."""
    return [item for item in items(events) if isinstance(item, AgentMessageThreadItem)]


def only_item(events: Iterable[ServerNotification], kind: type[ThreadItem]) -> ThreadItem:
    """The one completed item of this type."""
    (item,) = [item for item in items(events) if isinstance(item, kind)]
    return item


def end_of(events: Events) -> Turn:
    """The turn as the last event tells it. Checks that all of them are about this turn."""
    first, last = events[0], events[-1]
    assert isinstance(first, TurnStarted)
    assert isinstance(last, TurnCompleted)
    turn = last.params.turn
    assert first.params.turn.id == turn.id
    assert sum(isinstance(event, TurnCompleted) for event in events) == 1
    for event in events:
        assert not isinstance(event, UnknownNotification), event
        assert getattr(event.params, "thread_id", None) == last.params.thread_id
        assert getattr(event.params, "turn_id", turn.id) == turn.id
    return turn
