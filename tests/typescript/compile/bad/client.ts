/** Clients: each marked line must not compile, and no other. */

import { AppServerClient, type AppServerConfig, TransportClosed } from "codex-app-server-sdk";

export const misspelt: AppServerConfig = { codexBinary: "/opt/codex" }; // error: no such setting
export const number: AppServerConfig = { defaultTimeoutMs: "5" }; // error: a text
export const handler: AppServerConfig = { handlers: { itemToolCal: () => null } }; // error: no such request

export async function use(client: AppServerClient): Promise<void> {
  client.handlers.itemToolCall = () => ({ success: true }); // error: an incomplete answer
  client.handlers.itemToolCall = ({ nonsense }) => ({ contentItems: [], success: nonsense }); // error: no such member
  client.handlers.itemFileChangeRequestApproval = () => ({ decision: null }); // error: a string
  client.handlers.itemFileChangeRequestApproval = () => undefined; // error: no answer
  client.pid = 5; // error: read-only
  client.serverInfo.userAgnt; // error: no such member
  await client.close({ timeoutMs: 5 }); // error: no options
  new AppServerClient(); // error: only start makes one
  new TransportClosed().exitcode; // error: no such member
}
