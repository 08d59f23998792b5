"""Turns, what can be done to one that runs, and what waits for its turn."""

from codex_app_server.notifications import (
    ItemAgentMessageDelta,
    ItemCompleted,
    ThreadQueueChanged,
    ThreadRealtimeClosed,
    ThreadRealtimeError,
    TurnCompleted,
    TurnStarted,
)
from codex_app_server.types import (
    CommandExecutionThreadItem,
    ContextCompactionThreadItem,
    TextUserInput,
    Turn,
)

from ..tour import Tour, step, text


@step("turn/start", "turn/steer", "turn/interrupt", "turn/settings/update")
def steer_and_interrupt(tour: Tour) -> None:
    thread = tour.thread()
    turn = _held(tour, thread.id)
    steered = tour.client.turn_steer(
        thread_id=thread.id, expected_turn_id=turn, input=[text("and hold on")]
    )
    assert steered.turn_id == turn
    tour.client.turn_interrupt(thread_id=thread.id, turn_id=turn)
    assert _end(tour, turn).status == "interrupted"
    late = tour.client.turn_settings_update(thread_id=thread.id, turn_id=turn, effort="low")
    assert late.status == "targetUnavailable"


@step(
    "thread/queue/add",
    "thread/queue/list",
    "thread/queue/update",
    "thread/queue/reorder",
    "thread/queue/delete",
    "thread/queue/start",
)
def queue(tour: Tour) -> None:
    thread = tour.thread()
    turn = _held(tour, thread.id)
    added = [
        tour.client.thread_queue_add(
            thread_id=thread.id, client_user_message_id=name, input=[text(name)]
        ).queued_submission
        for name in ("one", "two")
    ]
    tour.wait(ThreadQueueChanged)
    one, two = (submission.id for submission in added)
    tour.client.thread_queue_update(
        thread_id=thread.id, queued_submission_id=two, input=[text("second")]
    )
    tour.client.thread_queue_reorder(thread_id=thread.id, queued_submission_ids=[two, one])
    listed = tour.client.thread_queue_list(thread_id=thread.id).data
    assert [submission.id for submission in listed] == [two, one]
    words = listed[0].input[0]
    assert isinstance(words, TextUserInput)
    assert words.text == "second"
    tour.client.thread_queue_delete(thread_id=thread.id, queued_submission_id=one)
    tour.client.turn_interrupt(thread_id=thread.id, turn_id=turn)
    assert _end(tour, turn).status == "interrupted"
    begun = tour.client.thread_queue_start(thread_id=thread.id).turn
    assert begun.status == "inProgress"
    assert _end(tour, begun.id).status == "completed"


@step("thread/shellCommand")
def shell_command(tour: Tour) -> None:
    thread = tour.thread()
    tour.client.thread_shell_command(thread_id=thread.id, command="echo in; exit 3")
    item = tour.wait(
        ItemCompleted, lambda event: isinstance(event.params.item, CommandExecutionThreadItem)
    ).params.item
    assert isinstance(item, CommandExecutionThreadItem)
    assert item.exit_code == 3
    # The machine's shell profiles may have something to say as well.
    assert "in\n" in (item.aggregated_output or "")
    _end(tour, tour.wait(TurnStarted).params.turn.id)


@step("thread/inject_items", "thread/compact/start", "review/start")
def inject_compact_and_review(tour: Tour) -> None:
    thread = tour.thread()
    tour.turn(thread.id, "hello")
    content = [{"type": "input_text", "text": "injected"}]
    tour.client.thread_inject_items(
        thread_id=thread.id, items=[{"type": "message", "role": "user", "content": content}]
    )
    tour.client.thread_compact_start(thread_id=thread.id)
    compacted = tour.wait(
        ItemCompleted, lambda event: isinstance(event.params.item, ContextCompactionThreadItem)
    ).params
    assert compacted.thread_id == thread.id
    _end(tour, compacted.turn_id)
    review = tour.client.review_start(
        thread_id=thread.id, target={"type": "custom", "instructions": "look"}, delivery="inline"
    )
    assert review.review_thread_id == thread.id
    assert _end(tour, review.turn.id).status == "completed"


@step("thread/approveGuardianDeniedAction")
def approve_what_was_denied(tour: Tour) -> None:
    thread = tour.thread()
    action = {"type": "command", "source": "shell", "command": "ls", "cwd": str(tour.root)}
    tour.client.thread_approve_guardian_denied_action(
        thread_id=thread.id, event={"id": "review", "status": "denied", "action": action}
    )


@step(
    "thread/backgroundTerminals/list",
    "thread/backgroundTerminals/terminate",
    "thread/backgroundTerminals/clean",
)
def background_terminals(tour: Tour) -> None:
    thread = tour.thread()
    assert tour.client.thread_background_terminals_list(thread_id=thread.id).data == []
    ended = tour.client.thread_background_terminals_terminate(thread_id=thread.id, process_id="9")
    assert not ended.terminated
    tour.client.thread_background_terminals_clean(thread_id=thread.id)


@step(
    "thread/realtime/listVoices",
    "thread/realtime/start",
    "thread/realtime/appendText",
    "thread/realtime/appendSpeech",
    "thread/realtime/appendAudio",
    "thread/realtime/stop",
)
def realtime(tour: Tour) -> None:
    voices = tour.client.thread_realtime_list_voices().voices
    assert voices.default_v2 in voices.v2
    thread = tour.thread()
    tour.client.thread_realtime_start(thread_id=thread.id, output_modality="text")
    assert "API key" in tour.wait(ThreadRealtimeError).params.message
    tour.client.thread_realtime_append_text(thread_id=thread.id, text="x", role="developer")
    tour.client.thread_realtime_append_speech(thread_id=thread.id, text="x")
    tour.client.thread_realtime_append_audio(
        thread_id=thread.id, audio={"data": "AAAA", "num_channels": 1, "sample_rate": 24000}
    )
    tour.client.thread_realtime_stop(thread_id=thread.id)
    assert tour.wait(ThreadRealtimeClosed).params.reason == "requested"


def _held(tour: Tour, thread_id: str) -> str:
    """Starts a turn that doesn't end by itself; waits until the model has said something."""
    turn = tour.client.turn_start(thread_id=thread_id, input=[text("hold")]).turn.id
    tour.wait(ItemAgentMessageDelta, lambda event: event.params.turn_id == turn)
    return turn


def _end(tour: Tour, turn_id: str) -> Turn:
    return tour.wait(TurnCompleted, lambda event: event.params.turn.id == turn_id).params.turn
