/**
 * The inner parts of the package that the scenarios need beside what it exports: its tables of
 * methods, and its own encoder, so that what is compared has been decoded and encoded by it.
 */

import {
  AppServerClient,
  type ServerNotification,
  type TurnResult,
  UNKNOWN,
} from "codex-app-server-sdk";
import { at, type Json, type JsonObject } from "./values.js";

const BUILT = "../../../node_modules/codex-app-server-sdk/dist";

type Inner<Name extends "catalog" | "encode"> = Name extends "catalog"
  ? typeof import("../../node_modules/codex-app-server-sdk/dist/runtime/catalog.js")
  : typeof import("../../node_modules/codex-app-server-sdk/dist/runtime/encode.js");
type Facts = typeof import("../../node_modules/codex-app-server-sdk/dist/facts.js");

const { Catalog }: Inner<"catalog"> = await import(`${BUILT}/runtime/catalog.js`);
const { encode }: Inner<"encode"> = await import(`${BUILT}/runtime/encode.js`);
const { PROTOCOL }: Facts = await import(`${BUILT}/facts.js`);

const catalog = new Catalog(PROTOCOL.domains);

/** A typed value as JSON; one without a type as it is. */
async function plain(reference: string | undefined, method: string, value: unknown): Promise<Json> {
  if (value === undefined) return null;
  await catalog.load(reference);
  return JSON.parse(encode(catalog, reference, method, value));
}

/** The result of a call, encoded again. */
export function plainResult(method: string, result: unknown): Promise<Json> {
  return plain(PROTOCOL.clientRequests[method]?.result, method, result);
}

/** The params of a request of the server, encoded again. */
export function plainParams(method: string, params: unknown): Promise<Json> {
  return plain(PROTOCOL.serverRequests[method]?.params, method, params);
}

/** What the server said of itself, encoded again. */
export function plainGreeting(client: AppServerClient): Promise<Json> {
  return plainResult(PROTOCOL.handshake?.request ?? "", client.serverInfo);
}

/** A notification as scenarios write it. */
export async function plainEvent(event: ServerNotification): Promise<JsonObject> {
  const unknown = event.method === UNKNOWN;
  const method = unknown ? event.wireMethod : event.method;
  const reference = unknown ? undefined : (PROTOCOL.notifications[method] ?? undefined);
  const said: JsonObject = { method, params: await plain(reference, method, event.params) };
  if (event.emittedAtMs !== null) said["emittedAtMs"] = event.emittedAtMs;
  if (unknown) said["unknown"] = true;
  if (unknown && event.error !== undefined) said["error"] = event.error.message;
  return said;
}

/** A turn's result as scenarios write it. */
export async function plainTurnResult(result: TurnResult): Promise<JsonObject> {
  const { id, threadId, status, error, items, usage } = result;
  const of = { threadId, turnId: id };
  const turn = { id, items: [], status, ...(error === null ? {} : { error }) };
  const ended = await plainParamsOf("turn/completed", { threadId, turn });
  const completed = items.map(async (item) => {
    const params = await plainParamsOf("item/completed", { ...of, completedAtMs: 0, item });
    return at(params, "item");
  });
  const used =
    usage === null
      ? null
      : await plainParamsOf("thread/tokenUsage/updated", { ...of, tokenUsage: usage });
  return {
    id,
    thread_id: threadId,
    status: at(ended, "turn.status"),
    error: error === null ? null : at(ended, "turn.error"),
    started_at: result.startedAt,
    completed_at: result.completedAt,
    duration_ms: result.durationMs,
    final_response: result.finalResponse,
    items: await Promise.all(completed),
    usage: used === null ? null : at(used, "tokenUsage"),
    text: result.text,
  };
}

/** What a notification would have to say for the value to be in it, encoded. */
export function plainParamsOf(method: string, params: unknown): Promise<Json> {
  return plain(PROTOCOL.notifications[method] ?? undefined, method, params);
}

/** The name of a server method's handler. */
export function handlerName(method: string): string {
  const name = PROTOCOL.handlers[method];
  if (name === undefined) throw new Error(`the server has no method ${method}`);
  return name;
}

/** What the work that a method opens is called. */
export function workOf(method: string): string {
  const work = PROTOCOL.correlations.find(({ opens }) => opens === method);
  if (work === undefined) throw new Error(`${method} opens no work`);
  return work.name;
}

/** How a method of the client takes its params: apart, among its options, or not at all. */
type Form = "apart" | "inside" | "none";

interface Generated {
  readonly name: string;
  readonly form: Form;
}

/** The generated methods by the wire name that each one says: calls, openings of work, ends. */
interface Methods {
  readonly call: Map<string, Generated>;
  readonly callWork: Map<string, Generated>;
  readonly waitForEnd: Map<string, Generated>;
}

const METHODS = ask();

/** Asks each generated method what it would do, by giving it something that only listens. */
function ask(): Methods {
  const methods: Methods = { call: new Map(), callWork: new Map(), waitForEnd: new Map() };
  const prototype: object = AppServerClient.prototype;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const method: unknown = Reflect.get(prototype, name);
    if (name === "constructor" || typeof method !== "function") continue;
    const inner = {};
    const first = { params: inner };
    const listen = (found: Map<string, Generated>) => (wire: string, params: unknown) => {
      const form = params === first ? "apart" : params === inner ? "inside" : "none";
      if (found.has(wire)) throw new Error(`${wire} has two methods`);
      found.set(wire, { name, form });
    };
    const listener = {
      call: listen(methods.call),
      callWork: listen(methods.callWork),
      waitForEnd: listen(methods.waitForEnd),
    };
    Reflect.apply(method, listener, [first, {}]);
  }
  for (const wire of Object.keys(PROTOCOL.clientRequests)) {
    if (!methods.call.has(wire)) throw new Error(`the client has no method for ${wire}`);
  }
  return methods;
}

/** Uses the generated method for a wire name. */
export async function use(
  client: AppServerClient,
  kind: keyof Methods,
  wire: string,
  params: unknown,
  options: object,
): Promise<unknown> {
  const generated = METHODS[kind].get(wire);
  if (generated === undefined) throw new Error(`the client has no method of this kind for ${wire}`);
  const { name, form } = generated;
  if (form === "none" && params !== undefined) throw new Error(`${wire} takes no params`);
  const method: unknown = Reflect.get(client, name);
  if (typeof method !== "function") throw new Error(`${name} is no method`);
  const given = {
    apart: [params, options],
    inside: [params === undefined ? options : { ...options, params }],
    none: [options],
  };
  const outcome: unknown = await Reflect.apply(method, client, given[form]);
  return outcome;
}
