/** The convenience layer: threads, turns and logins. */

import {
  ApprovalMode,
  Codex,
  type Input,
  LocalImageInput,
  Sandbox,
  TextInput,
  type Thread,
  type ThreadStartOptions,
  TurnFailedError,
  type TurnResult,
} from "codex-app-server-sdk";

export const options: ThreadStartOptions = {
  approvalMode: null,
  sandbox: Sandbox.readOnly,
  cwd: "/tmp",
  model: null,
};
export const chosen: Sandbox = "workspaceWrite";
export const inputs: Input[] = [
  "text",
  TextInput("text"),
  ["text", LocalImageInput("/a.png"), { type: "text", text: "" }] as const,
];

export async function use(signal: AbortSignal): Promise<string | null> {
  await using codex = await Codex.start({ codexBin: "/opt/codex" });
  const thread: Thread = await codex.threadStart(options, { timeoutMs: null });
  for await (const { id } of codex.threadListAll({ limit: 5 })) await codex.threadArchive(id);
  const turn = await thread.turn("hello", { effort: "low", approvalMode: ApprovalMode.denyAll });
  for await (const event of turn.stream()) {
    if (event.method === "item/agentMessage/delta") return event.params.delta;
  }
  const delta = await turn.stream().waitFor("item/agentMessage/delta", { signal });
  await turn.steer(delta.params.delta);
  const result: TurnResult = await thread.run(inputs[0] ?? "", {}, { signal });
  try {
    result.raiseForStatus();
  } catch (error) {
    if (error instanceof TurnFailedError) return error.result.error?.message ?? null;
  }
  const login = await codex.loginChatgptDeviceCode();
  const { success } = await login.wait();
  return success ? result.finalResponse : login.userCode;
}
