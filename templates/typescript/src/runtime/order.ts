/**
 * The order in which calls begin. Types are loaded when they are first needed, and one method's may
 * be there before another's.
 *
 * Knows which types a method has; knows nothing of what a call does.
 */

import type { Catalog } from "./catalog.js";
import type { MethodFacts } from "./method.js";
import { snapshot } from "./plain.js";

/** The calls of one connection that have not begun yet. */
export class Order {
  readonly #catalog: Catalog;
  /** Settles when everything that was asked for so far has begun; `null`: it has. */
  #last: Promise<void> | null = null;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /**
   * Does `begin` once the types of a method are there, after whatever was asked for earlier has
   * begun: what goes to the server goes in the order in which it was said, and as it was then.
   */
  inTurn<T>(
    known: MethodFacts | undefined,
    params: unknown,
    begin: (params: unknown) => Promise<T>,
  ): Promise<T> {
    const isReady = this.#catalog.isLoaded(known?.params) && this.#catalog.isLoaded(known?.result);
    if (isReady && this.#last === null) return begin(params);
    const given = snapshot(params);
    const ready = Promise.all([this.#catalog.load(known?.params, known?.result), this.#last]);
    const begun = ready.then(() => {
      if (this.#last === turn) this.#last = null;
      // Wrapped, so that the next one waits for the beginning and not for the end.
      return { outcome: begin(given) };
    });
    const turn = begun.then(
      () => undefined,
      () => undefined,
    );
    this.#last = turn;
    return begun.then(({ outcome }) => outcome);
  }
}
