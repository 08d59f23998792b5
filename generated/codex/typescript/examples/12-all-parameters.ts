/** A turn with nearly everything that can be said about it, and an answer that fits a schema. */

import { ApprovalMode, Codex, Sandbox, TextInput } from "codex-app-server-sdk";

interface Place {
  city: string;
  inhabitants: number;
}

const PLACE = {
  type: "object",
  properties: { city: { type: "string" }, inhabitants: { type: "integer" } },
  required: ["city", "inhabitants"],
  additionalProperties: false,
};

await using codex = await Codex.start();
let model: string | null = null;
for await (const offered of codex.modelsAll()) if (offered.isDefault) model = offered.model;

const thread = await codex.threadStart({
  approvalMode: ApprovalMode.denyAll,
  sandbox: Sandbox.readOnly,
  baseInstructions: "You know geography.",
  developerInstructions: "Round numbers to thousands.",
  cwd: ".",
  ephemeral: true,
  serviceName: "geography lesson",
});
const result = await thread.run(
  [TextInput("Describe the capital of France."), TextInput("Answer with JSON alone.")],
  {
    approvalMode: ApprovalMode.denyAll,
    sandbox: Sandbox.workspaceWrite,
    cwd: ".",
    effort: "low",
    model,
    outputSchema: PLACE,
    serviceTier: null,
    summary: "concise",
  },
  // For the server to start the turn; the turn itself may take longer.
  { timeoutMs: 30_000 },
);
result.raiseForStatus();
const place: Place = JSON.parse(result.finalResponse ?? "{}");
console.log("city:", place.city);
console.log("inhabitants:", place.inhabitants);
