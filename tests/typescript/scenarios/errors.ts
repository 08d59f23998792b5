/** What `fails` says, against the error that came. */

import * as sdk from "codex-app-server-sdk";
import { mismatch } from "./patterns.js";
import { isObject, type Json, shown } from "./values.js";

const KINDS = {
  ServerNotFoundError: sdk.ServerNotFoundError,
  StartError: sdk.StartError,
  TransportClosed: sdk.TransportClosed,
  RequestTimeoutError: sdk.RequestTimeoutError,
  EncodeError: sdk.EncodeError,
  DecodeError: sdk.DecodeError,
  UnknownValueError: sdk.UnknownValueError,
  ExperimentalApiError: sdk.ExperimentalApiError,
  ParseError: sdk.ParseError,
  InvalidRequest: sdk.InvalidRequest,
  MethodNotFound: sdk.MethodNotFound,
  InvalidParams: sdk.InvalidParams,
  InternalError: sdk.InternalError,
  ServerBusy: sdk.ServerBusy,
  RetryLimitExceeded: sdk.RetryLimitExceeded,
  ServerError: sdk.ServerError,
  JsonRpcError: sdk.JsonRpcError,
} as const;

/** What scenarios call an error. */
export function kindOf(error: unknown): string {
  if (error instanceof DOMException && error.name === "AbortError") return "Cancelled";
  const kind = Object.entries(KINDS).find(([, Kind]) => {
    return error instanceof Kind && error.constructor === Kind;
  });
  return kind?.[0] ?? `something else (${String(error)})`;
}

/** An error in a line, for messages. */
export function told(error: unknown): string {
  return `${kindOf(error)}: ${error instanceof Error ? error.message : String(error)}`;
}

/** What is wrong with an error that was expected to be as `fails` says; `null` if it fits. */
export function unfit(fails: Json, error: unknown): string | null {
  if (!isObject(fails) || typeof fails["kind"] !== "string") {
    return `fails: expected an object with a kind, found ${shown(fails)}`;
  }
  const { kind, ...rest } = fails;
  if (kindOf(error) !== kind) return `the error: expected ${kind}, came ${told(error)}`;
  const problem = Object.entries(rest)
    .map(([member, pattern]) => MEMBERS[member]?.(pattern, error) ?? null)
    .find((found) => found !== null);
  return problem === undefined ? null : `${problem}; the error was ${told(error)}`;
}

type Check = (pattern: Json, error: unknown) => string | null;

const MEMBERS: Readonly<Record<string, Check>> = {
  code: (pattern, error) => same(pattern, error, "code"),
  message: (pattern, error) => same(pattern, error, "message"),
  data: (pattern, error) => same(pattern, error, "data"),
  method: (pattern, error) => same(pattern, error, "method"),
  exit_code: (pattern, error) => same(pattern, error, "exitCode"),
  signal: (pattern, error) => same(pattern, error, "exitSignal"),
  stderr: (pattern, error) => holds(pattern, error, "stderrTail"),
  path: (pattern, error) => holds(pattern, error, "problems"),
  tried: (pattern, error) => holds(pattern, error, "tried"),
  retryable: (pattern, error) => mismatch(pattern, sdk.isRetryableError(error), "its retryable"),
};

function same(pattern: Json, error: unknown, member: string): string | null {
  return mismatch(pattern, memberOf(error, member), `its ${member}`);
}

function holds(text: Json, error: unknown, member: string): string | null {
  return mismatch({ $some: { $contains: text } }, memberOf(error, member), `its ${member}`);
}

function memberOf(error: unknown, member: string): Json {
  const value: unknown =
    typeof error === "object" && error !== null ? Reflect.get(error, member) : undefined;
  const plain: Json = JSON.parse(JSON.stringify(value ?? null));
  return plain;
}
