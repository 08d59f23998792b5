/** Bytes as they come from a pipe, made into lines. Knows nothing of what the lines say. */

const LINE_END = 0x0a;

/**
 * Collects chunks and gives the lines in them, without their line ends. A line may be of any
 * length, unless there is a limit, beyond which it is cut; its parts are joined once.
 */
export class LineSplitter {
  readonly #limit: number;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  *feed(chunk: Buffer): Generator<Buffer> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_END, start);
      if (end < 0) break;
      yield this.#join(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start === chunk.length) return;
    this.#parts.push(chunk.subarray(start));
    this.#length += chunk.length - start;
    if (this.#length > this.#limit) yield this.#join(Buffer.alloc(0));
  }

  /** What is left once the pipe has ended: a last line without a line end, or nothing. */
  finish(): Buffer | null {
    return this.#parts.length === 0 ? null : this.#join(Buffer.alloc(0));
  }

  #join(last: Buffer): Buffer {
    if (this.#parts.length === 0) return last;
    const line = Buffer.concat([...this.#parts, last]);
    this.#parts = [];
    this.#length = 0;
    return line;
  }
}
