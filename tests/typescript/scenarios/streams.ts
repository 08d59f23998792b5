/** The steps that read notifications. */

import { type ServerNotification, Stream, Work } from "codex-app-server-sdk";
import { told, unfit } from "./errors.js";
import { plainEvent } from "./table.js";
import { patiently } from "./patience.js";
import { mismatch } from "./patterns.js";
import type { Session } from "./session.js";
import type { Step } from "./step.js";
import type { JsonObject } from "./values.js";

/** A stream of the server's notifications. */
export type Events = Stream<ServerNotification>;

/** Whether a value is work that the client follows. */
export function isWork(value: unknown): value is Work<ServerNotification, unknown> {
  return value instanceof Work;
}

/** Whether a value is a notification. */
export function isEvent(value: unknown): value is ServerNotification {
  return typeof value === "object" && value !== null && "method" in value && "params" in value;
}

/** The name under which streams of all notifications report their losses. */
const ALL = "notifications";

export async function stream(session: Session, step: Step): Promise<void> {
  session.follow(step.target, session.client.notifications(), ALL);
}

export async function subscribe(session: Session, step: Step): Promise<void> {
  const { stream: work, kind } = session.followed(step.text("of") ?? "");
  if (!isWork(work)) throw new Error(`${step.text("of")} is no work`);
  session.follow(step.target, work.subscribe(), kind);
}

export async function events(session: Session, step: Step): Promise<void> {
  for (const [index, pattern] of step.list("are").entries()) {
    const event = await take(session, step.target);
    const problem = mismatch(pattern, event, `event ${index}`);
    if (problem !== null) throw new Error(problem);
  }
}

export async function until(session: Session, step: Step): Promise<void> {
  const counted = new Map<string, number>();
  const pattern = step.get("event") ?? null;
  for (;;) {
    const event = await take(session, step.target);
    const method = String(event["method"]);
    counted.set(method, (counted.get(method) ?? 0) + 1);
    if (mismatch(pattern, event, "the event") !== null) continue;
    session.save(step.object("save"), event);
    break;
  }
  for (const [method, wanted] of Object.entries(step.object("counts") ?? {})) {
    const problem = mismatch(wanted, counted.get(method) ?? 0, `how many ${method} came`);
    if (problem !== null) throw new Error(problem);
  }
}

export async function ends(session: Session, step: Step): Promise<void> {
  const fails = step.get("fails");
  const { stream: followed } = session.followed(step.target);
  let event: ServerNotification | undefined;
  try {
    event = await patiently(followed.get(), `the end of ${step.target}`);
  } catch (error) {
    const problem =
      fails === undefined ? `expected the end, came ${told(error)}` : unfit(fails, error);
    if (problem !== null) throw new Error(problem);
    return;
  }
  if (event !== undefined) throw new Error(`expected the end, came ${event.method}`);
  if (fails !== undefined) throw new Error("expected a failure, came the end");
}

export async function drain(session: Session, step: Step): Promise<void> {
  const { stream: followed } = session.followed(step.target);
  let count = 0;
  for (;;) {
    const event = await patiently(followed.get(), `the end of ${step.target}`);
    if (event === undefined) break;
    count += 1;
  }
  const { least = 0, most = Number.POSITIVE_INFINITY } = {
    least: step.number("least"),
    most: step.number("most"),
  };
  if (count < least || count > most) {
    throw new Error(`expected ${least} to ${most} events, came ${count}`);
  }
}

export async function closeStream(session: Session, step: Step): Promise<void> {
  await patiently(session.followed(step.target).stream.close(), "the stream to close");
}

export async function next(session: Session, step: Step): Promise<void> {
  const timeout = step.get("timeout_ms");
  const options = timeout === null || typeof timeout === "number" ? { timeoutMs: timeout } : {};
  const fails = step.get("fails");
  let event: ServerNotification;
  try {
    event = await patiently(session.client.nextNotification(options), "the next notification");
  } catch (error) {
    const problem =
      fails === undefined ? `expected a notification, came ${told(error)}` : unfit(fails, error);
    if (problem !== null) throw new Error(problem);
    return;
  }
  const said = await taken(session, "next_notification", event);
  if (fails !== undefined) throw new Error(`expected a failure, came ${said["method"]}`);
  const problem = mismatch(step.subject, said, "the notification");
  if (problem !== null) throw new Error(problem);
  session.save(step.object("save"), said);
}

/** The next event of a stream. */
async function take(session: Session, name: string): Promise<JsonObject> {
  const { stream: followed } = session.followed(name);
  const event = await patiently(followed.get(), `an event of ${name}`);
  if (event === undefined) throw new Error(`${name} is at its end`);
  return taken(session, name, event);
}

async function taken(
  session: Session,
  name: string,
  event: ServerNotification,
): Promise<JsonObject> {
  const said = await plainEvent(event);
  session.server.onEvent(name, said);
  return said;
}
