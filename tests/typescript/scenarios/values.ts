/** Plain JSON, and the values in scenarios that stand for others. */

/** Plain JSON. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [name: string]: Json;
}

/** What was saved under a name. */
export type Lookup = (name: string) => Json | undefined;

/** How much of a value a message shows. */
const SHOWN = 400;

/** Whether a value is an object with members. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as a message shows it. */
export function shown(value: Json | undefined): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}

/** `value` with all that stands for something else replaced. */
export function fill(value: Json, lookup: Lookup): Json {
  if (typeof value === "string") return filledText(value, lookup);
  if (Array.isArray(value)) return value.map((item) => fill(item, lookup));
  if (!isObject(value)) return value;
  if (value["$surrogate"] === true) return "half a pair: \ud800";
  const { $fill, count } = value;
  if (typeof $fill === "string" && typeof count === "number") return $fill.repeat(count);
  return filledObject(value, lookup);
}

/** The same for an object's members. */
export function filledObject(value: JsonObject, lookup: Lookup): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, fill(member, lookup)]),
  );
}

const REFERENCE = /\$\{([^}]+)\}/g;

function filledText(text: string, lookup: Lookup): Json {
  if (!text.includes("${")) return text;
  const whole = /^\$\{([^}]+)\}$/.exec(text)?.[1];
  if (whole !== undefined) return saved(whole, lookup);
  return text.replace(REFERENCE, (_, path: string) => {
    const value = saved(path, lookup);
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}

function saved(path: string, lookup: Lookup): Json {
  const [name = "", ...rest] = path.split(".");
  const value = lookup(name);
  if (value === undefined) throw new Error(`nothing was saved under ${shown(name)}`);
  return walk(value, rest, path);
}

/** What `value` holds at a path such as `turn.items.0`. */
export function at(value: Json, path: string): Json {
  return walk(value, path === "" ? [] : path.split("."), path);
}

function walk(value: Json, steps: readonly string[], path: string): Json {
  let found: Json | undefined = value;
  for (const step of steps) {
    if (Array.isArray(found)) found = found[Number(step)];
    else if (isObject(found) && Object.hasOwn(found, step)) found = found[step];
    else found = undefined;
  }
  if (found === undefined) throw new Error(`there is no ${path} in ${shown(value)}`);
  return found;
}
