"""Choosing a model, and how much it thinks, from what the server offers."""

import asyncio

from codex_app_server import AsyncCodex
from codex_app_server.types import Model


async def default_model(codex: AsyncCodex) -> Model:
    async for model in codex.models_all():
        if model.is_default:
            return model
    raise LookupError("no model is the default")


async def main() -> None:
    async with AsyncCodex() as codex:
        model = await default_model(codex)
        print("model:", model.model)
        # They are listed from the least to the most.
        efforts = [option.reasoning_effort for option in model.supported_reasoning_efforts]
        print("least effort:", efforts[0])
        print("most effort:", efforts[-1])

        thread = await codex.thread_start(model=model.model)
        quick = await thread.run("Why is the sky blue?", effort=efforts[0])
        print("quick answer:", quick.final_response)
        good = await thread.run("Why is it red at night?", effort=efforts[-1])
        print("good answer:", good.final_response)


asyncio.run(main())
