/** What scripted peers are made of: `on` says what is done with each method. */

import { createInterface } from "node:readline";

export const write = (text) => process.stdout.write(text);
export const send = (message) => write(`${JSON.stringify(message)}\n`);
export const answer = ({ id }, result) => send({ id, result });
export const fail = ({ id }, code, message, data) => send({ id, error: { code, message, data } });
export const notice = (method, params) => send({ method, params });

/** Asks the client, and gives its whole answer. */
export function ask(id, method, params) {
  send({ id, method, params });
  return new Promise((resolve) => answers.set(id, resolve));
}

/** Values of the protocol, with every member that has to be there. */
export const greeting = {
  userAgent: "peer/1",
  codexHome: "/h",
  platformFamily: "unix",
  platformOs: "linux",
};
export const thread = (id = "t1") => ({
  id,
  cliVersion: "0",
  createdAt: 1,
  cwd: "/",
  ephemeral: true,
  modelProvider: "m",
  preview: "",
  projectId: null,
  sessionId: "s",
  source: "appServer",
  status: { type: "idle" },
  turns: [],
  updatedAt: 2,
});
export const turn = (id, status = "inProgress") => ({ id, items: [], status });
export const models = (data = []) => ({ data });
export const model = (id) => ({
  id,
  model: id,
  defaultReasoningEffort: "medium",
  description: "",
  displayName: id,
  hidden: false,
  isDefault: false,
  supportedReasoningEfforts: [],
});

/** Notifications of one turn. */
export const delta = (turnId, text, threadId = "t1") =>
  notice("item/agentMessage/delta", { threadId, turnId, itemId: "i", delta: text });
export const started = (id, threadId = "t1") =>
  notice("turn/started", { threadId, turn: turn(id) });
export const done = (id, threadId = "t1") =>
  notice("turn/completed", { threadId, turn: turn(id, "completed") });

export const greet = (message) => answer(message, greeting);
export const on = { initialize: greet };

const answers = new Map();
createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line);
  if (message.method === undefined) answers.get(message.id)?.(message);
  else on[message.method]?.(message, line);
});
