import { AppServerClient } from "codex-app-server-sdk";

// block
await client.close();
