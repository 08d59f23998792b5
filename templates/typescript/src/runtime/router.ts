/**
 * Which notification goes to which stream.
 *
 * Knows correlations: work, such as a turn, that a request opens and that notifications report on
 * until one of them ends it. Work is registered before its request is written; until the answer
 * tells its id, whatever could belong to it is held back. Knows nothing of how messages travel.
 */

import { EventLog, type OverflowHook } from "./event-log.js";
import type { CorrelationFacts } from "./facts.js";
import type { AnyNotification } from "./notification.js";
import { lookUp } from "./plain.js";

/** How many finished works of each kind are remembered, for whoever asks late. */
const REMEMBERED = 128;

/** A notification on its way to the streams. */
export interface Arrival {
  /** The method's name of today. */
  readonly method: string;
  readonly event: AnyNotification;
  /** What the streams end with, instead of getting the event. */
  readonly error: Error | null;
}

/** The log of notifications that a stream reads. */
export type NotificationLog = EventLog<AnyNotification>;

/** Work that has been opened, or is about to be. */
export interface WorkEntry {
  readonly facts: CorrelationFacts;
  readonly scope: unknown;
  readonly log: NotificationLog;
  readonly held: Arrival[];
  heldLost: number;
  id: string | null;
}

/** The streams of one connection. */
export class Router {
  readonly #correlations: readonly CorrelationFacts[];
  readonly #limit: number;
  readonly #onOverflow: OverflowHook;
  readonly #feeds = new Set<NotificationLog>();
  readonly #opening = new Set<WorkEntry>();
  /** By the work's kind, then by its id. */
  readonly #running = new Map<string, Map<string, Set<WorkEntry>>>();
  readonly #finished = new Map<string, Map<string, Arrival>>();
  #end: Error | null = null;

  constructor(correlations: readonly CorrelationFacts[], limit: number, onOverflow: OverflowHook) {
    this.#correlations = correlations;
    this.#limit = limit;
    this.#onOverflow = onOverflow;
    for (const { name } of correlations) {
      this.#running.set(name, new Map());
      this.#finished.set(name, new Map());
    }
  }

  /** A log of all notifications from now on. */
  newFeed(name: string, limit = this.#limit): NotificationLog {
    const log: NotificationLog = new EventLog(name, limit, false, this.#onOverflow);
    if (this.#end === null) this.#feeds.add(log);
    else log.end(this.#end);
    return log;
  }

  /** Ends a log of all notifications. */
  dropFeed(log: NotificationLog): void {
    this.#feeds.delete(log);
    log.end(null);
  }

  /** What is known of the work that a method opens. */
  openedBy(method: string): CorrelationFacts {
    return this.#known((facts) => facts.opens === method, method);
  }

  /** What is known of the work that a notification ends. */
  closedBy(method: string): CorrelationFacts {
    return this.#known((facts) => facts.closes === method, method);
  }

  /** Registers work that is about to be opened. */
  prepare(facts: CorrelationFacts, scope: unknown): WorkEntry {
    const work = this.#newWork(facts, scope, null);
    if (this.#end === null) this.#opening.add(work);
    else work.log.end(this.#end);
    return work;
  }

  /**
   * Tells the id of work that has been opened. Without an id there is nothing to follow, and it is
   * over.
   */
  bind(work: WorkEntry, id: string | null): void {
    this.#opening.delete(work);
    work.id = id;
    if (id === null) {
      work.log.end(null);
      return;
    }
    this.#remember(work, id);
    work.log.lost = work.heldLost;
    for (const arrival of work.held.splice(0)) {
      if (idOf(work.facts, arrival) === id) this.#handOver(work, arrival);
    }
    if (this.#end !== null) work.log.end(this.#end);
  }

  /** Work that has been opened elsewhere: from now on, or its end if it is over. */
  follow(facts: CorrelationFacts, id: string): WorkEntry {
    const work = this.#newWork(facts, undefined, id);
    const finished = this.#finished.get(facts.name)?.get(id);
    if (finished !== undefined) this.#handOver(work, finished);
    else if (this.#end !== null) work.log.end(this.#end);
    else this.#remember(work, id);
    return work;
  }

  /** Forgets work; its readers come to an end. */
  release(work: WorkEntry): void {
    this.#opening.delete(work);
    this.#forget(work);
    work.log.end(null);
  }

  /** Gives a notification to every stream that it belongs to. */
  deliver(arrival: Arrival): void {
    for (const log of [...this.#feeds]) {
      if (arrival.error === null) {
        log.put(arrival.event);
      } else {
        this.#feeds.delete(log);
        log.end(arrival.error);
      }
    }
    for (const facts of this.#correlations) {
      if (Object.hasOwn(facts.carriers, arrival.method)) this.#deliverToWork(facts, arrival);
    }
  }

  /** The connection is over: ends every stream with `error`. */
  end(error: Error): void {
    if (this.#end !== null) return;
    this.#end = error;
    for (const log of this.#feeds) log.end(error);
    for (const work of this.#opening) work.log.end(error);
    for (const works of this.#running.values()) {
      for (const same of works.values()) for (const work of same) work.log.end(error);
      works.clear();
    }
    this.#feeds.clear();
    this.#opening.clear();
  }

  #known(test: (facts: CorrelationFacts) => boolean, method: string): CorrelationFacts {
    const facts = this.#correlations.find(test);
    if (facts === undefined) throw new TypeError(`${method} belongs to no work`);
    return facts;
  }

  #newWork(facts: CorrelationFacts, scope: unknown, id: string | null): WorkEntry {
    const log: NotificationLog = new EventLog(facts.name, this.#limit, true, this.#onOverflow);
    return { facts, scope, log, held: [], heldLost: 0, id };
  }

  #deliverToWork(facts: CorrelationFacts, arrival: Arrival): void {
    const id = idOf(facts, arrival);
    if (id === null) return;
    for (const work of this.#opening) {
      if (work.facts === facts && inScope(work, arrival)) this.#hold(work, arrival);
    }
    if (arrival.method === facts.closes) this.#finish(facts, id, arrival);
    const running = this.#running.get(facts.name)?.get(id);
    if (running === undefined) return;
    for (const work of [...running]) this.#handOver(work, arrival);
  }

  #finish(facts: CorrelationFacts, id: string, arrival: Arrival): void {
    const finished = this.#finished.get(facts.name);
    if (finished === undefined) return;
    finished.set(id, arrival);
    const [oldest] = finished.keys();
    if (finished.size > REMEMBERED && oldest !== undefined) finished.delete(oldest);
  }

  #handOver(work: WorkEntry, arrival: Arrival): void {
    if (arrival.error !== null) {
      work.log.end(arrival.error);
      this.#forget(work);
      return;
    }
    work.log.put(arrival.event);
    if (arrival.method === work.facts.closes) {
      work.log.end(null);
      this.#forget(work);
    }
  }

  #hold(work: WorkEntry, arrival: Arrival): void {
    if (work.held.length >= this.#limit) {
      work.held.shift();
      work.heldLost += 1;
      if ((work.heldLost & (work.heldLost - 1)) === 0) {
        this.#onOverflow(work.log.name, work.heldLost);
      }
    }
    work.held.push(arrival);
  }

  #remember(work: WorkEntry, id: string): void {
    const works = this.#running.get(work.facts.name);
    if (works === undefined) return;
    const same = works.get(id);
    if (same === undefined) works.set(id, new Set([work]));
    else same.add(work);
  }

  #forget(work: WorkEntry): void {
    if (work.id === null) return;
    const works = this.#running.get(work.facts.name);
    const same = works?.get(work.id);
    same?.delete(work);
    if (same?.size === 0) works?.delete(work.id);
  }
}

function idOf(facts: CorrelationFacts, arrival: Arrival): string | null {
  const place = facts.carriers[arrival.method];
  const id = place === undefined ? undefined : lookUp(arrival.event.params, place);
  return typeof id === "string" ? id : null;
}

function inScope(work: WorkEntry, arrival: Arrival): boolean {
  const { scope } = work.facts;
  if (scope === undefined || work.scope === undefined) return true;
  return lookUp(arrival.event.params, [scope]) === work.scope;
}
