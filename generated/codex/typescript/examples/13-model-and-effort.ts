/** Choosing a model, and how much it thinks, from what the server offers. */

import { Codex } from "codex-app-server-sdk";
import type { Model } from "codex-app-server-sdk/types";

async function defaultModel(codex: Codex): Promise<Model> {
  for await (const model of codex.modelsAll()) if (model.isDefault) return model;
  throw new Error("no model is the default");
}

await using codex = await Codex.start();
const model = await defaultModel(codex);
console.log("model:", model.model);
// They are listed from the least to the most.
const efforts = model.supportedReasoningEfforts.map((option) => option.reasoningEffort);
const [least = null] = efforts;
const most = efforts.at(-1) ?? null;
console.log("least effort:", least);
console.log("most effort:", most);

const thread = await codex.threadStart({ model: model.model });
const quick = await thread.run("Why is the sky blue?", { effort: least });
console.log("quick answer:", quick.finalResponse);
const good = await thread.run("Why is it red at night?", { effort: most });
console.log("good answer:", good.finalResponse);
