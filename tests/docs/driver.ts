// Calls every function that a block of the docs is the body of, on a peer in place of the server.
//
// `calls.json` says what there is to call and with what; a function has to get to its end.

import { readFileSync } from "node:fs";
import { AppServerClient, Codex } from "codex-app-server-sdk";

interface Entry {
  module: string;
  function: string;
  first: string;
  given: [name: string, value: unknown][];
}

interface Functions {
  reached: null[];
  [name: string]: unknown;
}

async function call(entry: Entry, first: unknown): Promise<void> {
  const functions = (await import(`./${entry.module}.js`)) as Functions;
  const body = functions[entry.function] as (...given: unknown[]) => Promise<void>;
  const before = functions.reached.length;
  await body(first, ...entry.given.map(([, value]) => value));
  if (functions.reached.length !== before + 1)
    throw new Error(`${entry.function} has not been run to its end`);
}

function answer(): never {
  throw new Error("nobody asks");
}

async function messages(entries: Entry[]): Promise<void> {
  const client = await AppServerClient.start();
  try {
    for (const entry of entries) {
      if (entry.first === "event") await call(entry, await client.nextNotification());
      else await call(entry, entry.first === "answer" ? answer : client);
    }
  } finally {
    await client.close();
  }
}

async function convenience(entries: Entry[]): Promise<void> {
  const codex = await Codex.start();
  try {
    const thread = await codex.threadStart();
    const objects: Record<string, unknown> = {
      codex,
      thread,
      turnhandle: await thread.turn("Hello."),
      chatgptloginhandle: await codex.loginChatgpt(),
      devicecodeloginhandle: await codex.loginChatgptDeviceCode(),
    };
    for (const entry of entries) await call(entry, objects[entry.first]);
  } finally {
    await codex.close();
  }
}

const [, , part, file] = process.argv;
const calls = JSON.parse(readFileSync(file!, "utf8")) as Record<string, Entry[]>;
const entries = calls[part!]!;
await (part === "messages" ? messages : convenience)(entries);
console.log(entries.length, "functions run to their ends");
