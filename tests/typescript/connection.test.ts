import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  AppServerClient,
  type AppServerConfig,
  ServerNotFoundError,
  StartError,
} from "codex-app-server-sdk";
import { connect, isAlive, isGroupGone, peer } from "./support/peers.js";
import { scratch } from "./support/scratch.js";
import { shows } from "./support/results.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));

async function startError(config: AppServerConfig): Promise<StartError> {
  const error: unknown = await AppServerClient.start({ closeGraceMs: 200, ...config }).then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StartError, String(error));
  return error;
}

/** Runs a program that uses the package, and gives what it wrote and how it ended. */
async function program(source: string): Promise<{
  output: string;
  code: number | null;
  signal: string | null;
  child: ReturnType<typeof spawn>;
}> {
  const prelude = `import { AppServerClient } from "codex-app-server-sdk"; import { peer } from ${JSON.stringify(join(HERE, "support/peers.js"))};\n`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", prelude + source], {
    cwd: HERE,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    output += text;
    if (output.includes("SIGNAL ME")) child.kill("SIGTERM");
  });
  await once(child, "close");
  return { output, code: child.exitCode, signal: child.signalCode, child };
}

describe("the server's process", () => {
  shows("C01", "a server that can't be found: every place is told", async () => {
    await assert.rejects(AppServerClient.start({ codexBin: "/nowhere/codex" }), (error) => {
      return (
        error instanceof ServerNotFoundError &&
        error.message.includes("/nowhere/codex (no such file)") &&
        error.message.includes("npm install")
      );
    });
    await assert.rejects(
      AppServerClient.start({ env: { CODEX_BIN: "", PATH: "/nowhere" } }),
      (error) => {
        assert.ok(error instanceof ServerNotFoundError);
        assert.equal(error.tried.length, 4);
        return true;
      },
    );
    await assert.rejects(
      AppServerClient.start({ env: { CODEX_BIN: "/nowhere/bin" } }),
      ServerNotFoundError,
    );
  });

  shows("C01", "the binary of the runtime package, then PATH", async () => {
    const root = scratch();
    const native = `node_modules/@openai/codex-${process.platform}-${process.arch}/vendor/x/bin`;
    mkdirSync(join(root, "node_modules/@openai/codex"), { recursive: true });
    mkdirSync(join(root, native), { recursive: true });
    const script = (name: string) =>
      `#!/bin/sh\nprintf '%s' "${name} $*" > "$ARGS"\nexec '${process.execPath}' --input-type=module -e '${peer("").at(-1)?.replaceAll("'", "'\\''")}'\n`;
    for (const [file, name] of [
      [join(root, native, "codex"), "native"],
      [join(root, "codex"), "path"],
    ] as const) {
      writeFileSync(file, script(name));
      chmodSync(file, 0o755);
    }
    const main = join(root, "main.mjs");
    const report = join(root, "args");
    writeFileSync(
      main,
      `
      import { readFileSync } from "node:fs";
      const { AppServerClient } = await import(${JSON.stringify(import.meta.resolve("codex-app-server-sdk"))});
      const run = async (config) => { const client = await AppServerClient.start(config); console.log(readFileSync(process.env.ARGS, "utf8")); await client.close(); };
      await run({ configOverrides: { a: "1" } });
      await run({ configOverrides: ["b=2"], codexBin: "codex" });
    `,
    );
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, CODEX_BIN: "", ARGS: report, PATH: `${root}:${process.env["PATH"]}` },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.on("data", (text: Buffer) => {
      output += text.toString();
    });
    await once(child, "close");
    assert.equal(output, "native app-server --config a=1\npath app-server --config b=2\n");
  });

  test("C02 what goes wrong at the start is told, and leaves nothing running", async () => {
    const folder = scratch();
    const plain = join(folder, "plain");
    writeFileSync(plain, "no program");
    assert.match((await startError({ codexBin: plain })).message, /could not be started.*EACCES/s);
    // Found from here, wherever it is to run. It says nothing, and ends.
    const mute = relative(process.cwd(), "/bin/true");
    assert.match(
      (await startError({ codexBin: mute, cwd: folder })).message,
      /ended before it answered/,
    );
    assert.match((await startError({ launchArgsOverride: [] })).message, /no command/);
    assert.match((await startError({ launchArgsOverride: ["/nowhere/x"] })).message, /ENOENT/);
    assert.match(
      (await startError({ launchArgsOverride: peer(""), cwd: "/nowhere" })).message,
      /there is no folder \/nowhere/,
    );
    const early = await startError({
      launchArgsOverride: peer(`console.error("bad config"); process.exit(4);`),
    });
    assert.deepEqual([early.exitCode, early.stderrTail], [4, ["bad config"]]);
    const chatty = await startError({
      launchArgsOverride: peer(
        `on.initialize = () => { write("Usage: ...\\n"); process.exit(0); };`,
      ),
    });
    assert.equal(chatty.exitCode, 0);
    let pid = 0;
    const silent = await startError({
      launchArgsOverride: peer(`console.error(process.pid); on.initialize = () => {};`),
      startTimeoutMs: 5_000,
      onStderr: (line) => {
        pid = Number(line);
      },
    });
    assert.match(silent.message, /didn't answer in time/);
    assert.ok(pid > 0 && (await isGroupGone(pid)));
    assert.match(
      (
        await startError({
          launchArgsOverride: peer(`on.initialize = (m) => fail(m, -32600, "too old");`),
        })
      ).message,
      /too old/,
    );
  });

  test("C03 closing ends the whole group, also one that won't", async () => {
    const { client } = await connect(
      `
      import { spawn } from "node:child_process";
      process.on("SIGTERM", () => {});
      setInterval(() => {}, 1000);
      const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"], { stdio: ["ignore", "pipe", "ignore"] });
      const up = new Promise((resolve) => child.stdout.once("data", resolve));
      on["child"] = async (m) => { await up; answer(m, child.pid); };
    `,
      { closeGraceMs: 50 },
    );
    const pid = client.pid ?? 0;
    const child = Number(await client.request("child"));
    assert.ok(isAlive(pid) && isAlive(child));
    await Promise.all([client.close(), client.close()]);
    await client.close();
    assert.ok(await isGroupGone(pid));
    assert.equal(client.closed, true);
  });

  test("C03 await using closes", async () => {
    let pid = 0;
    {
      await using client = (await connect("")).client;
      await using stream = client.notifications();
      pid = client.pid ?? 0;
      assert.equal(stream.dropped, 0);
    }
    assert.ok(await isGroupGone(pid));
  });

  test("C04 a server that closes its output is given up", async () => {
    const { client } = await connect(`
      import { closeSync } from "node:fs";
      setInterval(() => {}, 1000);
      on["mute"] = () => { closeSync(1); };
    `);
    const pid = client.pid ?? 0;
    await assert.rejects(client.request("mute"), /the server's process has ended/);
    await client.close();
    assert.ok(await isGroupGone(pid));
  });

  test("C05 stderr is drained, and its last 400 lines are kept", async () => {
    const lines: string[] = [];
    const { client } = await connect(
      `
      on["go"] = (m) => { for (let n = 0; n < 20000; n += 1) process.stderr.write("line " + n + " " + "x".repeat(50) + "\\n"); process.stderr.write("end\\n", () => answer(m, 1)); };
    `,
      { onStderr: (line) => lines.push(line) },
    );
    await client.request("go");
    await client.close();
    assert.equal(client.stderrTail.length, 400);
    assert.equal(client.stderrTail.at(-1), "end");
    assert.equal(lines.length, 20_001);
  });

  test("an idle client doesn't keep the program running, and no server outlives it", async () => {
    const idle = await program(`
      const client = await AppServerClient.start({ launchArgsOverride: peer("setInterval(() => {}, 1000); process.stdin.on('end', () => {});") });
      await client.notify("x");
      console.log(client.pid);
    `);
    assert.deepEqual([idle.code, idle.signal], [0, null]);
    assert.ok(await isGroupGone(Number(idle.output)));
  });

  test("a pending call and a waiting reader keep it running", async () => {
    const { output, code } = await program(`
      const client = await AppServerClient.start({ launchArgsOverride: peer("on['slow'] = (m) => setTimeout(() => { notice('x/y', {}); answer(m, 'slow'); }, 100); on['go'] = (m) => { answer(m, 1); setTimeout(() => notice('later', {}), 100); };") });
      console.log(await client.request("slow"));
      const stream = client.notifications();
      await client.request("go");
      console.log((await stream.get()).wireMethod);
    `);
    assert.deepEqual([output, code], ["slow\nlater\n", 0]);
  });

  test("no server outlives a crash, an exit or a signal", async () => {
    const start = `const client = await AppServerClient.start({ launchArgsOverride: peer("setInterval(() => {}, 1000)") }); console.log(client.pid);`;
    const crash = await program(
      `process.on("uncaughtException", () => process.exit(9)); ${start} setImmediate(() => { throw new Error("x"); });`,
    );
    assert.equal(crash.code, 9);
    assert.ok(await isGroupGone(Number(crash.output)));
    const exit = await program(`${start} process.exit(5);`);
    assert.equal(exit.code, 5);
    assert.ok(await isGroupGone(Number(exit.output)));
    // There is no time for anything then; but the server's input ends, and a server ends with that.
    const signal = await program(`
      const client = await AppServerClient.start({ launchArgsOverride: peer("") });
      console.log(client.pid);
      setInterval(() => {}, 1000);
      console.log("SIGNAL ME");
    `);
    assert.equal(signal.signal, "SIGTERM");
    assert.ok(await isGroupGone(Number(signal.output.split("\n")[0])));
  });

  test("no handles are left after closing", async () => {
    const { output, code } = await program(`
      const seen = () => [process.listenerCount("exit"), process.getActiveResourcesInfo().sort().join()];
      console.log("start");
      process.stderr.write("");
      await new Promise((resolve) => setImmediate(resolve));
      const before = seen();
      const client = await AppServerClient.start({ launchArgsOverride: peer("") });
      client.on("turn/started", () => {});
      await client.close();
      // Handles are freed a few rounds of the loop later.
      for (let round = 0; round < 1000 && String(seen()) !== String(before); round += 1) await new Promise((resolve) => setImmediate(resolve));
      console.log(JSON.stringify([before, seen()]));
    `);
    const [before, after] = JSON.parse(output.slice(6));
    assert.deepEqual([after, code], [before, 0]);
  });
});
