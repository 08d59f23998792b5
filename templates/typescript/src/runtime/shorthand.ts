/** What the convenience layer does with the simpler values that it takes. */

import { DecodeError } from "../errors.js";

/** One item, or several, as a list of items; `textItem` makes one of a text. */
export function asList<Item extends object>(
  value: string | Item | readonly (string | Item)[],
  textItem: (text: string) => Item,
): Item[] {
  const values = isList(value) ? value : [value];
  return values.map((item) => (typeof item === "string" ? textItem(item) : item));
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

/**
 * The result of a call as the variant that was asked for.
 *
 * @throws DecodeError if the server answers with another one.
 */
export function expected<R extends object, K extends keyof R & string, T extends R[K] & string>(
  method: string,
  result: R,
  key: K,
  tag: T,
): Extract<R, Record<K, T>> {
  if (isTagged(result, key, tag)) return result;
  const problem = `$.${key}: expected ${JSON.stringify(tag)}, found ${JSON.stringify(result[key])}`;
  throw new DecodeError(method, [problem], result);
}

function isTagged<R extends object, K extends keyof R, T extends R[K] & string>(
  result: R,
  key: K,
  tag: T,
): result is Extract<R, Record<K, T>> {
  return result[key] === tag;
}
