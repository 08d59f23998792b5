"""The life of a thread: started, used, found again, named, put away, copied, and cut short."""

from codex_app_server import Codex, Thread
from codex_app_server.notifications import TurnCompleted


def ask(thread: Thread, question: str) -> None:
    result = thread.run(question)
    print(question, result.final_response)


def count_turns(thread: Thread) -> int:
    kept = thread.read(include_turns=True)
    return len(kept.thread.turns)


def is_listed(codex: Codex, thread: Thread, *, archived: bool = False) -> str:
    # Others of that name may be there, from earlier runs.
    for found in codex.thread_list_all(search_term="Trees", archived=archived):
        if found.id == thread.id:
            return "yes"
    return "no"


with Codex() as codex:
    thread = codex.thread_start(cwd=".")
    ask(thread, "Name a tree.")
    ask(thread, "Name another one.")

    thread = codex.thread_resume(thread.id)
    thread.set_name("Trees")
    print("listed:", is_listed(codex, thread))
    print("turns:", count_turns(thread))

    codex.thread_archive(thread.id)
    print("archived:", is_listed(codex, thread, archived=True))
    thread = codex.thread_unarchive(thread.id)
    print("still archived:", is_listed(codex, thread, archived=True))

    # The copy has a future of its own; what was said before is in both.
    copy = codex.thread_fork(thread.id)
    ask(copy, "Name a third one.")
    print("turns of the copy:", count_turns(copy))
    print("turns of the first one:", count_turns(thread))

    # A summary takes the place of what was said so far; that is a turn of its own.
    with codex.client.notifications() as events:
        copy.compact()
        completed = events.wait_for(TurnCompleted)
        print("compacted:", completed.params.turn.status)
