/** Several turns on one client: one after the other, and side by side. */

import { Codex } from "codex-app-server-sdk";

const QUESTIONS = ["Why is grass green?", "Why is the sky blue?"];

await using codex = await Codex.start();

async function ask(question: string): Promise<string> {
  const thread = await codex.threadStart();
  const result = await thread.run(question);
  return `${question} ${result.finalResponse}`;
}

console.log("one after the other:");
for (const question of QUESTIONS) console.log(await ask(question));

console.log("side by side:");
for (const answer of await Promise.all(QUESTIONS.map(ask))) console.log(answer);
