/**
 * Values of unions that the schema doesn't know: what they look like, and how to tell them.
 *
 * Knows neither descriptors nor messages.
 */

/** What stands in the place of a tag that this package doesn't know. No protocol uses it itself. */
export const UNKNOWN = "$unknown";

/**
 * A value of a union that is none of the variants this package knows. It is sent back exactly as it
 * came.
 *
 * It has a tag of its own, `"$unknown"`, so that it can be a `case` of a `switch` beside the known
 * variants, and a `switch` that lacks a case is still found out. `Key` is the member that holds the
 * union's tag; unions without such a member use `type`.
 */
export type UnknownVariant<Key extends string = "type"> = {
  readonly [K in Key]: typeof UNKNOWN;
} & UnknownValue;

/** What every unknown variant holds. */
export interface UnknownValue {
  /** What the server calls the variant, where the union has tags. */
  readonly tag: string | null;
  /** The value as it came. */
  readonly raw: unknown;
}

/** Whether a value of a union is none of the variants that this package knows. */
export function isUnknownVariant<T>(value: T): value is Extract<T, UnknownValue> {
  return (
    typeof value === "object" &&
    value !== null &&
    "tag" in value &&
    "raw" in value &&
    Object.values(value).includes(UNKNOWN)
  );
}

/**
 * A variant that this package doesn't know, to be sent as `raw`.
 *
 * @param key The member that holds the union's tag; `type` for unions without such a member.
 */
export function unknownVariant<Key extends string>(
  key: Key,
  tag: string | null,
  raw: unknown,
): UnknownVariant<Key>;
export function unknownVariant(key: string, tag: string | null, raw: unknown): UnknownValue {
  return { [key]: UNKNOWN, tag, raw };
}
