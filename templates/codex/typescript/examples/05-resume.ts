/** A thread outlives the server: it is kept by its id, and goes on where it ended. */

import { Codex } from "codex-app-server-sdk";

let threadId: string;
{
  await using codex = await Codex.start();
  const thread = await codex.threadStart();
  const result = await thread.run("Remember the word walnut.");
  console.log("first:", result.finalResponse);
  threadId = thread.id;
}

// Another server, at another time.
{
  await using codex = await Codex.start();
  const thread = await codex.threadResume(threadId);
  console.log("the same thread:", thread.id === threadId ? "yes" : "no");
  const result = await thread.run("Which word was it?");
  console.log("second:", result.finalResponse);
  const kept = await thread.read({ includeTurns: true });
  console.log("turns in all:", kept.thread.turns.length);
}
