/** Recordings: written by hand, read, and the turn that the committed one has. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AppServerClient } from "codex-app-server-sdk";
import { repository } from "./environment.js";
import { scratch } from "./scratch.js";
import { all, say } from "./turns.js";

/** What the client logs in with. */
export const API_KEY = "sk-a-key-that-no-recording-may-have";

/** The recording that all clients replay. */
export function committed(): string {
  return join(repository(), "tests/recordings/turn.jsonl");
}

/** The turn of the committed recording: what came of it. */
export async function turn(client: AppServerClient): Promise<unknown[]> {
  const login = await client.accountLoginStart({ type: "apiKey", apiKey: API_KEY });
  const started = await client.threadStart({ ephemeral: true });
  const threadId = started.thread.id;
  const work = await client.turnStartStream({ threadId, input: say("hello") });
  return [client.serverInfo, login, started, work.result, ...(await all(work))];
}

/** A line of a recording. */
export interface Line {
  readonly at?: number;
  readonly from: string;
  readonly line?: string;
  readonly message?: {
    readonly id?: unknown;
    readonly method?: string;
    readonly params?: unknown;
    readonly result?: unknown;
  };
}

/** The lines of a recording. */
export function entries(path: string): Line[] {
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line): Line => JSON.parse(line));
}

/** What was said, without when. */
export function said(path: string): Line[] {
  return entries(path).map(({ at: _, ...line }) => line);
}

/** A line of a recording. */
export function clientSays(message: object): object {
  return { at: 4, from: "client", message };
}

/** A line of a recording. */
export function serverSays(message: object): object {
  return { at: 5, from: "server", message };
}

/** Writes a recording: the handshake, and what is given. */
export function record(...lines: readonly object[]): string {
  const clientInfo = { name: "somebody else", version: "9" };
  const params = { clientInfo, capabilities: { experimentalApi: true } };
  const info = { userAgent: "r", codexHome: "/h", platformFamily: "unix", platformOs: "linux" };
  const handshake = [
    clientSays({ id: "h", method: "initialize", params }),
    serverSays({ id: "h", result: info }),
    clientSays({ method: "initialized" }),
  ];
  const path = join(scratch(), "recording.jsonl");
  const text = [...handshake, ...lines].map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(path, text.join(""));
  return path;
}
