/** The model on loopback that the real server talks to, run as a process of its own. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { repository, required } from "./environment.js";

/** A running model server. */
export interface Model {
  /** What the server's configuration calls `base_url`. */
  readonly url: string;
  /** Opens a gate of the scenario for good. */
  readonly release: (gate: string) => Promise<void>;
  /** Ends it, and sees that it ended well. */
  readonly stop: () => Promise<void>;
}

/** Starts a model with a scenario: `echo`, or the name of one in the folder of scenarios. */
export async function startModel(scenario: string): Promise<Model> {
  const place =
    scenario === "echo" ? scenario : join(repository(), "tests/model", `${scenario}.toml`);
  const child = spawn(required("RPCSMITH_XTASK"), ["model-server", "--scenario", place], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, "line"), closed.then(() => null)]);
  assert.ok(first !== null, `the model server ended with ${child.exitCode}; its stderr says why`);
  const greeting: { url: string } = JSON.parse(String(first[0]));
  const control = `${greeting.url.replace(/\/v1$/, "")}/control`;
  return {
    url: greeting.url,
    release: async (gate) => {
      const response = await fetch(`${control}/release`, {
        method: "POST",
        headers: { "content-type": "application/json", connection: "close" },
        body: JSON.stringify({ gate }),
      });
      assert.ok(response.ok, `the model server answers ${response.status}`);
      await response.arrayBuffer();
    },
    stop: async () => {
      child.stdin.end();
      await closed;
      assert.equal(child.exitCode, 0);
    },
  };
}
