/// <reference lib="esnext.disposable" preserve="true" />

/** What every client has, whatever its protocol: calls and notifications, with their types. */

import type { Link } from "./link.js";
import type { Requests } from "./method.js";
import type { AnyNotification, Known, UnknownNotification } from "./notification.js";
import type { CallOptions } from "./options.js";
import type { RetryOptions } from "./retry.js";
import type { Arrival, NotificationLog } from "./router.js";
import { Stream, Work } from "./stream.js";
import { UNKNOWN } from "./unknown.js";

/** A notification's method, or `"$unknown"` for those that this package doesn't know. */
type Listened<N> = (keyof N & string) | typeof UNKNOWN;

/** What a listener for such a method gets. */
type Heard<N, M extends Listened<N>> = M extends keyof N ? Known<N, M> : UnknownNotification;

/** A connection to a server that runs as a process of its own. */
export abstract class Connection<R extends Requests<R>, N> {
  readonly #link: Link;
  #feed: Stream<Known<N> | UnknownNotification> | null = null;

  protected constructor(link: Link) {
    this.#link = link;
  }

  /**
   * Makes a call by its wire name and gives the result as plain JSON, undecoded.
   *
   * @param params Anything that can be written as JSON. Left out: no params.
   */
  request(method: string, params?: unknown, options: CallOptions = {}): Promise<unknown> {
    return this.#link.request(method, params, options);
  }

  /** Like `request`, and again while the server is too busy, whatever the client's config says. */
  requestWithRetryOnOverload(
    method: string,
    params?: unknown,
    options: CallOptions & RetryOptions = {},
  ): Promise<unknown> {
    return this.#link.request(method, params, options, options);
  }

  /** Announces something to the server, by the wire name. There is no answer. */
  notify(method: string, params?: unknown): Promise<void> {
    return this.#link.announce(method, params);
  }

  /** A stream of all notifications from now on. Close it when done, or leave its loop. */
  notifications(): Stream<Known<N> | UnknownNotification> {
    return this.#stream(this.#link.router.newFeed("notifications"));
  }

  /**
   * The next notification that this method hasn't given yet. Up to 1,024 that came before the first
   * call are kept for it. There is no deadline unless one is given.
   *
   * @throws TransportClosed if the connection ends first.
   */
  async nextNotification(options: CallOptions = {}): Promise<Known<N> | UnknownNotification> {
    // Who never asks has nothing to lose.
    this.#feed ??= this.#stream(this.#link.feed);
    const event = await this.#feed.get(options);
    if (event === undefined) throw this.#link.closedError();
    return event;
  }

  /**
   * Calls `listener` with each notification of a method, as it comes; with `"$unknown"`, with those
   * that this package doesn't know.
   *
   * The program keeps running as long as somebody listens.
   *
   * @returns A function that ends the listening.
   */
  on<M extends Listened<N>>(method: M, listener: (event: Heard<N, M>) => unknown): () => void {
    return this.#link.listen(({ event, error }: Arrival) => {
      if (error !== null || event.method !== method) return;
      // The event has been decoded as what its method says.
      void this.#heard(() => listener(event as Heard<N, M>));
    });
  }

  /** Ends the connection and the server. May be called again and again, and never fails. */
  close(): Promise<void> {
    return this.#link.close();
  }

  /** Whether the connection has ended. */
  get closed(): boolean {
    return this.#link.isClosed;
  }

  /** The id of the server's process; `null` if a recording stands in for it. */
  get pid(): number | null {
    return this.#link.pid;
  }

  /** The server's version, as it tells it. */
  get serverVersion(): string | null {
    return this.#link.serverVersion;
  }

  /** The last 400 lines that the server wrote to its standard error. */
  get stderrTail(): readonly string[] {
    return this.#link.stderrTail;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // For the generated client. What comes has been decoded as what the method's descriptors say,
  // which is what its types say.

  /** Makes a call. */
  protected async call<M extends keyof R & string>(
    method: M,
    params: R[M]["params"],
    options: CallOptions = {},
  ): Promise<R[M]["result"]> {
    return this.#link.call(method, params, options);
  }

  /** Makes a call that opens work, and follows the work. */
  protected async callWork<M extends keyof R & string>(
    method: M,
    params: R[M]["params"],
    options: CallOptions = {},
  ): Promise<Work<Known<N> | UnknownNotification, R[M]["result"]>> {
    const { work, result } = await this.#link.open(method, params, options);
    const source = this.#link.source(work.log, () => this.#link.router.release(work));
    return new Work(source, result, work.id);
  }

  /** Waits for the notification that ends the work of this id. */
  protected async waitForEnd<M extends keyof N & string>(
    closing: M,
    id: string,
    options: CallOptions = {},
  ): Promise<Known<N, M>> {
    const { router } = this.#link;
    const work = router.follow(router.closedBy(closing), id);
    const source = this.#link.source(work.log, () => router.release(work));
    const stream = new Stream<AnyNotification>(source);
    try {
      return (await stream.waitFor<string>(closing, options)) as Known<N, M>;
    } finally {
      await stream.close();
    }
  }

  #stream(log: NotificationLog): Stream<Known<N> | UnknownNotification> {
    return new Stream(this.#link.source(log, () => this.#link.router.dropFeed(log)));
  }

  async #heard(listen: () => unknown): Promise<void> {
    try {
      await listen();
    } catch (error) {
      this.#link.reporter.log("error", "a listener threw", error);
    }
  }
}
