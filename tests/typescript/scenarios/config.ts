/** The config of a scenario as the package's own settings. */

import type { AppServerConfig } from "codex-app-server-sdk";
import { isObject, type Json, type JsonObject, shown } from "./values.js";

const NAMES: Readonly<Record<string, keyof AppServerConfig>> = {
  default_timeout_ms: "defaultTimeoutMs",
  start_timeout_ms: "startTimeoutMs",
  close_grace_ms: "closeGraceMs",
  strict: "strict",
  queue_size: "queueSize",
  experimental_api: "experimentalApi",
  client_name: "clientName",
  client_title: "clientTitle",
  client_version: "clientVersion",
  config_overrides: "configOverrides",
  env: "env",
  cwd: "cwd",
};

/** Settings of the package. What they hold is the scenario's responsibility. */
export function settingsOf(config: JsonObject): AppServerConfig {
  const { retry, ...rest } = config;
  const settings = Object.entries(rest).map(([name, value]): [string, Json] => {
    const setting = NAMES[name];
    if (setting === undefined) throw new Error(`config: there is no ${name}`);
    return [setting, value];
  });
  return {
    ...Object.fromEntries(settings),
    ...(retry === undefined ? {} : { retry: retryOf(retry) }),
  };
}

/** How often to try, and how long to wait. */
export function retryOf(retry: Json): {
  attempts?: number;
  firstDelayMs?: number;
  maxDelayMs?: number;
} {
  if (!isObject(retry)) throw new Error(`retry: expected an object, found ${shown(retry)}`);
  const { attempts, delay_ms, max_delay_ms } = retry;
  return {
    ...(typeof attempts === "number" ? { attempts } : {}),
    ...(typeof delay_ms === "number" ? { firstDelayMs: delay_ms } : {}),
    ...(typeof max_delay_ms === "number" ? { maxDelayMs: max_delay_ms } : {}),
  };
}
