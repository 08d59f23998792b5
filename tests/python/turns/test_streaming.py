"""A turn, streamed from its beginning to its end."""

from pathlib import Path

from codex_app_server.notifications import (
    ItemReasoningSummaryTextDelta,
    ServerNotification,
    ThreadTokenUsageUpdated,
)
from codex_app_server.types import (
    AgentMessageThreadItem,
    MessagePhase,
    ReasoningThreadItem,
    TextUserInput,
    Turn,
    TurnStartResponse,
    TurnStatus,
    UserMessageThreadItem,
)

from support.clients import AsyncClientFactory, ClientFactory
from turns.conftest import UseModel
from turns.events import end_of, items, messages, methods, text_of

TEXT_EVENTS = [
    "turn/started",
    "item/started",
    "item/completed",
    "item/started",
    "item/agentMessage/delta",
    "item/completed",
    "item/started",
    "item/agentMessage/delta",
    "item/completed",
    "thread/tokenUsage/updated",
    "turn/completed",
]


def check_text_turn(result: TurnStartResponse, events: list[ServerNotification]) -> None:
    assert isinstance(result, TurnStartResponse)
    assert isinstance(result.turn, Turn)
    turn = end_of(events)
    assert turn.id == result.turn.id
    assert (turn.status, turn.error) == (TurnStatus.completed, None)
    assert methods(events) == TEXT_EVENTS
    question, commentary, answer = items(events)
    assert isinstance(question, UserMessageThreadItem)
    assert question.content == [TextUserInput(text="hello", text_elements=[])]
    assert isinstance(commentary, AgentMessageThreadItem)
    assert isinstance(answer, AgentMessageThreadItem)
    assert (commentary.phase, commentary.text) == (MessagePhase.commentary, "Let me think.")
    assert (answer.phase, answer.text) == (MessagePhase.final_answer, "Hello from the model.")
    for message in (commentary, answer):
        assert text_of(events, message.id) == message.text
    (usage,) = [event for event in events if isinstance(event, ThreadTokenUsageUpdated)]
    last = usage.params.token_usage.last
    assert (last.input_tokens, last.cached_input_tokens) == (120, 100)
    assert (last.output_tokens, last.reasoning_output_tokens, last.total_tokens) == (12, 3, 132)


def test_a_turn_is_streamed(
    use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    model = use_model("text")
    client = make_client()
    thread = client.thread_start(cwd=str(workplace)).thread
    with client.turn_start_stream(
        thread_id=thread.id, input=[{"type": "text", "text": "hello"}]
    ) as turn:
        events = list(turn)
        assert turn.get() is None  # It stays at its end.
    check_text_turn(turn.result, events)
    assert turn.id == turn.result.turn.id
    assert client.wait_for_turn_completed(turn.result.turn.id).params.turn == end_of(events)
    assert [request["reply"] for request in model.requests()] == [1]


async def test_a_turn_is_streamed_in_asyncio(
    use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    model = use_model("text")
    client = await make_async_client()
    thread = (await client.thread_start(cwd=str(workplace))).thread
    async with await client.turn_start_stream(
        thread_id=thread.id, input=[{"type": "text", "text": "hello"}]
    ) as turn:
        events = [event async for event in turn]
        assert await turn.get() is None
    check_text_turn(turn.result, events)
    assert turn.id == turn.result.turn.id
    completed = await client.wait_for_turn_completed(turn.result.turn.id)
    assert completed.params.turn == end_of(events)
    assert [request["reply"] for request in model.requests()] == [1]


def check_reasoning(events: list[ServerNotification]) -> None:
    end_of(events)
    deltas = [event for event in events if isinstance(event, ItemReasoningSummaryTextDelta)]
    assert [event.params.delta for event in deltas] == ["Weighing ", "the options."]
    assert {event.params.summary_index for event in deltas} == {0}
    _, reasoning, answer = items(events)
    assert isinstance(reasoning, ReasoningThreadItem)
    assert reasoning.summary == ["Weighing the options."]
    assert {event.params.item_id for event in deltas} == {reasoning.id}
    assert isinstance(answer, AgentMessageThreadItem)
    assert answer.text == "Forty-two."


def test_reasoning_is_streamed(
    use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    use_model("reasoning")
    client = make_client()
    thread = client.thread_start(cwd=str(workplace)).thread
    with client.turn_start_stream(thread_id=thread.id, input=[TextUserInput(text="why?")]) as turn:
        check_reasoning(list(turn))


async def test_reasoning_is_streamed_in_asyncio(
    use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    use_model("reasoning")
    client = await make_async_client()
    thread = (await client.thread_start(cwd=str(workplace))).thread
    async with await client.turn_start_stream(
        thread_id=thread.id, input=[TextUserInput(text="why?")]
    ) as turn:
        check_reasoning([event async for event in turn])


def test_turns_follow_one_another(
    use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    use_model("echo")
    client = make_client()
    thread = client.thread_start(cwd=str(workplace)).thread
    seen: list[str] = []
    for number in range(4):
        said = f"message {number}"
        with client.turn_start_stream(
            thread_id=thread.id, input=[TextUserInput(text=said)]
        ) as turn:
            events = list(turn)
        assert text_of(events) == said
        assert messages(events)[-1].text == said
        seen.append(end_of(events).id)
    assert len(set(seen)) == 4
    stored = client.thread_read(thread_id=thread.id, include_turns=True).thread.turns
    assert [turn.id for turn in stored] == seen


async def test_turns_follow_one_another_in_asyncio(
    use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    use_model("echo")
    client = await make_async_client()
    thread = (await client.thread_start(cwd=str(workplace))).thread
    seen: list[str] = []
    for number in range(4):
        said = f"message {number}"
        async with await client.turn_start_stream(
            thread_id=thread.id, input=[TextUserInput(text=said)]
        ) as turn:
            events = [event async for event in turn]
        assert text_of(events) == said
        assert messages(events)[-1].text == said
        seen.append(end_of(events).id)
    assert len(set(seen)) == 4
    stored = (await client.thread_read(thread_id=thread.id, include_turns=True)).thread.turns
    assert [turn.id for turn in stored] == seen


def test_many_deltas_arrive_in_order_and_every_consumer_sees_them(
    use_model: UseModel, make_client: ClientFactory, workplace: Path
) -> None:
    use_model("many_deltas")
    client = make_client()
    thread = client.thread_start(cwd=str(workplace)).thread
    with client.turn_start_stream(thread_id=thread.id, input=[TextUserInput(text="count")]) as turn:
        second = turn.subscribe()
        events = list(turn)
        assert text_of(events) == "0123456789"
        assert list(second) == events


async def test_many_deltas_arrive_in_order_and_every_consumer_sees_them_in_asyncio(
    use_model: UseModel, make_async_client: AsyncClientFactory, workplace: Path
) -> None:
    use_model("many_deltas")
    client = await make_async_client()
    thread = (await client.thread_start(cwd=str(workplace))).thread
    async with await client.turn_start_stream(
        thread_id=thread.id, input=[TextUserInput(text="count")]
    ) as turn:
        second = turn.subscribe()
        events = [event async for event in turn]
        assert text_of(events) == "0123456789"
        assert [event async for event in second] == events
