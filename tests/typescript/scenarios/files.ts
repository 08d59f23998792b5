/** The steps that concern what is around the real server: files, and the model. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { mismatch } from "./patterns.js";
import type { Session } from "./session.js";
import type { Step } from "./step.js";

export async function file(_: Session, step: Step): Promise<void> {
  mkdirSync(dirname(step.target), { recursive: true });
  writeFileSync(step.target, step.text("text") ?? "");
}

export async function hasFile(_: Session, step: Step): Promise<void> {
  const path = step.target;
  const text = existsSync(path) ? readFileSync(path, "utf8") : null;
  const pattern = step.get("text") ?? { $any: true };
  // As a member, so that a file that isn't there may be what is expected.
  const problem = mismatch({ text: pattern }, { text }, path);
  if (problem !== null) throw new Error(problem);
}

export async function model(session: Session, step: Step): Promise<void> {
  if (step.target !== "stop") throw new Error(`the model can be stopped, not ${step.target}`);
  await session.server.stopModel();
}
