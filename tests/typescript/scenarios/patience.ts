/** Waiting for what has to come, with an end that no passing scenario sees. */

/** Milliseconds that anything may take. */
export const PATIENCE_MS = 60_000;

/** Waits for `event`; fails where it doesn't come. */
export async function patiently<T>(event: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([event, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Tells those who wait for something that it may have come about. */
export class News {
  readonly #waiting = new Set<() => void>();

  /** Something has happened. */
  tell(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** Waits until `look` finds what it looks for. */
  async until<T>(look: () => T | undefined, what: string): Promise<T> {
    let found: T | undefined;
    await patiently(
      this.when(() => {
        found ??= look();
        return found !== undefined;
      }),
      what,
    );
    if (found === undefined) throw new Error(`waited in vain for ${what}`);
    return found;
  }

  /** Waits until something holds, however long that takes. */
  async when(holds: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        try {
          if (!holds()) return;
          resolve();
        } catch (error) {
          reject(error);
        }
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }
}
