/** What a notification looks like to the user. Knows no method of any protocol. */

import type { UNKNOWN } from "./unknown.js";

/** A notification of a known method. */
export interface Notice<Method, Params> {
  /** The method's wire name. */
  readonly method: Method;
  /** What the notification carries. */
  readonly params: Params;
  /** When the server sent it, in milliseconds since 1970, if it said so. */
  readonly emittedAtMs: number | null;
}

/** The notification of one method, or one of several. */
export type Known<Notifications, Method extends keyof Notifications = keyof Notifications> = {
  [M in Method]: Notice<M, Notifications[M]>;
}[Method];

/**
 * A notification of a method that this package doesn't know, or one that it couldn't decode.
 *
 * Its `method` is a name of its own, so that comparing it with a known one never lets raw params
 * pass for decoded ones.
 */
export interface UnknownNotification {
  readonly method: typeof UNKNOWN;
  /** The method's name as it came. */
  readonly wireMethod: string;
  /** The params as they came. */
  readonly params: unknown;
  /** When the server sent it, in milliseconds since 1970, if it said so. */
  readonly emittedAtMs: number | null;
  /** Why the params of a known method couldn't be decoded. */
  readonly error?: Error;
}

/** A notification, as far as the runtime is concerned. */
export type AnyNotification = Notice<string, unknown> | UnknownNotification;
