/** What a session needs of the server that it plays against, scripted or real. */

import type { AppServerClient, AppServerConfig } from "codex-app-server-sdk";
import type { Json, JsonObject } from "./values.js";

/** The server's side of a scenario. */
export interface Server {
  /** What is saved from the start. */
  readonly saved: JsonObject;
  /** The settings that make a client start this server; called once for each start. */
  readonly settings: (settings: AppServerConfig) => AppServerConfig;
  /** The processes whose groups must be gone in the end. */
  readonly leaders: () => readonly number[];
  /** Sends a signal to the server's process. */
  readonly signal: (client: AppServerClient, name: NodeJS.Signals) => void;
  /** Opens a gate that replies of the model wait for. */
  readonly release: (gate: string) => Promise<void>;
  readonly stopModel: () => Promise<void>;
  /** Is told the result of each typed call, encoded again. */
  readonly onResult: (method: string, result: Json) => void;
  /** Is told each event that was taken from a stream, encoded again. */
  readonly onEvent: (stream: string, event: JsonObject) => void;
  /** What is wrong, once the client has ended. */
  readonly verdict: () => readonly string[];
  /** Ends what is around the server. */
  readonly dispose: () => Promise<void>;
}
