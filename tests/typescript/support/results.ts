/** Which rules of the contract a test shows, and how that went. */

import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

/** What this client is called. */
export const CLIENT = "typescript";

/**
 * A test that shows a rule. If `RPCSMITH_RESULTS` names a folder, how it went is noted there, in
 * the form that `tests/scenarios/README.md` describes.
 */
export function shows(rule: string, name: string, check: () => Promise<void>): void {
  test(name, async () => {
    let passed = false;
    try {
      await check();
      passed = true;
    } finally {
      note(rule, `${rule}-${name.replaceAll(/[ ,]+/g, "-")}`, passed);
    }
  });
}

/** Notes how a case went; `null`: it doesn't concern this client. */
export function note(rule: string, name: string, passed: boolean | null): void {
  const folder = process.env["RPCSMITH_RESULTS"];
  if (folder === undefined) return;
  const line = { client: CLIENT, rule, case: name, passed };
  appendFileSync(join(folder, "typescript.jsonl"), `${JSON.stringify(line)}\n`);
}
