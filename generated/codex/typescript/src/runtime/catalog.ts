/**
 * The types of a protocol, found by name. Families of types are loaded when first needed, with
 * those that they refer to; a type's shape is worked out when it is first met.
 */

import { type Domains, type Reference, type Shape, shapeOf, type Table } from "./descriptor.js";

/** All types that have been met so far. */
export class Catalog {
  readonly #domains: Domains;
  readonly #tables = new Map<string, Table>();
  /** By references. */
  readonly #shapes = new Map<string, Shape>();
  readonly #loading = new Map<string, Promise<void>>();
  readonly #ready = new Set<string>();

  constructor(domains: Domains) {
    this.#domains = domains;
  }

  /** Whether a type, written `domain.Name`, can be used at once. */
  isLoaded(reference: string | undefined): boolean {
    if (reference === undefined || this.#shapes.has(reference)) return true;
    return this.#ready.has(split(reference)[0]);
  }

  /** Makes types usable. */
  async load(...references: readonly (string | undefined)[]): Promise<void> {
    const wanted = new Set<string>();
    for (const reference of references) {
      if (reference !== undefined) this.#collect(split(reference)[0], wanted);
    }
    await Promise.all(Array.from(wanted, (domain) => this.#loadOne(domain)));
    // Whatever these families refer to was among them.
    for (const domain of wanted) this.#ready.add(domain);
  }

  /** The shape of a type, written `domain.Name`. Its family has to be loaded. */
  shape(reference: string): Shape {
    const known = this.#shapes.get(reference);
    if (known !== undefined) return known;
    const [domain, name] = split(reference);
    return this.#find(domain, name);
  }

  /** What a reference refers to. */
  resolve(reference: Reference): Shape {
    reference.target ??= this.#find(reference.domain, reference.name);
    return reference.target;
  }

  #find(domain: string, name: string): Shape {
    const key = `${domain}.${name}`;
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      const table = this.#tables.get(domain);
      const descriptor =
        table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
      if (descriptor === undefined) throw new Error(`no descriptor of ${key}`);
      shape = shapeOf(descriptor, domain);
      this.#shapes.set(key, shape);
    }
    return shape;
  }

  #collect(domain: string, into: Set<string>): void {
    if (into.has(domain)) return;
    into.add(domain);
    for (const used of this.#domains[domain]?.uses ?? []) this.#collect(used, into);
  }

  #loadOne(domain: string): Promise<void> {
    let loading = this.#loading.get(domain);
    if (loading === undefined) {
      loading = this.#read(domain);
      this.#loading.set(domain, loading);
    }
    return loading;
  }

  async #read(domain: string): Promise<void> {
    const found = this.#domains[domain];
    if (found === undefined) throw new Error(`no descriptors of ${domain}`);
    this.#tables.set(domain, (await found.load()).TYPES);
  }
}

function split(reference: string): [domain: string, name: string] {
  const dot = reference.indexOf(".");
  return [reference.slice(0, dot), reference.slice(dot + 1)];
}
