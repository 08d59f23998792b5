/** What the server says about itself, and which models it offers. */

import { Codex, SERVER_VERSION } from "codex-app-server-sdk";

await using codex = await Codex.start();
const server = codex.metadata;
console.log("server:", server.name, server.version);
console.log("as this package was made for:", server.version === SERVER_VERSION ? "yes" : "no");
console.log("platform:", server.platformFamily, server.platformOs);
console.log("files in:", server.codexHome);

// One page of the list, and an iterator over all pages.
const page = await codex.models({ limit: 2 });
console.log("models on the first page:", page.data.length);
for await (const model of codex.modelsAll()) {
  if (!model.isDefault) continue;
  const efforts = model.supportedReasoningEfforts.map((option) => option.reasoningEffort);
  console.log("model:", model.model, "efforts:", efforts.join(", "));
}
