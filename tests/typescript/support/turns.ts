/** Turns: how they are begun, and what is to be learnt from their events. */

import assert from "node:assert/strict";
import type { AppServerClient, ServerNotification } from "codex-app-server-sdk";
import type { Thread, ThreadItem, Turn, UserInput } from "codex-app-server-sdk/types";

/** What a person says. */
export function say(text: string): UserInput[] {
  return [{ type: "text", text }];
}

/** Begins a thread. */
export async function begin(client: AppServerClient): Promise<Thread> {
  return (await client.threadStart({ ephemeral: true })).thread;
}

/** Runs a whole turn in a thread of its own, and gives its events. */
export async function run(client: AppServerClient, text: string): Promise<ServerNotification[]> {
  const { id } = await begin(client);
  return all(await client.turnStartStream({ threadId: id, input: say(text) }));
}

/** Everything that is still to come. */
export async function all(
  stream: AsyncIterable<ServerNotification>,
): Promise<ServerNotification[]> {
  const events: ServerNotification[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** Takes events up to the next delta, and gives its text. */
export async function nextDelta(
  stream: { get: () => Promise<ServerNotification | undefined> },
  seen: ServerNotification[],
): Promise<string> {
  for (let event = await stream.get(); event !== undefined; event = await stream.get()) {
    seen.push(event);
    if (event.method === "item/agentMessage/delta") return event.params.delta;
  }
  throw new Error("the turn has ended");
}

/** The assistant's text, put together from the deltas. */
export function textOf(events: readonly ServerNotification[]): string {
  return events
    .map((event) => (event.method === "item/agentMessage/delta" ? event.params.delta : ""))
    .join("");
}

/** The items that were completed. */
export function itemsOf(events: readonly ServerNotification[]): ThreadItem[] {
  return events.flatMap((event) => (event.method === "item/completed" ? [event.params.item] : []));
}

/** The turn as the last event tells it. Checks that it has one beginning and one end. */
export function endOf(events: readonly ServerNotification[]): Turn {
  const first = events[0];
  const last = events.at(-1);
  assert.ok(first?.method === "turn/started");
  assert.ok(last?.method === "turn/completed");
  assert.equal(first.params.turn.id, last.params.turn.id);
  assert.equal(events.filter(({ method }) => method === "turn/completed").length, 1);
  assert.ok(events.every(({ method }) => method !== "$unknown"));
  return last.params.turn;
}
