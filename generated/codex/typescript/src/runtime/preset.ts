/** Choices by name, each of which stands for members of params. */

/** What the choices of a preset stand for. */
export interface Preset<Choice extends string, Members extends object> {
  /** The preset's name. */
  readonly name: string;
  /** The members that each choice sets. Of these, the ones count that the params in question have. */
  readonly sets: Readonly<Record<Choice, Members>>;
}

/**
 * What a choice sets these members to: nothing if nothing was chosen.
 *
 * @throws TypeError if there is no such choice, which the type checker can't see to everywhere.
 */
export function setting<Choice extends string, Members extends object, M extends keyof Members>(
  preset: Preset<Choice, Members>,
  choice: Choice | null | undefined,
  ...members: readonly M[]
): Partial<Pick<Members, M>> {
  const set: Partial<Pick<Members, M>> = {};
  if (choice === null || choice === undefined) return set;
  if (!Object.hasOwn(preset.sets, choice)) {
    const names = Object.keys(preset.sets).map((name) => `${preset.name}.${name}`);
    const found = typeof choice === "string" ? JSON.stringify(choice) : String(choice);
    throw new TypeError(`${found} is no ${preset.name}; there are ${names.join(", ")}`);
  }
  const all = preset.sets[choice];
  for (const member of members) if (Object.hasOwn(all, member)) set[member] = all[member];
  return set;
}
