/** What holds whatever the server sends: nothing is lost, and nothing is approved by accident. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  isUnknownVariant,
  type ServerNotification,
  type ServerRequestHandlers,
  type ServerRequests,
  UnknownValueError,
} from "codex-app-server-sdk";
import { connect } from "./support/peers.js";

const WHERE = { threadId: "t", turnId: "u", itemId: "i" };
const USAGE = {
  cachedInputTokens: 1,
  inputTokens: 2,
  outputTokens: 3,
  reasoningOutputTokens: 4,
  totalTokens: 5,
};

/** The notifications' other names: what each stands for, and params. */
const ALIASES: Record<string, readonly [ServerNotification["method"], object]> = {
  "account/loginCompleted": ["account/login/completed", { success: true }],
  "account/rateLimitsUpdated": ["account/rateLimits/updated", { rateLimits: {} }],
  "app/listUpdated": ["app/list/updated", { data: [] }],
  "commandExecution/outputDelta": ["item/commandExecution/outputDelta", { ...WHERE, delta: "d" }],
  "config/warning": ["configWarning", { summary: "s" }],
  "context/compacted": ["thread/compacted", { threadId: "t", turnId: "u" }],
  "fileChange/outputDelta": ["item/fileChange/outputDelta", { ...WHERE, delta: "d" }],
  "mcp/serverOauthLoginCompleted": [
    "mcpServer/oauthLogin/completed",
    { name: "n", success: false, error: "e" },
  ],
  "mcp/toolCallProgress": ["item/mcpToolCall/progress", { ...WHERE, message: "m" }],
  "plan/delta": ["item/plan/delta", { ...WHERE, delta: "d" }],
  "reasoning/summaryPartAdded": ["item/reasoning/summaryPartAdded", { ...WHERE, summaryIndex: 0 }],
  "reasoning/summaryTextDelta": [
    "item/reasoning/summaryTextDelta",
    { ...WHERE, summaryIndex: 0, delta: "d" },
  ],
  "reasoning/textDelta": ["item/reasoning/textDelta", { ...WHERE, contentIndex: 0, delta: "d" }],
  "terminal/interaction": [
    "item/commandExecution/terminalInteraction",
    { ...WHERE, processId: "p", stdin: "in" },
  ],
  "thread/nameUpdated": ["thread/name/updated", { threadId: "t", threadName: null }],
  "thread/tokenUsageUpdated": [
    "thread/tokenUsage/updated",
    { threadId: "t", turnId: "u", tokenUsage: { last: USAGE, total: USAGE } },
  ],
  "turn/diffUpdated": ["turn/diff/updated", { threadId: "t", turnId: "u", diff: "d" }],
  "turn/planUpdated": ["turn/plan/updated", { threadId: "t", turnId: "u", plan: [] }],
};

/** A request of the server's. */
interface Asked {
  /** Where its handler is set. */
  handler: keyof ServerRequestHandlers;
  /** Params that fit. */
  params: object;
  /** An answer that fits. */
  answer: object;
  /** How an approval is declined; an error answers what is no approval. */
  refusal?: object;
}

const DENIED = { decision: { denied: { rejection: "declined: no handler approved it" } } };
const REQUESTS: Record<keyof ServerRequests, Asked> = {
  "account/chatgptAuthTokens/refresh": {
    handler: "accountChatgptAuthTokensRefresh",
    params: { reason: "unauthorized" },
    answer: { accessToken: "a", chatgptAccountId: "c" },
  },
  applyPatchApproval: {
    handler: "applyPatchApproval",
    params: { callId: "c", conversationId: "t", fileChanges: {} },
    answer: { decision: "approved" },
    refusal: DENIED,
  },
  "attestation/generate": {
    handler: "attestationGenerate",
    params: {},
    answer: { token: "t" },
  },
  "currentTime/read": {
    handler: "currentTimeRead",
    params: { threadId: "t" },
    answer: { currentTimeAt: 1 },
  },
  execCommandApproval: {
    handler: "execCommandApproval",
    params: { callId: "c", command: ["ls"], conversationId: "t", cwd: "/", parsedCmd: [] },
    answer: { decision: "approved_for_session" },
    refusal: DENIED,
  },
  "item/commandExecution/requestApproval": {
    handler: "itemCommandExecutionRequestApproval",
    params: { ...WHERE, startedAtMs: 1 },
    answer: { decision: "accept" },
    refusal: { decision: "decline" },
  },
  "item/fileChange/requestApproval": {
    handler: "itemFileChangeRequestApproval",
    params: { ...WHERE, startedAtMs: 1 },
    answer: { decision: "acceptForSession" },
    refusal: { decision: "decline" },
  },
  "item/permissions/requestApproval": {
    handler: "itemPermissionsRequestApproval",
    params: { ...WHERE, startedAtMs: 1, cwd: "/", permissions: {} },
    answer: { permissions: { network: { enabled: true } }, scope: "session" },
    refusal: { permissions: {}, scope: "turn" },
  },
  "item/tool/call": {
    handler: "itemToolCall",
    params: { arguments: {}, callId: "c", threadId: "t", tool: "x", turnId: "u" },
    answer: { contentItems: [{ type: "inputText", text: "x" }], success: true },
  },
  "item/tool/requestUserInput": {
    handler: "itemToolRequestUserInput",
    params: { ...WHERE, isBlocking: true, questions: [] },
    answer: { answers: { colour: { answers: ["Red"] } } },
  },
  "mcpServer/elicitation/request": {
    handler: "mcpServerElicitationRequest",
    params: {
      mode: "url",
      elicitationId: "e",
      message: "m",
      serverName: "s",
      threadId: "t",
      url: "u",
    },
    answer: { action: "accept", content: { a: 1 } },
    refusal: { action: "decline" },
  },
};

/** A peer that asks what it is told to ask, and gives the whole answer. */
const ASK = `on["ask"] = async (m) => answer(m, await ask(7, m.params.method, m.params.params));`;

/** The handlers of all requests; each is the one function. */
function handlingAll(handler: (params: unknown) => unknown): ServerRequestHandlers {
  const handlers: ServerRequestHandlers = {};
  for (const { handler: name } of Object.values(REQUESTS)) {
    Object.assign(handlers, { [name]: handler });
  }
  return handlers;
}

/** Checks that an approval is declined, and anything else answered with an error of this code. */
function assertRefused(answer: unknown, asked: Asked, code: number): void {
  if (asked.refusal !== undefined) {
    assert.deepEqual(answer, { id: 7, result: asked.refusal });
  } else {
    assert.match(JSON.stringify(answer), new RegExp(`^\\{"id":7,"error":\\{"code":${code},`));
  }
}

describe("unknown values", () => {
  const ITEMS = [
    { type: "text", text: "x", later: { a: [1] } },
    { type: "smell", of: ["rain"], type_2: null },
    { type: "image", url: "u", detail: "microscopic" },
  ];

  test("are kept, and written back as they came", async () => {
    const { client, unknowns } = await connect(`
      const content = ${JSON.stringify(ITEMS)};
      on["thread/list"] = (m) => answer(m, { later: true, data: [{ ...thread(), later: [null], turns: [{ ...turn("u", "paused"), items: [{ type: "userMessage", id: "i", content }] }] }] });
      on["turn/start"] = (m) => fail(m, 1, JSON.stringify(m.params));
    `);
    const result = await client.threadList();
    assert.equal(Reflect.get(result, "later"), true);
    const [thread] = result.data;
    assert.deepEqual(Reflect.get(thread ?? {}, "later"), [null]);
    assert.equal(thread?.turns[0]?.status, "paused");
    const item = thread?.turns[0]?.items[0];
    assert.ok(item?.type === "userMessage");
    const [text, smell, image] = item.content;
    assert.ok(text?.type === "text");
    assert.deepEqual(Reflect.get(text, "later"), { a: [1] });
    assert.ok(smell?.type === "$unknown" && isUnknownVariant(smell));
    assert.deepEqual([smell.tag, smell.raw], ["smell", ITEMS[1]]);
    assert.ok(image?.type === "image" && image.detail === "microscopic");
    const call = client.turnStart({ threadId: "t", input: item.content, effort: "heroic" });
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof Error);
      assert.deepEqual(JSON.parse(error.message), {
        threadId: "t",
        input: ITEMS,
        effort: "heroic",
      });
      return true;
    });
    assert.deepEqual(unknowns.map(({ kind, method, path }) => `${kind} ${method} ${path}`).sort(), [
      "enumValue thread/list $.result.data[0].turns[0].items[0].content[2].detail",
      "enumValue thread/list $.result.data[0].turns[0].status",
      "variant thread/list $.result.data[0].turns[0].items[0].content[1]",
    ]);
    await client.close();
  });

  test("of methods are kept with all they bring", async () => {
    const { client, unknowns } = await connect(`
      on["go"] = (m) => { notice("novel/thing", { a: [1, null] }); answer(m, 1); };
      ${ASK}
    `);
    const stream = client.notifications();
    await client.request("go");
    const event = await stream.get();
    assert.ok(event?.method === "$unknown");
    assert.deepEqual([event.wireMethod, event.params], ["novel/thing", { a: [1, null] }]);
    const params = { threadId: "t" };
    const answer = await client.request("ask", { method: "novel/approval", params });
    assert.match(JSON.stringify(answer), /-32601.*novel\/approval/);
    assert.deepEqual(
      unknowns.map(({ kind, method }) => [kind, method]),
      [
        ["method", "novel/thing"],
        ["method", "novel/approval"],
      ],
    );
    await client.close();
  });

  test("are errors in strict mode; unknown members are not", async () => {
    const { client } = await connect(
      `
      const list = (m, given) => answer(m, { data: [{ ...thread(), turns: [{ ...turn("u"), ...given }] }] });
      const results = [{ later: 1 }, { status: "paused" }, { items: [{ type: "hologram" }] }];
      on["thread/list"] = (m) => list(m, results.shift());
      on["go"] = (m) => { notice("turn/started", { threadId: "t", turn: turn("u", "paused") }); answer(m, 1); };
      ${ASK}
    `,
      { strict: true, handlers: handlingAll(() => ({ decision: "accept" })) },
    );
    assert.equal((await client.threadList()).data.length, 1);
    for (const place of ["turns[0].status", "turns[0].items[0]"]) {
      await assert.rejects(client.threadList(), (error) => {
        assert.ok(error instanceof UnknownValueError);
        assert.equal(error.method, "thread/list");
        assert.ok(error.problems[0]?.startsWith(`$.result.data[0].${place}`), error.message);
        return true;
      });
    }
    const stream = client.notifications();
    const read = assert.rejects(stream.get(), UnknownValueError);
    await client.request("go");
    await read;
    const params = { ...REQUESTS["item/commandExecution/requestApproval"].params, kind: "novel" };
    const method = "item/commandExecution/requestApproval";
    assert.deepEqual(await client.request("ask", { method, params }), {
      id: 7,
      result: { decision: "decline" },
    });
    await client.close();
  });
});

describe("other names of notifications", () => {
  test("are resolved, all of them", async () => {
    const { client, unknowns } = await connect(
      `on["go"] = (m) => { for (const [method, params] of m.params) notice(method, params); answer(m, 1); };`,
    );
    const sent = Object.entries(ALIASES);
    const stream = client.notifications();
    await client.request(
      "go",
      sent.map(([alias, [, params]]) => [alias, params]),
    );
    for (const [alias, [method, params]] of sent) {
      const event = await stream.get();
      assert.deepEqual([event?.method, event?.params], [method, params], alias);
    }
    assert.equal(sent.length, 18);
    assert.deepEqual(unknowns, []);
    await client.close();
  });
});

describe("requests of the server", () => {
  const requests = Object.entries(REQUESTS);

  test("are refused without a handler", async () => {
    const { client, unknowns } = await connect(ASK);
    for (const [method, asked] of requests) {
      const answer = await client.request("ask", { method, params: asked.params });
      assertRefused(answer, asked, -32601);
    }
    assert.equal(requests.length, 11);
    assert.equal(requests.filter(([, { refusal }]) => refusal !== undefined).length, 6);
    assert.deepEqual(unknowns, []);
    await client.close();
  });

  test("are answered by their handlers", async () => {
    const { client, unknowns } = await connect(ASK);
    for (const [method, { handler, params, answer }] of requests) {
      const seen: unknown[] = [];
      Object.assign(client.handlers, {
        [handler]: async (given: unknown) => {
          seen.push(given);
          return answer;
        },
      });
      assert.deepEqual(await client.request("ask", { method, params }), { id: 7, result: answer });
      assert.deepEqual(seen, [params]);
    }
    assert.deepEqual(unknowns, []);
    await client.close();
  });

  test("are refused if the handler throws, at once or later", async () => {
    const logged: string[] = [];
    for (const handler of [
      () => {
        throw new Error("from the handler");
      },
      () => Promise.reject(new Error("from the handler")),
      () => Promise.reject(undefined),
    ]) {
      const { client } = await connect(ASK, {
        handlers: handlingAll(handler),
        onLog: ({ level }) => logged.push(level),
      });
      for (const [method, asked] of requests) {
        const answer = await client.request("ask", { method, params: asked.params });
        assertRefused(answer, asked, -32603);
        assert.doesNotMatch(JSON.stringify(answer), /from the handler/);
      }
      await client.close();
    }
    assert.equal(logged.filter((level) => level === "error").length, 33);
  });

  test("are refused if the handler gives what is no answer", async () => {
    for (const result of [
      undefined,
      null,
      {},
      true,
      "accept",
      [],
      { decision: null },
      { decision: 1 },
      { decision: ["accept"] },
      { action: 1, permissions: 1, answers: 1, token: 1, contentItems: 1, success: "yes" },
      { decision: "\ud800", action: "\ud800", permissions: { fileSystem: 1 }, answers: { a: 1 } },
      new Map(),
      () => "accept",
    ]) {
      const { client } = await connect(ASK, { handlers: handlingAll(() => result) });
      for (const [method, asked] of requests) {
        const answer = await client.request("ask", { method, params: asked.params });
        assertRefused(answer, asked, -32603);
      }
      await client.close();
    }
  });

  test("whose params don't fit reach no handler", async () => {
    const reached: unknown[] = [];
    const { client, unknowns } = await connect(ASK, {
      handlers: handlingAll((params) => reached.push(params)),
    });
    let count = 0;
    for (const [method, asked] of requests) {
      const entries = Object.entries(asked.params).filter(([, value]) => {
        return typeof value !== "object" || Array.isArray(value);
      });
      const wrong: unknown[] = [
        null,
        [],
        "text",
        ...entries.map(([missing]) =>
          Object.fromEntries(Object.entries(asked.params).filter(([name]) => name !== missing)),
        ),
        ...entries.map(([name]) => ({ ...asked.params, [name]: { no: "fit" } })),
      ];
      for (const params of wrong) {
        const answer = await client.request("ask", { method, params });
        assertRefused(answer, asked, -32602);
        count += 1;
        assert.deepEqual(
          unknowns.map(({ kind, method, raw }) => ({ kind, method, raw })),
          [{ kind: "undecodable", method, raw: params }],
          `${method} ${JSON.stringify(params)}`,
        );
        unknowns.length = 0;
      }
    }
    assert.deepEqual(reached, []);
    assert.ok(count > 80, String(count));
    await client.close();
  });
});
