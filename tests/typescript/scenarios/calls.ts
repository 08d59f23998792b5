/** The steps that ask the server for something. */

import { retryOnOverload } from "codex-app-server-sdk";
import { retryOf } from "./config.js";
import { told, unfit } from "./errors.js";
import { plainEvent, plainResult, use, workOf } from "./table.js";
import { patiently } from "./patience.js";
import { mismatch } from "./patterns.js";
import type { Outcome, Pending, Session } from "./session.js";
import type { Step } from "./step.js";
import { isEvent, isWork } from "./streams.js";
import { isObject, type Json, shown } from "./values.js";

/** A call failed, and nothing says that it should. */
export class CallFailure extends Error {
  constructor(error: unknown) {
    super(`expected a result, came ${told(error)}`, { cause: error });
  }
}

export async function call(session: Session, step: Step): Promise<void> {
  await now(session, step, begin(session, step, callOf));
}

export async function open(session: Session, step: Step): Promise<void> {
  await now(session, step, begin(session, step, openingOf));
}

export async function waitEnd(session: Session, step: Step): Promise<void> {
  await now(session, step, begin(session, step, endOf));
}

export async function awaitLater(session: Session, step: Step): Promise<void> {
  await settle(session, step, take(session, step.target));
}

export async function cancel(session: Session, step: Step): Promise<void> {
  const pending = take(session, step.target);
  pending.cancel();
  await expectCancelled(pending, step.target);
}

export async function notify(session: Session, step: Step): Promise<void> {
  const announced = session.client.notify(step.target, step.get("params"));
  const outcome = outcomeOf(announced.then(() => async () => null));
  await settle(session, step, { outcome, cancel: () => undefined });
}

/** Begins something; gives its result as JSON. */
export type Begin = (
  session: Session,
  step: Step,
  options: CallOptions,
) => Promise<() => Promise<Json>>;

export interface CallOptions {
  signal: AbortSignal;
  timeoutMs?: number | null;
}

const callOf: Begin = async (session, step, options) => {
  const method = step.target;
  const params = step.get("params");
  const { client } = session;
  const retry = step.get("retry");
  if (step.flag("untyped")) {
    const result = await (retry === undefined
      ? client.request(method, params, options)
      : client.requestWithRetryOnOverload(method, params, { ...options, ...retryOf(retry) }));
    return async () => JSON.parse(JSON.stringify(result));
  }
  const once = () => use(client, "call", method, params, options);
  const result = await (retry === undefined
    ? once()
    : retryOnOverload(once, { ...retryOf(retry), signal: options.signal }));
  return () => resultOf(session, method, result);
};

const openingOf: Begin = async (session, step, options) => {
  const method = step.target;
  const work = await use(session.client, "callWork", method, step.get("params"), options);
  if (!isWork(work)) throw new Error(`${method} gave no work`);
  const name = step.text("as");
  if (name !== undefined) session.follow(name, work, workOf(method));
  return () => resultOf(session, method, work.result);
};

const endOf: Begin = async (session, step, options) => {
  const end = await use(session.client, "waitForEnd", step.target, step.text("id"), options);
  if (!isEvent(end)) throw new Error("waiting gave no notification");
  return async () => {
    const event = await plainEvent(end);
    session.server.onEvent(`the wait for ${step.text("id")}`, event);
    return event["params"] ?? null;
  };
};

async function resultOf(session: Session, method: string, result: unknown): Promise<Json> {
  const value = await plainResult(method, result);
  session.server.onResult(method, value);
  return value;
}

export function begin(session: Session, step: Step, make: Begin): Pending {
  const abort = new AbortController();
  if (step.flag("cancel_first")) abort.abort();
  const timeout = step.get("timeout_ms");
  const options: CallOptions = { signal: abort.signal };
  if (timeout === null || typeof timeout === "number") options.timeoutMs = timeout;
  const outcome = outcomeOf(make(session, step, options));
  // Whoever waits for it hears of what is wrong with it; it may also be that nobody does.
  outcome.catch(() => undefined);
  return { outcome, cancel: () => abort.abort() };
}

/** What the package throws is an outcome; that a result can't be encoded again is a failure. */
async function outcomeOf(made: Promise<() => Promise<Json>>): Promise<Outcome> {
  let value: () => Promise<Json>;
  try {
    value = await made;
  } catch (error) {
    return { error };
  }
  return { value: await value() };
}

export async function now(session: Session, step: Step, pending: Pending): Promise<void> {
  const later = step.text("later");
  if (later !== undefined) {
    if (session.laters.has(later)) throw new Error(`${later} is under way already`);
    session.laters.set(later, pending);
  } else if (step.flag("cancel_first") && step.get("fails") === undefined) {
    await expectCancelled(pending, step.target);
  } else {
    await settle(session, step, pending);
  }
}

function take(session: Session, name: string): Pending {
  const pending = session.laters.get(name);
  if (pending === undefined) throw new Error(`nothing called ${name} is under way`);
  session.laters.delete(name);
  return pending;
}

async function settle(session: Session, step: Step, pending: Pending): Promise<void> {
  const outcome = await patiently(pending.outcome, `the end of ${step.target}`);
  const fails = step.get("fails");
  if (fails !== undefined) {
    const problem = misfit(fails, outcome);
    if (problem !== null) throw new Error(problem);
  } else if ("error" in outcome) {
    throw new CallFailure(outcome.error);
  } else {
    const pattern = step.get("result");
    const problem = pattern === undefined ? null : mismatch(pattern, outcome.value, "the result");
    if (problem !== null) throw new Error(problem);
    session.save(step.object("save"), outcome.value);
  }
}

function misfit(fails: Json, outcome: Outcome): string | null {
  if ("error" in outcome) return unfit(fails, outcome.error);
  const kind = isObject(fails) ? fails["kind"] : fails;
  return `expected ${shown(kind)}, came the result ${shown(outcome.value)}`;
}

async function expectCancelled(pending: Pending, what: string): Promise<void> {
  const outcome = await patiently(pending.outcome, `the end of ${what}`);
  const problem = misfit({ kind: "Cancelled" }, outcome);
  if (problem !== null) throw new Error(problem);
}
