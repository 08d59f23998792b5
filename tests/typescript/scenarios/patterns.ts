/**
 * What is expected against what came.
 *
 * A member that is `null` equals one that is absent, as the contract's last paragraph says.
 */

import { isObject, type Json, type JsonObject, shown } from "./values.js";

type Rule = (argument: Json, came: Json, at: string) => string | null;

/** What is wrong with what came; `null` if it fits. */
export function mismatch(pattern: Json, came: Json, at: string): string | null {
  const rule = ruleOf(pattern);
  if (rule !== null) return rule.fits(rule.argument, came, at);
  if (Array.isArray(pattern)) return lists(pattern, came, at);
  if (isObject(pattern)) return objects(pattern, came, at);
  return pattern === came ? null : unequal(pattern, came, at);
}

const RULES: Readonly<Record<string, Rule>> = {
  $any: (_, came, at) => (came === null ? `${at}: nothing is there` : null),
  $has: (argument, came, at) => {
    if (!isObject(argument) || !isObject(came)) return unequal({ $has: argument }, came, at);
    return members(argument, came, Object.keys(argument), at);
  },
  $contains: (argument, came, at) => {
    const fits = typeof came === "string" && came.includes(String(argument));
    return fits ? null : unequal({ $contains: argument }, came, at);
  },
  $some: (argument, came, at) => {
    const fits = Array.isArray(came) && came.some((item) => mismatch(argument, item, at) === null);
    return fits ? null : unequal({ $some: argument }, came, at);
  },
  $len: (argument, came, at) => {
    const fits = (Array.isArray(came) || typeof came === "string") && lengthOf(came) === argument;
    return fits ? null : unequal({ $len: argument }, came, at);
  },
  $absent: (_, came, at) => (came === null ? null : unequal({ $absent: true }, came, at)),
};

function ruleOf(pattern: Json): { fits: Rule; argument: Json } | null {
  if (!isObject(pattern)) return null;
  const [entry, ...more] = Object.entries(pattern);
  if (entry === undefined || more.length > 0) return null;
  const [name, argument] = entry;
  const fits = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  return fits === undefined ? null : { fits, argument };
}

/** Characters, as people count them in every language. */
function lengthOf(came: Json[] | string): number {
  if (typeof came !== "string") return came.length;
  let length = 0;
  for (const _ of came) length += 1;
  return length;
}

function lists(pattern: readonly Json[], came: Json, at: string): string | null {
  if (!Array.isArray(came) || came.length !== pattern.length) {
    return unequal([...pattern], came, at);
  }
  for (const [index, item] of pattern.entries()) {
    const problem = mismatch(item, came[index] ?? null, `${at}[${index}]`);
    if (problem !== null) return problem;
  }
  return null;
}

function objects(pattern: JsonObject, came: Json, at: string): string | null {
  if (!isObject(came)) return unequal(pattern, came, at);
  return members(pattern, came, Object.keys({ ...pattern, ...came }), at);
}

function members(
  pattern: JsonObject,
  came: JsonObject,
  names: readonly string[],
  at: string,
): string | null {
  for (const name of names) {
    const place = `${at}.${name}`;
    const wanted = Object.hasOwn(pattern, name) ? (pattern[name] ?? null) : null;
    const found = Object.hasOwn(came, name) ? (came[name] ?? null) : null;
    const isWanted = wanted !== null && !(isObject(wanted) && wanted["$absent"] === true);
    if (found === null) {
      if (isWanted) return `${place}: expected ${shown(wanted)}, which is not there`;
    } else if (!isWanted) {
      return `${place}: expected nothing, came ${shown(found)}`;
    } else {
      const problem = mismatch(wanted, found, place);
      if (problem !== null) return problem;
    }
  }
  return null;
}

function unequal(pattern: Json, came: Json, at: string): string {
  return `${at}: expected ${shown(pattern)}, came ${shown(came)}`;
}

/** What is wrong when each of `came` has to fit a pattern of its own, in any order. */
export function mismatchInAnyOrder(
  patterns: readonly Json[],
  came: readonly Json[],
  at: string,
): string | null {
  // Who has which pattern; one that is taken may go to another who has no other choice.
  const owners = new Map<number, number>();
  const place = (item: number, tried: Set<number>): boolean => {
    for (const [index, pattern] of patterns.entries()) {
      if (tried.has(index) || mismatch(pattern, came[item] ?? null, at) !== null) continue;
      tried.add(index);
      const owner = owners.get(index);
      if (owner === undefined || place(owner, tried)) {
        owners.set(index, item);
        return true;
      }
    }
    return false;
  };
  const fits = patterns.length === came.length && came.every((_, item) => place(item, new Set()));
  return fits ? null : unequal([...patterns], [...came], `${at}, in any order`);
}
