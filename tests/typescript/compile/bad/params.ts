/** Params: each marked line must not compile, and no other. */

import type { AppServerClient } from "codex-app-server-sdk";
import type {
  AskForApproval,
  ThreadStartParams,
  TurnStartParams,
  TurnStatus,
  UserInput,
} from "codex-app-server-sdk/types";

export const missing: TurnStartParams = { threadId: "t" }; // error: no input
export const wrong: ThreadStartParams = { modle: "x" }; // error: no such member
export const nothing: ThreadStartParams = { cwd: undefined }; // error: absent is not undefined
export const never: ThreadStartParams = { experimentalRawEvents: null }; // error: absent, but not null
export const required: TurnStartParams = { threadId: "a", input: null }; // error: neither
export const text: TurnStartParams = { threadId: 5, input: [] }; // error: a number
export const kind: UserInput = { type: "image" }; // error: neither url nor fileId
export const tag: UserInput = { type: "txt", text: "" }; // error: no such arm
export const mode: AskForApproval = "sometimes"; // error: no such string
export const status: TurnStatus = 5; // error: a string

export async function calls(client: AppServerClient): Promise<void> {
  await client.turnStart(); // error: params are required
  await client.turnStart({ threadId: "t", input: [], modell: "x" }); // error: no such member
  await client.accountLogout({ timeout: 5 }); // error: no such option
  await client.accountLogout({ params: 1 }); // error: it takes no params
  await client.accountUsageRead({ threadId: "t" }); // error: they are called params
  await client.threadStrat(); // error: no such method
  await client.modelList({ limit: "5" }); // error: a text
  const fresh: string = await client.request("novel/method"); // error: unknown
  await client.notify(fresh.length); // error: a number
}
