import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LogEntry } from "codex-app-server-sdk";
import { connect, deferred } from "./support/peers.js";

const ASK = `
const approval = { itemId: "i", startedAtMs: 1, threadId: "t", turnId: "u", command: "ls" };
const tool = { arguments: { a: 1 }, callId: "c", threadId: "t", tool: "x", turnId: "u" };
on["approve"] = async (m) => { const { result, error } = await ask("s" + m.id, "item/commandExecution/requestApproval", m.params ?? approval); answer(m, { result, error }); };
on["tool"] = async (m) => { const { result, error } = await ask(-5, "item/tool/call", m.params ?? tool); answer(m, { result, error }); };
on["other"] = async (m) => { const { result, error } = await ask(9, "brand/new", {}); answer(m, { result, error }); };
`;

describe("requests of the server", () => {
  test("C20 nothing is approved without a handler", async () => {
    const { client, unknowns } = await connect(ASK);
    assert.deepEqual(await client.request("approve"), { result: { decision: "decline" } });
    const refused = JSON.stringify(await client.request("tool"));
    assert.match(refused, /-32601/);
    assert.match(JSON.stringify(await client.request("other")), /-32601.*brand\/new: unknown/);
    assert.deepEqual(await client.request("approve", { odd: true }), {
      result: { decision: "decline" },
    });
    assert.match(
      JSON.stringify(await client.request("tool", { odd: true })),
      /-32602.*required, but missing/,
    );
    assert.deepEqual(
      unknowns.map(({ kind }) => kind),
      ["method", "undecodable", "undecodable"],
    );
    await client.close();
  });

  test("C19 handlers get typed params, may be slow and may call the client", async () => {
    const { client } = await connect(
      `${ASK} on["model/list"] = (m) => answer(m, models([model("a")]));`,
      {
        handlers: {
          itemCommandExecutionRequestApproval: ({ command }) => ({
            decision: command === "ls" ? "accept" : "decline",
          }),
        },
      },
    );
    assert.deepEqual(await client.request("approve"), { result: { decision: "accept" } });
    const gate = deferred<void>();
    client.handlers.itemToolCall = async ({ tool }) => {
      const { data } = await client.modelList();
      await gate.promise;
      return {
        contentItems: [{ type: "inputText", text: `${tool} ${data[0]?.id}` }],
        success: true,
      };
    };
    const slow = client.request("tool");
    assert.equal((await client.modelList()).data.length, 1);
    gate.resolve();
    assert.deepEqual(await slow, {
      result: { contentItems: [{ type: "inputText", text: "x a" }], success: true },
    });
    await client.close();
  });

  test("C20 a handler that throws or gives nonsense declines, and harms nothing else", async () => {
    const logged: LogEntry[] = [];
    const { client } = await connect(ASK, { onLog: (entry) => logged.push(entry) });
    client.handlers.itemCommandExecutionRequestApproval = () => {
      throw new Error("broken");
    };
    assert.deepEqual(await client.request("approve"), { result: { decision: "decline" } });
    client.handlers.itemCommandExecutionRequestApproval = async () => JSON.parse("{}");
    assert.deepEqual(await client.request("approve"), { result: { decision: "decline" } });
    client.handlers.itemToolCall = () => ({
      contentItems: [{ type: "inputText", text: "\udfff" }],
      success: true,
    });
    assert.match(JSON.stringify(await client.request("tool")), /-32603/);
    client.handlers.itemToolCall = undefined;
    assert.match(JSON.stringify(await client.request("tool")), /-32601/);
    assert.equal(logged.filter(({ level }) => level === "error").length, 3);
    await client.close();
  });

  test("a handler is told when the connection ends", async () => {
    const asked = deferred<AbortSignal>();
    const { client } = await connect(ASK, {
      handlers: {
        itemToolCall: async (_params, { signal }) => {
          asked.resolve(signal);
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
          return { contentItems: [], success: false };
        },
      },
    });
    const call = client.request("tool");
    call.catch(() => undefined);
    const signal = await asked.promise;
    await client.close();
    assert.equal(signal.aborted, true);
    await assert.rejects(call, /the client was closed/);
  });

  test("handlers may be the methods of an object that has a class", async () => {
    class Guard {
      readonly #allowed = new Set(["ls"]);
      itemCommandExecutionRequestApproval({ command }: { command?: string | null }) {
        const isAllowed = this.#allowed.has(command ?? "");
        return { decision: isAllowed ? "accept" : "decline" } as const;
      }
    }
    const { client } = await connect(ASK, { handlers: new Guard() });
    assert.deepEqual(await client.request("approve"), { result: { decision: "accept" } });
    await client.close();
  });

  test("C20 a handler that can't even be found declines", async () => {
    const logged: LogEntry[] = [];
    const { client } = await connect(ASK, { onLog: (entry) => logged.push(entry) });
    Object.defineProperty(client.handlers, "itemCommandExecutionRequestApproval", {
      get: () => {
        throw new Error("no handler today");
      },
    });
    assert.deepEqual(await client.request("approve"), { result: { decision: "decline" } });
    assert.ok(logged.some(({ error }) => error instanceof Error && /today/.test(error.message)));
    await client.close();
  });

  test("any number of handlers may wait for the connection's end", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    const running = deferred<void>();
    let count = 0;
    const { client } = await connect(
      `on["go"] = (m) => { for (let n = 0; n < 20; n += 1) send({ id: n, method: "currentTime/read", params: { threadId: "t" } }); };`,
      {
        handlers: {
          currentTimeRead: (_, { signal }) =>
            new Promise((_resolve, reject) => {
              signal.addEventListener("abort", () => reject(signal.reason));
              count += 1;
              if (count === 20) running.resolve();
            }),
        },
      },
    );
    const going = assert.rejects(client.request("go"));
    await running.promise;
    await client.close();
    await going;
    // Warnings are told in a tick of their own.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    assert.deepEqual(warnings, []);
  });
});
