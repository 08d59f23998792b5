/**
 * Two hundred turns on one client, twenty at a time, on the real server: memory stays where it is.
 * In a file of its own, since the test runner gives each file a process, and what other tests take
 * would count as well.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type AppServerClient, TransportClosed } from "codex-app-server-sdk";
import { withServer } from "./support/server.js";

const TURNS = 200;
const AT_ONCE = 20;
/** After how many turns memory is looked at. */
const ROUND = 50;
/** After how many rounds that free nothing there is nothing left to free. */
const IDLE_ROUNDS = 5;

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/**
 * The bytes that this process's values take, once collecting garbage frees no more of them: what
 * waits to be cleaned up, as Node's own streams do, is freed in several rounds.
 *
 * Not what the system has given it: Node keeps that for a while after it has become free, and takes
 * more as it likes.
 */
async function held(): Promise<number> {
  let bytes = Number.POSITIVE_INFINITY;
  for (let idle = 0; idle < IDLE_ROUNDS; idle++) {
    await setImmediate();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    if (heapUsed + external >= bytes) continue;
    bytes = heapUsed + external;
    idle = 0;
  }
  return bytes;
}

async function turn(client: AppServerClient, threadId: string, number: number): Promise<void> {
  const said = `this is turn ${number}`;
  const input = [{ type: "text" as const, text: said }];
  const work = await client.turnStartStream({ threadId, input });
  let text = "";
  let status = "none";
  for await (const event of work) {
    if (event.method === "item/agentMessage/delta") text += event.params.delta;
    if (event.method === "turn/completed") status = event.params.turn.status;
  }
  assert.deepEqual([status, text], ["completed", said]);
}

async function readAll(client: AppServerClient): Promise<never> {
  for (;;) await client.nextNotification();
}

test("two hundred turns leave memory where it is", async () => {
  await withServer({}, async ({ client }) => {
    // Read to the end, since a queue that is still filling would pass for a leak.
    const reading = assert.rejects(readAll(client), TransportClosed);
    const starting = Array.from({ length: AT_ONCE }, () => client.threadStart());
    const threads = (await Promise.all(starting)).map(({ thread }) => thread.id);
    const after: number[] = [];
    let next = 0;
    for (let until = ROUND; until <= TURNS; until += ROUND) {
      const running = threads.map(async (thread) => {
        while (next < until) await turn(client, thread, next++);
      });
      await Promise.all(running);
      after.push(await held());
    }
    console.log(`bytes after each ${ROUND} turns: ${after.join(", ")}`);
    const [first = 0] = after;
    const last = after.at(-1) ?? Number.POSITIVE_INFINITY;
    assert.equal(after.length, TURNS / ROUND);
    assert.ok(last <= first * 1.05, "memory has grown by more than a twentieth");
    await client.close();
    await reading;
  });
});
