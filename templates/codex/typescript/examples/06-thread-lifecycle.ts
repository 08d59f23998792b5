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

async function isListed(codex: Codex, thread: Thread, archived = false): Promise<string> {
  // Others of that name may be there, from earlier runs.
  for await (const found of codex.threadListAll({ searchTerm: "Trees", archived })) {
    if (found.id === thread.id) return "yes";
  }
  return "no";
}

await using codex = await Codex.start();
let thread = await codex.threadStart({ cwd: "." });
await ask(thread, "Name a tree.");
await ask(thread, "Name another one.");

thread = await codex.threadResume(thread.id);
await thread.setName("Trees");
console.log("listed:", await isListed(codex, thread));
console.log("turns:", await countTurns(thread));

await codex.threadArchive(thread.id);
console.log("archived:", await isListed(codex, thread, true));
thread = await codex.threadUnarchive(thread.id);
console.log("still archived:", await isListed(codex, thread, true));

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
