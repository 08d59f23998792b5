/** Turns on the real server: streamed, side by side, with requests of the server's, and failing. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type ServerNotification,
  type ServerRequestHandlers,
  TransportClosed,
} from "codex-app-server-sdk";
import { isGroupGone } from "./support/peers.js";
import { type Options, withServer } from "./support/server.js";
import { all, begin, endOf, itemsOf, nextDelta, run, say, textOf } from "./support/turns.js";

describe("turns", () => {
  test("a turn is streamed from its beginning to its end", async () => {
    await withServer({ scenario: "text" }, async ({ client }) => {
      const { id } = await begin(client);
      const work = await client.turnStartStream({ threadId: id, input: say("hi") });
      const events = await all(work);
      assert.deepEqual([endOf(events).id, endOf(events).status], [work.id, "completed"]);
      assert.deepEqual(
        itemsOf(events).map((item) => (item.type === "agentMessage" ? item.text : item.type)),
        ["userMessage", "Let me think.", "Hello from the model."],
      );
      assert.equal(textOf(events), "Let me think.Hello from the model.");
      const usage = events.find((event) => event.method === "thread/tokenUsage/updated");
      assert.ok(usage?.method === "thread/tokenUsage/updated");
      assert.equal(usage.params.tokenUsage.last.cachedInputTokens, 100);
      const end = await client.waitForTurnCompleted(work.id ?? "");
      assert.equal(end.params.turn.status, "completed");
    });
  });

  test("two turns whose deltas alternate are told apart", async () => {
    await withServer({ scenario: "interleaved" }, async ({ client, model }) => {
      const a = await begin(client);
      const b = await begin(client);
      const turns = {
        a: await client.turnStartStream({ threadId: a.id, input: say("turn A") }),
        b: await client.turnStartStream({ threadId: b.id, input: say("turn B") }),
      };
      const seen: Record<"a" | "b", ServerNotification[]> = { a: [], b: [] };
      assert.equal(await nextDelta(turns.a, seen.a), "A0 ");
      assert.equal(await nextDelta(turns.b, seen.b), "B0 ");
      for (const [letter, number] of [
        ["b", 1],
        ["a", 1],
        ["b", 2],
        ["a", 2],
      ] as const) {
        const gate = `${letter}${number}`;
        await model.release(gate);
        const text = await nextDelta(turns[letter], seen[letter]);
        assert.equal(text.trim(), gate.toUpperCase());
      }
      for (const letter of ["a", "b"] as const) {
        const events = [...seen[letter], ...(await all(turns[letter]))];
        const name = letter.toUpperCase();
        assert.equal(endOf(events).status, "completed");
        assert.equal(textOf(events), `${name}0 ${name}1 ${name}2`);
        const threadId = (letter === "a" ? a : b).id;
        assert.ok(events.every(({ params }) => hasMember(params, "threadId", threadId)));
      }
    });
  });

  test("many turns at once", async () => {
    await withServer({}, async ({ client }) => {
      const said = Array.from({ length: 6 }, (_, number) => `message ${number}`);
      const runs = await Promise.all(said.map((text) => run(client, text)));
      assert.deepEqual(runs.map(textOf), said);
    });
  });

  test("a turn is steered, and another one interrupted", async () => {
    await withServer({ scenario: "held" }, async ({ client }) => {
      const threadId = (await begin(client)).id;
      const steered = await client.turnStartStream({ threadId, input: say("hold") });
      const seen: ServerNotification[] = [];
      assert.equal(await nextDelta(steered, seen), "Working");
      const expectedTurnId = steered.result.turn.id;
      const input = say("rather this");
      assert.equal(
        (await client.turnSteer({ threadId, expectedTurnId, input })).turnId,
        expectedTurnId,
      );
      seen.push(...(await all(steered)));
      assert.equal(endOf(seen).status, "completed");
      const last = itemsOf(seen).at(-1);
      assert.equal(last?.type === "agentMessage" && last.text, "rather this");

      const held = await client.turnStartStream({ threadId, input: say("hold") });
      const events: ServerNotification[] = [];
      assert.equal(await nextDelta(held, events), "Working");
      await client.turnInterrupt({ threadId, turnId: held.result.turn.id });
      events.push(...(await all(held)));
      assert.equal(endOf(events).status, "interrupted");
    });
  });

  test("failing turns end with their errors", async () => {
    await withServer({ scenario: "failure" }, async ({ client }) => {
      const { id } = await begin(client);
      for (const [said, info, message] of [
        ["fail", "other", "The model broke down."],
        ["quota", "usageLimitExceeded", "Quota exceeded"],
        ["overload", "serverOverloaded", "at capacity"],
        ["refuse", "other", "No such request."],
        ["cut", "other", "stream disconnected"],
      ] as const) {
        const events = await all(await client.turnStartStream({ threadId: id, input: say(said) }));
        const { status, error } = endOf(events);
        assert.deepEqual([status, error?.codexErrorInfo], ["failed", info], said);
        assert.ok(error?.message.includes(message), error?.message);
        const told = events.filter((event) => event.method === "error");
        assert.deepEqual(
          told.map(({ params }) => [params.error, params.willRetry]),
          [[error, false]],
        );
      }
      const events = await all(await client.turnStartStream({ threadId: id, input: say("again") }));
      assert.deepEqual([endOf(events).status, textOf(events)], ["completed", "Fine."]);
    });
  });

  test("a server that is killed in the middle of a turn closes everything", async () => {
    await withServer({ scenario: "held" }, async ({ client }) => {
      const { id } = await begin(client);
      const everything = client.notifications();
      const work = await client.turnStartStream({ threadId: id, input: say("hold") });
      const other = work.subscribe();
      const waiting = assert.rejects(client.waitForTurnCompleted(work.id ?? ""), isKilled);
      const pid = client.pid ?? 0;
      assert.equal(await nextDelta(work, []), "Working");
      process.kill(pid, "SIGKILL");
      for (const stream of [work, other, everything]) await assert.rejects(all(stream), isKilled);
      await waiting;
      await assert.rejects(client.threadRead({ threadId: id }), isKilled);
      await assert.rejects(client.turnStartStream({ threadId: id, input: say("x") }), isKilled);
      assert.equal(client.closed, true);
      assert.ok(await isGroupGone(pid));
    });
  });
});

function isKilled(error: unknown): boolean {
  return error instanceof TransportClosed && error.exitSignal === "SIGKILL";
}

function hasMember(value: unknown, name: string, expected: unknown): boolean {
  return typeof value === "object" && value !== null && Reflect.get(value, name) === expected;
}

describe("requests of the server, in turns", () => {
  const asking: Options = {
    scenario: "command_approval",
    approvalPolicy: "on-request",
    sandboxMode: "workspace-write",
  };

  /** Runs the turn that wants to run a command; gives how that went. */
  async function command(
    handlers: ServerRequestHandlers,
    watch: (handlers: ServerRequestHandlers) => void = () => undefined,
  ): Promise<unknown[]> {
    let outcome: unknown[] = [];
    await withServer({ ...asking, handlers }, async ({ client }) => {
      watch(client.handlers);
      const events = await run(client, "please run it");
      assert.equal(endOf(events).status, "completed");
      const items = itemsOf(events);
      const last = items.at(-1);
      assert.equal(last?.type === "agentMessage" && last.text, "The command was dealt with.");
      outcome = items.flatMap((item) =>
        item.type === "commandExecution" ? [item.status, item.exitCode ?? null] : [],
      );
    });
    return outcome;
  }

  test("a command is declined without a handler", async () => {
    assert.deepEqual(await command({}), ["declined", null]);
  });

  test("a command is run if a handler accepts it", async () => {
    const asked: (string | null | undefined)[] = [];
    const outcome = await command({
      itemCommandExecutionRequestApproval: (params) => {
        asked.push(params.command);
        return { decision: "accept" };
      },
    });
    assert.deepEqual(outcome, ["completed", 0]);
    assert.equal(asked.length, 1);
    assert.match(asked[0] ?? "", /echo approved-output/);
  });

  test("a handler that is set later is asked, and may decline", async () => {
    const outcome = await command({}, (handlers) => {
      handlers.itemCommandExecutionRequestApproval = async () => ({ decision: "decline" });
    });
    assert.deepEqual(outcome, ["declined", null]);
  });

  test("a command is declined if the handler throws", async () => {
    const outcome = await command({
      itemCommandExecutionRequestApproval: () => {
        throw new Error("from the handler");
      },
    });
    assert.deepEqual(outcome, ["declined", null]);
  });

  test("a handler may call the client itself", async () => {
    await withServer(asking, async ({ client }) => {
      const seen: string[] = [];
      client.handlers.itemCommandExecutionRequestApproval = async ({ threadId }) => {
        const { data } = await client.threadLoadedList();
        seen.push(...data);
        return { decision: data.includes(threadId) ? "accept" : "decline" };
      };
      const { id } = await begin(client);
      const work = await client.turnStartStream({ threadId: id, input: say("please run it") });
      const commands = itemsOf(await all(work)).filter((item) => item.type === "commandExecution");
      assert.deepEqual(seen, [id]);
      assert.deepEqual(
        commands.map((item) => item.type === "commandExecution" && item.status),
        ["completed"],
      );
    });
  });

  test("a file change is declined without a handler, and made if one accepts it", async () => {
    for (const accepted of [false, true]) {
      const handlers: ServerRequestHandlers = accepted
        ? { itemFileChangeRequestApproval: () => ({ decision: "accept" }) }
        : {};
      const options: Options = {
        scenario: "file_change",
        approvalPolicy: "on-request",
        handlers,
      };
      await withServer(options, async ({ client }) => {
        const changes = itemsOf(await run(client, "patch it")).flatMap((item) =>
          item.type === "fileChange" ? [item.status] : [],
        );
        assert.deepEqual(changes, [accepted ? "completed" : "declined"]);
      });
    }
  });

  test("a tool of the client's own is called", async () => {
    const called: unknown[] = [];
    const handlers: ServerRequestHandlers = {
      itemToolCall: async ({ tool, arguments: given }) => {
        called.push([tool, given]);
        return { contentItems: [{ type: "inputText", text: "blue" }], success: true };
      },
    };
    await withServer({ scenario: "dynamic_tool", handlers }, async ({ client }) => {
      const inputSchema = { type: "object", properties: { key: { type: "string" } } };
      const { thread } = await client.threadStart({
        ephemeral: true,
        dynamicTools: [
          { type: "function", name: "lookup", description: "Looks up a colour.", inputSchema },
        ],
      });
      const input = say("please look it up");
      const events = await all(await client.turnStartStream({ threadId: thread.id, input }));
      assert.equal(endOf(events).status, "completed");
      assert.deepEqual(called, [["lookup", { key: "colour" }]]);
      const item = itemsOf(events).find(({ type }) => type === "dynamicToolCall");
      assert.ok(item?.type === "dynamicToolCall");
      assert.deepEqual(
        [item.success, item.contentItems],
        [true, [{ type: "inputText", text: "blue" }]],
      );
      assert.equal(textOf(events), "Looked up.");
    });
  });

  test("a tool without a handler fails, and the turn goes on", async () => {
    await withServer({ scenario: "dynamic_tool" }, async ({ client }) => {
      const { thread } = await client.threadStart({
        ephemeral: true,
        dynamicTools: [{ type: "function", name: "lookup", description: "x", inputSchema: {} }],
      });
      const input = say("please look it up");
      const events = await all(await client.turnStartStream({ threadId: thread.id, input }));
      assert.deepEqual([endOf(events).status, textOf(events)], ["completed", "Looked up."]);
      const item = itemsOf(events).find(({ type }) => type === "dynamicToolCall");
      assert.ok(item?.type === "dynamicToolCall" && item.success === false);
    });
  });

  test("the user is asked", async () => {
    const asked: string[] = [];
    const handlers: ServerRequestHandlers = {
      itemToolRequestUserInput: ({ questions }) => {
        asked.push(...questions.map(({ question }) => question));
        return { answers: { colour: { answers: ["Blue"] } } };
      },
    };
    const features = ["default_mode_request_user_input"];
    await withServer({ scenario: "user_input", features, handlers }, async ({ client }) => {
      const events = await run(client, "ask me");
      assert.equal(textOf(events), "Thanks for the answer.");
      assert.deepEqual(asked, ["Which colour?"]);
    });
  });

  test("permissions are asked for", async () => {
    const asked: unknown[] = [];
    const handlers: ServerRequestHandlers = {
      itemPermissionsRequestApproval: ({ permissions, reason }) => {
        asked.push([permissions.network?.enabled, reason]);
        return { permissions: { network: { enabled: true } }, scope: "turn" };
      },
    };
    const features = ["request_permissions_tool"];
    const options: Options = {
      scenario: "permissions",
      approvalPolicy: "on-request",
      features,
      handlers,
    };
    await withServer(options, async ({ client }) => {
      const events = await run(client, "permit");
      assert.equal(textOf(events), "The permissions were dealt with.");
      assert.deepEqual(asked, [[true, "Needs the network."]]);
    });
  });
});
