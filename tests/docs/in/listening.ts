import { AppServerClient, TransportClosed } from "codex-app-server-sdk";

const client = await AppServerClient.start();
// Something to hear of. Closing the client ends every stream, which is told by an error.
const started = client.threadStart({}).then(() => client.close());
try {
  // block
} catch (error) {
  if (!(error instanceof TransportClosed)) throw error;
}
await started;
