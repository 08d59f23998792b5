/** Waiting that has an end: a deadline, a signal, or what is waited for. */

import type { CallOptions } from "./options.js";

/** The longest that a timer can be set for; longer waits count as endless. */
const LONGEST = 2 ** 31 - 1;

/** Ends a wait, with an error. */
export type Fail = (error: unknown) => void;

/**
 * Watches a deadline and a signal, and calls `fail` with the first of them. Gives the function that
 * stops watching.
 */
export function watch(
  options: CallOptions,
  late: (timeoutMs: number) => Error,
  fail: Fail,
): () => void {
  const { signal, timeoutMs } = options;
  let timer: NodeJS.Timeout | undefined;
  let last: NodeJS.Immediate | undefined;
  if (timeoutMs !== undefined && timeoutMs !== null && timeoutMs <= LONGEST) {
    // What has come while this program was busy is read before it counts as too late.
    const look = () => {
      last = setImmediate(() => fail(late(timeoutMs)));
    };
    timer = setTimeout(look, Math.max(0, timeoutMs));
  }
  const unheard = signal === undefined ? undefined : hear(signal, fail);
  return () => {
    clearTimeout(timer);
    clearImmediate(last);
    unheard?.();
  };
}

/** Waits for some time; fails early if one of the signals is aborted. */
export async function sleep(
  milliseconds: number,
  ...signals: readonly AbortSignal[]
): Promise<void> {
  for (const signal of signals) signal.throwIfAborted();
  let stop = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, milliseconds);
      const unheard = signals.map((signal) => hear(signal, reject));
      stop = () => {
        clearTimeout(timer);
        for (const end of unheard) end();
      };
    });
  } finally {
    stop();
  }
}

/** Who waits for a signal, and the one listener that tells them all. */
interface Hearers {
  readonly fails: Set<Fail>;
  readonly listener: () => void;
}

const hearers = new WeakMap<AbortSignal, Hearers>();

/**
 * Calls `fail` with the signal's reason when it is aborted; gives the function that ends that.
 *
 * However many wait for a signal, it has one listener: Node takes more than ten for a leak.
 */
function hear(signal: AbortSignal, fail: Fail): () => void {
  if (signal.aborted) {
    // Not at once: whoever asks has not yet been told how to stop listening.
    queueMicrotask(() => fail(signal.reason));
    return () => undefined;
  }
  const { fails, listener } = hearers.get(signal) ?? listenTo(signal);
  // Each wait has an entry of its own, even if two share a function.
  const entry: Fail = (reason) => fail(reason);
  fails.add(entry);
  return () => {
    if (!fails.delete(entry) || fails.size > 0) return;
    signal.removeEventListener("abort", listener);
    hearers.delete(signal);
  };
}

function listenTo(signal: AbortSignal): Hearers {
  const fails = new Set<Fail>();
  const listener = () => {
    for (const fail of [...fails]) fail(signal.reason);
  };
  const added = { fails, listener };
  hearers.set(signal, added);
  signal.addEventListener("abort", listener, { once: true });
  return added;
}
