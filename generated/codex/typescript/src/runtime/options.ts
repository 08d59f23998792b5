/** What can be said about a single call. */

/** The options that every call takes. */
export interface CallOptions {
  /** Ends the wait for the answer; the call then fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait at most. `null`: as long as it takes. Left out: the client's default. */
  readonly timeoutMs?: number | null | undefined;
}

/** The options of a call whose params may be left out altogether. */
export interface OptionalParams<P> extends CallOptions {
  /** The call's params. */
  readonly params?: P | undefined;
}
