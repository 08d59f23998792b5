/**
 * What is answered to the requests of the server, and above all what is not: nothing is approved
 * unless a handler of the user's said so.
 *
 * Gives lines to write; writes nothing itself.
 */

import { setMaxListeners } from "node:events";
import { DecodeError } from "../errors.js";
import type { Catalog } from "./catalog.js";
import { decode } from "./decode.js";
import { encode } from "./encode.js";
import { answer, errorAnswer, type ServerRequest } from "./envelope.js";
import type { ProtocolFacts } from "./facts.js";
import type { HandlerContext } from "./handler.js";
import type { MethodFacts } from "./method.js";
import { summed } from "./place.js";
import type { Reporter } from "./reporter.js";

const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;

type AnyHandler = (params: unknown, context: HandlerContext) => unknown;

/** The handlers of one connection, and the answers that are given without them. */
export class Serving {
  readonly #facts: ProtocolFacts;
  readonly #catalog: Catalog;
  readonly #reporter: Reporter;
  readonly #handlers: object;
  readonly #known: ReadonlyMap<string, MethodFacts>;
  readonly #aliases: ReadonlyMap<string, string>;
  readonly #ended = new AbortController();

  constructor(facts: ProtocolFacts, catalog: Catalog, reporter: Reporter, handlers: object) {
    this.#facts = facts;
    this.#catalog = catalog;
    this.#reporter = reporter;
    this.#handlers = handlers;
    // However many handlers run at once, and listen to it.
    setMaxListeners(0, this.#ended.signal);
    this.#known = new Map(Object.entries(facts.serverRequests));
    this.#aliases = new Map(Object.entries(facts.requestAliases));
  }

  /** Tells the handlers that nobody waits for them any more. */
  end(): void {
    this.#ended.abort();
  }

  /** What has to be loaded before `request` can be answered. */
  needs(request: ServerRequest): readonly (string | undefined)[] {
    const known = this.#known.get(this.#canonical(request.method));
    return [known?.params, known?.result];
  }

  /** The answer to `request`, once the handler is done, if one is asked. */
  async answer(request: ServerRequest): Promise<string> {
    const method = this.#canonical(request.method);
    const known = this.#known.get(method);
    if (known === undefined) {
      const { params: raw } = request;
      this.#reporter.unknown([{ kind: "method", method, path: "$.method", raw }]);
      return errorAnswer(request.id, METHOD_NOT_FOUND, `${method}: unknown to this client`);
    }
    let params: unknown;
    try {
      params = this.#decode(method, known, request.params);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return this.#refusal(request, method, INVALID_PARAMS, text);
    }
    return this.#run(request, method, known, params);
  }

  async #run(
    request: ServerRequest,
    method: string,
    known: MethodFacts,
    params: unknown,
  ): Promise<string> {
    let result: unknown;
    try {
      const handler = this.#handler(method);
      if (handler === undefined) {
        const text = `${method}: this client has no handler for it`;
        return this.#refusal(request, method, METHOD_NOT_FOUND, text);
      }
      result = await handler.call(this.#handlers, params, { signal: this.#ended.signal });
    } catch (error) {
      this.#reporter.log("error", `the handler of ${method} threw`, error);
      return this.#refusal(request, method, INTERNAL_ERROR, "the client's handler failed");
    }
    try {
      const value = known.result === undefined ? null : result;
      return answer(request.id, encode(this.#catalog, known.result, method, value, "result"));
    } catch (error) {
      this.#reporter.log("error", `the handler of ${method} gave what can't be sent`, error);
      const text = "the client's handler gave an invalid result";
      return this.#refusal(request, method, INTERNAL_ERROR, text);
    }
  }

  #decode(method: string, known: MethodFacts, raw: unknown): unknown {
    if (known.params === undefined) return undefined;
    const shape = this.#catalog.shape(known.params);
    const { value, problems, findings } = decode(this.#catalog, shape, raw, "$.params");
    if (problems.length > 0) {
      const error = new DecodeError(method, summed(problems), raw);
      this.#reporter.unknown([{ kind: "undecodable", method, path: "$.params", raw, error }]);
      throw error;
    }
    const strict = this.#reporter.unknown(findings.map((finding) => ({ ...finding, method })));
    if (strict !== null) throw strict;
    return value;
  }

  #handler(method: string): AnyHandler | undefined {
    const name = this.#facts.handlers[method];
    const found: unknown = name === undefined ? undefined : Reflect.get(this.#handlers, name);
    return isHandler(found) ? found : undefined;
  }

  #canonical(method: string): string {
    return this.#aliases.get(method) ?? method;
  }

  #refusal(request: ServerRequest, method: string, code: number, message: string): string {
    return Object.hasOwn(this.#facts.refusals, method)
      ? answer(request.id, JSON.stringify(this.#facts.refusals[method]))
      : errorAnswer(request.id, code, message);
  }
}

function isHandler(value: unknown): value is AnyHandler {
  return typeof value === "function";
}
