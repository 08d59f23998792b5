/**
 * What kind of message a line is, and what lines look like that we write.
 *
 * Knows the outer form of JSON-RPC messages; knows no method and decodes no payload.
 */

import { isUtf8 } from "node:buffer";
import { exactId } from "./exact-id.js";
import { isObject, isWhole } from "./plain.js";

/** The id of a request; a `bigint` where a `number` couldn't say it exactly. */
export type RequestId = string | number | bigint;

/** What JSON allows between values. Other white space is no blank line. */
const BLANK = /^[ \t\r\n]*$/;

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
  let text: string;
  let message: unknown;
  try {
    text = line.toString("utf8");
    if (BLANK.test(text)) return null;
    message = JSON.parse(text);
  } catch (error) {
    return malformed(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(message)) return malformed("not an object");
  const { method, params } = message;
  const id = idOf(message["id"], text);
  if (typeof method === "string") {
    if (!("id" in message)) {
      const sent = sentAt === undefined ? undefined : message[sentAt];
      return { kind: "notice", method, params, emittedAtMs: isWhole(sent) ? sent : null };
    }
    if (id !== undefined) return { kind: "request", id, method, params };
    return malformed("an id of a wrong kind");
  }
  if (id === undefined) return malformed("neither a method nor an id");
  const { error } = message;
  if (error !== undefined && error !== null) return { kind: "failure", id, error };
  if ("result" in message) return { kind: "response", id, result: message["result"] };
  return malformed("neither a result nor an error");
}

function malformed(reason: string): Message {
  return { kind: "malformed", reason };
}

function idOf(value: unknown, text: string): RequestId | undefined {
  if (typeof value === "string") return value;
  if (!isWhole(value)) return undefined;
  return Number.isSafeInteger(value) ? value : (exactId(text) ?? value);
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
  return `{"id":${written(id)},"result":${result}}\n`;
}

/** The line that answers a call of the server with an error. */
export function errorAnswer(id: RequestId, code: number, message: string): string {
  return `{"id":${written(id)},"error":${JSON.stringify({ code, message })}}\n`;
}

/** An id as it stands in a line. */
export function written(id: RequestId): string {
  return typeof id === "bigint" ? String(id) : JSON.stringify(id);
}

function withParams(params: string | undefined): string {
  return params === undefined ? "" : `,"params":${params}`;
}
