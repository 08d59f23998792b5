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
