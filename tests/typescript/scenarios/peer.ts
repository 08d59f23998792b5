/** The scripted peer: how it is started, and what it reports. */

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { required } from "../support/environment.js";
import { scratch } from "../support/scratch.js";
import type { Server } from "./server.js";
import { type JsonObject, shown } from "./values.js";

/** A peer that plays the scenario in the file `path`, anew for each start of a client. */
export function scriptedPeer(path: string): Server {
  const folder = scratch();
  const reports: string[] = [];
  return {
    saved: {},
    settings: (settings) => {
      const report = join(folder, `${reports.length}.jsonl`);
      reports.push(report);
      const command = [required("RPCSMITH_XTASK"), "peer", "--scenario", path, "--report", report];
      return { codexBin: program(join(folder, "peer"), command), ...settings };
    },
    leaders: () =>
      reports.flatMap(linesOf).flatMap(({ pid }) => (Number(pid) > 1 ? [Number(pid)] : [])),
    signal: (client, name) => {
      assert.ok(client.pid !== null, "the server has no process");
      process.kill(client.pid, name);
    },
    release: async () => {},
    stopModel: () => Promise.reject(new Error("a scripted peer has no model")),
    onResult: () => {},
    onEvent: () => {},
    verdict: () => reports.flatMap(verdictOn),
    dispose: async () => {},
  };
}

/**
 * A program that is this command, with whatever arguments it is given: so that the client starts it
 * as it would start the real server.
 */
export function program(path: string, command: readonly string[]): string {
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  writeFileSync(path, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  return path;
}

function linesOf(report: string): readonly JsonObject[] {
  if (!existsSync(report)) return [];
  return readFileSync(report, "utf8").split("\n").flatMap(parsed);
}

/** The entry in a line. A peer that was killed may have left half of one. */
function parsed(line: string): readonly JsonObject[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

function verdictOn(report: string): readonly string[] {
  const lines = linesOf(report);
  const failed = lines.flatMap(({ failed }) => (failed === undefined ? [] : [failed]));
  if (failed.length > 0) return failed.map((why) => `the peer: ${String(why)}`);
  if (lines.some(({ done }) => done === true)) return [];
  const last = lines.findLast(({ step }) => step !== undefined);
  return [`the peer's script was not played to its end; last step done: ${shown(last?.["step"])}`];
}
