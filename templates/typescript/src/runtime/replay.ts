/**
 * A recording that stands in for a server: it says again what the server said, and expects the
 * client to say again what the client said.
 *
 * Reads a recording and knows what comes next; does no waiting and passes nothing on.
 */

import { readFile } from "node:fs/promises";
import { StartError } from "../errors.js";
import type { ProtocolFacts } from "./facts.js";
import { LineSplitter } from "./lines.js";
import { isObject, type JsonObject, setMember } from "./plain.js";
import { redacted } from "./recording.js";

/** How much of a message an error shows. */
const SHOWN = 400;

/** A line of a recording: what was said, and the line's number. */
type Entry =
  | { readonly from: "client"; readonly number: number; readonly message: JsonObject }
  | { readonly from: "server"; readonly number: number; readonly message: unknown }
  | { readonly from: "server"; readonly number: number; readonly text: string };

type ClientEntry = Extract<Entry, { from: "client" }>;

/** The client does something else than the recording says. */
export class Deviation extends Error {}

/** What a recording says, step by step. */
export class Script {
  readonly #path: string;
  readonly #facts: ProtocolFacts;
  readonly #secrets: ReadonlySet<string>;
  readonly #entries: readonly Entry[];
  #at = 0;
  /** What the client has to say before the server goes on, by what counts as the same. */
  readonly #expected = new Map<string, ClientEntry[]>();
  /** Today's ids of the client's calls, by those in the recording. */
  readonly #ids = new Map<unknown, unknown>();

  private constructor(path: string, facts: ProtocolFacts, entries: readonly Entry[]) {
    this.#path = path;
    this.#facts = facts;
    this.#secrets = new Set(facts.secrets);
    this.#entries = entries;
  }

  /** Reads a recording. */
  static async read(path: string, facts: ProtocolFacts): Promise<Script> {
    const splitter = new LineSplitter();
    const content = await readFile(path).catch((error: unknown) => {
      throw new StartError(`the recording ${path} can't be read: ${reason(error)}`, undefined, {
        cause: error,
      });
    });
    const lines = [...splitter.feed(content), splitter.finish() ?? Buffer.alloc(0)];
    const entries = lines.flatMap((line, index) => {
      const text = line.toString("utf8");
      return text.trim() === "" ? [] : [entry(`${path}:${index + 1}`, index + 1, text)];
    });
    checkHandshake(path, facts, entries);
    return new Script(path, facts, entries);
  }

  /** Whether neither side has anything left to say. */
  get isOver(): boolean {
    return this.#at === this.#entries.length && this.#expected.size === 0;
  }

  /** What is said of a connection whose recording is over. */
  get end(): string {
    return `the recording ${this.#path} has ended`;
  }

  /** What the server says before it waits for the client again. */
  *lines(): Generator<Buffer> {
    for (;;) {
      const entry = this.#entries[this.#at];
      if (entry?.from !== "server" || this.#expected.size > 0) break;
      this.#at += 1;
      yield Buffer.from("text" in entry ? entry.text : this.#withTodaysId(entry.message));
    }
    // What the client said without a word of the server's in between may come in any order.
    for (;;) {
      const entry = this.#entries[this.#at];
      if (entry?.from !== "client") break;
      this.#at += 1;
      const key = this.#key(entry.message);
      const same = this.#expected.get(key);
      if (same === undefined) this.#expected.set(key, [entry]);
      else same.push(entry);
    }
  }

  /** Takes in a line of the client's. */
  take(line: string): void {
    const message: unknown = JSON.parse(line);
    if (!isObject(message)) return;
    const key = this.#key(message);
    const same = this.#expected.get(key);
    const entry = same?.shift();
    if (entry === undefined) throw new Deviation(this.#deviation(message));
    if (same?.length === 0) this.#expected.delete(key);
    if ("method" in message && "id" in message) this.#ids.set(entry.message["id"], message["id"]);
  }

  /** A message of the server. An answer gets the id that its call has today. */
  #withTodaysId(message: unknown): string {
    if (!isObject(message) || "method" in message || !this.#ids.has(message["id"])) {
      return JSON.stringify(message);
    }
    return JSON.stringify({ ...message, id: this.#ids.get(message["id"]) });
  }

  /**
   * What messages that count as the same have in common: all but the ids of calls, secrets, the
   * words of errors, and who the client says that it is.
   */
  #key(message: JsonObject): string {
    const shown = redacted(message, this.#secrets);
    if (!isObject(shown)) return "";
    const { handshake } = this.#facts;
    const { error } = shown;
    if ("method" in shown) {
      shown["id"] = "id" in shown;
      const isHandshake = handshake !== undefined && shown["method"] === handshake.request;
      if (isHandshake) forget(shown["params"], handshake.clientInfo);
    } else if (isObject(error)) {
      shown["error"] = error["code"];
    }
    return JSON.stringify(sorted(shown));
  }

  #deviation(message: JsonObject): string {
    const expected = [...this.#expected.values()].flat();
    const [first] = expected.sort((one, other) => one.number - other.number);
    const next = first === undefined ? "" : `${this.#shown(first.message)} in line ${first.number}`;
    const more = expected.length > 1 ? `, or with ${expected.length - 1} others` : "";
    const came = this.#shown(message);
    return `the recording ${this.#path} goes on with ${next}${more}; the client sent ${came}`;
  }

  #shown(message: JsonObject): string {
    const shown = redacted(message, this.#secrets);
    if (!isObject(shown)) return "";
    const { method, params } = shown;
    const text =
      typeof method === "string"
        ? `${method} ${JSON.stringify(params ?? {})}`
        : `the answer ${JSON.stringify(shown)}`;
    return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  }
}

function checkHandshake(path: string, facts: ProtocolFacts, entries: readonly Entry[]): void {
  const request = facts.handshake?.request;
  const first = entries.find((entry): entry is ClientEntry => entry.from === "client");
  if (request === undefined || first?.message["method"] === request) return;
  const place = first === undefined ? path : `${path}:${first.number}`;
  throw new StartError(
    `${place}: there is no handshake: a recording begins with the client's ${request}`,
  );
}

function entry(place: string, number: number, text: string): Entry {
  let entry: unknown;
  try {
    entry = JSON.parse(text);
  } catch (error) {
    throw new StartError(`${place}: not a JSON object: ${reason(error)}`);
  }
  if (!isObject(entry)) throw new StartError(`${place}: not a JSON object`);
  const { from, message, line } = entry;
  if (from === "server" && "message" in entry) return { from, number, message };
  if (from === "server" && typeof line === "string") return { from, number, text: line };
  if (from === "client" && isObject(message)) return { from, number, message };
  throw new StartError(
    `${place}: not a line of a recording: \`from\` has to be "client" or "server", and there has to be a \`message\``,
  );
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Takes away what is at a place. */
function forget(value: unknown, place: readonly string[]): void {
  const [first, ...rest] = place;
  if (first === undefined || !isObject(value)) return;
  if (rest.length === 0) delete value[first];
  else forget(value[first], rest);
}

/** `value` with the members of its objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const name of Object.keys(value).sort()) setMember(result, name, sorted(value[name]));
  return result;
}
