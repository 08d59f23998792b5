/** A turn as it happens: text while it is written, items as they are completed, tokens, the end. */

import { Codex } from "codex-app-server-sdk";

await using codex = await Codex.start();
const thread = await codex.threadStart();
const turn = await thread.turn("Tell me a very short story.");
for await (const event of turn.stream()) {
  switch (event.method) {
    case "turn/started":
      console.log("the turn has started");
      break;
    case "item/reasoning/summaryTextDelta":
      console.log("thought:", event.params.delta);
      break;
    case "item/agentMessage/delta":
      console.log("text:", event.params.delta);
      break;
    case "item/completed": {
      const { item } = event.params;
      if (item.type === "agentMessage") console.log("message:", item.text);
      break;
    }
    case "thread/tokenUsage/updated":
      console.log("tokens so far:", event.params.tokenUsage.total.totalTokens);
      break;
    case "turn/completed":
      console.log("the turn has ended:", event.params.turn.status);
  }
}
