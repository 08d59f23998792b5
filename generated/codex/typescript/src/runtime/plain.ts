/** Plain JSON values, told apart. */

/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is an object with members, and not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a number without a fraction. */
export function isWhole(value: unknown): value is number {
  return Number.isInteger(value);
}

/** What is found in `value` by following wire names; `undefined` if there is no such place. */
export function lookUp(value: unknown, place: readonly string[]): unknown {
  let found = value;
  for (const key of place) {
    if (!isObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** Sets a member, whatever its name: `__proto__` is a name like any other in a message. */
export function setMember(target: JsonObject, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  } else {
    target[key] = value;
  }
}

/**
 * `value` as it is now, whatever becomes of its parts later. What is no plain JSON stays what it
 * is, and so does what contains itself.
 */
export function snapshot(value: unknown): unknown {
  try {
    return copyOf(value);
  } catch (error) {
    if (error instanceof RangeError) return value;
    throw error;
  }
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isObject(value) || typeof value["toJSON"] === "function") return value;
  const copy: JsonObject = {};
  for (const key of Object.keys(value)) setMember(copy, key, copyOf(value[key]));
  return copy;
}
