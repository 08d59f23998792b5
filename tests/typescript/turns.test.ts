/** The convenience layer: turns that are run, followed, steered, interrupted, failed. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  Codex,
  ImageInput,
  type Input,
  LocalImageInput,
  MentionInput,
  RequestTimeoutError,
  Sandbox,
  SdkError,
  SkillInput,
  TextInput,
  Thread,
  TransportClosed,
  TurnFailedError,
} from "codex-app-server-sdk";
import { peer } from "./support/peers.js";
import { withCodex } from "./support/server.js";
import { all } from "./support/turns.js";

const WAIT = { timeoutMs: 20_000 };

describe("turns", () => {
  test("run and collected", async () => {
    await withCodex({ scenario: "text" }, async ({ codex }) => {
      const thread = await codex.threadStart();
      const result = await thread.run("hello");
      assert.deepEqual(
        [result.status, result.error, result.threadId],
        ["completed", null, thread.id],
      );
      assert.equal(result.finalResponse, "Hello from the model.");
      assert.equal(result.text, "Let me think.Hello from the model.");
      const kinds = result.items.map(({ type }) => type);
      assert.deepEqual(kinds, ["userMessage", "agentMessage", "agentMessage"]);
      assert.equal(result.usage?.last.totalTokens, 132);
      assert.ok(result.startedAt !== null && result.completedAt !== null);
      assert.ok(result.completedAt >= result.startedAt);
      assert.equal(typeof result.durationMs, "number");
      result.raiseForStatus();
    });
  });

  test("without a phase the last message is the answer", async () => {
    await withCodex({ scenario: "plain" }, async ({ codex }) => {
      const result = await (await codex.threadStart()).run("hello");
      assert.deepEqual([result.finalResponse, result.text], ["Just text.", "Just text."]);
    });
  });

  test("have the last message that is meant as one for an answer", async () => {
    await withCodex({ scenario: "answers" }, async ({ codex }) => {
      const thread = await codex.threadStart();
      for (const [wish, answer, text] of [
        ["final", "Two.", "One.Two.Three.Four."],
        ["none", null, "Hm."],
        ["commented", "Two.", "One.Two.Three."],
        ["silent", null, ""],
      ] as const) {
        const result = await thread.run(wish);
        assert.deepEqual([result.finalResponse, result.text], [answer, text], wish);
      }
    });
  });

  test("that have ended can still be collected", async () => {
    await withCodex({ scenario: "text" }, async ({ codex }) => {
      const turn = await (await codex.threadStart()).turn("hello");
      assert.deepEqual(await turn.run(), await turn.run());
    });
  });

  test("fail when the client is closed", async () => {
    await withCodex({ scenario: "held" }, async ({ codex }) => {
      const thread = await codex.threadStart();
      const turn = await thread.turn("hold");
      await turn.stream().waitFor("item/agentMessage/delta", WAIT);
      await codex.close();
      await assert.rejects(turn.run(), TransportClosed);
      await assert.rejects(thread.run("more"), TransportClosed);
      await assert.rejects(codex.threadListAll().next(), TransportClosed);
    });
  });

  test("that failed are given", async () => {
    await withCodex({ scenario: "failure" }, async ({ codex }) => {
      const result = await (await codex.threadStart()).run("fail");
      assert.equal(result.status, "failed");
      assert.equal(typeof result.error?.message, "string");
      assert.throws(
        () => result.raiseForStatus(),
        (error) => {
          assert.ok(error instanceof TurnFailedError && error instanceof SdkError);
          assert.match(error.message, /^turn .* failed: ./);
          assert.equal(error.result, result);
          return true;
        },
      );
    });
  });

  test("take input in many forms", async () => {
    const forms: [Input, string[]][] = [
      ["one", ["one"]],
      [TextInput("two"), ["two"]],
      [
        ["three", TextInput("four"), { type: "text", text: "five" }],
        ["three", "four", "five"],
      ],
    ];
    await withCodex({}, async ({ codex }) => {
      const thread = await codex.threadStart();
      for (const [input, words] of forms) {
        const message = (await thread.run(input)).items[0];
        assert.ok(message?.type === "userMessage");
        assert.deepEqual(
          message.content.map((item) => (item.type === "text" ? item.text : item.type)),
          words,
        );
      }
    });
  });

  test("followed by several", async () => {
    await withCodex({ scenario: "text" }, async ({ codex }) => {
      const thread = await codex.threadStart();
      const turn = await thread.turn("hello");
      const streams = [turn.stream(), turn.stream()];
      const done = await turn.wait(WAIT);
      assert.deepEqual([done.turn.id, turn.threadId], [turn.id, thread.id]);
      for (const stream of streams) {
        const events = await all(stream);
        assert.equal(events.at(-1)?.method, "turn/completed");
        const deltas = events.filter(({ method }) => method === "item/agentMessage/delta");
        assert.ok(deltas.length >= 2);
      }
      assert.equal((await turn.run()).finalResponse, "Hello from the model.");
    });
  });

  test("steered and interrupted", async () => {
    await withCodex({ scenario: "held" }, async ({ codex }) => {
      const turn = await (await codex.threadStart()).turn("hold");
      await turn.stream().waitFor("item/agentMessage/delta", WAIT);
      await turn.steer("and hold on");
      await turn.interrupt();
      assert.equal((await turn.run(WAIT)).status, "interrupted");
    });
  });

  test("side by side", async () => {
    await withCodex({}, async ({ codex }) => {
      const threads = await Promise.all([1, 2, 3].map(() => codex.threadStart()));
      const turns = await Promise.all(threads.map((thread) => thread.turn(thread.id)));
      const results = await Promise.all(turns.map((turn) => turn.run()));
      assert.deepEqual(
        results.map(({ finalResponse }) => finalResponse),
        threads.map(({ id }) => id),
      );
    });
  });

  test("a choice that there is not", async () => {
    await withCodex({}, async ({ codex }) => {
      const thread = await codex.threadStart({ sandbox: Sandbox.workspaceWrite });
      const raw = async (sandbox: unknown): Promise<void> => {
        // As a program without types would call it.
        await Reflect.apply(thread.run, thread, ["hello", { sandbox }]);
      };
      const list = "Sandbox.readOnly, Sandbox.workspaceWrite, Sandbox.fullAccess";
      await assert.rejects(raw("read-only"), {
        name: "TypeError",
        message: `"read-only" is no Sandbox; there are ${list}`,
      });
      await assert.rejects(raw("toString"), TypeError);
      await assert.rejects(raw({ type: "readOnly" }), TypeError);
      await raw(null);
      await raw(undefined);
    });
  });
});

test("items are those of the protocol", () => {
  assert.deepEqual(ImageInput("https://x/a.png"), { type: "image", url: "https://x/a.png" });
  assert.deepEqual(LocalImageInput("/a.png"), { type: "localImage", path: "/a.png" });
  assert.deepEqual(SkillInput("saw", "/saw"), { type: "skill", name: "saw", path: "/saw" });
  assert.deepEqual(MentionInput("app", "app://x"), {
    type: "mention",
    name: "app",
    path: "app://x",
  });
});

/** A thread of a scripted peer, whose turn `u1` goes as `script` says. */
async function scripted(script: string, settings = {}): Promise<{ codex: Codex; thread: Thread }> {
  const codex = await Codex.start({
    launchArgsOverride: peer(`
      on["turn/start"] = (m) => { answer(m, { turn: turn("u1") }); ${script} };
      on["turn/interrupt"] = (m) => { done("u1"); answer(m, {}); };
    `),
    closeGraceMs: 500,
    ...settings,
  });
  return { codex, thread: new Thread(codex.client, "t1") };
}

describe("the wait for a turn's end", () => {
  test("has a deadline if one is given, and a signal", { timeout: 20_000 }, async () => {
    const { codex, thread } = await scripted(
      `if (m.params.input[0].text === "again") delta("u1", "a");`,
    );
    const turn = await thread.turn("hello");
    await assert.rejects(turn.wait({ timeoutMs: 5 }), RequestTimeoutError);
    await assert.rejects(turn.run({ timeoutMs: 5 }), /no answer within 5 ms/);
    const controller = new AbortController();
    // It comes when the turn has begun, and so while its end is waited for.
    const stop = codex.client.on("item/agentMessage/delta", () => {
      controller.abort(new Error("enough"));
    });
    await assert.rejects(thread.run("again", {}, { signal: controller.signal }), /enough/);
    stop();
    // What was waited for goes on.
    await turn.interrupt();
    assert.equal((await turn.wait()).turn.status, "completed");
    await codex.close();
  });

  test("fails with the connection", async () => {
    const { codex, thread } = await scripted("setImmediate(() => process.exit(3));");
    await assert.rejects(
      thread.run("hello"),
      (error) => error instanceof TransportClosed && error.exitCode === 3,
    );
    await codex.close();
  });

  test("fails if the end can't be read", async () => {
    const { codex, thread } = await scripted(
      `notice("turn/completed", { threadId: "t1", turn: { id: "u1", status: 5, items: [] } });`,
    );
    await assert.rejects(thread.run("hello"), /status: expected a string, found 5/);
    await codex.close();
  });

  test("is no reader who falls behind", async () => {
    const overflows: string[] = [];
    const { codex, thread } = await scripted(`for (let n = 0; n < 100; n += 1) delta("u1", "x");`, {
      queueSize: 10,
      onOverflow: ({ stream }: { stream: string }) => overflows.push(stream),
    });
    const turn = await thread.turn("hello");
    await codex.client.request("turn/interrupt");
    await turn.wait();
    assert.deepEqual(overflows, ["turn"]);
    const stream = turn.stream();
    const events = await all(stream);
    assert.deepEqual([events.length, stream.dropped], [10, 91]);
    await codex.close();
  });
});
