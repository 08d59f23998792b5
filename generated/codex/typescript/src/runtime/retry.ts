/** Trying again when the server is too busy: how often, and how long to wait in between. */

import { isRetryableError } from "../errors.js";
import { sleep } from "./waiting.js";

/** How often to try, and how long to wait in between. Each wait is longer than the one before. */
export interface RetryPolicy {
  /** How often to try in all, the first time included; 4 if left out. */
  readonly attempts?: number | undefined;
  /** Milliseconds to wait before the second attempt; 250 if left out. */
  readonly firstDelayMs?: number | undefined;
  /** Milliseconds that no wait exceeds; 4,000 if left out. */
  readonly maxDelayMs?: number | undefined;
  /** How much longer each wait is than the one before; 2 if left out. */
  readonly factor?: number | undefined;
  /**
   * How much of each wait is left to chance, from 0 to 1, so that clients don't come back all at
   * once; 0.25 if left out.
   */
  readonly jitter?: number | undefined;
}

/** How to retry, and until when. */
export interface RetryOptions extends RetryPolicy {
  /** Ends the waiting between attempts; the whole then fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls `call`, and again while the server is too busy.
 *
 * @throws ServerBusy if the server was still too busy at the last attempt. Other errors are thrown
 * at once.
 */
export async function retryOnOverload<T>(
  call: () => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  return retry(call, options, options.signal === undefined ? [] : [options.signal]);
}

/** The same, with any number of signals that end the waiting. */
export async function retry<T>(
  call: () => Promise<T>,
  policy: RetryPolicy,
  signals: readonly AbortSignal[],
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt >= (policy.attempts ?? 4) || !isRetryableError(error)) throw error;
    }
    await sleep(delay(policy, attempt), ...signals);
  }
}

/** Milliseconds to wait after the attempt of this number, counted from 1. */
function delay(policy: RetryPolicy, attempt: number): number {
  const { firstDelayMs = 250, maxDelayMs = 4_000, factor = 2, jitter = 0.25 } = policy;
  const wait = Math.min(maxDelayMs, firstDelayMs * factor ** (attempt - 1));
  return wait * (1 - jitter * Math.random());
}
