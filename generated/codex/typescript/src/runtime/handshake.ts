/** The first call of a connection: what it says, and what its failure is called. */

import {
  JsonRpcError,
  type ProcessEnd,
  RequestTimeoutError,
  StartError,
  TransportClosed,
} from "../errors.js";
import type { HandshakeFacts, ProtocolFacts } from "./facts.js";
import { isObject, type JsonObject } from "./plain.js";
import type { ConnectionSettings } from "./settings.js";

/** The params of the first call. */
export function handshakeParams(
  facts: HandshakeFacts,
  protocol: ProtocolFacts,
  settings: ConnectionSettings,
): JsonObject {
  const client: JsonObject = {
    name: settings.clientName ?? protocol.package,
    version: settings.clientVersion ?? protocol.clientVersion,
  };
  if (settings.clientTitle !== undefined) client["title"] = settings.clientTitle;
  const params: JsonObject = {};
  place(params, facts.clientInfo, client);
  if (facts.experimental !== undefined) {
    place(params, facts.experimental, settings.experimentalApi ?? true);
  }
  return params;
}

/** Puts `value` at the end of `path`. */
function place(target: JsonObject, path: readonly string[], value: unknown): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const there = target[first];
  const inner = isObject(there) ? there : {};
  target[first] = inner;
  place(inner, rest, value);
}

/** What a failed handshake means for whoever wanted a connection. */
export function startError(error: unknown, end: ProcessEnd, isReplay: boolean): unknown {
  const options = { cause: error };
  if (error instanceof StartError) return error;
  if (error instanceof TransportClosed) {
    if (isReplay) return new StartError(error.message, undefined, options);
    return new StartError("the server ended before it answered", error, options);
  }
  if (error instanceof RequestTimeoutError) {
    return new StartError("the server didn't answer in time", end, options);
  }
  if (error instanceof JsonRpcError) {
    return new StartError(`the server refused the handshake: ${error.message}`, end, options);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new StartError(`the handshake failed: ${reason}`, end, options);
}
