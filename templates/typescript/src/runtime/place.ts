/** Where in a message something is, written as a JSON path: `$.params.turn.items[0].type`. */

const PLAIN = /^[A-Za-z_$][\w$]*$/;

/** How many problems of one message are told. */
const SHOWN = 20;

/** The way from a message's top to a value in it, kept up to date by whoever walks the message. */
export class Place {
  readonly #root: string;
  readonly #steps: (string | number)[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  enter(step: string | number): void {
    this.#steps.push(step);
  }

  leave(): void {
    this.#steps.pop();
  }

  toString(): string {
    const steps = this.#steps.map((step) => {
      if (typeof step === "number") return `[${step}]`;
      return PLAIN.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    });
    return this.#root + steps.join("");
  }
}

/** The first problems, and how many more there are. */
export function summed(problems: readonly string[]): readonly string[] {
  const more = problems.length - SHOWN;
  return more <= 0 ? problems : [...problems.slice(0, SHOWN), `and ${more} more`];
}

/** What a value is, in a few words. */
export function described(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "string":
      return value.length <= 40 ? JSON.stringify(value) : "a string";
    case "object":
      return "an object";
    case "undefined":
      return "undefined";
    default:
      return String(value).slice(0, 40);
  }
}

/** What a whole number has to be, in a few words. */
export function wholeNumber({ min, max }: { readonly min: number; readonly max: number }): string {
  return `a whole number from ${min} to ${max}`;
}
