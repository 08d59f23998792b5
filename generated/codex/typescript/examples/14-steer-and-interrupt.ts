/** Having a say in a turn while it runs: steering it elsewhere, and ending it. */

import { Codex, JsonRpcError, type TurnHandle } from "codex-app-server-sdk";

async function waitForFirstWords(turn: TurnHandle): Promise<void> {
  await using events = turn.stream();
  const delta = await events.waitFor("item/agentMessage/delta");
  console.log("so far:", delta.params.delta);
}

/** Both are refused if the turn has ended by now. */
function tooLate(error: unknown): void {
  if (!(error instanceof JsonRpcError)) throw error;
  console.log("too late:", error.message);
}

await using codex = await Codex.start();
const thread = await codex.threadStart();

const steered = await thread.turn("Count to a million.");
await waitForFirstWords(steered);
await steered.steer("Stop at three.").catch(tooLate);
const answered = await steered.run();
console.log("status:", answered.status);
console.log("answer:", answered.finalResponse);

const interrupted = await thread.turn("Count to a billion.");
await waitForFirstWords(interrupted);
await interrupted.interrupt().catch(tooLate);
const ended = await interrupted.run();
console.log("status:", ended.status);
