/**
 * One client that plays a scenario: what it was told, what it is waiting for, and what was saved.
 *
 * Knows no step; the steps are in files of their own.
 */

import assert from "node:assert/strict";
import {
  AppServerClient,
  type AppServerConfig,
  type ChatgptLoginHandle,
  Codex,
  type DeviceCodeLoginHandle,
  type Overflow,
  type ServerNotification,
  type Stream,
  type Thread,
  type Unknown,
} from "codex-app-server-sdk";
import { settingsOf } from "./config.js";
import type { Scenario } from "./program.js";
import { handlerOf } from "./handlers.js";
import { handlerName, plainGreeting } from "./table.js";
import { News, patiently } from "./patience.js";
import type { Server } from "./server.js";
import { at, type Json, type JsonObject, type Lookup } from "./values.js";

/** How something ended that was begun. */
export type Outcome = { readonly value: Json } | { readonly error: unknown };

/** Something that was begun and may be waited for later. */
export interface Pending {
  readonly outcome: Promise<Outcome>;
  readonly cancel: () => void;
}

/** A stream, and the name under which the client reports its losses. */
export interface Followed {
  readonly stream: Stream<ServerNotification>;
  readonly kind: string;
}

/** A login of the convenience layer. */
export type Login = ChatgptLoginHandle | DeviceCodeLoginHandle;

/** Plays a step that another step holds. */
export type Play = (
  session: Session,
  step: JsonObject,
  at: string,
  lookup: Lookup,
) => Promise<void>;

/** All that belongs to one run of a scenario. */
export class Session {
  readonly scenario: Scenario;
  readonly server: Server;
  readonly play: Play;
  readonly news = new News();
  readonly saved = new Map<string, Json>();
  readonly laters = new Map<string, Pending>();
  readonly unknowns: Unknown[] = [];
  readonly overflows: Overflow[] = [];
  readonly stderrLines: string[] = [];
  /** The params of each request that reached a handler, by its method. */
  readonly asked = new Map<string, Json[]>();
  readonly openGates = new Set<string>();
  /** The threads and logins of the convenience layer, by the names that steps gave them. */
  readonly threads = new Map<string, Thread>();
  readonly logins = new Map<string, Login>();
  /** What went wrong where no step could be told. */
  readonly troubles: unknown[] = [];
  /** Whether the scenario is over, and nobody waits for anything any more. */
  isOver = false;
  readonly #streams = new Map<string, Followed>();
  #codex: Codex | null = null;
  #client: AppServerClient | null = null;

  constructor(scenario: Scenario, server: Server, play: Play) {
    this.scenario = scenario;
    this.server = server;
    this.play = play;
    for (const [name, value] of Object.entries(server.saved)) this.saved.set(name, value);
  }

  /** What the names in the scenario's steps stand for. */
  readonly lookup: Lookup = (name) => this.saved.get(name);

  /** The client, which has to be running or to have run. */
  get client(): AppServerClient {
    if (this.#client === null) throw new Error("the client was not started");
    return this.#client;
  }

  /** The convenience layer, which the scenario must have asked for. */
  get codex(): Codex {
    if (this.#codex === null)
      throw new Error("the scenario has no `facade`, or it was not started");
    return this.#codex;
  }

  /** What the scenario's user has to close: the convenience layer, or the client. */
  get started(): AppServerClient | Codex {
    return this.scenario.facade ? this.codex : this.client;
  }

  /** Whether there is a client. */
  get hasStarted(): boolean {
    return this.#client !== null;
  }

  /** Starts the client, with what a `start` step says beside the scenario's own. */
  async start(config: JsonObject = {}, handlers: JsonObject = {}): Promise<void> {
    assert.ok(this.#client === null || this.#client.closed, "the client was started already");
    const specs = { ...this.scenario.handlers, ...handlers };
    const made = Object.entries(specs).map(([method, spec]) => {
      return [handlerName(method), handlerOf(this, method, spec, this.lookup)];
    });
    const settings: AppServerConfig = {
      ...this.server.settings(settingsOf({ ...this.scenario.config, ...config })),
      handlers: Object.fromEntries(made),
      onUnknown: (unknown) => this.#hear(this.unknowns, unknown),
      onOverflow: (overflow) => this.#hear(this.overflows, overflow),
      onStderr: (line) => this.#hear(this.stderrLines, line),
    };
    this.#client = await patiently(this.#begin(settings), "the client's start");
    this.news.tell();
    this.server.onResult("initialize", await plainGreeting(this.#client));
  }

  async #begin(settings: AppServerConfig): Promise<AppServerClient> {
    if (!this.scenario.facade) return AppServerClient.start(settings);
    this.#codex = await Codex.start(settings);
    return this.#codex.client;
  }

  /** Ends the client, if there is one. */
  async close(): Promise<void> {
    if (this.hasStarted) await patiently(this.started.close(), "the client's end");
  }

  /** Saves parts of a value under the names that a step gives. */
  save(names: JsonObject | undefined, value: Json): void {
    for (const [name, path] of Object.entries(names ?? {})) {
      this.saved.set(name, at(value, String(path)));
    }
  }

  /** Notes that a handler was asked. */
  hearAsked(method: string, params: Json): void {
    const asked = this.asked.get(method) ?? [];
    this.asked.set(method, asked);
    this.#hear(asked, params);
  }

  /** Names a stream. */
  follow(name: string, stream: Stream<ServerNotification>, kind: string): void {
    this.#streams.set(name, { stream, kind });
  }

  /** A stream by its name. */
  followed(name: string): Followed {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw new Error(`there is no stream ${name}`);
    return stream;
  }

  /** Lets go whoever still waits for a gate. */
  end(): void {
    this.isOver = true;
    this.news.tell();
  }

  #hear<T>(heard: T[], item: T): void {
    heard.push(item);
    this.news.tell();
  }
}
