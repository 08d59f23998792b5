/** The steps that see what the client's handlers and hooks were told. */

import type { Unknown } from "codex-app-server-sdk";
import { handlerOf } from "./handlers.js";
import { handlerName } from "./table.js";
import { mismatch, mismatchInAnyOrder } from "./patterns.js";
import type { Session } from "./session.js";
import type { Step } from "./step.js";
import type { Json, JsonObject } from "./values.js";

/** What scenarios call the kinds of unknowns. */
const KINDS = {
  method: "method",
  variant: "variant",
  enumValue: "enum_value",
  undecodable: "undecodable",
  message: "message",
} as const;

export async function handler(session: Session, step: Step): Promise<void> {
  const spec: JsonObject = {};
  for (const member of ["returns", "raises", "calls", "waits_for", "plain"]) {
    const value = step.get(member);
    if (value !== undefined) spec[member] = value;
  }
  const made = handlerOf(session, step.target, spec, step.lookup);
  Reflect.set(session.client.handlers, handlerName(step.target), made);
}

export async function asked(session: Session, step: Step): Promise<void> {
  const params = await session.news.until(
    () => session.asked.get(step.target)?.shift(),
    `the server to ask ${step.target}`,
  );
  const problem = mismatch(step.get("params") ?? { $any: true }, params, "the params");
  if (problem !== null) throw new Error(problem);
  session.save(step.object("save"), params);
}

export async function release(session: Session, step: Step): Promise<void> {
  if (!session.scenario.gates.has(step.target)) {
    await session.server.release(step.target);
    return;
  }
  session.openGates.add(step.target);
  session.news.tell();
}

export async function unknowns(session: Session, step: Step): Promise<void> {
  const patterns = step.list("unknowns");
  const told = await session.news.until(
    () => (session.unknowns.length < patterns.length ? undefined : [...session.unknowns]),
    `${patterns.length} unknowns; told so far: ${session.unknowns.length}`,
  );
  session.unknowns.splice(0, patterns.length);
  const plain = told.slice(0, patterns.length).map(plainUnknown);
  const problem = mismatchInAnyOrder(patterns, plain, "the unknowns");
  if (problem !== null) throw new Error(problem);
}

/** An unknown as scenarios write it. */
export function plainUnknown({ kind, method, path, raw }: Unknown): JsonObject {
  const said: Json = JSON.parse(JSON.stringify(raw ?? null));
  return { kind: KINDS[kind], method, path, raw: said };
}

export async function overflow(session: Session, step: Step): Promise<void> {
  const least = step.number("least") ?? 1;
  const wanted = step.subject === true ? null : session.followed(step.target).kind;
  const fits = () =>
    session.overflows.some(({ stream, dropped }) => {
      return dropped >= least && (wanted === null || stream === wanted);
    }) || undefined;
  await session.news.until(fits, `the report of ${least} lost notifications`);
}

export async function stderrHook(session: Session, step: Step): Promise<void> {
  let seen = 0;
  const fits = () => {
    const lines = session.stderrLines.slice(seen);
    seen = session.stderrLines.length;
    return lines.some((line) => mismatch(step.subject, line, "") === null) || undefined;
  };
  await session.news.until(fits, "a line of stderr that fits");
}
