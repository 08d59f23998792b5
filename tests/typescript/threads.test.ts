/** The convenience layer: the life of a thread, models, logins, and what the server says of itself. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  ApprovalMode,
  Codex,
  DecodeError,
  Sandbox,
  SERVER_VERSION,
  TransportClosed,
} from "codex-app-server-sdk";
import { isAlive, peer } from "./support/peers.js";
import { withCodex } from "./support/server.js";

/** All items of an iterator. */
async function listed<T>(values: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const value of values) items.push(value);
  return items;
}

describe("threads", () => {
  test("the life of a thread", async () => {
    await withCodex({}, async ({ codex }) => {
      const thread = await codex.threadStart({ sandbox: Sandbox.readOnly });
      await thread.run("first");
      await thread.setName("Näme");
      const read = await thread.read({ includeTurns: true });
      assert.deepEqual([read.thread.name, read.thread.turns.length], ["Näme", 1]);
      const again = await codex.threadResume(thread.id, { approvalMode: ApprovalMode.denyAll });
      assert.equal(again.id, thread.id);
      assert.equal((await again.run("second")).finalResponse, "second");
      const fork = await codex.threadFork(thread.id);
      assert.notEqual(fork.id, thread.id);
      await thread.compact();
      await codex.threadArchive(thread.id);
      const { data } = await codex.threadList();
      assert.ok(data.every(({ id }) => id !== thread.id));
      assert.equal((await codex.threadUnarchive(thread.id)).id, thread.id);
    });
  });

  test("all pages", async () => {
    await withCodex({}, async ({ codex }) => {
      const ids = new Set<string>();
      for (const number of [0, 1, 2]) {
        const thread = await codex.threadStart();
        await thread.run(`number ${number}`);
        ids.add(thread.id);
      }
      const page = await codex.threadList({ limit: 2 });
      assert.equal(page.data.length, 2);
      assert.equal(typeof page.nextCursor, "string");
      // By this key the server's cursors count in milliseconds; by the usual one in seconds, and
      // leave out what was made in the same second as the last thread of a page.
      const every = await listed(codex.threadListAll({ limit: 2, sortKey: "updated_at" }));
      assert.deepEqual(new Set(every.map(({ id }) => id)), ids);
      const first = await codex.models();
      assert.ok(first.data.length > 1);
      assert.deepEqual(await listed(codex.modelsAll({ limit: 1 })), first.data);
    });
  });

  test("a thread's defaults and choices are what the server has then", async () => {
    await withCodex({ approvalPolicy: "on-request" }, async ({ codex }) => {
      const settings = async (id: string) => {
        const { approvalPolicy, approvalsReviewer, sandbox } = await codex.client.threadResume({
          threadId: id,
        });
        return [approvalPolicy, approvalsReviewer, sandbox.type];
      };
      const usual = await codex.threadStart();
      await usual.run("hello");
      assert.deepEqual(await settings(usual.id), ["on-request", "auto_review", "readOnly"]);
      const configured = await codex.threadStart({
        approvalMode: null,
        sandbox: Sandbox.workspaceWrite,
      });
      await configured.run("hello");
      assert.deepEqual(await settings(configured.id), ["on-request", "user", "workspaceWrite"]);
      await configured.run("hello", {
        approvalMode: ApprovalMode.denyAll,
        sandbox: Sandbox.fullAccess,
      });
      assert.deepEqual(await settings(configured.id), ["never", "user", "dangerFullAccess"]);
    });
  });
});

describe("the server", () => {
  test("says something of itself", async () => {
    await withCodex({}, async ({ codex, home }) => {
      const { metadata } = codex;
      assert.deepEqual([metadata.name, metadata.version], ["rpcsmith_tests", SERVER_VERSION]);
      assert.equal(metadata.version, codex.client.serverVersion);
      assert.ok(metadata.userAgent.startsWith(`rpcsmith_tests/${SERVER_VERSION} `));
      assert.equal(metadata.codexHome, home);
      const { platformFamily, platformOs } = codex.client.serverInfo;
      assert.deepEqual(
        [metadata.platformFamily, metadata.platformOs],
        [platformFamily, platformOs],
      );
    });
  });

  test("ends with its block", async () => {
    await withCodex({}, async ({ codex }) => {
      const { pid } = codex.client;
      {
        await using block = codex;
        assert.equal(block.client.closed, false);
      }
      assert.ok(codex.client.closed);
      assert.ok(pid !== null && !isAlive(pid));
      await assert.rejects(codex.models(), TransportClosed);
      await codex.close();
    });
  });
});

describe("logins", () => {
  test("with a key", async () => {
    await withCodex({}, async ({ codex, home }) => {
      const { account, requiresOpenaiAuth } = await codex.account({ refreshToken: false });
      // The model of these tests asks for no login, so none is told.
      assert.deepEqual([account, requiresOpenaiAuth], [null, false]);
      await codex.loginApiKey("sk-none");
      const kept = join(home, "auth.json");
      assert.match(readFileSync(kept, "utf8"), /sk-none/);
      await codex.logout();
      assert.ok(!existsSync(kept));
    });
  });

  test("in the browser, cancelled", async () => {
    await withCodex({}, async ({ codex }) => {
      const login = await codex.loginChatgpt();
      assert.match(login.authUrl, /^https:\/\//);
      assert.notEqual(login.loginId, "");
      await login.cancel();
      const done = await login.wait({ timeoutMs: 20_000 });
      assert.deepEqual([done.loginId, done.success], [login.loginId, false]);
    });
  });

  test("several at once, each with its own end", async () => {
    await using codex = await Codex.start({
      launchArgsOverride: peer(`
        let count = 0;
        on["account/login/start"] = (m) => {
          count += 1; const loginId = "l" + count;
          answer(m, { type: "chatgptDeviceCode", loginId, verificationUrl: "https://v/" + count, userCode: "C" + count });
        };
        on["end"] = (m) => {
          notice("account/login/completed", { loginId: m.params, success: true });
          answer(m, 1);
        };
      `),
    });
    const first = await codex.loginChatgptDeviceCode();
    const second = await codex.loginChatgptDeviceCode();
    assert.deepEqual(
      [first.loginId, first.verificationUrl, second.loginId, second.userCode],
      ["l1", "https://v/1", "l2", "C2"],
    );
    const waiting = first.wait();
    await codex.client.request("end", "l2");
    assert.equal((await second.wait()).loginId, "l2");
    assert.equal((await second.wait()).loginId, "l2");
    await codex.client.request("end", "l1");
    assert.equal((await waiting).loginId, "l1");
  });

  test("of another kind than the one that was asked for are refused", async () => {
    await using codex = await Codex.start({
      launchArgsOverride: peer(
        `on["account/login/start"] = (m) => { answer(m, { type: "apiKey" }); };`,
      ),
    });
    await assert.rejects(codex.loginChatgpt(), (error) => {
      assert.ok(error instanceof DecodeError);
      assert.match(
        error.message,
        /account\/login\/start.*\$\.type: expected "chatgpt", found "apiKey"/s,
      );
      return true;
    });
  });
});
