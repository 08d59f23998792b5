/** Everything that is known of a turn once it has ended. */

import { Codex } from "codex-app-server-sdk";

await using codex = await Codex.start();
const thread = await codex.threadStart();
const result = await thread.run("How many days does a leap year have?");

console.log("turn:", result.id);
console.log("thread:", result.threadId);
console.log("status:", result.status);
// Set where the turn failed; see the example of errors.
console.log("error:", result.error?.message ?? "none");
console.log("started at:", result.startedAt);
console.log("completed at:", result.completedAt);
console.log("took:", result.durationMs, "ms");
// The answer is the last message that is meant as one; the text is all that was said.
console.log("final response:", result.finalResponse);
console.log("text:", result.text);
for (const item of result.items) {
  if (item.type === "reasoning") console.log("item: a thought:", ...(item.summary ?? []));
  else if (item.type === "agentMessage") console.log("item: a message:", item.text);
}
if (result.usage !== null) {
  const used = result.usage.total;
  console.log("tokens in:", used.inputTokens, "of which cached:", used.cachedInputTokens);
  console.log("tokens out:", used.outputTokens, "of which reasoning:", used.reasoningOutputTokens);
}
