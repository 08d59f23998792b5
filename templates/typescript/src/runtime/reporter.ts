/**
 * Tells the user's hooks about what is out of the ordinary. A hook that throws harms nothing else.
 */

import { UnknownValueError } from "../errors.js";
import type { LogEntry, Unknown } from "./report.js";
import type { ConnectionSettings } from "./settings.js";
import { age } from "./version.js";

/** How much of an unknown value an error shows. */
const SHOWN = 200;

/** The hooks of one connection. */
export class Reporter {
  readonly #settings: ConnectionSettings;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
  }

  /** Reports what the schema doesn't know. In strict mode, gives the error that it is. */
  unknown(found: readonly Unknown[]): UnknownValueError | null {
    const [first] = found;
    if (first === undefined) return null;
    for (const unknown of found) {
      const { kind, method, path } = unknown;
      this.log("info", `not in the schema: ${kind} of ${method ?? "no method"} at ${path}`);
      this.#tell(this.#settings.onUnknown, unknown);
    }
    if (this.#settings.strict !== true) return null;
    const problems = found.map(({ kind, path, raw }) => {
      return `${path}: unknown ${kind} ${shown(raw)}`;
    });
    return new UnknownValueError(first.method, problems);
  }

  /** Reports that a stream has lost notifications. */
  overflow(stream: string, dropped: number): void {
    this.log("warn", `the stream of ${stream} is not read fast enough; lost so far: ${dropped}`);
    this.#tell(this.#settings.onOverflow, { stream, dropped });
  }

  /** Passes on a line of the server's standard error. */
  stderr(line: string): void {
    this.log("debug", `server: ${line}`);
    this.#tell(this.#settings.onStderr, line);
  }

  /** Takes note of the server's version; reports it if it is another one than `expected`. */
  version(found: string | null, expected: string): void {
    const serverIs = found === null ? null : age(found, expected);
    if (found === null || serverIs === null) {
      this.log("debug", `the server's version can't be read: ${found}`);
    } else if (serverIs === "same") {
      this.log("debug", `the server's version is ${found}`);
    } else {
      this.log(
        serverIs === "older" ? "warn" : "info",
        `the server's version is ${found}, which is ${serverIs} than the ${expected} that this package was made for`,
      );
      this.#tell(this.#settings.onVersionMismatch, { expected, found, serverIs });
    }
  }

  /** Says something. */
  log(level: LogEntry["level"], message: string, error?: unknown): void {
    const entry = error === undefined ? { level, message } : { level, message, error };
    // If that fails, there is nobody left to tell.
    guarded(this.#settings.onLog, entry, () => undefined);
  }

  #tell<T>(hook: ((value: T) => void) | undefined, value: T): void {
    guarded(hook, value, (error) => this.log("error", "a hook threw", error));
  }
}

/** Calls a hook, which may be `async` for all we know. */
function guarded<T>(
  hook: ((value: T) => unknown) | undefined,
  value: T,
  onFailure: (error: unknown) => void,
): void {
  if (hook === undefined) return;
  try {
    const outcome = hook(value);
    if (outcome instanceof Promise) outcome.catch(onFailure);
  } catch (error) {
    onFailure(error);
  }
}

function shown(raw: unknown): string {
  try {
    return (JSON.stringify(raw) ?? "").slice(0, SHOWN);
  } catch {
    return "that is nested too deeply to be shown";
  }
}
