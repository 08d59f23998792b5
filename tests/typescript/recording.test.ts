/** C26: logs, and recordings of the traffic with secrets left out. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "node:test";
import { fileURLToPath } from "node:url";
import { AppServerClient, type LogEntry, StartError, TransportClosed } from "codex-app-server-sdk";
import { connect, peer } from "./support/peers.js";
import {
  API_KEY,
  clientSays,
  entries,
  type Line,
  record,
  said,
  serverSays,
  turn,
} from "./support/recordings.js";
import { shows } from "./support/results.js";
import { scratch } from "./support/scratch.js";
import { withServer } from "./support/server.js";

function sorted(lines: readonly Line[]): string[] {
  return lines.map((line) => JSON.stringify(line)).sort();
}

describe("a recording", () => {
  shows("C26", "a turn of the real server is recorded and replayed", async () => {
    const [path, again] = [join(scratch(), "r.jsonl"), join(scratch(), "again.jsonl")];
    let first: unknown[] = [];
    await withServer({ scenario: "text", recordTo: path }, async ({ client }) => {
      first = await turn(client);
    });
    assert.ok(first.length > 15);
    const text = readFileSync(path, "utf8");
    assert.ok(!text.includes(API_KEY));
    assert.ok(text.includes('"apiKey":"[redacted]"'));
    const client = await AppServerClient.start({
      codexBin: "/nowhere/codex",
      clientName: "rpcsmith_tests",
      clientTitle: "Tests of rpcsmith",
      clientVersion: "0",
      strict: true,
      replayFrom: path,
      recordTo: again,
    });
    assert.equal(client.pid, null);
    assert.deepEqual(await turn(client), first);
    await client.close();
    assert.deepEqual(sorted(said(again)), sorted(said(path)));
  });

  shows("C26", "every line is recorded in order without its secrets", async () => {
    const secrets = {
      apiKey: "s1",
      nested: [{ accessToken: { x: "s2" }, token: null, tokens: 7 }],
    };
    const hidden = {
      apiKey: "[redacted]",
      nested: [{ accessToken: "[redacted]", token: null, tokens: 7 }],
    };
    const path = join(scratch(), "r.jsonl");
    writeFileSync(path, "what was there before\n", { mode: 0o644 });
    const { client } = await connect(
      `on["odd/call"] = async (call) => {
         write("no json\\n");
         process.stdout.write(Buffer.from('{"x": "\\xff"}\\n', "latin1"));
         write('{"apiKey": "s3\\n');
         write('  {"method": "odd/event",  "params": {"n": 1.50, "big": 12345678901234567890, "token": null}}\\r\\n');
         write('{"method": "odd/event", "params": {"\\\\u0061piKey": "s4", "__proto__": 1}}\\n');
         await ask("q", "odd/ask", ${JSON.stringify(secrets)});
         answer(call, ${JSON.stringify(secrets)});
       };`,
      { recordTo: path },
    );
    assert.deepEqual(await client.request("odd/call", secrets), secrets);
    await client.close();
    const text = readFileSync(path, "utf8");
    for (const secret of ["s1", "s2", "s3", "s4"]) assert.ok(!text.includes(`${secret}"`), text);
    const lines = said(path);
    const server = Array.from({ length: 6 }, () => "server");
    assert.deepEqual(
      lines.map(({ from }) => from),
      ["client", "server", "client", "client", ...server, "client", "server"],
    );
    assert.deepEqual(lines[3]?.message?.params, hidden);
    assert.deepEqual(
      lines.slice(4, 7).map(({ line }) => line),
      ["no json", '{"x": "\ufffd"}', "[redacted]"],
    );
    // To the letter, where there is nothing to hide.
    const letter = `"message":{"method": "odd/event",  "params": {"n": 1.50, "big": 12345678901234567890, "token": null}}}\n`;
    assert.ok(text.includes(letter), text);
    assert.ok(text.includes('"params":{"apiKey":"[redacted]","__proto__":1}'), text);
    assert.deepEqual(lines[9]?.message?.params, hidden);
    assert.equal(lines[10]?.message?.id, "q");
    assert.deepEqual(lines[11]?.message?.result, hidden);
    const times = entries(path).map(({ at }) => at ?? Number.NaN);
    assert.ok(times.every(Number.isInteger));
    assert.deepEqual(times, [...times].sort());
    if (process.platform !== "win32") assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  shows("C26", "a file that cannot be made is an error before anything starts", async () => {
    const place = scratch();
    const recordTo = join(place, "no-such-folder", "r.jsonl");
    const script = `(await import("node:fs")).writeFileSync(${JSON.stringify(join(place, "started"))}, "");`;
    await assert.rejects(connect(script, { recordTo }), (error: unknown) => {
      assert.ok(error instanceof StartError && error.message.includes(recordTo), String(error));
      return true;
    });
    assert.ok(!existsSync(join(place, "started")));
  });

  if (existsSync("/dev/full")) {
    shows("C26", "a full disk harms nothing and is logged once", async () => {
      const { mode } = statSync("/dev/full");
      const log: LogEntry[] = [];
      const { client } = await connect("on.ping = (m) => answer(m, 1);", {
        recordTo: "/dev/full",
        onLog: (entry) => log.push(entry),
      });
      for (let n = 0; n < 50; n += 1) assert.equal(await client.request("ping"), 1);
      await client.close();
      const told = log.filter(({ message }) => message.includes("/dev/full"));
      assert.deepEqual(
        told.map(({ level, message }) => [level, message]),
        [["error", "the recording /dev/full ends here"]],
      );
      assert.match(String(told[0]?.error), /ENOSPC/);
      assert.equal(statSync("/dev/full").mode, mode);
    });
  }

  shows("C26", "the recording is whole when the server dies", async () => {
    const path = join(scratch(), "r.jsonl");
    const { client } = await connect("on.last = () => process.exit(3);", { recordTo: path });
    await assert.rejects(client.request("last"), TransportClosed);
    await client.close();
    assert.equal(said(path).at(-1)?.message?.method, "last");
  });

  shows("C26", "a failed start leaves nothing open", async () => {
    const recordTo = join(scratch(), "r.jsonl");
    const config = { launchArgsOverride: ["/nowhere/program"], recordTo };
    await assert.rejects(AppServerClient.start(config), StartError);
    assert.equal(readFileSync(recordTo, "utf8"), "");
  });
});

describe("logs", () => {
  shows("C26", "logs are silent by default", async () => {
    const call = { arguments: {}, callId: "c", threadId: "t", tool: "x", turnId: "u" };
    const error = { code: -32603, message: "the client's handler failed" };
    const path = record(
      clientSays({ id: 7, method: "go" }),
      serverSays({ method: "odd/event" }),
      { from: "server", line: "not JSON" },
      serverSays({ id: "q", method: "item/tool/call", params: call }),
      clientSays({ id: "q", error }),
      serverSays({ id: 7, result: 1 }),
    );
    const program = `
      import { AppServerClient } from "codex-app-server-sdk";
      const hook = () => { throw new Error("a hook's failure"); };
      const client = await AppServerClient.start({
        replayFrom: ${JSON.stringify(path)},
        onUnknown: hook,
        onVersionMismatch: hook,
        handlers: { itemToolCall: () => { throw new Error("a handler's failure"); } },
      });
      if (await client.request("go") !== 1) process.exit(9);
      await client.close();
    `;
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      encoding: "utf8",
      cwd: fileURLToPath(new URL(".", import.meta.url)),
    });
    assert.deepEqual([run.status, run.stdout, run.stderr], [0, "", ""]);
  });

  shows("C26", "what happens is logged and no payload is", async () => {
    const log: LogEntry[] = [];
    const payload = "payload-of-the-test";
    const { client } = await connect(
      `on.ping = (m) => { notice("odd/event", "${payload}"); answer(m, "${payload}"); };`,
      { onLog: (entry) => log.push(entry), clientName: payload },
    );
    await client.request("ping", payload);
    const { pid } = client;
    await client.close();
    const told = log.map(({ level, message }) => [level, message]);
    const [program] = peer("");
    assert.deepEqual(told[0], ["debug", `the server runs as process ${pid}: ${program}`]);
    assert.deepEqual(told.at(-1), ["debug", "the connection has ended: the client was closed"]);
    assert.ok(
      log.some(({ level, message }) => level === "info" && message.includes("odd/event")),
      JSON.stringify(told),
    );
    assert.ok(!JSON.stringify(log).includes(payload), JSON.stringify(log));
  });
});
