/** The real server, in a home of its own, with the model server and with a tap between. */

import type { Server } from "./server.js";
import type { JsonObject } from "./values.js";

export async function realServer(_: JsonObject): Promise<Server> {
  throw new Error("not yet");
}
