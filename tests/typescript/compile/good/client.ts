/** Clients: their settings, their handlers and their end. */

import {
  AppServerClient,
  type AppServerConfig,
  isRetryableError,
  JsonRpcError,
  type ServerRequestHandlers,
  TransportClosed,
} from "codex-app-server-sdk";

export const handlers: ServerRequestHandlers = {
  itemCommandExecutionRequestApproval: async ({ command }, { signal }) => {
    signal.throwIfAborted();
    return {
      decision:
        command === "ls"
          ? "accept"
          : { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["ls"] } },
    };
  },
  itemToolCall: ({ tool }) => ({
    contentItems: [{ type: "inputText", text: tool }],
    success: true,
  }),
};

export const config: AppServerConfig = {
  codexBin: "/opt/codex",
  configOverrides: { model: '"x"' },
  env: { A: "b" },
  retry: { attempts: 3, firstDelayMs: 10 },
  handlers,
  onUnknown: ({ kind, path }) => `${kind} ${path}`,
};

export async function use(): Promise<number | null> {
  await using client = await AppServerClient.start(config);
  client.handlers.itemToolCall = undefined;
  try {
    await client.modelList();
  } catch (error) {
    if (error instanceof TransportClosed) return error.exitCode;
    if (error instanceof JsonRpcError && !isRetryableError(error)) return error.code;
    throw error;
  }
  return client.pid;
}
