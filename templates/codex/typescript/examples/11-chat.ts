/** A chat on the terminal: answers appear while they are written. An empty line ends it. */

import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline";
import { Codex, type TurnHandle } from "codex-app-server-sdk";

const terminal = createInterface({ input: stdin });
const lines = terminal[Symbol.asyncIterator]();

async function ask(question: string): Promise<string> {
  stdout.write(question);
  const { done, value } = await lines.next();
  return done ? "" : value.trim();
}

async function show(turn: TurnHandle): Promise<void> {
  stdout.write("codex: ");
  let outcome = "";
  for await (const event of turn.stream()) {
    if (event.method === "item/agentMessage/delta") {
      stdout.write(event.params.delta);
    } else if (event.method === "thread/tokenUsage/updated") {
      const { last, total } = event.params.tokenUsage;
      outcome = `(${last.totalTokens} tokens, ${total.totalTokens} in all)`;
    } else if (event.method === "turn/completed" && event.params.turn.error) {
      outcome = `(failed: ${event.params.turn.error.message})`;
    }
  }
  console.log(`\n${outcome}`);
}

await using codex = await Codex.start();
const thread = await codex.threadStart();
for (let said = await ask("you: "); said !== ""; said = await ask("you: ")) {
  await show(await thread.turn(said));
}
console.log("goodbye");
terminal.close();
