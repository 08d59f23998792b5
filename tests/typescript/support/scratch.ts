/** Folders for tests, which are gone when the program ends. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];

/** A new, empty folder. */
export function scratch(): string {
  if (folders.length === 0) process.once("exit", clear);
  const folder = mkdtempSync(join(tmpdir(), "sdk-"));
  folders.push(folder);
  return folder;
}

function clear(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
