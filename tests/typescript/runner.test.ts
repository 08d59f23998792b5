/** The runner of the scenarios can fail: what is wrong is found, and told. */

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { mismatch, mismatchInAnyOrder } from "./scenarios/patterns.js";
import { run } from "./scenarios/player.js";
import { readScenario } from "./scenarios/program.js";
import { fill, type Json, type JsonObject } from "./scenarios/values.js";
import { readLog, unlikeEvents, unlikeResults } from "./scenarios/wire.js";
import { scratch } from "./support/scratch.js";

/** The file of a scenario that consists of these members. */
function fileOf(members: JsonObject, name = "C00-made-up"): string {
  const folder = scratch();
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify({ about: "Made up.", ...members }));
  return path;
}

const GREET = { greet: true };
const LIST = { expect: "thread/list", as: "call" };
const ANSWER = { answer: "call", result: { data: [] } };
const ARCHIVED = { notify: "thread/archived", params: { threadId: "t" } };
const NOVEL = { notify: "novel/note" };
const FAILURE = { answer: "call", error: { code: -32600, message: "no" } };
const TOOL = "item/tool/call";
const ASK = { ask: TOOL, id: 1, params: {} };
const ALL = { stream: "all" };

/** Scenarios that must fail: what the peer does, what the client does, and what is told of it. */
const WRONG: readonly (readonly [peer: Json[], client: Json[], told: string])[] = [
  [[GREET, LIST], [], "expected `thread/list`, but the input has ended"],
  [[GREET], [{ call: "thread/list" }], "client step 0: expected a result, came TransportClosed"],
  [
    [GREET, LIST, ANSWER],
    [{ call: "thread/list", result: {} }],
    "the result.data: expected nothing",
  ],
  [
    [GREET, LIST, ANSWER],
    [{ call: "thread/list", fails: { kind: "ParseError" } }],
    "came the result",
  ],
  [[GREET, LIST, FAILURE], [{ call: "thread/list" }], "came InvalidRequest: no"],
  [
    [GREET, LIST, FAILURE],
    [{ call: "thread/list", fails: { kind: "InvalidRequest", code: -32601 } }],
    "its code: expected -32601, came -32600",
  ],
  [
    [GREET, LIST, ANSWER],
    [
      { call: "thread/list", later: "a" },
      { repeat: [{ await: "a" }], count: 0 },
    ],
    "nobody awaited a",
  ],
  [
    [GREET, LIST, ANSWER, ARCHIVED],
    [{ call: "thread/list", later: "a" }, { next: { $has: {} } }, { cancel: "a" }],
    'expected "Cancelled", came the result',
  ],
  [[NOVEL, GREET], [], 'no step expected this unknown: {"kind":"method"'],
  [
    [GREET, NOVEL],
    [{ unknowns: [{ $has: { kind: "message" } }] }],
    "the unknowns, in any order: expected",
  ],
  [
    [GREET, ARCHIVED],
    [{ next: { $has: { method: "x" } } }],
    'the notification.method: expected "x"',
  ],
  [
    [GREET, LIST, ARCHIVED, ANSWER],
    [ALL, { call: "thread/list" }, { events: "all", are: [{ method: "thread/archived" }] }],
    "event 0.params: expected nothing",
  ],
  [
    [GREET, LIST, ARCHIVED, ANSWER],
    [
      ALL,
      { call: "thread/list" },
      { until: "all", event: { $has: {} }, counts: { "thread/archived": 2 } },
    ],
    "how many thread/archived came: expected 2, came 1",
  ],
  [[GREET, { exit: 3 }], [ALL, { ends: "all" }], "expected the end, came TransportClosed"],
  [
    [GREET, { exit: 3 }],
    [ALL, { ends: "all", fails: { kind: "TransportClosed", exit_code: 4 } }],
    "its exitCode: expected 4, came 3",
  ],
  [[{ exit: 3 }], [], "exit code 3"],
  [[GREET], [{ start: true, fails: { kind: "StartError" } }], "it did"],
  [[{ exit: 3 }], [{ start: true, fails: { kind: "StartError", stderr: "x" } }], "its stderr"],
  [[GREET], [{ closed: true }], "closed: expected true, came false"],
  [[GREET], [{ close: true }, { closed: false }], "closed: expected false, came true"],
  [[GREET], [{ stderr_tail: ["x"] }], "the tail of stderr"],
  [[GREET], [{ server_info: {} }], "the server's info.userAgent: expected nothing"],
  [[GREET, LIST, ANSWER], [{ call: "thread/list", save: { x: "data.0" } }], "there is no data.0"],
  [
    [GREET, LIST, ANSWER],
    [{ parallel: [[{ call: "thread/list" }], [{ closed: true }]] }],
    "client step 0.1.0: closed",
  ],
  [[GREET], [{ repeat: [{ closed: true }], count: 2 }], "client step 0.0: closed: expected true"],
  [[GREET, ASK, { expect_answer: 1, result: {} }], [], "the peer: step 2 (expect_answer)"],
];

/** Files that are no scenarios, and what is told of them. */
const BROKEN: readonly (readonly [members: JsonObject, told: string])[] = [
  [{ client: [] }, "expected one of peer and server"],
  [{ peer: [], server: {}, client: [] }, "expected one of peer and server"],
  [{ peer: [], client: [], more: 1 }, 'the file: there is no member "more"'],
  [{ peer: [], client: [{ jump: 1 }] }, 'client.0: there is no step "jump"'],
  [{ peer: [], client: [{ ends: "x", why: 1 }] }, 'client.0: there is no member "why"'],
  [{ peer: [], client: [{ repeat: [{ jump: 1 }], count: 1 }] }, 'there is no step "jump"'],
  [{ peer: [], client: [{ parallel: [[{ jump: 1 }]] }] }, 'there is no step "jump"'],
  [{ peer: [], client: [{ ends: "x", fails: { sort: 1 } }] }, 'there is no member "sort"'],
  [{ peer: [], client: [{ start: true, config: { x: 1 } }] }, 'there is no member "x"'],
  [{ peer: [], client: [], config: { retry: { x: 1 } } }, 'there is no member "x"'],
  [{ peer: [], client: [], handlers: { [TOOL]: { x: 1 } } }, 'there is no member "x"'],
  [{ peer: [], client: [], handlers: { [TOOL]: { calls: { jump: 1 } } } }, "there is no step"],
  [{ peer: [], client: [], clients: { only: [] } }, "expected because"],
];

describe("the runner", () => {
  for (const [peer, client, told] of WRONG) {
    test(`fails: ${told}`, async () => {
      const handlers = { [TOOL]: { returns: { contentItems: [], success: true } } };
      const scenario = readScenario(fileOf({ peer, client, handlers }, "C01-wrong"));
      await assert.rejects(run(scenario), (error: Error) => {
        assert.ok(error.message.includes(told), error.message);
        return true;
      });
    });
  }

  test("takes no file for a scenario that isn't one", () => {
    for (const [members, told] of BROKEN) {
      assert.throws(
        () => readScenario(fileOf(members, "C01-broken")),
        (error: Error) => {
          assert.ok(error.message.includes(told), error.message);
          return true;
        },
      );
    }
    assert.throws(() => readScenario(fileOf({ peer: [], client: [] }, "x")), /begin with a rule/);
  });
});

describe("patterns", () => {
  const FIT: readonly (readonly [pattern: Json, came: Json])[] = [
    [
      { a: 1, b: null },
      { a: 1.0, c: null },
    ],
    [{ $has: { a: { $any: true }, c: { $absent: true } } }, { a: [], b: 2, c: null }],
    [
      [{ $contains: "b" }, { $len: 2 }, { $len: 1 }],
      ["abc", ["", ""], "\u{1f600}"],
    ],
    [{ $some: { $has: { x: 1 } } }, [1, { x: 1, y: 2 }]],
    [
      { $schema: "x", $id: 1 },
      { $schema: "x", $id: 1 },
    ],
  ];
  const UNFIT: readonly (readonly [pattern: Json, came: Json])[] = [
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: { $any: true } }, { a: null }],
    [{ a: { $absent: true } }, { a: 0 }],
    [{ $has: { a: 1 } }, { a: 2 }],
    [{ $contains: "d" }, "abc"],
    [{ $contains: "1" }, 1],
    [{ $len: 2 }, "a"],
    [{ $some: 3 }, [1, 2]],
    [[1], [1, 2]],
    [[null], [1]],
    ["1", 1],
    [{}, []],
    [null, {}],
  ];

  test("fit or don't", () => {
    for (const [pattern, came] of FIT) assert.equal(mismatch(pattern, came, "it"), null);
    for (const [pattern, came] of UNFIT) {
      assert.notEqual(mismatch(pattern, came, "it"), null, JSON.stringify([pattern, came]));
    }
  });

  test("each find one of their own, in any order", () => {
    const any = { $any: true };
    assert.equal(mismatchInAnyOrder([any, 1], [1, 2], "it"), null);
    assert.equal(mismatchInAnyOrder([1, any, 2], [3, 2, 1], "it"), null);
    assert.notEqual(mismatchInAnyOrder([1, any], [2, 3], "it"), null);
    assert.notEqual(mismatchInAnyOrder([1, 1], [1, 2], "it"), null);
    assert.notEqual(mismatchInAnyOrder([any], [1, 2], "it"), null);
  });
});

test("values are filled in as they are, or as their text", () => {
  const saved: Readonly<Record<string, Json>> = { a: { b: [7, "x"] }, n: 3 };
  const lookup = (name: string): Json | undefined => saved[name];
  assert.deepEqual(fill(["${a}", "${a.b.0}", "<${a.b.1}${n}${a.b}>"], lookup), [
    saved["a"],
    7,
    '<x3[7,"x"]>',
  ]);
  assert.equal(fill({ $fill: "ab", count: 2 }, lookup), "abab");
  assert.match(String(fill({ $surrogate: true }, lookup)), /\ud800$/);
  assert.throws(() => fill("${a.c}", lookup), /there is no a\.c/);
});

test("what was lost between the line and the user is told", () => {
  const path = join(scratch(), "log");
  const lines = [
    { pid: 7 },
    { from: "client", line: '{"id":1,"method":"m","params":{}}' },
    { from: "server", line: '{"method":"n","params":{"a":1,"b":null}}' },
    { from: "server", line: '{"id":1,"result":{"x":[1.0],"y":null}}' },
    { from: "server", line: '{"method":"n","params":{"a":2}}' },
  ];
  writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n{"from`);
  const log = readLog(path);
  assert.equal(log.pid, 7);
  const result: [string, Json] = ["m", { x: [1] }];
  assert.deepEqual(unlikeResults(log, [result]), []);
  assert.equal(unlikeResults(log, [["m", { x: [2] }]]).length, 1);
  assert.equal(unlikeResults(log, [["n", { x: [1] }]]).length, 1);
  assert.equal(unlikeResults(log, [result, result]).length, 1);
  const first = { method: "n", params: { a: 1 } };
  const second = { method: "n", params: { a: 2 }, more: null };
  assert.deepEqual(unlikeEvents(log, "s", [first, second]), []);
  assert.equal(unlikeEvents(log, "s", [second, first]).length, 1);
  assert.equal(unlikeEvents(log, "s", [{ method: "n", params: {} }]).length, 1);
});
