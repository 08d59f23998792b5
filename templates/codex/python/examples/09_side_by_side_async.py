"""Turns in parallel on one client, and a blocking client in the same program."""

import asyncio

from codex_app_server import AsyncCodex, Codex

QUESTIONS = ["Why is grass green?", "Why is the sky blue?"]


def one_after_the_other() -> None:
    with Codex() as codex:
        for question in QUESTIONS:
            print(question, codex.thread_start().run(question).final_response)


async def ask(codex: AsyncCodex, question: str) -> str:
    thread = await codex.thread_start()
    result = await thread.run(question)
    return f"{question} {result.final_response}"


async def main() -> None:
    print("one after the other:")
    # The calls of this kind of client wait: outside the event loop, so that it goes on.
    await asyncio.to_thread(one_after_the_other)

    print("side by side:")
    async with AsyncCodex() as codex:
        for answer in await asyncio.gather(*(ask(codex, question) for question in QUESTIONS)):
            print(answer)


asyncio.run(main())
