/** C29: the package knows the server version its schema came from, and says when it meets another. */

import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  type AppServerClient,
  type LogEntry,
  SERVER_VERSION,
  type VersionMismatch,
} from "codex-app-server-sdk";
import { connect } from "./support/peers.js";
import { shows } from "./support/results.js";
import { withServer } from "./support/server.js";

const [MAJOR = 0, MINOR = 0, PATCH = 0] = SERVER_VERSION.split(".").map(Number);

interface Met {
  readonly client: AppServerClient;
  readonly told: VersionMismatch[];
  readonly levels: string[];
}

/** A peer that says of itself what is given. */
function script(userAgent: string): string {
  const info = { userAgent, codexHome: "/h", platformFamily: "unix", platformOs: "linux" };
  return `on.initialize = (m) => answer(m, ${JSON.stringify(info)});
     on.ping = (m) => answer(m, 1);`;
}

/** A client of such a peer. */
async function meet(userAgent: string): Promise<Met> {
  const told: VersionMismatch[] = [];
  const log: LogEntry[] = [];
  const { client } = await connect(script(userAgent), {
    onVersionMismatch: (mismatch) => told.push(mismatch),
    onLog: (entry) => log.push(entry),
  });
  const about = log.filter(({ message }) => message.includes("version"));
  return { client, told, levels: about.map(({ level }) => level) };
}

describe("the server's version", () => {
  shows("C29", "another version is told once", async () => {
    const older = [`${MAJOR}.${MINOR - 1}.99`, `${SERVER_VERSION}-alpha.7`, `${MAJOR}.9.${PATCH}`];
    const newer = [
      `${MAJOR}.${MINOR}.${PATCH + 1}`,
      `${MAJOR}.${MINOR * 10}.0-beta.1`,
      `${MAJOR + 1}.0.0`,
    ];
    for (const found of [...older, ...newer]) {
      const { client, told, levels } = await meet(`name/${found} (Debian 12) xterm (name; 1.2.3)`);
      const serverIs = older.includes(found) ? "older" : "newer";
      assert.equal(await client.request("ping"), 1);
      assert.deepEqual(told, [{ expected: SERVER_VERSION, found, serverIs }]);
      assert.deepEqual(levels, [serverIs === "older" ? "warn" : "info"]);
      assert.equal(client.serverVersion, found);
      await client.close();
    }
  });

  shows("C29", "versions are in order", async () => {
    const ascending = [
      "0.9.0",
      "0.10.0-alpha",
      "0.10.0-alpha.2",
      "0.10.0-alpha.10",
      "0.10.0-beta",
      "0.10.0",
      "0.10.1",
      "1.0.0",
    ];
    const entry = import.meta.resolve("codex-app-server-sdk");
    const { age }: { age: (found: string, expected: string) => string | null } = await import(
      new URL("runtime/version.js", entry).href
    );
    for (const [index, one] of ascending.entries()) {
      for (const [place, other] of ascending.entries()) {
        const expected = index < place ? "older" : index > place ? "newer" : "same";
        assert.equal(age(one, other), expected, `${one} ${other}`);
      }
    }
  });

  shows("C29", "the same version is no news", async () => {
    for (const found of [SERVER_VERSION, `${SERVER_VERSION}+build.5`]) {
      const { client, told, levels } = await meet(`a/strange name/${found} (Debian) xterm/9.9.9`);
      assert.deepEqual([client.serverVersion, told, levels], [found, [], ["debug"]]);
      await client.close();
    }
  });

  shows("C29", "what is no version is let pass", async () => {
    const cases: [string, string | null][] = [
      ["name/dev (Debian 12) xterm/9.9.9", "dev"],
      ["name/1.2 (x)", "1.2"],
      [`name/${SERVER_VERSION}- (x)`, `${SERVER_VERSION}-`],
      ["name/ (x)", ""],
      ["nothing", null],
    ];
    for (const [userAgent, found] of cases) {
      const { client, told, levels } = await meet(userAgent);
      assert.deepEqual([client.serverVersion, told, levels], [found, [], ["debug"]]);
      await client.close();
    }
  });

  shows("C29", "a hook that raises harms nothing", async () => {
    const log: LogEntry[] = [];
    const { client } = await connect(script("name/0.1.0 (x)"), {
      onVersionMismatch: () => {
        throw new Error("oops");
      },
      onLog: (entry) => log.push(entry),
    });
    assert.equal(await client.request("ping"), 1);
    assert.ok(log.some(({ level, error }) => level === "error" && String(error).includes("oops")));
    await client.close();
  });

  shows("C29", "the real server", async () => {
    const told: VersionMismatch[] = [];
    await withServer(
      { onVersionMismatch: (mismatch) => told.push(mismatch) },
      async ({ client }) => {
        assert.deepEqual([client.serverVersion, told], [SERVER_VERSION, []]);
      },
    );
  });
});
