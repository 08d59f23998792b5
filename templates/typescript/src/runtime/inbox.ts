/**
 * What the server's lines mean, and who is told.
 *
 * Decodes messages and hands them to calls, streams and handlers; never writes to the server, and
 * never waits for anything but the descriptors of a family of types that is met for the first time.
 */

import { DecodeError, errorFor, type JsonRpcError } from "../errors.js";
import type { Calls } from "./calls.js";
import type { Catalog } from "./catalog.js";
import { type Decoded, decode } from "./decode.js";
import {
  type Message,
  type RequestId,
  read,
  type ServerNotice,
  type ServerRequest,
  written,
} from "./envelope.js";
import type { ProtocolFacts } from "./facts.js";
import type { AnyNotification, UnknownNotification } from "./notification.js";
import { summed } from "./place.js";
import { isObject, isWhole } from "./plain.js";
import type { Unknown } from "./report.js";
import type { Reporter } from "./reporter.js";
import type { Arrival } from "./router.js";
import { UNKNOWN } from "./unknown.js";

/** Who is told what came. */
export interface InboxEvents {
  readonly onNotification: (arrival: Arrival) => void;
  readonly onRequest: (request: ServerRequest) => void;
  /** What has to be loaded before a request can be answered. */
  readonly needs: (request: ServerRequest) => readonly (string | undefined)[];
}

/** The reading side of one connection. */
export class Inbox {
  readonly #facts: ProtocolFacts;
  readonly #catalog: Catalog;
  readonly #reporter: Reporter;
  readonly #calls: Calls;
  readonly #events: InboxEvents;
  readonly #notifications: ReadonlyMap<string, string | null>;
  readonly #aliases: ReadonlyMap<string, string>;

  constructor(
    facts: ProtocolFacts,
    catalog: Catalog,
    reporter: Reporter,
    calls: Calls,
    events: InboxEvents,
  ) {
    this.#facts = facts;
    this.#catalog = catalog;
    this.#reporter = reporter;
    this.#calls = calls;
    this.#events = events;
    this.#notifications = new Map(Object.entries(facts.notifications));
    this.#aliases = new Map(Object.entries(facts.notificationAliases));
  }

  /** Takes in a line. The next one has to wait for the promise, if there is one. */
  receive(line: Buffer): Promise<void> | undefined {
    const message = read(line, this.#facts.sentAt);
    if (message === null) return undefined;
    const needs = this.#needs(message).filter((reference) => !this.#catalog.isLoaded(reference));
    if (needs.length === 0) {
      this.#handle(message, line);
      return undefined;
    }
    return this.#catalog.load(...needs).then(
      () => this.#handle(message, line),
      (error: unknown) => this.#reporter.log("error", "descriptors could not be loaded", error),
    );
  }

  /** The typed result of a call. Its type has to be loaded. */
  result(method: string, reference: string | undefined, raw: unknown): unknown {
    if (reference === undefined) return undefined;
    const decoded = decode(this.#catalog, this.#catalog.shape(reference), raw, "$.result");
    const error = undecodable(method, raw, decoded);
    if (error !== null) {
      this.#reporter.unknown([{ kind: "undecodable", method, path: "$.result", raw, error }]);
      throw error;
    }
    const strict = this.#unknowns(method, decoded);
    if (strict !== null) throw strict;
    return decoded.value;
  }

  #needs(message: Message): readonly (string | undefined)[] {
    if (message.kind === "request") return this.#events.needs(message);
    if (message.kind !== "notice") return [];
    return [this.#notifications.get(this.#canonical(message.method)) ?? undefined];
  }

  #handle(message: Message, line: Buffer): void {
    try {
      switch (message.kind) {
        case "notice":
          this.#notice(message);
          break;
        case "request":
          this.#events.onRequest(message);
          break;
        case "response":
        case "failure":
          this.#answer(message, line);
          break;
        case "malformed":
          this.#badLine(line, message.reason);
      }
    } catch (error) {
      // Reading must go on, whatever is wrong with one line.
      this.#reporter.log("error", "a line could not be taken in", error);
    }
  }

  #answer(message: Extract<Message, { id: RequestId }>, line: Buffer): void {
    const call = this.#calls.take(message.id);
    if (call === undefined) {
      if (this.#calls.isLate(message.id)) return;
      this.#badLine(line, `answers ${written(message.id)}, which nobody waits for`);
    } else if (message.kind === "response") {
      call.succeed(message.result);
    } else if (message.kind === "failure") {
      call.fail(this.#error(call.method, message.error));
    }
  }

  #error(method: string, error: unknown): JsonRpcError | DecodeError {
    if (!isObject(error) || !isWhole(error["code"])) {
      return new DecodeError(method, ["$.error: not an error object"], error);
    }
    const { message, data } = error;
    const text = typeof message === "string" ? message : "";
    return errorFor(error["code"], text, data, method, this.#facts.overload);
  }

  #notice(notice: ServerNotice): void {
    const method = this.#canonical(notice.method);
    const reference = this.#notifications.get(method);
    const { params: raw, emittedAtMs } = notice;
    if (reference === undefined) {
      const error = this.#reporter.unknown([{ kind: "method", method, path: "$.method", raw }]);
      this.#deliver(method, unknownNotice(notice, null), error);
      return;
    }
    const decoded = this.#params(reference, raw);
    const problem = undecodable(method, raw, decoded);
    if (problem !== null) {
      const error = this.#reporter.unknown([
        { kind: "undecodable", method, path: "$.params", raw, error: problem },
      ]);
      this.#deliver(method, unknownNotice(notice, problem), error);
      return;
    }
    const error = this.#unknowns(method, decoded);
    this.#deliver(method, { method, params: decoded.value, emittedAtMs }, error);
  }

  #params(reference: string | null, raw: unknown): Decoded {
    if (reference === null) return { value: undefined, problems: [], findings: [] };
    return decode(this.#catalog, this.#catalog.shape(reference), raw, "$.params");
  }

  #deliver(method: string, event: AnyNotification, error: Error | null): void {
    this.#events.onNotification({ method, event, error });
  }

  #unknowns(method: string, decoded: Decoded): Error | null {
    return this.#reporter.unknown(
      decoded.findings.map((finding): Unknown => ({ ...finding, method })),
    );
  }

  #badLine(line: Buffer, reason: string): void {
    this.#reporter.unknown([
      {
        kind: "message",
        method: null,
        path: "$",
        raw: line.toString("utf8"),
        error: new Error(reason),
      },
    ]);
  }

  #canonical(method: string): string {
    return this.#aliases.get(method) ?? method;
  }
}

function undecodable(method: string, raw: unknown, decoded: Decoded): DecodeError | null {
  if (decoded.problems.length === 0) return null;
  return new DecodeError(method, summed(decoded.problems), raw);
}

function unknownNotice(notice: ServerNotice, error: Error | null): UnknownNotification {
  const { method, params, emittedAtMs } = notice;
  const event = { method: UNKNOWN, wireMethod: method, params, emittedAtMs } as const;
  return error === null ? event : { ...event, error };
}
