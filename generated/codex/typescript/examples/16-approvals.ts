/** Being asked on the terminal before the agent does something beyond its sandbox. */

import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline";
import { Codex, Sandbox, type ServerRequestHandlers } from "codex-app-server-sdk";

const terminal = createInterface({ input: stdin });
const lines = terminal[Symbol.asyncIterator]();

async function allows(reason: string | null | undefined): Promise<boolean> {
  if (reason) console.log("because:", reason);
  stdout.write("Allow it? [y/N] ");
  const { done, value } = await lines.next();
  return !done && value === "y";
}

const handlers: ServerRequestHandlers = {
  itemCommandExecutionRequestApproval: async ({ command, reason }) => {
    console.log("the agent wants to run:", command);
    return { decision: (await allows(reason)) ? "accept" : "decline" };
  },
  itemFileChangeRequestApproval: async ({ reason }) => {
    console.log("the agent wants to change files");
    return { decision: (await allows(reason)) ? "accept" : "decline" };
  },
};

await using codex = await Codex.start({ handlers });
// Without a mode of approval the configuration decides, which is given here: ask the user.
const thread = await codex.threadStart({
  approvalMode: null,
  config: { approval_policy: "on-request", approvals_reviewer: "user" },
  sandbox: Sandbox.readOnly,
});
for (const wish of ["Write a greeting to greeting.txt.", "Now delete it."]) {
  const result = await thread.run(wish);
  for (const item of result.items) {
    if (item.type === "commandExecution") console.log("the command:", item.status);
  }
  console.log(result.finalResponse);
}
terminal.close();
