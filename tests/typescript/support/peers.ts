/** Scripted peers: small programs that stand in for the server, and a client connected to them. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { AppServerClient, type AppServerConfig, type Unknown } from "codex-app-server-sdk";

const PRELUDE = new URL("../../../tests/peers/prelude.mjs", import.meta.url).href;
const NAMES =
  "answer, ask, delta, done, fail, greet, model, models, notice, on, send, started, thread, turn, write";

/** The command that runs a peer; `script` fills in the table `on`. */
export function peer(script: string): string[] {
  return [
    process.execPath,
    "--input-type=module",
    "-e",
    `import { ${NAMES} } from ${JSON.stringify(PRELUDE)};\n${script}`,
  ];
}

/** A client of a scripted peer, and what its hook was told. */
export async function connect(
  script: string,
  config: AppServerConfig = {},
): Promise<{ client: AppServerClient; unknowns: Unknown[] }> {
  const unknowns: Unknown[] = [];
  const client = await AppServerClient.start({
    launchArgsOverride: peer(script),
    onUnknown: (unknown) => unknowns.push(unknown),
    closeGraceMs: 500,
    ...config,
  });
  return { client, unknowns };
}

/** A promise, and the function that settles it. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether anything of a process group still runs. What is dead and not yet reaped doesn't count. */
function isGroupAlive(group: number): boolean {
  if (process.platform !== "linux") return isAlive(-group);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const [state, , pgrp] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return Number(pgrp) === group && state !== "Z";
      } catch {
        return false;
      }
    });
}

/** Waits until a group is gone, which takes a moment after its members were told to end. */
export async function isGroupGone(group: number): Promise<boolean> {
  assert.ok(group > 1);
  const until = performance.now() + 5_000;
  while (isGroupAlive(group)) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return true;
}
