/**
 * What a scenario's file may hold: its steps and their members. Reads files; plays nothing.
 *
 * The peer's steps are the peer's to check.
 */

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { isObject, type Json, type JsonObject, shown } from "./values.js";

/** The client's steps, and the members that each may have beside its name. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  start: ["config", "handlers", "fails"],
  call: [
    ...["params", "result", "fails", "save", "later", "timeout_ms", "retry", "untyped"],
    "cancel_first",
  ],
  open: ["params", "result", "fails", "as", "later", "timeout_ms"],
  await: ["result", "fails", "save"],
  cancel: [],
  notify: ["params", "fails"],
  stream: [],
  subscribe: ["of", "fails"],
  events: ["are"],
  until: ["event", "counts", "save"],
  ends: ["fails"],
  drain: ["least", "most"],
  close_stream: [],
  next: ["fails", "timeout_ms", "save"],
  wait_end: ["id", "result", "fails", "later", "timeout_ms"],
  handler: ["returns", "raises", "calls", "waits_for", "plain"],
  asked: ["params", "save"],
  release: [],
  unknowns: [],
  overflow: ["least"],
  stderr_hook: [],
  signal: [],
  close: ["times"],
  leave: [],
  gone: [],
  closed: [],
  stderr_tail: [],
  server_info: [],
  parallel: [],
  repeat: ["count", "at_once"],
  file: ["text"],
  has_file: ["text"],
  model: [],
  hang_up: [],
  login: ["key", "as", "shows", "fails", "timeout_ms"],
  wait_login: ["result", "fails", "later", "timeout_ms"],
  cancel_login: ["fails"],
  thread: ["fails"],
  stream_text: ["in", "are", "raises", "fails"],
  run: ["in", "result", "raises", "fails", "later"],
};

const TOP = ["about", "clients", "facade", "config", "handlers", "peer", "server", "client"];
const CLIENTS = ["only", "because"];
const SERVER = ["model", "home", "toml"];
const HANDLER = STEPS["handler"] ?? [];
const CONFIG = [
  ...["default_timeout_ms", "start_timeout_ms", "close_grace_ms", "retry", "strict", "queue_size"],
  ...["experimental_api", "client_name", "client_title", "client_version", "config_overrides"],
  ...["env", "cwd"],
];
const RETRY = ["attempts", "delay_ms", "max_delay_ms"];
const FAILS = [
  ...["kind", "code", "message", "data", "method", "exit_code", "signal", "stderr", "path"],
  ...["retryable", "tried"],
];

/** Members that hold objects of a form of their own, wherever they stand in a step. */
const FORMS: Readonly<Record<string, readonly string[]>> = {
  config: CONFIG,
  retry: RETRY,
  fails: FAILS,
};

/** A scenario, as its file says. */
export interface Scenario {
  /** The file's name, which begins with the rule. */
  readonly name: string;
  readonly path: string;
  /** The clients that it is for, and why; `null`: for all. */
  readonly clients: { readonly only: readonly string[]; readonly because: string } | null;
  /** Whether the convenience layer is started, over the client. */
  readonly facade: boolean;
  readonly config: JsonObject;
  readonly handlers: JsonObject;
  /** What the real server is to find; `null`: the scripted peer plays. */
  readonly server: JsonObject | null;
  readonly client: readonly JsonObject[];
  /** The gates that handlers wait for; the model's replies have others. */
  readonly gates: ReadonlySet<string>;
}

/** The scenario in a file. */
export function readScenario(path: string): Scenario {
  const file: Json = JSON.parse(readFileSync(path, "utf8"));
  const name = basename(path, ".json");
  try {
    return scenarioOf(file, name, path);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function scenarioOf(file: Json, name: string, path: string): Scenario {
  const top = object(file, "the file");
  only(top, TOP, "the file");
  if (!/^C\d\d-/.test(name)) throw new Error("its name doesn't begin with a rule");
  if (typeof top["about"] !== "string") throw new Error("about: expected a sentence");
  if ("peer" in top === "server" in top) throw new Error("expected one of peer and server");
  const config = object(top["config"] ?? {}, "config");
  form("config", config, "config");
  const handlers = object(top["handlers"] ?? {}, "handlers");
  for (const [method, handler] of Object.entries(handlers)) checkHandler(handler, method);
  const server = top["server"] === undefined ? null : object(top["server"], "server");
  if (server !== null) only(server, SERVER, "server");
  const client = steps(top["client"], "client");
  const gates = new Set(gatesIn(top));
  return {
    name,
    path,
    clients: clientsOf(top["clients"]),
    facade: top["facade"] === true,
    config,
    handlers,
    server,
    client,
    gates,
  };
}

/** What handlers wait for, wherever in a scenario they are set. */
function gatesIn(told: Json): string[] {
  if (Array.isArray(told)) return told.flatMap(gatesIn);
  if (typeof told !== "object" || told === null) return [];
  const gate = told["waits_for"];
  const inside = Object.values(told).flatMap(gatesIn);
  return typeof gate === "string" ? [gate, ...inside] : inside;
}

function clientsOf(given: Json | undefined): Scenario["clients"] {
  if (given === undefined) return null;
  const clients = object(given, "clients");
  only(clients, CLIENTS, "clients");
  const { because } = clients;
  if (typeof because !== "string") throw new Error("clients: expected because, a reason");
  return { only: list(clients["only"], "clients.only").map(String), because };
}

/** The name of a step: its first member. */
export function nameOf(step: JsonObject): string {
  return Object.keys(step)[0] ?? "";
}

function steps(given: Json | undefined, at: string): readonly JsonObject[] {
  return list(given, at).map((item, index) => {
    const place = `${at}.${index}`;
    const step = object(item, place);
    checkStep(step, place);
    return step;
  });
}

function checkStep(step: JsonObject, at: string): void {
  const name = nameOf(step);
  const members = Object.hasOwn(STEPS, name) ? STEPS[name] : undefined;
  if (members === undefined) throw new Error(`${at}: there is no step ${shown(name)}`);
  only(step, [name, ...members], at);
  for (const [member, value] of Object.entries(step)) form(member, value, at);
  const { calls, handlers, parallel, repeat } = step;
  if (calls !== undefined) steps([calls], `${at}.calls`);
  if (handlers !== undefined) {
    for (const handler of Object.values(object(handlers, at))) checkHandler(handler, at);
  }
  if (name === "parallel") {
    for (const [index, some] of list(parallel, at).entries()) steps(some, `${at}.${index}`);
  }
  if (name === "repeat") steps(repeat, at);
}

function checkHandler(given: Json, at: string): void {
  const handler = object(given, at);
  only(handler, HANDLER, at);
  const { calls } = handler;
  if (calls !== undefined) steps([calls], `${at}.calls`);
}

function form(member: string, value: Json, at: string): void {
  const members = Object.hasOwn(FORMS, member) ? FORMS[member] : undefined;
  if (members === undefined) return;
  const inner = object(value, `${at}.${member}`);
  only(inner, members, `${at}.${member}`);
  if (member === "config" && inner["retry"] !== undefined) form("retry", inner["retry"], at);
}

function only(given: JsonObject, allowed: readonly string[], at: string): void {
  for (const member of Object.keys(given)) {
    if (!allowed.includes(member)) throw new Error(`${at}: there is no member ${shown(member)}`);
  }
}

function object(given: Json | undefined, at: string): JsonObject {
  if (isObject(given)) return given;
  throw new Error(`${at}: expected an object, found ${shown(given)}`);
}

function list(given: Json | undefined, at: string): readonly Json[] {
  if (Array.isArray(given)) return given;
  throw new Error(`${at}: expected a list, found ${shown(given)}`);
}
