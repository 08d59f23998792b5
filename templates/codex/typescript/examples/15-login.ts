/** Logging in, looking at the account, and logging out. */

import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline";
import { Codex } from "codex-app-server-sdk";
import type { GetAccountResponse } from "codex-app-server-sdk/types";

const terminal = createInterface({ input: stdin });
const lines = terminal[Symbol.asyncIterator]();

async function ask(question: string): Promise<string> {
  stdout.write(question);
  const { done, value } = await lines.next();
  return done ? "" : value.trim();
}

async function showAccount(codex: Codex): Promise<GetAccountResponse> {
  const found = await codex.account();
  const { account, requiresOpenaiAuth } = found;
  if (account?.type === "chatgpt") console.log("logged in as", account.email);
  else if (account?.type === "apiKey") console.log("logged in with an API key");
  else if (account) console.log("logged in");
  else console.log(requiresOpenaiAuth ? "not logged in" : "no login is needed");
  return found;
}

async function logIn(codex: Codex): Promise<void> {
  const choice = await ask(
    "Log in with [k] an API key, [b] a browser here, [d] a browser elsewhere: ",
  );
  if (choice === "k") {
    if (stdin.isTTY) console.log("The key will be visible as you type it.");
    await codex.loginApiKey(await ask("API key: "));
  } else if (choice === "b") {
    const browser = await codex.loginChatgpt();
    console.log("open", browser.authUrl);
    const { success } = await browser.wait();
    console.log(success ? "success" : "failure");
  } else if (choice === "d") {
    const device = await codex.loginChatgptDeviceCode();
    console.log("open", device.verificationUrl, "and type", device.userCode);
    const { success } = await device.wait();
    console.log(success ? "success" : "failure");
  }
}

await using codex = await Codex.start();
let found = await showAccount(codex);
if (!found.account && found.requiresOpenaiAuth) {
  await logIn(codex);
  found = await showAccount(codex);
}
if (found.account && (await ask("Log out? [y/N] ")) === "y") {
  await codex.logout();
  await showAccount(codex);
}
terminal.close();
