/** What the convenience layer sends for presets, for what is left out and for `null`: read off a recording. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ApprovalMode, Sandbox, TextInput } from "codex-app-server-sdk";
import { entries } from "./support/recordings.js";
import { scratch } from "./support/scratch.js";
import { withCodex } from "./support/server.js";

/** The params of all requests for a method. */
function sent(recording: string, method: string): unknown[] {
  return entries(recording).flatMap(({ from, message }) =>
    from === "client" && message?.method === method ? [message.params] : [],
  );
}

/** What a turn that says one text has in its params. */
function saying(text: string): object {
  return { input: [{ type: "text", text }] };
}

describe("what is sent", () => {
  test("for presets", async () => {
    const recording = join(scratch(), "traffic.jsonl");
    let threadId = "";
    await withCodex({ recordTo: recording }, async ({ codex }) => {
      const thread = await codex.threadStart();
      threadId = thread.id;
      await codex.threadStart({
        approvalMode: ApprovalMode.denyAll,
        sandbox: Sandbox.fullAccess,
      });
      await codex.threadStart({ approvalMode: null, sandbox: Sandbox.readOnly });
      await thread.run("plain");
      await thread.run("strict", {
        approvalMode: ApprovalMode.denyAll,
        sandbox: Sandbox.workspaceWrite,
      });
      await thread.run("reviewed", { approvalMode: ApprovalMode.autoReview });
      await codex.threadResume(thread.id);
      await codex.threadFork(thread.id, { sandbox: Sandbox.workspaceWrite });
    });
    const own = { threadId };
    const never = { approvalPolicy: "never" };
    const reviewed = { approvalPolicy: "on-request", approvalsReviewer: "auto_review" };
    assert.deepEqual(sent(recording, "thread/start"), [
      reviewed,
      { ...never, sandbox: "danger-full-access" },
      { sandbox: "read-only" },
    ]);
    const workspace = { sandboxPolicy: { type: "workspaceWrite" } };
    assert.deepEqual(sent(recording, "turn/start"), [
      { ...own, ...saying("plain") },
      { ...own, ...saying("strict"), ...never, ...workspace },
      { ...own, ...saying("reviewed"), ...reviewed },
    ]);
    assert.deepEqual(sent(recording, "thread/resume"), [own]);
    assert.deepEqual(sent(recording, "thread/fork"), [{ ...own, sandbox: "workspace-write" }]);
  });

  test("for what is left out, and for `null`", async () => {
    const recording = join(scratch(), "traffic.jsonl");
    let threadId = "";
    await withCodex({ recordTo: recording }, async ({ codex }) => {
      const thread = await codex.threadStart({ approvalMode: null });
      threadId = thread.id;
      await thread.run(["a", TextInput("b")], { model: null, effort: "low", summary: "concise" });
    });
    assert.deepEqual(sent(recording, "thread/start"), [{}]);
    const input = ["a", "b"].map((text) => ({ type: "text", text }));
    assert.deepEqual(sent(recording, "turn/start"), [
      { threadId, input, model: null, effort: "low", summary: "concise" },
    ]);
  });

  test("for a mode of approval that is none: nothing", async () => {
    await withCodex({}, async ({ codex }) => {
      for (const approvalMode of ["auto_review", "never", Sandbox.readOnly]) {
        // As a program without types would call it.
        const call: Promise<unknown> = Reflect.apply(codex.threadStart, codex, [{ approvalMode }]);
        await assert.rejects(call, {
          name: "TypeError",
          message: /no ApprovalMode; there are ApprovalMode\.autoReview, ApprovalMode\.denyAll$/,
        });
      }
    });
  });
});
