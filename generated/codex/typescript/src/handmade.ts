/**
 * The parts of the convenience layer that are made by hand: what the server says about itself, and
 * what came of a turn.
 */

import type { AppServerClient } from "./client.js";
import { SdkError, TransportClosed } from "./errors.js";
import type { ClientRequests } from "./methods.js";
import type { ServerNotification, ServerNotifications } from "./notifications.js";
import { Connection } from "./runtime/connection.js";
import type { CallOptions } from "./runtime/options.js";
import type { Stream } from "./runtime/stream.js";
import { UNKNOWN } from "./runtime/unknown.js";
import type * as types from "./types/index.js";

/** What the server says about itself. */
export class ServerMetadata {
  /** What the server calls itself: the name of the client that started it. */
  readonly name: string;
  /** The server's version; `null` if it can't be told. */
  readonly version: string | null;
  /** The directory that the server keeps its files in. */
  readonly codexHome: string;
  /** `unix` or `windows`. */
  readonly platformFamily: string;
  /** The server's operating system, such as `linux`. */
  readonly platformOs: string;
  /** The whole user agent. */
  readonly userAgent: string;

  constructor(info: types.InitializeResponse, version: string | null) {
    const end = version === null ? -1 : info.userAgent.indexOf(`/${version}`);
    this.name = end < 0 ? info.userAgent : info.userAgent.slice(0, end);
    this.version = version;
    this.codexHome = info.codexHome;
    this.platformFamily = info.platformFamily;
    this.platformOs = info.platformOs;
    this.userAgent = info.userAgent;
  }
}

/** What `Codex` has beside its calls. */
export abstract class CodexParts {
  /** The typed client underneath. */
  abstract readonly client: AppServerClient;

  /** What the server says about itself. */
  get metadata(): ServerMetadata {
    return new ServerMetadata(this.client.serverInfo, this.client.serverVersion);
  }
}

/** A turn failed. */
export class TurnFailedError extends SdkError {
  /** What came of it all the same. */
  readonly result: TurnResult;

  constructor(result: TurnResult) {
    super(`turn ${result.id} failed: ${result.error?.message ?? result.status}`);
    this.result = result;
  }
}

/** What came of a turn. */
export class TurnResult {
  /** The turn's id. */
  readonly id: string;
  /** The turn's thread. */
  readonly threadId: string;
  /** How it ended. */
  readonly status: types.TurnStatus;
  /** Why it failed, if it did. */
  readonly error: types.TurnError | null;
  /** When it began, in seconds since the Unix epoch. */
  readonly startedAt: number | null;
  /** When it ended, in seconds since the Unix epoch. */
  readonly completedAt: number | null;
  /** How long it took, in milliseconds. */
  readonly durationMs: number | null;
  /**
   * The last message of the agent that is its final answer; without one, the last message that
   * doesn't say what it is.
   */
  readonly finalResponse: string | null;
  /** All that was said and done, in the order in which it was completed. */
  readonly items: readonly types.ThreadItem[];
  /** The tokens that the thread has used so far. */
  readonly usage: types.ThreadTokenUsage | null;
  /**
   * What the agent said, as it came in; without all of that, the messages as they were completed.
   */
  readonly text: string;

  constructor(turn: types.Turn, threadId: string, said: Said) {
    this.id = turn.id;
    this.threadId = threadId;
    this.status = turn.status;
    this.error = turn.error ?? null;
    this.startedAt = turn.startedAt ?? null;
    this.completedAt = turn.completedAt ?? null;
    this.durationMs = turn.durationMs ?? null;
    const messages = said.items.filter(isMessage);
    this.finalResponse = finalAnswer(messages);
    this.items = said.items;
    this.usage = said.usage;
    // With gaps, what came in is worth less than what is whole.
    const deltas = said.dropped > 0 && messages.length > 0 ? "" : said.deltas.join("");
    this.text = deltas || messages.map(({ text }) => text).join("\n");
  }

  /** Throws `TurnFailedError` if the turn failed. */
  raiseForStatus(): void {
    if (this.status === "failed") throw new TurnFailedError(this);
  }
}

/** What was said and done in a turn. */
interface Said {
  readonly items: types.ThreadItem[];
  readonly deltas: string[];
  usage: types.ThreadTokenUsage | null;
  /** How many notifications of the turn were lost. */
  dropped: number;
}

/** What `AppServerClient` has beside its calls. */
export abstract class AppServerClientParts extends Connection<ClientRequests, ServerNotifications> {
  /**
   * Starts a turn with a text, and yields what the agent says in it, piece by piece.
   *
   * The turn starts when the first piece is asked for. Leaving the loop early leaves the turn
   * running.
   *
   * Wire method: `turn/start`.
   *
   * @param threadId The thread to take the turn in.
   * @param text What the user says.
   * @param options What the start of the turn is told.
   * @throws TurnFailedError in the end, if the turn failed.
   */
  async *streamText(
    threadId: string,
    text: string,
    options: CallOptions = {},
  ): AsyncGenerator<string, void> {
    const params = { threadId, input: [{ type: "text", text } as const] };
    const turn = await this.callWork("turn/start", params, options);
    const said: Said = { items: [], deltas: [], usage: null, dropped: 0 };
    let last: ServerNotification | undefined;
    for await (const event of turn) {
      take(said, event);
      if (event.method === "item/agentMessage/delta") yield event.params.delta;
      last = event;
    }
    resultOf(last, threadId, said).raiseForStatus();
  }
}

/** What `TurnHandle` has beside its calls. */
export abstract class TurnHandleParts {
  /** The turn's id. */
  abstract readonly id: string;
  /** The thread that it is taken in. */
  abstract readonly threadId: string;

  /** Everything that belongs to the turn. */
  abstract stream(): Stream<ServerNotification>;

  /**
   * Waits for the turn's end, and gives what came of it. There is no deadline unless one is given.
   *
   * A turn that failed is given too: see its `status`, or call `raiseForStatus`.
   */
  async run(options: CallOptions = {}): Promise<TurnResult> {
    const said: Said = { items: [], deltas: [], usage: null, dropped: 0 };
    const events = this.stream();
    try {
      const end = await events.waitFor("turn/completed", options, (event) => take(said, event));
      said.dropped = events.dropped;
      return new TurnResult(end.params.turn, this.threadId, said);
    } finally {
      await events.close();
    }
  }
}

function take(said: Said, event: ServerNotification): void {
  switch (event.method) {
    case "item/agentMessage/delta":
      said.deltas.push(event.params.delta);
      break;
    case "item/completed":
      said.items.push(event.params.item);
      break;
    case "thread/tokenUsage/updated":
      said.usage = event.params.tokenUsage;
  }
}

/** What came of a turn whose stream has ended, by its last notification. */
function resultOf(last: ServerNotification | undefined, threadId: string, said: Said): TurnResult {
  if (last?.method === "turn/completed") return new TurnResult(last.params.turn, threadId, said);
  const unreadable = last?.method === UNKNOWN ? last.error : undefined;
  throw unreadable ?? new TransportClosed("the stream ended before turn/completed came");
}

function isMessage(item: types.ThreadItem): item is types.AgentMessageThreadItem {
  return item.type === "agentMessage";
}

/** The last final answer; without one, the last message that doesn't say what it is. */
function finalAnswer(messages: readonly types.AgentMessageThreadItem[]): string | null {
  const answer = messages.findLast(({ phase }) => phase === "final_answer");
  const message = answer ?? messages.findLast(({ phase }) => (phase ?? null) === null);
  return message?.text ?? null;
}
