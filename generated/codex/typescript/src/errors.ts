/**
 * Everything that can go wrong, as one family of classes.
 *
 * Knows what went wrong and what a person can do about it; knows nothing of how messages travel.
 */

/** The base of all errors of this package. */
export class SdkError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

// The connection.

/** The base of what goes wrong with the server's process and the connection to it. */
export class TransportError extends SdkError {}

/** The server's binary is in none of the places where it was looked for. */
export class ServerNotFoundError extends TransportError {
  /** The places, in the order they were tried. */
  readonly tried: readonly string[];
  /** The command that installs the server. */
  readonly install: string;

  constructor(title: string, tried: readonly string[], install: string) {
    const places = tried.map((place) => `\n  - ${place}`).join("");
    const hint = install === "" ? "" : `\nInstall it with: ${install}`;
    super(`${title} was not found. Tried:${places}${hint}`);
    this.tried = tried;
    this.install = install;
  }
}

/** How the server's process ended, as far as that is known. */
export interface ProcessEnd {
  /** The process's exit code; `null` if it hasn't ended or a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended the process, if one did. */
  readonly exitSignal: string | null;
  /** The last lines of its standard error. */
  readonly stderrTail: readonly string[];
}

/** A process of which nothing is known. */
const NOTHING_KNOWN: ProcessEnd = { exitCode: null, exitSignal: null, stderrTail: [] };

/** The last lines of standard error that a message shows. */
const SHOWN_LINES = 20;

/** An error that tells how the server's process ended and what it wrote last. */
abstract class ProcessError extends TransportError implements ProcessEnd {
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly stderrTail: readonly string[];

  constructor(what: string, end: ProcessEnd = NOTHING_KNOWN, options?: { cause?: unknown }) {
    const code = end.exitCode === null ? "" : ` (exit code ${end.exitCode})`;
    const signal = end.exitSignal === null ? "" : ` (ended by ${end.exitSignal})`;
    const lines = end.stderrTail.slice(-SHOWN_LINES).map((line) => `\n  ${line}`);
    const tail = lines.length === 0 ? "" : `\nIts last words on stderr:${lines.join("")}`;
    super(`${what}${code}${signal}${tail}`, options);
    this.exitCode = end.exitCode;
    this.exitSignal = end.exitSignal;
    this.stderrTail = end.stderrTail;
  }
}

/** The server could not be started, or didn't complete the handshake. */
export class StartError extends ProcessError {}

/**
 * The connection has ended: the server's process died, or the client was closed. Also thrown if a
 * stream ends without the notification that was waited for.
 */
export class TransportClosed extends ProcessError {
  readonly #what: string;

  constructor(what: string, end: ProcessEnd = NOTHING_KNOWN) {
    super(what, end);
    this.#what = what;
  }

  /** The same error as a new object, for the next one who has to be told. */
  again(): TransportClosed {
    return new TransportClosed(this.#what, this);
  }
}

// Calls.

/** A call got no answer before its deadline. */
export class RequestTimeoutError extends SdkError {
  /** The method that was called. */
  readonly method: string;
  /** The deadline, in milliseconds. */
  readonly timeoutMs: number;

  constructor(method: string, timeoutMs: number) {
    super(`${method}: no answer within ${timeoutMs} ms`);
    this.method = method;
    this.timeoutMs = timeoutMs;
  }
}

/** What was given can't be sent. Nothing was. */
export class EncodeError extends SdkError {
  /** The method whose message it was for. */
  readonly method: string;
  /** What is wrong, each with its place. */
  readonly problems: readonly string[];

  constructor(method: string, problems: readonly string[], options?: { cause?: unknown }) {
    super(listed(`${method}: can't be sent`, problems), options);
    this.method = method;
    this.problems = problems;
  }
}

/** What came doesn't fit the schema. */
export class DecodeError extends SdkError {
  /** The method whose message it was. */
  readonly method: string;
  /** What is wrong, each with its place as a JSON path. */
  readonly problems: readonly string[];
  /** The value as it came. */
  readonly raw: unknown;

  constructor(method: string, problems: readonly string[], raw: unknown) {
    super(listed(`${method}: the server's message doesn't fit the schema`, problems));
    this.method = method;
    this.problems = problems;
    this.raw = raw;
  }
}

/** In strict mode: what came holds something that the schema doesn't know. */
export class UnknownValueError extends SdkError {
  /** The method whose message it was, if it was one. */
  readonly method: string | null;
  /** What is unknown, each with its place as a JSON path. */
  readonly problems: readonly string[];

  constructor(method: string | null, problems: readonly string[]) {
    super(listed(`${method ?? "message"}: not in the schema`, problems));
    this.method = method;
    this.problems = problems;
  }
}

/** An experimental method was called on a client that didn't opt in. Nothing was sent. */
export class ExperimentalApiError extends SdkError {
  /** The method that was called. */
  readonly method: string;

  constructor(method: string) {
    super(`${method} is experimental: opt in with experimentalApi: true in the client's config`);
    this.method = method;
  }
}

function listed(head: string, problems: readonly string[]): string {
  return problems.length === 1
    ? `${head}: ${problems[0]}`
    : head + problems.map((problem) => `\n  - ${problem}`).join("");
}

// The server's answers.

/** The server answered with an error, whose text is the `message`. The base of all such errors. */
export class JsonRpcError extends SdkError {
  /** The error's number. */
  readonly code: number;
  /** What else the server sent along. */
  readonly data: unknown;
  /** The method that was called. */
  readonly method: string | null;

  constructor(code: number, message: string, data?: unknown, method: string | null = null) {
    super(message);
    this.code = code;
    this.data = data;
    this.method = method;
  }
}

/** -32700: the server could not read the message. */
export class ParseError extends JsonRpcError {}

/** -32600: the message is no valid request, or not at this time. */
export class InvalidRequest extends JsonRpcError {}

/** -32601: the server has no such method. */
export class MethodNotFound extends JsonRpcError {}

/** -32602: the method doesn't take such params. */
export class InvalidParams extends JsonRpcError {}

/** -32603: the server failed. */
export class InternalError extends JsonRpcError {}

/** -32099 to -32000: an error of the server's own. */
export class ServerError extends JsonRpcError {}

/** The server has too much to do. Trying again later may help. */
export class ServerBusy extends ServerError {}

/** The server has tried several times itself, and given up. */
export class RetryLimitExceeded extends ServerBusy {}

/** How a server says that it has too much to do. */
export interface Overload {
  /** Error codes that always mean it. */
  readonly codes: readonly number[];
  /** What error data say then. Case, hyphens and underscores don't matter. */
  readonly words: readonly string[];
}

const USUAL_OVERLOAD: Overload = { codes: [-32001], words: ["serverOverloaded"] };

/** The error that stands for a server's error answer. */
export function errorFor(
  code: number,
  message: string,
  data: unknown,
  method: string | null,
  overload: Overload = USUAL_OVERLOAD,
): JsonRpcError {
  const Kind = meansOverload(code, data, overload)
    ? squeezed(message).includes("retrylimit")
      ? RetryLimitExceeded
      : ServerBusy
    : kindFor(code);
  return new Kind(code, message, data, method);
}

/** Whether `error` says that the server was too busy, so that the same call may succeed later. */
export function isRetryableError(error: unknown): boolean {
  if (error instanceof ServerBusy) return true;
  return error instanceof JsonRpcError && meansOverload(error.code, error.data, USUAL_OVERLOAD);
}

function kindFor(code: number): typeof JsonRpcError {
  switch (code) {
    case -32700:
      return ParseError;
    case -32600:
      return InvalidRequest;
    case -32601:
      return MethodNotFound;
    case -32602:
      return InvalidParams;
    case -32603:
      return InternalError;
    default:
      return code >= -32099 && code <= -32000 ? ServerError : JsonRpcError;
  }
}

function meansOverload(code: number, data: unknown, overload: Overload): boolean {
  return overload.codes.includes(code) || says(data, new Set(overload.words.map(squeezed)));
}

/** `text` without what spellings differ in. */
function squeezed(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
}

/** Whether any text in `data`, names of members included, is one of `words`. */
function says(data: unknown, words: ReadonlySet<string>): boolean {
  // Not by recursion: what a server sends may be nested more deeply than functions can be.
  const left: unknown[] = [data];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === "string") {
      if (words.has(squeezed(value))) return true;
    } else if (typeof value === "object" && value !== null) {
      for (const [key, member] of Object.entries(value)) left.push(key, member);
    }
  }
  return false;
}
