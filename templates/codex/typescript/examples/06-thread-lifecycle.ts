/** The life of a thread: started, used, found again, named, put away, copied, and cut short. */

import { Codex, type Thread } from "codex-app-server-sdk";

async function ask(thread: Thread, question: string): Promise<void> {
  const result = await thread.run(question);
  console.log(question, result.finalResponse);
}

async function countTurns(thread: Thread): Promise<number> {
  const kept = await thread.read({ includeTurns: true });
  return kept.thread.turns.length;
}

async function countArchived(codex: Codex): Promise<number> {
  const page = await codex.threadList({ archived: true });
  return page.data.length;
}

await using codex = await Codex.start();
let thread = await codex.threadStart({ cwd: "." });
await ask(thread, "Name a tree.");
await ask(thread, "Name another one.");

thread = await codex.threadResume(thread.id);
await thread.setName("Trees");
for (const found of (await codex.threadList()).data) console.log("listed:", found.name);
console.log("turns:", await countTurns(thread));

await codex.threadArchive(thread.id);
console.log("archived:", await countArchived(codex));
thread = await codex.threadUnarchive(thread.id);
console.log("still archived:", await countArchived(codex));

// The copy has a future of its own; what was said before is in both.
const copy = await codex.threadFork(thread.id);
await ask(copy, "Name a third one.");
console.log("turns of the copy:", await countTurns(copy));
console.log("turns of the first one:", await countTurns(thread));

// A summary takes the place of what was said so far; that is a turn of its own.
await using events = codex.client.notifications();
await copy.compact();
const completed = await events.waitFor("turn/completed");
console.log("compacted:", completed.params.turn.status);
