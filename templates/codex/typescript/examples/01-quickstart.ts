/** The shortest way to an answer: start the server, start a thread, run one turn. */

import { Codex } from "codex-app-server-sdk";

await using codex = await Codex.start();
const thread = await codex.threadStart();
const result = await thread.run("Say hello in one sentence.");
result.raiseForStatus();
console.log(result.finalResponse);
