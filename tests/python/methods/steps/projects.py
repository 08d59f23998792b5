"""Projects, sections of the list of threads, and attachments."""

from codex_app_server.notifications import (
    ProjectChanged,
    ThreadAttachmentUpdated,
    ThreadProjectUpdated,
)

from ..tour import Tour, step


@step("project/create", "project/read", "project/update", "project/list", "project/move")
def projects(tour: Tour) -> None:
    root = str(tour.folder("project"))
    first = tour.client.project_create(
        name="first", idempotency_key="first", roots=[{"path": root}], metadata={"a": "b"}
    ).project
    assert (first.name, first.metadata) == ("first", {"a": "b"})
    assert [place.path for place in first.roots] == [root]
    again = tour.client.project_create(
        name="first", idempotency_key="first", roots=[{"path": root}], metadata={"a": "b"}
    ).project
    assert again.id == first.id
    second = tour.client.project_create(name="second", idempotency_key="2nd", roots=[]).project
    tour.wait(ProjectChanged, lambda event: event.params.project_id == second.id)
    assert tour.client.project_read(project_id=first.id).project == first
    renamed = tour.client.project_update(project_id=first.id, name="1st").project
    assert renamed.name == "1st"
    tour.client.project_move(project_id=first.id, before_project_id=second.id)
    tour.client.project_move(project_id=second.id, before_project_id=first.id)
    names = [project.name for project in tour.client.project_list().data]
    assert names.index("second") < names.index("1st")


@step("project/import", "thread/metadata/update", "project/delete")
def a_project_of_threads(tour: Tour) -> None:
    thread = tour.thread()
    tour.turn(thread.id, "hello")
    project = tour.client.project_import(
        name="imported", idempotency_key="imported", roots=[], threads=[thread.id]
    ).project
    tour.wait(ThreadProjectUpdated, lambda event: event.params.project_id == project.id)
    assert tour.client.thread_read(thread_id=thread.id).thread.project_id == project.id
    left = tour.client.thread_metadata_update(
        thread_id=thread.id, project_id=None, git_info={"branch": "b", "sha": None}
    ).thread
    assert left.git_info is not None
    assert (left.git_info.branch, left.git_info.sha) == ("b", None)
    tour.client.project_delete(project_id=project.id)
    assert project.id not in [one.id for one in tour.client.project_list().data]


@step(
    "threadSection/create",
    "threadSection/update",
    "threadSection/list",
    "thread/section/move",
    "threadSection/delete",
)
def sections(tour: Tour) -> None:
    thread = tour.thread()
    tour.turn(thread.id, "hello")
    section = tour.client.thread_section_create(
        name="pinned", appearance={"color": "red", "icon": "star"}
    ).section
    assert section.appearance is not None
    assert (section.appearance.color, section.appearance.icon) == ("red", "star")
    kept = tour.client.thread_section_update(section_id=section.id, name="kept").section
    assert (kept.name, kept.appearance) == ("kept", section.appearance)
    plain = tour.client.thread_section_update(section_id=section.id, name="kept", appearance=None)
    assert plain.section.appearance is None
    listed = tour.client.thread_section_list().data
    assert plain.section in listed
    tour.client.thread_section_move(thread_id=thread.id, section_id=section.id)
    inside = tour.client.thread_list(section_id=section.id).data
    assert [one.id for one in inside] == [thread.id]
    tour.client.thread_section_move(thread_id=thread.id, section_id=None)
    assert tour.client.thread_list(section_id=section.id).data == []
    assert thread.id in [one.id for one in tour.client.thread_list(section_id=None).data]
    tour.client.thread_section_delete(section_id=section.id)
    assert section.id not in [one.id for one in tour.client.thread_section_list().data]


@step(
    "thread/attachment/add",
    "thread/attachment/list",
    "thread/attachmentOwner/list",
    "thread/attachment/remove",
)
def attachments(tour: Tour) -> None:
    thread = tour.thread()
    tour.turn(thread.id, "hello")
    payload = {"number": 7, "nothing": None, "nested": [{"_meta": True}]}
    added = tour.client.thread_attachment_add(
        thread_id=thread.id, attachment_type="pr", identity_key="7", payload=payload
    )
    assert added.attachment.payload == payload
    tour.wait(ThreadAttachmentUpdated)
    listed = tour.client.thread_attachment_list(thread_id=thread.id).data
    assert [one.id for one in listed] == [added.attachment.id]
    owners = tour.client.thread_attachment_owner_list(attachment_type="pr", identity_key="7").data
    assert [one.thread_id for one in owners] == [thread.id]
    tour.client.thread_attachment_remove(
        thread_id=thread.id, attachment_type="pr", identity_key="7"
    )
    assert tour.client.thread_attachment_list(thread_id=thread.id).data == []
