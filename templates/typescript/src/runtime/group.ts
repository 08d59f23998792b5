/**
 * A process and all that it has started, as one thing that can be told to end; and the promise that
 * none of them outlives this process.
 *
 * A signal that ends this process leaves no time for that; the server then finds its input closed,
 * which ends it too. There are no listeners for signals here: with one, a program that has others
 * could no longer be interrupted, as each would leave the signal's usual effect to the other.
 *
 * The one place that knows how operating systems differ in this.
 */

import { spawnSync } from "node:child_process";

const WINDOWS = process.platform === "win32";

/** Options of `spawn` that make a process lead a group of its own. */
export const GROUP_OPTIONS = { detached: !WINDOWS, windowsHide: true } as const;

const living = new Set<number>();

/** Asks a group to end. */
export function terminate(pid: number): void {
  if (WINDOWS) taskkill(pid, []);
  else signal(pid, "SIGTERM");
}

/** Ends a group, whatever is left of it. Harmless if nothing is. */
export function kill(pid: number): void {
  if (WINDOWS) taskkill(pid, ["/F"]);
  else signal(pid, "SIGKILL");
}

/** From now on, the group ends with this process. */
export function guard(pid: number): void {
  if (living.size === 0) process.on("exit", killAll);
  living.add(pid);
}

/** The group has ended. */
export function unguard(pid: number): void {
  living.delete(pid);
  if (living.size === 0) process.off("exit", killAll);
}

function killAll(): void {
  for (const pid of living) kill(pid);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // Nothing is left of it; macOS says so with another error when zombies are left.
  }
}

function taskkill(pid: number, options: readonly string[]): void {
  spawnSync("taskkill", [...options, "/T", "/PID", String(pid)], {
    stdio: "ignore",
    windowsHide: true,
  });
}
