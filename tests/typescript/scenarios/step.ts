/** One step of a scenario, with what stands for something else already replaced. */

import { isObject, type Json, type JsonObject, type Lookup, shown } from "./values.js";

/** A step, and what its members may refer to. */
export class Step {
  readonly name: string;
  /** What names inside of the step's own steps stand for. */
  readonly lookup: Lookup;
  readonly #members: JsonObject;

  constructor(name: string, members: JsonObject, lookup: Lookup) {
    this.name = name;
    this.lookup = lookup;
    this.#members = members;
  }

  /** The value of the member that names the step. */
  get subject(): Json {
    return this.get(this.name) ?? null;
  }

  /** The same where it is a text. */
  get target(): string {
    return this.text(this.name) ?? "";
  }

  /** A member, or `undefined`. */
  get(member: string): Json | undefined {
    return Object.hasOwn(this.#members, member) ? this.#members[member] : undefined;
  }

  text(member: string): string | undefined {
    const value = this.get(member);
    if (value === undefined || typeof value === "string") return value;
    throw this.#wrong(member, "a text");
  }

  number(member: string): number | undefined {
    const value = this.get(member);
    if (value === undefined || typeof value === "number") return value;
    throw this.#wrong(member, "a number");
  }

  flag(member: string): boolean {
    const value = this.get(member) ?? false;
    if (typeof value === "boolean") return value;
    throw this.#wrong(member, "true or false");
  }

  object(member: string): JsonObject | undefined {
    const value = this.get(member);
    if (value === undefined || isObject(value)) return value;
    throw this.#wrong(member, "an object");
  }

  list(member: string): readonly Json[] {
    const value = this.get(member) ?? [];
    if (Array.isArray(value)) return value;
    throw this.#wrong(member, "a list");
  }

  #wrong(member: string, expected: string): Error {
    return new Error(`${member}: expected ${expected}, found ${shown(this.get(member))}`);
  }
}
