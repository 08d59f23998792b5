/** The calls that wait for an answer. Knows ids; knows nothing of types or of how messages travel. */

import { TransportClosed } from "../errors.js";
import type { RequestId } from "./envelope.js";

/** How many given-up calls are remembered, so that their late answers pass for what they are. */
const FORGOTTEN = 10_000;

/** A call under way. */
export interface Call<T> {
  readonly id: number;
  readonly outcome: Promise<T>;
  /** Ends the call from this side. An answer that comes late is dropped quietly. */
  readonly fail: (error: unknown) => void;
}

/** Who is told the answer to a call. */
interface Pending {
  readonly method: string;
  readonly succeed: (result: unknown) => void;
  readonly fail: (error: unknown) => void;
}

/** All calls of one connection. */
export class Calls {
  readonly #pending = new Map<RequestId, Pending>();
  readonly #givenUp = new Set<RequestId>();
  #lastId = 0;
  #closed: TransportClosed | null = null;
  readonly #over = new AbortController();

  /** Aborted when the connection ends, with the error that says how. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Whether the connection is over. */
  get isClosed(): boolean {
    return this.#closed !== null;
  }

  /** A fresh error that says how the connection ended. */
  closedError(): TransportClosed {
    return this.#closed?.again() ?? new TransportClosed("the connection is closed");
  }

  /** Registers a call. Its result goes through `decode`, as soon as it is there. */
  begin<T>(method: string, decode: (result: unknown) => T): Call<T> {
    if (this.#closed !== null) throw this.closedError();
    this.#lastId += 1;
    const id = this.#lastId;
    let reject: (error: unknown) => void = () => undefined;
    const outcome = new Promise<T>((resolve, refuse) => {
      reject = refuse;
      const succeed = (result: unknown) => {
        try {
          resolve(decode(result));
        } catch (error) {
          refuse(error);
        }
      };
      this.#pending.set(id, { method, succeed, fail: refuse });
    });
    // Whoever made the call hears of its failure, even if that comes before they listen.
    outcome.catch(() => undefined);
    const fail = (error: unknown) => {
      if (this.#pending.delete(id)) this.#giveUp(id);
      reject(error);
    };
    return { id, outcome, fail };
  }

  /** The call that an answer is for, which is then no longer pending. */
  take(id: RequestId): Pending | undefined {
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    return call;
  }

  /** Whether an answer comes too late for a call that was given up. */
  isLate(id: RequestId): boolean {
    return this.#givenUp.delete(id);
  }

  /** The connection is over: fails every call. */
  close(error: TransportClosed): void {
    if (this.#closed !== null) return;
    this.#closed = error;
    const calls = [...this.#pending];
    this.#pending.clear();
    for (const [id, call] of calls) {
      // The server may still answer before it ends.
      this.#giveUp(id);
      call.fail(error.again());
    }
    this.#over.abort(error);
  }

  #giveUp(id: RequestId): void {
    this.#givenUp.add(id);
    const [oldest] = this.#givenUp;
    if (this.#givenUp.size > FORGOTTEN && oldest !== undefined) this.#givenUp.delete(oldest);
  }
}
