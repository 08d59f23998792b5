/**
 * Lines on their way to the server, written in the order they were given and no faster than they
 * are read.
 *
 * Knows a pipe; knows nothing of what the lines say.
 */

import type { Writable } from "node:stream";

interface Entry {
  readonly line: string;
  readonly settle: () => void;
}

/** What waits for room in a pipe. */
export class Outbox {
  readonly #pipe: Writable;
  readonly #onWrite: (line: string) => void;
  readonly #waiting = new Set<Entry>();
  #isFull = false;

  /** `onWrite` is called with each line before it is written. */
  constructor(pipe: Writable, onWrite: (line: string) => void) {
    this.#pipe = pipe;
    this.#onWrite = onWrite;
    pipe.on("drain", () => {
      this.#isFull = false;
      this.#write();
    });
    pipe.on("close", () => this.#drop());
  }

  /**
   * Writes a line as soon as there is room. `settle` is called when it is written, or never will
   * be.
   *
   * @returns A function that takes it back, where it hasn't been written yet.
   */
  put(line: string, settle: () => void = () => undefined): () => void {
    const entry = { line, settle };
    this.#waiting.add(entry);
    this.#write();
    return () => {
      this.#waiting.delete(entry);
    };
  }

  #write(): void {
    if (!this.#pipe.writable) this.#drop();
    for (const entry of this.#waiting) {
      if (this.#isFull) return;
      this.#waiting.delete(entry);
      this.#onWrite(entry.line);
      this.#isFull = !this.#pipe.write(entry.line);
      entry.settle();
    }
  }

  #drop(): void {
    const entries = [...this.#waiting];
    this.#waiting.clear();
    for (const { settle } of entries) settle();
  }
}
