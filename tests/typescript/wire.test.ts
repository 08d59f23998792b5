/**
 * The wire vectors of `cargo xtask vectors`: the package's own decoder and encoder keep what is
 * valid of every type, and reject what is not.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { EncodeError, isUnknownVariant } from "codex-app-server-sdk";
import { note } from "./support/results.js";
import { required } from "./support/environment.js";
import { internals } from "./support/internals.js";

/** How many failures are shown. */
const SHOWN = 40;

/** A line of the file. */
interface Vector {
  readonly type: string;
  readonly case: string;
  readonly rule: string;
  readonly valid: boolean;
  readonly message: unknown;
  /** Members that are `null` and may come back left out. */
  readonly null_or_absent?: readonly string[];
  readonly unknown?: readonly Unknown[];
  /** A whole number that a double can't hold. */
  readonly wide?: string;
  /** What is wrong. */
  readonly path?: string;
  /** Whether it may be told to be further in. */
  readonly inside?: boolean;
}

/** Something that the schema doesn't know. */
interface Unknown {
  readonly kind: "variant" | "enum_value";
  readonly path: string;
  readonly raw: unknown;
}

const { Catalog, decode, encode, DOMAINS } = await internals();
const catalog = new Catalog(DOMAINS);
const references = new Map<string, string>();
for (const [domain, { load }] of Object.entries(DOMAINS)) {
  const { TYPES } = await load();
  for (const name of Object.keys(TYPES)) references.set(name, `${domain}.${name}`);
}
await catalog.load(...references.values());

/** What comes of a vector that shouldn't; `null` if all is well. */
function difference(vector: Vector, line: string): string | null {
  const reference = references.get(vector.type);
  if (reference === undefined) return "there is no such type";
  // Decoding works in place.
  const { message }: { message: unknown } = JSON.parse(line);
  const { value, problems, findings } = decode(catalog, catalog.shape(reference), message, "$");
  // A number is a double here.
  const wrong = vector.wide ?? vector.path;
  if (wrong !== undefined) {
    // Whoever is told of it gets it as it came.
    const harm = unequal(vector.message, message, "$", new Set());
    return misplaced(problems, wrong, vector.inside ?? false) ?? harm;
  }
  if (problems.length > 0) return `was rejected: ${problems.join("; ")}`;
  let text: string;
  try {
    text = encode(catalog, reference, "vectors", value, "$");
  } catch (error) {
    if (error instanceof EncodeError) return `can't be written again: ${error.message}`;
    throw error;
  }
  const loose = new Set(vector.null_or_absent);
  const variants = findings.filter(({ kind }) => kind === "variant").length;
  if (variantsIn(value) !== variants) return `holds ${variantsIn(value)} unknown variants`;
  return (
    unequal(vector.message, JSON.parse(text), "$", loose) ??
    unequalUnknowns(
      vector.unknown ?? [],
      findings.map(({ kind, path, raw }) => {
        return { kind: kind === "enumValue" ? "enum_value" : kind, path, raw };
      }),
    )
  );
}

function misplaced(problems: readonly string[], path: string, inside: boolean): string | null {
  if (problems.length === 0) return "was taken";
  const ends = inside ? [":", ".", "["] : [":"];
  const fits = problems.every((one) => ends.some((end) => one.startsWith(path + end)));
  return fits ? null : `expected problems at ${path}, found ${problems.join("; ")}`;
}

function unequalUnknowns(expected: readonly Unknown[], found: readonly Unknown[]): string | null {
  const sorted = (unknowns: readonly Unknown[]): Unknown[] =>
    unknowns.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  const difference = unequal(sorted(expected), sorted(found), "unknowns", new Set());
  return difference === null ? null : `${difference}: ${JSON.stringify(found)}`;
}

/** How many unknown variants there are in a value. */
function variantsIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  if (isUnknownVariant(value)) return 1;
  return Object.values(value).reduce((count: number, inner) => count + variantsIn(inner), 0);
}

/** Where two values differ. A `null` at one of the places in `loose` may be left out. */
function unequal(
  expected: unknown,
  found: unknown,
  path: string,
  loose: ReadonlySet<string>,
): string | null {
  if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    for (const [index, item] of expected.entries()) {
      const difference = unequal(item, found[index], `${path}[${index}]`, loose);
      if (difference !== null) return difference;
    }
    return null;
  }
  if (isObject(expected) && isObject(found)) return unequalMembers(expected, found, path, loose);
  // Zero has a sign that JSON.stringify doesn't write.
  if (expected === found) return null;
  return `${path} was ${JSON.stringify(expected)}, and became ${JSON.stringify(found)}`;
}

function unequalMembers(
  expected: Record<string, unknown>,
  found: Record<string, unknown>,
  path: string,
  loose: ReadonlySet<string>,
): string | null {
  const more = Object.keys(found).find((key) => !Object.hasOwn(expected, key));
  if (more !== undefined) return `${path} got the member ${JSON.stringify(more)}`;
  for (const [key, value] of Object.entries(expected)) {
    const place = path + step(key);
    if (Object.hasOwn(found, key)) {
      const difference = unequal(value, found[key], place, loose);
      if (difference !== null) return difference;
    } else if (value !== null || !loose.has(place)) {
      return `${place} was ${JSON.stringify(value)}, and is gone`;
    }
  }
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The step to a member, as paths are written. */
function step(key: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

test("every type keeps what is valid and rejects what is not", () => {
  const lines = readFileSync(required("RPCSMITH_VECTORS"), "utf8").trimEnd().split("\n");
  const types = new Set<string>();
  const rules = new Map<string, boolean>();
  const failures: string[] = [];
  for (const line of lines) {
    const vector: Vector = JSON.parse(line);
    const found = difference(vector, line);
    if (found !== null) {
      const message = JSON.stringify(vector.message).slice(0, 200);
      failures.push(`${vector.type}, ${vector.case}: ${found}; ${message}`);
    }
    types.add(vector.type);
    rules.set(vector.rule, (rules.get(vector.rule) ?? true) && found === null);
  }
  const agreed = lines.length - failures.length;
  console.log(
    `wire vectors: typescript agrees with ${agreed} of ${lines.length}, of ${types.size} types`,
  );
  for (const [rule, passed] of rules) note(rule, `${rule}-wire-vectors`, passed);
  assert.equal(types.size, references.size, "types without vectors");
  const shown = failures.slice(0, SHOWN).join("\n");
  assert.ok(failures.length === 0, `${failures.length} failures:\n${shown}`);
});
