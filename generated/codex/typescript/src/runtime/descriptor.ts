/**
 * Descriptors: what the types of a protocol are, for the decoder and the encoder.
 *
 * TypeScript's types are gone when a program runs; descriptors say the same once more, as plain
 * data. A family of types has one table, by type name:
 *
 *     export const TYPES: Table = {
 *       AbsolutePathBuf: ["alias", "string"],
 *       TurnStatus: ["open", "completed", "failed", "inProgress"],
 *       TextUserInput: { text: "string", text_elements: "?TextElement[]", type: "'text'" },
 *       UserInput: ["tagged", "type", { image: "ImageUserInput", text: "TextUserInput" }],
 *     };
 *
 * **A struct** is an object from wire names to expressions. A `?` before the expression: the member
 * may be left out. What all members beyond those named hold is told by a member `"*"`, where that
 * is anything but `unknown`.
 *
 * **Anything else** is an array whose first element says what it is:
 *
 * | descriptor | type |
 * | --- | --- |
 * | `["alias", expression]` | another name for it |
 * | `["open", ...values]` | a string; those beyond the values are kept, and reported |
 * | `["closed", ...values]` | one of these strings |
 * | `["tagged", key, arms]` | an object whose member `key` says which arm it is |
 * | `["external", strings, arms]` | one of the strings, or an object whose only key names the arm |
 * | `["untagged", ...arms]` | an object: the first arm that fits |
 * | `["either", ...arms]` | the first arm that fits, and nothing beyond them |
 *
 * `arms` is an object from tags to expressions, or a list of expressions. In the first three kinds
 * of unions, what fits no arm is kept as an unknown variant, and reported; where the tag is known
 * or the value is of another JSON type, it is an error. `either` is for unions of primitives, and
 * for those that are an arm of a tagged union themselves.
 *
 * **Expressions** are written as in TypeScript:
 *
 *     expression = postfix [ "|null" ]
 *     postfix    = primary { "[]" | "{}" }             a list; an object with such members
 *     primary    = primitive | literal | [ domain "." ] Name | "(" expression ")"
 *     primitive  = "string" | "nonempty" | "boolean" | integer | "number" | "null" | "unknown"
 *     integer    = [ "u" ] "int" ( "8" | "16" | "32" | "64" )
 *     literal    = "'" text "'" | digits | "true" | "false"
 *
 * In a literal's text, a backslash takes the next character as it is. A name without a domain is in
 * the same table.
 */

/** The descriptors of a family of types. */
export type Table = Readonly<Record<string, Descriptor>>;

/** What a type is. */
export type Descriptor =
  | Members
  | readonly ["alias", string]
  | readonly ["open", ...string[]]
  | readonly ["closed", ...string[]]
  | readonly ["tagged", string, Members]
  | readonly ["external", readonly string[], Members]
  | readonly ["untagged", ...string[]]
  | readonly ["either", ...string[]];

/** Expressions by name: a struct's members, or a union's arms. */
export type Members = Readonly<Record<string, string>>;

/** Where each family's descriptors are. */
export type Domains = Readonly<Record<string, Domain>>;

/** Where a family's descriptors are. */
export interface Domain {
  /** Loads them. */
  readonly load: () => Promise<{ readonly TYPES: Table }>;
  /** The other families that they refer to. */
  readonly uses: readonly string[];
}

/** A type as the decoder and the encoder walk it. */
export type Shape =
  | { readonly kind: "unknown" | "string" | "nonempty" | "boolean" | "number" | "null" }
  | Integer
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "list" | "map" | "nullable"; readonly inner: Shape }
  | Reference
  | Struct
  | { readonly kind: "enum"; readonly values: ReadonlySet<string>; readonly open: boolean }
  | { readonly kind: "tagged"; readonly key: string; readonly arms: ReadonlyMap<string, Shape> }
  | External
  | { readonly kind: "untagged"; readonly arms: readonly Shape[]; readonly open: boolean };

/** A whole number within bounds. */
export interface Integer {
  readonly kind: "integer";
  readonly min: number;
  readonly max: number;
}

/** A named type, found when it is first met. */
export interface Reference {
  readonly kind: "reference";
  readonly domain: string;
  readonly name: string;
  target?: Shape;
}

/** An object with known members. */
export interface Struct {
  readonly kind: "struct";
  readonly fields: ReadonlyMap<string, Field>;
  readonly extra: Shape;
}

/** A member of an object. */
export interface Field {
  readonly wire: string;
  readonly shape: Shape;
  readonly optional: boolean;
  /** Whether every object has something by this name, even if nobody gave it one. */
  readonly inherited: boolean;
}

/** A string, or an object whose only key names the arm. */
export interface External {
  readonly kind: "external";
  readonly strings: ReadonlySet<string>;
  readonly arms: ReadonlyMap<string, Shape>;
}

/** Anything at all. */
export const ANYTHING: Shape = { kind: "unknown" };

/** What a descriptor of the family `domain` describes. */
export function shapeOf(descriptor: Descriptor, domain: string): Shape {
  if (!isTuple(descriptor)) return structOf(descriptor, domain);
  switch (descriptor[0]) {
    case "alias":
      return parse(descriptor[1], domain);
    case "open":
    case "closed":
      return {
        kind: "enum",
        values: new Set(descriptor.slice(1)),
        open: descriptor[0] === "open",
      };
    case "tagged":
      return { kind: "tagged", key: descriptor[1], arms: armsOf(descriptor[2], domain) };
    case "external":
      return {
        kind: "external",
        strings: new Set(descriptor[1]),
        arms: armsOf(descriptor[2], domain),
      };
    case "untagged":
    case "either":
      return {
        kind: "untagged",
        arms: descriptor.slice(1).map((arm) => parse(arm, domain)),
        open: descriptor[0] === "untagged",
      };
  }
}

function isTuple(descriptor: Descriptor): descriptor is Exclude<Descriptor, Members> {
  return Array.isArray(descriptor);
}

function structOf(members: Members, domain: string): Struct {
  const fields = new Map<string, Field>();
  let extra = ANYTHING;
  for (const [wire, text] of Object.entries(members)) {
    const optional = text.startsWith("?");
    const shape = parse(optional ? text.slice(1) : text, domain);
    if (wire === "*") extra = shape;
    else fields.set(wire, { wire, shape, optional, inherited: wire in Object.prototype });
  }
  return { kind: "struct", fields, extra };
}

function armsOf(members: Members, domain: string): ReadonlyMap<string, Shape> {
  return new Map(Object.entries(members).map(([tag, text]) => [tag, parse(text, domain)]));
}

const TOKEN = /\|null|\[\]|\{\}|[()]|'(?:[^'\\]|\\.)*'|-?\d+|[A-Za-z_$][\w$]*(?:\.[\w$]+)?/y;

/** The shape that an expression stands for. */
export function parse(text: string, domain: string): Shape {
  const tokens = tokensOf(text);
  let next = 0;

  function expression(): Shape {
    const inner = postfix();
    if (tokens[next] !== "|null") return inner;
    next += 1;
    return { kind: "nullable", inner };
  }

  function postfix(): Shape {
    let shape = primary();
    for (;;) {
      const token = tokens[next];
      if (token !== "[]" && token !== "{}") return shape;
      next += 1;
      shape = { kind: token === "[]" ? "list" : "map", inner: shape };
    }
  }

  function primary(): Shape {
    const token = tokens[next];
    next += 1;
    if (token === undefined) throw new Error(`descriptor ${text}: ends too early`);
    if (token !== "(") return named(token, domain);
    const inner = expression();
    if (tokens[next] !== ")") throw new Error(`descriptor ${text}: lacks a ")"`);
    next += 1;
    return inner;
  }

  const shape = expression();
  if (next < tokens.length) throw new Error(`descriptor ${text}: unexpected ${tokens[next]}`);
  return shape;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  let position = 0;
  while (position < text.length) {
    TOKEN.lastIndex = position;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined)
      throw new Error(`descriptor ${text}: can't read ${text.slice(position)}`);
    tokens.push(token);
    position += token.length;
  }
  return tokens;
}

const INTEGER = /^(u?)int(8|16|32|64)$/;

/**
 * A whole number of so many bits. Of those with 64, only such as JavaScript's numbers can hold:
 * another would be a different one by the time that anybody sees it.
 */
function integerOf(unsigned: boolean, bits: number): Integer {
  const max = Math.min(2 ** (unsigned ? bits : bits - 1) - 1, Number.MAX_SAFE_INTEGER);
  const min = bits === 64 ? -max : -(2 ** (bits - 1));
  return { kind: "integer", min: unsigned ? 0 : min, max };
}

/** Whether `value` is a whole number within the bounds. */
export function isWithin({ min, max }: Integer, value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
}

function named(token: string, domain: string): Shape {
  switch (token) {
    case "string":
    case "nonempty":
    case "boolean":
    case "number":
    case "null":
    case "unknown":
      return { kind: token };
    case "true":
    case "false":
      return { kind: "literal", value: token === "true" };
  }
  if (token.startsWith("'")) {
    return { kind: "literal", value: token.slice(1, -1).replace(/\\(.)/g, "$1") };
  }
  const [, unsigned, bits] = INTEGER.exec(token) ?? [];
  if (bits !== undefined) return integerOf(unsigned === "u", Number(bits));
  if (/^-?\d/.test(token)) return { kind: "literal", value: Number(token) };
  const dot = token.indexOf(".");
  return dot < 0
    ? { kind: "reference", domain, name: token }
    : { kind: "reference", domain: token.slice(0, dot), name: token.slice(dot + 1) };
}
