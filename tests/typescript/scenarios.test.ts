/** Every scenario of `tests/scenarios`, played by this client. */

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { PATIENCE_MS } from "./scenarios/patience.js";
import { run } from "./scenarios/player.js";
import { readScenario } from "./scenarios/program.js";
import { repository } from "./support/environment.js";
import { CLIENT, note } from "./support/results.js";

const SCENARIOS = join(repository(), "tests/scenarios");

/** How many are played at the same time: they mostly wait. */
const AT_ONCE = availableParallelism() + 1;

const only = (process.env["RPCSMITH_ONLY"] ?? "").split(",").filter((name) => name !== "");
const found = new Set<string>();

/** What this process holds open: handles of its loop, and descriptors where they can be counted. */
function held(): string {
  const handles = process.getActiveResourcesInfo().filter((kind) => {
    return kind !== "Immediate" && !kind.endsWith("Req");
  });
  const folder = "/proc/self/fd";
  const descriptors = existsSync(folder) ? readdirSync(folder).length : 0;
  return `${handles.sort().join(" ")}, ${descriptors} descriptors`;
}

const HELD = held();

/** Registers a test for each scenario of a folder. */
function playFolder(folder: string): void {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  for (const file of files.sort()) {
    const name = file.replace(/\.json$/, "");
    if (only.length > 0 && !only.includes(name)) continue;
    found.add(name);
    test(name, (context) => playFile(join(folder, file), name, (why) => context.skip(why)));
  }
}

async function playFile(path: string, name: string, skip: (why: string) => void): Promise<void> {
  let passed: boolean | null = false;
  try {
    const scenario = readScenario(path);
    if (scenario.clients !== null && !scenario.clients.only.includes(CLIENT)) {
      passed = null;
      skip(scenario.clients.because);
      return;
    }
    await run(scenario);
    passed = true;
  } finally {
    note(name.slice(0, 3), name, passed);
  }
}

describe("scenarios", { concurrency: AT_ONCE }, () => playFolder(SCENARIOS));

describe("scenarios of the real server", { concurrency: AT_ONCE }, () => {
  playFolder(join(SCENARIOS, "real"));
});

test("nothing of the clients is left in this process", async () => {
  const until = performance.now() + PATIENCE_MS;
  while (held() !== HELD && performance.now() < until) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(held(), HELD);
});

test("the scenarios that were asked for are there", () => {
  assert.deepEqual(
    only.filter((name) => !found.has(name)),
    [],
  );
});
