/** Steps of the convenience layer. */

import { TurnFailedError, type TurnResult } from "codex-app-server-sdk";
import { type Begin, begin, type CallOptions, now } from "./calls.js";
import { told, unfit } from "./errors.js";
import { patiently } from "./patience.js";
import { mismatch } from "./patterns.js";
import type { Login, Session } from "./session.js";
import type { Step } from "./step.js";
import { plainParamsOf, plainTurnResult } from "./table.js";
import { type Json, shown } from "./values.js";

export async function login(session: Session, step: Step): Promise<void> {
  const timeout = step.get("timeout_ms");
  const options: Partial<CallOptions> = {};
  if (timeout === null || typeof timeout === "number") options.timeoutMs = timeout;
  const handle = await orFails(step, beginLogin(session, step, options));
  if (handle === null) return;
  const name = step.text("as");
  if (name !== undefined) session.logins.set(name, handle);
  const shows = step.get("shows");
  const problem = shows === undefined ? null : mismatch(shows, shownBy(handle), "the handle");
  if (problem !== null) throw new Error(problem);
}

/** Begins to log in; a login with a key gives no handle. */
async function beginLogin(
  { codex }: Session,
  step: Step,
  options: Partial<CallOptions>,
): Promise<Login | null> {
  switch (step.target) {
    case "api_key":
      await codex.loginApiKey(step.text("key") ?? "", options);
      return null;
    case "chatgpt":
      return codex.loginChatgpt({}, options);
    case "chatgpt_device_code":
      return codex.loginChatgptDeviceCode(options);
  }
  throw new Error(`there is no login by ${shown(step.subject)}`);
}

function shownBy(handle: Login): Json {
  const { loginId: login_id } = handle;
  if ("authUrl" in handle) return { login_id, auth_url: handle.authUrl };
  return { login_id, verification_url: handle.verificationUrl, user_code: handle.userCode };
}

export async function waitLogin(session: Session, step: Step): Promise<void> {
  const handle = loginOf(session, step);
  const wait: Begin = async (_session, _step, options) => {
    const ended = await handle.wait(options);
    return () => plainParamsOf("account/login/completed", ended);
  };
  await now(session, step, begin(session, step, wait));
}

export async function cancelLogin(session: Session, step: Step): Promise<void> {
  await orFails(step, loginOf(session, step).cancel());
}

export async function thread(session: Session, step: Step): Promise<void> {
  const thread = await orFails(step, session.codex.threadStart());
  if (thread !== null) session.threads.set(step.target, thread);
}

export async function run(session: Session, step: Step): Promise<void> {
  const name = step.text("in") ?? "";
  const thread = session.threads.get(name);
  if (thread === undefined) throw new Error(`there is no thread ${name}`);
  const take: Begin = async (_session, _step, options) => {
    const result = await thread.run(step.target, {}, options);
    return () => resultOf(step, result);
  };
  await now(session, step, begin(session, step, take));
}

export async function streamText(session: Session, step: Step): Promise<void> {
  const pieces: string[] = [];
  const raised: string[] = [];
  const taking = collect(session.client.streamText(step.text("in") ?? "", step.target), pieces);
  await orFails(
    step,
    taking.catch((error: unknown) => {
      if (!(error instanceof TurnFailedError)) throw error;
      raised.push(error.message);
    }),
  );
  const expected = [step.get("raises")].filter((pattern) => pattern !== undefined);
  const problem =
    mismatch([...step.list("are")], pieces, "the pieces") ??
    mismatch(expected, raised, "what the stream raises");
  if (problem !== null) throw new Error(problem);
}

async function collect(yielded: AsyncIterable<string>, pieces: string[]): Promise<void> {
  for await (const piece of yielded) pieces.push(piece);
}

async function resultOf(step: Step, result: TurnResult): Promise<Json> {
  const problem = mismatch(step.get("raises") ?? null, raisedBy(result), "what the result raises");
  if (problem !== null) throw new Error(problem);
  return plainTurnResult(result);
}

function raisedBy(result: TurnResult): Json {
  try {
    result.raiseForStatus();
  } catch (error) {
    if (!(error instanceof TurnFailedError)) throw error;
    if (error.result !== result) throw new Error("the error has another result");
    return error.message;
  }
  return null;
}

function loginOf(session: Session, step: Step): Login {
  const handle = session.logins.get(step.target);
  if (handle === undefined) throw new Error(`there is no login ${step.target}`);
  return handle;
}

/** What is made, or `null` where it fails as it should. */
async function orFails<T>(step: Step, made: Promise<T>): Promise<T | null> {
  const fails = step.get("fails");
  let value: T;
  try {
    value = await patiently(made, `the end of ${step.name}`);
  } catch (error) {
    const problem = fails === undefined ? `it failed: ${told(error)}` : unfit(fails, error);
    if (problem !== null) throw new Error(problem);
    return null;
  }
  if (fails !== undefined) throw new Error(`expected ${shown(fails)}, and it ended well`);
  return value;
}
