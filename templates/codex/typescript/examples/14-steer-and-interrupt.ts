/** Having a say in a turn while it runs: steering it elsewhere, and ending it. */

import { Codex, type TurnHandle } from "codex-app-server-sdk";

async function waitForFirstWords(turn: TurnHandle): Promise<void> {
  await using events = turn.stream();
  const delta = await events.waitFor("item/agentMessage/delta");
  console.log("so far:", delta.params.delta);
}

await using codex = await Codex.start();
const thread = await codex.threadStart();

const steered = await thread.turn("Count to a million.");
await waitForFirstWords(steered);
await steered.steer("Stop at three.");
const answered = await steered.run();
console.log("steered:", answered.status);
console.log("answer:", answered.finalResponse);

const interrupted = await thread.turn("Count to a billion.");
await waitForFirstWords(interrupted);
await interrupted.interrupt();
const ended = await interrupted.run();
console.log("ended early:", ended.status);
