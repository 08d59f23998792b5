/** What hooks are told. Plain data. */

/**
 * What was met: a method, a union's variant or an enum's value that the schema lacks, a known
 * message whose content doesn't fit, or a line that is no message at all.
 */
export type UnknownKind = "method" | "variant" | "enumValue" | "undecodable" | "message";

/** Something from the server that this package doesn't know. */
export interface Unknown {
  readonly kind: UnknownKind;
  /** The method whose message it was in, where there is one. */
  readonly method: string | null;
  /** Where in the message it was, e.g. `$.params.item.type`. */
  readonly path: string;
  /** The value as it came. */
  readonly raw: unknown;
  /** Why it couldn't be decoded. */
  readonly error?: Error;
}

/** A stream was not read fast enough, and lost its oldest notifications. */
export interface Overflow {
  /** What the stream holds. */
  readonly stream: string;
  /** How many it has lost so far. */
  readonly dropped: number;
}

/** The server is not of the version that this package was made for. */
export interface VersionMismatch {
  /** The version that this package was made for. */
  readonly expected: string;
  /** The server's version. */
  readonly found: string;
  /** What the server is beside the one that this package was made for. */
  readonly serverIs: "older" | "newer";
}

/** Something that the package has to say for itself. */
export interface LogEntry {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  /** What went wrong, if something did. */
  readonly error?: unknown;
}
