import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { DecodeError, type ServerNotification, TransportClosed } from "codex-app-server-sdk";
import { connect, deferred } from "./support/peers.js";

const START = { threadId: "t1", input: [] };

async function deltas(stream: AsyncIterable<ServerNotification>): Promise<string> {
  let text = "";
  for await (const event of stream) {
    if (event.method === "item/agentMessage/delta") text += event.params.delta;
  }
  return text;
}

describe("work that calls open", () => {
  test("C23 C25 events that overtake the answer are delivered, in order, once", async () => {
    const { client } = await connect(`
      on["turn/start"] = (m) => { started("u1"); delta("u1", "a"); delta("other", "x"); delta("u1", "b"); answer(m, { turn: turn("u1") }); delta("u1", "c"); done("u1"); delta("u1", "z"); };
    `);
    const work = await client.turnStartStream(START);
    assert.equal(work.id, "u1");
    assert.equal(work.result.turn.id, "u1");
    const methods: string[] = [];
    for await (const event of work) methods.push(event.method);
    assert.deepEqual(methods, [
      "turn/started",
      ...Array<string>(3).fill("item/agentMessage/delta"),
      "turn/completed",
    ]);
    await client.close();
  });

  test("C24 many turns side by side, each seen whole by several readers", async () => {
    const { client } = await connect(`
      const open = [];
      on["turn/start"] = (m) => {
        const id = "u" + open.length; open.push(id); answer(m, { turn: turn(id) });
        if (open.length === 20) { for (let n = 0; n < 5; n += 1) for (const id of open) delta(id, id + n + " "); for (const id of open) done(id); }
      };
    `);
    const works = await Promise.all(
      Array.from({ length: 20 }, () => client.turnStartStream(START)),
    );
    await Promise.all(
      works.map(async (work) => {
        const expected = [0, 1, 2, 3, 4].map((n) => `${work.id}${n} `).join("");
        const [one, two] = await Promise.all([deltas(work.subscribe()), deltas(work)]);
        assert.deepEqual([one, two], [expected, expected]);
      }),
    );
    await client.close();
  });

  test("waiting for the end, before and after it came", async () => {
    const { client } = await connect(`
      on["turn/start"] = (m) => { answer(m, { turn: turn("u1") }); };
      on["finish"] = (m) => { done("u1"); answer(m, 1); };
    `);
    await client.turnStart(START);
    const waiting = client.waitForTurnCompleted("u1");
    await client.request("finish");
    assert.equal((await waiting).params.turn.status, "completed");
    assert.equal((await client.waitForTurnCompleted("u1")).params.turn.id, "u1");
    await assert.rejects(
      client.waitForTurnCompleted("u2", { timeoutMs: 5 }),
      /no answer within 5 ms/,
    );
    await client.close();
  });

  test("an end that can't be decoded is an error for whoever waits for it", async () => {
    const { client } = await connect(`
      on["turn/start"] = (m) => { answer(m, { turn: turn("u1") }); };
      on["finish"] = (m) => { notice("turn/completed", { threadId: "t1", turn: { id: "u1", status: 5, items: [] } }); answer(m, 1); };
    `);
    await client.turnStart(START);
    const waiting = assert.rejects(
      client.waitForTurnCompleted("u1"),
      /\$\.params\.turn\.status: expected a string, found 5/,
    );
    await client.request("finish");
    await waiting;
    await assert.rejects(client.waitForTurnCompleted("u1"), DecodeError);
    await client.close();
  });

  test("C24 logins route by their id, also when they end early", async () => {
    const { client } = await connect(`
      let count = 0;
      on["account/login/start"] = (m) => {
        count += 1; const loginId = "l" + count;
        notice("account/login/completed", { loginId, success: true });
        answer(m, m.params.type === "apiKey" ? { type: "apiKey" } : { type: "chatgpt", loginId, authUrl: "u" });
      };
    `);
    const login = await client.accountLoginStartStream({ type: "chatgpt" });
    const event = await login.get();
    assert.ok(event?.method === "account/login/completed" && event.params.loginId === "l1");
    assert.equal(await login.get(), undefined);
    const key = await client.accountLoginStartStream({ type: "apiKey", apiKey: "k" });
    assert.deepEqual([key.id, await key.get()], [null, undefined]);
    await client.close();
  });

  test("C25 C04 a connection that ends first fails the stream, after what it held", async () => {
    const { client } = await connect(`
      on["turn/start"] = (m) => { answer(m, { turn: turn("u1") }); delta("u1", "a"); setImmediate(() => process.exit(3)); };
    `);
    const work = await client.turnStartStream(START);
    const first = await work.get();
    assert.equal(first?.method, "item/agentMessage/delta");
    await assert.rejects(
      work.get(),
      (error) => error instanceof TransportClosed && error.exitCode === 3,
    );
    await assert.rejects(client.waitForTurnCompleted("u1"), TransportClosed);
    await client.close();
  });

  test("a call that fails leaves no work behind, and leaving a loop closes its stream", async () => {
    const { client } = await connect(`
      let tries = 0;
      on["turn/start"] = (m) => { tries += 1; if (tries === 1) return fail(m, -32600, "no"); answer(m, { turn: turn("u1") }); delta("u1", "a"); delta("u1", "b"); };
    `);
    await assert.rejects(client.turnStartStream(START), /no/);
    const work = await client.turnStartStream(START);
    for await (const event of work) {
      assert.equal(event.method, "item/agentMessage/delta");
      break;
    }
    assert.equal(await work.get(), undefined);
    await client.close();
  });

  test("a stream that is closed ends for whoever waits on it", async () => {
    const { client } = await connect("");
    const stream = client.notifications();
    const waiting = deferred<ServerNotification | undefined>();
    void stream.get().then(waiting.resolve);
    await stream.close();
    assert.equal(await waiting.promise, undefined);
    const controller = new AbortController();
    const other = client.notifications().get({ signal: controller.signal });
    controller.abort(new Error("enough"));
    await assert.rejects(other, /enough/);
    await client.close();
  });

  test("a wait that is woken for nothing still hears its signal", async () => {
    const { client } = await connect(`on["go"] = (m) => { delta("u1", "a"); answer(m, 1); };`);
    const controller = new AbortController();
    // Told of the event after the streams' readers were woken, and before they look.
    client.on("item/agentMessage/delta", () => controller.abort(new Error("enough")));
    const stream = client.notifications();
    const first = stream.get();
    const second = stream.get({ signal: controller.signal });
    const late = assert.rejects(second, /enough/);
    await client.request("go");
    assert.equal((await first)?.method, "item/agentMessage/delta");
    await late;
    await client.close();
  });

  test("a stream that nobody can read any more is closed", async () => {
    setFlagsFromString("--expose-gc");
    const collect: () => void = runInNewContext("gc");
    const overflows: string[] = [];
    const { client } = await connect(
      `on["go"] = (m) => { for (let n = 0; n < m.params; n += 1) delta("u1", "x"); answer(m, 1); };`,
      { queueSize: 1, onOverflow: ({ stream }) => overflows.push(stream) },
    );
    let held: object | null = client.notifications();
    const stream = new WeakRef(held);
    await client.request("go", 2);
    assert.deepEqual([overflows, held !== null], [["notifications"], true]);
    held = null;
    // Losses are told when their number doubles, so each round has to double it.
    for (let count = 2; count < 100_000 && overflows.length > 0; count *= 2) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
      overflows.length = 0;
      await client.request("go", count);
    }
    assert.deepEqual([stream.deref(), overflows], [undefined, []]);
    await client.close();
  });

  test("listening to what has ended leaves nothing behind", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    const { client } = await connect("");
    await client.close();
    for (let n = 0; n < 20; n += 1) client.on("turn/completed", () => undefined)();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    assert.deepEqual(warnings, []);
  });
});
