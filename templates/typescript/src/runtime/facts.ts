/** What the runtime has to be told about a protocol. The generated package fills these in, once. */

import type { Overload } from "../errors.js";
import type { Domains } from "./descriptor.js";
import type { MethodFacts } from "./method.js";

/** How the server's process is found and started. */
export interface LaunchFacts {
  /** The server as people call it. */
  readonly title: string;
  /** What to look for on the search path. */
  readonly command: string;
  /** The environment variable that names the binary. */
  readonly variable: string;
  /** What makes the binary serve this protocol. */
  readonly arguments: readonly string[];
  /** The option that comes before each config override. */
  readonly overrideOption?: string;
  /** The package that brings the binary. */
  readonly runtimePackage?: string;
  /** The path of the binary inside it, without the ending that executables have on Windows. */
  readonly runtimeBinary?: string;
  /** The command that installs the server. */
  readonly install: string;
}

/**
 * Where the answer to the first call tells the server's version: in a text, of which the part up to
 * the first `before` counts, and of that the part behind the last `after`.
 */
export interface VersionFacts {
  /** Where in the answer the text is. */
  readonly path: readonly string[];
  /** What stands before the version. */
  readonly after?: string;
  /** What stands behind it. */
  readonly before?: string;
}

/** The messages that start a connection. */
export interface HandshakeFacts {
  /** Wire name of the first request. */
  readonly request: string;
  /** Wire name of the notification that follows its answer. */
  readonly notification: string;
  /** Where the request's params say who the client is. */
  readonly clientInfo: readonly string[];
  /** Where the request's params opt in to what is experimental. */
  readonly experimental?: readonly string[];
  /** Where the request's result tells the server's version. */
  readonly version?: VersionFacts;
}

/** Work that a request opens and that notifications report on until one of them ends it. */
export interface CorrelationFacts {
  /** What the work is called. */
  readonly name: string;
  /** Wire name of the request that opens it. */
  readonly opens: string;
  /** Where the opening request's result carries the work's id. */
  readonly resultKey: readonly string[];
  /** A member that the opening params and the notifications have in common. */
  readonly scope?: string;
  /** Where each notification that belongs to such work carries its id. */
  readonly carriers: Readonly<Record<string, readonly string[]>>;
  /** Wire name of the notification that ends it. */
  readonly closes: string;
}

/** All of it. */
export interface ProtocolFacts {
  /** The name of the generated package. */
  readonly package: string;
  /** The version of the server that the schema came from. */
  readonly serverVersion: string;
  /** The version of the generated package. */
  readonly clientVersion: string;
  readonly launch: LaunchFacts;
  readonly handshake?: HandshakeFacts;
  /** How the server says that it has too much to do. */
  readonly overload: Overload;
  /** Where the types are described. */
  readonly domains: Domains;
  /** What the client asks, by wire name. */
  readonly clientRequests: Readonly<Record<string, MethodFacts>>;
  /** What the server asks, by wire name. */
  readonly serverRequests: Readonly<Record<string, MethodFacts>>;
  /** The handler of each request of the server, by its wire name. */
  readonly handlers: Readonly<Record<string, string>>;
  /** Old wire names of requests, and what they are called today. */
  readonly requestAliases: Readonly<Record<string, string>>;
  /** The type of each notification's params, by its wire name; `null`: it has none. */
  readonly notifications: Readonly<Record<string, string | null>>;
  /** The member beside a notification's params that says when it was sent. */
  readonly sentAt?: string;
  /** Old wire names of notifications, and what they are called today. */
  readonly notificationAliases: Readonly<Record<string, string>>;
  /** The answer that refuses, for each request that asks for approval. */
  readonly refusals: Readonly<Record<string, unknown>>;
  readonly correlations: readonly CorrelationFacts[];
  /** Wire names of members whose values must never reach a log. */
  readonly secrets: readonly string[];
}
