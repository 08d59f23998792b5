/**
 * Plays a recording to a connection, which takes it for a process: passes lines on between it and a
 * script. What they say is the script's business.
 */

import { setImmediate } from "node:timers/promises";
import type { ProcessEnd } from "../errors.js";
import type { Transport } from "./process.js";
import type { Recorder } from "./recording.js";
import { Deviation, type Script } from "./replay.js";

/** Who is told what happens. */
export interface PlayerEvents {
  /** A line of the server. The next one waits for the promise, if there is one. */
  readonly onLine: (line: Buffer) => Promise<void> | undefined;
  /** The recording is over, or the client has left it. */
  readonly onEnd: (what: string) => void;
}

/** A recording in the place of a process. */
export class Player implements Transport {
  readonly pid = null;
  readonly ending: ProcessEnd = { exitCode: null, exitSignal: null, stderrTail: [] };
  readonly #script: Script;
  readonly #recorder: Recorder | null;
  readonly #events: PlayerEvents;
  readonly #lines = new Set<{ readonly line: string }>();
  readonly #playing: Promise<void>;
  #wake: () => void = () => undefined;
  #isOpen = true;

  constructor(script: Script, recorder: Recorder | null, events: PlayerEvents) {
    this.#script = script;
    this.#recorder = recorder;
    this.#events = events;
    this.#playing = this.#play();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  write(line: string, settle?: () => void): () => void {
    const entry = { line };
    this.#lines.add(entry);
    this.#wake();
    settle?.();
    return () => {
      this.#lines.delete(entry);
    };
  }

  /** There is nothing that could keep the program running: what comes next is never far. */
  hold(): () => void {
    return () => undefined;
  }

  relax(): void {
    // There is nothing to let go.
  }

  close(): Promise<void> {
    this.#isOpen = false;
    this.#wake();
    return this.#playing;
  }

  async #play(): Promise<void> {
    let end = this.#script.end;
    try {
      await this.#speak();
      while (this.#isOpen && !this.#script.isOver) {
        const line = await this.#next();
        if (line === undefined) break;
        this.#recorder?.sent(line);
        this.#script.take(line);
        await this.#speak();
      }
    } catch (error) {
      if (!(error instanceof Deviation)) throw error;
      end = error.message;
    } finally {
      this.#isOpen = false;
      this.#events.onEnd(end);
      await this.#recorder?.close();
    }
  }

  async #speak(): Promise<void> {
    for (const line of this.#script.lines()) {
      // Whoever waits for the line before comes first; and the connection, before the first one.
      await setImmediate();
      if (!this.#isOpen) return;
      this.#recorder?.received(line);
      await this.#events.onLine(line);
    }
  }

  /** The client's next line, once there is one; nothing at the end. */
  async #next(): Promise<string | undefined> {
    while (this.#isOpen && this.#lines.size === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const [entry] = this.#lines;
    if (entry !== undefined) this.#lines.delete(entry);
    return entry?.line;
  }
}
