/** The real server, in a home of its own and with a model on loopback. */

import assert from "node:assert/strict";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppServerClient, type AppServerConfig, Codex, type Unknown } from "codex-app-server-sdk";
import { required } from "./environment.js";
import { type Model, startModel } from "./model.js";
import { isGroupGone } from "./peers.js";
import { scratch } from "./scratch.js";

const NOWHERE = "http://127.0.0.1:1";

/** What a test wants otherwise. */
export interface Options extends AppServerConfig {
  /** What the model says; `echo` if left out. */
  scenario?: string;
  /** When the server asks before it runs something; `never` if left out. */
  approvalPolicy?: string;
  /** What commands may touch; `read-only` if left out. */
  sandboxMode?: string;
  /** Features of the server that aren't on by themselves. */
  features?: readonly string[];
}

/** What is around a server. */
interface Around {
  readonly model: Model;
  /** The server's `CODEX_HOME`. */
  readonly home: string;
  /** The directory that the server runs in. */
  readonly work: string;
}

/** A client of the real server, and what is around it. */
export interface Place extends Around {
  readonly client: AppServerClient;
}

/** The convenience layer over such a client. */
export interface CodexPlace extends Around {
  readonly codex: Codex;
}

/** Runs `use` with a strict client of a fresh server. */
export function withServer(options: Options, use: (place: Place) => Promise<void>): Promise<void> {
  return withStarted(options, async (config, around) => {
    const client = await AppServerClient.start(config);
    return { client, done: use({ client, ...around }) };
  });
}

/** The same with the convenience layer. */
export function withCodex(
  options: Options,
  use: (place: CodexPlace) => Promise<void>,
): Promise<void> {
  return withStarted(options, async (config, around) => {
    const codex = await Codex.start(config);
    return { client: codex.client, done: use({ codex, ...around }) };
  });
}

/**
 * Starts a server and uses it; then ends everything, sees that it has ended, and that nothing came
 * that the schema doesn't know.
 */
async function withStarted(
  options: Options,
  begin: (
    config: AppServerConfig,
    around: Around,
  ) => Promise<{ client: AppServerClient; done: Promise<void> }>,
): Promise<void> {
  const { scenario, approvalPolicy, sandboxMode, features, ...config } = options;
  // Where the folder for temporary files is a link, the server tells what it leads to.
  const root = realpathSync(scratch());
  const home = join(root, "codex-home");
  const work = join(root, "work");
  mkdirSync(home);
  mkdirSync(work);
  const model = await startModel(scenario ?? "echo");
  try {
    writeFileSync(join(home, "config.toml"), configuration(model.url, options));
    const unknowns: Unknown[] = [];
    const settings: AppServerConfig = {
      codexBin: required("RPCSMITH_CODEX_BIN"),
      cwd: work,
      env: environment(home),
      clientName: "rpcsmith_tests",
      clientTitle: "Tests of rpcsmith",
      clientVersion: "0",
      strict: true,
      onUnknown: (unknown) => unknowns.push(unknown),
      ...config,
    };
    const { client, done } = await begin(settings, { model, home, work });
    const { pid } = client;
    try {
      await done;
    } finally {
      await client.close();
    }
    assert.ok(pid !== null && (await isGroupGone(pid)));
    assert.deepEqual(unknowns, []);
  } finally {
    await model.stop();
  }
}

function configuration(url: string, options: Options): string {
  const { approvalPolicy = "never", sandboxMode = "read-only", features = [] } = options;
  return `
model = "mock-model"
approval_policy = ${JSON.stringify(approvalPolicy)}
sandbox_mode = ${JSON.stringify(sandboxMode)}
model_provider = "mock"

[model_providers.mock]
name = "Mock"
base_url = ${JSON.stringify(url)}
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
supports_websockets = false

[features]
${features.map((name) => `${name} = true`).join("\n")}
`;
}

/**
 * The environment in which the server is fit for tests.
 *
 * It looks for plugins on the internet when it starts. It, and the git that it runs, are told to go
 * through a proxy where nobody listens, except for what is on loopback.
 */
export function environment(home: string): Record<string, string> {
  const proxies: Record<string, string> = { no_proxy: "127.0.0.1,localhost" };
  for (const name of ["http_proxy", "https_proxy", "all_proxy"]) proxies[name] = NOWHERE;
  const upper = Object.entries(proxies).map(([name, value]) => [name.toUpperCase(), value]);
  return {
    ...proxies,
    ...Object.fromEntries(upper),
    CODEX_HOME: home,
    // Else the user's shell profiles, skills and other agents' settings have a say.
    HOME: home,
    CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG: "1",
    RUST_LOG: "warn",
    OPENAI_API_KEY: "",
  };
}
