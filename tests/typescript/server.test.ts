/** The real server: its handshake, its models, threads, files and configuration. */

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  type AppServerClient,
  ExperimentalApiError,
  InvalidRequest,
  JsonRpcError,
  SERVER_VERSION,
} from "codex-app-server-sdk";
import { withServer } from "./support/server.js";
import { all, endOf, say } from "./support/turns.js";

/** Runs a turn to its end. */
async function turn(client: AppServerClient, threadId: string, text: string): Promise<string> {
  const work = await client.turnStartStream({ threadId, input: say(text) });
  assert.equal(endOf(await all(work)).status, "completed");
  return work.result.turn.id;
}

describe("the real server", () => {
  test("says who it is", async () => {
    await withServer({}, async ({ client, home }) => {
      const { userAgent, codexHome, platformFamily } = client.serverInfo;
      assert.ok(userAgent.startsWith(`rpcsmith_tests/${SERVER_VERSION} `), userAgent);
      assert.equal(codexHome, home);
      assert.ok(["unix", "windows"].includes(platformFamily));
    });
  });

  test("is stable alone without the opt-in", async () => {
    await withServer({ experimentalApi: false }, async ({ client }) => {
      await assert.rejects(client.memoryReset(), ExperimentalApiError);
      const { thread } = await client.threadStart({ ephemeral: true });
      await assert.rejects(
        client.threadStart({ ephemeral: true, dynamicTools: [] }),
        InvalidRequest,
      );
      assert.deepEqual((await client.threadLoadedList()).data, [thread.id]);
    });
  });

  test("answers what it refuses with errors", async () => {
    await withServer({}, async ({ client }) => {
      await assert.rejects(client.request("no/such"), (error) => {
        return error instanceof InvalidRequest && error.code === -32600;
      });
      await assert.rejects(client.request("thread/read", {}), (error) => {
        return error instanceof JsonRpcError && error.method === "thread/read";
      });
      await assert.rejects(client.threadRead({ threadId: "none" }), JsonRpcError);
      await assert.rejects(client.fsReadFile({ path: "/no/such/file" }), JsonRpcError);
      await client.modelList();
    });
  });

  test("lists its models page by page", async () => {
    await withServer({}, async ({ client }) => {
      const { data, nextCursor } = await client.modelList({ limit: 2 });
      assert.equal(data.length, 2);
      assert.ok(typeof nextCursor === "string");
      const rest = await client.modelList({ cursor: nextCursor });
      const ids = new Set(data.map(({ id }) => id));
      assert.ok(rest.data.length > 0 && rest.data.every(({ id }) => !ids.has(id)));
      assert.ok(data.every((model) => model.supportedReasoningEfforts.length > 0));
    });
  });

  test("keeps threads from their start to their end", async () => {
    await withServer({}, async ({ client, work }) => {
      const stream = client.notifications();
      const started = await client.threadStart({ cwd: work, sandbox: "read-only" });
      const { thread } = started;
      const threadId = thread.id;
      assert.deepEqual(
        [started.model, started.modelProvider, started.approvalPolicy, started.sandbox.type],
        ["mock-model", "mock", "never", "readOnly"],
      );
      assert.deepEqual([thread.cwd, thread.ephemeral], [work, false]);
      for await (const event of stream) if (event.method === "thread/started") break;

      const turnId = await turn(client, threadId, "find me by this");
      const read = (await client.threadRead({ threadId, includeTurns: true })).thread;
      assert.equal(read.preview, "find me by this");
      assert.deepEqual(
        read.turns.map(({ id, status }) => [id, status]),
        [[turnId, "completed"]],
      );
      const [asked, answered] = read.turns[0]?.items ?? [];
      assert.ok(asked?.type === "userMessage" && asked.content[0]?.type === "text");
      assert.ok(answered?.type === "agentMessage" && answered.text === "find me by this");
      const found = await client.threadList({ searchTerm: "find me by this" });
      assert.deepEqual(
        found.data.map(({ id }) => id),
        [threadId],
      );

      const renamed = client.notifications();
      await client.threadNameSet({ threadId, name: "Näme" });
      for await (const event of renamed) {
        if (event.method !== "thread/name/updated") continue;
        assert.equal(event.params.threadName, "Näme");
        break;
      }
      const { goal } = await client.threadGoalSet({ threadId, objective: "end", status: "paused" });
      assert.deepEqual((await client.threadGoalGet({ threadId })).goal, goal);
      assert.equal((await client.threadGoalClear({ threadId })).cleared, true);
      assert.equal((await client.threadGoalGet({ threadId })).goal, null);

      assert.equal((await client.threadUnsubscribe({ threadId })).status, "unsubscribed");
      assert.equal((await client.threadResume({ threadId })).thread.id, threadId);
      const fork = (await client.threadFork({ threadId, ephemeral: true, excludeTurns: true }))
        .thread;
      assert.deepEqual([fork.forkedFromId, fork.ephemeral], [threadId, true]);

      await client.threadArchive({ threadId });
      const archived = await client.threadList({ archived: true });
      assert.deepEqual(
        archived.data.map(({ id }) => id),
        [threadId],
      );
      assert.equal((await client.threadUnarchive({ threadId })).thread.id, threadId);
      await client.threadDelete({ threadId });
      assert.deepEqual((await client.threadList()).data, []);
    });
  });

  test("tells absent, null and a value apart", async () => {
    await withServer({}, async ({ client }) => {
      const threadId = (await client.threadStart()).thread.id;
      await turn(client, threadId, "hello");
      const gitInfo = async (sha?: string | null) => {
        const given = sha === undefined ? { branch: "main" } : { sha };
        const { thread } = await client.threadMetadataUpdate({ threadId, gitInfo: given });
        return [thread.gitInfo?.sha ?? null, thread.gitInfo?.branch ?? null];
      };
      assert.deepEqual(await gitInfo("abc"), ["abc", null]);
      assert.deepEqual(await gitInfo(), ["abc", "main"]);
      assert.deepEqual(await gitInfo(null), [null, "main"]);
    });
  });

  test("works on files", async () => {
    await withServer({}, async ({ client, work }) => {
      const folder = join(work, "a");
      const file = join(folder, "file");
      await client.fsCreateDirectory({ path: join(folder, "b"), recursive: true });
      const data = Buffer.from("päivää\n");
      await client.fsWriteFile({ path: file, dataBase64: data.toString("base64") });
      assert.deepEqual(readFileSync(file), data);
      const { dataBase64 } = await client.fsReadFile({ path: file });
      assert.deepEqual(Buffer.from(dataBase64, "base64"), data);
      const about = await client.fsGetMetadata({ path: file });
      assert.deepEqual([about.isFile, about.isDirectory, about.isSymlink], [true, false, false]);
      const { entries } = await client.fsReadDirectory({ path: folder });
      assert.deepEqual(
        new Map(entries.map(({ fileName, isDirectory }) => [fileName, isDirectory])),
        new Map([
          ["b", true],
          ["file", false],
        ]),
      );
      const copy = join(work, "copy");
      await client.fsCopy({ sourcePath: folder, destinationPath: copy, recursive: true });
      assert.deepEqual(readFileSync(join(copy, "file")), data);
      await client.fsRemove({ path: copy });
      assert.ok(!existsSync(copy));
    });
  });

  test("watches files", async () => {
    await withServer({}, async ({ client, work }) => {
      const stream = client.notifications();
      assert.equal((await client.fsWatch({ path: work, watchId: "w" })).path, work);
      writeFileSync(join(work, "new"), "x");
      for await (const event of stream) {
        if (event.method !== "fs/changed") continue;
        assert.equal(event.params.watchId, "w");
        assert.ok(event.params.changedPaths.includes(join(work, "new")));
        break;
      }
      await client.fsUnwatch({ watchId: "w" });
    });
  });

  test("reads and writes its configuration", async () => {
    await withServer({}, async ({ client, home }) => {
      const file = join(home, "config.toml");
      const { config, layers } = await client.configRead({ includeLayers: true });
      assert.deepEqual(
        [config.model, config.model_provider, config.approval_policy, config.sandbox_mode],
        ["mock-model", "mock", "never", "read-only"],
      );
      // What the schema has no name for is there as well.
      assert.ok(JSON.stringify(config["model_providers"]).includes("Mock"));
      assert.deepEqual(
        layers?.flatMap(({ name }) => (name.type === "user" ? [name.file] : [])),
        [file],
      );
      const first = await client.configValueWrite({
        keyPath: "model_verbosity",
        value: "low",
        mergeStrategy: "replace",
      });
      assert.deepEqual([first.status, first.filePath], ["ok", file]);
      assert.match(readFileSync(file, "utf8"), /model_verbosity = "low"/);
      const second = await client.configBatchWrite({
        edits: [
          { keyPath: "model_verbosity", value: null, mergeStrategy: "replace" },
          { keyPath: "history.persistence", value: "none", mergeStrategy: "upsert" },
        ],
        expectedVersion: first.version,
        reloadUserConfig: true,
      });
      assert.notEqual(second.version, first.version);
      assert.doesNotMatch(readFileSync(file, "utf8"), /model_verbosity/);
      await client.configMcpServerReload();
      assert.equal((await client.configRequirementsRead()).requirements, null);
    });
  });

  test("takes configuration from the command line", async () => {
    const configOverrides = { model: '"other-model"' };
    await withServer({ configOverrides }, async ({ client }) => {
      assert.equal((await client.configRead()).config.model, "other-model");
    });
  });
});
