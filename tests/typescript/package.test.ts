/** The package as a whole: what it consists of, and that nothing of the protocol is missing. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  AppServerClient,
  DecodeError,
  EncodeError,
  SERVER_VERSION,
  VERSION,
} from "codex-app-server-sdk";
import * as types from "codex-app-server-sdk/types";
import { repository } from "./support/environment.js";
import { connect } from "./support/peers.js";

/** The methods that a union of the committed schema names. */
function methodsOf(union: string): string[] {
  const place = join(repository(), "schema/codex/experimental.json");
  const schema: {
    definitions: Record<string, { oneOf: { properties: { method: { enum: string[] } } }[] }>;
  } = JSON.parse(readFileSync(place, "utf8"));
  return (schema.definitions[union]?.oneOf ?? []).flatMap((arm) => arm.properties.method.enum);
}

/** A method's name as the client has it. */
function nameOf(method: string): string {
  const [first = "", ...others] = method.split(/[/_]/);
  return first + others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

describe("the package", () => {
  test("has its versions, no dependencies and no install scripts", () => {
    const require = createRequire(import.meta.url);
    const facts: Record<string, unknown> = require("codex-app-server-sdk/package.json");
    assert.deepEqual([facts["version"], facts["type"]], [VERSION, "module"]);
    assert.equal(facts["dependencies"], undefined);
    const scripts = Object.keys(facts["scripts"] ?? {});
    assert.ok(scripts.every((name) => !name.includes("install") && name !== "prepare"));
    assert.deepEqual(facts["peerDependencies"], { "@openai/codex": SERVER_VERSION });
  });

  test("lets nobody reach into it", async () => {
    const inner: string = "codex-app-server-sdk/dist/client.js";
    await assert.rejects(import(inner), /ERR_PACKAGE_PATH_NOT_EXPORTED|not defined by "exports"/);
  });

  test("has a declaration for each module", () => {
    const entry = fileURLToPath(import.meta.resolve("codex-app-server-sdk"));
    for (const name of [
      "index",
      "client",
      "facade",
      "handmade",
      "types/index",
      "descriptors/thread",
    ]) {
      const file = join(dirname(entry), `${name}.d.ts`);
      // Not everything that is exported is there to be typed by hand; nothing is untyped.
      assert.doesNotMatch(readFileSync(file, "utf8"), /: any\b/, name);
    }
  });

  test("has names for the values of enums", () => {
    assert.equal(types.TurnStatus.inProgress, "inProgress");
    const named = Object.values(types);
    assert.ok(named.length > 100);
    for (const values of named) {
      assert.ok(Object.values(values).every((value) => typeof value === "string"));
    }
  });

  test("has a client with every method of the protocol", async () => {
    const methods = methodsOf("ClientRequest").filter((method) => method !== "initialize");
    assert.equal(methods.length, 171);
    const { client } = await connect(
      methods.map((method) => `on["${method}"] = (m) => answer(m, {});`).join("\n"),
    );
    let answered = 0;
    for (const method of methods) {
      const call: unknown = Reflect.get(AppServerClient.prototype, nameOf(method));
      assert.ok(typeof call === "function", method);
      // What can't be sent, or doesn't fit, is told as such: all types are described.
      await Promise.resolve(call.call(client, {})).then(
        () => {
          answered += 1;
        },
        (error: unknown) => {
          assert.ok(error instanceof EncodeError || error instanceof DecodeError, String(error));
          assert.equal(error.method, method);
          if (error instanceof DecodeError) answered += 1;
        },
      );
    }
    assert.ok(answered > 40, String(answered));
    await client.close();
  });
});
