/**
 * A running server and the calls made to it: what `Connection` offers, without the types.
 *
 * Puts the parts of the runtime together and decides nothing about messages itself.
 */

import {
  EncodeError,
  ExperimentalApiError,
  RequestTimeoutError,
  TransportClosed,
} from "../errors.js";
import { Calls } from "./calls.js";
import { Catalog } from "./catalog.js";
import { encode } from "./encode.js";
import { announcement, call, type ServerRequest } from "./envelope.js";
import type { ProtocolFacts } from "./facts.js";
import { handshakeParams, startError } from "./handshake.js";
import { Inbox } from "./inbox.js";
import { commandLine, environment } from "./launch.js";
import type { MethodFacts } from "./method.js";
import type { CallOptions } from "./options.js";
import { Order } from "./order.js";
import { lookUp } from "./plain.js";
import { Player } from "./player.js";
import { ServerProcess, type Transport } from "./process.js";
import { Recorder } from "./recording.js";
import { Script } from "./replay.js";
import { Reporter } from "./reporter.js";
import { retry } from "./retry.js";
import { type Arrival, type NotificationLog, Router, type WorkEntry } from "./router.js";
import { Serving } from "./serving.js";
import type { ConnectionSettings } from "./settings.js";
import type { StreamSource } from "./stream.js";
import { versionIn } from "./version.js";
import { watch } from "./waiting.js";

const DEFAULT_TIMEOUT_MS = 60_000;
const START_TIMEOUT_MS = 20_000;
const CLOSE_GRACE_MS = 2_000;
const QUEUE_SIZE = 16_384;
/** How many notifications are kept for a `nextNotification` that nobody has called yet. */
const FEED = 1_024;

/** One connection, from its start to its end. `Greeting` is the result of its first call. */
export class Link<Greeting = unknown> {
  readonly router: Router;
  readonly reporter: Reporter;
  /** What came since the very beginning, for whoever asks for one notification after the other. */
  readonly feed: NotificationLog;
  readonly #facts: ProtocolFacts;
  readonly #settings: ConnectionSettings;
  readonly #binary: string | undefined;
  readonly #catalog: Catalog;
  readonly #order: Order;
  readonly #calls = new Calls();
  readonly #serving: Serving;
  readonly #inbox: Inbox;
  readonly #methods: ReadonlyMap<string, MethodFacts>;
  readonly #listeners = new Set<(arrival: Arrival) => void>();
  /** Requests of the server that came before there was a client; `null`: there is one. */
  #early: ServerRequest[] | null = [];
  #process: Transport | null = null;
  #serverVersion: string | null = null;

  constructor(
    facts: ProtocolFacts,
    settings: ConnectionSettings,
    binary: string | undefined,
    handlers: object,
  ) {
    this.#facts = facts;
    this.#settings = settings;
    this.#binary = binary;
    this.#catalog = new Catalog(facts.domains);
    this.#order = new Order(this.#catalog);
    this.#methods = new Map(Object.entries(facts.clientRequests));
    this.reporter = new Reporter(settings);
    this.router = new Router(
      facts.correlations,
      settings.queueSize ?? QUEUE_SIZE,
      (name, dropped) => this.reporter.overflow(name, dropped),
    );
    this.feed = this.router.newFeed("nextNotification", FEED);
    this.#serving = new Serving(facts, this.#catalog, this.reporter, handlers);
    this.#inbox = new Inbox(facts, this.#catalog, this.reporter, this.#calls, {
      onNotification: (arrival) => this.#notify(arrival),
      onRequest: (request) => this.#request(request),
      needs: (request) => this.#serving.needs(request),
    });
  }

  get isClosed(): boolean {
    return this.#calls.isClosed;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  get serverVersion(): string | null {
    return this.#serverVersion;
  }

  get stderrTail(): readonly string[] {
    return this.#process?.ending.stderrTail ?? [];
  }

  closedError(): TransportClosed {
    return this.#calls.closedError();
  }

  /** Starts the server and does what a connection begins with; gives the first call's result. */
  async start(): Promise<Greeting> {
    const { startTimeoutMs = START_TIMEOUT_MS, replayFrom } = this.#settings;
    const until = performance.now() + startTimeoutMs;
    this.#process = await (replayFrom === undefined ? this.#launch() : this.#replay(replayFrom));
    try {
      const result = await this.#greet(until);
      this.#process.relax();
      // Handlers may use the client, which whoever waits for it has only then.
      setImmediate(() => this.#serveEarly());
      // It has been decoded as what the method's descriptor says.
      return result as Greeting;
    } catch (error) {
      const { ending } = this.#process;
      await this.close();
      throw startError(error, ending, replayFrom !== undefined);
    }
  }

  /** Makes a call, and again while the server is too busy, if the settings say so. */
  async call(method: string, params: unknown, options: CallOptions): Promise<unknown> {
    const known = this.#allowed(method);
    return this.#order.inTurn(known, params, (given) => {
      const text = this.#encode(known?.params, method, given);
      return this.#retried(options, () => {
        return this.#once(method, text, options, (raw) => {
          return this.#inbox.result(method, known?.result, raw);
        });
      });
    });
  }

  /** Makes a call whose result is given as plain JSON. */
  async request(
    method: string,
    params: unknown,
    options: CallOptions,
    policy = this.#settings.retry,
  ): Promise<unknown> {
    this.#allowed(method);
    return this.#order.inTurn(undefined, params, (given) => {
      const text = this.#encode(undefined, method, given);
      return this.#retried(options, () => this.#once(method, text, options, (raw) => raw), policy);
    });
  }

  /** Makes a call that opens work, which is followed from before the call is written. */
  async open(
    method: string,
    params: unknown,
    options: CallOptions,
  ): Promise<{ work: WorkEntry; result: unknown }> {
    const known = this.#allowed(method);
    return this.#order.inTurn(known, params, (given) => this.#open(method, known, given, options));
  }

  /** Announces something to the server. */
  announce(method: string, params: unknown): Promise<void> {
    return this.#order.inTurn(undefined, params, async (given) => {
      await this.#announce(method, this.#encode(undefined, method, given));
    });
  }

  async #announce(method: string, text: string | undefined): Promise<void> {
    const process = this.#running();
    const { defaultTimeoutMs: timeoutMs = DEFAULT_TIMEOUT_MS } = this.#settings;
    const { over } = this.#calls;
    const release = this.hold();
    let takeBack = () => {};
    let unwatch = () => {};
    try {
      await new Promise<void>((resolve, reject) => {
        const late = (limit: number) => new RequestTimeoutError(method, limit);
        unwatch = watch({ signal: over, timeoutMs }, late, reject);
        // Where the pipe is broken, the connection's end says why, and is near.
        const settle = () => {
          if (process.isOpen) resolve();
        };
        takeBack = process.write(announcement(method, text), settle);
      });
    } catch (error) {
      takeBack();
      throw over.aborted ? this.closedError() : error;
    } finally {
      unwatch();
      release();
    }
  }

  /** Calls `listener` with each notification; gives the function that ends that. */
  listen(listener: (arrival: Arrival) => void): () => void {
    const release = this.hold();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      release();
    };
  }

  /** What a stream of `log` needs. */
  source(log: NotificationLog, onAbandoned: () => void): StreamSource {
    return { log, hold: () => this.hold(), onAbandoned };
  }

  /** Keeps this program running until the function that it gives is called. */
  hold(): () => void {
    return this.#process?.hold() ?? (() => undefined);
  }

  async close(): Promise<void> {
    this.#end(new TransportClosed("the client was closed"));
    await this.#process?.close();
  }

  async #launch(): Promise<Transport> {
    const settings = this.#settings;
    const command = commandLine(this.#facts.launch, settings, this.#binary);
    const process = await ServerProcess.start(
      command,
      settings.cwd,
      environment(settings),
      {
        onLine: (line) => this.#inbox.receive(line),
        onStderr: (line) => this.reporter.stderr(line),
        onEnd: (end) => this.#end(new TransportClosed("the server's process has ended", end)),
      },
      settings.closeGraceMs ?? CLOSE_GRACE_MS,
      await this.#recorder(),
    );
    this.reporter.log("debug", `the server runs as process ${process.pid}: ${command[0]}`);
    return process;
  }

  async #replay(path: string): Promise<Transport> {
    const script = await Script.read(path, this.#facts);
    return new Player(script, await this.#recorder(), {
      onLine: (line) => this.#inbox.receive(line),
      onEnd: (what) => this.#end(new TransportClosed(what)),
    });
  }

  async #recorder(): Promise<Recorder | null> {
    const path = this.#settings.recordTo;
    if (path === undefined) return null;
    return Recorder.start(path, this.#facts.secrets, this.reporter);
  }

  async #greet(until: number): Promise<unknown> {
    const facts = this.#facts.handshake;
    if (facts === undefined) return undefined;
    const known = this.#methods.get(facts.request);
    await this.#catalog.load(known?.params, known?.result);
    const params = handshakeParams(facts, this.#facts, this.#settings);
    const text = this.#encode(known?.params, facts.request, params);
    const options = { timeoutMs: until - performance.now() };
    const result = await this.#once(facts.request, text, options, (raw) => {
      return this.#inbox.result(facts.request, known?.result, raw);
    });
    await this.announce(facts.notification, undefined);
    if (facts.version !== undefined) {
      this.#serverVersion = versionIn(result, facts.version);
      this.reporter.version(this.#serverVersion, this.#facts.serverVersion);
    }
    return result;
  }

  #allowed(method: string): MethodFacts | undefined {
    const known = this.#methods.get(method);
    if (known?.experimental === true && this.#settings.experimentalApi === false) {
      throw new ExperimentalApiError(method);
    }
    return known;
  }

  #encode(reference: string | undefined, method: string, params: unknown): string | undefined {
    if (!method.isWellFormed()) {
      throw new EncodeError(JSON.stringify(method), [
        "the method's name: text with a lone surrogate, which UTF-8 can't hold",
      ]);
    }
    return params === undefined ? undefined : encode(this.#catalog, reference, method, params);
  }

  async #open(
    method: string,
    known: MethodFacts | undefined,
    params: unknown,
    options: CallOptions,
  ): Promise<{ work: WorkEntry; result: unknown }> {
    const text = this.#encode(known?.params, method, params);
    const facts = this.router.openedBy(method);
    const scope = facts.scope === undefined ? undefined : lookUp(params, [facts.scope]);
    const work = this.router.prepare(facts, scope);
    try {
      const result = await this.#retried(options, () => {
        return this.#once(method, text, options, (raw) => {
          const value = this.#inbox.result(method, known?.result, raw);
          const id = lookUp(value, facts.resultKey);
          this.router.bind(work, typeof id === "string" ? id : null);
          return value;
        });
      });
      return { work, result };
    } catch (error) {
      this.router.release(work);
      throw error;
    }
  }

  async #retried<T>(
    options: CallOptions,
    make: () => Promise<T>,
    policy = this.#settings.retry,
  ): Promise<T> {
    if (policy === undefined) return make();
    const { signal } = options;
    const { over } = this.#calls;
    try {
      // Whoever waits to try again hears of the connection's end.
      return await retry(make, policy, signal === undefined ? [over] : [signal, over]);
    } catch (error) {
      throw over.aborted && error === over.reason ? this.closedError() : error;
    }
  }

  async #once<T>(
    method: string,
    params: string | undefined,
    options: CallOptions,
    decode: (raw: unknown) => T,
  ): Promise<T> {
    const process = this.#running();
    options.signal?.throwIfAborted();
    const { defaultTimeoutMs = DEFAULT_TIMEOUT_MS } = this.#settings;
    const { signal, timeoutMs = defaultTimeoutMs } = options;
    const { id, outcome, fail } = this.#calls.begin(method, decode);
    const release = this.hold();
    const late = (limit: number) => new RequestTimeoutError(method, limit);
    const unwatch = watch({ signal, timeoutMs }, late, fail);
    const takeBack = process.write(call(id, method, params));
    try {
      return await outcome;
    } finally {
      takeBack();
      unwatch();
      release();
    }
  }

  #running(): Transport {
    if (this.#process === null || this.isClosed) throw this.closedError();
    return this.#process;
  }

  #notify(arrival: Arrival): void {
    this.router.deliver(arrival);
    for (const listener of [...this.#listeners]) listener(arrival);
  }

  #request(request: ServerRequest): void {
    if (this.#early === null) this.#serve(request);
    else this.#early.push(request);
  }

  #serveEarly(): void {
    const early = this.#early ?? [];
    this.#early = null;
    for (const request of early) this.#serve(request);
  }

  #serve(request: ServerRequest): void {
    const release = this.hold();
    void this.#serving
      .answer(request)
      .then((line) => {
        if (this.#process?.isOpen && !this.isClosed) this.#process.write(line);
        else
          this.reporter.log("debug", `the connection ended before ${request.method} was answered`);
      })
      .finally(release);
  }

  #end(error: TransportClosed): void {
    if (!this.isClosed) {
      this.reporter.log("debug", `the connection has ended: ${error.message}`);
    }
    this.#calls.close(error);
    this.router.end(error);
    this.#serving.end();
  }
}
