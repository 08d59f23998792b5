/**
 * The traffic of a connection in a file: one JSON line for each line of either side, in order.
 *
 * Knows which members are secret, whose values it replaces; knows nothing of what the lines mean.
 * Writes when there is nothing else to do. What goes wrong with that is logged, once, and harms
 * nothing else.
 */

import { isUtf8 } from "node:buffer";
import { type FileHandle, open } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { StartError } from "../errors.js";
import { isObject, type JsonObject, setMember } from "./plain.js";
import type { Reporter } from "./reporter.js";

/** What stands for the value of a secret member. */
const REDACTED = "[redacted]";
/** About how many letters are written at a time. */
const BATCH = 1 << 20;

/** A line, and when it came. */
interface Noted {
  readonly at: number;
  readonly side: "client" | "server";
  readonly line: Buffer;
}

/** Writes the lines that it is given. */
export class Recorder {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #secrets: ReadonlySet<string>;
  readonly #reporter: Reporter;
  #lines: Noted[] = [];
  #writing: Promise<void> | null = null;
  #isBroken = false;

  private constructor(
    path: string,
    file: FileHandle,
    secrets: readonly string[],
    reporter: Reporter,
  ) {
    this.#path = path;
    this.#file = file;
    this.#secrets = new Set(secrets);
    this.#reporter = reporter;
  }

  /** Makes the file, for nobody else to read. */
  static async start(
    path: string,
    secrets: readonly string[],
    reporter: Reporter,
  ): Promise<Recorder> {
    try {
      const file = await open(path, "w", 0o600);
      // It may have been there; what is no file, such as a device, is let alone.
      if ((await file.stat()).isFile()) await file.chmod(0o600);
      return new Recorder(path, file, secrets, reporter);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the traffic can't be recorded in ${path}: ${reason}`;
      throw new StartError(message, undefined, { cause: error });
    }
  }

  /** Takes note of a line of the client, which has to be done before it is written. */
  sent(line: string): void {
    this.#note("client", Buffer.from(line));
  }

  /** Takes note of a line of the server. */
  received(line: Buffer): void {
    this.#note("server", line);
  }

  /** Ends the recording, once all is written. Never fails. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close().catch((error: unknown) => this.#break(error));
  }

  #note(side: Noted["side"], line: Buffer): void {
    if (this.#isBroken) return;
    this.#lines.push({ at: Date.now(), side, line });
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    try {
      for (let batch = ""; this.#lines.length > 0; ) {
        // Whoever waits for the lines comes first.
        await setImmediate();
        for (const noted of this.#lines.splice(0)) {
          batch += entry(noted, this.#secrets);
          if (batch.length < BATCH) continue;
          await this.#file.appendFile(batch);
          batch = "";
        }
        await this.#file.appendFile(batch);
        batch = "";
      }
    } catch (error) {
      this.#break(error);
    }
    this.#writing = null;
  }

  #break(error: unknown): void {
    if (this.#isBroken) return;
    this.#reporter.log("error", `the recording ${this.#path} ends here`, error);
    this.#isBroken = true;
    this.#lines = [];
  }
}

function entry({ at, side, line }: Noted, secrets: ReadonlySet<string>): string {
  const text = line.toString("utf8");
  const head = `{"at":${at},"from":"${side}"`;
  let message: unknown;
  try {
    if (!isUtf8(line)) throw new TypeError("not UTF-8");
    message = JSON.parse(text);
  } catch {
    const isHidden = [...secrets].some((name) => text.includes(name));
    return `${head},"line":${JSON.stringify(isHidden ? REDACTED : text.trim())}}\n`;
  }
  return `${head},"message":${withoutSecrets(text, message, secrets) ?? text.trim()}}\n`;
}

/** A message whose secrets are left out; `null` if it has none, and stays as it came. */
function withoutSecrets(
  text: string,
  message: unknown,
  secrets: ReadonlySet<string>,
): string | null {
  // A name can also be written with escapes.
  const isSuspect = text.includes("\\u") || [...secrets].some((name) => text.includes(`"${name}"`));
  if (!isSuspect) return null;
  const shown = redacted(message, secrets);
  return isDeepStrictEqual(shown, message) ? null : JSON.stringify(shown);
}

/** `value` without what its secret members say. `null` says nothing, and stays. */
export function redacted(value: unknown, secrets: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => redacted(item, secrets));
  if (!isObject(value)) return value;
  const shown: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const isHidden = secrets.has(name) && item !== null;
    setMember(shown, name, isHidden ? REDACTED : redacted(item, secrets));
  }
  return shown;
}
