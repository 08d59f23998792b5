/** Notifications: each marked line must not compile, and no other. */

import type { AppServerClient, ServerNotification } from "codex-app-server-sdk";

export function event(notification: ServerNotification): string {
  if (notification.method === "turn/completed") return notification.params.delta; // error: no such member
  if (notification.method === "turn/finished") return ""; // error: no such method
  if (notification.method === "$unknown") return notification.params.delta; // error: unknown
  return notification.params.delta; // error: not narrowed
}

export async function follow(client: AppServerClient): Promise<void> {
  client.on("turn/finished", () => undefined); // error: no such notification
  client.on("account/loginCompleted", () => undefined); // error: another name of it
  client.on("turn/completed", (each) => each.params.delta); // error: no such member
  const work = await client.turnStartStream({ threadId: "t" }); // error: no input
  for await (const each of work) each.params.turn; // error: not narrowed
  const next = await work.get();
  next.method; // error: it may be the end
  for (const each of work) event(each); // error: not without await
  work.result = { turn: work.result.turn }; // error: read-only
}
