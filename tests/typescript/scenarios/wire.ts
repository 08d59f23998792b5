/** What the client made of the server's lines, against the lines. */

import { readFileSync } from "node:fs";
import { isObject, type Json, type JsonObject, shown } from "./values.js";

/** The lines that a tap has noted. */
export interface Log {
  /** The server's process. */
  readonly pid: number | null;
  /** The results of calls, by method. */
  readonly results: ReadonlyMap<string, readonly Json[]>;
  /** The notifications, in their order. */
  readonly notices: readonly JsonObject[];
}

/** Reads a log. */
export function readLog(path: string): Log {
  const entries = readFileSync(path, "utf8").split("\n").flatMap(parsed);
  const results = new Map<string, Json[]>();
  const notices: JsonObject[] = [];
  const called = new Map<string, string>();
  let pid: number | null = null;
  for (const entry of entries) {
    if (typeof entry["pid"] === "number") pid = entry["pid"];
    for (const message of parsed(String(entry["line"] ?? ""))) {
      const { id, method, result } = message;
      const key = JSON.stringify(id);
      if (entry["from"] === "client") {
        if (typeof method === "string" && id !== undefined) called.set(key, method);
      } else if (typeof method === "string") {
        if (id === undefined) notices.push(message);
      } else if (result !== undefined) {
        const asked = called.get(key) ?? "";
        results.set(asked, [...(results.get(asked) ?? []), result]);
      }
    }
  }
  return { pid, results, notices };
}

/** The message in a line. What a server that was killed has left half written is none. */
function parsed(line: string): readonly JsonObject[] {
  try {
    const value: Json = JSON.parse(line);
    return isObject(value) ? [value] : [];
  } catch {
    return [];
  }
}

/** The results that are none of those that came. */
export function unlikeResults(
  log: Log,
  decoded: readonly (readonly [method: string, result: Json])[],
): readonly string[] {
  const left = new Map<string, number>();
  for (const [method, results] of log.results) {
    for (const result of results) {
      const key = `${method} ${canonical(result)}`;
      left.set(key, (left.get(key) ?? 0) + 1);
    }
  }
  return decoded.flatMap(([method, result]) => {
    const key = `${method} ${canonical(result)}`;
    const count = left.get(key) ?? 0;
    if (count > 0) {
      left.set(key, count - 1);
      return [];
    }
    const likely = log.results.get(method)?.[0];
    return [`the result of ${method} was read as ${shown(result)}, came ${shown(likely)}`];
  });
}

/** The events of a stream that are not among the notifications, in their order. */
export function unlikeEvents(
  log: Log,
  stream: string,
  taken: readonly JsonObject[],
): readonly string[] {
  const notices = log.notices.map(canonical);
  let from = 0;
  return taken.flatMap((event) => {
    const place = notices.indexOf(canonical(event), from);
    if (place >= 0) {
      from = place + 1;
      return [];
    }
    const likely = log.notices.find(({ method }) => method === event["method"]);
    const came = likely === undefined ? "no such event, or not in this order" : shown(likely);
    return [`an event of ${stream} was read as ${shown(event)}, came ${came}`];
  });
}

/** A text that two values share if they are equal: members in one order, without `null` ones. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) => {
    if (!isObject(inner)) return inner;
    const there = Object.entries(inner).filter(([, member]) => member !== null);
    return Object.fromEntries(there.sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
