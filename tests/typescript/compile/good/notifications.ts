/** Notifications: narrowed by their method, on their own, in streams and in listeners. */

import type { AppServerClient, ServerNotification } from "codex-app-server-sdk";
import type { Turn } from "codex-app-server-sdk/types";

export function event(notification: ServerNotification): string {
  switch (notification.method) {
    case "turn/started":
    case "turn/completed":
      return notification.params.turn.id;
    case "item/agentMessage/delta":
      return notification.params.delta;
    case "account/login/completed":
      return String(notification.params.success);
    case "$unknown":
      return notification.wireMethod + (notification.error?.message ?? "");
    default:
      return `${notification.method} ${notification.emittedAtMs ?? 0}`;
  }
}

export async function follow(client: AppServerClient): Promise<Turn> {
  const off = client.on("turn/completed", ({ params }) => params.turn.status);
  client.on("$unknown", ({ wireMethod }) => wireMethod.length);
  off();
  const work = await client.turnStartStream({ threadId: "t", input: [] }, { timeoutMs: 5 });
  const id: string | null = work.id;
  for await (const each of work) event(each);
  const again: ServerNotification | undefined = await work.subscribe().get({ timeoutMs: null });
  if (again !== undefined) event(again);
  event(await client.nextNotification());
  const { params } = await client.waitForTurnCompleted(id ?? work.result.turn.id);
  return params.turn;
}
