"""The two kinds of client beside each other: calls that wait, and calls that are awaited."""

import asyncio

from codex_app_server import AsyncCodex, Codex

QUESTIONS = ["Why is grass green?", "Why is the sky blue?"]


def one_after_the_other() -> None:
    with Codex() as codex:
        for question in QUESTIONS:
            print(question, codex.thread_start().run(question).final_response)


async def side_by_side() -> None:
    async with AsyncCodex() as codex:

        async def ask(question: str) -> str:
            thread = await codex.thread_start()
            result = await thread.run(question)
            return f"{question} {result.final_response}"

        for answer in await asyncio.gather(*map(ask, QUESTIONS)):
            print(answer)


print("one after the other:")
one_after_the_other()
print("side by side:")
asyncio.run(side_by_side())
