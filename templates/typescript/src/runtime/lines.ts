/** Bytes as they come from a pipe, made into lines. Knows nothing of what the lines say. */

const LINE_END = 0x0a;

/**
 * Collects chunks and gives the lines in them, without their line ends. A line may be of any
 * length; its parts are joined once.
 */
export class LineSplitter {
  #parts: Buffer[] = [];

  *feed(chunk: Buffer): Generator<Buffer> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_END, start);
      if (end < 0) break;
      yield this.#join(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#parts.push(chunk.subarray(start));
  }

  /** What is left once the pipe has ended: a last line without a line end, or nothing. */
  finish(): Buffer | null {
    return this.#parts.length === 0 ? null : this.#join(Buffer.alloc(0));
  }

  #join(last: Buffer): Buffer {
    if (this.#parts.length === 0) return last;
    const line = Buffer.concat([...this.#parts, last]);
    this.#parts = [];
    return line;
  }
}
