/** The steps that begin and end things, and see that they have ended. */

import type { AppServerClient, Codex } from "codex-app-server-sdk";
import { told, unfit } from "./errors.js";
import { plainGreeting } from "./table.js";
import { patiently } from "./patience.js";
import { mismatch } from "./patterns.js";
import { groupsGone } from "./processes.js";
import type { Session } from "./session.js";
import type { Step } from "./step.js";

export async function start(session: Session, step: Step): Promise<void> {
  const fails = step.get("fails");
  try {
    await session.start(step.object("config"), step.object("handlers"));
  } catch (error) {
    const problem =
      fails === undefined ? `expected a client, came ${told(error)}` : unfit(fails, error);
    if (problem !== null) throw new Error(problem);
    return;
  }
  if (fails !== undefined) throw new Error("expected that the client doesn't start; it did");
}

export async function signal(session: Session, step: Step): Promise<void> {
  session.server.signal(session.client, step.target as NodeJS.Signals);
}

export async function hangUp(session: Session): Promise<void> {
  // What the client has started is the tap, which takes this for itself.
  process.kill(session.client.pid ?? 0, "SIGUSR1");
}

export async function close(session: Session, step: Step): Promise<void> {
  const { started } = session;
  const closings = Array.from({ length: step.number("times") ?? 1 }, () => started.close());
  await patiently(Promise.all(closings), "the client's end");
}

export async function leave(session: Session): Promise<void> {
  await patiently(used(session.started), "the end of the client's scope");
}

/** Ends the client by leaving the scope that it belongs to. */
async function used(started: AppServerClient | Codex): Promise<void> {
  await using held = started;
  void held;
}

export async function gone(session: Session): Promise<void> {
  const left = await groupsGone(session.server.leaders());
  if (left.length > 0) throw new Error(`expected no process, still there: ${left.join(", ")}`);
}

export async function closed(session: Session, step: Step): Promise<void> {
  const problem = mismatch(step.subject, session.client.closed, "closed");
  if (problem !== null) throw new Error(problem);
}

export async function stderrTail(session: Session, step: Step): Promise<void> {
  const problem = mismatch(step.subject, [...session.client.stderrTail], "the tail of stderr");
  if (problem !== null) throw new Error(problem);
}

export async function serverInfo(session: Session, step: Step): Promise<void> {
  const problem = mismatch(step.subject, await plainGreeting(session.client), "the server's info");
  if (problem !== null) throw new Error(problem);
}
