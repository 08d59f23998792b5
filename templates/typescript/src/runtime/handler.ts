/** What answers a request of the server. */

/** What a handler is told beside the params. */
export interface HandlerContext {
  /** Is aborted when the connection ends, and nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** A function that answers a request of the server. */
export type Handler<Params, Result> = (
  params: Params,
  context: HandlerContext,
) => Result | Promise<Result>;

/**
 * The handlers of these names that `given` has, in an object of their own, whatever becomes of
 * `given`. Each is still called as a method of `given`, which may be an instance of a class.
 */
export function ownHandlers<Handlers extends object>(
  given: Handlers | undefined,
  names: Readonly<Record<string, keyof Handlers>>,
): Partial<Handlers> {
  const own: Partial<Handlers> = {};
  if (given === undefined) return own;
  for (const name of Object.values(names)) {
    const handler = given[name];
    if (typeof handler === "function") own[name] = handler.bind(given);
  }
  return own;
}
