"""A turn with nearly everything that can be said about it, and an answer that fits a schema."""

import asyncio
import json

from codex_app_server import ApprovalMode, AsyncCodex, Sandbox, TextInput

PLACE = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "inhabitants": {"type": "integer"}},
    "required": ["city", "inhabitants"],
    "additionalProperties": False,
}


async def main() -> None:
    async with AsyncCodex() as codex:
        models = [model.model async for model in codex.models_all() if model.is_default]
        thread = await codex.thread_start(
            approval_mode=ApprovalMode.deny_all,
            sandbox=Sandbox.read_only,
            base_instructions="You know geography.",
            developer_instructions="Round numbers to thousands.",
            cwd=".",
            ephemeral=True,
            service_name="geography lesson",
        )
        result = await thread.run(
            [TextInput("Describe the capital of France."), TextInput("Answer with JSON alone.")],
            approval_mode=ApprovalMode.deny_all,
            sandbox=Sandbox.workspace_write,
            cwd=".",
            effort="low",
            model=models[0] if models else None,
            output_schema=PLACE,
            service_tier=None,
            summary="concise",
            # Seconds for the server to start the turn; the turn itself may take longer.
            timeout=30,
        )
        result.raise_for_status()
        place = json.loads(result.final_response or "{}")
        print("city:", place["city"])
        print("inhabitants:", place["inhabitants"])


asyncio.run(main())
