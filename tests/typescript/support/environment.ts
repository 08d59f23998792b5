/** What `cargo xtask test` tells the tests. */

/** The value of an environment variable that has to be there. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; \`cargo xtask test\` sets it`);
  return value;
}

/** The repository's root. */
export function repository(): string {
  return required("RPCSMITH_REPO");
}
