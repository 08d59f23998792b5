/** What came of the scenarios, for the table of rules and clients. */

import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** What this client is called. */
export const CLIENT = "typescript";

/** Notes what came of a case; `null`: it doesn't concern this client. */
export function note(name: string, passed: boolean | null): void {
  const folder = process.env["RPCSMITH_RESULTS"];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const line = { client: CLIENT, rule: name.slice(0, 3), case: name, passed };
  appendFileSync(join(folder, `${CLIENT}.jsonl`), `${JSON.stringify(line)}\n`);
}
