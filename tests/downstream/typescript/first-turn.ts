import { AppServerClient } from "codex-app-server-sdk";

await using client = await AppServerClient.start();
const { thread } = await client.threadStart({ cwd: ".", sandbox: "read-only" });
const turn = await client.turnStartStream({
  threadId: thread.id,
  input: [{ type: "text", text: "What is in this folder?" }],
});
for await (const event of turn) {
  if (event.method === "item/agentMessage/delta") process.stdout.write(event.params.delta);
}
