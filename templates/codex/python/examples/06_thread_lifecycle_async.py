"""The life of a thread: started, used, found again, named, put away, copied, and cut short."""

import asyncio

from codex_app_server import AsyncCodex, AsyncThread
from codex_app_server.notifications import TurnCompleted


async def ask(thread: AsyncThread, question: str) -> None:
    result = await thread.run(question)
    print(question, result.final_response)


async def count_turns(thread: AsyncThread) -> int:
    kept = await thread.read(include_turns=True)
    return len(kept.thread.turns)


async def is_listed(codex: AsyncCodex, thread: AsyncThread, *, archived: bool = False) -> str:
    # Others of that name may be there, from earlier runs.
    async for found in codex.thread_list_all(search_term="Trees", archived=archived):
        if found.id == thread.id:
            return "yes"
    return "no"


async def main() -> None:
    async with AsyncCodex() as codex:
        thread = await codex.thread_start(cwd=".")
        await ask(thread, "Name a tree.")
        await ask(thread, "Name another one.")

        thread = await codex.thread_resume(thread.id)
        await thread.set_name("Trees")
        print("listed:", await is_listed(codex, thread))
        print("turns:", await count_turns(thread))

        await codex.thread_archive(thread.id)
        print("archived:", await is_listed(codex, thread, archived=True))
        thread = await codex.thread_unarchive(thread.id)
        print("still archived:", await is_listed(codex, thread, archived=True))

        # The copy has a future of its own; what was said before is in both.
        copy = await codex.thread_fork(thread.id)
        await ask(copy, "Name a third one.")
        print("turns of the copy:", await count_turns(copy))
        print("turns of the first one:", await count_turns(thread))

        # A summary takes the place of what was said so far; that is a turn of its own.
        async with codex.client.notifications() as events:
            await copy.compact()
            completed = await events.wait_for(TurnCompleted)
            print("compacted:", completed.params.turn.status)


asyncio.run(main())
