/**
 * Versions: where a server tells its own, and which of two is the newer one.
 *
 * Knows semantic versions; knows nothing of connections.
 */

import type { VersionFacts } from "./facts.js";
import { lookUp } from "./plain.js";

/** What one version is beside another. */
export type Age = "older" | "same" | "newer";

const VERSION =
  /^([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;
const NUMBER = /^[0-9]{1,15}$/;

/** The version that the answer to the first call tells, whatever it looks like. */
export function versionIn(greeting: unknown, facts: VersionFacts): string | null {
  const found = lookUp(greeting, facts.path);
  if (typeof found !== "string") return null;
  const text = facts.before === undefined ? found : upTo(found, facts.before);
  if (facts.after === undefined) return text;
  const at = text.lastIndexOf(facts.after);
  return at < 0 ? null : text.slice(at + facts.after.length);
}

/** What `found` is beside `expected`; `null` if one of them is no semantic version. */
export function age(found: string, expected: string): Age | null {
  const [theirs, ours] = [VERSION.exec(found), VERSION.exec(expected)];
  if (theirs === null || ours === null) return null;
  const order = byNumbers(theirs, ours) || byPreview(theirs[4], ours[4]);
  return order === 0 ? "same" : order < 0 ? "older" : "newer";
}

function upTo(text: string, end: string): string {
  const at = text.indexOf(end);
  return at < 0 ? text : text.slice(0, at);
}

function byNumbers(left: readonly string[], right: readonly string[]): number {
  const differences = [1, 2, 3].map((part) => Number(left[part]) - Number(right[part]));
  return differences.find((difference) => difference !== 0) ?? 0;
}

/** A version that is not released yet comes before the released one. */
function byPreview(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined) {
    return Number(left === undefined) - Number(right === undefined);
  }
  const [lefts, rights] = [left.split("."), right.split(".")];
  for (const [index, part] of lefts.entries()) {
    const other = rights[index];
    if (other === undefined) return 1;
    const order = byPart(part, other);
    if (order !== 0) return order;
  }
  return lefts.length - rights.length;
}

/** Numbers come before words. */
function byPart(left: string, right: string): number {
  const [leftIsWord, rightIsWord] = [!NUMBER.test(left), !NUMBER.test(right)];
  if (leftIsWord !== rightIsWord) return Number(leftIsWord) - Number(rightIsWord);
  if (!leftIsWord) return Number(left) - Number(right);
  return left < right ? -1 : left > right ? 1 : 0;
}
