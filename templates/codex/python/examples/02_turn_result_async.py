"""Everything that is known of a turn once it has ended."""

import asyncio

from codex_app_server import AsyncCodex
from codex_app_server.types import AgentMessageThreadItem, ReasoningThreadItem


async def main() -> None:
    async with AsyncCodex() as codex:
        thread = await codex.thread_start()
        result = await thread.run("How many days does a leap year have?")

        print("turn:", result.id)
        print("thread:", result.thread_id)
        print("status:", result.status)
        # Set where the turn failed; see the example of errors.
        print("error:", result.error.message if result.error else "none")
        print("started at:", result.started_at)
        print("completed at:", result.completed_at)
        print("took:", result.duration_ms, "ms")
        # The answer is the last message that is meant as one; the text is all that was said.
        print("final response:", result.final_response)
        print("text:", result.text)
        for item in result.items:
            if isinstance(item, ReasoningThreadItem):
                print("item: a thought:", *item.summary or [])
            elif isinstance(item, AgentMessageThreadItem):
                print("item: a message:", item.text)
        if result.usage:
            used = result.usage.total
            print("tokens in:", used.input_tokens, "of which cached:", used.cached_input_tokens)
            reasoning = used.reasoning_output_tokens
            print("tokens out:", used.output_tokens, "of which reasoning:", reasoning)


asyncio.run(main())
