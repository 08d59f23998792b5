/**
 * The server's process: its pipes, its end, and what it leaves behind.
 *
 * Knows lines, exit codes and signals; knows nothing of what the lines say.
 */

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { type ProcessEnd, StartError } from "../errors.js";
import { GROUP_OPTIONS, guard, kill, terminate, unguard } from "./group.js";
import { type Environment, isFolder } from "./launch.js";
import { LineSplitter } from "./lines.js";
import { Outbox } from "./outbox.js";
import type { Recorder } from "./recording.js";

/** How many lines of standard error are kept. */
const STDERR_LINES = 400;
/** Milliseconds for reading what a process has left behind in its pipes. */
const DRAIN_MS = 1_000;
/** Milliseconds that a process may live on without listening or speaking. */
const MUTE_MS = 250;
/** Milliseconds that a killed process may take to be gone. */
const KILLED_MS = 5_000;

/** Who is told what the process does. */
export interface ProcessEvents {
  /** A line of standard output. Reading waits for the promise, if there is one. */
  readonly onLine: (line: Buffer) => Promise<void> | undefined;
  readonly onStderr: (line: string) => void;
  /** The process has ended, or is of no use any more. May be called twice. */
  readonly onEnd: (end: ProcessEnd) => void;
}

/** What a connection needs of a process, or of what stands in for one. */
export type Transport = Pick<ServerProcess, keyof ServerProcess>;

/** A running server. */
export class ServerProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #events: ProcessEvents;
  readonly #graceMs: number;
  readonly #recorder: Recorder | null;
  readonly #outbox: Outbox;
  readonly #tail: string[] = [];
  readonly #exited: Promise<void>;
  readonly #done: Promise<void>;
  #finish: () => void = () => undefined;
  #closing: Promise<void> | null = null;
  #holds = 0;
  #isDone = false;
  #isClosed = false;

  private constructor(
    child: ChildProcessWithoutNullStreams,
    events: ProcessEvents,
    graceMs: number,
    recorder: Recorder | null,
  ) {
    this.#child = child;
    this.#recorder = recorder;
    this.#events = events;
    this.#graceMs = graceMs;
    this.#outbox = new Outbox(child.stdin, (line) => recorder?.sent(line));
    this.#done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#exited = new Promise((resolve) => {
      child.once("exit", () => {
        resolve();
        this.#onExit();
      });
    });
    child.once("close", () => {
      this.#isClosed = true;
    });
    // A server that has gone is found out by its exit; what writing says of it is no news.
    child.stdin.on("error", () => this.#onInputLost());
    child.stdin.on("close", () => this.#onInputLost());
    const output = this.#readLines();
    const errors = this.#readErrors(child.stderr);
    void Promise.all([output, errors, this.#exited]).then(() => this.#end());
  }

  /** Starts a process. */
  static async start(
    command: readonly string[],
    cwd: string | undefined,
    env: Environment,
    events: ProcessEvents,
    graceMs: number,
    recorder: Recorder | null,
  ): Promise<ServerProcess> {
    const [program, ...args] = command;
    if (program === undefined) throw new StartError("there is no command to run");
    try {
      const child = spawn(program, args, { cwd, env, stdio: "pipe", ...GROUP_OPTIONS });
      await once(child, "spawn");
      if (child.pid !== undefined) guard(child.pid);
      child.on("error", () => undefined);
      return new ServerProcess(child, events, graceMs, recorder);
    } catch (error) {
      await recorder?.close();
      // Of a missing working directory, Node says that the program is missing.
      const isLost = cwd !== undefined && !isFolder(cwd);
      const why = isLost ? `there is no folder ${cwd}` : reason(error);
      throw new StartError(`${program} could not be started: ${why}`, undefined, { cause: error });
    }
  }

  /** The process's id, which is also its group's. */
  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  /** How the process ended, as far as it has. */
  get ending(): ProcessEnd {
    const { exitCode, signalCode } = this.#child;
    return { exitCode, exitSignal: signalCode, stderrTail: [...this.#tail] };
  }

  /** Whether there is anybody to write to. */
  get isOpen(): boolean {
    return this.#child.stdin.writable && !this.#isDone;
  }

  /**
   * Writes a line after those that came before it, as soon as there is room. `settle` is called
   * when it is written, or never will be.
   *
   * @returns A function that takes it back, where it hasn't been written yet.
   */
  write(line: string, settle?: () => void): () => void {
    return this.#outbox.put(line, settle);
  }

  /** Keeps this program running until the function that it gives is called. */
  hold(): () => void {
    this.#holds += 1;
    if (this.#holds === 1) this.#keepAlive(true);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      if (this.#holds === 0) this.#keepAlive(false);
    };
  }

  /** From now on, the process keeps this program running only while somebody holds it. */
  relax(): void {
    this.#keepAlive(this.#holds > 0);
  }

  /** Ends the process and all it has started: politely first, then by force. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const release = this.hold();
    const { stdin, pid } = this.#child;
    stdin.end();
    if (pid !== undefined && !(await within(this.#exited, this.#graceMs))) {
      terminate(pid);
      if (!(await within(this.#exited, this.#graceMs))) {
        kill(pid);
        await within(this.#exited, KILLED_MS);
      }
    }
    await within(this.#done, KILLED_MS);
    release();
  }

  async #readLines(): Promise<void> {
    const splitter = new LineSplitter();
    try {
      for await (const chunk of bytes(this.#child.stdout)) {
        for (const line of splitter.feed(chunk)) {
          const wait = this.#takeIn(line);
          if (wait !== undefined) await wait;
        }
      }
    } catch {
      // A pipe that breaks has ended.
    }
    const rest = splitter.finish();
    if (rest !== null) await this.#takeIn(rest);
    this.#onMute();
  }

  #takeIn(line: Buffer): Promise<void> | undefined {
    this.#recorder?.received(line);
    return this.#events.onLine(line);
  }

  async #readErrors(errors: Readable): Promise<void> {
    const splitter = new LineSplitter();
    try {
      for await (const chunk of bytes(errors)) {
        for (const line of splitter.feed(chunk)) this.#keep(line);
      }
    } catch {
      // A pipe that breaks has ended.
    }
    const rest = splitter.finish();
    if (rest !== null) this.#keep(rest);
  }

  #keep(line: Buffer): void {
    const text = line.toString("utf8").replace(/\r$/, "");
    this.#tail.push(text);
    if (this.#tail.length > STDERR_LINES) this.#tail.shift();
    this.#events.onStderr(text);
  }

  #onInputLost(): void {
    if (this.#closing === null) this.#onMute();
  }

  /** A server that doesn't listen or doesn't speak is of no use, even if it lives on. */
  #onMute(): void {
    if (this.#isDone || this.#closing !== null || this.#hasExited()) return;
    const giveUp = () => {
      if (this.#hasExited() || this.#closing !== null) return;
      this.#events.onEnd(this.ending);
      void this.close();
    };
    // What has come while this program was busy counts first: the exit may be among it.
    const timer = setTimeout(() => setImmediate(giveUp), MUTE_MS);
    void this.#exited.then(() => clearTimeout(timer));
  }

  #hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #onExit(): void {
    const { pid } = this.#child;
    if (pid !== undefined) {
      // What the server has started ends with it; it would also hold the pipes open.
      kill(pid);
      unguard(pid);
    }
    const timer = setTimeout(() => this.#end(), DRAIN_MS);
    void this.#done.then(() => clearTimeout(timer));
  }

  #end(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#events.onEnd(this.ending);
    for (const pipe of this.#child.stdio) pipe?.destroy();
    const finish = async () => {
      await this.#recorder?.close();
      this.#finish();
    };
    if (this.#isClosed) void finish();
    else this.#child.once("close", () => void finish());
  }

  #keepAlive(wanted: boolean): void {
    // Pipes that are gone would wait for a connection, to be counted then.
    if (this.#isDone) return;
    const parts = [this.#child, ...this.#child.stdio];
    for (const part of parts) {
      if (!isCounted(part)) continue;
      if (wanted) part.ref();
      else part.unref();
    }
  }
}

/** What can keep the program running. Pipes can, though their type doesn't say so. */
interface Counted {
  ref(): unknown;
  unref(): unknown;
}

function isCounted(value: object | null | undefined): value is Counted {
  return (
    value !== null &&
    value !== undefined &&
    "ref" in value &&
    "unref" in value &&
    typeof value.ref === "function" &&
    typeof value.unref === "function"
  );
}

async function* bytes(pipe: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of pipe) {
    const part: unknown = chunk;
    if (Buffer.isBuffer(part)) yield part;
  }
}

async function within(event: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  const inTime = await Promise.race([event.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
