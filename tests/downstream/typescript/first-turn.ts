import { Codex } from "codex-app-server-sdk";

await using codex = await Codex.start();
const thread = await codex.threadStart({ cwd: "." });
const turn = await thread.turn("What is in this folder?");
for await (const event of turn.stream()) {
  if (event.method === "item/agentMessage/delta") process.stdout.write(event.params.delta);
}
