/** Which rules of the contract a test shows, and how that went. */

import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

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

function note(rule: string, name: string, passed: boolean): void {
  const folder = process.env["RPCSMITH_RESULTS"];
  if (folder === undefined) return;
  const line = { client: "typescript", rule, case: name, passed };
  appendFileSync(join(folder, "typescript.jsonl"), `${JSON.stringify(line)}\n`);
}
