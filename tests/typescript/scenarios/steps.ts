/** The steps by their names, and how lists of them are played. */

import * as calls from "./calls.js";
import * as facade from "./facade.js";
import * as files from "./files.js";
import { nameOf } from "./program.js";
import * as hooks from "./hooks.js";
import * as life from "./life.js";
import type { Session } from "./session.js";
import { Step } from "./step.js";
import * as streams from "./streams.js";
import {
  filledObject,
  isObject,
  type Json,
  type JsonObject,
  type Lookup,
  shown,
} from "./values.js";

type Run = (session: Session, step: Step) => Promise<void>;

const RUNS: Readonly<Record<string, Run>> = {
  start: life.start,
  call: calls.call,
  open: calls.open,
  await: calls.awaitLater,
  cancel: calls.cancel,
  notify: calls.notify,
  stream: streams.stream,
  subscribe: streams.subscribe,
  events: streams.events,
  until: streams.until,
  ends: streams.ends,
  drain: streams.drain,
  close_stream: streams.closeStream,
  next: streams.next,
  wait_end: calls.waitEnd,
  handler: hooks.handler,
  asked: hooks.asked,
  release: hooks.release,
  unknowns: hooks.unknowns,
  overflow: hooks.overflow,
  stderr_hook: hooks.stderrHook,
  signal: life.signal,
  close: life.close,
  leave: life.leave,
  gone: life.gone,
  closed: life.closed,
  stderr_tail: life.stderrTail,
  server_info: life.serverInfo,
  file: files.file,
  has_file: files.hasFile,
  model: files.model,
  hang_up: life.hangUp,
  login: facade.login,
  wait_login: facade.waitLogin,
  cancel_login: facade.cancelLogin,
  thread: facade.thread,
  stream_text: facade.streamText,
  run: facade.run,
};

/** A step failed. */
export class StepFailure extends Error {}

/** Plays steps, one after the other. */
export async function playAll(
  session: Session,
  steps: readonly JsonObject[],
  at: string,
  lookup: Lookup,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    await play(session, step, `${at}${index}`, lookup);
  }
}

/** Plays a step. */
export async function play(
  session: Session,
  step: JsonObject,
  at: string,
  lookup: Lookup,
): Promise<void> {
  try {
    await one(session, step, at, lookup);
  } catch (error) {
    if (error instanceof StepFailure) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new StepFailure(`${at}: ${text}\n  in ${shown(step)}`, { cause: error });
  }
}

async function one(session: Session, step: JsonObject, at: string, lookup: Lookup): Promise<void> {
  const name = nameOf(step);
  if (name === "parallel") return parallel(session, step, at, lookup);
  if (name === "repeat") return repeat(session, step, at, lookup);
  const run = RUNS[name];
  if (run === undefined) throw new Error(`there is no step ${name}`);
  // What a handler does is filled in when it does it.
  const members = name === "handler" ? step : filledObject(step, lookup);
  await run(session, new Step(name, members, lookup));
}

async function parallel(
  session: Session,
  step: JsonObject,
  at: string,
  lookup: Lookup,
): Promise<void> {
  const lists = itemsOf(step["parallel"]);
  await allOf(
    lists.map((steps, index) => {
      return playAll(session, stepsOf(steps), `${at}.${index}.`, lookup);
    }),
  );
}

async function repeat(
  session: Session,
  step: JsonObject,
  at: string,
  lookup: Lookup,
): Promise<void> {
  const { repeat: steps, count, at_once: atOnce } = filledCounts(step, lookup);
  let begun = 0;
  const work = async (): Promise<void> => {
    while (begun < count) {
      const number = begun;
      begun += 1;
      const inner: Lookup = (name) => (name === "n" ? number : lookup(name));
      try {
        await playAll(session, steps, `${at}.`, inner);
      } catch (error) {
        begun = count;
        throw error;
      }
    }
  };
  await allOf(Array.from({ length: atOnce }, work));
}

function filledCounts(
  step: JsonObject,
  lookup: Lookup,
): { repeat: readonly JsonObject[]; count: number; at_once: number } {
  const { repeat: steps, count = null, at_once = 1 } = step;
  const filled = filledObject({ count, at_once }, lookup);
  if (typeof filled["count"] !== "number" || typeof filled["at_once"] !== "number") {
    throw new Error("count, at_once: expected numbers");
  }
  return { repeat: stepsOf(steps), count: filled["count"], at_once: filled["at_once"] };
}

/** Waits for all, and fails with the first that failed. */
async function allOf(plays: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(plays)) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}

function stepsOf(given: Json | undefined): readonly JsonObject[] {
  return itemsOf(given).filter(isObject);
}

function itemsOf(given: Json | undefined): readonly Json[] {
  return Array.isArray(given) ? given : [];
}
