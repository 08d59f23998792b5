/** C26: clients that replay recordings, without a server. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "node:test";
import {
  AppServerClient,
  type AppServerConfig,
  type ServerNotification,
  StartError,
  TransportClosed,
  type Unknown,
} from "codex-app-server-sdk";
import { clientSays, committed, record, serverSays, turn } from "./support/recordings.js";
import { shows } from "./support/results.js";
import { scratch } from "./support/scratch.js";
import { textOf } from "./support/turns.js";

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error, "it went on");
  return error;
}

function start(replayFrom: string, config: AppServerConfig = {}): Promise<AppServerClient> {
  return AppServerClient.start({ replayFrom, ...config });
}

/** A recording in which the server asks. */
function asking(): string {
  const approval = { itemId: "i", threadId: "t", turnId: "u", startedAtMs: 1, command: "ls" };
  const method = "item/commandExecution/requestApproval";
  return record(
    clientSays({ id: 5, method: "go" }),
    serverSays({ id: "q", method, params: approval }),
    { from: "server", line: "not JSON" },
    clientSays({ id: "q", result: { decision: "accept" } }),
    serverSays({ id: 5, result: "went" }),
    serverSays({ id: 9, method: "odd/ask" }),
    clientSays({ id: 9, error: { code: -32601, message: "in other words" } }),
  );
}

describe("a replay", () => {
  shows("C26", "the committed recording is replayed", async () => {
    const unknowns: Unknown[] = [];
    const client = await start(committed(), {
      strict: true,
      onUnknown: (unknown) => unknowns.push(unknown),
    });
    assert.equal(client.serverInfo.codexHome, "/home/user/.codex");
    const [, , , , ...events] = (await turn(client)) as ServerNotification[];
    assert.equal(events[0]?.method, "turn/started");
    assert.equal(events.at(-1)?.method, "turn/completed");
    assert.equal(textOf(events), "Let me think.Hello from the model.");
    await client.close();
    assert.deepEqual(unknowns, []);
  });

  shows("C26", "ids are mapped and what stands together may come in any order", async () => {
    const path = record(
      clientSays({ id: 71, method: "b", params: { x: 1, y: [1.0, "z"] } }),
      clientSays({ method: "n", params: null }),
      clientSays({ id: 70, method: "a" }),
      clientSays({ id: 72, method: "a" }),
      serverSays({ id: 72, result: "third" }),
      serverSays({ id: 70, result: "second" }),
      serverSays({ id: 71, result: "first" }),
    );
    writeFileSync(path, readFileSync(path, "utf8").replace('"y":[1,', '"y":[1.0,'));
    const client = await start(path);
    const calls = [client.request("a"), client.request("a")];
    const notified = client.notify("n", null);
    assert.equal(await client.request("b", { y: [1, "z"], x: 1 }), "first");
    await notified;
    assert.deepEqual(await Promise.all(calls), ["second", "third"]);
    await client.close();
  });

  shows("C26", "what the server asks is asked again", async () => {
    const unknowns: Unknown[] = [];
    const commands: unknown[] = [];
    const client = await start(asking(), {
      onUnknown: (unknown) => unknowns.push(unknown),
      handlers: {
        itemCommandExecutionRequestApproval: ({ command }) => {
          commands.push(command);
          return { decision: "accept" };
        },
      },
    });
    const stream = client.notifications();
    assert.equal(await client.request("go"), "went");
    assert.match((await failureOf(stream.get())).message, /has ended/);
    await client.close();
    assert.deepEqual(commands, ["ls"]);
    assert.ok(unknowns.some(({ kind, raw }) => kind === "message" && raw === "not JSON"));
  });

  shows("C26", "another answer than the recorded one is a deviation", async () => {
    const client = await start(asking());
    const error = await failureOf(client.request("go"));
    assert.ok(error instanceof TransportClosed);
    for (const part of ["the answer", "accept", "decline", "in line 7"]) {
      assert.ok(error.message.includes(part), error.message);
    }
    await client.close();
  });

  shows("C26", "a client that deviates is told how", async () => {
    const path = record(
      clientSays({ id: 5, method: "one", params: { apiKey: "[redacted]", n: 1 } }),
      clientSays({ id: 6, method: "two" }),
      serverSays({ id: 5, result: 1 }),
    );
    const deviations: [string, unknown?][] = [
      ["other"],
      ["one", { apiKey: "secret-1", n: 2 }],
      ["one", { n: 1 }],
      ["one", { apiKey: "secret-1", n: true }],
      ["two", {}],
    ];
    for (const [method, params] of deviations) {
      const client = await start(path);
      const error = await failureOf(client.request(method, params));
      assert.ok(error instanceof TransportClosed, String(error));
      for (const part of [
        `the recording ${path} goes on with one {`,
        "in line 4, or with 1 others",
        `the client sent ${method} `,
      ]) {
        assert.ok(error.message.includes(part), error.message);
      }
      assert.ok(!error.message.includes("secret-1"));
      assert.ok((await failureOf(client.request("one"))) instanceof TransportClosed);
      assert.ok(client.closed);
      await client.close();
    }
  });

  shows("C26", "a recording that is over is a server that has ended", async () => {
    const path = record(clientSays({ id: 5, method: "one" }), serverSays({ id: 5, result: 1 }));
    const client = await start(path);
    const stream = client.notifications();
    assert.equal(await client.request("one"), 1);
    const error = await failureOf(client.request("two"));
    assert.ok(error instanceof TransportClosed);
    assert.ok(error.message.includes(`the recording ${path} has ended`), error.message);
    assert.ok((await failureOf(stream.get())) instanceof TransportClosed);
    await client.close();
    // During the handshake, it fails the start.
    writeFileSync(path, readFileSync(path, "utf8").split("\n")[0] ?? "");
    const early = await failureOf(start(path));
    assert.ok(early instanceof StartError);
    assert.ok(early.message.includes(`the recording ${path} has ended`), early.message);
  });

  shows("C26", "a client that opts out is another client", async () => {
    const error = await failureOf(start(record(), { experimentalApi: false }));
    assert.ok(error instanceof StartError && error.message.includes("goes on with initialize"));
  });

  shows("C26", "a recording that cannot be read is told with its place", async () => {
    const good = JSON.stringify(clientSays({ id: 1, method: "initialize" }));
    const cases: [string[] | null, string][] = [
      [null, "can't be read"],
      [[], ": there is no handshake"],
      [[good, '{"at": 1, "fr'], ":2: not a JSON object"],
      [[good, "", "[1]"], ":3: not a JSON object"],
      [[good, '{"from": "nobody", "message": {}}'], ":2: not a line of a recording"],
      [[good, '{"from": "client", "line": "x"}'], ":2: not a line of a recording"],
      [['{"from": "client", "message": {"method": "x"}}'], ":1: there is no handshake"],
    ];
    for (const [lines, expected] of cases) {
      const path = join(scratch(), "r.jsonl");
      if (lines !== null) writeFileSync(path, lines.join("\n"));
      const error = await failureOf(start(path));
      assert.ok(error instanceof StartError, String(error));
      assert.ok(error.message.includes(expected), error.message);
      assert.ok(error.message.includes(path), error.message);
    }
  });

  shows("C26", "closing ends a replay that waits", async () => {
    const client = await start(record(clientSays({ id: 5, method: "one" })));
    assert.ok(!client.closed);
    await Promise.all([client.close(), client.close()]);
    assert.ok(client.closed);
  });
});
