/** What compiles and what doesn't, with each compiler. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { shows } from "./support/results.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROGRAMS = join(ROOT, "tests/compile");
const COMPILERS = ["typescript", "typescript-next"];

/** The places of the errors that a compiler finds, as `file:line`. */
async function errors(compiler: string, project: string): Promise<string[]> {
  const tsc = join(ROOT, "node_modules", compiler, "bin/tsc");
  const output = await new Promise<string>((resolve) => {
    const args = [tsc, "--project", project, "--pretty", "false"];
    execFile(process.execPath, args, { cwd: PROGRAMS }, (_error, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });
  const found = new Set<string>();
  for (const line of output.split("\n")) {
    // What is indented goes on about the error above.
    if (line.trim() === "" || line.startsWith(" ")) continue;
    const place = /^(.+?)\((\d+),\d+\): error TS/.exec(line);
    assert.ok(place !== null, output);
    found.add(`${place[1]}:${place[2]}`);
  }
  return [...found].sort();
}

/** The marked lines of the programs that must not compile; a mark on its own is for the next one. */
function marked(): string[] {
  return readdirSync(join(PROGRAMS, "bad"))
    .flatMap((name) => {
      const lines = readFileSync(join(PROGRAMS, "bad", name), "utf8").split("\n");
      return lines.flatMap((line, index) =>
        line.includes("// error")
          ? [`bad/${name}:${index + (line.startsWith("// error") ? 2 : 1)}`]
          : [],
      );
    })
    .sort();
}

for (const compiler of COMPILERS) {
  describe(`with ${compiler}`, () => {
    shows("C27", `the marked lines have errors with ${compiler}, and no others`, async () => {
      const expected = marked();
      assert.ok(expected.length > 50);
      assert.deepEqual(await errors(compiler, "tsconfig.json"), expected);
    });

    test("good programs compile without Node's types and with looser settings", async () => {
      assert.deepEqual(await errors(compiler, "tsconfig.plain.json"), []);
    });
  });
}
