"""Threads: their life, their history, and what is kept about them."""

from codex_app_server.notifications import (
    ThreadArchived,
    ThreadDeleted,
    ThreadGoalCleared,
    ThreadGoalUpdated,
    ThreadNameUpdated,
    ThreadReadStateChanged,
    ThreadReverted,
    ThreadSettingsUpdated,
    ThreadStarted,
    ThreadUnarchived,
)
from codex_app_server.types import (
    AgentMessageThreadItem,
    ItemThreadTimelineEntry,
    ReadOnlySandboxPolicy,
    TurnStartedThreadTimelineEntry,
    UserMessageThreadItem,
)

from ..tour import Tour, step


@step("thread/start", "thread/read", "thread/loaded/list", "thread/list")
def start_and_find(tour: Tour) -> None:
    started = tour.client.thread_start(cwd=str(tour.root), sandbox="read-only")
    assert started.model == "mock-model"
    assert started.model_provider == "mock"
    assert started.approval_policy == "never"
    assert isinstance(started.sandbox, ReadOnlySandboxPolicy)
    thread = started.thread
    assert (thread.cwd, thread.ephemeral) == (str(tour.root), False)
    announced = tour.wait(ThreadStarted, lambda event: event.params.thread.id == thread.id)
    assert announced.params.thread.cwd == thread.cwd
    tour.turn(thread.id, "find me by this")
    read = tour.client.thread_read(thread_id=thread.id, include_turns=True).thread
    assert read.preview == "find me by this"
    assert [turn.status for turn in read.turns] == ["completed"]
    assert thread.id in tour.client.thread_loaded_list().data
    listed = tour.client.thread_list(search_term="find me by this", sort_key="updated_at").data
    assert [one.id for one in listed] == [thread.id]


@step("thread/name/set", "thread/goal/set", "thread/goal/get", "thread/goal/clear")
def name_and_goal(tour: Tour) -> None:
    thread = tour.thread()
    tour.turn(thread.id, "hello")
    tour.client.thread_name_set(thread_id=thread.id, name="Näme")
    assert tour.wait(ThreadNameUpdated).params.thread_name == "Näme"
    goal = tour.client.thread_goal_set(
        thread_id=thread.id, objective="be done", status="paused", token_budget=1000
    ).goal
    assert (goal.objective, goal.status, goal.token_budget) == ("be done", "paused", 1000)
    assert tour.wait(ThreadGoalUpdated).params.goal == goal
    assert tour.client.thread_goal_get(thread_id=thread.id).goal == goal
    assert tour.client.thread_goal_clear(thread_id=thread.id).cleared
    tour.wait(ThreadGoalCleared)
    assert tour.client.thread_goal_get(thread_id=thread.id).goal is None


@step("thread/archive", "thread/unarchive", "thread/delete")
def archive_and_delete(tour: Tour) -> None:
    thread = tour.thread()
    tour.turn(thread.id, "hello")
    tour.client.thread_archive(thread_id=thread.id)
    tour.wait(ThreadArchived)
    assert thread.id in [one.id for one in tour.client.thread_list(archived=True).data]
    assert tour.client.thread_unarchive(thread_id=thread.id).thread.id == thread.id
    tour.wait(ThreadUnarchived)
    tour.client.thread_delete(thread_id=thread.id)
    tour.wait(ThreadDeleted)
    assert thread.id not in [one.id for one in tour.client.thread_list().data]


@step("thread/unsubscribe", "thread/resume", "thread/fork")
def leave_and_come_back(tour: Tour) -> None:
    thread = tour.thread()
    tour.turn(thread.id, "hello")
    assert tour.client.thread_unsubscribe(thread_id=thread.id).status == "unsubscribed"
    assert tour.client.thread_unsubscribe(thread_id=thread.id).status == "notSubscribed"
    resumed = tour.client.thread_resume(
        thread_id=thread.id, exclude_turns=True, initial_turns_page={"limit": 5}
    )
    assert resumed.thread.id == thread.id
    page = resumed.initial_turns_page
    assert page is not None
    assert [turn.status for turn in page.data] == ["completed"]
    fork = tour.client.thread_fork(thread_id=thread.id, ephemeral=True, exclude_turns=True)
    assert fork.thread.forked_from_id == thread.id
    assert fork.thread.ephemeral


@step("thread/turns/list", "thread/items/list", "thread/items/read", "thread/timeline/list")
def history(tour: Tour) -> None:
    thread = tour.client.thread_start(cwd=str(tour.root), history_mode="paginated").thread
    turn = tour.turn(thread.id, "tell me")
    turns = tour.client.thread_turns_list(thread_id=thread.id, items_view="full").data
    assert [one.id for one in turns] == [turn.id]
    user, agent = (entry.item for entry in tour.client.thread_items_list(thread_id=thread.id).data)
    assert isinstance(user, UserMessageThreadItem)
    assert isinstance(agent, AgentMessageThreadItem)
    assert agent.text == "tell me"
    read = tour.client.thread_items_read(
        thread_id=thread.id, turn_id=turn.id, item_ids=[agent.id]
    ).data
    assert [entry.item for entry in read] == [agent]
    timeline = tour.client.thread_timeline_list(thread_id=thread.id).data
    begun = [entry for entry in timeline if isinstance(entry, TurnStartedThreadTimelineEntry)]
    assert [entry.turn_id for entry in begun] == [turn.id]
    items = [entry.item for entry in timeline if isinstance(entry, ItemThreadTimelineEntry)]
    assert items == [user, agent]


@step("thread/search", "thread/searchOccurrences", "thread/revert")
def search_and_revert(tour: Tour) -> None:
    thread = tour.client.thread_start(cwd=str(tour.root), history_mode="paginated").thread
    tour.turn(thread.id, "a xylophone")
    second = tour.turn(thread.id, "something else")
    found = tour.client.thread_search(search_term="xylophone").data
    assert [one.thread.id for one in found] == [thread.id]
    places = tour.client.thread_search_occurrences(
        thread_id=thread.id, search_term="xylophone"
    ).data
    assert {place.snippet for place in places} == {"a xylophone"}
    span = places[0].snippet_match_range
    assert (span.start, span.end) == (2, 11)
    reverted = tour.client.thread_revert(thread_id=thread.id, before_turn_id=second.id)
    assert reverted.thread.id == thread.id
    tour.wait(ThreadReverted)
    assert len(tour.client.thread_turns_list(thread_id=thread.id).data) == 1


@step("thread/readState/update", "thread/memoryMode/set", "thread/settings/update")
def state_and_settings(tour: Tour) -> None:
    thread = tour.thread()
    tour.turn(thread.id, "hello")
    state = tour.wait(ThreadReadStateChanged).params.read_state
    assert state.first_unread is not None
    read = tour.client.thread_read_state_update(
        thread_id=thread.id, expected_revision=state.revision, operation={"type": "read"}
    ).read_state
    assert read.first_unread is None
    tour.wait(ThreadReadStateChanged, lambda event: event.params.read_state == read)
    tour.client.thread_memory_mode_set(thread_id=thread.id, mode="disabled")
    tour.client.thread_settings_update(thread_id=thread.id, effort="low")
    settings = tour.wait(ThreadSettingsUpdated)
    assert settings.params.thread_settings.effort == "low"


@step("thread/increment_elicitation", "thread/decrement_elicitation")
def elicitations(tour: Tour) -> None:
    thread = tour.thread()
    up = tour.client.thread_increment_elicitation(thread_id=thread.id)
    assert (up.count, up.paused) == (1, True)
    down = tour.client.thread_decrement_elicitation(thread_id=thread.id)
    assert (down.count, down.paused) == (0, False)
