/** C30: importing the package loads no description of a type that isn't used. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { shows } from "./support/results.js";

const ROOT = fileURLToPath(import.meta.resolve("codex-app-server-sdk"));

/** All modules that are loaded with one: those that it imports, and theirs. */
function loaded(first: string): Set<string> {
  const found = new Set([first]);
  for (const path of found) {
    const text = readFileSync(path, "utf8");
    for (const [, name] of text.matchAll(
      /^(?:import|export)\b[^;]*?["'](\.{1,2}\/[^"']+)["'];/gm,
    )) {
      if (name !== undefined) found.add(join(dirname(path), name));
    }
  }
  return found;
}

shows("C30", "importing the package loads no descriptors", async () => {
  const names = [...loaded(ROOT)].map((path) => relative(dirname(ROOT), path));
  assert.ok(names.includes(join("runtime", "link.js")), names.join(", "));
  const descriptors = names.filter((name) => name.startsWith("descriptors"));
  assert.deepEqual(descriptors, [join("descriptors", "index.js")]);
});
