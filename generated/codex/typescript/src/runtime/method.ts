/** What the runtime knows of methods. */

/** Where the types of a request are described, as `domain.Name`. */
export interface MethodFacts {
  /** The type of the params; none if it takes no params. */
  readonly params?: string;
  /** The type of the result; none if the result says nothing. */
  readonly result?: string;
  /** Whether a client must have opted in to call it. */
  readonly experimental?: boolean;
}

/** The facts of each request of `Requests`. */
export type MethodTable<Requests> = Readonly<Record<keyof Requests, MethodFacts>>;

/** A request's params and its result, as types. */
export interface Exchange {
  params: unknown;
  result: unknown;
}

/** Requests by their wire names. */
export type Requests<Names> = { [Name in keyof Names]: Exchange };
