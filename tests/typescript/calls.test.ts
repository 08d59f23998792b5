import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  DecodeError,
  EncodeError,
  ExperimentalApiError,
  InternalError,
  isRetryableError,
  MethodNotFound,
  RequestTimeoutError,
  RetryLimitExceeded,
  ServerBusy,
  ServerError,
  TransportClosed,
} from "codex-app-server-sdk";
import { connect, deferred } from "./support/peers.js";
import { scratch } from "./support/scratch.js";

describe("calls", () => {
  test("C06 a call gives its typed result, with unknown fields kept", async () => {
    const { client } = await connect(
      `on["model/list"] = (m) => answer(m, { ...models([model("a")]), later: 1 });`,
    );
    const result = await client.modelList({ limit: 1 });
    assert.equal(result.data[0]?.displayName, "a");
    assert.deepEqual(Object.keys(result), ["data", "later"]);
    assert.equal(client.serverInfo.userAgent, "peer/1");
    await client.close();
  });

  test("C13 absent stays absent, null is sent, no params are no params", async () => {
    const { client } = await connect(`
      on["thread/list"] = (m, line) => fail(m, 1, line);
      on["account/logout"] = (m, line) => fail(m, 1, line);
      on["account/usage/read"] = (m, line) => fail(m, 1, line);
    `);
    const sent = async (call: Promise<unknown>) => {
      const error: unknown = await call.then(
        () => null,
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof Error);
      return error.message;
    };
    assert.match(
      await sent(client.threadList({ sectionId: null })),
      /"params":\{"sectionId":null\}/,
    );
    assert.match(await sent(client.threadList()), /"params":\{\}/);
    assert.doesNotMatch(await sent(client.accountLogout({ timeoutMs: 5_000 })), /params/);
    assert.doesNotMatch(await sent(client.accountUsageRead({ timeoutMs: 5_000 })), /params/);
    assert.match(
      await sent(client.accountUsageRead({ params: { threadId: "t" } })),
      /"params":\{"threadId":"t"\}/,
    );
    await client.close();
  });

  test("C13 what can't be sent fails locally, with its place", async () => {
    const { client } = await connect(`on["model/list"] = (m) => answer(m, models());`);
    const refused = (call: Promise<unknown>, problem: RegExp) =>
      assert.rejects(call, (error) => error instanceof EncodeError && problem.test(error.message));
    await refused(client.threadStart({ cwd: "a\ud800" }), /params\.cwd: .*lone surrogate/);
    await refused(client.threadStart({ config: { "\udc00": 1 } }), /lone surrogate/);
    await refused(client.request("x", { deep: ["\ud800"] }), /params\.deep\[0\]/);
    await refused(client.request("x\ud800"), /the method's name: .*lone surrogate/);
    await refused(client.notify("x\ud800"), /the method's name: .*lone surrogate/);
    const wrong = JSON.parse('{"input":[{"type":"text"}]}');
    await refused(client.turnStart(wrong), /params\.threadId: required/);
    await refused(client.turnStart(wrong), /params\.input\[0\]\.text: required/);
    await refused(
      client.modelList(JSON.parse('{"limit":"5"}')),
      /params\.limit: expected a whole number/,
    );
    await refused(client.request("x", { big: 10n }), /params\.big/);
    await refused(client.request("x", Number.NaN), /params/);
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    await refused(client.request("x", loop), /nested too deeply/);
    await client.modelList();
    await client.close();
  });

  test("C10 errors by code", async () => {
    const { client } = await connect(`on["x"] = (m) => fail(m, ...m.params);`);
    const failing = async (...params: unknown[]) => {
      const error: unknown = await client.request("x", params).then(
        () => null,
        (reason: unknown) => reason,
      );
      return error;
    };
    assert.ok((await failing(-32601, "no")) instanceof MethodNotFound);
    const busy = await failing(-32001, "Server overloaded; retry later.");
    assert.ok(busy instanceof ServerBusy && isRetryableError(busy) && busy.code === -32001);
    assert.ok(
      (await failing(-32000, "no", { codexErrorInfo: "server_overloaded" })) instanceof ServerBusy,
    );
    assert.ok((await failing(-32001, "retry limit exceeded")) instanceof RetryLimitExceeded);
    const own = await failing(-32050, "own", { a: 1 });
    assert.ok(own instanceof ServerError && !isRetryableError(own));
    assert.deepEqual([own.message, own.data, own.method], ["own", { a: 1 }, "x"]);
    await client.close();
  });

  test("C07 a deadline frees the call, and the late answer is dropped quietly", async () => {
    const { client, unknowns } = await connect(`
      let held;
      on["slow"] = (m) => { held = m; };
      on["go"] = (m) => { answer(held, 1); answer(m, 2); };
    `);
    await assert.rejects(client.request("slow", undefined, { timeoutMs: 20 }), (error) => {
      return (
        error instanceof RequestTimeoutError && error.method === "slow" && error.timeoutMs === 20
      );
    });
    assert.equal(await client.request("go"), 2);
    assert.deepEqual(unknowns, []);
    await client.close();
  });

  test("C08 an aborted call leaves the others alone", async () => {
    const { client, unknowns } = await connect(`
      const held = [];
      on["slow"] = (m) => { held.push(m); if (held.length === 2) held.forEach((h) => answer(h, "late")); };
    `);
    const controller = new AbortController();
    const first = client.request("slow", undefined, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(first, /enough/);
    await assert.rejects(
      client.request("slow", undefined, { signal: controller.signal }),
      /enough/,
    );
    assert.equal(await client.request("slow"), "late");
    assert.deepEqual(unknowns, []);
    await client.close();
  });

  test("C09 a thousand calls in flight, answered in reverse", async () => {
    const { client } = await connect(`
      const held = [];
      on["n"] = (m) => { held.push(m); if (held.length === 1000) for (const h of held.reverse()) answer(h, h.params); };
    `);
    const results = await Promise.all(
      Array.from({ length: 1000 }, (_, n) => client.request("n", n)),
    );
    assert.deepEqual(
      results,
      Array.from({ length: 1000 }, (_, n) => n),
    );
    await client.close();
  });

  test("C11 retrying on overload", async () => {
    const script = `
      let tries = 0;
      on["x"] = (m) => { tries += 1; if (tries < 3) fail(m, -32001, "busy"); else answer(m, tries); };
      on["model/list"] = on["x"];
    `;
    const { client } = await connect(script);
    const policy = { firstDelayMs: 1, maxDelayMs: 2 };
    assert.equal(await client.requestWithRetryOnOverload("x", undefined, policy), 3);
    await client.close();
    const other = await connect(script, { retry: { ...policy, attempts: 2 } });
    await assert.rejects(other.client.request("x"), ServerBusy);
    await other.client.close();
  });

  test("C12 experimental methods need the opt-in", async () => {
    const { client } = await connect(
      `
      let capabilities;
      on.initialize = (m) => { capabilities = m.params.capabilities; greet(m); };
      on["seen"] = (m) => answer(m, capabilities);
    `,
      { experimentalApi: false },
    );
    await assert.rejects(client.memoryReset(), ExperimentalApiError);
    await assert.rejects(client.request("memory/reset"), ExperimentalApiError);
    assert.deepEqual(await client.request("seen"), { experimentalApi: false });
    await client.close();
  });

  test("a result that doesn't fit fails the call, with its place", async () => {
    const { client, unknowns } = await connect(`
      on["model/list"] = (m) => answer(m, { data: [{ ...model("a"), hidden: "no" }] });
      on["thread/list"] = (m) => send({ id: m.id, error: "odd" });
    `);
    await assert.rejects(client.modelList(), (error) => {
      return (
        error instanceof DecodeError &&
        error.problems[0] === '$.result.data[0].hidden: expected a boolean, found "no"'
      );
    });
    await assert.rejects(client.threadList(), DecodeError);
    assert.deepEqual(
      unknowns.map(({ kind, method, path }) => [kind, method, path]),
      [["undecodable", "model/list", "$.result"]],
    );
    await client.close();
  });

  test("C04 the peer's death fails everything at once, and everything after", async () => {
    const { client } = await connect(`
      on["die"] = () => { console.error("last words"); process.exit(7); };
    `);
    const stream = client.notifications();
    const reading = stream.get();
    const ended = deferred<unknown>();
    reading.catch(ended.resolve);
    await assert.rejects(client.request("die"), (error) => {
      return (
        error instanceof TransportClosed &&
        error.exitCode === 7 &&
        error.stderrTail.at(-1) === "last words"
      );
    });
    assert.ok((await ended.promise) instanceof TransportClosed);
    await assert.rejects(client.modelList(), TransportClosed);
    await assert.rejects(client.notify("x"), TransportClosed);
    await assert.rejects(client.nextNotification(), TransportClosed);
    assert.equal(client.closed, true);
    await client.close();
    await client.close();
  });

  test("C07 what is announced has the default deadline", async () => {
    const { client } = await connect(
      `on["hang"] = (m) => { answer(m, 1); setImmediate(() => { for (;;) {} }); };`,
      { defaultTimeoutMs: 2_000 },
    );
    await client.request("hang");
    const text = "x".repeat(100_000);
    const settled = await Promise.allSettled(
      Array.from({ length: 50 }, () => client.notify("n", text)),
    );
    // A pipe has room for some of it.
    const last = settled.at(-1);
    assert.ok(last?.status === "rejected" && last.reason instanceof RequestTimeoutError);
    assert.equal(last.reason.timeoutMs, 2_000);
    await client.close();
  });

  test("C22 a server that no longer reads holds up no call past its deadline", async () => {
    const { client } = await connect(
      `on["hang"] = (m) => { answer(m, 1); setImmediate(() => { for (;;) {} }); };`,
    );
    await client.request("hang");
    const text = "x".repeat(100_000);
    const calls = Array.from({ length: 200 }, () => {
      return assert.rejects(client.request("n", text, { timeoutMs: 100 }), RequestTimeoutError);
    });
    await Promise.all(calls);
    await client.close();
    assert.equal(client.closed, true);
  });

  test("one signal may serve many calls", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    const { client } = await connect(`on["n"] = (m) => answer(m, 1);`);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 100 }, () => client.request("n", 1, { signal })));
    await client.close();
    process.off("warning", note);
    assert.deepEqual(warnings, []);
  });

  test("params are sent as they were when the call was made", async () => {
    const { client } = await connect(`on["thread/list"] = (m, line) => fail(m, 1, line);`);
    const params = { limit: 1, cwd: ["/a"] };
    // The first call of a client has to wait for the descriptors of its types.
    const early = assert.rejects(client.threadList(params), /"limit":1,"cwd":\["\/a"\]/);
    params.limit = 2;
    params.cwd.push("/b");
    await assert.rejects(client.threadList(params), /"limit":2,"cwd":\["\/a","\/b"\]/);
    await early;
    await client.close();
  });

  test("C11 a call's own policy stands instead of the client's", async () => {
    const { client } = await connect(
      `let count = 0; on["busy"] = (m) => fail(m, -32001, "busy"); on["count"] = (m) => answer(m, count);
       const busy = on["busy"]; on["busy"] = (m) => { count += 1; busy(m); };`,
      { retry: { attempts: 3, firstDelayMs: 1 } },
    );
    const policy = { attempts: 2, firstDelayMs: 1 };
    await assert.rejects(client.requestWithRetryOnOverload("busy", {}, policy), ServerBusy);
    assert.equal(await client.request("count"), 2);
    await client.close();
  });

  test("C10 error data may be nested more deeply than functions can be", async () => {
    const { client } = await connect(
      `on["deep"] = (m) => write(\`{"id":\${m.id},"error":{"code":-32603,"message":"m","data":\${"[".repeat(200_000)}\${"]".repeat(200_000)}}}\\n\`);`,
    );
    await assert.rejects(client.request("deep", null, { timeoutMs: 10_000 }), InternalError);
    await client.close();
  });

  test("C07 an answer that came while the program was busy is in time", async () => {
    const answered = join(scratch(), "answered");
    const { client } = await connect(`
      const { writeFileSync } = await import("node:fs");
      on["n"] = (m) => { answer(m, 1); writeFileSync(${JSON.stringify(answered)}, ""); };
    `);
    const answer = client.request("n", undefined, { timeoutMs: 50 });
    const until = performance.now() + 100;
    while (performance.now() < until || !existsSync(answered));
    assert.equal(await answer, 1);
    await client.close();
  });
});
