/** One scenario from its beginning to its end, and everything that has to be true then. */

import { readScenario, type Scenario, nameOf } from "./program.js";
import { plainUnknown } from "./hooks.js";
import { scriptedPeer } from "./peer.js";
import { groupsGone } from "./processes.js";
import { play, playAll } from "./steps.js";
import { realServer } from "./real.js";
import type { Server } from "./server.js";
import { Session } from "./session.js";
import { shown } from "./values.js";

/** Plays a scenario; fails with all that went wrong. */
export async function run(scenario: Scenario): Promise<void> {
  const server = await serverOf(scenario);
  const session = new Session(scenario, server, play);
  const problems: string[] = [];
  try {
    await playSteps(session);
    problems.push(...leftovers(session));
  } catch (error) {
    problems.push(textOf(error));
  }
  try {
    session.end();
    await session.close();
    problems.push(...(await aftermath(session)));
  } catch (error) {
    problems.push(textOf(error));
  } finally {
    await server.dispose();
  }
  if (problems.length > 0) throw new Error(`${scenario.name}\n${problems.join("\n")}`);
}

/** The scenario in a file, played. */
export async function runFile(path: string): Promise<void> {
  await run(readScenario(path));
}

async function serverOf(scenario: Scenario): Promise<Server> {
  return scenario.server === null ? scriptedPeer(scenario.path) : realServer(scenario.server);
}

async function playSteps(session: Session): Promise<void> {
  const { client: steps } = session.scenario;
  const [first] = steps;
  if (first === undefined || nameOf(first) !== "start") await session.start();
  await playAll(session, steps, "client step ", session.lookup);
}

/** What the steps began and didn't see to its end. */
function leftovers(session: Session): readonly string[] {
  const laters = [...session.laters.keys()].map((name) => `nobody awaited ${name}`);
  const unknowns = session.unknowns.map((unknown) => {
    return `no step expected this unknown: ${shown(plainUnknown(unknown))}`;
  });
  return [...laters, ...unknowns, ...session.troubles.map(textOf)];
}

/** What has to be true once the client has ended. */
async function aftermath(session: Session): Promise<readonly string[]> {
  const left = await groupsGone(session.server.leaders());
  const processes = left.map((pid) => `the process ${pid} is still there`);
  return [...session.server.verdict(), ...processes];
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
