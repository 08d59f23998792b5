/** Parts of the package that it keeps to itself, for tests of what no user sees as such. */

type Catalogs = typeof import("../../node_modules/codex-app-server-sdk/dist/runtime/catalog.js");
type Decoding = typeof import("../../node_modules/codex-app-server-sdk/dist/runtime/decode.js");
type Descriptors =
  typeof import("../../node_modules/codex-app-server-sdk/dist/descriptors/index.js");
type Encoding = typeof import("../../node_modules/codex-app-server-sdk/dist/runtime/encode.js");

/** What decodes and encodes, and the descriptions of all types. */
export interface Internals {
  readonly Catalog: Catalogs["Catalog"];
  readonly decode: Decoding["decode"];
  readonly encode: Encoding["encode"];
  readonly DOMAINS: Descriptors["DOMAINS"];
}

/** Loads them from the installed package, whose list of exports lacks them. */
export async function internals(): Promise<Internals> {
  const entry = import.meta.resolve("codex-app-server-sdk");
  const place = (path: string): string => new URL(path, entry).href;
  const [{ Catalog }, { decode }, { encode }, { DOMAINS }]: [
    Catalogs,
    Decoding,
    Encoding,
    Descriptors,
  ] = await Promise.all([
    import(place("./runtime/catalog.js")),
    import(place("./runtime/decode.js")),
    import(place("./runtime/encode.js")),
    import(place("./descriptors/index.js")),
  ]);
  return { Catalog, decode, encode, DOMAINS };
}
