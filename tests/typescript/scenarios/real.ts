/** The real server in a home of its own, with a model on loopback, behind a tap that notes its lines. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { repository, required } from "../support/environment.js";
import { type Model, startModel } from "../support/model.js";
import { scratch } from "../support/scratch.js";
import { environment } from "../support/server.js";
import { program } from "./peer.js";
import type { Server } from "./server.js";
import { isObject, type Json, type JsonObject, shown } from "./values.js";
import { readLog, unlikeEvents, unlikeResults } from "./wire.js";

/** The pinned server, as the scenario wants it. */
export async function realServer(wanted: JsonObject): Promise<Server> {
  // Where the folder for temporary files is a link, the server tells what it leads to.
  const folder = realpathSync(scratch());
  const root = join(folder, "root");
  const home = join(folder, "home");
  const model = await modelOf(wanted["model"]);
  mkdirSync(root);
  mkdirSync(home);
  writeFileSync(join(home, "config.toml"), configuration(wanted, model?.url));
  const logs: string[] = [];
  const results: [method: string, result: Json][] = [];
  const events = new Map<string, JsonObject[]>();
  const pids = () => logs.filter(existsSync).flatMap((log) => readLog(log).pid ?? []);
  let isStopped = model === null;
  return {
    saved: { root, home, repo: repository(), python: python() },
    settings: (settings) => {
      const log = join(folder, `${logs.length}.jsonl`);
      const command = ["tap", "--log", log, "--", required("RPCSMITH_CODEX_BIN")];
      const path = join(folder, `server-${logs.length}`);
      const codexBin = program(path, [required("RPCSMITH_XTASK"), ...command]);
      logs.push(log);
      return { codexBin, cwd: root, ...settings, env: { ...environment(home), ...settings.env } };
    },
    leaders: pids,
    signal: (_, name) => {
      const pid = pids().at(-1);
      assert.ok(pid !== undefined, "the tap has not said which process the server is");
      process.kill(pid, name);
    },
    release: async (gate) => {
      if (!isStopped) await model?.release(gate);
    },
    stopModel: async () => {
      assert.ok(!isStopped, "there is no model that could be stopped");
      isStopped = true;
      await model?.stop();
    },
    onResult: (method, result) => results.push([method, result]),
    onEvent: (stream, event) => events.set(stream, [...(events.get(stream) ?? []), event]),
    verdict: () => {
      const path = logs.at(-1);
      if (path === undefined || !existsSync(path)) return [];
      const log = readLog(path);
      const unlike = [...events].flatMap(([stream, taken]) => unlikeEvents(log, stream, taken));
      return [...unlikeResults(log, results), ...unlike];
    },
    dispose: async () => {
      if (!isStopped) await model?.stop();
    },
  };
}

async function modelOf(name: Json | undefined): Promise<Model | null> {
  if (name === undefined) return null;
  if (typeof name !== "string") throw new Error(`model: expected a name, found ${shown(name)}`);
  return startModel(name);
}

/** The server's `config.toml`. */
function configuration(wanted: JsonObject, model: string | undefined): string {
  const { home, toml = "" } = wanted;
  const keys: JsonObject = {
    model: "mock-model",
    approval_policy: "never",
    sandbox_mode: "read-only",
    ...(isObject(home) ? home : {}),
  };
  if (model !== undefined) keys["model_provider"] = "mock";
  const top = Object.entries(keys).map(([key, value]) => {
    if (value === null || isObject(value)) throw new Error(`home.${key}: tables belong into toml`);
    // What these are is written alike in JSON and in TOML.
    return `${key} = ${JSON.stringify(value)}`;
  });
  const provider = model === undefined ? "" : providerAt(model);
  return `${top.join("\n")}\n\n${provider}\n${String(toml)}\n`;
}

function providerAt(url: string): string {
  return `[model_providers.mock]
name = "Mock"
base_url = ${JSON.stringify(url)}
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
supports_websockets = false
`;
}

/** A Python. */
function python(): string {
  const name = process.platform === "win32" ? "python.exe" : "python3";
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(existsSync);
  const folder = folders.find((place) => readdirSync(place).includes(name));
  return folder === undefined ? name : join(folder, name);
}
