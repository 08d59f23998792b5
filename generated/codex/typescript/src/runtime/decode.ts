/**
 * From plain JSON to values of the protocol's types, in place: what fits the schema stays the very
 * object it was, unknown members included. Only variants that the schema doesn't know are replaced.
 *
 * Knows shapes; knows no method, no connection and no hook.
 */

import type { Catalog } from "./catalog.js";
import { type External, isWithin, type Shape, type Struct } from "./descriptor.js";
import { described, Place, wholeNumber } from "./place.js";
import { isObject, type JsonObject, setMember } from "./plain.js";
import { UNKNOWN } from "./unknown.js";

/** A value that the schema doesn't know. */
export interface Finding {
  readonly kind: "variant" | "enumValue";
  readonly path: string;
  readonly raw: unknown;
}

/** What came of decoding a value. */
export interface Decoded {
  readonly value: unknown;
  /** What doesn't fit the schema. If there is any, the value is of no use. */
  readonly problems: readonly string[];
  /** What the schema doesn't know. */
  readonly findings: readonly Finding[];
}

/** Decodes `raw`, which is found at `root` in its message. */
export function decode(catalog: Catalog, shape: Shape, raw: unknown, root: string): Decoded {
  const decoder = new Decoder(catalog, root, false);
  try {
    const value = decoder.walk(shape, raw);
    // What doesn't fit is told as it came.
    if (decoder.problems.length === 0) decoder.replace();
    return { value, problems: decoder.problems, findings: decoder.findings };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { value: raw, problems: [`${root}: nested too deeply`], findings: [] };
  }
}

class Decoder {
  readonly problems: string[] = [];
  readonly findings: Finding[] = [];
  readonly #catalog: Catalog;
  readonly #place: Place;
  /** Whether this is only to find out if a value fits. */
  readonly #trial: boolean;
  readonly #replacements: (() => void)[] = [];

  constructor(catalog: Catalog, root: string, trial: boolean) {
    this.#catalog = catalog;
    this.#place = new Place(root);
    this.#trial = trial;
  }

  /** Puts unknown variants in the place of what they hold. */
  replace(): void {
    for (const replacement of this.#replacements) replacement();
  }

  walk(shape: Shape, raw: unknown): unknown {
    switch (shape.kind) {
      case "unknown":
        return raw;
      case "string":
        return typeof raw === "string" ? raw : this.#expected("a string", raw);
      case "nonempty":
        return typeof raw === "string" && raw !== "" ? raw : this.#expected("some text", raw);
      case "boolean":
        return typeof raw === "boolean" ? raw : this.#expected("a boolean", raw);
      case "integer":
        return isWithin(shape, raw) ? raw : this.#expected(wholeNumber(shape), raw);
      case "number":
        return typeof raw === "number" ? raw : this.#expected("a number", raw);
      case "null":
        return raw === null ? raw : this.#expected("null", raw);
      case "literal":
        return raw === shape.value ? raw : this.#expected(described(shape.value), raw);
      case "nullable":
        return raw === null ? raw : this.walk(shape.inner, raw);
      case "list":
        return this.#list(shape.inner, raw);
      case "map":
        return this.#map(shape.inner, raw);
      case "reference":
        return this.walk(this.#catalog.resolve(shape), raw);
      case "struct":
        return this.#struct(shape, raw);
      case "enum":
        return this.#enum(shape.values, shape.open, raw);
      case "tagged":
        return this.#tagged(shape.key, shape.arms, raw);
      case "external":
        return this.#external(shape, raw);
      case "untagged":
        return this.#untagged(shape.arms, shape.open, raw);
    }
  }

  #list(inner: Shape, raw: unknown): unknown {
    if (!Array.isArray(raw)) return this.#expected("an array", raw);
    const items: unknown[] = raw;
    for (const [index, item] of items.entries()) {
      this.#place.enter(index);
      const value = this.walk(inner, item);
      if (value !== item) this.#replacements.push(() => void (items[index] = value));
      this.#place.leave();
    }
    return raw;
  }

  #map(inner: Shape, raw: unknown): unknown {
    if (!isObject(raw)) return this.#expected("an object", raw);
    for (const key of Object.keys(raw)) this.#member(raw, key, inner);
    return raw;
  }

  #struct(shape: Struct, raw: unknown): unknown {
    if (!isObject(raw)) return this.#expected("an object", raw);
    for (const field of shape.fields.values()) {
      const present = field.inherited
        ? Object.hasOwn(raw, field.wire)
        : raw[field.wire] !== undefined;
      if (present) {
        this.#member(raw, field.wire, field.shape);
      } else if (!field.optional) {
        this.#missing(field.wire);
      }
      if (this.#trial && this.problems.length > 0) return raw;
    }
    if (shape.extra.kind !== "unknown") {
      for (const key of Object.keys(raw)) {
        if (!shape.fields.has(key)) this.#member(raw, key, shape.extra);
      }
    }
    return raw;
  }

  #member(owner: JsonObject, key: string, shape: Shape): void {
    this.#place.enter(key);
    const raw = owner[key];
    const value = this.walk(shape, raw);
    if (value !== raw) this.#replacements.push(() => setMember(owner, key, value));
    this.#place.leave();
  }

  #enum(values: ReadonlySet<string>, open: boolean, raw: unknown): unknown {
    if (typeof raw !== "string") return this.#expected("a string", raw);
    if (values.has(raw)) return raw;
    if (!open) return this.#expected(`one of ${Array.from(values, described).join(", ")}`, raw);
    this.#found("enumValue", raw);
    return raw;
  }

  #tagged(key: string, arms: ReadonlyMap<string, Shape>, raw: unknown): unknown {
    if (!isObject(raw)) return this.#expected("an object with a tag", raw);
    if (!Object.hasOwn(raw, key)) {
      this.#missing(key);
      return raw;
    }
    const tag = raw[key];
    if (typeof tag !== "string") {
      this.#place.enter(key);
      this.#expected("a tag, which is a string", tag);
      this.#place.leave();
      return raw;
    }
    const arm = arms.get(tag);
    return arm === undefined ? this.#variant(key, tag, raw) : this.walk(arm, raw);
  }

  #external(shape: External, raw: unknown): unknown {
    if (typeof raw === "string") {
      if (shape.strings.has(raw)) return raw;
      if (shape.arms.has(raw)) return this.#expected("an object whose only key is this", raw);
      return this.#variant("type", raw, raw);
    }
    if (!isObject(raw)) return this.#expected("a string or an object", raw);
    const [key, ...others] = Object.keys(raw);
    if (key === undefined || others.length > 0) return this.#variant("type", null, raw);
    if (shape.strings.has(key)) return this.#expected(`the string ${described(key)}`, raw);
    const arm = shape.arms.get(key);
    if (arm === undefined) return this.#variant("type", key, raw);
    this.#member(raw, key, arm);
    return raw;
  }

  #untagged(arms: readonly Shape[], open: boolean, raw: unknown): unknown {
    const reasons: string[] = [];
    for (const arm of arms) {
      const trial = new Decoder(this.#catalog, "$", true);
      trial.walk(arm, raw);
      const [reason] = trial.problems;
      if (reason === undefined) return this.walk(arm, raw);
      reasons.push(reason);
    }
    if (!open) {
      const places = reasons.map((reason) => `${this.#place}${reason.slice(1)}`);
      return this.#expected(`one of several shapes (${places.join("; ")})`, raw);
    }
    return isObject(raw) ? this.#variant("type", null, raw) : this.#expected("an object", raw);
  }

  #variant(key: string, tag: string | null, raw: unknown): unknown {
    this.#found("variant", raw);
    return { [key]: UNKNOWN, tag, raw };
  }

  #found(kind: Finding["kind"], raw: unknown): void {
    if (!this.#trial) this.findings.push({ kind, path: this.#place.toString(), raw });
  }

  #missing(key: string): void {
    this.#place.enter(key);
    this.problems.push(`${this.#place}: required, but missing`);
    this.#place.leave();
  }

  #expected(what: string, raw: unknown): unknown {
    this.problems.push(`${this.#place}: expected ${what}, found ${described(raw)}`);
    return raw;
  }
}
