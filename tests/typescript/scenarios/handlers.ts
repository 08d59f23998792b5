/** Handlers of the server's requests, as scenarios describe them. */

import { CallFailure } from "./calls.js";
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
        session.hearAsked(method, said);
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
  const waitAndFinish = async (): Promise<Json> => {
    try {
      await wait();
    } catch (error) {
      const failure = error instanceof Error ? error.cause : undefined;
      // A call that just fails is the handler's own failure; the server sees what becomes of it.
      if (failure instanceof CallFailure) throw failure.cause;
      session.troubles.push(error);
      throw error;
    }
    return finish();
  };
  if (plain === true && gate === undefined && calls === undefined) {
    return (params) => {
      note(params);
      return finish();
    };
  }
  return (params) => {
    note(params);
    return waitAndFinish();
  };
}
