import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  isUnknownVariant,
  type ServerNotification,
  UnknownValueError,
  unknownVariant,
} from "codex-app-server-sdk";
import { connect, deferred } from "./support/peers.js";

describe("what the server sends", () => {
  test("C15 C16 C17 C18 unknown variants, values and fields are kept and reported", async () => {
    const { client, unknowns } = await connect(`
      on["thread/list"] = (m) => answer(m, { data: [{ ...thread(), extra: { a: 1 }, turns: [{
        id: "u1", status: "paused", items: [{ type: "hologram", id: "h" }, { type: "agentMessage", id: "a", text: "x" }],
        error: { message: "m", codexErrorInfo: "newKind" } }] }] });
      on["echo"] = (m) => answer(m, m.params);
    `);
    const { data } = await client.threadList();
    const turn = data[0]?.turns[0];
    assert.ok(turn !== undefined);
    const [first, second] = turn.items;
    assert.ok(first?.type === "$unknown" && isUnknownVariant(first));
    assert.deepEqual([first.tag, first.raw], ["hologram", { type: "hologram", id: "h" }]);
    assert.equal(second?.type === "agentMessage" && second.text, "x");
    assert.equal(turn.status, "paused");
    const info = turn.error?.codexErrorInfo;
    assert.ok(typeof info === "object" && info !== null && "raw" in info && info.raw === "newKind");
    assert.deepEqual(
      unknowns.map(({ kind, path, raw }) => [kind, path, raw]),
      [
        ["variant", "$.result.data[0].turns[0].error.codexErrorInfo", "newKind"],
        ["variant", "$.result.data[0].turns[0].items[0]", { type: "hologram", id: "h" }],
        ["enumValue", "$.result.data[0].turns[0].status", "paused"],
      ],
    );
    await client.close();
  });

  test("unknown variants are sent back as they came", async () => {
    const { client } = await connect(
      `on["turn/start"] = (m) => fail(m, 1, JSON.stringify(m.params)); on["thread/start"] = on["turn/start"];`,
    );
    const input = [unknownVariant("type", "smell", { type: "smell", of: ["rain"] })];
    await assert.rejects(client.turnStart({ threadId: "t", input }), (error) => {
      assert.ok(error instanceof Error);
      assert.deepEqual(JSON.parse(error.message), {
        threadId: "t",
        input: [{ type: "smell", of: ["rain"] }],
      });
      return true;
    });
    await assert.rejects(
      client.threadStart({ approvalPolicy: unknownVariant("type", "sometimes", "sometimes") }),
      /\{"approvalPolicy":"sometimes"\}/,
    );
    await assert.rejects(
      client.threadStart({
        approvalPolicy: {
          granular: { mcp_elicitations: true, rules: false, sandbox_approval: true },
        },
      }),
      /"granular":\{"mcp_elicitations":true/,
    );
    assert.deepEqual(input[0]?.type, "$unknown");
    await client.close();
  });

  test("arms of one tag are told apart, and a malformed known arm is an error", async () => {
    const { client } = await connect(`
      const item = (...content) => ({ data: [{ ...thread(), turns: [{ ...turn("u"), items: [{ type: "userMessage", id: "i", content }] }] }] });
      on["thread/list"] = (m) => answer(m, item({ type: "image", url: "u" }, { type: "image", fileId: "f", detail: "odd" }));
      on["model/list"] = (m) => answer(m, 1);
      on["turn/start"] = (m) => answer(m, { turn: { ...turn("u"), items: [{ type: "userMessage", id: "i", content: [{ type: "image" }] }] } });
    `);
    const { data } = await client.threadList();
    const item = data[0]?.turns[0]?.items[0];
    assert.ok(item?.type === "userMessage");
    const [first, second] = item.content;
    assert.ok(first?.type === "image" && "url" in first && first.url === "u");
    assert.ok(second?.type === "image" && "fileId" in second && second.detail === "odd");
    await assert.rejects(client.modelList(), /\$\.result: expected an object, found 1/);
    await assert.rejects(
      client.turnStart({ threadId: "t", input: [] }),
      /items\[0\]\.content\[0\]\.url: required, but missing/,
    );
    await client.close();
  });

  test("untagged unions take the first arm that fits", async () => {
    const { client, unknowns } = await connect(`
      on["mcpServer/resource/read"] = (m) => answer(m, { contents: [{ uri: "a", text: "t" }, { uri: "b", blob: "b" }, { uri: "c", scent: 1 }] });
    `);
    const { contents } = await client.mcpServerResourceRead({
      server: "s",
      threadId: "t",
      uri: "u",
    });
    const [text, blob, other] = contents;
    assert.ok(text !== undefined && "text" in text && text.text === "t");
    assert.ok(blob !== undefined && "blob" in blob && blob.blob === "b");
    assert.ok(other !== undefined && isUnknownVariant(other) && other.tag === null);
    assert.deepEqual(
      unknowns.map(({ path }) => path),
      ["$.result.contents[2]"],
    );
    await client.close();
  });

  test("C14 notifications: known, renamed, unknown and undecodable", async () => {
    const { client, unknowns } = await connect(`
      on["go"] = (m) => {
        send({ method: "item/agentMessage/delta", params: { threadId: "t", turnId: "u", itemId: "i", delta: "d" }, emittedAtMs: 5 });
        notice("account/loginCompleted", { success: true, loginId: "l" });
        notice("brand/new", { a: 1 });
        notice("turn/started", { threadId: "t" });
        send({ method: "constructor" });
        answer(m, null);
      };
    `);
    const stream = client.notifications();
    await client.request("go");
    const events: ServerNotification[] = [];
    for await (const event of stream) {
      events.push(event);
      if (events.length === 5) break;
    }
    const [delta, login, fresh, broken, odd] = events;
    assert.ok(
      delta?.method === "item/agentMessage/delta" &&
        delta.params.delta === "d" &&
        delta.emittedAtMs === 5,
    );
    assert.ok(
      login?.method === "account/login/completed" &&
        login.params.loginId === "l" &&
        login.emittedAtMs === null,
    );
    assert.ok(
      fresh?.method === "$unknown" && fresh.wireMethod === "brand/new" && fresh.error === undefined,
    );
    assert.ok(
      broken?.method === "$unknown" && broken.error?.message.includes("$.params.turn: required"),
    );
    assert.ok(odd?.method === "$unknown");
    assert.deepEqual(
      unknowns.map(({ kind, path }) => `${kind} ${path}`),
      ["method $.method", "undecodable $.params", "method $.method"],
    );
    await client.close();
  });

  test("C21 bad lines are reported and skipped; odd line ends work", async () => {
    const { client, unknowns } = await connect(`
      on["go"] = (m) => {
        write("not json\\n[1]\\n\\n  \\r\\n");
        write(JSON.stringify({ id: 999, result: 1 }) + "\\n");
        write(JSON.stringify({ id: true, result: 1 }) + "\\n");
        process.stdout.write(Buffer.from([0x7b, 0xff, 0x7d, 0x0a]));
        write(JSON.stringify({ jsonrpc: "2.0", result: "fine", id: m.id }) + "\\r\\n");
      };
      on["bye"] = (m) => { process.stdout.write(JSON.stringify({ id: m.id, result: "last" }), () => process.exit(0)); };
    `);
    assert.equal(await client.request("go"), "fine");
    assert.deepEqual(
      unknowns.map(({ kind, error }) => `${kind} ${error?.message.slice(0, 12)}`),
      [
        "message not JSON: Un",
        "message not an objec",
        "message answers 999,",
        "message neither a me",
        "message not UTF-8",
      ],
    );
    assert.equal(await client.request("bye"), "last");
    await client.close();
  });

  test("C21 a line of 64 MiB, both ways", async () => {
    const { client } = await connect(
      `on["echo"] = (m) => answer(m, m.params.length); on["big"] = (m) => answer(m, "x".repeat(m.params));`,
    );
    const size = 64 * 1024 * 1024;
    const started = performance.now();
    const big = await client.request("big", size);
    assert.ok(typeof big === "string" && big.length === size);
    assert.equal(await client.request("echo", big), size);
    // Work that grew with the square of the length would take hours.
    assert.ok(performance.now() - started < 60_000);
    await client.close();
  });

  test("strict mode turns what is unknown into errors", async () => {
    const { client } = await connect(
      `
      on["thread/list"] = (m) => answer(m, { data: [{ ...thread(), turns: [{ ...turn("u"), status: "odd" }] }] });
      on["go"] = (m) => { notice("brand/new", {}); answer(m, 1); };
    `,
      { strict: true },
    );
    await assert.rejects(client.threadList(), UnknownValueError);
    const stream = client.notifications();
    const read = stream.get();
    read.catch(() => undefined);
    await client.request("go");
    await assert.rejects(read, UnknownValueError);
    await client.close();
  });

  test("listeners hear their method alone, and one that throws harms nothing", async () => {
    const logged: string[] = [];
    const { client } = await connect(
      `
      on["go"] = (m) => { delta("u1", "a"); notice("turn/completed", { threadId: "t", turn: turn("u", "completed") }); notice("x/y", {}); delta("u1", "b"); answer(m, 1); };
    `,
      { onLog: ({ message }) => logged.push(message) },
    );
    const heard: string[] = [];
    const off = client.on("item/agentMessage/delta", (event) => {
      heard.push(event.params.delta);
      throw new Error("listener");
    });
    client.on("turn/completed", async (event) => {
      heard.push(event.params.turn.id);
    });
    client.on("$unknown", (event) => heard.push(event.wireMethod));
    await client.request("go");
    assert.deepEqual(heard, ["a", "u", "x/y", "b"]);
    off();
    await client.request("go");
    assert.deepEqual(heard.slice(4), ["u", "x/y"]);
    assert.equal(logged.filter((message) => message === "a listener threw").length, 2);
    await client.close();
  });

  test("C22 a stream that nobody reads is bounded, and says what it lost", async () => {
    const overflows: number[] = [];
    const { client } = await connect(
      `
      on["go"] = (m) => { for (let n = 0; n < 100; n += 1) delta("u1", String(n)); answer(m, 1); };
    `,
      { queueSize: 10, onOverflow: ({ dropped }) => overflows.push(dropped) },
    );
    const stream = client.notifications();
    const seen = deferred<ServerNotification | undefined>();
    void stream.get().then(seen.resolve);
    await client.request("go");
    await seen.promise;
    const next = await stream.get();
    assert.ok(next?.method === "item/agentMessage/delta" && Number(next.params.delta) >= 89);
    assert.ok(stream.dropped >= 80 && overflows.length > 0 && overflows.length < 10);
    await client.close();
  });

  test("nextNotification keeps what came before it was called", async () => {
    const { client } = await connect(
      `on["go"] = (m) => { delta("u1", "a"); delta("u1", "b"); answer(m, 1); };`,
    );
    await client.request("go");
    const first = await client.nextNotification();
    const second = await client.nextNotification({ timeoutMs: 1_000 });
    assert.ok(first.method === "item/agentMessage/delta" && first.params.delta === "a");
    assert.ok(second.method === "item/agentMessage/delta" && second.params.delta === "b");
    await assert.rejects(client.nextNotification({ timeoutMs: 5 }), /no answer within 5 ms/);
    await client.close();
  });

  test("hooks that are async and fail harm nothing", async () => {
    const failing = async () => {
      throw new Error("a broken hook");
    };
    const logged: unknown[] = [];
    const { client } = await connect(
      `on["go"] = (m) => { console.error("a line"); notice("brand/new", {}); answer(m, 1); };`,
      {
        onUnknown: failing,
        onStderr: failing,
        onLog: async ({ error }) => {
          logged.push(error);
          throw new Error("a broken log");
        },
      },
    );
    assert.equal(await client.request("go"), 1);
    await client.close();
    const told = logged.map((error) => (error instanceof Error ? error.message : error));
    assert.equal(told.filter((text) => text === "a broken hook").length, 2);
  });
});
