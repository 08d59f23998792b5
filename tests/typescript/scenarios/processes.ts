/** The process table: who is still there. */

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** Milliseconds that what was told to end may take to be gone. */
const GONE_MS = 10_000;
/** Milliseconds between two looks: nothing tells that a process of somebody else has ended. */
const LOOK_MS = 10;

/** Waits until these processes and their groups are gone; gives those that stay. */
export async function groupsGone(leaders: readonly number[]): Promise<readonly number[]> {
  const until = performance.now() + GONE_MS;
  for (;;) {
    const left = stillThere(leaders);
    if (left.length === 0 || performance.now() > until) return left;
    await wait(LOOK_MS);
  }
}

function stillThere(leaders: readonly number[]): readonly number[] {
  if (process.platform !== "linux") return leaders.filter((pid) => exists(pid) || exists(-pid));
  const wanted = new Set(leaders);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const entry = entryOf(pid);
      return entry !== null && (wanted.has(pid) || wanted.has(entry.group)) && counts(entry);
    });
}

/** What is dead and waits for others than us to notice doesn't count. */
function counts({ state, parent }: Entry): boolean {
  return state !== "Z" || parent === process.pid;
}

interface Entry {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
}

function entryOf(pid: number): Entry | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state = "", parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, parent: Number(parent), group: Number(group) };
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
