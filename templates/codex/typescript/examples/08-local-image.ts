/** An image from a file, and a question about it. */

import { fileURLToPath } from "node:url";
import { Codex, LocalImageInput, TextInput } from "codex-app-server-sdk";

const PICTURE = fileURLToPath(new URL("shapes.png", import.meta.url));

await using codex = await Codex.start();
const thread = await codex.threadStart();
const result = await thread.run([TextInput("Which shapes are these?"), LocalImageInput(PICTURE)]);
console.log(result.finalResponse);
