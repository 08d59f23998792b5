/** Every method that may be called without params, on the real server. */

import { test } from "node:test";
import type { AppServerClient, ClientRequests } from "codex-app-server-sdk";
import { withServer } from "./support/server.js";

/** The methods whose params are none, optional, or without a required member. */
type ArgumentFree = {
  [M in keyof ClientRequests]: undefined extends ClientRequests[M]["params"]
    ? M
    : Record<never, never> extends ClientRequests[M]["params"]
      ? M
      : never;
}[keyof ClientRequests];

type Call = (client: AppServerClient) => Promise<unknown>;

const CHATGPT = "needs a ChatGPT account, and asks the vendor's servers";
const RELAY = "connects to the vendor's relay, with a ChatGPT account";
const VERIFICATION = "this build has no provider of user verification";

/** How each is called, or why it gives no result offline. */
const METHODS: Record<ArgumentFree, Call | string> = {
  "account/bedrock/checkGovCloudRequirements": (client) =>
    client.accountBedrockCheckGovCloudRequirements(),
  "account/bedrock/discover": (client) => client.accountBedrockDiscover(),
  "account/gatewayOAuth/cancel": (client) => client.accountGatewayOAuthCancel(),
  "account/gatewayOAuth/login": "succeeds only by putting a token into the machine's keyring",
  "account/gatewayOAuth/read": (client) => client.accountGatewayOAuthRead(),
  "account/logout": (client) => client.accountLogout(),
  "account/rateLimits/read": CHATGPT,
  "account/read": (client) => client.accountRead(),
  "account/usage/read": CHATGPT,
  "account/workspaceMessages/read": CHATGPT,
  "app/installed": (client) => client.appInstalled(),
  "app/list": (client) => client.appList(),
  "collaborationMode/list": (client) => client.collaborationModeList(),
  "config/mcpServer/reload": (client) => client.configMcpServerReload(),
  "config/read": (client) => client.configRead(),
  "configRequirements/read": (client) => client.configRequirementsRead(),
  "experimentalFeature/list": (client) => client.experimentalFeatureList(),
  "externalAgentConfig/detect": (client) => client.externalAgentConfigDetect(),
  "externalAgentConfig/import/readHistories": (client) =>
    client.externalAgentConfigImportReadHistories(),
  "hooks/list": (client) => client.hooksList(),
  "marketplace/upgrade": (client) => client.marketplaceUpgrade(),
  "mcpServerStatus/list": (client) => client.mcpServerStatusList(),
  "memory/reset": (client) => client.memoryReset(),
  "memory/status": (client) => client.memoryStatus(),
  "mock/experimentalMethod": (client) => client.mockExperimentalMethod(),
  "model/list": (client) => client.modelList(),
  "modelProvider/capabilities/read": (client) => client.modelProviderCapabilitiesRead(),
  "permissionProfile/list": (client) => client.permissionProfileList(),
  "plugin/installed": (client) => client.pluginInstalled(),
  "plugin/list": (client) => client.pluginList(),
  "plugin/reconcile": (client) => client.pluginReconcile(),
  "plugin/share/list": CHATGPT,
  "project/list": (client) => client.projectList(),
  // Unless it is for this process alone, it needs an account.
  "remoteControl/disable": (client) => client.remoteControlDisable({ params: { ephemeral: true } }),
  "remoteControl/enable": RELAY,
  "remoteControl/pairing/start": RELAY,
  "remoteControl/pairing/status": RELAY,
  "remoteControl/status/read": (client) => client.remoteControlStatusRead(),
  "rollout/compress": (client) => client.rolloutCompress(),
  "server/diagnostics": (client) => client.serverDiagnostics(),
  "skills/list": (client) => client.skillsList(),
  "thread/list": (client) => client.threadList(),
  "thread/loaded/list": (client) => client.threadLoadedList(),
  "thread/realtime/listVoices": (client) => client.threadRealtimeListVoices(),
  "thread/start": (client) => client.threadStart(),
  "threadSection/list": (client) => client.threadSectionList(),
  "userVerification/delete": VERIFICATION,
  "userVerification/enroll": VERIFICATION,
  "userVerification/status": (client) => client.userVerificationStatus(),
  "windowsSandbox/readiness": (client) => client.windowsSandboxReadiness(),
};

test("every method without params answers with a result that the schema knows", async (t) => {
  await withServer({}, async ({ client }) => {
    for (const [method, call] of Object.entries(METHODS)) {
      if (typeof call === "string") continue;
      await t.test(method, async () => {
        await call(client);
      });
    }
  });
});
