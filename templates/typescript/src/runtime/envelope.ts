/**
 * What kind of message a line is, and what lines look like that we write.
 *
 * Knows the outer form of JSON-RPC messages; knows no method and decodes no payload.
 */

import { isUtf8 } from "node:buffer";
import { isObject } from "./plain.js";

/** The id of a request. */
export type RequestId = string | number;

/** A message of the server, or what is wrong with it. */
export type Message =
  | { readonly kind: "response"; readonly id: RequestId; readonly result: unknown }
  | { readonly kind: "failure"; readonly id: RequestId; readonly error: unknown }
  | ServerRequest
  | ServerNotice
  | { readonly kind: "malformed"; readonly reason: string };

/** A call that the server makes. */
export interface ServerRequest {
  readonly kind: "request";
  readonly id: RequestId;
  readonly method: string;
  readonly params: unknown;
}

/** An announcement of the server. */
export interface ServerNotice {
  readonly kind: "notice";
  readonly method: string;
  readonly params: unknown;
  readonly emittedAtMs: number | null;
}

/** The message in `line`; `null` for a blank line. `sentAt` names the member that says when. */
export function read(line: Buffer, sentAt?: string): Message | null {
  if (!isUtf8(line)) return malformed("not UTF-8");
  let message: unknown;
  try {
    const text = line.toString("utf8");
    if (text.trim() === "") return null;
    message = JSON.parse(text);
  } catch (error) {
    return malformed(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(message)) return malformed("not an object");
  const { id, method, params } = message;
  if (typeof method === "string") {
    if (!("id" in message)) {
      const emittedAtMs = sentAt === undefined ? null : whole(message[sentAt]);
      return { kind: "notice", method, params, emittedAtMs };
    }
    if (isId(id)) return { kind: "request", id, method, params };
    return malformed("an id of a wrong kind");
  }
  if (!isId(id)) return malformed("neither a method nor an id");
  const { error } = message;
  if (error !== undefined && error !== null) return { kind: "failure", id, error };
  if ("result" in message) return { kind: "response", id, result: message["result"] };
  return malformed("neither a result nor an error");
}

function malformed(reason: string): Message {
  return { kind: "malformed", reason };
}

function whole(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) ? value : null;
}

function isId(value: unknown): value is RequestId {
  return typeof value === "string" || (typeof value === "number" && Number.isInteger(value));
}

/** The line that calls `method`; `params` are encoded already. */
export function call(id: number, method: string, params: string | undefined): string {
  return `{"id":${id},"method":${JSON.stringify(method)}${withParams(params)}}\n`;
}

/** The line that announces something; `params` are encoded already. */
export function announcement(method: string, params: string | undefined): string {
  return `{"method":${JSON.stringify(method)}${withParams(params)}}\n`;
}

/** The line that answers a call of the server; `result` is encoded already. */
export function answer(id: RequestId, result: string): string {
  return `{"id":${JSON.stringify(id)},"result":${result}}\n`;
}

/** The line that answers a call of the server with an error. */
export function errorAnswer(id: RequestId, code: number, message: string): string {
  return `${JSON.stringify({ id, error: { code, message } })}\n`;
}

function withParams(params: string | undefined): string {
  return params === undefined ? "" : `,"params":${params}`;
}
