/**
 * An image by its URL, and a question about it.
 *
 * The server fetches nothing from the web: an image from there goes along inside a `data:` URL.
 */

import { Codex, ImageInput, TextInput } from "codex-app-server-sdk";

const PICTURE =
  "data:image/png;base64," +
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAQMAAAAlPW0iAAAABlBMVEX49vAui1cCH3/c" +
  "AAAAIElEQVR42mNgAAPmAwz8Hxjkf4CQ/R8EgogApYAKwAAALpUMzRTL+2kAAAAASUVO" +
  "RK5CYII=";

await using codex = await Codex.start();
const thread = await codex.threadStart();
const result = await thread.run([TextInput("What is in this picture?"), ImageInput(PICTURE)]);
console.log(result.finalResponse);
