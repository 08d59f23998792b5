/** What can go wrong, and what to do about it. */

import {
  Codex,
  isRetryableError,
  JsonRpcError,
  retryOnOverload,
  ServerNotFoundError,
  TransportClosed,
  TurnFailedError,
} from "codex-app-server-sdk";

// The server isn't where it should be.
try {
  await Codex.start({ codexBin: "no-such-folder/codex" });
} catch (error) {
  if (!(error instanceof ServerNotFoundError)) throw error;
  // The error itself says where it was looked for, and how to install it.
  console.log("the server was not found");
}

async function goThrough(codex: Codex): Promise<void> {
  // The server refuses a call. Trying again would help only if it were too busy.
  try {
    await codex.threadResume("00000000-0000-0000-0000-000000000000");
  } catch (error) {
    if (!(error instanceof JsonRpcError)) throw error;
    console.log("refused:", error.code, error.message);
    console.log("worth another try:", isRetryableError(error) ? "yes" : "no");
  }

  // Tries again, more and more slowly, for as long as the server is too busy.
  const page = await retryOnOverload(() => codex.models({ limit: 1 }), { attempts: 5 });
  console.log("models:", page.data.length);

  // A turn that fails is a result like any other; whoever wants an error asks for it.
  const thread = await codex.threadStart({ model: "no-such-model" });
  const result = await thread.run("Say hello.");
  console.log("status:", result.status);
  try {
    result.raiseForStatus();
  } catch (error) {
    if (!(error instanceof TurnFailedError)) throw error;
    console.log("because:", error.result.error?.message ?? "nobody knows");
  }
}

const codex = await Codex.start();
try {
  await goThrough(codex);
} finally {
  await codex.close();
}

// Nothing hangs once the server is gone.
try {
  await codex.models();
} catch (error) {
  if (!(error instanceof TransportClosed)) throw error;
  console.log("the connection has ended");
}
