/** Bounded logs of notifications, and the places where their readers stand. */

/** How many events that nobody needs are let pile up before they are dropped together. */
const TRIM = 256;

/** The end of a log: well, or with an error. */
export interface End {
  readonly error: Error | null;
}

/** What a reader gets: an event, the end, or nothing yet. */
export type Taken<E extends object> = { readonly event: E } | { readonly end: End } | null;

/** How far a reader has come in a log. */
export interface Cursor {
  position: number;
  dropped: number;
  /** Whether anything has been read. Until then, a log that retains owes its reader nothing. */
  isReading: boolean;
  readonly wake: () => void;
}

/** Says how many events a reader of the log `name` has lost. */
export type OverflowHook = (name: string, dropped: number) => void;

/**
 * Events in the order they came, the last `limit` of them at most.
 *
 * A log that retains keeps events for readers that come later; any other keeps them until all its
 * readers have read them.
 */
export class EventLog<E extends object> {
  readonly name: string;
  /** How many events were lost before they came here, which has been told already. */
  lost = 0;
  readonly #limit: number;
  readonly #retain: boolean;
  readonly #onOverflow: OverflowHook;
  readonly #events: E[] = [];
  /** The position of the first event in the list. */
  #offset = 0;
  readonly #cursors = new Set<Cursor>();
  #opened = false;
  #end: End | null = null;

  constructor(name: string, limit: number, retain: boolean, onOverflow: OverflowHook) {
    this.name = name;
    this.#limit = Math.max(1, limit);
    this.#retain = retain;
    this.#onOverflow = onOverflow;
  }

  /** Whether anybody reads it. */
  get hasReaders(): boolean {
    return this.#cursors.size > 0;
  }

  /** A new reader, who starts at the oldest event that is kept. */
  open(wake: () => void): Cursor {
    const position = this.#start();
    const cursor: Cursor = { position, dropped: 0, isReading: !this.#retain, wake };
    // Events that went before the first reader came are lost to it, and only now to anybody.
    if (!this.#retain && !this.#opened) this.#lose(cursor, position);
    this.#opened = true;
    this.#cursors.add(cursor);
    return cursor;
  }

  /** Forgets a reader. */
  close(cursor: Cursor): void {
    this.#cursors.delete(cursor);
    this.#trim();
    cursor.wake();
  }

  /** Adds an event. Where a reader is too far behind, it loses the oldest, which is reported. */
  put(event: E): void {
    if (this.#end !== null) return;
    this.#events.push(event);
    const start = this.#start();
    const reports: number[] = [];
    for (const cursor of this.#cursors) {
      const lost = start - cursor.position;
      if (lost <= 0 || !cursor.isReading) continue;
      cursor.position = start;
      const before = cursor.dropped;
      cursor.dropped += lost;
      // Told at 1, 2, 4, 8...: one that never reads must not cause a report an event.
      if (Math.clz32(before) !== Math.clz32(cursor.dropped)) reports.push(cursor.dropped);
    }
    this.#trim();
    for (const cursor of this.#cursors) cursor.wake();
    for (const dropped of reports) this.#onOverflow(this.name, dropped);
  }

  /** Ends the log. What it holds can still be read. */
  end(error: Error | null): void {
    if (this.#end !== null) return;
    this.#end = { error };
    for (const cursor of this.#cursors) cursor.wake();
  }

  /** The next event for a reader. */
  take(cursor: Cursor): Taken<E> {
    if (!cursor.isReading) {
      cursor.isReading = true;
      cursor.position = this.#start();
      this.#lose(cursor, cursor.position);
    }
    const event = this.#events[cursor.position - this.#offset];
    if (event !== undefined) {
      cursor.position += 1;
      if (!this.#retain) this.#trim();
      return { event };
    }
    return this.#end === null ? null : { end: this.#end };
  }

  #lose(cursor: Cursor, count: number): void {
    cursor.dropped += count;
    if (count > 0) this.#onOverflow(this.name, count);
  }

  /** The position of the oldest event that still counts. */
  #start(): number {
    return Math.max(this.#offset, this.#offset + this.#events.length - this.#limit);
  }

  #trim(): void {
    let first = this.#start();
    if (!this.#retain) {
      let slowest = Number.POSITIVE_INFINITY;
      for (const cursor of this.#cursors) slowest = Math.min(slowest, cursor.position);
      if (slowest !== Number.POSITIVE_INFINITY) first = Math.max(first, slowest);
    }
    const surplus = first - this.#offset;
    if (surplus >= TRIM || surplus === this.#events.length) {
      this.#events.splice(0, surplus);
      this.#offset += surplus;
    }
  }
}
