/**
 * From values of the protocol's types to JSON text. Checks them on the way, so that nothing is sent
 * that the schema forbids or that can't be written as UTF-8; what was given is not changed.
 *
 * Knows shapes; knows no method and no connection.
 */

import { EncodeError } from "../errors.js";
import type { Catalog } from "./catalog.js";
import { ANYTHING, type External, isWithin, type Shape, type Struct } from "./descriptor.js";
import { described, Place, summed, wholeNumber } from "./place.js";
import { isObject, type JsonObject, setMember } from "./plain.js";
import { UNKNOWN } from "./unknown.js";

/** `value` as JSON text. Throws `EncodeError` if it can't be sent. */
export function encode(
  catalog: Catalog,
  reference: string | undefined,
  method: string,
  value: unknown,
  root = "params",
): string {
  const shape = reference === undefined ? ANYTHING : catalog.shape(reference);
  const encoder = new Encoder(catalog, root);
  let text: string | undefined;
  try {
    const plain = encoder.walk(shape, value);
    if (encoder.problems.length === 0) text = JSON.stringify(plain);
  } catch (error) {
    // What contains itself has no end.
    const reason = error instanceof RangeError ? "nested too deeply" : String(error);
    throw new EncodeError(method, [`${root}: ${reason}`], { cause: error });
  }
  if (text === undefined) throw new EncodeError(method, summed(encoder.problems));
  return text;
}

class Encoder {
  readonly problems: string[] = [];
  readonly #catalog: Catalog;
  readonly #place: Place;

  constructor(catalog: Catalog, root: string) {
    this.#catalog = catalog;
    this.#place = new Place(root);
  }

  walk(shape: Shape, value: unknown): unknown {
    switch (shape.kind) {
      case "unknown":
        return this.#anything(value);
      case "string":
        return typeof value === "string" ? this.#text(value) : this.#expected("a string", value);
      case "nonempty":
        return typeof value === "string" && value !== ""
          ? this.#text(value)
          : this.#expected("some text", value);
      case "boolean":
        return typeof value === "boolean" ? value : this.#expected("a boolean", value);
      case "integer":
        return isWithin(shape, value) ? value : this.#expected(wholeNumber(shape), value);
      case "number":
        return Number.isFinite(value) ? value : this.#expected("a number", value);
      case "null":
        return value === null ? value : this.#expected("null", value);
      case "literal":
        return value === shape.value ? value : this.#expected(described(shape.value), value);
      case "nullable":
        return value === null ? value : this.walk(shape.inner, value);
      case "list":
        return this.#list(shape.inner, value);
      case "map":
        return this.#map(shape.inner, value);
      case "reference":
        return this.walk(this.#catalog.resolve(shape), value);
      case "struct":
        return this.#struct(shape, value);
      case "enum":
        return this.#enum(shape.values, shape.open, value);
      case "tagged":
        return this.#tagged(shape.key, shape.arms, value);
      case "external":
        return this.#external(shape, value);
      case "untagged":
        return this.#untagged(shape.arms, shape.open, value);
    }
  }

  #list(inner: Shape, value: unknown): unknown {
    if (!Array.isArray(value)) return this.#expected("an array", value);
    const items: readonly unknown[] = value;
    let copy: unknown[] | undefined;
    for (const [index, item] of items.entries()) {
      this.#place.enter(index);
      const encoded = this.walk(inner, item);
      if (encoded !== item) {
        copy ??= items.slice();
        copy[index] = encoded;
      }
      this.#place.leave();
    }
    return copy ?? value;
  }

  #map(inner: Shape, value: unknown): unknown {
    if (!isObject(value)) return this.#expected("an object", value);
    return this.#members(value, () => inner);
  }

  #struct(shape: Struct, value: unknown): unknown {
    if (!isObject(value)) return this.#expected("an object", value);
    for (const { wire, optional } of shape.fields.values()) {
      if (!optional && (!Object.hasOwn(value, wire) || value[wire] === undefined)) {
        this.#missing(wire);
      }
    }
    return this.#members(value, (key) => shape.fields.get(key)?.shape ?? shape.extra);
  }

  /** An object's members, of which those that are `undefined` count as left out. */
  #members(value: JsonObject, shapeOf: (key: string) => Shape): unknown {
    let copy: JsonObject | undefined;
    for (const key of Object.keys(value)) {
      const member = value[key];
      if (member === undefined) continue;
      this.#place.enter(key);
      this.#text(key);
      const encoded = this.walk(shapeOf(key), member);
      if (encoded !== member) {
        copy ??= { ...value };
        setMember(copy, key, encoded);
      }
      this.#place.leave();
    }
    return copy ?? value;
  }

  #enum(values: ReadonlySet<string>, open: boolean, value: unknown): unknown {
    if (typeof value !== "string") return this.#expected("a string", value);
    if (!open && !values.has(value)) {
      return this.#expected(`one of ${Array.from(values, described).join(", ")}`, value);
    }
    return this.#text(value);
  }

  #tagged(key: string, arms: ReadonlyMap<string, Shape>, value: unknown): unknown {
    if (!isObject(value)) return this.#expected("an object with a tag", value);
    const tag = Object.hasOwn(value, key) ? value[key] : undefined;
    if (isUnknown(value, tag)) return this.#anything(value["raw"]);
    if (tag === undefined) {
      this.#missing(key);
      return value;
    }
    if (typeof tag !== "string") {
      this.#place.enter(key);
      this.#expected("a tag, which is a string", tag);
      this.#place.leave();
      return value;
    }
    return this.walk(arms.get(tag) ?? ANYTHING, value);
  }

  #external(shape: External, value: unknown): unknown {
    if (typeof value === "string") {
      if (shape.arms.has(value)) return this.#expected("an object whose only key is this", value);
      return this.#text(value);
    }
    if (!isObject(value)) return this.#expected("a string or an object", value);
    if (isUnknown(value, value["type"])) return this.#anything(value["raw"]);
    const [key, ...others] = Object.keys(value).filter((key) => value[key] !== undefined);
    if (key === undefined || others.length > 0) return this.#members(value, () => ANYTHING);
    if (shape.strings.has(key)) return this.#expected(`the string ${described(key)}`, value);
    return this.#members(value, () => shape.arms.get(key) ?? ANYTHING);
  }

  #untagged(arms: readonly Shape[], open: boolean, value: unknown): unknown {
    if (open && isObject(value) && isUnknown(value, value["type"])) {
      return this.#anything(value["raw"]);
    }
    const before = this.problems.length;
    const reasons: string[] = [];
    for (const arm of arms) {
      const encoded = this.walk(arm, value);
      const reason = this.problems[before];
      if (reason === undefined) return encoded;
      this.problems.length = before;
      reasons.push(reason);
    }
    if (open && isObject(value)) return this.#anything(value);
    return this.#expected(`one of several shapes (${reasons.join("; ")})`, value);
  }

  #anything(value: unknown): unknown {
    if (typeof value === "string") return this.#text(value);
    if (typeof value === "number") {
      return Number.isFinite(value) ? value : this.#expected("a number that JSON has", value);
    }
    if (value === null || typeof value === "boolean") return value;
    if (typeof value !== "object") return this.#expected("what JSON has", value);
    if ("toJSON" in value && typeof value.toJSON === "function") {
      const plain: unknown = value.toJSON();
      return this.#anything(plain);
    }
    if (Array.isArray(value)) return this.#list(ANYTHING, value);
    return isObject(value) ? this.#members(value, () => ANYTHING) : value;
  }

  /** Half a surrogate pair has no UTF-8; a server that gets an escaped one may never answer. */
  #text(value: string): string {
    if (!value.isWellFormed()) {
      this.problems.push(`${this.#place}: text with a lone surrogate, which UTF-8 can't hold`);
    }
    return value;
  }

  #missing(key: string): void {
    this.#place.enter(key);
    this.problems.push(`${this.#place}: required, but missing`);
    this.#place.leave();
  }

  #expected(what: string, value: unknown): unknown {
    this.problems.push(`${this.#place}: expected ${what}, found ${described(value)}`);
    return value;
  }
}

function isUnknown(value: JsonObject, tag: unknown): boolean {
  return tag === UNKNOWN && Object.hasOwn(value, "raw");
}
