"""Files, and the search for them."""

from base64 import b64decode, b64encode

from codex_app_server.notifications import (
    FsChanged,
    FuzzyFileSearchSessionCompleted,
    FuzzyFileSearchSessionUpdated,
)

from ..tour import Tour, step


@step("fs/createDirectory", "fs/writeFile", "fs/readFile", "fs/getMetadata", "fs/readDirectory")
def write_and_read(tour: Tour) -> None:
    folder = tour.folder("fs")
    tour.client.fs_create_directory(path=str(folder / "a" / "b"), recursive=True)
    assert (folder / "a" / "b").is_dir()
    data = "päivää\n".encode()
    tour.client.fs_write_file(path=str(folder / "a" / "file"), data_base64=b64encode(data).decode())
    assert (folder / "a" / "file").read_bytes() == data
    read = tour.client.fs_read_file(path=str(folder / "a" / "file"))
    assert b64decode(read.data_base64) == data
    about = tour.client.fs_get_metadata(path=str(folder / "a" / "file"))
    assert (about.is_file, about.is_directory, about.is_symlink) == (True, False, False)
    assert about.modified_at_ms > 0
    entries = tour.client.fs_read_directory(path=str(folder / "a")).entries
    assert {entry.file_name: entry.is_directory for entry in entries} == {"b": True, "file": False}


@step("fs/copy", "fs/remove")
def copy_and_remove(tour: Tour) -> None:
    folder = tour.folder("fs-copies")
    (folder / "from").mkdir()
    (folder / "from" / "file").write_text("x")
    tour.client.fs_copy(
        source_path=str(folder / "from"), destination_path=str(folder / "to"), recursive=True
    )
    assert (folder / "to" / "file").read_text() == "x"
    tour.client.fs_remove(path=str(folder / "from"))
    assert not (folder / "from").exists()


@step("fs/watch", "fs/unwatch")
def watch(tour: Tour) -> None:
    folder = tour.folder("watched")
    watched = tour.client.fs_watch(path=str(folder), watch_id="tour")
    assert watched.path == str(folder)
    (folder / "new").write_text("x")
    changed = tour.wait(FsChanged)
    assert changed.params.watch_id == "tour"
    assert str(folder / "new") in changed.params.changed_paths
    tour.client.fs_unwatch(watch_id="tour")


@step("fuzzyFileSearch")
def search_once(tour: Tour) -> None:
    folder = tour.folder("haystack")
    (folder / "needle.txt").write_text("")
    (folder / "straw.txt").write_text("")
    found = tour.client.fuzzy_file_search(query="needl", roots=[str(folder)]).files
    assert [(file.root, file.path, file.file_name) for file in found] == [
        (str(folder), "needle.txt", "needle.txt")
    ]
    assert found[0].match_type == "file"
    assert found[0].indices == [0, 1, 2, 3, 4]


@step(
    "fuzzyFileSearch/sessionStart", "fuzzyFileSearch/sessionUpdate", "fuzzyFileSearch/sessionStop"
)
def search_as_one_types(tour: Tour) -> None:
    folder = tour.folder("session")
    (folder / "needle.txt").write_text("")
    tour.client.fuzzy_file_search_session_start(session_id="s", roots=[str(folder)])
    tour.client.fuzzy_file_search_session_update(session_id="s", query="need")
    found = tour.wait(FuzzyFileSearchSessionUpdated, lambda event: bool(event.params.files))
    assert (found.params.session_id, found.params.query) == ("s", "need")
    assert [file.path for file in found.params.files] == ["needle.txt"]
    tour.wait(FuzzyFileSearchSessionCompleted)
    tour.client.fuzzy_file_search_session_stop(session_id="s")
