/** Handlers of the server's requests, as scenarios describe them. */

import type { Session } from "./session.js";
import { plainParams } from "./table.js";
import { fill, isObject, type Json, type Lookup, shown } from "./values.js";

/** A function that answers a request of the server. */
export type AnyHandler = (params: unknown) => unknown;

/** A handler that does what `spec` says, and tells the session that it was asked. */
export function handlerOf(
  session: Session,
  method: string,
  spec: Json,
  lookup: Lookup,
): AnyHandler {
  if (!isObject(spec)) throw new Error(`${method}: expected a handler, found ${shown(spec)}`);
  const { waits_for: gate, calls, raises, returns = null, plain } = spec;
  const finish = (): Json => {
    if (raises !== undefined) throw new Error(String(raises));
    return fill(returns, lookup);
  };
  const note = (params: unknown): void => {
    void plainParams(method, params).then(
      (said) => {
        session.asked.set(method, [...(session.asked.get(method) ?? []), said]);
        session.news.tell();
      },
      (error: unknown) => session.troubles.push(error),
    );
  };
  const wait = async (): Promise<void> => {
    if (gate !== undefined) {
      await session.news.when(() => session.isOver || session.openGates.has(String(gate)));
    }
    if (!isObject(calls)) return;
    await session.news.when(() => session.isOver || session.hasStarted);
    await session.play(session, calls, `the handler of ${method}`, lookup);
  };
  if (plain === true) {
    return (params) => {
      note(params);
      return gate === undefined && calls === undefined ? finish() : wait().then(finish);
    };
  }
  return async (params) => {
    note(params);
    try {
      await wait();
    } catch (error) {
      session.troubles.push(error);
      throw error;
    }
    return finish();
  };
}
