/** Params: what may be left out, what may be null, and what a later server may know. */

import { type AppServerClient, unknownVariant } from "codex-app-server-sdk";
import {
  type AskForApproval,
  type ThreadListParams,
  type ThreadStartParams,
  TurnStatus,
  type TurnStartParams,
  type UserInput,
} from "codex-app-server-sdk/types";

export const smell: UserInput = unknownVariant("type", "smell", { type: "smell" });
export const start: TurnStartParams = { threadId: "t", input: [smell], cwd: null };
export const effort: TurnStartParams = { ...start, effort: "an effort of a later server" };
export const status: TurnStatus = TurnStatus.inProgress;
export const later: TurnStatus = "a status of a later server";
export const absent: ThreadListParams = {};
export const empty: ThreadListParams = { sectionId: null };
export const given: ThreadListParams = { sectionId: "s", cwd: ["/a", "/b"] };
export const images: UserInput[] = [
  { type: "image", url: "u" },
  { type: "image", fileId: "f" },
];
export const policies: AskForApproval[] = [
  "never",
  { granular: { mcp_elicitations: true, rules: true, sandbox_approval: false } },
  unknownVariant("type", "sometimes", "sometimes"),
];
export const config: ThreadStartParams = { config: { anything: [1, "two", null] } };

export async function calls(client: AppServerClient): Promise<void> {
  await client.threadStart();
  await client.threadStart({}, { timeoutMs: null });
  await client.turnStart(start, { signal: new AbortController().signal });
  await client.accountLogout();
  await client.accountLogout({ timeoutMs: 5_000 });
  await client.accountUsageRead();
  await client.accountUsageRead({ params: { threadId: "t" }, timeoutMs: 5_000 });
  const fresh: unknown = await client.request("novel/method", { a: 1 });
  if (typeof fresh === "string") await client.notify("novel/thing", fresh);
}
