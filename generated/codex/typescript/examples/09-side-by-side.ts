/** Several turns on one client: one after the other, and side by side. */

import { Codex } from "codex-app-server-sdk";

const QUESTIONS = ["What is red?", "What is blue?"];

await using codex = await Codex.start();

async function ask(question: string): Promise<string | null> {
  const thread = await codex.threadStart();
  const result = await thread.run(question);
  return result.finalResponse;
}

console.log("one after the other:");
for (const question of QUESTIONS) console.log(await ask(question));

console.log("side by side:");
const answers = QUESTIONS.map((question) => ask(`${question} Think about it.`));
for (const answer of await Promise.all(answers)) console.log(answer);
