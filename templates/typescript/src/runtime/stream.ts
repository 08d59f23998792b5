/// <reference lib="esnext.disposable" preserve="true" />

/** Streams of notifications. */

import { RequestTimeoutError, TransportClosed } from "../errors.js";
import type { Cursor } from "./event-log.js";
import type { AnyNotification } from "./notification.js";
import type { CallOptions } from "./options.js";
import type { NotificationLog } from "./router.js";
import { watch } from "./waiting.js";

/** What a stream needs from the connection that it belongs to. */
export interface StreamSource {
  readonly log: NotificationLog;
  /** Keeps this process running while somebody waits; gives the function that ends that. */
  readonly hold: () => () => void;
  /** Is told when the last stream of the log is closed. */
  readonly onAbandoned: () => void;
}

/** Those who wait for the next event of a stream. */
type Waiting = Set<() => void>;

/** The methods of events. */
export type MethodOf<E> = E extends { readonly method: infer M extends string } ? M : never;

/** The events of a method. */
export type EventOf<E, M> = Extract<E, { readonly method: M }>;

/** Closes the streams that nobody can read any more. */
const forgotten = new FinalizationRegistry<() => void>((leave) => leave());

/**
 * Notifications in the order they came. Iterate over it with `for await`, or await `get`.
 *
 * It ends when the work that it follows does, or when it is closed; leaving a `for await` loop
 * closes it. If the connection ends first, it throws `TransportClosed`. A stream keeps a bounded
 * number of notifications for its reader; a reader that falls further behind loses the oldest,
 * which `onOverflow` and `dropped` tell.
 */
export class Stream<E extends object> implements AsyncIterable<E> {
  readonly #source: StreamSource;
  readonly #waiting: Waiting = new Set();
  readonly #cursor: Cursor;
  #closed = false;

  constructor(source: StreamSource) {
    this.#source = source;
    this.#cursor = enter(source, this.#waiting);
    forgotten.register(this, leaving(source, this.#cursor), this);
  }

  /** How many notifications this stream has lost. */
  get dropped(): number {
    return this.#source.log.lost + this.#cursor.dropped;
  }

  /**
   * The next notification; `undefined` at the stream's end. There is no deadline unless one is
   * given.
   */
  async get(options: CallOptions = {}): Promise<E | undefined> {
    return this.#next(options, deadline(options));
  }

  /**
   * Takes notifications up to the first one of this method, and gives that. There is no deadline
   * unless one is given.
   *
   * @param passed Gets those that came before it.
   *
   * @throws RequestTimeoutError if it didn't come in time.
   * @throws DecodeError if it came and can't be read.
   * @throws TransportClosed if the connection ended before it came, or the stream did.
   */
  async waitFor<M extends MethodOf<E>>(
    method: M,
    options: CallOptions = {},
    passed?: (event: E) => void,
  ): Promise<EventOf<E, M>> {
    const until = deadline(options);
    for (;;) {
      const event = await this.#next(options, until);
      if (event === undefined) throw new TransportClosed(`the stream ended before ${method} came`);
      if (isOf(event, method)) return event;
      const unread = unreadable(event, method);
      if (unread !== undefined) throw unread;
      passed?.(event);
    }
  }

  /** Ends the stream. May be called again and again. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    forgotten.unregister(this);
    leave(this.#source, this.#cursor);
    wake(this.#waiting);
  }

  [Symbol.asyncIterator](): AsyncIterator<E, undefined> {
    return {
      next: async () => {
        const value = await this.get();
        return value === undefined ? { done: true, value } : { done: false, value };
      },
      return: async () => {
        await this.close();
        return { done: true, value: undefined };
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Where the notifications come from. */
  protected get source(): StreamSource {
    return this.#source;
  }

  /** What the log holds was decoded as what the package's types say of this stream. */
  #typed(event: AnyNotification): E {
    return event as E;
  }

  async #next(options: CallOptions, until: number | null): Promise<E | undefined> {
    options.signal?.throwIfAborted();
    while (!this.#closed) {
      const taken = this.#source.log.take(this.#cursor);
      if (taken === null) {
        await this.#changed(options, until);
      } else if ("event" in taken) {
        return this.#typed(taken.event);
      } else if (taken.end.error === null) {
        return undefined;
      } else {
        throw again(taken.end.error);
      }
    }
    return undefined;
  }

  #changed(options: CallOptions, until: number | null): Promise<void> {
    const release = this.#source.hold();
    return new Promise<void>((resolve, reject) => {
      const late = () =>
        new RequestTimeoutError(`the stream of ${this.#source.log.name}`, options.timeoutMs ?? 0);
      const timeoutMs = until === null ? null : until - now();
      const unwatch = watch({ signal: options.signal, timeoutMs }, late, (error) => {
        done();
        reject(error);
      });
      const look = () => {
        done();
        resolve();
      };
      const done = () => {
        this.#waiting.delete(look);
        unwatch();
        release();
      };
      this.#waiting.add(look);
    });
  }
}

/**
 * Work that a call has started, with the notifications that belong to it and to nothing else.
 *
 * The stream was registered before the call was sent, so it misses nothing; it ends with the
 * notification that says the work is over.
 */
export class Work<E extends object, R> extends Stream<E> {
  /** What the call gave. */
  readonly result: R;
  /** The work's id; `null` if it was over at once. */
  readonly id: string | null;

  constructor(source: StreamSource, result: R, id: string | null) {
    super(source);
    this.result = result;
    this.id = id;
  }

  /** Another stream of the same work, from its beginning. Each is closed for itself. */
  subscribe(): Stream<E> {
    return new Stream(this.source);
  }
}

// What the log and the registry hold must not hold the stream, so these know nothing of it.

function enter({ log }: StreamSource, waiting: Waiting): Cursor {
  return log.open(() => wake(waiting));
}

function wake(waiting: Waiting): void {
  for (const look of [...waiting]) look();
}

function leaving(source: StreamSource, cursor: Cursor): () => void {
  return () => leave(source, cursor);
}

function leave({ log, onAbandoned }: StreamSource, cursor: Cursor): void {
  log.close(cursor);
  if (!log.hasReaders) onAbandoned();
}

function again(error: Error): Error {
  return error instanceof TransportClosed ? error.again() : error;
}

function isOf<E extends object, M>(event: E, method: M): event is EventOf<E, M> {
  return "method" in event && event.method === method;
}

/** Why an event can't be read, if it is one of this method that can't. */
function unreadable(event: object, method: string): Error | undefined {
  if (!("wireMethod" in event && event.wireMethod === method)) return undefined;
  return "error" in event && event.error instanceof Error ? event.error : undefined;
}

function deadline({ timeoutMs }: CallOptions): number | null {
  return typeof timeoutMs === "number" ? now() + timeoutMs : null;
}

function now(): number {
  return performance.now();
}
