/** The convenience layer: each marked line must not compile, and no other. */

import {
  ApprovalMode,
  Codex,
  type Input,
  Sandbox,
  TextInput,
  type Thread,
  type ThreadStartOptions,
  type TurnHandle,
} from "codex-app-server-sdk";

export const raw: ThreadStartOptions = { sandbox: "read-only" }; // error: the wire's word is no preset
export const mode: ThreadStartOptions = { approvalMode: "on-request" }; // error: nor is this
export const swapped: ThreadStartOptions = { approvalMode: Sandbox.readOnly }; // error: of another preset
export const policy: ThreadStartOptions = { approvalPolicy: "never" }; // error: the preset stands for it
export const nothing: ThreadStartOptions = { model: undefined }; // error: absent is not undefined
export const number: Input = 5; // error: no text
export const item: Input = { type: "txt", text: "" }; // error: no such item
export const list: Input = ["a", 5]; // error: no item
export const preset: Sandbox = Sandbox.readWrite; // error: no such choice

export async function use(codex: Codex, thread: Thread, turn: TurnHandle): Promise<void> {
  new Codex(); // error: only start makes one
  await codex.threadResume(); // error: which one
  await codex.threadStart({ sandboxPolicy: { type: "readOnly" } }); // error: that is for turns
  await codex.threadStart({ timeoutMs: 5 }); // error: it goes behind
  await codex.threadListAll({ cursor: "x" }).next(); // error: it goes through all of them
  await thread.run(); // error: about what
  await thread.run("x", { sandbox: "read-only" }); // error: the wire's word is no preset
  await thread.run("x", { threadId: thread.id }); // error: the thread knows
  await thread.run("x", { effort: 5 }); // error: a text
  (await thread.run("x")).finalResponse.length; // error: there may be none
  await turn.steer(TextInput(5)); // error: a text
  await turn.stream().waitFor("turn/complete"); // error: no such notification
  (await turn.stream().waitFor("item/agentMessage/delta")).params.text; // error: no such member
  thread.id = "x"; // error: read-only
  ApprovalMode.denyAll = "autoReview"; // error: read-only
}
