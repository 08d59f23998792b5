/** The settings that a connection has in every protocol. Plain data; decides nothing. */

import type { LogEntry, Overflow, Unknown, VersionMismatch } from "./report.js";
import type { RetryPolicy } from "./retry.js";

/** The settings of a connection. All of them have defaults. */
export interface ConnectionSettings {
  /** The whole command to run instead of the server's own: program first, then its arguments. */
  launchArgsOverride?: readonly string[] | undefined;
  /**
   * Configuration values for the server: an object, or texts of the form `key=value`. They are
   * written as in the server's configuration: where that is TOML, a string has its quotes.
   */
  configOverrides?: Readonly<Record<string, string>> | readonly string[] | undefined;
  /** The directory that the server runs in. Left out: this process's own. */
  cwd?: string | undefined;
  /** Environment variables to add to this process's own. */
  env?: Readonly<Record<string, string>> | undefined;

  /**
   * A file to write the connection's traffic to, as lines of JSON. What it held before is lost, and
   * its owner alone may read it. The values of members that the protocol calls secret are left out;
   * whatever else is private in the traffic is in it. Lines that the disk has not taken yet are kept
   * in memory.
   */
  recordTo?: string | undefined;
  /**
   * A file that `recordTo` has made, to be used instead of a server, which is not started. It says
   * again what the server said, for as long as the client says again what the client said.
   */
  replayFrom?: string | undefined;

  /** What the client calls itself towards the server. Left out: the package's name. */
  clientName?: string | undefined;
  /** The client's name as people read it. */
  clientTitle?: string | undefined;
  /** The client's version. Left out: the package's own. */
  clientVersion?: string | undefined;
  /**
   * Whether to opt in to what is experimental; `true` if left out. Without it, calling an
   * experimental method fails.
   */
  experimentalApi?: boolean | undefined;

  /**
   * Milliseconds that a call may take unless it says otherwise; 60,000 if left out. `null`: no limit.
   */
  defaultTimeoutMs?: number | null | undefined;
  /** Milliseconds that starting the server may take, handshake included; 20,000 if left out. */
  startTimeoutMs?: number | undefined;
  /**
   * Milliseconds that the server gets to end by itself once its input is closed, and again once it
   * is told to end; 2,000 if left out.
   */
  closeGraceMs?: number | undefined;
  /** Repeats every call that the server is too busy for. Left out: such calls fail at once. */
  retry?: RetryPolicy | undefined;

  /**
   * Treats what the schema doesn't know as an error: results fail with `UnknownValueError`, and
   * notifications end the streams that would have held them with it. For tests.
   */
  strict?: boolean | undefined;
  /**
   * How many notifications a stream keeps for a reader that falls behind; 16,384 if left out.
   * Beyond it, the oldest are dropped.
   */
  queueSize?: number | undefined;
  /** Called with whatever the schema doesn't know. */
  onUnknown?: ((unknown: Unknown) => void) | undefined;
  /** Called with notifications that were dropped. */
  onOverflow?: ((overflow: Overflow) => void) | undefined;
  /** Called with each line that the server writes to its standard error. */
  onStderr?: ((line: string) => void) | undefined;
  /**
   * Called, once the server has started, if it is older or newer than the one that this package was
   * made for. That is no error.
   */
  onVersionMismatch?: ((mismatch: VersionMismatch) => void) | undefined;
  /** Called with what the package has to say for itself. */
  onLog?: ((entry: LogEntry) => void) | undefined;
}
